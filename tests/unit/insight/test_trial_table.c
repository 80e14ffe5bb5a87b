// SPDX-License-Identifier: MIT
//
// The table of trials: of a small sweep, of one whose text says nothing, of stores of every
// version, and of a sweep large enough that a question for each trial would be felt.
#include "tests/unit/store/store_old.h"

#include "coordinator/insight/trial_table.h"

// Runs SQL on a closed store.
static void change(const char *path, const char *sql)
{
    sqlite3 *db;
    char *why = NULL;
    REQUIRE(sqlite3_open(path, &db) == SQLITE_OK);
    CHECK_THAT(sqlite3_exec(db, sql, NULL, NULL, &why) == SQLITE_OK, "%s: %s", sql, why);
    sqlite3_free(why);
    sqlite3_close(db);
}

static struct ms_trial_table read_table(const char *path)
{
    struct ms_store *s = NULL;
    struct ms_sweep_info info;
    struct ms_trial_table t;
    OK(ms_store_open_read(path, &s, &err));
    OK(ms_store_find(s, NULL, &info, &err));
    OK(ms_trial_table_read(s, &info, &t, &err));
    OK(ms_store_close(s, &err));
    return t;
}

static const char *text_of(const struct ms_trial_table *t, int64_t row, int param)
{
    static char out[4][80];
    static int k;
    k = (k + 1) % 4;
    const char *text = ms_trial_table_text(t, row, param, out[k], sizeof out[k]);
    return text ? text : "(none)";
}

static const char *make_store(const char *name)
{
    static char path[300];
    snprintf(path, sizeof path, "%s", in_folder(name));
    struct ms_sweep *sweep = parse(SWEEP("table", 2, MAXIMIZE));
    struct ms_store *s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, NULL, NULL);
    put_trial(s, 0, 0, 0.001, 1, 2); // 0.5 and 0.75
    put_execution(s, 0, 0, 0.5);
    put_execution(s, 0, 1, 0.75);
    put_trial(s, 1, 1, 0.1, NAN, 2); // 0.875, the other crashed
    put_execution(s, 1, 0, 0.875);
    put_end(s, 1, 1, MS_END_CRASHED, true, 0, 2, "killed by signal 11");
    put_trial(s, 2, 1, 0.01, 0, 1); // timed out
    put_end(s, 2, 0, MS_END_TIMEOUT, true, 1, 2, "");
    put_trial(s, 3, 0, 0.02, 0, 1); // pruned, and better than all
    const double values[COLUMNS] = {0.7, 0.8, 0.9375};
    OK(ms_store_running(s, 3, 0, 1, &err));
    CHECK_INT(put_epochs(s, 3, 0, 1, 1, values), 0);
    put_end(s, 3, 0, MS_END_PRUNED, true, 1, 2, "");
    put_trial(s, 5, 0, 0.03, 0, 1); // runs; 4 is not there
    OK(ms_store_running(s, 5, 0, 1, &err));
    put_trial(s, 6, 0, 0.04, 1, 1); // waits
    OK(ms_store_commit(s, &err));
    OK(ms_store_close(s, &err));
    ms_sweep_free(sweep);
    return path;
}

static void check_results(const struct ms_trial_table *t)
{
    static const char *const states[] = {"completed", "completed", "timed out",
                                         "pruned",    "running",   "waiting"};
    static const int64_t ranked[] = {0, 1, 3, 2}, place[] = {1, 2, 0, 3, 0, 0};
    REQUIRE(t->n == 6);
    CHECK_INT(t->n_ranked, 4);
    CHECK_INT(t->n_scored, 3);
    for (int i = 0; i < 4; i++)
        CHECK_INT(t->ranked[i], ranked[i]);
    for (int i = 0; i < 6; i++) {
        CHECK_STR(ms_trial_table_state(t, i), states[i]);
        CHECK_INT(t->place[i], place[i]);
        CHECK_INT(t->rank[i].trial, i < 4 ? i : i + 1);
        CHECK_INT(t->row[i].trial, i < 4 ? i : i + 1);
        CHECK_INT(t->row[i].weights, 17);
        CHECK_INT(strlen(t->row[i].created_at), 23);
        CHECK_INT(strlen(t->row[i].ended_at), i < 4 ? 23 : 0);
        CHECK_INT(t->row[i].n_running + 2 * t->row[i].n_waiting, i < 4 ? 0 : i == 4 ? 1 : 2);
    }
    CHECK(t->rank[0].mean == 0.625 && t->rank[0].n == 2 && t->rank[0].n_failed == 0);
    CHECK(t->rank[1].mean == 0.875 && t->rank[1].n == 1 && t->rank[1].n_failed == 1);
    CHECK(t->rank[3].n_pruned == 1 && t->rank[3].key == 0.9375);
    CHECK(isnan(t->rank[5].mean) && t->rank[5].n == 0);
    CHECK(t->row[0].wall_s == 3 && t->row[4].wall_s == 0); // 1.5 s an attempt
    CHECK_INT(ms_trial_table_row(t, 3), 3);
    CHECK_INT(ms_trial_table_row(t, 5), 4);
    CHECK_INT(ms_trial_table_row(t, 4), -1);
    CHECK_INT(ms_trial_table_row(t, 7), -1);
}

