// SPDX-License-Identifier: MIT
//
// Today's views. They hold no data, so they are dropped and made anew at every migration; an older
// store that is only read keeps those it has. A view needs no more than sqlite3, whatever program
// asks it. The view of a single sweep, a column per parameter, is made in store_view.c.
#include "store_internal.h"

// The median is the mean of the middle one or two of the ordered values: places (n+1)/2 and
// (n+2)/2.
static const char view_trial_summary[] =
    "CREATE VIEW trial_summary AS  -- one row per trial over its finished executions,\n"
    "                           -- without those that confirm a winner\n"
    "WITH ordered AS (\n"
    "    SELECT trial_id, objective,\n"
    "           row_number() OVER (PARTITION BY trial_id ORDER BY objective) AS place,\n"
    "           count(*) OVER (PARTITION BY trial_id) AS n,\n"
    "           avg(objective) OVER (PARTITION BY trial_id) AS mean\n"
    "    FROM execution WHERE objective IS NOT NULL AND purpose <> 'confirm'),\n"
    "scored AS (\n"
    "    SELECT trial_id, max(n) AS n, max(mean) AS mean,\n"
    "           CASE WHEN max(n) > 1 THEN\n"
    "               sqrt(sum((objective - mean) * (objective - mean)) / (max(n) - 1)) END AS sd,\n"
    "           min(objective) AS min, max(objective) AS max,\n"
    "           avg(CASE WHEN place IN ((n + 1) / 2, (n + 2) / 2) THEN objective END) AS median\n"
    "    FROM ordered GROUP BY trial_id),\n"
    "bounded AS (\n"
    "    SELECT scored.*, sd / sqrt(n) AS se,\n"
    "           (SELECT t FROM student_t WHERE df < n ORDER BY df DESC LIMIT 1) AS t\n"
    "    FROM scored)\n"
    "SELECT s.name AS sweep, t.number AS trial,\n"
    "       coalesce(b.n, 0) AS n,    -- executions with a finite objective\n"
    "       (SELECT count(*) FROM execution AS x WHERE x.trial_id = t.trial_id\n"
    "            AND x.state IN ('done', 'failed') AND x.objective IS NULL\n"
    "            AND x.purpose <> 'confirm')\n"
    "            AS n_failed,  -- executions that ended without one\n"
    "       b.mean, b.sd, b.se,\n"
    "       b.mean - b.t * b.se AS low95, b.mean + b.t * b.se AS high95,\n"
    "       b.min, b.median, b.max,\n"
    "       (SELECT sum(a.wall_s) FROM execution AS x JOIN attempt AS a USING (execution_id)\n"
    "            WHERE x.trial_id = t.trial_id AND x.purpose <> 'confirm')\n"
    "            AS wall_s,    -- of all attempts\n"
    "       t.weights, t.trial_id, t.sweep_id,\n"
    "       (SELECT count(*) FROM execution AS x WHERE x.trial_id = t.trial_id\n"
    "            AND x.outcome = 'pruned' AND x.purpose <> 'confirm')\n"
    "            AS n_pruned,  -- executions that the scheduler stopped\n"
    "       (SELECT count(*) FROM execution AS x WHERE x.trial_id = t.trial_id\n"
    "            AND x.state = 'done' AND x.constant AND x.purpose <> 'confirm')\n"
    "            AS n_constant  -- executions whose network answers all rows alike\n"
    "FROM trial AS t JOIN sweep AS s USING (sweep_id) LEFT JOIN bounded AS b USING (trial_id);\n";

