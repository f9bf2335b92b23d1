// The team of worker threads: created once, spinning briefly between runs, then asleep.
#define _GNU_SOURCE
#include "team.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include "CKernels.h"
#include "flush.h"
#include "profile.h"

#define MAXIMUM_THREADS 256
// About 50 microseconds: longer than the gap between the kernels of a training step, short beside a time slice.
#define SPINS 4000
#define SPINS_BEFORE_YIELD 200

#if defined(__x86_64__)
#define RELAX() __builtin_ia32_pause()
#elif defined(__aarch64__)
#define RELAX() __asm__ volatile("yield")
#else
#define RELAX() ((void)0)
#endif

// What one thread writes and others watch has cache lines of its own.
#define OWN_LINES _Alignas(128)

typedef struct worker {
  pthread_t thread;
  int index;
  OWN_LINES _Atomic unsigned seen;  // the last run this worker finished
} worker;

static struct {
  pthread_mutex_t owner;  // held by the thread whose run the team executes
  pthread_mutex_t sleep;
  pthread_cond_t wake;
  _Atomic int wanted;  // threads, 0: not yet known
  int created;         // workers alive; the caller of ck_run is never one of them
  OWN_LINES _Atomic int asleep;
  // A run's number and what it is about: one line, which reaches a worker in one go.
  OWN_LINES _Atomic unsigned run;
  _Atomic int parts;
  _Atomic int processor;  // where the caller of the run is, or -1
  void (*body)(void *, int, int);
  void *context;
  worker workers[MAXIMUM_THREADS];
} team = {.owner = PTHREAD_MUTEX_INITIALIZER, .sleep = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER};

static _Thread_local int inside;

static int processors(void) {
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
  long count = sysconf(_SC_NPROCESSORS_ONLN);
  return count < 1 ? 1 : (int)count;
}

int ck_threads(void) {
  int wanted = atomic_load(&team.wanted);
  if (wanted == 0) {
    wanted = processors();
    if (wanted > MAXIMUM_THREADS) wanted = MAXIMUM_THREADS;
    atomic_store(&team.wanted, wanted);
  }
  return wanted;
}

void ck_set_threads(int threads) {
  if (threads < 1) threads = 1;
  if (threads > MAXIMUM_THREADS) threads = MAXIMUM_THREADS;
  atomic_store(&team.wanted, threads);
}

static unsigned wait_for_run(unsigned last) {
  for (int spin = 0; spin < SPINS; spin++) {
    unsigned run = atomic_load_explicit(&team.run, memory_order_acquire);
    if (run != last) return run;
    if (spin % SPINS_BEFORE_YIELD == SPINS_BEFORE_YIELD - 1)
      sched_yield();
    else
      RELAX();
  }
  pthread_mutex_lock(&team.sleep);
  atomic_fetch_add(&team.asleep, 1);
  while (atomic_load(&team.run) == last) pthread_cond_wait(&team.wake, &team.sleep);
  atomic_fetch_sub(&team.asleep, 1);
  pthread_mutex_unlock(&team.sleep);
  return atomic_load(&team.run);
}

#if defined(__linux__)
/// Threads that spin for each other on one processor halve each other's speed, and the scheduler may leave them there
/// for seconds: a worker that finds itself on the caller's processor moves to another.
static void leave_callers_processor(void) {
  const int here = sched_getcpu();
  if (here < 0 || here != atomic_load_explicit(&team.processor, memory_order_relaxed)) return;
  cpu_set_t all, others;
  if (sched_getaffinity(0, sizeof all, &all) != 0 || CPU_COUNT(&all) < 2) return;
  others = all;
  CPU_CLR(here, &others);
  if (sched_setaffinity(0, sizeof others, &others) == 0) sched_setaffinity(0, sizeof all, &all);
}
#else
static void leave_callers_processor(void) {}
#endif

