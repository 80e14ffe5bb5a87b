// SPDX-License-Identifier: MIT
//
// "objective", an object or a list of them: the first is the objective, as if it stood alone; the
// others are further metrics that a trial is judged by. Besides what an epoch records they may be
// what a trial is or takes.
#include "walkers.h"

#include <stdio.h>
#include <string.h>

#include "mlpsweep/metric.h"
#include "schema.h"

// Metrics that no epoch records. The store has them: columns of table trial, and the time of
// attempts.
static const struct beside {
    const char *name;
    bool of_training; // of a network
} beside[] = {{"weights", true}, {"flops", true}, {"memory_bytes", true}, {"seconds", false}};

enum { N_BESIDE = sizeof beside / sizeof *beside, MAX_NAMES = 64 };

static bool is_beside(const struct ms_walk *w, const char *name)
{
    for (int i = 0; i < N_BESIDE; i++)
        if (strcmp(beside[i].name, name) == 0)
            return !beside[i].of_training || w->kind == MS_KIND_TRAIN;
    return false;
}

static bool good_name(const struct ms_walk *w, const char *name)
{
    if (is_beside(w, name))
        return true;
    if (w->kind == MS_KIND_TRAIN)
        return ms_metric_id(name) >= 0;
    return w->kind == MS_KIND_COMMAND && name[0] && strlen(name) < MS_GOAL_NAME;
}

static void refuse_name(struct ms_walk *w, const cJSON *v)
{
    const char *names[MAX_NAMES], *near = NULL;
    char found[128], metrics[1000];
    int n = 0;
    for (int i = 0; i < N_BESIDE; i++)
        if (is_beside(w, beside[i].name))
            names[n++] = beside[i].name;
    for (int i = 0; w->kind == MS_KIND_TRAIN && i < ms_metric_table.n && n < MAX_NAMES; i++)
        names[n++] = ms_table_row(&ms_metric_table, i)->name;
    if (cJSON_IsString(v)) {
        bool validation = strncmp(v->valuestring, "val_", 4) == 0;
        near = ms_nearest(v->valuestring + (validation ? 4 : 0), names, n);
        char nearest[64];
        snprintf(nearest, sizeof nearest, "%s%s", validation ? "val_" : "", near ? near : "");
        ms_sweep_problem(
            w, v, "found %s; allowed: %s%s%s%s%s%s", ms_sweep_value_text(v, found, sizeof found),
            w->kind == MS_KIND_TRAIN ? "weights, flops, memory_bytes, seconds, or a metric: "
                                     : "seconds",
            w->kind == MS_KIND_TRAIN ? ms_table_names(&ms_metric_table, metrics, sizeof metrics)
                                     : "",
            w->kind == MS_KIND_TRAIN     ? ", each also with 'val_' before it"
            : w->kind == MS_KIND_COMMAND ? ", or a metric that the command prints"
                                         : "",
            near ? "; did you mean '" : "", near ? nearest : "", near ? "'?" : "");
        return;
    }
    ms_sweep_problem(w, v, "found %s; allowed: the name of a metric",
                     ms_sweep_value_text(v, found, sizeof found));
}

void ms_sweep_walk_goal_metric(struct ms_walk *w, const cJSON *v, const struct ms_field *f,
                               void *base)
{
    (void)f;
    struct ms_goal_value *goal = base;
    if (!cJSON_IsString(v) || !good_name(w, v->valuestring))
        refuse_name(w, v);
    else
        snprintf(goal->name, sizeof goal->name, "%s", v->valuestring);
}

