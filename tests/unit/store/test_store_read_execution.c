// SPDX-License-Identifier: MIT
//
// The executions of a trial, read back: results, failures, output and test metrics, with what is
// not known as -1 or NAN.
#include "store_old.h"

static void test_executions(struct ms_store *s)
{
    struct ms_execution_list l;
    OK(ms_store_executions(s, 1, &l, &err)); // trial 0: paused once, then completed
    REQUIRE(l.n == 1);
    CHECK(l.item[0].number == 0 && l.item[0].attempts == 2 && l.item[0].epochs == 3);
    CHECK_STR(l.item[0].state, "done");
    CHECK_STR(l.item[0].outcome, "completed");
    CHECK_NEAR(l.item[0].objective * 1e5, 2.52281853403377, 1e-12);
    CHECK_INT(l.item[0].best_epoch, 3);
    CHECK_NEAR(l.item[0].wall_s, 0.00368368799991003 + 0.00205281200032914, 1e-15);
    CHECK(l.item[0].max_rss_bytes == 2723840);
    ms_store_execution_list_clear(&l);
    OK(ms_store_executions(s, 4, &l, &err)); // trial 3 failed
    REQUIRE(l.n == 1);
    CHECK_STR(l.item[0].state, "failed");
    CHECK_STR(l.item[0].outcome, ms_outcome_of(MS_END_ERROR)->word);
    CHECK(isnan(l.item[0].objective) && l.item[0].best_epoch == -1);
    ms_store_execution_list_clear(&l);
    OK(ms_store_executions(s, 99, &l, &err));
    CHECK_INT(l.n, 0);
}

// Whatever did not come to a good end is listed, and nothing else.
static void test_failures(void)
{
    const char *path = old_store(4);
    char sql[200];
    struct ms_store *today = NULL; // it knows all outcomes
    OK(ms_store_open(path, MS_JOURNAL_AUTO, &today, &err));
    OK(ms_store_close(today, &err));
    for (int end = 0; end < MS_N_ENDS; end++) {
        const struct ms_outcome_row *o = ms_outcome_of(end);
        CASE("%s", o->name);
        sqlite3 *db;
        REQUIRE(sqlite3_open(path, &db) == SQLITE_OK);
        snprintf(sql, sizeof sql, "UPDATE attempt SET outcome = '%s' WHERE execution_id = 4",
                 o->name);
        REQUIRE(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK);
        sqlite3_close(db);
        struct ms_store *s;
        struct ms_attempt_list l;
        OK(ms_store_open_read(path, &s, &err));
        OK(ms_store_failed_attempts(s, 4, &l, &err));
        const bool good = end == MS_END_COMPLETED || end == MS_END_STOPPED ||
                          end == MS_END_PAUSED || end == MS_END_PRUNED;
        CHECK_INT(l.n, !good);
        if (l.n) {
            CHECK_STR(l.item[0].outcome, o->word);
            CHECK_STR(l.item[0].worker, "1");
            CHECK_STR(l.item[0].host, "node1");
            CHECK_STR(l.item[0].ended, "2026-11-28 16:08:28.976");
            CHECK_STR(l.item[0].message, "exit status 1: boom");
        }
        ms_store_attempt_list_clear(&l);
        OK(ms_store_close(s, &err));
    }
}

static void test_output(struct ms_store *s)
{
    struct ms_attempt_output o;
    OK(ms_store_output(s, 4, &o, &err));
    CHECK(o.execution == 0 && o.attempt == 0);
    CHECK_STR(o.text ? o.text : "", "boom\n");
    free(o.text);
    OK(ms_store_output(s, 1, &o, &err));
    CHECK(!o.text);
}

static void test_tests(void)
{
    const char *path = old_store(4);
    sqlite3 *db;
    REQUIRE(sqlite3_open(path, &db) == SQLITE_OK);
    REQUIRE(sqlite3_exec(db,
                         "INSERT INTO test_metric VALUES (1, 'loss', 3, 0.5),"
                         " (1, 'accuracy', 3, NULL)",
                         NULL, NULL, NULL) == SQLITE_OK);
    sqlite3_close(db);
    struct ms_store *s;
    struct ms_test_list l;
    OK(ms_store_open_read(path, &s, &err));
    OK(ms_store_tests(s, 1, &l, &err));
    REQUIRE(l.n == 2);
    CHECK_STR(l.item[0].metric, "accuracy");
    CHECK(isnan(l.item[0].value) && l.item[0].epoch == 3);
    CHECK_STR(l.item[1].metric, "loss");
    CHECK(l.item[1].value == 0.5);
    ms_store_test_list_clear(&l);
    OK(ms_store_close(s, &err));
}

int main(void)
{
    fixture_init();
    struct ms_store *s = open_old();
    test_executions(s);
    test_output(s);
    OK(ms_store_close(s, &err));
    test_failures();
    test_tests();
    fixture_clear();
    return check_done();
}
