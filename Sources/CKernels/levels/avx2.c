// AVX2 with FMA: 8 floats a vector, 16 registers.
#if defined(__x86_64__)
#define REAL float
#define DOUBLE 0
#define PAIRS 0
#define LANES 8
#define FUSED 1
#define LEVEL_NAME "avx2"
#define LEVEL_TARGET "avx2,fma"
#define TABLE ck_avx2_kernels
#define STEP_TABLE ck_avx2_step_kernels
#define BLOCK_VECTORS 2
#define TILE_ROWS_1 12
#define TILE_ROWS_2 6
#define TILE_ROWS_3 6
#define TILE_ROWS_4 6
#define SLICE_ROWS 18
#define STEP_ROWS 3
#include <stdint.h>
static const int32_t lanes_there[16] = {-1, -1, -1, -1, -1, -1, -1, -1};
#define LOAD_PART(p, n) ((vec)_mm256_maskload_ps(p, _mm256_loadu_si256((const __m256i *)(lanes_there + 8 - (n)))))
// Bytes as pairs of 16 bits: their products and the sum of two are exact there.
#define EVEN_BYTES(a) _mm256_set1_epi32((a) & 0x00FF00FF)
#define ODD_BYTES(a) _mm256_set1_epi32((a) >> 8 & 0x00FF00FF)
#define EVEN_WEIGHTS(b) _mm256_srai_epi16(_mm256_slli_epi16((__m256i)(b), 8), 8)
#define ODD_WEIGHTS(b) _mm256_srai_epi16((__m256i)(b), 8)
#define DOT_BYTES(sum, a, b) \
  ((ivec)_mm256_add_epi32(_mm256_add_epi32((__m256i)(sum), _mm256_madd_epi16(EVEN_WEIGHTS(b), EVEN_BYTES(a))), \
                          _mm256_madd_epi16(ODD_WEIGHTS(b), ODD_BYTES(a))))
#include "../template/kernels.h"
#endif
