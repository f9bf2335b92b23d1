// GRU: r, z = sigmoid; h' = (1 - z) n + z h. Reset after the product (Keras, PyTorch): n = tanh(x_n + r (h R_n + b_n)).
// Reset before it (Cho et al. 2014, TensorFlow 1): n = tanh(x_n + (r h) R_n).

INLINE vec gru_hidden(const cell_step *j, int64_t i, int64_t panel) {
  return load(j->hidden + i * j->stride + panel * LANES);
}

// MARK: reset after the product

INLINE void gru_after_gates(const cell_step *j, vec *sums, int64_t i, int64_t panel) {
  REAL *gates = gate_row(j, i, panel);
  vec reset = vsigmoid(sums[0]), update = vsigmoid(sums[1]);
  vec candidate = vtanh(multiply_add(reset, sums[2], load(gates)));
  vec h = gru_hidden(j, i, panel);
  store(gates, candidate);
  store(gates + LANES, reset);
  store(gates + 2 * LANES, update);
  store(gates + 3 * LANES, sums[2]);
  put_state(j, i, panel * LANES, multiply_add(update, h - candidate, candidate));
}

/// The sums of r, z and n's recurrent part, which starts from a bias of its own.
INLINE void gru_after_tile_of(const int rows, const int panels, const int vectors, const void *step, int64_t row,
                              int64_t panel) {
  const cell_step *j = step;
  const REAL *bias = j->r->recurrent_bias;
  vec sums[MOST_ROWS][MOST_VECTORS];
  begin_sums(rows, panels, 2, sums, j, row, panel, 1);
  UNROLL for (int i = 0; i < rows * panels; i++) {
    const int64_t unit = panel_of(panels, panel, i) * LANES;
    sums[i][2] = bias ? load_part(bias + unit, j->r->hidden - unit) : (vec){0};
  }
  add_product(rows, panels, vectors, sums, j, row, panel, vectors);
  end_sums(rows, panels, vectors, sums, j, row, panel, gru_after_gates);
}

NOINLINE void gru_after_tile(const void *step, int64_t row, int64_t panel, int64_t rows, int64_t panels) {
  tile_of_height(gru_after_tile_of, TILE_ROWS_3, 3, step, row, panel, rows, panels);
}

// MARK: reset before the product

INLINE void gru_reset_gates(const cell_step *j, vec *sums, int64_t i, int64_t panel) {
  REAL *gates = gate_row(j, i, panel);
  const int64_t unit = panel * LANES;
  vec reset = vsigmoid(sums[0]), update = vsigmoid(sums[1]);
  vec kept = reset * gru_hidden(j, i, panel);
  store(gates + LANES, reset);
  store(gates + 2 * LANES, update);
  store(j->extra + i * j->extra_stride + unit, kept);
  store(j->saved.extra + (j->first_saved_row + j->s->places[i]) * j->saved.extra_stride + unit, kept);
}

INLINE void gru_reset_tile_of(const int rows, const int panels, const int vectors, const void *step, int64_t row,
                              int64_t panel) {
  sum_tile(rows, panels, vectors, step, row, panel, 1, gru_reset_gates);
}

NOINLINE void gru_reset_tile(const void *step, int64_t row, int64_t panel, int64_t rows, int64_t panels) {
  tile_of_height(gru_reset_tile_of, TILE_ROWS_2, 2, step, row, panel, rows, panels);
}

INLINE void gru_candidate_gates(const cell_step *j, vec *sums, int64_t i, int64_t panel) {
  REAL *gates = gate_row(j, i, panel);
  vec candidate = vtanh(sums[0]), update = load(gates + 2 * LANES);
  vec h = gru_hidden(j, i, panel);
  store(gates, candidate);
  put_state(j, i, panel * LANES, multiply_add(update, h - candidate, candidate));
}

INLINE void gru_candidate_tile_of(const int rows, const int panels, const int vectors, const void *step, int64_t row,
                                  int64_t panel) {
  sum_tile(rows, panels, vectors, step, row, panel, 0, gru_candidate_gates);
}

