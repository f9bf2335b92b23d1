// One step of the soft window over a text: Graves, "Generating sequences with recurrent neural networks" (2013),
// equations 46 to 51, and its gradient. A row of parameters is alpha, beta and kappa's step, each for all components,
// before the exponential.

typedef struct window_job {
  const ck_soft_window *window;
  REAL *positions, *outputs;
  const REAL *positions_above, *outputs_above;
  REAL *parameters_gradient, *positions_gradient;
} window_job;

static void soft_window_row(const window_job *j, int64_t r) {
  const ck_soft_window *w = j->window;
  const int64_t k = w->components, length = w->lengths[r];
  const REAL *parameters = (const REAL *)w->parameters + r * 3 * k, *before = (const REAL *)w->positions + r * k;
  const int32_t *text = w->text + r * w->characters;
  REAL *after = j->positions + r * k, *out = j->outputs + r * w->symbols;
  for (int64_t i = 0; i < k; i += LANES) {
    const int64_t n = smaller(LANES, k - i);
    store_part(after + i, load_part(before + i, n) + vexp(load_part(parameters + 2 * k + i, n)), n);
  }
  memset(out, 0, w->symbols * sizeof(REAL));
  for (int64_t u = 0; u < length; u++) {
    vec sum = {0};
    for (int64_t i = 0; i < k; i += LANES) {
      const int64_t n = smaller(LANES, k - i);
      const vec off = load_part(after + i, n) - splat((REAL)(u + 1));
      vec share = vexp(load_part(parameters + i, n) - vexp(load_part(parameters + k + i, n)) * off * off);
      for (int64_t lane = n; lane < LANES; lane++) share[lane] = 0;
      sum += share;
    }
    out[text[u]] += lane_sum(sum);
  }
}

static void soft_window_gradient_row(const window_job *j, int64_t r) {
  const ck_soft_window *w = j->window;
  const int64_t k = w->components, length = w->lengths[r];
  const REAL *parameters = (const REAL *)w->parameters + r * 3 * k, *after = j->positions + r * k;
  const int32_t *text = w->text + r * w->characters;
  REAL *out = j->parameters_gradient + r * 3 * k;
  for (int64_t i = 0; i < k; i += LANES) {
    const int64_t n = smaller(LANES, k - i);
    const vec log_alpha = load_part(parameters + i, n), beta = vexp(load_part(parameters + k + i, n));
    const vec at = load_part(after + i, n);
    vec alpha_sum = {0}, beta_sum = {0}, position_sum = {0};
    for (int64_t u = 0; u < length && j->outputs_above; u++) {
      const vec off = at - splat((REAL)(u + 1));
      const vec flow = splat(j->outputs_above[r * w->symbols + text[u]]) * vexp(log_alpha - beta * off * off);
      alpha_sum += flow;
      beta_sum -= flow * off * off;
      position_sum -= flow * off;
    }
    vec position = splat(2) * beta * position_sum;
    if (j->positions_above) position += load_part(j->positions_above + r * k + i, n);
    store_part(out + i, alpha_sum, n);
    store_part(out + k + i, beta_sum * beta, n);
    store_part(out + 2 * k + i, position * vexp(load_part(parameters + 2 * k + i, n)), n);
    store_part(j->positions_gradient + r * k + i, position, n);
  }
}

static void soft_window_part(void *context, int part, int parts) {
  const window_job *j = context;
  const stretch mine = share(j->window->batch, part, parts);
  for (int64_t r = mine.begin; r < mine.end; r++) {
    if (j->parameters_gradient)
      soft_window_gradient_row(j, r);
    else
      soft_window_row(j, r);
  }
}

INLINE int window_parts(const ck_soft_window *w) {
  // An exponential costs some ten times what other operations on elements do.
  return parts_for_elements(10 * w->batch * w->characters * w->components);
}

static void soft_window(const ck_soft_window *window, void *positions, void *outputs) {
  window_job j = {.window = window, .positions = positions, .outputs = outputs};
  ck_run(window_parts(window), soft_window_part, &j);
}

static void soft_window_gradient(const ck_soft_window *window, const void *positions, const void *positions_above,
                                 const void *outputs_above, void *parameters_gradient, void *positions_gradient) {
  window_job j = {.window = window, .positions = (REAL *)positions, .positions_above = positions_above,
                  .outputs_above = outputs_above, .parameters_gradient = parameters_gradient,
                  .positions_gradient = positions_gradient};
  ck_run(window_parts(window), soft_window_part, &j);
}
