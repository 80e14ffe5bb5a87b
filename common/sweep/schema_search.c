// SPDX-License-Identifier: MIT
//
// The fields of the search and of the objective.
//
// The tables are packed, several members of a field to a line, so that a field can be read at a
// glance: clang-format would give every member a line of its own.
#include "schema_internal.h"

#include <math.h>

#include "mlpsweep/function.h"

// clang-format off
static const struct ms_field search_fields[] = {
    {.name = "method", .type = MS_F_PICK, .offset = VALUE(search.method), .fixed = true,
     .table = &ms_search_sampler_table, .key = "name", .def_text = "grid",
     .doc = "method that chooses the trials"},
    {.name = "max_trials", .type = MS_F_LONG, .offset = VALUE(search.max_trials), .fixed = true,
     .lo = 1, .hi = (double)MS_MAX_TRIALS, .doc = "largest number of trials"},
    {.name = "executions_per_trial", .type = MS_F_INT, .fixed = true,
     .offset = VALUE(search.executions_per_trial), .def = 1, .lo = 1, .hi = MS_MAX_EXECUTIONS,
     .doc = "trainings of every trial, each with its own seed; if not given, as many as "
            "data.folds"},
    {.name = "max_retries_per_trial", .type = MS_F_INT, .fixed = true,
     .offset = VALUE(search.max_retries_per_trial), .def = 2, .lo = 0, .hi = 1000,
     .doc = "further attempts at an execution after a crash or a lost worker"},
    {.name = "max_seconds", .type = MS_F_REAL, .fixed = true, .offset = VALUE(search.max_seconds),
     .lo = 0, .hi = 1e9, .doc = "wall time of one attempt in seconds; 0: no limit"},
    {.name = "scheduler", .type = MS_F_PICK, .offset = VALUE(search.scheduler), .fixed = true,
     .table = &ms_search_scheduler_table, .key = "name", .def_text = "none",
     .doc = "rule that stops trials early or trains them further"},
    {.name = "lag", .type = MS_F_INT, .offset = VALUE(search.lag), .fixed = true, .def = 7,
     .lo = 0, .hi = 1e6,
     .doc = "trials that may be running when the next one is chosen: whatever learns uses the "
            "results of trials 0 to k-1-lag for trial k"},
    {.name = "max_executions", .type = MS_F_LONG, .offset = VALUE(search.max_executions),
     .fixed = true, .lo = 0, .hi = MAX_WHOLE,
     .doc = "largest number of executions; 0: no limit"},
    {.name = "max_wall_seconds", .type = MS_F_REAL, .offset = VALUE(search.max_wall_seconds),
     .fixed = true, .lo = 0, .hi = 1e9,
     .doc = "wall time of one run with all its stages, in seconds, after which nothing more is "
            "started; 0: no limit"},
    {.name = "target", .type = MS_F_REAL, .offset = VALUE(search.target), .fixed = true,
     .def = NAN, .lo = -INFINITY, .hi = INFINITY, .lo_open = true, .hi_open = true,
     .doc = "value of the objective that is good enough to end the search"},
    {.name = "patience", .type = MS_F_LONG, .offset = VALUE(search.patience), .fixed = true,
     .lo = 0, .hi = (double)MS_MAX_TRIALS,
     .doc = "trials without a better one after which the search ends; 0: no limit"},
    {.name = "resolve", .type = MS_F_LONG, .offset = VALUE(search.resolve), .fixed = true, .lo = 0,
     .hi = MAX_WHOLE,
     .doc = "largest number of further executions, of trials that cannot be told from the best, "
            "after the search"},
    {.name = "confirm", .type = MS_F_INT, .offset = VALUE(search.confirm), .fixed = true, .lo = 0,
     .hi = MS_MAX_CONFIRM,
     .doc = "fresh executions of the winner, which are reported alone and rank nothing"},
    {.name = "try_first", .type = MS_F_CUSTOM, .walk = ms_sweep_walk_try_first, .fixed = true,
     .doc = "an array of objects, the first trials: values by the parameters' names; the method "
            "chooses the values that they leave out"},
};
const struct ms_section ms_schema_search_section = SECTION("the search", search_fields);

