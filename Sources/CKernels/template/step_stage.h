// One stage of a time step: net inputs, panel by panel, and what becomes of them.
//
// What the state gives to the net inputs (early) can be computed before the stage's inputs are there, while other threads
// still make them; the inputs' share and the outputs (late) cannot.

typedef struct stage_job {
  const ck_stage *s;
  int64_t batch;
  const float *weights;  // the panels that are multiplied, `apart` floats from one to the next
  int64_t apart;
  step_left left;        // the rows that they are multiplied with
  float *sums;           // [panels][batch][slots*LANES]: what early tiles give to late ones
} stage_job;

// MARK: what stages do with their net inputs

INLINE void finish_lstm(const ck_stage *s, vec *sums, int64_t row, int64_t unit, int64_t valid) {
  float *cell = s->cell + row * s->unit_stride + unit;
  const float *peepholes = s->peepholes;
  vec c = load(cell);
  if (peepholes) {
    sums[0] = multiply_add(load_part(peepholes + unit, valid), c, sums[0]);
    sums[1] = multiply_add(load_part(peepholes + s->units + unit, valid), c, sums[1]);
  }
  const vec in = vsigmoid(sums[0]), forget = vsigmoid(sums[1]), candidate = vtanh(sums[2]);
  c = bounded(multiply_add(forget, c, in * candidate), s->cell_clip);
  if (peepholes) sums[3] = multiply_add(load_part(peepholes + 2 * s->units + unit, valid), c, sums[3]);
  store_part(cell, c, valid);
  store_part(s->outputs + row * s->output_stride + unit, vsigmoid(sums[3]) * vtanh(c), valid);
}

INLINE void finish_gru(const ck_stage *s, vec *sums, int64_t row, int64_t unit, int64_t valid) {
  const vec reset = vsigmoid(sums[1]), update = vsigmoid(sums[2]);
  const vec candidate = vtanh(multiply_add(reset, sums[3], sums[0]));
  const vec h = load(s->hidden_rows + row * s->unit_stride + unit);
  store_part(s->outputs + row * s->output_stride + unit, multiply_add(update, h - candidate, candidate), valid);
}

INLINE void finish_gru_gates(const ck_stage *s, vec *sums, int64_t row, int64_t unit, int64_t valid) {
  const int64_t place = row * s->unit_stride + unit;
  const vec reset = vsigmoid(sums[1]), h = load(s->hidden_rows + place);
  store_part(s->candidates + place, sums[0], valid);
  store_part(s->updates + place, vsigmoid(sums[2]), valid);
  store_part(s->outputs + row * s->output_stride + unit, reset * h, valid);
}

INLINE void finish_plain(const ck_stage *s, vec sum, int64_t row, int64_t unit, int64_t valid) {
  float *to = s->outputs + row * s->output_stride + unit;
  if (s->kind == CK_STAGE_TANH) {
    sum = vtanh(sum);
  } else if (s->kind == CK_STAGE_RELU) {
    sum = rectified(sum);
  } else if (s->kind == CK_STAGE_GRU_CANDIDATE) {
    const int64_t place = row * s->unit_stride + unit;
    const vec candidate = vtanh(load(s->candidates + place) + sum), h = load(s->hidden_rows + place);
    sum = multiply_add(load(s->updates + place), h - candidate, candidate);
  }
  store_part(to, sum, valid);
}

INLINE void finish(const int slots, const ck_stage *s, vec *sums, int64_t row, int64_t unit, int64_t valid) {
  if (slots == 1)
    finish_plain(s, sums[0], row, unit, valid);
  else if (slots == 3)
    finish_gru_gates(s, sums, row, unit, valid);
  else if (s->kind == CK_STAGE_LSTM)
    finish_lstm(s, sums, row, unit, valid);
  else
    finish_gru(s, sums, row, unit, valid);
}

// MARK: tiles

INLINE step_left from_row(step_left a, int64_t row) {
  a.rows += row * a.stride;
  a.bytes += row * a.byte_stride;
  a.scales += row;
  return a;
}

