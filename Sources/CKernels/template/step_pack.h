// From matrices as the user has them to the panels of a time step.

INLINE uint32_t bits_of(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

/// The upper half of a float, to the nearest, of equally near ones the even one. NaN stays NaN.
INLINE uint32_t bfloat16_of(float value) {
  const uint32_t bits = bits_of(value);
  if (value != value) return bits >> 16 | 0x40;
  return (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
}

/// The largest of a column's absolute values; NaN where one is not finite.
INLINE float column_maximum(const float *column, int64_t rows, int64_t stride) {
  float most = 0, trouble = 0;
  for (int64_t k = 0; k < rows; k++) {
    most = fmaxf(most, fabsf(column[k * stride]));
    trouble += column[k * stride] * 0;
  }
  return most + trouble;
}

/// Packs one matrix's part of a panel, `count` columns for each unit, those of slot v from b + columns[v] on.
static void pack_panel(ck_weight_type type, const float *b, int64_t rows, int64_t stride, int count,
                         const int64_t *columns, int64_t valid, float *to) {
  if (rows == 0) return;
  uint32_t *words = (uint32_t *)to;
  const int64_t group = group_of(type), groups = (rows + group - 1) / group;
  if (type == CK_INT8) words += 2 * count * LANES;
  memset(to, 0, matrix_vectors(type, rows, count) * LANES * sizeof(float));
  for (int v = 0; v < count; v++) {
    for (int64_t lane = 0; lane < valid; lane++) {
      const float *column = b + columns[v] + lane;
      const float most = type == CK_INT8 ? column_maximum(column, rows, stride) : 0;
      const float inverse = most > 1e-30f ? 127 / most : 0;
      int32_t sum = 0;
      for (int64_t g = 0; g < groups; g++) {
        uint32_t word = 0;
        for (int64_t i = 0; i < group && g * group + i < rows; i++) {
          const float value = column[(g * group + i) * stride];
          if (type == CK_FLOAT32) {
            word = bits_of(value);
          } else if (type == CK_BFLOAT16) {
            word |= bfloat16_of(value) << 16 * i;
          } else if (inverse > 0) {
            const int32_t whole = (int32_t)rintf(value * inverse);
            word |= (uint32_t)(whole & 255) << 8 * i;
            sum += whole;
          }
        }
        words[(g * count + v) * LANES + lane] = word;
      }
      if (type == CK_INT8) {
        to[v * LANES + lane] = most != most ? most : inverse > 0 ? most / 127 : 0;
        ((int32_t *)to)[(count + v) * LANES + lane] = -128 * sum;
      }
    }
  }
}

typedef struct stage_pack_job {
  const ck_stage *s;
  const ck_stage_weights *w;
} stage_pack_job;

static void stage_pack_part(void *context, int part, int parts) {
  const stage_pack_job *j = context;
  const ck_stage *s = j->s;
  const stage_shape *shape = shape_of(s->kind);
  const stretch mine = share(stage_panels(s->units), part, parts);
  for (int64_t panel = mine.begin; panel < mine.end; panel++) {
    const int64_t unit = panel * LANES, valid = smaller(LANES, s->units - unit), stride = shape->blocks * s->units;
    int64_t columns[4];
    for (int v = 0; v < shape->slots; v++) columns[v] = shape->block[v] * s->units + unit;
    float *to = (float *)early_panel(s, panel);
    memset(to, 0, shape->slots * LANES * sizeof(float));
    for (int v = 0; v < shape->slots; v++) {
      // The GRU's last slot is the state's own: it has a bias of its own.
      const int own = s->kind == CK_STAGE_GRU && v == 3;
      const float *bias = own ? j->w->recurrent_bias : j->w->bias ? j->w->bias + columns[v] - unit : NULL;
      for (int64_t lane = 0; lane < valid && bias; lane++) to[v * LANES + lane] = bias[unit + lane];
      for (int64_t lane = 0; lane < valid && s->kind == CK_STAGE_LSTM && v == 1; lane++)
        to[v * LANES + lane] += (float)j->w->forget_bias;
    }
    pack_panel(s->type, j->w->recurrent_weight, s->state, stride, shape->state_count, columns + shape->state_first, valid,
               to + shape->slots * LANES);
    pack_panel(s->type, j->w->input_weight, s->inputs, stride, shape->input_count, columns + shape->input_first, valid,
               (float *)late_panel(s, panel));
  }
}

static int64_t stage_bytes(const ck_stage *s) {
  return stage_panels(s->units) * (early_floats(s) + late_floats(s)) * sizeof(float);
}

static void pack_stage(const ck_stage *stage, const ck_stage_weights *w, void *packed) {
  ck_stage s = *stage;
  s.weights = packed;
  stage_pack_job j = {.s = &s, .w = w};
  ck_run(stage_bytes(&s) < 100000 ? 1 : ck_threads(), stage_pack_part, &j);
}
