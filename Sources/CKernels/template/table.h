// The level's table, and the measure of its multiply-add units.

// Independent sums: enough to keep two units of latency four busy.
#define PEAK_SUMS 12

static double measure_peak(double seconds) {
  const int64_t rounds = 200000;
  double best = 0, began = seconds_now();
  do {
    vec sums[PEAK_SUMS];
    for (int i = 0; i < PEAK_SUMS; i++) sums[i] = splat((REAL)i);
    vec factor = splat((REAL)0.5), term = splat((REAL)0.25);
    double start = seconds_now();
    for (int64_t round = 0; round < rounds; round++) {
      UNROLL for (int i = 0; i < PEAK_SUMS; i++) {
#if PAIRS
        sums[i] = multiply_lanes(factor, term, sums[i]);
#else
        sums[i] = multiply_add(sums[i], factor, term);  // a product of its own for each sum, fused or not
#endif
      }
      __asm__ volatile("" : "+m"(factor));
    }
    double elapsed = seconds_now() - start;
    volatile REAL sink = 0;
    for (int i = 0; i < PEAK_SUMS; i++) sink += sums[i][0];
    double rate = 2.0 * STEPS_PER_LANE * LANES * PEAK_SUMS * rounds / elapsed;
    best = rate > best ? rate : best;
  } while (seconds_now() - began < seconds);
  return best;
}

const ck_kernels TABLE = {
    .name = LEVEL_NAME,
    .lanes = LANES,
    .scalar_bytes = sizeof(REAL),
    .measure_peak = measure_peak,
    .packed_count = packed_count,
    .pack_matrix = pack_matrix,
    .product = product,
    .recurrent_packed_count = recurrent_packed_count,
    .recurrent_pack = recurrent_pack,
    .recurrent_saved_count = recurrent_saved_count,
    .recurrent_forward = recurrent_forward,
    .recurrent_backward = recurrent_backward,
    .unary = unary,
    .binary = binary,
    .select = select_elements,
    .reduce = reduce,
    .copy_strided = copy_strided,
    .fill = fill,
    .add_scaled = add_scaled,
    .clip = clip,
    .gather_rows = gather_rows,
    .scatter_add_rows = scatter_add_rows,
    .softmax = softmax,
    .log_softmax = log_softmax,
    .normalize = normalize,
    .normalize_backward = normalize_backward,
    .cross_entropy = cross_entropy,
    .cross_entropy_gradient = cross_entropy_gradient,
    .attention_forward = attention_forward,
    .attention_backward = attention_backward,
    .mixture_density = mixture_density,
    .soft_window = soft_window,
    .soft_window_gradient = soft_window_gradient,
    .sum_of_squares = sum_of_squares,
    .sgd = sgd,
    .rmsprop = rmsprop,
    .adadelta = adadelta,
    .adam = adam,
};
