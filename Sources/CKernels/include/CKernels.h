// Everything that loops over floats. This header is the whole interface.
//
// A kernel table exists once per level (portable, AVX2, AVX-512, NEON) in single precision, and once, portable, in
// double precision. `ck_real` is float or double, as `scalar_bytes` of the table says. Shapes stand beside pointers;
// matrices are row-major; sequences are time-major. No kernel allocates memory that outlives its call, and every
// result has the same bits whatever the number of threads: work is divided over outputs, never over a sum.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef void ck_real;

// MARK: the team of worker threads

/// Number of threads that kernels may use; at first the number of processors this process may run on, or, where that is
/// less, as many as `ck_granted_processors` says.
int ck_threads(void);
/// Processors that a quota of time is worth which Linux' control groups give this process, as those of a container,
/// rounded up; 0 where there is none. `root` stands before the paths that are read: "" but in tests.
int ck_granted_processors(const char *root);
/// Sets the number of threads (1 or more); workers are created once, when first needed.
void ck_set_threads(int threads);
/// Runs body(context, part, parts) for every part, on the team; returns when all are done. A thread may run several parts,
/// one after the other; where the team is busy or is but one thread, all is one part. Subnormal numbers are flushed to zero
/// inside, on every thread, and the caller's mode is restored. A nested call runs on its own thread.
void ck_run(int parts, void (*body)(void *context, int part, int parts), void *context);

// MARK: where the time goes

/// What a thread spends time on.
typedef enum ck_phase {
  CK_BETWEEN_KERNELS,       // the caller's own work: recording, allocation, bookkeeping
  CK_SEQUENTIAL_PRODUCTS,   // of the state with the recurrent weights, step by step; of a single time step, all
  CK_BIG_PRODUCTS,          // over all steps at once, and those of other layers
  CK_GATE_ARITHMETIC,
  CK_LOSS,
  CK_OPTIMIZER,             // and the gradient's norm
  CK_PACKING,               // of weights
  CK_OTHER_KERNELS,
  CK_WAITING,               // for other threads
  CK_PHASES
} ck_phase;

/// Starts to book the threads' time to phases.
void ck_profile_start(void);
/// Ends that; seconds [CK_PHASES] receives the times, summed over the threads that took part, whose number is returned.
int ck_profile_stop(double *seconds);

// MARK: recurrent layers

typedef enum ck_cell {
  CK_BASIC_TANH = 0,
  CK_BASIC_RELU = 1,
  CK_LSTM = 2,
  CK_LSTM_NORMALIZED = 3,  // with layer normalisation, as the GRU below
  CK_GRU_RESET_AFTER = 4,
  CK_GRU_RESET_BEFORE = 5,
  CK_GRU_NORMALIZED = 6    // x holds what the inputs give the gates: inputs = 3*hidden, without weight and bias
} ck_cell;

/// The packed forms of a recurrent layer's weights. Gates stand side by side in columns of width `hidden`: LSTM i, f,
/// g, o; GRU r, z, n.
typedef enum ck_weight_form {
  CK_INPUT = 0,             // from input_weight [inputs, gates*hidden]
  CK_STATE = 1,             // from recurrent_weight [state, gates*hidden]
  CK_INPUT_TRANSPOSED = 2,  // as CK_INPUT, for the gradient of the inputs
  CK_STATE_TRANSPOSED = 3,  // as CK_STATE, for the gradient of the state
  CK_BIAS = 4               // from bias [1, gates*hidden]
} ck_weight_form;

/// How the threads divide a layer's steps. Results have the same bits either way.
typedef enum ck_division {
  CK_DIVIDED_BY_SIZE = 0,  // as the sizes make it worth while
  CK_BATCH_SLICED = 1,     // each thread carries rows of the batch through all steps
  CK_UNITS_SHARED = 2      // each has a part of the hidden units, and all meet at every step
} ck_division;

