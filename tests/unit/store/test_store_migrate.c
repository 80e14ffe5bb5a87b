// SPDX-License-Identifier: MIT
//
// A store of every earlier version becomes one of today: the same schema as a new store, to the
// letter, and all the rows it had.
#include <math.h>

#include "coordinator/store/store_internal.h"
#include "store_old.h"

enum { FIRST_READABLE = MS_STORE_READABLE };

// The rows of attempt without the columns that a later version added.
#define ATTEMPTS                                                                                   \
    "SELECT group_concat(execution_id || ' ' || number || ' ' || coalesce(outcome, '-') || ' ' ||" \
    " worker_rank || coalesce(host, '-') || coalesce(started_at, '-') || coalesce(ended_at, '-') " \
    "||"                                                                                           \
    " coalesce(epochs, '-') || coalesce(wall_s, '-') || coalesce(message, '-'), ', ') FROM"        \
    " (SELECT * FROM attempt ORDER BY execution_id, number)"

static void test_first_version(void)
{
    const char *path = in_folder("old.sqlite");
    load(path, "store_v1.sql");
    char before[2000], board[2000];
    snprintf(before, sizeof before, "%s", ask(path, ATTEMPTS));
    snprintf(
        board, sizeof board, "%s",
        ask(path, "SELECT group_concat(trial || ' ' || mean || ' ' || n, ', ') FROM leaderboard"));
    CHECK(strstr(before, "crashed") && strstr(before, "killed by signal 11"));
    struct ms_store *s = NULL;
    CHECK_INT(ms_store_open_read(path, &s, &err), MS_EINVAL);
    CHECK(strstr(err.text, "written by an older mlpsweep (schema 1)") != NULL);
    OK(ms_store_open(path, MS_JOURNAL_AUTO, &s, &err));
    OK(ms_store_close(s, &err));
    CHECK_SQL(path, "PRAGMA user_version", AS_TEXT(MS_STORE_VERSION));
    CHECK_SQL(path, "PRAGMA integrity_check", "ok");
    CHECK_SQL(path, "PRAGMA foreign_key_check", "no row");
    CHECK_SQL(path, ATTEMPTS, before);
    CHECK_SQL(path, "SELECT group_concat(trial || ' ' || mean || ' ' || n, ', ') FROM leaderboard",
              board);
    CHECK_SQL(path, "SELECT count(*) FROM trials_old WHERE optimizer = 'adam' AND wall_s > 0", "2");
    CHECK_SQL(path, "SELECT outcome || message FROM failures", "crashedkilled by signal 11");
    CHECK_SQL(path, "SELECT count(*) FROM sqlite_schema WHERE name = 'aside'", "0");
    // Its sweep goes on.
    char *text = strdup(ask(path, "SELECT text FROM sweep"));
    REQUIRE(text != NULL);
    struct ms_sweep *sweep = parse(text);
    struct ms_known *known;
    int64_t n;
    s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, &known, &n);
    CHECK_INT(n, 4);
    CHECK(known[0].state == MS_DONE && known[0].end == MS_END_COMPLETED && known[0].trained == 2);
    CHECK(known[2].state == MS_DONE && known[2].attempts == 1 && known[2].reached == 2);
    CHECK(known[3].state == MS_WAITING && known[3].reached == 0 && known[3].attempts == 0);
    free(known);
    const uint8_t bytes[] = {1, 0, 2, 255};
    const struct ms_state state = {
        .epoch = 1, .n = sizeof bytes, .bytes = (uint8_t *)(uintptr_t)bytes};
    OK(ms_store_checkpoint(s, 1, 1, &state, &err));
    const struct ms_attempt job = {.trial = 1, .execution = 1};
    const struct ms_result r = {.end = MS_END_PAUSED, .epochs = 1};
    OK(ms_store_attempt(s, &job, &r, 1, "node1", false, 2, NULL, &err));
    OK(ms_store_end(s, "finished", &err));
    OK(ms_store_close(s, &err));
    CHECK_SQL(path,
              "SELECT outcome FROM attempt WHERE execution_id = 4 ORDER BY number DESC LIMIT 1",
              "paused");
    CHECK_SQL(path, "SELECT hex(state) || epoch FROM checkpoint", "010002FF1");
    ms_sweep_free(sweep);
    free(text);
}

