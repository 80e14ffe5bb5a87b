// SPDX-License-Identifier: MIT
//
// Round trips: what is put is what is found, to the bit.
#include "store_fixture.h"

static uint64_t bits(double v)
{
    uint64_t b;
    memcpy(&b, &v, sizeof b);
    return b;
}

// Every double comes back with its bits; NaN as NULL.
static void test_doubles(void)
{
    static const double v[] = {
        0.0,      -0.0,      1.0, 3.0,     -4.0,     0.1,  5e-324, 2.2e-308,           1e308,
        INFINITY, -INFINITY, NAN, 1.0 / 3, 1e15 + 1, 1e18, -1e18,  9007199254740993.0, 1e-320};
    const int n = (int)(sizeof v / sizeof *v) / COLUMNS;
    const char *path = in_folder("doubles.sqlite");
    struct ms_sweep *sweep = parse(SWEEP("doubles", 6, MAXIMIZE));
    struct ms_store *s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, NULL, NULL);
    put_trial(s, 0, 1, 0.1, 0, 1);
    CHECK_INT(put_epochs(s, 0, 0, 1, n, v), 0);
    CHECK_INT(put_epochs(s, 0, 0, 1, n, v), 0); // a second attempt reports the same
    OK(ms_store_close(s, &err));

    sqlite3 *db;
    sqlite3_stmt *q;
    REQUIRE(sqlite3_open(path, &db) == SQLITE_OK);
    REQUIRE(sqlite3_prepare_v2(db, "SELECT value FROM epoch_metric WHERE metric = ? AND epoch = ?",
                               -1, &q, NULL) == SQLITE_OK);
    for (int i = 0; i < n * COLUMNS; i++) {
        char name[64];
        ms_metric_name(column_ids()[i % COLUMNS], name, sizeof name);
        sqlite3_bind_text(q, 1, name, -1, SQLITE_TRANSIENT);
        sqlite3_bind_int(q, 2, i / COLUMNS + 1);
        REQUIRE(sqlite3_step(q) == SQLITE_ROW);
        if (isnan(v[i]))
            CHECK_INT(sqlite3_column_type(q, 0), SQLITE_NULL);
        else
            CHECK_THAT(bits(sqlite3_column_double(q, 0)) == bits(v[i]) &&
                           sqlite3_column_type(q, 0) == SQLITE_FLOAT,
                       "%a came back as %a", v[i], sqlite3_column_double(q, 0));
        sqlite3_reset(q);
    }
    sqlite3_finalize(q);
    sqlite3_close(db);
    ms_sweep_free(sweep);
}

// An epoch that comes again with other bits is noticed, and the first report stays.
static void test_differs(void)
{
    const char *path = in_folder("differs.sqlite");
    struct ms_sweep *sweep = parse(SWEEP("differs", 6, MAXIMIZE));
    struct ms_store *s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, NULL, NULL);
    put_trial(s, 0, 0, 0.1, 0, 1);
    double v[4 * COLUMNS] = {1, 2, 3, 4, 5, 0.0, 7, NAN, 9, 10, 11, 12};
    CHECK_INT(put_epochs(s, 0, 0, 1, 3, v), 0);
    CHECK_INT(put_epochs(s, 0, 0, 1, 4, v), 0); // one more epoch than before
    v[5] = -0.0;
    CHECK_INT(put_epochs(s, 0, 0, 1, 4, v), 2);
    CHECK_INT(put_epochs(s, 0, 0, 3, 1, v + 6), 0);
    v[7] = 8;
    CHECK_INT(put_epochs(s, 0, 0, 3, 1, v + 6), 3);
    v[9] = NAN;
    CHECK_INT(put_epochs(s, 0, 0, 4, 1, v + 9), 4);
    OK(ms_store_close(s, &err));
    CHECK_SQL(path, "SELECT count(*) FROM epoch_metric", "12");
    CHECK_SQL(path, "SELECT value FROM epoch_metric WHERE epoch = 3 AND metric = 'val_loss'",
              "NULL");
    CHECK_SQL(path, "SELECT value FROM epoch_metric WHERE epoch = 4 AND metric = 'loss'", "10.0");
    ms_sweep_free(sweep);
}