static void walk_goal(struct ms_walk *w, const cJSON *v, const struct ms_field *f, int i,
                      struct ms_values *values)
{
    struct ms_goal_value *goal = &values->goal[i];
    *goal = (struct ms_goal_value){.goal = -1};
    ms_sweep_walk_literal(w, v, f, goal);
    const char *first = values->objective.name;
    char name[64];
    if (values->objective.metric >= 0)
        first = ms_metric_name(values->objective.metric, name, sizeof name);
    bool twice = goal->name[0] && strcmp(goal->name, first) == 0;
    for (int k = 1; k < i; k++)
        twice = twice || (goal->name[0] && strcmp(goal->name, values->goal[k].name) == 0);
    if (twice)
        ms_sweep_problem(w, v, "found %s twice; allowed: every metric once", goal->name);
    if (goal->name[0] && goal->goal < 0 && w->kind == MS_KIND_COMMAND &&
        !is_beside(w, goal->name) && ms_metric_id(goal->name) < 0)
        ms_sweep_problem(w, v,
                         "found '%s', one of the command's own metrics, without goal; allowed: "
                         "minimize, maximize",
                         goal->name);
}

void ms_sweep_walk_objective(struct ms_walk *w, const cJSON *v, const struct ms_field *f,
                             void *base)
{
    struct ms_values *values = base;
    int n = cJSON_GetArraySize(v), i = 0;
    struct ms_field one = *f;
    one.type = MS_F_SECTION;
    if (!cJSON_IsArray(v)) {
        ms_sweep_walk_literal(w, v, &one, base);
        return;
    }
    if (n < 1 || n > MS_MAX_GOALS) {
        ms_sweep_problem(w, v, "found an array of %d; allowed: an object, or an array of 1 to %d",
                         n, MS_MAX_GOALS);
        return;
    }
    values->n_goals = n;
    for (const cJSON *m = v->child; m; m = m->next, i++) {
        char number[16];
        snprintf(number, sizeof number, "%d", i + 1);
        struct ms_mark mark = ms_sweep_walk_enter(w, number, number);
        if (i == 0)
            ms_sweep_walk_literal(w, m, &one, base);
        else
            walk_goal(w, m, f->item, i, values);
        ms_sweep_walk_leave(w, mark);
    }
}

void ms_sweep_walk_command(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base)
{
    (void)f, (void)base;
    char found[128];
    if (!cJSON_IsArray(v)) {
        ms_sweep_problem(w, v,
                         "found %s; allowed: an array of strings, the program and its arguments, "
                         "such as [\"./train.sh\", \"--lr={lr}\"]; no shell reads them",
                         ms_sweep_value_text(v, found, sizeof found));
        return;
    }
    int n = cJSON_GetArraySize(v);
    if (n < 1 || n > MS_COMMAND_ARGUMENTS)
        ms_sweep_problem(w, v, "found %d strings; allowed: 1 to %d, the program first", n,
                         MS_COMMAND_ARGUMENTS);
    for (const cJSON *m = v->child; m; m = m->next)
        if (!cJSON_IsString(m) || strlen(m->valuestring) >= MS_COMMAND_BYTES ||
            (m == v->child && !m->valuestring[0]))
            ms_sweep_problem(
                w, m, "found %s%s; allowed: strings of up to %d bytes, the program first",
                ms_sweep_value_text(m, found, sizeof found),
                cJSON_IsNumber(m) ? ", which is not a string" : "", MS_COMMAND_BYTES - 1);
}

void ms_sweep_walk_objective_metric(struct ms_walk *w, const cJSON *v, const struct ms_field *f,
                                    void *base)
{
    static const struct ms_field metric = {.name = "metric",
                                           .type = MS_F_METRIC,
                                           .fixed = true,
                                           .offset = offsetof(struct ms_values, objective.metric)};
    static const struct ms_field name = {.name = "metric",
                                         .type = MS_F_TEXT,
                                         .fixed = true,
                                         .offset = offsetof(struct ms_values, objective.name),
                                         .size = MS_PARAM_NAME};
    (void)f;
    char found[128];
    if (w->kind == MS_KIND_TRAIN)
        ms_sweep_walk_literal(w, v, &metric, base);
    else if (w->kind == MS_KIND_COMMAND)
        ms_sweep_walk_literal(w, v, &name, base);
    else if (!cJSON_IsString(v) || strcmp(v->valuestring, "value") != 0)
        ms_sweep_problem(w, v, "found %s; allowed: value, the one metric that a function has",
                         ms_sweep_value_text(v, found, sizeof found));
}
