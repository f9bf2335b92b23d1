// A lane of a product's operand holds one step of the sum or, in levels with PAIRS, two neighbouring ones rounded to
// bfloat16; sums are REAL. Packed right operands and the left operands that tiles read have such lanes; everything else
// has REALs.

#if PAIRS
#define STEPS_PER_LANE 2

/// sum + the products of both halves.
INLINE vec multiply_lanes(vec a, vec b, vec sum) {
  return (vec)_mm512_dpbf16_ps((__m512)sum, (__m512bh)a, (__m512bh)b);
}

/// Lane by lane the pair (lines[0], lines[1]), rounded to bfloat16, the nearest even.
INLINE vec joined(const vec *lines) {
  const __m512i order = _mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22, 6, 21,
                                         5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
  const __m512bh halves = _mm512_cvtne2ps_pbh((__m512)lines[1], (__m512)lines[0]);
  return (vec)_mm512_permutexvar_epi16(order, (__m512i)halves);
}

/// What step `step` of a sum has in packed lanes.
INLINE vec parted(vec lanes, int64_t step) {
  return step % 2 ? (vec)((ivec)lanes & (int32_t)0xFFFF0000) : (vec)((ivec)lanes << 16);
}

/// to[i] = the pair (from[2i], from[2i + 1]); writes whole half vectors.
INLINE void join_line(const REAL *from, int64_t count, REAL *to) {
  for (int64_t i = 0; i < count; i += LANES) {
    const __m256bh half = _mm512_cvtneps_pbh((__m512)load_part(from + i, smaller(LANES, count - i)));
    _mm256_storeu_si256((__m256i *)(to + i / 2), (__m256i)half);
  }
}

#else
#define STEPS_PER_LANE 1
INLINE vec multiply_lanes(vec a, vec b, vec sum) { return multiply_add(a, b, sum); }
INLINE vec joined(const vec *lines) { return lines[0]; }
INLINE vec parted(vec lanes, int64_t step) {
  (void)step;
  return lanes;
}
INLINE void join_line(const REAL *from, int64_t count, REAL *to) {
  for (int64_t i = 0; i < count; i += LANES) store(to + i, load_part(from + i, smaller(LANES, count - i)));
}
#endif

/// Lanes that `depth` steps of a sum take.
INLINE int64_t lane_depth(int64_t depth) { return (depth + STEPS_PER_LANE - 1) / STEPS_PER_LANE; }
