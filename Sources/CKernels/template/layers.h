// Whole recurrent layers: the cells' slices on the team, then the products over all steps.

typedef struct layer_job {
  const ck_recurrent *r;
  const ck_recurrent_gradients *g;
  layout l;
  division d;
  ck_barrier barrier;
  REAL *work;            // the slices' working states, one after the other
  int64_t work_per_slice;
  REAL *gain_sums;       // backward, normalised: [batch], see sums_of_row
  layer_inputs inputs;
  // With lengths, rows as in the gate buffer:
  int32_t *tokens;       // the inputs, or x
  REAL *x;
  REAL *states;          // backward: the state entering each step
  REAL *input_gradient;  // backward: where it is wanted
} layer_job;

/// Row stride of the gradients of the gates that have a part of the state's product.
INLINE int64_t gates_stride(const layout *l) { return state_stride(l->buffer.panels * l->state_count * LANES); }

/// Reals that a slice of `rows` rows works in.
static int64_t slice_work(const ck_recurrent *r, const layout *l, int64_t rows, int backward) {
  const int64_t hidden = state_stride(state_width(r)), unprojected = state_stride(r->hidden);
  int64_t states = 2 * hidden + l->padded + unprojected;
  int64_t gates = backward || normalizes(r->cell) ? gates_stride(l) : 0;
  return rows * (states + gates + (backward ? unprojected : 0)) + 4 * LANES;
}

static void forward_slice(layer_job *j, const slice *s, REAL *work) {
  const ck_recurrent *r = j->r;
  cell_step step = {.r = r, .l = &j->l, .s = s, .saved = saved_layout(r, &j->l), .stride = state_stride(state_width(r)),
                    .extra_stride = state_stride(r->hidden), .gates_stride = gates_stride(&j->l), .x = j->inputs.x};
  step.hidden = work;
  step.next_hidden = step.hidden + s->rows * step.stride;
  step.cell = step.next_hidden + s->rows * step.stride;
  step.extra = step.cell + s->rows * j->l.padded;
  step.gates = step.extra + s->rows * step.extra_stride;
  switch (r->cell) {
    case CK_LSTM: carry_forward(&step, lstm_forward); break;
    case CK_LSTM_NORMALIZED: carry_forward(&step, lstm_normalized_forward); break;
    case CK_GRU_RESET_AFTER:
    case CK_GRU_RESET_BEFORE: carry_forward(&step, gru_forward); break;
    case CK_GRU_NORMALIZED: carry_forward(&step, gru_normalized_forward); break;
    default: carry_forward(&step, basic_forward);
  }
}

static void backward_slice(layer_job *j, const slice *s, REAL *work) {
  const ck_recurrent *r = j->r;
  cell_back back = {.r = r, .g = j->g, .l = &j->l, .s = s, .saved = saved_layout(r, &j->l),
                    .stride = state_stride(state_width(r)), .extra_stride = state_stride(r->hidden),
                    .gates_stride = gates_stride(&j->l), .gain_sums = j->gain_sums, .x = j->inputs.x,
                    .x_gradient = j->input_gradient ? j->input_gradient : j->g->x,
                    .accumulate_x = !j->input_gradient && j->g->accumulate_x};
  back.gates = work;
  back.candidates = back.gates + s->rows * back.gates_stride;
  back.hidden = back.candidates + s->rows * back.extra_stride;
  back.cell = back.hidden + s->rows * back.stride;
  back.extra = back.cell + s->rows * j->l.padded;
  if (r->cell == CK_GRU_RESET_BEFORE) back.reset = gru_reset_product(&back);
  switch (r->cell) {
    case CK_LSTM: carry_back(&back, lstm_back); break;
    case CK_LSTM_NORMALIZED: carry_back(&back, lstm_normalized_back); break;
    case CK_GRU_RESET_AFTER:
    case CK_GRU_RESET_BEFORE: carry_back(&back, gru_back); break;
    case CK_GRU_NORMALIZED: carry_back(&back, gru_normalized_back); break;
    default: carry_back(&back, basic_back);
  }
}

