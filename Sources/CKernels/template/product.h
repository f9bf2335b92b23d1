// Products of rows with a packed right operand.

/// A product's result and start value. Exactly one of `c` (the user's columns) and `panels` (a gate buffer) is given.
typedef struct product_job {
  left a;
  const REAL *b;  // packed, or, transposed, a gate buffer [panels][depth][slots*LANES]
  int b_is_buffer;
  int64_t b_panel_stride, b_stride;  // b_stride: of a transposed product
  side columns;
  const REAL *bias;  // packed like a row of b, or NULL
  REAL *c;
  int64_t c_stride;
  REAL *panels;  // row r of panel p at panels + p*panel_stride + r*row_stride
  int64_t panel_stride, row_stride;
  int accumulate;
  int64_t rows, depth;
} product_job;

/// A block of a product's rows, and which of the panels' slots: what its tiles have in common.
typedef struct product_block {
  const product_job *job;
  int64_t first;  // row
  left a;         // from there on, as tiles read it
  int slot;       // the first of a tile's
} product_block;

INLINE void begin_tile(const int rows, const int vectors, vec (*sums)[MOST_VECTORS], const product_block *block,
                       int64_t row, int64_t panel) {
  const product_job *job = block->job;
  if (!job->accumulate) {
    UNROLL for (int v = 0; v < vectors; v++) {
      const int64_t slot = panel * job->columns.slots + block->slot + v;
      vec start = job->bias ? load(job->bias + slot * LANES) : (vec){0};
      UNROLL for (int r = 0; r < rows; r++) sums[r][v] = start;
    }
  } else {
    UNROLL for (int v = 0; v < vectors; v++) {
      int64_t valid, column = side_column(&job->columns, panel, block->slot + v, &valid);
      UNROLL for (int r = 0; r < rows; r++) sums[r][v] = load_part(job->c + (row + r) * job->c_stride + column, valid);
    }
  }
}

INLINE void end_tile(const int rows, const int vectors, vec (*sums)[MOST_VECTORS], const product_block *block,
                     int64_t row, int64_t panel) {
  const product_job *job = block->job;
  if (job->panels) {
    REAL *to = job->panels + panel * job->panel_stride + row * job->row_stride + block->slot * LANES;
    UNROLL for (int r = 0; r < rows; r++) {
      UNROLL for (int v = 0; v < vectors; v++) store(to + r * job->row_stride + v * LANES, sums[r][v]);
    }
    return;
  }
  UNROLL for (int v = 0; v < vectors; v++) {
    int64_t valid, column = side_column(&job->columns, panel, block->slot + v, &valid);
    UNROLL for (int r = 0; r < rows; r++) store_part(job->c + (row + r) * job->c_stride + column, sums[r][v], valid);
  }
}

INLINE void plain_tile(const int rows, const int panels, const int vectors, const void *context, int64_t row,
                       int64_t panel) {
  const product_block *block = context;
  const packed_columns b = {.base = block->job->b + panel * block->job->b_panel_stride,
                            .lanes = block->a.runs * block->a.run_length, .slots = block->job->columns.slots};
  vec sums[MOST_ROWS][MOST_VECTORS];
  const int64_t first = block->first + row;
  UNROLL for (int p = 0; p < panels; p++) begin_tile(rows, vectors, sums + p * rows, block, first, panel + p);
  multiply_block(rows, panels, vectors, sums, rows_from(block->a, row), b, block->slot);
  UNROLL for (int p = 0; p < panels; p++) end_tile(rows, vectors, sums + p * rows, block, first, panel + p);
}

NOINLINE void plain_tile_1(const void *block, int64_t row, int64_t panel, int64_t rows, int64_t panels) {
  tile_of_height(plain_tile, TILE_ROWS_1, 1, block, row, panel, rows, panels);
}
NOINLINE void plain_tile_2(const void *block, int64_t row, int64_t panel, int64_t rows, int64_t panels) {
  tile_of_height(plain_tile, TILE_ROWS_2, 2, block, row, panel, rows, panels);
}
#if BLOCK_VECTORS == 4
NOINLINE void plain_tile_3(const void *block, int64_t row, int64_t panel, int64_t rows, int64_t panels) {
  tile_of_height(plain_tile, TILE_ROWS_3, 3, block, row, panel, rows, panels);
}
NOINLINE void plain_tile_4(const void *block, int64_t row, int64_t panel, int64_t rows, int64_t panels) {
  tile_of_height(plain_tile, TILE_ROWS_4, 4, block, row, panel, rows, panels);
}
static tile_function *const plain_tiles[BLOCK_VECTORS + 1] = {NULL, plain_tile_1, plain_tile_2, plain_tile_3,
                                                              plain_tile_4};
#else
static tile_function *const plain_tiles[BLOCK_VECTORS + 1] = {NULL, plain_tile_1, plain_tile_2};
#endif

// Rows of the left operand kept in the second-level cache while all panels pass over it.
#define ROW_BLOCK_REALS 49152

/// Rows [row_begin, row_end) of the product, panels [panel_begin, panel_end).
static void product_rows(const product_job *job, int64_t row_begin, int64_t row_end, int64_t panel_begin,
                         int64_t panel_end) {
  const int64_t most = tile_rows[smaller(BLOCK_VECTORS, job->columns.slots)];
  int64_t rows = larger(4, ROW_BLOCK_REALS / larger(1, job->depth) / most) * most;
  const int64_t reals = operand_reals(job->a, smaller(rows, row_end - row_begin));
  REAL *memory = reals > 0 ? aligned_alloc(64, round_up(reals * sizeof(REAL), 64)) : NULL;
  for (int64_t first = row_begin; first < row_end; first += rows) {
    const int64_t last = smaller(first + rows, row_end);
    product_block block = {.job = job, .first = first, .a = tile_operand(job->a, first, last, memory)};
    stretch panels = {panel_begin, panel_end};
    if (last - first == 1 && job->columns.slots == 2) {
      // The last panel may have one vector.
      const stretch whole = {panel_begin, smaller(panel_end, job->columns.hidden / (2 * LANES))};
      if (whole.end > whole.begin) panels.begin = row_tiles(plain_tile_2, 2, &block, whole);
    }
    for (int64_t panel = panels.begin; panel < panels.end; panel++) {
      const int vectors = panel_vectors(&job->columns, panel);
      for (block.slot = 0; block.slot < vectors; block.slot += BLOCK_VECTORS) {
        const int64_t wide = smaller(BLOCK_VECTORS, vectors - block.slot);
        panel_tiles(plain_tiles[wide], tile_rows[wide], &block, panel, last - first);
      }
    }
  }
  free(memory);
}
