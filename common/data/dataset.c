// SPDX-License-Identifier: MIT
//
// Loading: a source reads all rows; their order is drawn (or kept); the block is written in that
// order and scaled in place. So a set is in memory at most twice, and only once after the source's
// copy is freed.
//
// A block is
//     struct block_head, to 64 bytes, x, to 64 bytes, y[, to 64 bytes, columns of fold 0, 1, …]
// and a pack is
//     struct pack_head, to 64 bytes, block, to 64 bytes, block, …
// in the byte order of the machine: nodes that differ refuse it by the magic number. All offsets
// follow from the head's counts; none is stored, so none can be wrong. A view only has to check
// that the counts are possible and that as many bytes are there.
#include "raw.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"
#include "mlpsweep/rng.h"

#define BLOCK_MAGIC 0x32617461446c704dull // "MplData2"
#define PACK_MAGIC 0x316b6361506c704dull  // "MplPack1"
enum { ALIGN = 64 };

struct block_head {
    uint64_t magic;
    uint32_t task, n_inputs, n_outputs;
    uint32_t n_train, n_val, n_test;
    uint32_t x_type;
    float x_divide;
    uint32_t n_folds;     // then n_train counts all their rows, and n_val is 0
    uint32_t has_columns; // 1: a table of columns for every fold
    uint32_t n_dropped;
};

struct pack_head {
    uint64_t magic;
    uint64_t n;
    uint64_t size[MS_MAX_DATASETS];
};

void ms_dataset_raw_clear(struct ms_raw *r)
{
    free(r->x);
    free(r->y);
    free(r->indicator);
    *r = (struct ms_raw){0};
}

static size_t aligned(size_t n)
{
    return (n + ALIGN - 1) / ALIGN * ALIGN;
}

static size_t x_bytes(const struct block_head *h)
{
    size_t rows = (size_t)h->n_train + h->n_val + h->n_test;
    return rows * h->n_inputs * (h->x_type == MS_X_U8 ? 1 : sizeof(float));
}

static size_t y_offset(const struct block_head *h)
{
    return aligned(aligned(sizeof *h) + x_bytes(h));
}

static size_t y_end(const struct block_head *h)
{
    size_t rows = (size_t)h->n_train + h->n_val + h->n_test;
    return y_offset(h) + rows * h->n_outputs * sizeof(float);
}

// No overflow: rows <= 2^31, inputs <= 2^20, outputs <= 2^16, both times 4; folds <= 2^10, columns
// of 24 bytes.
static size_t block_size(const struct block_head *h)
{
    size_t tables = (size_t)h->n_folds * h->n_inputs * sizeof(struct ms_column);
    return h->has_columns ? aligned(y_end(h)) + tables : y_end(h);
}

// ---- loading -----------------------------------------------------------------------------------

// Keras's rule: floor(n · (1 - fraction)) rows stay.
static uint32_t rows_left(uint32_t n, double fraction)
{
    return (uint32_t)floor(n * (1 - fraction));
}

static int split(const struct ms_data_spec *spec, const struct ms_raw *raw, struct block_head *h,
                 struct ms_error *err)
{
    if (!(spec->validation >= 0 && spec->validation < 1) || !(spec->test >= 0 && spec->test < 1))
        return ms_fail(err, MS_EINVAL, "validation and test must be fractions from 0 to below 1");
    if (raw->has_test_file && spec->test > 0)
        return ms_fail(
            err, MS_EINVAL,
            "%s: a test fraction is given, but the data come with test rows of their own",
            spec->path);
    if ((spec->validation > 0) + (spec->val_path[0] != '\0') + (spec->folds > 0) > 1)
        return ms_fail(err, MS_EINVAL,
                       "a validation fraction, a validation file and folds exclude "
                       "each other");
    uint32_t n = raw->n_rows - raw->n_val - raw->n_test;
    uint32_t rest = raw->has_test_file ? n : rows_left(n, spec->test);
    h->n_test = raw->n_test + (n - rest);
    h->n_train = rows_left(rest, spec->validation);
    h->n_val = rest - h->n_train + raw->n_val;
    if (h->n_train == 0)
        return ms_fail(err, MS_EINVAL, "no training row is left of %u: %u validation, %u test", n,
                       h->n_val, h->n_test);
    if (spec->folds && (spec->folds < 2 || (uint32_t)spec->folds > h->n_train))
        return ms_fail(err, MS_EINVAL, "%d folds of %u rows; at least 2 folds of 1 row are needed",
                       spec->folds, h->n_train);
    return 0;
}

