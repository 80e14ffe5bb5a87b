// SPDX-License-Identifier: MIT
//
// The objectives of a sweep in the store, and the values that its trials have by each of them. The
// values come from the view trial_goal; fronts are counted by coordinator/rank/pareto.c.
#include "store_internal.h"

#include <stdlib.h>

static const char sql_put[] =
    "INSERT OR REPLACE INTO objective (sweep_id, position, metric, goal) VALUES (?, ?, ?, ?)";
static const char sql_goals[] =
    "SELECT metric, goal = 'maximize' FROM objective WHERE sweep_id = ? ORDER BY position";
static const char sql_values[] =
    "SELECT trial, position, value FROM trial_goal WHERE sweep_id = ? ORDER BY trial, position";

int ms_store_put_goals(struct ms_store *s, struct ms_error *err)
{
    const struct ms_goals *g = ms_sweep_goals(s->sweep);
    int status = 0;
    for (int i = 0; !status && i < g->n; i++)
        status = ms_store_sql_do(s, err, sql_put, "iitt", s->sweep_id, (int64_t)i, g->item[i].name,
                                 g->item[i].maximize ? "maximize" : "minimize");
    return status;
}

void ms_store_goal_values_clear(struct ms_goal_values *g)
{
    free(g->trial);
    free(g->value);
    *g = (struct ms_goal_values){0};
}

static int read_goals(struct ms_store *s, int64_t sweep_id, struct ms_goals *g,
                      struct ms_error *err)
{
    sqlite3_stmt *q;
    int status = ms_store_sql_query(s, err, &q, sql_goals, "i", sweep_id);
    while (!status && (status = ms_store_sql_step(s, q, err)) > 0) {
        if (g->n == MS_MAX_GOALS) {
            sqlite3_reset(q);
            return ms_fail(err, MS_ESTATE, "%s: has more than %d objectives", s->path,
                           MS_MAX_GOALS);
        }
        struct ms_goal *goal = &g->item[g->n++];
        ms_store_sql_text(q, 0, goal->name, sizeof goal->name);
        goal->maximize = sqlite3_column_int(q, 1);
        goal->metric = -1;
        status = 0;
    }
    return status;
}

struct values {
    struct ms_goal_values *to;
    size_t room;
};

// Rows come by trial and position; position 0 begins a trial.
static int take_value(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    struct values *values = to;
    struct ms_goal_values *g = values->to;
    const int position = sqlite3_column_int(q, 1);
    if (position < 0 || position >= g->goals.n)
        return 0;
    if (position == 0) {
        const struct ms_column_array columns[] = {
            {&g->trial, sizeof *g->trial},
            {&g->value, (size_t)g->goals.n * sizeof *g->value},
        };
        const int status =
            ms_grow_columns(columns, 2, &values->room, (size_t)g->n + 1, "the objectives", err);
        if (status)
            return status;
        g->trial[g->n++] = (uint32_t)sqlite3_column_int64(q, 0);
    }
    if (g->n > 0)
        g->value[(g->n - 1) * g->goals.n + position] = ms_store_sql_double(q, 2);
    return 0;
}

int ms_store_goal_values(struct ms_store *s, int64_t sweep_id, struct ms_goal_values *out,
                         struct ms_error *err)
{
    struct values values = {.to = out};
    *out = (struct ms_goal_values){0};
    int status = read_goals(s, sweep_id, &out->goals, err);
    if (!status)
        status = ms_store_sql_each(s, err, take_value, &values, sql_values, "i", sweep_id);
    if (status)
        ms_store_goal_values_clear(out);
    return status;
}
