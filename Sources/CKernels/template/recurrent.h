// What the recurrent layers share: the layout of their gates, the order in which a batch is worked through, and the
// slices of it that the threads take.
//
// Forward: one product of all inputs with the input weights into the gate buffer, then, step by step, the product of
// the state with the recurrent weights, added to it tile by tile, with the gate arithmetic on each tile. Backward: step
// by step from the end, the gate arithmetic's gradient overwrites the gates, and its product with the transposed
// recurrent weights gives the state's gradient; the weights' gradients are products over all steps at once.

typedef struct layout {
  side buffer;   // all slots of the gate buffer
  int64_t width; // reals of a row of a panel
  int input_first, input_count;  // slots that the inputs' product fills
  int state_first, state_count;  // slots that the state's product fills (reset before: r and z)
  int64_t padded;                // hidden, rounded up to whole panels
} layout;

static layout layout_of(ck_cell cell, int64_t hidden) {
  layout l;
  switch (cell) {
    case CK_LSTM:
      l = (layout){gate_side(4, 0, 1, 2, 3, hidden), 4 * LANES, 0, 4, 0, 4, 0};
      break;
    case CK_GRU_RESET_AFTER:  // slots n of the inputs, r, z, n of the state
      l = (layout){gate_side(4, 2, 0, 1, 2, hidden), 4 * LANES, 0, 3, 1, 3, 0};
      break;
    case CK_GRU_RESET_BEFORE:  // slots n, r, z
      l = (layout){gate_side(3, 2, 0, 1, 0, hidden), 3 * LANES, 0, 3, 1, 2, 0};
      break;
    default:
      l = (layout){plain_side(hidden), 2 * LANES, 0, 2, 0, 2, 0};
  }
  l.padded = l.buffer.panels * l.buffer.units;
  return l;
}

/// `count` slots of the buffer from `first` on.
static side slots_of(const layout *l, int first, int count) {
  side s = l->buffer;
  s.slots = count;
  for (int i = 0; i < count; i++) {
    s.block[i] = l->buffer.block[first + i];
    s.shift[i] = l->buffer.shift[first + i];
  }
  return s;
}

INLINE int64_t state_width(const ck_recurrent *r) { return r->projected > 0 ? r->projected : r->hidden; }

static int64_t recurrent_packed_count(ck_cell cell, ck_weight_form form, int64_t rows, int64_t hidden) {
  layout l = layout_of(cell, hidden);
  int before = cell == CK_GRU_RESET_BEFORE;
  switch (form) {
    case CK_INPUT: return l.buffer.panels * packed_panel(rows, l.input_count);
    case CK_STATE: return l.buffer.panels * packed_panel(rows, l.state_count + before);
    case CK_INPUT_TRANSPOSED: return packed_count(l.buffer.panels * l.input_count * LANES, rows);
    case CK_STATE_TRANSPOSED:
      return packed_count(l.buffer.panels * l.state_count * LANES, rows) +
             (before ? packed_count(l.buffer.panels * LANES, rows) : 0);
    default: return l.buffer.panels * l.input_count * LANES;
  }
}

static int gate_count(ck_cell cell) { return cell == CK_LSTM ? 4 : cell >= CK_GRU_RESET_AFTER ? 3 : 1; }

static void pack_recurrent_bias(ck_cell cell, const layout *l, const REAL *bias, double forget_bias, REAL *packed) {
  const side columns = slots_of(l, l->input_first, l->input_count);
  pack_bias(&columns, bias, packed);
  if (cell != CK_LSTM || forget_bias == 0) return;
  for (int64_t panel = 0; panel < columns.panels; panel++) {
    int64_t valid;
    side_column(&columns, panel, 1, &valid);
    REAL *forget = packed + (panel * 4 + 1) * LANES;
    for (int64_t lane = 0; lane < valid; lane++) forget[lane] += (REAL)forget_bias;
  }
}