// order[i]: the source's row that becomes row i of the block.
static int order_rows(const struct ms_data_spec *spec, const struct ms_raw *raw, uint64_t seed,
                      const struct block_head *h, uint32_t *order, struct ms_error *err)
{
    uint32_t own = raw->n_rows - raw->n_val - raw->n_test; // files keep their order
    uint32_t cut = h->n_test - raw->n_test;                // rows taken for the test: the last ones
    for (uint32_t i = own; i < raw->n_rows; i++)
        order[i] = i;
    int status = ms_dataset_split_order(spec->split, raw, order, own, seed, err);
    if (status || raw->n_val == 0 || cut == 0)
        return status;
    // The validation file's rows go before the rows cut for the test.
    uint32_t *test = malloc(cut * sizeof *test);
    if (!test)
        return ms_no_memory(err, "the order of %u rows", cut);
    memcpy(test, order + own - cut, cut * sizeof *test);
    memmove(order + own - cut, order + own, raw->n_val * sizeof *order);
    memcpy(order + own - cut + raw->n_val, test, cut * sizeof *test);
    free(test);
    return 0;
}

static void copy_rows(const struct block_head *h, const struct ms_raw *raw, const uint32_t *order,
                      char *block)
{
    size_t width = h->n_inputs, targets = raw->n_targets > 1 ? (size_t)raw->n_targets : 1;
    char *x = block + aligned(sizeof *h);
    float *y = (float *)(void *)(block + y_offset(h));
    for (size_t i = 0; i < raw->n_rows; i++) {
        size_t from = order[i];
        float *row_f32 = (float *)(void *)x + i * width;
        if (raw->x_type == MS_RAW_U8 && h->x_type == MS_X_F32) {
            const uint8_t *bytes = (const uint8_t *)raw->x + from * width;
            for (size_t j = 0; j < width; j++)
                row_f32[j] = bytes[j];
        } else if (raw->x_type == MS_RAW_F64) {
            const double *numbers = (const double *)raw->x + from * width;
            for (size_t j = 0; j < width; j++)
                row_f32[j] = (float)numbers[j];
        } else {
            size_t row = width * (h->x_type == MS_X_U8 ? 1 : sizeof(float));
            memcpy(x + i * row, (const char *)raw->x + from * row, row);
        }
        if (raw->task == MS_MULTICLASS)
            y[i * h->n_outputs + (size_t)raw->y[from]] = 1;
        else
            for (size_t k = 0; k < targets; k++)
                y[i * targets + k] = (float)raw->y[from * targets + k];
    }
}

// Fills and scales x in place; if that differs from fold to fold, makes the tables instead.
static int scale(const struct block_head *h, const struct ms_pick *scaling,
                 const uint8_t *indicator, bool has_missing, char *block, struct ms_error *err)
{
    float *x = (float *)(void *)(block + aligned(sizeof *h));
    int width = (int)h->n_inputs, status = 0;
    if (h->has_columns) {
        struct ms_column *column = (void *)(block + aligned(y_end(h)));
        for (uint32_t f = 0; f < h->n_folds && !status; f++) {
            uint32_t first, count;
            ms_dataset_fold_rows(h->n_train, h->n_folds, f, &first, &count);
            status = ms_dataset_scaling_fit(scaling, x, first, first + count, h->n_train, width,
                                            indicator, column + (size_t)f * h->n_inputs, err);
        }
        return status;
    }
    if (scaling->row == MS_SCALE_NONE && !has_missing)
        return 0;
    struct ms_column *column = calloc(h->n_inputs, sizeof *column);
    if (!column)
        return ms_no_memory(err, "the scaling of %d columns", width);
    status = ms_dataset_scaling_fit(scaling, x, h->n_train, h->n_train, h->n_train, width,
                                    indicator, column, err);
    if (!status)
        ms_dataset_scaling_use(column, x, (size_t)h->n_train + h->n_val + h->n_test, width);
    free(column);
    return status;
}

static struct block_head head_of(const struct ms_raw *raw, const struct ms_pick *scaling)
{
    struct block_head h = {
        .magic = BLOCK_MAGIC,
        .task = (uint32_t)raw->task,
        .n_inputs = (uint32_t)raw->n_inputs,
        .n_outputs = (uint32_t)raw->n_classes,
        .x_type = raw->x_type == MS_RAW_U8 ? MS_X_U8 : MS_X_F32,
        .x_divide = 1,
        .n_dropped = raw->n_dropped,
    };
    if (raw->task == MS_REGRESSION && raw->n_targets > 1)
        h.n_outputs = (uint32_t)raw->n_targets;
    if (raw->x_type == MS_RAW_U8 && !ms_dataset_scaling_keeps_bytes(scaling, &h.x_divide))
        h.x_type = MS_X_F32;
    return h;
}

