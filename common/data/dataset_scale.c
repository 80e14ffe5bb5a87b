// SPDX-License-Identifier: MIT
//
// Scaling of the inputs: x' = (x - shift) / divide, column by column. shift and divide come from
// the training rows alone; validation and test rows are scaled with the same numbers. A column that
// is constant in them is divided by 1 (scikit-learn's rule), so that it becomes 0 and not NaN.
#include "raw.h"

#include <stddef.h>

struct scaling {
    struct ms_row row;
    bool whole; // one number for all columns, independent of the data
    void (*fit)(const struct ms_column_stats *s, const double *arg, double *shift, double *divide);
};

static void fit_none(const struct ms_column_stats *s, const double *arg, double *shift,
                     double *divide)
{
    (void)s, (void)arg;
    *shift = 0;
    *divide = 1;
}

static void fit_standard(const struct ms_column_stats *s, const double *arg, double *shift,
                         double *divide)
{
    (void)arg;
    bool constant = s->lo == s->hi; // not sd == 0: the mean of a constant may be rounded
    *shift = constant ? s->lo : s->mean;
    *divide = constant || s->sd == 0 ? 1 : s->sd;
}

static void fit_minmax(const struct ms_column_stats *s, const double *arg, double *shift,
                       double *divide)
{
    (void)arg;
    *shift = s->lo;
    *divide = s->lo == s->hi ? 1 : s->hi - s->lo;
}

static void fit_divide_by(const struct ms_column_stats *s, const double *arg, double *shift,
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

int ms_dataset_scaling_fit(const struct ms_pick *scaling, const struct ms_raw *raw,
                           const struct ms_column_stats *stats, struct ms_column *out,
                           struct ms_error *err)
{
    const struct scaling *s = &rows[scaling->row];
    for (int j = 0; j < raw->n_inputs; j++) {
        out[j] = (struct ms_column){.fill = stats[j].mean, .divide = 1};
        if (!(raw->indicator && raw->indicator[j]))
            s->fit(&stats[j], scaling->arg, &out[j].shift, &out[j].divide);
        if (stats[j].lo > stats[j].hi)
            return ms_fail(err, MS_EINVAL,
                           "input column %d has no value in the training rows, so it has no mean",
                           j + 1);
    }
    return 0;
}
