// SPDX-License-Identifier: MIT
//
// How far a sweep is: counts and sums of a finished store, and of one whose run is under way.
#include "store_old.h"

static void test_finished(struct ms_store *s)
{
    struct ms_run_info r;
    OK(ms_store_run(s, 1, false, &r, &err));
    CHECK_STR(r.started, "2026-11-28 16:08:28");
    CHECK_STR(r.ended, "2026-11-28 16:08:29");
    CHECK_STR(r.host, "node0");
    CHECK(r.pid == 4242 && r.workers == 1 && r.runs == 1);
    CHECK_NEAR(r.elapsed_s, 0.122, 1e-3);
    CHECK(!*r.core && !*r.core_note && r.gflops == 0 && r.worker_bytes == 0); // not known then
    OK(ms_store_run(s, 9, false, &r, &err));
    CHECK(r.runs == 0 && isnan(r.elapsed_s) && !*r.started);
    struct ms_store_counts c;
    OK(ms_store_counts(s, 1, &c, &err));
    CHECK(c.trials == 6 && c.trials_begun == 6 && c.trials_ended == 6);
    CHECK(c.waiting == 0 && c.running == 0 && c.done == 5 && c.failed == 1);
    struct ms_store_outcomes o;
    OK(ms_store_outcomes(s, 1, &o, &err));
    REQUIRE(o.n == 3);
    CHECK_STR(o.item[0].word, "completed"); // first, although another is more frequent
    CHECK_INT(o.item[0].count, 3);
    CHECK_STR(o.item[1].word, "paused");
    CHECK_INT(o.item[1].count, 4);
    CHECK_STR(o.item[2].word, "failed");
    struct ms_sums sums;
    OK(ms_store_ended_since(s, 1, "2026-11-28 16:08:28", &sums, &err));
    CHECK_INT((int64_t)sums.n, 5); // the failed one is not among them
    CHECK_NEAR(sums.y,
               0.00368368799991003 + 0.00205281200032914 + 0.0023189880002974 +
                   0.00339912399977038 + 0.00235290800083021 + 0.00246051800058922 +
                   0.00647899300020072,
               1e-14);
    CHECK(sums.x == 0 && sums.xx == 0);
    OK(ms_store_ended_since(s, 1, "2026-11-29", &sums, &err));
    CHECK(sums.n == 0);
    double wait_s, wall_s;
    OK(ms_store_waited(s, 1, "2026-11-28 16:08:28.97", &wait_s, &wall_s, &err));
    CHECK_NEAR(wall_s,
               0.00205281200032914 + 0.0195017960004407 + 0.00235290800083021 +
                   0.00246051800058922 + 0.00647899300020072,
               1e-14);
    CHECK_NEAR(wait_s, 0.0162630710001395 + 1.200699803652242e-05, 1e-8);
}

static void test_under_way(void)
{
    struct ms_sweep *sweep = parse(SWEEP("way", 2, MAXIMIZE));
    struct ms_store *s =
        open_and_begin(in_folder("way.sqlite"), MS_JOURNAL_AUTO, sweep, NULL, NULL);
    put_trial(s, 0, 0, 0.001, 1, 3);
    put_trial(s, 1, 0, 0.002, 1, 3);
    put_execution(s, 0, 0, 0.5);
    OK(ms_store_running(s, 0, 1, 1, &err));
    struct ms_store_counts c;
    OK(ms_store_counts(s, 1, &c, &err));
    CHECK(c.trials == 2 && c.trials_begun == 1 && c.trials_ended == 0);
    CHECK(c.waiting == 4 && c.running == 1 && c.done == 1 && c.failed == 0);
    struct ms_store_to_do t;
    OK(ms_store_to_do(s, 1, &t, &err));
    REQUIRE(t.n == 5);
    CHECK_NEAR(t.mean_gflop, 1e-3, 1e-15); // of put_trial: 1e6 operations
    int begun = 0;
    for (size_t i = 0; i < t.n; i++) {
        CHECK_NEAR(t.item[i].gflop, 1e-3, 1e-15);
        CHECK(t.item[i].had_s >= 0 && t.item[i].had_s < 3600);
        begun += t.item[i].had_s > 0;
    }
    CHECK(begun <= 1);
    ms_store_to_do_clear(&t);
    OK(ms_store_end(s, "finished", &err));
    OK(ms_store_close(s, &err));
    ms_sweep_free(sweep);
}