static void test_params(void)
{
    const char *path = in_folder("params.sqlite");
    struct ms_sweep *sweep = parse(SWEEP("params", 6, MAXIMIZE));
    struct ms_store *s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, NULL, NULL);
    const double rate = 0.1 + 0.2; // needs 17 digits
    put_trial(s, 0, 1, rate, 1, 2);
    put_trial(s, 1, NAN, 0.05, 0, 1); // as if the first were not in force
    put_trial(s, 0, 1, rate, 1, 4);   // known: only executions are added
    const struct ms_cost cost = {0};
    const double near[] = {1, nextafter(rate, 1), 1}, other[] = {0, rate, 1},
                 less[] = {1, rate, NAN};
    const double more[] = {0, 0.05, 0};
    CHECK_INT(ms_store_trial(s, 0, near, &cost, 2, &err), MS_ESTATE);
    CHECK(strstr(err.text, "trial 0") && strstr(err.text, "learning_rate"));
    CHECK_INT(ms_store_trial(s, 0, other, &cost, 2, &err), MS_ESTATE);
    CHECK(strstr(err.text, "optimizer = adam") && strstr(err.text, "optimizer = sgd"));
    CHECK_INT(ms_store_trial(s, 0, less, &cost, 2, &err), MS_ESTATE);
    CHECK(strstr(err.text, "batch_size = 128") != NULL);
    CHECK_INT(ms_store_trial(s, 1, more, &cost, 1, &err), MS_ESTATE);
    OK(ms_store_close(s, &err));
    CHECK_SQL(path, "SELECT count(*) FROM execution", "5");
    CHECK_SQL(path, "SELECT count(*) FROM param", "5");
    CHECK_SQL(path,
              "SELECT typeof(value) || value_index || position FROM param"
              " WHERE trial_id = 1 AND name = 'optimizer'",
              "text10");
    CHECK_SQL(path,
              "SELECT typeof(value) || value FROM param WHERE trial_id = 1"
              " AND name = 'batch_size'",
              "integer128");
    CHECK_SQL(path,
              "SELECT text || ' ' || typeof(value) || ' ' || (value = 0.1 + 0.2) ||"
              " coalesce(value_index, ' continuous') FROM param"
              " WHERE trial_id = 1 AND name = 'learning_rate'",
              "0.30000000000000004 real 1 continuous");
    CHECK_SQL(path,
              "SELECT weights || ' ' || flops || ' ' || memory_bytes FROM trial WHERE number = 0",
              "17 1000000.0 4096");
    ms_sweep_free(sweep);
}

static void put_curve(struct ms_store *s, uint32_t execution, const double *accuracy, int n,
                      enum ms_end end)
{
    for (int i = 0; i < n; i++) {
        const double row[COLUMNS] = {1, 1, accuracy[i]};
        CHECK_INT(put_epochs(s, 0, execution, i + 1, 1, row), 0);
    }
    put_end(s, 0, execution, end, true, n, 9, "");
}

static void check_objective(const char *goal_and_at, const char *const wanted[5])
{
    char text[2000];
    const char *path = in_folder("objective.sqlite");
    snprintf(text, sizeof text, SWEEP("objective", 9, "%s"), goal_and_at);
    struct ms_sweep *sweep = parse(text);
    struct ms_store *s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, NULL, NULL);
    put_trial(s, 0, 0, 0.1, 0, 6);
    put_curve(s, 0, (const double[]){0.5, 0.75, 0.25, 0.75, 0.5}, 5, MS_END_COMPLETED);
    put_curve(s, 1, (const double[]){NAN, 0.5, INFINITY, -INFINITY, 0.25, NAN}, 6, MS_END_DIVERGED);
    put_curve(s, 2, (const double[]){NAN, INFINITY}, 2, MS_END_DIVERGED);
    put_curve(s, 3, NULL, 0, MS_END_COMPLETED);
    put_curve(s, 4, (const double[]){0.5}, 1, MS_END_CRASHED);
    OK(ms_store_close(s, &err));
    for (int i = 0; i < 5; i++) {
        char sql[200];
        snprintf(sql, sizeof sql,
                 "SELECT state || ' ' || ifnull(objective, '-') || ' ' || ifnull(best_epoch, '-')"
                 " FROM execution WHERE number = %d",
                 i);
        CHECK_SQL(path, sql, wanted[i]);
    }
    struct ms_store *r;
    struct ms_sweep_info info;
    struct ms_rank_scores sc;
    OK(ms_store_open_read(path, &r, &err));
    OK(ms_store_find(r, NULL, &info, &err));
    OK(ms_store_scores(r, info.id, &sc, &err));
    CHECK_INT(sc.n, 5); // the sixth has not run
    CHECK(isfinite(sc.value[0]) && isnan(sc.value[3]) && isnan(sc.value[4]));
    for (int64_t i = 0; i < sc.n; i++)
        CHECK(sc.trial[i] == 0 && sc.execution[i] == (uint32_t)i);
    ms_rank_scores_clear(&sc);
    OK(ms_store_close(r, &err));
    ms_sweep_free(sweep);
    CHECK(unlink(path) == 0);
}