INLINE float *sums_of(const stage_job *j, int slots, int64_t panel, int64_t row) {
  return j->sums + (panel * j->batch + row) * slots * LANES;
}

/// sums = biases + state . R
INLINE void early_tile(const ck_weight_type type, const stage_shape *shape, const int rows, const int streams,
                       const stage_job *j, int64_t row, int64_t panel) {
  const ck_stage *s = j->s;
  ck_enter_phase(CK_SEQUENTIAL_PRODUCTS);
  const float *w = j->weights + panel * j->apart;
  const step_left left = from_row(j->left, row);
  vec sums[STEP_ROWS][STEP_SUMS];
  UNROLL for (int p = 0; p < streams; p++) {
    UNROLL for (int v = 0; v < shape->slots; v++) {
      const vec bias = load(w + p * j->apart + v * LANES);
      UNROLL for (int r = 0; r < rows; r++) sums[r][p * shape->slots + v] = bias;
    }
  }
  multiply_step(type, rows, streams, shape->slots, shape->state_first, shape->state_count, sums, &left, s->state,
                w + shape->slots * LANES, j->apart);
  UNROLL for (int p = 0; p < streams; p++) {
    UNROLL for (int r = 0; r < rows; r++) {
      float *to = sums_of(j, shape->slots, panel + p, row + r);
      UNROLL for (int v = 0; v < shape->slots; v++) store(to + v * LANES, sums[r][p * shape->slots + v]);
    }
  }
}

/// The outputs, from sums + inputs . W.
INLINE void late_tile(const ck_weight_type type, const stage_shape *shape, const int rows, const int streams,
                      const stage_job *j, int64_t row, int64_t panel) {
  const ck_stage *s = j->s;
  ck_enter_phase(CK_SEQUENTIAL_PRODUCTS);
  const step_left left = from_row(j->left, row);
  vec sums[STEP_ROWS][STEP_SUMS];
  UNROLL for (int p = 0; p < streams; p++) {
    UNROLL for (int r = 0; r < rows; r++) {
      const float *from = s->state > 0 ? sums_of(j, shape->slots, panel + p, row + r)
                                       : (const float *)s->weights + (panel + p) * shape->slots * LANES;
      UNROLL for (int v = 0; v < shape->slots; v++) sums[r][p * shape->slots + v] = load(from + v * LANES);
    }
  }
  if (s->tokens) {
    UNROLL for (int p = 0; p < streams; p++) {
      const int64_t unit = (panel + p) * LANES, valid = s->units - unit;
      UNROLL for (int r = 0; r < rows; r++) {
        const float *from = s->token_rows + s->tokens[row + r] * shape->blocks * s->units + unit;
        UNROLL for (int v = shape->input_first; v < shape->input_first + shape->input_count; v++)
          sums[r][p * shape->slots + v] += load_part(from + shape->block[v] * s->units, valid);
      }
    }
  } else {
    multiply_step(type, rows, streams, shape->slots, shape->input_first, shape->input_count, sums, &left, s->inputs,
                  j->weights + panel * j->apart, j->apart);
  }
  // In memory for the walk over units below: a walk over the sums themselves would keep them there all the time.
  vec kept[STEP_ROWS][STEP_SUMS];
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < streams * shape->slots; v++) kept[r][v] = sums[r][v];
  }
  ck_enter_phase(CK_GATE_ARITHMETIC);
  for (int p = 0; p < streams; p++) {
    const int64_t unit = (panel + p) * LANES;
    for (int r = 0; r < rows; r++) finish(shape->slots, s, kept[r] + p * shape->slots, row + r, unit, s->units - unit);
  }
}

typedef void stage_body(const ck_weight_type type, const stage_shape *shape, const int rows, const int streams,
                        const stage_job *j, int64_t row, int64_t panel);

