-- A store of schema version 1, as mlpsweep wrote it before executions had parts: made by its program,
-- then one attempt crashed, and the run was killed during another.
PRAGMA application_id = 1296846931;
PRAGMA user_version = 1;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE sweep (  -- one row per sweep: a file's whole search
    sweep_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    file TEXT NOT NULL,         -- path of the sweep file, as given to the latest run
    text TEXT NOT NULL,         -- the sweep file itself, of the latest run
    text_sha256 TEXT NOT NULL,  -- what sha256sum says of it
    seed INTEGER NOT NULL,
    metric TEXT NOT NULL,       -- the objective, such as val_accuracy
    goal TEXT NOT NULL CHECK (goal IN ('minimize', 'maximize')),
    at TEXT NOT NULL CHECK (at IN ('best', 'last')),  -- the epoch of an execution that counts
    rank_by TEXT NOT NULL CHECK (rank_by IN ('mean', 'median', 'worst', 'lower_bound')),
    trials_planned INTEGER CHECK (trials_planned >= 0),  -- NULL: not known yet
    view_name TEXT UNIQUE,      -- the view made for this sweep: a column per parameter
    created_at TEXT NOT NULL    -- all times are UTC, YYYY-MM-DD HH:MM:SS.mmm
);
INSERT INTO sweep VALUES(1,'old','old.json',replace('{"name": "old", "seed": 7, "data": {"synthetic": "xor"},\n "hidden": [{"units": 2}], "optimizer": {"choice": ["sgd", "adam"]},\n "learning_rate": {"float": [1e-4, 1e-1], "log": true}, "epochs": 2,\n "search": {"method": "random", "max_trials": 2, "executions_per_trial": 2}}\n','\n',char(10)),'eac415df605dffaf797d7391ca42df66f30358caef3bb40828d14ba10794ea91',7,'val_loss','minimize','best','mean',2,'trials_old','2026-11-22 06:45:31.221');
CREATE TABLE run (  -- one row per start of the program: who, where, with what
    run_id INTEGER PRIMARY KEY,
    sweep_id INTEGER NOT NULL REFERENCES sweep ON DELETE CASCADE,
    state TEXT NOT NULL CHECK (state IN
        ('running', 'finished', 'interrupted', 'failed',
         'killed')),            -- killed: found dead by the run after it
    started_at TEXT NOT NULL,
    ended_at TEXT,              -- NULL: running, or killed
    host TEXT, user TEXT,
    pid INTEGER,                -- of the coordinator, on host
    command_line TEXT,
    version TEXT,               -- of mlpsweep
    mpi TEXT, blas TEXT,        -- names and versions; blas with its core and threads
    workers INTEGER,            -- ranks that train
    text_sha256 TEXT NOT NULL,  -- the sweep file of this run
    text TEXT                   -- and its text; NULL: the same as of the run before
);
INSERT INTO run VALUES(1,1,'running','2026-11-22 06:45:31.223',NULL,'here','somebody',1,'mlpsweep run old.json','0.1.0','Open MPI 4.1.4','OpenBLAS',1,'eac415df605dffaf797d7391ca42df66f30358caef3bb40828d14ba10794ea91',replace('{"name": "old", "seed": 7, "data": {"synthetic": "xor"},\n "hidden": [{"units": 2}], "optimizer": {"choice": ["sgd", "adam"]},\n "learning_rate": {"float": [1e-4, 1e-1], "log": true}, "epochs": 2,\n "search": {"method": "random", "max_trials": 2, "executions_per_trial": 2}}\n','\n',char(10)));
CREATE TABLE trial (  -- one set of hyperparameter values
    trial_id INTEGER PRIMARY KEY,
    sweep_id INTEGER NOT NULL REFERENCES sweep ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number >= 0),  -- 0, 1, 2 … within the sweep
    weights INTEGER,            -- trainable weights of the network
    flops REAL,                 -- floating-point operations of one execution, all epochs
    memory_bytes INTEGER,       -- expected resident memory of the trainer, without the data
    created_at TEXT NOT NULL,
    UNIQUE (sweep_id, number)
);
INSERT INTO trial VALUES(1,1,0,9,124000.0,6307088,'2026-11-22 06:45:31.230');
INSERT INTO trial VALUES(2,1,1,9,124000.0,6307088,'2026-11-22 06:45:31.230');
CREATE TABLE param (  -- the values of a trial; a parameter that is not in force has no row
    trial_id INTEGER NOT NULL REFERENCES trial ON DELETE CASCADE,
    name TEXT NOT NULL,         -- path in the sweep file: optimizer.learning_rate, hidden.2.units
    position INTEGER NOT NULL,  -- order of the parameters in the sweep file
    value NOT NULL,             -- INTEGER, REAL or TEXT, whatever it is; true is 1, false 0
    text TEXT NOT NULL,         -- the value as people write it; reads back to the same bits
    value_index INTEGER,        -- which of the parameter's values, 0 …; NULL: continuous
    PRIMARY KEY (trial_id, name)
) WITHOUT ROWID;
INSERT INTO param VALUES(1,'learning_rate',1,0.016549733895074900114,'0.0165497338950749',NULL);
INSERT INTO param VALUES(1,'optimizer',0,'adam','adam',1);
INSERT INTO param VALUES(2,'learning_rate',1,0.078906551184541096066,'0.0789065511845411',NULL);
INSERT INTO param VALUES(2,'optimizer',0,'adam','adam',1);
CREATE TABLE execution (  -- one training of a trial, with its own seed
    execution_id INTEGER PRIMARY KEY,
    trial_id INTEGER NOT NULL REFERENCES trial ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number >= 0),  -- 0, 1, 2 … within the trial
    state TEXT NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'running', 'done', 'failed')),
    outcome TEXT                -- how its last attempt ended, once it is done or failed
        CHECK ((outcome IS NOT NULL) = (state IN ('done', 'failed'))),
    objective                   -- sweep.metric at the epoch that counts; NULL: no finite value
        CHECK (objective IS NULL OR (typeof(objective) = 'real' AND state = 'done')),
    best_epoch INTEGER,         -- the epoch it was taken at, 1 …
    epochs INTEGER,             -- trained
    epochs_asked INTEGER,       -- more where early stopping ended it
    UNIQUE (trial_id, number)
);
INSERT INTO execution VALUES(1,1,0,'done','completed',0.69627186679840091798,2,2,2);
INSERT INTO execution VALUES(2,1,1,'done','completed',0.69936098992824557996,2,2,2);
INSERT INTO execution VALUES(3,2,0,'done','completed',0.68888584494590754392,1,2,2);
INSERT INTO execution VALUES(4,2,1,'waiting',NULL,NULL,NULL,2,2);
CREATE TABLE attempt (  -- one try at an execution; a lost worker causes another
    execution_id INTEGER NOT NULL REFERENCES execution ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number >= 0),  -- 0, 1, 2 … within the execution
    outcome TEXT CHECK (outcome IN ('completed', 'early_stopped', 'diverged', 'cancelled',
        'error', 'crashed', 'timeout', 'lost', 'interrupted')),  -- NULL: under way
    test_epoch INTEGER NOT NULL DEFAULT 0,  -- > 0: a repetition of the execution up to this
                                -- epoch that evaluates the test set
    worker_rank INTEGER,        -- MPI rank
    host TEXT,                  -- of the worker
    started_at TEXT,            -- when it was handed to the worker
    ended_at TEXT,
    epochs INTEGER,             -- trained
    wall_s REAL,                -- from start to end in the trainer
    cpu_s REAL,                 -- processor time of the trainer
    wait_s REAL,                -- the trainer had nothing to do for so long before it
    max_rss_bytes INTEGER,      -- largest resident memory of the trainer
    message TEXT,               -- why, when it did not complete
    PRIMARY KEY (execution_id, number)
) WITHOUT ROWID;
INSERT INTO attempt VALUES(1,0,'completed',0,1,'here','2026-11-22 06:45:31.230','2026-11-22 06:45:31.234',2,0.00035190400012652389705,0.0003509820000000001168,0.012538841998321004211,4861952,NULL);
INSERT INTO attempt VALUES(2,0,'completed',0,1,'here',NULL,'2026-11-22 06:45:31.235',2,0.00011633299800450913608,0.00011659300000000012188,4.4185999286128208041e-05,4861952,NULL);
INSERT INTO attempt VALUES(3,0,'crashed',0,1,'here','2026-11-22 06:45:31.235','2026-11-22 06:45:31.238',0,0.00015413900109706446528,0.00015404899999999985271,0.0036894849981763400137,4861952,'killed by signal 11');
INSERT INTO attempt VALUES(3,1,'completed',0,1,'here','2026-11-22 06:45:31.235','2026-11-22 06:45:31.238',2,0.00015413900109706446528,0.00015404899999999985271,0.0036894849981763400137,4861952,NULL);
INSERT INTO attempt VALUES(4,0,NULL,0,1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE epoch_metric (  -- every number an epoch reported
    execution_id INTEGER NOT NULL REFERENCES execution ON DELETE CASCADE,
    metric TEXT NOT NULL,       -- loss, accuracy, …; of the validation set: val_loss, …
    epoch INTEGER NOT NULL CHECK (epoch >= 1),
    value CHECK (typeof(value) IN ('real', 'null')),  -- NULL: NaN; infinities are kept
    PRIMARY KEY (execution_id, metric, epoch)
) WITHOUT ROWID;
INSERT INTO epoch_metric VALUES(1,'accuracy',1,0.47899999999999998134);
INSERT INTO epoch_metric VALUES(1,'accuracy',2,0.50649999999999995026);
INSERT INTO epoch_metric VALUES(1,'loss',1,0.82179963034577663272);
INSERT INTO epoch_metric VALUES(1,'loss',2,0.69740641313791273958);
INSERT INTO epoch_metric VALUES(1,'val_accuracy',1,0.54400000000000003907);
INSERT INTO epoch_metric VALUES(1,'val_accuracy',2,0.50600000000000000532);
INSERT INTO epoch_metric VALUES(1,'val_loss',1,0.70825016748905178509);
INSERT INTO epoch_metric VALUES(1,'val_loss',2,0.69627186679840091798);
INSERT INTO epoch_metric VALUES(2,'accuracy',1,0.51549999999999995825);
INSERT INTO epoch_metric VALUES(2,'accuracy',2,0.51900000000000001687);
INSERT INTO epoch_metric VALUES(2,'loss',1,0.81635510686575429861);
INSERT INTO epoch_metric VALUES(2,'loss',2,0.69542009660601611376);
INSERT INTO epoch_metric VALUES(2,'val_accuracy',1,0.43199999999999999511);
INSERT INTO epoch_metric VALUES(2,'val_accuracy',2,0.5420000000000000373);
INSERT INTO epoch_metric VALUES(2,'val_loss',1,0.70880039918422699241);
INSERT INTO epoch_metric VALUES(2,'val_loss',2,0.69936098992824557996);
INSERT INTO epoch_metric VALUES(3,'accuracy',1,0.490999999999999992);
INSERT INTO epoch_metric VALUES(3,'accuracy',2,0.44850000000000000976);
INSERT INTO epoch_metric VALUES(3,'loss',1,0.71697792672365900923);
INSERT INTO epoch_metric VALUES(3,'loss',2,0.69802561147511010819);
INSERT INTO epoch_metric VALUES(3,'val_accuracy',1,0.57799999999999995825);
INSERT INTO epoch_metric VALUES(3,'val_accuracy',2,0.43399999999999999689);
INSERT INTO epoch_metric VALUES(3,'val_loss',1,0.68888584494590754392);
INSERT INTO epoch_metric VALUES(3,'val_loss',2,0.69567182374000546829);
INSERT INTO epoch_metric VALUES(4,'accuracy',1,0.490999999999999992);
INSERT INTO epoch_metric VALUES(4,'loss',1,0.69663149642944333095);
INSERT INTO epoch_metric VALUES(4,'val_accuracy',1,0.52600000000000002309);
INSERT INTO epoch_metric VALUES(4,'val_loss',1,0.69409399461746212889);
CREATE TABLE test_metric (  -- the test set, evaluated for the winner only
    execution_id INTEGER NOT NULL REFERENCES execution ON DELETE CASCADE,
    metric TEXT NOT NULL,
    epoch INTEGER NOT NULL,     -- with the weights after this epoch
    value CHECK (typeof(value) IN ('real', 'null')),
    PRIMARY KEY (execution_id, metric)
) WITHOUT ROWID;
CREATE TABLE student_t (  -- 97.5 % quantiles of Student's t, for the 95 % intervals of the views
    df INTEGER PRIMARY KEY,     -- degrees of freedom; between two rows take the smaller
    t REAL NOT NULL
);
INSERT INTO student_t VALUES(1,12.706204736174694147);
INSERT INTO student_t VALUES(2,4.3026527297494610024);
INSERT INTO student_t VALUES(3,3.1824463052837081988);
CREATE INDEX run_sweep ON run (sweep_id);
CREATE VIEW trial_summary AS  -- one row per trial over its finished executions
WITH ordered AS (
    SELECT trial_id, objective,
           row_number() OVER (PARTITION BY trial_id ORDER BY objective) AS place,
           count(*) OVER (PARTITION BY trial_id) AS n,
           avg(objective) OVER (PARTITION BY trial_id) AS mean
    FROM execution WHERE objective IS NOT NULL),
scored AS (
    SELECT trial_id, max(n) AS n, max(mean) AS mean,
           CASE WHEN max(n) > 1 THEN
               sqrt(sum((objective - mean) * (objective - mean)) / (max(n) - 1)) END AS sd,
           min(objective) AS min, max(objective) AS max,
           avg(CASE WHEN place IN ((n + 1) / 2, (n + 2) / 2) THEN objective END) AS median
    FROM ordered GROUP BY trial_id),
bounded AS (
    SELECT scored.*, sd / sqrt(n) AS se,
           (SELECT t FROM student_t WHERE df < n ORDER BY df DESC LIMIT 1) AS t
    FROM scored)
SELECT s.name AS sweep, t.number AS trial,
       coalesce(b.n, 0) AS n,    -- executions with a finite objective
       (SELECT count(*) FROM execution AS x WHERE x.trial_id = t.trial_id
            AND x.state IN ('done', 'failed') AND x.objective IS NULL) AS n_failed,
       b.mean, b.sd, b.se,
       b.mean - b.t * b.se AS low95, b.mean + b.t * b.se AS high95,
       b.min, b.median, b.max,
       (SELECT sum(a.wall_s) FROM execution AS x JOIN attempt AS a USING (execution_id)
            WHERE x.trial_id = t.trial_id) AS wall_s,  -- of all attempts
       t.weights, t.trial_id, t.sweep_id
FROM trial AS t JOIN sweep AS s USING (sweep_id) LEFT JOIN bounded AS b USING (trial_id)
;
CREATE VIEW leaderboard AS  -- the trials that have a result, best first, by sweep.rank_by
WITH keyed AS (
    SELECT u.*, s.metric,
           CASE s.goal WHEN 'maximize' THEN u.max ELSE u.min END AS best,
           CASE s.goal WHEN 'maximize' THEN -1 ELSE 1 END AS sign,
           CASE s.rank_by WHEN 'mean' THEN u.mean WHEN 'median' THEN u.median
               WHEN 'worst' THEN CASE s.goal WHEN 'maximize' THEN u.min ELSE u.max END
               ELSE CASE s.goal WHEN 'maximize' THEN u.low95 ELSE u.high95 END END AS key
    FROM trial_summary AS u JOIN sweep AS s USING (sweep_id) WHERE u.n > 0)
SELECT sweep,
       row_number() OVER (PARTITION BY sweep_id
           ORDER BY key IS NULL, key * sign, mean * sign, trial) AS rank,
       trial, metric, n, mean, sd, low95, high95,
       best,                     -- the best single execution: luck included
       (SELECT group_concat(name || '=' || text, ' ') FROM
           (SELECT name, text FROM param AS p WHERE p.trial_id = keyed.trial_id
            ORDER BY position)) AS parameters
FROM keyed ORDER BY sweep_id, rank
;
CREATE VIEW learning_curve AS  -- one row per epoch; other metrics are in epoch_metric
SELECT s.name AS sweep, t.number AS trial, x.number AS execution, e.epoch,
       (SELECT value FROM epoch_metric AS m WHERE m.execution_id = x.execution_id
            AND m.metric = 'loss' AND m.epoch = e.epoch) AS loss,
       (SELECT value FROM epoch_metric AS m WHERE m.execution_id = x.execution_id
            AND m.metric = 'val_loss' AND m.epoch = e.epoch) AS val_loss,
       (SELECT value FROM epoch_metric AS m WHERE m.execution_id = x.execution_id
            AND m.metric = 'accuracy' AND m.epoch = e.epoch) AS accuracy,
       (SELECT value FROM epoch_metric AS m WHERE m.execution_id = x.execution_id
            AND m.metric = 'val_accuracy' AND m.epoch = e.epoch) AS val_accuracy,
       x.execution_id
FROM sweep AS s CROSS JOIN trial AS t USING (sweep_id)
     CROSS JOIN execution AS x USING (trial_id)
     CROSS JOIN epoch_metric AS e ON e.execution_id = x.execution_id AND e.metric =
         (SELECT min(f.metric) FROM epoch_metric AS f WHERE f.execution_id = x.execution_id)
ORDER BY s.sweep_id, t.number, x.number, e.epoch
;
CREATE VIEW failures AS  -- attempts that went wrong, and why
SELECT s.name AS sweep, t.number AS trial, x.number AS execution, a.number AS attempt,
       a.outcome, a.message, x.state AS execution_state,
       a.host, a.worker_rank, a.epochs, a.wall_s, a.ended_at
FROM attempt AS a JOIN execution AS x USING (execution_id) JOIN trial AS t USING (trial_id)
     JOIN sweep AS s USING (sweep_id)
WHERE a.outcome IN ('diverged', 'error', 'crashed', 'timeout', 'lost')
ORDER BY s.sweep_id, t.number, x.number, a.number
;
CREATE VIEW "trials_old" AS  -- one row per trial of this sweep
SELECT u.trial,
       (SELECT value FROM param AS p WHERE p.trial_id = u.trial_id AND p.name = 'optimizer') AS "optimizer",
       (SELECT value FROM param AS p WHERE p.trial_id = u.trial_id AND p.name = 'learning_rate') AS "learning_rate",
       u.n, u.n_failed, u.mean, u.sd, u.low95, u.high95, u.min, u.median, u.max, u.wall_s, u.weights
FROM trial_summary AS u WHERE u.sweep_id = 1
;
COMMIT;
