// SPDX-License-Identifier: MIT
//
// What is run again at the end: the winner's executions that lack a test, the best trials' that
// lack weights; each once, and only what is missing.
#include "coordinator/run/finish.h"
#include "coordinator/run/feed.h"
#include "run_fixture.h"

static struct ms_progress quiet = {.mode = MS_PROGRESS_NONE};

static struct ms_dispatch *idle_worker(void)
{
    struct ms_dispatch *d;
    OK(ms_dispatch_new(&(struct ms_dispatch_options){.n_workers = 1, .order = MS_ORDER_FIRST}, &d,
                       &err));
    ms_dispatch_event(d, &(struct ms_event){.kind = MS_EV_READY, .rank = 1});
    return d;
}

// What a run that continues would offer; the number of executions.
static int offer(struct ms_finish *f, const struct ms_run *run, int k, bool test)
{
    struct ms_dispatch *d = idle_worker();
    struct ms_keep keep = {0};
    struct ms_dispatch_state state;
    ms_finish_clear(f);
    OK(ms_keep_begin(&keep, run, &err));
    keep.k = k;
    OK(ms_finish_offer(f, run, &keep, test, d, &quiet, &err));
    ms_dispatch_state(d, &state);
    CHECK_INT(state.waiting, f->n);
    ms_keep_clear(&keep);
    ms_dispatch_free(d);
    return f->n;
}

static void test_tests(void)
{
    struct ms_run run = begin("tests.db");
    struct ms_finish f = {0};
    CHECK_INT(offer(&f, &run, 0, true), 0); // no trial
    put(run.store, 0, 0.5, 0.625, 0.75);
    data.n_test = 0; // nothing to test on
    CHECK_INT(offer(&f, &run, 0, true), 0);
    data.n_test = 10;
    CHECK_INT(offer(&f, &run, 0, false), 0); // not the last stage
    CHECK_INT(offer(&f, &run, 0, true), EXECUTIONS);
    struct ms_attempt a = {.trial = 0, .execution = 1};
    ms_finish_attempt(&f, 3, &a);
    CHECK(a.point == f.trial[0].point && a.n_point == 3 && a.keep == MS_KEEP_NONE);
    CHECK_INT(a.test_epoch, 1); // the best epoch is the first

    // One is stored; a run that continues has the other two to test.
    struct ms_result r = {.end = MS_END_COMPLETED, .epochs = 1, .n_test = 2, .test = {0.5, 0.25}};
    OK(ms_finish_result(&f, &run, 0, 1, &r, &err));
    CHECK_INT(offer(&f, &run, 0, true), EXECUTIONS - 1);
    CHECK(f.item[0].execution == 0 && f.item[1].execution == 2);
    ms_finish_clear(&f);
    OK(ms_store_close(run.store, &err));
}

static void test_weights(void)
{
    struct ms_run run = begin("finish.db");
    struct ms_finish f = {0};
    put(run.store, 0, 0.5, 0.625, 0.75);
    put(run.store, 1, 0.75, 0.75, 0.75);
    put(run.store, 2, 0.25, 0.25, 0.25);
    OK(ms_store_put_model(run.store, 1, 0, false, 1, (const uint8_t *)"abcd", 1, &err));
    data.n_test = 10;
    CHECK_INT(offer(&f, &run, 2, true), 6);
    struct ms_attempt a[] = {
        {.trial = 1, .execution = 0}, {.trial = 1, .execution = 1}, {.trial = 0, .execution = 2}};
    static const uint8_t wanted[] = {MS_KEEP_NONE, MS_KEEP_GOOD, MS_KEEP_ONLY};
    for (int i = 0; i < 3; i++) { // the last one is a loser, and meets no test set
        ms_finish_attempt(&f, 3, &a[i]);
        CHECK_INT(a[i].keep, wanted[i]);
        CHECK(a[i].test_epoch == 1 && (a[i].keep == MS_KEEP_NONE || isnan(a[i].keep_bound)));
    }
    CHECK(a[2].point[1] == 0.001);
    uint8_t bytes[4] = {1, 2, 3, 4};
    struct ms_trained t = {.epoch = 2, .n = 1, .bytes = bytes};
    OK(ms_finish_trained(&f, &run, 0, 2, &t, &err)); // another epoch is no use
    t.epoch = 1;
    OK(ms_finish_trained(&f, &run, 2, 2, &t, &err)); // nobody asked
    struct ms_result r = {.end = MS_END_COMPLETED, .epochs = 1, .n_test = 2, .test = {0.5, 0.25}};
    OK(ms_finish_result(&f, &run, 0, 2, &r, &err)); // a loser's test would not be kept
    CHECK_INT(offer(&f, &run, 2, true), 6);
    OK(ms_finish_trained(&f, &run, 0, 2, &t, &err));
    CHECK_INT(offer(&f, &run, 2, true), 5);
    CHECK_INT(offer(&f, &run, 2, false), 4);
    CHECK_INT(offer(&f, &run, 1, false), 2);
    CHECK_INT(offer(&f, &run, 0, false), 0);
    ms_finish_clear(&f);
    OK(ms_store_close(run.store, &err));
}

// More weights than can be kept: said once, and known from then on.
static void test_too_many(void)
{
    struct ms_run run = begin("many.db");
    struct ms_finish f = {0};
    put(run.store, 0, 0.5, 0.625, 0.75);
    const int inputs = data.n_inputs;
    data.n_inputs = MS_MAX_KEPT / 4;
    data.n_test = 0;
    FILE *out = tmpfile();
    char text[300] = "";
    REQUIRE(out);
    quiet = (struct ms_progress){.mode = MS_PROGRESS_PLAIN, .out = out};
    for (int twice = 0; twice < 2; twice++)
        CHECK_INT(offer(&f, &run, 1, true), 0);
    rewind(out);
    text[fread(text, 1, sizeof text - 1, out)] = 0;
    CHECK(strstr(text, "trial 0: its network has 16777209 weights, at most 16777200 can be kept"));
    const char *first = strstr(text, "trial 0");
    CHECK(first && !strstr(first + 1, "trial 0"));
    fclose(out);
    OK(ms_store_commit(run.store, &err));
    CHECK_SQL(in_folder("many.db"),
              "SELECT count(*) || ' ' || max(n_weights) || ' ' || count(weights) FROM model",
              "3 16777209 0");
    data.n_inputs = inputs;
    quiet = (struct ms_progress){.mode = MS_PROGRESS_NONE};
    ms_finish_clear(&f);
    OK(ms_store_close(run.store, &err));
}

int main(void)
{
    run_init(SWEEP("w", 2, MAXIMIZE "}, \"keep_best\": 3, \"input\": {"));
    test_tests();
    test_weights();
    test_too_many();
    run_clear();
    return check_done();
}
