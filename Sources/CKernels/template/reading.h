// The measure of how fast the team reads memory.

typedef struct read_job {
  const float *memory;
  int64_t floats;
  int rounds;
  ck_barrier barrier;
  double seconds;  // of one round
} read_job;

static void read_part(void *context, int part, int parts) {
  read_job *j = context;
  const int64_t unit = 8 * LANES;
  const stretch mine = share(j->floats / unit, part, parts);
  vec sums[8] = {{0}};
  ck_barrier_wait(&j->barrier, parts);
  const double start = seconds_now();
  for (int round = 0; round < j->rounds; round++) {
    for (int64_t i = mine.begin; i < mine.end; i++) {
      UNROLL for (int v = 0; v < 8; v++) sums[v] += load(j->memory + i * unit + v * LANES);
    }
    // Nothing of a round may be left out because of the one before.
    __asm__ volatile("" : : "r"(j->memory) : "memory");
  }
  ck_barrier_wait(&j->barrier, parts);
  if (part == 0) j->seconds = (seconds_now() - start) / j->rounds;
  volatile float sink = 0;
  for (int v = 0; v < 8; v++) sink += lane_sum(sums[v]);
}

static double measure_read(int64_t bytes, double seconds) {
  const int64_t floats = round_up(larger(bytes, 4096) / sizeof(float), 8 * LANES);
  float *memory = aligned_alloc(64, round_up(floats * sizeof(float), 64));
  memset(memory, 0, floats * sizeof(float));
  // About a millisecond for each measurement, whatever the size.
  read_job j = {.memory = memory, .floats = floats,
                .rounds = (int)larger(1, 100000000 / (floats * (int64_t)sizeof(float)))};
  double best = 0, began = seconds_now();
  do {
    ck_run_together(ck_threads(), read_part, &j);
    best = best > 0 && best < j.seconds ? best : j.seconds;
  } while (seconds_now() - began < seconds);
  free(memory);
  return floats * sizeof(float) / best;
}
