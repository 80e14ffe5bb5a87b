// SPDX-License-Identifier: MIT
//
// Stores on a disk that is full or refuses to write.
#include "coordinator/store/store_internal.h"
#include "store_child.h"

#include <signal.h>
#include <sys/resource.h>

// Puts and commits until an error; returns the executions committed before it.
static int fill(struct ms_store *s, int *code)
{
    int committed = 0;
    double values[64 * COLUMNS];
    for (int i = 0; i < 64 * COLUMNS; i++)
        values[i] = i + 0.5;
    const struct ms_epochs e = {
        .first_epoch = 1, .n_epochs = 64, .n_columns = COLUMNS, .values = values};
    const struct ms_result r = {.end = MS_END_COMPLETED, .epochs = 64};
    for (uint32_t i = 0; i < 10000; i++, committed++) {
        const struct ms_attempt job = {.trial = 0, .execution = i};
        int differs;
        *code = ms_store_epochs(s, &job, &e, column_ids(), &differs, &err);
        if (!*code)
            *code = ms_store_attempt(s, &job, &r, 1, "h", true, 64, NULL, &err);
        if (!*code)
            *code = ms_store_commit(s, &err);
        if (*code)
            break;
    }
    return committed;
}

static void check_after_full(const char *path, const struct ms_sweep *sweep, struct ms_store *s,
                             enum ms_journal journal, int committed, const char *says)
{
    char sql[100], wanted[32];
    CHECK_THAT(strstr(err.text, says) && !strchr(err.text, '\n'), "'%s' does not say '%s'",
               err.text, says);
    CHECK(committed > 5 && committed < 9999);
    (void)ms_store_close(s, NULL);
    snprintf(sql, sizeof sql, "SELECT count(*) FROM execution WHERE state = 'done'");
    snprintf(wanted, sizeof wanted, "%d", committed);
    CHECK_SQL(path, sql, wanted);
    CHECK_SQL(path, "PRAGMA integrity_check", "ok");
    struct ms_known *known;
    int64_t n;
    s = open_and_begin(path, journal, sweep, &known, &n); // and there is room again
    CHECK(n == 10000 && known[committed - 1].state == MS_DONE &&
          known[committed].state == MS_WAITING);
    free(known);
    put_execution(s, 0, (uint32_t)committed, 0.5);
    OK(ms_store_close(s, &err));
    CHECK_INT(files_in_folder(), 1);
    CHECK(unlink(path) == 0);
}

static void test_full(enum ms_journal journal)
{
    struct ms_sweep *sweep = parse(SWEEP("full", 64, MAXIMIZE));
    const char *path = in_folder("full");
    struct ms_store *s = open_and_begin(path, journal, sweep, NULL, NULL);
    put_trial(s, 0, 0, 0.1, 0, 10000);
    OK(ms_store_commit(s, &err));
    CHECK(sqlite3_exec(s->db, "PRAGMA max_page_count = 300", NULL, NULL, NULL) == SQLITE_OK);
    int code;
    const int committed = fill(s, &code);
    CHECK_INT(code, MS_EIO);
    check_after_full(path, sweep, s, journal, committed, "no space left");
    ms_sweep_free(sweep);
}

// The system refuses to write past a file size: an input/output error in the middle of a commit.
static void test_write_error(enum ms_journal journal)
{
    struct ms_sweep *sweep = parse(SWEEP("error", 64, MAXIMIZE));
    const char *path = in_folder("error");
    struct ms_store *s = open_and_begin(path, journal, sweep, NULL, NULL);
    put_trial(s, 0, 0, 0.1, 0, 10000);
    OK(ms_store_commit(s, &err));
    struct rlimit before, limit;
    REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
    limit = before;
    limit.rlim_cur = 1500000;
    signal(SIGXFSZ, SIG_IGN);
    REQUIRE(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    int code, again;
    const int committed = fill(s, &code);
    CHECK_INT(code, MS_EIO);
    // Whatever comes after says the same; nothing is half written by accident.
    const struct ms_error first = err;
    if ((again = ms_store_commit(s, &err)) != 0)
        CHECK_INT(again, MS_EIO);
    err = first;
    REQUIRE(setrlimit(RLIMIT_FSIZE, &before) == 0);
    check_after_full(path, sweep, s, journal, committed, path);
    ms_sweep_free(sweep);
}

// A store that could not be made is not there afterwards.
static void test_full_at_birth(void)
{
    int status;
    CHILD(status, {
        struct rlimit limit = {20000, RLIM_INFINITY};
        signal(SIGXFSZ, SIG_IGN);
        REQUIRE(setrlimit(RLIMIT_FSIZE, &limit) == 0);
        refuse(in_folder("birth"), MS_EIO, "birth");
        CHECK_INT(files_in_folder(), 0);
    });
    CHECK_INT(status, 0);
}

int main(void)
{
    fixture_init();
    test_full_at_birth();
    for (int i = 0; i < 2; i++) {
        test_full(journals[i]);
        test_write_error(journals[i]);
    }
    fixture_clear();
    return check_done();
}
