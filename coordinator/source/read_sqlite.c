// SPDX-License-Identifier: MIT
//
// The source "sqlite": the rows of one SELECT, or of a table, become a frame. The database is
// opened read-only, one statement at a time; a database in WAL mode can be read while others write,
// and a statement sees it as it was when it began.
//
// A value is what SQLite stores: INTEGER and REAL are numbers, NULL is a missing value, a BLOB is
// refused. A TEXT that holds a number is that number, as tables imported from CSV have them.
#include <sqlite3.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "csv_value.h"
#include "file.h"
#include "mlpsweep/json.h"
#include "mlpsweep/memory.h"
#include "readers.h"

enum { BUSY_MS = 20000 }; // another program may hold the file for so long

// A column while it is read. Numbers and labels are kept side by side, as a target is a text if one
// of its values is none.
struct cells {
    double *number;  // (rows)
    uint32_t *label; // (rows) of the texts as they are; MS_FRAME_NONE: no text
    struct ms_frame_labels labels;
    bool text; // some value is a text that is no number
};

struct work {
    const struct ms_frame_request *q;
    struct ms_frame *f;
    sqlite3 *db;
    sqlite3_stmt *stmt;
    struct cells *cells;            // (columns)
    struct ms_column_array *arrays; // all that has a place for every row
    int n_arrays;
    size_t room;
    struct ms_csv_value v; // what texts mean: the same as in CSV files
};

static int failed(const struct work *w, struct ms_error *err)
{
    const int rc = sqlite3_errcode(w->db) & 0xff;
    if (rc == SQLITE_NOMEM)
        return ms_no_memory(err, "%s", w->f->path);
    return ms_fail(err, rc == SQLITE_IOERR || rc == SQLITE_CANTOPEN ? MS_EIO : MS_EFORMAT,
                   "%s: %.300s%s", w->f->path, sqlite3_errmsg(w->db),
                   rc == SQLITE_BUSY ? ": another program writes to it" : "");
}

// ---- the statement -----------------------------------------------------------------------------

// True if nothing but blanks, semicolons and comments follows.
static bool is_end(const char *tail)
{
    while (*tail) {
        if (strncmp(tail, "--", 2) == 0) {
            tail += strcspn(tail, "\n");
        } else if (strncmp(tail, "/*", 2) == 0) {
            const char *end = strstr(tail + 2, "*/");
            if (!end)
                return true; // SQLite takes it for a comment to the end
            tail = end + 2;
        } else if (strchr(" \t\r\n\f;", *tail)) {
            tail++;
        } else {
            return false;
        }
    }
    return true;
}

static int prepare(struct work *w, const char *query, struct ms_error *err)
{
    const char *tail = "";
    if (sqlite3_prepare_v2(w->db, query, -1, &w->stmt, &tail) != SQLITE_OK)
        return failed(w, err);
    if (!is_end(tail))
        return ms_fail(err, MS_EINVAL,
                       "%s: found a second statement in the query, '%.60s'; "
                       "allowed: one SELECT",
                       w->f->path, tail);
    if (!w->stmt || sqlite3_column_count(w->stmt) == 0 || !sqlite3_stmt_readonly(w->stmt))
        return ms_fail(err, MS_EINVAL, "%s: the query '%.60s' is none; allowed: one SELECT",
                       w->f->path, query);
    if (sqlite3_bind_parameter_count(w->stmt) > 0)
        return ms_fail(err, MS_EINVAL,
                       "%s: found the parameter %.60s in the query, which has no value; allowed: a "
                       "query without",
                       w->f->path,
                       sqlite3_bind_parameter_name(w->stmt, 1)
                           ? sqlite3_bind_parameter_name(w->stmt, 1)
                           : "?");
    return 0;
}

// True if a query orders its rows, or looks like it.
static bool has_order(const char *query)
{
    for (const char *p = query; (p = strcasestr(p, "order")); p += 5) {
        const char *by = p + 5 + strspn(p + 5, " \t\r\n");
        if (by > p + 5 && strncasecmp(by, "by", 2) == 0)
            return true;
    }
    return false;
}

