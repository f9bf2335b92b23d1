// The team of worker threads: created once, spinning briefly between runs, then asleep.
//
// A run's parts are dealt to the threads in stretches, so that each goes on where it was in the run before. Who has done
// its own takes what others have not begun: a thread that the system keeps waiting delays one part, not all of its own.
// Where threads meet on the way, all wait for the slowest. What this brings is measured, and while it is less than nothing
// the caller does such runs alone.
#define _GNU_SOURCE
#include "team.h"

#include <pthread.h>
#include <sched.h>
#include <time.h>

#include "CKernels.h"
#include "flush.h"
#include "processors.h"
#include "profile.h"

#define MAXIMUM_THREADS 256
#define INLINE static inline
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

// Runs in which threads meet are left to the caller alone for 10 milliseconds once they have cost more time than they have
// saved lately, and twice as long each time that they still do, up to a second: little is lost by trying again.
#define LEAST_ALONE 10000000
#define MOST_ALONE 1000000000
// What was saved long ago does not count: 2 milliseconds are less than a time slice.
#define MOST_SAVED 2000000
// What a trial may cost before it has failed: threads that have slept take their time to wake.
#define TRIAL_CREDIT 500000

// What one thread writes and others watch has cache lines of its own.
#define OWN_LINES _Alignas(128)

/// The parts of a run that a thread has not begun, in one word, so that a part is taken whole or not at all: the next, the
/// end, and whether only this thread may take them.
typedef uint64_t pending;
INLINE pending pending_parts(uint64_t next, uint64_t end, uint64_t is_own) { return next | end << 24 | is_own << 48; }
INLINE int next_of(pending p) { return p & 0xFFFFFF; }
INLINE int end_of(pending p) { return p >> 24 & 0xFFFFFF; }
INLINE int is_own(pending p) { return p >> 48 & 1; }

typedef struct member {
  OWN_LINES _Atomic pending parts;
} member;

static struct {
  pthread_mutex_t owner;  // held by the thread whose run the team executes
  pthread_mutex_t sleep;
  pthread_cond_t wake;
  _Atomic int wanted;  // threads, 0: not yet known
  int created;         // workers alive; the caller of ck_run is never one of them
  OWN_LINES _Atomic int asleep;
  // A run's number and what it is about: one line, which reaches a worker in one go.
  OWN_LINES _Atomic unsigned run;
  _Atomic int threads;    // that take part in it
  _Atomic int processor;  // where its caller is, or -1
  int parts;              // this and the next two are read by who has taken a part, which keeps the run from ending
  void (*body)(void *, int, int);
  void *context;
  OWN_LINES _Atomic int unfinished;  // parts
  // All in nanoseconds, and the owner's.
  int64_t saved;        // by meeting, lately, against the caller's doing it alone
  int64_t alone;        // how long the caller did it alone the last time, 0 where meeting has proved its worth since
  int64_t alone_until;  // when it is to be tried again
  member members[MAXIMUM_THREADS];   // the caller is the first
} team = {.owner = PTHREAD_MUTEX_INITIALIZER,
        .sleep = PTHREAD_MUTEX_INITIALIZER,
        .wake = PTHREAD_COND_INITIALIZER,
        .saved = TRIAL_CREDIT};

static _Thread_local int inside;
// Nanoseconds that this thread has waited for others in the run under way.
static _Thread_local int64_t waited;

static int64_t nanoseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/// Spins while a condition holds, then yields, and counts the time.
#define WAIT_WHILE(condition)                        \
  do {                                               \
    if (!(condition)) break;                         \
    const int64_t wait_began = nanoseconds();        \
    for (unsigned spins = 1; condition; spins++) {   \
      if (spins % SPINS_BEFORE_YIELD == 0)           \
        sched_yield();                               \
      else                                           \
        RELAX();                                     \
    }                                                \
    waited += nanoseconds() - wait_began;            \
  } while (0)

int ck_threads(void) {
  int wanted = atomic_load(&team.wanted);
  if (wanted == 0) {
    wanted = ck_processors();
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

/// Takes the next part of a thread's, or -1.
static int take_part(int thread, int taker) {
  _Atomic pending *parts = &team.members[thread].parts;
  pending p = atomic_load_explicit(parts, memory_order_acquire);
  while (next_of(p) < end_of(p) && (thread == taker || !is_own(p))) {
    if (atomic_compare_exchange_weak_explicit(parts, &p, p + 1, memory_order_acquire, memory_order_acquire))
      return next_of(p);
  }
  return -1;
}

/// Works on a thread's own parts, then on others'.
static void work_as(int thread) {
  const int threads = atomic_load_explicit(&team.threads, memory_order_relaxed);
  for (int i = 0; i < threads && thread < threads; i++) {
    const int from = (thread + i) % threads;
    for (int part; (part = take_part(from, thread)) >= 0;) {
      ck_enter_phase(CK_OTHER_KERNELS);
      team.body(team.context, part, team.parts);
      ck_enter_phase(CK_WAITING);
      atomic_fetch_sub_explicit(&team.unfinished, 1, memory_order_release);
    }
  }
}

static void *work(void *argument) {
  const int thread = (int)(intptr_t)argument;
  inside = 1;
  ck_flush_enter();
  unsigned last = 0;  // no run's number at first: whatever is under way is looked at
  for (;;) {
    last = wait_for_run(last);
    leave_callers_processor();
    work_as(thread);
  }
  return NULL;
}

static void create_workers(int count) {
  while (team.created < count) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, work, (void *)(intptr_t)(team.created + 1)) != 0) return;
    pthread_detach(thread);
    team.created++;
  }
}