// An execution that ended without a value has failed, whatever its state says; the last attempt
// gives the reason.
static void test_failures(void)
{
    static const double nothing[COLUMNS] = {NAN, NAN, NAN};
    struct ms_sweep *sweep = parse(SWEEP("failures", 2, MAXIMIZE));
    struct ms_store *s =
        open_and_begin(in_folder("failures.sqlite"), MS_JOURNAL_AUTO, sweep, NULL, NULL);
    struct ms_store_failures f;
    for (uint32_t i = 0; i < 3; i++)
        put_trial(s, i, 0, 0.001, 1, i < 2 ? 3 : 5);
    OK(ms_store_failures(s, 1, &f, &err));
    CHECK_INT(f.n, 0);
    put_execution(s, 0, 0, 0.5);
    put_end(s, 0, 1, MS_END_DIVERGED, true, 1, 2, "in epoch 1");
    put_end(s, 0, 2, MS_END_CRASHED, false, 0, 2, "signal 11");
    put_end(s, 0, 2, MS_END_DIVERGED, true, 2, 2, "in epoch 2");
    put_end(s, 1, 0, MS_END_DIVERGED, true, 2, 2, "in epoch 2");
    CHECK_INT(put_epochs(s, 1, 1, 1, 1, nothing), 0);
    put_end(s, 1, 1, MS_END_COMPLETED, true, 1, 2, "");
    put_end(s, 1, 2, MS_END_TIMEOUT, true, 0, 2, "too long");
    put_end(s, 2, 0, MS_END_CRASHED, false, 0, 2, "signal 9"); // it will be tried again
    put_end(s, 2, 1, MS_END_DIVERGED, true, 2, 2, "in epoch 3");
    for (uint32_t i = 2; i < 5; i++) // the most frequent reason, but not the most frequent way
        put_end(s, 2, i, MS_END_ERROR, true, 0, 2, "exit status 1");
    struct ms_store_counts c;
    OK(ms_store_counts(s, 1, &c, &err));
    CHECK(c.waiting == 1 && c.running == 0 && c.done == 1 && c.failed == 9);
    OK(ms_store_failures(s, 1, &f, &err));
    REQUIRE(f.n == 4);
    CHECK_STR(f.item[0].word, "diverged");
    CHECK_STR(f.item[0].message, "in epoch 2");
    CHECK(f.item[0].count == 4 && f.item[0].with_message == 2);
    CHECK_STR(f.item[1].word, "failed");
    CHECK(f.item[1].count == 3 && f.item[1].with_message == 3);
    CHECK_STR(f.item[2].word, "timed out");
    CHECK_STR(f.item[3].word, "undefined");
    CHECK_STR(f.item[3].message, "val_accuracy has no finite value");
    CHECK(f.item[3].count == 1 && f.item[3].with_message == 1);
    struct ms_rank_scores sc;
    OK(ms_store_trial_scores(s, 0, &sc, &err));
    CHECK(sc.n == 3 && sc.trial[0] == 0 && sc.value[0] == 0.5 && isnan(sc.value[1]));
    ms_rank_scores_clear(&sc);
    OK(ms_store_trial_scores(s, 3, &sc, &err));
    CHECK_INT(sc.n, 0);
    ms_rank_scores_clear(&sc);
    OK(ms_store_end(s, "finished", &err));
    OK(ms_store_close(s, &err));
    ms_sweep_free(sweep);
}

int main(void)
{
    fixture_init();
    struct ms_store *s = open_old();
    test_finished(s);
    OK(ms_store_close(s, &err));
    test_under_way();
    test_failures();
    fixture_clear();
    return check_done();
}