static void *work(void *argument) {
  worker *self = argument;
  inside = 1;
  ck_flush_enter();
  unsigned last = atomic_load(&self->seen);
  for (;;) {
    last = wait_for_run(last);
    int parts = atomic_load_explicit(&team.parts, memory_order_relaxed);
    if (self->index < parts) {
      leave_callers_processor();
      ck_enter_phase(CK_OTHER_KERNELS);
      team.body(team.context, self->index, parts);
      ck_enter_phase(CK_WAITING);
    }
    atomic_store_explicit(&self->seen, last, memory_order_release);
  }
  return NULL;
}

static void create_workers(int count) {
  while (team.created < count) {
    worker *next = &team.workers[team.created];
    next->index = team.created + 1;
    atomic_store(&next->seen, atomic_load(&team.run));
    if (pthread_create(&next->thread, NULL, work, next) != 0) return;
    pthread_detach(next->thread);
    team.created++;
  }
}

void ck_run(int parts, void (*body)(void *, int, int), void *context) {
  ck_float_mode mode = ck_flush_enter();
  if (parts > ck_threads()) parts = ck_threads();
  if (parts <= 1 || inside || pthread_mutex_trylock(&team.owner) != 0) {
    ck_phase phase = inside ? CK_PHASES : ck_enter_phase(CK_OTHER_KERNELS);
    body(context, 0, 1);
    if (phase != CK_PHASES) ck_enter_phase(phase);
    ck_flush_leave(mode);
    return;
  }
  create_workers(parts - 1);
  if (parts > team.created + 1) parts = team.created + 1;
  inside = 1;
  team.body = body;
  team.context = context;
  atomic_store_explicit(&team.parts, parts, memory_order_relaxed);  // seen with the run's number
#if defined(__linux__)
  atomic_store_explicit(&team.processor, sched_getcpu(), memory_order_relaxed);
#endif
  unsigned run = atomic_fetch_add(&team.run, 1) + 1;
  if (atomic_load(&team.asleep) > 0) {
    pthread_mutex_lock(&team.sleep);
    pthread_cond_broadcast(&team.wake);
    pthread_mutex_unlock(&team.sleep);
  }
  ck_phase phase = ck_enter_phase(CK_OTHER_KERNELS);
  body(context, 0, parts);
  ck_enter_phase(CK_WAITING);
  // Workers without a part are waited for as well: none may read the next run's body with this run's parts.
  for (int i = 0; i < team.created; i++) {
    int spins = 0;
    while (atomic_load_explicit(&team.workers[i].seen, memory_order_acquire) != run) {
      if (++spins % SPINS_BEFORE_YIELD == 0)
        sched_yield();
      else
        RELAX();
    }
  }
  inside = 0;
  ck_enter_phase(phase);
  pthread_mutex_unlock(&team.owner);
  ck_flush_leave(mode);
}

void ck_barrier_wait(ck_barrier *barrier, int parts) {
  if (parts <= 1) return;
  ck_phase phase = ck_enter_phase(CK_WAITING);
  int generation = atomic_load_explicit(&barrier->generation, memory_order_acquire);
  if (atomic_fetch_add_explicit(&barrier->arrived, 1, memory_order_acq_rel) == parts - 1) {
    atomic_store_explicit(&barrier->arrived, 0, memory_order_relaxed);
    atomic_store_explicit(&barrier->generation, generation + 1, memory_order_release);
    ck_enter_phase(phase);
    return;
  }
  int spins = 0;
  while (atomic_load_explicit(&barrier->generation, memory_order_acquire) == generation) {
    if (++spins % SPINS_BEFORE_YIELD == 0)
      sched_yield();
    else
      RELAX();
  }
  ck_enter_phase(phase);
}

void ck_wait_until(_Atomic uint64_t *count, uint64_t least) {
  if (atomic_load_explicit(count, memory_order_acquire) >= least) return;
  ck_phase phase = ck_enter_phase(CK_WAITING);
  int spins = 0;
  while (atomic_load_explicit(count, memory_order_acquire) < least) {
    if (++spins % SPINS_BEFORE_YIELD == 0)
      sched_yield();
    else
      RELAX();
  }
  ck_enter_phase(phase);
}
