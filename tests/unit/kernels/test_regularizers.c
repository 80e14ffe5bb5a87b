// SPDX-License-Identifier: MIT
//
// Penalties and their gradients against loops in double, for every tail of a vector, and at
// infinity.
#include "check.h"

#include "worker/kernels/regularizers.h"

enum { N = 10000 };

static _Alignas(64) ms_real w[N], g[N];

static struct ms_pick pick(const char *name)
{
    int row = ms_table_find(&ms_regularizer_table, name);
    REQUIRE(row >= 0);
    return ms_table_default(&ms_regularizer_table, row);
}

static void test_factors(void)
{
    CHECK_STR(ms_table_row(&ms_regularizer_table, 0)->name, "none");
    struct ms_pick p = {0}; // what a zeroed configuration holds
    CHECK(ms_regularizer_penalty_of(&p).l1 == 0 && ms_regularizer_penalty_of(&p).l2 == 0);
    p = pick("l1");
    CHECK(ms_regularizer_penalty_of(&p).l1 == 0.01 && ms_regularizer_penalty_of(&p).l2 == 0);
    p = pick("l2");
    CHECK(ms_regularizer_penalty_of(&p).l1 == 0 && ms_regularizer_penalty_of(&p).l2 == 0.01);
    p = pick("l1_l2");
    p.arg[0] = 3;
    p.arg[1] = 5;
    CHECK(ms_regularizer_penalty_of(&p).l1 == 3 && ms_regularizer_penalty_of(&p).l2 == 5);
}

// Sums and gradients over lengths with and without a tail, against loops in double.
static void test_sums(void)
{
    static const int lengths[] = {0, 1, 15, 16, 17, 100, 4095, 4096, 4097, N};
    const struct ms_penalty p = {.l1 = 0.25, .l2 = 0.125};
    for (int i = 0; i < N; i++)
        w[i] = (ms_real)(i % 7 == 0 ? 0 : sin(i));
    for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
        int n = lengths[k];
        CASE("length %d", n);
        double wanted = 0;
        for (int i = 0; i < N; i++) {
            double x = (double)w[i];
            wanted += i < n ? 0.25 * fabs(x) + 0.125 * x * x : 0;
            g[i] = 7;
        }
        double found = ms_regularizer_penalty_sum(&p, w, (size_t)n);
        CHECK_THAT(fabs(found - wanted) <= 1e-6 * wanted, "%d: %g, not %g", n, found, wanted);
        ms_regularizer_penalty_gradient(&p, 0.5, g, w, (size_t)n);
        for (int i = 0; i < N; i++) {
            double x = (double)w[i], slope = 0.25 * ((x > 0) - (x < 0)) + 0.25 * x;
            CHECK_NEAR((double)g[i], i < n ? 7 + 0.5 * slope : 7, 1e-5);
        }
    }
}

// Infinite weights: the penalty that is asked for is infinite, the other is no part of it.
static void test_infinite(void)
{
    w[0] = -INFINITY;
    CHECK(ms_regularizer_penalty_sum(&(struct ms_penalty){.l1 = 1}, w, 3) == INFINITY);
    CHECK(ms_regularizer_penalty_sum(&(struct ms_penalty){.l2 = 1}, w, 3) == INFINITY);
    w[0] = NAN;
    CHECK(isnan(ms_regularizer_penalty_sum(&(struct ms_penalty){.l2 = 1}, w, 3)));
}

int main(void)
{
    test_factors();
    test_sums();
    test_infinite();
    return check_done();
}
