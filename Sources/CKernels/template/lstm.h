// LSTM: i, f, o = sigmoid, g = tanh of the net inputs; c' = f c + i g; h' = o tanh(c').
// Options: peepholes (i and f see c, o sees c'), clipping of c', projection of h', clipping of the net inputs'
// gradients. Hochreiter and Schmidhuber 1997; Gers, Schraudolph and Schmidhuber 2002; Sak, Senior and Beaufays 2014.

/// One slice's working state.
typedef struct lstm_state {
  REAL *hidden, *next_hidden;  // [rows][hidden_stride]: the recurrent product's left operand, and where it grows
  REAL *cell;                  // [rows][padded]
  REAL *unprojected;           // [rows][hidden_stride], with projection: h' before it
  int64_t hidden_stride, unprojected_stride;
} lstm_state;

typedef struct lstm_step {
  const ck_recurrent *r;
  const layout *l;
  const slice *s;
  lstm_state state;
  saved_parts saved;
  int64_t first_row;  // time*batch, of the outputs
  int64_t first_saved_row;
  int64_t ahead;      // rows from there to those of the next step
  left operand;       // the state entering the step
} lstm_step;

INLINE void lstm_gates(const lstm_step *j, vec *sums, int64_t i, int64_t panel, int64_t valid) {
  const ck_recurrent *r = j->r;
  const int64_t unit = panel * LANES;
  const int64_t row = j->first_saved_row + j->s->places[i];
  REAL *cell = j->state.cell + i * j->l->padded + unit;
  const REAL *peepholes = r->peepholes;
  vec c = load(cell);
  if (peepholes) {
    sums[0] = multiply_add(load_part(peepholes + unit, valid), c, sums[0]);
    sums[1] = multiply_add(load_part(peepholes + r->hidden + unit, valid), c, sums[1]);
  }
  vec in = vsigmoid(sums[0]), forget = vsigmoid(sums[1]), candidate = vtanh(sums[2]);
  c = multiply_add(forget, c, in * candidate);
  c = bounded(c, r->cell_clip);
  if (peepholes) sums[3] = multiply_add(load_part(peepholes + 2 * r->hidden + unit, valid), c, sums[3]);
  vec out = vsigmoid(sums[3]);
  vec h = out * vtanh(c);
  REAL *gates = j->saved.gates + (panel * j->l->rows + row) * j->l->width;
  store(gates, in);
  store(gates + LANES, forget);
  store(gates + 2 * LANES, candidate);
  store(gates + 3 * LANES, out);
  store(cell, c);
  store(j->saved.cells + row * j->l->padded + unit, c);
  if (r->projected > 0) {
    store(j->state.unprojected + i * j->state.unprojected_stride + unit, h);
    store(j->saved.extra + row * j->saved.extra_stride + unit, h);
  } else {
    store(j->state.next_hidden + i * j->state.hidden_stride + unit, h);
    store_part((REAL *)r->outputs + (j->first_row + j->s->order[i]) * r->hidden + unit, h, valid);
  }
}

#define LSTM_TILE(ROWS)                                                                                          \
  case ROWS: {                                                                                                   \
    vec sums[MOST_ROWS][MOST_VECTORS];                                                                           \
    UNROLL for (int i = 0; i < ROWS; i++) {                                                                      \
      const REAL *from = gates + (j->first_saved_row + places[i]) * j->l->width;                                 \
      UNROLL for (int v = 0; v < 4; v++) sums[i][v] = load(from + v * LANES);                                    \
      UNROLL for (int v = 0; v < 4; v++) __builtin_prefetch(from + (j->ahead * 4 + v) * LANES, 1);               \
    }                                                                                                            \
    multiply_tile(ROWS, 4, sums, a, weight, 4 * LANES);                                                          \
    vec kept[MOST_ROWS][MOST_VECTORS];                                                                           \
    keep_sums(ROWS, 4, kept, sums);                                                                              \
    ck_enter_phase(CK_GATE_ARITHMETIC);                                                                          \
    for (int i = 0; i < ROWS; i++) lstm_gates(j, kept[i], row + i, panel, valid);                                \
    return;                                                                                                      \
  }

