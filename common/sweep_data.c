// SPDX-License-Identifier: MIT
//
// The data sets that a sweep can ask for: the "data" section at every combination of the parameters
// in it. Combinations whose sections are the same text share a data set.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sweep_parts.h"

// ----------------------------------------------------------------------------- a section at a point

static cJSON *resolve(const struct ms_walk *w, const cJSON *v);

static cJSON *resolve_param(const struct ms_walk *w, const cJSON *v)
{
    int i = ms_param_at(w, v);
    double value = i < 0 ? NAN : w->point[i];
    if (isnan(value))
        return NULL;
    const struct ms_param *p = &w->space->param[i];
    if (p->kind == MS_CHOICE)
        return resolve(w, cJSON_GetArrayItem(p->values, (int)value));
    if (p->kind == MS_BOOL)
        return cJSON_CreateBool(value != 0);
    return cJSON_CreateNumber(ms_param_number(p, value));
}

// A copy of v without parameters; NULL: no memory, or the point does not fit.
static cJSON *resolve(const struct ms_walk *w, const cJSON *v)
{
    if (ms_is_param(v))
        return resolve_param(w, v);
    if (!cJSON_IsObject(v) && !cJSON_IsArray(v))
        return cJSON_Duplicate(v, false);
    cJSON *copy = cJSON_IsObject(v) ? cJSON_CreateObject() : cJSON_CreateArray();
    for (const cJSON *m = copy ? v->child : NULL; m; m = m->next) {
        cJSON *item = resolve(w, m);
        cJSON_bool added = item && (cJSON_IsObject(v) ? cJSON_AddItemToObject(copy, m->string, item)
                                                      : cJSON_AddItemToArray(copy, item));
        if (!added) {
            cJSON_Delete(item);
            cJSON_Delete(copy);
            return NULL;
        }
    }
    return copy;
}

// {"layers": 3, "each": {…}} at a point has different layers: they are written out.
static cJSON *resolve_layers(struct ms_walk *w, const cJSON *v)
{
    const cJSON *same = ms_member(v, "same"), *each = ms_member(v, "each");
    cJSON *count = resolve(w, ms_member(v, "layers")), *array = cJSON_CreateArray();
    int n = cJSON_IsNumber(count) ? (int)count->valuedouble : 0;
    for (int i = 1; array && i <= n; i++) {
        cJSON *layer = same ? resolve(w, same) : cJSON_CreateObject();
        w->layer = i;
        cJSON *own = each ? resolve(w, each) : cJSON_CreateObject();
        w->layer = 0;
        while (own && own->child && layer) {
            cJSON *m = cJSON_DetachItemViaPointer(own, own->child);
            if (!cJSON_AddItemToObject(layer, m->string, m))
                cJSON_Delete(m);
        }
        cJSON_Delete(own);
        if (!layer || !cJSON_AddItemToArray(array, layer)) {
            cJSON_Delete(layer);
            cJSON_Delete(array);
            array = NULL;
        }
    }
    cJSON_Delete(count);
    return array;
}

char *ms_sweep_resolved(const struct ms_sweep *s, const char *field, const double *point)
{
    struct ms_walk w = ms_sweep_reader(s, point, 0);
    const cJSON *v = ms_member(ms_json_root(s->doc), field);
    if (strcmp(field, "hidden") == 0 && v && ms_is_param(v)) {
        int i = ms_param_at(&w, v);
        bool known = i >= 0 && !isnan(point[i]);
        v = known ? cJSON_GetArrayItem(s->space.param[i].values, (int)point[i]) : NULL;
    }
    if (!v)
        return NULL;
    bool layers = strcmp(field, "hidden") == 0 && cJSON_IsObject(v);
    cJSON *copy = layers ? resolve_layers(&w, v) : resolve(&w, v);
    char *text = copy ? ms_json_compact(copy, true) : NULL;
    cJSON_Delete(copy);
    return text;
}

// ------------------------------------------------------------------------------------ combinations

