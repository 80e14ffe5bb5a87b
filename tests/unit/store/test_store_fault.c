// SPDX-License-Identifier: MIT
//
// What goes wrong around a store: other programs, readers, foreign files. Killed runs are in
// test_store_killed.c, full disks in test_store_full.c.
#include "coordinator/store/store_internal.h"
#include "store_child.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <time.h>

static const char *const journal_names[] = {"wal", "delete"};

static bool become_nobody(void)
{
    return geteuid() != 0 || (setgid(65534) == 0 && setuid(65534) == 0);
}

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    REQUIRE(f && fputs(text, f) >= 0 && fclose(f) == 0);
}

static bool same_text(const char *path, const char *text)
{
    char got[200] = "";
    FILE *f = fopen(path, "r");
    const size_t n = f ? fread(got, 1, sizeof got - 1, f) : 0;
    if (f)
        fclose(f);
    return n == strlen(text) && memcmp(got, text, n) == 0;
}

static void refuse_to_read(const char *path, int code, const char *says)
{
    struct ms_store *s = NULL;
    err = (struct ms_error){0};
    CHECK_INT(ms_store_open_read(path, &s, &err), code);
    CHECK_THAT(s == NULL && strstr(err.text, says), "'%s' does not say '%s'", err.text, says);
}

// Refused, and nothing else in the folder than before.
static void test_refusals(void)
{
    const char *text = "a diary, sixteen bytes and more of it\n";
    const char *path = in_folder("diary");
    write_file(path, text);
    refuse(path, MS_EINVAL, "not an SQLite file");
    refuse_to_read(path, MS_EINVAL, "not an SQLite file");
    CHECK(same_text(path, text));
    CHECK_INT(files_in_folder(), 1);
    write_file(path, "short");
    refuse(path, MS_EINVAL, "not an SQLite file");
    CHECK(same_text(path, "short"));
    CHECK(unlink(path) == 0);

    refuse(folder, MS_EINVAL, "directory");
    refuse_to_read(folder, MS_EINVAL, "directory");
    refuse("/dev/null", MS_EINVAL, "not a regular file");
    refuse("", MS_EINVAL, "empty");
    refuse(in_folder("no/such/folder"), MS_EINVAL, "No such file");
    refuse_to_read(in_folder("missing"), MS_EINVAL, "no such file");
    CHECK_INT(files_in_folder(), 0);

    sqlite3 *db;
    const char *other = in_folder("other");
    REQUIRE(sqlite3_open(other, &db) == SQLITE_OK);
    REQUIRE(sqlite3_exec(db, "CREATE TABLE t (x); PRAGMA user_version = 1", NULL, NULL, NULL) == 0);
    sqlite3_close(db);
    refuse(other, MS_EINVAL, "not a store of mlpsweep");
    refuse_to_read(other, MS_EINVAL, "not a store of mlpsweep");
    CHECK_SQL(other, "SELECT group_concat(name) FROM sqlite_schema", "t");
    CHECK_SQL(other, "PRAGMA journal_mode", "delete");
    CHECK_INT(files_in_folder(), 1);
    CHECK(unlink(other) == 0);

    const char *newer = in_folder("newer");
    struct ms_store *s;
    OK(ms_store_open(newer, MS_JOURNAL_AUTO, &s, &err));
    OK(ms_store_close(s, &err));
    REQUIRE(sqlite3_open(newer, &db) == SQLITE_OK);
    REQUIRE(sqlite3_exec(db, "PRAGMA user_version = 1000", NULL, NULL, NULL) == 0);
    sqlite3_close(db);
    refuse(newer, MS_EINVAL, "newer mlpsweep");
    refuse_to_read(newer, MS_EINVAL, "newer mlpsweep");
    CHECK_INT(files_in_folder(), 1);
    CHECK(unlink(newer) == 0);

    write_file(in_folder("empty"), ""); // as mktemp leaves it: nothing is lost by using it
    refuse_to_read(in_folder("empty"), MS_EINVAL, "empty");
    OK(ms_store_open(in_folder("empty"), MS_JOURNAL_AUTO, &s, &err));
    OK(ms_store_close(s, &err));
    CHECK_SQL(in_folder("empty"), "SELECT count(*) FROM trial", "0");
    CHECK(unlink(in_folder("empty")) == 0);
}

