// SPDX-License-Identifier: MIT
//
// Today's tables, as SQLite keeps them and as `.schema` shows them: comments stand inside the
// statements because SQLite stores a statement's text as it was given. The views are in
// store_views.c; how an older store gets these tables is in store_migrate.c.
//
// Three rules of the file format:
//   - Columns that hold metrics have no type name. A REAL column would store -0.0 as the integer 0
//     and lose its sign; a column without a type keeps every double bit for bit.
//   - NaN, which SQLite cannot hold, is NULL; infinities are kept.
//   - Nothing is averaged in a table. Averages are views, computed from the raw rows.
//
// The constants of dataset_column follow the first two rules, too.
#include "store_internal.h"

#include <string.h>

static const char table_sweep[] =
    "CREATE TABLE sweep (  -- one row per sweep: a file's whole search\n"
    "    sweep_id INTEGER PRIMARY KEY,\n"
    "    name TEXT NOT NULL UNIQUE,\n"
    "    name_in_file TEXT,          -- NULL: name; else the data under that name had changed, "
    "and\n"
    "                                -- --accept-changed-data began this sweep\n"
    "    file TEXT NOT NULL,         -- path of the sweep file, as given to the latest run\n"
    "    text TEXT NOT NULL,         -- the sweep file itself, of the latest run\n"
    "    text_sha256 TEXT NOT NULL,  -- what sha256sum says of it\n"
    "    seed INTEGER NOT NULL,\n"
    "    metric TEXT NOT NULL,       -- the objective, such as val_accuracy\n"
    "    goal TEXT NOT NULL CHECK (goal IN ('minimize', 'maximize')),\n"
    "    at TEXT NOT NULL            -- the epoch of an execution that counts\n"
    "        CHECK (at IN ('best', 'last', 'best_mean', 'last_mean')),\n"
    "    at_window INTEGER NOT NULL DEFAULT 1,  -- epochs that a mean is over, those up to it\n"
    "    rank_by TEXT NOT NULL CHECK (rank_by IN ('mean', 'median', 'worst', 'lower_bound')),\n"
    "    failed_executions TEXT NOT NULL DEFAULT 'worst'  -- worst: they put their trial behind "
    "all\n"
    "        CHECK (failed_executions IN ('worst', 'ignore')),  -- without any; ignore: left out\n"
    "    trials_planned INTEGER CHECK (trials_planned >= 0),  -- NULL: not known yet\n"
    "    view_name TEXT UNIQUE,      -- the view made for this sweep: a column per parameter\n"
    "    created_at TEXT NOT NULL    -- all times are UTC, YYYY-MM-DD HH:MM:SS.mmm\n"
    ");\n";

static const char table_run[] =
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
    "    core TEXT,                  -- of BLAS, on the workers: its set of kernels; NULL: it "
    "trains "
    "nothing\n"
    "    core_note TEXT,             -- why that one, and where workers differ; NULL: BLAS's own "
    "choice\n"
    "    gflops REAL,                -- 1e9 operations a second of products on one thread, "
    "measured "
    "at the start\n"
    "    worker_bytes INTEGER,       -- memory that a worker may use; NULL: not known\n"
    "    text_sha256 TEXT NOT NULL,  -- the sweep file of this run\n"
    "    text TEXT                   -- and its text; NULL: the same as of the run before\n"
    ");\n"
    "CREATE INDEX run_sweep ON run (sweep_id);\n";

static const char table_trial[] =
    "CREATE TABLE trial (  -- one set of hyperparameter values\n"
    "    trial_id INTEGER PRIMARY KEY,\n"
    "    sweep_id INTEGER NOT NULL REFERENCES sweep ON DELETE CASCADE,\n"
    "    number INTEGER NOT NULL CHECK (number >= 0),  -- 0, 1, 2 … within the sweep\n"
    "    weights INTEGER,            -- trainable weights of the network\n"
    "    flops REAL,                 -- floating-point operations of one execution, all epochs\n"
    "    memory_bytes INTEGER,       -- expected resident memory of the trainer, without the data\n"
    "    dataset INTEGER,            -- number of its data set in dataset; NULL: it has none\n"
    "    created_at TEXT NOT NULL,\n"
    "    UNIQUE (sweep_id, number)\n"
    ");\n";

