// SPDX-License-Identifier: MIT
//
// From document to sweep: fields and parameters (walk.c), rules across fields (sweep_rules.c), data
// sets (sweep_data.c). Each step runs where the one before left it something to judge, so that one
// call reports as much as it can.
#include "sweep_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "walk_param.h"
#include "walkers.h"

static char *copy_text(const char *text, size_t len)
{
    char *copy = malloc(len + 1);
    if (copy) {
        memcpy(copy, text, len);
        copy[len] = '\0';
    }
    return copy;
}

static void take_values(struct ms_sweep *s, struct ms_values *v)
{
    if (v->name[0])
        memcpy(s->name, v->name, sizeof s->name);
    else
        ms_sweep_default_name(s->file, s->name, sizeof s->name);
    s->seed = (uint64_t)v->seed;
    s->threads = v->threads;
    s->keep_best = s->kind == MS_KIND_TRAIN ? v->keep_best : 0;
    s->search = v->search;
    // Every fold once.
    const cJSON *search = ms_sweep_member(ms_json_root(s->doc), "search");
    if (s->n_specs && s->spec[0].folds && !ms_sweep_member(search, "executions_per_trial"))
        s->search.executions_per_trial = s->spec[0].folds;
    // A latin hypercube has as many strata as trials unless the file says otherwise.
    double *strata = ms_sweep_strata(&s->search);
    if (strata && *strata == 0)
        *strata =
            (double)(s->search.max_trials < MS_MAX_STRATA ? s->search.max_trials : MS_MAX_STRATA);
    ms_sweep_objective_take(s, v);
}

static void check(struct ms_sweep *s, struct ms_walk *w, struct ms_values *v)
{
    const cJSON *root = ms_json_root(s->doc);
    ms_field_default(&(struct ms_field){.type = MS_F_SECTION, .section = &ms_schema_top_section},
                     v);
    v->monitor = -1;
    v->plateau = -1;
    ms_field_default(&ms_schema_objective_field, v);
    v->objective.metric = -1;
    if (!cJSON_IsObject(root)) {
        char found[128];
        ms_sweep_problem(w, root, "found %s; allowed: a sweep, which is an object",
                         ms_sweep_value_text(root, found, sizeof found));
        return;
    }
    w->kind = s->kind = ms_sweep_objective_kind(root);
    ms_sweep_walk_members(w, root, &ms_schema_top_section, v);
    s->function = v->objective.function;
    ms_sweep_objective_usual_params(s, v, w);
    s->data_first = w->data_first;
    s->n_data = w->n_data;
    ms_sweep_objective_rules(s, v, w);
    ms_sweep_rules(s, v, w);
    bool sound = w->found == 0;
    ms_sweep_find_require(s, w);
    if (sound) // else a name may be missing because of what is wrong above
        ms_sweep_find_try_first(s, w);
    if (w->found > 0 || w->no_memory)
        return;
    ms_sweep_places_sort(s->place, s->space.n);
    if (s->kind == MS_KIND_TRAIN && ms_sweep_find_data(s, w) < 0)
        w->no_memory = true;
    if (w->found > 0 || w->no_memory)
        return;
    ms_sweep_data_rules(s, v, w);
    take_values(s, v);
    ms_sweep_comparable_rules(s, w);
    s->canonical = ms_json_compact(root, false);
    w->no_memory = w->no_memory || !s->canonical;
}

static int finish(struct ms_sweep *s, const struct ms_walk *w, struct ms_sweep **out)
{
    struct ms_sweep_problems *p = w->problems;
    char text[128];
    int status = w->no_memory ? MS_ENOMEM : p->n > 0 || w->found > 0 ? MS_EINVAL : 0;
    ms_sweep_problems_sort(p);
    if (w->unlisted > 0 && p->n > 0) {
        snprintf(text, sizeof text, "and %d more problems", w->unlisted);
        if (ms_sweep_problems_add(p, p->item[p->n - 1].line, text) < 0)
            status = MS_ENOMEM;
    }
    if (w->no_memory && ms_sweep_problems_add(p, 1, "out of memory for the sweep file") < 0)
        status = MS_ENOMEM;
    if (status == 0)
        *out = s;
    else
        ms_sweep_free(s);
    return status;
}

int ms_sweep_of(const char *file, const char *text, size_t len, struct ms_json *doc,
                struct ms_sweep **out, struct ms_sweep_problems *problems)
{
    struct ms_sweep *s = calloc(1, sizeof *s);
    struct ms_values *values = calloc(1, sizeof *values);
    *out = NULL;
    *problems = (struct ms_sweep_problems){0};
    struct ms_walk w = {.walkers = ms_sweep_walkers,
                        .problems = problems,
                        .parts = MS_PART_SWEEP | MS_PART_CONFIG | MS_PART_DATA,
                        .scope = {MS_ALWAYS, -1, 0}};
    if (s) {
        s->doc = doc;
        s->file = strdup(file);
        s->text = copy_text(text, len);
        s->text_size = len;
    } else {
        ms_json_free(doc);
    }
    if (!s || !values || !s->file || !s->text) {
        w.no_memory = true;
    } else {
        w.doc = s->doc;
        w.space = &s->space;
        w.place = s->place;
        w.config = &values->config;
        check(s, &w, values);
    }
    free(values);
    return finish(s, &w, out);
}
