// SPDX-License-Identifier: MIT
//
// The winner of a store: the trial that ranks first, with its point.
#include "run_fixture.h"

static void test_none(void)
{
    struct ms_run run = begin("none.db");
    struct ms_winner w = {0};
    bool has = true;
    struct ms_trial_rank best = {.n = 7};
    OK(ms_winner_best(&run, &best, &err));
    CHECK_INT(best.n, 0);
    OK(ms_winner_find(&run, &w, &has, &err));
    CHECK(!has);
    put_trial(run.store, 0, 0, 0.01, 0, EXECUTIONS); // failed ones are no winners
    OK(ms_store_running(run.store, 0, 0, 1, &err));
    put_end(run.store, 0, 0, MS_END_CRASHED, true, 0, 2, "signal 11");
    OK(ms_winner_best(&run, &best, &err));
    CHECK_INT(best.n, 0);
    OK(ms_winner_find(&run, &w, &has, &err));
    CHECK(!has);
    ms_winner_clear(&w);
    OK(ms_store_close(run.store, &err));
}

// Trial 1 has the best execution, trial 2 the best mean.
static void test_best(void)
{
    struct ms_run run = begin("best.db");
    struct ms_winner w = {0};
    bool has = false;
    struct ms_trial_rank best;
    put(run.store, 0, 0.5, 0.5, 0.5);
    put(run.store, 1, 0.25, 0.9375, 0.25);
    put(run.store, 2, 0.75, 0.75, 0.8125);
    OK(ms_winner_best(&run, &best, &err));
    CHECK(best.n == EXECUTIONS && best.trial == 2);
    CHECK_NEAR(best.mean, 2.3125 / 3, 1e-15);
    OK(ms_winner_find(&run, &w, &has, &err));
    CHECK(has && w.trial == 2);
    CHECK(w.point[0] == 0 && w.point[1] == 0.001 * 3 && w.point[2] == 1);
    ms_winner_clear(&w);
    OK(ms_winner_of(&run, 1, &w, &err));
    CHECK(w.trial == 1 && w.point[0] == 1);
    ms_winner_clear(&w);
    CHECK_INT(ms_winner_of(&run, 9, &w, &err), MS_ESTATE);
    ms_winner_clear(&w);
    OK(ms_store_close(run.store, &err));
}

int main(void)
{
    run_init(SWEEP("w", 2, MAXIMIZE));
    test_none();
    test_best();
    run_clear();
    return check_done();
}
