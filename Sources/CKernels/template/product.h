// Matrix products over packed panels, in the two forms that training needs: rows times a packed weight, and the
// transposed left operand for a weight's gradient.

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

INLINE void fetch_tile(const int rows, const int vectors, const product_job *job, int64_t row, int64_t panel) {
  UNROLL for (int v = 0; v < vectors; v++) {
    int64_t valid, column = side_column(&job->columns, panel, v, &valid);
    UNROLL for (int r = 0; r < rows; r++) __builtin_prefetch(job->c + (row + r) * job->c_stride + column, 1);
  }
}

INLINE void add_tile(const int rows, const int vectors, vec (*sums)[MOST_VECTORS], const product_job *job, int64_t row,
                     int64_t panel) {
  UNROLL for (int v = 0; v < vectors; v++) {
    int64_t valid, column = side_column(&job->columns, panel, v, &valid);
    UNROLL for (int r = 0; r < rows; r++) {
      REAL *to = job->c + (row + r) * job->c_stride + column;
      store_part(to, job->accumulate ? load_part(to, valid) + sums[r][v] : sums[r][v], valid);
    }
  }
}

#define PLAIN_TILE(ROWS, VECTORS)                                                                       \
  case ROWS: {                                                                                          \
    vec sums[MOST_ROWS][MOST_VECTORS];                                                                  \
    begin_tile(ROWS, VECTORS, sums, job, row, panel);                                                   \
    multiply_tile(ROWS, VECTORS, sums, *a, job->b + panel * job->b_panel_stride, job->b_stride);         \
    end_tile(ROWS, VECTORS, sums, job, row, panel);                                                     \
    return;                                                                                             \
  }
// The tile of the result is fetched ahead, and added to when the sums are done: it comes from far away.
#define TRANSPOSED_TILE(ROWS, VECTORS)                                                                  \
  case ROWS: {                                                                                          \
    vec sums[MOST_ROWS][MOST_VECTORS] = {0};                                                            \
    fetch_tile(ROWS, VECTORS, job, row, panel);                                                         \
    multiply_tile_transposed(ROWS, VECTORS, sums, a, a_stride, lanes, b, b_stride);                     \
    add_tile(ROWS, VECTORS, sums, job, row, panel);                                                     \
    return;                                                                                             \
  }
#define PLAIN_1(ROWS) PLAIN_TILE(ROWS, 1)
#define PLAIN_2(ROWS) PLAIN_TILE(ROWS, 2)
#define PLAIN_3(ROWS) PLAIN_TILE(ROWS, 3)
#define PLAIN_4(ROWS) PLAIN_TILE(ROWS, 4)
#define TRANSPOSED_1(ROWS) TRANSPOSED_TILE(ROWS, 1)
#define TRANSPOSED_2(ROWS) TRANSPOSED_TILE(ROWS, 2)

#define PLAIN_FUNCTION(VECTORS)                                                                                  \
  static __attribute__((noinline)) void plain_tile_##VECTORS(const product_job *job, const left *a, int64_t row, \
                                                             int64_t panel, int64_t rows) {                      \
    switch (rows) { CASES_##VECTORS(PLAIN_##VECTORS) }                                                           \
  }
#define TRANSPOSED_FUNCTION(VECTORS)                                                                            \
  static __attribute__((noinline)) void transposed_tile_##VECTORS(const product_job *job, const REAL *a,        \
                                                                  int64_t a_stride, int64_t lanes,              \
                                                                  const REAL *b, int64_t b_stride, int64_t row, \
                                                                  int64_t panel, int64_t rows) {                \
    switch (rows) { CASES_##VECTORS(TRANSPOSED_##VECTORS) }                                                     \
  }
PLAIN_FUNCTION(1)
PLAIN_FUNCTION(2)
PLAIN_FUNCTION(3)
PLAIN_FUNCTION(4)
TRANSPOSED_FUNCTION(1)
TRANSPOSED_FUNCTION(2)

typedef void (*plain_tile)(const product_job *, const left *, int64_t, int64_t, int64_t);
typedef void (*transposed_tile)(const product_job *, const REAL *, int64_t, int64_t, const REAL *, int64_t, int64_t,
                                int64_t, int64_t);
static const plain_tile plain_tiles[5] = {NULL, plain_tile_1, plain_tile_2, plain_tile_3, plain_tile_4};
static const transposed_tile transposed_tiles[3] = {NULL, transposed_tile_1, transposed_tile_2};

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
    const left operand = tile_operand(job->a, first, last, memory);
    for (int64_t panel = panel_begin; panel < panel_end; panel++) {
      int vectors = panel_vectors(&job->columns, panel);
      plain_tile tile = plain_tiles[vectors];
      for (int64_t row = first; row < last;) {
        int64_t rows = next_tile_rows(last - row, tile_rows[vectors]);
        const left a = rows_from(operand, row - first);
        tile(job, &a, row, panel, rows);
        row += rows;
      }
    }
  }
  free(memory);
}

