// Holds every single-precision level of this machine against the portable double-precision kernels: products in all
// forms, whole recurrent layers and attention, forward and backward, and the rules of optimisers. A plain program, so
// that it also runs where Swift's test runner does not, as under qemu-user. Exit status 1 where a level differs.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"

static uint64_t random_state = 1;
static double random_number(void) {
  random_state = random_state * 6364136223846793005u + 1442695040888963407u;
  return (double)(random_state >> 11) / 9007199254740992.0 * 2 - 1;
}

/// The same numbers in both precisions; NaN where a kernel is to write.
typedef struct array {
  float *single;
  double *exact;
  int64_t count;
} array;

static array make(int64_t count, double scale) {
  array a = {calloc(count + 64, sizeof(float)), calloc(count + 64, sizeof(double)), count};
  for (int64_t i = 0; i < count; i++) {
    a.single[i] = (float)(scale * random_number());
    a.exact[i] = a.single[i];
  }
  return a;
}

static array make_output(int64_t count) {
  array a = make(count, 0);
  for (int64_t i = 0; i < count; i++) a.single[i] = NAN, a.exact[i] = NAN;
  return a;
}

static int failures = 0, checks = 0;

static void compare(const char *level, const char *what, array a, double tolerance) {
  double worst = 0;
  for (int64_t i = 0; i < a.count; i++) {
    double error = fabs(a.single[i] - a.exact[i]) / fmax(1, fabs(a.exact[i]));
    if (!(error <= worst)) worst = isnan(error) ? INFINITY : error;
  }
  checks++;
  if (worst > tolerance) {
    failures++;
    printf("%s: %s differs by %g\n", level, what, worst);
  }
}

static void check_products(const ck_kernels *k) {
  const ck_kernels *d = ck_double();
  const int64_t sizes[] = {1, 2, 7, 15, 33, 65, 130};
  const int64_t depths[] = {0, 1, 31, 257, 600};
  for (int m = 0; m < 7; m++)
    for (int n = 0; n < 7; n++)
      for (int e = 0; e < 5; e++)
        for (int form = 0; form < 4; form++) {
          int64_t rows = sizes[m], columns = sizes[n], depth = depths[e];
          array a = make(rows * depth, 1), b = make(depth * columns, 1), bias = make(columns, 1);
          array c = make(rows * columns, 1);
          array packed = {calloc(k->packed_count(depth, columns) + 64, 4), calloc(d->packed_count(depth, columns) + 64, 8), 0};
          k->pack_matrix(b.single, columns, 1, depth, columns, packed.single);
          d->pack_matrix(b.exact, columns, 1, depth, columns, packed.exact);
          int transposed = form & 1, accumulate = form >> 1;
          ck_product p = {.rows = rows, .columns = columns, .depth = depth, .a = a.single,
                          .a_stride = transposed ? rows : depth, .transposed_a = transposed, .b = packed.single,
                          .bias = accumulate ? NULL : bias.single, .c = c.single, .c_stride = columns,
                          .accumulate = accumulate};
          k->product(&p);
          p.a = a.exact, p.b = packed.exact, p.bias = accumulate ? NULL : bias.exact, p.c = c.exact;
          d->product(&p);
          compare(k->name, "a product", c, 1e-4);
          free(a.single), free(a.exact), free(b.single), free(b.exact), free(bias.single), free(bias.exact);
          free(c.single), free(c.exact), free(packed.single), free(packed.exact);
        }
}

typedef struct layer_case {
  ck_cell cell;
  int64_t steps, batch, inputs, hidden, projected;
  int reversed, peepholes, lengths, initial;
  double cell_clip, gradient_clip;
} layer_case;

