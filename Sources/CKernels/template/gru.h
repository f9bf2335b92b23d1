// GRU: r, z = sigmoid; h' = (1 - z) n + z h. Reset after the product (Keras, PyTorch): n = tanh(x_n + r (h R_n + b_n)).
// Reset before it (Cho et al. 2014, TensorFlow 1): n = tanh(x_n + (r h) R_n).

typedef struct gru_state {
  REAL *hidden, *next_hidden;  // [rows][stride]
  REAL *reset;                 // [rows][stride]: r h, reset before
  int64_t stride;
} gru_state;

typedef struct gru_step {
  const ck_recurrent *r;
  const layout *l;
  const slice *s;
  gru_state state;
  saved_parts saved;
  int64_t first_row;        // time*batch, of the outputs
  int64_t first_saved_row;
  left operand;        // the state entering the step
  left reset_operand;  // reset before: r h
} gru_step;

INLINE REAL *gru_row(const gru_step *j, int64_t i, int64_t panel) {
  return j->saved.gates + (panel * j->l->rows + j->first_saved_row + j->s->places[i]) * j->l->width;
}

INLINE void gru_output(const gru_step *j, int64_t i, int64_t panel, vec h) {
  const int64_t unit = panel * LANES;
  store(j->state.next_hidden + i * j->state.stride + unit, h);
  store_part((REAL *)j->r->outputs + (j->first_row + j->s->order[i]) * j->r->hidden + unit, h,
             j->r->hidden - unit);
}

INLINE void gru_after_gates(const gru_step *j, vec *sums, int64_t i, int64_t panel) {
  REAL *gates = gru_row(j, i, panel);
  vec reset = vsigmoid(sums[0]), update = vsigmoid(sums[1]);
  vec candidate = vtanh(multiply_add(reset, sums[2], load(gates)));
  vec h = load(j->state.hidden + i * j->state.stride + panel * LANES);
  store(gates, candidate);
  store(gates + LANES, reset);
  store(gates + 2 * LANES, update);
  store(gates + 3 * LANES, sums[2]);
  gru_output(j, i, panel, multiply_add(update, h - candidate, candidate));
}

#define GRU_AFTER_TILE(ROWS)                                                                              \
  case ROWS: {                                                                                            \
    vec sums[MOST_ROWS][MOST_VECTORS];                                                                    \
    UNROLL for (int i = 0; i < ROWS; i++) {                                                               \
      const REAL *gates = gru_row(j, row + i, panel);                                                     \
      sums[i][0] = load(gates + LANES);                                                                   \
      sums[i][1] = load(gates + 2 * LANES);                                                               \
      sums[i][2] = offset;                                                                                \
    }                                                                                                     \
    multiply_tile(ROWS, 3, sums, a, weight, 3 * LANES);                                                   \
    vec kept[MOST_ROWS][MOST_VECTORS];                                                                    \
    keep_sums(ROWS, 3, kept, sums);                                                                       \
    ck_enter_phase(CK_GATE_ARITHMETIC);                                                                   \
    for (int i = 0; i < ROWS; i++) gru_after_gates(j, kept[i], row + i, panel);                           \
    return;                                                                                               \
  }

static __attribute__((noinline)) void gru_after_tile(const gru_step *j, int64_t row, int64_t panel, int64_t rows) {
  const ck_recurrent *r = j->r;
  const left a = rows_from(j->operand, row);
  const REAL *weight = (const REAL *)r->state_weight + panel * packed_panel(r->hidden, 3);
  const vec offset = r->recurrent_bias
                         ? load_part((const REAL *)r->recurrent_bias + panel * LANES, r->hidden - panel * LANES)
                         : (vec){0};
  ck_enter_phase(CK_SEQUENTIAL_PRODUCTS);
  switch (rows) { CASES_3(GRU_AFTER_TILE) }
}

INLINE void gru_reset_gates(const gru_step *j, vec *sums, int64_t i, int64_t panel) {
  REAL *gates = gru_row(j, i, panel);
  const int64_t unit = panel * LANES;
  vec reset = vsigmoid(sums[0]), update = vsigmoid(sums[1]);
  vec kept = reset * load(j->state.hidden + i * j->state.stride + unit);
  store(gates + LANES, reset);
  store(gates + 2 * LANES, update);
  store(j->state.reset + i * j->state.stride + unit, kept);
  store(j->saved.extra + (j->first_saved_row + j->s->places[i]) * j->saved.extra_stride + unit, kept);
}

