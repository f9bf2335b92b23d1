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
#include "../template/kernels.h"
#endif