static int note_order(const struct work *w, struct ms_error *err)
{
    return ms_data_info_note(
        w->q->info, false, err,
        "a query or view without ORDER BY may return its rows in another order the "
        "next time, and with them another split");
}

// Refuses a table that is not there, with the nearest spelling. *ordered: it is a view with an
// order of its own, *view: it is a view.
static int find_table(struct work *w, const char *table, bool *view, bool *ordered,
                      struct ms_error *err)
{
    enum { MOST = 256 };
    char *names[MOST];
    int n = 0, status = 0;
    bool found = false;
    sqlite3_stmt *q;
    if (sqlite3_prepare_v2(w->db,
                           "SELECT name, type = 'view', sql FROM sqlite_schema WHERE type IN "
                           "('table', 'view') AND name "
                           "NOT LIKE 'sqlite_%' ORDER BY name",
                           -1, &q, NULL) != SQLITE_OK)
        return failed(w, err);
    while (!found && n < MOST && sqlite3_step(q) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(q, 0);
        found = name && strcasecmp(name, table) == 0; // as SQLite compares names
        *view = sqlite3_column_int(q, 1);
        const char *sql = (const char *)sqlite3_column_text(q, 2);
        *ordered = sql && has_order(sql);
        names[n] = name ? strdup(name) : NULL;
        n += names[n] != NULL;
    }
    if (sqlite3_finalize(q) != SQLITE_OK)
        status = failed(w, err);
    if (!status && !found) {
        const char *near = ms_nearest(table, (const char *const *)names, n);
        status = ms_fail(err, MS_EINVAL, "%s: there is no table '%.200s'%s%.200s%s", w->f->path,
                         table, near ? ", did you mean '" : "", near ? near : "", near ? "'?" : "");
    }
    for (int i = 0; i < n; i++)
        free(names[i]);
    return status;
}

// A table's rows in the order of their rowids; a view and a table without rowids have none.
static int prepare_table(struct work *w, const char *table, struct ms_error *err)
{
    struct ms_error ignored;
    bool view = false, ordered = false;
    int status = find_table(w, table, &view, &ordered, err);
    if (status)
        return status;
    char *query = sqlite3_mprintf("SELECT * FROM \"%w\" ORDER BY rowid", table);
    char *plain = sqlite3_mprintf("SELECT * FROM \"%w\"", table);
    if (!query || !plain)
        status = ms_no_memory(err, "a query");
    else if (view || prepare(w, query, &ignored))
        status = prepare(w, plain, err);
    if (!status && view && !ordered)
        status = note_order(w, err);
    sqlite3_free(query);
    sqlite3_free(plain);
    return status;
}

// ---- columns -----------------------------------------------------------------------------------

static int add_columns(struct work *w, struct ms_error *err)
{
    const int n = sqlite3_column_count(w->stmt);
    for (int i = 0; i < n; i++) {
        const char *name = sqlite3_column_name(w->stmt, i);
        char made[32];
        snprintf(made, sizeof made, "column %d", i + 1);
        struct ms_frame_column *c =
            ms_frame_add(w->f, name && *name ? name : made, MS_FRAME_F64, 1, err);
        if (!c)
            return MS_ENOMEM;
        c->nameless = !name || !*name;
        c->text_row = SIZE_MAX;
    }
    w->cells = calloc((size_t)n + 1, sizeof *w->cells);
    w->arrays = calloc(2 * (size_t)n + 1, sizeof *w->arrays);
    return w->cells && w->arrays ? ms_frame_roles(w->q, w->f, err)
                                 : ms_no_memory(err, "the columns of %s", w->f->path);
}

