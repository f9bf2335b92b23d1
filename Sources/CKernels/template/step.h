// One time step of a whole network: stages, each of whose units the threads divide, with one meeting between two.

// Each part says in a cache line of its own how many stages it has finished, ever: nobody else writes it.
#define LINE_BYTES 128
typedef struct step_progress {
  _Alignas(LINE_BYTES) _Atomic uint64_t stages;
} step_progress;

/// The parts of `scratch`, in order.
typedef struct step_room {
  int64_t *parts;           // of the step before
  step_progress *progress;  // of each part
  float *sums[2];           // for the stages in turn: a thread may be a stage ahead of another
  char *bytes;              // of each part: rows as bytes
  int64_t bytes_of_part;
  int64_t count;            // bytes of all
} step_room;

static step_room memory_of(const ck_step *step) {
  int64_t sums = 0, bytes = 0;
  for (int i = 0; i < step->count; i++) {
    const ck_stage *s = &step->stages[i];
    sums = larger(sums, step->batch * stage_panels(s->units) * shape_of(s->kind)->slots * LANES * sizeof(float));
    if (s->type == CK_INT8)
      bytes = larger(bytes, step->batch * (round_up(larger(s->inputs, s->state), 64) + (int64_t)sizeof(float)));
  }
  sums = round_up(sums, LINE_BYTES);
  bytes = round_up(bytes, LINE_BYTES);
  step_room m = {.bytes_of_part = bytes};
  char *next = (char *)round_up((int64_t)step->scratch, LINE_BYTES);
  m.parts = (int64_t *)next;
  next += LINE_BYTES;
  m.progress = (step_progress *)next;
  next += step->parts * sizeof(step_progress);
  for (int i = 0; i < 2; i++) {
    m.sums[i] = (float *)next;
    next += sums;
  }
  m.bytes = next;
  m.count = next + step->parts * bytes - (char *)step->scratch + LINE_BYTES;
  return m;
}

static int64_t step_scratch_bytes(const ck_step *step) { return memory_of(step).count; }

/// The rows that a matrix is multiplied with; for int8 as bytes too, in `memory`.
INLINE step_left left_of(const ck_stage *s, const float *rows, int64_t stride, int64_t count, int64_t batch,
                         char *memory) {
  step_left a = {.rows = rows, .stride = stride, .bytes = (uint8_t *)memory, .byte_stride = round_up(count, 64)};
  if (s->type != CK_INT8) return a;
  float *scales = (float *)(memory + batch * a.byte_stride);
  for (int64_t row = 0; row < batch; row++)
    scales[row] = quantise(rows + row * stride, count, (uint8_t *)memory + row * a.byte_stride);
  a.scales = scales;
  return a;
}

/// Asks for rows that other threads have written: all lines at once, rather than one after the other in the product.
INLINE void fetch_written(const float *rows, int64_t stride, int64_t count, int64_t batch) {
  for (int64_t row = 0; row < batch; row++) {
    for (int64_t i = 0; i < count; i += 16) __builtin_prefetch(rows + row * stride + i);
  }
}

// Weights that are read sooner than a team is awake.
#define STEP_TEAM_BYTES 200000

static void step_part(void *context, int part, int parts) {
  const ck_step *step = context;
  ck_enter_phase(CK_SEQUENTIAL_PRODUCTS);
  const step_room m = memory_of(step);
  uint64_t finished = atomic_load_explicit(&m.progress[part].stages, memory_order_relaxed);
  char *bytes = m.bytes + part * m.bytes_of_part;
  if (part == 0) *m.parts = parts;  // a team that is busy with something else leaves all to its caller
  for (int i = 0; i < step->count; i++) {
    const ck_stage *s = &step->stages[i];
    fetch_written(s->state_rows, s->state_stride, s->state, step->batch);
    if (s->tokens) __builtin_prefetch(s->tokens);
  }
  for (int i = 0; i < step->count; i++) {
    const ck_stage *s = &step->stages[i];
    const stage_functions *functions = functions_of(s->kind);
    const stretch mine = share(stage_panels(s->units), part, parts);
    stage_job j = {.s = s, .batch = step->batch, .sums = m.sums[i % 2]};
    if (s->state > 0) {
      j.weights = early_panel(s, 0);
      j.apart = early_floats(s);
      j.left = left_of(s, s->state_rows, s->state_stride, s->state, step->batch, bytes);
      stage_tiles(&j, functions->early[s->type], mine);
    }
    for (int other = 0; i > 0 && other < parts; other++) ck_wait_until(&m.progress[other].stages, finished);
    fetch_written(s->input_rows, s->input_stride, s->inputs, step->batch);
    j.weights = late_panel(s, 0);
    j.apart = late_floats(s);
    j.left = left_of(s, s->input_rows, s->input_stride, s->inputs, step->batch, bytes);
    stage_tiles(&j, functions->late[s->type], mine);
    atomic_store_explicit(&m.progress[part].stages, ++finished, memory_order_release);
  }
}

static void run_step(const ck_step *step) {
  if (step->batch == 0) return;
  int64_t bytes = 0;
  for (int i = 0; i < step->count; i++) bytes += stage_bytes(&step->stages[i]);
  const int parts = bytes * step->batch < STEP_TEAM_BYTES ? 1 : (int)smaller(step->parts, ck_threads());
  // Parts that rested in the step before know nothing of how far it went.
  const step_room m = memory_of(step);
  const uint64_t finished = atomic_load_explicit(&m.progress[0].stages, memory_order_relaxed);
  for (int i = (int)*m.parts; i < parts; i++)
    atomic_store_explicit(&m.progress[i].stages, finished, memory_order_relaxed);
  ck_run_together(parts, step_part, (void *)step);
}
