// SPDX-License-Identifier: MIT
#include <stdbool.h>

#include "check.h"
#include "coordinator/plan/forecast.h"

// --- which trials are measured -----------------------------------------------

static void test_probes(void)
{
    struct ms_error err;
    int64_t probe[MS_PROBES_MOST], kinds;
    // Trials 1, 3 and 4 are one kind.
    const double s[] = {5, 2, 9, 2, 2, 7};
    CHECK_INT(ms_forecast_probes(s, 6, probe, &kinds, &err), 4);
    CHECK_INT(kinds, 4);
    CHECK_INT(probe[0], 2); // the dearest
    CHECK_INT(probe[1], 1); // the cheapest, the first of its kind
    bool seen[6] = {0};
    for (int i = 0; i < 4; i++)
        seen[probe[i]] = true;
    CHECK(seen[0] && seen[1] && seen[2] && seen[5]);

    enum { MANY = 1000 };
    static double many[MANY];
    for (int i = 0; i < MANY; i++)
        many[i] = 1 + (i * 7919) % MANY; // 1 … 1,000 in some order
    CHECK_INT(ms_forecast_probes(many, MANY, probe, &kinds, &err), MS_PROBES_MOST);
    CHECK_INT(kinds, MANY);
    CHECK(many[probe[0]] == MANY && many[probe[1]] == 1);
    CHECK_NEAR(many[probe[2]], MANY / 2.0, 0.01);
    // Stopped after five, no quarter is without.
    CHECK_NEAR(many[probe[3]] + many[probe[4]], MANY, 0.01);
    for (int i = 0; i < MS_PROBES_MOST; i++)
        for (int k = 0; k < i; k++)
            CHECK(probe[i] != probe[k]);

    CHECK_INT(ms_forecast_probes(s, 1, probe, &kinds, &err), 1);
    CHECK_INT(ms_forecast_probes(s, 0, probe, &kinds, &err), 0);
    CHECK_INT(kinds, 0);
}

// --- calibration -------------------------------------------------------------

static void test_calibration(void)
{
    struct ms_calibration c = {0};
    CHECK(ms_forecast_calibrated(&c, 3) == 3); // nothing measured
    ms_forecast_calibration_add(&c, 4, 8);
    CHECK(ms_forecast_calibrated(&c, 1) == 2 && ms_forecast_calibrated(&c, 100) == 200);
    ms_forecast_calibration_add(&c, 1, 0.5); // in any order
    CHECK_NEAR(ms_forecast_calibrated(&c, 1), 0.5, 1e-12);
    CHECK_NEAR(ms_forecast_calibrated(&c, 4), 8, 1e-12);
    CHECK_NEAR(ms_forecast_calibrated(&c, 0.1), 0.05, 1e-12);
    CHECK_NEAR(ms_forecast_calibrated(&c, 40), 80, 1e-12);
    CHECK_NEAR(ms_forecast_calibrated(&c, 2), 2,
               1e-12); // half way from 1 to 4: between ratios 1/2 and 2
    ms_forecast_calibration_add(&c, 2, 6);
    CHECK_NEAR(ms_forecast_calibrated(&c, 2), 6, 1e-12);
    CHECK(ms_forecast_calibrated(&c, 1.5) > 0.5 * 1.5 && ms_forecast_calibrated(&c, 1.5) < 3 * 1.5);
    ms_forecast_calibration_add(&c, 0, 1); // no cost expected: no ratio
    ms_forecast_calibration_add(&c, 1, NAN);
    CHECK_INT(c.n, 3);
    CHECK(ms_forecast_calibrated(&c, 0) == 0);
    for (int i = 0; i < 2 * MS_PROBES_MOST; i++)
        ms_forecast_calibration_add(&c, 10 + i, 10);
    CHECK_INT(c.n, MS_PROBES_MOST);
}

// --- the wall time -----------------------------------------------------------

static double makespan(const double *seconds, int64_t n, int workers)
{
    struct ms_error err;
    double out = -1, s[8];
    for (int64_t i = 0; i < n; i++)
        s[i] = seconds[i];
    CHECK_INT(ms_forecast_makespan(s, n, workers, &out, &err), 0);
    return out;
}

static void test_makespan(void)
{
    const double s[] = {1, 2, 3, 4, 6};
    CHECK(makespan(s, 5, 1) == 16);
    CHECK(makespan(s, 5, 2) == 8);    // 6 + 2, 4 + 3 + 1
    CHECK(makespan(s, 5, 3) == 6);    // 6, 4 + 1, 3 + 2; a third of the total would be 5.3
    CHECK(makespan(s, 5, 1000) == 6); // no faster than the longest
    CHECK(makespan(s, 0, 2) == 0);
    // Graham's example of LPT at its worst: 11 where 9 would do.
    const double worst[] = {3, 5, 3, 4, 5, 4, 3};
    CHECK(makespan(worst, 7, 3) == 11);
}

int main(void)
{
    test_probes();
    test_calibration();
    test_makespan();
    return check_done();
}