static const char table_param[] =
    "CREATE TABLE param (  -- the values of a trial; a parameter that is not in force has no row\n"
    "    trial_id INTEGER NOT NULL REFERENCES trial ON DELETE CASCADE,\n"
    "    name TEXT NOT NULL,         -- path in the sweep file: optimizer.learning_rate, "
    "hidden.2.units\n"
    "    position INTEGER NOT NULL,  -- order of the parameters in the sweep file\n"
    "    value NOT NULL,             -- INTEGER, REAL or TEXT, whatever it is; true is 1, false 0\n"
    "    text TEXT NOT NULL,         -- the value as people write it; reads back to the same bits\n"
    "    value_index INTEGER,        -- which of the parameter's values, 0 …; NULL: continuous\n"
    "    PRIMARY KEY (trial_id, name)\n"
    ") WITHOUT ROWID;\n";

static const char table_execution[] =
    "CREATE TABLE execution (  -- one training of a trial, with its own seed\n"
    "    execution_id INTEGER PRIMARY KEY,\n"
    "    trial_id INTEGER NOT NULL REFERENCES trial ON DELETE CASCADE,\n"
    "    number INTEGER NOT NULL CHECK (number >= 0),  -- 0, 1, 2 … within the trial\n"
    "    purpose TEXT NOT NULL DEFAULT 'search'  -- search, resolve: it ranks its trial; confirm:\n"
    "        CHECK (purpose IN ('search', 'resolve', 'confirm')),  -- it judges the winner alone\n"
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
    "    constant INTEGER,           -- 1: the network answers all rows alike: dead, or "
    "saturated;\n"
    "                                -- 0: it does not; NULL: not known, or no network\n"
    "    UNIQUE (trial_id, number)\n"
    ");\n";

static const char table_outcome[] =
    "CREATE TABLE outcome (  -- the ways in which an attempt ends; filled by mlpsweep\n"
    "    name TEXT NOT NULL PRIMARY KEY,\n"
    "    failure INTEGER NOT NULL,   -- 1: something went wrong, attempt.message says what\n"
    "    retried INTEGER NOT NULL,   -- 1: another attempt is made, while the execution has any "
    "left\n"
    "    counts INTEGER NOT NULL,    -- 1: its epochs count, so that the execution may have an "
    "objective\n"
    "    word TEXT NOT NULL          -- what mlpsweep calls it in its output\n"
    ") WITHOUT ROWID;\n";

static const char table_attempt[] =
    "CREATE TABLE attempt (  -- one try at an execution; a lost worker causes another\n"
    "    execution_id INTEGER NOT NULL REFERENCES execution ON DELETE CASCADE,\n"
    "    number INTEGER NOT NULL CHECK (number >= 0),  -- 0, 1, 2 … within the execution\n"
    "    outcome TEXT REFERENCES outcome,  -- NULL: under way\n"
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

static const char table_checkpoint[] =
    "CREATE TABLE checkpoint (  -- where a paused execution goes on; gone when it has ended\n"
    "    execution_id INTEGER PRIMARY KEY REFERENCES execution ON DELETE CASCADE,\n"
    "    epoch INTEGER NOT NULL,     -- trained\n"
    "    state BLOB NOT NULL         -- weights, optimizer slots and whatever else a training is\n"
    ");\n";

static const char table_epoch_metric[] =
    "CREATE TABLE epoch_metric (  -- every number an epoch reported\n"
    "    execution_id INTEGER NOT NULL REFERENCES execution ON DELETE CASCADE,\n"
    "    metric TEXT NOT NULL,       -- loss, accuracy, …; of the validation set: val_loss, …\n"
    "    epoch INTEGER NOT NULL CHECK (epoch >= 1),\n"
    "    value CHECK (typeof(value) IN ('real', 'null')),  -- NULL: NaN; infinities are kept\n"
    "    PRIMARY KEY (execution_id, metric, epoch)\n"
    ") WITHOUT ROWID;\n";

