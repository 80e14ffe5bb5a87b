// SPDX-License-Identifier: MIT
//
// An older store is read without being changed: the reader's connection gets tables and views of
// its own, in memory, which SQLite finds before those of the file. A table that the file lacks is
// an empty one; a table that lacks columns is shown through a view that has their defaults; today's
// views replace the file's. So every question of store_read.h is asked of today's schema.
#include <string.h>

#include "store_internal.h"

static const char sql_there[] =
    "SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND name = ?";
static const char sql_has_column[] = "SELECT 1 FROM pragma_table_info(?, 'main') WHERE name = ?";
static const char sql_columns[] = "SELECT name, dflt_value FROM pragma_table_info(?)";

static int take_found(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    (void)q, (void)err;
    *(bool *)to = true;
    return 0;
}

// A text of store_tables.c or store_views.c, which begins with CREATE and what it creates, as one
// that creates it for this connection alone.
static int lend_part(struct ms_store *s, const char *sql, struct ms_error *err)
{
    char *text = sqlite3_mprintf("CREATE TEMP %s", sql + strlen("CREATE "));
    const int status =
        text ? ms_store_sql_script(s, text, err) : ms_no_memory(err, "a table of the store");
    sqlite3_free(text);
    return status;
}

// Shows a table of the file with the columns that it lacks. today: the table as it is now.
static int lend_columns(struct ms_store *s, sqlite3 *today, const char *table, struct ms_error *err)
{
    sqlite3_stmt *q = NULL;
    int status = 0, lacking = 0;
    int rc = sqlite3_prepare_v2(today, sql_columns, -1, &q, NULL);
    sqlite3_str *text = sqlite3_str_new(today);
    sqlite3_str_appendf(text, "CREATE TEMP VIEW \"%w\" AS SELECT *", table);
    if (rc == SQLITE_OK)
        rc = sqlite3_bind_text(q, 1, table, -1, SQLITE_STATIC);
    while (rc == SQLITE_OK && !status && sqlite3_step(q) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(q, 0);
        const char *value = (const char *)sqlite3_column_text(q, 1);
        bool found = false;
        status = ms_store_sql_each(s, err, take_found, &found, sql_has_column, "tt", table, name);
        if (!found)
            sqlite3_str_appendf(text, ", %s AS \"%w\"", value ? value : "NULL", name);
        lacking += !found;
    }
    sqlite3_finalize(q);
    sqlite3_str_appendf(text, " FROM main.\"%w\"", table);
    char *sql = sqlite3_str_finish(text);
    if (!status && (rc != SQLITE_OK || !sql))
        status = ms_no_memory(err, "the columns of %s", table);
    if (!status && lacking)
        status = ms_store_sql_script(s, sql, err);
    sqlite3_free(sql);
    return status;
}

static int lend_tables(struct ms_store *s, sqlite3 *today, struct ms_error *err)
{
    int status = 0;
    for (const struct ms_store_part *t = ms_store_tables; !status && t->name; t++) {
        bool found = false;
        status = ms_store_sql_each(s, err, take_found, &found, sql_there, "t", t->name);
        if (!status && found)
            status = lend_columns(s, today, t->name, err);
        else if (!status)
            status = lend_part(s, t->sql, err);
        if (!status && !found && strcmp(t->name, "outcome") == 0)
            status = ms_store_fill_outcomes(s, err);
    }
    return status;
}

int ms_store_lend(struct ms_store *s, struct ms_error *err)
{
    sqlite3 *today = NULL;
    int rc = sqlite3_open(":memory:", &today);
    for (const struct ms_store_part *t = ms_store_tables; rc == SQLITE_OK && t->name; t++)
        rc = sqlite3_exec(today, t->sql, NULL, NULL, NULL);
    int status = rc == SQLITE_OK ? ms_store_sql_script(s, "PRAGMA temp_store = MEMORY", err)
                                 : ms_no_memory(err, "the tables of a store");
    if (!status)
        status = lend_tables(s, today, err);
    for (const struct ms_store_part *v = ms_store_views; !status && v->name; v++)
        status = lend_part(s, v->sql, err);
    sqlite3_close(today);
    return status;
}
