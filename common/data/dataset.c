// SPDX-License-Identifier: MIT
//
// From a block to a view, with every bound checked; packs of several blocks. A view only has to
// check that the head's counts are possible and that as many bytes are there (dataset_internal.h).
// A pack is
//     struct pack_head, to 64 bytes, block, to 64 bytes, block, …
#include "dataset_internal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"

#define PACK_MAGIC 0x316b6361506c704dull // "MplPack1"

struct pack_head {
    uint64_t magic;
    uint64_t n;
    uint64_t size[MS_MAX_DATASETS];
};

static int damaged(struct ms_error *err, const char *what, uint64_t value)
{
    return ms_fail(err, MS_EFORMAT, "damaged data set: %s is %llu", what,
                   (unsigned long long)value);
}

static bool targets_are_sound(const struct ms_block_head *h, const struct ms_target *t)
{
    size_t n = t ? (size_t)(h->n_folds ? h->n_folds : 1) * h->n_outputs : 0;
    for (size_t i = 0; i < n; i++)
        if (!isfinite(t[i].base) || !isfinite(t[i].shift) || !isfinite(t[i].divide) ||
            !(t[i].divide > 0) || t[i].kind < MS_TARGET_LINEAR || t[i].kind > MS_TARGET_LOG1P)
            return false;
    return true;
}

int ms_dataset_view(const void *block, size_t size, struct ms_dataset *out, struct ms_error *err)
{
    struct ms_block_head h;
    if (size < ms_block_aligned(sizeof h) || (uintptr_t)block % sizeof(double) != 0)
        return damaged(err, "its size", size);
    memcpy(&h, block, sizeof h);
    if (h.magic != MS_BLOCK_MAGIC)
        return damaged(err, "its magic number", h.magic);
    if (h.task > MS_MULTICLASS)
        return damaged(err, "its task", h.task);
    if (h.n_inputs < 1 || h.n_inputs > MS_MAX_INPUTS)
        return damaged(err, "the number of inputs", h.n_inputs);
    if (h.n_outputs < 1 || h.n_outputs > MS_MAX_CLASSES ||
        (h.task == MS_MULTICLASS && h.n_outputs < 2) || (h.task == MS_BINARY && h.n_outputs != 1))
        return damaged(err, "the number of outputs", h.n_outputs);
    if (h.x_type > MS_X_U8)
        return damaged(err, "the type of x", h.x_type);
    if (!(h.x_divide > 0) || !isfinite(h.x_divide))
        return ms_fail(err, MS_EFORMAT, "damaged data set: x is divided by %g", (double)h.x_divide);
    uint64_t rows = (uint64_t)h.n_train + h.n_val + h.n_test;
    if (h.n_train < 1 || rows > MS_MAX_ROWS)
        return damaged(err, "the number of rows", rows);
    bool cut = h.n_folds > 1 && h.n_folds <= MS_MAX_FOLDS && h.n_folds <= h.n_train && h.n_val == 0;
    if (h.n_folds && !cut)
        return damaged(err, "the number of folds", h.n_folds);
    if (h.has_columns > (h.n_folds > 0) || (h.has_columns && h.x_type != MS_X_F32))
        return damaged(err, "the tables of columns", h.has_columns);
    if (h.has_targets > (h.task == MS_REGRESSION))
        return damaged(err, "the table of targets", h.has_targets);
    if (size != ms_block_size(&h))
        return ms_fail(err, MS_EFORMAT, "damaged data set: %zu bytes expected, %zu found",
                       ms_block_size(&h), size);
    const char *p = block;
    *out = (struct ms_dataset){
        .task = (enum ms_data_task)h.task,
        .n_inputs = (int)h.n_inputs,
        .n_outputs = (int)h.n_outputs,
        .n_train = h.n_train,
        .n_val = h.n_val,
        .n_test = h.n_test,
        .x_type = (enum ms_x_type)h.x_type,
        .x_divide = h.x_divide,
        .x = p + ms_block_x(&h),
        .y = (const float *)(const void *)(p + ms_block_y(&h)),
        .n_folds = h.n_folds,
        .column = h.has_columns ? (const void *)(p + ms_block_columns(&h)) : NULL,
        .target = h.has_targets ? (const void *)(p + ms_block_targets(&h)) : NULL,
        .n_dropped = h.n_dropped,
    };
    if (!targets_are_sound(&h, out->target))
        return ms_fail(err, MS_EFORMAT, "damaged data set: a target's scaling is impossible");
    *out = ms_dataset_fold(out, 0);
    return 0;
}

