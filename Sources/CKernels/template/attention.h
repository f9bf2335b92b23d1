// Attention: scores of queries against keys, their softmax over each sequence's own steps, and the sum of values that it
// weighs, with gradients. One sequence of the batch is one thread's work.

typedef struct attention_job {
  const ck_attention *a;
  const ck_attention_gradients *g;
} attention_job;

INLINE REAL dot_product(const REAL *x, const REAL *y, int64_t count) {
  vec sum = {0};
  for (int64_t i = 0; i < count; i += LANES) {
    const int64_t n = smaller(LANES, count - i);
    sum = multiply_add(load_part(x + i, n), load_part(y + i, n), sum);
  }
  return lane_sum(sum);
}

INLINE REAL additive_score(const REAL *query, const REAL *key, const REAL *score_vector, int64_t units) {
  vec sum = {0};
  for (int64_t i = 0; i < units; i += LANES) {
    const int64_t n = smaller(LANES, units - i);
    vec net = load_part(query + i, n) + load_part(key + i, n);
    sum = multiply_add(load_part(score_vector + i, n), vtanh(net), sum);
  }
  return lane_sum(sum);
}

/// out[:] = sum over t of factors[t] * rows[t * stride + :]
INLINE void weighted_sum(const REAL *factors, const REAL *rows, int64_t stride, int64_t steps, int64_t width,
                         REAL *out) {
  for (int64_t i = 0; i < width; i += LANES) {
    const int64_t n = smaller(LANES, width - i);
    vec sum = {0};
    for (int64_t t = 0; t < steps; t++)
      sum = multiply_add(splat(factors[t]), load_part(rows + t * stride + i, n), sum);
    store_part(out + i, sum, n);
  }
}

/// rows[t * stride + :] += factors[t] * row[:]
INLINE void add_outer(const REAL *factors, const REAL *row, REAL *rows, int64_t stride, int64_t steps,
                      int64_t width) {
  for (int64_t t = 0; t < steps; t++) {
    REAL *to = rows + t * stride;
    const vec factor = splat(factors[t]);
    for (int64_t i = 0; i < width; i += LANES) {
      const int64_t n = smaller(LANES, width - i);
      store_part(to + i, multiply_add(factor, load_part(row + i, n), load_part(to + i, n)), n);
    }
  }
}

INLINE int64_t valid_steps(const ck_attention *a, int64_t b) { return a->lengths ? a->lengths[b] : a->steps; }

static void attention_forward_part(void *context, int part, int parts) {
  const ck_attention *a = ((const attention_job *)context)->a;
  const stretch mine = share(a->batch, part, parts);
  const int64_t key_stride = a->batch * a->units, value_stride = a->batch * a->features;
  for (int64_t b = mine.begin; b < mine.end; b++) {
    const int64_t valid = valid_steps(a, b);
    const REAL *keys = (const REAL *)a->keys + b * a->units;
    const REAL *values = (const REAL *)a->values + b * a->features;
    for (int64_t q = 0; q < a->queries; q++) {
      const int64_t row = q * a->batch + b;
      const REAL *query = (const REAL *)a->query + row * a->units;
      REAL *weights = (REAL *)a->weights + row * a->steps;
      for (int64_t t = 0; t < valid; t++) {
        const REAL *key = keys + t * key_stride;
        weights[t] = a->score_vector ? additive_score(query, key, a->score_vector, a->units)
                                     : (REAL)a->scale * dot_product(query, key, a->units);
      }
      const vec normalizer = splat(valid ? row_normalizer(weights, valid) : 0);
      for (int64_t i = 0; i < valid; i += LANES) {
        const int64_t n = smaller(LANES, valid - i);
        store_part(weights + i, vexp(load_part(weights + i, n) - normalizer), n);
      }
      for (int64_t t = valid; t < a->steps; t++) weights[t] = 0;
      weighted_sum(weights, values, value_stride, valid, a->features, (REAL *)a->contexts + row * a->features);
    }
  }
}