NOINLINE void gru_candidate_tile(const void *step, int64_t row, int64_t panel, int64_t rows, int64_t panels) {
  tile_of_height(gru_candidate_tile_of, TILE_ROWS_1, 1, step, row, panel, rows, panels);
}

INLINE void gru_forward(cell_step *j) {
  if (j->r->cell == CK_GRU_RESET_AFTER) {
    slice_tiles(j, gru_after_tile, 3);
    return;
  }
  slice_tiles(j, gru_reset_tile, 2);
  meet(j->s);
  j->operand = state_operand(j, j->extra, j->extra_stride);
  j->weight += j->l->buffer.panels * packed_panel(j->r->hidden, 2);
  slice_tiles(j, gru_candidate_tile, 1);
}

// MARK: gradients

INLINE void gru_after_back(const cell_back *j, int64_t i, int64_t panel) {
  const int64_t unit = panel * LANES;
  const gate_rows rows = gate_rows_of(j, i, panel);
  const vec one = splat(1);
  const REAL *gates = rows.saved;
  vec candidate = load(gates), reset = load(gates + LANES), update = load(gates + 2 * LANES);
  vec product = load(gates + 3 * LANES), h = state_before(j, i, unit), above = gradient_above(j, i, unit);
  const double bound = j->r->gradient_clip;
  vec d_update = bounded(above * (h - candidate) * update * (one - update), bound);
  vec d_candidate = bounded(above * (one - update) * (one - candidate * candidate), bound);
  vec d_reset = bounded(d_candidate * product * reset * (one - reset), bound);
  store(j->hidden + i * j->stride + unit, above * update);
  store(rows.saved, d_candidate);
  put_gradient(rows, 1, d_reset);
  put_gradient(rows, 2, d_update);
  put_gradient(rows, 3, d_candidate * reset);
}

INLINE void gru_before_back(const cell_back *j, int64_t i, int64_t panel) {
  const int64_t unit = panel * LANES;
  const gate_rows rows = gate_rows_of(j, i, panel);
  const vec one = splat(1);
  vec candidate = load(rows.saved), update = load(rows.saved + 2 * LANES);
  vec h = state_before(j, i, unit), above = gradient_above(j, i, unit);
  const double bound = j->r->gradient_clip;
  vec d_update = bounded(above * (h - candidate) * update * (one - update), bound);
  vec d_candidate = bounded(above * (one - update) * (one - candidate * candidate), bound);
  store(j->hidden + i * j->stride + unit, above * update);
  store(rows.saved, d_candidate);
  store(j->candidates + i * j->extra_stride + unit, d_candidate);
  put_gradient(rows, 2, d_update);
}

INLINE void gru_reset_back(const cell_back *j, int64_t i, int64_t panel) {
  const int64_t unit = panel * LANES;
  const gate_rows rows = gate_rows_of(j, i, panel);
  REAL *carried = j->hidden + i * j->stride + unit;
  vec reset = load(rows.saved + LANES), kept = load(j->extra + i * j->extra_stride + unit);
  vec h = state_before(j, i, unit);
  vec d_reset = bounded(kept * h * reset * (splat(1) - reset), j->r->gradient_clip);
  store(carried, multiply_add(kept, reset, load(carried)));
  put_gradient(rows, 1, d_reset);
}

/// n's gradient times its weights, which stand behind those of r and z.
INLINE product_job gru_reset_product(const cell_back *j) {
  const int64_t others = packed_count(j->l->padded * j->l->state_count, j->r->hidden);
  const REAL *weight = (const REAL *)j->g->state_weight_transposed + others;
  return gates_product(j, j->candidates, j->extra_stride, 1, weight, j->extra, j->extra_stride);
}

INLINE void gru_back(cell_back *j) {
  if (j->r->cell == CK_GRU_RESET_AFTER) {
    slice_units(j, gru_after_back);
    return;
  }
  slice_units(j, gru_before_back);
  run_rows(j, &j->reset, j->mine);
  slice_units(j, gru_reset_back);
}
