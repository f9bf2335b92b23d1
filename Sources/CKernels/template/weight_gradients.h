// The gradients of a recurrent layer's weights, from the gates' gradients of all steps.

/// gradient (+)= a^T . gates[:, first..], a [rows, columns_of_a] the left rows, gate rows from gate_row on.
static void weight_gradient_part(const layout *l, int first, int count, const REAL *a, int64_t a_columns,
                                 int64_t a_stride, const REAL *gates, int64_t gate_row, int64_t rows, REAL *gradient,
                                 int64_t gradient_columns, int accumulate, int part, int parts) {
  product_job job = {.a = {.base = a, .stride = a_stride, .runs = 1},
                     .b = gates + gate_row * l->width + first * LANES, .b_is_buffer = 1,
                     .b_panel_stride = l->rows * l->width, .b_stride = l->width,
                     .columns = slots_of(l, first, count), .c = gradient, .c_stride = gradient_columns,
                     .accumulate = accumulate, .rows = a_columns, .depth = rows};
  product_transposed_part(&job, part, parts);
}

/// gradient [inputs, gates*hidden] (+)= one-hot(tokens)^T . gates, for panels of this part.
static void token_gradient_part(const ck_recurrent *r, const layout *l, const int32_t *tokens, const REAL *gates,
                                REAL *gradient, int accumulate, int part, int parts) {
  const int64_t rows = l->rows, columns = gate_count(r->cell) * r->hidden;
  side s = slots_of(l, l->input_first, l->input_count);
  stretch mine = share(s.panels, part, parts);
  for (int64_t panel = mine.begin; panel < mine.end; panel++) {
    for (int slot = 0; slot < s.slots; slot++) {
      int64_t valid, column = side_column(&s, panel, slot, &valid);
      if (valid == 0) continue;
      if (!accumulate) {
        for (int64_t i = 0; i < r->inputs; i++) store_part(gradient + i * columns + column, (vec){0}, valid);
      }
      const REAL *from = gates + panel * rows * l->width + (l->input_first + slot) * LANES;
      for (int64_t row = 0; row < rows; row++) {
        REAL *to = gradient + tokens[row] * columns + column;
        store_part(to, load_part(to, valid) + load(from + row * l->width), valid);
      }
    }
  }
}

/// gradient [gates*hidden] (+)= column sums of the gate buffer's slots first..<first+count, for panels of this part.
static void bias_gradient_part(const layout *l, int first, int count, const REAL *gates, int64_t first_column,
                               REAL *gradient, int accumulate, int part, int parts) {
  const int64_t rows = l->rows;
  side s = slots_of(l, first, count);
  stretch mine = share(s.panels, part, parts);
  for (int64_t panel = mine.begin; panel < mine.end; panel++) {
    for (int slot = 0; slot < count; slot++) {
      int64_t valid, column = side_column(&s, panel, slot, &valid);
      if (valid == 0) continue;
      const REAL *from = gates + panel * rows * l->width + (first + slot) * LANES;
      vec even = {0}, odd = {0};
      int64_t row = 0;
      for (; row + 1 < rows; row += 2) {
        even += load(from + row * l->width);
        odd += load(from + (row + 1) * l->width);
      }
      if (row < rows) even += load(from + row * l->width);
      vec sum = even + odd;
      REAL *to = gradient + (column - first_column);
      if (accumulate) sum += load_part(to, valid);
      store_part(to, sum, valid);
    }
  }
}
