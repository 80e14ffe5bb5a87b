// SPDX-License-Identifier: MIT
//
// The schema, as SQLite keeps it and as `.schema` shows it: comments stand inside the statements
// because SQLite stores a statement's text as it was given.
//
// Three rules of the file format:
//   - Columns that hold metrics have no type name. A REAL column would store -0.0 as the integer 0
//     and lose its sign; a column without a type keeps every double bit for bit.
//   - NaN, which SQLite cannot hold, is NULL; infinities are kept.
//   - Nothing is averaged in a table. Averages are views, computed from the raw rows.
#include "store_internal.h"

#include "coordinator/rank/stats.h"

// One string literal per statement group: C17 promises only 4095 characters of each.
static const char schema_runs[] =
    "CREATE TABLE sweep (  -- one row per sweep: a file's whole search\n"
    "    sweep_id INTEGER PRIMARY KEY,\n"
    "    name TEXT NOT NULL UNIQUE,\n"
    "    file TEXT NOT NULL,         -- path of the sweep file, as given to the latest run\n"
    "    text TEXT NOT NULL,         -- the sweep file itself, of the latest run\n"
    "    text_sha256 TEXT NOT NULL,  -- what sha256sum says of it\n"
    "    seed INTEGER NOT NULL,\n"
    "    metric TEXT NOT NULL,       -- the objective, such as val_accuracy\n"
    "    goal TEXT NOT NULL CHECK (goal IN ('minimize', 'maximize')),\n"
    "    at TEXT NOT NULL CHECK (at IN ('best', 'last')),  -- the epoch of an execution that "
    "counts\n"
    "    rank_by TEXT NOT NULL CHECK (rank_by IN ('mean', 'median', 'worst', 'lower_bound')),\n"
    "    trials_planned INTEGER CHECK (trials_planned >= 0),  -- NULL: not known yet\n"
    "    view_name TEXT UNIQUE,      -- the view made for this sweep: a column per parameter\n"
    "    created_at TEXT NOT NULL    -- all times are UTC, YYYY-MM-DD HH:MM:SS.mmm\n"
    ");\n"
    "CREATE TABLE run (  -- one row per start of the program: who, where, with what\n"
    "    run_id INTEGER PRIMARY KEY,\n"
    "    sweep_id INTEGER NOT NULL REFERENCES sweep ON DELETE CASCADE,\n"
    "    state TEXT NOT NULL CHECK (state IN\n"
    "        ('running', 'finished', 'interrupted', 'failed',\n"
    "         'killed')),            -- killed: found dead by the run after it\n"
    "    started_at TEXT NOT NULL,\n"
    "    ended_at TEXT,              -- NULL: running, or killed\n"
    "    host TEXT, user TEXT,\n"
    "    pid INTEGER,                -- of the coordinator, on host\n"
    "    command_line TEXT,\n"
    "    version TEXT,               -- of mlpsweep\n"
    "    mpi TEXT, blas TEXT,        -- names and versions; blas with its core and threads\n"
    "    workers INTEGER,            -- ranks that train\n"
    "    text_sha256 TEXT NOT NULL,  -- the sweep file of this run\n"
    "    text TEXT                   -- and its text; NULL: the same as of the run before\n"
    ");\n"
    "CREATE INDEX run_sweep ON run (sweep_id);\n";

