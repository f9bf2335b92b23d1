// Softmax and cross-entropy of rows.

typedef struct softmax_job {
  const REAL *a;
  REAL *out;
  int64_t rows, columns;
  int logarithm;
  const int32_t *labels;
  REAL *losses;
  REAL *normalizers;
  const REAL *scales;
} softmax_job;

INLINE REAL row_maximum(const REAL *row, int64_t columns) {
  vec most = splat(row[0]);
  int64_t i = 0;
  for (; i + LANES <= columns; i += LANES) {
    vec x = load(row + i);
    most = choose(x > most, x, most);
  }
  REAL result = lane_max(most);
  for (; i < columns; i++) result = row[i] > result ? row[i] : result;
  return result;
}

/// log sum exp of a row. A NaN anywhere in it makes the result NaN.
INLINE REAL row_normalizer(const REAL *row, int64_t columns) {
  const REAL most = row_maximum(row, columns);
  const vec offset = splat(most);
  vec sum = {0};
  int64_t i = 0;
  for (; i + LANES <= columns; i += LANES) sum += vexp(load(row + i) - offset);
  if (i < columns) {
    vec last = vexp(load_part(row + i, columns - i) - offset);
    for (int64_t lane = columns - i; lane < LANES; lane++) last[lane] = 0;
    sum += last;
  }
  return most + scalar_log(lane_sum(sum));
}

static void softmax_part(void *context, int part, int parts) {
  const softmax_job *j = context;
  ck_enter_phase(CK_LOSS);
  const stretch mine = share(j->rows, part, parts);
  for (int64_t r = mine.begin; r < mine.end; r++) {
    const REAL *row = j->a + r * j->columns;
    REAL *out = j->out + r * j->columns;
    const vec normalizer = splat(row_normalizer(row, j->columns));
    for (int64_t i = 0; i < j->columns; i += LANES) {
      const int64_t n = smaller(LANES, j->columns - i);
      vec x = load_part(row + i, n) - normalizer;
      store_part(out + i, j->logarithm ? x : vexp(x), n);
    }
  }
}

static void softmax(const void *a, void *out, int64_t rows, int64_t columns) {
  softmax_job j = {.a = a, .out = out, .rows = rows, .columns = columns, .logarithm = 0};
  ck_run(parts_for_elements(rows * columns), softmax_part, &j);
}

static void log_softmax(const void *a, void *out, int64_t rows, int64_t columns) {
  softmax_job j = {.a = a, .out = out, .rows = rows, .columns = columns, .logarithm = 1};
  ck_run(parts_for_elements(rows * columns), softmax_part, &j);
}

static void cross_entropy_part(void *context, int part, int parts) {
  const softmax_job *j = context;
  ck_enter_phase(CK_LOSS);
  const stretch mine = share(j->rows, part, parts);
  for (int64_t r = mine.begin; r < mine.end; r++) {
    const REAL *row = j->a + r * j->columns;
    const REAL normalizer = row_normalizer(row, j->columns);
    j->normalizers[r] = normalizer;
    j->losses[r] = normalizer - row[j->labels[r]];
  }
}

static void cross_entropy(const void *logits, const int32_t *labels, int64_t rows, int64_t columns, void *losses,
                          void *normalizers) {
  softmax_job j = {.a = logits, .rows = rows, .columns = columns, .labels = labels, .losses = losses,
                   .normalizers = normalizers};
  ck_run(parts_for_elements(rows * columns), cross_entropy_part, &j);
}

static void cross_entropy_gradient_part(void *context, int part, int parts) {
  const softmax_job *j = context;
  ck_enter_phase(CK_LOSS);
  const stretch mine = share(j->rows, part, parts);
  for (int64_t r = mine.begin; r < mine.end; r++) {
    const REAL *row = j->a + r * j->columns;
    REAL *out = j->out + r * j->columns;
    const vec normalizer = splat(j->normalizers[r]), scale = splat(j->scales[r]);
    for (int64_t i = 0; i < j->columns; i += LANES) {
      const int64_t n = smaller(LANES, j->columns - i);
      store_part(out + i, vexp(load_part(row + i, n) - normalizer) * scale, n);
    }
    out[j->labels[r]] -= j->scales[r];
  }
}

static void cross_entropy_gradient(const void *logits, const int32_t *labels, const void *normalizers,
                                   const void *scales, int64_t rows, int64_t columns, void *out) {
  softmax_job j = {.a = logits, .out = out, .rows = rows, .columns = columns, .labels = labels,
                   .normalizers = (REAL *)normalizers, .scales = scales};
  ck_run(parts_for_elements(rows * columns), cross_entropy_gradient_part, &j);
}
