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

int main(void)
{
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