static const char schema_trials[] =
    "CREATE TABLE trial (  -- one set of hyperparameter values\n"
    "    trial_id INTEGER PRIMARY KEY,\n"
    "    sweep_id INTEGER NOT NULL REFERENCES sweep ON DELETE CASCADE,\n"
    "    number INTEGER NOT NULL CHECK (number >= 0),  -- 0, 1, 2 … within the sweep\n"
    "    weights INTEGER,            -- trainable weights of the network\n"
    "    flops REAL,                 -- floating-point operations of one execution, all epochs\n"
    "    memory_bytes INTEGER,       -- expected resident memory of the trainer, without the data\n"
    "    created_at TEXT NOT NULL,\n"
    "    UNIQUE (sweep_id, number)\n"
    ");\n"
    "CREATE TABLE param (  -- the values of a trial; a parameter that is not in force has no row\n"
    "    trial_id INTEGER NOT NULL REFERENCES trial ON DELETE CASCADE,\n"
    "    name TEXT NOT NULL,         -- path in the sweep file: optimizer.learning_rate, "
    "hidden.2.units\n"
    "    position INTEGER NOT NULL,  -- order of the parameters in the sweep file\n"
    "    value NOT NULL,             -- INTEGER, REAL or TEXT, whatever it is; true is 1, false 0\n"
    "    text TEXT NOT NULL,         -- the value as people write it; reads back to the same bits\n"
    "    value_index INTEGER,        -- which of the parameter's values, 0 …; NULL: continuous\n"
    "    PRIMARY KEY (trial_id, name)\n"
    ") WITHOUT ROWID;\n"
    "CREATE TABLE execution (  -- one training of a trial, with its own seed\n"
    "    execution_id INTEGER PRIMARY KEY,\n"
    "    trial_id INTEGER NOT NULL REFERENCES trial ON DELETE CASCADE,\n"
    "    number INTEGER NOT NULL CHECK (number >= 0),  -- 0, 1, 2 … within the trial\n"
    "    state TEXT NOT NULL DEFAULT 'waiting'\n"
    "        CHECK (state IN ('waiting', 'running', 'done', 'failed')),\n"
    "    outcome TEXT                -- how its last attempt ended, once it is done or failed\n"
    "        CHECK ((outcome IS NOT NULL) = (state IN ('done', 'failed'))),\n"
    "    objective                   -- sweep.metric at the epoch that counts; NULL: no finite "
    "value\n"
    "        CHECK (objective IS NULL OR (typeof(objective) = 'real' AND state = 'done')),\n"
    "    best_epoch INTEGER,         -- the epoch it was taken at, 1 …\n"
    "    epochs INTEGER,             -- trained\n"
    "    epochs_asked INTEGER,       -- more where early stopping ended it\n"
    "    UNIQUE (trial_id, number)\n"
    ");\n";

static const char schema_attempts[] =
    "CREATE TABLE attempt (  -- one try at an execution; a lost worker causes another\n"
    "    execution_id INTEGER NOT NULL REFERENCES execution ON DELETE CASCADE,\n"
    "    number INTEGER NOT NULL CHECK (number >= 0),  -- 0, 1, 2 … within the execution\n"
    "    outcome TEXT CHECK (outcome IN ('completed', 'early_stopped', 'diverged', 'cancelled',\n"
    "        'error', 'crashed', 'timeout', 'lost', 'interrupted')),  -- NULL: under way\n"
    "    test_epoch INTEGER NOT NULL DEFAULT 0,  -- > 0: a repetition of the execution up to this\n"
    "                                -- epoch that evaluates the test set\n"
    "    worker_rank INTEGER,        -- MPI rank\n"
    "    host TEXT,                  -- of the worker\n"
    "    started_at TEXT,            -- when it was handed to the worker\n"
    "    ended_at TEXT,\n"
    "    epochs INTEGER,             -- trained\n"
    "    wall_s REAL,                -- from start to end in the trainer\n"
    "    cpu_s REAL,                 -- processor time of the trainer\n"
    "    wait_s REAL,                -- the trainer had nothing to do for so long before it\n"
    "    max_rss_bytes INTEGER,      -- largest resident memory of the trainer\n"
    "    message TEXT,               -- why, when it did not complete\n"
    "    PRIMARY KEY (execution_id, number)\n"
    ") WITHOUT ROWID;\n"
    "CREATE TABLE epoch_metric (  -- every number an epoch reported\n"
    "    execution_id INTEGER NOT NULL REFERENCES execution ON DELETE CASCADE,\n"
    "    metric TEXT NOT NULL,       -- loss, accuracy, …; of the validation set: val_loss, …\n"
    "    epoch INTEGER NOT NULL CHECK (epoch >= 1),\n"
    "    value CHECK (typeof(value) IN ('real', 'null')),  -- NULL: NaN; infinities are kept\n"
    "    PRIMARY KEY (execution_id, metric, epoch)\n"
    ") WITHOUT ROWID;\n"
    "CREATE TABLE test_metric (  -- the test set, evaluated for the winner only\n"
    "    execution_id INTEGER NOT NULL REFERENCES execution ON DELETE CASCADE,\n"
    "    metric TEXT NOT NULL,\n"
    "    epoch INTEGER NOT NULL,     -- with the weights after this epoch\n"
    "    value CHECK (typeof(value) IN ('real', 'null')),\n"
    "    PRIMARY KEY (execution_id, metric)\n"
    ") WITHOUT ROWID;\n"
    "CREATE TABLE student_t (  -- 97.5 % quantiles of Student's t, for the 95 % intervals of the "
    "views\n"
    "    df INTEGER PRIMARY KEY,     -- degrees of freedom; between two rows take the smaller\n"
    "    t REAL NOT NULL\n"
    ");\n";

