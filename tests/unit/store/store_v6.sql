-- A store of schema version 6, as mlpsweep wrote it before models had a table: that of version 5,
-- continued.
PRAGMA application_id = 1296846931;
PRAGMA user_version = 6;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE param (  -- the values of a trial; a parameter that is not in force has no row
    trial_id INTEGER NOT NULL REFERENCES trial ON DELETE CASCADE,
    name TEXT NOT NULL,         -- path in the sweep file: optimizer.learning_rate, hidden.2.units
    position INTEGER NOT NULL,  -- order of the parameters in the sweep file
    value NOT NULL,             -- INTEGER, REAL or TEXT, whatever it is; true is 1, false 0
    text TEXT NOT NULL,         -- the value as people write it; reads back to the same bits
    value_index INTEGER,        -- which of the parameter's values, 0 …; NULL: continuous
    PRIMARY KEY (trial_id, name)
) WITHOUT ROWID;
INSERT INTO param VALUES(1,'lr',0,0.0013003128779815900737,'0.00130031287798159',NULL);
INSERT INTO param VALUES(2,'lr',0,0.00054954298938988900471,'0.000549542989389889',NULL);
INSERT INTO param VALUES(3,'lr',0,0.00030444390510452599453,'0.000304443905104526',NULL);
INSERT INTO param VALUES(4,'lr',0,0.21940431231130100298,'0.219404312311301',NULL);
INSERT INTO param VALUES(5,'lr',0,0.1166112522616639946,'0.116611252261664',NULL);
INSERT INTO param VALUES(6,'lr',0,0.019783956255783101407,'0.0197839562557831',NULL);
CREATE TABLE epoch_metric (  -- every number an epoch reported
    execution_id INTEGER NOT NULL REFERENCES execution ON DELETE CASCADE,
    metric TEXT NOT NULL,       -- loss, accuracy, …; of the validation set: val_loss, …
    epoch INTEGER NOT NULL CHECK (epoch >= 1),
    value CHECK (typeof(value) IN ('real', 'null')),  -- NULL: NaN; infinities are kept
    PRIMARY KEY (execution_id, metric, epoch)
) WITHOUT ROWID;
INSERT INTO epoch_metric VALUES(1,'val_loss',1,7.5684556021012966376e-05);
INSERT INTO epoch_metric VALUES(1,'val_loss',2,3.7842278010506483188e-05);
INSERT INTO epoch_metric VALUES(1,'val_loss',3,2.5228185340337654328e-05);
INSERT INTO epoch_metric VALUES(2,'val_loss',1,8.931113770938978907e-05);
INSERT INTO epoch_metric VALUES(3,'val_loss',1,9.4003807989264783692e-05);
INSERT INTO epoch_metric VALUES(4,'val_loss',1,0.043850166014568883743);
INSERT INTO epoch_metric VALUES(4,'val_loss',2,0.021925083007284441871);
INSERT INTO epoch_metric VALUES(4,'val_loss',3,0.014616722004856294581);
INSERT INTO epoch_metric VALUES(5,'val_loss',1,0.011365959108800156515);
INSERT INTO epoch_metric VALUES(5,'val_loss',2,0.0056829795544000782578);
INSERT INTO epoch_metric VALUES(5,'val_loss',3,0.0037886530362667186939);
INSERT INTO epoch_metric VALUES(6,'val_loss',1,9.572580001507727883e-05);
INSERT INTO epoch_metric VALUES(6,'val_loss',2,4.7862900007538639415e-05);
INSERT INTO epoch_metric VALUES(6,'val_loss',3,3.190860000502575961e-05);
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
CREATE TABLE checkpoint (  -- where a paused execution goes on; gone when it has ended
    execution_id INTEGER PRIMARY KEY REFERENCES execution ON DELETE CASCADE,
    epoch INTEGER NOT NULL,     -- trained
    state BLOB NOT NULL         -- weights, optimizer slots and whatever else a training is
);
CREATE TABLE objective (  -- what a sweep is judged by; position 0, which guides it, is sweep.metric
    sweep_id INTEGER NOT NULL REFERENCES sweep ON DELETE CASCADE,
    position INTEGER NOT NULL CHECK (position >= 0),
    metric TEXT NOT NULL,       -- of the epochs, or: weights, flops, memory_bytes of the trial,
                                -- seconds of an execution
    goal TEXT NOT NULL CHECK (goal IN ('minimize', 'maximize')),
    PRIMARY KEY (sweep_id, position)
) WITHOUT ROWID;
INSERT INTO objective VALUES(1,0,'val_loss','minimize');
INSERT INTO objective VALUES(1,1,'seconds','minimize');
CREATE TABLE outcome (  -- the ways in which an attempt ends; filled by mlpsweep
    name TEXT NOT NULL PRIMARY KEY,
    failure INTEGER NOT NULL,   -- 1: something went wrong, attempt.message says what
    retried INTEGER NOT NULL,   -- 1: another attempt is made, while the execution has any left
    counts INTEGER NOT NULL,    -- 1: its epochs count, so that the execution may have an objective
    word TEXT NOT NULL          -- what mlpsweep calls it in its output
) WITHOUT ROWID;
INSERT INTO outcome VALUES('cancelled',0,0,0,'cancelled');
INSERT INTO outcome VALUES('completed',0,0,1,'completed');
INSERT INTO outcome VALUES('crashed',1,1,0,'crashed');
INSERT INTO outcome VALUES('diverged',1,0,1,'diverged');
INSERT INTO outcome VALUES('early_stopped',0,0,1,'stopped early');
INSERT INTO outcome VALUES('error',1,0,0,'failed');
INSERT INTO outcome VALUES('interrupted',0,1,0,'interrupted');
INSERT INTO outcome VALUES('lost',1,1,0,'lost');
INSERT INTO outcome VALUES('paused',0,0,1,'paused');
INSERT INTO outcome VALUES('pruned',0,0,1,'pruned');
INSERT INTO outcome VALUES('timeout',1,1,0,'timed out');
INSERT INTO outcome VALUES('undefined',1,0,1,'undefined');
CREATE TABLE attempt (  -- one try at an execution; a lost worker causes another
    execution_id INTEGER NOT NULL REFERENCES execution ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number >= 0),  -- 0, 1, 2 … within the execution
    outcome TEXT REFERENCES outcome,  -- NULL: under way
    test_epoch INTEGER NOT NULL DEFAULT 0,  -- > 0: a repetition of the execution up to this
                                -- epoch that evaluates the test set
    worker_rank INTEGER,        -- MPI rank
    host TEXT,                  -- of the worker
    started_at TEXT,            -- when it was handed to the worker
    ended_at TEXT,
    epochs INTEGER,             -- trained, from the start
    wall_s REAL,                -- from start to end in the trainer
    cpu_s REAL,                 -- processor time of the trainer
    wait_s REAL,                -- the trainer had nothing to do for so long before it
    max_rss_bytes INTEGER,      -- largest resident memory of the trainer
    message TEXT,               -- why, when it did not complete
    output TEXT,                -- what a command wrote to stderr; its end, if that is long
    PRIMARY KEY (execution_id, number)
) WITHOUT ROWID;
INSERT INTO attempt VALUES(1,0,'paused',0,1,'node1','2026-11-28 16:08:28.922','2026-11-28 16:08:28.937',1,0.0036836879999100347049,0.0016589999999999998844,0.045394675000352435745,2621440,NULL,NULL);
INSERT INTO attempt VALUES(1,1,'completed',0,1,'node1',NULL,'2026-11-28 16:08:28.986',3,0.0020528120003291405737,0.0010239999999999999536,2.4829996618791483342e-06,2723840,NULL,NULL);
INSERT INTO attempt VALUES(2,0,'paused',0,1,'node1',NULL,'2026-11-28 16:08:28.938',1,0.0023189880002973950468,0.0010640000000000000585,1.0896000276261474937e-05,2580480,NULL,NULL);
INSERT INTO attempt VALUES(3,0,'paused',0,1,'node1','2026-11-28 16:08:28.938','2026-11-28 16:08:28.954',1,0.0033991239997703814879,0.0015029999999999999957,0.014168076000714791007,2723840,NULL,NULL);
INSERT INTO attempt VALUES(4,0,'error',0,1,'node1','2026-11-28 16:08:28.954','2026-11-28 16:08:28.976',3,0.019501796000440663192,0.0013009999999999998562,3.0539995350409299135e-06,2723840,'exit status 1: boom',replace('boom\n','\n',char(10)));
INSERT INTO attempt VALUES(5,0,'completed',0,1,'node1','2026-11-28 16:08:28.976','2026-11-28 16:08:28.977',3,0.0023529080008302116766,0.0011089999999999999597,3.7459994928212836384e-06,2723840,NULL,NULL);
INSERT INTO attempt VALUES(6,0,'paused',0,1,'node1','2026-11-28 16:08:28.977','2026-11-28 16:08:28.986',1,0.0024605180005892179906,0.0011440000000000000515,2.7239993869443424046e-06,2723840,NULL,NULL);
INSERT INTO attempt VALUES(6,1,'completed',0,1,'node1','2026-11-28 16:08:28.986','2026-11-28 16:08:29.006',3,0.0064789930002007167786,0.0014659999999999998553,0.01626307100013946183,2723840,NULL,NULL);
CREATE TABLE dataset (  -- one row per data set of a sweep: what mlpsweep understood of it
    dataset_id INTEGER PRIMARY KEY,
    sweep_id INTEGER NOT NULL REFERENCES sweep ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number >= 0),  -- 0, 1, 2 … within the sweep
    line TEXT NOT NULL,         -- all of it in short, as run, plan and status print it
    source TEXT NOT NULL,       -- the field of the sweep file: csv, idx, synthetic, …
    name TEXT NOT NULL,         -- the file without its folder; of points: circles, …
    task TEXT NOT NULL CHECK (task IN ('regression', 'binary', 'multiclass')),
    task_by TEXT NOT NULL,      -- what decided the task
    target TEXT NOT NULL,       -- names of the target columns; '': they have none
    n_inputs INTEGER NOT NULL CHECK (n_inputs > 0),
    n_outputs INTEGER NOT NULL CHECK (n_outputs > 0),
    rows INTEGER NOT NULL CHECK (rows = train + validation + test),
    train INTEGER NOT NULL CHECK (train >= 0),
    validation INTEGER NOT NULL CHECK (validation >= 0),  -- with folds they are in train
    test INTEGER NOT NULL CHECK (test >= 0),
    dropped INTEGER NOT NULL CHECK (dropped >= 0),  -- left out for missing values; not in rows
    folds INTEGER NOT NULL CHECK (folds >= 0),      -- 0: none
    split TEXT NOT NULL,        -- how the validation rows were chosen; '': there are none
    scaling TEXT NOT NULL, target_scaling TEXT NOT NULL,
    sha256 TEXT NOT NULL,       -- of the packed block: content, order and scaling
    UNIQUE (sweep_id, number)
);
CREATE TABLE dataset_column (  -- the columns of a data set's source, in their order
    dataset_id INTEGER NOT NULL REFERENCES dataset ON DELETE CASCADE,
    position INTEGER NOT NULL CHECK (position >= 0),
    name TEXT NOT NULL,         -- of its header; an array without names is one column
    role TEXT NOT NULL CHECK (role IN ('input', 'category', 'target', 'ignored')),
    kind TEXT NOT NULL,         -- number, boolean, date, time, category, class, byte
    width INTEGER NOT NULL CHECK (width >= 0),      -- inputs or outputs that it became
    missing INTEGER NOT NULL CHECK (missing >= 0),  -- values, in rows that were kept
    lo, hi, mean,               -- of the training rows, in the source's unit; NULL: none
    fill, shift, divide,        -- x becomes (x - shift) / divide, a missing one is fill;
                                -- NULL: fitted for every fold, or not one for all of it
    PRIMARY KEY (dataset_id, position)
) WITHOUT ROWID;
CREATE TABLE dataset_class (  -- the classes in the order of the outputs; of two the second is
                             -- the positive one
    dataset_id INTEGER NOT NULL REFERENCES dataset ON DELETE CASCADE,
    position INTEGER NOT NULL CHECK (position >= 0),
    label TEXT NOT NULL,
    train INTEGER NOT NULL, validation INTEGER NOT NULL, test INTEGER NOT NULL,  -- rows
    PRIMARY KEY (dataset_id, position)
) WITHOUT ROWID;
CREATE TABLE dataset_note (  -- what was assumed or is strange, with the field that changes it
    dataset_id INTEGER NOT NULL REFERENCES dataset ON DELETE CASCADE,
    position INTEGER NOT NULL CHECK (position >= 0),
    severity TEXT NOT NULL CHECK (severity IN ('warning', 'note')),
    text TEXT NOT NULL,
    PRIMARY KEY (dataset_id, position)
) WITHOUT ROWID;
CREATE TABLE dataset_file (  -- the files that a data set was read from
    dataset_id INTEGER NOT NULL REFERENCES dataset ON DELETE CASCADE,
    position INTEGER NOT NULL CHECK (position >= 0),
    part TEXT NOT NULL CHECK (part IN ('training', 'validation', 'test')),
    path TEXT NOT NULL,         -- as the latest run found it
    bytes INTEGER NOT NULL CHECK (bytes >= 0),
    sha256 TEXT NOT NULL,       -- of its bytes: what sha256sum says
    PRIMARY KEY (dataset_id, position)
) WITHOUT ROWID;
CREATE TABLE program_file (  -- what the command of a run was: program, and arguments that are
                            -- files
    run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    position INTEGER NOT NULL CHECK (position >= 0),  -- 0: the program; then arguments
    path TEXT NOT NULL,
    bytes INTEGER NOT NULL CHECK (bytes >= 0),
    sha256 TEXT NOT NULL,       -- of its bytes: what sha256sum says
    PRIMARY KEY (run_id, position)
) WITHOUT ROWID;
INSERT INTO program_file VALUES(3,0,'/usr/bin/awk',158376,'301315e7e2e964b4e403824b3f6c7ad8db1023e4ce87e6f6c92bf367e047f311');
CREATE TABLE sweep (  -- one row per sweep: a file's whole search
    sweep_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    name_in_file TEXT,          -- NULL: name; else the data under that name had changed, and
                                -- --accept-changed-data began this sweep
    file TEXT NOT NULL,         -- path of the sweep file, as given to the latest run
    text TEXT NOT NULL,         -- the sweep file itself, of the latest run
    text_sha256 TEXT NOT NULL,  -- what sha256sum says of it
    seed INTEGER NOT NULL,
    metric TEXT NOT NULL,       -- the objective, such as val_accuracy
    goal TEXT NOT NULL CHECK (goal IN ('minimize', 'maximize')),
    at TEXT NOT NULL CHECK (at IN ('best', 'last')),  -- the epoch of an execution that counts
    rank_by TEXT NOT NULL CHECK (rank_by IN ('mean', 'median', 'worst', 'lower_bound')),
    failed_executions TEXT NOT NULL DEFAULT 'worst'  -- worst: they put their trial behind all
        CHECK (failed_executions IN ('worst', 'ignore')),  -- without any; ignore: left out
    trials_planned INTEGER CHECK (trials_planned >= 0),  -- NULL: not known yet
    view_name TEXT UNIQUE,      -- the view made for this sweep: a column per parameter
    created_at TEXT NOT NULL    -- all times are UTC, YYYY-MM-DD HH:MM:SS.mmm
);
INSERT INTO sweep VALUES(1,'old',NULL,'old.json',replace('{"name": "old", "seed": 5,\012 "objective": [{"command": ["awk", "-v", "lr={lr}", "-v", "epochs={epochs}",\012   "BEGIN {{ for (e = 1; e <= epochs; e++) printf \"{{\\\"epoch\\\": %d, \\\"val_loss\\\": %.17g}}\\n\", e, (lr - 0.01) ^ 2 / e; if (lr > 0.2) {{ print \"boom\" > \"/dev/stderr\"; exit 1 }} }}"],\012   "metric": "val_loss", "goal": "minimize"}, {"metric": "seconds", "goal": "minimize"}],\012 "params": {"lr": {"float": [1e-4, 1], "log": true}}, "epochs": 3,\012 "search": {"method": "random", "max_trials": 6, "scheduler": "hyperband"}}\012','\012',char(10)),'96ef6a70a3df2ae9f3134ff93981ed226eeb30b2d8a5179b35d80e7ae5bfce78',5,'val_loss','minimize','best','mean','worst',6,'trials_old','2026-11-28 16:08:28.886');
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
    core TEXT,                  -- of BLAS, on the workers: its set of kernels; NULL: it trains nothing
    core_note TEXT,             -- why that one, and where workers differ; NULL: BLAS's own choice
    gflops REAL,                -- 1e9 operations a second of products on one thread, measured at the start
    worker_bytes INTEGER,       -- memory that a worker may use; NULL: not known
    text_sha256 TEXT NOT NULL,  -- the sweep file of this run
    text TEXT                   -- and its text; NULL: the same as of the run before
);
INSERT INTO run VALUES(1,1,'finished','2026-11-28 16:08:28.887','2026-11-28 16:08:29.009','node0','me',4242,'mlpsweep run old.json','0.1.0','Open MPI 4.1.4','OpenBLAS 0.3.21',1,NULL,NULL,NULL,NULL,'96ef6a70a3df2ae9f3134ff93981ed226eeb30b2d8a5179b35d80e7ae5bfce78',replace('{"name": "old", "seed": 5,\012 "objective": [{"command": ["awk", "-v", "lr={lr}", "-v", "epochs={epochs}",\012   "BEGIN {{ for (e = 1; e <= epochs; e++) printf \"{{\\\"epoch\\\": %d, \\\"val_loss\\\": %.17g}}\\n\", e, (lr - 0.01) ^ 2 / e; if (lr > 0.2) {{ print \"boom\" > \"/dev/stderr\"; exit 1 }} }}"],\012   "metric": "val_loss", "goal": "minimize"}, {"metric": "seconds", "goal": "minimize"}],\012 "params": {"lr": {"float": [1e-4, 1], "log": true}}, "epochs": 3,\012 "search": {"method": "random", "max_trials": 6, "scheduler": "hyperband"}}\012','\012',char(10)));
INSERT INTO run VALUES(2,1,'finished','2026-11-28 18:15:50.454','2026-11-28 18:15:50.466','node0','me',4242,'mlpsweep run old.json','0.1.0','Open MPI 4.1.4','OpenBLAS 0.3.21 Cooperlake, 1 thread; vectors: x86-64-v4',1,NULL,NULL,NULL,NULL,'96ef6a70a3df2ae9f3134ff93981ed226eeb30b2d8a5179b35d80e7ae5bfce78',NULL);
INSERT INTO run VALUES(3,1,'finished','2026-11-28 21:34:07.764','2026-11-28 21:34:07.778','node0','me',4242,'mlpsweep run old.json','0.1.0','Open MPI 4.1.4','OpenBLAS 0.3.21 Cooperlake, 1 thread; vectors: x86-64-v4',1,NULL,NULL,104.10963732434794337,25276514304,'96ef6a70a3df2ae9f3134ff93981ed226eeb30b2d8a5179b35d80e7ae5bfce78',NULL);
CREATE TABLE trial (  -- one set of hyperparameter values
    trial_id INTEGER PRIMARY KEY,
    sweep_id INTEGER NOT NULL REFERENCES sweep ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number >= 0),  -- 0, 1, 2 … within the sweep
    weights INTEGER,            -- trainable weights of the network
    flops REAL,                 -- floating-point operations of one execution, all epochs
    memory_bytes INTEGER,       -- expected resident memory of the trainer, without the data
    dataset INTEGER,            -- number of its data set in dataset; NULL: it has none
    created_at TEXT NOT NULL,
    UNIQUE (sweep_id, number)
);
INSERT INTO trial VALUES(1,1,0,NULL,NULL,NULL,NULL,'2026-11-28 16:08:28.922');
INSERT INTO trial VALUES(2,1,1,NULL,NULL,NULL,NULL,'2026-11-28 16:08:28.922');
INSERT INTO trial VALUES(3,1,2,NULL,NULL,NULL,NULL,'2026-11-28 16:08:28.922');
INSERT INTO trial VALUES(4,1,3,NULL,NULL,NULL,NULL,'2026-11-28 16:08:28.922');
INSERT INTO trial VALUES(5,1,4,NULL,NULL,NULL,NULL,'2026-11-28 16:08:28.922');
INSERT INTO trial VALUES(6,1,5,NULL,NULL,NULL,NULL,'2026-11-28 16:08:28.922');
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
    constant INTEGER,           -- 1: the network answers all rows alike: dead, or saturated;
                                -- 0: it does not; NULL: not known, or no network
    UNIQUE (trial_id, number)
);
INSERT INTO execution VALUES(1,1,0,'done','completed',2.5228185340337654328e-05,3,3,3,NULL);
INSERT INTO execution VALUES(2,2,0,'done','pruned',8.931113770938978907e-05,1,1,3,NULL);
INSERT INTO execution VALUES(3,3,0,'done','pruned',9.4003807989264783692e-05,1,1,3,NULL);
INSERT INTO execution VALUES(4,4,0,'failed','error',NULL,NULL,3,3,NULL);
INSERT INTO execution VALUES(5,5,0,'done','completed',0.0037886530362667186939,3,3,3,NULL);
INSERT INTO execution VALUES(6,6,0,'done','completed',3.190860000502575961e-05,3,3,3,NULL);
CREATE VIEW "trials_old" AS  -- one row per trial of this sweep
SELECT u.trial,
       (SELECT value FROM param AS p WHERE p.trial_id = u.trial_id AND p.name = 'lr') AS "lr",
       u.n, u.n_failed, u.mean, u.sd, u.low95, u.high95, u.min, u.median, u.max, u.wall_s, u.weights
