// Whole recurrent layers: the cells' slices on the team, then the products over all steps.

typedef struct layer_job {
  const ck_recurrent *r;
  const ck_recurrent_gradients *g;
  layout l;
  division d;
  ck_barrier barrier;
  REAL *work;            // the slices' working states, one after the other
  int64_t work_per_slice;
  REAL *first_rows;      // see first_gate_rows
  REAL *running_inputs;  // with lengths: the inputs, zero past every row's end
} layer_job;

/// Reals that a slice of `rows` rows works in.
static int64_t slice_work(const ck_recurrent *r, const layout *l, int64_t rows, int backward) {
  const int64_t hidden = state_stride(state_width(r)), unprojected = state_stride(r->hidden);
  int64_t states = 2 * hidden + l->padded + unprojected;
  return rows * (states + (backward ? l->buffer.panels * l->width : 0)) + 4 * LANES;
}

static void forward_slice(layer_job *j, const slice *s, REAL *work, int leader) {
  const ck_recurrent *r = j->r;
  const int64_t stride = state_stride(state_width(r));
  REAL *hidden = work, *next = hidden + s->rows * stride, *rest = next + s->rows * stride;
  if (r->cell == CK_LSTM) {
    lstm_state state = {hidden, next, rest, rest + s->rows * j->l.padded, stride, state_stride(r->hidden)};
    lstm_forward_slice(r, &j->l, s, &state, leader);
  } else if (r->cell >= CK_GRU_RESET_AFTER) {
    gru_state state = {hidden, next, rest, stride};
    gru_forward_slice(r, &j->l, s, &state, leader);
  } else {
    basic_state state = {hidden, next, stride};
    basic_forward_slice(r, &j->l, s, &state, leader);
  }
}

static void backward_slice(layer_job *j, const slice *s, REAL *work, int leader) {
  const ck_recurrent *r = j->r;
  const int64_t stride = state_stride(state_width(r));
  REAL *gates = work, *hidden = gates + s->rows * j->l.buffer.panels * j->l.width, *rest = hidden + s->rows * stride;
  if (r->cell == CK_LSTM) {
    lstm_back back = {hidden, rest, gates, rest + s->rows * j->l.padded, stride};
    lstm_backward_slice(r, j->g, &j->l, s, &back, leader);
  } else if (r->cell >= CK_GRU_RESET_AFTER) {
    gru_back back = {hidden, rest, gates, stride};
    gru_backward_slice(r, j->g, &j->l, s, &back, leader);
  } else {
    basic_back back = {hidden, gates, stride};
    basic_backward_slice(r, j->g, &j->l, s, &back, leader);
  }
}

/// The slices of this part, each from start to end.
static void run_slices(layer_job *j, int part, int parts, void (*body)(layer_job *, const slice *, REAL *, int)) {
  ck_enter_phase(CK_SEQUENTIAL_PRODUCTS);
  if (j->d.shared && parts > 1) {
    stretch mine = share(j->l.buffer.panels, part, parts);
    slice s = {j->d.order, j->r->batch, mine.begin, mine.end, &j->barrier, parts};
    body(j, &s, j->work, part == 0);
    return;
  }
  stretch mine = share(j->d.slices, part, parts);
  for (int64_t i = mine.begin; i < mine.end; i++) {
    slice s = {j->d.order + j->d.begins[i], j->d.begins[i + 1] - j->d.begins[i], 0, j->l.buffer.panels, NULL, 1};
    if (s.rows > 0) body(j, &s, j->work + i * j->work_per_slice, 1);
  }
}

static void forward_steps_part(void *context, int part, int parts) {
  layer_job *j = context;
  if (j->d.shared) {
    ck_enter_phase(CK_BIG_PRODUCTS);
    // A thread's panels of the inputs' product are its own panels of the steps: no need to meet in between.
    stretch mine = share(j->l.buffer.panels, part, parts);
    project_inputs(j->r, &j->l, saved_layout(j->r, &j->l).gates, 0, j->r->steps * j->r->batch, mine.begin, mine.end);
  }
  run_slices(j, part, parts, forward_slice);
}

static void project_part(void *context, int part, int parts) {
  layer_job *j = context;
  ck_enter_phase(CK_BIG_PRODUCTS);
  stretch mine = share(j->r->steps * j->r->batch, part, parts);
  project_inputs(j->r, &j->l, saved_layout(j->r, &j->l).gates, mine.begin, mine.end, 0, j->l.buffer.panels);
}