#define GRU_RESET_TILE(ROWS)                                                                              \
  case ROWS: {                                                                                            \
    vec sums[MOST_ROWS][MOST_VECTORS];                                                                    \
    UNROLL for (int i = 0; i < ROWS; i++) {                                                               \
      const REAL *gates = gru_row(j, row + i, panel);                                                     \
      sums[i][0] = load(gates + LANES);                                                                   \
      sums[i][1] = load(gates + 2 * LANES);                                                               \
    }                                                                                                     \
    multiply_tile(ROWS, 2, sums, a, weight, 2 * LANES);                                                   \
    vec kept[MOST_ROWS][MOST_VECTORS];                                                                    \
    keep_sums(ROWS, 2, kept, sums);                                                                       \
    ck_enter_phase(CK_GATE_ARITHMETIC);                                                                   \
    for (int i = 0; i < ROWS; i++) gru_reset_gates(j, kept[i], row + i, panel);                           \
    return;                                                                                               \
  }

static __attribute__((noinline)) void gru_reset_tile(const gru_step *j, int64_t row, int64_t panel, int64_t rows) {
  const ck_recurrent *r = j->r;
  const left a = rows_from(j->operand, row);
  const REAL *weight = (const REAL *)r->state_weight + panel * packed_panel(r->hidden, 2);
  ck_enter_phase(CK_SEQUENTIAL_PRODUCTS);
  switch (rows) { CASES_2(GRU_RESET_TILE) }
}

INLINE void gru_candidate_gates(const gru_step *j, vec sum, int64_t i, int64_t panel) {
  REAL *gates = gru_row(j, i, panel);
  vec candidate = vtanh(sum), update = load(gates + 2 * LANES);
  vec h = load(j->state.hidden + i * j->state.stride + panel * LANES);
  store(gates, candidate);
  gru_output(j, i, panel, multiply_add(update, h - candidate, candidate));
}

#define GRU_CANDIDATE_TILE(ROWS)                                                                          \
  case ROWS: {                                                                                            \
    vec sums[MOST_ROWS][MOST_VECTORS];                                                                    \
    UNROLL for (int i = 0; i < ROWS; i++) sums[i][0] = load(gru_row(j, row + i, panel));                  \
    multiply_tile(ROWS, 1, sums, a, weight, LANES);                                                       \
    vec kept[MOST_ROWS][MOST_VECTORS];                                                                    \
    keep_sums(ROWS, 1, kept, sums);                                                                       \
    ck_enter_phase(CK_GATE_ARITHMETIC);                                                                   \
    for (int i = 0; i < ROWS; i++) gru_candidate_gates(j, kept[i][0], row + i, panel);                    \
    return;                                                                                               \
  }

static __attribute__((noinline)) void gru_candidate_tile(const gru_step *j, int64_t row, int64_t panel,
                                                         int64_t rows) {
  const ck_recurrent *r = j->r;
  const left a = rows_from(j->reset_operand, row);
  const REAL *weight = (const REAL *)r->state_weight + j->l->buffer.panels * packed_panel(r->hidden, 2) +
                       panel * packed_panel(r->hidden, 1);
  ck_enter_phase(CK_SEQUENTIAL_PRODUCTS);
  switch (rows) { CASES_1(GRU_CANDIDATE_TILE) }
}

typedef void (*gru_tile)(const gru_step *, int64_t, int64_t, int64_t);

static void gru_tiles(const gru_step *j, gru_tile tile, int64_t running, int64_t most) {
  for (int64_t panel = j->s->panel_begin; panel < j->s->panel_end; panel++) {
    for (int64_t row = 0; row < running;) {
      int64_t rows = next_tile_rows(running - row, most);
      tile(j, row, panel, rows);
      row += rows;
    }
  }
}

