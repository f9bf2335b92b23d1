// The basic recurrent network: h' = tanh(x W + h R + b), or the rectified linear unit in place of tanh. Elman 1990.

typedef struct basic_state {
  REAL *hidden, *next_hidden;  // [rows][stride]
  int64_t stride;
} basic_state;

typedef struct basic_step {
  const ck_recurrent *r;
  const layout *l;
  const slice *s;
  basic_state state;
  const REAL *gates;
  int64_t first_row;  // time*batch, of the outputs
  int64_t first_saved_row;
  left operand;  // the state entering the step
} basic_step;

#define BASIC_TILE(ROWS, VECTORS)                                                                                \
  case ROWS: {                                                                                                   \
    vec sums[MOST_ROWS][MOST_VECTORS];                                                                           \
    UNROLL for (int i = 0; i < ROWS; i++) {                                                                      \
      const REAL *from = gates + (j->first_saved_row + places[i]) * j->l->width;                                 \
      UNROLL for (int v = 0; v < VECTORS; v++) sums[i][v] = load(from + v * LANES);                              \
    }                                                                                                            \
    multiply_tile(ROWS, VECTORS, sums, a, weight, 2 * LANES);                                                    \
    ck_enter_phase(CK_GATE_ARITHMETIC);                                                                          \
    UNROLL for (int i = 0; i < ROWS; i++) {                                                                      \
      UNROLL for (int v = 0; v < VECTORS; v++) {                                                                 \
        const int64_t unit = (panel * 2 + v) * LANES;                                                            \
        vec h = r->cell == CK_BASIC_TANH ? vtanh(sums[i][v]) : rectified(sums[i][v]);                       \
        store(j->state.next_hidden + (row + i) * j->state.stride + unit, h);                                     \
        store_part((REAL *)r->outputs + (j->first_row + order[i]) * r->hidden + unit, h, r->hidden - unit);      \
      }                                                                                                          \
    }                                                                                                            \
    return;                                                                                                      \
  }
#define BASIC_TILE_1(ROWS) BASIC_TILE(ROWS, 1)
#define BASIC_TILE_2(ROWS) BASIC_TILE(ROWS, 2)

#define BASIC_FUNCTION(VECTORS)                                                                                  \
  static __attribute__((noinline)) void basic_tile_##VECTORS(const basic_step *j, int64_t row, int64_t panel,    \
                                                             int64_t rows) {                                     \
    const ck_recurrent *r = j->r;                                                                                \
    const left a = rows_from(j->operand, row);                                                                   \
    const REAL *weight = (const REAL *)r->state_weight + panel * packed_panel(r->hidden, 2);                     \
    const int32_t *order = j->s->order + row, *places = j->s->places + row;                                      \
    const REAL *gates = j->gates + panel * j->l->rows * j->l->width;                                             \
    ck_enter_phase(CK_SEQUENTIAL_PRODUCTS);                                                                      \
    switch (rows) { CASES_##VECTORS(BASIC_TILE_##VECTORS) }                                                      \
  }
BASIC_FUNCTION(1)
BASIC_FUNCTION(2)

static void basic_forward_slice(const ck_recurrent *r, const layout *l, const slice *s, basic_state *state,
                                int leader) {
  basic_step j = {.r = r, .l = l, .s = s, .state = *state, .gates = saved_layout(r, l).gates};
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
    for (int64_t panel = s->panel_begin; panel < s->panel_end; panel++) {
      int vectors = panel_vectors(&l->buffer, panel);
      for (int64_t row = 0; row < running;) {
        int64_t rows = next_tile_rows(running - row, tile_rows[vectors]);
        (vectors == 2 ? basic_tile_2 : basic_tile_1)(&j, row, panel, rows);
        row += rows;
      }
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

typedef struct basic_back {
  REAL *hidden;  // [rows][stride]: gradient of the state, carried back
  REAL *gates;   // [panels][rows][width]
  int64_t stride;
} basic_back;

INLINE void basic_unit_back(const ck_recurrent *r, const layout *l, REAL *gates, const slice *s, basic_back *back,
                            int64_t i, int64_t panel, int64_t time, const REAL *outputs) {
  const int64_t order = s->order[i], row = time * r->batch + order;
  for (int v = 0; v < 2; v++) {
    const int64_t unit = (panel * 2 + v) * LANES, valid = r->hidden - unit;
    vec gradient = {0};
    if (valid > 0) {
      vec above = load(back->hidden + i * back->stride + unit);
      if (outputs) above += load_part(outputs + order * r->hidden + unit, valid);
      vec y = load_part((const REAL *)r->outputs + row * r->hidden + unit, valid);
      gradient = r->cell == CK_BASIC_TANH ? above * (splat(1) - y * y) : choose(y > (vec){0}, above, (vec){0});
      gradient = bounded(gradient, r->gradient_clip);
    }
    store(gates + (panel * l->rows + saved_row(r, l, time, s->places[i])) * l->width + v * LANES, gradient);
    store(back->gates + (panel * s->rows + i) * l->width + v * LANES, gradient);
  }
}

static void basic_backward_slice(const ck_recurrent *r, const ck_recurrent_gradients *g, const layout *l,
                                 const slice *s, basic_back *back, int leader) {
  REAL *gates = saved_layout(r, l).gates;
  if (leader) gather_state(s, g->final_hidden, r->hidden, back->hidden, back->stride);
  meet(s);
  product_job job = {.a = {back->gates, l->width, l->buffer.panels, l->width, s->rows * l->width},
                     .b = g->state_weight_transposed, .b_panel_stride = packed_panel(l->padded, 2), .b_stride = 2 * LANES,
                     .columns = plain_side(r->hidden), .c = back->hidden, .c_stride = back->stride,
                     .depth = l->padded};
  for (int64_t step = r->steps - 1; step >= 0; step--) {
    const int64_t time = time_of(r, step), running = running_rows(r, s, time);
    const REAL *outputs = g->outputs ? (const REAL *)g->outputs + time * r->batch * r->hidden : NULL;
    ck_enter_phase(CK_GATE_ARITHMETIC);
    for (int64_t panel = s->panel_begin; panel < s->panel_end; panel++) {
      for (int64_t i = 0; i < running; i++) basic_unit_back(r, l, gates, s, back, i, panel, time, outputs);
    }
    meet(s);
    ck_enter_phase(CK_SEQUENTIAL_PRODUCTS);
    product_rows(&job, 0, running, s->panel_begin, s->panel_end);
    meet(s);
  }
  if (leader) scatter_state(s, back->hidden, back->stride, (REAL *)g->initial_hidden, r->hidden);
}
