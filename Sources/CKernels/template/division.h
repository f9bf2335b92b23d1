// How the threads divide a layer's batch: in slices of it, or by hidden units.

/// How a batch is divided: `slices` runs of `order`, dealt to the parts in turn; or one slice whose panels are shared.
typedef struct division {
  int32_t *order, *places;  // [batch], see slice
  int32_t *longest_first;   // [batch], with lengths
  int64_t *starts;          // [steps], with lengths, see layout
  int64_t *begins;          // [slices + 1]
  int64_t slices;
  int shared;
  int parts;
} division;

// Weights of so many reals stay in the second-level cache: a slice then has SLICE_ROWS rows (the level's), so that gates,
// states and a panel stay in the first. Larger weights are read from further away, and a slice takes all rows of its thread
// to read them least often.
#define CACHED_WEIGHT_REALS 131072
// With fewer rows a thread, reading all weights costs more than meeting at every step to read but a share of them;
// unless they are smaller than this.
#define FEW_ROWS 8
#define SHARED_WEIGHT_REALS 65536

/// Orders a batch by length, the longest first, and deals it to the slices like cards, so that all have about the same
/// work.
static void deal_by_length(const ck_recurrent *r, division *d) {
  int64_t *counts = calloc(r->steps + 2, sizeof(int64_t));
  d->longest_first = malloc(larger(1, r->batch) * sizeof(int32_t));
  d->starts = malloc(larger(1, r->steps) * sizeof(int64_t));
  for (int64_t i = 0; i < r->batch; i++) counts[r->steps - r->lengths[i] + 1]++;
  for (int64_t i = 0; i <= r->steps; i++) counts[i + 1] += counts[i];
  for (int64_t time = 0, row = 0; time < r->steps; time++) {
    d->starts[time] = row;
    row += counts[r->steps - time];
  }
  for (int64_t i = 0; i < r->batch; i++) d->longest_first[counts[r->steps - r->lengths[i]]++] = (int32_t)i;
  int64_t next = 0;
  for (int64_t round = 0; next < r->batch; round++) {
    for (int64_t i = 0; i < d->slices; i++) {
      if (d->begins[i] + round >= d->begins[i + 1]) continue;
      d->places[d->begins[i] + round] = (int32_t)next;
      d->order[d->begins[i] + round] = d->longest_first[next++];
    }
  }
  free(counts);
}

static division divide(const ck_recurrent *r, const layout *l) {
  division d = {0};
  const int64_t weight = state_width(r) * l->padded * l->state_count;
  d.parts = parts_for((double)l->rows * weight);
  const int threads = d.parts;
  const int worth_sharing = r->batch < FEW_ROWS * threads && weight >= SHARED_WEIGHT_REALS;
  d.shared = threads > 1 && (r->division == CK_DIVIDED_BY_SIZE ? worth_sharing : r->division == CK_UNITS_SHARED);
  if (d.shared) {
    d.slices = 1;
  } else if (r->batch < 2 * threads) {
    d.parts = (int)larger(1, smaller(threads, r->batch));
    d.slices = d.parts;
  } else {
    int64_t per_thread = (r->batch + threads - 1) / threads;
    int64_t cuts = weight <= CACHED_WEIGHT_REALS ? (per_thread + SLICE_ROWS - 1) / SLICE_ROWS : 1;
    d.slices = threads * cuts;
  }
  d.begins = malloc((d.slices + 1) * sizeof(int64_t));
  for (int64_t i = 0; i <= d.slices; i++) d.begins[i] = r->batch * i / d.slices;
  d.order = malloc(larger(1, r->batch) * sizeof(int32_t));
  d.places = r->lengths ? malloc(larger(1, r->batch) * sizeof(int32_t)) : d.order;
  for (int64_t i = 0; i < r->batch; i++) d.order[i] = (int32_t)i;
  if (r->lengths) deal_by_length(r, &d);
  return d;
}

static void end_division(division *d) {
  if (d->places != d->order) free(d->places);
  free(d->order);
  free(d->longest_first);
  free(d->starts);
  free(d->begins);
}

INLINE int64_t division_most_rows(const division *d) {
  int64_t most = 0;
  for (int64_t i = 0; i < d->slices; i++) most = larger(most, d->begins[i + 1] - d->begins[i]);
  return most;
}
