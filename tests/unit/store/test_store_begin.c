// SPDX-License-Identifier: MIT
//
// Continuing: what may change, what may not, and what is to be done again.
#include "store_fixture.h"

static void test_refused(void)
{
    const char *path = in_folder("refused");
    struct ms_sweep *sweep = parse(SWEEP("refused", 2, MAXIMIZE));
    struct ms_store *s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, NULL, NULL);
    put_trial(s, 0, 0, 0.1, 0, 3);
    OK(ms_store_end(s, "finished", &err));
    OK(ms_store_close(s, &err));
    ms_sweep_free(sweep);
    static const char *const others[] = {
        SWEEP("refused", 2, "\"metric\": \"val_loss\", \"goal\": \"minimize\""),
        SWEEP("refused", 2, MAXIMIZE ", \"at\": \"last\""),
    };
    for (int i = 0; i < 2; i++) {
        struct ms_known *known;
        int64_t n;
        sweep = parse(others[i]);
        OK(ms_store_open(path, MS_JOURNAL_AUTO, &s, &err));
        CHECK_INT(ms_store_begin(s, sweep, &provenance, &known, &n, &err), MS_EINVAL);
        CHECK(known == NULL && n == 0);
        CHECK_THAT(strstr(err.text, "refused"), "'%s'", err.text);
        OK(ms_store_close(s, &err));
        CHECK_SQL(path, "SELECT count(*) FROM run", "1");
        CHECK_SQL(path, "SELECT text FROM sweep", SWEEP("refused", 2, MAXIMIZE));
        ms_sweep_free(sweep);
    }
}

// Parameters in file order: optimizer, optimizer.momentum (of sgd), optimizer.momentum (of
// rmsprop), learning_rate.
#define NESTED(epochs)                                                                             \
    "{\"name\": \"nested\", \"data\": {\"synthetic\": \"xor\"}, \"hidden\": [{\"units\": 4}],\n"   \
    " \"optimizer\": {\"choice\": [\n"                                                             \
    "   {\"name\": \"sgd\", \"momentum\": {\"float\": [0, 0.9], \"step\": 0.3}},\n"                \
    "   {\"name\": \"adam\"}, {\"name\": \"rmsprop\", \"momentum\": {\"choice\": [0.5, "           \
    "0.9]}}]},\n"                                                                                  \
    " \"learning_rate\": {\"float\": [1e-4, 1e-1], \"log\": true},\n"                              \
    " \"epochs\": " #epochs ", \"search\": {\"method\": \"random\", \"max_trials\": 9},\n"         \
    " \"objective\": {" MAXIMIZE "}}\n"

static void put_nested(struct ms_store *s)
{
    static const double points[][4] = {{0, 2, NAN, 0.01}, {1, NAN, NAN, 0.02}, {2, NAN, 1, 0.03}};
    const struct ms_cost cost = {0};
    for (uint32_t i = 0; i < 3; i++)
        OK(ms_store_trial(s, i, points[i], &cost, i == 0 ? 5 : 1, &err));
}

