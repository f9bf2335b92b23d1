// Products with a transposed left operand, c (+)= a^T . b: the gradients of weights, over all time steps at once.

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

// Steps of the sum taken at a time when the left operand is transposed: a packed stretch of it and the panel's stretch
// then stay in the cache. Part of the result's definition: sums are taken in this grouping at every level.
#define DEPTH_CHUNK 512

/// A stretch of a panel's sum.
typedef struct transposed_stretch {
  const product_job *job;
  const REAL *a;  // packed, [tiles][lane_depth(DEPTH_CHUNK)][TILE_ROWS_2]
  const REAL *b;
  int64_t b_stride, lanes;
} transposed_stretch;

/// The tile of the result is fetched ahead, and added to when the sums are done: it comes from far away.
INLINE void transposed_tile(const int rows, const int panels, const int vectors, const void *context, int64_t row,
                            int64_t panel) {
  (void)panels;
  const transposed_stretch *s = context;
  vec sums[MOST_ROWS][MOST_VECTORS] = {0};
  fetch_tile(rows, vectors, s->job, row, panel);
  multiply_tile_transposed(rows, vectors, sums, s->a + row * lane_depth(DEPTH_CHUNK), TILE_ROWS_2, s->lanes, s->b,
                           s->b_stride);
  add_tile(rows, vectors, sums, s->job, row, panel);
}

NOINLINE void transposed_tile_1(const void *context, int64_t row, int64_t panel, int64_t rows, int64_t panels) {
  (void)panels;  // always one
  tile_of_height(transposed_tile, TILE_ROWS_2, 1, context, row, panel, rows, 1);
}
NOINLINE void transposed_tile_2(const void *context, int64_t row, int64_t panel, int64_t rows, int64_t panels) {
  (void)panels;  // always one
  tile_of_height(transposed_tile, TILE_ROWS_2, 2, context, row, panel, rows, 1);
}

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

/// Where the stretch of b stands that is wanted after this one; the last panel's is its own.
INLINE const REAL *next_stretch(const product_job *jobs, int pairs, int64_t panel, int64_t pair, int64_t from) {
  if (pair + 1 < pairs) {
    pair++;
  } else if (panel + 1 < jobs->columns.panels) {
    pair = 0, panel++;
  }
  const product_job *job = &jobs[pair];
  return job->b + panel * job->b_panel_stride + (job->b_is_buffer ? from : lane_depth(from)) * job->b_stride;
}

INLINE void fetch_rows(const REAL *b, int64_t stride, int64_t begin, int64_t end) {
  for (int64_t k = begin; k < end; k++) {
    __builtin_prefetch(b + k * stride);
    __builtin_prefetch(b + k * stride + LANES);
  }
}

/// The transposed form, c[rows, columns] (+)= a[depth, rows]^T . b. Tiles are two vectors wide, so that a panel's stretch
/// stays in the second-level cache while a passes over it; they are shared over the parts, panel by panel.
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
      tile_function *tile = panel_vectors(&job->columns, panel) == 2 ? transposed_tile_2 : transposed_tile_1;
      transposed_stretch s = {.job = job, .a = packed, .lanes = lane_depth(depth)};
      s.b = right_operand(job, panel, from, depth, right, &s.b_stride);
      const REAL *next = next_stretch(jobs, pairs, panel, unit / tiles % pairs, from);
      for (; unit < end; unit++) {
        const int64_t index = unit % tiles;
        fetch_rows(next, job->b_stride, depth * index / tiles, depth * (index + 1) / tiles);
        tile(&s, index * height, panel, smaller(height, job->rows - index * height), 1);
      }
    }
  }
  free(right);
}
