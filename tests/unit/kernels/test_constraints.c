// SPDX-License-Identifier: MIT
//
// The norms that constraints give, of a kernel and of a bias, with directions kept; NaN must stay
// NaN.
#include "check.h"

#include "worker/kernels/constraints.h"

enum { ROWS = 37, COLS = 150, N = ROWS * COLS };

static ms_real before[N], w[N + 16];

// Columns of all norms from 0 to about 4; some weights of either sign.
static void fill(void)
{
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < COLS; j++)
            before[i * COLS + j] = (ms_real)(sin(i * 7 + j * 3) * j / COLS);
    memcpy(w, before, sizeof before);
    for (int i = 0; i < 16; i++)
        w[N + i] = 99;
}

static double norm(const ms_real *m, int rows, int cols, int col)
{
    double sum = 0;
    for (int i = 0; i < rows; i++)
        sum += (double)m[i * cols + col] * (double)m[i * cols + col];
    return sqrt(sum);
}

static void apply(const char *name, int rows, int cols, double a, double b, double c)
{
    int row = ms_table_find(&ms_constraint_table, name);
    REQUIRE(row >= 0);
    const double arg[MS_MAX_ARGS] = {a, b, c};
    ms_constraint_row(row)->apply(w, rows, cols, arg);
    for (int i = 0; i < 16; i++)
        CHECK(w[N + i] == 99); // nothing beyond
}

// Each column's norm is what it must be and its direction has not changed; a kernel, then the same
// numbers as one long bias.
static void check_norms(const char *name, double a, double b, double c,
                        double (*wanted)(double norm))
{
    for (int bias = 0; bias < 2; bias++) {
        CASE("%s of a %s", name, bias ? "bias" : "kernel");
        int rows = bias ? N : ROWS, cols = bias ? 1 : COLS;
        fill();
        apply(name, rows, cols, a, b, c);
        for (int j = 0; j < cols; j++) {
            double old = norm(before, rows, cols, j), now = norm(w, rows, cols, j);
            double goal = wanted(old) * old / (1e-7 + old);
            CHECK_THAT(fabs(now - goal) <= 3e-6 * (goal + 1e-6), "%s: norm %g became %g, not %g",
                       name, old, now, goal);
            for (int i = 0; i < rows && old > 0; i++)
                CHECK_NEAR((double)w[i * cols + j] * old, (double)before[i * cols + j] * now, 1e-5);
        }
    }
}

static double most(double n)
{
    return fmin(n, 1.5);
}

static double unit(double n)
{
    (void)n;
    return 1;
}

static double clipped(double n)
{
    return fmin(fmax(n, 0.5), 1.5);
}

static double half_way(double n)
{
    return (n + clipped(n)) / 2;
}

static void test_rest(void)
{
    CHECK_STR(ms_constraint_row(0)->row.name, "none");
    CHECK(!ms_constraint_row(0)->apply);
    fill();
    apply("non_neg", ROWS, COLS, 0, 0, 0);
    for (int i = 0; i < N; i++)
        CHECK(w[i] == (before[i] > 0 ? before[i] : 0));
    fill();
    w[0] = w[2] = NAN; // a net that has diverged must not look healthy
    apply("non_neg", ROWS, COLS, 0, 0, 0);
    CHECK(isnan(w[0]));
    apply("max_norm", ROWS, COLS, 2, 0, 0);
    apply("min_max_norm", ROWS, COLS, 0, 1, 1);
    CHECK(isnan(w[0]) && isnan(w[2]) && isnan(w[COLS]) && !isnan(w[1]));
}

int main(void)
{
    check_norms("max_norm", 1.5, 0, 0, most);
    check_norms("unit_norm", 0, 0, 0, unit);
    check_norms("min_max_norm", 0.5, 1.5, 1, clipped);
    check_norms("min_max_norm", 0.5, 1.5, 0.5, half_way);
    test_rest();
    return check_done();
}
