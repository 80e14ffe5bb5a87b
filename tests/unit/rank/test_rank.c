// SPDX-License-Identifier: MIT
#include "coordinator/rank/rank.h"

#include "check.h"

// Scores as rows {trial, value}; the execution number plays no part in ranking.
static struct ms_trial_rank *rank_by(double rows[][2], int n, struct ms_rank_rule rule,
                                     int64_t *n_out)
{
    uint32_t trial[64], execution[64];
    double value[64];
    for (int i = 0; i < n; i++) {
        trial[i] = (uint32_t)rows[i][0];
        execution[i] = (uint32_t)i;
        value[i] = rows[i][1];
    }
    const struct ms_rank_scores sc = {
        .n = n, .trial = trial, .execution = execution, .value = value};
    struct ms_trial_rank *r = NULL;
    struct ms_error err = {0};
    REQUIRE(ms_rank(&sc, &rule, &r, n_out, &err) == 0);
    return r;
}

static struct ms_trial_rank *rank_rows(double rows[][2], int n, bool maximize, enum ms_by by,
                                       int64_t *n_out)
{
    return rank_by(
        rows, n,
        (struct ms_rank_rule){.maximize = maximize, .by = by, .failures = MS_FAILURES_WORST},
        n_out);
}

static void test_order_and_ties(void)
{
    double rows[][2] = {{4, 0.91}, {4, 0.93}, {4, 0.92}, {7, 0.80}, {7, 0.90}, {7, 0.82},
                        {1, 0.50}, {1, 0.52}, {1, 0.51}, {9, 0.93}, {9, 0.90}, {9, 0.915}};
    int64_t n;
    struct ms_trial_rank *r = rank_rows(rows, 12, true, MS_BY_MEAN, &n);
    CHECK_INT(n, 4);
    CHECK_INT(r[0].trial, 4);
    CHECK_INT(r[1].trial, 9);
    CHECK_INT(r[2].trial, 7);
    CHECK_INT(r[3].trial, 1);
    CHECK_NEAR(r[0].mean, 0.92, 1e-14);
    CHECK(r[0].key == r[0].mean);
    // One-sided Welch (scipy): 9: 0.32976, 7: 0.05772, 1: 4.706e-7. The last is screened out, times
    // 3 comparisons over a tenth of the level; of the others the maximum is below the union bound.
    CHECK(r[1].p > 0.32976 / 0.8 && r[1].p < 2 * 0.32976 / 0.8);
    CHECK(r[2].p > 0.05772 / 0.8 && r[2].p < 2 * 0.05772 / 0.8);
    CHECK_NEAR(r[3].p, 30 * 4.70604350742961e-7, 1e-12);
    CHECK(r[0].p == 1 && r[0].method == MS_SET_WELCH);
    CHECK(r[0].tied && r[1].tied && r[2].tied && !r[3].tied);
    free(r);
    // Two trials: one comparison, 0.02023 one-sided, at four fifths of the level.
    double close[][2] = {{0, 0.91}, {0, 0.92}, {0, 0.93}, {1, 0.88}, {1, 0.89}, {1, 0.905}};
    r = rank_rows(close, 6, true, MS_BY_MEAN, &n);
    CHECK_NEAR(r[1].p, 0.0202333750742604 / 0.8, 1e-9);
    CHECK(!r[1].tied);
    free(r);
    struct ms_rank_rule rule = {.maximize = true, .level = 0.01};
    r = rank_by(close, 6, rule, &n);
    CHECK(r[1].tied);
    free(r);
    rule.order_only = true;
    r = rank_by(close, 6, rule, &n);
    CHECK(r[1].tied && isnan(r[1].p) && r[1].method == MS_SET_NONE);
    free(r);
    r = rank_rows(rows, 12, false, MS_BY_MEAN, &n);
    CHECK_INT(r[0].trial, 1);
    CHECK(!r[1].tied && !r[3].tied);
    free(r);
}

static void test_keys(void)
{
    // Trial 0: best mean. 1: best median. 2: best worst. All of three executions.
    double rows[][2] = {{0, 0.70}, {0, 0.90}, {0, 0.99}, {1, 0.10}, {1, 0.95},
                        {1, 0.96}, {2, 0.80}, {2, 0.81}, {2, 0.82}, {3, 0.97}};
    static const struct {
        enum ms_by by;
        uint32_t maximal, minimal;
    } wanted[] = {{MS_BY_MEAN, 3, 1},
                  {MS_BY_MEDIAN, 3, 2},
                  {MS_BY_WORST, 3, 2},        // minimize: the smallest maximum
                  {MS_BY_LOWER_BOUND, 2, 2}}; // trial 3 has no bound: last
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        int64_t n;
        CASE("by row %zu", i);
        struct ms_trial_rank *r = rank_rows(rows, 10, true, wanted[i].by, &n);
        CHECK_INT(r[0].trial, wanted[i].maximal);
        if (wanted[i].by == MS_BY_LOWER_BOUND)
            CHECK(r[3].trial == 3 && isnan(r[3].key));
        free(r);
        r = rank_rows(rows, 10, false, wanted[i].by, &n);
        CHECK_INT(r[0].trial, wanted[i].minimal);
        free(r);
    }
    double worst[][2] = {{0, 0.5}, {0, 0.9}, {1, 0.6}, {1, 0.61}};
    int64_t n;
    struct ms_trial_rank *r = rank_rows(worst, 4, true, MS_BY_WORST, &n);
    CHECK(r[0].trial == 1 && r[0].key == 0.6);
    free(r);
}