static void test_no_permission(void)
{
    struct ms_sweep *sweep = parse(SWEEP("readonly", 2, MAXIMIZE));
    const char *path = in_folder("readonly");
    struct ms_store *s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, NULL, NULL);
    put_trial(s, 0, 0, 0.1, 0, 1);
    OK(ms_store_close(s, &err));
    REQUIRE(chmod(path, 0444) == 0 && chmod(folder, 0555) == 0);
    int status;
    CHILD(status, {
        if (!become_nobody())
            _exit(77);
        refuse(path, MS_EIO, "Permission denied");
        refuse(in_folder("new"), MS_EIO, "Permission denied");
        struct ms_sweep_info info;
        OK(ms_store_open_read(path, &s, &err)); // but can be read
        OK(ms_store_find(s, NULL, &info, &err));
        CHECK_STR(info.name, "readonly");
        OK(ms_store_close(s, &err));
    });
    CHECK(status == 0 || status == 77);
    REQUIRE(chmod(folder, 0777) == 0 && chmod(path, 0644) == 0);
    CHECK_INT(files_in_folder(), 1);

    // A plain file whose header still says WAL, where no shared memory can be made.
    sqlite3 *db;
    REQUIRE(sqlite3_open(path, &db) == SQLITE_OK);
    REQUIRE(sqlite3_exec(db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL) == SQLITE_OK);
    sqlite3_close(db);
    REQUIRE(chmod(path, 0444) == 0 && chmod(folder, 0555) == 0);
    CHILD(status, {
        if (!become_nobody())
            _exit(77);
        struct ms_sweep_info info;
        OK(ms_store_open_read(path, &s, &err));
        OK(ms_store_find(s, NULL, &info, &err));
        CHECK_STR(info.name, "readonly");
    });
    CHECK(status == 0 || status == 77);
    REQUIRE(chmod(folder, 0777) == 0);
    CHECK(unlink(path) == 0);
    ms_sweep_free(sweep);
}

static void test_second_run(void)
{
    struct ms_sweep *sweep = parse(SWEEP("second", 2, MAXIMIZE));
    const char *path = in_folder("second");
    struct ms_store *s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, NULL, NULL);
    int status;
    CHILD(status, {
        char pid[32];
        snprintf(pid, sizeof pid, "pid %ld", (long)getppid());
        refuse(path, MS_EBUSY, pid);
        struct ms_store *r;
        struct ms_sweep_info info;
        char holder[300];
        OK(ms_store_open_read(path, &r, &err));
        CHECK(ms_store_alive(r, holder, sizeof holder) && strstr(holder, pid));
        OK(ms_store_find(r, "second", &info, &err));
        CHECK_STR(info.state, "running");
        OK(ms_store_close(r, &err));
    });
    CHECK_INT(status, 0);
    CHECK(access(in_folder("second.lock"), F_OK) == 0); // the reader did not take it away
    OK(ms_store_close(s, &err));
    CHECK(access(in_folder("second.lock"), F_OK) != 0);

    // A lock file whose owner is dead, even one that names a living process, is no obstacle.
    char text[100];
    snprintf(text, sizeof text, "host %s, pid %ld\n", "here", (long)getppid());
    write_file(in_folder("second.lock"), text);
    struct ms_store *r;
    struct ms_sweep_info info;
    OK(ms_store_open_read(path, &r, &err));
    char holder[300];
    CHECK(!ms_store_alive(r, holder, sizeof holder));
    OK(ms_store_find(r, "second", &info, &err));
    CHECK_STR(info.state, "killed"); // it never said that it ended
    OK(ms_store_close(r, &err));
    OK(ms_store_open(path, MS_JOURNAL_AUTO, &s, &err));
    OK(ms_store_close(s, &err));
    CHECK_INT(files_in_folder(), 1);
    CHECK(unlink(path) == 0);
    ms_sweep_free(sweep);
}