FROM trial_summary AS u WHERE u.sweep_id = 1
;
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
            AND x.state IN ('done', 'failed') AND x.objective IS NULL)
            AS n_failed,  -- executions that ended without one
       b.mean, b.sd, b.se,
       b.mean - b.t * b.se AS low95, b.mean + b.t * b.se AS high95,
       b.min, b.median, b.max,
       (SELECT sum(a.wall_s) FROM execution AS x JOIN attempt AS a USING (execution_id)
            WHERE x.trial_id = t.trial_id) AS wall_s,  -- of all attempts
       t.weights, t.trial_id, t.sweep_id,
       (SELECT count(*) FROM execution AS x WHERE x.trial_id = t.trial_id
            AND x.outcome = 'pruned') AS n_pruned,  -- executions that the scheduler stopped
       (SELECT count(*) FROM execution AS x WHERE x.trial_id = t.trial_id
            AND x.state = 'done' AND x.constant) AS n_constant  -- executions whose network
                                -- answers all rows alike
FROM trial AS t JOIN sweep AS s USING (sweep_id) LEFT JOIN bounded AS b USING (trial_id)
;
CREATE VIEW leaderboard AS  -- the trials that have a result, best first, by sweep.rank_by;
                         -- those with failed executions rank below those without, unless
                         -- sweep.failed_executions is ignore, and those that the
                         -- scheduler stopped below all others
