// Operations on each element, broadcasting, reductions, rows.

// Elements below which a second thread costs more than it brings.
#define PARALLEL_ELEMENTS 16384

INLINE int parts_for_elements(int64_t count) { return count < PARALLEL_ELEMENTS ? 1 : ck_threads(); }

/// Stretches of whole vectors, so that lanes fall alike however many threads there are.
INLINE stretch share_vectors(int64_t count, int part, int parts) {
  stretch s = share((count + LANES - 1) / LANES, part, parts);
  return (stretch){smaller(count, s.begin * LANES), smaller(count, s.end * LANES)};
}

typedef struct unary_job {
  ck_unary operation;
  const REAL *a;
  REAL *out;
  int64_t count;
} unary_job;

INLINE vec negated(vec x) { return -x; }
INLINE vec root(vec x) { return __builtin_elementwise_sqrt(x); }
INLINE vec squared(vec x) { return x * x; }
INLINE vec absolute(vec x) { return __builtin_elementwise_abs(x); }
INLINE REAL softplus(REAL x) { return (x > 0 ? x : 0) + scalar_log1p(scalar_exp(x > 0 ? -x : x)); }

INLINE void map(vec (*function)(vec), const unary_job *j, stretch mine) {
  for (int64_t i = mine.begin; i < mine.end; i += LANES) {
    const int64_t n = smaller(LANES, mine.end - i);
    store_part(j->out + i, function(load_part(j->a + i, n)), n);
  }
}
INLINE void map_scalars(REAL (*function)(REAL), const unary_job *j, stretch mine) {
  for (int64_t i = mine.begin; i < mine.end; i++) j->out[i] = function(j->a[i]);
}

static void unary_part(void *context, int part, int parts) {
  const unary_job *j = context;
  const stretch mine = share_vectors(j->count, part, parts);
  switch (j->operation) {
    case CK_NEGATE: map(negated, j, mine); break;
    case CK_EXP: map(vexp, j, mine); break;
    case CK_SQRT: map(root, j, mine); break;
    case CK_SQUARE: map(squared, j, mine); break;
    case CK_TANH: map(vtanh, j, mine); break;
    case CK_SIGMOID: map(vsigmoid, j, mine); break;
    case CK_RELU: map(rectified, j, mine); break;
    case CK_ABSOLUTE: map(absolute, j, mine); break;
    case CK_LOG: map_scalars(scalar_log, j, mine); break;
    case CK_SOFTPLUS: map_scalars(softplus, j, mine); break;
  }
}

static void unary(ck_unary operation, const void *a, void *out, int64_t count) {
  unary_job j = {.operation = operation, .a = a, .out = out, .count = count};
  ck_run(parts_for_elements(count), unary_part, &j);
}

INLINE vec combine(const ck_binary operation, vec a, vec b) {
  const vec one = splat(1), zero = {0};
  switch (operation) {
    case CK_ADD: return a + b;
    case CK_SUBTRACT: return a - b;
    case CK_MULTIPLY: return a * b;
    case CK_DIVIDE: return a / b;
    case CK_GREATER: return choose(a > b, one, zero);
    case CK_EQUAL: return choose(a == b, one, zero);
    case CK_TANH_GRADIENT: return a * (one - b * b);
    case CK_SIGMOID_GRADIENT: return a * b * (one - b);
    case CK_RELU_GRADIENT: return choose(b > zero, a, zero);
    case CK_SQRT_GRADIENT: return a / (b + b);
  }
  return zero;
}

typedef struct binary_job {
  ck_binary operation;
  const REAL *a, *b;
  REAL *out;
  int64_t extents[CK_MAXIMUM_RANK], a_strides[CK_MAXIMUM_RANK], b_strides[CK_MAXIMUM_RANK];
  int rank;
  int64_t rows, columns;
} binary_job;

/// One innermost row, with strides 0 or 1 read as vectors.
INLINE void binary_row(const ck_binary operation, const binary_job *j, const REAL *a, const REAL *b, REAL *out) {
  const int64_t a_stride = j->a_strides[j->rank - 1], b_stride = j->b_strides[j->rank - 1], count = j->columns;
  if (a_stride <= 1 && b_stride <= 1 && a_stride >= 0 && b_stride >= 0) {
    const vec a_all = splat(a_stride ? 0 : a[0]), b_all = splat(b_stride ? 0 : b[0]);
    for (int64_t i = 0; i < count; i += LANES) {
      const int64_t n = smaller(LANES, count - i);
      vec x = a_stride ? load_part(a + i, n) : a_all;
      vec y = b_stride ? load_part(b + i, n) : b_all;
      store_part(out + i, combine(operation, x, y), n);
    }
    return;
  }
  for (int64_t i = 0; i < count; i++) out[i] = combine(operation, splat(a[i * a_stride]), splat(b[i * b_stride]))[0];
}

