// SPDX-License-Identifier: MIT
//
// Reference values from SciPy: best_set() of reference.py, which looks at all pairs.
#include "coordinator/rank/best_set.h"

#include "check.h"

enum { MOST = 1000 };

static enum ms_set_method find(struct ms_set_trial *t, int64_t k)
{
    enum ms_set_method method;
    REQUIRE(ms_best_set(t, k, 0.05, &method) == 0);
    return method;
}

static int64_t count(const struct ms_set_trial *t, int64_t k)
{
    int64_t n = 0;
    for (int64_t i = 0; i < k; i++)
        n += t[i].in;
    return n;
}

static void test_welch(void)
{
    struct ms_set_trial t[] = {
        {.mean = 0.92, .variance = 1e-4, .df = 2, .n = 3},
        {.mean = 0.915, .variance = 2.25e-4, .df = 2, .n = 3},
        {.mean = 0.9, .variance = 4e-5, .df = 2, .n = 3},
        {.mean = 0.88, .variance = 3e-3, .df = 4, .n = 5},
        {.mean = 0.84, .variance = 1e-4, .df = 2, .n = 3},
        {.mean = 0.5, .variance = 1e-4, .df = 2, .n = 3},
    };
    static const double p[] = {1,
                               0.717131357417999,
                               0.0943580500586633,
                               0.159465726305526,
                               0.0152046236115833,
                               2.1370670821276e-05};
    CHECK(find(t, 6) == MS_SET_WELCH);
    for (int i = 0; i < 6; i++) {
        CASE("trial %d", i);
        CHECK_NEAR(t[i].p, p[i], 1e-6);
        CHECK(t[i].in == (p[i] > 0.05));
    }
}

static void make(struct ms_set_trial *t, int64_t k)
{
    for (int64_t i = 0; i < k; i++)
        t[i] = (struct ms_set_trial){.mean = -0.01 * pow((double)i, 1.3),
                                     .variance = 1e-4 * (double)(1 + i % 7) * (1 + (double)i / 10),
                                     .df = 2,
                                     .n = 3};
}

static void test_moderated(void)
{
    static const int at[] = {0, 2, 4, 5, 6, 8, 10};
    static const struct {
        int k;
        double p[7];
        int in;
    } known[] = {{40,
                  {1, 0.274198109201529, 0.0043982479259378, 0.0328725123447743,
                   0.00282143932330379, 1.50382717773916e-05, 4.75798248004931e-07},
                  3},
                 {64,
                  {1, 0.284710681104163, 0.00690687977467347, 0.000595247564130201,
                   0.00359133772146695, 3.69347784647005e-06, 9.95866026053907e-09},
                  4}};
    struct ms_set_trial t[64];
    for (int c = 0; c < 2; c++) {
        CASE("%d trials", known[c].k);
        make(t, known[c].k);
        CHECK(find(t, known[c].k) == MS_SET_MODERATED);
        for (int i = 0; i < 7; i++)
            CHECK_NEAR(t[at[i]].p, known[c].p[i], 1e-6);
        CHECK_INT(count(t, known[c].k), known[c].in);
    }
}

// Trials of like variance share a bin, and references are few: the p-values are hardly larger.
static void test_many(void)
{
    static struct ms_set_trial t[MOST];
    for (int64_t i = 0; i < MOST; i++)
        t[i] = (struct ms_set_trial){.mean = -1e-3 * (double)i,
                                     .variance = 1e-4 * (1 + 0.01 * (double)(i % 100)),
                                     .df = 2,
                                     .n = 3};
    CHECK(find(t, MOST) == MS_SET_MODERATED);
    CHECK(t[0].in && t[0].p == 1 && !t[MOST - 1].in);
    const int64_t in = count(t, MOST);
    CHECK_THAT(in > 5 && in < 60, "%lld", (long long)in); // the z of trial 30 is 4.7
    for (int64_t i = in; i < MOST; i++)
        CHECK(!t[i].in);
}

// The method by the number of trials and their degrees of freedom.
static void test_map(void)
{
    static const struct {
        int k;
        double df;
        enum ms_set_method method;
    } map[] = {{1, 2, MS_SET_NONE},       {2, 1, MS_SET_WELCH},      {29, 9, MS_SET_WELCH},
               {30, 2, MS_SET_MODERATED}, {30, 1, MS_SET_WELCH},     {59, 1, MS_SET_WELCH},
               {1000, 1, MS_SET_WELCH},   {100, 9, MS_SET_MODERATED}};
    static struct ms_set_trial t[MOST];
    for (size_t c = 0; c < sizeof map / sizeof *map; c++) {
        CASE("row %zu", c);
        make(t, map[c].k);
        for (int i = 0; i < map[c].k; i++)
            t[i].df = map[c].df;
        CHECK(find(t, map[c].k) == map[c].method);
        CHECK(t[0].in && t[0].p == 1);
    }
    CHECK(find(t, 0) == MS_SET_NONE);
}

static void test_no_spread(void)
{
    struct ms_set_trial t[] = {
        {.mean = 1, .df = 1, .n = 2}, {.mean = 2, .df = 1, .n = 2}, {.mean = 2, .df = 1, .n = 2}};
    CHECK(find(t, 3) == MS_SET_EXACT);
    CHECK(!t[0].in && t[0].p == 0);
    CHECK(t[1].in && t[2].in && t[2].p == 1);
    // One with spread: the others' is taken for rounding, not for certainty.
    t[0] = (struct ms_set_trial){.mean = 2.0000001, .variance = 1e-2, .df = 1, .n = 2};
    CHECK(find(t, 3) == MS_SET_WELCH);
    CHECK(t[0].in && t[1].in);
    // Most without: the middle of those that have some counts.
    for (int i = 1; i < 3; i++)
        t[i].mean = -1e6;
    CHECK(find(t, 3) == MS_SET_WELCH && !t[1].in);
}

// In any order of the trials the same set, and equal trials alike.
static void test_order(void)
{
    struct ms_set_trial a[64], b[64];
    make(a, 64);
    a[1] = a[0];
    for (int i = 0; i < 64; i++)
        b[i] = a[63 - i];
    find(a, 64);
    find(b, 64);
    CHECK(a[0].p == a[1].p);
    for (int i = 0; i < 64; i++)
        CHECK(a[i].in == b[63 - i].in && fabs(a[i].p - b[63 - i].p) < 1e-9);
}

int main(void)
{
    test_welch();
    test_moderated();
    test_many();
    test_map();
    test_no_spread();
    test_order();
    return check_done();
}
