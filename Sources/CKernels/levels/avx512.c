// AVX-512: 16 floats a vector, 32 registers, masked loads and stores at the edges.
#if defined(__x86_64__)
#define REAL float
#define DOUBLE 0
#define PAIRS 0
#define LANES 16
#define FUSED 1
#define LEVEL_NAME "avx512"
#define LEVEL_TARGET "avx512f,avx512dq,avx512bw,avx512vl,avx2,fma"
#define TABLE ck_avx512_kernels
#define STEP_TABLE ck_avx512_step_kernels
#define BLOCK_VECTORS 4
#define TILE_ROWS_1 14
#define TILE_ROWS_2 14
#define TILE_ROWS_3 9
#define TILE_ROWS_4 6
#define SLICE_ROWS 14
#define STEP_ROWS 6
#define LOAD_PART(p, n) ((vec)_mm512_maskz_loadu_ps((__mmask16)((1u << (n)) - 1), p))
#define STORE_PART(p, v, n) _mm512_mask_storeu_ps(p, (__mmask16)((1u << (n)) - 1), (__m512)(v))
#include "../template/kernels.h"
#endif
