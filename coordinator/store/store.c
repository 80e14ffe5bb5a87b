// SPDX-License-Identifier: MIT
//
// Opening, committing and closing.
//
// Invariants of a writer:
//
//   - The lock file is held from before SQLite sees the file until after SQLite has let go of it.
//
//   - A file that was there before and is refused has not been touched; a new file that could not
//     become a store is removed again.
//
//   - Either a transaction is open (in_transaction) or nothing is pending.
//
// cache_spill is off, because SQLite would otherwise write pages of a large transaction into the
// file before it is committed, and would lock readers out to do so.
#include "store_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char sql_commit[] = "COMMIT";
static const char sql_hold[] = "BEGIN IMMEDIATE";
static const char sql_application[] = "PRAGMA application_id";
static const char sql_version[] = "PRAGMA user_version";
static const char sql_anything[] = "SELECT count(*) FROM sqlite_schema";
static const char sql_wal[] = "PRAGMA journal_mode = WAL";
static const char sql_rollback[] = "PRAGMA journal_mode = DELETE";
static const char sql_checkpoint[] = "PRAGMA wal_checkpoint(TRUNCATE)";
static const char sql_settings[] = "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
                                   "PRAGMA cache_spill = OFF; PRAGMA cache_size = -65536";
static const char sql_read_settings[] = "PRAGMA query_only = ON; PRAGMA foreign_keys = ON";

#define COMMIT_BUSY_MS 20 // a commit waits this long for readers; the run must not stand still
#define CLOSE_BUSY_MS 10000
#define READ_BUSY_MS 10000 // a reader can wait: a commit takes milliseconds

static const char sqlite_magic[16] = "SQLite format 3";

// The absolute path of a file that may not exist yet.
static char *absolute(const char *path)
{
    char *real = realpath(path, NULL);
    if (real || errno != ENOENT)
        return real;
    char *folder_of = strdup(path), *name_of = strdup(path), *out = NULL;
    if (folder_of && name_of) {
        char *folder = realpath(dirname(folder_of), NULL);
        if (folder &&
            asprintf(&out, "%s/%s", strcmp(folder, "/") == 0 ? "" : folder, basename(name_of)) < 0)
            out = NULL;
        free(folder);
    }
    free(folder_of);
    free(name_of);
    return out;
}

static int allocate(const char *path, struct ms_store **out, struct ms_error *err)
{
    if (!path[0])
        return ms_fail(err, MS_EINVAL, "the store's path is empty");
    struct ms_store *s = calloc(1, sizeof *s);
    if (!s)
        return ms_no_memory(err, "the store %s", path);
    s->lock_fd = -1;
    s->path = absolute(path);
    if (!s->path) {
        const int why = errno;
        free(s);
        return ms_fail(err, MS_EINVAL, "%s: %s", path, strerror(why));
    }
    if (asprintf(&s->lock_path, "%s.lock", s->path) < 0) {
        free(s->path);
        free(s);
        return ms_no_memory(err, "the store %s", path);
    }
    *out = s;
    return 0;
}

static void release(struct ms_store *s)
{
    ms_store_sql_finalize(s);
    if (s->db)
        sqlite3_close(s->db);
    ms_store_unlock(s);
    free(s->lock_path);
    free(s->path);
    free(s);
}

// True when SQLite's file with this suffix exists and is not empty.
static bool has_beside(const struct ms_store *s, const char *suffix)
{
    char path[PATH_MAX + 16];
    struct stat st;
    snprintf(path, sizeof path, "%s%s", s->path, suffix);
    return stat(path, &st) == 0 && st.st_size > 0;
}