static void run_layer(const ck_kernels *k, int exact, const layer_case *c, array *t, const int32_t *lengths) {
#define AT(i) (t[i].count == 0 ? NULL : exact ? (void *)t[i].exact : (void *)t[i].single)
  const int64_t width = c->projected ? c->projected : c->hidden;
  const int64_t rows[5] = {c->inputs, width, c->inputs, width, 1};
  const int source[5] = {1, 2, 1, 2, 3};
  void *packed[5] = {NULL};
  const int given = c->cell == CK_GRU_NORMALIZED;
  for (int f = 0; f < 5; f++) {
    if (given && source[f] != 2) continue;
    packed[f] = malloc((k->recurrent_packed_count(c->cell, f, rows[f], c->hidden) + 64) * k->scalar_bytes);
    k->recurrent_pack(c->cell, f, AT(source[f]), rows[f], c->hidden, 1, packed[f]);
  }
  void *projection = NULL, *back = NULL;
  if (c->projected) {
    projection = malloc((k->packed_count(c->hidden, c->projected) + 64) * k->scalar_bytes);
    back = malloc((k->packed_count(c->projected, c->hidden) + 64) * k->scalar_bytes);
    k->pack_matrix(AT(6), c->projected, 1, c->hidden, c->projected, projection);
    k->pack_matrix(AT(6), 1, c->projected, c->projected, c->hidden, back);
  }
  ck_recurrent r = {.cell = c->cell, .reversed = c->reversed, .steps = c->steps, .batch = c->batch,
                    .inputs = c->inputs, .hidden = c->hidden, .projected = c->projected, .forget_bias = 1,
                    .cell_clip = c->cell_clip, .gradient_clip = c->gradient_clip, .lengths = lengths, .x = AT(0),
                    .input_weight = packed[0], .state_weight = packed[1], .bias = packed[4],
                    .recurrent_bias = AT(4), .peepholes = AT(5), .projection = projection,
                    .gain = AT(24), .shift = AT(25), .epsilon = 0.01,
                    .initial_hidden = AT(7), .initial_cell = AT(8), .outputs = AT(9), .final_hidden = AT(10),
                    .final_cell = AT(11)};
  r.saved = malloc((k->recurrent_saved_count(&r) + 64) * k->scalar_bytes);
  k->recurrent_forward(&r);
  ck_recurrent_gradients g = {.input_weight_transposed = packed[2], .state_weight_transposed = packed[3],
                              .projection_transposed = back, .outputs = AT(12), .final_hidden = AT(13),
                              .final_cell = AT(14), .x = AT(15), .initial_hidden = AT(16), .initial_cell = AT(17),
                              .input_weight = AT(18), .recurrent_weight = AT(19), .bias = AT(20),
                              .recurrent_bias = AT(21), .peepholes = AT(22), .projection = AT(23), .gain = AT(26), .shift = AT(27)};
  k->recurrent_backward(&r, &g);
  for (int f = 0; f < 5; f++) free(packed[f]);
  free(projection), free(back), free(r.saved);
#undef AT
}

