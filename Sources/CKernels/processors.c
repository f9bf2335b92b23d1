// How many processors this process may use: those that it may run on, and in a container no more than its share of time is
// worth. More threads than that are stopped for most of every period, each while others wait for it.
#define _GNU_SOURCE
#include "processors.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "CKernels.h"

#define LONGEST_PATH 4096

#if defined(__linux__)
/// The first numbers of a file: how many there are of two.
static int read_numbers(const char *directory, const char *name, long long *first, long long *second) {
  char path[2 * LONGEST_PATH + 64];
  snprintf(path, sizeof path, "%s/%s", directory, name);
  FILE *file = fopen(path, "re");
  if (!file) return 0;
  const int count = fscanf(file, "%lld %lld", first, second);
  fclose(file);
  return count < 0 ? 0 : count;
}

/// The processors that a control group's quota of time is worth, rounded up; 0 where it has none.
static int granted_in(const char *directory) {
  long long quota = 0, period = 0, unused = 0;
  // Version 2 has both in one file, or the word "max"; version 1 has a file for each, and -1.
  if (read_numbers(directory, "cpu.max", &quota, &period) < 2) {
    if (read_numbers(directory, "cpu.cfs_quota_us", &quota, &unused) < 1) return 0;
    if (read_numbers(directory, "cpu.cfs_period_us", &period, &unused) < 1) return 0;
  }
  if (quota <= 0 || period <= 0) return 0;
  const long long count = quota / period + (quota % period != 0);
  return count > 1 << 20 ? 1 << 20 : (int)count;
}

/// Whether a list of controllers, with commas between them, has that of processors' time.
static int has_processors(const char *controllers) {
  for (const char *name = controllers; name; name = strchr(name, ',') ? strchr(name, ',') + 1 : NULL) {
    if (strncmp(name, "cpu", 3) == 0 && (name[3] == 0 || name[3] == ',')) return 1;
  }
  return 0;
}

int ck_granted_processors(const char *root) {
  char path[LONGEST_PATH + 64], line[LONGEST_PATH];
  snprintf(path, sizeof path, "%.*s/proc/self/cgroup", LONGEST_PATH, root);
  FILE *groups = fopen(path, "re");
  if (!groups) return 0;
  int least = 0;
  while (fgets(line, sizeof line, groups)) {
    line[strcspn(line, "\n")] = 0;
    // "0::/group" of version 2, or "4:cpu,cpuacct:/group" of version 1.
    char *controllers = strchr(line, ':');
    char *group = controllers ? strchr(controllers + 1, ':') : NULL;
    if (!group) continue;
    *group++ = 0;
    controllers++;
    if (*controllers != 0 && !has_processors(controllers)) continue;
    // Every group above may have a quota too. Within a container the group's path may be that of the host, of which only the
    // root is there.
    for (;;) {
      char directory[2 * LONGEST_PATH + 64];
      snprintf(directory, sizeof directory, "%.*s/sys/fs/cgroup%s%s", LONGEST_PATH, root, *controllers ? "/cpu" : "", group);
      const int granted = granted_in(directory);
      if (granted > 0 && (least == 0 || granted < least)) least = granted;
      char *end = strrchr(group, '/');
      if (!end) break;
      *end = 0;
    }
  }
  fclose(groups);
  return least;
}
#else
int ck_granted_processors(const char *root) {
  (void)root;
  return 0;
}
#endif

static int usable_processors(void) {
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
  const long count = sysconf(_SC_NPROCESSORS_ONLN);
  return count < 1 ? 1 : (int)count;
}

int ck_processors(void) {
  const int usable = usable_processors(), granted = ck_granted_processors("");
  return granted > 0 && granted < usable ? granted : usable;
}