static void test_objective(void)
{
    check_objective(MAXIMIZE, (const char *const[]){"done 0.75 2", "done 0.5 2", "done - -",
                                                    "done - -", "failed - -"});
    check_objective(
        "\"metric\": \"val_accuracy\", \"goal\": \"maximize\", \"at\": \"last\"",
        (const char *const[]){"done 0.5 5", "done - -", "done - -", "done - -", "failed - -"});
    check_objective(
        "\"metric\": \"val_loss\"",
        (const char *const[]){"done 1.0 1", "done 1.0 1", "done 1.0 1", "done - -", "failed - -"});
}

// Evaluating the test set trains once more, but changes nothing of the result.
static void put_test(struct ms_store *s)
{
    OK(ms_store_running(s, 0, 0, 1, &err));
    const struct ms_attempt test = {.trial = 0, .execution = 0, .test_epoch = 1};
    const struct ms_result r = {.end = MS_END_COMPLETED, .epochs = 1};
    OK(ms_store_attempt(s, &test, &r, 1, "node1", true, 1, NULL, &err));
    struct ms_untested left[4];
    int n_left;
    double value;
    OK(ms_store_untested(s, 0, left, 4, &n_left, &err));
    CHECK_INT(n_left, 2); // the third has failed
    CHECK(left[0].execution == 0 && left[0].epoch == 1 && left[1].execution == 1);
    OK(ms_store_untested(s, 0, left, 1, &n_left, &err));
    CHECK_INT(n_left, 1);
    OK(ms_store_objective(s, 0, 1, &value, &err));
    CHECK(value == 0.5);
    OK(ms_store_objective(s, 0, 2, &value, &err));
    CHECK(isnan(value));
    OK(ms_store_test(s, 0, 0, 1, (const int[]){0, 1}, (const double[]){0.25, NAN}, 2, &err));
    OK(ms_store_test(s, 0, 0, 1, (const int[]){0, 1}, (const double[]){0.25, 0.5}, 2, &err));
    OK(ms_store_untested(s, 0, left, 4, &n_left, &err));
    CHECK(n_left == 1 && left[0].execution == 1);
}

static void check_attempts(const char *path)
{
    CHECK_SQL(path,
              "SELECT group_concat(outcome || test_epoch, ' ') FROM (SELECT * FROM attempt"
              " WHERE execution_id = 1 ORDER BY number)",
              "crashed0 lost0 completed0 completed1");
    CHECK_SQL(path,
              "SELECT state || objective || outcome || epochs_asked FROM execution WHERE"
              " execution_id = 1",
              "done0.75completed2");
    CHECK_SQL(path, "SELECT state || outcome FROM execution WHERE execution_id = 3", "failederror");
    CHECK_SQL(path,
              "SELECT host || worker_rank || wall_s || cpu_s || max_rss_bytes || message"
              " FROM attempt",
              "node111.51.251048576killed by signal 11");
    CHECK_SQL(path, "SELECT group_concat(metric || value) FROM test_metric",
              "accuracy0.5,loss0.25");
    CHECK_SQL(path,
              "SELECT state || (ended_at >= started_at) || host || mpi || blas || workers ||"
              " version FROM run",
              "finished1hereOpen MPI 4.1.4OpenBLAS 0.3.2120.1.0");
    CHECK_SQL(path, "SELECT (SELECT trials_planned FROM sweep) || (SELECT text FROM sweep)",
              "20" SWEEP("attempts", 2, MAXIMIZE));
}

