// Portable C: 4 floats a vector, what every 64-bit processor's compiler makes of it, without fused multiply-adds.
#pragma clang fp contract(off)
#define REAL float
#define DOUBLE 0
#define PAIRS 0
#define LANES 4
#define FUSED 0
#define LEVEL_NAME "portable"
#define TABLE ck_portable_kernels
#define STEP_TABLE ck_portable_step_kernels
#define BLOCK_VECTORS 2
#define TILE_ROWS_1 6
#define TILE_ROWS_2 6
#define TILE_ROWS_3 6
#define TILE_ROWS_4 6
#define SLICE_ROWS 18
#define STEP_ROWS 3
#include "../template/kernels.h"
