// SPDX-License-Identifier: MIT
//
// The sweep file of an ablation: a copy of the sweep's document with another name and search. The
// two points become the entries of search.try_first.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sweep_internal.h"
#include "sweep_tree.h"

enum { MAX_TEXT = 4096 };

bool ms_sweep_is_ablation(const struct ms_sweep *s)
{
    return ((const struct ms_search_row *)ms_table_row(&ms_search_sampler_table,
                                                       s->search.method.row))
        ->is_path;
}

// A value as search.try_first writes it: an object of a choice by its text.
static cJSON *value_of(const struct ms_param *p, double v)
{
    if (p->kind == MS_BOOL)
        return cJSON_CreateBool(v != 0);
    if (p->kind != MS_CHOICE)
        return cJSON_CreateNumber(ms_space_param_number(p, v));
    const cJSON *value = cJSON_GetArrayItem(p->values, (int)v);
    if (!cJSON_IsObject(value) && !cJSON_IsArray(value))
        return cJSON_Duplicate(value, true);
    char *text = malloc(MAX_TEXT);
    cJSON *string = text ? cJSON_CreateString(ms_space_param_text(p, v, text, MAX_TEXT)) : NULL;
    free(text);
    return string;
}

static cJSON *entry_of(const struct ms_space *space, const double *point)
{
    cJSON *entry = cJSON_CreateObject();
    for (int i = 0; entry && i < space->n; i++)
        if (!isnan(point[i]) &&
            !ms_sweep_tree_add(entry, space->param[i].name, value_of(&space->param[i], point[i]))) {
            cJSON_Delete(entry);
            return NULL;
        }
    return entry;
}

// What of the sweep's search concerns how a trial is executed stays; the rest is the ablation's.
static cJSON *search_of(const struct ms_sweep *s, const double *from, const double *to)
{
    static const char *const kept[] = {"executions_per_trial", "max_retries_per_trial",
                                       "max_seconds", "max_wall_seconds"};
    const cJSON *was = ms_sweep_member(ms_json_root(s->doc), "search");
    cJSON *search = cJSON_CreateObject(), *ends = cJSON_CreateArray();
    bool good = ms_sweep_tree_add(search, "method", cJSON_CreateString("ablation"));
    for (size_t k = 0; good && k < sizeof kept / sizeof *kept; k++) {
        const cJSON *v = ms_sweep_member(was, kept[k]);
        good = !v || ms_sweep_tree_add(search, kept[k], cJSON_Duplicate(v, true));
    }
    good = good && ms_sweep_tree_add(ends, NULL, entry_of(&s->space, from)) &&
           ms_sweep_tree_add(ends, NULL, entry_of(&s->space, to));
    if (good)
        good = ms_sweep_tree_add(search, "try_first", ends);
    else
        cJSON_Delete(ends);
    if (good)
        return search;
    cJSON_Delete(search);
    return NULL;
}

// cJSON prints numbers to 15 digits where that is near enough for it; a trial is to be the same to
// the last bit.
static bool keep_digits(cJSON *v)
{
    char text[64];
    bool good = true;
    if (cJSON_IsNumber(v)) {
        char *digits = strdup(v->valuestring ? v->valuestring
                                             : ms_number_text(v->valuedouble, text, sizeof text));
        free(v->valuestring);
        v->valuestring = digits;
        v->type = (v->type & ~0xff) | cJSON_Raw;
        return digits != NULL;
    }
    for (cJSON *m = cJSON_IsObject(v) || cJSON_IsArray(v) ? v->child : NULL; good && m; m = m->next)
        good = keep_digits(m);
    return good;
}

char *ms_sweep_ablation_text(const struct ms_sweep *s, const char *name, const double *from,
                             const double *to)
{
    cJSON *root = cJSON_CreateObject();
    bool good = ms_sweep_tree_add(root, "name", cJSON_CreateString(name));
    for (const cJSON *m = ms_json_root(s->doc)->child; good && m; m = m->next)
        if (strcmp(m->string, "name") != 0 && strcmp(m->string, "search") != 0)
            good = ms_sweep_tree_add(root, m->string, cJSON_Duplicate(m, true));
    good = good && ms_sweep_tree_add(root, "search", search_of(s, from, to));
    char *text = good && keep_digits(root) ? cJSON_Print(root) : NULL;
    cJSON_Delete(root);
    return text;
}

int64_t ms_sweep_ablation_trials(const struct ms_sweep *s)
{
    const size_t width = (size_t)s->space.n;
    double *zeros = calloc(3 * width + 1, sizeof *zeros);
    if (!zeros)
        return 0;
    for (size_t k = 0; k < 2; k++) { // what an entry leaves open takes its first value
        double *end = zeros + (k + 1) * width;
        ms_space_from_unit(&s->space, zeros, end);
        ms_space_overlay(&s->space, s->try_first + k * width, zeros, end);
    }
    int64_t n = 0;
    for (int i = 0; i < s->space.n; i++)
        n += ms_space_differs(&s->space, zeros + width, zeros + 2 * width, i);
    free(zeros);
    return n * (n + 1) / 2 + 1;
}
