// SPDX-License-Identifier: MIT
//
// One way to run SQL. A statement is a named constant, prepared when it is first used and kept
// until the store is closed.
//
// A failure leaves the open transaction as it was, with one exception: when the disk is full,
// memory is short or the disk fails, SQLite may roll back the whole transaction, including results
// that were reported since the last commit. Memory then contradicts the file, so from there on the
// store is broken and reports that to every caller. What was committed is safe.
#include "store_internal.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char sql_transaction[] = "BEGIN IMMEDIATE";
static const char sql_rollback_now[] = "ROLLBACK";

#define BUSY_MS 5000 // how long a put waits for another program that writes to the file

static int code_of(int rc)
{
    switch (rc & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return MS_EBUSY;
    case SQLITE_NOMEM:
        return MS_ENOMEM;
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_SCHEMA:
        return MS_ESTATE;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return MS_EFORMAT;
    default:
        return MS_EIO;
    }
}

int ms_store_sql_failed(struct ms_store *s, int rc, struct ms_error *err)
{
    const int code = code_of(rc);
    const int os = s->db ? sqlite3_system_errno(s->db) : 0;
    const bool lost = s->in_transaction && s->db && sqlite3_get_autocommit(s->db);
    const char *rest = lost ? "; everything up to the last commit is kept" : "";
    switch (rc & 0xff) {
    case SQLITE_FULL:
        ms_fail(err, code, "%s: no space left on the disk%s", s->path, rest);
        break;
    case SQLITE_READONLY:
        if (!s->writer)
            ms_fail(err, code,
                    "%s: a killed run left its journal beside it; reading needs permission to "
                    "write, to play the journal back",
                    s->path);
        else
            ms_fail(err, code, "%s: cannot be written: it is read-only%s", s->path, rest);
        break;
    case SQLITE_BUSY:
        ms_fail(err, code, "%s: another program holds it; try again later%s", s->path, rest);
        break;
    case SQLITE_NOTADB:
        ms_fail(err, code, "%s: not an SQLite file", s->path);
        break;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
        ms_fail(err, code, "%s: %s%s%s%s", s->path,
                s->db ? sqlite3_errmsg(s->db) : "cannot be opened", os ? ": " : "",
                os ? strerror(os) : "", rest);
        break;
    default:
        ms_fail(err, code, "%s: %s%s", s->path, s->db ? sqlite3_errmsg(s->db) : sqlite3_errstr(rc),
                rest);
    }
    if (lost) {
        s->in_transaction = false;
        s->broken = code;
        if (err)
            s->fault = *err;
        else
            ms_fail(&s->fault, code, "%s: could not be written%s", s->path, rest);
    }
    return code;
}

static int prepare(struct ms_store *s, const char *sql, sqlite3_stmt **out, struct ms_error *err)
{
    for (int i = 0; i < s->n_prepared; i++)
        if (s->prepared[i].sql == sql) {
            *out = s->prepared[i].stmt;
            return 0;
        }
    if (s->n_prepared == MS_STORE_STATEMENTS)
        return ms_fail(err, MS_ELIMIT, "%s: more than %d statements", s->path, MS_STORE_STATEMENTS);
    const int rc = sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, out, NULL);
    if (rc != SQLITE_OK)
        return ms_store_sql_failed(s, rc, err);
    s->prepared[s->n_prepared].sql = sql;
    s->prepared[s->n_prepared++].stmt = *out;
    return 0;
}

static int bind(sqlite3_stmt *q, const char *types, va_list ap)
{
    int rc = SQLITE_OK;
    for (int i = 1; types[i - 1] && rc == SQLITE_OK; i++)
        switch (types[i - 1]) {
        case 'i':
            rc = sqlite3_bind_int64(q, i, va_arg(ap, int64_t));
            break;
        case 'd':
            rc = sqlite3_bind_double(q, i, va_arg(ap, double));
            break;
        default:
            rc = sqlite3_bind_text(q, i, va_arg(ap, const char *), -1, SQLITE_STATIC);
        }
    return rc;
}

static int query(struct ms_store *s, struct ms_error *err, sqlite3_stmt **out, const char *sql,
                 const char *types, va_list ap)
{
    if (s->broken)
        return ms_fail(err, s->broken, "%s", s->fault.text);
    int rc = prepare(s, sql, out, err);
    if (rc)
        return rc;
    rc = bind(*out, types, ap);
    return rc == SQLITE_OK ? 0 : ms_store_sql_failed(s, rc, err);
}

int ms_store_sql_query(struct ms_store *s, struct ms_error *err, sqlite3_stmt **out,
                       const char *sql, const char *types, ...)
{
    va_list ap;
    va_start(ap, types);
    const int status = query(s, err, out, sql, types, ap);
    va_end(ap);
    return status;
}