// Lists the arrays that grow with the rows.
static void list_arrays(struct work *w)
{
    for (size_t i = 0; i < w->f->n_columns; i++) {
        const enum ms_data_role role = w->f->column[i].role;
        struct cells *c = &w->cells[i];
        if (role == MS_ROLE_INPUT || role == MS_ROLE_TARGET)
            w->arrays[w->n_arrays++] = (struct ms_column_array){&c->number, sizeof *c->number};
        if (role == MS_ROLE_CATEGORY || role == MS_ROLE_TARGET)
            w->arrays[w->n_arrays++] = (struct ms_column_array){&c->label, sizeof *c->label};
    }
}

// ---- values ------------------------------------------------------------------------------------

static int refuse(const struct work *w, size_t column, const char *found, const char *hint,
                  struct ms_error *err)
{
    char where[6000];
    ms_frame_where(w->f, w->f->rows, column, 0, where, sizeof where);
    return ms_fail(err, MS_EFORMAT, "%s: expected a number, found %s%s", where, found, hint);
}

static int refuse_text(const struct work *w, size_t column, const char *text, struct ms_error *err)
{
    char found[80];
    snprintf(found, sizeof found, "'%.60s'", text);
    return refuse(w, column, found,
                  w->q->targets_optional
                      ? ", as in training"
                      : "; columns of words belong in \"categorical\" or \"ignore\"",
                  err);
}

// A value as text: of a number the shortest.
static const char *text_of(struct work *w, int i, char out[32])
{
    const int type = sqlite3_column_type(w->stmt, i);
    if (type == SQLITE_TEXT)
        return (const char *)sqlite3_column_text(w->stmt, i);
    if (type == SQLITE_INTEGER)
        snprintf(out, 32, "%lld", (long long)sqlite3_column_int64(w->stmt, i));
    else
        ms_number_text(sqlite3_column_double(w->stmt, i), out, 32);
    return out;
}

// Puts value i of the current row into row f->rows of its column; there is room for it.
static int put(struct work *w, int i, struct ms_error *err)
{
    struct ms_frame_column *column = &w->f->column[i];
    struct cells *c = &w->cells[i];
    const size_t row = w->f->rows;
    const int type = sqlite3_column_type(w->stmt, i);
    char shown[32];
    double v = NAN;
    if (column->role == MS_ROLE_IGNORED)
        return 0;
    if (type == SQLITE_BLOB)
        return refuse(w, (size_t)i, "a BLOB", "; \"ignore\" leaves the column out", err);
    const char *text = type == SQLITE_NULL ? NULL : text_of(w, i, shown);
    if (type != SQLITE_NULL && !text)
        return failed(w, err);
    const bool missing = !text || (type == SQLITE_TEXT && ms_csv_value_missing(&w->v, text));
    const bool number = missing || type != SQLITE_TEXT || ms_csv_value_number(&w->v, text, &v);
    if (type == SQLITE_INTEGER || type == SQLITE_FLOAT)
        v = sqlite3_column_double(w->stmt, i);
    if (column->role == MS_ROLE_INPUT && !number)
        return refuse_text(w, (size_t)i, text, err);
    if (c->number)
        c->number[row] = v;
    if (!number && !c->text) {
        c->text = true;
        column->text_row = row;
    }
    if (!c->label)
        return 0;
    c->label[row] = MS_FRAME_NONE;
    if (missing)
        return 0;
    return ms_frame_label(&c->labels, column, text, &c->label[row], err);
}

static int read_rows(struct work *w, struct ms_error *err)
{
    struct ms_frame *f = w->f;
    int rc, status = 0;
    while (!status && (rc = sqlite3_step(w->stmt)) == SQLITE_ROW) {
        if (f->rows == MS_MAX_ROWS)
            return ms_fail(err, MS_ELIMIT, "%s: more than %d rows", f->path, MS_MAX_ROWS);
        // The caller frees w->arrays, which the analyzer does not see.
        if (f->rows == w->room) // NOLINTNEXTLINE(clang-analyzer-unix.Malloc)
            status =
                ms_grow_columns(w->arrays, w->n_arrays, &w->room, f->rows + 1, "the rows", err);
        for (size_t i = 0; i < f->n_columns && !status; i++)
            status = put(w, (int)i, err);
        f->rows += !status;
    }
    if (status)
        return status;
    if (rc != SQLITE_DONE)
        return failed(w, err);
    return f->rows ? 0 : ms_fail(err, MS_EFORMAT, "%s: the query returns no rows", f->path);
}