static const char table_test_metric[] =
    "CREATE TABLE test_metric (  -- the test set, evaluated for the winner only\n"
    "    execution_id INTEGER NOT NULL REFERENCES execution ON DELETE CASCADE,\n"
    "    metric TEXT NOT NULL,\n"
    "    epoch INTEGER NOT NULL,     -- with the weights after this epoch\n"
    "    value CHECK (typeof(value) IN ('real', 'null')),\n"
    "    PRIMARY KEY (execution_id, metric)\n"
    ") WITHOUT ROWID;\n";

static const char table_objective[] =
    "CREATE TABLE objective (  -- what a sweep is judged by; position 0, which guides it, is "
    "sweep.metric\n"
    "    sweep_id INTEGER NOT NULL REFERENCES sweep ON DELETE CASCADE,\n"
    "    position INTEGER NOT NULL CHECK (position >= 0),\n"
    "    metric TEXT NOT NULL,       -- of the epochs, or: weights, flops, memory_bytes of the "
    "trial,\n"
    "                                -- seconds of an execution\n"
    "    goal TEXT NOT NULL CHECK (goal IN ('minimize', 'maximize')),\n"
    "    PRIMARY KEY (sweep_id, position)\n"
    ") WITHOUT ROWID;\n";

static const char table_student_t[] =
    "CREATE TABLE student_t (  -- 97.5 % quantiles of Student's t, for the 95 % intervals of the "
    "views\n"
    "    df INTEGER PRIMARY KEY,     -- degrees of freedom; between two rows take the smaller\n"
    "    t REAL NOT NULL\n"
    ");\n";

static const char table_dataset[] =
    "CREATE TABLE dataset (  -- one row per data set of a sweep: what mlpsweep understood of it\n"
    "    dataset_id INTEGER PRIMARY KEY,\n"
    "    sweep_id INTEGER NOT NULL REFERENCES sweep ON DELETE CASCADE,\n"
    "    number INTEGER NOT NULL CHECK (number >= 0),  -- 0, 1, 2 … within the sweep\n"
    "    line TEXT NOT NULL,         -- all of it in short, as run, plan and status print it\n"
    "    source TEXT NOT NULL,       -- the field of the sweep file: csv, idx, synthetic, …\n"
    "    name TEXT NOT NULL,         -- the file without its folder; of points: circles, …\n"
    "    task TEXT NOT NULL CHECK (task IN ('regression', 'binary', 'multiclass')),\n"
    "    task_by TEXT NOT NULL,      -- what decided the task\n"
    "    target TEXT NOT NULL,       -- names of the target columns; '': they have none\n"
    "    n_inputs INTEGER NOT NULL CHECK (n_inputs > 0),\n"
    "    n_outputs INTEGER NOT NULL CHECK (n_outputs > 0),\n"
    "    rows INTEGER NOT NULL CHECK (rows = train + validation + test),\n"
    "    train INTEGER NOT NULL CHECK (train >= 0),\n"
    "    validation INTEGER NOT NULL CHECK (validation >= 0),  -- with folds they are in train\n"
    "    test INTEGER NOT NULL CHECK (test >= 0),\n"
    "    dropped INTEGER NOT NULL CHECK (dropped >= 0),  -- left out for missing values; not in "
    "rows\n"
    "    folds INTEGER NOT NULL CHECK (folds >= 0),      -- 0: none\n"
    "    split TEXT NOT NULL,        -- how the validation rows were chosen; '': there are none\n"
    "    scaling TEXT NOT NULL, target_scaling TEXT NOT NULL,\n"
    "    sha256 TEXT NOT NULL,       -- of the packed block: content, order and scaling\n"
    "    first_index INTEGER NOT NULL DEFAULT 0,  -- of svmlight: what its indices begin with\n"
    "    UNIQUE (sweep_id, number)\n"
    ");\n";