static void recurrent_pack(ck_cell cell, ck_weight_form form, const void *weight, int64_t rows, int64_t hidden,
                           double forget_bias, void *packed) {
  layout l = layout_of(cell, hidden);
  const int64_t columns = gate_count(cell) * hidden;
  int is_state = form == CK_STATE || form == CK_STATE_TRANSPOSED;
  int transposed = form == CK_INPUT_TRANSPOSED || form == CK_STATE_TRANSPOSED;
  if (form == CK_BIAS) {
    pack_recurrent_bias(cell, &l, weight, forget_bias, packed);
    return;
  }
  side main = is_state ? slots_of(&l, l.state_first, l.state_count) : slots_of(&l, l.input_first, l.input_count);
  run_pack((pack_job){main, weight, columns, 1, rows, packed, transposed});
  if (is_state && cell == CK_GRU_RESET_BEFORE) {
    int64_t done = transposed ? packed_count(l.buffer.panels * l.state_count * LANES, rows)
                              : l.buffer.panels * packed_panel(rows, l.state_count);
    run_pack((pack_job){slots_of(&l, 0, 1), weight, columns, 1, rows, (REAL *)packed + done, transposed});
  }
}

/// The parts of `saved`, in order; what a cell does not need is empty.
typedef struct saved_parts {
  REAL *gates;  // [panels][steps*batch][width]
  REAL *cells;  // LSTM: [steps*batch][padded]
  REAL *extra;  // LSTM with projection: h' before it; GRU with reset before: r*h; [steps*batch][padded]
  int64_t extra_stride;
  int64_t count;  // after which backward keeps the gradient of the projected states, packed
} saved_parts;

static saved_parts saved_layout(const ck_recurrent *r, const layout *l) {
  const int64_t rows = r->steps * r->batch;
  saved_parts s = {0};
  REAL *base = (REAL *)r->saved;  // NULL when only the count is asked for
  int64_t used = l->buffer.panels * rows * l->width;
  s.gates = base;
  if (r->cell == CK_LSTM) {
    s.cells = base ? base + used : NULL;
    used += rows * l->padded;
  }
  if (r->projected > 0 || r->cell == CK_GRU_RESET_BEFORE) {
    s.extra = base ? base + used : NULL;
    s.extra_stride = l->padded;
    used += rows * l->padded;
  }
  s.count = used;
  return s;
}

static int64_t recurrent_saved_count(const ck_recurrent *r) {
  layout l = layout_of(r->cell, r->hidden);
  int64_t projected = r->projected > 0 ? plain_side(r->projected).panels * 2 * LANES * r->steps * r->batch : 0;
  return saved_layout(r, &l).count + projected;
}

/// A slice: rows of the batch that one thread (or, for small batches, all threads together, each with its own panels)
/// carries through all steps. `order` lists them from the longest sequence to the shortest, so that at every step the
/// rows still running come first.
typedef struct slice {
  const int32_t *order;
  int64_t rows;
  int64_t panel_begin, panel_end;
  ck_barrier *barrier;
  int parts;  // threads that share the slice
} slice;

INLINE void meet(const slice *s) {
  if (s->barrier) ck_barrier_wait(s->barrier, s->parts);
}

INLINE int64_t length_of(const ck_recurrent *r, int64_t row) { return r->lengths ? r->lengths[row] : r->steps; }

INLINE int64_t running_rows(const ck_recurrent *r, const slice *s, int64_t time) {
  if (!r->lengths) return s->rows;
  int64_t running = 0;
  while (running < s->rows && length_of(r, s->order[running]) > time) running++;
  return running;
}

INLINE int64_t time_of(const ck_recurrent *r, int64_t step) { return r->reversed ? r->steps - 1 - step : step; }

/// Memory for the state that enters a step, as tiles read it; NULL where they read it in place.
static REAL *step_memory(int64_t rows, int64_t columns) {
  const int64_t reals = operand_reals(rows, columns);
  return reals > 0 ? aligned_alloc(64, round_up(reals * sizeof(REAL), 64)) : NULL;
}

