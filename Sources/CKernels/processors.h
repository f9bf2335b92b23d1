// Inside the kernels: how many processors this process may use.
#ifndef CK_PROCESSORS_H
#define CK_PROCESSORS_H

/// Those that it may run on, or as many as its share of time is worth where that is less; at least 1.
int ck_processors(void);

#endif