static void check_layer(const ck_kernels *k, layer_case c) {
  const int lstm = c.cell == CK_LSTM || c.cell == CK_LSTM_NORMALIZED, gates = lstm ? 4 : c.cell >= CK_GRU_RESET_AFTER ? 3 : 1;
  const int64_t width = c.projected ? c.projected : c.hidden, T = c.steps, B = c.batch, G = gates * c.hidden;
  const int after = c.cell == CK_GRU_RESET_AFTER, given = c.cell == CK_GRU_NORMALIZED;
  const int64_t gains = given ? 3 * c.hidden : c.cell == CK_LSTM_NORMALIZED ? 5 * c.hidden : 0;
  if (given) c.inputs = G;
  int32_t *lengths = NULL;
  if (c.lengths) {
    lengths = malloc(B * sizeof(int32_t));
    for (int64_t b = 0; b < B; b++) lengths[b] = (int32_t)((b * 3 + 1) % (T + 1));
  }
  array t[28] = {
      make(T * B * c.inputs, 1), make(given ? 0 : c.inputs * G, 0.5), make(width * G, fmin(0.5, 15.0 / c.hidden)),
      make(given ? 0 : G, 0.5),
      make(after ? c.hidden : 0, 0.5), make(c.peepholes ? 3 * c.hidden : 0, 0.5), make(c.hidden * c.projected, 0.5),
      make(c.initial ? B * width : 0, 1), make(c.initial && lstm ? B * c.hidden : 0, 1), make_output(T * B * width),
      make_output(B * width), make_output(lstm ? B * c.hidden : 0), make(T * B * width, 1), make(B * width, 1),
      make(lstm ? B * c.hidden : 0, 1), make_output(T * B * c.inputs), make_output(B * width),
      make_output(lstm ? B * c.hidden : 0), make_output(given ? 0 : c.inputs * G), make_output(width * G),
      make_output(given ? 0 : G),
      make_output(after ? c.hidden : 0), make_output(c.peepholes ? 3 * c.hidden : 0),
      make_output(c.hidden * c.projected), make(gains, 1), make(gains, 0.5), make_output(gains), make_output(gains)};
  run_layer(k, 0, &c, t, lengths);
  run_layer(ck_double(), 1, &c, t, lengths);
  char what[160];
  snprintf(what, sizeof what, "cell %d, hidden %d, batch %d, reversed %d, lengths %d", (int)c.cell, (int)c.hidden,
           (int)B, c.reversed, c.lengths);
  for (int i = 9; i < 12; i++) compare(k->name, what, t[i], 2e-5);
  for (int i = 15; i < 28; i++) compare(k->name, what, t[i], 5e-4);
  for (int i = 0; i < 28; i++) free(t[i].single), free(t[i].exact);
  free(lengths);
}

static void check_updates(const ck_kernels *k) {
  const int64_t counts[] = {1, 7, 16, 33, 1000};
  for (int c = 0; c < 5; c++)
    for (int rule = 0; rule < 8; rule++) {
      const int64_t count = counts[c];
      array parameters = make(count, 1), gradients = make(count, 1), slots[3];
      for (int s = 0; s < 3; s++) {
        slots[s] = make(count, 0.3);
        // The first and the last are means of squares, the first of larger ones than the second's.
        for (int64_t i = 0; i < count && s != 1; i++)
          slots[s].exact[i] = slots[s].single[i] = slots[s].single[i] * slots[s].single[i] + 0.2f;
      }
      for (int exact = 0; exact < 2; exact++) {
        const ck_kernels *level = exact ? ck_double() : k;
#define AT(a) (exact ? (void *)(a).exact : (void *)(a).single)
        ck_real *first = AT(slots[0]), *second = AT(slots[1]), *third = AT(slots[2]);
        ck_update u = {AT(parameters), AT(gradients), count, 0.5};
        if (rule < 2) level->sgd(u, third, 0.1, 0.9, rule);
        if (rule == 2) level->sgd(u, NULL, 0.1, 0, 0);
        if (rule >= 3 && rule < 6)
          level->rmsprop(u, first, rule >= 4 ? second : NULL, rule >= 5 ? third : NULL, 0.01, 0.9, 0.1, 0.9, 1e-4,
                         1e-2);
        if (rule == 6) level->adadelta(u, first, third, 0.7, 0.9, 1e-2);
        if (rule == 7) level->adam(u, second, first, 0.9, 0.99, 0.05, 0.02, 0.0199, 1e-3, 0.02);
#undef AT
      }
      char what[80];
      snprintf(what, sizeof what, "rule %d of an optimiser, %d parameters", rule, (int)count);
      compare(k->name, what, parameters, 1e-6);
      for (int s = 0; s < 3; s++) compare(k->name, what, slots[s], 1e-6);
      free(parameters.single), free(parameters.exact), free(gradients.single), free(gradients.exact);
      for (int s = 0; s < 3; s++) free(slots[s].single), free(slots[s].exact);
    }
}

static void run_attention(const ck_kernels *k, int exact, ck_attention a, array *t) {
#define AT(i) (t[i].count == 0 ? NULL : exact ? (void *)t[i].exact : (void *)t[i].single)
  a.query = AT(0), a.keys = AT(1), a.values = AT(2), a.score_vector = AT(3), a.weights = AT(4), a.contexts = AT(5);
  k->attention_forward(&a);
  ck_attention_gradients g = {AT(6), AT(7), AT(8), AT(9), AT(10), AT(11)};
  k->attention_backward(&a, &g);
#undef AT
}