/// A tile of one of its sizes, as tile_of_height: one panel wide, or as many as give half of STEP_SUMS; a single row,
/// whose sums would be too few, any number up to all of them.
INLINE void stage_of_size(stage_body *body, const ck_weight_type type, const stage_shape *shape, const stage_job *j,
                          int64_t row, int64_t panel, int64_t rows, int64_t streams) {
  _Static_assert(STEP_ROWS <= 6 && STEP_SUMS <= 8, "every size has its case");
// Macros, since a label and the constants are one.
#define MOST(ROWS) (ROWS == 1 ? STEP_SUMS : ROWS <= STEP_ROWS ? STEP_SUMS / 2 : 0)
#define CALL(ROWS, STREAMS) if (STREAMS * shape->slots <= MOST(ROWS)) body(type, shape, ROWS, STREAMS, j, row, panel)
#define SIZE(ROWS, STREAMS) case ROWS * 16 + STREAMS: CALL(ROWS, STREAMS); return;
  switch (rows * 16 + streams) {
    SIZE(1, 1) SIZE(2, 1) SIZE(3, 1) SIZE(4, 1) SIZE(5, 1) SIZE(6, 1)
    SIZE(1, 4) SIZE(2, 4) SIZE(3, 4) SIZE(4, 4) SIZE(5, 4) SIZE(6, 4)
    SIZE(1, 2) SIZE(1, 3) SIZE(1, 5) SIZE(1, 6) SIZE(1, 7) SIZE(1, 8)
  }
#undef SIZE
#undef CALL
#undef MOST
}

// Macros, since the functions differ in their names and constants only.
#define STAGE_ARGUMENTS const stage_job *j, int64_t row, int64_t panel, int64_t rows, int64_t streams
#define STAGE(WHEN, NAME, TYPE) stage_of_size(WHEN##_tile, CK_##TYPE, &NAME##_shape, j, row, panel, rows, streams);
#define FUNCTION(WHEN, NAME, TYPE) NOINLINE void WHEN##_##NAME##_##TYPE(STAGE_ARGUMENTS) { STAGE(WHEN, NAME, TYPE) }
#define TYPES(WHEN, NAME) FUNCTION(WHEN, NAME, FLOAT32) FUNCTION(WHEN, NAME, BFLOAT16) FUNCTION(WHEN, NAME, INT8)
#define TYPES_OF(WHEN, NAME) {WHEN##_##NAME##_FLOAT32, WHEN##_##NAME##_BFLOAT16, WHEN##_##NAME##_INT8}
#define FUNCTIONS_OF(NAME) {.early = TYPES_OF(early, NAME), .late = TYPES_OF(late, NAME)}

TYPES(early, plain) TYPES(early, lstm) TYPES(early, gru) TYPES(early, gru_gates)
TYPES(late, plain) TYPES(late, lstm) TYPES(late, gru) TYPES(late, gru_gates)

typedef void stage_function(STAGE_ARGUMENTS);

/// The functions of a kind of stage, for every type of weights.
typedef struct stage_functions {
  stage_function *early[3], *late[3];
} stage_functions;
static const stage_functions plain_functions = FUNCTIONS_OF(plain), lstm_functions = FUNCTIONS_OF(lstm),
                             gru_functions = FUNCTIONS_OF(gru), gru_gates_functions = FUNCTIONS_OF(gru_gates);

static const stage_functions *functions_of(ck_stage_kind kind) {
  switch (kind) {
    case CK_STAGE_LSTM: return &lstm_functions;
    case CK_STAGE_GRU: return &gru_functions;
    case CK_STAGE_GRU_GATES: return &gru_gates_functions;
    default: return &plain_functions;
  }
}

/// All tiles of some panels.
static void stage_tiles(const stage_job *j, stage_function *tile, stretch panels) {
  const int64_t most = (j->batch == 1 ? STEP_SUMS : STEP_SUMS / 2) / shape_of(j->s->kind)->slots;
  for (int64_t panel = panels.begin; panel < panels.end;) {
    const int64_t left = panels.end - panel;
    // One row: tiles as equal as they can be. More: the whole width or a single panel.
    const int64_t streams = j->batch == 1 ? next_tile_rows(left, most) : left < most ? 1 : most;
    for (int64_t row = 0; row < j->batch;) {
      const int64_t rows = next_tile_rows(j->batch - row, STEP_ROWS);
      tile(j, row, panel, rows, streams);
      row += rows;
    }
    panel += streams;
  }
}
