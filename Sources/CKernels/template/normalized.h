// LSTM and GRU with layer normalisation (Ba, Kiros and Hinton 2016). A net input is normalised over all units of its
// row, so the tiles only leave a row's net inputs in `gates`; the gate arithmetic takes row after row. A row y has mean 0
// and variance 1; gain times y plus shift takes its place.
//
// LSTM: net = x W + h R; z = gain LN(net) + shift, gate by gate; c' = gain_c LN(f c + i g) + shift_c; h' = o tanh(c').
// GRU: r, z = sigmoid(x_r,z + LN(h R_r,z)), normalised together; n = tanh(x_n + r LN(h R_n)); h' = (1 - z) n + z h; what
// the inputs give stands in x.
//
// Saved are y in the gate buffer, that of c in `extra`, and what rows were multiplied by in `scales`. The sums of gains'
// and shifts' gradients stand apart for each row of the batch, so that no division of the work shows in them.

/// Gains of a unit: of its gates, and of the LSTM's cell state.
INLINE int gain_count(ck_cell cell) { return cell == CK_LSTM_NORMALIZED ? 5 : 3; }

/// v, with the lanes from `valid` on set to zero.
INLINE vec valid_lanes(vec v, int64_t valid) {
  REAL lanes[LANES];
  store(lanes, v);
  return load_part(lanes, valid);
}

// MARK: forward

INLINE void put_nets(const cell_step *j, vec *sums, int64_t i, int64_t panel) {
  const int slots = j->l->state_count;
  REAL *to = j->gates + i * j->gates_stride + panel * slots * LANES;
  for (int v = 0; v < slots; v++) store(to + v * LANES, sums[v]);
}

INLINE void lstm_nets_tile_of(const int rows, const int panels, const int vectors, const void *step, int64_t row,
                              int64_t panel) {
  sum_tile(rows, panels, vectors, step, row, panel, 0, put_nets);
}

NOINLINE void lstm_nets_tile(const void *step, int64_t row, int64_t panel, int64_t rows, int64_t panels) {
  tile_of_height(lstm_nets_tile_of, TILE_ROWS_4, 4, step, row, panel, rows, panels);
}

INLINE void gru_nets_tile_of(const int rows, const int panels, const int vectors, const void *step, int64_t row,
                             int64_t panel) {
  const cell_step *j = step;
  vec sums[MOST_ROWS][MOST_VECTORS] = {{{0}}};
  add_product(rows, panels, vectors, sums, j, row, panel, vectors);
  end_sums(rows, panels, vectors, sums, j, row, panel, put_nets);
}

NOINLINE void gru_nets_tile(const void *step, int64_t row, int64_t panel, int64_t rows, int64_t panels) {
  tile_of_height(gru_nets_tile_of, TILE_ROWS_3, 3, step, row, panel, rows, panels);
}

/// What makes `count` elements with this sum of squares have variance 1.
INLINE REAL scale_to_variance_1(REAL squares, int64_t count, double epsilon) {
  return (REAL)(1 / sqrt(squares / (double)count + epsilon));
}

/// Subtracts each slot's mean from a row's net inputs [panels][slots][LANES]; scales[slot] receives what gives them
/// variance 1. The first `joint` slots have one mean and one variance.
INLINE void centre_row(const cell_step *j, REAL *nets, const int slots, const int joint, REAL *scales) {
  const int64_t hidden = j->r->hidden, panels = j->l->buffer.panels;
  vec sums[MOST_VECTORS] = {{0}}, squares[MOST_VECTORS] = {{0}};
  for (int64_t panel = 0; panel < panels; panel++)
    UNROLL for (int v = 0; v < slots; v++) sums[v] += load(nets + (panel * slots + v) * LANES);
  UNROLL for (int v = 1; v < joint; v++) sums[0] += sums[v];
  vec means[MOST_VECTORS];
  UNROLL for (int v = 0; v < slots; v++)
    means[v] = v > 0 && v < joint ? means[0]
                                  : splat(lane_sum(sums[v]) / (REAL)(v < joint ? joint * hidden : hidden));
  for (int64_t panel = 0; panel < panels; panel++) {
    UNROLL for (int v = 0; v < slots; v++) {
      REAL *net = nets + (panel * slots + v) * LANES;
      vec centred = load(net) - means[v];
      if (panel == panels - 1) centred = valid_lanes(centred, hidden - panel * LANES);
      store(net, centred);
      squares[v] = multiply_add(centred, centred, squares[v]);
    }
  }
  UNROLL for (int v = 1; v < joint; v++) squares[0] += squares[v];
  UNROLL for (int v = 0; v < slots; v++)
    scales[v] = v > 0 && v < joint
                    ? scales[0]
                    : scale_to_variance_1(lane_sum(squares[v]), v < joint ? joint * hidden : hidden, j->r->epsilon);
}

