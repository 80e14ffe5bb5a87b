// SPDX-License-Identifier: MIT
//
// What is said about a data set once it is packed: counts, ranges, scaling constants, and where
// float or a network's beginning near 0 would make a bad result of good data.
#include "raw.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "mlpsweep/memory.h"

// ---- counts and constants ----------------------------------------------------------------------

static void describe_split(const struct ms_block_notes *b, struct ms_data_info *info)
{
    static const char *const names[] = {[MS_SPLIT_RANDOM] = "random",
                                        [MS_SPLIT_LAST] = "last",
                                        [MS_SPLIT_STRATIFIED] = "stratified"};
    const struct ms_data_spec *s = b->spec;
    const struct ms_row *scaling = ms_table_row(&ms_dataset_scaling_table, b->scaling->row);
    bool cut = s->validation > 0 || s->test > 0 || s->folds > 0;
    info->n_rows = b->raw->n_rows;
    info->n_train = b->n_train;
    info->n_val = b->n_val;
    info->n_test = b->n_test;
    info->n_dropped = b->raw->n_dropped;
    info->n_folds = s->folds;
    snprintf(info->split, sizeof info->split, "%s",
             cut               ? names[s->split]
             : s->val_path[0]  ? "file"
             : s->val_query[0] ? "query"
                               : "");
    if (scaling->n_args)
        snprintf(info->scaling, sizeof info->scaling, "%s %g", scaling->name, b->scaling->arg[0]);
    else
        snprintf(info->scaling, sizeof info->scaling, "%s", scaling->name);
    snprintf(info->target_scaling, sizeof info->target_scaling, "%s",
             ms_table_row(&ms_dataset_target_scaling_table, s->target_scaling)->name);
}

static void count_classes(const struct ms_block_notes *b, struct ms_data_info *info)
{
    if (b->raw->task == MS_REGRESSION)
        return;
    for (size_t i = 0; i < b->raw->n_rows; i++) {
        size_t class = (size_t)b->raw->y[b->order[i]];
        if (class >= info->n_classes)
            continue;
        struct ms_data_class *c = &info->class[class];
        uint64_t *n = i < b->n_train              ? &c->n_train
                      : i - b->n_train < b->n_val ? &c->n_val
                                                  : &c->n_test;
        ++*n;
    }
}

static void describe_target(const struct ms_block_notes *b, size_t k, struct ms_data_column *c)
{
    size_t each = b->raw->n_targets > 1 ? (size_t)b->raw->n_targets : 1;
    double sum = 0;
    c->lo = INFINITY;
    c->hi = -INFINITY;
    for (size_t i = 0; i < b->n_train; i++) {
        double y = b->raw->y[b->order[i] * each + k];
        sum += y;
        c->lo = fmin(c->lo, y);
        c->hi = fmax(c->hi, y);
    }
    c->mean = sum / b->n_train;
    if (b->target && b->spec->folds == 0) {
        c->shift = b->target[k].shift;
        c->divide = b->target[k].divide;
    }
}

// Columns are listed in the order of the inputs; of a width of 1 there is one number each to tell.
static void describe_columns(const struct ms_block_notes *b, struct ms_data_info *info)
{
    size_t at = 0, target = 0;
    for (size_t i = 0; i < info->n_columns; i++) {
        struct ms_data_column *c = &info->column[i];
        c->lo = c->hi = c->mean = c->fill = c->shift = c->divide = NAN;
        if (c->role == MS_ROLE_TARGET) {
            if (b->raw->task == MS_REGRESSION && c->width == 1)
                describe_target(b, target, c);
            target += c->width;
        }
        if (c->role != MS_ROLE_INPUT && c->role != MS_ROLE_CATEGORY)
            continue;
        if (c->role == MS_ROLE_INPUT && c->width == 1) {
            c->lo = b->stats[at].lo;
            c->hi = b->stats[at].hi;
            c->mean = b->stats[at].mean;
            if (b->column) {
                c->fill = b->column[at].fill;
                c->shift = b->column[at].shift;
                c->divide = b->column[at].divide;
            }
        }
        at += c->width;
    }
}

// ---- where float is too coarse -----------------------------------------------------------------

// Doubles that float may merge: whole numbers beyond 2^24, and any whose size is far above their
// spread. Other columns lose digits that no network can see.
struct suspicion {
    double lo, hi;
    bool whole, exact;
};

static void suspect(struct suspicion *s, double v)
{
    if (isnan(v))
        return;
    s->lo = fmin(s->lo, v);
    s->hi = fmax(s->hi, v);
    s->whole = s->whole && v == trunc(v);
    s->exact = s->exact && v == (double)(float)v;
}

static bool is_suspicious(const struct suspicion *s)
{
    return !s->exact && s->hi > s->lo && (s->whole || ms_dataset_base(s->lo, s->hi) != 0);
}

static const struct suspicion unsuspected = {INFINITY, -INFINITY, true, true};

// What input j of a row becomes, as pack_inputs of dataset_build.c makes it.
static float packed(const struct ms_block_notes *b, size_t j, double v)
{
    if (b->column)
        v = (v - b->column[j].shift) / b->column[j].divide;
    return (float)(v - b->base[j]);
}