int ms_dataset_build(const struct ms_data_spec *spec, uint64_t seed, struct ms_raw *raw,
                     void **block, size_t *size, struct ms_data_info *info, struct ms_error *err)
{
    (void)info;
    struct ms_pick scaling = spec->scaling;
    if (scaling.row < 0)
        scaling = ms_table_default(&ms_dataset_scaling_table,
                                   spec->source == MS_IDX ? MS_SCALE_DIVIDE_BY : MS_SCALE_NONE);
    struct block_head h = head_of(raw, &scaling);
    int status = split(spec, raw, &h, err);
    if (status)
        return status;
    h.n_folds = (uint32_t)spec->folds;
    h.has_columns = h.n_folds && (raw->has_missing || ms_dataset_scaling_is_fitted(&scaling));
    *size = block_size(&h);
    char *p = aligned_alloc(ALIGN, aligned(*size));
    uint32_t *order = malloc(raw->n_rows * sizeof *order);
    if (!p || !order)
        status = ms_no_memory(err, "a data set of %zu bytes", *size);
    else
        status = order_rows(spec, raw, seed, &h, order, err);
    if (!status) {
        memset(p, 0, aligned(sizeof h)); // the gaps too: equal data sets are equal bytes
        memset(p + aligned(sizeof h) + x_bytes(&h), 0, *size - aligned(sizeof h) - x_bytes(&h));
        memcpy(p, &h, sizeof h);
        copy_rows(&h, raw, order, p);
        free(raw->x); // two copies in memory no longer than needed
        raw->x = NULL;
        if (h.x_type == MS_X_F32)
            status = scale(&h, &scaling, raw->indicator, raw->has_missing, p, err);
    }
    free(order);
    if (status) {
        free(p);
        return status;
    }
    *block = p;
    return 0;
}

// ---- views -------------------------------------------------------------------------------------

static int damaged(struct ms_error *err, const char *what, uint64_t value)
{
    return ms_fail(err, MS_EFORMAT, "damaged data set: %s is %llu", what,
                   (unsigned long long)value);
}

int ms_dataset_view(const void *block, size_t size, struct ms_dataset *out, struct ms_error *err)
{
    struct block_head h;
    if (size < aligned(sizeof h) || (uintptr_t)block % sizeof(double) != 0)
        return damaged(err, "its size", size);
    memcpy(&h, block, sizeof h);
    if (h.magic != BLOCK_MAGIC)
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
    if (size != block_size(&h))
        return ms_fail(err, MS_EFORMAT, "damaged data set: %zu bytes expected, %zu found",
                       block_size(&h), size);
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
        .x = p + aligned(sizeof h),
        .y = (const float *)(const void *)(p + y_offset(&h)),
        .n_folds = h.n_folds,
        .column = h.has_columns ? (const void *)(p + aligned(y_end(&h))) : NULL,
        .n_dropped = h.n_dropped,
    };
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
    size_t total = aligned(sizeof h);
    for (int i = 0; i < n; i++) {
        h.size[i] = sizes[i];
        total += aligned(sizes[i]);
    }
    char *p = aligned_alloc(ALIGN, total);
    if (!p)
        return ms_no_memory(err, "data sets of %zu bytes", total);
    memset(p, 0, aligned(sizeof h));
    memcpy(p, &h, sizeof h);
    size_t at = aligned(sizeof h);
    for (int i = 0; i < n; i++) {
        memcpy(p + at, blocks[i], sizes[i]);
        memset(p + at + sizes[i], 0, aligned(sizes[i]) - sizes[i]);
        at += aligned(sizes[i]);
    }
    *out = p;
    *out_size = total;
    return 0;
}

int ms_dataset_unpack(const void *pack, size_t size, struct ms_dataset out[], int *n,
                      struct ms_error *err)
{
    struct pack_head h;
    if (size < aligned(sizeof h))
        return damaged(err, "the size of the pack", size);
    memcpy(&h, pack, sizeof h);
    if (h.magic != PACK_MAGIC)
        return damaged(err, "the pack's magic number", h.magic);
    if (h.n > MS_MAX_DATASETS)
        return damaged(err, "the number of data sets", h.n);
    size_t at = aligned(sizeof h);
    for (size_t i = 0; i < h.n; i++) {
        if (h.size[i] > size - at || aligned(h.size[i]) > size - at)
            return damaged(err, "the size of a block", h.size[i]);
        int status = ms_dataset_view((const char *)pack + at, h.size[i], &out[i], err);
        if (status)
            return status;
        at += aligned(h.size[i]);
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
