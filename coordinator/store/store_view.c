// SPDX-License-Identifier: MIT
//
// The view of one sweep: trials_NAME, a row per trial, a column per parameter. A sweep that is
// continued has the same parameters, so the view is made once.
//
// Each parameter is a scalar subquery on param's primary key: SQLite evaluates only the columns
// that a query asks for, and a thousand parameters exceed no limit on joined tables.
#include "store_internal.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static const char sql_view_of[] = "SELECT view_name FROM sweep WHERE sweep_id = ?";
static const char sql_name_taken[] = "SELECT 1 FROM sqlite_schema WHERE name = ? COLLATE NOCASE";
static const char sql_view_name[] = "UPDATE sweep SET view_name = ? WHERE sweep_id = ?";

// The columns of the view besides the parameters.
static const char *const columns[] = {"trial",  "n",   "n_failed", "mean", "sd",     "low95",
                                      "high95", "min", "median",   "max",  "wall_s", "weights"};

static bool is_column(const char *name)
{
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (strcasecmp(columns[i], name) == 0)
            return true;
    return false;
}

// "trials_" and the sweep's name, in which "_" replaces everything except letters, digits and "_",
// so that it needs no quotes in SQL. When that name is taken a number follows it.
static int choose_name(struct ms_store *s, char *out, size_t size, struct ms_error *err)
{
    char base[200];
    snprintf(base, sizeof base, "trials_%s", ms_sweep_name(s->sweep));
    for (char *p = base; *p; p++)
        if (!isalnum((unsigned char)*p))
            *p = '_';
    snprintf(out, size, "%s", base);
    for (int k = 2;; k++) {
        sqlite3_stmt *q;
        int status = ms_store_sql_query(s, err, &q, sql_name_taken, "t", out);
        if (!status)
            status = ms_store_sql_step(s, q, err);
        if (status <= 0)
            return status;
        sqlite3_reset(q);
        snprintf(out, size, "%s_%d", base, k);
    }
}

// Two objects of one choice may both have a "momentum": one column, since no trial has both.
static bool named_before(const struct ms_space *space, int i)
{
    for (int k = 0; k < i; k++)
        if (strcmp(space->param[k].name, space->param[i].name) == 0)
            return true;
    return false;
}

static char *view_text(const struct ms_store *s, const char *name)
{
    const struct ms_space *space = ms_sweep_space(s->sweep);
    sqlite3_str *b = sqlite3_str_new(s->db);
    sqlite3_str_appendf(
        b, "CREATE VIEW \"%w\" AS  -- one row per trial of this sweep\nSELECT u.trial", name);
    for (int i = 0; i < space->n; i++) {
        const char *param = space->param[i].name;
        if (named_before(space, i))
            continue;
        sqlite3_str_appendf(b,
                            ",\n       (SELECT value FROM param AS p WHERE p.trial_id = u.trial_id"
                            " AND p.name = %Q) AS \"%s%w\"",
                            param, is_column(param) ? "param." : "", param);
    }
    for (size_t i = 1; i < sizeof columns / sizeof *columns; i++)
        sqlite3_str_appendf(b, "%s u.%s", i == 1 ? ",\n      " : ",", columns[i]);
    sqlite3_str_appendf(b, "\nFROM trial_summary AS u WHERE u.sweep_id = %lld",
                        (long long)s->sweep_id);
    return sqlite3_str_finish(b);
}

int ms_store_make_view(struct ms_store *s, struct ms_error *err)
{
    sqlite3_stmt *q;
    int rc = ms_store_sql_query(s, err, &q, sql_view_of, "i", s->sweep_id);
    if (rc || (rc = ms_store_sql_step(s, q, err)) < 0)
        return rc;
    const bool there = rc > 0 && sqlite3_column_type(q, 0) != SQLITE_NULL;
    sqlite3_reset(q);
    if (there)
        return 0;
    char name[256];
    rc = choose_name(s, name, sizeof name, err);
    if (rc)
        return rc;
    char *text = view_text(s, name);
    if (!text)
        return ms_no_memory(err, "the view %s", name);
    rc = ms_store_sql_script(s, text, err);
    sqlite3_free(text);
    return rc ? rc : ms_store_sql_do(s, err, sql_view_name, "ti", name, s->sweep_id);
}
