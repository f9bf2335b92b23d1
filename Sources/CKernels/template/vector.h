// Vectors of LANES reals, as clang's vector extension gives them: the one vocabulary of all templates.
//
// A level file defines REAL, LANES, FUSED (the machine has a fused multiply-add), DOUBLE (REAL is double) and, where
// it can, LOAD_PART and STORE_PART, then includes the templates. PAIRS stands for 1 where a product's operands are
// pairs of bfloat16. BLOCK_VECTORS (2 or 4) and TILE_ROWS_1 to 4 are the vectors and rows that products sum in registers,
// SLICE_ROWS the rows that a thread carries through the steps at a time (see division.h), STEP_ROWS those of a tile of a
// single time step.

#define INLINE static inline __attribute__((always_inline))
#define NOINLINE static __attribute__((noinline))
#define UNROLL _Pragma("clang loop unroll(full)")

typedef REAL vec __attribute__((vector_size(LANES * sizeof(REAL))));
typedef REAL loose_vec __attribute__((vector_size(LANES * sizeof(REAL)), aligned(sizeof(REAL)), may_alias));

INLINE vec load(const REAL *p) { return *(const loose_vec *)p; }
INLINE void store(REAL *p, vec v) { *(loose_vec *)p = v; }
INLINE vec splat(REAL value) { return value - (vec){0}; }

/// What a comparison of two vectors gives: all bits of a lane set, or none.
typedef __typeof__((vec){0} > (vec){0}) mask;
INLINE vec choose(mask condition, vec a, vec b) { return (vec)((condition & (mask)a) | (~condition & (mask)b)); }
INLINE int64_t round_up(int64_t n, int64_t unit) { return (n + unit - 1) / unit * unit; }
INLINE int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }
INLINE int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }

#if FUSED
INLINE vec multiply_add(vec a, vec b, vec c) { return __builtin_elementwise_fma(a, b, c); }
#else
INLINE vec multiply_add(vec a, vec b, vec c) { return a * b + c; }
#endif

/// The first n lanes (0 to LANES) of p, the others zero.
INLINE vec load_part(const REAL *p, int64_t n) {
  if (n >= LANES) return load(p);
#ifdef LOAD_PART
  return LOAD_PART(p, n);
#else
  vec v = {0};
  for (int64_t i = 0; i < n; i++) v[i] = p[i];
  return v;
#endif
}

INLINE void store_part(REAL *p, vec v, int64_t n) {
  if (n >= LANES) {
    store(p, v);
    return;
  }
#ifdef STORE_PART
  STORE_PART(p, v, n);
#else
  _Static_assert(LANES <= 8, "the parts of a vector are 4, 2 and 1 lanes");
  REAL lanes[LANES];
  store(lanes, v);
  const REAL *from = lanes;
  UNROLL for (int64_t part = LANES / 2; part > 0; part /= 2) {
    if ((n & part) == 0) continue;
    memcpy(p, from, part * sizeof(REAL));
    p += part, from += part;
  }
#endif
}

/// x brought within +-bound, or x where the bound is 0. NaN stays NaN, here and in `rectified`: a run that breaks must
/// be seen to break.
INLINE vec bounded(vec x, double bound) {
  if (bound <= 0) return x;
  const vec most = splat((REAL)bound);
  x = choose(x > most, most, x);
  return choose(x < -most, -most, x);
}
INLINE vec rectified(vec x) { return choose(x < (vec){0}, (vec){0}, x); }

INLINE REAL lane_sum(vec v) {
  REAL sum = 0;
  UNROLL for (int i = 0; i < LANES; i++) sum += v[i];
  return sum;
}

INLINE REAL lane_max(vec v) {
  REAL most = v[0];
  UNROLL for (int i = 1; i < LANES; i++) most = v[i] > most ? v[i] : most;
  return most;
}

#if DOUBLE

INLINE vec vexp(vec x) {
  vec y;
  for (int i = 0; i < LANES; i++) y[i] = exp(x[i]);
  return y;
}
INLINE vec vtanh(vec x) {
  vec y;
  for (int i = 0; i < LANES; i++) y[i] = tanh(x[i]);
  return y;
}
INLINE REAL scalar_log(REAL x) { return log(x); }
INLINE REAL scalar_log1p(REAL x) { return log1p(x); }
INLINE REAL scalar_exp(REAL x) { return exp(x); }

#else

typedef int32_t ivec __attribute__((vector_size(LANES * sizeof(int32_t))));

/// 2^n * e^r with n the nearest integer to x/ln 2: Cody and Waite's reduction, then the Taylor polynomial of degree 7.
/// NaN stays NaN.
INLINE vec vexp(vec x) {
  const vec magic = splat(12582912.0f);  // 1.5 * 2^23: adding it rounds to an integer, which the low bits then hold
  vec inside = choose(x > splat(88.72f), splat(88.72f), x);
  inside = choose(inside < splat(-87.33f), splat(-87.33f), inside);
  vec shifted = multiply_add(inside, splat(1.44269504f), magic);
  vec n = shifted - magic;
  vec r = multiply_add(n, splat(-0.693359375f), inside);
  r = multiply_add(n, splat(2.12194440e-4f), r);
  vec y = splat(1.0f / 5040);
  y = multiply_add(y, r, splat(1.0f / 720));
  y = multiply_add(y, r, splat(1.0f / 120));
  y = multiply_add(y, r, splat(1.0f / 24));
  y = multiply_add(y, r, splat(1.0f / 6));
  y = multiply_add(y, r, splat(0.5f));
  y = multiply_add(y, r, splat(1.0f));
  y = multiply_add(y, r, splat(1.0f));
  ivec power = ((ivec)shifted - 0x4B400000) << 23;
  vec scaled = (vec)((ivec)y + power);
  scaled = choose(x < splat(-87.33f), (vec){0}, scaled);
  scaled = choose(x > splat(88.72f), splat(__builtin_inff()), scaled);
  return choose(x == x, scaled, x);
}

/// x P(x^2) / Q(x^2), the rational approximation of Eigen's generic_fast_tanh_float (Eigen 3.4,
/// MathFunctionsImpl.h), within 5e-7 of tanh everywhere. NaN stays NaN.
INLINE vec vtanh(vec x) {
  const vec bound = splat(7.90531110763549805f);
  vec b = choose(x > bound, bound, x);
  b = choose(b < -bound, -bound, b);
  vec s = b * b;
  vec p = splat(-2.76076847742355e-16f);
  p = multiply_add(p, s, splat(2.00018790482477e-13f));
  p = multiply_add(p, s, splat(-8.60467152213735e-11f));
  p = multiply_add(p, s, splat(5.12229709037114e-08f));
  p = multiply_add(p, s, splat(1.48572235717979e-05f));
  p = multiply_add(p, s, splat(6.37261928875436e-04f));
  p = multiply_add(p, s, splat(4.89352455891786e-03f));
  vec q = splat(1.19825839466702e-06f);
  q = multiply_add(q, s, splat(1.18534705686654e-04f));
  q = multiply_add(q, s, splat(2.26843463243900e-03f));
  q = multiply_add(q, s, splat(4.89352518554385e-03f));
  return b * p / q;
}
INLINE REAL scalar_log(REAL x) { return logf(x); }
INLINE REAL scalar_log1p(REAL x) { return log1pf(x); }
INLINE REAL scalar_exp(REAL x) { return expf(x); }

#endif

/// 1/(1+e^-x) = tanh(x/2)/2 + 1/2
INLINE vec vsigmoid(vec x) {
  const vec half = splat((REAL)0.5);
  return multiply_add(vtanh(x * half), half, half);
}