// A reader in the middle of a long SELECT while the run goes on.
static void test_reader(enum ms_journal journal)
{
    struct ms_sweep *sweep = parse(SWEEP("reader", 2, MAXIMIZE));
    const char *path = in_folder("reader");
    struct ms_store *s = open_and_begin(path, journal, sweep, NULL, NULL);
    CHECK_SQL(path, "PRAGMA journal_mode", journal_names[journal == MS_JOURNAL_DELETE]);
    put_trial(s, 0, 0, 0.1, 0, 50);
    put_execution(s, 0, 0, 0.75);
    OK(ms_store_commit(s, &err));
    sqlite3 *db;
    sqlite3_stmt *q;
    REQUIRE(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK);
    REQUIRE(sqlite3_prepare_v2(db, "SELECT * FROM epoch_metric", -1, &q, NULL) == SQLITE_OK);
    REQUIRE(sqlite3_step(q) == SQLITE_ROW);
    for (uint32_t i = 1; i < 40; i++) {
        put_execution(s, 0, i, 0.5);
        const int rc = ms_store_commit(s, &err);
        CHECK_INT(rc, journal == MS_JOURNAL_WAL ? 0 : MS_EBUSY);
    }
    int rows = 1;
    while (sqlite3_step(q) == SQLITE_ROW)
        rows++;
    CHECK_INT(rows, 2 * COLUMNS); // a reader sees the moment it began at
    sqlite3_finalize(q);
    OK(ms_store_commit(s, &err));
    CHECK_SQL(path, "SELECT count(*) FROM attempt", "40");
    // Still connected, but idle, at the end: WAL may have to stay, the results must be there.
    OK(ms_store_close(s, &err));
    sqlite3_close(db);
    CHECK_SQL(path, "SELECT count(*) FROM attempt", "40");
    s = open_and_begin(path, journal, sweep, NULL, NULL);
    OK(ms_store_close(s, &err));
    CHECK_INT(files_in_folder(), 1);
    CHECK(unlink(path) == 0);
    ms_sweep_free(sweep);
}

