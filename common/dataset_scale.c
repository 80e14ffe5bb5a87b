// SPDX-License-Identifier: MIT
//
// Scaling of the inputs: x' = (x - shift) / divide, column by column. shift and divide come from
// the training rows alone; validation and test rows are scaled with the same numbers. A column that
// is constant there is divided by 1 (scikit-learn's rule), so that it becomes 0 and not NaN.
#include "dataset_source.h"

#include <math.h>
#include <stdlib.h>

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
                                       .doc = "what inputs are divided by"}}},
                            true,
                            fit_divide_by},
};

const struct ms_table ms_scaling_table = {
    .what = "scaling",
    .n = sizeof rows / sizeof rows[0],
    .rows = rows,
    .stride = sizeof rows[0],
};

bool ms_scaling_keeps_bytes(const struct ms_pick *scaling, float *divide)
{
    const struct scaling *s = &rows[scaling->row];
    double shift, by;
    if (!s->whole)
        return false;
    s->fit(NULL, scaling->arg, &shift, &by);
    *divide = (float)by;
    return true;
}

// Two passes: sums of squares around the mean do not cancel.
static void gather_stats(const float *x, size_t n, size_t n_inputs, struct column_stats *s)
{
    for (size_t j = 0; j < n_inputs; j++)
        s[j] = (struct column_stats){.lo = INFINITY, .hi = -INFINITY};
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n_inputs; j++) {
            double v = (double)x[i * n_inputs + j];
            s[j].mean += v;
            s[j].lo = v < s[j].lo ? v : s[j].lo;
            s[j].hi = v > s[j].hi ? v : s[j].hi;
        }
    }
    for (size_t j = 0; j < n_inputs; j++)
        s[j].mean /= (double)n;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n_inputs; j++) {
            double d = (double)x[i * n_inputs + j] - s[j].mean;
            s[j].sd += d * d;
        }
    }
    for (size_t j = 0; j < n_inputs; j++)
        s[j].sd = sqrt(s[j].sd / (double)n);
}

int ms_scaling_apply(const struct ms_pick *scaling, float *x, size_t n_rows, size_t n_fit,
                     int n_inputs, struct ms_error *err)
{
    const struct scaling *s = &rows[scaling->row];
    size_t width = (size_t)n_inputs;
    if (scaling->row == MS_SCALE_NONE)
        return 0;
    struct column_stats *stats = calloc(width, sizeof *stats);
    if (!stats)
        return ms_fail(err, MS_ENOMEM, "no memory to scale %d columns", n_inputs);
    if (!s->whole)
        gather_stats(x, n_fit, width, stats);
    for (size_t j = 0; j < width; j++) { // mean and sd become shift and divide
        double shift, divide;
        s->fit(&stats[j], scaling->arg, &shift, &divide);
        stats[j].mean = shift;
        stats[j].sd = divide;
    }
    for (size_t i = 0; i < n_rows; i++) {
        for (size_t j = 0; j < width; j++) {
            float *v = &x[i * width + j];
            *v = (float)(((double)*v - stats[j].mean) / stats[j].sd);
        }
    }
    free(stats);
    return 0;
}