static void check_texts(const struct ms_trial_table *t)
{
    REQUIRE(t->n_params == 3);
    CHECK_STR(t->param[0].name, "optimizer");
    CHECK_STR(t->param[2].name, "batch_size");
    CHECK(t->param[0].varies && t->param[1].varies && t->param[2].varies);
    CHECK(t->param[0].n_active == 6 && t->param[2].n_active == 5);
    CHECK_STR(text_of(t, 0, 0), "sgd");
    CHECK_STR(text_of(t, 1, 0), "adam");
    CHECK_STR(text_of(t, 0, 1), "0.001");
    CHECK_STR(text_of(t, 0, 2), "128");
    CHECK_STR(text_of(t, 1, 2), "(none)");
    CHECK(isnan(ms_trial_table_number(t, 0, 0)) && isnan(ms_trial_table_number(t, 1, 2)));
    CHECK(ms_trial_table_number(t, 1, 1) == 0.1);
    CHECK(ms_trial_table_number(t, 5, 2) == 128);
}

static void test_small(void)
{
    const char *path = make_store("table.sqlite");
    struct ms_trial_table t = read_table(path);
    REQUIRE(t.space && t.space->n == 3);
    CHECK_STR(t.why, "");
    CHECK(t.value[0] == 0 && t.value[1] == 0.001 && t.value[2] == 1); // points
    CHECK(t.value[3 * 1 + 0] == 1 && isnan(t.value[3 * 1 + 2]));
    check_results(&t);
    check_texts(&t);
    ms_trial_table_clear(&t);
    // Whatever the text of the sweep has become, the trials can be read.
    static const char *const broken[] = {
        "UPDATE sweep SET text = '{'",
        "UPDATE sweep SET text = replace(text, 'learning_rate', 'learning_ratte')",
        "UPDATE sweep SET text = replace(text, '[32, 128]', '[32]')",
        "UPDATE param SET value_index = 7 WHERE name = 'batch_size'",
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        CASE("%s", broken[i]);
        path = make_store("broken.sqlite");
        change(path, broken[i]);
        t = read_table(path);
        CHECK(!t.space && !t.sweep && *t.why);
        check_results(&t);
        check_texts(&t);
        CHECK_INT(t.param[0].n_levels, 2);
        CHECK_STR(t.param[0].level[1], "adam");
        ms_trial_table_clear(&t);
        remove(path);
    }
}

static void test_none(void)
{
    const char *path = in_folder("none.sqlite");
    struct ms_sweep *sweep = parse(SWEEP("none", 2, MAXIMIZE));
    struct ms_store *s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, NULL, NULL);
    OK(ms_store_close(s, &err));
    struct ms_trial_table t = read_table(path);
    CHECK(t.n == 0 && t.n_ranked == 0 && t.n_params == 3 && t.space);
    ms_trial_table_clear(&t);
    ms_sweep_free(sweep);
}

static void test_old(void)
{
    for (int version = 2; version <= 5; version++) {
        CASE("version %d", version);
        const char *path = old_store(version);
        struct ms_trial_table t = read_table(path);
        CHECK_INT(t.n, 6);
        CHECK_INT(t.n_ranked, 6);
        CHECK_INT(t.n_scored, 5);
        CHECK_STR(ms_trial_table_state(&t, 1), "pruned");
        CHECK_STR(ms_trial_table_state(&t, 3), "failed");
        char text[80];
        snprintf(text, sizeof text, "%s", ask(path, "SELECT text FROM param ORDER BY trial_id"));
        CHECK(t.n_params > 0);
        CHECK_STR(text_of(&t, 0, 0), text);
        ms_trial_table_clear(&t);
    }
}

// A million trials by INSERT, as many executions and attempts.
static void test_many(int n)
{
    const char *path = make_store("many.sqlite");
    char sql[1500];
    snprintf(sql, sizeof sql,
             "DELETE FROM trial; DELETE FROM execution; DELETE FROM param; DELETE FROM attempt;"
             "CREATE TEMP TABLE k AS WITH RECURSIVE k(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM k"
             " WHERE i < %d - 1) SELECT i FROM k;"
             "INSERT INTO trial (trial_id, sweep_id, number, created_at)"
             " SELECT i + 1, 1, i, '2026-01-31 12:00:00.000' FROM k;"
             "INSERT INTO param SELECT i + 1, 'optimizer', 0, 'sgd', 'sgd', 0 FROM k"
             " UNION ALL SELECT i + 1, 'learning_rate', 1, 1.0 / (i + 10), 'x', NULL FROM k"
             " UNION ALL SELECT i + 1, 'batch_size', 2, 32, '32', 0 FROM k;"
             "INSERT INTO execution (execution_id, trial_id, number, state, outcome, objective)"
             " SELECT i + 1, i + 1, 0, 'done', 'completed', (i * 7919 %% 1000003) * 1.0 FROM k;"
             "INSERT INTO attempt (execution_id, number, outcome, wall_s)"
             " SELECT i + 1, 0, 'completed', 0.5 FROM k",
             n);
    change(path, sql);
    struct ms_trial_table t = read_table(path);
    CHECK_INT(t.n, n);
    CHECK_INT(t.n_scored, n);
    CHECK(t.space != NULL);
    for (int64_t i = 0; i < n; i += 97) {
        CHECK(t.value[3 * i + 1] == 1.0 / (double)(i + 10) && t.row[i].wall_s == 0.5);
        CHECK(t.ranked[t.place[i] - 1] == i);
    }
    for (int64_t k = 1; k < n; k++)
        if (t.rank[t.ranked[k - 1]].mean < t.rank[t.ranked[k]].mean)
            CHECK_INT(k, -1); // the larger the better
    ms_trial_table_clear(&t);
    remove(path);
}

int main(int argc, char **argv)
{
    fixture_init();
    test_small();
    test_none();
    test_old();
    test_many(argc > 1 ? atoi(argv[1]) : 10000);
    fixture_clear();
    return check_done();
}
