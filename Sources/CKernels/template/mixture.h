// The negative log-likelihood of pen movements under bivariate Gaussian mixtures and a Bernoulli end of stroke, and its
// gradient: Graves, "Generating sequences with recurrent neural networks" (2013), equations 18 to 37.
//
// A row of outputs is the end's logit and then, each for all components, the logits of the weights, the two means, the
// logarithms of the two deviations, and the correlation before its tanh. All is computed from logarithms; logarithms of
// deviations, and correlations before tanh, are held within bounds, past which their gradient is zero.

#define LOG_DEVIATION_BOUND 10
#define CORRELATION_BOUND 5

typedef struct mixture_job {
  const REAL *outputs, *targets;
  const int32_t *lengths;
  int64_t rows, batch, mixtures;
  REAL *losses, *gradients;
} mixture_job;

/// LANES components at a target.
typedef struct mixture_part {
  vec inverse_x, inverse_y;  // 1/sigma
  vec x, y;                  // distances from the means in deviations
  vec correlation, spread;   // rho, 1 - rho^2
  vec distance;              // Mahalanobis distance, squared
  vec log_density;
} mixture_part;

INLINE mixture_part mixture_at(const REAL *row, const REAL *target, int64_t m, int64_t i, int64_t n) {
  const vec one = splat(1);
  const vec log_x = bounded(load_part(row + 1 + 3 * m + i, n), LOG_DEVIATION_BOUND);
  const vec log_y = bounded(load_part(row + 1 + 4 * m + i, n), LOG_DEVIATION_BOUND);
  const vec r = bounded(load_part(row + 1 + 5 * m + i, n), CORRELATION_BOUND);
  const vec twice = choose(r < (vec){0}, r + r, -(r + r));
  const vec e = vexp(twice);
  mixture_part p;
  p.inverse_x = vexp(-log_x);
  p.inverse_y = vexp(-log_y);
  p.x = (splat(target[0]) - load_part(row + 1 + m + i, n)) * p.inverse_x;
  p.y = (splat(target[1]) - load_part(row + 1 + 2 * m + i, n)) * p.inverse_y;
  const vec size = (one - e) / (one + e);
  p.correlation = choose(r < (vec){0}, -size, size);
  p.spread = splat(4) * e / ((one + e) * (one + e));
  const vec off = p.x - p.correlation * p.y;
  p.distance = off * off / p.spread + p.y * p.y;
  // log(1 - rho^2) / 2 = log 2 - |r| - log(1 + e^-2|r|)
  vec log_spread = twice * splat((REAL)0.5) + splat((REAL)0.69314718055994530942);
  for (int lane = 0; lane < LANES; lane++) log_spread[lane] -= scalar_log1p(e[lane]);
  p.log_density = -log_x - log_y - log_spread - splat((REAL)1.83787706640934548356) - splat((REAL)0.5) * p.distance;
  return p;
}

/// gradient, or zero where x lies outside the bound; NaN stays NaN.
INLINE vec within(vec x, double bound, vec gradient) {
  const vec most = splat((REAL)bound);
  return choose((x > most) | (x < -most), (vec){0}, gradient);
}

/// The losses and gradients of one row; `joint` has room for its components.
static void mixture_row(const mixture_job *j, int64_t r, REAL *joint) {
  const int64_t m = j->mixtures;
  const REAL *row = j->outputs + r * (6 * m + 1), *target = j->targets + 3 * r;
  const REAL normalizer = row_normalizer(row + 1, m);
  for (int64_t i = 0; i < m; i += LANES) {
    const int64_t n = smaller(LANES, m - i);
    const mixture_part p = mixture_at(row, target, m, i, n);
    store_part(joint + i, load_part(row + 1 + i, n) - splat(normalizer) + p.log_density, n);
  }
  const REAL likelihood = row_normalizer(joint, m);
  const REAL end = row[0], small = scalar_exp(end > 0 ? -end : end);
  j->losses[r] = (end > 0 ? end : 0) - end * target[2] + scalar_log1p(small) - likelihood;
  if (!j->gradients) return;
  REAL *out = j->gradients + r * (6 * m + 1);
  out[0] = (end > 0 ? 1 : small) / (1 + small) - target[2];
  if (end != end) out[0] = end;
  for (int64_t i = 0; i < m; i += LANES) {
    const int64_t n = smaller(LANES, m - i);
    const mixture_part p = mixture_at(row, target, m, i, n);
    const vec share = vexp(load_part(joint + i, n) - splat(likelihood));
    const vec off_x = (p.x - p.correlation * p.y) / p.spread, off_y = (p.y - p.correlation * p.x) / p.spread;
    store_part(out + 1 + i, vexp(load_part(row + 1 + i, n) - splat(normalizer)) - share, n);
    store_part(out + 1 + m + i, -share * off_x * p.inverse_x, n);
    store_part(out + 1 + 2 * m + i, -share * off_y * p.inverse_y, n);
    const vec one = splat(1);
    store_part(out + 1 + 3 * m + i,
               within(load_part(row + 1 + 3 * m + i, n), LOG_DEVIATION_BOUND, share * (one - p.x * off_x)), n);
    store_part(out + 1 + 4 * m + i,
               within(load_part(row + 1 + 4 * m + i, n), LOG_DEVIATION_BOUND, share * (one - p.y * off_y)), n);
    store_part(out + 1 + 5 * m + i,
               within(load_part(row + 1 + 5 * m + i, n), CORRELATION_BOUND,
                      share * (p.correlation * (p.distance - one) - p.x * p.y)), n);
  }
}

static void mixture_density_part(void *context, int part, int parts) {
  const mixture_job *j = context;
  const stretch mine = share(j->rows, part, parts);
  const int64_t width = 6 * j->mixtures + 1;
  REAL *joint = malloc(j->mixtures * sizeof(REAL));
  for (int64_t r = mine.begin; r < mine.end; r++) {
    if (!j->lengths || r / j->batch < j->lengths[r % j->batch]) {
      mixture_row(j, r, joint);
      continue;
    }
    j->losses[r] = 0;
    if (j->gradients) memset(j->gradients + r * width, 0, width * sizeof(REAL));
  }
  free(joint);
}

static void mixture_density(const void *outputs, const void *targets, const int32_t *lengths, int64_t steps,
                            int64_t batch, int64_t mixtures, void *losses, void *gradients) {
  mixture_job j = {.outputs = outputs, .targets = targets, .lengths = lengths, .rows = steps * batch, .batch = batch,
                   .mixtures = mixtures, .losses = losses, .gradients = gradients};
  ck_run(parts_for_elements(j.rows * 6 * mixtures), mixture_density_part, &j);
}