static void gru_forward_slice(const ck_recurrent *r, const layout *l, const slice *s, gru_state *state, int leader) {
  gru_step j = {.r = r, .l = l, .s = s, .state = *state, .saved = saved_layout(r, l)};
  REAL *memory = step_memory(s->rows, r->hidden);
  if (leader) {
    gather_state(s, r->initial_hidden, r->hidden, state->hidden, state->stride);
    memcpy(state->next_hidden, state->hidden, s->rows * state->stride * sizeof(REAL));
  }
  meet(s);
  for (int64_t step = 0; step < r->steps; step++) {
    const int64_t time = time_of(r, step), running = running_rows(r, s, time);
    j.first_row = time * r->batch;
    j.first_saved_row = saved_row(r, l, time, 0);
    j.operand = tile_operand(left_rows(j.state.hidden, state->stride, r->hidden), 0, running, memory);
    if (r->cell == CK_GRU_RESET_BEFORE) {
      gru_tiles(&j, gru_reset_tile, running, TILE_ROWS_2);
      meet(s);
      j.reset_operand = tile_operand(left_rows(j.state.reset, state->stride, r->hidden), 0, running, memory);
      gru_tiles(&j, gru_candidate_tile, running, TILE_ROWS_1);
    } else {
      gru_tiles(&j, gru_after_tile, running, TILE_ROWS_3);
    }
    if (leader) rest_rows(r, s, time, running, j.state.hidden, j.state.next_hidden, state->stride);
    meet(s);
    REAL *swapped = j.state.hidden;
    j.state.hidden = j.state.next_hidden;
    j.state.next_hidden = swapped;
  }
  free(memory);
  if (leader) scatter_state(s, j.state.hidden, state->stride, (REAL *)r->final_hidden, r->hidden);
}

// MARK: gradients

typedef struct gru_back {
  REAL *hidden;  // [rows][stride]: gradient of the state, carried back
  REAL *reset;   // [rows][stride], reset before: gradient of r h
  REAL *gates;   // [panels][rows][width]
  int64_t stride;
} gru_back;

INLINE void gru_after_back(const ck_recurrent *r, const layout *l, const saved_parts *saved, const slice *s,
                           gru_back *back, int64_t i, int64_t panel, int64_t time, const REAL *outputs) {
  const int64_t order = s->order[i], unit = panel * LANES, valid = r->hidden - unit;
  REAL *gates = saved->gates + (panel * l->rows + saved_row(r, l, time, s->places[i])) * l->width;
  REAL *carried = back->hidden + i * back->stride + unit;
  const vec one = splat(1);
  vec candidate = load(gates), reset = load(gates + LANES), update = load(gates + 2 * LANES);
  vec product = load(gates + 3 * LANES), h = state_before(r, order, time, unit, valid);
  vec above = load(carried);
  if (outputs) above += load_part(outputs + order * r->hidden + unit, valid);
  const double bound = r->gradient_clip;
  vec d_update = bounded(above * (h - candidate) * update * (one - update), bound);
  vec d_candidate = bounded(above * (one - update) * (one - candidate * candidate), bound);
  vec d_reset = bounded(d_candidate * product * reset * (one - reset), bound);
  vec d_product = d_candidate * reset;
  store(carried, above * update);
  REAL *copy = back->gates + (panel * s->rows + i) * l->width;
  store(gates, d_candidate);
  store(gates + LANES, d_reset);
  store(gates + 2 * LANES, d_update);
  store(gates + 3 * LANES, d_product);
  store(copy + LANES, d_reset);
  store(copy + 2 * LANES, d_update);
  store(copy + 3 * LANES, d_product);
}

INLINE void gru_before_back(const ck_recurrent *r, const layout *l, const saved_parts *saved, const slice *s,
                            gru_back *back, int64_t i, int64_t panel, int64_t time, const REAL *outputs) {
  const int64_t order = s->order[i], unit = panel * LANES, valid = r->hidden - unit;
  REAL *gates = saved->gates + (panel * l->rows + saved_row(r, l, time, s->places[i])) * l->width;
  REAL *carried = back->hidden + i * back->stride + unit;
  const vec one = splat(1);
  vec candidate = load(gates), update = load(gates + 2 * LANES), h = state_before(r, order, time, unit, valid);
  vec above = load(carried);
  if (outputs) above += load_part(outputs + order * r->hidden + unit, valid);
  vec d_update = bounded(above * (h - candidate) * update * (one - update), r->gradient_clip);
  vec d_candidate = bounded(above * (one - update) * (one - candidate * candidate), r->gradient_clip);
  store(carried, above * update);
  REAL *copy = back->gates + (panel * s->rows + i) * l->width;
  store(gates, d_candidate);
  store(gates + 2 * LANES, d_update);
  store(copy, d_candidate);
  store(copy + 2 * LANES, d_update);
}