static layer_job begin_layer(const ck_recurrent *r, const ck_recurrent_gradients *g) {
  layer_job j = {.r = r, .g = g, .l = layout_of(r->cell, r->hidden)};
  j.d = divide(r, &j.l);
  j.work_per_slice = round_up(slice_work(r, &j.l, division_most_rows(&j.d), g != NULL), 64);
  j.work = aligned_alloc(64, round_up(j.d.slices * j.work_per_slice * sizeof(REAL), 64));
  return j;
}

static void end_layer(layer_job *j) {
  free(j->work);
  end_division(&j->d);
}

static void recurrent_forward(const ck_recurrent *r) {
  if (r->batch == 0 || r->hidden == 0) return;
  layer_job j = begin_layer(r, NULL);
  if (!j.d.shared && r->steps > 0)
    ck_run(parts_for((double)r->steps * r->batch * r->hidden * (r->tokens ? 8 : r->inputs) * j.l.input_count),
           project_part, &j);
  ck_run(j.d.parts, forward_steps_part, &j);
  end_layer(&j);
}

static void backward_steps_part(void *context, int part, int parts) {
  run_slices(context, part, parts, backward_slice);
}

/// What stands past a row's end may be anything, NaN too, which no gradient of zero would take out of a product.
static REAL *running_inputs(const ck_recurrent *r) {
  const int64_t rows = r->steps * r->batch;
  REAL *running = malloc(larger(1, rows * r->inputs) * sizeof(REAL));
  memcpy(running, r->x, rows * r->inputs * sizeof(REAL));
  for (int64_t row = 0; row < rows; row++) {
    if (row / r->batch >= length_of(r, row % r->batch)) memset(running + row * r->inputs, 0, r->inputs * sizeof(REAL));
  }
  return running;
}

/// The gradient of the inputs, and all weights' gradients.
static void backward_products_part(void *context, int part, int parts) {
  layer_job *j = context;
  ck_enter_phase(CK_BIG_PRODUCTS);
  const ck_recurrent *r = j->r;
  const ck_recurrent_gradients *g = j->g;
  const layout *l = &j->l;
  const saved_parts saved = saved_layout(r, l);
  const int64_t rows = r->steps * r->batch, columns = gate_count(r->cell) * r->hidden, state = state_width(r);
  if (g->x) {
    product_job job = {.a = {saved.gates + l->input_first * LANES, l->width, l->buffer.panels, l->input_count * LANES,
                             rows * l->width},
                       .b = g->input_weight_transposed,
                       .b_panel_stride = l->buffer.panels * l->input_count * LANES * 2 * LANES, .b_stride = 2 * LANES,
                       .columns = plain_side(r->inputs), .c = g->x, .c_stride = r->inputs,
                       .accumulate = g->accumulate_x, .rows = rows,
                       .depth = l->buffer.panels * l->input_count * LANES};
    product_part(&job, part, parts);
  }
  if (g->input_weight && r->tokens)
    token_gradient_part(r, l, saved.gates, g->input_weight, g->accumulate_input_weight, part, parts);
  else if (g->input_weight)
    weight_gradient_part(l, l->input_first, l->input_count, j->running_inputs ? j->running_inputs : r->x, r->inputs,
                         r->inputs, saved.gates, rows, 0, rows, g->input_weight, columns, g->accumulate_input_weight, part, parts);
  if (g->recurrent_weight) {
    // The state entering a step is the output of the step before: the gates' rows, one step later.
    const int64_t shifted = (r->steps - 1) * r->batch;
    const REAL *outputs = (const REAL *)r->outputs + (r->reversed ? r->batch * state : 0);
    const int64_t gate_row = r->reversed ? 0 : r->batch;
    weight_gradient_part(l, l->state_first, l->state_count, outputs, state, state, saved.gates, rows, gate_row, shifted,
                         g->recurrent_weight, columns, g->accumulate_recurrent_weight, part, parts);
    if (j->first_rows)
      weight_gradient_part(l, l->state_first, l->state_count, r->initial_hidden, state, state, j->first_rows, r->batch,
                           0, r->batch, g->recurrent_weight, columns, 1, part, parts);
    if (r->cell == CK_GRU_RESET_BEFORE)
      weight_gradient_part(l, 0, 1, saved.extra, r->hidden, saved.extra_stride, saved.gates, rows, 0, rows,
                           g->recurrent_weight, columns, g->accumulate_recurrent_weight, part, parts);
  }
  if (g->bias)
    bias_gradient_part(l, l->input_first, l->input_count, saved.gates, rows, g->bias, g->accumulate_bias, part, parts);
  if (g->recurrent_bias) {
    // The one slot of the state's n gate, whose columns begin at block 2: the gradient has that block only.
    bias_gradient_part(l, 3, 1, saved.gates, rows, (REAL *)g->recurrent_bias - 2 * r->hidden,
                       g->accumulate_recurrent_bias, part, parts);
  }
  if (g->peepholes)
    lstm_peephole_gradient(r, l, &saved, g->peepholes, g->accumulate_peepholes, part, parts);
  if (g->projection) {
    side projected = plain_side(r->projected);
    product_job job = {.a = {saved.extra, saved.extra_stride, 1, 0, 0}, .b = (const REAL *)r->saved + saved.count,
                       .b_panel_stride = rows * 2 * LANES, .b_stride = 2 * LANES, .columns = projected,
                       .c = g->projection, .c_stride = r->projected, .accumulate = g->accumulate_projection,
                       .rows = r->hidden, .depth = rows};
    product_transposed_part(&job, part, parts);
  }
}

