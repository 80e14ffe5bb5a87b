// SPDX-License-Identifier: MIT
//
// The brackets of successive halving by hand; test_study_rungs.c has whole searches.
#include "check.h"
#include "coordinator/study/scheduler.h"

static void check_plan(double eta, double min_epochs, double trials, int max_epochs,
                       int64_t wanted_trials, const int *epochs, int n_rungs)
{
    const double arg[MS_MAX_ARGS] = {eta, min_epochs, trials};
    for (int b = 0; b < 3; b++) { // all brackets are alike
        CASE("eta %g, %g epochs first, %g trials, bracket %d", eta, min_epochs, trials, b);
        struct ms_bracket_plan p;
        ms_scheduler_successive_halving.bracket(arg, max_epochs, 500, b, &p);
        CHECK_INT(p.trials, wanted_trials);
        CHECK_INT(p.n_rungs, n_rungs);
        for (int i = 0; i < n_rungs && i < p.n_rungs; i++)
            CHECK_INT(p.epochs[i], epochs[i]);
        CHECK(p.eta == eta);
    }
}

int main(void)
{
    check_plan(3, 1, 0, 27, 500, (const int[]){1, 3, 9, 27}, 4);    // 0: all trials of the sweep
    check_plan(3, 1, 12, 10, 12, (const int[]){1, 3, 9, 10}, 4);    // the last rung is all epochs
    check_plan(2, 5, 12, 5, 12, (const int[]){5}, 1);               // no room for a lower rung
    check_plan(2, 50, 12, 5, 12, (const int[]){5}, 1);              // min_epochs beyond the end
    check_plan(2.5, 2, 12, 20, 12, (const int[]){2, 5, 12, 20}, 4); // 12.5 epochs are 12
    CHECK(!ms_scheduler_successive_halving.asynchronous && !ms_scheduler_successive_halving.median);
    return check_done();
}
