// SPDX-License-Identifier: MIT
//
// Asha, whose promotions depend on the order of results: what must hold in every order.
#include "tests/unit/study/study_fixture.h"

// One endless bracket with the rungs of successive halving.
static void test_bracket(void)
{
    const double arg[MS_MAX_ARGS] = {3, 1};
    struct ms_bracket_plan p;
    for (int b = 0; b < 2; b++) {
        CASE("bracket %d", b);
        ms_scheduler_asha.bracket(arg, 27, 1000, b, &p);
        CHECK(p.trials == 1000 && p.n_rungs == 4 && p.eta == 3);
        CHECK(p.epochs[0] == 1 && p.epochs[1] == 3 && p.epochs[2] == 9 && p.epochs[3] == 27);
    }
    CHECK(ms_scheduler_asha.asynchronous);
}

// Whatever the order: every trial promoted was, at some time, among the best third; the last rung
// is reached; no trial is lost.
static void test_asha(void)
{
    for (uint32_t seed = 0; seed < 30; seed++) {
        CASE("seed %u", seed);
        struct world w = {
            .search = "\"method\": \"random\", \"max_trials\": 81, \"executions_per_trial\": 2,"
                      "\"scheduler\": \"asha\"",
            .epochs = "27",
            .seed = seed,
            .workers = 1 + (int)seed % 9,
            .loss = plain,
            .end = seed % 2 ? mishaps : NULL,
            .impossible = seed % 4 == 3 ? 6 : 0};
        struct outcome *o = run(&w);
        int at[4] = {0};
        CHECK_INT(o->trials, 81);
        for (uint32_t t = 0; t < o->trials; t++)
            for (int i = 0; i < o->course[t][0].n_parts; i++)
                at[i]++;
        CHECK_THAT(at[1] <= 27 + 9 && at[1] >= 15 && at[2] <= 14 && at[2] >= 4 && at[3] >= 1,
                   "seed %u: %d, %d, %d, %d trials in the rungs", seed, at[0], at[1], at[2], at[3]);
        for (uint32_t t = 0; t < o->trials; t++)
            for (int e = 0; e < 2; e++) {
                const struct course *c = &o->course[t][e];
                const int to = c->n_parts ? c->part[c->n_parts - 1].to : 0;
                if (!w.end)
                    CHECK(c->n_parts == 0 || (to == 0) == (c->pruned_at < 0));
            }
        free(o);
    }
}

// Too few trials for any to reach the top: one does at last, the only one that is not pruned.
static void test_asha_of_few(void)
{
    for (uint32_t trials = 1; trials <= 8; trials++) {
        CASE("%u trials", trials);
        char search[128];
        snprintf(search, sizeof search,
                 "\"method\": \"random\", \"max_trials\": %u, \"scheduler\": \"asha\"", trials);
        struct world w = {
            .search = search, .epochs = "27", .seed = trials, .workers = 3, .loss = falling};
        struct outcome *o = run(&w);
        CHECK_INT(o->trials, (int)trials);
        for (uint32_t t = 0; t < o->trials; t++) {
            const struct course *c = &o->course[t][0];
            const bool best = t == trials - 1; // falling: the later the better
            CHECK_INT(c->n_parts > 0 && c->part[c->n_parts - 1].to == 0, best);
            CHECK_INT(c->pruned_at < 0, best);
        }
        free(o);
    }
}

int main(void)
{
    test_bracket();
    test_asha();
    test_asha_of_few();
    return check_done();
}