// Examines what is at path before anything touches it. exists: it is a file for SQLite to open.
static int look(const struct ms_store *s, bool *exists, struct ms_error *err)
{
    struct stat st;
    *exists = false;
    if (stat(s->path, &st)) {
        if (errno == ENOENT)
            return 0;
        return ms_fail(err, MS_EINVAL, "%s: %s", s->path, strerror(errno));
    }
    if (S_ISDIR(st.st_mode))
        return ms_fail(err, MS_EINVAL, "%s: is a directory, not a store", s->path);
    if (!S_ISREG(st.st_mode))
        return ms_fail(err, MS_EINVAL, "%s: not a regular file", s->path);
    *exists = true;
    if (st.st_size == 0)
        return 0; // as mktemp leaves it: becomes a store
    char head[sizeof sqlite_magic] = "";
    const int fd = open(s->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return ms_fail(err, MS_EINVAL, "%s: cannot be read: %s", s->path, strerror(errno));
    const ssize_t n = read(fd, head, sizeof head);
    close(fd);
    if (n == (ssize_t)sizeof head && memcmp(head, sqlite_magic, sizeof head) == 0)
        return 0;
    // A run killed while it made the store may have left a first page of zeros: its journal shows
    // that.
    if (has_beside(s, "-journal"))
        return 0;
    return ms_fail(err, MS_EINVAL, "%s: not an SQLite file, so not a store", s->path);
}

static int pragma(struct ms_store *s, const char *sql, int64_t *out, struct ms_error *err)
{
    sqlite3_stmt *q = NULL;
    int rc = sqlite3_prepare_v2(s->db, sql, -1, &q, NULL);
    if (rc == SQLITE_OK && (rc = sqlite3_step(q)) == SQLITE_ROW) {
        *out = sqlite3_column_int64(q, 0);
        rc = SQLITE_OK;
    }
    sqlite3_finalize(q);
    return rc == SQLITE_OK ? 0 : ms_store_sql_failed(s, rc, err);
}

// Refuses a file that is not a store or is newer than this program. *version 0: it is empty.
static int identify(struct ms_store *s, int64_t *version, struct ms_error *err)
{
    int64_t application = 0, anything = 0;
    int status = pragma(s, sql_application, &application, err);
    if (!status)
        status = pragma(s, sql_version, version, err);
    if (!status)
        status = pragma(s, sql_anything, &anything, err);
    if (status)
        return status;
    if (application != MS_STORE_APPLICATION && (application || anything))
        return ms_fail(err, MS_EINVAL, "%s: an SQLite file, but not a store of mlpsweep", s->path);
    if (*version > MS_STORE_VERSION)
        return ms_fail(err, MS_EINVAL,
                       "%s: written by a newer mlpsweep (schema %lld, this one knows %d)", s->path,
                       (long long)*version, MS_STORE_VERSION);
    if (!application)
        *version = 0;
    return 0;
}

// Sets the journal mode and checks what SQLite made of it.
static int set_journal(struct ms_store *s, const char *sql, bool *is_wal, struct ms_error *err)
{
    sqlite3_stmt *q = NULL;
    int rc = sqlite3_prepare_v2(s->db, sql, -1, &q, NULL);
    if (rc == SQLITE_OK && (rc = sqlite3_step(q)) == SQLITE_ROW) {
        const char *mode = (const char *)sqlite3_column_text(q, 0);
        *is_wal = mode && strcmp(mode, "wal") == 0;
        rc = SQLITE_OK;
    }
    sqlite3_finalize(q);
    return rc == SQLITE_OK ? 0 : ms_store_sql_failed(s, rc, err);
}

static int choose_journal(struct ms_store *s, enum ms_journal journal, struct ms_error *err)
{
    const bool wal =
        journal == MS_JOURNAL_WAL || (journal == MS_JOURNAL_AUTO && ms_store_is_local(s->path));
    const int status = set_journal(s, wal ? sql_wal : sql_rollback, &s->wal, err);
    if (status == MS_EBUSY) { // readers hold it in the mode it has: that works too
        if (err)
            *err = (struct ms_error){0};
        return 0;
    }
    if (!status && journal == MS_JOURNAL_WAL && !s->wal)
        return ms_fail(err, MS_EINVAL, "%s: its file system does not support a write-ahead log",
                       s->path);
    return status;
}

static int open_writer(struct ms_store *s, enum ms_journal journal, struct ms_error *err)
{
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    int rc = sqlite3_open_v2(s->path, &s->db, flags, NULL);
    if (rc != SQLITE_OK)
        return ms_store_sql_failed(s, rc, err);
    sqlite3_extended_result_codes(s->db, 1);
    sqlite3_busy_timeout(s->db, COMMIT_BUSY_MS * 50);
    if (sqlite3_db_readonly(s->db, "main") == 1)
        return ms_fail(err, MS_EIO, "%s: cannot be written: it is read-only", s->path);
    int64_t version = 0;
    rc = identify(s, &version, err);
    if (!rc)
        rc = ms_store_sql_script(s, sql_settings, err);
    // Before the journal mode is set, so that a file which is refused here stays as it was.
    if (!rc && version < MS_STORE_VERSION)
        rc = ms_store_migrate(s, (int)version, err);
    if (!rc)
        rc = choose_journal(s, journal, err);
    return rc;
}

int ms_store_open(const char *path, enum ms_journal journal, struct ms_store **out,
                  struct ms_error *err)
{
    *out = NULL;
    struct ms_store *s;
    int status = allocate(path, &s, err);
    if (status)
        return status;
    bool existed;
    status = look(s, &existed, err);
    if (!status && existed && access(s->path, W_OK))
        status = ms_fail(err, MS_EIO, "%s: cannot be written: %s", s->path, strerror(errno));
    if (!status)
        status = ms_store_lock(s, err);
    if (!status) {
        s->writer = true;
        status = open_writer(s, journal, err);
        if (status && !existed) {
            sqlite3_close(s->db);
            s->db = NULL;
            (void)unlink(s->path);
        }
    }
    if (status) {
        release(s);
        return status;
    }
    *out = s;
    return 0;
}

// file:… with every character escaped that has a meaning in a URI.
static char *immutable_uri(const char *path)
{
    static const char tail[] = "?immutable=1";
    char *uri = malloc(5 + 3 * strlen(path) + sizeof tail), *p = uri;
    if (!uri)
        return NULL;
    p += snprintf(p, 6, "file:");
    for (; *path; path++)
        if (strchr("?#%", *path))
            p += snprintf(p, 4, "%%%02X", (unsigned)(unsigned char)*path);
        else
            *p++ = *path;
    memcpy(p, tail, sizeof tail);
    return uri;
}

static int try_reader(struct ms_store *s, const char *path, int flags, struct ms_error *err)
{
    sqlite3_close(s->db);
    s->db = NULL;
    const int rc = sqlite3_open_v2(path, &s->db, flags | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc != SQLITE_OK)
        return ms_store_sql_failed(s, rc, err);
    sqlite3_extended_result_codes(s->db, 1);
    sqlite3_busy_timeout(s->db, READ_BUSY_MS);
    int64_t version = 0;
    int status = identify(s, &version, err);
    if (!status && version == 0)
        status = ms_fail(err, MS_EINVAL, "%s: empty, no sweep was ever stored in it", s->path);
    if (!status && version < MS_STORE_READABLE)
        status = ms_fail(
            err, MS_EINVAL,
            "%s: written by an older mlpsweep (schema %lld); run its sweep once to update it",
            s->path, (long long)version);
    if (!status && version < MS_STORE_VERSION)
        status = ms_store_lend(s, err);
    return status ? status : ms_store_sql_script(s, sql_read_settings, err);
}

// With permission to write, SQLite can play back the journal that a killed run left, and remove its
// auxiliary files when the last connection is closed; query_only keeps the store itself as it is.
// Without that permission reading still works, except in two cases: there is such a journal, or the
// file is in WAL mode in a folder where no shared memory file can be made. In the second case, if
// there is no log or journal beside it, nobody is writing to it either, so it is immutable.
int ms_store_open_read(const char *path, struct ms_store **out, struct ms_error *err)
{
    *out = NULL;
    struct ms_store *s;
    int rc = allocate(path, &s, err);
    if (rc)
        return rc;
    bool exists;
    rc = look(s, &exists, err);
    if (!rc && !exists)
        rc = ms_fail(err, MS_EINVAL, "%s: no such file", path);
    if (!rc) {
        const bool writable = access(s->path, W_OK) == 0;
        rc = try_reader(s, s->path, writable ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY, err);
    }
    if (rc == MS_EIO) {
        const bool alone = !has_beside(s, "-wal") && !has_beside(s, "-journal");
        char *uri = alone ? immutable_uri(s->path) : NULL;
        if (uri)
            rc = try_reader(s, uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, err);
        free(uri);
    }
    if (rc) {
        release(s);
        return rc;
    }
    *out = s;
    return 0;
}

static int commit(struct ms_store *s, struct ms_error *err)
{
    if (s->broken)
        return ms_fail(err, s->broken, "%s", s->fault.text);
    if (!s->in_transaction)
        return 0;
    sqlite3_busy_timeout(s->db, COMMIT_BUSY_MS);
    const int status = ms_store_sql_do(s, err, sql_commit, "");
    if (!status)
        s->in_transaction = false;
    return status;
}

// Commits and begins again at once. As long as a run lives the store is its own: another program
// that wants to write is the one to find the file locked, not this run. Readers notice nothing.
int ms_store_commit(struct ms_store *s, struct ms_error *err)
{
    const int status = commit(s, err);
    if (!status && s->sweep) {
        sqlite3_busy_timeout(s->db, 0);
        s->in_transaction = sqlite3_exec(s->db, sql_hold, NULL, NULL, NULL) == SQLITE_OK;
    }
    return status;
}

// The last commit of a run may wait for readers, because nobody would make it later.
static int commit_patiently(struct ms_store *s, struct ms_error *err)
{
    int status = MS_EBUSY;
    for (int waited = 0; status == MS_EBUSY && waited <= CLOSE_BUSY_MS; waited += COMMIT_BUSY_MS)
        status = commit(s, err);
    return status;
}

int ms_store_close(struct ms_store *s, struct ms_error *err)
{
    if (!s)
        return 0;
    int status = 0;
    if (s->writer && s->broken)
        status = ms_fail(err, s->broken, "%s", s->fault.text);
    else if (s->writer)
        status = commit_patiently(s, err);
    if (status)
        ms_store_sql_rollback(s);
    ms_store_sql_finalize(s);
    if (s->writer && s->wal && !s->broken) {
        // One plain file, unless a reader is still there; then whoever leaves last tidies up.
        bool still = true;
        sqlite3_busy_timeout(s->db, COMMIT_BUSY_MS);
        if (set_journal(s, sql_rollback, &still, NULL))
            (void)sqlite3_exec(s->db, sql_checkpoint, NULL, NULL, NULL);
    }
    release(s);
    return status;
}