// Each outcome at two epochs, then four are asked for.
static void test_more_epochs(void)
{
    const char *path = in_folder("epochs");
    struct ms_sweep *sweep = parse(NESTED(2));
    struct ms_store *s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, NULL, NULL);
    put_nested(s);
    put_execution(s, 0, 0, 0.75);
    static const enum ms_end ends[] = {MS_END_STOPPED, MS_END_DIVERGED, MS_END_ERROR};
    for (uint32_t i = 0; i < 3; i++) {
        const double row[COLUMNS] = {1, 1, 0.5};
        CHECK_INT(put_epochs(s, 0, i + 1, 1, 1, row), 0);
        put_end(s, 0, i + 1, ends[i], true, 1, 2, "");
    }
    put_end(s, 0, 4, MS_END_CRASHED, false, 0, 2, "signal 9");
    put_execution(s, 1, 0, 0.5);
    put_execution(s, 2, 0, 0.5);
    OK(ms_store_test(s, 0, 0, 2, (const int[]){0}, (const double[]){0.5}, 1, &err));
    OK(ms_store_test(s, 0, 1, 1, (const int[]){0}, (const double[]){0.5}, 1, &err));
    OK(ms_store_end(s, "finished", &err));
    OK(ms_store_close(s, &err));
    ms_sweep_free(sweep);
    CHECK_SQL(path,
              "SELECT group_concat(optimizer || ifnull(\"optimizer.momentum\", '-'), ' ')"
              " FROM trials_nested",
              "sgd0.6 adam- rmsprop0.9");

    sweep = parse(NESTED(4));
    struct ms_known *known;
    int64_t n;
    s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, &known, &n);
    CHECK_INT(n, 7);
    static const int states[] = {MS_WAITING, MS_DONE,    MS_DONE,   MS_FAILED,
                                 MS_WAITING, MS_WAITING, MS_WAITING};
    for (int i = 0; i < 7; i++)
        CHECK_INT(known[i].state, states[i]);
    CHECK(known[6].trial == 2 && known[6].execution == 0);
    CHECK_INT(known[4].attempts, 1);
    CHECK_INT(known[0].attempts, 0);
    CHECK_INT(known[1].epochs, 2);
    free(known);
    CHECK_SQL(path, "SELECT group_concat(execution_id) FROM test_metric", "2"); // 1 is to be redone
    put_nested(s);                                                              // the same trials
    // The longer training begins like the shorter one; its first two epochs are in the store.
    const double v[4 * COLUMNS] = {0.7, 0.8, 0.75, 0.5, 0.6, 0.625, 0.4, 0.5, 0.875, 0.3, 0.4, 0.5};
    CHECK_INT(put_epochs(s, 0, 0, 1, 4, v), 0);
    put_end(s, 0, 0, MS_END_COMPLETED, true, 4, 4, "");
    OK(ms_store_close(s, &err));
    CHECK_SQL(path, "SELECT objective || ' ' || best_epoch || ' ' || epochs FROM execution",
              "0.875 3 4");
    CHECK_SQL(path, "SELECT count(*) FROM run WHERE text IS NOT NULL", "2");
    CHECK_SQL(path, "SELECT text FROM run", NESTED(2)); // the first text stays
    CHECK_SQL(path, "SELECT text FROM sweep", NESTED(4));

    s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, &known, &n); // the same text again
    CHECK(known[0].state == MS_DONE && known[0].epochs == 4 && known[6].state == MS_WAITING);
    free(known);
    OK(ms_store_close(s, &err));
    CHECK_SQL(path, "SELECT count(*) || ' ' || count(text) FROM run", "3 2");
    ms_sweep_free(sweep);
}

// What was undefined after its epochs may have a value after more; what stopped early has not.
static void test_more_epochs_undefined(void)
{
    static const double nothing[COLUMNS] = {0.5, 0.5, NAN};
    const char *path = in_folder("undefined");
    struct ms_sweep *sweep = parse(NESTED(2));
    struct ms_store *s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, NULL, NULL);
    struct ms_known *known;
    int64_t n;
    put_nested(s);
    for (uint32_t i = 0; i < 2; i++) {
        for (int epoch = 1; epoch <= (i ? 1 : 2); epoch++)
            CHECK_INT(put_epochs(s, 0, i, epoch, 1, nothing), 0);
        put_end(s, 0, i, i ? MS_END_STOPPED : MS_END_COMPLETED, true, i ? 1 : 2, 2, "");
    }
    put_execution(s, 0, 2, 0.5);
    OK(ms_store_end(s, "finished", &err));
    OK(ms_store_close(s, &err));
    s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, &known, &n);
    CHECK(known[0].state == MS_DONE && known[0].end == MS_END_UNDEFINED && !known[0].has_value);
    CHECK(known[1].end == MS_END_UNDEFINED && !known[1].has_value);
    CHECK(known[2].end == MS_END_COMPLETED && known[2].has_value);
    CHECK(known[3].state == MS_WAITING && !known[3].has_value);
    free(known);
    OK(ms_store_close(s, &err));
    ms_sweep_free(sweep);
    sweep = parse(NESTED(4));
    s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, &known, &n);
    CHECK(known[0].state == MS_WAITING && known[1].state == MS_DONE &&
          known[2].state == MS_WAITING);
    free(known);
    OK(ms_store_close(s, &err));
    ms_sweep_free(sweep);
}

