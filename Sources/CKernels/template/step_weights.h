// The weights of a time step, in three types, and their products with a few rows of numbers.
//
// A step for one sequence uses each weight once, so it takes as long as its weights take to arrive. They therefore lie in
// panels of LANES units, in the order in which they are read: first, of all panels, the biases and the state's matrix,
// which can be multiplied before anything else of the step is known, then the inputs' matrix. Of a matrix a panel has
// what int8 needs (scales and offsets) and the rows, a few of them side by side in every lane's 32 bits:
//
//   float32   1 row    the number itself
//   bfloat16  2 rows   the upper halves of two floats, rounded to nearest even; a shift or a mask makes floats of them
//   int8      4 rows   whole numbers from -127 to 127, times one scale for each column; the row that they are multiplied
//                      with is brought to whole numbers too, so that sums are exact
//
// Every sum is one chain in the order of the rows, whatever the tile.

#define STEP_SUMS 8  // sums of one row at a time: enough chains to hide the latency of a multiply-add

typedef int32_t loose_ivec __attribute__((vector_size(LANES * sizeof(int32_t)), aligned(4), may_alias));
typedef uint32_t uvec __attribute__((vector_size(LANES * sizeof(uint32_t))));
typedef uint8_t byte_vec __attribute__((vector_size(LANES)));
typedef uint8_t loose_byte_vec __attribute__((vector_size(LANES), aligned(1), may_alias));

INLINE ivec load_ints(const float *p) { return *(const loose_ivec *)p; }

/// sum + the four products of a lane's unsigned bytes in `numbers`, the same for all lanes, and its signed ones.
#ifndef DOT_BYTES
INLINE ivec dot_bytes(ivec sum, int32_t numbers, ivec weights) {
  UNROLL for (int i = 0; i < 4; i++) sum += (weights << (24 - 8 * i) >> 24) * (numbers >> (8 * i) & 255);
  return sum;
}
#else
INLINE ivec dot_bytes(ivec sum, int32_t numbers, ivec weights) { return DOT_BYTES(sum, numbers, weights); }
#endif

INLINE int64_t group_of(ck_weight_type type) { return type == CK_INT8 ? 4 : type == CK_BFLOAT16 ? 2 : 1; }

/// 32-bit lanes, in LANES, that a panel has of a matrix with `count` columns a unit.
INLINE int64_t matrix_vectors(ck_weight_type type, int64_t rows, int count) {
  if (rows == 0) return 0;
  return (rows + group_of(type) - 1) / group_of(type) * count + (type == CK_INT8 ? 2 * count : 0);
}

/// How a kind of stage uses the columns of its matrices, which stand in blocks of `units`: a unit has `slots` net inputs.
typedef struct stage_shape {
  int slots, blocks;
  int block[4];  // slot -> block
  int input_first, input_count, state_first, state_count;
} stage_shape;

static const stage_shape plain_shape = {.slots = 1, .blocks = 1, .input_count = 1, .state_count = 1};
static const stage_shape lstm_shape = {.slots = 4, .blocks = 4, .block = {0, 1, 2, 3}, .input_count = 4,
                                       .state_count = 4};
/// n of the inputs, r, z, n of the state
static const stage_shape gru_shape = {.slots = 4, .blocks = 3, .block = {2, 0, 1, 2}, .input_count = 3,
                                      .state_first = 1, .state_count = 3};
static const stage_shape gru_gates_shape = {.slots = 3, .blocks = 3, .block = {2, 0, 1}, .input_count = 3,
                                            .state_first = 1, .state_count = 2};
static const stage_shape gru_candidate_shape = {.slots = 1, .blocks = 3, .block = {2}, .input_count = 1};

INLINE const stage_shape *shape_of(ck_stage_kind kind) {
  switch (kind) {
    case CK_STAGE_LSTM: return &lstm_shape;
    case CK_STAGE_GRU: return &gru_shape;
    case CK_STAGE_GRU_GATES: return &gru_gates_shape;
    case CK_STAGE_GRU_CANDIDATE: return &gru_candidate_shape;
    default: return &plain_shape;
  }
}

INLINE int64_t stage_panels(int64_t units) { return (units + LANES - 1) / LANES; }

/// Floats of a panel: the biases and the state's matrix.
INLINE int64_t early_floats(const ck_stage *s) {
  const stage_shape *shape = shape_of(s->kind);
  return LANES * (shape->slots + matrix_vectors(s->type, s->state, shape->state_count));
}

/// Floats of a panel: the inputs' matrix.
INLINE int64_t late_floats(const ck_stage *s) {
  return LANES * matrix_vectors(s->type, s->inputs, shape_of(s->kind)->input_count);
}

INLINE const float *early_panel(const ck_stage *s, int64_t panel) {
  return (const float *)s->weights + panel * early_floats(s);
}
INLINE const float *late_panel(const ck_stage *s, int64_t panel) {
  return early_panel(s, stage_panels(s->units)) + panel * late_floats(s);
}

// MARK: products

// How far ahead the smaller types' weights are fetched, in floats: their arithmetic leaves the processor no time to look
// ahead by itself.
#define STEP_AHEAD 320

/// Rows of numbers that a matrix is multiplied with: as floats, or, for int8, as bytes that 128 is added to.
typedef struct step_left {
  const float *rows;
  int64_t stride;
  const uint8_t *bytes;
  int64_t byte_stride;
  const float *scales;  // one a row
} step_left;