typedef struct ck_recurrent {
  ck_cell cell;
  ck_division division;
  int reversed;  // non-zero: from the last step to the first
  int64_t steps, batch, inputs, hidden;
  int64_t projected;       // width of the LSTM's projected state, or 0
  double forget_bias;      // added to the LSTM's forget gate
  double cell_clip;        // LSTM: |c| is clipped to this; 0: not
  double gradient_clip;    // gradient of every gate's net input is clipped to +-this; 0: not
  const int32_t *lengths;  // [batch] or NULL: all `steps`
  const ck_real *x;        // [steps, batch, inputs], or NULL when tokens are given
  const int32_t *tokens;   // [steps, batch], each in 0..<inputs, or NULL
  const ck_real *input_weight, *state_weight;  // packed: CK_INPUT, CK_STATE
  const ck_real *bias;                         // packed: CK_BIAS
  const ck_real *recurrent_bias;               // [hidden], CK_GRU_RESET_AFTER only, or NULL
  const ck_real *peepholes;                    // [3*hidden] for i, f, o, or NULL
  const ck_real *projection;                   // packed by pack_matrix from [hidden, projected], or NULL
  const ck_real *gain, *shift;                 // of normalised rows: LSTM [5*hidden] for i, f, g, o, c; GRU [3*hidden]
  double epsilon;                              // added to their variance
  const ck_real *initial_hidden;               // [batch, hidden or projected], or NULL: zero
  const ck_real *initial_cell;                 // [batch, hidden], or NULL: zero
  ck_real *outputs;                            // [steps, batch, hidden or projected]
  ck_real *final_hidden;                       // [batch, hidden or projected]
  ck_real *final_cell;                         // [batch, hidden] (LSTM), else NULL
  ck_real *saved;                              // recurrent_saved_count reals, read again by backward
} ck_recurrent;

/// What recurrent_backward reads and writes beside the forward call's arguments. Outputs that are NULL are not wanted.
/// With `accumulate_*` the gradient is added to what stands there, else it is stored.
typedef struct ck_recurrent_gradients {
  const ck_real *input_weight_transposed, *state_weight_transposed;  // packed
  const ck_real *projection_transposed;                              // packed by pack_matrix from its transpose
  const ck_real *outputs;       // gradient of outputs, or NULL: zero
  const ck_real *final_hidden;  // or NULL: zero
  const ck_real *final_cell;    // or NULL: zero
  ck_real *x;                   // [steps, batch, inputs]
  ck_real *initial_hidden, *initial_cell;
  ck_real *input_weight, *recurrent_weight, *bias, *recurrent_bias, *peepholes, *projection, *gain, *shift;
  int accumulate_x, accumulate_input_weight, accumulate_recurrent_weight, accumulate_bias,
      accumulate_recurrent_bias, accumulate_peepholes, accumulate_projection, accumulate_gain, accumulate_shift;
} ck_recurrent_gradients;

// MARK: matrix products

/// c[rows, columns] (+)= op(a)[rows, depth] . b[depth, columns]
typedef struct ck_product {
  int64_t rows, columns, depth;
  const ck_real *a;   // [rows, depth], or [depth, rows] when transposed_a
  int64_t a_stride;   // reals from one row of a to the next
  int transposed_a;
  const ck_real *b;     // packed by pack_matrix
  const ck_real *bias;  // [columns] added to every row, or NULL; not with accumulate
  ck_real *c;
  int64_t c_stride;
  int accumulate;  // non-zero: add to c
} ck_product;

typedef enum ck_unary {
  CK_NEGATE, CK_EXP, CK_LOG, CK_SQRT, CK_SQUARE, CK_TANH, CK_SIGMOID, CK_RELU, CK_SOFTPLUS, CK_ABSOLUTE
} ck_unary;

