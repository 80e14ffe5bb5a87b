// SPDX-License-Identifier: MIT
//
// A store whose sweep file has come to mean other values: refused, unless the file says what the
// store has.
#include "store_fixture.h"

#define LOG_INTS(step)                                                                             \
    "{\"name\": \"ints\", \"data\": {\"synthetic\": \"xor\"}, \"hidden\": [], \"batch_size\": "    \
    "{\"int\": [1, 1000], \"log\": true" step "}, \"search\": {\"method\": \"random\", "           \
    "\"max_trials\": 9}, \"objective\": {" MAXIMIZE "}}"

// Begins the sweep in a store; returns the status.
static int begin(const char *path, const char *text)
{
    struct ms_sweep *sweep = parse(text);
    struct ms_store *s = NULL;
    struct ms_known *known = NULL;
    int64_t n;
    OK(ms_store_open(path, MS_JOURNAL_AUTO, &s, &err));
    const int status = ms_store_begin(s, sweep, &provenance, &known, &n, &err);
    struct ms_error late;
    free(known);
    CHECK_INT(ms_store_close(s, &late), 0);
    ms_sweep_free(sweep);
    return status;
}

// A store of one trial, value 3 of the parameter.
static const char *store_of(const char *name, const char *text)
{
    const char *path = in_folder(name);
    struct ms_sweep *sweep = parse(text);
    struct ms_store *s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, NULL, NULL);
    const struct ms_cost cost = {0};
    OK(ms_store_trial(s, 0, (double[]){3}, &cost, 1, &err));
    OK(ms_store_close(s, &err));
    ms_sweep_free(sweep);
    return path;
}

static void sql(const char *path, const char *statement)
{
    sqlite3 *db;
    REQUIRE(sqlite3_open(path, &db) == SQLITE_OK);
    CHECK_INT(sqlite3_exec(db, statement, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

// As an older program left it: doubled, and nothing said of it.
static void test_doubled(void)
{
    const char *path = store_of("doubled", LOG_INTS(", \"step\": 2"));
    CHECK_SQL(path, "SELECT value || ' ' || value_index FROM param", "8 3");
    sql(path, "UPDATE sweep SET text = '" LOG_INTS("") "', text_sha256 = "
                                                       "'none'");
    CHECK_INT(begin(path, LOG_INTS("")), MS_EINVAL);
    CHECK_THAT(strstr(err.text, "batch_size: trial 0 has 8, which the file now counts as 4") &&
                   strstr(err.text, "'ints' cannot be continued"),
               "'%s'", err.text);
    CHECK_SQL(path, "SELECT count(*) FROM run", "1");
    OK(begin(path, LOG_INTS(", \"step\": 2")));
    CHECK_SQL(path, "SELECT text FROM sweep", LOG_INTS(", \"step\": 2"));
}

// As this program leaves it: doubling is another space.
static void test_all_integers(void)
{
    const char *path = store_of("integers", LOG_INTS(""));
    CHECK_SQL(path, "SELECT value || ' ' || value_index FROM param", "4 3");
    CHECK_INT(begin(path, LOG_INTS(", \"step\": 2")), MS_EINVAL);
    CHECK_THAT(strstr(err.text, "batch_size: trial 0 has 4, which the file now counts as 8"),
               "'%s'", err.text);
    OK(begin(path, LOG_INTS("")));
}

int main(void)
{
    fixture_init();
    test_doubled();
    test_all_integers();
    fixture_clear();
    return check_done();
}