// The rule of ranking, as rank/worth.c has it for C: keys by sweep.rank_by. A trial of one
// execution has no bound: under lower_bound it comes after those that have one.
static const char view_leaderboard[] =
    "CREATE VIEW leaderboard AS  -- the trials that have a result, best first, by sweep.rank_by;\n"
    "                         -- those with failed executions rank below those without, unless\n"
    "                         -- sweep.failed_executions is ignore, and those that the\n"
    "                         -- scheduler stopped below all others\n"
    "WITH keyed AS (\n"
    "    SELECT u.*, s.metric,\n"
    "           CASE s.failed_executions WHEN 'ignore' THEN 0\n"
    "               ELSE 1.0 * u.n_failed / (u.n + u.n_failed) END AS failed,\n"
    "           CASE s.goal WHEN 'maximize' THEN u.max ELSE u.min END AS best,\n"
    "           CASE s.goal WHEN 'maximize' THEN -1 ELSE 1 END AS sign,\n"
    "           CASE s.rank_by WHEN 'mean' THEN u.mean WHEN 'median' THEN u.median\n"
    "               WHEN 'worst' THEN CASE s.goal WHEN 'maximize' THEN u.min ELSE u.max END\n"
    "               ELSE CASE s.goal WHEN 'maximize' THEN u.low95 ELSE u.high95 END END AS key\n"
    "    FROM trial_summary AS u JOIN sweep AS s USING (sweep_id) WHERE u.n > 0)\n"
    "SELECT sweep,\n"
    "       row_number() OVER (PARTITION BY sweep_id\n"
    "           ORDER BY n_pruned > 0, failed, key IS NULL, key * sign, mean * sign, trial)\n"
    "           AS rank,\n"
    "       trial, metric, n, n_failed, mean, sd, low95, high95,\n"
    "       best,                     -- the best single execution: luck included\n"
    "       (SELECT group_concat(name || '=' || text, ' ') FROM\n"
    "           (SELECT name, text FROM param AS p WHERE p.trial_id = keyed.trial_id\n"
    "            ORDER BY position)) AS parameters\n"
    "FROM keyed ORDER BY sweep_id, rank;\n";

// An execution's epochs are those of whichever of its metrics sorts first: a WHERE on the view then
// reaches the tables' keys, which it would not through a GROUP BY. CROSS JOIN is how SQLite is told
// to keep the order of the tables: from the few rows to the many, and already sorted.
static const char view_learning_curve[] =
    "CREATE VIEW learning_curve AS  -- one row per epoch; other metrics are in epoch_metric\n"
    "SELECT s.name AS sweep, t.number AS trial, x.number AS execution, e.epoch,\n"
    "       (SELECT value FROM epoch_metric AS m WHERE m.execution_id = x.execution_id\n"
    "            AND m.metric = 'loss' AND m.epoch = e.epoch) AS loss,\n"
    "       (SELECT value FROM epoch_metric AS m WHERE m.execution_id = x.execution_id\n"
    "            AND m.metric = 'val_loss' AND m.epoch = e.epoch) AS val_loss,\n"
    "       (SELECT value FROM epoch_metric AS m WHERE m.execution_id = x.execution_id\n"
    "            AND m.metric = 'accuracy' AND m.epoch = e.epoch) AS accuracy,\n"
    "       (SELECT value FROM epoch_metric AS m WHERE m.execution_id = x.execution_id\n"
    "            AND m.metric = 'val_accuracy' AND m.epoch = e.epoch) AS val_accuracy,\n"
    "       x.execution_id\n"
    "FROM sweep AS s CROSS JOIN trial AS t USING (sweep_id)\n"
    "     CROSS JOIN execution AS x USING (trial_id)\n"
    "     CROSS JOIN epoch_metric AS e ON e.execution_id = x.execution_id AND e.metric =\n"
    "         (SELECT min(f.metric) FROM epoch_metric AS f WHERE f.execution_id = x.execution_id)\n"
    "ORDER BY s.sweep_id, t.number, x.number, e.epoch;\n";

static const char view_failures[] =
    "CREATE VIEW failures AS  -- attempts that went wrong, and why\n"
    "SELECT s.name AS sweep, t.number AS trial, x.number AS execution, a.number AS attempt,\n"
    "       a.outcome, a.message, x.state AS execution_state,\n"
    "       a.host, a.worker_rank, a.epochs, a.wall_s, a.ended_at\n"
    "FROM attempt AS a JOIN execution AS x USING (execution_id) JOIN trial AS t USING (trial_id)\n"
    "     JOIN sweep AS s USING (sweep_id) JOIN outcome AS o ON o.name = a.outcome\n"
    "WHERE o.failure\n"
    "ORDER BY s.sweep_id, t.number, x.number, a.number;\n";