static bool is_text_in_training(const struct work *w, const struct ms_frame_column *c)
{
    const struct ms_frame *t = w->q->training;
    for (size_t i = 0; t && i < t->n_columns; i++)
        if (t->column[i].role == c->role && t->column[i].target == c->target)
            return t->column[i].type == MS_FRAME_TEXT;
    return false;
}

// Hands the values to the frame.
static void finish(struct work *w, size_t i)
{
    struct ms_frame_column *column = &w->f->column[i];
    struct cells *c = &w->cells[i];
    if (column->role == MS_ROLE_IGNORED)
        return;
    const bool text =
        column->role == MS_ROLE_CATEGORY ||
        (column->role == MS_ROLE_TARGET && (c->text || is_text_in_training(w, column)));
    column->type = text ? MS_FRAME_TEXT : MS_FRAME_F64;
    column->value = text ? (void *)c->label : c->number;
    *(text ? (void **)&c->label : (void **)&c->number) = NULL;
    column->text_row = column->text_row == SIZE_MAX ? 0 : column->text_row;
}

// ---- all ---------------------------------------------------------------------------------------

// The statement of the part, in w->stmt.
static int choose(struct work *w, struct ms_error *err)
{
    const struct ms_data_spec *s = w->q->spec;
    const char *const queries[MS_PARTS] = {s->query, s->val_query, s->test_query};
    const char *query = queries[w->q->part][0] ? queries[w->q->part] : s->query;
    if (!query[0])
        return prepare_table(w, s->table, err);
    int status = prepare(w, query, err);
    return status || has_order(query) ? status : note_order(w, err);
}

static int read_database(struct work *w, const char *path, struct ms_error *err)
{
    int status = ms_file_find(w->q->sweep_dir, path, w->f->path, sizeof w->f->path, err);
    if (status)
        return status;
    w->f->named = true;
    status = ms_csv_value_init(&w->v, w->q->spec, err);
    if (status)
        return status;
    if (sqlite3_open_v2(w->f->path, &w->db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
        return w->db ? failed(w, err) : ms_no_memory(err, "%s", path);
    sqlite3_busy_timeout(w->db, BUSY_MS);
    // A name in double quotes that is no column would be a text, the same in every row.
    sqlite3_db_config(w->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    status = choose(w, err);
    if (!status)
        status = add_columns(w, err);
    if (status)
        return status;
    list_arrays(w);
    status = read_rows(w, err);
    for (size_t i = 0; !status && i < w->f->n_columns; i++)
        finish(w, i);
    return status;
}

int ms_read_sqlite(const struct ms_frame_request *q, struct ms_frame *f, struct ms_error *err)
{
    const struct ms_data_spec *s = q->spec;
    const char *const paths[MS_PARTS] = {s->path, s->val_path, s->test_path};
    const char *const queries[MS_PARTS] = {s->path, s->val_query, s->test_query};
    struct work w = {.q = q, .f = f};
    if (!paths[q->part][0] && !queries[q->part][0])
        return 0;
    int status = read_database(&w, paths[q->part][0] ? paths[q->part] : s->path, err);
    for (size_t i = 0; w.cells && i < f->n_columns; i++) {
        ms_frame_labels_clear(&w.cells[i].labels);
        free(w.cells[i].number);
        free(w.cells[i].label);
    }
    free(w.cells);
    free(w.arrays);
    sqlite3_finalize(w.stmt);
    sqlite3_close(w.db);
    ms_csv_value_clear(&w.v);
    return status;
}