WITH keyed AS (
    SELECT u.*, s.metric,
           CASE s.failed_executions WHEN 'ignore' THEN 0
               ELSE 1.0 * u.n_failed / (u.n + u.n_failed) END AS failed,
           CASE s.goal WHEN 'maximize' THEN u.max ELSE u.min END AS best,
           CASE s.goal WHEN 'maximize' THEN -1 ELSE 1 END AS sign,
           CASE s.rank_by WHEN 'mean' THEN u.mean WHEN 'median' THEN u.median
               WHEN 'worst' THEN CASE s.goal WHEN 'maximize' THEN u.min ELSE u.max END
               ELSE CASE s.goal WHEN 'maximize' THEN u.low95 ELSE u.high95 END END AS key
    FROM trial_summary AS u JOIN sweep AS s USING (sweep_id) WHERE u.n > 0)
SELECT sweep,
       row_number() OVER (PARTITION BY sweep_id
           ORDER BY n_pruned > 0, failed, key IS NULL, key * sign, mean * sign, trial)
           AS rank,
       trial, metric, n, n_failed, mean, sd, low95, high95,
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
     JOIN sweep AS s USING (sweep_id) JOIN outcome AS o ON o.name = a.outcome
WHERE o.failure
ORDER BY s.sweep_id, t.number, x.number, a.number
;
CREATE VIEW trial_goal AS  -- for every trial with a result and every objective: the mean
                           -- over its executions; NULL: none
