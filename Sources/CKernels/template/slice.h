// How a slice of the batch passes through the steps, forward and back: the one skeleton of all cells. A cell gives what
// it does at a step, made of tiles forward and of units back.

/// A slice: rows of the batch that one thread (or, for small batches, all threads together, each with its own panels)
/// carries through all steps. `order` lists them from the longest sequence to the shortest, so that at every step the
/// rows still running come first.
typedef struct slice {
  const int32_t *order;
  const int32_t *places;  // of the same rows among those of a time step in the gate buffer
  int64_t rows;
  int64_t panel_begin, panel_end;
  ck_barrier *barrier;
  int part, parts;  // of the threads that share the slice; part 0 fills what belongs to no panel
} slice;

INLINE void meet(const slice *s) {
  if (s->barrier) ck_barrier_wait(s->barrier, s->parts);
}

/// The slice's share of the columns' panels, as of the gate buffer's.
INLINE stretch share_of(const slice *s, const layout *l, const side *columns) {
  return (stretch){.begin = columns->panels * s->panel_begin / l->buffer.panels,
                   .end = columns->panels * s->panel_end / l->buffer.panels};
}

INLINE int64_t length_of(const ck_recurrent *r, int64_t row) { return r->lengths ? r->lengths[row] : r->steps; }

INLINE int64_t running_rows(const ck_recurrent *r, const slice *s, int64_t time) {
  if (!r->lengths) return s->rows;
  int64_t running = 0;
  while (running < s->rows && length_of(r, s->order[running]) > time) running++;
  return running;
}

INLINE int64_t time_of(const ck_recurrent *r, int64_t step) { return r->reversed ? r->steps - 1 - step : step; }