typedef enum ck_binary {
  CK_ADD, CK_SUBTRACT, CK_MULTIPLY, CK_DIVIDE, CK_GREATER, CK_EQUAL,
  CK_TANH_GRADIENT,     // a * (1 - b*b): a the gradient, b the result
  CK_SIGMOID_GRADIENT,  // a * b * (1 - b)
  CK_RELU_GRADIENT,     // b > 0 ? a : 0
  CK_SQRT_GRADIENT      // a / (2 b)
} ck_binary;

typedef enum ck_reduction { CK_SUM, CK_MAX } ck_reduction;

#define CK_MAXIMUM_RANK 8

// MARK: layer normalisation

/// normal = x with the stretches of each row brought to mean 0 and variance 1; out = gain * normal + shift.
typedef struct ck_normalization {
  int64_t rows, columns, stretches;
  const int64_t *widths;        // [stretches], `columns` together
  double epsilon;               // added to the variance
  const ck_real *x;             // [rows, columns]
  const ck_real *gain, *shift;  // [columns]
  ck_real *normal, *scales;     // [rows, columns], [rows, stretches] what gave that variance: read again by backward
  ck_real *out;                 // [rows, columns]
} ck_normalization;

/// What normalize_backward reads (the first) and writes. Those that are NULL are not wanted; with `accumulate_*` the
/// gradient is added to what stands there, else it is stored.
typedef struct ck_normalization_gradients {
  const ck_real *out;
  ck_real *x, *gain, *shift;
  int accumulate_x, accumulate_gain, accumulate_shift;
} ck_normalization_gradients;

// MARK: attention

/// score(q, t) = score_vector . tanh(query[q] + keys[t]), or scale * query[q] . keys[t] without a score vector; weights =
/// softmax of the scores over each sequence's own steps, exactly 0 past its end; contexts = sum of weights * values.
typedef struct ck_attention {
  int64_t queries, steps, batch, units, features;
  const int32_t *lengths;       // [batch] or NULL: all `steps`
  double scale;                 // without a score vector
  const ck_real *query;         // [queries, batch, units]
  const ck_real *keys;          // [steps, batch, units]
  const ck_real *values;        // [steps, batch, features]
  const ck_real *score_vector;  // [units], or NULL
  ck_real *weights;             // [queries, batch, steps]
  ck_real *contexts;            // [queries, batch, features]
} ck_attention;

/// What attention_backward reads (the first two) and stores (the others).
typedef struct ck_attention_gradients {
  const ck_real *contexts;  // [queries, batch, features], or NULL: zero
  const ck_real *weights;   // [queries, batch, steps], or NULL: zero
  ck_real *query, *keys, *values;
  ck_real *score_vectors;  // [batch, units]: each sequence's part, to be summed; NULL without a score vector
} ck_attention_gradients;

/// What a rule moves, and along what.
typedef struct ck_update {
  ck_real *parameters;       // [count]
  const ck_real *gradients;  // [count], multiplied by `scale` first
  int64_t count;
  double scale;
} ck_update;

/// One step of a soft window over texts.
typedef struct ck_soft_window {
  int64_t batch, components, characters, symbols;
  const ck_real *parameters;  // [batch, 3*components]: alpha, beta, kappa's step, before the exponential
  const ck_real *positions;   // [batch, components]: kappa before the step
  const int32_t *text;        // [batch, characters], each in 0..<symbols
  const int32_t *lengths;     // [batch]: the number of each text's characters
} ck_soft_window;