SELECT s.name AS sweep, t.number AS trial, o.position, o.metric, o.goal,
       CASE WHEN o.position = 0 THEN
           (SELECT avg(x.objective) FROM execution AS x WHERE x.trial_id = t.trial_id)
       WHEN o.metric = 'weights' THEN t.weights
       WHEN o.metric = 'flops' THEN t.flops
       WHEN o.metric = 'memory_bytes' THEN t.memory_bytes
       WHEN o.metric = 'seconds' THEN
           (SELECT sum(a.wall_s) / count(DISTINCT x.execution_id)
            FROM execution AS x JOIN attempt AS a USING (execution_id)
            WHERE x.trial_id = t.trial_id AND x.objective IS NOT NULL AND a.test_epoch = 0
            AND a.outcome IN (SELECT name FROM outcome WHERE counts))
       ELSE (SELECT avg(m.value) FROM execution AS x JOIN epoch_metric AS m USING (execution_id)
             WHERE x.trial_id = t.trial_id AND x.objective IS NOT NULL
             AND m.metric = o.metric AND m.epoch = x.best_epoch) END AS value,
       t.trial_id, t.sweep_id
FROM sweep AS s JOIN objective AS o USING (sweep_id) JOIN trial AS t USING (sweep_id)
WHERE EXISTS (SELECT 1 FROM execution AS x WHERE x.trial_id = t.trial_id AND x.objective IS NOT NULL)
ORDER BY s.sweep_id, t.number, o.position
;
CREATE VIEW pareto AS  -- the trials that no other beats: no other is as good in every
                       -- objective and better in one (front 1 of mlpsweep rank). Trials that
                       -- the scheduler stopped, or with failed executions, take part only
                       -- where there are no others.
