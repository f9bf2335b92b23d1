// Whole products and packings, on the team.

// A few microseconds of one thread: what a team takes to meet when it has to be woken.
#define SHARED_MULTIPLY_ADDS 500000

/// Threads worth waking for this many multiply-adds.
INLINE int parts_for(double multiply_adds) {
  return multiply_adds < SHARED_MULTIPLY_ADDS ? 1 : ck_threads();
}

// Rows that a part of a product has at least, where it is divided in more parts than there are threads: so that no thread
// waits long for another's last part, and panels are not read too often.
#define PART_ROWS 64

/// Parts for a product of so many rows on so many threads.
INLINE int parts_of_rows(int64_t rows, int threads) {
  return threads == 1 ? 1 : (int)larger(threads, smaller(4 * threads, rows / PART_ROWS));
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
  // Columns are multiplied in whole panels.
  const int threads = parts_for((double)job->rows * job->depth * job->columns.panels * job->columns.slots * LANES);
  ck_run(job->a.run_length == 0 ? threads : parts_of_rows(job->rows, threads), product_part, job);
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

INLINE void run_pack(pack_job *job) {
  const int blocks = job->columns.slots == 2 ? 1 : job->columns.slots;
  ck_run(parts_for(2.0 * job->depth * job->columns.hidden * blocks), pack_part, job);
}

static void pack_matrix(const void *b, int64_t row_stride, int64_t column_stride, int64_t depth, int64_t columns,
                        void *packed) {
  pack_job job = {.columns = plain_side(columns), .b = b, .row_stride = row_stride, .column_stride = column_stride,
                  .depth = depth, .packed = packed};
  run_pack(&job);
}

static void product(const ck_product *p) {
  side columns = plain_side(p->columns);
  REAL *bias = NULL;
  if (p->bias) {
    bias = malloc(columns.panels * 2 * LANES * sizeof(REAL));
    pack_bias(&columns, p->bias, bias);
  }
  left a = left_rows(p->a, p->a_stride, p->transposed_a ? 0 : p->depth);
  product_job job = {.a = a, .b = p->b, .b_panel_stride = packed_panel(p->depth, 2), .b_stride = 2 * LANES,
                     .columns = columns, .bias = bias, .c = p->c, .c_stride = p->c_stride,
                     .accumulate = p->accumulate, .rows = p->rows, .depth = p->depth};
  // A sum of nothing: the plain form gives the bias, whatever stands in a.
  if (p->depth == 0) job.a = (left){.base = p->a, .run_length = 1};
  run_product(&job);
  free(bias);
}