/// The slices of this part, each from start to end.
static void run_slices(layer_job *j, int part, int parts, void (*body)(layer_job *, const slice *, REAL *)) {
  ck_enter_phase(CK_SEQUENTIAL_PRODUCTS);
  if (j->d.shared && parts > 1) {
    const stretch mine = share(j->l.buffer.panels, part, parts);
    const slice s = {.order = j->d.order, .places = j->d.places, .rows = j->r->batch, .panel_begin = mine.begin,
                     .panel_end = mine.end, .barrier = &j->barrier, .part = part, .parts = parts};
    body(j, &s, j->work);
    return;
  }
  const stretch mine = share(j->d.slices, part, parts);
  for (int64_t i = mine.begin; i < mine.end; i++) {
    const int64_t first = j->d.begins[i];
    const slice s = {.order = j->d.order + first, .places = j->d.places + first, .rows = j->d.begins[i + 1] - first,
                     .panel_end = j->l.buffer.panels, .parts = 1};
    if (s.rows > 0) body(j, &s, j->work + i * j->work_per_slice);
  }
}

/// All steps: a part for every slice, or, where threads share the units and meet at every step, for every thread.
static void run_steps(layer_job *j, void (*body)(void *context, int part, int parts)) {
  if (j->d.shared)
    ck_run_together(j->d.parts, body, j);
  else
    ck_run(j->d.parts == 1 ? 1 : (int)j->d.slices, body, j);
}

static void forward_steps_part(void *context, int part, int parts) {
  layer_job *j = context;
  if (j->d.shared && j->r->input_weight) {
    ck_enter_phase(CK_BIG_PRODUCTS);
    // A thread's panels of the inputs' product are its own panels of the steps: no need to meet in between.
    stretch mine = share(j->l.buffer.panels, part, parts);
    project_inputs(j->r, &j->l, j->inputs, saved_layout(j->r, &j->l).gates, 0, j->l.rows, mine.begin, mine.end);
  }
  run_slices(j, part, parts, forward_slice);
}

static void project_part(void *context, int part, int parts) {
  layer_job *j = context;
  ck_enter_phase(CK_BIG_PRODUCTS);
  stretch mine = share(j->l.rows, part, parts);
  project_inputs(j->r, &j->l, j->inputs, saved_layout(j->r, &j->l).gates, mine.begin, mine.end, 0, j->l.buffer.panels);
}

/// The row of the gate buffer that is the first of a part of the time steps.
INLINE int64_t first_row_of(const layer_job *j, int64_t time) {
  return time < j->r->steps ? j->l.starts[time] : j->l.rows;
}

/// With lengths: the inputs, and for the backward pass the states, row by row as in the gate buffer. A row takes part in
/// a product only where its step exists: what stands past a sequence's end may be anything, NaN too.
static void gather_part(void *context, int part, int parts) {
  layer_job *j = context;
  const ck_recurrent *r = j->r;
  const int64_t state = state_width(r);
  const stretch mine = share(r->steps, part, parts);
  for (int64_t time = mine.begin; time < mine.end; time++) {
    for (int64_t row = first_row_of(j, time); row < first_row_of(j, time + 1); row++) {
      const int64_t b = j->d.longest_first[row - j->l.starts[time]], given = time * r->batch + b;
      if (j->tokens) j->tokens[row] = r->tokens[given];
      if (j->x) memcpy(j->x + row * r->inputs, (const REAL *)r->x + given * r->inputs, r->inputs * sizeof(REAL));
      if (j->states) {
        const int64_t before = time_before(r, b, time);
        const REAL *from = before >= 0          ? (const REAL *)r->outputs + (before * r->batch + b) * state
                           : r->initial_hidden ? (const REAL *)r->initial_hidden + b * state
                                               : NULL;
        if (from)
          memcpy(j->states + row * state, from, state * sizeof(REAL));
        else
          memset(j->states + row * state, 0, state * sizeof(REAL));
      }
    }
  }
}