static void test_attempts(void)
{
    const char *path = in_folder("attempts.sqlite");
    struct ms_sweep *sweep = parse(SWEEP("attempts", 2, MAXIMIZE));
    struct ms_known *known;
    int64_t n;
    struct ms_store *s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, NULL, NULL);
    put_trial(s, 0, 0, 0.1, 0, 3);
    OK(ms_store_running(s, 0, 0, 1, &err));
    OK(ms_store_running(s, 0, 0, 2, &err)); // recalled and given to another: one attempt
    put_end(s, 0, 0, MS_END_CRASHED, false, 0, 2, "killed by signal 11");
    put_end(s, 0, 0, MS_END_LOST, false, 1, 2, ""); // never announced as running
    put_execution(s, 0, 0, 0.75);
    put_execution(s, 0, 1, 0.5);
    put_end(s, 0, 2, MS_END_ERROR, true, 0, 2, "out of memory");
    put_test(s);
    CHECK_INT(ms_store_running(s, 3, 0, 1, &err), MS_ESTATE);
    CHECK_INT(ms_store_running(s, 0, 3, 1, &err), MS_ESTATE);
    OK(ms_store_planned(s, 20, &err));
    OK(ms_store_end(s, "finished", &err));
    OK(ms_store_close(s, &err));
    check_attempts(path);
    s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, &known, &n);
    CHECK_INT(n, 3);
    CHECK(known[0].state == MS_DONE && known[0].attempts == 2 && known[0].epochs == 2);
    CHECK(known[1].state == MS_DONE && known[1].execution == 1 && known[1].attempts == 0);
    CHECK(known[2].state == MS_FAILED && known[2].attempts == 1);
    free(known);
    OK(ms_store_close(s, &err));
    ms_sweep_free(sweep);
}

// A training that comes to its own end without a value is undefined, for its own reason or ours;
// whether its network is constant is kept.
static void test_undefined(void)
{
    static const double values[COLUMNS] = {0.5, 0.5, 0.5}, nothing[COLUMNS] = {0.5, 0.5, NAN};
    static const struct {
        enum ms_end end;
        bool has_value, constant;
        const char *message, *wanted;
    } cases[] = {
        {MS_END_COMPLETED, true, false, "", "done completed 0 -"},
        {MS_END_COMPLETED, false, true, "", "done undefined 1 val_accuracy has no finite value"},
        {MS_END_STOPPED, false, false, "one class", "done undefined 0 one class"},
        {MS_END_DIVERGED, false, false, "epoch 1", "done diverged 0 epoch 1"},
        {MS_END_PRUNED, false, false, "", "done pruned 0 -"},
        {MS_END_ERROR, false, true, "no memory", "failed error - no memory"},
    };
    enum { N = sizeof cases / sizeof *cases };
    const char *path = in_folder("undefined.sqlite");
    struct ms_sweep *sweep = parse(SWEEP("undefined", 1, MAXIMIZE));
    struct ms_store *s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, NULL, NULL);
    put_trial(s, 0, 0, 0.1, 0, N);
    for (uint32_t i = 0; i < N; i++) {
        const struct ms_attempt job = {.execution = i};
        struct ms_result r = {
            .end = (uint8_t)cases[i].end, .epochs = 1, .constant = cases[i].constant};
        snprintf(r.message, sizeof r.message, "%s", cases[i].message);
        CHECK_INT(put_epochs(s, 0, i, 1, 1, cases[i].has_value ? values : nothing), 0);
        OK(ms_store_attempt(s, &job, &r, 1, "node1", true, 1, NULL, &err));
    }
    OK(ms_store_close(s, &err));
    for (int i = 0; i < N; i++) {
        char sql[300];
        CASE("execution %d", i);
        snprintf(
            sql, sizeof sql,
            "SELECT x.state || ' ' || a.outcome || ' ' || ifnull(x.constant, '-') || ' ' ||"
            " ifnull(a.message, '-') FROM execution AS x JOIN attempt AS a USING (execution_id)"
            " WHERE x.number = %d AND x.outcome = a.outcome",
            i);
        CHECK_SQL(path, sql, cases[i].wanted);
    }
    CHECK_SQL(path, "SELECT n || ' ' || n_failed || ' ' || n_constant FROM trial_summary", "1 5 1");
    ms_sweep_free(sweep);
}

int main(void)
{
    fixture_init();
    test_doubles();
    test_differs();
    test_params();
    test_objective();
    test_attempts();
    test_undefined();
    fixture_clear();
    return check_done();
}