// The median is the mean of the middle one or two of the ordered values: places (n+1)/2 and
// (n+2)/2.
static const char view_summary[] =
    "CREATE VIEW trial_summary AS  -- one row per trial over its finished executions\n"
    "WITH ordered AS (\n"
    "    SELECT trial_id, objective,\n"
    "           row_number() OVER (PARTITION BY trial_id ORDER BY objective) AS place,\n"
    "           count(*) OVER (PARTITION BY trial_id) AS n,\n"
    "           avg(objective) OVER (PARTITION BY trial_id) AS mean\n"
    "    FROM execution WHERE objective IS NOT NULL),\n"
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
    "            AND x.state IN ('done', 'failed') AND x.objective IS NULL) AS n_failed,\n"
    "       b.mean, b.sd, b.se,\n"
    "       b.mean - b.t * b.se AS low95, b.mean + b.t * b.se AS high95,\n"
    "       b.min, b.median, b.max,\n"
    "       (SELECT sum(a.wall_s) FROM execution AS x JOIN attempt AS a USING (execution_id)\n"
    "            WHERE x.trial_id = t.trial_id) AS wall_s,  -- of all attempts\n"
    "       t.weights, t.trial_id, t.sweep_id\n"
    "FROM trial AS t JOIN sweep AS s USING (sweep_id) LEFT JOIN bounded AS b USING (trial_id);\n";

// A trial of one execution has no bound: under lower_bound it comes after those that have one.
static const char view_leaderboard[] =
    "CREATE VIEW leaderboard AS  -- the trials that have a result, best first, by sweep.rank_by\n"
    "WITH keyed AS (\n"
    "    SELECT u.*, s.metric,\n"
    "           CASE s.goal WHEN 'maximize' THEN u.max ELSE u.min END AS best,\n"
    "           CASE s.goal WHEN 'maximize' THEN -1 ELSE 1 END AS sign,\n"
    "           CASE s.rank_by WHEN 'mean' THEN u.mean WHEN 'median' THEN u.median\n"
    "               WHEN 'worst' THEN CASE s.goal WHEN 'maximize' THEN u.min ELSE u.max END\n"
    "               ELSE CASE s.goal WHEN 'maximize' THEN u.low95 ELSE u.high95 END END AS key\n"
    "    FROM trial_summary AS u JOIN sweep AS s USING (sweep_id) WHERE u.n > 0)\n"
    "SELECT sweep,\n"
    "       row_number() OVER (PARTITION BY sweep_id\n"
    "           ORDER BY key IS NULL, key * sign, mean * sign, trial) AS rank,\n"
    "       trial, metric, n, mean, sd, low95, high95,\n"
    "       best,                     -- the best single execution: luck included\n"
    "       (SELECT group_concat(name || '=' || text, ' ') FROM\n"
    "           (SELECT name, text FROM param AS p WHERE p.trial_id = keyed.trial_id\n"
    "            ORDER BY position)) AS parameters\n"
    "FROM keyed ORDER BY sweep_id, rank;\n";

// An execution's epochs are those of whichever of its metrics sorts first: a WHERE on the view then
// reaches the tables' keys, which it would not through a GROUP BY. CROSS JOIN is how SQLite is told
// to keep the order of the tables: from the few rows to the many, and already sorted.
static const char view_curves[] =
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
    "     JOIN sweep AS s USING (sweep_id)\n"
    "WHERE a.outcome IN ('diverged', 'error', 'crashed', 'timeout', 'lost')\n"
    "ORDER BY s.sweep_id, t.number, x.number, a.number;\n";

