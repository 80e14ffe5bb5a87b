// SPDX-License-Identifier: MIT
//
// The objectives of a sweep in the store, and what its trials are worth by each of them. The views
// need no more than sqlite3; the fronts behind the first are counted by pareto.c.
#include "store_internal.h"

#include <stdlib.h>

const char ms_store_goals_sql[] =
    "CREATE TABLE objective (  -- what a sweep is judged by; position 0, which guides it, is "
    "sweep.metric\n"
    "    sweep_id INTEGER NOT NULL REFERENCES sweep ON DELETE CASCADE,\n"
    "    position INTEGER NOT NULL CHECK (position >= 0),\n"
    "    metric TEXT NOT NULL,       -- of the epochs, or: weights, flops, memory_bytes of the "
    "trial,\n"
    "                                -- seconds of an execution\n"
    "    goal TEXT NOT NULL CHECK (goal IN ('minimize', 'maximize')),\n"
    "    PRIMARY KEY (sweep_id, position)\n"
    ") WITHOUT ROWID;\n"
    "INSERT INTO objective SELECT sweep_id, 0, metric, goal FROM sweep;\n";

// An execution's other metrics are taken at the epoch that counts for the first. All outcomes that
// leave an execution its objective have seconds: a trial without them would be in no front.
const char ms_store_trial_goal_sql[] =
    "CREATE VIEW trial_goal AS  -- of every trial with a result and every objective: the mean over "
    "its\n"
    "                           -- executions; NULL: none\n"
    "SELECT s.name AS sweep, t.number AS trial, o.position, o.metric, o.goal,\n"
    "       CASE WHEN o.position = 0 THEN\n"
    "           (SELECT avg(x.objective) FROM execution AS x WHERE x.trial_id = t.trial_id)\n"
    "       WHEN o.metric = 'weights' THEN t.weights\n"
    "       WHEN o.metric = 'flops' THEN t.flops\n"
    "       WHEN o.metric = 'memory_bytes' THEN t.memory_bytes\n"
    "       WHEN o.metric = 'seconds' THEN\n"
    "           (SELECT sum(a.wall_s) / count(DISTINCT x.execution_id)\n"
    "            FROM execution AS x JOIN attempt AS a USING (execution_id)\n"
    "            WHERE x.trial_id = t.trial_id AND x.objective IS NOT NULL AND a.test_epoch = 0\n"
    "            AND a.outcome IN ('completed', 'early_stopped', 'diverged', 'paused', 'pruned'))\n"
    "       ELSE (SELECT avg(m.value) FROM execution AS x JOIN epoch_metric AS m USING "
    "(execution_id)\n"
    "             WHERE x.trial_id = t.trial_id AND x.objective IS NOT NULL\n"
    "             AND m.metric = o.metric AND m.epoch = x.best_epoch) END AS value,\n"
    "       t.trial_id, t.sweep_id\n"
    "FROM sweep AS s JOIN objective AS o USING (sweep_id) JOIN trial AS t USING (sweep_id)\n"
    "WHERE EXISTS (SELECT 1 FROM execution AS x WHERE x.trial_id = t.trial_id AND x.objective IS "
    "NOT NULL)\n"
    "ORDER BY s.sweep_id, t.number, o.position;\n";

const char ms_store_pareto_sql[] =
    "CREATE VIEW pareto AS  -- the trials that no other beats: none is as good in every objective "
    "and\n"
    "                       -- better in one (front 1 of mlpsweep rank). Compares all with all, "
    "but for\n"
    "                       -- those that the scheduler ended, where there are others.\n"
    "WITH ends AS MATERIALIZED (\n"
    "    SELECT *, EXISTS (SELECT 1 FROM execution AS x\n"
    "                      WHERE x.trial_id = v.trial_id AND x.outcome = 'pruned') AS pruned\n"
    "    FROM trial_goal AS v),\n"
    "g AS MATERIALIZED (\n"
    "    SELECT sweep_id, trial_id, position,\n"
    "           CASE goal WHEN 'maximize' THEN -value ELSE value END AS cost,\n"
    "           count(value) OVER (PARTITION BY trial_id) = count(*) OVER (PARTITION BY trial_id)\n"
    "               AND pruned = min(pruned) OVER (PARTITION BY sweep_id) AS whole\n"
    "    FROM ends),\n"
    "beaten AS MATERIALIZED (\n"
    "    SELECT DISTINCT trial_id FROM (\n"
    "        SELECT a.trial_id FROM g AS a JOIN g AS b ON b.sweep_id = a.sweep_id\n"
    "            AND b.position = a.position AND b.trial_id <> a.trial_id\n"
    "        WHERE a.whole AND b.whole GROUP BY a.trial_id, b.trial_id\n"
    "        HAVING min(b.cost <= a.cost) = 1 AND max(b.cost < a.cost) = 1))\n"
    "SELECT v.sweep, v.trial, group_concat(v.metric || '=' || v.value, ' ') AS objectives,\n"
    "       (SELECT group_concat(name || '=' || text, ' ') FROM\n"
    "           (SELECT name, text FROM param AS p WHERE p.trial_id = v.trial_id ORDER BY "
    "position))\n"
    "           AS parameters,\n"
    "       v.trial_id, v.sweep_id\n"
    "FROM (SELECT * FROM trial_goal ORDER BY trial_id, position) AS v\n"
    "WHERE v.trial_id IN (SELECT trial_id FROM g WHERE whole)\n"
    "      AND v.trial_id NOT IN (SELECT trial_id FROM beaten)\n"
    "GROUP BY v.trial_id ORDER BY v.sweep_id, v.trial;\n";

static const char sql_put[] =
    "INSERT OR REPLACE INTO objective (sweep_id, position, metric, goal) VALUES (?, ?, ?, ?)";
static const char sql_goals[] =
    "SELECT metric, goal = 'maximize' FROM objective WHERE sweep_id = ? ORDER BY position";
static const char sql_values[] =
    "SELECT trial, position, value FROM trial_goal WHERE sweep_id = ? ORDER BY trial, position";

int ms_store_put_goals(struct ms_store *s, struct ms_error *err)
{
    const struct ms_goals *g = ms_sweep_goals(s->sweep);
    int rc = 0;
    for (int i = 0; !rc && i < g->n; i++)
        rc = ms_store_sql_do(s, err, sql_put, "iitt", s->sweep_id, (int64_t)i, g->item[i].name,
                             g->item[i].maximize ? "maximize" : "minimize");
    return rc;
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
    int rc = ms_store_sql_query(s, err, &q, sql_goals, "i", sweep_id);
    while (!rc && (rc = ms_store_sql_step(s, q, err)) > 0) {
        if (g->n == MS_MAX_GOALS) {
            sqlite3_reset(q);
            return ms_fail(err, MS_ESTATE, "%s: has more than %d objectives", s->path,
                           MS_MAX_GOALS);
        }
        struct ms_goal *goal = &g->item[g->n++];
        ms_store_sql_text(q, 0, goal->name, sizeof goal->name);
        goal->maximize = sqlite3_column_int(q, 1);
        goal->metric = -1;
        rc = 0;
    }
    return rc;
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