static size_t merged_inputs(const struct ms_block_notes *b, size_t j, struct ms_rounded *pair)
{
    const double *x = b->raw->x;
    size_t n = 0, width = (size_t)b->raw->n_inputs;
    for (size_t i = 0; i < b->raw->n_rows; i++) {
        double v = x[i * width + j];
        if (!isnan(v))
            pair[n++] = (struct ms_rounded){v, packed(b, j, v)};
    }
    return ms_dataset_merged(pair, n);
}

// The column of info that input j belongs to.
static const char *input_name(const struct ms_data_info *info, size_t j)
{
    size_t at = 0;
    for (size_t i = 0; i < info->n_columns; i++) {
        const struct ms_data_column *c = &info->column[i];
        if (c->role != MS_ROLE_INPUT && c->role != MS_ROLE_CATEGORY)
            continue;
        at += c->width;
        if (j < at)
            return c->name ? c->name : "x";
    }
    return "x";
}

static int warn_inputs(const struct ms_block_notes *b, struct ms_rounded *pair,
                       struct ms_data_info *info, struct ms_error *err)
{
    size_t width = (size_t)b->raw->n_inputs;
    struct suspicion *s = b->raw->x_type == MS_RAW_F64 ? malloc(width * sizeof *s) : NULL;
    if (b->raw->x_type == MS_RAW_F64 && !s)
        return ms_no_memory(err, "the precision of %zu columns", width);
    const double *x = b->raw->x;
    for (size_t j = 0; s && j < width; j++)
        s[j] = unsuspected;
    for (size_t i = 0; s && i < b->raw->n_rows; i++)
        for (size_t j = 0; j < width; j++)
            suspect(&s[j], x[i * width + j]);
    int status = 0;
    for (size_t j = 0; s && j < width && !status; j++) {
        size_t merged = is_suspicious(&s[j]) ? merged_inputs(b, j, pair) : 0;
        if (!merged)
            continue;
        status = ms_data_info_note(
            info, true, err,
            "column '%.100s': %zu pairs of neighbouring values are the same number in float; %s",
            input_name(info, j), merged,
            b->column || b->by_fold ? "subtract a constant, or \"ignore\" the column"
                                    : "\"scaling\": \"standard\" keeps them apart");
    }
    free(s);
    return status;
}

static int warn_targets(const struct ms_block_notes *b, struct ms_rounded *pair,
                        struct ms_data_info *info, struct ms_error *err)
{
    size_t each = b->raw->n_targets > 1 ? (size_t)b->raw->n_targets : 1, n = b->raw->n_rows;
    int status = 0;
    for (size_t k = 0; k < each && !status && b->raw->task == MS_REGRESSION; k++) {
        struct suspicion s = unsuspected;
        for (size_t i = 0; i < n; i++) {
            double y = b->raw->y[i * each + k];
            suspect(&s, y);
            pair[i] = (struct ms_rounded){y, (float)(y - b->base[(size_t)b->raw->n_inputs + k])};
        }
        size_t merged = is_suspicious(&s) ? ms_dataset_merged(pair, n) : 0;
        if (merged)
            status = ms_data_info_note(
                info, true, err,
                "target %zu: %zu pairs of neighbouring values are the same number in float; "
                "%s",
                k + 1, merged,
                b->target ? "subtract a constant from it"
                          : "\"target_scaling\": \"standard\" keeps them apart");
    }
    return status;
}

// ---- targets that are far away -----------------------------------------------------------------

// A network begins with outputs near 0, and a step of Adam moves its output by about the learning
// rate, 0.001 by default: to get 100 away takes tens of thousands of steps.
enum { FAR_TARGET = 100 };

static int note_far_targets(const struct ms_block_notes *b, struct ms_data_info *info,
                            struct ms_error *err)
{
    size_t each = b->raw->n_targets > 1 ? (size_t)b->raw->n_targets : 1;
    int status = 0;
    if (b->raw->task != MS_REGRESSION || b->spec->target_scaling)
        return 0;
    for (size_t k = 0; k < each && !status; k++) {
        double sum = 0, squares = 0;
        for (size_t i = 0; i < b->n_train; i++)
            sum += b->raw->y[b->order[i] * each + k];
        double mean = sum / b->n_train;
        for (size_t i = 0; i < b->n_train; i++) {
            double d = b->raw->y[b->order[i] * each + k] - mean;
            squares += d * d;
        }
        double sd = sqrt(squares / b->n_train);
        if (fabs(mean) + sd > FAR_TARGET)
            status = ms_data_info_note(
                info, false, err,
                "the target%s%.100s%s has a mean of %.6g and a standard deviation of %.6g, and a "
                "network begins near 0; \"target_scaling\": \"standard\" brings them together",
                info->target[0] ? " '" : "", info->target, info->target[0] ? "'" : "", mean, sd);
    }
    return status;
}

int ms_dataset_describe(const struct ms_block_notes *b, struct ms_data_info *info,
                        struct ms_error *err)
{
    describe_split(b, info);
    count_classes(b, info);
    describe_columns(b, info);
    struct ms_rounded *pair = malloc(b->raw->n_rows * sizeof *pair);
    if (!pair)
        return ms_no_memory(err, "the precision of %u rows", b->raw->n_rows);
    int status = warn_inputs(b, pair, info, err);
    if (!status)
        status = warn_targets(b, pair, info, err);
    if (!status)
        status = note_far_targets(b, info, err);
    free(pair);
    return status;
}
