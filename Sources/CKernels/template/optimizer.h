// Updates and norms over flat buffers.

#define NORM_BLOCK 4096

typedef struct norm_job {
  const REAL *a;
  int64_t count;
  double *blocks;
} norm_job;

static void norm_part(void *context, int part, int parts) {
  const norm_job *j = context;
  ck_enter_phase(CK_OPTIMIZER);
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
  norm_job j = {.a = a, .count = count, .blocks = malloc(blocks * sizeof(double))};
  ck_run(parts_for_elements(count), norm_part, &j);
  double sum = 0;
  for (int64_t i = 0; i < blocks; i++) sum += j.blocks[i];
  free(j.blocks);
  return sum;
}

// MARK: updates. Every rule reads and writes element by element, so that no result depends on the division of work.

typedef struct update_job {
  REAL *parameters;
  const REAL *gradients;
  int64_t count;
  REAL *first, *second, *third;  // the rule's slots
  REAL scale, rate, momentum, keep, add, epsilon, epsilon_inside;
  REAL first_rate, gradient_rate, decay, correction;
  int nesterov;
} update_job;

static update_job update_of(ck_update u) {
  return (update_job){.parameters = u.parameters, .gradients = u.gradients, .count = u.count, .scale = (REAL)u.scale};
}

static void run_update(const update_job *j, void (*part)(void *, int, int)) {
  ck_run(parts_for_elements(j->count), part, (void *)j);
}

/// The rule for every vector of a part's elements: n of them from i on, whose scaled gradient is g.
INLINE void update_part(const update_job *given, int part, int parts,
                        void (*rule)(const update_job *, int64_t i, int64_t n, vec g)) {
  const update_job j = *given;  // which no element's store can change
  ck_enter_phase(CK_OPTIMIZER);
  const stretch mine = share_vectors(j.count, part, parts);
  const vec scale = splat(j.scale);
  for (int64_t i = mine.begin; i < mine.end; i += LANES) {
    const int64_t n = smaller(LANES, mine.end - i);
    rule(&j, i, n, load_part(j.gradients + i, n) * scale);
  }
}

INLINE void sgd_rule(const update_job *j, int64_t i, int64_t n, vec g) {
  const vec rate = splat(j->rate), momentum = splat(j->momentum);
  vec step = g;
  if (j->first) {
    vec velocity = multiply_add(momentum, load_part(j->first + i, n), g);
    store_part(j->first + i, velocity, n);
    step = j->nesterov ? multiply_add(momentum, velocity, g) : velocity;
  }
  store_part(j->parameters + i, load_part(j->parameters + i, n) - rate * step, n);
}

static void sgd_part(void *job, int part, int parts) { update_part(job, part, parts, sgd_rule); }

static void sgd(ck_update update, void *velocity, double rate, double momentum, int nesterov) {
  update_job j = update_of(update);
  j.first = velocity;
  j.rate = (REAL)rate, j.momentum = (REAL)momentum, j.nesterov = nesterov;
  run_update(&j, sgd_part);
}

INLINE void rmsprop_rule(const update_job *j, int64_t i, int64_t n, vec g) {
  const vec keep = splat(j->keep), add = splat(j->add), rate = splat(j->rate), momentum = splat(j->momentum);
  const vec inside = splat(j->epsilon_inside), outside = splat(j->epsilon);
  vec power = multiply_add(keep, load_part(j->first + i, n), add * (g * g));
  store_part(j->first + i, power, n);
  if (j->second) {
    vec mean = multiply_add(keep, load_part(j->second + i, n), add * g);
    store_part(j->second + i, mean, n);
    power = rectified(power - mean * mean);  // a variance, which rounding may have made negative
  }
  vec step = g / (__builtin_elementwise_sqrt(power + inside) + outside);
  if (j->third) {
    step = multiply_add(momentum, load_part(j->third + i, n), step);
    store_part(j->third + i, step, n);
  }
  store_part(j->parameters + i, load_part(j->parameters + i, n) - rate * step, n);
}

static void rmsprop_part(void *job, int part, int parts) { update_part(job, part, parts, rmsprop_rule); }

static void rmsprop(ck_update update, void *squares, void *mean, void *velocity, double rate, double keep, double add,
                    double momentum, double epsilon_inside, double epsilon_outside) {
  update_job j = update_of(update);
  j.first = squares, j.second = mean, j.third = velocity;
  j.rate = (REAL)rate, j.keep = (REAL)keep, j.add = (REAL)add, j.momentum = (REAL)momentum;
  j.epsilon_inside = (REAL)epsilon_inside, j.epsilon = (REAL)epsilon_outside;
  run_update(&j, rmsprop_part);
}

INLINE void adadelta_rule(const update_job *j, int64_t i, int64_t n, vec g) {
  const vec keep = splat(j->keep), add = splat(j->add), rate = splat(j->rate), epsilon = splat(j->epsilon);
  vec squares = multiply_add(keep, load_part(j->first + i, n), add * (g * g)), moved = load_part(j->second + i, n);
  store_part(j->first + i, squares, n);
  vec step = g * __builtin_elementwise_sqrt(moved + epsilon) / __builtin_elementwise_sqrt(squares + epsilon);
  store_part(j->second + i, multiply_add(keep, moved, add * (step * step)), n);
  store_part(j->parameters + i, load_part(j->parameters + i, n) - rate * step, n);
}

static void adadelta_part(void *job, int part, int parts) { update_part(job, part, parts, adadelta_rule); }

static void adadelta(ck_update update, void *squares, void *moved, double rate, double decay, double epsilon) {
  update_job j = update_of(update);
  j.first = squares, j.second = moved;
  j.rate = (REAL)rate, j.keep = (REAL)decay, j.add = (REAL)(1 - decay), j.epsilon = (REAL)epsilon;
  run_update(&j, adadelta_part);
}

INLINE void adam_rule(const update_job *j, int64_t i, int64_t n, vec g) {
  const vec beta1 = splat(j->momentum), beta2 = splat(j->keep), one = splat(1);
  const vec correction = splat(j->correction), epsilon = splat(j->epsilon), decay = splat(j->decay);
  const vec first_rate = splat(j->first_rate), gradient_rate = splat(j->gradient_rate);
  vec m = load_part(j->first + i, n), v = load_part(j->second + i, n);
  m = multiply_add(beta1, m, (one - beta1) * g);
  v = multiply_add(beta2, v, (one - beta2) * (g * g));
  store_part(j->first + i, m, n);
  store_part(j->second + i, v, n);
  vec deviation = __builtin_elementwise_sqrt(v) * correction + epsilon;
  vec step = multiply_add(gradient_rate, g, first_rate * m) / deviation;
  vec parameter = load_part(j->parameters + i, n);
  store_part(j->parameters + i, parameter - multiply_add(decay, parameter, step), n);
}

static void adam_part(void *job, int part, int parts) { update_part(job, part, parts, adam_rule); }

static void adam(ck_update update, void *first, void *second, double beta1, double beta2, double first_rate,
                 double gradient_rate, double correction, double epsilon, double decay) {
  update_job j = update_of(update);
  j.first = first, j.second = second;
  j.momentum = (REAL)beta1, j.keep = (REAL)beta2;
  j.first_rate = (REAL)first_rate, j.gradient_rate = (REAL)gradient_rate;
  j.correction = (REAL)(1 / sqrt(correction)), j.epsilon = (REAL)epsilon, j.decay = (REAL)decay;
  run_update(&j, adam_part);
}