// Somebody's sqlite3 shell wants to write while a run is alive: it has to wait, not the run.
static void test_other_writer(enum ms_journal journal)
{
    struct ms_sweep *sweep = parse(SWEEP("other", 2, MAXIMIZE));
    const char *path = in_folder("other");
    struct ms_store *s = open_and_begin(path, journal, sweep, NULL, NULL);
    sqlite3 *db;
    REQUIRE(sqlite3_open(path, &db) == SQLITE_OK);
    for (uint32_t i = 0; i < 5; i++) {
        CHECK_INT(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_BUSY);
        put_trial(s, i, 0, 0.1, 0, 1);
        put_execution(s, i, 0, 0.75);
        CHECK_INT(sqlite3_exec(db, "DELETE FROM sweep", NULL, NULL, NULL), SQLITE_BUSY);
        OK(ms_store_commit(s, &err));
        CHECK_INT(sqlite3_exec(db, "SELECT * FROM leaderboard", NULL, NULL, NULL), SQLITE_OK);
    }
    OK(ms_store_close(s, &err));
    CHECK_INT(sqlite3_exec(db, "BEGIN IMMEDIATE; ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    CHECK_INT(sqlite3_close(db), SQLITE_OK);
    CHECK_INT(files_in_folder(), 1);
    struct ms_store *r; // a reader leaves nothing behind either, whatever mode the file is in
    struct ms_sweep_info info;
    OK(ms_store_open_read(path, &r, &err));
    OK(ms_store_find(r, "other", &info, &err));
    CHECK_INT(sqlite3_exec(r->db, "DELETE FROM sweep", NULL, NULL, NULL), SQLITE_READONLY);
    OK(ms_store_close(r, &err));
    CHECK_INT(files_in_folder(), 1);
    s = open_and_begin(path, journal, sweep, NULL, NULL);
    OK(ms_store_close(s, &err));
    CHECK_SQL(path, "SELECT count(*) FROM leaderboard", "5");
    CHECK(unlink(path) == 0);
    ms_sweep_free(sweep);
}

// A log that is checkpointed as it grows is used again from its beginning, also by a run that never
// lets go of the file.
static void test_log_stays_small(void)
{
    struct ms_sweep *sweep = parse(SWEEP("log", 64, MAXIMIZE));
    const char *path = in_folder("log");
    struct ms_store *s = open_and_begin(path, MS_JOURNAL_WAL, sweep, NULL, NULL);
    put_trial(s, 0, 0, 0.1, 0, 600);
    for (uint32_t i = 0; i < 600; i++) { // which write 20 MB into the log
        put_execution(s, 0, i, 0.5);
        OK(ms_store_commit(s, &err));
    }
    struct stat st;
    CHECK(stat(in_folder("log-wal"), &st) == 0 && st.st_size > 0);
    CHECK_THAT(st.st_size < 6 << 20, "the log has grown to %lld bytes", (long long)st.st_size);
    OK(ms_store_close(s, &err));
    CHECK_INT(files_in_folder(), 1);
    CHECK(unlink(path) == 0);
    ms_sweep_free(sweep);
}

// A run on a rollback journal was killed while it wrote: the file is half old, half new, and its
// journal must be played back by whoever may.
static void test_hot_journal(void)
{
    struct ms_sweep *sweep = parse(SWEEP("hot", 2, MAXIMIZE));
    const char *path = in_folder("hot");
    struct ms_store *s = open_and_begin(path, MS_JOURNAL_DELETE, sweep, NULL, NULL);
    put_trial(s, 0, 0, 0.1, 0, 1000);
    OK(ms_store_close(s, &err));
    int status;
    CHILD(status, {
        sqlite3 *db;
        REQUIRE(sqlite3_open(path, &db) == SQLITE_OK);
        (void)sqlite3_exec(db,
                           "PRAGMA cache_size = 1; BEGIN; DELETE FROM trial; DELETE FROM execution;"
                           "DELETE FROM sweep",
                           NULL, NULL, NULL);
        raise(SIGKILL);
    });
    REQUIRE(access(in_folder("hot-journal"), F_OK) == 0);
    REQUIRE(chmod(path, 0444) == 0 && chmod(in_folder("hot-journal"), 0444) == 0 &&
            chmod(folder, 0555) == 0);
    CHILD(status, {
        if (!become_nobody())
            _exit(77);
        refuse_to_read(path, MS_EIO, "killed run left its journal");
    });
    CHECK(status == 0 || status == 77);
    REQUIRE(chmod(path, 0644) == 0 && chmod(folder, 0777) == 0);
    struct ms_store *r;
    struct ms_sweep_info info;
    OK(ms_store_open_read(path, &r, &err));
    OK(ms_store_find(r, "hot", &info, &err));
    OK(ms_store_close(r, &err));
    CHECK_SQL(path, "SELECT count(*) FROM execution", "1000");
    CHECK_INT(files_in_folder(), 1);
    CHECK(unlink(path) == 0);
    ms_sweep_free(sweep);
}

// What cannot be seen without pulling the plug is at least asked for.
static void test_settings(void)
{
    static const struct {
        const char *pragma;
        int wanted;
    } settings[] = {
        {"PRAGMA synchronous", 2}, {"PRAGMA foreign_keys", 1}, {"PRAGMA cache_spill", 0}};
    struct ms_store *s;
    OK(ms_store_open(in_folder("settings"), MS_JOURNAL_AUTO, &s, &err));
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        CASE("%s", settings[i].pragma);
        sqlite3_stmt *q;
        REQUIRE(sqlite3_prepare_v2(s->db, settings[i].pragma, -1, &q, NULL) == SQLITE_OK);
        REQUIRE(sqlite3_step(q) == SQLITE_ROW);
        CHECK_INT(sqlite3_column_int(q, 0), settings[i].wanted);
        sqlite3_finalize(q);
    }
    OK(ms_store_close(s, &err));
    CHECK(unlink(in_folder("settings")) == 0);
}

// The log of a killed run holds committed results: whoever cannot read it must not be shown the
// file without it.
static void test_log_out_of_reach(void)
{
    struct ms_sweep *sweep = parse(SWEEP("reach", 2, MAXIMIZE));
    const char *path = in_folder("reach");
    int status;
    CHILD(status, {
        struct ms_store *s = open_and_begin(path, MS_JOURNAL_WAL, sweep, NULL, NULL);
        put_trial(s, 0, 0, 0.1, 0, 1);
        put_execution(s, 0, 0, 0.75);
        OK(ms_store_commit(s, &err));
        raise(SIGKILL);
    });
    REQUIRE(unlink(in_folder("reach-shm")) == 0 && unlink(in_folder("reach.lock")) == 0);
    REQUIRE(chmod(folder, 0555) == 0);
    CHILD(status, {
        if (!become_nobody())
            _exit(77);
        struct ms_store *r;
        struct ms_sweep_info info;
        struct ms_rank_scores sc;
        int rc = ms_store_open_read(path, &r, &err);
        if (!rc) {
            OK(ms_store_find(r, "reach", &info, &err));
            OK(ms_store_scores(r, info.id, &sc, &err));
            CHECK(sc.n == 1 && sc.value[0] == 0.75);
        } else {
            CHECK_INT(rc, MS_EIO);
        }
    });
    CHECK(status == 0 || status == 77);
    REQUIRE(chmod(folder, 0777) == 0);
    struct ms_store *s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, NULL, NULL);
    OK(ms_store_close(s, &err));
    CHECK_SQL(path, "SELECT objective FROM execution", "0.75");
    CHECK_INT(files_in_folder(), 1);
    CHECK(unlink(path) == 0);
    ms_sweep_free(sweep);
}

int main(void)
{
    fixture_init();
    test_refusals();
    test_settings();
    test_no_permission();
    test_log_out_of_reach();
    test_second_run();
    for (int i = 0; i < 2; i++) {
        test_reader(journals[i]);
        test_other_writer(journals[i]);
    }
    test_log_stays_small();
    test_hot_journal();
    fixture_clear();
    return check_done();
}
