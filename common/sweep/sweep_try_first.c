// SPDX-License-Identifier: MIT
//
// search.try_first: trials that the user names. Keys are parameters' names, values are those that
// the parameter can take: numbers, true and false, texts, an object of a choice by its name or
// whole. A conditional parameter is named together with what it depends on, so that an entry says
// by itself which alternative it means.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sweep_internal.h"
#include "walkers.h"

enum { MAX_ENTRIES = 10000, MAX_TEXT = 4096, FEW = 64, SHORT = 64 };

void ms_sweep_walk_try_first(struct ms_walk *w, const cJSON *v, const struct ms_field *f,
                             void *base)
{
    char found[128];
    (void)f;
    (void)base;
    if (!cJSON_IsArray(v) || cJSON_GetArraySize(v) > MAX_ENTRIES)
        ms_sweep_problem(
            w, v, "found %s; allowed: an array of up to %d objects, such as [{\"batch_size\": 32}]",
            ms_sweep_value_text(v, found, sizeof found), MAX_ENTRIES);
    for (const cJSON *m = cJSON_IsArray(v) ? v->child : NULL; m; m = m->next) {
        if (cJSON_IsObject(m))
            ms_sweep_problem_duplicates(w, m);
        else
            ms_sweep_problem(w, m, "found %s; allowed: an object, such as {\"batch_size\": 32}",
                             ms_sweep_value_text(m, found, sizeof found));
    }
}

// --- values ------------------------------------------------------------------

// The value of a grid parameter nearest to a number: an index.
static double nearest_index(const struct ms_param *p, double x)
{
    double last = (double)p->count - 1, i;
    if (p->count == 1)
        return 0;
    if (p->step > 0)
        i = p->log && p->step > 1 ? log(x / p->lo) / log(p->step) : (x - p->lo) / p->step;
    else
        i = last * (p->log ? log(x / p->lo) / log(p->hi / p->lo) : (x - p->lo) / (p->hi - p->lo));
    return fmin(fmax(nearbyint(i), 0), last);
}

static double number_value(const struct ms_param *p, const cJSON *v)
{
    double x = v->valuedouble;
    if (!cJSON_IsNumber(v) || !(x >= p->lo && x <= p->hi))
        return NAN;
    if (p->count == 0)
        return x;
    double i = nearest_index(p, x);
    return ms_space_param_number(p, i) == x ? i : NAN;
}

static double choice_value(const struct ms_param *p, const cJSON *v)
{
    char *wanted = ms_json_compact(v, true), *text = malloc(MAX_TEXT);
    double value = NAN;
    int k = 0;
    for (const cJSON *m = wanted && text ? p->values->child : NULL; m && isnan(value);
         m = m->next, k++) {
        char *one = ms_json_compact(m, true);
        if ((one && strcmp(one, wanted) == 0) ||
            (cJSON_IsString(v) &&
             strcmp(ms_space_param_text(p, k, text, MAX_TEXT), v->valuestring) == 0))
            value = k;
        free(one);
    }
    free(wanted);
    free(text);
    return value;
}

// NAN: not one of the parameter's values.
static double value_of(const struct ms_param *p, const cJSON *v)
{
    if (p->kind == MS_CHOICE)
        return choice_value(p, v);
    if (p->kind == MS_BOOL)
        return cJSON_IsBool(v) ? (double)cJSON_IsTrue(v) : NAN;
    return number_value(p, v);
}