static void test_not_finite(void)
{
    double rows[][2] = {{0, NAN}, {0, NAN},      {1, 0.5},      {1, NAN},
                        {2, 0.4}, {3, INFINITY}, {1, -INFINITY}};
    int64_t n;
    struct ms_trial_rank *r = rank_rows(rows, 7, true, MS_BY_MEAN, &n);
    CHECK_INT(n, 4);
    CHECK(r[0].trial == 2 && r[0].n == 1 && r[0].n_failed == 0 && r[0].tied);
    CHECK(r[1].trial == 1 && r[1].n == 1 && r[1].n_failed == 2 && r[1].mean == 0.5);
    CHECK(isnan(r[1].sd) && isnan(r[1].lo) && isnan(r[1].p) && !r[1].tied); // it is not compared
    CHECK(r[2].trial == 0 && r[2].n == 0 && r[2].n_failed == 2 && isnan(r[2].mean) && !r[2].tied);
    CHECK(r[3].trial == 3 && r[3].n == 0);
    free(r);
    r = rank_by(rows, 7, (struct ms_rank_rule){.maximize = true, .failures = MS_FAILURES_IGNORE},
                &n);
    CHECK(r[0].trial == 1 && r[0].n == 1 && r[0].n_failed == 2);
    CHECK(r[1].trial == 2 && r[1].tied &&
          isnan(r[1].p)); // one execution each: nothing is told apart
    CHECK(r[2].trial == 0 && r[3].trial == 3);
    free(r);
    r = rank_rows(rows, 2, true, MS_BY_MEAN, &n); // nothing finite at all
    CHECK(n == 1 && r[0].n == 0 && !r[0].tied);
    free(r);
    r = rank_rows(rows, 0, true, MS_BY_MEAN, &n);
    CHECK(n == 0);
    free(r);
}

// Trial 1 has the best value, and no other: whatever the statistic, it stands behind. Those with
// failures are ordered by their share (2: a quarter, 1 and 4: three quarters), then by value, then
// by number.
static void test_failures(void)
{
    double rows[][2] = {{1, 0.1}, {1, NAN}, {1, NAN}, {1, NAN}, {2, 0.3}, {2, 0.3},
                        {2, 0.3}, {2, NAN}, {3, 0.9}, {3, 0.9}, {4, 0.1}, {4, NAN},
                        {4, NAN}, {4, NAN}, {5, NAN}, {0, 0.2}, {0, NAN}};
    static const uint32_t worst[] = {3, 2, 0, 1, 4, 5}, ignore[] = {1, 4, 0, 2, 3, 5};
    int64_t n;
    for (enum ms_by by = MS_BY_MEAN; by <= MS_BY_LOWER_BOUND; by++) {
        CASE("by %d", by);
        struct ms_trial_rank *r = rank_rows(rows, 17, false, by, &n);
        REQUIRE(n == 6);
        for (int i = 0; i < 6; i++)
            CHECK_INT(r[i].trial, worst[i]);
        CHECK(r[0].failed == 0 && r[1].failed == 0.25 && r[2].failed == 0.5 && r[5].failed == 1);
        CHECK(r[1].n == 3 && r[1].n_failed == 1 && !r[1].tied && isnan(r[1].p));
        free(r);
        if (by == MS_BY_LOWER_BOUND) // single values have none
            continue;
        r = rank_by(rows, 17, (struct ms_rank_rule){.by = by, .failures = MS_FAILURES_IGNORE}, &n);
        for (int i = 0; i < 6; i++)
            CHECK_INT(r[i].trial, ignore[i]);
        CHECK(r[0].failed == 0 && r[5].failed == 1);
        free(r);
    }
}

// Equal keys: the smaller number first, in both directions, and equal trials are tied.
static void test_equal(void)
{
    double rows[][2] = {{5, 0.5}, {5, 0.5}, {2, 0.5}, {2, 0.5}, {8, 0.4}, {8, 0.4}};
    int64_t n;
    for (int maximize = 0; maximize < 2; maximize++) {
        struct ms_trial_rank *r = rank_rows(rows, 6, maximize, MS_BY_MEAN, &n);
        const int64_t first = maximize ? 0 : 1;
        CHECK(r[first].trial == 2 && r[first + 1].trial == 5);
        if (maximize)
            CHECK(r[1].tied && r[1].p == 1 && !r[2].tied && r[2].p == 0);
        free(r);
    }
}

