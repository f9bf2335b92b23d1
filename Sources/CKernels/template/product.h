// Products of rows with a packed right operand.

/// A product's result and start value. Exactly one of `c` (the user's columns) and `panels` (a gate buffer) is given.
typedef struct product_job {
  left a;
  const REAL *b;  // packed, or, transposed, a gate buffer [panels][depth][slots*LANES]
  int b_is_buffer;
  int64_t b_panel_stride, b_stride;
  side columns;
  const REAL *bias;  // packed like a row of b, or NULL
  REAL *c;
  int64_t c_stride;
  REAL *panels;  // row r of panel p at panels + p*panel_stride + r*row_stride
  int64_t panel_stride, row_stride;
  int accumulate;
  int64_t rows, depth;
} product_job;

INLINE void begin_tile(const int rows, const int vectors, vec (*sums)[MOST_VECTORS], const product_job *job,
                       int64_t row, int64_t panel) {
  if (!job->accumulate) {
    UNROLL for (int v = 0; v < vectors; v++) {
      vec start = job->bias ? load(job->bias + (panel * job->columns.slots + v) * LANES) : (vec){0};
      UNROLL for (int r = 0; r < rows; r++) sums[r][v] = start;
    }
  } else {
    UNROLL for (int v = 0; v < vectors; v++) {
      int64_t valid, column = side_column(&job->columns, panel, v, &valid);
      UNROLL for (int r = 0; r < rows; r++) sums[r][v] = load_part(job->c + (row + r) * job->c_stride + column, valid);
    }
  }
}

INLINE void end_tile(const int rows, const int vectors, vec (*sums)[MOST_VECTORS], const product_job *job, int64_t row,
                     int64_t panel) {
  if (job->panels) {
    REAL *to = job->panels + panel * job->panel_stride + row * job->row_stride;
    UNROLL for (int r = 0; r < rows; r++) {
      UNROLL for (int v = 0; v < vectors; v++) store(to + r * job->row_stride + v * LANES, sums[r][v]);
    }
    return;
  }
  UNROLL for (int v = 0; v < vectors; v++) {
    int64_t valid, column = side_column(&job->columns, panel, v, &valid);
    UNROLL for (int r = 0; r < rows; r++) store_part(job->c + (row + r) * job->c_stride + column, sums[r][v], valid);
  }
}

/// A block of a product's rows, from `first` on, as tiles read it.
typedef struct row_block {
  const product_job *job;
  int64_t first;
  left a;
} row_block;

INLINE void plain_tile(const int rows, const int vectors, const void *context, int64_t row, int64_t panel) {
  const row_block *block = context;
  const product_job *job = block->job;
  vec sums[MOST_ROWS][MOST_VECTORS];
  begin_tile(rows, vectors, sums, job, block->first + row, panel);
  multiply_tile(rows, vectors, sums, rows_from(block->a, row), job->b + panel * job->b_panel_stride, job->b_stride);
  end_tile(rows, vectors, sums, job, block->first + row, panel);
}

NOINLINE void plain_tile_1(const void *block, int64_t row, int64_t panel, int64_t rows) {
  tile_of_height(plain_tile, TILE_ROWS_1, 1, block, row, panel, rows);
}
NOINLINE void plain_tile_2(const void *block, int64_t row, int64_t panel, int64_t rows) {
  tile_of_height(plain_tile, TILE_ROWS_2, 2, block, row, panel, rows);
}
NOINLINE void plain_tile_3(const void *block, int64_t row, int64_t panel, int64_t rows) {
  tile_of_height(plain_tile, TILE_ROWS_3, 3, block, row, panel, rows);
}
NOINLINE void plain_tile_4(const void *block, int64_t row, int64_t panel, int64_t rows) {
  tile_of_height(plain_tile, TILE_ROWS_4, 4, block, row, panel, rows);
}
static tile_function *const plain_tiles[5] = {NULL, plain_tile_1, plain_tile_2, plain_tile_3, plain_tile_4};

// Rows of the left operand kept in the second-level cache while all panels pass over them.
#define ROW_BLOCK_REALS 49152

/// Rows [row_begin, row_end) of the product, panels [panel_begin, panel_end).
static void product_rows(const product_job *job, int64_t row_begin, int64_t row_end, int64_t panel_begin,
                         int64_t panel_end) {
  const int64_t most = tile_rows[job->columns.slots];
  int64_t block = larger(4, ROW_BLOCK_REALS / larger(1, job->depth) / most) * most;
  const int64_t reals = operand_reals(smaller(block, row_end - row_begin), job->depth);
  REAL *memory = reals > 0 ? aligned_alloc(64, round_up(reals * sizeof(REAL), 64)) : NULL;
  for (int64_t first = row_begin; first < row_end; first += block) {
    int64_t last = smaller(first + block, row_end);
    const row_block block = {.job = job, .first = first, .a = tile_operand(job->a, first, last, memory)};
    for (int64_t panel = panel_begin; panel < panel_end; panel++) {
      const int vectors = panel_vectors(&job->columns, panel);
      panel_tiles(plain_tiles[vectors], tile_rows[vectors], &block, panel, last - first);
    }
  }
  free(memory);
}