static const char table_dataset_column[] =
    "CREATE TABLE dataset_column (  -- the columns of a data set's source, in their order\n"
    "    dataset_id INTEGER NOT NULL REFERENCES dataset ON DELETE CASCADE,\n"
    "    position INTEGER NOT NULL CHECK (position >= 0),\n"
    "    name TEXT NOT NULL,         -- of its header; an array without names is one column\n"
    "    role TEXT NOT NULL CHECK (role IN ('input', 'category', 'target', 'ignored')),\n"
    "    kind TEXT NOT NULL,         -- number, boolean, date, time, category, class, byte\n"
    "    width INTEGER NOT NULL CHECK (width >= 0),      -- inputs or outputs that it became\n"
    "    missing INTEGER NOT NULL CHECK (missing >= 0),  -- values, in rows that were kept\n"
    "    lo, hi, mean,               -- of the training rows, in the source's unit; NULL: none\n"
    "    fill, shift, divide,        -- x becomes (x - shift) / divide, a missing one is fill;\n"
    "                                -- NULL: fitted for every fold, or not one for all of it\n"
    "    PRIMARY KEY (dataset_id, position)\n"
    ") WITHOUT ROWID;\n";

static const char table_dataset_class[] =
    "CREATE TABLE dataset_class (  -- the classes in the order of the outputs; of two the second "
    "is\n"
    "                             -- the positive one\n"
    "    dataset_id INTEGER NOT NULL REFERENCES dataset ON DELETE CASCADE,\n"
    "    position INTEGER NOT NULL CHECK (position >= 0),\n"
    "    label TEXT NOT NULL,\n"
    "    train INTEGER NOT NULL, validation INTEGER NOT NULL, test INTEGER NOT NULL,  -- rows\n"
    "    PRIMARY KEY (dataset_id, position)\n"
    ") WITHOUT ROWID;\n";

static const char table_dataset_note[] =
    "CREATE TABLE dataset_note (  -- what was assumed or is strange, with the field that changes "
    "it\n"
    "    dataset_id INTEGER NOT NULL REFERENCES dataset ON DELETE CASCADE,\n"
    "    position INTEGER NOT NULL CHECK (position >= 0),\n"
    "    severity TEXT NOT NULL CHECK (severity IN ('warning', 'note')),\n"
    "    text TEXT NOT NULL,\n"
    "    PRIMARY KEY (dataset_id, position)\n"
    ") WITHOUT ROWID;\n";

static const char table_dataset_file[] =
    "CREATE TABLE dataset_file (  -- the files that a data set was read from\n"
    "    dataset_id INTEGER NOT NULL REFERENCES dataset ON DELETE CASCADE,\n"
    "    position INTEGER NOT NULL CHECK (position >= 0),\n"
    "    part TEXT NOT NULL CHECK (part IN ('training', 'validation', 'test')),\n"
    "    path TEXT NOT NULL,         -- as the latest run found it\n"
    "    bytes INTEGER NOT NULL CHECK (bytes >= 0),\n"
    "    sha256 TEXT NOT NULL,       -- of its bytes: what sha256sum says\n"
    "    PRIMARY KEY (dataset_id, position)\n"
    ") WITHOUT ROWID;\n";

static const char table_dataset_level[] =
    "CREATE TABLE dataset_level (  -- the categories of a column, in the order of its inputs\n"
    "    dataset_id INTEGER NOT NULL REFERENCES dataset ON DELETE CASCADE,\n"
    "    column INTEGER NOT NULL CHECK (column >= 0),  -- position in dataset_column\n"
    "    position INTEGER NOT NULL CHECK (position >= 0),\n"
    "    label TEXT NOT NULL,\n"
    "    PRIMARY KEY (dataset_id, column, position)\n"
    ") WITHOUT ROWID;\n";

static const char table_dataset_scaling[] =
    "CREATE TABLE dataset_scaling (  -- what the values of the source become, for mlpsweep's own "
    "use;\n"
    "                                -- for people: dataset_column. Little-endian float64.\n"
    "    dataset_id INTEGER NOT NULL REFERENCES dataset ON DELETE CASCADE,\n"
    "    fold INTEGER NOT NULL CHECK (fold >= 0),  -- 0 where there are none, or all are alike\n"
    "    inputs BLOB NOT NULL,       -- of every input: fill, shift, divide; and base: with folds\n"
    "                                -- x - base is rounded to float before it is scaled\n"
    "    targets BLOB,               -- of every output: base, shift, divide, kind; NULL: none\n"
    "    PRIMARY KEY (dataset_id, fold)\n"
    ") WITHOUT ROWID;\n";