typedef struct ck_kernels {
  const char *name;
  int lanes;         // reals in a vector
  int scalar_bytes;  // of ck_real

  /// Floating-point operations a second of this thread's multiply-add units, with the products' operands, from
  /// registers only, measured for about `seconds`.
  double (*measure_peak)(double seconds);

  int64_t (*packed_count)(int64_t depth, int64_t columns);
  /// b's element (k, n) stands at b[k*row_stride + n*column_stride]; `packed` holds packed_count reals.
  void (*pack_matrix)(const ck_real *b, int64_t row_stride, int64_t column_stride, int64_t depth, int64_t columns,
                      ck_real *packed);
  void (*product)(const ck_product *product);

  int64_t (*recurrent_packed_count)(ck_cell cell, ck_weight_form form, int64_t rows, int64_t hidden);
  /// weight [rows, gates*hidden] in the field's column order, to the form asked for.
  void (*recurrent_pack)(ck_cell cell, ck_weight_form form, const ck_real *weight, int64_t rows, int64_t hidden,
                         double forget_bias, ck_real *packed);
  int64_t (*recurrent_saved_count)(const ck_recurrent *layer);
  void (*recurrent_forward)(const ck_recurrent *layer);
  void (*recurrent_backward)(const ck_recurrent *layer, const ck_recurrent_gradients *gradients);

  /// out[i] = operation(a[i])
  void (*unary)(ck_unary operation, const ck_real *a, ck_real *out, int64_t count);
  /// out has the shape [extents]; a and b are read with these strides (0: broadcast), in reals.
  void (*binary)(ck_binary operation, const ck_real *a, const int64_t *a_strides, const ck_real *b,
                 const int64_t *b_strides, ck_real *out, const int64_t *extents, int rank);
  /// out = condition != 0 ? a : b
  void (*select)(const ck_real *condition, const ck_real *a, const ck_real *b, ck_real *out, int64_t count);
  /// out[outer, inner] = reduction over the middle axis of a[outer, reduced, inner]
  void (*reduce)(ck_reduction reduction, const ck_real *a, ck_real *out, int64_t outer, int64_t reduced,
                 int64_t inner);
  /// out (contiguous, [extents]) = a read with these strides
  void (*copy_strided)(const ck_real *a, const int64_t *strides, ck_real *out, const int64_t *extents, int rank);
  void (*fill)(ck_real *out, double value, int64_t count);
  /// y[i] += scale * x[i]
  void (*add_scaled)(ck_real *y, const ck_real *x, double scale, int64_t count);
  void (*clip)(const ck_real *a, ck_real *out, double low, double high, int64_t count);

  /// out[i, :] = table[ids[i], :], table [any, width], ids [count]
  void (*gather_rows)(const ck_real *table, const int32_t *ids, int64_t count, int64_t width, ck_real *out);
  /// table[ids[i], :] += rows[i, :], in the order of i
  void (*scatter_add_rows)(const ck_real *rows, const int32_t *ids, int64_t count, int64_t width, ck_real *table);

  /// out[r, :] = softmax (or its logarithm) of a[r, :]
  void (*softmax)(const ck_real *a, ck_real *out, int64_t rows, int64_t columns);
  void (*log_softmax)(const ck_real *a, ck_real *out, int64_t rows, int64_t columns);
  void (*normalize)(const ck_normalization *normalization);
  void (*normalize_backward)(const ck_normalization *normalization, const ck_normalization_gradients *gradients);
  /// losses[r] = log sum exp(logits[r, :]) - logits[r, labels[r]]; normalizers[r] = log sum exp(logits[r, :])
  void (*cross_entropy)(const ck_real *logits, const int32_t *labels, int64_t rows, int64_t columns, ck_real *losses,
                        ck_real *normalizers);
  /// out[r, c] = (exp(logits[r, c] - normalizers[r]) - (c == labels[r])) * scales[r]
  void (*cross_entropy_gradient)(const ck_real *logits, const int32_t *labels, const ck_real *normalizers,
                                 const ck_real *scales, int64_t rows, int64_t columns, ck_real *out);

  void (*attention_forward)(const ck_attention *attention);
  /// After attention_forward, whose weights it reads.
  void (*attention_backward)(const ck_attention *attention, const ck_attention_gradients *gradients);

  /// losses[r] = the negative log-likelihood of targets[r, 3] (dx, dy, end) under the mixture outputs[r, 6*mixtures + 1],
  /// gradients (or NULL) that of losses[r] with respect to outputs[r, :]; rows [steps, batch], both zero past lengths
  /// [batch] (NULL: nowhere). A row is the end's logit, then for all components each: logits of weights, means of dx and
  /// dy, logarithms of their deviations, correlation before tanh.
  void (*mixture_density)(const ck_real *outputs, const ck_real *targets, const int32_t *lengths, int64_t steps,
                          int64_t batch, int64_t mixtures, ck_real *losses, ck_real *gradients);

  /// positions [batch, components] = kappa after the step; outputs [batch, symbols] = the window over the text.
  void (*soft_window)(const ck_soft_window *window, ck_real *positions, ck_real *outputs);
  /// `positions` are those after the step; gradients from above are NULL where there are none. Writes the gradients of
  /// the parameters and of the positions before the step.
  void (*soft_window_gradient)(const ck_soft_window *window, const ck_real *positions, const ck_real *positions_above,
                               const ck_real *outputs_above, ck_real *parameters_gradient,
                               ck_real *positions_gradient);

  /// Sum of squares: in fixed blocks of 4096, whose sums are added in double.
  double (*sum_of_squares)(const ck_real *a, int64_t count);

  // The rules of optimisers; g is scale * gradient.

  /// velocity = momentum*velocity + g; parameter -= rate * (nesterov ? g + momentum*velocity : velocity).
  /// velocity may be NULL when momentum is 0.
  void (*sgd)(ck_update update, ck_real *velocity, double rate, double momentum, int nesterov);
  /// squares = keep*squares + add*g^2; mean = keep*mean + add*g;
  /// velocity = momentum*velocity + g / (sqrt(squares - mean^2 + epsilon_inside) + epsilon_outside);
  /// parameter -= rate*velocity. mean may be NULL: not centred; velocity too: momentum is 0.
  void (*rmsprop)(ck_update update, ck_real *squares, ck_real *mean, ck_real *velocity, double rate, double keep,
                  double add, double momentum, double epsilon_inside, double epsilon_outside);
  /// squares = decay*squares + (1 - decay)*g^2; step = g * sqrt(moved + epsilon) / sqrt(squares + epsilon);
  /// moved = decay*moved + (1 - decay)*step^2; parameter -= rate*step.
  void (*adadelta)(ck_update update, ck_real *squares, ck_real *moved, double rate, double decay, double epsilon);
  /// first = beta1*first + (1 - beta1)*g; second = beta2*second + (1 - beta2)*g^2;
  /// parameter -= decay*parameter + (first_rate*first + gradient_rate*g) / (sqrt(second/correction) + epsilon).
  void (*adam)(ck_update update, ck_real *first, ck_real *second, double beta1, double beta2, double first_rate,
               double gradient_rate, double correction, double epsilon, double decay);
} ck_kernels;

