// All kernels of one level. Included once by each level file, which names the TABLE of its kernels and the STEP_TABLE of
// those of one time step, or one of them.

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../include/CKernels.h"
#include "../profile.h"
#include "../team.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#ifdef LEVEL_TARGET
#pragma clang attribute push(__attribute__((target(LEVEL_TARGET))), apply_to = function)
#endif

#include "clock.h"
#include "vector.h"
#include "lanes.h"
#include "tile.h"

#ifdef TABLE
#include "panels.h"
#include "product.h"
#include "transposed.h"
#include "products.h"
#include "elementwise.h"
#include "recurrent.h"
#include "division.h"
#include "weight_gradients.h"
#include "slice.h"
#include "lstm.h"
#include "gru.h"
#include "basic.h"
#include "normalized.h"
#include "layers.h"
#include "layer_normalization.h"
#include "softmax.h"
#include "attention.h"
#include "mixture.h"
#include "window.h"
#include "optimizer.h"
#include "table.h"
#endif

#ifdef STEP_TABLE
#include "step_weights.h"
#include "step_pack.h"
#include "step_stage.h"
#include "step.h"
#include "drawing.h"
#include "reading.h"
#include "step_table.h"
#endif

#ifdef LEVEL_TARGET
#pragma clang attribute pop
#endif
