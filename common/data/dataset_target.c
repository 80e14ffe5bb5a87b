// SPDX-License-Identifier: MIT
//
// Scaling of a regression's targets, fitted to the training rows: a logarithm, or shift and
// divisor. A network begins near 0 and moves by steps of about the learning rate, so that targets
// around 200,000 are out of its reach. A constant target is divided by 1, as a constant input is.
#include "raw.h"

#include <math.h>
#include <stddef.h>

struct target_scaling {
    struct ms_row row;
    enum ms_target_kind kind;
    enum ms_scaling_row by; // the scaling of inputs that has the same rule
};

static const struct target_scaling rows[] = {
    {{.name = "none", .doc = "targets as they are"}, MS_TARGET_LINEAR, MS_SCALE_NONE},
    {{.name = "standard", .doc = "(y - mean) / standard deviation, of each target"},
     MS_TARGET_LINEAR,
     MS_SCALE_STANDARD},
    {{.name = "minmax", .doc = "(y - min) / (max - min), of each target"},
     MS_TARGET_LINEAR,
     MS_SCALE_MINMAX},
    {{.name = "log", .doc = "the natural logarithm of y, which must be above 0"},
     MS_TARGET_LOG,
     MS_SCALE_NONE},
    {{.name = "log1p", .doc = "the natural logarithm of 1 + y; y must be above -1"},
     MS_TARGET_LOG1P,
     MS_SCALE_NONE},
};

const struct ms_table ms_dataset_target_scaling_table = {
    .what = "target scaling",
    .n = sizeof rows / sizeof rows[0],
    .rows = rows,
    .stride = sizeof rows[0],
};

static double learned(enum ms_target_kind kind, double y)
{
    return kind == MS_TARGET_LOG ? log(y) : kind == MS_TARGET_LOG1P ? log1p(y) : y;
}

// Mean, deviation and bounds of target k, as the network would see it. Two passes, as for inputs.
static void target_stats(const struct ms_raw_rows *r, enum ms_target_kind kind, size_t k,
                         struct ms_column_stats *s)
{
    size_t each = r->raw->n_targets > 1 ? (size_t)r->raw->n_targets : 1, n = 0;
    *s = (struct ms_column_stats){.lo = INFINITY, .hi = -INFINITY};
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < r->n; i++) {
            if (i >= r->skip && i < r->resume)
                continue;
            double y = r->raw->y[r->order[i] * each + k], v = learned(kind, y);
            if (pass == 1) {
                s->sd += (v - s->mean) * (v - s->mean);
                continue;
            }
            n++;
            s->mean += v;
            s->lo = v < s->lo ? v : s->lo;
            s->hi = v > s->hi ? v : s->hi;
        }
        if (pass == 0)
            s->mean /= (double)n;
    }
    s->sd = sqrt(s->sd / (double)n);
}

// Every row is looked at, because validation and test targets are scaled too.
static int check_logarithms(const struct target_scaling *s, const struct ms_raw *raw, size_t each,
                            struct ms_error *err)
{
    for (size_t i = 0; i < raw->n_rows * each; i++)
        if (!isfinite(learned(s->kind, raw->y[i])))
            return ms_fail(err, MS_EINVAL,
                           "data.target_scaling: found a target of %g, which '%s' cannot take; "
                           "allowed: targets above %d, or another scaling",
                           raw->y[i], s->row.name, s->kind == MS_TARGET_LOG ? 0 : -1);
    return 0;
}

int ms_dataset_target_fit(int scaling, const struct ms_raw_rows *r, const double *base,
                          struct ms_target *out, struct ms_error *err)
{
    const struct target_scaling *s = &rows[scaling];
    size_t n = r->raw->n_targets > 1 ? (size_t)r->raw->n_targets : 1;
    int status = check_logarithms(s, r->raw, n, err);
    struct ms_pick by = ms_table_default(&ms_dataset_scaling_table, (int)s->by);
    for (size_t k = 0; !status && k < n; k++) {
        struct ms_column_stats stats;
        struct ms_column column = {.divide = 1};
        const struct ms_raw one = {.n_inputs = 1};
        target_stats(r, s->kind, k, &stats);
        status = ms_dataset_scaling_fit(&by, &one, &stats, &column, err);
        out[k] = (struct ms_target){base[k], column.shift, column.divide, (int)s->kind};
    }
    return status;
}