// Version 2: parts of executions. Nothing refers to attempt but views, which are not looked at when
// a table is dropped or made; so it is copied, made anew with the wider check, and filled again.
static const char attempts_aside[] = "CREATE TABLE attempt_1 AS SELECT * FROM attempt;\n"
                                     "DROP TABLE attempt;\n";
static const char schema_attempts_2[] =
    "CREATE TABLE attempt (  -- one try at an execution; a lost worker causes another\n"
    "    execution_id INTEGER NOT NULL REFERENCES execution ON DELETE CASCADE,\n"
    "    number INTEGER NOT NULL CHECK (number >= 0),  -- 0, 1, 2 … within the execution\n"
    "    outcome TEXT CHECK (outcome IN ('completed', 'early_stopped', 'diverged', 'cancelled',\n"
    "        'error', 'crashed', 'timeout', 'lost', 'interrupted',\n"
    "        'paused',               -- by the scheduler, at the end of a rung: it may go on from "
    "there\n"
    "        'pruned')),             -- by the scheduler: it gets no more epochs\n"
    "                                -- NULL: under way\n"
    "    test_epoch INTEGER NOT NULL DEFAULT 0,  -- > 0: a repetition of the execution up to this\n"
    "                                -- epoch that evaluates the test set\n"
    "    worker_rank INTEGER,        -- MPI rank\n"
    "    host TEXT,                  -- of the worker\n"
    "    started_at TEXT,            -- when it was handed to the worker\n"
    "    ended_at TEXT,\n"
    "    epochs INTEGER,             -- trained, from the start\n"
    "    wall_s REAL,                -- from start to end in the trainer\n"
    "    cpu_s REAL,                 -- processor time of the trainer\n"
    "    wait_s REAL,                -- the trainer had nothing to do for so long before it\n"
    "    max_rss_bytes INTEGER,      -- largest resident memory of the trainer\n"
    "    message TEXT,               -- why, when it did not complete\n"
    "    output TEXT,                -- what a command wrote to stderr; its end, if that is long\n"
    "    PRIMARY KEY (execution_id, number)\n"
    ") WITHOUT ROWID;\n";
static const char attempts_back[] =
    "INSERT INTO attempt SELECT execution_id, number, outcome, test_epoch, worker_rank, host,\n"
    "    started_at, ended_at, epochs, wall_s, cpu_s, wait_s, max_rss_bytes, message, NULL\n"
    "    FROM attempt_1;\n"
    "DROP TABLE attempt_1;\n"
    "DROP VIEW leaderboard;\n"
    "DROP VIEW trial_summary;\n";
static const char schema_checkpoints[] =
    "CREATE TABLE checkpoint (  -- where a paused execution goes on; gone when it has ended\n"
    "    execution_id INTEGER PRIMARY KEY REFERENCES execution ON DELETE CASCADE,\n"
    "    epoch INTEGER NOT NULL,     -- trained\n"
    "    state BLOB NOT NULL         -- weights, optimizer slots and whatever else a training is\n"
    ");\n";
static const char view_summary_2[] =
    "CREATE VIEW trial_summary AS  -- one row per trial over its finished executions\n"
    "WITH ordered AS (\n"
    "    SELECT trial_id, objective,\n"
    "           row_number() OVER (PARTITION BY trial_id ORDER BY objective) AS place,\n"
    "           count(*) OVER (PARTITION BY trial_id) AS n,\n"
    "           avg(objective) OVER (PARTITION BY trial_id) AS mean\n"
    "    FROM execution WHERE objective IS NOT NULL),\n"
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
    "            AND x.state IN ('done', 'failed') AND x.objective IS NULL) AS n_failed,\n"
    "       b.mean, b.sd, b.se,\n"
    "       b.mean - b.t * b.se AS low95, b.mean + b.t * b.se AS high95,\n"
    "       b.min, b.median, b.max,\n"
    "       (SELECT sum(a.wall_s) FROM execution AS x JOIN attempt AS a USING (execution_id)\n"
    "            WHERE x.trial_id = t.trial_id) AS wall_s,  -- of all attempts\n"
    "       t.weights, t.trial_id, t.sweep_id,\n"
    "       (SELECT count(*) FROM execution AS x WHERE x.trial_id = t.trial_id\n"
    "            AND x.outcome = 'pruned') AS n_pruned  -- executions that the scheduler ended\n"
    "FROM trial AS t JOIN sweep AS s USING (sweep_id) LEFT JOIN bounded AS b USING (trial_id);\n";

