// SPDX-License-Identifier: MIT
//
// From text to sweep: syntax (json.c), fields and parameters (walk.c), rules across fields
// (sweep_rules.c), data sets (sweep_data.c). Each stage runs where the one before left it something
// to judge, so that one call tells as much as it can.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/metric.h"
#include "sweep_tree.h"

enum { VAL_LOSS = 1 }; // metric id: row 0 is the loss

struct ms_walk ms_sweep_reader(const struct ms_sweep *s, const double *point, int parts)
{
    // The walk adds to a space only while checking: what is const here stays so.
    return (struct ms_walk){.doc = s->doc,
                            .space = (struct ms_space *)(uintptr_t)&s->space,
                            .place = (struct ms_place *)(uintptr_t)s->place,
                            .point = point,
                            .parts = parts,
                            .kind = s->kind,
                            .scope = {MS_ALWAYS, -1, 0}};
}

static char *copy_text(const char *text, size_t len)
{
    char *copy = malloc(len + 1);
    if (copy) {
        memcpy(copy, text, len);
        copy[len] = '\0';
    }
    return copy;
}

void ms_sweep_default_name(const char *file, char *out, size_t size)
{
    const char *slash = strrchr(file, '/');
    snprintf(out, size, "%s", slash ? slash + 1 : file);
    char *dot = strrchr(out, '.');
    if (dot && dot != out)
        *dot = '\0';
    if (!out[0])
        snprintf(out, size, "sweep");
}

static void take_objective(struct ms_sweep *s, const struct ms_values *v)
{
    struct ms_objective *o = &s->objective;
    o->metric = s->kind == MS_KIND_TRAIN ? v->objective.metric : -1;
    o->at = (enum ms_at)v->objective.at;
    o->by = (enum ms_by)v->objective.by;
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

static void take_values(struct ms_sweep *s, const struct ms_values *v)
{
    if (v->name[0])
        memcpy(s->name, v->name, sizeof s->name);
    else
        ms_sweep_default_name(s->file, s->name, sizeof s->name);
    s->seed = (uint64_t)v->seed;
    s->threads = v->threads;
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
    take_objective(s, v);
    ms_sweep_goals_take(s, v);
}

// The objective where the file names none: val_loss, or the training loss without validation rows.
static int default_metric(const struct ms_sweep *s)
{
    for (int i = 0; i < s->n_specs; i++)
        if (!ms_data_validates(&s->spec[i]))
            return 0;
    return VAL_LOSS;
}

static void check(struct ms_sweep *s, struct ms_walk *w, struct ms_values *v)
{
    const cJSON *root = ms_json_root(s->doc);
    const struct ms_field top = {.type = MS_F_SECTION, .section = &ms_schema_top_section};
    ms_sweep_field_default(&top, v);
    v->monitor = -1;
    v->plateau = -1;
    ms_sweep_field_default(&ms_schema_objective_field, v);
    v->objective.metric = -1;
    if (!cJSON_IsObject(root)) {
        char found[128];
        ms_sweep_problem(w, root, "found %s; allowed: a sweep, which is an object",
                         ms_sweep_value_text(root, found, sizeof found));
        return;
    }
    w->kind = s->kind = ms_sweep_objective_kind(root);
    ms_sweep_walk_section(w, root, &top, v);
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
    if (v->objective.metric < 0 && s->kind == MS_KIND_TRAIN)
        v->objective.metric = default_metric(s);
    take_values(s, v);
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
    if (w->no_memory && ms_sweep_problems_add(p, 1, "no memory to parse the file") < 0)
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
    struct ms_walk w = {.problems = problems,
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

int ms_sweep_parse(const char *file, const char *text, size_t len, struct ms_sweep **out,
                   struct ms_sweep_problems *problems)
{
    struct ms_json *doc;
    struct ms_error err;
    int line = 1;
    *out = NULL;
    *problems = (struct ms_sweep_problems){0};
    if (ms_json_parse(text, len, &doc, &line, &err) < 0)
        return ms_sweep_problems_add(problems, line, err.text) < 0 || err.code == MS_ENOMEM
                   ? MS_ENOMEM
                   : MS_EINVAL;
    if (ms_sweep_member(ms_json_root(doc), "stages"))
        return ms_sweep_stages_parse(file, doc, out, problems);
    return ms_sweep_of(file, text, len, doc, out, problems);
}

void ms_sweep_free(struct ms_sweep *s)
{
    if (!s)
        return;
    ms_sweep_stages_free(s->stages);
    ms_sweep_clear_require(s);
    ms_space_clear(&s->space);
    ms_json_free(s->doc);
    free(s->file);
    free(s->text);
    free(s->canonical);
    free(s->spec);
    free(s->combination);
    free(s);
}

int ms_sweep_read(const char *path, char **text, size_t *len, struct ms_error *err)
{
    *text = NULL;
    *len = 0;
    FILE *f = fopen(path, "rb");
    if (!f)
        return ms_fail(err, MS_EIO, "%s: %s", path, strerror(errno));
    size_t cap = 1 << 16;
    char *s = NULL;
    int status = 0;
    for (bool more = true; more && status == 0;) {
        char *grown = realloc(s, cap + 1);
        if (!grown) {
            status = ms_fail(err, MS_ENOMEM, "%s: no memory for the file", path);
            break;
        }
        s = grown;
        *len += fread(s + *len, 1, cap - *len, f);
        if (ferror(f))
            status = ms_fail(err, MS_EIO, "%s: %s", path, strerror(errno));
        else if (*len > MS_MAX_SWEEP_FILE)
            status = ms_fail(err, MS_ELIMIT, "%s: larger than %u bytes", path, MS_MAX_SWEEP_FILE);
        more = *len == cap;
        cap *= 2;
    }
    fclose(f);
    if (status < 0) {
        free(s);
        *len = 0;
        return status;
    }
    s[*len] = '\0';
    *text = s;
    return 0;
}

const char *ms_sweep_name(const struct ms_sweep *s)
{
    return s->name;
}

const char *ms_sweep_file(const struct ms_sweep *s)
{
    return s->file;
}

const char *ms_sweep_text(const struct ms_sweep *s)
{
    return s->text;
}

size_t ms_sweep_text_size(const struct ms_sweep *s)
{
    return s->text_size;
}

uint64_t ms_sweep_seed(const struct ms_sweep *s)
{
    return s->seed;
}

int ms_sweep_threads(const struct ms_sweep *s)
{
    return s->threads;
}

enum ms_kind ms_sweep_kind(const struct ms_sweep *s)
{
    return s->kind;
}

const struct ms_space *ms_sweep_space(const struct ms_sweep *s)
{
    return &s->space;
}

const struct ms_search *ms_sweep_search(const struct ms_sweep *s)
{
    return &s->search;
}

const struct ms_objective *ms_sweep_objective(const struct ms_sweep *s)
{
    return &s->objective;
}

const char *ms_sweep_canonical(const struct ms_sweep *s)
{
    return s->canonical;
}
