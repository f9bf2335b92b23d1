// NEON: 4 floats a vector, 32 registers. Every arm64 processor has it.
#if defined(__aarch64__)
#define REAL float
#define DOUBLE 0
#define PAIRS 0
#define LANES 4
#define FUSED 1
#define LEVEL_NAME "neon"
#define TABLE ck_neon_kernels
#define STEP_TABLE ck_neon_step_kernels
#define BLOCK_VECTORS 4
#define TILE_ROWS_1 14
#define TILE_ROWS_2 12
#define TILE_ROWS_3 8
#define TILE_ROWS_4 6
#define SLICE_ROWS 14
#define STEP_ROWS 6
#include "../template/kernels.h"
#endif
