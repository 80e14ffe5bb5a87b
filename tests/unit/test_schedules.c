// SPDX-License-Identifier: MIT
#include "check.h"

#include "../../worker/schedules.h"

static double rate(const char *name, double base, uint64_t step, const double *arg)
{
    int row = ms_table_find(&ms_schedule_table, name);
    REQUIRE(row >= 0);
    const struct ms_schedule_at at = {
        .base = base, .step = step, .steps_per_epoch = 10, .epochs = 5};
    return ms_schedule_row(row)->rate(&at, arg);
}

int main(void)
{
    CHECK_STR(ms_table_row(&ms_schedule_table, 0)->name, "constant");
    CHECK_NEAR(rate("constant", 0.3, 1000, NULL), 0.3, 0);

    // initial, decay_steps, decay_rate, staircase
    double slides[MS_MAX_ARGS] = {0.1, 100000, 0.96, 0};
    CHECK_NEAR(rate("exponential", 9, 0, slides), 0.1, 0);
    CHECK_NEAR(rate("exponential", 9, 100000, slides), 0.096, 1e-15);
    CHECK_NEAR(rate("exponential", 9, 50000, slides), 0.1 * sqrt(0.96), 1e-15);
    slides[3] = 1;
    CHECK_NEAR(rate("exponential", 9, 99999, slides), 0.1, 0);
    CHECK_NEAR(rate("exponential", 9, 250000, slides), 0.1 * 0.96 * 0.96, 1e-15);

    // the decay that Keras's SGD once had: rate / (1 + decay·step)
    double decay[MS_MAX_ARGS] = {0.1, 1, 0.1 / 60, 0};
    CHECK_NEAR(rate("inverse_time", 9, 0, decay), 0.1, 0);
    CHECK_NEAR(rate("inverse_time", 9, 600, decay), 0.05, 1e-15);
    double stairs[MS_MAX_ARGS] = {1, 10, 0.5, 1};
    CHECK_NEAR(rate("inverse_time", 9, 19, stairs), 1 / 1.5, 1e-15);
    CHECK_NEAR(rate("inverse_time", 9, 20, stairs), 0.5, 1e-15);
    return check_done();
}