/// The gradients through the scores of one query, scores' gradients given.
INLINE void additive_backward(const ck_attention *a, const REAL *scores, const REAL *query, const REAL *keys,
                              int64_t stride, int64_t valid, REAL *query_gradient, REAL *key_gradients,
                              REAL *vector_gradient) {
  const REAL *score_vector = a->score_vector;
  for (int64_t i = 0; i < a->units; i += LANES) {
    const int64_t n = smaller(LANES, a->units - i);
    const vec at = load_part(query + i, n), v = load_part(score_vector + i, n);
    vec for_query = {0}, for_vector = load_part(vector_gradient + i, n);
    for (int64_t t = 0; t < valid; t++) {
      const vec y = vtanh(at + load_part(keys + t * stride + i, n)), score = splat(scores[t]);
      const vec net = score * v * (splat(1) - y * y);
      for_vector = multiply_add(score, y, for_vector);
      for_query += net;
      REAL *to = key_gradients + t * stride + i;
      store_part(to, load_part(to, n) + net, n);
    }
    store_part(query_gradient + i, for_query, n);
    store_part(vector_gradient + i, for_vector, n);
  }
}

static void attention_backward_part(void *context, int part, int parts) {
  const ck_attention *a = ((const attention_job *)context)->a;
  const ck_attention_gradients *g = ((const attention_job *)context)->g;
  const stretch mine = share(a->batch, part, parts);
  const int64_t key_stride = a->batch * a->units, value_stride = a->batch * a->features;
  REAL *scores = malloc(larger(1, a->steps) * sizeof(REAL));
  for (int64_t b = mine.begin; b < mine.end; b++) {
    const int64_t valid = valid_steps(a, b);
    const REAL *keys = (const REAL *)a->keys + b * a->units;
    const REAL *values = (const REAL *)a->values + b * a->features;
    REAL *key_gradients = (REAL *)g->keys + b * a->units;
    REAL *value_gradients = (REAL *)g->values + b * a->features;
    REAL *vector_gradient = a->score_vector ? (REAL *)g->score_vectors + b * a->units : NULL;
    for (int64_t t = 0; t < a->steps; t++) {
      memset(key_gradients + t * key_stride, 0, a->units * sizeof(REAL));
      memset(value_gradients + t * value_stride, 0, a->features * sizeof(REAL));
    }
    if (vector_gradient) memset(vector_gradient, 0, a->units * sizeof(REAL));
    for (int64_t q = 0; q < a->queries; q++) {
      const int64_t row = q * a->batch + b;
      const REAL *query = (const REAL *)a->query + row * a->units;
      const REAL *weights = (const REAL *)a->weights + row * a->steps;
      const REAL *given = g->weights ? (const REAL *)g->weights + row * a->steps : NULL;
      REAL *query_gradient = (REAL *)g->query + row * a->units;
      for (int64_t t = 0; t < valid; t++) scores[t] = given ? given[t] : 0;
      if (g->contexts) {
        const REAL *above = (const REAL *)g->contexts + row * a->features;
        for (int64_t t = 0; t < valid; t++) scores[t] += dot_product(above, values + t * value_stride, a->features);
        add_outer(weights, above, value_gradients, value_stride, valid, a->features);
      }
      const vec mean = splat(dot_product(weights, scores, valid));
      const vec scale = splat(a->score_vector ? 1 : (REAL)a->scale);
      for (int64_t i = 0; i < valid; i += LANES) {
        const int64_t n = smaller(LANES, valid - i);
        store_part(scores + i, scale * load_part(weights + i, n) * (load_part(scores + i, n) - mean), n);
      }
      if (a->score_vector) {
        additive_backward(a, scores, query, keys, key_stride, valid, query_gradient, key_gradients, vector_gradient);
      } else {
        weighted_sum(scores, keys, key_stride, valid, a->units, query_gradient);
        add_outer(scores, query, key_gradients, key_stride, valid, a->units);
      }
    }
  }
  free(scores);
}

/// A tanh costs about as much as eight multiply-adds.
INLINE int attention_parts(const ck_attention *a) {
  return parts_for((double)a->queries * a->steps * a->batch * (a->units * (a->score_vector ? 8 : 1) + a->features));
}

static void attention_forward(const ck_attention *attention) {
  attention_job j = {.a = attention};
  ck_run(attention_parts(attention), attention_forward_part, &j);
}

static void attention_backward(const ck_attention *attention, const ck_attention_gradients *gradients) {
  attention_job j = {.a = attention, .g = gradients};
  ck_run(attention_parts(attention), attention_backward_part, &j);
}