static const char *const goal_names[] = {"minimize", "maximize", NULL};
const char *const ms_sweep_at_names[] = {[MS_AT_BEST] = "best",
                                         [MS_AT_LAST] = "last",
                                         [MS_AT_BEST_MEAN] = "best_mean",
                                         [MS_AT_LAST_MEAN] = "last_mean",
                                         [MS_N_AT] = NULL};
const char *const ms_sweep_by_names[] = {[MS_BY_MEAN] = "mean",
                                         [MS_BY_MEDIAN] = "median",
                                         [MS_BY_WORST] = "worst",
                                         [MS_BY_LOWER_BOUND] = "lower_bound",
                                         [MS_N_BY] = NULL};

const char *const ms_sweep_failures_names[] = {
    [MS_FAILURES_WORST] = "worst", [MS_FAILURES_IGNORE] = "ignore", [MS_N_FAILURES] = NULL};

static const struct ms_field objective_fields[] = {
    {.name = "function", .type = MS_F_ROW, .fixed = true, .kinds = OF_FUNCTIONS,
     .offset = VALUE(objective.function), .table = &ms_function_table,
     .doc = "analytic function of the numbers in params, to be minimized; its metric is 'value'"},
    {.name = "command", .type = MS_F_CUSTOM, .fixed = true, .walk = ms_sweep_walk_command,
     .kinds = OF_COMMANDS,
     .doc = "an array of strings: a program and its arguments, in which {name} stands for the "
            "value of params.name; the program prints its metrics as JSON lines"},
    {.name = "metric", .type = MS_F_CUSTOM, .fixed = true, .walk = ms_sweep_walk_objective_metric,
     .doc = "metric that ranks the trials, val_loss if not given; for a command, the name of a "
            "metric that it prints"},
    {.name = "goal", .type = MS_F_NAME, .fixed = true, .offset = VALUE(objective.goal),
     .names = goal_names, .def_name = -1,
     .doc = "direction of improvement; if not given, that of the metric"},
    {.name = "at", .type = MS_F_NAME, .fixed = true, .offset = VALUE(objective.at),
     .names = ms_sweep_at_names, .doc = "epoch of an execution that counts, or the means of epochs"},
    {.name = "window", .type = MS_F_INT, .fixed = true, .offset = VALUE(objective.window),
     .def = MS_WINDOW,
     .lo = 1, .hi = MS_MAX_WINDOW, .doc = "epochs that best_mean and last_mean are over"},
    {.name = "by", .type = MS_F_NAME, .fixed = true, .offset = VALUE(objective.by),
     .names = ms_sweep_by_names, .doc = "statistic of a trial's executions that ranks it"},
    {.name = "failed_executions", .type = MS_F_NAME, .fixed = true,
     .offset = VALUE(objective.failures), .names = ms_sweep_failures_names,
     .doc = "executions that ended without a value put their trial behind all trials without any, "
            "or are left out"},
};
const struct ms_section ms_schema_objective_section = SECTION("the objective", objective_fields);

const struct ms_field ms_schema_objective_field = {.name = "objective",
                                                   .type = MS_F_SECTION,
                                                   .section = &ms_schema_objective_section,
                                                   .fixed = true,
                                                   .doc = "what makes a trial good"};

#define GOAL(member) offsetof(struct ms_goal_value, member)
static const struct ms_field goal_fields[] = {
    {.name = "metric", .type = MS_F_CUSTOM, .fixed = true, .walk = ms_sweep_walk_goal_metric,
     .required = true, .doc = "a metric, or weights, flops, memory_bytes, seconds"},
    {.name = "goal", .type = MS_F_NAME, .fixed = true, .offset = GOAL(goal), .names = goal_names,
     .def_name = -1, .doc = "direction of improvement; if not given, that of the metric"},
};
static const struct ms_section goal_section = SECTION("a further objective", goal_fields);
const struct ms_field ms_schema_goal_field = {.name = "objective",
                                              .type = MS_F_SECTION,
                                              .section = &goal_section,
                                              .fixed = true,
                                              .doc = "what else makes a trial good"};
// clang-format on
