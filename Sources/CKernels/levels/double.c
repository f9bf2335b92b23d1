// The portable kernels in double precision: what the others are held against, and what gradient checks run on.
#pragma clang fp contract(off)
#define REAL double
#define DOUBLE 1
#define PAIRS 0
#define LANES 2
#define FUSED 0
#define LEVEL_NAME "double"
#define TABLE ck_double_kernels
#define BLOCK_VECTORS 2
#define TILE_ROWS_1 6
#define TILE_ROWS_2 6
#define TILE_ROWS_3 6
#define TILE_ROWS_4 6
#define SLICE_ROWS 18
#include "../template/kernels.h"
