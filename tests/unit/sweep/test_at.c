// SPDX-License-Identifier: MIT
//
// The epoch that counts, of curves worked out by hand.
#include "mlpsweep/at.h"

#include <math.h>

#include "check.h"

static void check(enum ms_at at, bool maximize, const double *curve, int n, int epoch)
{
    struct ms_at_watch w = {.at = at, .maximize = maximize};
    int last = 0;
    for (int e = 1; e <= n; e++)
        if (ms_at_next(&w, e, curve[e - 1]))
            last = e;
    CHECK_INT(w.epoch, epoch);
    if (epoch) {
        CHECK(w.value == curve[epoch - 1]);
        CHECK_INT(last, epoch); // whoever keeps the weights whenever told has those of the epoch
    }
}

// Means over 3 epochs: the epoch that is the last of its window, and the mean by hand.
static void check_mean(enum ms_at at, bool maximize, const double *curve, int n, int epoch,
                       double mean)
{
    struct ms_at_watch w = {.at = at, .maximize = maximize, .window = 3};
    for (int e = 1; e <= n; e++)
        ms_at_next(&w, e, curve[e - 1]);
    CHECK_INT(w.epoch, epoch);
    if (epoch)
        CHECK_NEAR(w.value, mean, 1e-15);
}

static void test_means(void)
{
    static const double curve[] = {9, 1, 2, 3, 4, 8, 6, 1, 2, 3};
    check_mean(MS_AT_BEST_MEAN, true, curve, 10, 7, 6); // not the 9 of an epoch alone
    check_mean(MS_AT_BEST_MEAN, false, curve, 10, 4, 2);
    check_mean(MS_AT_LAST_MEAN, true, curve, 10, 10, 2);
    check_mean(MS_AT_BEST_MEAN, true, curve, 2, 2, 5); // fewer than a window: all of them
    check_mean(MS_AT_LAST_MEAN, true, curve, 1, 1, 9);
    check_mean(MS_AT_BEST_MEAN, true, curve, 3, 3, 4);
    static const double holes[] = {1, 2, NAN, 4, 5, 6, INFINITY};
    check_mean(MS_AT_BEST_MEAN, true, holes, 7, 6, 5);
    check_mean(MS_AT_LAST_MEAN, true, holes, 6, 6, 5);
    check_mean(MS_AT_LAST_MEAN, true, holes, 7, 0, NAN);
    check_mean(MS_AT_BEST_MEAN, true, holes, 3, 0, NAN);
    check_mean(MS_AT_BEST_MEAN, true, holes, 5, 0, NAN);
}

int main(void)
{
    test_means();
    static const double curve[] = {3, 1, 2, 1, 5, NAN, 4};
    static const double ends[] = {3, NAN}, infinite[] = {INFINITY, 7, -INFINITY};
    check(MS_AT_BEST, false, curve, 7, 2); // of equal ones the first
    check(MS_AT_BEST, true, curve, 7, 5);
    check(MS_AT_LAST, true, curve, 7, 7);
    check(MS_AT_LAST, false, ends, 2, 0);
    check(MS_AT_BEST, false, ends, 2, 1);
    check(MS_AT_BEST, false, infinite, 3, 2);
    check(MS_AT_BEST, true, infinite, 3, 2);
    check(MS_AT_BEST, true, infinite, 1, 0);
    check(MS_AT_LAST, true, infinite, 1, 0);
    return check_done();
}
