// What drawing a token takes.

/// weights = exp((logits - the largest) / temperature), and their sum; NaN where a logit is NaN or infinite, or all are
/// minus infinity.
static double token_weights(const float *logits, int64_t count, double temperature, float *weights) {
  const ck_phase phase = ck_enter_phase(CK_LOSS);
  vec most = splat(-__builtin_inff()), trouble = {0}, sums = {0};
  for (int64_t i = 0; i < count; i += LANES) {
    const int64_t valid = smaller(LANES, count - i);
    const vec x = load_part(logits + i, valid);
    vec inside = x;
    for (int64_t lane = valid; lane < LANES; lane++) inside[lane] = logits[0];
    most = choose(inside > most, inside, most);
    trouble += choose(x < splat(__builtin_inff()), (vec){0}, splat(__builtin_nanf("")));
  }
  const float largest = lane_max(most);
  if (lane_sum(trouble) != 0 || !(largest > -__builtin_inff())) {
    ck_enter_phase(phase);
    return __builtin_nan("");
  }
  const vec offset = splat(largest), divisor = splat((float)temperature);
  for (int64_t i = 0; i < count; i += LANES) {
    const int64_t valid = smaller(LANES, count - i);
    vec weight = vexp((load_part(logits + i, valid) - offset) / divisor);
    for (int64_t lane = valid; lane < LANES; lane++) weight[lane] = 0;
    store_part(weights + i, weight, valid);
    sums += weight;
  }
  ck_enter_phase(phase);
  return lane_sum(sums);
}