static void check_normalizations(const ck_kernels *k) {
  const int64_t counts[] = {1, 5, 16, 33, 700};
  for (int c = 0; c < 5; c++) {
    for (int64_t stretches = 1; stretches <= 3; stretches++) {
      const int64_t widths[] = {counts[c], 2 * counts[c], 7}, rows = 33;
      int64_t columns = 0;
      for (int s = 0; s < stretches; s++) columns += widths[s];
      array t[10] = {make(rows * columns, 1), make(columns, 1), make(columns, 1), make(rows * columns, 1),
                     make_output(rows * columns), make_output(rows * stretches), make_output(rows * columns),
                     make(rows * columns, 1), make(columns, 1), make_output(columns)};
      for (int exact = 0; exact < 2; exact++) {
        const ck_kernels *level = exact ? ck_double() : k;
#define AT(i) (exact ? (void *)t[i].exact : (void *)t[i].single)
        ck_normalization n = {.rows = rows, .columns = columns, .stretches = stretches, .widths = widths, .epsilon = 0.01, .x = AT(0),
                              .gain = AT(1), .shift = AT(2), .normal = AT(4), .scales = AT(5), .out = AT(6)};
        ck_normalization_gradients g = {.out = AT(3), .x = AT(7), .gain = AT(8), .shift = AT(9), .accumulate_x = 1,
                                        .accumulate_gain = 1};
        level->normalize(&n);
        level->normalize_backward(&n, &g);
#undef AT
      }
      char what[80];
      snprintf(what, sizeof what, "%d normalised columns, %d stretches", (int)columns, (int)stretches);
      for (int i = 4; i < 10; i++) compare(k->name, what, t[i], i < 7 ? 1e-5 : 1e-4);
      for (int i = 0; i < 10; i++) free(t[i].single), free(t[i].exact);
    }
  }
}

static void check_attention(const ck_kernels *k) {
  for (int variant = 0; variant < 16; variant++) {
    const int additive = variant & 1, wide = variant >> 1 & 1, ragged = variant >> 2 & 1, both = variant >> 3 & 1;
    const int64_t Q = wide ? 9 : 1, T = wide ? 37 : 4, B = wide ? 19 : 3, U = wide ? 65 : 5, F = wide ? 34 : 3;
    int32_t lengths[19];
    for (int64_t b = 0; b < B; b++) lengths[b] = (int32_t)((b * 5 + 1) % (T + 1));
    array t[12] = {make(Q * B * U, 1), make(T * B * U, 0.5), make(T * B * F, 1), make(additive ? U : 0, 0.5),
                   make_output(Q * B * T), make_output(Q * B * F), make(Q * B * F, 1), make(both ? Q * B * T : 0, 1),
                   make_output(Q * B * U), make_output(T * B * U), make_output(T * B * F),
                   make_output(additive ? B * U : 0)};
    ck_attention a = {.queries = Q, .steps = T, .batch = B, .units = U, .features = F, .scale = 0.7,
                      .lengths = ragged ? lengths : NULL};
    // What stands past a sequence's end is not read.
    for (int64_t step = 0; ragged && step < T; step++)
      for (int64_t b = 0; b < B; b++) {
        for (int64_t i = 0; i < U && step >= lengths[b]; i++) {
          t[1].single[(step * B + b) * U + i] = NAN, t[1].exact[(step * B + b) * U + i] = NAN;
        }
        for (int64_t i = 0; i < F && step >= lengths[b]; i++) {
          t[2].single[(step * B + b) * F + i] = NAN, t[2].exact[(step * B + b) * F + i] = NAN;
        }
      }
    run_attention(k, 0, a, t);
    run_attention(ck_double(), 1, a, t);
    char what[80];
    snprintf(what, sizeof what, "attention, additive %d, wide %d, lengths %d", additive, wide, ragged);
    for (int i = 4; i < 12; i++)
      if (i != 6 && i != 7) compare(k->name, what, t[i], i < 6 ? 2e-5 : 1e-4);
    for (int i = 0; i < 12; i++) free(t[i].single), free(t[i].exact);
  }
}

