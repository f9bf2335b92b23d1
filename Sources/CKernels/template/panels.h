// How the columns of a weight are laid in panels.
//
// A panel is a few vectors wide and holds them for every row, one row after the other (of more than BLOCK_VECTORS, so many
// at a time), so that a tile reads it straight through. A plain matrix has panels of two neighbouring vectors of columns.
// A gated layer has panels of LANES hidden units, the gates of these units side by side ("slots"): a tile then holds all
// gates of its units, and the gate arithmetic runs on it before it leaves the cache. The buffer of gate values has panels
// too, [panels][rows][slots*LANES]; after the backward pass has put the gates' gradients there, it is the packed right
// operand for the weights' gradients as it stands, or joined in pairs.

typedef struct side {
  int slots;                 // vectors in a panel
  int block[MOST_VECTORS];   // slot -> block of `hidden` columns (the gate)
  int shift[MOST_VECTORS];   // slot -> first unit within the panel
  int64_t units;             // hidden units of a panel
  int64_t hidden;            // columns of a block
  int64_t panels;
} side;

INLINE side plain_side(int64_t columns) {
  return (side){.slots = 2, .shift = {0, LANES}, .units = 2 * LANES, .hidden = columns,
                .panels = (columns + 2 * LANES - 1) / (2 * LANES)};
}

INLINE side gate_side(int slots, int first, int second, int third, int fourth, int64_t hidden) {
  return (side){.slots = slots, .block = {first, second, third, fourth}, .units = LANES, .hidden = hidden,
                .panels = (hidden + LANES - 1) / LANES};
}

/// The user's column where (panel, slot) begins; `valid` receives how many of its LANES columns exist.
INLINE int64_t side_column(const side *s, int64_t panel, int slot, int64_t *valid) {
  int64_t unit = panel * s->units + s->shift[slot];
  *valid = larger(0, smaller(LANES, s->hidden - unit));
  return s->block[slot] * s->hidden + unit;
}

/// Vectors of a panel that hold at least one column.
INLINE int panel_vectors(const side *s, int64_t panel) {
  int count = 0;
  for (int slot = 0; slot < s->slots; slot++) {
    int64_t valid;
    side_column(s, panel, slot, &valid);
    if (valid > 0) count = slot + 1;
  }
  return count;
}

/// Reals of a packed panel of so many slots.
INLINE int64_t packed_panel(int64_t depth, int64_t slots) { return lane_depth(depth) * slots * LANES; }

/// packed[panel], as packed_columns has it, = b[k*row_stride + column*column_stride], 0 where there is no column.
static void pack_side(const side *s, const REAL *b, int64_t row_stride, int64_t column_stride, int64_t depth,
                      REAL *packed, int64_t panel_begin, int64_t panel_end) {
  for (int64_t panel = panel_begin; panel < panel_end; panel++) {
    for (int slot = 0; slot < s->slots; slot++) {
      int64_t valid, column = side_column(s, panel, slot, &valid);
      const REAL *from = b + column * column_stride;
      const slot_place place = place_of_slot(lane_depth(depth), s->slots, slot);
      REAL *to = packed + panel * packed_panel(depth, s->slots) + place.offset;
      for (int64_t k = 0; k < depth; k += STEPS_PER_LANE) {
        vec lines[STEPS_PER_LANE] = {{0}};
        for (int64_t step = 0; step < smaller(STEPS_PER_LANE, depth - k); step++) {
          const REAL *line = from + (k + step) * row_stride;
          if (column_stride == 1) {
            if (valid > 0) lines[step] = load_part(line, valid);
          } else {
            for (int64_t lane = 0; lane < valid; lane++) lines[step][lane] = line[lane * column_stride];
          }
        }
        store(to + k / STEPS_PER_LANE * place.stride, joined(lines));
      }
    }
  }
}

/// The transpose as a plain packed right operand: row (panel, slot, lane) of it is the user's column, column n is the
/// user's row n. packed[n/2L][(panel*slots + slot)*L + lane][n%2L] = w[n*row_stride + column + lane].
static void pack_side_transposed(const side *s, const REAL *w, int64_t row_stride, int64_t rows, REAL *packed,
                                 int64_t out_begin, int64_t out_end) {
  const int64_t width = 2 * LANES, depth = s->panels * s->slots * LANES;
  for (int64_t out = out_begin; out < out_end; out++) {
    REAL *to = packed + out * packed_panel(depth, 2);
    int64_t present = smaller(width, rows - out * width);
    for (int64_t panel = 0; panel < s->panels; panel++) {
      for (int slot = 0; slot < s->slots; slot++) {
        int64_t valid, column = side_column(s, panel, slot, &valid);
        REAL *block = to + lane_depth((panel * s->slots + slot) * LANES) * width;
        for (int64_t n = 0; n < width; n++) {
          vec v = n < present && valid > 0 ? load_part(w + (out * width + n) * row_stride + column, valid) : (vec){0};
          REAL lanes[LANES];
#if PAIRS
          join_line((REAL *)&v, LANES, lanes);
#else
          store(lanes, v);
#endif
          for (int lane = 0; lane < LANES / STEPS_PER_LANE; lane++) block[lane * width + n] = lanes[lane];
        }
      }
    }
  }
}

/// packed[panel][slot][lane] = bias[column], 0 where there is no column.
static void pack_bias(const side *s, const REAL *bias, REAL *packed) {
  for (int64_t panel = 0; panel < s->panels; panel++) {
    for (int slot = 0; slot < s->slots; slot++) {
      int64_t valid, column = side_column(s, panel, slot, &valid);
      store(packed + (panel * s->slots + slot) * LANES, valid > 0 ? load_part(bias + column, valid) : (vec){0});
    }
  }
}