/// A set of gains, or of shifts, units from `unit` on.
INLINE vec set_part(const ck_recurrent *r, const REAL *sets, int set, int64_t unit) {
  return load_part(sets + set * r->hidden + unit, r->hidden - unit);
}
INLINE vec with_gain(const ck_recurrent *r, vec y, int set, int64_t unit) {
  return multiply_add(set_part(r, r->gain, set, unit), y, set_part(r, r->shift, set, unit));
}

static void lstm_normalized_row(const cell_step *j, int64_t i) {
  const ck_recurrent *r = j->r;
  const int64_t hidden = r->hidden, panels = j->l->buffer.panels, row = j->first_saved_row + j->s->places[i];
  const vec forget_bias = splat((REAL)r->forget_bias);
  REAL *nets = j->gates + i * j->gates_stride, *scales = j->saved.scales + row * SCALES_STRIDE;
  REAL *cells = j->cell + i * j->l->padded, *normal = j->saved.extra + row * j->saved.extra_stride;
  centre_row(j, nets, 4, 1, scales);
  vec sum = {0}, squares = {0};
  for (int64_t panel = 0; panel < panels; panel++) {
    const int64_t unit = panel * LANES;
    REAL *net = nets + panel * 4 * LANES, *gates = gate_row(j, i, panel);
    vec z[4];
    UNROLL for (int v = 0; v < 4; v++) {
      const vec y = load(net + v * LANES) * splat(scales[v]);
      store(gates + v * LANES, y);
      z[v] = with_gain(r, y, v, unit);
    }
    const vec kept = vsigmoid(z[1] + forget_bias) * load(cells + unit);
    const vec c = multiply_add(vsigmoid(z[0]), vtanh(z[2]), kept);
    store(net, c);
    store(net + LANES, vsigmoid(z[3]));
    sum += panel == panels - 1 ? valid_lanes(c, hidden - unit) : c;
  }
  const vec mean = splat(lane_sum(sum) / (REAL)hidden);
  for (int64_t panel = 0; panel < panels; panel++) {
    vec centred = load(nets + panel * 4 * LANES) - mean;
    if (panel == panels - 1) centred = valid_lanes(centred, hidden - panel * LANES);
    store(nets + panel * 4 * LANES, centred);
    squares = multiply_add(centred, centred, squares);
  }
  scales[4] = scale_to_variance_1(lane_sum(squares), hidden, r->epsilon);
  for (int64_t panel = 0; panel < panels; panel++) {
    const int64_t unit = panel * LANES;
    const REAL *net = nets + panel * 4 * LANES;
    const vec y = load(net) * splat(scales[4]), c = with_gain(r, y, 4, unit);
    store(normal + unit, y);
    store(cells + unit, c);
    store(j->saved.cells + row * j->l->padded + unit, c);
    put_state(j, i, unit, load(net + LANES) * vtanh(c));
  }
}

/// The GRU's gates of one row and panel.
typedef struct gru_values {
  vec reset, update, product, candidate;
} gru_values;

/// From what the inputs gave, x [3*hidden], and the normalised products y[0..2] of the state.
INLINE gru_values gru_normalized_values(const ck_recurrent *r, const REAL *x, const vec *y, int64_t unit) {
  gru_values values = {.reset = vsigmoid(set_part(r, x, 0, unit) + with_gain(r, y[0], 0, unit)),
                       .update = vsigmoid(set_part(r, x, 1, unit) + with_gain(r, y[1], 1, unit)),
                       .product = with_gain(r, y[2], 2, unit)};
  values.candidate = vtanh(multiply_add(values.reset, values.product, set_part(r, x, 2, unit)));
  return values;
}

