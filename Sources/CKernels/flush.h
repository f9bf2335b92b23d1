// Subnormal numbers are flushed to zero while kernels run: operations on them are up to a hundred times slower.
#ifndef CK_FLUSH_H
#define CK_FLUSH_H

#include <stdint.h>

#if defined(__x86_64__)
#include <immintrin.h>
typedef unsigned int ck_float_mode;
static inline ck_float_mode ck_flush_enter(void) {
  unsigned int mode = _mm_getcsr();
  if ((mode & 0x8040) != 0x8040) _mm_setcsr(mode | 0x8040);
  return mode;
}
static inline void ck_flush_leave(ck_float_mode mode) {
  if ((mode & 0x8040) != 0x8040) _mm_setcsr(mode);
}
#elif defined(__aarch64__)
typedef uint64_t ck_float_mode;
static inline ck_float_mode ck_flush_enter(void) {
  uint64_t mode;
  __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
  if (!(mode & (1u << 24))) __asm__ volatile("msr fpcr, %0" : : "r"(mode | (1u << 24)));
  return mode;
}
static inline void ck_flush_leave(ck_float_mode mode) {
  if (!(mode & (1u << 24))) __asm__ volatile("msr fpcr, %0" : : "r"(mode));
}
#else
typedef int ck_float_mode;
static inline ck_float_mode ck_flush_enter(void) { return 0; }
static inline void ck_flush_leave(ck_float_mode mode) { (void)mode; }
#endif

#endif
