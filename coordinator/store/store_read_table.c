// SPDX-License-Identifier: MIT
//
// All trials of a sweep at once. One pass over each table, in the order of its keys, so that a
// million trials take seconds; never a question for each trial.
#include "store_internal.h"

#include <stdlib.h>
#include <string.h>

static const char sql_text[] = "SELECT file, text FROM sweep WHERE sweep_id = ?";
static const char sql_trials[] =
    "SELECT number, trial_id, coalesce(weights, 0), coalesce(flops, 0), coalesce(memory_bytes, 0),"
    " coalesce(dataset, -1), created_at FROM trial WHERE sweep_id = ? ORDER BY number";
// CROSS JOIN keeps the order of the tables, in which no sorting is needed. Executions that confirm
// a winner are no part of the search, as in the view trial_summary.
static const char sql_executions[] =
    "SELECT t.number, x.state, x.objective IS NULL AND x.state IN ('done', 'failed'), o.word"
    " FROM trial AS t CROSS JOIN execution AS x ON x.trial_id = t.trial_id"
    " LEFT JOIN outcome AS o ON o.name = x.outcome"
    " WHERE t.sweep_id = ? AND x.purpose <> 'confirm' ORDER BY t.number, x.number";
static const char sql_attempts[] =
    "SELECT t.number, a.wall_s, a.ended_at"
    " FROM trial AS t CROSS JOIN execution AS x ON x.trial_id = t.trial_id"
    " CROSS JOIN attempt AS a ON a.execution_id = x.execution_id"
    " WHERE t.sweep_id = ? AND x.purpose <> 'confirm' ORDER BY t.number";
static const char sql_params[] =
    "SELECT t.number, p.position, p.name, p.text, coalesce(p.value_index, p.value)"
    " FROM trial AS t CROSS JOIN param AS p ON p.trial_id = t.trial_id"
    " WHERE t.sweep_id = ? ORDER BY t.number";
static const char sql_trial_params[] =
    "SELECT t.number, p.position, p.name, p.text, coalesce(p.value_index, p.value)"
    " FROM trial AS t JOIN param AS p USING (trial_id) WHERE t.sweep_id = ? AND t.number = ?";

struct texts {
    char **file, **text;
};

static int take_text(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    struct texts *texts = to;
    const int status = ms_store_sql_copy(q, 0, texts->file, err);
    return status ? status : ms_store_sql_copy(q, 1, texts->text, err);
}

int ms_store_sweep_text(struct ms_store *s, int64_t sweep_id, char **file, char **text,
                        struct ms_error *err)
{
    struct texts texts = {file, text};
    *file = *text = NULL;
    int status = ms_store_sql_each(s, err, take_text, &texts, sql_text, "i", sweep_id);
    if (!status && !*text)
        status = ms_fail(err, MS_ESTATE, "%s: has no sweep %lld", s->path, (long long)sweep_id);
    if (status) {
        free(*file);
        free(*text);
        *file = *text = NULL;
    }
    return status;
}

void ms_store_trial_rows_clear(struct ms_trial_rows *t)
{
    free(t->item);
    *t = (struct ms_trial_rows){0};
}

static int take_trial(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    struct ms_trial_rows *t = to;
    const int status = ms_grow(&t->item, &t->room, t->n + 1, sizeof *t->item, "the trials", err);
    if (status)
        return status;
    struct ms_trial_row *row = &t->item[t->n++];
    *row = (struct ms_trial_row){.trial = (uint32_t)sqlite3_column_int64(q, 0),
                                 .id = sqlite3_column_int64(q, 1),
                                 .weights = sqlite3_column_int64(q, 2),
                                 .flops = sqlite3_column_double(q, 3),
                                 .memory_bytes = sqlite3_column_double(q, 4),
                                 .dataset = sqlite3_column_int(q, 5)};
    ms_store_sql_text(q, 6, row->created_at, sizeof row->created_at);
    return 0;
}

// Rows that come in the order of the trials, each to be added to its trial's.
struct cursor {
    struct ms_trial_rows *rows;
    size_t at;
};

// NULL: a trial that a run has begun since the trials were read.
static struct ms_trial_row *row_of(struct cursor *c, int64_t trial)
{
    while (c->at < c->rows->n && c->rows->item[c->at].trial < trial)
        c->at++;
    return c->at < c->rows->n && c->rows->item[c->at].trial == trial ? &c->rows->item[c->at] : NULL;
}

static int take_execution(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    struct ms_trial_row *row = row_of(to, sqlite3_column_int64(q, 0));
    const char *state = (const char *)sqlite3_column_text(q, 1);
    (void)err;
    if (!row || !state)
        return 0;
    row->n_waiting += strcmp(state, "waiting") == 0;
    row->n_running += strcmp(state, "running") == 0;
    if (sqlite3_column_int(q, 2))
        ms_store_sql_text(q, 3, row->outcome, sizeof row->outcome);
    return 0;
}

static int take_attempt(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    struct ms_trial_row *row = row_of(to, sqlite3_column_int64(q, 0));
    const char *ended = (const char *)sqlite3_column_text(q, 2);
    (void)err;
    if (!row)
        return 0;
    row->wall_s += sqlite3_column_double(q, 1);
    if (ended && strcmp(ended, row->ended_at) > 0)
        snprintf(row->ended_at, sizeof row->ended_at, "%s", ended);
    return 0;
}

int ms_store_trial_rows(struct ms_store *s, int64_t sweep_id, struct ms_trial_rows *out,
                        struct ms_error *err)
{
    *out = (struct ms_trial_rows){0};
    int status = ms_store_sql_each(s, err, take_trial, out, sql_trials, "i", sweep_id);
    struct cursor executions = {.rows = out}, attempts = {.rows = out};
    if (!status)
        status =
            ms_store_sql_each(s, err, take_execution, &executions, sql_executions, "i", sweep_id);
    if (!status)
        status = ms_store_sql_each(s, err, take_attempt, &attempts, sql_attempts, "i", sweep_id);
    if (status)
        ms_store_trial_rows_clear(out);
    return status;
}

struct cells {
    ms_store_take_param take;
    void *to;
};

static int take_cell(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    const struct cells *cells = to;
    const char *name = (const char *)sqlite3_column_text(q, 2);
    const char *text = (const char *)sqlite3_column_text(q, 3);
    const struct ms_param_cell cell = {.trial = (uint32_t)sqlite3_column_int64(q, 0),
                                       .position = sqlite3_column_int(q, 1),
                                       .name = name ? name : "",
                                       .text = text ? text : "",
                                       .point = sqlite3_column_double(q, 4)};
    return cells->take(cells->to, &cell, err);
}

int ms_store_each_param(struct ms_store *s, int64_t sweep_id, ms_store_take_param take, void *to,
                        struct ms_error *err)
{
    struct cells cells = {take, to};
    return ms_store_sql_each(s, err, take_cell, &cells, sql_params, "i", sweep_id);
}

int ms_store_trial_params(struct ms_store *s, int64_t sweep_id, uint32_t trial,
                          ms_store_take_param take, void *to, struct ms_error *err)
{
    struct cells cells = {take, to};
    return ms_store_sql_each(s, err, take_cell, &cells, sql_trial_params, "ii", sweep_id,
                             (int64_t)trial);
}
