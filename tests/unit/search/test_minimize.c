// SPDX-License-Identifier: MIT
//
// The minimizer on functions with known minima, inside and on the bounds; it never makes a value
// worse, asks for no more values than allowed, and leaves what has no value alone.
#include "coordinator/search/minimize.h"

#include "check.h"

static double rosenbrock(const double *x, double *g, void *context)
{
    (*(int *)context)++;
    double a = x[1] - x[0] * x[0], b = 1 - x[0];
    g[0] = -400 * a * x[0] - 2 * b;
    g[1] = 200 * a;
    return 100 * a * a + b * b;
}

static void test_rosenbrock(void)
{
    double lo[2] = {-2, -2}, hi[2] = {2, 2}, x[2] = {-1.2, 1}, value;
    int calls = 0;
    struct ms_error err = {0};
    struct ms_minimize m = {.n = 2,
                            .lo = lo,
                            .hi = hi,
                            .max_values = 200,
                            .tolerance = 1e-8,
                            .function = rosenbrock,
                            .context = &calls};
    CHECK_INT(ms_minimize(&m, x, &value, &err), 0);
    CHECK_NEAR(x[0], 1, 1e-5);
    CHECK_NEAR(x[1], 1, 1e-5);
    CHECK(calls <= 200);
    hi[0] = 0.5; // the minimum on the bound is (0.5, 0.25)
    x[0] = -1.2;
    x[1] = 5; // brought into the bounds
    CHECK_INT(ms_minimize(&m, x, &value, &err), 0);
    CHECK_NEAR(x[0], 0.5, 1e-9);
    CHECK_NEAR(x[1], 0.25, 1e-5);
    CHECK_NEAR(value, 0.25, 1e-9);
    calls = 0;
    m.max_values = 1;
    CHECK_INT(ms_minimize(&m, x, &value, &err), 0);
    CHECK_INT(calls, 1);
}

// A quadratic of n variables whose scales differ by 10^4 and whose minimum is at 0.3, cut off for
// every third variable by a bound at 0.5.
static double quadratic(const double *x, double *g, void *context)
{
    const int n = *(const int *)context;
    double sum = 0;
    for (int i = 0; i < n; i++) {
        const double scale = pow(10, i % 5), off = x[i] - 0.3;
        g[i] = 2 * scale * off;
        sum += scale * off * off;
    }
    return sum;
}

static void test_bounds(void)
{
    enum { N = 12 };
    int n = N;
    double lo[N], hi[N], x[N], value;
    struct ms_error err = {0};
    struct ms_minimize m = {.n = N,
                            .lo = lo,
                            .hi = hi,
                            .max_values = 400,
                            .tolerance = 1e-9,
                            .function = quadratic,
                            .context = &n};
    for (int i = 0; i < N; i++) {
        lo[i] = i % 3 == 0 ? 0.5 : -1;
        hi[i] = i % 4 == 1 ? lo[i] : 2; // some have no room at all
        x[i] = 2;
    }
    CHECK_INT(ms_minimize(&m, x, &value, &err), 0);
    double gradient[N];
    CHECK_NEAR(quadratic(x, gradient, &n), value, 0);
    for (int i = 0; i < N; i++) {
        CASE("variable %d", i);
        if (hi[i] == lo[i] || i % 3 == 0)
            CHECK_NEAR(x[i], lo[i], 0);
        else // the search ends once the value falls by less than 1e-10 of it
            CHECK_NEAR(x[i], 0.3, 1e-4);
    }
}

// |x| has no curvature to learn and a kink at its minimum.
static double kink(const double *x, double *g, void *context)
{
    (void)context;
    g[0] = x[0] < 0 ? -1 : 1;
    return fabs(x[0]);
}

static double nowhere(const double *x, double *g, void *context)
{
    (void)x;
    (void)g;
    (*(int *)context)++;
    return INFINITY;
}

// log x is minus infinity at the bound and has no value below it.
static double half_defined(const double *x, double *g, void *context)
{
    (void)context;
    g[0] = 1 - 0.1 / x[0];
    return x[0] < 0.05 ? INFINITY : x[0] - 0.1 * log(x[0]);
}

static void test_hard(void)
{
    double lo = -1, hi = 3, x = 0.7, value;
    int calls = 0;
    struct ms_error err = {0};
    struct ms_minimize m = {.n = 1,
                            .lo = &lo,
                            .hi = &hi,
                            .max_values = 100,
                            .tolerance = 1e-6,
                            .function = kink,
                            .context = &calls};
    CHECK_INT(ms_minimize(&m, &x, &value, &err), 0);
    CHECK(value == fabs(x) && value < 0.05);
    m.function = nowhere;
    x = 0.7;
    CHECK_INT(ms_minimize(&m, &x, &value, &err), 0);
    CHECK(isinf(value) && x == 0.7 && calls == 1);
    m.function = half_defined;
    x = 2.9;
    CHECK_INT(ms_minimize(&m, &x, &value, &err), 0);
    CHECK_NEAR(x, 0.1, 1e-4);
    m.n = 0; // nothing to choose
    m.function = nowhere;
    CHECK_INT(ms_minimize(&m, &x, &value, &err), 0);
}

int main(void)
{
    test_rosenbrock();
    test_bounds();
    test_hard();
    return check_done();
}
