// The level's table of the kernels of one time step.

const ck_step_kernels STEP_TABLE = {
    .name = LEVEL_NAME,
    .stage_bytes = stage_bytes,
    .pack_stage = pack_stage,
    .scratch_bytes = step_scratch_bytes,
    .step = run_step,
    .token_weights = token_weights,
    .measure_read = measure_read,
};