// An execution's other metrics are taken at the epoch that counts for the first. All outcomes that
// leave an execution its objective have seconds: a trial without them would be in no front.
static const char view_trial_goal[] =
    "CREATE VIEW trial_goal AS  -- for every trial with a result and every objective: the mean\n"
    "                           -- over its executions; NULL: none\n"
    "SELECT s.name AS sweep, t.number AS trial, o.position, o.metric, o.goal,\n"
    "       CASE WHEN o.position = 0 THEN\n"
    "           (SELECT avg(x.objective) FROM execution AS x WHERE x.trial_id = t.trial_id\n"
    "            AND x.purpose <> 'confirm')\n"
    "       WHEN o.metric = 'weights' THEN t.weights\n"
    "       WHEN o.metric = 'flops' THEN t.flops\n"
    "       WHEN o.metric = 'memory_bytes' THEN t.memory_bytes\n"
    "       WHEN o.metric = 'seconds' THEN\n"
    "           (SELECT sum(a.wall_s) / count(DISTINCT x.execution_id)\n"
    "            FROM execution AS x JOIN attempt AS a USING (execution_id)\n"
    "            WHERE x.trial_id = t.trial_id AND x.objective IS NOT NULL AND a.test_epoch = 0\n"
    "            AND x.purpose <> 'confirm'\n"
    "            AND a.outcome IN (SELECT name FROM outcome WHERE counts))\n"
    "       ELSE (SELECT avg(m.value) FROM execution AS x JOIN epoch_metric AS m USING "
    "(execution_id)\n"
    "             WHERE x.trial_id = t.trial_id AND x.objective IS NOT NULL\n"
    "             AND x.purpose <> 'confirm'\n"
    "             AND m.metric = o.metric AND m.epoch = x.best_epoch) END AS value,\n"
    "       t.trial_id, t.sweep_id\n"
    "FROM sweep AS s JOIN objective AS o USING (sweep_id) JOIN trial AS t USING (sweep_id)\n"
    "WHERE EXISTS (SELECT 1 FROM execution AS x WHERE x.trial_id = t.trial_id\n"
    "             AND x.objective IS NOT NULL AND x.purpose <> 'confirm')\n"
    "ORDER BY s.sweep_id, t.number, o.position;\n";

// The fronts behind the first are counted by coordinator/rank/pareto.c.
static const char view_pareto[] =
    "CREATE VIEW pareto AS  -- the trials that no other beats: no other is as good in every\n"
    "                       -- objective and better in one (front 1 of mlpsweep rank). Trials "
    "that\n"
    "                       -- the scheduler stopped, or with failed executions, take part only\n"
    "                       -- where there are no others.\n"
    "WITH ends AS MATERIALIZED (\n"
    "    SELECT v.*, 2 * (u.n_pruned > 0)\n"
    "           + (u.n_failed > 0 AND s.failed_executions = 'worst') AS behind\n"
    "    FROM trial_goal AS v JOIN trial_summary AS u USING (trial_id)\n"
    "         JOIN sweep AS s ON s.sweep_id = v.sweep_id),\n"
    "g AS MATERIALIZED (\n"
    "    SELECT sweep_id, trial_id, position,\n"
    "           CASE goal WHEN 'maximize' THEN -value ELSE value END AS cost,\n"
    "           count(value) OVER (PARTITION BY trial_id) = count(*) OVER (PARTITION BY trial_id)\n"
    "               AND behind = min(behind) OVER (PARTITION BY sweep_id) AS whole\n"
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

// In the order in which they refer to one another.
const struct ms_store_part ms_store_views[] = {
    {"trial_summary", view_trial_summary},
    {"leaderboard", view_leaderboard},
    {"learning_curve", view_learning_curve},
    {"failures", view_failures},
    {"trial_goal", view_trial_goal},
    {"pareto", view_pareto},
    {NULL, NULL},
};

int ms_store_make_views(struct ms_store *s, struct ms_error *err)
{
    int status = 0;
    for (const struct ms_store_part *v = ms_store_views; !status && v->name; v++) {
        char drop[100];
        snprintf(drop, sizeof drop, "DROP VIEW IF EXISTS %s", v->name);
        status = ms_store_sql_script(s, drop, err);
        if (!status)
            status = ms_store_sql_script(s, v->sql, err);
    }
    return status;
}
