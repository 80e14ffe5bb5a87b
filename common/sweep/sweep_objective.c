// SPDX-License-Identifier: MIT
//
// The objective of a sweep, from its values in the file: the kind of the sweep, the rules of each
// kind, and the objective and the further goals with their defaults.
#include "sweep_internal.h"

#include <stdio.h>
#include <string.h>

#include "mlpsweep/function.h"
#include "mlpsweep/metric.h"

enum { VAL_LOSS = 1 }; // metric id: row 0 is the loss

enum ms_kind ms_sweep_objective_kind(const cJSON *root)
{
    const cJSON *o = ms_sweep_first_objective(root);
    if (ms_sweep_member(o, "function"))
        return MS_KIND_FUNCTION;
    return ms_sweep_member(o, "command") ? MS_KIND_COMMAND : MS_KIND_TRAIN;
}

void ms_sweep_objective_usual_params(struct ms_sweep *s, const struct ms_values *v,
                                     struct ms_walk *w)
{
    if (s->kind != MS_KIND_FUNCTION || v->objective.function < 0 ||
        ms_sweep_member(ms_json_root(s->doc), "params"))
        return;
    const struct ms_function *f = ms_function_row(v->objective.function);
    const cJSON *node = ms_sweep_member(ms_sweep_first_objective(ms_json_root(s->doc)), "function");
    for (int i = 0; i < ms_function_usual_dims(f); i++) {
        char name[16];
        struct ms_error err;
        ms_function_param(i, ms_function_usual_dims(f), name, sizeof name);
        struct ms_param p = {.name = name,
                             .kind = MS_FLOAT,
                             .lo = f->lo[f->dims ? i : 0],
                             .hi = f->hi[f->dims ? i : 0],
                             .parent = -1,
                             .line = ms_json_line(s->doc, node)};
        int at = ms_space_add(&s->space, &p, &err);
        w->no_memory = w->no_memory || at < 0;
        if (at >= 0)
            s->place[at] = (struct ms_place){node, i + 1, at};
    }
}

static void function_rules(const struct ms_sweep *s, const struct ms_values *v, struct ms_walk *w)
{
    const cJSON *params = ms_sweep_member(ms_json_root(s->doc), "params");
    if (v->objective.function < 0 || !cJSON_IsObject(params))
        return;
    const struct ms_function *f = ms_function_row(v->objective.function);
    int n = cJSON_GetArraySize(params);
    if (f->dims && n != f->dims)
        ms_sweep_problem(w, params,
                         "params: found %d; allowed: the %d numbers of %s, in their order", n,
                         f->dims, f->row.name);
    else if (n < 1 || n > MS_MAX_FUNCTION_DIMS)
        ms_sweep_problem(w, params, "params: found %d; allowed: 1 to %d numbers", n,
                         MS_MAX_FUNCTION_DIMS);
}

void ms_sweep_objective_rules(struct ms_sweep *s, const struct ms_values *v, struct ms_walk *w)
{
    if (s->kind == MS_KIND_FUNCTION)
        function_rules(s, v, w);
    else if (s->kind == MS_KIND_COMMAND)
        ms_sweep_command_rules(s, v, w);
}

// --- taking the values -------------------------------------------------------

// The objective where the file names none: val_loss, or the training loss without validation rows.
static int default_metric(const struct ms_sweep *s)
{
    for (int i = 0; i < s->n_specs; i++)
        if (!ms_data_validates(&s->spec[i]))
            return 0;
    return VAL_LOSS;
}

static void take_first(struct ms_sweep *s, const struct ms_values *v)
{
    struct ms_objective *o = &s->objective;
    o->metric = s->kind == MS_KIND_TRAIN ? v->objective.metric : -1;
    o->at = (enum ms_at)v->objective.at;
    o->window = o->at == MS_AT_BEST || o->at == MS_AT_LAST ? 1 : v->objective.window;
    o->by = (enum ms_by)v->objective.by;
    o->failures = (enum ms_failures)v->objective.failures;
    int known = o->metric;
    if (s->kind == MS_KIND_TRAIN)
        ms_metric_name(o->metric, o->name, sizeof o->name);
    else if (s->kind == MS_KIND_FUNCTION)
        snprintf(o->name, sizeof o->name, "value");
    else
        snprintf(o->name, sizeof o->name, "%s", v->objective.name), known = ms_metric_id(o->name);
    o->maximize =
        v->objective.goal < 0 ? known >= 0 && ms_metric_maximize(known) : v->objective.goal == 1;
}

static void take_goals(struct ms_sweep *s, const struct ms_values *v)
{
    struct ms_goals *g = &s->goals;
    g->n = v->n_goals > 1 ? v->n_goals : 1;
    g->item[0] = (struct ms_goal){.maximize = s->objective.maximize, .metric = s->objective.metric};
    snprintf(g->item[0].name, sizeof g->item[0].name, "%s", s->objective.name);
    for (int i = 1; i < g->n; i++) {
        struct ms_goal *goal = &g->item[i];
        int known = ms_metric_id(v->goal[i].name);
        memcpy(goal->name, v->goal[i].name, sizeof goal->name);
        goal->metric = s->kind == MS_KIND_TRAIN ? known : -1;
        goal->maximize =
            v->goal[i].goal < 0 ? known >= 0 && ms_metric_maximize(known) : v->goal[i].goal == 1;
    }
}

void ms_sweep_objective_take(struct ms_sweep *s, struct ms_values *v)
{
    if (v->objective.metric < 0 && s->kind == MS_KIND_TRAIN)
        v->objective.metric = default_metric(s);
    take_first(s, v);
    take_goals(s, v);
}

void ms_sweep_goals_data_rules(const struct ms_values *v, const cJSON *root, struct ms_walk *w)
{
    const cJSON *list = ms_sweep_member(root, "objective");
    for (int i = 1; i < v->n_goals; i++) {
        int id = ms_metric_id(v->goal[i].name);
        if (w->kind == MS_KIND_TRAIN && id >= 0 && id % 2 == 1)
            ms_sweep_problem(
                w, cJSON_GetArrayItem(list, i),
                "objective.%d.metric: found '%s', but data.validation is 0; allowed: a metric of "
                "the training rows",
                i + 1, v->goal[i].name);
    }
}
