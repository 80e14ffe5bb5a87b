// SPDX-License-Identifier: MIT
//
// The median of the latest ratios, held against a slow one that sorts them all.
#include "coordinator/run/pace.h"

#include "check.h"
#include "mlpsweep/compare.h"

enum { MEASUREMENTS = 500 };

static void test_median(void)
{
    struct ms_pace p = {0};
    double all[MEASUREMENTS], latest[MS_PACE_MOST];
    unsigned random = 1;
    CHECK_NEAR(ms_pace_ratio(&p), 1, 0); // nothing measured
    for (int i = 0; i < MEASUREMENTS; i++) {
        random = random * 1664525u + 1013904223u;
        all[i] = 0.5 + (random >> 24) / 64.0; // few values: equal ones occur
        ms_pace_add(&p, 3 * all[i], 3);
        const int n = i + 1 < MS_PACE_MOST ? i + 1 : MS_PACE_MOST;
        memcpy(latest, all + i + 1 - n, (size_t)n * sizeof *latest);
        qsort(latest, (size_t)n, sizeof *latest, ms_compare_double);
        CHECK_INT(p.n, n);
        CHECK_THAT(ms_pace_ratio(&p) == latest[n / 2], "after %d: %g, not %g", i + 1,
                   ms_pace_ratio(&p), latest[n / 2]);
    }
}

static void test_nonsense(void)
{
    struct ms_pace p = {0};
    ms_pace_add(&p, 0, 1);
    ms_pace_add(&p, -1, 1);
    ms_pace_add(&p, NAN, 1);
    ms_pace_add(&p, INFINITY, 1);
    ms_pace_add(&p, 1, 0);
    ms_pace_add(&p, 0, 0);
    CHECK_INT(p.n, 0);
    ms_pace_add(&p, 1, 4);
    CHECK_NEAR(ms_pace_ratio(&p), 0.25, 0);
}

int main(void)
{
    test_median();
    test_nonsense();
    return check_done();
}