// Steps of the sum taken at a time when the left operand is transposed: a packed stretch of it and the panel's stretch
// then stay in the cache. Part of the result's definition: sums are taken in this grouping at every level.
#define DEPTH_CHUNK 512

/// packed[k][r] = a[from + k][row + r] for a tile of `rows` rows, in lanes; of each line LANES reals may be written.
static void pack_rows(const left *a, int64_t from, int64_t depth, int64_t row, int64_t rows, int64_t all_rows,
                      REAL *packed) {
  const int64_t whole = row + round_up(rows, LANES) <= all_rows ? round_up(rows, LANES) : rows;
  for (int64_t k = 0; k < depth; k += STEPS_PER_LANE) {
    const REAL *source = a->base + (from + k) * a->stride + row;
    REAL *to = packed + k / STEPS_PER_LANE * TILE_ROWS_2;
    for (int64_t r = 0; r < rows; r += LANES) {
      vec lines[STEPS_PER_LANE] = {{0}};
      for (int64_t step = 0; step < smaller(STEPS_PER_LANE, depth - k); step++)
        lines[step] = load_part(source + step * a->stride + r, whole - r);
      store(to + r, joined(lines));
    }
  }
}

/// Steps [from, from + depth) of a panel of b in lanes, where they stand or in `memory` [DEPTH_CHUNK][2*LANES].
INLINE const REAL *right_operand(const product_job *job, int64_t panel, int64_t from, int64_t depth, REAL *memory,
                                 int64_t *stride) {
  const REAL *b = job->b + panel * job->b_panel_stride + (job->b_is_buffer ? from : lane_depth(from)) * job->b_stride;
  *stride = job->b_stride;
#if PAIRS
  if (job->b_is_buffer) {
    *stride = 2 * LANES;
    for (int64_t k = 0; k < depth; k += 2) {
      for (int v = 0; v < job->columns.slots; v++) {
        const REAL *line = b + k * job->b_stride + v * LANES;
        const vec lines[2] = {load(line), k + 1 < depth ? load(line + job->b_stride) : (vec){0}};
        store(memory + k * LANES + v * LANES, joined(lines));
      }
    }
    return memory;
  }
#else
  (void)depth, (void)memory;
#endif
  return b;
}

/// Slots 2*pair and 2*pair + 1 of a panel.
static side slot_pair(const side *s, int pair) {
  side two = *s;
  two.slots = s->slots - 2 * pair < 2 ? 1 : 2;
  for (int i = 0; i < two.slots; i++) {
    two.block[i] = s->block[2 * pair + i];
    two.shift[i] = s->shift[2 * pair + i];
  }
  return two;
}

/// The transposed form, c[rows, columns] (+)= a[depth, rows]^T . b. Tiles are two vectors wide, so that a panel's stretch
/// stays in the first-level cache while a passes over it; they are shared over the parts, panel by panel.
static void product_transposed_part(const product_job *given, int part, int parts) {
  const int pairs = (given->columns.slots + 1) / 2;
  const int64_t height = TILE_ROWS_2, tiles = (given->rows + height - 1) / height;
  product_job jobs[(MOST_VECTORS + 1) / 2];
  for (int pair = 0; pair < pairs; pair++) {
    jobs[pair] = *given;
    jobs[pair].columns = slot_pair(&given->columns, pair);
    jobs[pair].b += 2 * pair * LANES;
  }
  const stretch mine = share(tiles * pairs * given->columns.panels, part, parts);
  if (mine.begin == mine.end) return;
  const int64_t slot_reals = lane_depth(DEPTH_CHUNK) * height;
  const int64_t right_reals = STEPS_PER_LANE == 1 ? 0 : lane_depth(DEPTH_CHUNK) * 2 * LANES;
  REAL *right = aligned_alloc(64, round_up((right_reals + tiles * slot_reals + LANES) * sizeof(REAL), 64));
  REAL *packed = right + right_reals;
  int64_t first_tile = 0, last_tile = tiles;
  if (mine.begin / tiles == (mine.end - 1) / tiles) {
    first_tile = mine.begin % tiles;
    last_tile = (mine.end - 1) % tiles + 1;
  }
  for (int64_t from = 0; from < given->depth || from == 0; from += DEPTH_CHUNK) {
    int64_t depth = smaller(DEPTH_CHUNK, given->depth - from);
    for (int64_t tile = first_tile; tile < last_tile; tile++)
      pack_rows(&given->a, from, depth, tile * height, smaller(height, given->rows - tile * height), given->rows,
                packed + tile * slot_reals);
    for (int64_t unit = mine.begin; unit < mine.end;) {
      const int64_t panel = unit / tiles / pairs, end = smaller(mine.end, (unit / tiles + 1) * tiles);
      product_job *job = &jobs[unit / tiles % pairs];
      job->accumulate = given->accumulate || from > 0;
      const int vectors = panel_vectors(&job->columns, panel);
      int64_t b_stride;
      const REAL *b = right_operand(job, panel, from, depth, right, &b_stride);
      for (; unit < end; unit++) {
        const int64_t tile = unit % tiles;
        transposed_tiles[vectors](job, packed + tile * slot_reals, height, lane_depth(depth), b, b_stride,
                                  tile * height, panel, smaller(height, job->rows - tile * height));
      }
    }
  }
  free(right);
}

