// SPDX-License-Identifier: MIT
//
// The median stopping rule by hand.
#include <math.h>

#include "check.h"
#include "coordinator/study/scheduler.h"

// The medians, by hand.
static void test_median(void)
{
    const double arg[MS_MAX_ARGS] = {2, 2, 3}; // start_epoch, interval, min_trials
    struct ms_median *m = NULL;
    struct ms_error err = {0};
    double limit[10];
    REQUIRE(ms_scheduler_median_new(arg, 7, &m, &err) == 0);
    const double a[] = {9, 5, 4, 3, 3, 3, 3}, b[] = {9, 7, 6, 6}, c[] = {9, 1, NAN};
    REQUIRE(ms_scheduler_median_add(m, a, 7, true, &err) == 0 &&
            ms_scheduler_median_add(m, b, 4, true, &err) == 0);
    CHECK_INT(ms_scheduler_median_limits(m, limit, 6), 0); // too few
    REQUIRE(ms_scheduler_median_add(m, c, 3, false, &err) == 0);
    CHECK_INT(ms_scheduler_median_limits(m, limit, 6),
              2); // c was stopped at 3: two are left at 4 and 6
    CHECK(limit[1] == 5 && isnan(limit[0]) && isnan(limit[3]) && isnan(limit[5]));
    REQUIRE(ms_scheduler_median_add(m, a, 7, true, &err) == 0);
    CHECK_INT(ms_scheduler_median_limits(m, limit, 6), 6);
    CHECK(limit[1] == 5 && limit[3] == 3 && limit[5] == 3 && isnan(limit[2]) && isnan(limit[4]));
    CHECK_INT(ms_scheduler_median_limits(m, limit, 3), 2);
    ms_scheduler_median_free(m);
}

int main(void)
{
    test_median();
    return check_done();
}
