// What the recurrent layers share: the layout of their gates, their packed weights, and the inputs' product.
//
// Forward: one product of all inputs with the input weights into the gate buffer, then, step by step, the product of
// the state with the recurrent weights, added to it tile by tile, with the gate arithmetic on each tile. Backward: step
// by step from the end, the gate arithmetic's gradient overwrites the gates, and its product with the transposed
// recurrent weights gives the state's gradient; the weights' gradients are products over all steps at once.
//
// Rows of the gate buffer are steps that exist: with lengths, those of a time step stand in the order of the longest
// sequence first, and nothing past a sequence's end has a row. x, outputs and their gradients are the caller's, padded.

typedef struct layout {
  side buffer;   // all slots of the gate buffer
  int64_t width; // reals of a row of a panel
  int input_first, input_count;  // slots that the inputs' product fills
  int state_first, state_count;  // slots that the state's product fills (reset before: r and z)
  int64_t padded;                // hidden, rounded up to whole panels
  int64_t rows;                  // of the gate buffer
  const int64_t *starts;         // with lengths, [steps]: the row where each time step's begin
} layout;

static layout layout_of(ck_cell cell, int64_t hidden) {
  layout l;
  switch (cell) {
    case CK_LSTM:
    case CK_LSTM_NORMALIZED:
      l = (layout){.buffer = gate_side(4, 0, 1, 2, 3, hidden), .input_count = 4, .state_count = 4};
      break;
    case CK_GRU_RESET_AFTER:  // slots n of the inputs, r, z, n of the state
      l = (layout){.buffer = gate_side(4, 2, 0, 1, 2, hidden), .input_count = 3, .state_first = 1, .state_count = 3};
      break;
    case CK_GRU_RESET_BEFORE:  // slots n, r, z
      l = (layout){.buffer = gate_side(3, 2, 0, 1, 0, hidden), .input_count = 3, .state_first = 1, .state_count = 2};
      break;
    case CK_GRU_NORMALIZED:  // slots r, z, n
      l = (layout){.buffer = gate_side(3, 0, 1, 2, 0, hidden), .state_count = 3};
      break;
    default:
      l = (layout){.buffer = plain_side(hidden), .input_count = 2, .state_count = 2};
  }
  l.width = l.buffer.slots * LANES;
  l.padded = l.buffer.panels * l.buffer.units;
  return l;
}

/// `count` slots of the buffer from `first` on.
static side slots_of(const layout *l, int first, int count) {
  side s = l->buffer;
  s.slots = count;
  for (int i = 0; i < count; i++) {
    s.block[i] = l->buffer.block[first + i];
    s.shift[i] = l->buffer.shift[first + i];
  }
  return s;
}

INLINE int64_t state_width(const ck_recurrent *r) { return r->projected > 0 ? r->projected : r->hidden; }

static int64_t recurrent_packed_count(ck_cell cell, ck_weight_form form, int64_t rows, int64_t hidden) {
  layout l = layout_of(cell, hidden);
  int before = cell == CK_GRU_RESET_BEFORE;
  switch (form) {
    case CK_INPUT: return l.buffer.panels * packed_panel(rows, l.input_count);
    case CK_STATE: return l.buffer.panels * packed_panel(rows, l.state_count + before);
    case CK_INPUT_TRANSPOSED: return packed_count(l.buffer.panels * l.input_count * LANES, rows);
    case CK_STATE_TRANSPOSED:
      return packed_count(l.buffer.panels * l.state_count * LANES, rows) +
             (before ? packed_count(l.buffer.panels * LANES, rows) : 0);
    default: return l.buffer.panels * l.input_count * LANES;
  }
}

INLINE int is_lstm(ck_cell cell) { return cell == CK_LSTM || cell == CK_LSTM_NORMALIZED; }
INLINE int is_gru(ck_cell cell) { return cell >= CK_GRU_RESET_AFTER; }
INLINE int normalizes(ck_cell cell) { return cell == CK_LSTM_NORMALIZED || cell == CK_GRU_NORMALIZED; }
static int gate_count(ck_cell cell) { return is_lstm(cell) ? 4 : is_gru(cell) ? 3 : 1; }

static void pack_recurrent_bias(ck_cell cell, const layout *l, const REAL *bias, double forget_bias, REAL *packed) {
  const side columns = slots_of(l, l->input_first, l->input_count);
  pack_bias(&columns, bias, packed);
  if (cell != CK_LSTM || forget_bias == 0) return;
  for (int64_t panel = 0; panel < columns.panels; panel++) {
    int64_t valid;
    side_column(&columns, panel, 1, &valid);
    REAL *forget = packed + (panel * 4 + 1) * LANES;
    for (int64_t lane = 0; lane < valid; lane++) forget[lane] += (REAL)forget_bias;
  }
}

