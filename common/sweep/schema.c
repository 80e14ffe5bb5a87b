// SPDX-License-Identifier: MIT
//
// The fields of a sweep file. Defaults are Keras's where Keras has the field.
#include "schema.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "mlpsweep/function.h"
#include "walkers.h"

#define SECTION(name, fields, ...)                                                                 \
    {                                                                                              \
        .what = name, .n = (int)(sizeof(fields) / sizeof(fields)[0]), .field = fields, __VA_ARGS__ \
    }
#define MAX_WHOLE 9007199254740991.0 // 2^53 - 1: every whole number up to here is a double

// --- layers ------------------------------------------------------------------

#define LAYER(member) offsetof(struct ms_layer_config, member)
#define ACTIVATION                                                                                 \
    .name = "activation", .type = MS_F_PICK, .offset = LAYER(activation),                          \
    .table = &ms_activation_table, .key = "name"
#define USE_BIAS                                                                                   \
    {                                                                                              \
        .name = "use_bias", .type = MS_F_BOOL, .offset = LAYER(use_bias), .def = 1,                \
        .doc = "whether the layer adds a bias"                                                     \
    }
#define INITIALIZER(kernel_or_bias, default_row)                                                   \
    {                                                                                              \
        .name = #kernel_or_bias "_initializer", .type = MS_F_PICK,                                 \
        .offset = LAYER(kernel_or_bias##_initializer), .table = &ms_initializer_table,             \
        .key = "name", .def_text = default_row,                                                    \
        .doc = "where the layer's " #kernel_or_bias " starts from"                                 \
    }
#define FROM_TABLE(member, rows, text)                                                             \
    {                                                                                              \
        .name = #member, .type = MS_F_PICK, .offset = LAYER(member), .table = &rows,               \
        .key = "name", .def_text = "none", .doc = text                                             \
    }
#define PENALTIES                                                                                  \
    FROM_TABLE(kernel_regularizer, ms_regularizer_table, "what the kernel adds to the loss"),      \
        FROM_TABLE(bias_regularizer, ms_regularizer_table, "what the bias adds to the loss"),      \
        FROM_TABLE(activity_regularizer, ms_regularizer_table,                                     \
                   "what the activation's outputs add to the loss, in the mean over the batch"),   \
        FROM_TABLE(kernel_constraint, ms_constraint_table, "of the kernel, after every step"),     \
        FROM_TABLE(bias_constraint, ms_constraint_table, "of the bias, after every step")
#define NOISES(offset_of, of_what)                                                                 \
    {.name = "gaussian_noise",                                                                     \
     .type = MS_F_REAL,                                                                            \
     .offset = offset_of(gaussian_noise),                                                          \
     .lo = 0,                                                                                      \
     .hi = 1,                                                                                      \
     .doc = "standard deviation of noise added to " of_what " while training"},                    \
    {                                                                                              \
        .name = "gaussian_dropout", .type = MS_F_REAL, .offset = offset_of(gaussian_dropout),      \
        .lo = 0, .hi = 1, .hi_open = true,                                                         \
        .doc =                                                                                     \
            "rate r of noise multiplied into " of_what " while training, mean 1, variance r/(1-r)" \
    }
#define UNITS(must)                                                                                \
    {                                                                                              \
        .name = "units", .type = MS_F_INT, .offset = LAYER(units), .required = must, .lo = 1,      \
        .hi = MS_MAX_UNITS, .doc = "neurons of the layer"                                          \
    }
#define LAYER_FIELDS(must)                                                                         \
    UNITS(must), {ACTIVATION, .def_text = "linear", .doc = "activation of a hidden layer"},        \
        USE_BIAS, INITIALIZER(kernel, "glorot_uniform"), INITIALIZER(bias, "zeros"), PENALTIES,    \
        FROM_TABLE(normalization, ms_normalization_table, "between the sums and the activation"),  \
        NOISES(LAYER, "the layer's outputs"),                                                      \
    {                                                                                              \
        .name = "dropout", .type = MS_F_REAL, .offset = LAYER(dropout), .lo = 0, .hi = 1,          \
        .hi_open = true, .doc = "fraction of the layer's outputs dropped while training"           \
    }

static const struct ms_field layer_fields[] = {LAYER_FIELDS(true)};
static const struct ms_field same_fields[] = {LAYER_FIELDS(false)};
static const struct ms_section layer_section = SECTION("a layer", layer_fields);
static const struct ms_section same_section = SECTION("a layer", same_fields);

static const struct ms_field layer_field = {
    .name = "layer", .type = MS_F_SECTION, .section = &layer_section, .doc = "a hidden layer"};
const struct ms_field ms_schema_same_field = {.name = "layer",
                                              .type = MS_F_SECTION,
                                              .section = &same_section,
                                              .keep = true,
                                              .doc = "of every hidden layer"};

static const struct ms_field output_fields[] = {
    {ACTIVATION, .doc = "activation of the output; by the data's task where it is not given"},
    USE_BIAS,
    INITIALIZER(kernel, "glorot_uniform"),
    INITIALIZER(bias, "zeros"),
    PENALTIES,
};
static const struct ms_section output_section = SECTION("the output layer", output_fields);

static const struct ms_field hidden_fields[] = {
    {.name = "layers",
     .type = MS_F_INT,
     .lo = 0,
     .hi = MS_MAX_LAYERS,
     .required = true,
     .item = &ms_schema_same_field,
     .doc = "number of hidden layers, or an array of what each has by itself"},
    {.name = "same",
     .type = MS_F_CUSTOM,
     .item = &ms_schema_same_field,
     .doc = "what all layers share: drawn once"},
    {.name = "each",
     .type = MS_F_CUSTOM,
     .item = &ms_schema_same_field,
     .doc = "what is drawn for every layer"},
};
static const struct ms_section hidden_section = SECTION("the hidden layers", hidden_fields);

#define INPUT(member) offsetof(struct ms_values, config.input_##member)
static const struct ms_field input_fields[] = {
    NOISES(INPUT, "the inputs"),
    {.name = "dropout",
     .type = MS_F_REAL,
     .offset = offsetof(struct ms_values, config.input_dropout),
     .lo = 0,
     .hi = 1,
     .hi_open = true,
     .doc = "fraction of the inputs dropped while training"},
};
static const struct ms_section input_section = SECTION("the input", input_fields);

// --- data --------------------------------------------------------------------

#define DATA(member) offsetof(struct ms_values, data.member)
#define SIZE_OF(member) sizeof(((struct ms_data_spec *)0)->member)
#define FROM_SYNTHETIC (1 << MS_SYNTHETIC)
#define FROM_IDX (1 << MS_IDX)
#define FROM_CSV (1 << MS_CSV)
#define FROM_NPY (1 << MS_NPY)
#define FROM_NPZ (1 << MS_NPZ)

static const char *const task_names[] = {"regression", "binary", "multiclass", NULL};
static const char *const split_names[] = {"random", "last", "stratified", NULL};
static const char *const missing_names[] = {"refuse", "drop", "mean", NULL};

static const struct ms_field validation_fields[] = {
    {.name = "file",
     .type = MS_F_TEXT,
     .offset = DATA(val_path),
     .size = SIZE_OF(val_path),
     .required = true,
     .doc = "file of validation rows, of the training file's format"},
    {.name = "target_file",
     .type = MS_F_TEXT,
     .offset = DATA(val_y_path),
     .size = SIZE_OF(val_y_path),
     .doc = "their targets, with npy"},
};
static const struct ms_section validation_section =
    SECTION("the validation rows", validation_fields);

static const struct ms_field data_fields[] = {
    {.name = "synthetic",
     .type = MS_F_ROW,
     .offset = DATA(synthetic),
     .sources = FROM_SYNTHETIC,
     .table = &ms_dataset_synthetic_table,
     .doc = "a data set made by formula"},
    {.name = "idx",
     .type = MS_F_TEXT,
     .offset = DATA(path),
     .size = SIZE_OF(path),
     .sources = FROM_IDX,
     .doc = "folder of the four MNIST-style IDX files, or the images' file"},
    {.name = "csv",
     .type = MS_F_TEXT,
     .offset = DATA(path),
     .size = SIZE_OF(path),
     .sources = FROM_CSV,
     .doc = "comma-separated file with a header line"},
    {.name = "npy",
     .type = MS_F_TEXT,
     .offset = DATA(path),
     .size = SIZE_OF(path),
     .sources = FROM_NPY,
     .doc = "NumPy file of the inputs, one row an example"},
    {.name = "npz",
     .type = MS_F_TEXT,
     .offset = DATA(path),
     .size = SIZE_OF(path),
     .sources = FROM_NPZ,
     .doc = "NumPy archive with arrays of inputs and of targets"},
    {.name = "target_file",
     .type = MS_F_TEXT,
     .offset = DATA(y_path),
     .size = SIZE_OF(y_path),
     .sources = FROM_NPY,
     .doc = "NumPy file of the targets"},
    {.name = "x",
     .type = MS_F_TEXT,
     .offset = DATA(x_name),
     .size = SIZE_OF(x_name),
     .sources = FROM_NPZ,
     .def_text = "x",
     .doc = "the array of the inputs"},
    {.name = "y",
     .type = MS_F_TEXT,
     .offset = DATA(y_name),
     .size = SIZE_OF(y_name),
     .sources = FROM_NPZ,
     .def_text = "y",
     .doc = "the array of the targets"},
    {.name = "x_test",
     .type = MS_F_TEXT,
     .offset = DATA(x_test_name),
     .size = SIZE_OF(x_test_name),
     .sources = FROM_NPZ,
     .doc = "the array of the test rows' inputs, in the same archive"},
    {.name = "y_test",
     .type = MS_F_TEXT,
     .offset = DATA(y_test_name),
     .size = SIZE_OF(y_test_name),
     .sources = FROM_NPZ,
     .doc = "the array of the test rows' targets"},
    {.name = "points",
     .type = MS_F_INT,
     .offset = DATA(points),
     .sources = FROM_SYNTHETIC,
     .def = 2500,
     .lo = 1,
     .hi = INT32_MAX,
     .doc = "rows of a synthetic set"},
    {.name = "target",
     .type = MS_F_NAMES,
     .offset = DATA(target),
     .size = SIZE_OF(target),
     .sources = FROM_CSV,
     .doc = "name of the target column, or of several for a regression"},
    {.name = "ignore",
     .type = MS_F_NAMES,
     .offset = DATA(ignore),
     .size = SIZE_OF(ignore),
     .sources = FROM_CSV,
     .doc = "columns that are left out"},
    {.name = "categorical",
     .type = MS_F_NAMES,
     .offset = DATA(categorical),
     .size = SIZE_OF(categorical),
     .sources = FROM_CSV,
     .doc = "columns of words: one column of 0 and 1 for each that the training file has"},
    {.name = "missing",
     .type = MS_F_NAME,
     .offset = DATA(missing),
     .sources = FROM_CSV | FROM_NPY | FROM_NPZ,
     .names = missing_names,
     .doc = "values that are not there: refuse the file, drop their rows, or put the mean of the "
            "column's training rows (inputs only)"},
    {.name = "test_file",
     .type = MS_F_TEXT,
     .offset = DATA(test_path),
     .size = SIZE_OF(test_path),
     .sources = FROM_CSV | FROM_NPY | FROM_NPZ,
     .doc = "file of test rows, of the training file's format"},
    {.name = "test_target_file",
     .type = MS_F_TEXT,
     .offset = DATA(test_y_path),
     .size = SIZE_OF(test_y_path),
     .sources = FROM_NPY,
     .doc = "the test rows' targets"},
    {.name = "task",
     .type = MS_F_NAME,
     .offset = DATA(task),
     .sources = FROM_CSV | FROM_NPY | FROM_NPZ,
     .names = task_names,
     .def_name = -1,
     .doc = "what the target is; by its values where not given"},
    {.name = "validation",
     .type = MS_F_REAL,
     .offset = DATA(validation),
     .def = 0.2,
     .lo = 0,
     .hi = 1,
     .hi_open = true,
     .section = &validation_section,
     .doc = "fraction of the training rows kept for validation, or {\"file\": …}"},
    {.name = "folds",
     .type = MS_F_INT,
     .offset = DATA(folds),
     .lo = 2,
     .hi = MS_MAX_FOLDS,
     .fixed = true,
     .doc = "cross-validation: execution e validates on part e % folds and trains on the others"},
    {.name = "test",
     .type = MS_F_REAL,
     .offset = DATA(test),
     .lo = 0,
     .hi = 1,
     .hi_open = true,
     .doc = "fraction of all rows kept for the test"},
    {.name = "split",
     .type = MS_F_NAME,
     .offset = DATA(split),
     .names = split_names,
     .doc = "which rows are kept: random ones, the last, or random ones with every class in its "
            "share"},
    {.name = "scaling",
     .type = MS_F_PICK,
     .offset = DATA(scaling),
     .table = &ms_dataset_scaling_table,
     .key = "name",
     .doc = "of the inputs; images are divided by 255 unless given"},
};
static const struct ms_section data_section =
    SECTION("the data", data_fields, .after = ms_sweep_walk_data_after);

// --- the sweep ---------------------------------------------------------------

#define VALUE(member) offsetof(struct ms_values, member)

static const struct ms_field early_fields[] = {
    {.name = "monitor",
     .type = MS_F_METRIC,
     .offset = VALUE(monitor),
     .def_text = "val_loss",
     .doc = "the metric that must improve"},
    {.name = "patience",
     .type = MS_F_INT,
     .offset = VALUE(config.early_stopping.patience),
     .lo = 0,
     .hi = MS_MAX_EPOCHS,
     .doc = "epochs without an improvement before training stops"},
    {.name = "min_delta",
     .type = MS_F_REAL,
     .offset = VALUE(config.early_stopping.min_delta),
     .lo = 0,
     .hi = INFINITY,
     .doc = "smaller changes are no improvement"},
    {.name = "start_from_epoch",
     .type = MS_F_INT,
     .offset = VALUE(config.early_stopping.start_from_epoch),
     .lo = 0,
     .hi = MS_MAX_EPOCHS,
     .doc = "epochs that are not watched"},
    {.name = "restore_best",
     .type = MS_F_BOOL,
     .offset = VALUE(config.early_stopping.restore_best),
     .doc = "go back to the best epoch's weights for the test"},
};
static const struct ms_section early_section = SECTION("early stopping", early_fields);

#define PLATEAU(member) VALUE(config.reduce_on_plateau.member)
static const struct ms_field plateau_fields[] = {
    {.name = "monitor",
     .type = MS_F_METRIC,
     .offset = VALUE(plateau),
     .def_text = "val_loss",
     .doc = "the metric that must improve"},
    {.name = "factor",
     .type = MS_F_REAL,
     .offset = PLATEAU(factor),
     .def = 0.1,
     .lo = 0,
     .hi = 1,
     .hi_open = true,
     .doc = "that the learning rate is multiplied with"},
    {.name = "patience",
     .type = MS_F_INT,
     .offset = PLATEAU(patience),
     .def = 10,
     .lo = 0,
     .hi = MS_MAX_EPOCHS,
     .doc = "epochs without an improvement before the rate is reduced"},
    {.name = "min_delta",
     .type = MS_F_REAL,
     .offset = PLATEAU(min_delta),
     .def = 1e-4,
     .lo = 0,
     .hi = INFINITY,
     .doc = "smaller changes are no improvement"},
    {.name = "cooldown",
     .type = MS_F_INT,
     .offset = PLATEAU(cooldown),
     .lo = 0,
     .hi = MS_MAX_EPOCHS,
     .doc = "epochs after a reduction in which nothing is counted"},
    {.name = "min_lr",
     .type = MS_F_REAL,
     .offset = PLATEAU(min_lr),
     .lo = 0,
     .hi = INFINITY,
     .doc = "the rate is not reduced below it"},
};
static const struct ms_section plateau_section = SECTION("reduce_on_plateau", plateau_fields);

static const struct ms_field search_fields[] = {
    {.name = "method",
     .type = MS_F_PICK,
     .offset = VALUE(search.method),
     .fixed = true,
     .table = &ms_search_sampler_table,
     .key = "name",
     .def_text = "grid",
     .doc = "how trials are chosen"},
    {.name = "max_trials",
     .type = MS_F_LONG,
     .offset = VALUE(search.max_trials),
     .fixed = true,
     .lo = 1,
     .hi = (double)MS_MAX_TRIALS,
     .doc = "trials at most"},
    {.name = "executions_per_trial",
     .type = MS_F_INT,
     .fixed = true,
     .offset = VALUE(search.executions_per_trial),
     .def = 1,
     .lo = 1,
     .hi = MS_MAX_EXECUTIONS,
     .doc =
         "trainings of every trial, each with its own seed; as many as data.folds where not given"},
    {.name = "max_retries_per_trial",
     .type = MS_F_INT,
     .fixed = true,
     .offset = VALUE(search.max_retries_per_trial),
     .def = 2,
     .lo = 0,
     .hi = 1000,
     .doc = "further attempts after a crash or a lost worker"},
    {.name = "max_seconds",
     .type = MS_F_REAL,
     .fixed = true,
     .offset = VALUE(search.max_seconds),
     .lo = 0,
     .hi = 1e9,
     .doc = "wall time of one attempt; 0: no limit"},
    {.name = "scheduler",
     .type = MS_F_PICK,
     .offset = VALUE(search.scheduler),
     .fixed = true,
     .table = &ms_search_scheduler_table,
     .key = "name",
     .def_text = "none",
     .doc = "which trials are stopped early, or trained on"},
    {.name = "lag",
     .type = MS_F_INT,
     .offset = VALUE(search.lag),
     .fixed = true,
     .def = 7,
     .lo = 0,
     .hi = 1e6,
     .doc = "trials that may be under way when the next one is chosen: whatever learns "
            "chooses trial k by the results of trials 0 to k-1-lag"},
    {.name = "max_executions",
     .type = MS_F_LONG,
     .offset = VALUE(search.max_executions),
     .fixed = true,
     .lo = 0,
     .hi = MAX_WHOLE,
     .doc = "executions at most; 0: no limit"},
    {.name = "max_wall_seconds",
     .type = MS_F_REAL,
     .offset = VALUE(search.max_wall_seconds),
     .fixed = true,
     .lo = 0,
     .hi = 1e9,
     .doc = "wall time of one run with all its stages, after which nothing more is begun; 0: no "
            "limit"},
    {.name = "target",
     .type = MS_F_REAL,
     .offset = VALUE(search.target),
     .fixed = true,
     .def = NAN,
     .lo = -INFINITY,
     .hi = INFINITY,
     .lo_open = true,
     .hi_open = true,
     .doc = "an objective that is good enough: the search ends"},
    {.name = "patience",
     .type = MS_F_LONG,
     .offset = VALUE(search.patience),
     .fixed = true,
     .lo = 0,
     .hi = (double)MS_MAX_TRIALS,
     .doc = "trials without a better one after which the search ends; 0: no limit"},
    {.name = "try_first",
     .type = MS_F_CUSTOM,
     .walk = ms_sweep_walk_try_first,
     .fixed = true,
     .doc =
         "an array of objects, the first trials: values by parameters' names; the method chooses "
         "what they do not name"},
};
static const struct ms_section search_section = SECTION("the search", search_fields);

static const char *const goal_names[] = {"minimize", "maximize", NULL};
static const char *const at_names[] = {"best", "last", NULL};
const char *const ms_sweep_by_names[] = {[MS_BY_MEAN] = "mean",
                                         [MS_BY_MEDIAN] = "median",
                                         [MS_BY_WORST] = "worst",
                                         [MS_BY_LOWER_BOUND] = "lower_bound",
                                         [MS_N_BY] = NULL};

#define OF_TRAINING (1 << MS_KIND_TRAIN)
#define OF_FUNCTIONS (1 << MS_KIND_FUNCTION)
#define OF_COMMANDS (1 << MS_KIND_COMMAND)

static const struct ms_field objective_fields[] = {
    {.name = "function",
     .type = MS_F_ROW,
     .fixed = true,
     .kinds = OF_FUNCTIONS,
     .offset = VALUE(objective.function),
     .table = &ms_function_table,
     .doc = "an analytic function to minimize, of the numbers in params; its metric is 'value'"},
    {.name = "command",
     .type = MS_F_CUSTOM,
     .fixed = true,
     .walk = ms_sweep_walk_command,
     .kinds = OF_COMMANDS,
     .doc =
         "an array of strings: a program and its arguments, in which {name} stands for the value "
         "of params.name; it prints its metrics as JSON lines"},
    {.name = "metric",
     .type = MS_F_CUSTOM,
     .fixed = true,
     .walk = ms_sweep_walk_objective_metric,
     .doc = "what ranks trials: a metric, val_loss where not given; of a command a name that it "
            "prints"},
    {.name = "goal",
     .type = MS_F_NAME,
     .fixed = true,
     .offset = VALUE(objective.goal),
     .names = goal_names,
     .def_name = -1,
     .doc = "the metric's own where not given"},
    {.name = "at",
     .type = MS_F_NAME,
     .fixed = true,
     .offset = VALUE(objective.at),
     .names = at_names,
     .doc = "which epoch of an execution counts"},
    {.name = "by",
     .type = MS_F_NAME,
     .fixed = true,
     .offset = VALUE(objective.by),
     .names = ms_sweep_by_names,
     .doc = "what of a trial's executions ranks it"},
};
static const struct ms_section objective_section = SECTION("the objective", objective_fields);

const struct ms_field ms_schema_objective_field = {.name = "objective",
                                                   .type = MS_F_SECTION,
                                                   .section = &objective_section,
                                                   .fixed = true,
                                                   .doc = "what makes a trial good"};

#define GOAL(member) offsetof(struct ms_goal_value, member)
static const struct ms_field goal_fields[] = {
    {.name = "metric",
     .type = MS_F_CUSTOM,
     .fixed = true,
     .walk = ms_sweep_walk_goal_metric,
     .required = true,
     .doc = "a metric, or weights, flops, memory_bytes, seconds"},
    {.name = "goal",
     .type = MS_F_NAME,
     .fixed = true,
     .offset = GOAL(goal),
     .names = goal_names,
     .def_name = -1,
     .doc = "the metric's own where not given"},
};
static const struct ms_section goal_section = SECTION("a further objective", goal_fields);
const struct ms_field ms_schema_goal_field = {.name = "objective",
                                              .type = MS_F_SECTION,
                                              .section = &goal_section,
                                              .fixed = true,
                                              .doc = "what else makes a trial good"};

const struct ms_field ms_schema_rate_field = {.name = "learning_rate",
                                              .type = MS_F_PICK,
                                              .offset = offsetof(struct ms_config, learning_rate),
                                              .table = &ms_schedule_table,
                                              .key = "schedule",
                                              .number = &ms_optimizer_table,
                                              .parts = MS_PART_CONFIG,
                                              .doc = "a number, or a schedule with its arguments"};

// The row is for help and messages: a file that has stages is parsed by ms_sweep_stages_parse, and
// the sweeps made of it have none.
static void walk_stages(struct ms_walk *w, const struct cJSON *v, const struct ms_field *f,
                        void *base)
{
    (void)base;
    ms_sweep_problem_mismatch(w, v, f);
}

static const struct ms_field top_fields[] = {
    {.name = "name",
     .type = MS_F_TEXT,
     .offset = VALUE(name),
     .size = 256,
     .fixed = true,
     .parts = MS_PART_SWEEP,
     .doc = "of the sweep in the store; the file's name where not given"},
    {.name = "seed",
     .type = MS_F_LONG,
     .offset = VALUE(seed),
     .lo = 0,
     .hi = MAX_WHOLE,
     .fixed = true,
     .parts = MS_PART_SWEEP,
     .doc = "of everything random"},
    {.name = "data",
     .kinds = OF_TRAINING,
     .type = MS_F_SECTION,
     .section = &data_section,
     .required = true,
     .parts = MS_PART_DATA,
     .doc = "what is learnt"},
    {.name = "input",
     .kinds = OF_TRAINING,
     .type = MS_F_SECTION,
     .section = &input_section,
     .parts = MS_PART_CONFIG,
     .doc = "before the first layer"},
    {.name = "hidden",
     .kinds = OF_TRAINING,
     .type = MS_F_CUSTOM,
     .walk = ms_sweep_walk_hidden,
     .section = &hidden_section,
     .item = &layer_field,
     .required = true,
     .parts = MS_PART_CONFIG,
     .doc = "an array of layers, or {\"layers\": n, \"same\": {…}, \"each\": {…}}"},
    {.name = "output",
     .kinds = OF_TRAINING,
     .type = MS_F_SECTION,
     .section = &output_section,
     .offset = VALUE(config.output),
     .parts = MS_PART_CONFIG,
     .doc = "the last layer"},
    {.name = "loss",
     .kinds = OF_TRAINING,
     .type = MS_F_PICK,
     .offset = VALUE(config.loss),
     .table = &ms_loss_table,
     .key = "name",
     .parts = MS_PART_CONFIG,
     .doc = "by the data's task where not given"},
    {.name = "class_weight",
     .kinds = OF_TRAINING,
     .type = MS_F_CUSTOM,
     .walk = ms_sweep_walk_class_weight,
     .parts = MS_PART_CONFIG,
     .doc = "an array of 2 to 64 numbers >= 0, one for each class, or null"},
    {.name = "optimizer",
     .kinds = OF_TRAINING,
     .type = MS_F_PICK,
     .offset = VALUE(config.optimizer),
     .rate = &ms_schema_rate_field,
     .table = &ms_optimizer_table,
     .key = "name",
     .def_text = "rmsprop",
     .parts = MS_PART_CONFIG,
     .doc = "a name, or an object with a name and arguments"},
    {.name = "learning_rate",
     .kinds = OF_TRAINING,
     .type = MS_F_PICK,
     .offset = VALUE(config.learning_rate),
     .table = &ms_schedule_table,
     .key = "schedule",
     .number = &ms_optimizer_table,
     .parts = MS_PART_CONFIG,
     .doc = "a number, or a schedule with its arguments; here or in the optimizer"},
    {.name = "batch_size",
     .kinds = OF_TRAINING,
     .type = MS_F_INT,
     .offset = VALUE(config.batch_size),
     .def = 32,
     .lo = 1,
     .hi = MS_MAX_BATCH,
     .parts = MS_PART_CONFIG,
     .doc = "rows of one step"},
    {.name = "epochs",
     .kinds = OF_TRAINING | OF_COMMANDS,
     .type = MS_F_INT,
     .offset = VALUE(config.epochs),
     .def = 1,
     .lo = 1,
     .hi = MS_MAX_EPOCHS,
     .parts = MS_PART_CONFIG,
     .doc = "passes over the training rows; of a command how many it is to print, which {epochs} "
            "tells"},
    {.name = "shuffle",
     .kinds = OF_TRAINING,
     .type = MS_F_BOOL,
     .offset = VALUE(config.shuffle),
     .def = 1,
     .parts = MS_PART_CONFIG,
     .doc = "new order of the rows in every epoch"},
    {.name = "terminate_on_nan",
     .kinds = OF_TRAINING,
     .type = MS_F_BOOL,
     .offset = VALUE(config.terminate_on_nan),
     .def = 1,
     .parts = MS_PART_CONFIG,
     .doc = "end an execution whose loss is not finite"},
    {.name = "metrics",
     .kinds = OF_TRAINING,
     .type = MS_F_CUSTOM,
     .walk = ms_sweep_walk_metrics,
     .fixed = true,
     .parts = MS_PART_CONFIG,
     .doc = "an array of metrics that are recorded beside the loss"},
    {.name = "early_stopping",
     .kinds = OF_TRAINING,
     .type = MS_F_SECTION,
     .section = &early_section,
     .optional = true,
     .parts = MS_PART_CONFIG,
     .doc = "stop when a metric no longer improves"},
    {.name = "reduce_on_plateau",
     .kinds = OF_TRAINING,
     .type = MS_F_SECTION,
     .section = &plateau_section,
     .optional = true,
     .parts = MS_PART_CONFIG,
     .doc = "reduce the learning rate when a metric no longer improves"},
    {.name = "params",
     .kinds = OF_FUNCTIONS | OF_COMMANDS,
     .type = MS_F_CUSTOM,
     .walk = ms_sweep_walk_params,
     .parts = MS_PART_SWEEP,
     .doc =
         "an object of parameters and values: a function's numbers in this order, or what stands "
         "for {name} in a command"},
    {.name = "search",
     .type = MS_F_SECTION,
     .section = &search_section,
     .fixed = true,
     .parts = MS_PART_SWEEP,
     .doc = "which trials are run"},
    {.name = "require",
     .type = MS_F_CUSTOM,
     .walk = ms_sweep_walk_require,
     .fixed = true,
     .parts = MS_PART_SWEEP,
     .doc = "an array of conditions that every trial keeps, such as "
            "\"hidden.layers <= 3 or batch_size >= 128\""},
    {.name = "objective",
     .type = MS_F_CUSTOM,
     .walk = ms_sweep_walk_objective,
     .section = &objective_section,
     .item = &ms_schema_goal_field,
     .fixed = true,
     .parts = MS_PART_SWEEP,
     .doc =
         "what makes a trial good, or an array: the first guides the search, all rank; function or "
         "command: what is run in place of a training"},
    {.name = "stages",
     .type = MS_F_CUSTOM,
     .walk = walk_stages,
     .fixed = true,
     .parts = MS_PART_SWEEP,
     .doc = "an array of objects laid over the file, one after the other: each sweeps its own "
            "parameters and hands its winner to the next"},
    {.name = "threads_per_worker",
     .type = MS_F_INT,
     .offset = VALUE(threads),
     .def = 1,
     .lo = 1,
     .hi = 1024,
     .fixed = true,
     .parts = MS_PART_SWEEP,
     .doc = "BLAS threads of one worker; OMP_NUM_THREADS of a command"},
};
const struct ms_section ms_schema_top_section = SECTION("the sweep", top_fields, .top = true);