INLINE void gru_reset_back(const ck_recurrent *r, const layout *l, const saved_parts *saved, const slice *s,
                           gru_back *back, int64_t i, int64_t panel, int64_t time) {
  const int64_t order = s->order[i], unit = panel * LANES, valid = r->hidden - unit;
  REAL *gates = saved->gates + (panel * l->rows + saved_row(r, l, time, s->places[i])) * l->width + LANES;
  REAL *carried = back->hidden + i * back->stride + unit;
  vec reset = load(gates), h = state_before(r, order, time, unit, valid);
  vec kept = load(back->reset + i * back->stride + unit);
  vec d_reset = bounded(kept * h * reset * (splat(1) - reset), r->gradient_clip);
  store(carried, multiply_add(kept, reset, load(carried)));
  store(gates, d_reset);
  store(back->gates + (panel * s->rows + i) * l->width + LANES, d_reset);
}

static void gru_backward_slice(const ck_recurrent *r, const ck_recurrent_gradients *g, const layout *l,
                               const slice *s, gru_back *back, int leader) {
  const saved_parts saved = saved_layout(r, l);
  const side columns = plain_side(r->hidden);
  const int before = r->cell == CK_GRU_RESET_BEFORE;
  if (leader) gather_state(s, g->final_hidden, r->hidden, back->hidden, back->stride);
  if (leader && before) memset(back->reset, 0, s->rows * back->stride * sizeof(REAL));
  meet(s);
  const stretch mine = {columns.panels * s->panel_begin / l->buffer.panels,
                        columns.panels * s->panel_end / l->buffer.panels};
  const int64_t depth = l->padded * l->state_count;
  product_job state_job = {
      .a = {back->gates + l->state_first * LANES, l->width, l->buffer.panels, l->state_count * LANES, s->rows * l->width},
      .b = g->state_weight_transposed, .b_panel_stride = packed_panel(depth, 2), .b_stride = 2 * LANES,
      .columns = columns, .c = back->hidden, .c_stride = back->stride, .accumulate = 1, .depth = depth};
  product_job reset_job = state_job;
  reset_job.a = (left){back->gates, l->width, l->buffer.panels, LANES, s->rows * l->width};
  reset_job.b = (const REAL *)g->state_weight_transposed + packed_count(depth, r->hidden);
  reset_job.b_panel_stride = packed_panel(l->padded, 2);
  reset_job.c = back->reset;
  reset_job.accumulate = 0;
  reset_job.depth = l->padded;
  for (int64_t step = r->steps - 1; step >= 0; step--) {
    const int64_t time = time_of(r, step), running = running_rows(r, s, time);
    const REAL *outputs = g->outputs ? (const REAL *)g->outputs + time * r->batch * r->hidden : NULL;
    ck_enter_phase(CK_GATE_ARITHMETIC);
    for (int64_t panel = s->panel_begin; panel < s->panel_end; panel++) {
      for (int64_t i = 0; i < running; i++) {
        if (before)
          gru_before_back(r, l, &saved, s, back, i, panel, time, outputs);
        else
          gru_after_back(r, l, &saved, s, back, i, panel, time, outputs);
      }
    }
    meet(s);
    if (before) {
      ck_enter_phase(CK_SEQUENTIAL_PRODUCTS);
      product_rows(&reset_job, 0, running, mine.begin, mine.end);
      meet(s);
      ck_enter_phase(CK_GATE_ARITHMETIC);
      for (int64_t panel = s->panel_begin; panel < s->panel_end; panel++) {
        for (int64_t i = 0; i < running; i++) gru_reset_back(r, l, &saved, s, back, i, panel, time);
      }
      meet(s);
    }
    ck_enter_phase(CK_SEQUENTIAL_PRODUCTS);
    product_rows(&state_job, 0, running, mine.begin, mine.end);
    meet(s);
  }
  if (leader) scatter_state(s, back->hidden, back->stride, (REAL *)g->initial_hidden, r->hidden);
}
