// Inside the kernels: runs whose parts meet on the way.
#ifndef CK_TEAM_H
#define CK_TEAM_H

#include <stdatomic.h>
#include <stdint.h>

typedef struct ck_barrier {
  _Atomic int arrived;
  _Atomic int generation;
} ck_barrier;

/// As ck_run, with every part on a thread of its own, so that they may wait for each other; no more parts than threads.
void ck_run_together(int parts, void (*body)(void *context, int part, int parts), void *context);

/// Waits until all `parts` of ck_run_together have arrived. Spins, then yields.
void ck_barrier_wait(ck_barrier *barrier, int parts);

/// Waits until `count` is at least `least`. Spins, then yields.
void ck_wait_until(_Atomic uint64_t *count, uint64_t least);

#endif