WITH ends AS MATERIALIZED (
    SELECT v.*, 2 * (u.n_pruned > 0)
           + (u.n_failed > 0 AND s.failed_executions = 'worst') AS behind
    FROM trial_goal AS v JOIN trial_summary AS u USING (trial_id)
         JOIN sweep AS s ON s.sweep_id = v.sweep_id),
g AS MATERIALIZED (
    SELECT sweep_id, trial_id, position,
           CASE goal WHEN 'maximize' THEN -value ELSE value END AS cost,
           count(value) OVER (PARTITION BY trial_id) = count(*) OVER (PARTITION BY trial_id)
               AND behind = min(behind) OVER (PARTITION BY sweep_id) AS whole
    FROM ends),
beaten AS MATERIALIZED (
    SELECT DISTINCT trial_id FROM (
        SELECT a.trial_id FROM g AS a JOIN g AS b ON b.sweep_id = a.sweep_id
            AND b.position = a.position AND b.trial_id <> a.trial_id
        WHERE a.whole AND b.whole GROUP BY a.trial_id, b.trial_id
        HAVING min(b.cost <= a.cost) = 1 AND max(b.cost < a.cost) = 1))
SELECT v.sweep, v.trial, group_concat(v.metric || '=' || v.value, ' ') AS objectives,
       (SELECT group_concat(name || '=' || text, ' ') FROM
           (SELECT name, text FROM param AS p WHERE p.trial_id = v.trial_id ORDER BY position))
           AS parameters,
       v.trial_id, v.sweep_id
FROM (SELECT * FROM trial_goal ORDER BY trial_id, position) AS v
WHERE v.trial_id IN (SELECT trial_id FROM g WHERE whole)
      AND v.trial_id NOT IN (SELECT trial_id FROM beaten)
GROUP BY v.trial_id ORDER BY v.sweep_id, v.trial
;
COMMIT;
