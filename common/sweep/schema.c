// SPDX-License-Identifier: MIT
//
// The top level of a sweep file. Defaults are Keras's where Keras has the field.
//
// The tables are packed, several members of a field to a line, so that a field can be read at a
// glance: clang-format would give every member a line of its own.
#include "schema_internal.h"

// clang-format off
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

static const char *const class_weight_names[] = {"balanced", NULL};

static const struct ms_field top_fields[] = {
    {.name = "name", .type = MS_F_TEXT, .offset = VALUE(name), .size = 256, .fixed = true,
     .parts = MS_PART_SWEEP,
     .doc = "name of the sweep in the store; the file's name if not given"},
    {.name = "seed", .type = MS_F_LONG, .offset = VALUE(seed), .lo = 0, .hi = MAX_WHOLE,
     .fixed = true, .parts = MS_PART_SWEEP, .doc = "seed of everything random"},
    {.name = "data", .kinds = OF_TRAINING, .type = MS_F_SECTION, .section = &ms_schema_data_section,
     .required = true, .parts = MS_PART_DATA, .doc = "data set to learn"},
    {.name = "input", .kinds = OF_TRAINING, .type = MS_F_SECTION,
     .section = &ms_schema_input_section,
     .parts = MS_PART_CONFIG, .doc = "noise on the inputs, before the first layer"},
    {.name = "hidden", .kinds = OF_TRAINING, .type = MS_F_CUSTOM, .walk = ms_sweep_walk_hidden,
     .section = &ms_schema_hidden_section, .item = &ms_schema_layer_field, .required = true,
     .parts = MS_PART_CONFIG,
     .doc = "an array of layers, or {\"layers\": n, \"same\": {…}, \"each\": {…}}"},
    {.name = "output", .kinds = OF_TRAINING, .type = MS_F_SECTION,
     .section = &ms_schema_output_section,
     .offset = VALUE(config.output), .parts = MS_PART_CONFIG, .doc = "last layer"},
    {.name = "loss", .kinds = OF_TRAINING, .type = MS_F_PICK, .offset = VALUE(config.loss),
     .table = &ms_loss_table, .key = "name", .parts = MS_PART_CONFIG,
     .doc = "loss function; chosen by the data's task if not given"},
    {.name = "class_weight", .kinds = OF_TRAINING, .type = MS_F_CUSTOM,
     .walk = ms_sweep_walk_class_weight, .names = class_weight_names, .parts = MS_PART_CONFIG,
     .doc = "\"balanced\", an array of 2 to 64 numbers >= 0, one for each class, or null"},
    {.name = "optimizer", .kinds = OF_TRAINING, .type = MS_F_PICK,
     .offset = VALUE(config.optimizer), .rate = &ms_schema_rate_field,
     .table = &ms_optimizer_table, .key = "name", .def_text = "rmsprop", .parts = MS_PART_CONFIG,
     .doc = "a name, or an object with a name and arguments"},
    {.name = "learning_rate", .kinds = OF_TRAINING, .type = MS_F_PICK,
     .offset = VALUE(config.learning_rate), .table = &ms_schedule_table, .key = "schedule",
     .number = &ms_optimizer_table, .parts = MS_PART_CONFIG,
     .doc = "a number, or a schedule with its arguments; here or in the optimizer"},
    {.name = "batch_size", .kinds = OF_TRAINING, .type = MS_F_INT,
     .offset = VALUE(config.batch_size), .def = 32, .lo = 1, .hi = MS_MAX_BATCH,
     .parts = MS_PART_CONFIG, .doc = "rows per step"},
    {.name = "epochs", .kinds = OF_TRAINING | OF_COMMANDS, .type = MS_F_INT,
     .offset = VALUE(config.epochs), .def = 1, .lo = 1, .hi = MS_MAX_EPOCHS,
     .parts = MS_PART_CONFIG,
     .doc = "passes over the training rows; for a command, the number of epochs to print, passed "
            "as {epochs}"},
    {.name = "shuffle", .kinds = OF_TRAINING, .type = MS_F_BOOL, .offset = VALUE(config.shuffle),
     .def = 1, .parts = MS_PART_CONFIG, .doc = "put the rows in a new order in every epoch"},
    {.name = "terminate_on_nan", .kinds = OF_TRAINING, .type = MS_F_BOOL,
     .offset = VALUE(config.terminate_on_nan), .def = 1, .parts = MS_PART_CONFIG,
     .doc = "end an execution whose loss is not finite"},
    {.name = "metrics", .kinds = OF_TRAINING, .type = MS_F_CUSTOM, .walk = ms_sweep_walk_metrics,
     .fixed = true, .parts = MS_PART_CONFIG,
     .doc = "an array of metrics to record besides the loss"},
    {.name = "early_stopping", .kinds = OF_TRAINING, .type = MS_F_SECTION,
     .section = &ms_schema_early_section, .optional = true, .parts = MS_PART_CONFIG,
     .doc = "stop when a metric no longer improves"},
    {.name = "reduce_on_plateau", .kinds = OF_TRAINING, .type = MS_F_SECTION,
     .section = &ms_schema_plateau_section, .optional = true, .parts = MS_PART_CONFIG,
     .doc = "reduce the learning rate when a metric no longer improves"},
    {.name = "params", .kinds = OF_FUNCTIONS | OF_COMMANDS, .type = MS_F_CUSTOM,
     .walk = ms_sweep_walk_params, .parts = MS_PART_SWEEP,
     .doc = "an object of parameters and values: a function's numbers in this order, or the "
            "values that replace {name} in a command"},
    {.name = "search", .type = MS_F_SECTION, .section = &ms_schema_search_section, .fixed = true,
     .parts = MS_PART_SWEEP, .doc = "choice of the trials, and limits of the search"},
    {.name = "require", .type = MS_F_CUSTOM, .walk = ms_sweep_walk_require, .fixed = true,
     .parts = MS_PART_SWEEP,
     .doc = "an array of conditions that every trial satisfies, such as \"hidden.layers <= 3 or "
            "batch_size >= 128\""},
    {.name = "objective", .type = MS_F_CUSTOM, .walk = ms_sweep_walk_objective,
     .section = &ms_schema_objective_section, .item = &ms_schema_goal_field, .fixed = true,
     .parts = MS_PART_SWEEP,
     .doc = "measure of a trial, or an array of them: the first guides the search, all of them "
            "rank; function or command: what runs instead of a training"},
    {.name = "keep_best", .kinds = OF_TRAINING, .type = MS_F_INT, .offset = VALUE(keep_best),
     .def = 1, .lo = 0, .hi = MS_MAX_KEPT_TRIALS, .fixed = true, .parts = MS_PART_SWEEP,
     .doc = "trials, from the best on, whose executions' weights are kept in the store"},
    {.name = "stages", .type = MS_F_CUSTOM, .walk = walk_stages, .fixed = true,
     .parts = MS_PART_SWEEP,
     .doc = "an array of objects laid over the file, one after the other: each sweeps its own "
            "parameters and hands its winner to the next"},
    {.name = "threads_per_worker", .type = MS_F_INT, .offset = VALUE(threads), .def = 1, .lo = 1,
     .hi = 1024, .fixed = true, .parts = MS_PART_SWEEP,
     .doc = "BLAS threads of one worker; OMP_NUM_THREADS for a command"},
};
const struct ms_section ms_schema_top_section = SECTION("the sweep", top_fields, .top = true);
// clang-format on