static void gru_normalized_row(const cell_step *j, int64_t i) {
  const ck_recurrent *r = j->r;
  const int64_t row = j->first_saved_row + j->s->places[i];
  REAL *nets = j->gates + i * j->gates_stride, *scales = j->saved.scales + row * SCALES_STRIDE;
  centre_row(j, nets, 3, 2, scales);
  for (int64_t panel = 0; panel < j->l->buffer.panels; panel++) {
    REAL *gates = gate_row(j, i, panel);
    vec y[3];
    UNROLL for (int v = 0; v < 3; v++) {
      y[v] = load(nets + (panel * 3 + v) * LANES) * splat(scales[v]);
      store(gates + v * LANES, y[v]);
    }
    const gru_values values = gru_normalized_values(r, j->x + row * r->inputs, y, panel * LANES);
    const vec h = gru_hidden(j, i, panel);
    put_state(j, i, panel * LANES, multiply_add(values.update, h - values.candidate, values.candidate));
  }
}

INLINE void normalized_forward(cell_step *j, tile_function *tile, const int vectors,
                               void (*row)(const cell_step *, int64_t)) {
  slice_tiles(j, tile, vectors);
  meet(j->s);
  ck_enter_phase(CK_GATE_ARITHMETIC);
  const stretch mine = share(j->running, j->s->part, j->s->parts);
  for (int64_t i = mine.begin; i < mine.end; i++) row(j, i);
}

INLINE void lstm_normalized_forward(cell_step *j) {
  normalized_forward(j, lstm_nets_tile, 4, lstm_normalized_row);
}
INLINE void gru_normalized_forward(cell_step *j) {
  normalized_forward(j, gru_nets_tile, 3, gru_normalized_row);
}

// MARK: gradients

/// A row of the batch's sums for the gradients of gains and shifts.
typedef struct row_gain_sums {
  REAL *gain, *shift;  // [sets][padded]
  int64_t padded;
} row_gain_sums;

INLINE row_gain_sums sums_of_row(const cell_back *j, int64_t i) {
  const int64_t padded = j->l->padded, sets = gain_count(j->r->cell);
  REAL *gain = j->gain_sums + j->s->order[i] * 2 * sets * padded;
  return (row_gain_sums){.gain = gain, .shift = gain + sets * padded, .padded = padded};
}

/// Takes in the gradient of gain*y + shift, and gives that of y.
INLINE vec normal_gradient(const cell_back *j, row_gain_sums sums, int set, int64_t unit, vec gradient, vec y) {
  REAL *gain = sums.gain + set * sums.padded + unit, *shift = sums.shift + set * sums.padded + unit;
  store(gain, multiply_add(gradient, y, load(gain)));
  store(shift, load(shift) + gradient);
  return gradient * set_part(j->r, j->r->gain, set, unit);
}

/// Sums over a row of y's gradient, and of it times y.
typedef struct normal_sums {
  vec gradient, along;
} normal_sums;

INLINE void take_in(normal_sums *sums, vec gradient, vec y) {
  sums->gradient += gradient;
  sums->along = multiply_add(gradient, y, sums->along);
}

/// The means of both over `count` elements.
INLINE normal_sums means_of(normal_sums sums, int64_t count) {
  return (normal_sums){.gradient = splat(lane_sum(sums.gradient) / (REAL)count),
                       .along = splat(lane_sum(sums.along) / (REAL)count)};
}

/// The gradient of what was normalised.
INLINE vec before_normalizing(vec gradient, vec y, normal_sums means, REAL scale) {
  return (gradient - means.gradient - y * means.along) * splat(scale);
}

