// Inside the kernels: a barrier for the parts of one ck_run.
#ifndef CK_TEAM_H
#define CK_TEAM_H

#include <stdatomic.h>
#include <stdint.h>

typedef struct ck_barrier {
  _Atomic int arrived;
  _Atomic int generation;
} ck_barrier;

/// Waits until all `parts` have arrived. Spins, then yields: parts of one run are always on different threads.
void ck_barrier_wait(ck_barrier *barrier, int parts);

/// Waits until `count` is at least `least`. Spins, then yields.
void ck_wait_until(_Atomic uint64_t *count, uint64_t least);

#endif
