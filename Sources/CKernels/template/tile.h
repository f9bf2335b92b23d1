// The one inner loop of all matrix products: a block of `rows` x `vectors` sums in registers. A tile is one block, or, where
// a gated layer's slots are more than BLOCK_VECTORS, a few side by side.

// Rows of a tile for 1, 2, 3, 4 vectors a row, so that the sums of a block and its operands fit the machine's registers.
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
  return (left){.base = base, .stride = stride, .runs = 1, .run_length = depth};
}

// Vectors in a line of the cache, 1 or more.
#define LINE_VECTORS (LANES * sizeof(REAL) < 64 ? 64 / (LANES * sizeof(REAL)) : 1)

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

/// A panel of a packed right operand: its slots in blocks of as many as a tile multiplies at a time, each [lanes][slots of
/// the block][LANES], so that it is read straight through.
typedef struct packed_columns {
  const REAL *base;
  int64_t lanes;
  int slots;
} packed_columns;

/// Where a slot's lanes stand: at `offset`, then every `stride` reals.
typedef struct slot_place {
  int64_t offset, stride;
} slot_place;
INLINE slot_place place_of_slot(int64_t lanes, int slots, int slot) {
  const int within = slot % BLOCK_VECTORS, first = slot - within;
  return (slot_place){.offset = (first * lanes + within) * LANES, .stride = smaller(BLOCK_VECTORS, slots - first) * LANES};
}

/// Whether tiles read a left operand where it stands: its rows in one run each, and not in few cache sets.
INLINE int stands_in_lanes(left a) {
  return STEPS_PER_LANE == 1 && a.runs <= 1 && a.stride * sizeof(REAL) % 1024 != 0;
}

/// Reals that tile_operand needs for so many rows.
INLINE int64_t operand_reals(left a, int64_t rows) {
  return stands_in_lanes(a) ? 0 : rows * state_stride(lane_depth(a.runs * a.run_length));
}

/// Rows [begin, end) of a left operand in lanes as tiles read them: where they stand, or in `memory`.
INLINE left tile_operand(left a, int64_t begin, int64_t end, REAL *memory) {
  if (stands_in_lanes(a)) return rows_from(a, begin);
  const int64_t lanes = lane_depth(a.runs * a.run_length), stride = state_stride(lanes);
  for (int64_t row = begin; row < end; row++) {
    for (int64_t run = 0; run < a.runs; run++)
      join_line(a.base + row * a.stride + run * a.run_stride, a.run_length,
                memory + (row - begin) * stride + run * lane_depth(a.run_length));
  }
  return left_rows(memory, stride, lanes);
}

/// sums[row][vector] += a[row, :] . b[:, slot + vector], all in registers.
INLINE void multiply_block(const int rows, const int vectors, vec (*sums)[MOST_VECTORS], left a, packed_columns b,
                           int slot) {
  const slot_place place = place_of_slot(b.lanes, b.slots, slot);
  const REAL *next = b.base + place.offset;
  // One row uses each weight once: it runs at the speed of memory, and what it needs soon is fetched. With more rows the
  // panel stays near, and the next one is fetched meanwhile.
  const int64_t ahead = rows == 1 ? PREFETCH_REALS : b.lanes * b.slots * LANES;
  for (int64_t run = 0; run < a.runs; run++) {
    const REAL *base = a.base + run * a.run_stride;
    for (int64_t k = 0; k < a.run_length; k++) {
      vec right[MOST_VECTORS];
      UNROLL for (int v = 0; v < vectors; v += LINE_VECTORS) __builtin_prefetch(next + ahead + v * LANES);
      UNROLL for (int v = 0; v < vectors; v++) right[v] = load(next + v * LANES);
      UNROLL for (int r = 0; r < rows; r++) {
        vec value = splat(base[r * a.stride + k]);
        UNROLL for (int v = 0; v < vectors; v++) sums[r][v] = multiply_lanes(value, right[v], sums[r][v]);
      }
      next += place.stride;
    }
  }
}

/// The same for a tile of more vectors than are in registers at a time, block by block.
INLINE void multiply_tile(const int rows, const int vectors, vec (*sums)[MOST_VECTORS], left a, packed_columns b) {
  UNROLL for (int slot = 0; slot < vectors; slot += BLOCK_VECTORS) {
    const int wide = vectors - slot < BLOCK_VECTORS ? vectors - slot : BLOCK_VECTORS;
    vec block[MOST_ROWS][MOST_VECTORS];
    UNROLL for (int r = 0; r < rows; r++) {
      UNROLL for (int v = 0; v < wide; v++) block[r][v] = sums[r][slot + v];
    }
    multiply_block(rows, wide, block, a, b, slot);
    UNROLL for (int r = 0; r < rows; r++) {
      UNROLL for (int v = 0; v < wide; v++) sums[r][slot + v] = block[r][v];
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

/// What a tile does, inlined for every height that it may have: `rows` and `vectors` are constants there, and the sums
/// stay in registers.
typedef void tile_body(const int rows, const int vectors, const void *job, int64_t row, int64_t panel);

/// One of the heights up to `most`, a constant too.
INLINE void tile_of_height(tile_body *body, const int most, const int vectors, const void *job, int64_t row,
                           int64_t panel, int64_t rows) {
  _Static_assert(MOST_ROWS <= 14, "every height has its case");
// A macro, since a label and the constant are one.
#define HEIGHT(n) case n: if (n <= most) body(n, vectors, job, row, panel); return;
  switch (rows) {
    HEIGHT(1) HEIGHT(2) HEIGHT(3) HEIGHT(4) HEIGHT(5) HEIGHT(6) HEIGHT(7)
    HEIGHT(8) HEIGHT(9) HEIGHT(10) HEIGHT(11) HEIGHT(12) HEIGHT(13) HEIGHT(14)
  }
#undef HEIGHT
}

/// The height of the next tile when `rows` are left: all tiles of a stretch differ by at most one row.
INLINE int64_t next_tile_rows(int64_t rows, int64_t most) {
  int64_t tiles = (rows + most - 1) / most;
  return (rows + tiles - 1) / tiles;
}

/// A body at all its heights.
typedef void tile_function(const void *job, int64_t row, int64_t panel, int64_t rows);

/// The tiles of a panel's first `count` rows, each of at most `most`.
INLINE void panel_tiles(tile_function *tile, int64_t most, const void *job, int64_t panel, int64_t count) {
  for (int64_t row = 0; row < count;) {
    const int64_t rows = next_tile_rows(count - row, most);
    tile(job, row, panel, rows);
    row += rows;
  }
}

/// Part `part` of `parts` equal stretches of 0..<count.
typedef struct stretch {
  int64_t begin, end;
} stretch;
INLINE stretch share(int64_t count, int part, int parts) {
  return (stretch){count * part / parts, count * (part + 1) / parts};
}