/// values = (bytes - 128) * the scale that is returned, which brings the largest to 127. Numbers up to the next
/// multiple of LANES are read, and must be zero.
static float quantise(const float *values, int64_t count, uint8_t *bytes) {
  vec most = {0}, trouble = {0};
  for (int64_t i = 0; i < count; i += LANES) {
    const vec x = load(values + i), absolute = choose(x < (vec){0}, -x, x);
    most = choose(absolute > most, absolute, most);
    trouble += x * 0;
  }
  const float largest = lane_max(most) + lane_sum(trouble), inverse = largest > 1e-30f ? 127 / largest : 0;
  const vec magic = splat(12582912.0f);  // 1.5 * 2^23: adding it rounds to an integer, which the low bits then hold
  for (int64_t i = 0; i < count; i += LANES) {
    const vec x = load(values + i), scaled = choose(x == x, x, (vec){0}) * inverse;
    const vec shifted = scaled + magic;  // a statement of its own: not fused at any level, so all round alike
    const ivec whole = ((ivec)shifted + 128) & 255;
    *(loose_byte_vec *)(bytes + i) = __builtin_convertvector(whole, byte_vec);
  }
  return largest != largest ? largest : inverse > 0 ? largest / 127 : 0;
}

/// sums[row][stream*slots + first + v] += row . column v, v < count, of each stream: panels `apart` floats apart.
INLINE void multiply_float32(const int rows, const int streams, const int slots, const int first, const int count,
                             vec (*sums)[STEP_SUMS], const step_left *a, int64_t depth, const float *w, int64_t apart) {
  for (int64_t k = 0; k < depth; k++) {
    vec right[STEP_SUMS];
    UNROLL for (int s = 0; s < streams; s++) {
      UNROLL for (int v = 0; v < count; v++) right[s * count + v] = load(w + s * apart + v * LANES);
    }
    UNROLL for (int r = 0; r < rows; r++) {
      const vec value = splat(a->rows[r * a->stride + k]);
      UNROLL for (int s = 0; s < streams; s++) {
        UNROLL for (int v = 0; v < count; v++) {
          vec *sum = &sums[r][s * slots + first + v];
          *sum = multiply_add(value, right[s * count + v], *sum);
        }
      }
    }
    w += count * LANES;
  }
}

INLINE void multiply_bfloat16(const int rows, const int streams, const int slots, const int first, const int count,
                              vec (*sums)[STEP_SUMS], const step_left *a, int64_t depth, const float *w,
                              int64_t apart) {
  for (int64_t k = 0; k < depth; k += 2) {
    UNROLL for (int s = 0; s < streams; s++) {
      UNROLL for (int v = 0; v < count; v++) {
        __builtin_prefetch(w + s * apart + v * LANES + STEP_AHEAD);
        const uvec pair = (uvec)load_ints(w + s * apart + v * LANES);
        const vec even = (vec)(pair << 16), odd = (vec)(pair & 0xFFFF0000u);
        UNROLL for (int r = 0; r < rows; r++) {
          vec *sum = &sums[r][s * slots + first + v];
          *sum = multiply_add(splat(a->rows[r * a->stride + k]), even, *sum);
          *sum = multiply_add(splat(a->rows[r * a->stride + k + 1]), odd, *sum);
        }
      }
    }
    w += count * LANES;
  }
}

INLINE void multiply_int8(const int rows, const int streams, const int slots, const int first, const int count,
                          vec (*sums)[STEP_SUMS], const step_left *a, int64_t depth, const float *w, int64_t apart) {
  ivec whole[STEP_ROWS][STEP_SUMS];
  const float *scales = w;
  UNROLL for (int s = 0; s < streams; s++) {
    UNROLL for (int v = 0; v < count; v++) {
      const ivec offset = load_ints(w + s * apart + (count + v) * LANES);
      UNROLL for (int r = 0; r < rows; r++) whole[r][s * count + v] = offset;
    }
  }
  w += 2 * count * LANES;
  for (int64_t k = 0; k < depth; k += 4) {
    UNROLL for (int s = 0; s < streams; s++) {
      UNROLL for (int v = 0; v < count; v++) {
        __builtin_prefetch(w + s * apart + v * LANES + STEP_AHEAD);
        const ivec right = load_ints(w + s * apart + v * LANES);
        UNROLL for (int r = 0; r < rows; r++) {
          int32_t numbers;
          memcpy(&numbers, a->bytes + r * a->byte_stride + k, sizeof numbers);
          whole[r][s * count + v] = dot_bytes(whole[r][s * count + v], numbers, right);
        }
      }
    }
    w += count * LANES;
  }
  UNROLL for (int s = 0; s < streams; s++) {
    UNROLL for (int v = 0; v < count; v++) {
      const vec scale = load(scales + s * apart + v * LANES);
      UNROLL for (int r = 0; r < rows; r++) {
        vec *sum = &sums[r][s * slots + first + v];
        *sum = multiply_add(__builtin_convertvector(whole[r][s * count + v], vec), scale * a->scales[r], *sum);
      }
    }
  }
}

INLINE void multiply_step(const ck_weight_type type, const int rows, const int streams, const int slots,
                          const int first, const int count, vec (*sums)[STEP_SUMS], const step_left *a, int64_t depth,
                          const float *w, int64_t apart) {
  if (depth == 0) return;
  if (type == CK_INT8)
    multiply_int8(rows, streams, slots, first, count, sums, a, depth, w, apart);
  else if (type == CK_BFLOAT16)
    multiply_bfloat16(rows, streams, slots, first, count, sums, a, depth, w, apart);
  else
    multiply_float32(rows, streams, slots, first, count, sums, a, depth, w, apart);
}
