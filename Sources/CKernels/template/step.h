// One time step of a whole network: stages, each of whose units the threads divide, with one meeting between two.

/// What a tile works on: `rows` of a stage's units in one or several neighbouring panels.
typedef struct stage_job {
  const ck_stage *s;
  int64_t batch;
  int64_t panel_floats;
  step_left input, state;
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
  float *gates = s->gates + row * 2 * s->unit_stride + unit;
  const vec reset = vsigmoid(sums[1]), h = load(s->hidden_rows + row * s->unit_stride + unit);
  store_part(gates, sums[0], valid);
  store_part(gates + s->unit_stride, vsigmoid(sums[2]), valid);
  store_part(s->outputs + row * s->output_stride + unit, reset * h, valid);
}

INLINE void finish_plain(const ck_stage *s, vec sum, int64_t row, int64_t unit, int64_t valid) {
  float *to = s->outputs + row * s->output_stride + unit;
  if (s->kind == CK_STAGE_TANH) {
    sum = vtanh(sum);
  } else if (s->kind == CK_STAGE_RELU) {
    sum = rectified(sum);
  } else if (s->kind == CK_STAGE_GRU_CANDIDATE) {
    const float *gates = s->gates + row * 2 * s->unit_stride + unit;
    const vec candidate = vtanh(load(gates) + sum), h = load(s->hidden_rows + row * s->unit_stride + unit);
    sum = multiply_add(load(gates + s->unit_stride), h - candidate, candidate);
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

INLINE void stage_tile(const ck_weight_type type, const stage_shape shape, const int rows, const int streams,
                       const stage_job *j, int64_t row, int64_t panel) {
  const ck_stage *s = j->s;
  const int64_t apart = j->panel_floats;
  const float *w = (const float *)s->weights + panel * apart;
  const step_left input = from_row(j->input, row), state = from_row(j->state, row);
  vec sums[STEP_ROWS][STEP_SUMS];
  UNROLL for (int p = 0; p < streams; p++) {
    UNROLL for (int v = 0; v < shape.slots; v++) {
      const vec bias = load(w + p * apart + v * LANES);
      UNROLL for (int r = 0; r < rows; r++) sums[r][p * shape.slots + v] = bias;
    }
  }
  w += shape.slots * LANES;
  if (s->tokens) {
    UNROLL for (int p = 0; p < streams; p++) {
      const int64_t unit = (panel + p) * LANES, valid = s->units - unit;
      UNROLL for (int r = 0; r < rows; r++) {
        const float *from = s->token_rows + s->tokens[row + r] * shape.blocks * s->units + unit;
        UNROLL for (int v = shape.input_first; v < shape.input_first + shape.input_count; v++)
          sums[r][p * shape.slots + v] += load_part(from + shape.block[v] * s->units, valid);
      }
    }
  }
  multiply_step(type, rows, streams, shape.slots, shape.input_first, shape.input_count, sums, &input, s->inputs, w,
                apart);
  w += matrix_vectors(type, s->inputs, shape.input_count) * LANES;
  multiply_step(type, rows, streams, shape.slots, shape.state_first, shape.state_count, sums, &state, s->state, w,
                apart);
  // In memory for the walk over units below: a walk over the sums themselves would keep them there all the time.
  vec kept[STEP_ROWS][STEP_SUMS];
  UNROLL for (int r = 0; r < rows; r++) {
    UNROLL for (int v = 0; v < streams * shape.slots; v++) kept[r][v] = sums[r][v];
  }
  for (int p = 0; p < streams; p++) {
    const int64_t unit = (panel + p) * LANES;
    for (int r = 0; r < rows; r++) finish(shape.slots, s, kept[r] + p * shape.slots, row + r, unit, s->units - unit);
  }
}

// Tiles are `rows` high and `streams` panels wide: several for a single row, whose sums would be too few otherwise.
#define STEP_CASE(ROWS, STREAMS) \
  case ROWS * 16 + STREAMS: stage_tile(type, shape, ROWS, STREAMS, j, row, panel); return;
#define STEP_CASE_1(ROWS) STEP_CASE(ROWS, 1)
#define STEP_CASE_4(ROWS) STEP_CASE(ROWS, 4)
#define GATED_CASES CASES_4(STEP_CASE_1) STEP_CASE(1, 2)
#define PLAIN_CASES                                                                                             \
  CASES_4(STEP_CASE_1) CASES_4(STEP_CASE_4)                                                                     \
  STEP_CASE(1, 2) STEP_CASE(1, 3) STEP_CASE(1, 5) STEP_CASE(1, 6) STEP_CASE(1, 7) STEP_CASE(1, 8)

#define STAGE_FUNCTION(NAME, TYPE, SHAPE, CASES)                                                                \
  static __attribute__((noinline)) void NAME(const stage_job *j, int64_t row, int64_t panel, int64_t rows,      \
                                             int64_t streams) {                                                 \
    const ck_weight_type type = TYPE;                                                                           \
    const stage_shape shape = SHAPE;                                                                            \
    switch (rows * 16 + streams) { CASES }                                                                      \
  }
#define STAGE_FUNCTIONS(NAME, SHAPE, CASES)                    \
  STAGE_FUNCTION(NAME##_float32, CK_FLOAT32, SHAPE, CASES)     \
  STAGE_FUNCTION(NAME##_bfloat16, CK_BFLOAT16, SHAPE, CASES)   \
  STAGE_FUNCTION(NAME##_int8, CK_INT8, SHAPE, CASES)
STAGE_FUNCTIONS(plain_stage, PLAIN_SHAPE, PLAIN_CASES)
STAGE_FUNCTIONS(lstm_stage, LSTM_SHAPE, GATED_CASES)
STAGE_FUNCTIONS(gru_stage, GRU_SHAPE, GATED_CASES)
STAGE_FUNCTIONS(gru_gates_stage, GRU_GATES_SHAPE, GATED_CASES)

typedef void (*stage_function)(const stage_job *, int64_t row, int64_t panel, int64_t rows, int64_t streams);
#define STAGE_TYPES(NAME) {NAME##_float32, NAME##_bfloat16, NAME##_int8}

static stage_function function_of(const ck_stage *s) {
  static const stage_function plain[] = STAGE_TYPES(plain_stage), lstm[] = STAGE_TYPES(lstm_stage),
                              gru[] = STAGE_TYPES(gru_stage), gru_gates[] = STAGE_TYPES(gru_gates_stage);
  switch (s->kind) {
    case CK_STAGE_LSTM: return lstm[s->type];
    case CK_STAGE_GRU: return gru[s->type];
    case CK_STAGE_GRU_GATES: return gru_gates[s->type];
    default: return plain[s->type];
  }
}

/// Panels [begin, end) of a stage, for all rows.
static void stage_panels_of(const stage_job *j, int64_t begin, int64_t end) {
  const stage_function tile = function_of(j->s);
  const int slots = shape_of(j->s->kind).slots;
  const int64_t most = (j->batch == 1 ? STEP_SUMS : STEP_SUMS / 2) / slots;
  for (int64_t panel = begin; panel < end;) {
    // One row: tiles as equal as they can be. More: the whole width or a single panel.
    const int64_t streams = j->batch == 1 ? next_tile_rows(end - panel, most) : end - panel < most ? 1 : most;
    for (int64_t row = 0; row < j->batch;) {
      const int64_t rows = next_tile_rows(j->batch - row, STEP_ROWS);
      tile(j, row, panel, rows, streams);
      row += rows;
    }
    panel += streams;
  }
}

// MARK: the whole step

// Each part says in a cache line of its own how many stages it has finished, ever: nobody else writes it.
#define PROGRESS_BYTES 128
typedef struct step_progress {
  _Alignas(PROGRESS_BYTES) _Atomic uint64_t stages;
} step_progress;

typedef struct step_job {
  const ck_step *step;
  uint64_t before;       // stages that the steps before had
  step_progress *parts;  // one each
  char *scratch;         // part_scratch_bytes each: rows as bytes
} step_job;

INLINE int64_t row_bytes(int64_t numbers) { return round_up(numbers, 64); }

/// Of the scratch memory of one part: inputs and states of the widest stage as bytes, and their scales.
static int64_t part_scratch_bytes(const ck_step *step) {
  int64_t most = 0;
  for (int i = 0; i < step->count; i++) {
    const ck_stage *s = &step->stages[i];
    if (s->type == CK_INT8)
      most = larger(most, row_bytes(s->inputs) + row_bytes(s->state) + 2 * (int64_t)sizeof(float));
  }
  return round_up(most * step->batch, PROGRESS_BYTES);
}

static int64_t step_scratch_bytes(const ck_step *step) {
  return step->parts * (part_scratch_bytes(step) + (int64_t)sizeof(step_progress)) + PROGRESS_BYTES;
}

/// The rows as bytes too, in `scratch`, which is moved on.
static step_left left_of(const ck_stage *s, const float *rows, int64_t stride, int64_t count, int64_t batch,
                         char **scratch) {
  step_left a = {rows, stride, NULL, row_bytes(count), NULL};
  if (s->type != CK_INT8 || count == 0) return a;
  uint8_t *bytes = (uint8_t *)*scratch;
  float *scales = (float *)(*scratch + batch * a.byte_stride);
  for (int64_t row = 0; row < batch; row++)
    scales[row] = quantise(rows + row * stride, count, bytes + row * a.byte_stride);
  *scratch += batch * (a.byte_stride + sizeof(float));
  a.bytes = bytes;
  a.scales = scales;
  return a;
}

// Weights that are read sooner than a team is awake.
#define STEP_TEAM_BYTES 200000
/// A stage that is read faster than threads meet is its leader's alone.
#define LONE_STAGE_BYTES 49152

static void step_part(void *context, int part, int parts) {
  const step_job *j = context;
  const ck_step *step = j->step;
  for (int i = 0; i < step->count; i++) {
    const ck_stage *s = &step->stages[i];
    const int sharing = stage_bytes(s) * step->batch <= LONE_STAGE_BYTES ? 1 : parts;
    if (part < sharing) {
      for (int other = 0; other < parts; other++) {
        if (other != part) ck_wait_until(&j->parts[other].stages, j->before + i);
      }
      char *scratch = j->scratch + part * part_scratch_bytes(step);
      stage_job stage = {.s = s, .batch = step->batch, .panel_floats = panel_floats(s)};
      stage.input = left_of(s, s->input_rows, s->input_stride, s->inputs, step->batch, &scratch);
      stage.state = left_of(s, s->state_rows, s->state_stride, s->state, step->batch, &scratch);
      const stretch mine = share(stage_panels(s->units), part, sharing);
      stage_panels_of(&stage, mine.begin, mine.end);
    }
    atomic_store_explicit(&j->parts[part].stages, j->before + i + 1, memory_order_release);
  }
}

static void run_step(const ck_step *step) {
  if (step->batch == 0 || step->count == 0) return;
  char *aligned = (char *)round_up((int64_t)step->scratch, PROGRESS_BYTES);
  step_progress *progress = (step_progress *)aligned;
  int64_t bytes = 0;
  for (int i = 0; i < step->count; i++) bytes += stage_bytes(&step->stages[i]);
  step_job j = {step, atomic_load_explicit(&progress->stages, memory_order_relaxed), progress,
                aligned + step->parts * sizeof(step_progress)};
  const int parts = (int)smaller(step->parts, ck_threads());
  ck_run(bytes * step->batch < STEP_TEAM_BYTES ? 1 : parts, step_part, &j);
}