static void binary_rows(const binary_job *j, int64_t begin, int64_t end) {
  const int last = j->rank - 1;
  for (int64_t row = begin; row < end; row++) {
    const REAL *a = j->a, *b = j->b;
    REAL *out = j->out + row * j->columns;
    int64_t rest = row;
    for (int axis = last - 1; axis >= 0; axis--) {
      int64_t index = rest % j->extents[axis];
      rest /= j->extents[axis];
      a += index * j->a_strides[axis];
      b += index * j->b_strides[axis];
    }
    switch (j->operation) {
      case CK_ADD: binary_row(CK_ADD, j, a, b, out); break;
      case CK_SUBTRACT: binary_row(CK_SUBTRACT, j, a, b, out); break;
      case CK_MULTIPLY: binary_row(CK_MULTIPLY, j, a, b, out); break;
      case CK_DIVIDE: binary_row(CK_DIVIDE, j, a, b, out); break;
      case CK_GREATER: binary_row(CK_GREATER, j, a, b, out); break;
      case CK_EQUAL: binary_row(CK_EQUAL, j, a, b, out); break;
      case CK_TANH_GRADIENT: binary_row(CK_TANH_GRADIENT, j, a, b, out); break;
      case CK_SIGMOID_GRADIENT: binary_row(CK_SIGMOID_GRADIENT, j, a, b, out); break;
      case CK_RELU_GRADIENT: binary_row(CK_RELU_GRADIENT, j, a, b, out); break;
      case CK_SQRT_GRADIENT: binary_row(CK_SQRT_GRADIENT, j, a, b, out); break;
    }
  }
}

static void binary_part(void *context, int part, int parts) {
  const binary_job *j = context;
  if (j->rows > 1) {
    const stretch mine = share(j->rows, part, parts);
    binary_rows(j, mine.begin, mine.end);
    return;
  }
  const stretch mine = share_vectors(j->columns, part, parts);
  if (mine.begin == mine.end) return;
  binary_job piece = *j;
  piece.a += mine.begin * j->a_strides[0];
  piece.b += mine.begin * j->b_strides[0];
  piece.out += mine.begin;
  piece.columns = mine.end - mine.begin;
  binary_rows(&piece, 0, 1);
}

/// Joins neighbouring axes that both operands run through evenly, so that the innermost row is as long as can be.
static int merge_axes(int64_t *extents, int64_t *a, int64_t *b, const int64_t *given, const int64_t *a_given,
                      const int64_t *b_given, int rank) {
  int kept = 0;
  for (int axis = 0; axis < rank; axis++) {
    if (given[axis] == 1) continue;
    if (kept > 0 && a[kept - 1] == a_given[axis] * given[axis] && b[kept - 1] == b_given[axis] * given[axis]) {
      extents[kept - 1] *= given[axis];
      a[kept - 1] = a_given[axis];
      b[kept - 1] = b_given[axis];
      continue;
    }
    extents[kept] = given[axis];
    a[kept] = a_given[axis];
    b[kept] = b_given[axis];
    kept++;
  }
  if (kept == 0) {
    extents[0] = 1;
    a[0] = b[0] = 0;
    kept = 1;
  }
  return kept;
}

static void binary(ck_binary operation, const void *a, const int64_t *a_strides, const void *b,
                   const int64_t *b_strides, void *out, const int64_t *extents, int rank) {
  binary_job j = {.operation = operation, .a = a, .b = b, .out = out};
  j.rank = merge_axes(j.extents, j.a_strides, j.b_strides, extents, a_strides, b_strides, rank);
  j.columns = j.extents[j.rank - 1];
  j.rows = 1;
  for (int axis = 0; axis < j.rank - 1; axis++) j.rows *= j.extents[axis];
  if (j.rows * j.columns == 0) return;
  ck_run(parts_for_elements(j.rows * j.columns), binary_part, &j);
}

static void copy_strided(const void *a, const int64_t *strides, void *out, const int64_t *extents, int rank) {
  int64_t merged[CK_MAXIMUM_RANK], a_strides[CK_MAXIMUM_RANK], same[CK_MAXIMUM_RANK];
  rank = merge_axes(merged, a_strides, same, extents, strides, strides, rank);
  const int last = rank - 1;
  int64_t rows = 1;
  for (int axis = 0; axis < last; axis++) rows *= merged[axis];
  REAL *to = out;
  for (int64_t row = 0; row < rows; row++, to += merged[last]) {
    const REAL *from = a;
    int64_t rest = row;
    for (int axis = last - 1; axis >= 0; axis--) {
      from += rest % merged[axis] * a_strides[axis];
      rest /= merged[axis];
    }
    if (a_strides[last] == 1)
      memcpy(to, from, merged[last] * sizeof(REAL));
    else
      for (int64_t i = 0; i < merged[last]; i++) to[i] = from[i * a_strides[last]];
  }
}