static void check_mixtures(const ck_kernels *k) {
  const int64_t counts[] = {1, 3, 16, 20, 33};
  const int32_t lengths[] = {4, 0, 2};
  for (int c = 0; c < 5; c++) {
    const int64_t mixtures = counts[c], rows = 4 * 3, width = 6 * mixtures + 1;
    array outputs = make(rows * width, 1), targets = make(rows * 3, 1);
    array losses = make_output(rows), gradients = make_output(rows * width);
    for (int64_t i = 2; i < rows * 3; i += 3) targets.exact[i] = targets.single[i] = targets.single[i] > 0;
    k->mixture_density(outputs.single, targets.single, lengths, 4, 3, mixtures, losses.single, gradients.single);
    ck_double()->mixture_density(outputs.exact, targets.exact, lengths, 4, 3, mixtures, losses.exact, gradients.exact);
    char what[80];
    snprintf(what, sizeof what, "a density of %d components", (int)mixtures);
    compare(k->name, what, losses, 1e-5);
    compare(k->name, what, gradients, 1e-5);
    array all[] = {outputs, targets, losses, gradients};
    for (int i = 0; i < 4; i++) free(all[i].single), free(all[i].exact);
  }
}

static void check_windows(const ck_kernels *k) {
  const int64_t counts[] = {1, 3, 10, 17};
  const int32_t text[] = {0, 2, 1, 3, 1, 0, 0, 0, 3, 3, 0, 0}, lengths[] = {4, 1, 2};
  for (int c = 0; c < 4; c++) {
    const int64_t components = counts[c];
    array t[8] = {make(9 * components, 0.5), make(3 * components, 1), make(3 * components, 1), make(12, 1),
                  make_output(3 * components), make_output(12), make_output(9 * components),
                  make_output(3 * components)};
    for (int exact = 0; exact < 2; exact++) {
      const ck_kernels *level = exact ? ck_double() : k;
#define AT(i) (exact ? (void *)t[i].exact : (void *)t[i].single)
      ck_soft_window w = {.batch = 3, .components = components, .characters = 4, .symbols = 4, .parameters = AT(0),
                          .positions = AT(1), .text = text, .lengths = lengths};
      level->soft_window(&w, AT(4), AT(5));
      level->soft_window_gradient(&w, AT(4), AT(2), AT(3), AT(6), AT(7));
#undef AT
    }
    char what[80];
    snprintf(what, sizeof what, "a window of %d curves", (int)components);
    for (int i = 4; i < 8; i++) compare(k->name, what, t[i], 1e-5);
    for (int i = 0; i < 8; i++) free(t[i].single), free(t[i].exact);
  }
}

/// One stage by one table: outputs, then the cell (LSTM) or the gates (GRU), in `results` [4][batch][64].
static void run_stage(const ck_step_kernels *k, ck_stage s, const ck_stage_weights *w, int64_t batch, float *results) {
  float *memory = aligned_alloc(128, (k->stage_bytes(&s) + 1023) / 1024 * 1024);
  k->pack_stage(&s, w, memory);
  s.weights = memory;
  s.outputs = results, s.cell = results + batch * 64, s.candidates = results + 2 * batch * 64;
  s.updates = results + 3 * batch * 64;
  s.output_stride = s.unit_stride = 64;
  ck_step step = {&s, 1, batch, ck_threads(), NULL};
  step.scratch = calloc(1, k->scratch_bytes(&step));
  k->step(&step);
  free(memory), free(step.scratch);
}