/// The time step whose state entered step `time` of a row, or -1 for the initial state.
INLINE int64_t time_before(const ck_recurrent *r, int64_t row, int64_t time) {
  if (!r->reversed) return time - 1;
  return time + 1 < length_of(r, row) ? time + 1 : -1;
}

/// to[i, :] = from[order[i], :], or zero.
static void gather_state(const slice *s, const REAL *from, int64_t columns, REAL *to, int64_t stride) {
  for (int64_t i = 0; i < s->rows; i++) {
    memset(to + i * stride, 0, stride * sizeof(REAL));
    if (from) memcpy(to + i * stride, from + s->order[i] * columns, columns * sizeof(REAL));
  }
}

static void scatter_state(const slice *s, const REAL *from, int64_t stride, REAL *to, int64_t columns) {
  if (!to) return;
  for (int64_t i = 0; i < s->rows; i++)
    memcpy(to + s->order[i] * columns, from + i * stride, columns * sizeof(REAL));
}

/// How a batch is divided: `slices` runs of `order`, dealt to the parts in turn; or one slice whose panels are shared.
typedef struct division {
  int32_t *order;
  int64_t *begins;  // [slices + 1]
  int64_t slices;
  int shared;
  int parts;
} division;

// Rows of a slice when the recurrent weights stay in the second-level cache: gates, states and a panel then stay in the
// first. Larger weights are read from further away, and a slice takes all rows of its thread to read them least often.
#define SLICE_ROWS 14
#define CACHED_WEIGHT_REALS 131072
// Smaller recurrent weights are not worth a barrier at every step.
#define SHARED_WEIGHT_REALS 65536

static division divide(const ck_recurrent *r, const layout *l) {
  division d = {0};
  const int64_t weight = state_width(r) * l->padded * l->state_count;
  const double work = (double)r->steps * r->batch * weight;
  d.parts = parts_for(work);
  int threads = d.parts;
  d.order = malloc(larger(1, r->batch) * sizeof(int32_t));
  if (r->batch < 2 * threads) {
    d.shared = threads > 1 && weight >= SHARED_WEIGHT_REALS;
    if (!d.shared) d.parts = (int)larger(1, smaller(threads, r->batch));
    d.slices = d.shared ? 1 : d.parts;
  } else {
    int64_t per_thread = (r->batch + threads - 1) / threads;
    int64_t cuts = weight <= CACHED_WEIGHT_REALS ? (per_thread + SLICE_ROWS - 1) / SLICE_ROWS : 1;
    d.slices = threads * cuts;
  }
  d.begins = malloc((d.slices + 1) * sizeof(int64_t));
  for (int64_t i = 0; i <= d.slices; i++) d.begins[i] = r->batch * i / d.slices;
  if (!r->lengths) {
    for (int64_t i = 0; i < r->batch; i++) d.order[i] = (int32_t)i;
    return d;
  }
  // Counting sort by length, longest first, then dealt like cards, so that all slices have about the same work.
  int64_t *starts = calloc(r->steps + 2, sizeof(int64_t));
  int32_t *sorted = malloc(larger(1, r->batch) * sizeof(int32_t));
  for (int64_t i = 0; i < r->batch; i++) starts[r->steps - r->lengths[i] + 1]++;
  for (int64_t i = 0; i <= r->steps; i++) starts[i + 1] += starts[i];
  for (int64_t i = 0; i < r->batch; i++) sorted[starts[r->steps - r->lengths[i]]++] = (int32_t)i;
  int64_t next = 0, round = 0;
  while (next < r->batch) {
    for (int64_t i = 0; i < d.slices; i++) {
      if (d.begins[i] + round < d.begins[i + 1]) d.order[d.begins[i] + round] = sorted[next++];
    }
    round++;
  }
  free(starts);
  free(sorted);
  return d;
}

static void end_division(division *d) {
  free(d->order);
  free(d->begins);
}