/// Counts what a run in which threads have met saved: the caller, who has worked on a part of it, would have worked as many
/// times as long alone.
static void judge_meeting(int threads, int64_t worked, int64_t elapsed, int64_t now) {
  team.saved += worked * threads - elapsed;
  if (team.saved >= MOST_SAVED) {
    team.saved = MOST_SAVED;
    team.alone = 0;
  } else if (team.saved < 0) {
    team.saved = TRIAL_CREDIT;
    team.alone = team.alone == 0 ? LEAST_ALONE : 2 * team.alone < MOST_ALONE ? 2 * team.alone : MOST_ALONE;
    team.alone_until = now + team.alone;
  }
}

static void run_alone(void (*body)(void *, int, int), void *context) {
  ck_phase phase = inside ? CK_PHASES : ck_enter_phase(CK_OTHER_KERNELS);
  body(context, 0, 1);
  if (phase != CK_PHASES) ck_enter_phase(phase);
}

static void run(int parts, int is_together, void (*body)(void *, int, int), void *context) {
  ck_float_mode mode = ck_flush_enter();
  int threads = parts < ck_threads() ? parts : ck_threads();
  if (threads <= 1 || inside || pthread_mutex_trylock(&team.owner) != 0) {
    run_alone(body, context);
    ck_flush_leave(mode);
    return;
  }
  const int64_t began = is_together ? nanoseconds() : 0;
  if (is_together && began < team.alone_until) {
    pthread_mutex_unlock(&team.owner);
    run_alone(body, context);
    ck_flush_leave(mode);
    return;
  }
  create_workers(threads - 1);
  if (threads > team.created + 1) threads = team.created + 1;
  if (is_together) parts = threads;
  inside = 1;
  team.body = body;
  team.context = context;
  team.parts = parts;
  atomic_store_explicit(&team.threads, threads, memory_order_relaxed);
  atomic_store_explicit(&team.unfinished, parts, memory_order_relaxed);
  for (int i = 0; i < threads; i++) {
    const pending own = pending_parts((uint64_t)parts * i / threads, (uint64_t)parts * (i + 1) / threads, is_together);
    atomic_store_explicit(&team.members[i].parts, own, memory_order_release);
  }
#if defined(__linux__)
  atomic_store_explicit(&team.processor, sched_getcpu(), memory_order_relaxed);
#endif
  atomic_fetch_add(&team.run, 1);
  if (atomic_load(&team.asleep) > 0) {
    pthread_mutex_lock(&team.sleep);
    pthread_cond_broadcast(&team.wake);
    pthread_mutex_unlock(&team.sleep);
  }
  const ck_phase phase = ck_enter_phase(CK_OTHER_KERNELS);
  waited = 0;
  const int64_t work_began = is_together ? nanoseconds() : 0;
  work_as(0);
  const int64_t worked = is_together ? nanoseconds() - work_began - waited : 0;
  WAIT_WHILE(atomic_load_explicit(&team.unfinished, memory_order_acquire) > 0);
  inside = 0;
  if (is_together) {
    const int64_t now = nanoseconds();
    judge_meeting(threads, worked, now - began, now);
  }
  ck_enter_phase(phase);
  pthread_mutex_unlock(&team.owner);
  ck_flush_leave(mode);
}

void ck_run(int parts, void (*body)(void *, int, int), void *context) { run(parts, 0, body, context); }

void ck_run_together(int parts, void (*body)(void *, int, int), void *context) { run(parts, 1, body, context); }

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
  WAIT_WHILE(atomic_load_explicit(&barrier->generation, memory_order_acquire) == generation);
  ck_enter_phase(phase);
}

void ck_wait_until(_Atomic uint64_t *count, uint64_t least) {
  if (atomic_load_explicit(count, memory_order_acquire) >= least) return;
  ck_phase phase = ck_enter_phase(CK_WAITING);
  WAIT_WHILE(atomic_load_explicit(count, memory_order_acquire) < least);
  ck_enter_phase(phase);
}
