// SPDX-License-Identifier: MIT
//
// Analytic functions: their minima and values elsewhere, as the literature gives them.
#include "check.h"
#include "mlpsweep/function.h"

static const struct ms_function *row(const char *name)
{
    int i = ms_table_find(&ms_function_table, name);
    REQUIRE(i >= 0);
    return ms_function_row(i);
}

static double at(const char *name, int n, const double *x)
{
    return row(name)->value(x, n);
}

#define AT(name, ...)                                                                              \
    at(name, (int)(sizeof(double[]){__VA_ARGS__} / sizeof(double)), (const double[]){__VA_ARGS__})

#define PI 3.14159265358979323846

static void test_minima(void)
{
    CHECK_NEAR(AT("beale", 3, 0.5), 0, 0);
    CHECK_NEAR(AT("rosenbrock", 1), 0, 0);
    CHECK_NEAR(AT("rosenbrock", 1, 1), 0, 0);
    CHECK_NEAR(AT("rosenbrock", 1, 1, 1, 1, 1), 0, 0);
    CHECK_NEAR(AT("rastrigin", 0, 0), 0, 0);
    CHECK_NEAR(AT("rastrigin", 0, 0, 0, 0, 0), 0, 0);
    CHECK_NEAR(AT("ackley", 0, 0), 0, 1e-15);
    CHECK_NEAR(AT("ackley", 0, 0, 0), 0, 1e-15);
    CHECK_NEAR(AT("sphere", 0, 0, 0), 0, 0);
    CHECK_NEAR(AT("branin", -PI, 12.275), row("branin")->minimum, 1e-14);
    CHECK_NEAR(AT("branin", PI, 2.275), row("branin")->minimum, 1e-14);
    CHECK_NEAR(AT("branin", 3 * PI, 2.475), row("branin")->minimum, 1e-14);
    // The published digits of the place; the value is flat there.
    CHECK_NEAR(AT("hartmann6", 0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573),
               row("hartmann6")->minimum, 1e-9);
    CHECK_NEAR(row("hartmann6")->minimum, -3.32237, 2e-6);
}

// Points away from the minima, worked out by hand (those of exp and cos: with another program).
static void test_points(void)
{
    CHECK_NEAR(AT("beale", 0, 0), 1.5 * 1.5 + 2.25 * 2.25 + 2.625 * 2.625, 0);
    CHECK_NEAR(AT("beale", 1, 2), 2.5 * 2.5 + 5.25 * 5.25 + 9.625 * 9.625, 0);
    CHECK_NEAR(AT("rosenbrock", -1, 2), 104, 0);
    CHECK_NEAR(AT("rosenbrock", 0, 0, 2), 1 + 400 + 1, 0);
    CHECK_NEAR(AT("rosenbrock", 3), 4, 0);
    CHECK_NEAR(AT("rastrigin", 1, -2), 5, 1e-12);
    CHECK_NEAR(AT("rastrigin", 0.5, 0.5), 40.5, 1e-14);
    CHECK_NEAR(AT("rastrigin", 1), 1, 1e-12);
    CHECK_NEAR(AT("ackley", 1, 1), 3.6253849384403636, 1e-14);
    CHECK_NEAR(AT("ackley", 32.768, -32.768, 32.768), 21.570311151282485, 1e-13);
    CHECK_NEAR(AT("branin", 0, 0), 55.602112642270264, 1e-14);
    CHECK_NEAR(AT("branin", -5, 0), 308.12909601160663, 1e-14);
    CHECK_NEAR(AT("hartmann6", 0.5, 0.5, 0.5, 0.5, 0.5, 0.5), -0.5053149917022333, 1e-14);
    CHECK_NEAR(AT("sphere", 1, -2, 3, -4), 30, 0);
}

// No point of the usual domain lies below the minimum, and every number is used.
static void test_domains(void)
{
    for (int f = 0; f < ms_function_table.n; f++) {
        const struct ms_function *fn = ms_function_row(f);
        int n = fn->dims ? fn->dims : 5;
        double x[6], first = NAN;
        uint64_t state = 12345;
        for (int draw = 0; draw < 20000; draw++) {
            for (int i = 0; i < n; i++) {
                int b = fn->dims ? i : 0;
                CHECK_THAT(fn->lo[b] < fn->hi[b], "%s: domain %d", fn->row.name, i);
                state = state * 6364136223846793005u + 1442695040888963407u;
                x[i] = fn->lo[b] + (fn->hi[b] - fn->lo[b]) * (double)(state >> 11) * 0x1p-53;
            }
            double y = fn->value(x, n);
            CHECK_THAT(isfinite(y) && y >= fn->minimum, "%s: %g below its minimum", fn->row.name,
                       y);
            first = y;
        }
        for (int i = 0; i < n; i++) {
            x[i] += 1e-3;
            CHECK_THAT(fn->value(x, n) != first, "%s does not look at number %d", fn->row.name, i);
            x[i] -= 1e-3;
        }
    }
}

static void test_names(void)
{
    char text[16];
    CHECK_INT(ms_function_table.n, 7);
    CHECK_STR(ms_function_param(0, 2, text, sizeof text), "x");
    CHECK_STR(ms_function_param(1, 2, text, sizeof text), "y");
    CHECK_STR(ms_function_param(0, 1, text, sizeof text), "x1");
    CHECK_STR(ms_function_param(63, 64, text, sizeof text), "x64");
}

int main(void)
{
    test_minima();
    test_points();
    test_domains();
    test_names();
    return check_done();
}
