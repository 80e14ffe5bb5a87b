// SPDX-License-Identifier: MIT
//
// Pure functions, without memory of their own. Shares of failures are compared as doubles: equal
// fractions give equal bits, as division rounds the same number the same way, here and in SQLite.
#include "worth.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>

#define MEMBER(name) offsetof(struct ms_moments, name)
static const struct {
    size_t minimize, maximize;
} keys[] = {[MS_BY_MEAN] = {MEMBER(mean), MEMBER(mean)},
            [MS_BY_MEDIAN] = {MEMBER(median), MEMBER(median)},
            [MS_BY_WORST] = {MEMBER(max), MEMBER(min)},
            [MS_BY_LOWER_BOUND] = {MEMBER(hi), MEMBER(lo)}};
static_assert(sizeof keys / sizeof *keys == MS_N_BY, "every objective.by has its key");

double ms_worth_key(const struct ms_moments *m, bool maximize, enum ms_by by)
{
    const size_t at = maximize ? keys[by].maximize : keys[by].minimize;
    return *(const double *)((const char *)m + at);
}

double ms_worth_failed(int64_t n, int64_t n_failed, enum ms_failures failures)
{
    if (n == 0)
        return 1;
    return failures == MS_FAILURES_IGNORE ? 0 : (double)n_failed / (double)(n + n_failed);
}

static int compare_numbers(double a, double b, bool maximize)
{
    if (isnan(a) || isnan(b))
        return isnan(a) - isnan(b);
    const int smaller_first = (a > b) - (a < b);
    return maximize ? -smaller_first : smaller_first;
}

int ms_worth_compare(const struct ms_worth *a, const struct ms_worth *b, bool maximize)
{
    int c = (a->failed == 1) - (b->failed == 1);
    if (!c)
        c = a->pruned - b->pruned;
    if (!c)
        c = compare_numbers(a->failed, b->failed, false);
    if (!c)
        c = compare_numbers(a->key, b->key, maximize);
    if (!c)
        c = compare_numbers(a->mean, b->mean, maximize);
    return c ? c : (a->trial > b->trial) - (a->trial < b->trial);
}

bool ms_worth_comparable(const struct ms_worth *a, const struct ms_worth *b)
{
    return a->failed < 1 && b->failed < 1 && a->pruned == b->pruned &&
           (a->failed > 0) == (b->failed > 0);
}
