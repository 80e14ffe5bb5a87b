// SPDX-License-Identifier: MIT
//
// Scaling of the inputs: x' = (x - shift) / divide, column by column. shift and divide come from
// the training rows alone; validation and test rows are scaled with the same numbers. A column that
// is constant in them is divided by 1 (scikit-learn's rule), so that it becomes 0 and not NaN.
#include "raw.h"

#include <math.h>
#include <stdlib.h>

#include "mlpsweep/memory.h"

struct column_stats { // of the training rows
    double mean, sd, lo, hi;
};

struct scaling {
    struct ms_row row;
    bool whole; // one number for all columns, independent of the data
    void (*fit)(const struct column_stats *s, const double *arg, double *shift, double *divide);
};

static void fit_none(const struct column_stats *s, const double *arg, double *shift, double *divide)
{
    (void)s, (void)arg;
    *shift = 0;
    *divide = 1;
}

static void fit_standard(const struct column_stats *s, const double *arg, double *shift,
                         double *divide)
{
    (void)arg;
    bool constant = s->lo == s->hi; // not sd == 0: the mean of a constant may be rounded
    *shift = constant ? s->lo : s->mean;
    *divide = constant || s->sd == 0 ? 1 : s->sd;
}

static void fit_minmax(const struct column_stats *s, const double *arg, double *shift,
                       double *divide)
{
    (void)arg;
    *shift = s->lo;
    *divide = s->lo == s->hi ? 1 : s->hi - s->lo;
}

static void fit_divide_by(const struct column_stats *s, const double *arg, double *shift,
                          double *divide)
{
    (void)s;
    *shift = 0;
    *divide = arg[0];
}

static const struct scaling rows[] = {
    [MS_SCALE_NONE] = {{.name = "none", .doc = "inputs as they are"}, true, fit_none},
    [MS_SCALE_STANDARD] = {{.name = "standard",
                            .doc = "(x - mean) / standard deviation, of each column"},
                           false,
                           fit_standard},
    [MS_SCALE_MINMAX] = {{.name = "minmax", .doc = "(x - min) / (max - min), of each column"},
                         false,
                         fit_minmax},
    [MS_SCALE_DIVIDE_BY] = {{.name = "divide_by",
                             .doc = "x / value; 255 for images of bytes",
                             .n_args = 1,
                             .args = {{.name = "value",
                                       .type = MS_ARG_REAL,
                                       .def = 255,
                                       .lo = 0,
                                       .hi = 3.4e38, // a float
                                       .lo_open = true,
                                       .doc = "divisor of the inputs"}}},
                            true,
                            fit_divide_by},
};

const struct ms_table ms_dataset_scaling_table = {
    .what = "scaling",
    .n = sizeof rows / sizeof rows[0],
    .rows = rows,
    .stride = sizeof rows[0],
};

bool ms_dataset_scaling_keeps_bytes(const struct ms_pick *scaling, float *divide)
{
    const struct scaling *s = &rows[scaling->row];
    double shift, by;
    if (!s->whole)
        return false;
    s->fit(NULL, scaling->arg, &shift, &by);
    *divide = (float)by;
    return true;
}

bool ms_dataset_scaling_is_fitted(const struct ms_pick *scaling)
{
    return !rows[scaling->row].whole;
}

struct span { // rows that count
    size_t from, to;
};

// Two passes, because sums of squares around the mean do not cancel. Missing values count as the
// mean, with which they will be filled.
static int gather_stats(const float *x, const struct span span[2], size_t n_inputs,
                        struct column_stats *s)
{
    size_t n = span[0].to - span[0].from + (span[1].to - span[1].from);
    size_t *seen = calloc(n_inputs, sizeof *seen);
    if (!seen)
        return MS_ENOMEM;
    for (size_t j = 0; j < n_inputs; j++)
        s[j] = (struct column_stats){.lo = INFINITY, .hi = -INFINITY};
    for (int k = 0; k < 2; k++)
        for (size_t i = span[k].from; i < span[k].to; i++)
            for (size_t j = 0; j < n_inputs; j++) {
                double v = (double)x[i * n_inputs + j];
                if (isnan(v))
                    continue;
                seen[j]++;
                s[j].mean += v;
                s[j].lo = v < s[j].lo ? v : s[j].lo;
                s[j].hi = v > s[j].hi ? v : s[j].hi;
            }
    for (size_t j = 0; j < n_inputs; j++)
        s[j].mean /= (double)seen[j];
    for (int k = 0; k < 2; k++)
        for (size_t i = span[k].from; i < span[k].to; i++)
            for (size_t j = 0; j < n_inputs; j++) {
                double d = (double)x[i * n_inputs + j] - s[j].mean;
                s[j].sd += isnan(d) ? 0 : d * d;
            }
    for (size_t j = 0; j < n_inputs; j++)
        s[j].sd = sqrt(s[j].sd / (double)n);
    free(seen);
    return 0;
}

int ms_dataset_scaling_fit(const struct ms_pick *scaling, const float *x, size_t skip,
                           size_t resume, size_t n, int n_inputs, const uint8_t *indicator,
                           struct ms_column *out, struct ms_error *err)
{
    const struct scaling *s = &rows[scaling->row];
    const struct span span[2] = {{0, skip}, {resume, n}};
    size_t width = (size_t)n_inputs;
    struct column_stats *stats = calloc(width, sizeof *stats);
    if (!stats || gather_stats(x, span, width, stats) != 0) {
        free(stats);
        return ms_no_memory(err, "the scaling of %d columns", n_inputs);
    }
    int status = 0;
    for (size_t j = 0; j < width && !status; j++) {
        out[j] = (struct ms_column){.fill = stats[j].mean, .divide = 1};
        if (!(indicator && indicator[j]))
            s->fit(&stats[j], scaling->arg, &out[j].shift, &out[j].divide);
        if (stats[j].lo > stats[j].hi)
            status = ms_fail(
                err, MS_EINVAL,
                "input column %zu has no value in the training rows, so it has no mean", j + 1);
    }
    free(stats);
    return status;
}

void ms_dataset_scaling_use(const struct ms_column *column, float *x, size_t n_rows, int n_inputs)
{
    size_t width = (size_t)n_inputs;
    for (size_t i = 0; i < n_rows; i++) {
        for (size_t j = 0; j < width; j++) {
            float *v = &x[i * width + j];
            double raw = isnan(*v) ? column[j].fill : (double)*v;
            *v = (float)((raw - column[j].shift) / column[j].divide);
        }
    }
}