// MARK: one time step at a time

/// What the weights of a time step are kept as. Numbers that flow are single precision whatever the weights are.
typedef enum ck_weight_type {
  CK_FLOAT32 = 0,
  CK_BFLOAT16 = 1,  // rounded to the nearest, ties to even
  CK_INT8 = 2       // a scale for each column; rows are brought to 8 bits too, and sums are exact
} ck_weight_type;

/// What a stage of a time step does with the net inputs x W + h R + b of its units. Columns stand as in recurrent_pack.
typedef enum ck_stage_kind {
  CK_STAGE_DENSE = 0,          // the net inputs themselves
  CK_STAGE_TANH = 1,
  CK_STAGE_RELU = 2,
  CK_STAGE_LSTM = 3,
  CK_STAGE_GRU = 4,            // reset after the product
  CK_STAGE_GRU_GATES = 5,      // reset before it: the outputs are r*h
  CK_STAGE_GRU_CANDIDATE = 6   // follows it: the inputs are r*h, their matrix the recurrent weight
} ck_stage_kind;

/// One stage of a time step. Rows are a sequence's each; all but tokens' and peepholes', and outputs that no stage reads,
/// are padded with zeros to a multiple of 16 numbers.
typedef struct ck_stage {
  ck_stage_kind kind;
  ck_weight_type type;
  int64_t inputs;  // rows of the inputs' matrix, or 0: none, or tokens are read
  int64_t state;   // rows of the state's matrix, or 0: none
  int64_t units;
  double cell_clip;      // LSTM: |c| is clipped to this; 0: not
  const void *weights;   // packed by pack_stage
  const float *input_rows;     // [batch, input_stride]
  int64_t input_stride;
  const int32_t *tokens;       // [batch], instead of input_rows: rows of token_rows
  const float *token_rows;     // [any, gates*units], as the user has it
  const float *state_rows;     // [batch, state_stride]: the state before the step
  int64_t state_stride;
  const float *peepholes;      // [3*units] for i, f, o, or NULL
  float *cell;                 // LSTM: c [batch, unit_stride], replaced by the new one
  float *candidates, *updates; // GRU, reset before: n's net input and z [batch, unit_stride], from stage to stage
  const float *hidden_rows;    // GRU: the state before the step [batch, unit_stride]
  int64_t unit_stride;
  float *outputs;              // [batch, output_stride], other memory than what this stage reads
  int64_t output_stride;
} ck_stage;