/// The row of the gate buffer for what stands at `place` among the rows of a time step.
INLINE int64_t saved_row(const ck_recurrent *r, const layout *l, int64_t time, int64_t place) {
  return (l->starts ? l->starts[time] : time * r->batch) + place;
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

// MARK: forward

/// A slice at a step.
typedef struct cell_step {
  const ck_recurrent *r;
  const layout *l;
  const slice *s;
  saved_parts saved;
  REAL *hidden, *next_hidden;  // [rows][stride]: the state, and where the next one grows
  REAL *cell;                  // LSTM: [rows][padded]
  REAL *extra;                 // [rows][extra_stride]: the step's row of saved.extra
  REAL *gates;                 // normalised: [rows][gates_stride]: the step's net inputs, panel by panel
  const REAL *x;               // what the layer reads, a row for each of the gate buffer's, or NULL with tokens
  int64_t stride, extra_stride, gates_stride;
  int64_t step, running;    // and how many rows have it
  int64_t first_row;        // time*batch, of the outputs
  int64_t first_saved_row;
  int64_t ahead;            // LSTM: rows from there to those of the next step
  left operand;             // what tiles multiply: the state entering the step,
  const REAL *weight;       // and the recurrent weights
  REAL *memory;             // for the operand where tiles cannot read it in place
} cell_step;

/// A row of the gate buffer in one panel.
INLINE REAL *gate_row(const cell_step *j, int64_t i, int64_t panel) {
  return j->saved.gates + (panel * j->l->rows + j->first_saved_row + j->s->places[i]) * j->l->width;
}

/// A tile's sums have an index for its rows, or where it has one row, for its panels: what each stands for.
INLINE int64_t row_of(const int panels, int64_t row, int index) { return panels == 1 ? row + index : row; }
INLINE int64_t panel_of(const int panels, int64_t panel, int index) { return panels == 1 ? panel : panel + index; }

/// Sums start from the gate buffer's slots, `first` and those after it.
INLINE void begin_sums(const int rows, const int panels, const int vectors, vec (*sums)[MOST_VECTORS],
                       const cell_step *j, int64_t row, int64_t panel, const int first) {
  ck_enter_phase(CK_SEQUENTIAL_PRODUCTS);
  UNROLL for (int i = 0; i < rows * panels; i++) {
    const REAL *from = gate_row(j, row_of(panels, row, i), panel_of(panels, panel, i)) + first * LANES;
    UNROLL for (int v = 0; v < vectors; v++) sums[i][v] = load(from + v * LANES);
  }
}

/// sums += operand . weight, whose panels have so many slots.
INLINE void add_product(const int rows, const int panels, const int vectors, vec (*sums)[MOST_VECTORS],
                        const cell_step *j, int64_t row, int64_t panel, const int slots) {
  const int64_t depth = state_width(j->r);
  const packed_columns weight = {.base = j->weight + panel * packed_panel(depth, slots), .lanes = lane_depth(depth),
                                 .slots = slots};
  multiply_tile(rows, panels, vectors, sums, rows_from(j->operand, row), weight);
}

/// What becomes of the sums of a row in a panel.
INLINE void end_sums(const int rows, const int panels, const int vectors, vec (*sums)[MOST_VECTORS], const cell_step *j,
                     int64_t row, int64_t panel,
                     void (*gates)(const cell_step *, vec *sums, int64_t i, int64_t panel)) {
  vec kept[MOST_ROWS][MOST_VECTORS];
  keep_sums(rows * panels, vectors, kept, sums);
  ck_enter_phase(CK_GATE_ARITHMETIC);
  for (int i = 0; i < rows * panels; i++) gates(j, kept[i], row_of(panels, row, i), panel_of(panels, panel, i));
}

/// A tile of sums that start from the gate buffer's slots, `first` and those after it.
INLINE void sum_tile(const int rows, const int panels, const int vectors, const cell_step *j, int64_t row, int64_t panel,
                     const int first, void (*gates)(const cell_step *, vec *sums, int64_t i, int64_t panel)) {
  vec sums[MOST_ROWS][MOST_VECTORS];
  begin_sums(rows, panels, vectors, sums, j, row, panel, first);
  add_product(rows, panels, vectors, sums, j, row, panel, vectors);
  end_sums(rows, panels, vectors, sums, j, row, panel, gates);
}

/// A row's new state, units from `unit` on.
INLINE void put_state(const cell_step *j, int64_t i, int64_t unit, vec h) {
  const ck_recurrent *r = j->r;
  store(j->next_hidden + i * j->stride + unit, h);
  store_part((REAL *)r->outputs + (j->first_row + j->s->order[i]) * r->hidden + unit, h, r->hidden - unit);
}

/// The step's tiles, `vectors` of a panel wide.
INLINE void slice_tiles(const cell_step *j, tile_function *tile, const int vectors) {
  stretch panels = {j->s->panel_begin, j->s->panel_end};
  if (j->running == 1) panels.begin = row_tiles(tile, vectors, j, panels);
  for (int64_t panel = panels.begin; panel < panels.end; panel++)
    panel_tiles(tile, tile_rows[vectors], j, panel, j->running);
}

/// A state as tiles read it.
INLINE left state_operand(const cell_step *j, const REAL *state, int64_t stride) {
  return tile_operand(left_rows(state, stride, state_width(j->r)), 0, j->running, j->memory);
}

/// Rows past their end (or, reversed, before their start): outputs are zero, the state stays.
static void rest_rows(const cell_step *j) {
  const int64_t columns = state_width(j->r);
  for (int64_t i = j->running; i < j->s->rows; i++) {
    memset((REAL *)j->r->outputs + (j->first_row + j->s->order[i]) * columns, 0, columns * sizeof(REAL));
    memcpy(j->next_hidden + i * j->stride, j->hidden + i * j->stride, j->stride * sizeof(REAL));
  }
}

/// Carries a slice through all steps.
INLINE void carry_forward(cell_step *j, void (*forward)(cell_step *)) {
  const ck_recurrent *r = j->r;
  const slice *s = j->s;
  const int64_t columns = state_width(r);
  const int64_t reals = operand_reals(left_rows(j->hidden, j->stride, columns), s->rows);
  j->memory = reals > 0 ? aligned_alloc(64, round_up(reals * sizeof(REAL), 64)) : NULL;
  if (s->part == 0) {
    gather_state(s, r->initial_hidden, columns, j->hidden, j->stride);
    memcpy(j->next_hidden, j->hidden, s->rows * j->stride * sizeof(REAL));
    if (is_lstm(r->cell)) gather_state(s, r->initial_cell, r->hidden, j->cell, j->l->padded);
  }
  meet(s);
  for (j->step = 0; j->step < r->steps; j->step++) {
    const int64_t time = time_of(r, j->step);
    j->running = running_rows(r, s, time);
    j->first_row = time * r->batch;
    j->first_saved_row = saved_row(r, j->l, time, 0);
    j->operand = state_operand(j, j->hidden, j->stride);
    j->weight = r->state_weight;
    forward(j);
    if (s->part == 0) rest_rows(j);
    meet(s);
    REAL *swapped = j->hidden;
    j->hidden = j->next_hidden;
    j->next_hidden = swapped;
  }
  free(j->memory);
  if (s->part > 0) return;
  scatter_state(s, j->hidden, j->stride, (REAL *)r->final_hidden, columns);
  if (is_lstm(r->cell)) scatter_state(s, j->cell, j->l->padded, (REAL *)r->final_cell, r->hidden);
}

// MARK: back

/// A slice at a step of the way back.
typedef struct cell_back {
  const ck_recurrent *r;
  const ck_recurrent_gradients *g;
  const layout *l;
  const slice *s;
  saved_parts saved;
  REAL *hidden;  // [rows][stride]: gradient of the state, carried back
  REAL *cell;    // LSTM: [rows][padded]: that of the cell state
  REAL *extra;   // [rows][extra_stride]: that of saved.extra
  REAL *gates;   // [rows][gates_stride]: the gradients of the gates that have a part of the state's product, panel by panel
  REAL *candidates;  // GRU, reset before: [rows][extra_stride]: that of n, whose product is its own
  REAL *gain_sums;   // normalised: see sums_of_row
  const REAL *x;     // as in cell_step,
  REAL *x_gradient;  // and its gradient, where the GRU that is normalised is asked for it
  int accumulate_x;
  int64_t stride, extra_stride, gates_stride;
  product_job reset;  // GRU, reset before: of n's gradient, into `extra`
  stretch mine;       // the slice's share of the panels of `hidden`
  int64_t time, running;
  const REAL *outputs;  // the step's gradient of the outputs, or NULL
} cell_back;

/// A row of one panel: in the gate buffer, and in the state's product's left operand (where slots have the same numbers).
typedef struct gate_rows {
  REAL *saved, *operand;
} gate_rows;

INLINE gate_rows gate_rows_of(const cell_back *j, int64_t i, int64_t panel) {
  const int64_t row = saved_row(j->r, j->l, j->time, j->s->places[i]);
  return (gate_rows){.saved = j->saved.gates + (panel * j->l->rows + row) * j->l->width,
                     .operand = j->gates + i * j->gates_stride +
                                (panel * j->l->state_count - j->l->state_first) * LANES};
}

INLINE void put_gradient(gate_rows rows, int slot, vec gradient) {
  store(rows.saved + slot * LANES, gradient);
  store(rows.operand + slot * LANES, gradient);
}

/// The gradient of a row's new state, units from `unit` on: carried back, and of the outputs.
INLINE vec gradient_above(const cell_back *j, int64_t i, int64_t unit) {
  const int64_t hidden = j->r->hidden;
  vec above = load(j->hidden + i * j->stride + unit);
  if (j->outputs) above += load_part(j->outputs + j->s->order[i] * hidden + unit, hidden - unit);
  return above;
}

/// The state that entered a row's step, units from `unit` on.
INLINE vec state_before(const cell_back *j, int64_t i, int64_t unit) {
  const ck_recurrent *r = j->r;
  const int64_t order = j->s->order[i], before = time_before(r, order, j->time);
  const REAL *state = before >= 0 ? (const REAL *)r->outputs + before * r->batch * r->hidden : r->initial_hidden;
  return state ? load_part(state + order * r->hidden + unit, r->hidden - unit) : (vec){0};
}

/// The gradient of every unit's gates.
INLINE void slice_units(const cell_back *j, void (*unit)(const cell_back *, int64_t i, int64_t panel)) {
  ck_enter_phase(CK_GATE_ARITHMETIC);
  for (int64_t panel = j->s->panel_begin; panel < j->s->panel_end; panel++) {
    for (int64_t i = 0; i < j->running; i++) unit(j, i, panel);
  }
  meet(j->s);
}

/// c = a step's gate gradients [rows][stride] times a transposed weight of the state.
INLINE product_job gates_product(const cell_back *j, const REAL *gates, int64_t stride, int slots, const REAL *weight,
                                 REAL *c, int64_t c_stride) {
  const int64_t depth = j->l->buffer.panels * slots * LANES;
  return (product_job){.a = left_rows(gates, stride, depth), .b = weight, .b_panel_stride = packed_panel(depth, 2),
                       .columns = plain_side(state_width(j->r)), .c = c, .c_stride = c_stride, .depth = depth};
}

INLINE void run_rows(const cell_back *j, const product_job *job, stretch mine) {
  ck_enter_phase(CK_SEQUENTIAL_PRODUCTS);
  product_rows(job, 0, j->running, mine.begin, mine.end);
  meet(j->s);
}

/// Carries a slice's gradients from the last step to the first. `back` gives those of the gates; what the GRU leaves in
/// `hidden` beside them is added to.
INLINE void carry_back(cell_back *j, void (*back)(cell_back *)) {
  const ck_recurrent *r = j->r;
  const slice *s = j->s;
  const int64_t columns = state_width(r);
  if (s->part == 0) {
    gather_state(s, j->g->final_hidden, columns, j->hidden, j->stride);
    if (is_lstm(r->cell)) gather_state(s, j->g->final_cell, r->hidden, j->cell, j->l->padded);
    if (j->saved.extra) memset(j->extra, 0, s->rows * j->extra_stride * sizeof(REAL));
  }
  meet(s);
  product_job state = gates_product(j, j->gates, j->gates_stride, j->l->state_count, j->g->state_weight_transposed,
                                    j->hidden, j->stride);
  j->mine = share_of(s, j->l, &state.columns);
  state.accumulate = is_gru(r->cell);
  for (int64_t step = r->steps - 1; step >= 0; step--) {
    j->time = time_of(r, step);
    j->running = running_rows(r, s, j->time);
    j->outputs = j->g->outputs ? (const REAL *)j->g->outputs + j->time * r->batch * columns : NULL;
    back(j);
    run_rows(j, &state, j->mine);
  }
  if (s->part > 0) return;
  scatter_state(s, j->hidden, j->stride, (REAL *)j->g->initial_hidden, columns);
  if (is_lstm(r->cell)) scatter_state(s, j->cell, j->l->padded, (REAL *)j->g->initial_cell, r->hidden);
}