INLINE int64_t division_most_rows(const division *d) {
  int64_t most = 0;
  for (int64_t i = 0; i < d->slices; i++) most = larger(most, d->begins[i + 1] - d->begins[i]);
  return most;
}

/// The gate buffer's inputs part for rows [begin, end) and panels [panel_begin, panel_end): x . W + b, or for tokens
/// the weight's rows themselves.
static void project_inputs(const ck_recurrent *r, const layout *l, REAL *gates, int64_t begin, int64_t end,
                           int64_t panel_begin, int64_t panel_end) {
  const int64_t rows = r->steps * r->batch, count = l->input_count;
  const REAL *weight = r->input_weight, *bias = r->bias;
  if (r->tokens) {
    for (int64_t panel = panel_begin; panel < panel_end; panel++) {
      vec offset[MOST_VECTORS];
      for (int v = 0; v < count; v++) offset[v] = load(bias + (panel * count + v) * LANES);
      for (int64_t row = begin; row < end; row++) {
        const int64_t token = r->tokens[row];
        const REAL *from = weight + panel * packed_panel(r->inputs, count) + token / STEPS_PER_LANE * count * LANES;
        REAL *to = gates + (panel * rows + row) * l->width + l->input_first * LANES;
        for (int v = 0; v < count; v++) store(to + v * LANES, parted(load(from + v * LANES), token) + offset[v]);
      }
    }
    return;
  }
  product_job job = {.a = left_rows(r->x, r->inputs, r->inputs), .b = weight,
                     .b_panel_stride = packed_panel(r->inputs, count), .b_stride = count * LANES,
                     .columns = slots_of(l, l->input_first, (int)count), .bias = bias,
                     .panels = gates + l->input_first * LANES, .panel_stride = rows * l->width, .row_stride = l->width,
                     .rows = rows, .depth = r->inputs};
  product_rows(&job, begin, end, panel_begin, panel_end);
}

/// gradient (+)= a^T . gates[:, first..], a [rows, columns_of_a] the left rows, gate rows from gate_row on.
static void weight_gradient_part(const layout *l, int first, int count, const REAL *a, int64_t a_columns,
                                 int64_t a_stride, const REAL *gates, int64_t gate_rows, int64_t gate_row,
                                 int64_t rows, REAL *gradient, int64_t gradient_columns, int accumulate, int part,
                                 int parts) {
  product_job job = {.a = {a, a_stride, 1, 0, 0}, .b = gates + gate_row * l->width + first * LANES, .b_is_buffer = 1,
                     .b_panel_stride = gate_rows * l->width, .b_stride = l->width,
                     .columns = slots_of(l, first, count), .c = gradient, .c_stride = gradient_columns,
                     .accumulate = accumulate, .rows = a_columns, .depth = rows};
  product_transposed_part(&job, part, parts);
}

/// gradient [inputs, gates*hidden] (+)= one-hot(tokens)^T . gates, for panels of this part.
static void token_gradient_part(const ck_recurrent *r, const layout *l, const REAL *gates, REAL *gradient,
                                int accumulate, int part, int parts) {
  const int64_t rows = r->steps * r->batch, columns = gate_count(r->cell) * r->hidden;
  side s = slots_of(l, l->input_first, l->input_count);
  stretch mine = share(s.panels, part, parts);
  for (int64_t panel = mine.begin; panel < mine.end; panel++) {
    for (int slot = 0; slot < s.slots; slot++) {
      int64_t valid, column = side_column(&s, panel, slot, &valid);
      if (valid == 0) continue;
      if (!accumulate) {
        for (int64_t i = 0; i < r->inputs; i++) store_part(gradient + i * columns + column, (vec){0}, valid);
      }
      const REAL *from = gates + panel * rows * l->width + (l->input_first + slot) * LANES;
      for (int64_t row = 0; row < rows; row++) {
        REAL *to = gradient + r->tokens[row] * columns + column;
        store_part(to, load_part(to, valid) + load(from + row * l->width), valid);
      }
    }
  }
}