static const char table_model[] =
    "CREATE TABLE model (  -- weights of trained networks: of the best trials, and of refits\n"
    "    model_id INTEGER PRIMARY KEY,\n"
    "    trial_id INTEGER NOT NULL REFERENCES trial ON DELETE CASCADE,\n"
    "    execution INTEGER NOT NULL CHECK (execution >= 0),  -- its number; of a refit the seed's\n"
    "    kind TEXT NOT NULL CHECK (kind IN ('kept', 'refit')),  -- refit: trained on the\n"
    "                                -- validation rows, too\n"
    "    epoch INTEGER NOT NULL CHECK (epoch >= 1),  -- after which the weights are these\n"
    "    n_weights INTEGER NOT NULL CHECK (n_weights >= 0),\n"
    "    weights BLOB                -- little-endian float32, see include/mlpsweep/weights.h;\n"
    "        CHECK (weights IS NULL OR length(weights) = 4 * n_weights),  -- NULL: too many to "
    "keep\n"
    "    created_at TEXT NOT NULL,\n"
    "    UNIQUE (trial_id, execution, kind)\n"
    ");\n";

static const char table_program_file[] =
    "CREATE TABLE program_file (  -- what the command of a run was: program, and arguments that "
    "are\n"
    "                            -- files\n"
    "    run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,\n"
    "    position INTEGER NOT NULL CHECK (position >= 0),  -- 0: the program; then arguments\n"
    "    path TEXT NOT NULL,\n"
    "    bytes INTEGER NOT NULL CHECK (bytes >= 0),\n"
    "    sha256 TEXT NOT NULL,       -- of its bytes: what sha256sum says\n"
    "    PRIMARY KEY (run_id, position)\n"
    ") WITHOUT ROWID;\n";

// In the order in which they refer to one another.
const struct ms_store_part ms_store_tables[] = {
    {"sweep", table_sweep},
    {"run", table_run},
    {"trial", table_trial},
    {"param", table_param},
    {"execution", table_execution},
    {"outcome", table_outcome},
    {"attempt", table_attempt},
    {"checkpoint", table_checkpoint},
    {"epoch_metric", table_epoch_metric},
    {"test_metric", table_test_metric},
    {"objective", table_objective},
    {"dataset", table_dataset},
    {"dataset_column", table_dataset_column},
    {"dataset_class", table_dataset_class},
    {"dataset_note", table_dataset_note},
    {"dataset_file", table_dataset_file},
    {"dataset_level", table_dataset_level},
    {"dataset_scaling", table_dataset_scaling},
    {"model", table_model},
    {"program_file", table_program_file},
    {"student_t", table_student_t},
    {NULL, NULL},
};

int ms_store_make_table(struct ms_store *s, const char *name, struct ms_error *err)
{
    for (const struct ms_store_part *t = ms_store_tables; t->name; t++)
        if (strcmp(t->name, name) == 0)
            return ms_store_sql_script(s, t->sql, err);
    return ms_fail(err, MS_ESTATE, "%s: no table is called '%s'", s->path, name);
}

// --- rows that come with the program ---------------------------------------------

static const char sql_student[] = "INSERT INTO student_t VALUES (?, ?)";
static const char sql_outcome[] =
    "INSERT INTO outcome (name, failure, retried, counts, word) VALUES (?1, ?2, ?3, ?4, ?5)"
    " ON CONFLICT DO UPDATE SET failure = ?2, retried = ?3, counts = ?4, word = ?5";

// Exact up to 200 degrees of freedom, then the smaller neighbour: off by less than 0.3 %, to the
// cautious side.
int ms_store_fill_student(struct ms_store *s, struct ms_error *err)
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

int ms_store_fill_outcomes(struct ms_store *s, struct ms_error *err)
{
    int status = 0;
    for (int end = 0; !status && end < MS_N_ENDS; end++) {
        const struct ms_outcome_row *o = ms_outcome_of(end);
        status = ms_store_sql_do(s, err, sql_outcome, "tiiit", o->name, (int64_t)o->failure,
                                 (int64_t)o->retried, (int64_t)o->counts, o->word);
    }
    return status;
}
