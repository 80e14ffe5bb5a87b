// SPDX-License-Identifier: MIT
//
// Synthetic data sets over a square: points x uniform, target a function of x1 and x2. The twelve
// sets over [-2, 2]² are those of takeawildguess/FCNNlib; "beale" is ours.
//
// Point i takes the uniforms of counters 2i and 2i + 1 of the data stream. The target is computed
// in double from the inputs as they are stored (float), so that every label is right for what the
// network sees.
#include "raw.h"

#include <math.h>
#include <stdlib.h>

#include "mlpsweep/memory.h"
#include "mlpsweep/rng.h"

struct synthetic {
    struct ms_row row;
    enum ms_data_task task;
    int classes;   // if MS_MULTICLASS, fixed: a small sample may miss one
    double radius; // x in [-radius, radius]²
    double (*target)(double x1, double x2);
};

static double target_and(double x1, double x2)
{
    return x1 > 0 && x2 > 0;
}

static double target_or(double x1, double x2)
{
    return x1 > 0 || x2 > 0;
}

static double target_xor(double x1, double x2)
{
    return x1 * x2 > 0;
}

static double target_stripe(double x1, double x2)
{
    return fabs(x1 - x2) <= 1;
}

static double target_square(double x1, double x2)
{
    return fabs(x1) + fabs(x2) <= 1;
}

static double target_circle(double x1, double x2)
{
    return x1 * x1 + x2 * x2 <= 1;
}

static double target_prod(double x1, double x2)
{
    return x1 * x2 / 4;
}

static double target_sum_squares(double x1, double x2)
{
    return (x1 * x1 + x2 * x2) / 4;
}

static double target_polynom(double x1, double x2)
{
    return (x1 * x1 - 3 * x1 * x2 - x2 * x2) / 4;
}

static double target_squares(double x1, double x2)
{
    return trunc(fabs(x1) + fabs(x2));
}

static double target_circles(double x1, double x2)
{
    return trunc((x1 * x1 + x2 * x2) / 2);
}

static double target_quadrants(double x1, double x2)
{
    return trunc(2 * (atan2(x2, x1) / 3.14159265358979323846 + 1));
}

// Beale's function reaches 181,854 in a corner of this square and 0 at (3, 0.5). Without scaling, a
// network would see little more than the squared error of a few corner points. log(1 + f) brings it
// to 0 … 12.1 and keeps the valley; a quarter of it has the size of the other sets' targets.
static double target_beale(double x, double y)
{
    double a = 1.5 - x + x * y;
    double b = 2.25 - x + x * y * y;
    double c = 2.625 - x + x * y * y * y;
    return log1p(a * a + b * b + c * c) / 4;
}

// clang-format off
static const struct synthetic rows[] = {
    {{.name = "and", .doc = "binary: x1 > 0 and x2 > 0"}, MS_BINARY, 1, 2, target_and},
    {{.name = "or", .doc = "binary: x1 > 0 or x2 > 0"}, MS_BINARY, 1, 2, target_or},
    {{.name = "xor", .doc = "binary: x1·x2 > 0"}, MS_BINARY, 1, 2, target_xor},
    {{.name = "stripe", .doc = "binary: |x1 - x2| <= 1"}, MS_BINARY, 1, 2, target_stripe},
    {{.name = "square", .doc = "binary: |x1| + |x2| <= 1"}, MS_BINARY, 1, 2, target_square},
    {{.name = "circle", .doc = "binary: x1² + x2² <= 1"}, MS_BINARY, 1, 2, target_circle},
    {{.name = "prod", .doc = "regression: x1·x2/4"}, MS_REGRESSION, 1, 2, target_prod},
    {{.name = "sumSquares", .doc = "regression: (x1² + x2²)/4"},
     MS_REGRESSION, 1, 2, target_sum_squares},
    {{.name = "polynom", .doc = "regression: (x1² - 3·x1·x2 - x2²)/4"},
     MS_REGRESSION, 1, 2, target_polynom},
    {{.name = "squares", .doc = "4 classes: trunc(|x1| + |x2|)"},
     MS_MULTICLASS, 4, 2, target_squares},
    {{.name = "circles", .doc = "4 classes: trunc((x1² + x2²)/2)"},
     MS_MULTICLASS, 4, 2, target_circles},
    {{.name = "quadrants", .doc = "4 classes: the quadrant of (x1, x2)"},
     MS_MULTICLASS, 4, 2, target_quadrants},
    {{.name = "beale", .doc = "regression: log(1 + Beale's function)/4 over [-4.5, 4.5]²"},
     MS_REGRESSION, 1, 4.5, target_beale},
};
// clang-format on

const struct ms_table ms_dataset_synthetic_table = {
    .what = "synthetic data set",
    .n = sizeof rows / sizeof rows[0],
    .rows = rows,
    .stride = sizeof rows[0],
};

int ms_dataset_synthetic(const struct ms_data_spec *spec, uint64_t seed, struct ms_raw *out,
                         struct ms_error *err)
{
    if (spec->synthetic < 0 || spec->synthetic >= ms_dataset_synthetic_table.n)
        return ms_fail(err, MS_EINVAL, "there is no synthetic data set number %d", spec->synthetic);
    if (spec->points < 1)
        return ms_fail(err, MS_EINVAL, "%d points: a data set needs at least 1", spec->points);
    const struct synthetic *s = &rows[spec->synthetic];
    size_t n = (size_t)spec->points;
    float *x = malloc(n * 2 * sizeof *x);
    double *y = malloc(n * sizeof *y);
    *out = (struct ms_raw){
        .task = s->task,
        .n_inputs = 2,
        .n_classes = s->classes,
        .n_rows = (uint32_t)n,
        .x_type = MS_RAW_F32,
        .x = x,
        .y = y,
    };
    if (!x || !y)
        return ms_no_memory(err, "%zu points", n);
    struct ms_rng rng = ms_rng_at(seed, 0, 0, MS_STREAM_DATA);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < 2; j++)
            x[2 * i + j] = (float)(s->radius * (2 * ms_rng_uniform(&rng, 2 * i + j) - 1));
        double t = s->target((double)x[2 * i], (double)x[2 * i + 1]);
        // The upper edge of the square, of measure zero but reachable, would be another class.
        if (s->task == MS_MULTICLASS && t > s->classes - 1)
            t = s->classes - 1;
        y[i] = t;
    }
    return 0;
}
