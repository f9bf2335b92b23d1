// LSTM: i, f, o = sigmoid, g = tanh of the net inputs; c' = f c + i g; h' = o tanh(c').
// Options: peepholes (i and f see c, o sees c'), clipping of c', projection of h', clipping of the net inputs'
// gradients. Hochreiter and Schmidhuber 1997; Gers, Schraudolph and Schmidhuber 2002; Sak, Senior and Beaufays 2014.

INLINE void lstm_gates(const cell_step *j, vec *sums, int64_t i, int64_t panel) {
  const ck_recurrent *r = j->r;
  const int64_t unit = panel * LANES, valid = smaller(LANES, r->hidden - unit);
  const int64_t row = j->first_saved_row + j->s->places[i];
  REAL *cell = j->cell + i * j->l->padded + unit;
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
  REAL *gates = gate_row(j, i, panel);
  store(gates, in);
  store(gates + LANES, forget);
  store(gates + 2 * LANES, candidate);
  store(gates + 3 * LANES, out);
  store(cell, c);
  store(j->saved.cells + row * j->l->padded + unit, c);
  if (r->projected > 0) {
    store(j->extra + i * j->extra_stride + unit, h);
    store(j->saved.extra + row * j->saved.extra_stride + unit, h);
  } else {
    put_state(j, i, unit, h);
  }
}

INLINE void lstm_tile_of(const int rows, const int panels, const int vectors, const void *step, int64_t row,
                         int64_t panel) {
  const cell_step *j = step;
  vec sums[MOST_ROWS][MOST_VECTORS];
  begin_sums(rows, panels, vectors, sums, j, row, panel, 0);
  UNROLL for (int i = 0; i < rows * panels; i++) {
    const REAL *own = gate_row(j, row_of(panels, row, i), panel_of(panels, panel, i));
    UNROLL for (int v = 0; v < vectors; v++) __builtin_prefetch(own + j->ahead * j->l->width + v * LANES, 1);
  }
  add_product(rows, panels, vectors, sums, j, row, panel, vectors);
  end_sums(rows, panels, vectors, sums, j, row, panel, lstm_gates);
}

NOINLINE void lstm_tile(const void *step, int64_t row, int64_t panel, int64_t rows, int64_t panels) {
  tile_of_height(lstm_tile_of, TILE_ROWS_4, 4, step, row, panel, rows, panels);
}

/// h' = projection of the unprojected state, for panels of the slice's share, into next_hidden and the outputs.
static void lstm_project(const cell_step *j) {
  const ck_recurrent *r = j->r;
  const side columns = plain_side(r->projected);
  const stretch mine = share_of(j->s, j->l, &columns);
  product_job job = {.a = left_rows(j->extra, j->extra_stride, r->hidden), .b = r->projection,
                     .b_panel_stride = packed_panel(r->hidden, 2), .columns = columns,
                     .c = j->next_hidden, .c_stride = j->stride, .depth = r->hidden};
  product_rows(&job, 0, j->running, mine.begin, mine.end);
  const int64_t from = mine.begin * 2 * LANES, to = smaller(r->projected, mine.end * 2 * LANES);
  for (int64_t i = 0; i < j->running && to > from; i++) {
    memcpy((REAL *)r->outputs + (j->first_row + j->s->order[i]) * r->projected + from,
           j->next_hidden + i * j->stride + from, (to - from) * sizeof(REAL));
  }
}

INLINE void lstm_forward(cell_step *j) {
  // The next step's rows are far away, and fetched ahead.
  const int64_t next = j->step + 1;
  j->ahead = next < j->r->steps ? saved_row(j->r, j->l, time_of(j->r, next), 0) - j->first_saved_row : 0;
  slice_tiles(j, lstm_tile, 4);
  if (j->r->projected == 0) return;
  meet(j->s);
  lstm_project(j);
}

// MARK: gradients

/// The cell state that entered a step of a row, units from `unit` on. `place` is the row's in the gate buffer.
INLINE vec cell_before(const ck_recurrent *r, const layout *l, const saved_parts *saved, int64_t row, int64_t place,
                       int64_t time, int64_t unit) {
  const int64_t before = time_before(r, row, time);
  if (before >= 0) return load(saved->cells + saved_row(r, l, before, place) * l->padded + unit);
  if (!r->initial_cell) return (vec){0};
  return load_part((const REAL *)r->initial_cell + row * r->hidden + unit, r->hidden - unit);
}

INLINE void lstm_unit_back(const cell_back *j, int64_t i, int64_t panel) {
  const ck_recurrent *r = j->r;
  const int64_t unit = panel * LANES, valid = smaller(LANES, r->hidden - unit), place = j->s->places[i];
  const vec one = splat(1);
  const vec above = r->projected > 0 ? load_part(j->extra + i * j->extra_stride + unit, valid)
                                     : gradient_above(j, i, unit);
  const gate_rows rows = gate_rows_of(j, i, panel);
  const REAL *gates = rows.saved;
  vec in = load(gates), forget = load(gates + LANES), candidate = load(gates + 2 * LANES);
  vec out = load(gates + 3 * LANES);
  vec c = load(j->saved.cells + saved_row(r, j->l, j->time, place) * j->l->padded + unit);
  vec c_before = cell_before(r, j->l, &j->saved, j->s->order[i], place, j->time, unit);
  REAL *carried = j->cell + i * j->l->padded + unit;
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
  put_gradient(rows, 0, d_in);
  put_gradient(rows, 1, d_forget);
  put_gradient(rows, 2, d_candidate);
  put_gradient(rows, 3, d_out);
}

/// The gradient of the projected state, carried plus given, is kept for the projection's own gradient.
static void keep_projected_gradient(const cell_back *j) {
  const int64_t columns = j->r->projected, panels = plain_side(columns).panels;
  REAL *kept = (REAL *)j->r->saved + j->saved.count;
  for (int64_t i = 0; i < j->running; i++) {
    const int64_t row = saved_row(j->r, j->l, j->time, j->s->places[i]);
    for (int64_t column = 0; column < panels * 2 * LANES; column++) {
      REAL value = 0;
      if (column < columns) {
        REAL *carried = j->hidden + i * j->stride + column;
        value = *carried += j->outputs ? j->outputs[j->s->order[i] * columns + column] : 0;
      }
      kept[(column / (2 * LANES) * j->l->rows + row) * 2 * LANES + column % (2 * LANES)] = value;
    }
  }
}

INLINE void lstm_back(cell_back *j) {
  const ck_recurrent *r = j->r;
  if (r->projected > 0) {
    if (j->s->part == 0) keep_projected_gradient(j);
    meet(j->s);
    const product_job job = {.a = left_rows(j->hidden, j->stride, r->projected), .b = j->g->projection_transposed,
                             .b_panel_stride = packed_panel(r->projected, 2),
                             .columns = plain_side(r->hidden), .c = j->extra, .c_stride = j->extra_stride,
                             .depth = r->projected};
    run_rows(j, &job, share_of(j->s, j->l, &job.columns));
  }
  slice_units(j, lstm_unit_back);
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
        const int64_t row = saved_row(r, l, time, i);
        const REAL *gates = saved->gates + (panel * l->rows + row) * l->width;
        const vec c_before = cell_before(r, l, saved, order[i], i, time, unit);
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
