// The one inner loop of all matrix products: a tile of `rows` x `vectors` accumulators in registers.

// Rows of a tile for 1, 2, 3, 4 vectors a row, so that accumulators and operands fit the machine's registers.
static const int tile_rows[5] = {0, TILE_ROWS_1, TILE_ROWS_2, TILE_ROWS_3, TILE_ROWS_4};
#define MOST_ROWS TILE_ROWS_1
#define MOST_VECTORS 4

/// How a product reads its left operand: element (row, k) stands at
/// base[row*stride + k/run_length*run_stride + k%run_length], or transposed at base[k*stride + row]: then run_length is 0.
typedef struct left {
  const REAL *base;
  int64_t stride;
  int64_t runs, run_length, run_stride;
} left;

INLINE left left_rows(const REAL *base, int64_t stride, int64_t depth) {
  return (left){base, stride, 1, depth, 0};
}

// How far ahead of a single row's product its weights are fetched.
#define PREFETCH_REALS 1024

/// The same from a row on.
INLINE left rows_from(left a, int64_t row) {
  a.base += row * a.stride;
  return a;
}

/// Row stride of a state matrix: whole vectors, and not a multiple of 1 KiB, which would put all rows in few cache sets.
INLINE int64_t state_stride(int64_t columns) {
  int64_t stride = round_up(columns, 2 * LANES);
  return stride * sizeof(REAL) % 1024 == 0 ? stride + LANES : stride;
}

/// Reals that tile_operand needs for so many rows.
INLINE int64_t operand_reals(int64_t rows, int64_t depth) {
  return STEPS_PER_LANE == 1 ? 0 : rows * state_stride(lane_depth(depth));
}

/// Rows [begin, end) of a left operand in lanes as tiles read them: where they stand, or in `memory`.
INLINE left tile_operand(left a, int64_t begin, int64_t end, REAL *memory) {
#if PAIRS
  const int64_t lanes = lane_depth(a.runs * a.run_length), stride = state_stride(lanes);
  for (int64_t row = begin; row < end; row++) {
    for (int64_t run = 0; run < a.runs; run++)
      join_line(a.base + row * a.stride + run * a.run_stride, a.run_length,
                memory + (row - begin) * stride + run * lane_depth(a.run_length));
  }
  return (left){memory, stride, 1, lanes, 0};
#else
  (void)end, (void)memory;
  return rows_from(a, begin);
#endif
}

/// sums[row][vector] += a[row, :] . b[:, vector], b a packed panel whose rows stand b_stride apart.
INLINE void multiply_tile(const int rows, const int vectors, vec (*sums)[MOST_VECTORS], left a, const REAL *b,
                          int64_t b_stride) {
  for (int64_t run = 0; run < a.runs; run++) {
    const REAL *base = a.base + run * a.run_stride;
    for (int64_t k = 0; k < a.run_length; k++) {
      vec right[MOST_VECTORS];
      // One row uses each weight once: it runs at the speed of memory, which fetching ahead across pages helps.
      if (rows == 1) {
        UNROLL for (int v = 0; v < vectors; v++) __builtin_prefetch(b + PREFETCH_REALS + v * LANES);
      }
      UNROLL for (int v = 0; v < vectors; v++) right[v] = load(b + v * LANES);
      UNROLL for (int r = 0; r < rows; r++) {
        vec value = splat(base[r * a.stride + k]);
        UNROLL for (int v = 0; v < vectors; v++) sums[r][v] = multiply_lanes(value, right[v], sums[r][v]);
      }
      b += b_stride;
    }
  }
}

/// The same with a transposed: element (row, k) at a[k*stride + row].
INLINE void multiply_tile_transposed(const int rows, const int vectors, vec (*sums)[MOST_VECTORS], const REAL *a,
                                     int64_t stride, int64_t depth, const REAL *b, int64_t b_stride) {
  for (int64_t k = 0; k < depth; k++) {
    vec right[MOST_VECTORS];
    UNROLL for (int v = 0; v < vectors; v++) right[v] = load(b + v * LANES);
    UNROLL for (int r = 0; r < rows; r++) {
      vec value = splat(a[r]);
      UNROLL for (int v = 0; v < vectors; v++) sums[r][v] = multiply_lanes(value, right[v], sums[r][v]);
    }
    a += stride;
    b += b_stride;
  }
}

/// The sums in memory, for code that walks over the rows. A walk over the sums themselves would keep them in memory
/// through the whole product.
INLINE void keep_sums(const int rows, const int vectors, vec (*kept)[MOST_VECTORS], vec (*sums)[MOST_VECTORS]) {
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < vectors; v++) kept[r][v] = sums[r][v];
  }
}

// CASES_n(CALL) expands CALL(rows) for every height that a tile of n vectors may have.
#define CASES_TO_3(CALL) CALL(1) CALL(2) CALL(3)
#define CASES_TO_4(CALL) CASES_TO_3(CALL) CALL(4)
#define CASES_TO_6(CALL) CASES_TO_4(CALL) CALL(5) CALL(6)
#define CASES_TO_7(CALL) CASES_TO_6(CALL) CALL(7)
#define CASES_TO_8(CALL) CASES_TO_7(CALL) CALL(8)
#define CASES_TO_9(CALL) CASES_TO_8(CALL) CALL(9)
#define CASES_TO_12(CALL) CASES_TO_9(CALL) CALL(10) CALL(11) CALL(12)
#define CASES_TO_14(CALL) CASES_TO_12(CALL) CALL(13) CALL(14)
#define CASES_NAME_(n) CASES_TO_##n
#define CASES_NAME(n) CASES_NAME_(n)
#define CASES_1 CASES_NAME(TILE_ROWS_1)
#define CASES_2 CASES_NAME(TILE_ROWS_2)
#define CASES_3 CASES_NAME(TILE_ROWS_3)
#define CASES_4 CASES_NAME(TILE_ROWS_4)

/// The height of the next tile when `rows` are left: all tiles of a stretch differ by at most one row.
INLINE int64_t next_tile_rows(int64_t rows, int64_t most) {
  int64_t tiles = (rows + most - 1) / most;
  return (rows + tiles - 1) / tiles;
}

/// Part `part` of `parts` equal stretches of 0..<count.
typedef struct stretch {
  int64_t begin, end;
} stretch;
INLINE stretch share(int64_t count, int part, int parts) {
  return (stretch){count * part / parts, count * (part + 1) / parts};
}