// A parameter's values in words. Returns out.
static const char *values_text(const struct ms_param *p, char *out, size_t size)
{
    char lo[32], hi[32], step[32], one[128];
    ms_number_text(p->lo, lo, sizeof lo);
    ms_number_text(p->hi, hi, sizeof hi);
    ms_number_text(p->step, step, sizeof step);
    out[0] = '\0';
    if (p->kind == MS_CHOICE || p->kind == MS_BOOL || (p->count > 0 && p->count <= 12)) {
        for (uint64_t k = 0; k < p->count && strlen(out) < size / 2; k++)
            snprintf(out + strlen(out), size - strlen(out), "%s%s", k ? ", " : "",
                     ms_space_param_text(p, (double)k, one, sizeof one));
    } else {
        snprintf(out, size, "%s from %s to %s", p->kind == MS_INT ? "an integer" : "a number", lo,
                 hi);
        if (p->count > 0 && p->step == 0)
            snprintf(out + strlen(out), size - strlen(out), ", one of %llu points",
                     (unsigned long long)p->count);
        else if (p->count > 0 && (p->kind == MS_FLOAT || p->step != 1))
            snprintf(out + strlen(out), size - strlen(out), " in %s of %s",
                     p->log ? "factors" : "steps", step);
    }
    return out;
}

// The spelling that a text was meant as, in out; NULL: none is near.
static const char *nearest_text(const struct ms_param *p, const cJSON *v, char out[SHORT])
{
    char text[FEW][SHORT];
    const char *texts[FEW];
    int n = 0;
    for (; p->kind == MS_CHOICE && cJSON_IsString(v) && n < FEW && n < (int)p->count; n++)
        texts[n] = ms_space_param_text(p, n, text[n], SHORT);
    const char *near = n > 0 ? ms_nearest(v->valuestring, texts, n) : NULL;
    if (near)
        snprintf(out, SHORT, "%s", near);
    return near ? out : NULL;
}

// --- entries -----------------------------------------------------------------

// 1 when the named values make parameter i exist, 0 when they do not, -1 when its parent is not
// named.
static int exists(const struct ms_space *space, const double *values, int i)
{
    const struct ms_param *p = &space->param[i];
    if (p->condition == MS_ALWAYS)
        return 1;
    if (isnan(values[p->parent]))
        return -1;
    return ms_space_active(space, values, i);
}