/// Threads worth waking for this many multiply-adds.
INLINE int parts_for(double multiply_adds) {
  return multiply_adds < 100000 ? 1 : ck_threads();
}

static void product_part(void *context, int part, int parts) {
  const product_job *job = context;
  ck_enter_phase(CK_BIG_PRODUCTS);
  if (job->a.run_length == 0) {  // transposed
    product_transposed_part(job, part, parts);
  } else if (job->rows >= 4 * parts) {
    stretch mine = share(job->rows, part, parts);
    product_rows(job, mine.begin, mine.end, 0, job->columns.panels);
  } else {
    stretch mine = share(job->columns.panels, part, parts);
    product_rows(job, 0, job->rows, mine.begin, mine.end);
  }
}

INLINE void run_product(product_job *job) {
  if (job->rows == 0 || job->columns.hidden == 0) return;
  ck_run(parts_for((double)job->rows * job->depth * job->columns.hidden), product_part, job);
}

static int64_t packed_count(int64_t depth, int64_t columns) {
  return plain_side(columns).panels * packed_panel(depth, 2);
}

typedef struct pack_job {
  side columns;
  const REAL *b;
  int64_t row_stride, column_stride, depth;
  REAL *packed;
  int transposed;
} pack_job;

static void pack_part(void *context, int part, int parts) {
  const pack_job *job = context;
  ck_enter_phase(CK_PACKING);
  if (job->transposed) {
    stretch mine = share(plain_side(job->depth).panels, part, parts);
    pack_side_transposed(&job->columns, job->b, job->row_stride, job->depth, job->packed, mine.begin, mine.end);
  } else {
    stretch mine = share(job->columns.panels, part, parts);
    pack_side(&job->columns, job->b, job->row_stride, job->column_stride, job->depth, job->packed, mine.begin,
              mine.end);
  }
}

INLINE void run_pack(pack_job job) {
  ck_run(parts_for(2.0 * job.depth * job.columns.hidden * (job.columns.slots == 2 ? 1 : job.columns.slots)), pack_part,
         &job);
}

static void pack_matrix(const void *b, int64_t row_stride, int64_t column_stride, int64_t depth, int64_t columns,
                        void *packed) {
  run_pack((pack_job){plain_side(columns), b, row_stride, column_stride, depth, packed, 0});
}

static void product(const ck_product *p) {
  side columns = plain_side(p->columns);
  REAL *bias = NULL;
  if (p->bias) {
    bias = malloc(columns.panels * 2 * LANES * sizeof(REAL));
    pack_bias(&columns, p->bias, bias);
  }
  left a = p->transposed_a ? (left){p->a, p->a_stride, 1, 0, 0} : left_rows(p->a, p->a_stride, p->depth);
  product_job job = {.a = a, .b = p->b, .b_panel_stride = packed_panel(p->depth, 2), .b_stride = 2 * LANES,
                     .columns = columns, .bias = bias, .c = p->c, .c_stride = p->c_stride,
                     .accumulate = p->accumulate, .rows = p->rows, .depth = p->depth};
  // A sum of nothing: the plain form gives the bias, whatever stands in a.
  if (p->depth == 0) job.a = (left){p->a, 0, 0, 1, 0};
  run_product(&job);
  free(bias);
}
