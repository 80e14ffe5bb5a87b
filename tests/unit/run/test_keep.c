// SPDX-License-Identifier: MIT
//
// The best trials so far, and whose weights the store has: of the best k and of those that have not
// ended, whatever the order in which trials end.
#include "coordinator/run/keep.h"
#include "run_fixture.h"

static const char *models(struct ms_run *run, const char *name)
{
    OK(ms_store_commit(run->store, &err));
    return ask(in_folder(name), "SELECT coalesce(group_concat(number || ':' || execution), '') FROM"
                                " (SELECT * FROM model JOIN trial USING (trial_id) ORDER BY number,"
                                " execution)");
}

static void take(struct ms_keep *k, struct ms_run *run, uint32_t trial, uint32_t execution,
                 double objective)
{
    uint8_t bytes[4] = {1, 2, 3, 4};
    const struct ms_trained t = {.epoch = 1, .objective = objective, .n = 1, .bytes = bytes};
    OK(ms_keep_take(k, run, trial, execution, &t, &err));
}

// Whatever the order in which trials end, the best are those that rank first: among equal ones the
// smaller number, and behind them one whose other executions failed.
static void test_order(void)
{
    static const uint32_t orders[][4] = {{0, 1, 2, 3}, {3, 2, 1, 0}, {2, 0, 3, 1}};
    struct ms_run run = begin("order.db");
    put(run.store, 1, 0.75, 0.75, 0.75);
    put(run.store, 2, 0.75, 0.75, 0.75);
    put(run.store, 0, 0.5, 0.5, 0.5);
    put_trial(run.store, 3, 1, 0.5, 1, EXECUTIONS);
    put_execution(run.store, 3, 0, 0.9375);
    put_end(run.store, 3, 1, MS_END_DIVERGED, true, 0, 2, "the loss was not finite");
    put_end(run.store, 3, 2, MS_END_CRASHED, true, 0, 2, "signal 11");
    for (int i = 0; i < 3; i++) {
        struct ms_keep k = {.k = 2, .most = 2};
        CASE("order %d", i);
        k.best = calloc(2, sizeof *k.best);
        REQUIRE(k.best);
        for (int t = 0; t < 4; t++)
            OK(ms_keep_end(&k, &run, orders[i][t], &err));
        REQUIRE(k.n == 2);
        CHECK(k.best[0].trial == 1 && k.best[0].n == EXECUTIONS && k.best[0].mean == 0.75);
        CHECK_INT(k.best[1].trial, 2);
        ms_keep_clear(&k);
    }
    OK(ms_store_close(run.store, &err));
}

static void test_weights(void)
{
    struct ms_run run = begin("weights.db");
    struct ms_keep k = {0};
    struct ms_attempt a = {.trial = 9};
    OK(ms_keep_begin(&k, &run, &err));
    CHECK(k.k == 2 && k.n == 0);
    ms_keep_ask(&k, &a);
    CHECK(a.keep == MS_KEEP_GOOD && isnan(a.keep_bound));
    put(run.store, 0, 0.5, 0.5, 0.5);
    take(&k, &run, 0, 0, 0.5);
    take(&k, &run, 0, 2, 0.5);
    put(run.store, 1, 0.75, 0.75, 0.75);
    take(&k, &run, 1, 1, 0.75);
    CHECK_STR(models(&run, "weights.db"), "0:0,0:2,1:1"); // both are under way
    OK(ms_keep_end(&k, &run, 1, &err));
    OK(ms_keep_end(&k, &run, 0, &err));
    ms_keep_ask(&k, &a);
    CHECK(a.keep_bound == 0.5); // the mean of the second best
    put(run.store, 2, 0.625, 0.4375, 0.5);
    take(&k, &run, 2, 0, 0.625);
    take(&k, &run, 2, 1, 0.4375); // comes too late: the bound was another one when it was sent
    CHECK_STR(models(&run, "weights.db"), "0:0,0:2,1:1,2:0");
    OK(ms_keep_end(&k, &run, 2, &err)); // pushes out trial 0
    CHECK_STR(models(&run, "weights.db"), "1:1,2:0");
    put(run.store, 3, 0.625, 0.25, 0.25);
    take(&k, &run, 3, 0, 0.625);
    OK(ms_keep_end(&k, &run, 3, &err)); // has no place
    CHECK_STR(models(&run, "weights.db"), "1:1,2:0");

    // A run that continues finds the same; what an earlier k kept is forgotten at the end alone.
    put(run.store, 4, 0.875, 0.875, 0.875);
    take(&k, &run, 4, 0, 0.875);
    ms_keep_clear(&k);
    OK(ms_keep_begin(&k, &run, &err));
    REQUIRE(k.n == 2);
    CHECK(k.best[0].trial == 4 && k.best[1].trial == 1);
    CHECK(k.n_loose == 1 && k.loose[0] == 2);
    // Executions were added to one of the best: all are ranked again.
    put_trial(run.store, 4, 0, 0.001 * 5, 1, EXECUTIONS + 1);
    put_execution(run.store, 4, 3, 0);
    OK(ms_keep_end(&k, &run, 4, &err));
    CHECK(k.best[0].trial == 1 && k.best[1].trial == 4);
    OK(ms_keep_settle(&k, &run, &err));
    CHECK_STR(models(&run, "weights.db"), "1:1,4:0");
    ms_keep_clear(&k);
    OK(ms_store_close(run.store, &err));
}

// A failed execution puts its trial behind: any execution may then be better.
static void test_bound(void)
{
    struct ms_run run = begin("bound.db");
    struct ms_keep k = {0};
    struct ms_attempt a = {.trial = 9};
    put(run.store, 0, 0.5, 0.5, 0.5);
    put_trial(run.store, 1, 1, 0.002, 1, EXECUTIONS);
    put_execution(run.store, 1, 0, 0.9375);
    put_end(run.store, 1, 1, MS_END_CRASHED, true, 0, 2, "signal 11");
    OK(ms_keep_begin(&k, &run, &err));
    CHECK_INT(k.n, 2);
    ms_keep_ask(&k, &a);
    CHECK(isnan(a.keep_bound));
    k.k = 0; // keep_best: 0
    a.keep = MS_KEEP_NONE;
    ms_keep_ask(&k, &a);
    CHECK_INT(a.keep, MS_KEEP_NONE);
    take(&k, &run, 0, 0, 0.5);
    CHECK_STR(models(&run, "bound.db"), "");
    ms_keep_clear(&k);
    OK(ms_store_close(run.store, &err));
}

int main(void)
{
    run_init(SWEEP("w", 2, MAXIMIZE "}, \"keep_best\": 2, \"input\": {"));
    test_order();
    test_weights();
    test_bound();
    run_clear();
    return check_done();
}
