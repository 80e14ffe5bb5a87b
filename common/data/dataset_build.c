// SPDX-License-Identifier: MIT
//
// From raw rows to a block: their order is drawn (or kept), and every number is filled and scaled
// as a double and rounded to float once. Where scaling differs from fold to fold the block holds
// raw numbers and one table of columns per fold, and a batch is scaled when it is gathered. A set
// is in memory at most twice, and only once after the source's copy is freed.
#include "dataset_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"

struct build {
    const struct ms_data_spec *spec;
    struct ms_raw *raw;
    struct ms_pick scaling;
    struct ms_block_head h;
    size_t targets;  // numbers of a raw target
    uint32_t *order; // order[i]: the source's row that becomes row i of the block
    double *base;    // (n_inputs), then (targets)
    double *row;     // (n_inputs)
    char *block;
    struct ms_column_stats *stats; // of the training rows
    struct ms_column *column;      // fitted to the training rows; without folds
    bool scaled;                   // inputs change: scaled, or filled
    struct ms_data_info *info;     // gets the constants; or NULL
};

// ---- rows ------------------------------------------------------------------------------------

// The training rows, of a fold if there are folds.
static struct ms_raw_rows training_rows(const struct build *b, uint32_t fold)
{
    struct ms_raw_rows r = {b->raw, b->order, b->h.n_train, b->h.n_train, b->h.n_train};
    if (b->h.n_folds) {
        uint32_t first, count;
        ms_dataset_fold_rows(b->h.n_train, b->h.n_folds, fold, &first, &count);
        r.skip = first;
        r.resume = (size_t)first + count;
    }
    return r;
}

// ---- inputs ------------------------------------------------------------------------------------

// Columns of raw doubles that keep their raw numbers as floats get a base, see ms_dataset_base. It
// is taken from all rows, as it only represents them.
static void find_bases(struct build *b)
{
    size_t width = b->h.n_inputs;
    double *lo = b->base, *hi = b->row; // lo becomes the base in place
    const double *x = b->raw->x;
    for (size_t j = 0; j < width; j++) {
        lo[j] = INFINITY;
        hi[j] = -INFINITY;
    }
    for (size_t i = 0; i < b->raw->n_rows; i++)
        for (size_t j = 0; j < width; j++) {
            double v = x[i * width + j];
            lo[j] = v < lo[j] ? v : lo[j];
            hi[j] = v > hi[j] ? v : hi[j];
        }
    for (size_t j = 0; j < width; j++)
        lo[j] = ms_dataset_base(lo[j], hi[j]);
}

// Tells info the constants of a fold. They may be those of bytes, which are divided later, and of
// inputs that stay as they are: then a missing value, which only later data have, is the mean.
static int tell_inputs(const struct build *b, const struct ms_column *column, struct ms_error *err)
{
    struct ms_data_scaling *s;
    int status = b->info ? ms_data_info_scale(b->info, b->h.has_targets, &s, err) : 0;
    if (status || !b->info)
        return status;
    for (size_t j = 0; j < b->h.n_inputs; j++) {
        s->input[j] = (struct ms_column){
            .fill = b->spec->missing == MS_MISSING_MEAN ? b->stats[j].mean : 0,
            .divide = b->h.x_type == MS_X_U8 ? (double)b->h.x_divide : 1,
        };
        if (column)
            s->input[j] = column[j];
        s->base[j] = b->base[j];
    }
    return 0;
}

// The tables of all folds; their numbers are relative to the bases, as x is.
static int fit_folds(struct build *b, struct ms_error *err)
{
    struct ms_column *table = (void *)(b->block + ms_block_columns(&b->h));
    int status = 0;
    for (uint32_t f = 0; f < b->h.n_folds && !status; f++) {
        struct ms_raw_rows rows = training_rows(b, f);
        struct ms_column *c = table + (size_t)f * b->h.n_inputs;
        status = ms_raw_stats(&rows, b->stats, err);
        if (!status)
            status = ms_dataset_scaling_fit(&b->scaling, b->raw, b->stats, c, err);
        if (!status)
            status = tell_inputs(b, c, err);
        for (size_t j = 0; j < b->h.n_inputs; j++) {
            c[j].fill -= b->base[j];
            c[j].shift -= b->base[j];
        }
    }
    return status;
}

// As many as differ: with folds one for each.
static uint32_t n_scales(const struct build *b)
{
    return b->h.n_folds && (b->h.has_columns || b->h.has_targets) ? b->h.n_folds : 1;
}

