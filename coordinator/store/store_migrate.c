// SPDX-License-Identifier: MIT
//
// From an older store to today's, in one transaction. A step changes tables, and nothing but
// tables; after the last of them today's views are made anew. A step makes a table by today's text,
// which stands once, in store_tables.c: a later step may find its work done, and then does no harm.
//
// To change the schema: change its text in store_tables.c or store_views.c, raise MS_STORE_VERSION,
// add a step here (NULL if only views or the rows of outcome have changed), and add a store of the
// version before to tests/unit/store. The test compares the schema of a migrated store of every
// version with that of a new one.
#include "store_internal.h"

static const char sql_objectives[] =
    "INSERT OR IGNORE INTO objective SELECT sweep_id, 0, metric, goal FROM sweep";
static const char sql_columns[] = "SELECT group_concat(name, ', ') FROM pragma_table_info('aside')"
                                  " WHERE name IN (SELECT name FROM pragma_table_info(?))";

static int take_columns(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    (void)err;
    ms_store_sql_text(q, 0, to, 1000);
    return 0;
}

// Makes the table anew by today's text, with the rows it has; a column that is new has its default.
// Foreign keys are off, or dropping a table would delete the rows of those that refer to it.
static int remake(struct ms_store *s, const char *table, struct ms_error *err)
{
    char columns[1000] = "", text[2200];
    snprintf(text, sizeof text, "CREATE TABLE aside AS SELECT * FROM %s; DROP TABLE %s", table,
             table);
    int status = ms_store_sql_script(s, text, err);
    if (!status)
        status = ms_store_make_table(s, table, err);
    if (!status)
        status = ms_store_sql_each(s, err, take_columns, columns, sql_columns, "t", table);
    if (status)
        return status;
    snprintf(text, sizeof text, "INSERT INTO %s (%s) SELECT %s FROM aside; DROP TABLE aside", table,
             columns, columns);
    return ms_store_sql_script(s, text, err);
}

// Parts of executions: what a command wrote, where a paused execution goes on, several objectives.
static int to_2(struct ms_store *s, struct ms_error *err)
{
    int status = ms_store_sql_script(s, "ALTER TABLE attempt ADD COLUMN output TEXT", err);
    if (!status)
        status = ms_store_make_table(s, "checkpoint", err);
    if (!status)
        status = ms_store_make_table(s, "objective", err);
    return status ? status : ms_store_sql_script(s, sql_objectives, err);
}

// The outcomes as a table, which attempts refer to instead of a list of names of their own.
static int to_5(struct ms_store *s, struct ms_error *err)
{
    int status = ms_store_make_table(s, "outcome", err);
    if (!status)
        status = ms_store_fill_outcomes(s, err);
    return status ? status : remake(s, "attempt", err);
}

// Runs a list of steps of one kind over tables.
static int each_table(struct ms_store *s, const char *const *tables, size_t n,
                      int (*step)(struct ms_store *s, const char *table, struct ms_error *err),
                      struct ms_error *err)
{
    int status = 0;
    for (size_t i = 0; !status && i < n; i++)
        status = step(s, tables[i], err);
    return status;
}

#define EACH(s, tables, step, err)                                                                 \
    each_table(s, tables, sizeof(tables) / sizeof *(tables), step, err)

// Tables of data sets, and what runs, trials and executions tell beside the numbers.
static int to_6(struct ms_store *s, struct ms_error *err)
{
    static const char *const made[] = {"dataset",      "dataset_column", "dataset_class",
                                       "dataset_note", "dataset_file",   "program_file"};
    static const char *const remade[] = {"sweep", "run", "trial", "execution"};
    const int status = EACH(s, made, ms_store_make_table, err);
    return status ? status : EACH(s, remade, remake, err);
}

// Weights of networks and what puts them to use; means over epochs as objectives; executions that
// are there for another purpose than to rank their trial.
static int to_7(struct ms_store *s, struct ms_error *err)
{
    static const char *const made[] = {"dataset_level", "dataset_scaling", "model"};
    static const char *const remade[] = {"sweep", "execution", "dataset"};
    const int status = EACH(s, made, ms_store_make_table, err);
    return status ? status : EACH(s, remade, remake, err);
}

// steps[i] brings the tables of user_version i to i + 1.
static int (*const steps[])(struct ms_store *s, struct ms_error *err) = {
    NULL, // 0: a new file, see below
    to_2,
    NULL, // to 3: the view pareto leaves out what the scheduler ended
    NULL, // to 4: the view trial_goal counts the seconds of what diverged
    to_5, to_6, to_7,
};
_Static_assert(sizeof steps / sizeof *steps == MS_STORE_VERSION,
               "MS_STORE_VERSION counts the steps");

static int make_new(struct ms_store *s, struct ms_error *err)
{
    int status = 0;
    for (const struct ms_store_part *t = ms_store_tables; !status && t->name; t++)
        status = ms_store_sql_script(s, t->sql, err);
    return status ? status : ms_store_fill_student(s, err);
}

int ms_store_migrate(struct ms_store *s, int from, struct ms_error *err)
{
    int status = ms_store_sql_script(s, "PRAGMA foreign_keys = OFF", err);
    if (!status)
        status = ms_store_sql_begin(s, err);
    if (!status && from == 0)
        status = make_new(s, err);
    for (int v = from; !status && from > 0 && v < MS_STORE_VERSION; v++)
        if (steps[v])
            status = steps[v](s, err);
    if (!status)
        status = ms_store_fill_outcomes(s, err);
    if (!status)
        status = ms_store_make_views(s, err);
    if (!status) {
        char text[100];
        snprintf(text, sizeof text, "PRAGMA application_id = %d; PRAGMA user_version = %d",
                 MS_STORE_APPLICATION, MS_STORE_VERSION);
        status = ms_store_sql_script(s, text, err);
    }
    if (!status)
        status = ms_store_commit(s, err);
    if (status)
        ms_store_sql_rollback(s);
    return status ? status : ms_store_sql_script(s, "PRAGMA foreign_keys = ON", err);
}
