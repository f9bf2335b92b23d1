#include "profile.h"

#include <string.h>
#include <time.h>

#define MOST_ACCOUNTS 257

// One thread's; the padding keeps two threads off one cache line.
typedef struct account {
  _Atomic uint64_t ticks[CK_PHASES];  // atomic, since a thread beside the team may book while a profile ends
  uint64_t last;
  ck_phase phase;
  _Atomic unsigned profile;  // of which the ticks are
  char padding[64];
} account;

_Atomic int ck_profiling;

static account accounts[MOST_ACCOUNTS];
static _Atomic int used_accounts;
static _Thread_local account *mine;
static _Thread_local int asked;  // for an account, which a thread does once
static _Atomic unsigned profile;
static _Atomic uint64_t began;
static struct timespec began_at;

static uint64_t ticks_now(void) {
#if defined(__x86_64__)
  return __builtin_ia32_rdtsc();
#elif defined(__aarch64__)
  uint64_t ticks;
  __asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks));
  return ticks;
#else
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000 + t.tv_nsec;
#endif
}

ck_phase ck_book_phase(ck_phase phase) {
  if (!mine) {
    if (asked) return phase;
    asked = 1;
    int index = atomic_fetch_add(&used_accounts, 1);
    if (index >= MOST_ACCOUNTS) return phase;
    mine = &accounts[index];
    mine->phase = CK_WAITING;
  }
  uint64_t now = ticks_now();
  ck_phase before = mine->phase;
  if (mine->profile != profile) {
    for (int i = 0; i < CK_PHASES; i++) mine->ticks[i] = 0;
    mine->profile = profile;
    mine->last = began;
  }
  if (now > mine->last) mine->ticks[before] += now - mine->last;
  mine->last = now;
  mine->phase = phase;
  return before;
}

void ck_profile_start(void) {
  profile++;
  clock_gettime(CLOCK_MONOTONIC, &began_at);
  began = ticks_now();
  atomic_store(&ck_profiling, 1);
  ck_enter_phase(CK_BETWEEN_KERNELS);
}

int ck_profile_stop(double *seconds) {
  ck_enter_phase(CK_BETWEEN_KERNELS);
  atomic_store(&ck_profiling, 0);
  uint64_t ticks = ticks_now() - began;
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  const double elapsed = at.tv_sec - began_at.tv_sec + 1e-9 * (at.tv_nsec - began_at.tv_nsec);
  memset(seconds, 0, CK_PHASES * sizeof *seconds);
  int threads = 0;
  for (int i = 0; i < used_accounts && i < MOST_ACCOUNTS; i++) {
    if (accounts[i].profile != profile) continue;
    threads++;
    for (int phase = 0; phase < CK_PHASES; phase++) seconds[phase] += accounts[i].ticks[phase] * elapsed / ticks;
  }
  return threads;
}
