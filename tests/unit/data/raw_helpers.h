// SPDX-License-Identifier: MIT
//
// Shared by tests of common/data that build blocks from raw rows: a table of doubles with one
// target.
#ifndef MLPSWEEP_TESTS_RAW_HELPERS_H
#define MLPSWEEP_TESTS_RAW_HELPERS_H

#include "check.h"
#include "common/data/raw.h"

// Rows of doubles; all train, in their order, until the caller says otherwise.
static inline struct ms_raw raw_of(int n_inputs, uint32_t n_rows, const double *x, const double *y)
{
    struct ms_raw raw = {.task = MS_REGRESSION,
                         .n_inputs = n_inputs,
                         .n_classes = 1,
                         .n_rows = n_rows,
                         .x_type = MS_RAW_F64};
    size_t n = n_rows * (size_t)n_inputs;
    double *copy = malloc(n * sizeof *copy);
    raw.y = malloc(n_rows * sizeof *raw.y);
    REQUIRE(copy && raw.y);
    memcpy(copy, x, n * sizeof *copy);
    memcpy(raw.y, y, n_rows * sizeof *y);
    raw.x = copy;
    return raw;
}

static inline struct ms_data_spec spec_with(const char *scaling, const char *target_scaling)
{
    struct ms_data_spec s = {.source = MS_CSV, .task = -1, .split = MS_SPLIT_LAST};
    s.scaling = ms_table_default(&ms_dataset_scaling_table,
                                 ms_table_find(&ms_dataset_scaling_table, scaling));
    s.target_scaling = ms_table_find(&ms_dataset_target_scaling_table, target_scaling);
    return s;
}

struct built {
    void *block;
    size_t size;
    struct ms_dataset d;
    int status;
    struct ms_error err;
};

// Builds a block and clears raw.
static inline struct built build(const struct ms_data_spec *s, struct ms_raw *raw,
                                 struct ms_data_info *info)
{
    struct built b = {0};
    b.status = ms_dataset_build(s, 1, raw, &b.block, &b.size, info, &b.err);
    if (!b.status)
        CHECK_THAT(ms_dataset_view(b.block, b.size, &b.d, &b.err) == 0, "%s", b.err.text);
    ms_raw_clear(raw);
    return b;
}

static inline double input(const struct built *b, size_t row, size_t j)
{
    return (double)((const float *)b->d.x)[row * (size_t)b->d.n_inputs + j];
}

#endif