/// Turns the gradients of y in the operand's row into those of the net inputs, there and in the gate buffer. The first
/// `joint` slots have one mean.
INLINE void nets_back(const cell_back *j, int64_t i, const int slots, const int joint, normal_sums *sums,
                      const REAL *scales) {
  const int64_t hidden = j->r->hidden, panels = j->l->buffer.panels;
  UNROLL for (int v = 1; v < joint; v++) {
    sums[0].gradient += sums[v].gradient;
    sums[0].along += sums[v].along;
  }
  normal_sums means[MOST_VECTORS];
  UNROLL for (int v = 0; v < slots; v++)
    means[v] = v > 0 && v < joint ? means[0] : means_of(sums[v], v < joint ? joint * hidden : hidden);
  for (int64_t panel = 0; panel < panels; panel++) {
    const gate_rows rows = gate_rows_of(j, i, panel);
    UNROLL for (int v = 0; v < slots; v++) {
      vec net = before_normalizing(load(rows.operand + v * LANES), load(rows.saved + v * LANES), means[v], scales[v]);
      if (panel == panels - 1) net = valid_lanes(net, hidden - panel * LANES);
      put_gradient(rows, v, net);
    }
  }
}

static void lstm_normalized_row_back(const cell_back *j, int64_t i) {
  const ck_recurrent *r = j->r;
  const int64_t hidden = r->hidden, panels = j->l->buffer.panels, place = j->s->places[i];
  const int64_t row = saved_row(r, j->l, j->time, place);
  const vec one = splat(1), forget_bias = splat((REAL)r->forget_bias);
  const REAL *scales = j->saved.scales + row * SCALES_STRIDE;
  const REAL *cells = j->saved.cells + row * j->l->padded, *normal = j->saved.extra + row * j->saved.extra_stride;
  REAL *carried = j->cell + i * j->l->padded, *d_normal = j->extra + i * j->extra_stride;
  const row_gain_sums sums = sums_of_row(j, i);
  normal_sums of_cell = {{0}, {0}}, of_nets[4] = {{{0}, {0}}};
  for (int64_t panel = 0; panel < panels; panel++) {
    const int64_t unit = panel * LANES;
    const gate_rows rows = gate_rows_of(j, i, panel);
    vec z[4];
    UNROLL for (int v = 0; v < 4; v++) z[v] = with_gain(r, load(rows.saved + v * LANES), v, unit);
    const vec above = gradient_above(j, i, unit), out = vsigmoid(z[3]), t = vtanh(load(cells + unit));
    const vec d_cell = multiply_add(above * out, one - t * t, load(carried + unit));
    const vec y = load(normal + unit), d_y = normal_gradient(j, sums, 4, unit, d_cell, y);
    take_in(&of_cell, d_y, y);
    store(d_normal + unit, d_y);
    // The gates wait where their gradients will stand.
    store(rows.operand, vsigmoid(z[0]));
    store(rows.operand + LANES, vsigmoid(z[1] + forget_bias));
    store(rows.operand + 2 * LANES, vtanh(z[2]));
    store(rows.operand + 3 * LANES, above * t * out * (one - out));
  }
  const normal_sums means = means_of(of_cell, hidden);
  for (int64_t panel = 0; panel < panels; panel++) {
    const int64_t unit = panel * LANES;
    const gate_rows rows = gate_rows_of(j, i, panel);
    vec d_cell = before_normalizing(load(d_normal + unit), load(normal + unit), means, scales[4]);
    if (panel == panels - 1) d_cell = valid_lanes(d_cell, hidden - unit);
    const vec in = load(rows.operand), forget = load(rows.operand + LANES), candidate = load(rows.operand + 2 * LANES);
    const vec c_before = cell_before(r, j->l, &j->saved, j->s->order[i], place, j->time, unit);
    const vec d_z[4] = {d_cell * candidate * in * (one - in), d_cell * c_before * forget * (one - forget),
                        d_cell * in * (one - candidate * candidate), load(rows.operand + 3 * LANES)};
    store(carried + unit, d_cell * forget);
    UNROLL for (int v = 0; v < 4; v++) {
      const vec y = load(rows.saved + v * LANES), d_y = normal_gradient(j, sums, v, unit, d_z[v], y);
      take_in(&of_nets[v], d_y, y);
      store(rows.operand + v * LANES, d_y);
    }
  }
  nets_back(j, i, 4, 1, of_nets, scales);
}