// The parameters of "data" as a space of their own; names and values are borrowed.
static int data_space(const struct ms_sweep *s, struct ms_space *sub, struct ms_error *err)
{
    for (int i = 0; i < s->n_data; i++) {
        struct ms_param p = s->space.param[s->data_first + i];
        p.parent = p.parent < 0 ? -1 : p.parent - s->data_first;
        int rc = ms_space_add(sub, &p, err);
        if (rc < 0)
            return rc;
    }
    return 0;
}

// Reads the section at a point into a new spec, or finds the one that is the same.
static int add_spec(struct ms_sweep *s, const double *point, struct ms_walk *w)
{
    struct ms_values *values = calloc(1, sizeof *values);
    char *text = ms_sweep_resolved(s, "data", point);
    const cJSON *section = ms_member(ms_json_root(s->doc), "data");
    int found = -1;
    if (!values || !text) {
        w->no_memory = true;
    } else if (strlen(text) >= sizeof values->data.canonical) {
        ms_problem(w, section, "data: found a section of %zu bytes; allowed: at most %zu",
                   strlen(text), sizeof values->data.canonical - 1);
    } else {
        for (int i = 0; i < s->n_specs && found < 0; i++)
            if (strcmp(s->spec[i].canonical, text) == 0)
                found = i;
        if (found < 0) {
            struct ms_walk reader = ms_sweep_reader(s, point, MS_PART_DATA);
            reader.config = &values->config;
            ms_walk_section(&reader, ms_json_root(s->doc),
                            &(struct ms_field){.section = &ms_top_section}, values);
            memcpy(values->data.canonical, text, strlen(text) + 1);
            found = s->n_specs++;
            s->spec[found] = values->data;
        }
    }
    free(text);
    free(values);
    return found;
}

int ms_sweep_find_data(struct ms_sweep *s, struct ms_walk *w)
{
    struct ms_error err;
    struct ms_space sub;
    const cJSON *section = ms_member(ms_json_root(s->doc), "data");
    double *point = malloc(((size_t)s->space.n + 1) * sizeof *point);
    ms_space_init(&sub);
    int rc = point ? data_space(s, &sub, &err) : MS_ENOMEM;
    uint64_t n = rc < 0 ? 0 : ms_space_size(&sub);
    if (rc == 0 && (n == 0 || n > MS_MAX_DATASETS)) {
        ms_problem(w, section, "data: found %s%llu different data sections; allowed: at most %d",
                   n ? "" : "more than ", n ? (unsigned long long)n : 1ull << 62, MS_MAX_DATASETS);
    } else if (rc == 0) {
        s->combination = calloc((size_t)n * (size_t)s->n_data + 1, sizeof *s->combination);
        s->spec = calloc((size_t)n, sizeof *s->spec);
        rc = s->combination && s->spec ? 0 : MS_ENOMEM;
        for (int i = 0; point && i < s->space.n; i++)
            point[i] = NAN;
        double *part = rc == 0 ? point + s->data_first : NULL;
        for (bool more = part && ms_space_first(&sub, part); more; more = ms_space_next(&sub, part)) {
            memcpy(s->combination + s->n_combinations * s->n_data, part,
                   (size_t)s->n_data * sizeof *part);
            s->combination_spec[s->n_combinations++] = add_spec(s, point, w);
        }
    }
    ms_space_clear(&sub);
    free(point);
    return rc;
}

int ms_sweep_data_at(const struct ms_sweep *s, const double *point)
{
    const double *part = point + s->data_first;
    for (int k = 0; k < s->n_combinations; k++) {
        const double *c = s->combination + k * s->n_data;
        bool same = true;
        for (int i = 0; i < s->n_data && same; i++)
            same = c[i] == part[i] || (isnan(c[i]) && isnan(part[i]));
        if (same)
            return s->combination_spec[k];
    }
    return -1;
}

int ms_sweep_data(const struct ms_sweep *s, const struct ms_data_spec **specs)
{
    *specs = s->spec;
    return s->n_specs;
}
