// SPDX-License-Identifier: MIT
//
// Shared by the targets that read data sets. The way a file is read – its task, its missing
// values, how it is split and scaled – follows from its size: every file of a corpus is then a file
// that other programs can read too, and one byte more or less is another way to read it.
#ifndef MLPSWEEP_TESTS_FUZZ_DATA_H
#define MLPSWEEP_TESTS_FUZZ_DATA_H

#include <math.h>

#include "fuzz.h"
#include "coordinator/source/source.h"
#include "mlpsweep/dataset.h"

static inline struct ms_data_spec fuzz_spec(enum ms_source source, const char *path, size_t size)
{
    struct ms_data_spec s = {.source = source,
                             .task = (int)(size % 4) - 1,
                             .encoding = -1,
                             .missing = (enum ms_missing)(size / 4 % 3),
                             .split = (enum ms_split)(size / 2 % 3),
                             .scaling = {.row = (int)(size % 5) - 1}};
    if (s.scaling.row >= 0)
        s.scaling = ms_table_default(&ms_dataset_scaling_table, s.scaling.row);
    if (size % 7 == 0)
        s.folds = 2;
    else
        s.validation = size % 2 ? 0.25 : 0;
    snprintf(s.path, sizeof s.path, "%s", path);
    return s;
}

// Loads the file. A block that is made can be viewed, and its targets are what they should be.
static inline void fuzz_load(const struct ms_data_spec *spec)
{
    struct ms_error err = {0};
    struct ms_dataset d;
    void *block;
    size_t size;
    if (ms_source_load(spec, NULL, ".", 1, &block, &size, NULL, &err)) {
        PROMISE(err.text[0] && !strchr(err.text, '\n'));
        return;
    }
    PROMISE(ms_dataset_view(block, size, &d, &err) == 0);
    const size_t rows = (size_t)d.n_train + d.n_val + d.n_test, n = (size_t)d.n_outputs;
    for (size_t i = 0; i < rows; i++) {
        float sum = 0;
        for (size_t k = 0; k < n; k++) {
            const float y = d.y[i * n + k];
            PROMISE(isfinite(y) && (d.task == MS_REGRESSION || y == 0 || y == 1));
            sum += y;
        }
        PROMISE(d.task != MS_MULTICLASS || sum == 1);
    }
    for (size_t i = 0; d.x_type == MS_X_F32 && !d.column && i < rows * (size_t)d.n_inputs; i++)
        PROMISE(isfinite(((const float *)d.x)[i]));
    free(block);
}

#endif
