// SPDX-License-Identifier: MIT
//
// Hyperband's brackets against the paper's table, in the plan and in a whole search.
#include "tests/unit/study/study_fixture.h"

// Li et al. 2018, table 1: R = 81, eta = 3.
static void test_table_1(void)
{
    static const int n[5][5] = {{81, 27, 9, 3, 1}, {27, 9, 3, 1}, {9, 3, 1}, {6, 2}, {5}};
    static const int r[5][5] = {{1, 3, 9, 27, 81}, {3, 9, 27, 81}, {9, 27, 81}, {27, 81}, {81}};
    const double arg[MS_MAX_ARGS] = {3, 1};
    for (int b = 0; b < 10; b++) {
        CASE("bracket %d", b);
        struct ms_bracket_plan p;
        ms_scheduler_hyperband.bracket(arg, 81, 1 << 30, b, &p);
        CHECK_INT(p.n_rungs, 5 - b % 5);
        int64_t left = p.trials;
        for (int i = 0; i < p.n_rungs; i++, left = ms_scheduler_rung_keep(left, p.eta)) {
            CHECK_INT(left, n[b % 5][i]);
            CHECK_INT(p.epochs[i], r[b % 5][i]);
        }
    }
    struct world w = {
        .search = "\"method\": \"random\", \"max_trials\": 128, \"scheduler\": \"hyperband\"",
        .epochs = "81",
        .workers = 7,
        .loss = plain};
    struct outcome *o = run(&w);
    CHECK_INT(o->trials, 128);
    for (int b = 0, first = 0; b < 5; first += n[b++][0])
        for (int i = 0; i < 5 - b; i++) {
            int reached = 0;
            for (int t = first; t < first + n[b][0]; t++)
                reached += o->course[t][0].n_parts > i;
            CHECK_THAT(reached == n[b][i], "bracket %d, rung %d: %d trials, not %d", b, i, reached,
                       n[b][i]);
        }
    free(o);
}

int main(void)
{
    test_table_1();
    return check_done();
}
