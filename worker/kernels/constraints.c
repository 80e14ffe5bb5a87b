// SPDX-License-Identifier: MIT
//
// The constraints as a table. Columns are taken in groups, so that the loop runs along the rows of
// the kernel, as memory does.
#include "constraints.h"

#include "vector.h"

#define EPSILON 1e-7 // Keras's epsilon(): added to the norm that is the divisor

enum { COLUMNS = 64 }; // their norms are taken at a time

MS_VECTOR
static void add_squares(double *restrict sum, const ms_real *restrict w, int rows, int cols, int n)
{
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < n; j++) {
            double x = (double)w[(size_t)i * (size_t)cols + (size_t)j];
            sum[j] += x * x;
        }
}

MS_VECTOR
static void scale_columns(ms_real *restrict w, const ms_real *restrict scale, int rows, int cols,
                          int n)
{
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < n; j++)
            w[(size_t)i * (size_t)cols + (size_t)j] *= scale[j];
}

// Gives every column the norm that wanted() makes from its present norm.
static void rescale(ms_real *w, int rows, int cols, double (*wanted)(double, const double *),
                    const double *arg)
{
    for (int first = 0; first < cols; first += COLUMNS) {
        int n = cols - first < COLUMNS ? cols - first : COLUMNS;
        double sum[COLUMNS] = {0};
        ms_real scale[COLUMNS];
        add_squares(sum, w + first, rows, cols, n);
        for (int j = 0; j < n; j++) {
            double norm = sqrt(sum[j]);
            scale[j] = (ms_real)(wanted(norm, arg) / (EPSILON + norm));
        }
        scale_columns(w + first, scale, rows, cols, n);
    }
}

static double at_most(double norm, const double *arg)
{
    return norm > arg[0] ? arg[0] : norm;
}

static void max_norm(ms_real *w, int rows, int cols, const double *arg)
{
    rescale(w, rows, cols, at_most, arg);
}

static double one(double norm, const double *arg)
{
    (void)norm, (void)arg;
    return 1;
}

static void unit_norm(ms_real *w, int rows, int cols, const double *arg)
{
    rescale(w, rows, cols, one, arg);
}

enum { MIN_VALUE, MAX_VALUE, RATE };

static double between(double norm, const double *arg)
{
    double clipped = norm > arg[MIN_VALUE] ? norm : arg[MIN_VALUE];
    clipped = clipped > arg[MAX_VALUE] ? arg[MAX_VALUE] : clipped;
    return arg[RATE] * clipped + (1 - arg[RATE]) * norm;
}

static void min_max_norm(ms_real *w, int rows, int cols, const double *arg)
{
    rescale(w, rows, cols, between, arg);
}

MS_VECTOR
static void non_neg(ms_real *w, int rows, int cols, const double *arg)
{
    (void)arg;
    size_t n = (size_t)rows * (size_t)cols;
    for (size_t i = 0; i < n; i++)
        w[i] = w[i] < 0 ? 0 : w[i];
}

static const struct ms_rule min_max_rules[] = {
    {MS_RULE_ORDER, {"min_value", "max_value"}},
    {MS_RULE_END, {NULL}},
};

static const struct ms_constraint rows[] = {
    {{.name = "none", .doc = "weights are free"}, NULL},
    {{.name = "max_norm",
      .also = "maxnorm",
      .doc = "the weights into a unit have a norm of at most max_value",
      .n_args = 1,
      .args = {{"max_value", MS_ARG_REAL, 2, 0, INFINITY, false, true, "largest norm"}}},
     max_norm},
    {{.name = "unit_norm", .also = "unitnorm", .doc = "the weights into a unit have a norm of 1"},
     unit_norm},
    {{.name = "min_max_norm",
      .also = "minmaxnorm",
      .doc = "the norm of the weights into a unit goes to between min_value and max_value",
      .n_args = 3,
      .args = {{"min_value", MS_ARG_REAL, 0, 0, INFINITY, false, true, "smallest norm"},
               {"max_value", MS_ARG_REAL, 1, 0, INFINITY, false, true, "largest norm"},
               {"rate", MS_ARG_REAL, 1, 0, 1, false, false, "share of the way made in a step"}},
      .rules = min_max_rules},
     min_max_norm},
    {{.name = "non_neg", .also = "nonneg non_negative", .doc = "negative weights become 0"},
     non_neg},
};

const struct ms_table ms_constraint_table = {"constraint", sizeof rows / sizeof *rows, rows,
                                             sizeof *rows};

const struct ms_constraint *ms_constraint_row(int i)
{
    return &rows[i];
}