/// With lengths: the inputs' gradient to where the caller wants it, zero past the ends.
static void scatter_input_gradient_part(void *context, int part, int parts) {
  const layer_job *j = context;
  const ck_recurrent *r = j->r;
  const ck_recurrent_gradients *g = j->g;
  const stretch mine = share(r->steps, part, parts);
  for (int64_t time = mine.begin; time < mine.end; time++) {
    const int64_t running = first_row_of(j, time + 1) - first_row_of(j, time);
    for (int64_t i = 0; i < r->batch; i++) {
      const REAL *from = j->input_gradient + (j->l.starts[time] + i) * r->inputs;
      REAL *to = (REAL *)g->x + (time * r->batch + j->d.longest_first[i]) * r->inputs;
      for (int64_t k = 0; k < r->inputs; k += LANES) {
        const int64_t n = smaller(LANES, r->inputs - k);
        vec value = i < running ? load_part(from + k, n) : (vec){0};
        store_part(to + k, g->accumulate_x ? load_part(to + k, n) + value : value, n);
      }
    }
  }
}

static layer_job begin_layer(const ck_recurrent *r, const ck_recurrent_gradients *g) {
  layer_job j = {.r = r, .g = g, .l = layout_for(r), .inputs = {.x = r->x, .tokens = r->tokens}};
  j.d = divide(r, &j.l);
  j.l.starts = j.d.starts;
  j.work_per_slice = round_up(slice_work(r, &j.l, division_most_rows(&j.d), g != NULL), 64);
  j.work = aligned_alloc(64, round_up(j.d.slices * j.work_per_slice * sizeof(REAL), 64));
  if (g && normalizes(r->cell)) j.gain_sums = calloc(gain_sums_count(r, &j.l), sizeof(REAL));
  if (!r->lengths) return j;
  const size_t rows = larger(1, j.l.rows);
  if (r->tokens)
    j.inputs.tokens = j.tokens = malloc(rows * sizeof(int32_t));
  else
    j.inputs.x = j.x = malloc(rows * r->inputs * sizeof(REAL));
  if (g && g->recurrent_weight) j.states = malloc(rows * state_width(r) * sizeof(REAL));
  if (g && g->x) j.input_gradient = malloc(rows * r->inputs * sizeof(REAL));
  ck_run(parts_for_elements(j.l.rows * r->inputs), gather_part, &j);
  return j;
}

static void end_layer(layer_job *j) {
  free(j->work);
  free(j->gain_sums);
  free(j->tokens);
  free(j->x);
  free(j->states);
  free(j->input_gradient);
  end_division(&j->d);
}

static void recurrent_forward(const ck_recurrent *r) {
  if (r->batch == 0 || r->hidden == 0) return;
  layer_job j = begin_layer(r, NULL);
  if (!j.d.shared && r->steps > 0 && r->input_weight) {
    const double work = (double)j.l.rows * r->hidden * (r->tokens ? 8 : r->inputs) * j.l.input_count;
    ck_run(parts_of_rows(j.l.rows, parts_for(work)), project_part, &j);
  }
  run_steps(&j, forward_steps_part);
  end_layer(&j);
}

static void backward_steps_part(void *context, int part, int parts) {
  run_slices(context, part, parts, backward_slice);
}