/// Every kind of stage with every type of weights, held against the portable level; Swift's tests hold that against
/// the definitions.
static void check_steps(const ck_step_kernels *k) {
  const ck_step_kernels *portable = ck_step_level("portable");
  enum { DEPTH = 45, UNITS = 39, STRIDE = 48, BATCH = 7 };
  array weights[4] = {make(DEPTH * 4 * UNITS, 0.3), make(DEPTH * 4 * UNITS, 0.3), make(4 * UNITS, 0.5), make(UNITS, 0.5)};
  array rows[3] = {make(BATCH * STRIDE, 1), make(BATCH * STRIDE, 1), make(BATCH * 64, 1)};
  for (int r = 0; r < 2; r++)
    for (int i = 0; i < BATCH * STRIDE; i++)
      if (i % STRIDE >= DEPTH) rows[r].single[i] = 0;
  for (int type = CK_FLOAT32; type <= CK_INT8; type++)
    for (int kind = CK_STAGE_DENSE; kind <= CK_STAGE_GRU_CANDIDATE; kind++)
      for (int64_t batch = 1; batch <= BATCH; batch += 3) {
        int64_t state = kind == CK_STAGE_DENSE || kind == CK_STAGE_GRU_CANDIDATE ? 0 : DEPTH;
        ck_stage s = {.kind = (ck_stage_kind)kind, .type = (ck_weight_type)type, .inputs = DEPTH, .state = state,
                      .units = UNITS, .cell_clip = 0.4, .input_rows = rows[0].single, .input_stride = STRIDE,
                      .state_rows = rows[1].single, .state_stride = STRIDE, .hidden_rows = rows[2].single};
        ck_stage_weights w = {weights[0].single, weights[1].single, weights[2].single, weights[3].single, 0.25};
        array results = make(4 * batch * 64, 1);
        float *others = malloc(4 * batch * 64 * sizeof(float));
        memcpy(others, results.single, 4 * batch * 64 * sizeof(float));
        run_stage(portable, s, &w, batch, others);
        for (int64_t i = 0; i < results.count; i++) results.exact[i] = others[i];
        run_stage(k, s, &w, batch, results.single);
        char what[80];
        snprintf(what, sizeof what, "stage %d with weights %d, batch %d", kind, type, (int)batch);
        compare(k->name, what, results, 2e-5);
        free(results.single), free(results.exact), free(others);
      }
  for (int i = 0; i < 4; i++) free(weights[i].single), free(weights[i].exact);
  for (int i = 0; i < 3; i++) free(rows[i].single), free(rows[i].exact);
}

int main(void) {
  const char *steps[] = {"neon", "avx2", "avx512", "avx512vnni"};
  for (int n = 0; n < 4; n++) {
    if (!ck_step_level(steps[n])) continue;
    check_steps(ck_step_level(steps[n]));
    printf("%s: a time step checked against portable\n", steps[n]);
  }
  const char *names[] = {"portable", "neon", "avx2", "avx512"};
  for (int n = 0; n < 4; n++) {
    const ck_kernels *k = ck_level(names[n]);
    if (!k) continue;
    check_products(k);
    check_updates(k);
    check_normalizations(k);
    check_attention(k);
    check_mixtures(k);
    check_windows(k);
    for (int cell = CK_BASIC_TANH; cell <= CK_GRU_NORMALIZED; cell++)
      for (int variant = 0; variant < 32; variant++) {
        // One row passes over several panels at a time, of which there are enough with 150 units.
        const int batch = (int[]){3, 17, 1, 2}[variant & 3], few = batch < 3;
        layer_case c = {.cell = (ck_cell)cell, .steps = 6, .batch = batch, .inputs = 5,
                        .hidden = variant & 4 ? (few ? 150 : 37) : 6, .reversed = variant >> 3 & 1,
                        .lengths = variant >> 4 & 1, .initial = variant & 1};
        check_layer(k, c);
        if (cell == CK_LSTM) {
          c.peepholes = 1, c.projected = 9, c.cell_clip = 0.6, c.gradient_clip = 0.05;
          check_layer(k, c);
        }
      }
    printf("%s: checked against double precision\n", k->name);
  }
  printf("%d passed, %d failed\n", checks - failures, failures);
  return failures > 0;
}
