// SPDX-License-Identifier: MIT
//
// The tables themselves: what they refuse, and the rows that come with the program.
#include "coordinator/store/store_internal.h"
#include "coordinator/rank/stats.h"
#include "store_fixture.h"

static const char sql_data[] =
    "INSERT INTO dataset VALUES (1, 1, 0, 'd.csv, …', 'csv', 'd.csv', 'regression', 'task', 'y', 2,"
    " 1, 10, 8, 2, 0, 0, 0, 'random', 'none', 'none', '', 0);"
    "INSERT INTO dataset_column VALUES (1, 0, 'a', 'input', 'number', 1, 0, 0, 1, 0.5, 0, 0, 1);"
    "INSERT INTO dataset_class VALUES (1, 0, 'p', 8, 2, 0);"
    "INSERT INTO dataset_note VALUES (1, 0, 'note', 'text');"
    "INSERT INTO dataset_file VALUES (1, 0, 'training', 'd.csv', 10, '');"
    "INSERT INTO program_file VALUES (1, 0, 'p', 1, '')";

// The schema itself refuses nonsense, also from other programs.
static void test_constraints(void)
{
    const char *path = in_folder("constraints.sqlite");
    struct ms_sweep *sweep = parse(SWEEP("constraints", 2, MAXIMIZE));
    struct ms_store *s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, NULL, NULL);
    put_trial(s, 0, 0, 0.001, 1, 2);
    put_execution(s, 0, 0, 0.5);
    OK(ms_store_end(s, "finished", &err));
    OK(ms_store_close(s, &err));
    ms_sweep_free(sweep);
    static const char *const refused[] = {
        "UPDATE execution SET state = 'finished'",
        "UPDATE execution SET state = 'waiting' WHERE execution_id = 1",
        "UPDATE execution SET objective = 'good' WHERE execution_id = 1",
        "UPDATE execution SET outcome = NULL WHERE execution_id = 1",
        "UPDATE attempt SET outcome = 'bored'",
        "UPDATE run SET state = 'lazy'",
        "UPDATE sweep SET goal = 'maximise'",
        "INSERT INTO epoch_metric VALUES (99, 'loss', 1, 0.5)",
        "INSERT INTO epoch_metric VALUES (1, 'accuracy', 0, 0.5)",
        "INSERT INTO epoch_metric VALUES (1, 'accuracy', 1, 'x')",
        "INSERT INTO epoch_metric VALUES (1, 'loss', 1, 0.5)",
        "INSERT INTO trial (sweep_id, number, created_at) VALUES (1, 0, 'now')",
        "INSERT INTO trial (sweep_id, number, created_at) VALUES (7, 9, 'now')",
        "INSERT INTO param VALUES (1, 'optimizer', 0, 1, 'x', 1)",
        "INSERT INTO execution (trial_id, number) VALUES (1, 0)",
        "UPDATE dataset SET task = 'guessing'",
        "UPDATE dataset SET train = 1",
        "UPDATE dataset SET n_inputs = 0",
        "UPDATE dataset_column SET role = 'actor'",
        "UPDATE dataset_note SET severity = 'loud'",
        "UPDATE dataset_file SET part = 'rest'",
        "INSERT INTO dataset_class VALUES (9, 0, 'p', 1, 1, 1)",
        "INSERT INTO program_file VALUES (9, 0, 'p', 1, '')",
    };
    sqlite3 *db;
    REQUIRE(sqlite3_open(path, &db) == SQLITE_OK);
    REQUIRE(sqlite3_exec(db, "PRAGMA foreign_keys = ON", NULL, NULL, NULL) == SQLITE_OK);
    REQUIRE(sqlite3_exec(db, sql_data, NULL, NULL, NULL) == SQLITE_OK);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        CHECK_THAT(sqlite3_exec(db, refused[i], NULL, NULL, NULL) == SQLITE_CONSTRAINT,
                   "allowed: %s (%s)", refused[i], sqlite3_errmsg(db));
    // A sweep can be removed with all that belongs to it.
    CHECK(sqlite3_exec(db, "DELETE FROM sweep", NULL, NULL, NULL) == SQLITE_OK);
    sqlite3_close(db);
    CHECK_SQL(path, "SELECT count(*) FROM epoch_metric", "0");
    CHECK_SQL(path, "SELECT count(*) FROM attempt", "0");
    CHECK_SQL(path, "SELECT count(*) FROM dataset_column", "0");
    CHECK_SQL(path, "SELECT count(*) FROM program_file", "0");
    CHECK_SQL(path, "PRAGMA integrity_check", "ok");
    CHECK_SQL(path, "PRAGMA foreign_key_check", "no row");
}

// The store's table of outcomes is the program's, in a new store and in one that is filled again.
static void test_outcomes(void)
{
    const char *path = in_folder("outcomes.sqlite");
    struct ms_store *s;
    OK(ms_store_open(path, MS_JOURNAL_AUTO, &s, &err));
    OK(ms_store_close(s, &err));
    char wanted[1000] = "";
    for (int end = 0, used = 0; end < MS_N_ENDS; end++) {
        const struct ms_outcome_row *o = ms_outcome_of(end);
        used += snprintf(wanted + used, sizeof wanted - (size_t)used, "%s%s %d%d%d %s",
                         end ? ", " : "", o->name, o->failure, o->retried, o->counts, o->word);
        REQUIRE(used < (int)sizeof wanted);
    }
    char order[500] = ",", sql[900]; // of the enum
    for (int end = 0; end < MS_N_ENDS; end++)
        snprintf(order + strlen(order), sizeof order - strlen(order), "%s,",
                 ms_outcome_of(end)->name);
    snprintf(sql, sizeof sql,
             "SELECT group_concat(name || ' ' || failure || retried || counts || ' ' || word, ', ')"
             " FROM (SELECT * FROM outcome ORDER BY instr('%s', ',' || name || ','))",
             order);
    CHECK_SQL(path, sql, wanted);
    sqlite3 *db;
    REQUIRE(sqlite3_open(path, &db) == SQLITE_OK);
    REQUIRE(sqlite3_exec(db,
                         "UPDATE outcome SET word = 'x', counts = 0; DELETE FROM outcome WHERE"
                         " name = 'lost'",
                         NULL, NULL, NULL) == SQLITE_OK);
    sqlite3_close(db);
    OK(ms_store_open(path, MS_JOURNAL_AUTO, &s, &err));
    OK(ms_store_fill_outcomes(s, &err));
    OK(ms_store_close(s, &err));
    CHECK_SQL(path, sql, wanted);
}

// The quantiles of the views are those of rank.c; between two rows the smaller is taken.
static void test_student(void)
{
    const char *path = in_folder("outcomes.sqlite");
    CHECK_SQL(path, "SELECT count(*) || ' ' || max(df) FROM student_t", "210 65535");
    static const int df[] = {1, 2, 30, 200, 250, 10000};
    for (int i = 0; i < 6; i++) {
        char sql[100];
        CASE("df %d", df[i]);
        snprintf(sql, sizeof sql, "SELECT printf('%%.17g', t) FROM student_t WHERE df = %d", df[i]);
        CHECK_NEAR(strtod(ask(path, sql), NULL), ms_stats_student_quantile(0.975, df[i]), 1e-12);
    }
    CHECK_SQL(path, "SELECT count(*) FROM student_t WHERE df BETWEEN 1 AND 200", "200");
}

int main(void)
{
    fixture_init();
    test_constraints();
    test_outcomes();
    test_student();
    fixture_clear();
    return check_done();
}