static int fit_inputs(struct build *b, bool wanted, struct ms_error *err)
{
    if (b->h.has_columns) {
        if (b->raw->x_type == MS_RAW_F64)
            find_bases(b);
        int status = fit_folds(b, err);
        if (status)
            return status;
    }
    if (b->scaled || wanted) {
        struct ms_raw_rows rows = {b->raw, b->order, b->h.n_train, b->h.n_train, b->h.n_train};
        int status = ms_raw_stats(&rows, b->stats, err);
        if (!status && b->scaled)
            status = ms_dataset_scaling_fit(&b->scaling, b->raw, b->stats, b->column, err);
        if (status)
            return status;
    }
    int status = 0;
    for (uint32_t f = 0; !b->h.has_columns && !status && f < n_scales(b); f++)
        status = tell_inputs(b, b->scaled ? b->column : NULL, err);
    return status;
}

static void pack_inputs(const struct build *b)
{
    size_t width = b->h.n_inputs;
    if (b->h.x_type == MS_X_U8) {
        for (size_t i = 0; i < b->raw->n_rows; i++)
            memcpy(b->block + ms_block_x(&b->h) + i * width,
                   (const char *)b->raw->x + b->order[i] * width, width);
        return;
    }
    float *x = (float *)(void *)(b->block + ms_block_x(&b->h));
    for (size_t i = 0; i < b->raw->n_rows; i++, x += width) {
        ms_raw_inputs(b->raw, b->order[i], b->row);
        for (size_t j = 0; j < width; j++) {
            double v = b->row[j];
            if (b->scaled) {
                v = isnan(v) ? b->column[j].fill : v;
                v = (v - b->column[j].shift) / b->column[j].divide;
            }
            x[j] = (float)(v - b->base[j]);
        }
    }
}

// ---- targets -----------------------------------------------------------------------------------

static int fit_targets(struct build *b, struct ms_error *err)
{
    struct ms_target *t = (void *)(b->block + ms_block_targets(&b->h));
    double *base = b->base + b->h.n_inputs;
    int status = 0;
    if (!b->h.has_targets)
        return 0;
    for (size_t k = 0; k < b->targets; k++) {
        double lo = INFINITY, hi = -INFINITY;
        for (size_t i = 0; i < b->raw->n_rows; i++) {
            lo = fmin(lo, b->raw->y[i * b->targets + k]);
            hi = fmax(hi, b->raw->y[i * b->targets + k]);
        }
        base[k] = ms_dataset_base(lo, hi);
    }
    for (uint32_t f = 0; (f == 0 || f < b->h.n_folds) && !status; f++) {
        struct ms_raw_rows rows = training_rows(b, f);
        status = ms_dataset_target_fit(b->spec->target_scaling, &rows, base,
                                       t + (size_t)f * b->targets, err);
        if (!status && b->info)
            memcpy(b->info->scale[f].target, t + (size_t)f * b->targets, b->targets * sizeof *t);
    }
    return status;
}

static void pack_targets(const struct build *b)
{
    float *y = (float *)(void *)(b->block + ms_block_y(&b->h));
    const double *base = b->base + b->h.n_inputs;
    for (size_t i = 0; i < b->raw->n_rows; i++) {
        const double *from = b->raw->y + b->order[i] * b->targets;
        if (b->raw->task == MS_MULTICLASS)
            y[i * b->h.n_outputs + (size_t)from[0]] = 1;
        for (size_t k = 0; b->raw->task != MS_MULTICLASS && k < b->targets; k++)
            y[i * b->targets + k] = (float)(from[k] - base[k]);
    }
}

// ---- building ----------------------------------------------------------------------------------

static int plan_block(struct build *b, struct ms_error *err)
{
    const struct ms_data_spec *spec = b->spec;
    const struct ms_raw *raw = b->raw;
    b->scaling = spec->scaling;
    if (b->scaling.row < 0)
        b->scaling = ms_table_default(&ms_dataset_scaling_table,
                                      spec->source == MS_IDX ? MS_SCALE_DIVIDE_BY : MS_SCALE_NONE);
    b->targets = raw->n_targets > 1 ? (size_t)raw->n_targets : 1;
    b->h = (struct ms_block_head){
        .magic = MS_BLOCK_MAGIC,
        .task = (uint32_t)raw->task,
        .n_inputs = (uint32_t)raw->n_inputs,
        .n_outputs = raw->task == MS_REGRESSION ? (uint32_t)b->targets : (uint32_t)raw->n_classes,
        .x_type = raw->x_type == MS_RAW_U8 ? MS_X_U8 : MS_X_F32,
        .x_divide = 1,
        .has_targets = spec->target_scaling > 0,
        .n_dropped = raw->n_dropped,
    };
    if (spec->target_scaling > 0 && raw->task != MS_REGRESSION)
        return ms_fail(err, MS_EINVAL,
                       "data.target_scaling: found '%s', but the target is classes; allowed: none, "
                       "or \"task\": \"regression\"",
                       ms_table_row(&ms_dataset_target_scaling_table, spec->target_scaling)->name);
    if (raw->x_type == MS_RAW_U8 && !ms_dataset_scaling_keeps_bytes(&b->scaling, &b->h.x_divide))
        b->h.x_type = MS_X_F32;
    struct ms_split_counts n;
    int status = ms_dataset_split_counts(spec, raw, &n, err);
    b->h.n_train = status ? 0 : n.train;
    b->h.n_val = status ? 0 : n.val;
    b->h.n_test = status ? 0 : n.test;
    b->h.n_folds = (uint32_t)spec->folds;
    bool fitted = raw->has_missing || ms_dataset_scaling_is_fitted(&b->scaling);
    b->h.has_columns = b->h.n_folds && fitted;
    b->scaled = b->h.x_type == MS_X_F32 && !b->h.has_columns &&
                (b->scaling.row != MS_SCALE_NONE || raw->has_missing);
    return status;
}