static __attribute__((noinline)) void lstm_tile(const lstm_step *j, int64_t row, int64_t panel, int64_t rows) {
  const int64_t depth = state_width(j->r), valid = smaller(LANES, j->r->hidden - panel * LANES);
  const left a = rows_from(j->operand, row);
  const REAL *weight = (const REAL *)j->r->state_weight + panel * packed_panel(depth, 4);
  const REAL *gates = j->saved.gates + panel * j->l->rows * j->l->width;
  const int32_t *places = j->s->places + row;
  ck_enter_phase(CK_SEQUENTIAL_PRODUCTS);
  switch (rows) { CASES_4(LSTM_TILE) }
}

/// h' = projection of the unprojected state, for panels of the slice's share, into next_hidden and the outputs.
static void lstm_project(const lstm_step *j, int64_t running) {
  const ck_recurrent *r = j->r;
  side columns = plain_side(r->projected);
  stretch mine = {columns.panels * j->s->panel_begin / j->l->buffer.panels,
                  columns.panels * j->s->panel_end / j->l->buffer.panels};
  product_job job = {.a = left_rows(j->state.unprojected, j->state.unprojected_stride, r->hidden), .b = r->projection,
                     .b_panel_stride = packed_panel(r->hidden, 2), .b_stride = 2 * LANES, .columns = columns,
                     .c = j->state.next_hidden, .c_stride = j->state.hidden_stride, .rows = running,
                     .depth = r->hidden};
  product_rows(&job, 0, running, mine.begin, mine.end);
  int64_t from = mine.begin * 2 * LANES, to = smaller(r->projected, mine.end * 2 * LANES);
  for (int64_t i = 0; i < running && to > from; i++) {
    memcpy((REAL *)r->outputs + (j->first_row + j->s->order[i]) * r->projected + from,
           j->state.next_hidden + i * j->state.hidden_stride + from, (to - from) * sizeof(REAL));
  }
}

/// Carries the slice through all steps. Of threads that share a slice, each fills its own panels, and `leader` what
/// belongs to none.
static void lstm_forward_slice(const ck_recurrent *r, const layout *l, const slice *s, lstm_state *state, int leader) {
  lstm_step j = {.r = r, .l = l, .s = s, .saved = saved_layout(r, l)};
  const int64_t columns = state_width(r);
  if (leader) {
    gather_state(s, r->initial_hidden, columns, state->hidden, state->hidden_stride);
    memcpy(state->next_hidden, state->hidden, s->rows * state->hidden_stride * sizeof(REAL));
    gather_state(s, r->initial_cell, r->hidden, state->cell, l->padded);
  }
  meet(s);
  REAL *hidden = state->hidden, *next = state->next_hidden, *memory = step_memory(s->rows, columns);
  for (int64_t step = 0; step < r->steps; step++) {
    const int64_t time = time_of(r, step), running = running_rows(r, s, time);
    j.first_row = time * r->batch;
    j.first_saved_row = saved_row(r, l, time, 0);
    j.ahead = rows_ahead(r, l, step);
    j.state = *state;
    j.state.hidden = hidden;
    j.state.next_hidden = next;
    j.operand = tile_operand(left_rows(hidden, state->hidden_stride, columns), 0, running, memory);
    for (int64_t panel = s->panel_begin; panel < s->panel_end; panel++) {
      for (int64_t row = 0; row < running;) {
        int64_t rows = next_tile_rows(running - row, TILE_ROWS_4);
        lstm_tile(&j, row, panel, rows);
        row += rows;
      }
    }
    if (r->projected > 0) {
      meet(s);
      lstm_project(&j, running);
    }
    if (leader) rest_rows(r, s, time, running, hidden, next, state->hidden_stride);
    meet(s);
    REAL *swapped = hidden;
    hidden = next;
    next = swapped;
  }
  free(memory);
  if (leader) {
    scatter_state(s, hidden, state->hidden_stride, (REAL *)r->final_hidden, columns);
    scatter_state(s, state->cell, l->padded, (REAL *)r->final_cell, r->hidden);
  }
}

// MARK: gradients

typedef struct lstm_back {
  REAL *hidden;      // [rows][hidden_stride]: gradient of the state, carried back
  REAL *cell;        // [rows][padded]: gradient of the cell state, carried back
  REAL *gates;       // [panels][rows][width]: the step's gate gradients, the recurrent product's left operand
  REAL *unprojected; // [rows][padded], with projection: gradient of h' before it
  int64_t hidden_stride;
} lstm_back;

