// Updates and norms over flat buffers.

#define NORM_BLOCK 4096

typedef struct norm_job {
  const REAL *a;
  int64_t count;
  double *blocks;
} norm_job;

static void norm_part(void *context, int part, int parts) {
  const norm_job *j = context;
  const stretch mine = share((j->count + NORM_BLOCK - 1) / NORM_BLOCK, part, parts);
  for (int64_t block = mine.begin; block < mine.end; block++) {
    const int64_t end = smaller(j->count, (block + 1) * NORM_BLOCK);
    vec first = {0}, second = {0};
    int64_t i = block * NORM_BLOCK;
    for (; i + 2 * LANES <= end; i += 2 * LANES) {
      vec x = load(j->a + i), y = load(j->a + i + LANES);
      first = multiply_add(x, x, first);
      second = multiply_add(y, y, second);
    }
    for (; i < end; i += LANES) {
      vec x = load_part(j->a + i, end - i);
      first = multiply_add(x, x, first);
    }
    double sum = 0;
    for (int lane = 0; lane < LANES; lane++) sum += (double)first[lane] + (double)second[lane];
    j->blocks[block] = sum;
  }
}

static double sum_of_squares(const void *a, int64_t count) {
  if (count == 0) return 0;
  const int64_t blocks = (count + NORM_BLOCK - 1) / NORM_BLOCK;
  norm_job j = {a, count, malloc(blocks * sizeof(double))};
  ck_run(parts_for_elements(count), norm_part, &j);
  double sum = 0;
  for (int64_t i = 0; i < blocks; i++) sum += j.blocks[i];
  free(j.blocks);
  return sum;
}

typedef struct update_job {
  REAL *parameters;
  const REAL *gradients;
  REAL *first, *second;
  int64_t count;
  REAL scale, rate, beta1, beta2, epsilon, c2;
  int nesterov;
} update_job;

static void sgd_part(void *context, int part, int parts) {
  const update_job *j = context;
  const stretch mine = share_vectors(j->count, part, parts);
  const vec scale = splat(j->scale), rate = splat(j->rate), momentum = splat(j->beta1);
  ELEMENTS(mine.begin, mine.end, {
    vec gradient = load_part(j->gradients + i, n) * scale, step = gradient;
    if (j->first) {
      vec velocity = multiply_add(momentum, load_part(j->first + i, n), gradient);
      store_part(j->first + i, velocity, n);
      step = j->nesterov ? multiply_add(momentum, velocity, gradient) : velocity;
    }
    store_part(j->parameters + i, load_part(j->parameters + i, n) - rate * step, n);
  })
}

static void sgd(void *parameters, const void *gradients, void *velocity, int64_t count, double scale, double rate,
                double momentum, int nesterov) {
  update_job j = {.parameters = parameters, .gradients = gradients, .first = velocity, .count = count,
                  .scale = (REAL)scale, .rate = (REAL)rate, .beta1 = (REAL)momentum, .nesterov = nesterov};
  ck_run(parts_for_elements(count), sgd_part, &j);
}

static void adam_part(void *context, int part, int parts) {
  const update_job *j = context;
  const stretch mine = share_vectors(j->count, part, parts);
  const vec scale = splat(j->scale), rate = splat(j->rate), beta1 = splat(j->beta1), beta2 = splat(j->beta2);
  const vec epsilon = splat(j->epsilon), c2 = splat(j->c2), one = splat(1);
  ELEMENTS(mine.begin, mine.end, {
    vec g = load_part(j->gradients + i, n) * scale;
    vec m = load_part(j->first + i, n), v = load_part(j->second + i, n);
    m = multiply_add(beta1, m, (one - beta1) * g);
    v = multiply_add(beta2, v, (one - beta2) * (g * g));
    store_part(j->first + i, m, n);
    store_part(j->second + i, v, n);
    vec deviation = __builtin_elementwise_sqrt(v) * c2 + epsilon;
    store_part(j->parameters + i, load_part(j->parameters + i, n) - rate * m / deviation, n);
  })
}

static void adam(void *parameters, const void *gradients, void *first, void *second, int64_t count, double scale,
                 double rate, double beta1, double beta2, double epsilon, double c1, double c2) {
  update_job j = {.parameters = parameters, .gradients = gradients, .first = first, .second = second, .count = count,
                  .scale = (REAL)scale, .rate = (REAL)(rate / c1), .beta1 = (REAL)beta1, .beta2 = (REAL)beta2,
                  .epsilon = (REAL)epsilon, .c2 = (REAL)(1 / sqrt(c2))};
  ck_run(parts_for_elements(count), adam_part, &j);
}
