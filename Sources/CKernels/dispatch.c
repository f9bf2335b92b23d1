// Which level this machine has.
#include <string.h>

#include "CKernels.h"

extern const ck_kernels ck_portable_kernels, ck_double_kernels;
extern const ck_step_kernels ck_portable_step_kernels;
#if defined(__x86_64__)
extern const ck_kernels ck_avx512_kernels, ck_avx512bf16_kernels, ck_avx2_kernels;
extern const ck_step_kernels ck_avx512vnni_step_kernels, ck_avx512_step_kernels, ck_avx2_step_kernels;
#elif defined(__aarch64__)
extern const ck_kernels ck_neon_kernels;
extern const ck_step_kernels ck_neon_step_kernels;
#endif

const ck_kernels *ck_level(const char *name) {
  if (strcmp(name, "portable") == 0) return &ck_portable_kernels;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (strcmp(name, "avx2") == 0 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    return &ck_avx2_kernels;
  const int has_avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
  if (strcmp(name, "avx512") == 0 && has_avx512) return &ck_avx512_kernels;
  if (strcmp(name, "avx512bf16") == 0 && has_avx512 && __builtin_cpu_supports("avx512bf16"))
    return &ck_avx512bf16_kernels;
#elif defined(__aarch64__)
  if (strcmp(name, "neon") == 0) return &ck_neon_kernels;
#endif
  return NULL;
}

const ck_kernels *ck_best_level(void) {
  static const char *const names[] = {"avx512", "avx2", "neon"};
  for (int i = 0; i < 3; i++) {
    const ck_kernels *level = ck_level(names[i]);
    if (level) return level;
  }
  return &ck_portable_kernels;
}

const ck_kernels *ck_double(void) { return &ck_double_kernels; }

const ck_step_kernels *ck_step_level(const char *name) {
  if (strcmp(name, "portable") == 0) return &ck_portable_step_kernels;
#if defined(__x86_64__)
  if (strcmp(name, "avx512vnni") == 0 && ck_level("avx512") && __builtin_cpu_supports("avx512vnni"))
    return &ck_avx512vnni_step_kernels;
  if (strcmp(name, "avx512") == 0 && ck_level(name)) return &ck_avx512_step_kernels;
  if (strcmp(name, "avx2") == 0 && ck_level(name)) return &ck_avx2_step_kernels;
#elif defined(__aarch64__)
  if (strcmp(name, "neon") == 0) return &ck_neon_step_kernels;
#endif
  return NULL;
}

const ck_step_kernels *ck_best_step_level(const char *level) {
  if (strcmp(level, "avx512") != 0 && strcmp(level, "avx512bf16") != 0) return ck_step_level(level);
  const ck_step_kernels *bytes = ck_step_level("avx512vnni");
  return bytes ? bytes : ck_step_level("avx512");
}
