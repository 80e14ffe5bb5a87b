// SPDX-License-Identifier: MIT
//
// The three products against plain loops, for sizes that take the narrow kernels and sizes that
// take BLAS, with every remainder of a tile.
#include "check.h"

#include "worker/train/dense.h"

enum { MAX_UNITS = 130, MAX_LD = 144 };

static _Alignas(64) ms_real x[MAX_UNITS * MAX_LD], d[MAX_UNITS * MAX_LD], out[MAX_UNITS * MAX_LD],
    kernel[MAX_UNITS * MAX_UNITS], gradient[MAX_UNITS * MAX_UNITS], bias[MAX_UNITS],
    bias_gradient[MAX_UNITS];

static ms_real some(int i)
{
    return (ms_real)((i * 7919 + 13) % 1009) / 500 - 1;
}

static void fill(ms_real *to, int n, int salt)
{
    for (int i = 0; i < n; i++)
        to[i] = some(i + salt * 311);
}

static void check_size(const struct ms_dense *s, int with_bias)
{
    char what[80];
    snprintf(what, sizeof what, "%d inputs, %d units, %d of %d rows", s->inputs, s->units, s->rows,
             s->ld);
    fill(x, s->inputs * s->ld, 1);
    fill(d, s->units * s->ld, 2);
    fill(kernel, s->inputs * s->units, 3);
    fill(bias, s->units, 4);
    double worst = 0;
    memset(out, 0xff, sizeof out); // NaN: what is there must not matter
    ms_dense_forward(s, out, x, kernel, with_bias ? bias : NULL);
    for (int j = 0; j < s->units; j++)
        for (int i = 0; i < s->rows; i++) {
            double sum = with_bias ? (double)bias[j] : 0;
            for (int k = 0; k < s->inputs; k++)
                sum += (double)kernel[k * s->units + j] * (double)x[k * s->ld + i];
            worst = fmax(worst, fabs(sum - (double)out[j * s->ld + i]));
            CHECK(isfinite(out[j * s->ld + i]));
        }
    CHECK_THAT(worst < 1e-4, "%s: forward off by %g", what, worst);

    worst = 0;
    memset(gradient, 0xff, sizeof gradient);
    memset(bias_gradient, 0xff, sizeof bias_gradient);
    for (int j = 0; j < s->units; j++)
        for (int i = s->rows; i < s->ld; i++)
            d[j * s->ld + i] = NAN; // as beyond the rows of a gradient
    ms_dense_gradient(s, gradient, with_bias ? bias_gradient : NULL, x, d);
    for (int j = 0; j < s->units; j++) {
        double total = 0;
        for (int i = 0; i < s->rows; i++)
            total += (double)d[j * s->ld + i];
        if (with_bias)
            worst = fmax(worst, fabs(total - (double)bias_gradient[j]));
        CHECK_INT(isfinite(bias_gradient[j]) != 0, with_bias);
        for (int k = 0; k < s->inputs; k++) {
            double sum = 0;
            for (int i = 0; i < s->rows; i++)
                sum += (double)x[k * s->ld + i] * (double)d[j * s->ld + i];
            worst = fmax(worst, fabs(sum - (double)gradient[k * s->units + j]));
            CHECK(isfinite(gradient[k * s->units + j]));
        }
    }
    CHECK_THAT(worst < 1e-4, "%s: gradient off by %g", what, worst);

    worst = 0;
    memset(out, 0xff, sizeof out);
    ms_dense_input_gradient(s, out, d, kernel);
    for (int k = 0; k < s->inputs; k++)
        for (int i = 0; i < s->rows; i++) {
            double sum = 0;
            for (int j = 0; j < s->units; j++)
                sum += (double)kernel[k * s->units + j] * (double)d[j * s->ld + i];
            worst = fmax(worst, fabs(sum - (double)out[k * s->ld + i]));
            CHECK(isfinite(out[k * s->ld + i]));
        }
    CHECK_THAT(worst < 1e-4, "%s: input gradient off by %g", what, worst);
}

int main(void)
{
    ms_dense_set_threads(1);
    CHECK_INT(ms_dense_threads(), 1);
    for (int inputs = 1; inputs <= 9; inputs++)
        for (int units = 1; units <= 9; units++)
            check_size(&(struct ms_dense){inputs, units, 13 + units, 32}, inputs % 2);
    static const struct ms_dense sizes[] = {
        {2, 16, 100, 112},  {16, 16, 1, 16},      {16, 1, 128, 128}, {64, 64, 33, 48},
        {65, 64, 33, 48},   {130, 130, 130, 144}, {130, 3, 7, 16},   {100, 90, 1, 16},
        {3, 130, 144, 144}, {128, 128, 128, 128},
    };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (int with_bias = 0; with_bias < 2; with_bias++)
            check_size(&sizes[i], with_bias);
    return check_done();
}
