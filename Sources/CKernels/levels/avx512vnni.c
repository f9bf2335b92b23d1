// AVX-512 on processors that multiply bytes (VNNI): of a time step, the sums of int8 weights are one instruction.
#if defined(__x86_64__)
#define REAL float
#define DOUBLE 0
#define PAIRS 0
#define LANES 16
#define FUSED 1
#define LEVEL_NAME "avx512vnni"
#define LEVEL_TARGET "avx512f,avx512dq,avx512bw,avx512vl,avx512vnni,avx2,fma"
#define STEP_TABLE ck_avx512vnni_step_kernels
#define BLOCK_VECTORS 4
#define TILE_ROWS_1 14
#define TILE_ROWS_2 14
#define TILE_ROWS_3 9
#define TILE_ROWS_4 6
#define SLICE_ROWS 14
#define STEP_ROWS 6
#define LOAD_PART(p, n) ((vec)_mm512_maskz_loadu_ps((__mmask16)((1u << (n)) - 1), p))
#define STORE_PART(p, v, n) _mm512_mask_storeu_ps(p, (__mmask16)((1u << (n)) - 1), (__m512)(v))
#define DOT_BYTES(sum, a, b) ((ivec)_mm512_dpbusd_epi32((__m512i)(sum), _mm512_set1_epi32(a), (__m512i)(b)))
#include "../template/kernels.h"
#endif