/// One row's gate gradients in one panel; `above` is the gradient of h' there.
INLINE void lstm_unit_back(const ck_recurrent *r, const layout *l, const saved_parts *saved, const slice *s,
                           lstm_back *back, int64_t i, int64_t panel, int64_t time, vec above) {
  const int64_t order = s->order[i], row = saved_row(r, l, time, s->places[i]);
  const int64_t unit = panel * LANES, valid = smaller(LANES, r->hidden - unit);
  const vec one = splat(1);
  REAL *gates = saved->gates + (panel * l->rows + row) * l->width;
  vec in = load(gates), forget = load(gates + LANES), candidate = load(gates + 2 * LANES), out = load(gates + 3 * LANES);
  vec c = load(saved->cells + row * l->padded + unit);
  const int64_t before = time_before(r, order, time);
  vec c_before = {0};
  if (before >= 0)
    c_before = load(saved->cells + saved_row(r, l, before, s->places[i]) * l->padded + unit);
  else if (r->initial_cell)
    c_before = load_part((const REAL *)r->initial_cell + order * r->hidden + unit, valid);
  REAL *carried = back->cell + i * l->padded + unit;
  vec t = vtanh(c);
  vec d_out = bounded(above * t * out * (one - out), r->gradient_clip);
  vec d_cell = multiply_add(above * out, one - t * t, load(carried));
  const REAL *peepholes = r->peepholes;
  if (peepholes) d_cell = multiply_add(d_out, load_part(peepholes + 2 * r->hidden + unit, valid), d_cell);
  if (r->cell_clip > 0) {
    vec bound = splat((REAL)r->cell_clip);
    d_cell = choose(c < bound, d_cell, (vec){0});
    d_cell = choose(c > -bound, d_cell, (vec){0});
  }
  vec d_in = bounded(d_cell * candidate * in * (one - in), r->gradient_clip);
  vec d_forget = bounded(d_cell * c_before * forget * (one - forget), r->gradient_clip);
  vec d_candidate = bounded(d_cell * in * (one - candidate * candidate), r->gradient_clip);
  vec d_before = d_cell * forget;
  if (peepholes) {
    d_before = multiply_add(d_in, load_part(peepholes + unit, valid), d_before);
    d_before = multiply_add(d_forget, load_part(peepholes + r->hidden + unit, valid), d_before);
  }
  store(carried, d_before);
  REAL *copy = back->gates + (panel * s->rows + i) * l->width;
  store(gates, d_in);
  store(gates + LANES, d_forget);
  store(gates + 2 * LANES, d_candidate);
  store(gates + 3 * LANES, d_out);
  store(copy, d_in);
  store(copy + LANES, d_forget);
  store(copy + 2 * LANES, d_candidate);
  store(copy + 3 * LANES, d_out);
}