// Whatever order executions finish in, the ranking has the same bits.
static void test_permutation(void)
{
    double rows[48][2], again[48][2];
    uint64_t x = 12345;
    for (int i = 0; i < 48; i++) {
        x = x * 6364136223846793005u + 1442695040888963407u;
        rows[i][0] = i % 12;
        rows[i][1] = i == 17 ? NAN : (double)(x >> 11) * 0x1p-53 * (i % 5 ? 1 : 1e8);
    }
    for (int maximize = 0; maximize < 2; maximize++)
        for (enum ms_by by = MS_BY_MEAN; by <= MS_BY_LOWER_BOUND; by++) {
            int64_t n, m;
            struct ms_trial_rank *a = rank_rows(rows, 48, maximize, by, &n);
            for (int round = 0; round < 20; round++) {
                memcpy(again, rows, sizeof rows);
                for (int i = 47; i > 0; i--) {
                    x = x * 6364136223846793005u + 1442695040888963407u;
                    const int j = (int)((x >> 33) % (unsigned)(i + 1));
                    double t[2];
                    memcpy(t, again[i], sizeof t);
                    memcpy(again[i], again[j], sizeof t);
                    memcpy(again[j], t, sizeof t);
                }
                struct ms_trial_rank *b = rank_rows(again, 48, maximize, by, &m);
                CHECK_INT(m, n);
                for (int64_t i = 0; i < n; i++)
                    CHECK(a[i].trial == b[i].trial && a[i].tied == b[i].tied &&
                          memcmp(&a[i].mean, &b[i].mean, sizeof(double)) == 0 &&
                          memcmp(&a[i].p, &b[i].p, sizeof(double)) == 0 &&
                          memcmp(&a[i].lo, &b[i].lo, sizeof(double)) == 0);
                free(b);
            }
            free(a);
        }
}

// Executions are folds, of which the third is hard: within folds trial 1 is better every time.
static void test_folds(void)
{
    double rows[3 * 20][2];
    for (int i = 0; i < 3; i++)
        for (int e = 0; e < 20; e++) {
            rows[20 * i + e][0] = i;
            rows[20 * i + e][1] = 0.01 * i + 0.2 * (e % 5 == 2) + 0.001 * ((7 * e + 3 * i) % 4);
        }
    int64_t n;
    struct ms_rank_rule rule = {0};
    struct ms_trial_rank *r = rank_by(rows, 60, rule, &n);
    CHECK(r[0].trial == 0 && r[1].tied && r[2].tied);
    const double sd = r[0].sd;
    free(r);
    rule.folds = 5;
    r = rank_by(rows, 60, rule, &n);
    CHECK(r[0].trial == 0 && !r[1].tied && !r[2].tied);
    CHECK(r[0].sd == sd); // what is shown stays what was measured
    free(r);
}

// Accuracies of two executions that agree, on 91 rows: neither the interval nor the verdict takes
// that for certainty. Without rows they are all that is known.
static void test_rows(void)
{
    double rows[][2] = {{0, 90. / 91}, {0, 90. / 91}, {1, 89. / 91}, {1, 89. / 91}};
    int64_t n;
    struct ms_rank_rule rule = {.maximize = true, .bounds = {0, 1, 91}};
    struct ms_trial_rank *r = rank_by(rows, 4, rule, &n);
    CHECK(r[1].tied && r[1].method == MS_SET_WELCH);
    CHECK(r[0].lo < 0.95 && r[0].hi > 0.995 && r[0].hi < 1 && r[0].sd == 0);
    const double lo = r[0].lo;
    free(r);
    rule.folds = 2; // twice the rows
    r = rank_by(rows, 4, rule, &n);
    CHECK(r[0].lo > lo);
    free(r);
    r = rank_by(rows, 4, (struct ms_rank_rule){.maximize = true, .bounds = {0, 1, 0}}, &n);
    CHECK(!r[1].tied && r[1].method == MS_SET_EXACT && r[0].lo == r[0].hi);
    free(r);
    // The key of lower_bound is Student's, as in the store's views.
    double wide[][2] = {{0, 0.9}, {0, 1}, {0, 1}};
    rule = (struct ms_rank_rule){.maximize = true, .by = MS_BY_LOWER_BOUND, .bounds = {0, 1, 91}};
    r = rank_by(wide, 3, rule, &n);
    CHECK_NEAR(r[0].key, r[0].mean - 4.302652729749464 * r[0].se, 1e-12);
    CHECK(r[0].hi < 1 && r[0].lo != r[0].key);
    free(r);
}

int main(void)
{
    test_folds();
    test_rows();
    test_order_and_ties();
    test_keys();
    test_not_finite();
    test_failures();
    test_equal();
    test_permutation();
    return check_done();
}