static int make_room(struct build *b, struct ms_error *err)
{
    size_t size = ms_block_size(&b->h), width = b->h.n_inputs;
    b->block = aligned_alloc(MS_BLOCK_ALIGN, ms_block_aligned(size));
    b->order = malloc(b->raw->n_rows * sizeof *b->order);
    b->base = calloc(width + b->targets, sizeof *b->base);
    b->row = malloc(width * sizeof *b->row);
    b->stats = calloc(width, sizeof *b->stats);
    b->column = calloc(width, sizeof *b->column);
    if (!b->block || !b->order || !b->base || !b->row || !b->stats || !b->column)
        return ms_no_memory(err, "a data set of %zu bytes", size);
    memset(b->block, 0, ms_block_x(&b->h)); // the gaps too: equal data sets are equal bytes
    memset(b->block + ms_block_x_end(&b->h), 0, size - ms_block_x_end(&b->h));
    memcpy(b->block, &b->h, sizeof b->h);
    return 0;
}

static int describe(struct build *b, struct ms_data_info *info, struct ms_error *err)
{
    const struct ms_block_notes notes = {
        .spec = b->spec,
        .raw = b->raw,
        .order = b->order,
        .scaling = &b->scaling,
        .stats = b->stats,
        .column = b->scaled ? b->column : NULL,
        .by_fold = b->h.has_columns,
        .base = b->base,
        .target = b->h.has_targets ? (void *)(b->block + ms_block_targets(&b->h)) : NULL,
        .n_train = b->h.n_train,
        .n_val = b->h.n_val,
        .n_test = b->h.n_test,
    };
    return ms_dataset_describe(&notes, info, err);
}

// Wide arrays have no statistics of their own to show; later data may need their means.
static bool wants_stats(const struct ms_data_spec *spec, const struct ms_data_info *info)
{
    if (info && spec->missing == MS_MISSING_MEAN)
        return true;
    for (size_t i = 0; info && i < info->n_columns; i++)
        if (info->column[i].role == MS_ROLE_INPUT && info->column[i].width == 1)
            return true;
    return false;
}

static int fill(struct build *b, uint64_t seed, struct ms_data_info *info, struct ms_error *err)
{
    int status = make_room(b, err);
    if (!status)
        status = ms_dataset_split_rows(b->spec, b->raw, b->h.n_test, seed, b->order, err);
    if (!status)
        status = fit_inputs(b, wants_stats(b->spec, info), err);
    if (!status)
        status = fit_targets(b, err);
    if (status)
        return status;
    pack_inputs(b);
    pack_targets(b);
    if (info)
        status = describe(b, info, err);
    if (!status && info)
        ms_sha256(b->block, ms_block_size(&b->h), info->sha256);
    return status;
}

int ms_dataset_build(const struct ms_data_spec *spec, uint64_t seed, struct ms_raw *raw,
                     void **block, size_t *size, struct ms_data_info *info, struct ms_error *err)
{
    struct build b = {.spec = spec, .raw = raw, .info = info};
    int status = plan_block(&b, err);
    if (!status && info) {
        info->n_inputs = (int)b.h.n_inputs;
        info->n_outputs = (int)b.h.n_outputs;
    }
    if (!status)
        status = fill(&b, seed, info, err);
    free(b.order);
    free(b.base);
    free(b.row);
    free(b.stats);
    free(b.column);
    free(raw->x);
    raw->x = NULL;
    if (status) {
        free(b.block);
        return status;
    }
    *block = b.block;
    *size = ms_block_size(&b.h);
    return 0;
}