int ms_store_sql_step(struct ms_store *s, sqlite3_stmt *q, struct ms_error *err)
{
    const int rc = sqlite3_step(q);
    if (rc == SQLITE_ROW)
        return 1;
    const int code = rc == SQLITE_DONE ? 0 : ms_store_sql_failed(s, rc, err);
    sqlite3_reset(q);
    return code;
}

int ms_store_sql_do(struct ms_store *s, struct ms_error *err, const char *sql, const char *types,
                    ...)
{
    sqlite3_stmt *q = NULL;
    va_list ap;
    va_start(ap, types);
    int status = query(s, err, &q, sql, types, ap);
    va_end(ap);
    if (!status)
        status = ms_store_sql_step(s, q, err);
    if (status > 0) { // a row that nobody asked for
        sqlite3_reset(q);
        status = 0;
    }
    return status;
}

static int each(struct ms_store *s, struct ms_error *err, ms_store_take take, void *to,
                const char *sql, const char *types, va_list ap)
{
    sqlite3_stmt *q = NULL;
    int status = query(s, err, &q, sql, types, ap);
    while (!status && (status = ms_store_sql_step(s, q, err)) > 0) {
        status = take(to, q, err);
        if (status)
            sqlite3_reset(q);
    }
    return status;
}

int ms_store_sql_each(struct ms_store *s, struct ms_error *err, ms_store_take take, void *to,
                      const char *sql, const char *types, ...)
{
    va_list ap;
    va_start(ap, types);
    const int status = each(s, err, take, to, sql, types, ap);
    va_end(ap);
    return status;
}

static int take_name(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    struct ms_store_names *names = to;
    int status = ms_grow(&names->name, &names->room, (size_t)names->n + 1, sizeof *names->name,
                         "names of the store", err);
    if (!status)
        status = ms_store_sql_copy(q, 0, &names->name[names->n], err);
    names->n += !status;
    return status;
}

int ms_store_sql_names(struct ms_store *s, struct ms_error *err, struct ms_store_names *out,
                       const char *sql, const char *types, ...)
{
    va_list ap;
    *out = (struct ms_store_names){0};
    va_start(ap, types);
    const int status = each(s, err, take_name, out, sql, types, ap);
    va_end(ap);
    if (status)
        ms_store_names_clear(out);
    return status;
}

int ms_store_sql_script(struct ms_store *s, const char *text, struct ms_error *err)
{
    if (s->broken)
        return ms_fail(err, s->broken, "%s", s->fault.text);
    const int rc = sqlite3_exec(s->db, text, NULL, NULL, NULL);
    return rc == SQLITE_OK ? 0 : ms_store_sql_failed(s, rc, err);
}

int ms_store_sql_begin(struct ms_store *s, struct ms_error *err)
{
    if (s->broken)
        return ms_fail(err, s->broken, "%s", s->fault.text);
    if (s->in_transaction)
        return 0;
    sqlite3_busy_timeout(s->db, BUSY_MS);
    const int status = ms_store_sql_do(s, err, sql_transaction, "");
    s->in_transaction = status == 0;
    return status;
}

void ms_store_sql_rollback(struct ms_store *s)
{
    if (s->in_transaction && !sqlite3_get_autocommit(s->db))
        (void)sqlite3_exec(s->db, sql_rollback_now, NULL, NULL, NULL);
    s->in_transaction = false;
}

void ms_store_sql_finalize(struct ms_store *s)
{
    for (int i = 0; i < s->n_prepared; i++)
        sqlite3_finalize(s->prepared[i].stmt);
    s->n_prepared = 0;
}

void ms_store_sql_text(sqlite3_stmt *q, int column, char *out, size_t size)
{
    const char *text = (const char *)sqlite3_column_text(q, column);
    snprintf(out, size, "%s", text ? text : "");
}

int ms_store_sql_copy(sqlite3_stmt *q, int column, char **out, struct ms_error *err)
{
    const char *text = (const char *)sqlite3_column_text(q, column);
    *out = strdup(text ? text : "");
    return *out ? 0 : ms_no_memory(err, "a text of the store");
}

double ms_store_sql_double(sqlite3_stmt *q, int column)
{
    return sqlite3_column_type(q, column) == SQLITE_NULL ? NAN : sqlite3_column_double(q, column);
}

const char *ms_store_now(char out[MS_NOW_SIZE])
{
    struct timespec now;
    struct tm tm;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &tm);
    const size_t n = strftime(out, MS_NOW_SIZE, "%Y-%m-%d %H:%M:%S", &tm);
    snprintf(out + n, MS_NOW_SIZE - n, ".%03d", (int)(now.tv_nsec / 1000000));
    return out;
}