// Everything that .schema shows; a sweep's own view is data.
#define SCHEMA                                                                                     \
    "SELECT group_concat(type || ' ' || name || ': ' || coalesce(sql, '-'), char(10)) FROM"        \
    " (SELECT * FROM sqlite_schema WHERE name NOT IN"                                              \
    "   (SELECT view_name FROM sweep WHERE view_name IS NOT NULL) ORDER BY type, name)"
#define ALL_ATTEMPTS                                                                               \
    "SELECT group_concat(execution_id || ' ' || number || ' ' || outcome || ' ' || epochs || ' '"  \
    " || wall_s || coalesce(message, '-') || coalesce(output, '-'), ', ') FROM"                    \
    " (SELECT * FROM attempt ORDER BY execution_id, number)"
#define ALL_EPOCHS                                                                                 \
    "SELECT count(*) || ' ' || total(value * epoch * (1 + execution_id)) FROM epoch_metric"

static char *kept(const char *path, const char *sql)
{
    char *text = strdup(ask(path, sql));
    REQUIRE(text != NULL);
    return text;
}

static void migrate(const char *path)
{
    struct ms_store *s = NULL;
    OK(ms_store_open(path, MS_JOURNAL_AUTO, &s, &err));
    OK(ms_store_close(s, &err));
}

static void test_schema(void)
{
    migrate(in_folder("new.sqlite"));
    char *wanted = kept(in_folder("new.sqlite"), SCHEMA);
    CHECK(strlen(wanted) > 5000 && strstr(wanted, "view pareto") &&
          strstr(wanted, "table outcome"));
    for (int version = 1; version < MS_STORE_VERSION; version++) {
        CASE("version %d", version);
        const char *path = old_store(version);
        migrate(path);
        char *found = kept(path, SCHEMA);
        CHECK_THAT(strcmp(found, wanted) == 0, "its schema is\n%s\nnot\n%s", found, wanted);
        free(found);
        CHECK_SQL(path, "PRAGMA integrity_check", "ok");
        CHECK_SQL(path, "PRAGMA foreign_key_check", "no row");
        CHECK_SQL(path, "PRAGMA user_version", AS_TEXT(MS_STORE_VERSION));
        remove(path);
    }
    free(wanted);
}

// A sweep with two objectives, pruned executions and a failure: no row changes.
static void test_rows(void)
{
    for (int version = 2; version < MS_STORE_VERSION; version++) {
        CASE("version %d", version);
        const char *path = old_store(version);
        char *attempts = kept(path, ALL_ATTEMPTS), *epochs = kept(path, ALL_EPOCHS);
        char *objectives =
            kept(path, "SELECT group_concat(position || metric || goal) FROM objective");
        CHECK(strstr(attempts, "boom") && strstr(attempts, "paused"));
        migrate(path);
        CHECK_SQL(path, ALL_ATTEMPTS, attempts);
        CHECK_SQL(path, ALL_EPOCHS, epochs);
        CHECK_SQL(path, "SELECT group_concat(position || metric || goal) FROM objective",
                  objectives);
        CHECK_SQL(path, "SELECT count(*) || max(outcome) FROM failures", "1error");
        CHECK_SQL(path, "SELECT group_concat(trial) FROM pareto", "0,4"); // pruned ones are in none
        CHECK_SQL(path, "SELECT count(*) FROM trials_old WHERE lr > 0", "6");
        free(attempts);
        free(epochs);
        free(objectives);
        remove(path);
    }
}