static const char view_leaderboard_2[] =
    "CREATE VIEW leaderboard AS  -- the trials that have a result, best first, by sweep.rank_by;\n"
    "                         -- those that the scheduler ended stand behind the others\n"
    "WITH keyed AS (\n"
    "    SELECT u.*, s.metric,\n"
    "           CASE s.goal WHEN 'maximize' THEN u.max ELSE u.min END AS best,\n"
    "           CASE s.goal WHEN 'maximize' THEN -1 ELSE 1 END AS sign,\n"
    "           CASE s.rank_by WHEN 'mean' THEN u.mean WHEN 'median' THEN u.median\n"
    "               WHEN 'worst' THEN CASE s.goal WHEN 'maximize' THEN u.min ELSE u.max END\n"
    "               ELSE CASE s.goal WHEN 'maximize' THEN u.low95 ELSE u.high95 END END AS key\n"
    "    FROM trial_summary AS u JOIN sweep AS s USING (sweep_id) WHERE u.n > 0)\n"
    "SELECT sweep,\n"
    "       row_number() OVER (PARTITION BY sweep_id\n"
    "           ORDER BY n_pruned > 0, key IS NULL, key * sign, mean * sign, trial) AS rank,\n"
    "       trial, metric, n, mean, sd, low95, high95,\n"
    "       best,                     -- the best single execution: luck included\n"
    "       (SELECT group_concat(name || '=' || text, ' ') FROM\n"
    "           (SELECT name, text FROM param AS p WHERE p.trial_id = keyed.trial_id\n"
    "            ORDER BY position)) AS parameters\n"
    "FROM keyed ORDER BY sweep_id, rank;\n";

static const char *const version_1[] = {
    schema_runs,      schema_trials, schema_attempts, view_summary,
    view_leaderboard, view_curves,   view_failures,   NULL};

static const char *const version_2[] = {attempts_aside,      schema_attempts_2,
                                        attempts_back,       schema_checkpoints,
                                        view_summary_2,      view_leaderboard_2,
                                        ms_store_goals_sql,  ms_store_trial_goal_sql,
                                        ms_store_pareto_sql, NULL};

// Version 3: pareto leaves out what the scheduler ended. (Version 2 makes the views of today, too:
// for a new file the second time is idle.)
static const char pareto_away[] = "DROP VIEW pareto;\n";
static const char *const version_3[] = {pareto_away, ms_store_pareto_sql, NULL};

// Version 4: trial_goal counts the seconds of what diverged, too.
static const char trial_goal_away[] = "DROP VIEW trial_goal;\n";
static const char *const version_4[] = {trial_goal_away, ms_store_trial_goal_sql, NULL};

// migrations[i] brings a file of user_version i to i + 1. Never edit one that was released: append.
static const char *const *const migrations[] = {version_1, version_2, version_3, version_4};

static const char sql_student[] = "INSERT INTO student_t VALUES (?, ?)";
_Static_assert(sizeof migrations / sizeof *migrations == MS_STORE_VERSION,
               "MS_STORE_VERSION counts the migrations");

// Exact up to 200 degrees of freedom, then the smaller neighbour: off by less than 0.3 %, to the
// cautious side.
static int fill_student(struct ms_store *s, struct ms_error *err)
{
    static const int beyond[] = {250, 300, 400, 500, 700, 1000, 2000, 5000, 10000, 65535};
    const int n = 200 + (int)(sizeof beyond / sizeof *beyond);
    for (int i = 0; i < n; i++) {
        const int df = i < 200 ? i + 1 : beyond[i - 200];
        const int status = ms_store_sql_do(s, err, sql_student, "id", (int64_t)df,
                                           ms_stats_student_quantile(0.975, df));
        if (status)
            return status;
    }
    return 0;
}

int ms_store_migrate(struct ms_store *s, int from, struct ms_error *err)
{
    int status = ms_store_sql_begin(s, err);
    for (int v = from; !status && v < MS_STORE_VERSION; v++)
        for (const char *const *part = migrations[v]; !status && *part; part++)
            status = ms_store_sql_script(s, *part, err);
    if (!status && from == 0)
        status = fill_student(s, err);
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
    return status;
}
