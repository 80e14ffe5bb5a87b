// SPDX-License-Identifier: MIT
//
// The rule by which trials are ordered, one reason after the other.
#include "coordinator/rank/worth.h"

#include <math.h>

#include "check.h"

// In the order of a ranking that minimizes.
static const struct ms_worth in_order[] = {
    {.trial = 7, .failed = 0, .key = 1, .mean = 5},
    {.trial = 3, .failed = 0, .key = 2, .mean = 1}, // the mean decides between equal keys
    {.trial = 2, .failed = 0, .key = 2, .mean = 4},
    {.trial = 4, .failed = 0, .key = 2, .mean = 4},   // then the number
    {.trial = 9, .failed = 0, .key = NAN, .mean = 0}, // no key: a bound of one execution
    {.trial = 8, .failed = 0.25, .key = 0, .mean = 0},
    {.trial = 1, .failed = 0.5, .key = -1, .mean = 0},
    {.trial = 6, .failed = 0, .pruned = true, .key = -9, .mean = -9},
    {.trial = 5, .failed = 0.5, .pruned = true, .key = -9, .mean = -9},
    {.trial = 0, .failed = 1, .key = NAN, .mean = NAN}, // no result
    {.trial = 10, .failed = 1, .key = NAN, .mean = NAN},
};
enum { N = sizeof in_order / sizeof *in_order };

static void test_compare(void)
{
    for (int i = 0; i < N; i++)
        for (int k = 0; k < N; k++) {
            CASE("%d and %d", i, k);
            const int c = ms_worth_compare(&in_order[i], &in_order[k], false);
            CHECK_INT((c > 0) - (c < 0), (i > k) - (i < k));
        }
    const struct ms_worth large = {.trial = 1, .key = 2}, small = {.trial = 0, .key = 1};
    CHECK(ms_worth_compare(&large, &small, true) < 0 &&
          ms_worth_compare(&large, &small, false) > 0);
    // Fewer failures are better in both directions.
    const struct ms_worth failed = {.trial = 0, .failed = 0.5, .key = 9};
    CHECK(ms_worth_compare(&large, &failed, true) < 0);
}

static void test_failed(void)
{
    CHECK(ms_worth_failed(4, 0, MS_FAILURES_WORST) == 0);
    CHECK(ms_worth_failed(1, 3, MS_FAILURES_WORST) == 0.75);
    CHECK(ms_worth_failed(2, 4, MS_FAILURES_WORST) == ms_worth_failed(1, 2, MS_FAILURES_WORST));
    CHECK(ms_worth_failed(1, 3, MS_FAILURES_IGNORE) == 0);
    CHECK(ms_worth_failed(0, 3, MS_FAILURES_IGNORE) == 1);
    CHECK(ms_worth_failed(0, 0, MS_FAILURES_WORST) == 1);
}

static void test_key(void)
{
    const struct ms_moments m = {.mean = 1, .lo = 2, .hi = 3, .min = 4, .median = 5, .max = 6};
    CHECK(ms_worth_key(&m, true, MS_BY_MEAN) == 1 && ms_worth_key(&m, false, MS_BY_MEAN) == 1);
    CHECK(ms_worth_key(&m, true, MS_BY_MEDIAN) == 5);
    CHECK(ms_worth_key(&m, true, MS_BY_WORST) == 4 && ms_worth_key(&m, false, MS_BY_WORST) == 6);
    CHECK(ms_worth_key(&m, true, MS_BY_LOWER_BOUND) == 2);
    CHECK(ms_worth_key(&m, false, MS_BY_LOWER_BOUND) == 3);
}

static void test_comparable(void)
{
    const struct ms_worth *w = in_order;
    CHECK(ms_worth_comparable(&w[0], &w[4]));  // both whole
    CHECK(ms_worth_comparable(&w[5], &w[6]));  // failures in both
    CHECK(!ms_worth_comparable(&w[0], &w[5])); // in one
    CHECK(!ms_worth_comparable(&w[0], &w[7]) && !ms_worth_comparable(&w[9], &w[10]));
}

int main(void)
{
    test_compare();
    test_failed();
    test_key();
    test_comparable();
    return check_done();
}