// The objective of the first execution: sets it where to is true, else reads it.
static double first_objective(const char *path, bool to, double value)
{
    sqlite3 *db;
    sqlite3_stmt *q;
    REQUIRE(sqlite3_open(path, &db) == SQLITE_OK);
    const char *sql = to ? "UPDATE execution SET objective = ? WHERE execution_id = 1"
                         : "SELECT objective FROM execution WHERE execution_id = 1";
    REQUIRE(sqlite3_prepare_v2(db, sql, -1, &q, NULL) == SQLITE_OK);
    if (to)
        REQUIRE(sqlite3_bind_double(q, 1, value) == SQLITE_OK);
    REQUIRE(sqlite3_step(q) == (to ? SQLITE_DONE : SQLITE_ROW));
    if (!to)
        value = sqlite3_column_double(q, 0);
    sqlite3_finalize(q);
    sqlite3_close(db);
    return value;
}

// Tables with children are made anew: no child is lost, an objective keeps its bits, a column that
// is new has its default.
static void test_children(void)
{
    const char *path = old_store(5);
    first_objective(path, true, -0.0);
    char *params = kept(path, "SELECT count(*) || total(value) FROM param");
    char *runs = kept(path, "SELECT group_concat(run_id || started_at || blas) FROM run");
    CHECK_SQL(path, "SELECT count(*) FROM epoch_metric", "14");
    migrate(path);
    const double kept_bits = first_objective(path, false, 1);
    CHECK(kept_bits == 0 && signbit(kept_bits));
    CHECK_SQL(path, "SELECT count(*) || total(value) FROM param", params);
    CHECK_SQL(path, "SELECT group_concat(run_id || started_at || blas) FROM run", runs);
    CHECK_SQL(path, "SELECT count(*) FROM epoch_metric", "14");
    CHECK_SQL(path, "SELECT count(dataset) || count(*) FROM trial", "06");
    CHECK_SQL(path, "SELECT count(name_in_file) || count(*) FROM sweep", "01");
    CHECK_SQL(path, "SELECT count(*) FROM dataset", "0");
    CHECK_SQL(path, "SELECT at || at_window FROM sweep", "best1");
    CHECK_SQL(path, "SELECT count(*) FROM execution WHERE purpose = 'search'", "6");
    // Keys hold again: the rows go with their sweep.
    struct ms_store *s = NULL;
    OK(ms_store_open(path, MS_JOURNAL_AUTO, &s, &err));
    OK(ms_store_sql_script(s, "DELETE FROM sweep", &err));
    OK(ms_store_close(s, &err));
    CHECK_SQL(path, "SELECT count(*) FROM param", "0");
    free(params);
    free(runs);
    remove(path);
}

// What reads a store reads an older one, too, which has no table of outcomes, and leaves it alone.
static void test_reading_older(void)
{
    for (int version = FIRST_READABLE; version < MS_STORE_VERSION; version++) {
        CASE("version %d", version);
        const char *path = old_store(version);
        for (int now = 0; now < 2; now++) {
            struct ms_store *s;
            struct ms_attempt_list failed;
            struct ms_store_outcomes outcomes;
            struct ms_sums ended;
            OK(ms_store_open_read(path, &s, &err));
            OK(ms_store_failed_attempts(s, 4, &failed, &err));
            REQUIRE(failed.n == 1);
            CHECK_STR(failed.item[0].message, "exit status 1: boom");
            ms_store_attempt_list_clear(&failed);
            OK(ms_store_outcomes(s, 1, &outcomes, &err));
            CHECK(outcomes.n == 3 && outcomes.item[0].count == 3 && outcomes.item[1].count == 4);
            OK(ms_store_ended_since(s, 1, "2000", &ended, &err));
            CHECK(ended.n == 5 && ended.y > 0);
            OK(ms_store_close(s, &err));
            CHECK_SQL(path, "SELECT count(*) FROM sqlite_schema WHERE name = 'model'",
                      now ? "1" : "0");
            if (!now)
                migrate(path);
        }
        remove(path);
    }
}

int main(void)
{
    fixture_init();
    test_first_version();
    test_schema();
    test_rows();
    test_children();
    test_reading_older();
    fixture_clear();
    return check_done();
}