/// gradient [gates*hidden] (+)= column sums of the gate buffer's slots first..<first+count, for panels of this part.
static void bias_gradient_part(const layout *l, int first, int count, const REAL *gates, int64_t rows, REAL *gradient,
                               int accumulate, int part, int parts) {
  side s = slots_of(l, first, count);
  stretch mine = share(s.panels, part, parts);
  for (int64_t panel = mine.begin; panel < mine.end; panel++) {
    for (int slot = 0; slot < count; slot++) {
      int64_t valid, column = side_column(&s, panel, slot, &valid);
      if (valid == 0) continue;
      const REAL *from = gates + panel * rows * l->width + (first + slot) * LANES;
      vec even = {0}, odd = {0};
      int64_t row = 0;
      for (; row + 1 < rows; row += 2) {
        even += load(from + row * l->width);
        odd += load(from + (row + 1) * l->width);
      }
      if (row < rows) even += load(from + row * l->width);
      vec sum = even + odd;
      if (accumulate) sum += load_part(gradient + column, valid);
      store_part(gradient + column, sum, valid);
    }
  }
}

/// The state entering every row's first step, as gate rows [panels][batch][width]: what multiplies the initial state
/// in the recurrent weights' gradient. Reversed sequences of several lengths begin at different times.
static REAL *first_gate_rows(const ck_recurrent *r, const layout *l, const REAL *gates) {
  const int64_t rows = r->steps * r->batch;
  REAL *first = malloc(larger(1, l->buffer.panels * r->batch * l->width) * sizeof(REAL));
  for (int64_t panel = 0; panel < l->buffer.panels; panel++) {
    for (int64_t row = 0; row < r->batch; row++) {
      int64_t length = length_of(r, row), time = r->reversed ? length - 1 : 0;
      REAL *to = first + (panel * r->batch + row) * l->width;
      if (length == 0)
        memset(to, 0, l->width * sizeof(REAL));
      else
        memcpy(to, gates + (panel * rows + time * r->batch + row) * l->width, l->width * sizeof(REAL));
    }
  }
  return first;
}

/// Zero gates for the steps past a row's end, in panels of the slice: their gradients are zero.
INLINE void clear_gates(const slice *s, const layout *l, REAL *gates, int64_t rows, int64_t running, int64_t time,
                        int64_t batch) {
  for (int64_t panel = s->panel_begin; panel < s->panel_end; panel++) {
    for (int64_t i = running; i < s->rows; i++) {
      memset(gates + (panel * rows + time * batch + s->order[i]) * l->width, 0, l->width * sizeof(REAL));
    }
  }
}

/// Rows past their end (or, reversed, before their start): outputs, and what is kept of them, are zero, the state stays.
static void rest_rows(const ck_recurrent *r, const slice *s, int64_t time, int64_t running, const REAL *hidden,
                      REAL *next, int64_t stride) {
  if (running == s->rows) return;
  const int64_t columns = state_width(r);
  const layout l = layout_of(r->cell, r->hidden);
  const saved_parts saved = saved_layout(r, &l);
  for (int64_t i = running; i < s->rows; i++) {
    memset((REAL *)r->outputs + (time * r->batch + s->order[i]) * columns, 0, columns * sizeof(REAL));
    if (saved.extra)
      memset(saved.extra + (time * r->batch + s->order[i]) * saved.extra_stride, 0, saved.extra_stride * sizeof(REAL));
    memcpy(next + i * stride, hidden + i * stride, stride * sizeof(REAL));
  }
}

/// The state that entered a row's step, units from `unit` on.
INLINE vec state_before(const ck_recurrent *r, int64_t order, int64_t time, int64_t unit, int64_t valid) {
  const int64_t before = time_before(r, order, time);
  if (before >= 0)
    return load_part((const REAL *)r->outputs + (before * r->batch + order) * r->hidden + unit, valid);
  if (r->initial_hidden) return load_part((const REAL *)r->initial_hidden + order * r->hidden + unit, valid);
  return (vec){0};
}
