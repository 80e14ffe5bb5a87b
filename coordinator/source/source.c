// SPDX-License-Identifier: MIT
//
// Chooses the reader of a source and hands what it read to common/data.
#include "source.h"

#include "readers.h"

static int read(const struct ms_data_spec *spec, const char *sweep_dir, uint64_t seed,
                struct ms_raw *raw, struct ms_error *err)
{
    switch (spec->source) {
    case MS_IDX:
        return ms_read_idx_raw(spec, sweep_dir, raw, err);
    case MS_CSV:
        return ms_read_csv_raw(spec, sweep_dir, raw, err);
    case MS_NPY:
    case MS_NPZ:
        return ms_read_npy_raw(spec, sweep_dir, raw, err);
    default:
        return ms_dataset_synthetic(spec, seed, raw, err);
    }
}

int ms_source_load(const struct ms_data_spec *spec, const struct ms_task_hint *hint,
                   const char *sweep_dir, uint64_t seed, void **block, size_t *size,
                   struct ms_data_info *info, struct ms_error *err)
{
    (void)hint;
    struct ms_raw raw = {0};
    *block = NULL;
    *size = 0;
    int status = read(spec, sweep_dir, seed, &raw, err);
    if (!status)
        status = ms_dataset_build(spec, seed, &raw, block, size, info, err);
    ms_dataset_raw_clear(&raw);
    if (status)
        *size = 0;
    return status;
}
