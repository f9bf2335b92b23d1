// The one inner loop of all matrix products: a block of `rows` x `vectors` sums in registers. A tile is one block, or, where
// a gated layer's slots are more than BLOCK_VECTORS, a few side by side.

// Sums that hide the latency of a multiply-add. A tile of one row takes as many panels at a time as give it so many.
#define ENOUGH_SUMS 8
#define PANELS_OF_ROW(vectors) (ENOUGH_SUMS / (vectors))

// Rows of a tile for 1, 2, 3, 4 vectors a row, so that the sums of a block and its operands fit the machine's registers.
static const int tile_rows[5] = {0, TILE_ROWS_1, TILE_ROWS_2, TILE_ROWS_3, TILE_ROWS_4};
#define MOST_ROWS (TILE_ROWS_1 > ENOUGH_SUMS ? TILE_ROWS_1 : ENOUGH_SUMS)
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

// Steps of a single row's product by which its weights are fetched ahead. Panels lie multiples of 4 KiB apart: what is
// fetched further ahead pushes out what the other panels need first.
#define PREFETCH_STEPS 8

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

/// sums[panel*rows + row][vector] += a[row, :] . b[panel][:, slot + vector], all in registers.
INLINE void multiply_block(const int rows, const int panels, const int vectors, vec (*sums)[MOST_VECTORS], left a,
                           packed_columns b, int slot) {
  // By blocks of slots, as they are packed.
  const REAL *next[MOST_VECTORS / BLOCK_VECTORS];
  int64_t strides[MOST_VECTORS / BLOCK_VECTORS];
  UNROLL for (int v = 0; v < vectors; v += BLOCK_VECTORS) {
    const slot_place place = place_of_slot(b.lanes, b.slots, slot + v);
    next[v / BLOCK_VECTORS] = b.base + place.offset;
    strides[v / BLOCK_VECTORS] = place.stride;
  }
  const int64_t panel_reals = b.lanes * b.slots * LANES;
  for (int64_t run = 0; run < a.runs; run++) {
    const REAL *base = a.base + run * a.run_stride;
    for (int64_t k = 0; k < a.run_length; k++) {
      vec right[ENOUGH_SUMS];
      UNROLL for (int p = 0; p < panels; p++) {
        UNROLL for (int v = 0; v < vectors; v++) {
          const REAL *from = next[v / BLOCK_VECTORS] + p * panel_reals + v % BLOCK_VECTORS * LANES;
          // One row uses each weight once: it runs at the speed of memory, and what it needs soon is fetched. With more
          // rows the panel stays near, and the next one is fetched meanwhile.
          const int64_t ahead = rows == 1 ? PREFETCH_STEPS * strides[v / BLOCK_VECTORS] : panel_reals;
          if (v % LINE_VECTORS == 0) __builtin_prefetch(from + ahead);
          right[p * vectors + v] = load(from);
        }
      }
      UNROLL for (int r = 0; r < rows; r++) {
        const vec value = splat(base[r * a.stride + k]);
        UNROLL for (int p = 0; p < panels; p++) {
          vec *row = sums[p * rows + r];
          UNROLL for (int v = 0; v < vectors; v++) row[v] = multiply_lanes(value, right[p * vectors + v], row[v]);
        }
      }
      UNROLL for (int v = 0; v < vectors; v += BLOCK_VECTORS) next[v / BLOCK_VECTORS] += strides[v / BLOCK_VECTORS];
    }
  }
}

/// The same for all slots: block by block where the sums are more than are in registers at a time, and together where they
/// are few and would wait for each other.
INLINE void multiply_tile(const int rows, const int panels, const int vectors, vec (*sums)[MOST_VECTORS], left a,
                          packed_columns b) {
  const int most = rows * panels * vectors <= ENOUGH_SUMS ? MOST_VECTORS : BLOCK_VECTORS;
  UNROLL for (int slot = 0; slot < vectors; slot += most) {
    const int wide = vectors - slot < most ? vectors - slot : most;
    vec block[MOST_ROWS][MOST_VECTORS];
    UNROLL for (int r = 0; r < rows * panels; r++) {
      UNROLL for (int v = 0; v < wide; v++) block[r][v] = sums[r][slot + v];
    }
    multiply_block(rows, panels, wide, block, a, b, slot);
    UNROLL for (int r = 0; r < rows * panels; r++) {
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

/// What a tile does, inlined for every size that it may have: `rows`, `panels` and `vectors` are constants there, and the
/// sums stay in registers. It has one row, or one panel.
typedef void tile_body(const int rows, const int panels, const int vectors, const void *job, int64_t row, int64_t panel);

/// One of the heights up to `most`, a constant too; or PANELS_OF_ROW panels of one row.
INLINE void tile_of_height(tile_body *body, const int most, const int vectors, const void *job, int64_t row,
                           int64_t panel, int64_t rows, int64_t panels) {
  _Static_assert(MOST_ROWS <= 14, "every height has its case");
  if (panels > 1) {
    body(1, PANELS_OF_ROW(vectors), vectors, job, row, panel);
    return;
  }
// A macro, since a label and the constant are one.
#define HEIGHT(n) case n: if (n <= most) body(n, 1, vectors, job, row, panel); return;
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

/// A body at all its sizes.
typedef void tile_function(const void *job, int64_t row, int64_t panel, int64_t rows, int64_t panels);

/// The tiles of a panel's first `count` rows, each of at most `most`.
INLINE void panel_tiles(tile_function *tile, int64_t most, const void *job, int64_t panel, int64_t count) {
  for (int64_t row = 0; row < count;) {
    const int64_t rows = next_tile_rows(count - row, most);
    tile(job, row, panel, rows, 1);
    row += rows;
  }
}

/// From one panel, row or element up to another.
typedef struct stretch {
  int64_t begin, end;
} stretch;

/// The tiles of a single row that are several panels wide, `vectors` of each; returns the first panel that they leave.
INLINE int64_t row_tiles(tile_function *tile, const int vectors, const void *job, stretch panels) {
  const int64_t together = PANELS_OF_ROW(vectors);
  int64_t panel = panels.begin;
  for (; together > 1 && panel + together <= panels.end; panel += together) tile(job, 0, panel, 1, together);
  return panel;
}

/// Part `part` of `parts` equal stretches of 0..<count.
INLINE stretch share(int64_t count, int part, int parts) {
  return (stretch){count * part / parts, count * (part + 1) / parts};
}
