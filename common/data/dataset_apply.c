// SPDX-License-Identifier: MIT
//
// Rows that come after training: the constants are given, nothing is fitted. Every number takes the
// same roundings as in ms_dataset_build and in the gathering of batches, so that rows of the
// training file become the bits that the network was trained on.
#include "dataset_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"

struct apply {
    const struct ms_data_scaling *scale;
    bool by_fold; // raw numbers were rounded to float before they were scaled
    const struct ms_raw *raw;
    const uint32_t *order; // NULL: as they are
    struct ms_block_head h;
    char *block;
};

// True if inputs are bytes that one number divides.
static bool keeps_bytes(const struct apply *a)
{
    const struct ms_column *c = a->scale->input;
    if (a->raw->x_type != MS_RAW_U8)
        return false;
    for (size_t j = 0; j < a->h.n_inputs; j++)
        if (c[j].shift != 0 || c[j].divide != c[0].divide)
            return false;
    return true;
}

static size_t row_of(const struct apply *a, size_t i)
{
    return a->order ? a->order[i] : i;
}

static float input_of(const struct apply *a, size_t j, double v)
{
    const struct ms_column c = a->scale->input[j];
    const double base = a->scale->base[j];
    if (!a->by_fold)
        return (float)(((isnan(v) ? c.fill : v) - c.shift) / c.divide);
    const float x = (float)(v - base);
    const double from = isnan(x) ? c.fill - base : (double)x;
    return (float)((from - (c.shift - base)) / c.divide);
}

static int pack_inputs(const struct apply *a, struct ms_error *err)
{
    const size_t width = a->h.n_inputs;
    char *to = a->block + ms_block_x(&a->h);
    if (a->h.x_type == MS_X_U8) {
        for (size_t i = 0; i < a->h.n_train; i++)
            memcpy(to + i * width, (const char *)a->raw->x + row_of(a, i) * width, width);
        return 0;
    }
    double *row = malloc(width * sizeof *row);
    if (!row)
        return ms_no_memory(err, "a row of %zu inputs", width);
    float *x = (float *)(void *)to;
    for (size_t i = 0; i < a->h.n_train; i++, x += width) {
        ms_raw_inputs(a->raw, row_of(a, i), row);
        for (size_t j = 0; j < width; j++)
            x[j] = input_of(a, j, row[j]);
    }
    free(row);
    return 0;
}

// Rows without targets get some that every scaling can take.
static void pack_targets(const struct apply *a)
{
    const struct ms_target *t = a->scale->target;
    const size_t n = a->h.n_outputs;
    float *y = (float *)(void *)(a->block + ms_block_y(&a->h));
    for (size_t i = 0; i < a->h.n_train; i++, y += n) {
        const double *from =
            a->raw->y ? a->raw->y + row_of(a, i) * (a->h.task == MS_REGRESSION ? n : 1) : NULL;
        if (a->h.task == MS_MULTICLASS)
            y[from ? (size_t)from[0] : 0] = 1;
        for (size_t k = 0; a->h.task != MS_MULTICLASS && k < n; k++)
            y[k] = (float)((from ? from[k] : 1) - (t ? t[k].base : 0));
    }
    if (t)
        memcpy(a->block + ms_block_targets(&a->h), t, n * sizeof *t);
}

int ms_dataset_apply(const struct ms_data_info *was, uint32_t execution, const struct ms_raw *raw,
                     const uint32_t *order, uint32_t n, void **block, size_t *size,
                     struct ms_error *err)
{
    struct apply a = {.scale = ms_data_info_scaling(was, execution),
                      .by_fold = was->n_folds > 0,
                      .raw = raw,
                      .order = order};
    *block = NULL;
    *size = 0;
    if (!a.scale)
        return ms_fail(err, MS_ESTATE, "the scaling of %s is not in the store", was->name);
    if (raw->n_inputs != was->n_inputs)
        return ms_fail(err, MS_EFORMAT, "%d inputs; the network has %d", raw->n_inputs,
                       was->n_inputs);
    a.h = (struct ms_block_head){
        .magic = MS_BLOCK_MAGIC,
        .task = (uint32_t)raw->task,
        .n_inputs = (uint32_t)was->n_inputs,
        .n_outputs = (uint32_t)was->n_outputs,
        .n_train = n,
        .x_type = MS_X_F32,
        .x_divide = 1,
        .has_targets = a.scale->target != NULL,
    };
    if (keeps_bytes(&a)) {
        a.h.x_type = MS_X_U8;
        a.h.x_divide = (float)a.scale->input[0].divide;
    }
    *size = ms_block_size(&a.h);
    a.block = aligned_alloc(MS_BLOCK_ALIGN, ms_block_aligned(*size));
    if (!a.block)
        return ms_no_memory(err, "a data set of %zu bytes", *size);
    memset(a.block, 0, *size);
    memcpy(a.block, &a.h, sizeof a.h);
    int status = pack_inputs(&a, err);
    if (status) {
        free(a.block);
        return status;
    }
    pack_targets(&a);
    *block = a.block;
    return 0;
}