static void recurrent_pack(ck_cell cell, ck_weight_form form, const void *weight, int64_t rows, int64_t hidden,
                           double forget_bias, void *packed) {
  layout l = layout_of(cell, hidden);
  const int64_t columns = gate_count(cell) * hidden;
  int is_state = form == CK_STATE || form == CK_STATE_TRANSPOSED;
  int transposed = form == CK_INPUT_TRANSPOSED || form == CK_STATE_TRANSPOSED;
  if (form == CK_BIAS) {
    pack_recurrent_bias(cell, &l, weight, forget_bias, packed);
    return;
  }
  side main = is_state ? slots_of(&l, l.state_first, l.state_count) : slots_of(&l, l.input_first, l.input_count);
  pack_job job = {.columns = main, .b = weight, .row_stride = columns, .column_stride = 1, .depth = rows,
                  .packed = packed, .transposed = transposed};
  run_pack(&job);
  if (is_state && cell == CK_GRU_RESET_BEFORE) {
    int64_t done = transposed ? packed_count(l.buffer.panels * l.state_count * LANES, rows)
                              : l.buffer.panels * packed_panel(rows, l.state_count);
    job.columns = slots_of(&l, 0, 1);
    job.packed += done;
    run_pack(&job);
  }
}

/// The steps that exist.
static int64_t existing_rows(const ck_recurrent *r) {
  if (!r->lengths) return r->steps * r->batch;
  int64_t rows = 0;
  for (int64_t i = 0; i < r->batch; i++) rows += r->lengths[i];
  return rows;
}

/// The layout of a layer's gates, but for where the time steps begin.
static layout layout_for(const ck_recurrent *r) {
  layout l = layout_of(r->cell, r->hidden);
  l.rows = existing_rows(r);
  return l;
}

/// The parts of `saved`, in order; what a cell does not need is empty.
typedef struct saved_parts {
  REAL *gates;  // [panels][rows][width]
  REAL *cells;  // LSTM: [rows][padded]
  REAL *extra;  // LSTM with projection: h' before it; normalised: c without gain; GRU with reset before: r*h; [rows][padded]
  int64_t extra_stride;
  REAL *scales;   // normalised: what centred rows were multiplied by, [rows][SCALES_STRIDE]
  int64_t count;  // after which backward keeps the gradient of the projected states, packed
} saved_parts;

/// The LSTM has five, one for each gate and one for its cell state; rounded up.
#define SCALES_STRIDE 8

static saved_parts saved_layout(const ck_recurrent *r, const layout *l) {
  saved_parts s = {0};
  REAL *base = (REAL *)r->saved;  // NULL when only the count is asked for
  int64_t used = l->buffer.panels * l->rows * l->width;
  s.gates = base;
  if (is_lstm(r->cell)) {
    s.cells = base ? base + used : NULL;
    used += l->rows * l->padded;
  }
  if (r->projected > 0 || r->cell == CK_GRU_RESET_BEFORE || r->cell == CK_LSTM_NORMALIZED) {
    s.extra = base ? base + used : NULL;
    s.extra_stride = l->padded;
    used += l->rows * l->padded;
  }
  if (normalizes(r->cell)) {
    s.scales = base ? base + used : NULL;
    used += l->rows * SCALES_STRIDE;
  }
  s.count = used;
  return s;
}

static int64_t recurrent_saved_count(const ck_recurrent *r) {
  const layout l = layout_for(r);
  int64_t projected = r->projected > 0 ? plain_side(r->projected).panels * 2 * LANES * l.rows : 0;
  return saved_layout(r, &l).count + projected;
}

/// What a layer reads, a row for each of the gate buffer's.
typedef struct layer_inputs {
  const REAL *x;  // [rows][inputs], or NULL when tokens are given
  const int32_t *tokens;
} layer_inputs;

/// The gate buffer's inputs part for rows [begin, end) and panels [panel_begin, panel_end): x . W + b, or for tokens
/// the weight's rows themselves.
static void project_inputs(const ck_recurrent *r, const layout *l, layer_inputs inputs, REAL *gates, int64_t begin,
                           int64_t end, int64_t panel_begin, int64_t panel_end) {
  const int64_t rows = l->rows, count = l->input_count;
  const REAL *weight = r->input_weight, *bias = r->bias;
  if (inputs.tokens) {
    for (int64_t panel = panel_begin; panel < panel_end; panel++) {
      vec offset[MOST_VECTORS];
      for (int v = 0; v < count; v++) offset[v] = bias ? load(bias + (panel * count + v) * LANES) : (vec){0};
      for (int64_t row = begin; row < end; row++) {
        const int64_t token = inputs.tokens[row];
        const REAL *from = weight + panel * packed_panel(r->inputs, count);
        REAL *to = gates + (panel * rows + row) * l->width + l->input_first * LANES;
        for (int v = 0; v < count; v++) {
          const slot_place place = place_of_slot(lane_depth(r->inputs), (int)count, v);
          const vec lanes = load(from + place.offset + token / STEPS_PER_LANE * place.stride);
          store(to + v * LANES, parted(lanes, token) + offset[v]);
        }
      }
    }
    return;
  }
  product_job job = {.a = left_rows(inputs.x, r->inputs, r->inputs), .b = weight,
                     .b_panel_stride = packed_panel(r->inputs, count),
                     .columns = slots_of(l, l->input_first, (int)count), .bias = bias,
                     .panels = gates + l->input_first * LANES, .panel_stride = rows * l->width, .row_stride = l->width,
                     .rows = rows, .depth = r->inputs};
  product_rows(&job, begin, end, panel_begin, panel_end);
}
