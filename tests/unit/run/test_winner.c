// SPDX-License-Identifier: MIT
//
// The winner of a store: the best execution so far, the trial that ranks first, and the executions
// of it that are tested.
#include "coordinator/source/source.h"
#include "coordinator/run/winner.h"

#include "coordinator/run/feed.h"
#include "tests/unit/store/store_fixture.h"

enum { EXECUTIONS = 3 };

static struct ms_dataset data;
static struct ms_sweep *sweep;

static struct ms_run begin(const char *name)
{
    return (struct ms_run){.sweep = sweep,
                           .data = &data,
                           .store =
                               open_and_begin(in_folder(name), MS_JOURNAL_AUTO, sweep, NULL, NULL)};
}

static void put(struct ms_store *s, uint32_t trial, double a, double b, double c)
{
    put_trial(s, trial, trial % 2, 0.001 * (trial + 1), 1, EXECUTIONS);
    put_execution(s, trial, 0, a);
    put_execution(s, trial, 1, b);
    put_execution(s, trial, 2, c);
}

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
    CHECK(has && w.trial == 2 && w.n == 0);
    CHECK(w.point[0] == 0 && w.point[1] == 0.001 * 3 && w.point[2] == 1);
    ms_winner_clear(&w);
    OK(ms_store_close(run.store, &err));
}

// Whatever the order in which trials end, the best is the one that ranks first: among equal ones
// the smallest number, and not the one whose other executions failed.
static void test_update(void)
{
    static const uint32_t orders[][4] = {{0, 1, 2, 3}, {3, 2, 1, 0}, {2, 0, 3, 1}};
    struct ms_run run = begin("update.db");
    struct ms_trial_rank ranked;
    put(run.store, 1, 0.75, 0.75, 0.75);
    put(run.store, 2, 0.75, 0.75, 0.75);
    put(run.store, 0, 0.5, 0.5, 0.5);
    put_trial(run.store, 3, 1, 0.5, 1, EXECUTIONS);
    put_execution(run.store, 3, 0, 0.9375);
    put_end(run.store, 3, 1, MS_END_DIVERGED, true, 0, 2, "the loss was not finite");
    put_end(run.store, 3, 2, MS_END_CRASHED, true, 0, 2, "signal 11");
    OK(ms_winner_best(&run, &ranked, &err));
    CHECK_INT(ranked.trial, 1);
    for (int i = 0; i < 3; i++) {
        struct ms_trial_rank best = {0};
        CASE("order %d", i);
        for (int k = 0; k < 4; k++)
            OK(ms_winner_update(&run, orders[i][k], &best, &err));
        CHECK(best.trial == 1 && best.n == EXECUTIONS && best.mean == 0.75);
    }
    // An execution that is added to the best may make another one the best.
    struct ms_trial_rank best = {.trial = 3, .n = 1, .key = 0.9375, .mean = 0.9375};
    OK(ms_winner_update(&run, 3, &best, &err));
    CHECK_INT(best.trial, 1);
    OK(ms_store_close(run.store, &err));
}

// The tags of what dispatch was offered, as the only worker would get them.
static int offered(struct ms_dispatch *d, uint64_t *tags, int most)
{
    struct ms_action a;
    int n = 0;
    while (ms_dispatch_next(d, &a) && n < most)
        if (a.kind == MS_ACT_ASSIGN)
            tags[n++] = a.tag;
    return n;
}

static struct ms_dispatch *idle_worker(void)
{
    struct ms_dispatch *d;
    OK(ms_dispatch_new(&(struct ms_dispatch_options){.n_workers = 1, .order = MS_ORDER_FIRST}, &d,
                       &err));
    ms_dispatch_event(d, &(struct ms_event){.kind = MS_EV_READY, .rank = 1});
    return d;
}

static void test_offer(void)
{
    struct ms_run run = begin("offer.db");
    struct ms_winner w = {0};
    struct ms_dispatch *d = idle_worker();
    uint64_t tags[8];
    put(run.store, 0, 0.5, 0.625, 0.75);
    data.n_test = 0; // nothing to test on
    OK(ms_winner_offer(&run, &w, d, &err));
    CHECK(w.n == 0 && offered(d, tags, 8) == 0 && ms_dispatch_idle(d));
    ms_winner_clear(&w);

    data.n_test = 10;
    OK(ms_winner_offer(&run, &w, d, &err));
    CHECK_INT(w.n, EXECUTIONS);
    REQUIRE(offered(d, tags, 8) == 2); // one runs, one waits in the worker, the third in dispatch
    CHECK(ms_tag_trial(tags[0]) == 0 && ms_tag_execution(tags[0]) == 0);
    struct ms_attempt a = {.trial = 0, .execution = 1};
    ms_winner_attempt(&w, 3, &a);
    CHECK(a.point == w.point && a.n_point == 3 && a.test_epoch == 1); // the best epoch is the first

    // One is stored; a run that continues has the other two to test.
    struct ms_result r = {.end = MS_END_COMPLETED, .epochs = 1, .n_test = 2, .test = {0.5, 0.25}};
    OK(ms_winner_store(&run, &w, 1, &r, &err));
    ms_winner_clear(&w);
    ms_dispatch_free(d);
    d = idle_worker();
    OK(ms_winner_offer(&run, &w, d, &err));
    CHECK_INT(w.n, EXECUTIONS - 1);
    CHECK(w.test[0].execution == 0 && w.test[1].execution == 2);
    ms_winner_clear(&w);
    ms_dispatch_free(d);
    OK(ms_store_close(run.store, &err));
}

int main(void)
{
    fixture_init();
    sweep = parse(SWEEP("w", 2, MAXIMIZE));
    const struct ms_data_spec *spec;
    void *block;
    size_t size;
    REQUIRE(ms_sweep_data(sweep, &spec) == 1);
    OK(ms_source_load(spec, NULL, ".", 1, &block, &size, NULL, &err));
    OK(ms_dataset_view(block, size, &data, &err));
    test_none();
    test_best();
    test_update();
    test_offer();
    ms_sweep_free(sweep);
    free(block);
    fixture_clear();
    return check_done();
}