static void lstm_backward_slice(const ck_recurrent *r, const ck_recurrent_gradients *g, const layout *l,
                                const slice *s, lstm_back *back, int leader) {
  const saved_parts saved = saved_layout(r, l);
  const int64_t columns = state_width(r);
  const side state_columns = plain_side(columns), hidden_columns = plain_side(r->hidden);
  if (leader) {
    gather_state(s, g->final_hidden, columns, back->hidden, back->hidden_stride);
    gather_state(s, g->final_cell, r->hidden, back->cell, l->padded);
  }
  meet(s);
  const stretch mine = {state_columns.panels * s->panel_begin / l->buffer.panels,
                        state_columns.panels * s->panel_end / l->buffer.panels};
  const stretch mine_hidden = {hidden_columns.panels * s->panel_begin / l->buffer.panels,
                               hidden_columns.panels * s->panel_end / l->buffer.panels};
  for (int64_t step = r->steps - 1; step >= 0; step--) {
    const int64_t time = time_of(r, step), running = running_rows(r, s, time);
    const REAL *outputs = g->outputs ? (const REAL *)g->outputs + time * r->batch * columns : NULL;
    if (r->projected > 0) {
      if (leader) {
        // The gradient of the projected state: carried plus given, kept for the projection's own gradient.
        REAL *kept = (REAL *)r->saved + saved.count;
        for (int64_t i = 0; i < running; i++) {
          int64_t row = saved_row(r, l, time, s->places[i]);
          for (int64_t p = 0; p < state_columns.panels; p++) {
            REAL *to = kept + (p * l->rows + row) * 2 * LANES;
            for (int64_t u = 0; u < 2 * LANES; u++) {
              int64_t column = p * 2 * LANES + u;
              REAL value = 0;
              if (column < columns) {
                REAL *carried = back->hidden + i * back->hidden_stride + column;
                value = *carried += outputs ? outputs[s->order[i] * columns + column] : 0;
              }
              to[u] = value;
            }
          }
        }
      }
      meet(s);
      product_job job = {.a = left_rows(back->hidden, back->hidden_stride, columns), .b = g->projection_transposed,
                         .b_panel_stride = packed_panel(columns, 2), .b_stride = 2 * LANES, .columns = hidden_columns,
                         .c = back->unprojected, .c_stride = state_stride(r->hidden), .rows = running,
                         .depth = columns};
      product_rows(&job, 0, running, mine_hidden.begin, mine_hidden.end);
      meet(s);
    }
    ck_enter_phase(CK_GATE_ARITHMETIC);
    for (int64_t panel = s->panel_begin; panel < s->panel_end; panel++) {
      const int64_t unit = panel * LANES, valid = smaller(LANES, r->hidden - unit);
      for (int64_t i = 0; i < running; i++) {
        vec above;
        if (r->projected > 0) {
          above = load_part(back->unprojected + i * state_stride(r->hidden) + unit, valid);
        } else {
          above = load(back->hidden + i * back->hidden_stride + unit);
          if (outputs) above += load_part(outputs + s->order[i] * columns + unit, valid);
        }
        lstm_unit_back(r, l, &saved, s, back, i, panel, time, above);
      }
    }
    meet(s);
    product_job job = {.a = {back->gates, l->width, l->buffer.panels, l->width, s->rows * l->width},
                       .b = g->state_weight_transposed, .b_panel_stride = packed_panel(l->padded * 4, 2),
                       .b_stride = 2 * LANES, .columns = state_columns, .c = back->hidden,
                       .c_stride = back->hidden_stride, .rows = running, .depth = l->padded * 4};
    ck_enter_phase(CK_SEQUENTIAL_PRODUCTS);
    product_rows(&job, 0, running, mine.begin, mine.end);
    meet(s);
  }
  if (leader) {
    scatter_state(s, back->hidden, back->hidden_stride, (REAL *)g->initial_hidden, columns);
    scatter_state(s, back->cell, l->padded, (REAL *)g->initial_cell, r->hidden);
  }
}

/// gradient [3*hidden] (+)= the sums over all rows of d_i c_before, d_f c_before, d_o c.
/// `order` is that of a time step's rows in the gate buffer.
static void lstm_peephole_gradient(const ck_recurrent *r, const layout *l, const int32_t *order,
                                   const saved_parts *saved, REAL *gradient, int accumulate, int part, int parts) {
  const slice all = {.order = order, .rows = r->batch};
  stretch mine = share(l->buffer.panels, part, parts);
  for (int64_t panel = mine.begin; panel < mine.end; panel++) {
    const int64_t unit = panel * LANES, valid = smaller(LANES, r->hidden - unit);
    vec sums[3] = {{0}};
    for (int64_t time = 0; time < r->steps; time++) {
      const int64_t running = running_rows(r, &all, time);
      for (int64_t i = 0; i < running; i++) {
        const int64_t row = saved_row(r, l, time, i), before = time_before(r, order[i], time);
        const REAL *gates = saved->gates + (panel * l->rows + row) * l->width;
        vec c_before = {0};
        if (before >= 0)
          c_before = load(saved->cells + saved_row(r, l, before, i) * l->padded + unit);
        else if (r->initial_cell)
          c_before = load_part((const REAL *)r->initial_cell + order[i] * r->hidden + unit, valid);
        sums[0] = multiply_add(load(gates), c_before, sums[0]);
        sums[1] = multiply_add(load(gates + LANES), c_before, sums[1]);
        sums[2] = multiply_add(load(gates + 3 * LANES), load(saved->cells + row * l->padded + unit), sums[2]);
      }
    }
    for (int k = 0; k < 3; k++) {
      REAL *to = gradient + k * r->hidden + unit;
      store_part(to, accumulate ? sums[k] + load_part(to, valid) : sums[k], valid);
    }
  }
}
