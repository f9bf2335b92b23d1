// The basic recurrent network: h' = tanh(x W + h R + b), or the rectified linear unit in place of tanh. Elman 1990.

INLINE void basic_tile(const int rows, const int panels, const int vectors, const void *step, int64_t row,
                       int64_t panel) {
  const cell_step own = *(const cell_step *)step, *j = &own;  // a copy, which no row's store can change
  vec sums[MOST_ROWS][MOST_VECTORS];
  begin_sums(rows, panels, vectors, sums, j, row, panel, 0);
  add_product(rows, panels, vectors, sums, j, row, panel, 2);
  ck_enter_phase(CK_GATE_ARITHMETIC);
  UNROLL for (int i = 0; i < rows * panels; i++) {
    UNROLL for (int v = 0; v < vectors; v++) {
      const vec h = j->r->cell == CK_BASIC_TANH ? vtanh(sums[i][v]) : rectified(sums[i][v]);
      put_state(j, row_of(panels, row, i), (panel_of(panels, panel, i) * 2 + v) * LANES, h);
    }
  }
}

NOINLINE void basic_tile_1(const void *step, int64_t row, int64_t panel, int64_t rows, int64_t panels) {
  tile_of_height(basic_tile, TILE_ROWS_1, 1, step, row, panel, rows, panels);
}
NOINLINE void basic_tile_2(const void *step, int64_t row, int64_t panel, int64_t rows, int64_t panels) {
  tile_of_height(basic_tile, TILE_ROWS_2, 2, step, row, panel, rows, panels);
}

INLINE void basic_forward(cell_step *j) {
  stretch panels = {j->s->panel_begin, j->s->panel_end};
  // The last panel may have one vector.
  const stretch whole = {panels.begin, smaller(panels.end, j->r->hidden / (2 * LANES))};
  if (j->running == 1 && whole.end > whole.begin) panels.begin = row_tiles(basic_tile_2, 2, j, whole);
  for (int64_t panel = panels.begin; panel < panels.end; panel++) {
    if (panel_vectors(&j->l->buffer, panel) == 2)
      panel_tiles(basic_tile_2, TILE_ROWS_2, j, panel, j->running);
    else
      panel_tiles(basic_tile_1, TILE_ROWS_1, j, panel, j->running);
  }
}

// MARK: gradients

INLINE void basic_unit_back(const cell_back *j, int64_t i, int64_t panel) {
  const ck_recurrent *r = j->r;
  const REAL *outputs = (const REAL *)r->outputs + (j->time * r->batch + j->s->order[i]) * r->hidden;
  const gate_rows rows = gate_rows_of(j, i, panel);
  for (int v = 0; v < 2; v++) {
    const int64_t unit = (panel * 2 + v) * LANES, valid = r->hidden - unit;
    vec gradient = {0};
    if (valid > 0) {
      const vec above = gradient_above(j, i, unit), y = load_part(outputs + unit, valid);
      gradient = r->cell == CK_BASIC_TANH ? above * (splat(1) - y * y) : choose(y > (vec){0}, above, (vec){0});
      gradient = bounded(gradient, r->gradient_clip);
    }
    put_gradient(rows, v, gradient);
  }
}

INLINE void basic_back(cell_back *j) { slice_units(j, basic_unit_back); }