static void select_elements(const void *condition, const void *a, const void *b, void *out, int64_t count) {
  const REAL *c = condition, *x = a, *y = b;
  REAL *to = out;
  for (int64_t i = 0; i < count; i++) to[i] = c[i] != 0 ? x[i] : y[i];
}

static void fill(void *out, double value, int64_t count) {
  REAL *to = out;
  const vec v = splat((REAL)value);
  for (int64_t i = 0; i < count; i += LANES) {
    const int64_t n = smaller(LANES, count - i);
    store_part(to + i, v, n);
  }
}

static void add_scaled(void *y, const void *x, double scale, int64_t count) {
  REAL *to = y;
  const REAL *from = x;
  const vec s = splat((REAL)scale);
  for (int64_t i = 0; i < count; i += LANES) {
    const int64_t n = smaller(LANES, count - i);
    store_part(to + i, multiply_add(s, load_part(from + i, n), load_part(to + i, n)), n);
  }
}

static void clip(const void *a, void *out, double low, double high, int64_t count) {
  const REAL *from = a;
  REAL *to = out;
  const vec least = splat((REAL)low), most = splat((REAL)high);
  for (int64_t i = 0; i < count; i += LANES) {
    const int64_t n = smaller(LANES, count - i);
    vec x = load_part(from + i, n);
    x = choose(x > most, most, x);
    store_part(to + i, choose(x < least, least, x), n);
  }
}

typedef struct reduce_job {
  ck_reduction reduction;
  const REAL *a;
  REAL *out;
  int64_t outer, reduced, inner;
} reduce_job;

static void reduce_part(void *context, int part, int parts) {
  const reduce_job *j = context;
  if (j->inner == 1) {
    const stretch mine = share(j->outer, part, parts);
    for (int64_t o = mine.begin; o < mine.end; o++) {
      const REAL *from = j->a + o * j->reduced;
      if (j->reduction == CK_SUM) {
        vec sum = {0};
        for (int64_t i = 0; i < j->reduced; i += LANES) {
          const int64_t n = smaller(LANES, j->reduced - i);
          sum += load_part(from + i, n);
        }
        j->out[o] = lane_sum(sum);
      } else {
        REAL most = from[0];
        for (int64_t i = 1; i < j->reduced; i++) most = from[i] > most || from[i] != from[i] ? from[i] : most;
        j->out[o] = most;
      }
    }
    return;
  }
  const stretch mine = share_vectors(j->inner, part, parts);
  for (int64_t o = 0; o < j->outer; o++) {
    const REAL *from = j->a + o * j->reduced * j->inner;
    for (int64_t i = mine.begin; i < mine.end; i += LANES) {
      const int64_t n = smaller(LANES, mine.end - i);
      vec total = load_part(from + i, n);
      for (int64_t k = 1; k < j->reduced; k++) {
        vec next = load_part(from + k * j->inner + i, n);
        total = j->reduction == CK_SUM ? total + next : choose((next > total) | (next != next), next, total);
      }
      store_part(j->out + o * j->inner + i, total, n);
    }
  }
}

static void reduce(ck_reduction reduction, const void *a, void *out, int64_t outer, int64_t reduced, int64_t inner) {
  if (reduced == 0) {
    fill(out, reduction == CK_SUM ? 0 : -__builtin_inf(), outer * inner);
    return;
  }
  reduce_job j = {.reduction = reduction, .a = a, .out = out, .outer = outer, .reduced = reduced, .inner = inner};
  ck_run(parts_for_elements(outer * reduced * inner), reduce_part, &j);
}

static void gather_rows(const void *table, const int32_t *ids, int64_t count, int64_t width, void *out) {
  for (int64_t i = 0; i < count; i++)
    memcpy((REAL *)out + i * width, (const REAL *)table + ids[i] * width, width * sizeof(REAL));
}

typedef struct scatter_job {
  const REAL *rows;
  const int32_t *ids;
  int64_t count, width;
  REAL *table;
} scatter_job;

static void scatter_part(void *context, int part, int parts) {
  const scatter_job *j = context;
  const stretch mine = share_vectors(j->width, part, parts);
  for (int64_t row = 0; row < j->count; row++) {
    REAL *to = j->table + j->ids[row] * j->width;
    const REAL *from = j->rows + row * j->width;
    for (int64_t i = mine.begin; i < mine.end; i += LANES) {
      const int64_t n = smaller(LANES, mine.end - i);
      store_part(to + i, load_part(to + i, n) + load_part(from + i, n), n);
    }
  }
}

static void scatter_add_rows(const void *rows, const int32_t *ids, int64_t count, int64_t width, void *table) {
  scatter_job j = {.rows = rows, .ids = ids, .count = count, .width = width, .table = table};
  ck_run(parts_for_elements(count * width), scatter_part, &j);
}
