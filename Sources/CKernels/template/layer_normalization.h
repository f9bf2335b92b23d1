// Layer normalisation (Ba, Kiros and Hinton 2016): stretches of a row brought to mean 0 and variance 1, times a gain, plus
// a shift.

/// Normalises one stretch of a row, and returns what gave it variance 1.
INLINE REAL normalize_stretch(const REAL *x, const REAL *gain, const REAL *shift, REAL *normal, REAL *out,
                              int64_t columns, double epsilon) {
  vec sum = {0}, squares = {0};
  for (int64_t i = 0; i < columns; i += LANES) sum += load_part(x + i, columns - i);
  const vec mean = splat(lane_sum(sum) / (REAL)columns);
  for (int64_t i = 0; i < columns; i += LANES) {
    const vec centred = valid_lanes(load_part(x + i, columns - i) - mean, columns - i);
    store_part(normal + i, centred, columns - i);
    squares = multiply_add(centred, centred, squares);
  }
  const REAL scale = scale_to_variance_1(lane_sum(squares), columns, epsilon);
  for (int64_t i = 0; i < columns; i += LANES) {
    const int64_t valid = columns - i;
    const vec y = load_part(normal + i, valid) * splat(scale);
    store_part(normal + i, y, valid);
    store_part(out + i, multiply_add(load_part(gain + i, valid), y, load_part(shift + i, valid)), valid);
  }
  return scale;
}

static void normalize_part(void *context, int part, int parts) {
  const ck_normalization *n = context;
  const REAL *x = n->x, *gain = n->gain, *shift = n->shift;
  REAL *normal = n->normal, *scales = n->scales, *out = n->out;
  const stretch mine = share(n->rows, part, parts);
  for (int64_t r = mine.begin; r < mine.end; r++) {
    for (int64_t s = 0, first = 0; s < n->stretches; first += n->widths[s++]) {
      const int64_t at = r * n->columns + first;
      scales[r * n->stretches + s] = normalize_stretch(x + at, gain + first, shift + first, normal + at, out + at,
                                                       n->widths[s], n->epsilon);
    }
  }
}

static void normalize(const ck_normalization *n) {
  ck_run(parts_for_elements(n->rows * n->columns), normalize_part, (void *)n);
}

/// The gradient of one stretch of a row of x.
INLINE void normalize_stretch_back(const REAL *above, const REAL *gain, const REAL *y, REAL scale, int64_t columns,
                                   REAL *to, int accumulate) {
  normal_sums sums = {{0}, {0}};
  for (int64_t i = 0; i < columns; i += LANES) {
    const int64_t valid = columns - i;
    take_in(&sums, load_part(above + i, valid) * load_part(gain + i, valid), load_part(y + i, valid));
  }
  const normal_sums means = means_of(sums, columns);
  for (int64_t i = 0; i < columns; i += LANES) {
    const int64_t valid = columns - i;
    const vec d_y = load_part(above + i, valid) * load_part(gain + i, valid);
    const vec d_x = before_normalizing(d_y, load_part(y + i, valid), means, scale);
    store_part(to + i, accumulate ? load_part(to + i, valid) + d_x : d_x, valid);
  }
}

/// The gradients of some columns of gain and shift: sums over the rows, in their order.
static void normalize_gains_back(const ck_normalization *n, const ck_normalization_gradients *g, stretch mine) {
  const REAL *above = g->out, *normal = n->normal;
  for (int64_t i = mine.begin; i < mine.end; i += LANES) {
    const int64_t valid = smaller(LANES, mine.end - i);
    vec gain = {0}, shift = {0};
    for (int64_t at = i; at < n->rows * n->columns; at += n->columns) {
      const vec gradient = load_part(above + at, valid);
      gain = multiply_add(gradient, load_part(normal + at, valid), gain);
      shift += gradient;
    }
    if (g->gain) {
      REAL *to = (REAL *)g->gain + i;
      store_part(to, g->accumulate_gain ? load_part(to, valid) + gain : gain, valid);
    }
    if (g->shift) {
      REAL *to = (REAL *)g->shift + i;
      store_part(to, g->accumulate_shift ? load_part(to, valid) + shift : shift, valid);
    }
  }
}

typedef struct normalize_back {
  const ck_normalization *n;
  const ck_normalization_gradients *g;
} normalize_back;

static void normalize_backward_part(void *context, int part, int parts) {
  const ck_normalization *n = ((const normalize_back *)context)->n;
  const ck_normalization_gradients *g = ((const normalize_back *)context)->g;
  const REAL *above = g->out, *gain = n->gain, *normal = n->normal, *scales = n->scales;
  const stretch mine = g->x ? share(n->rows, part, parts) : (stretch){0, 0};
  for (int64_t r = mine.begin; r < mine.end; r++) {
    for (int64_t s = 0, first = 0; s < n->stretches; first += n->widths[s++]) {
      const int64_t at = r * n->columns + first;
      normalize_stretch_back(above + at, gain + first, normal + at, scales[r * n->stretches + s], n->widths[s],
                             (REAL *)g->x + at, g->accumulate_x);
    }
  }
  if (g->gain || g->shift) normalize_gains_back(n, g, share_vectors(n->columns, part, parts));
}

static void normalize_backward(const ck_normalization *n, const ck_normalization_gradients *g) {
  normalize_back j = {.n = n, .g = g};
  ck_run(parts_for_elements(n->rows * n->columns), normalize_backward_part, &j);
}
