// Where the threads' time goes. Off, a mark costs the reading of one variable.
#ifndef CK_PROFILE_H
#define CK_PROFILE_H

#include <stdatomic.h>

#include "CKernels.h"

extern _Atomic int ck_profiling;

/// Books this thread's time since its last mark, and sets what it does from here on. Returns what it did before.
ck_phase ck_book_phase(ck_phase phase);

static inline ck_phase ck_enter_phase(ck_phase phase) {
  if (__builtin_expect(atomic_load_explicit(&ck_profiling, memory_order_relaxed) == 0, 1)) return phase;
  return ck_book_phase(phase);
}

#endif