/// What a stage's weights are packed from. Blocks of columns stand as in recurrent_pack.
typedef struct ck_stage_weights {
  const float *input_weight;      // [inputs, gates*units]
  const float *recurrent_weight;  // [state, gates*units]
  const float *bias;              // [gates*units], or NULL
  const float *recurrent_bias;    // [units], CK_STAGE_GRU only, or NULL
  double forget_bias;             // added to the LSTM's forget gate
} ck_stage_weights;

/// A time step: stages that follow each other, each on what the one before it wrote.
typedef struct ck_step {
  const ck_stage *stages;
  int count;
  int64_t batch;
  int parts;      // threads at most: those that `scratch` is for
  void *scratch;  // step_scratch_bytes, aligned to 64 bytes, zero before the first step
} ck_step;

/// The kernels of a time step at a time. They exist for the levels, and once more for processors with AVX-512 that
/// multiply bytes.
typedef struct ck_step_kernels {
  const char *name;
  /// Of a stage's packed weights: what a step reads of it.
  int64_t (*stage_bytes)(const ck_stage *stage);
  /// From `weights` to `packed` (stage_bytes, aligned to 64 bytes). Of the stage, kind, type and sizes count.
  void (*pack_stage)(const ck_stage *stage, const ck_stage_weights *weights, void *packed);
  int64_t (*scratch_bytes)(const ck_step *step);
  /// All stages on one run of the team, which divides the units.
  void (*step)(const ck_step *step);
  /// weights[i] = exp((logits[i] - the largest) / temperature), and their sum; NaN where a logit is NaN or infinite, or
  /// all are minus infinity. `count` is 1 or more.
  double (*token_weights)(const float *logits, int64_t count, double temperature, float *weights);
  /// Bytes a second that `ck_threads()` threads read together, over and over, of `bytes` of memory in all, each its own
  /// part; measured for about `seconds`.
  double (*measure_read)(int64_t bytes, double seconds);
} ck_step_kernels;

/// The level's single-precision kernels ("avx512", "avx2", "neon", "portable"; "avx512bf16", whose products round their
/// operands to bfloat16), or NULL where this machine lacks it.
const ck_kernels *ck_level(const char *name);
/// The best level that this machine has.
const ck_kernels *ck_best_level(void);
/// The portable kernels in double precision.
const ck_kernels *ck_double(void);
/// The kernels of a time step of a level, or of "avx512vnni", or NULL where this machine lacks it.
const ck_step_kernels *ck_step_level(const char *name);
/// The best of them that goes with a level: those of the level, or what more the processor has.
const ck_step_kernels *ck_best_step_level(const char *level);

#ifdef __cplusplus
}
#endif
#endif