/// The gradient of the inputs, and all weights' gradients.
static void backward_products_part(void *context, int part, int parts) {
  layer_job *j = context;
  ck_enter_phase(CK_BIG_PRODUCTS);
  const ck_recurrent *r = j->r;
  const ck_recurrent_gradients *g = j->g;
  const layout *l = &j->l;
  const saved_parts saved = saved_layout(r, l);
  const int64_t rows = l->rows, columns = gate_count(r->cell) * r->hidden, state = state_width(r);
  if (g->x && g->input_weight_transposed) {
    product_job job = {.a = {.base = saved.gates + l->input_first * LANES, .stride = l->width,
                             .runs = l->buffer.panels, .run_length = l->input_count * LANES,
                             .run_stride = rows * l->width},
                       .b = g->input_weight_transposed,
                       .b_panel_stride = packed_panel(l->buffer.panels * l->input_count * LANES, 2),
                       .columns = plain_side(r->inputs), .c = j->input_gradient ? j->input_gradient : g->x,
                       .c_stride = r->inputs, .accumulate = !j->input_gradient && g->accumulate_x, .rows = rows,
                       .depth = l->buffer.panels * l->input_count * LANES};
    product_part(&job, part, parts);
  }
  if (g->input_weight && r->tokens)
    token_gradient_part(r, l, j->inputs.tokens, saved.gates, g->input_weight, g->accumulate_input_weight, part, parts);
  else if (g->input_weight)
    weight_gradient_part(l, l->input_first, l->input_count, j->inputs.x, r->inputs, r->inputs, saved.gates, 0, rows,
                         g->input_weight, columns, g->accumulate_input_weight, part, parts);
  if (g->recurrent_weight) {
    if (j->states) {
      weight_gradient_part(l, l->state_first, l->state_count, j->states, state, state, saved.gates, 0, rows,
                           g->recurrent_weight, columns, g->accumulate_recurrent_weight, part, parts);
    } else {
      // The state entering a step is the output of the step before: the gates' rows, one step later.
      const int64_t shifted = (r->steps - 1) * r->batch;
      const REAL *outputs = (const REAL *)r->outputs + (r->reversed ? r->batch * state : 0);
      weight_gradient_part(l, l->state_first, l->state_count, outputs, state, state, saved.gates,
                           r->reversed ? 0 : r->batch, shifted, g->recurrent_weight, columns,
                           g->accumulate_recurrent_weight, part, parts);
      if (r->initial_hidden && r->steps > 0)
        weight_gradient_part(l, l->state_first, l->state_count, r->initial_hidden, state, state, saved.gates,
                             r->reversed ? shifted : 0, r->batch, g->recurrent_weight, columns, 1, part, parts);
    }
    if (r->cell == CK_GRU_RESET_BEFORE)
      weight_gradient_part(l, 0, 1, saved.extra, r->hidden, saved.extra_stride, saved.gates, 0, rows,
                           g->recurrent_weight, columns, g->accumulate_recurrent_weight, part, parts);
  }
  if (g->bias)
    bias_gradient_part(l, l->input_first, l->input_count, saved.gates, 0, g->bias, g->accumulate_bias, part, parts);
  if (g->recurrent_bias) {
    // The one slot of the state's n gate, whose columns begin at block 2: the gradient has that block only.
    bias_gradient_part(l, 3, 1, saved.gates, 2 * r->hidden, g->recurrent_bias, g->accumulate_recurrent_bias, part,
                       parts);
  }
  if (j->gain_sums) gain_gradient_part(r, g, l, j->gain_sums, part, parts);
  if (g->peepholes)
    lstm_peephole_gradient(r, l, r->lengths ? j->d.longest_first : j->d.order, &saved, g->peepholes,
                           g->accumulate_peepholes, part, parts);
  if (g->projection) {
    side projected = plain_side(r->projected);
    product_job job = {.a = {.base = saved.extra, .stride = saved.extra_stride, .runs = 1},
                       .b = (const REAL *)r->saved + saved.count, .b_is_buffer = 1,
                       .b_panel_stride = rows * 2 * LANES, .b_stride = 2 * LANES, .columns = projected,
                       .c = g->projection, .c_stride = r->projected, .accumulate = g->accumulate_projection,
                       .rows = r->hidden, .depth = rows};
    product_transposed_part(&job, part, parts);
  }
}

static void recurrent_backward(const ck_recurrent *r, const ck_recurrent_gradients *g) {
  if (r->batch == 0 || r->hidden == 0) return;
  layer_job j = begin_layer(r, g);
  run_steps(&j, backward_steps_part);
  const double work = (double)j.l.rows * r->hidden * gate_count(r->cell) * (r->inputs + r->hidden);
  ck_run(parts_for(work), backward_products_part, &j);
  if (j.input_gradient)
    ck_run(parts_for_elements(r->steps * r->batch * r->inputs), scatter_input_gradient_part, &j);
  end_layer(&j);
}