struct ms_dataset ms_dataset_fold(const struct ms_dataset *d, uint32_t execution)
{
    struct ms_dataset out = *d;
    if (!d->n_folds)
        return out;
    uint32_t rows = d->n_train + d->n_val;
    out.fold = execution % d->n_folds;
    ms_dataset_fold_rows(rows, d->n_folds, out.fold, &out.fold_first, &out.n_val);
    out.n_train = rows - out.n_val;
    if (d->column)
        out.column = d->column + (size_t)out.fold * (size_t)d->n_inputs -
                     (size_t)d->fold * (size_t)d->n_inputs;
    if (d->target)
        out.target = d->target + (size_t)out.fold * (size_t)d->n_outputs -
                     (size_t)d->fold * (size_t)d->n_outputs;
    return out;
}

int ms_dataset_pack(void *const *blocks, const size_t *sizes, int n, void **out, size_t *out_size,
                    struct ms_error *err)
{
    struct pack_head h = {.magic = PACK_MAGIC, .n = (uint64_t)n};
    *out = NULL;
    *out_size = 0;
    if (n < 0 || n > MS_MAX_DATASETS)
        return ms_fail(err, MS_ELIMIT, "%d data sets; 0 to %d are possible", n, MS_MAX_DATASETS);
    size_t total = ms_block_aligned(sizeof h);
    for (int i = 0; i < n; i++) {
        h.size[i] = sizes[i];
        total += ms_block_aligned(sizes[i]);
    }
    char *p = aligned_alloc(MS_BLOCK_ALIGN, total);
    if (!p)
        return ms_no_memory(err, "data sets of %zu bytes", total);
    memset(p, 0, ms_block_aligned(sizeof h));
    memcpy(p, &h, sizeof h);
    size_t at = ms_block_aligned(sizeof h);
    for (int i = 0; i < n; i++) {
        memcpy(p + at, blocks[i], sizes[i]);
        memset(p + at + sizes[i], 0, ms_block_aligned(sizes[i]) - sizes[i]);
        at += ms_block_aligned(sizes[i]);
    }
    *out = p;
    *out_size = total;
    return 0;
}

int ms_dataset_unpack(const void *pack, size_t size, struct ms_dataset out[], int *n,
                      struct ms_error *err)
{
    struct pack_head h;
    if (size < ms_block_aligned(sizeof h))
        return damaged(err, "the size of the pack", size);
    memcpy(&h, pack, sizeof h);
    if (h.magic != PACK_MAGIC)
        return damaged(err, "the pack's magic number", h.magic);
    if (h.n > MS_MAX_DATASETS)
        return damaged(err, "the number of data sets", h.n);
    size_t at = ms_block_aligned(sizeof h);
    for (size_t i = 0; i < h.n; i++) {
        if (h.size[i] > size - at || ms_block_aligned(h.size[i]) > size - at)
            return damaged(err, "the size of a block", h.size[i]);
        int status = ms_dataset_view((const char *)pack + at, h.size[i], &out[i], err);
        if (status)
            return status;
        at += ms_block_aligned(h.size[i]);
    }
    if (at != size)
        return damaged(err, "the size of the pack", size);
    *n = (int)h.n;
    return 0;
}

const char *ms_dataset_text(const struct ms_dataset *d, char *out, size_t size)
{
    static const char *const tasks[] = {
        [MS_REGRESSION] = "regression", [MS_BINARY] = "binary", [MS_MULTICLASS] = "multiclass"};
    unsigned long long rows = (unsigned long long)d->n_train + d->n_val + d->n_test;
    char parts[80], test[32] = "", dropped[64] = "";
    if (d->n_folds)
        snprintf(parts, sizeof parts, "%u folds of %u", d->n_folds,
                 (d->n_train + d->n_val) / d->n_folds);
    else if (d->n_val)
        snprintf(parts, sizeof parts, "%u train, %u validation", d->n_train, d->n_val);
    else
        snprintf(parts, sizeof parts, "%u train", d->n_train);
    if (d->n_test)
        snprintf(test, sizeof test, ", %u test", d->n_test);
    if (d->n_dropped)
        snprintf(dropped, sizeof dropped, "; %u left out for missing values", d->n_dropped);
    snprintf(out, size, "%llu row%s: %s%s; %d input%s, %d output%s; %s%s", rows,
             rows == 1 ? "" : "s", parts, test, d->n_inputs, d->n_inputs == 1 ? "" : "s",
             d->n_outputs, d->n_outputs == 1 ? "" : "s", tasks[d->task], dropped);
    return out;
}