static void gru_normalized_row_back(const cell_back *j, int64_t i) {
  const ck_recurrent *r = j->r;
  const int64_t hidden = r->hidden, row = saved_row(r, j->l, j->time, j->s->places[i]);
  const vec one = splat(1);
  const row_gain_sums sums = sums_of_row(j, i);
  normal_sums of_nets[3] = {{{0}, {0}}};
  for (int64_t panel = 0; panel < j->l->buffer.panels; panel++) {
    const int64_t unit = panel * LANES, valid = hidden - unit;
    const gate_rows rows = gate_rows_of(j, i, panel);
    vec y[3];
    UNROLL for (int v = 0; v < 3; v++) y[v] = load(rows.saved + v * LANES);
    const gru_values values = gru_normalized_values(r, j->x + row * r->inputs, y, unit);
    const vec above = gradient_above(j, i, unit), h = state_before(j, i, unit);
    const vec d_update = above * (h - values.candidate) * values.update * (one - values.update);
    const vec d_candidate = above * (one - values.update) * (one - values.candidate * values.candidate);
    const vec d_reset = d_candidate * values.product * values.reset * (one - values.reset);
    store(j->hidden + i * j->stride + unit, above * values.update);
    const vec d_x[3] = {d_reset, d_update, d_candidate}, d_z[3] = {d_reset, d_update, d_candidate * values.reset};
    UNROLL for (int v = 0; v < 3; v++) {
      if (j->x_gradient) {
        REAL *to = j->x_gradient + row * r->inputs + v * hidden + unit;
        store_part(to, j->accumulate_x ? load_part(to, valid) + d_x[v] : d_x[v], valid);
      }
      const vec d_y = normal_gradient(j, sums, v, unit, d_z[v], y[v]);
      take_in(&of_nets[v], d_y, y[v]);
      store(rows.operand + v * LANES, d_y);
    }
  }
  nets_back(j, i, 3, 2, of_nets, j->saved.scales + row * SCALES_STRIDE);
}

INLINE void normalized_back(const cell_back *j, void (*row)(const cell_back *, int64_t)) {
  ck_enter_phase(CK_GATE_ARITHMETIC);
  const stretch mine = share(j->running, j->s->part, j->s->parts);
  for (int64_t i = mine.begin; i < mine.end; i++) row(j, i);
  meet(j->s);
}

INLINE void lstm_normalized_back(cell_back *j) { normalized_back(j, lstm_normalized_row_back); }
INLINE void gru_normalized_back(cell_back *j) { normalized_back(j, gru_normalized_row_back); }

/// Reals of layer_job.gain_sums.
static int64_t gain_sums_count(const ck_recurrent *r, const layout *l) {
  return r->batch * 2 * gain_count(r->cell) * l->padded;
}

/// The gradients of gains and shifts: the rows' sums, added up in the batch's order.
static void gain_gradient_part(const ck_recurrent *r, const ck_recurrent_gradients *g, const layout *l,
                               const REAL *sums, int part, int parts) {
  const int64_t padded = l->padded, sets = gain_count(r->cell);
  const stretch mine = share(l->buffer.panels, part, parts);
  REAL *gradients[2] = {g->gain, g->shift};
  const int accumulate[2] = {g->accumulate_gain, g->accumulate_shift};
  for (int which = 0; which < 2; which++) {
    if (!gradients[which]) continue;
    for (int64_t set = 0; set < sets; set++) {
      for (int64_t unit = mine.begin * LANES; unit < smaller(mine.end * LANES, r->hidden); unit += LANES) {
        vec sum = {0};
        for (int64_t b = 0; b < r->batch; b++) sum += load(sums + ((b * 2 + which) * sets + set) * padded + unit);
        REAL *to = gradients[which] + set * r->hidden + unit;
        store_part(to, accumulate[which] ? load_part(to, r->hidden - unit) + sum : sum, r->hidden - unit);
      }
    }
  }
}