static void unknown_key(const struct ms_sweep *s, struct ms_walk *w, const cJSON *m)
{
    const char *names[MS_MAX_PARAMS];
    for (int i = 0; i < s->space.n; i++)
        names[i] = s->space.param[i].name;
    const char *near = ms_nearest(m->string, names, s->space.n);
    char clipped[MS_CLIP];
    ms_sweep_problem(w, m, "found '%s', which is not a parameter; allowed: %s%s%s%s",
                     ms_sweep_clip(m->string, clipped),
                     s->space.n ? "the names of parameters" : "nothing, as the sweep has none",
                     near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

// One member of an entry, whose parents are read already.
static void read_member(const struct ms_sweep *s, struct ms_walk *w, const cJSON *m, double *values)
{
    const struct ms_space *space = &s->space;
    char text[512], found[128], near_text[SHORT];
    int other = -1;
    for (int i = 0; i < space->n; i++) {
        const struct ms_param *p = &space->param[i];
        if (strcmp(p->name, m->string) != 0)
            continue;
        if (exists(space, values, i) != 1) {
            other = i;
            continue;
        }
        values[i] = value_of(p, m);
        if (isnan(values[i])) {
            const char *near = nearest_text(p, m, near_text);
            ms_sweep_problem(w, m, "found %s; allowed: %s%s%s%s",
                             ms_sweep_value_text(m, found, sizeof found),
                             values_text(p, text, sizeof text), near ? "; did you mean '" : "",
                             near ? near : "", near ? "'?" : "");
        }
        return;
    }
    if (other < 0) {
        unknown_key(s, w, m);
        return;
    }
    const struct ms_param *parent = &space->param[space->param[other].parent];
    double given = values[space->param[other].parent];
    if (isnan(given))
        ms_sweep_problem(w, m, "found without %s, on which it depends; allowed: both or neither",
                         parent->name);
    else
        ms_sweep_problem(w, m, "found beside %s %s, where this parameter does not exist",
                         parent->name, ms_space_param_text(parent, given, text, sizeof text));
}

// The index of the first parameter with a name; -1: there is none. Parents come before their
// children in the space, not in the file.
static int first_param(const struct ms_space *space, const char *name)
{
    for (int i = 0; i < space->n; i++)
        if (strcmp(space->param[i].name, name) == 0)
            return i;
    return -1;
}

static void read_entry(const struct ms_sweep *s, struct ms_walk *w, const cJSON *entry,
                       double *values)
{
    for (int i = 0; i < s->space.n; i++)
        values[i] = NAN;
    for (int i = -1; i < s->space.n; i++) // in the order of the space; unknown ones first
        for (const cJSON *m = entry->child; m; m = m->next)
            if ((i < 0 || strcmp(s->space.param[i].name, m->string) == 0) &&
                first_param(&s->space, m->string) == i) {
                struct ms_mark mark = ms_sweep_walk_enter(w, m->string, "");
                read_member(s, w, m, values);
                ms_sweep_walk_leave(w, mark);
            }
}

// True when nothing is left to choose.
static bool complete(const struct ms_space *space, const double *values)
{
    for (int i = 0; i < space->n; i++)
        if (isnan(values[i]) && exists(space, values, i) == 1)
            return false;
    return true;
}

// Checks an entry as a whole.
static void check_entry(const struct ms_sweep *s, struct ms_walk *w, const cJSON *entry, int k)
{
    const double *values = s->try_first + (size_t)k * (size_t)s->space.n;
    int i = ms_sweep_forbidden_by(s, values);
    const cJSON *all = ms_sweep_member(ms_json_root(s->doc), "require");
    char clipped[MS_CLIP], looked[96];
    if (i >= 0)
        ms_sweep_problem(w, entry, "forbidden by require.%d, \"%s\"", i + 1,
                         ms_sweep_clip(cJSON_GetArrayItem(all, i)->valuestring, clipped));
    else if (s->n_require > 0 && w->found == 0 && !ms_sweep_any_allowed(s, w, values, looked))
        ms_sweep_problem(w, entry, "require allows %s with these values", looked);
    for (int j = 0; j < k && complete(&s->space, values); j++)
        if (ms_space_point_equal(&s->space, values,
                                 s->try_first + (size_t)j * (size_t)s->space.n)) {
            ms_sweep_problem(w, entry, "the same trial as search.try_first.%d; allowed: each once",
                             j + 1);
            break;
        }
}

void ms_sweep_find_try_first(struct ms_sweep *s, struct ms_walk *w)
{
    const cJSON *search = ms_sweep_member(ms_json_root(s->doc), "search");
    const cJSON *all = ms_sweep_member(search, "try_first"),
                *most = ms_sweep_member(search, "max_trials");
    int n = cJSON_IsArray(all) ? cJSON_GetArraySize(all) : 0, k = 0;
    if (n == 0 || w->no_memory)
        return;
    if (most && n > most->valuedouble)
        ms_sweep_problem(
            w, all, "search.try_first: found %d trials; allowed: at most search.max_trials, %.0f",
            n, most->valuedouble);
    s->try_first = malloc(((size_t)n * (size_t)s->space.n + 1) * sizeof *s->try_first);
    if (!s->try_first) {
        w->no_memory = true;
        return;
    }
    s->n_try_first = n;
    for (const cJSON *m = all->child; m; m = m->next, k++) {
        char path[64];
        int before = w->found;
        snprintf(path, sizeof path, "search.try_first.%d", k + 1);
        struct ms_mark mark = ms_sweep_walk_enter(w, path, "");
        read_entry(s, w, m, s->try_first + (size_t)k * (size_t)s->space.n);
        if (w->found == before)
            check_entry(s, w, m, k);
        ms_sweep_walk_leave(w, mark);
    }
}

int ms_sweep_try_first(const struct ms_sweep *s, const double **values)
{
    *values = s->try_first;
    return s->n_try_first;
}