static void recurrent_backward(const ck_recurrent *r, const ck_recurrent_gradients *g) {
  if (r->batch == 0 || r->hidden == 0) return;
  layer_job j = begin_layer(r, g);
  ck_run(j.d.parts, backward_steps_part, &j);
  if (g->recurrent_weight && r->initial_hidden) j.first_rows = first_gate_rows(r, &j.l, saved_layout(r, &j.l).gates);
  if (g->input_weight && r->x && r->lengths) j.running_inputs = running_inputs(r);
  const double work = (double)r->steps * r->batch * r->hidden * gate_count(r->cell) * (r->inputs + r->hidden);
  ck_run(parts_for(work), backward_products_part, &j);
  free(j.first_rows);
  free(j.running_inputs);
  end_layer(&j);
}

// MARK: one step of a whole network

typedef struct step_job {
  const ck_recurrent *layers;
  int count;
  product_job output;
  const int32_t *order;
  REAL *work;
  ck_barrier barrier;
} step_job;

static void step_part(void *context, int part, int parts) {
  step_job *j = context;
  REAL *work = j->work;
  for (int i = 0; i < j->count; i++) {
    const ck_recurrent *r = &j->layers[i];
    layer_job layer = {.r = r, .l = layout_of(r->cell, r->hidden)};
    stretch mine = share(layer.l.buffer.panels, part, parts);
    project_inputs(r, &layer.l, saved_layout(r, &layer.l).gates, 0, r->batch, mine.begin, mine.end);
    slice s = {j->order, r->batch, mine.begin, mine.end, parts > 1 ? &j->barrier : NULL, parts};
    forward_slice(&layer, &s, work, part == 0);
    work += slice_work(r, &layer.l, r->batch, 0);
  }
  stretch mine = share(j->output.columns.panels, part, parts);
  product_rows(&j->output, 0, j->output.rows, mine.begin, mine.end);
}

static void recurrent_step(const ck_recurrent *layers, int count, const ck_product *output) {
  double work = (double)output->rows * output->depth * output->columns;
  int64_t reals = 0;
  for (int i = 0; i < count; i++) {
    layout l = layout_of(layers[i].cell, layers[i].hidden);
    work += (double)layers[i].batch * layers[i].hidden * gate_count(layers[i].cell) *
            (state_width(&layers[i]) + (layers[i].tokens ? 0 : layers[i].inputs));
    reals += slice_work(&layers[i], &l, layers[i].batch, 0);
  }
  int32_t *order = malloc(larger(1, output->rows) * sizeof(int32_t));
  for (int64_t i = 0; i < output->rows; i++) order[i] = (int32_t)i;
  for (int64_t i = 0; i < output->rows; i++) {
    REAL *row = (REAL *)output->c + i * output->c_stride;
    if (output->bias)
      memcpy(row, output->bias, output->columns * sizeof(REAL));
    else
      memset(row, 0, output->columns * sizeof(REAL));
  }
  step_job j = {.layers = layers, .count = count, .order = order,
                .work = aligned_alloc(64, round_up(reals * sizeof(REAL), 64)),
                .output = {.a = left_rows(output->a, output->a_stride, output->depth), .b = output->b,
                           .b_panel_stride = output->depth * 2 * LANES, .b_stride = 2 * LANES,
                           .columns = plain_side(output->columns), .c = output->c, .c_stride = output->c_stride,
                           .accumulate = 1, .rows = output->rows, .depth = output->depth}};
  ck_run(parts_for(work), step_part, &j);
  free(j.work);
  free(order);
}