// What changes no result may change: comments, and how rank orders.
static void test_harmless(void)
{
    const char *path = in_folder("harmless");
    struct ms_sweep *sweep = parse(SWEEP("harmless", 2, MAXIMIZE));
    struct ms_store *s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, NULL, NULL);
    put_trial(s, 0, 1, 0.1, 0, 1);
    put_execution(s, 0, 0, 0.75);
    OK(ms_store_close(s, &err));
    ms_sweep_free(sweep);
    sweep = parse(SWEEP("harmless", 2, MAXIMIZE ", \"by\": \"worst\""));
    struct ms_known *known;
    int64_t n;
    s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, &known, &n);
    CHECK(n == 1 && known[0].state == MS_DONE);
    free(known);
    struct ms_sweep_info info;
    OK(ms_store_find(s, "harmless", &info, &err));
    CHECK_INT(info.rule.by, MS_BY_WORST);
    CHECK(info.rule.maximize && info.at == MS_AT_BEST && strcmp(info.metric, "val_accuracy") == 0);
    CHECK_STR(info.state, "running");
    struct ms_provenance later = {.mpi = "MPICH 4.2", .workers = 7};
    OK(ms_store_provenance(s, &later, &err));
    OK(ms_store_end(s, "interrupted", &err));
    OK(ms_store_close(s, &err));
    CHECK_SQL(
        path,
        "SELECT mpi || ' ' || blas || ' ' || workers || ' ' || state FROM run WHERE run_id = 2",
        "MPICH 4.2 OpenBLAS 0.3.21 7 interrupted");
    CHECK_SQL(
        path,
        "SELECT core || ' ' || (core_note IS NULL) || ' ' || gflops || ' ' || worker_bytes FROM "
        "run WHERE run_id = 2",
        "Zen 1 104.5 8000000000");
    ms_sweep_free(sweep);
}

// Sweeps of one file do not mix; the names of their views differ even when those of the sweeps
// differ in nothing that SQL can spell.
static void test_many_sweeps(void)
{
    static const char *const texts[] = {SWEEP("a b", 2, MAXIMIZE), SWEEP("a-b", 2, MAXIMIZE),
                                        SWEEP("A B", 2, MAXIMIZE),
                                        SWEEP("x\\\"y'; DROP TABLE trial; --", 2, MAXIMIZE)};
    const char *path = in_folder("many");
    for (uint32_t i = 0; i < 4; i++) {
        struct ms_sweep *sweep = parse(texts[i]);
        struct ms_store *s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, NULL, NULL);
        put_trial(s, 0, i % 2, 0.1, 0, 1);
        put_execution(s, 0, 0, 0.25 * i);
        OK(ms_store_end(s, "finished", &err));
        OK(ms_store_close(s, &err));
        ms_sweep_free(sweep);
    }
    CHECK_SQL(path, "SELECT group_concat(view_name) FROM (SELECT * FROM sweep ORDER BY sweep_id)",
              "trials_a_b,trials_a_b_2,trials_A_B_3,trials_x_y___DROP_TABLE_trial____");
    CHECK_SQL(path, "SELECT optimizer || mean FROM trials_a_b", "sgd0.0");
    CHECK_SQL(path, "SELECT optimizer || mean FROM trials_a_b_2", "adam0.25");
    CHECK_SQL(path, "SELECT count(*) FROM trial", "4");
    struct ms_store *r;
    struct ms_sweep_info info;
    struct ms_rank_scores sc;
    OK(ms_store_open_read(path, &r, &err));
    OK(ms_store_find(r, "a-b", &info, &err));
    OK(ms_store_scores(r, info.id, &sc, &err));
    CHECK(sc.n == 1 && sc.value[0] == 0.25);
    ms_rank_scores_clear(&sc);
    OK(ms_store_find(r, NULL, &info, &err)); // the latest
    OK(ms_store_scores(r, info.id, &sc, &err));
    CHECK(sc.n == 1 && sc.value[0] == 0.75);
    ms_rank_scores_clear(&sc);
    CHECK_INT(ms_store_find(r, "a-c", &info, &err), MS_EINVAL);
    CHECK_THAT(strstr(err.text, "a-c") && strstr(err.text, "a b, a-b"), "'%s'", err.text);
    OK(ms_store_close(r, &err));
}

int main(void)
{
    fixture_init();
    test_refused();
    test_more_epochs();
    test_more_epochs_undefined();
    test_harmless();
    test_many_sweeps();
    fixture_clear();
    return check_done();
}
