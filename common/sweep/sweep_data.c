// SPDX-License-Identifier: MIT
//
// The data sets that a sweep can ask for: the "data" section at every combination of the parameters
// in it. Combinations whose sections are the same text share a data set.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sweep_internal.h"

// --- combinations ------------------------------------------------------------

// The parameters of "data" as a space of their own; names and values are borrowed.
static int data_space(const struct ms_sweep *s, struct ms_space *sub, struct ms_error *err)
{
    for (int i = 0; i < s->n_data; i++) {
        struct ms_param p = s->space.param[s->data_first + i];
        p.parent = p.parent < 0 ? -1 : p.parent - s->data_first;
        int status = ms_space_add(sub, &p, err);
        if (status < 0)
            return status;
    }
    return 0;
}

// Reads the section at a point into a new spec, or finds the one that is the same.
static int add_spec(struct ms_sweep *s, const double *point, struct ms_walk *w)
{
    struct ms_values *values = calloc(1, sizeof *values);
    char *text = ms_sweep_resolved(s, "data", point);
    const cJSON *section = ms_sweep_member(ms_json_root(s->doc), "data");
    int found = -1;
    if (!values || !text) {
        w->no_memory = true;
    } else if (strlen(text) >= sizeof values->data.canonical) {
        ms_sweep_problem(w, section, "data: found a section of %zu bytes; allowed: at most %zu",
                         strlen(text), sizeof values->data.canonical - 1);
    } else {
        for (int i = 0; i < s->n_specs && found < 0; i++)
            if (strcmp(s->spec[i].canonical, text) == 0)
                found = i;
        if (found < 0) {
            struct ms_walk reader = ms_sweep_reader(s, point, MS_PART_DATA);
            reader.config = &values->config;
            ms_sweep_walk_members(&reader, ms_json_root(s->doc), &ms_schema_top_section, values);
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
    const cJSON *section = ms_sweep_member(ms_json_root(s->doc), "data");
    double *point = malloc(((size_t)s->space.n + 1) * sizeof *point);
    ms_space_init(&sub);
    int status = point ? data_space(s, &sub, &err) : MS_ENOMEM;
    uint64_t n = status < 0 ? 0 : ms_space_size(&sub);
    if (status == 0 && (n == 0 || n > MS_MAX_DATASETS)) {
        ms_sweep_problem(
            w, section, "data: found %s%llu different data sections; allowed: at most %d",
            n ? "" : "more than ", n ? (unsigned long long)n : 1ull << 62, MS_MAX_DATASETS);
    } else if (status == 0) {
        s->combination = calloc((size_t)n * (size_t)s->n_data + 1, sizeof *s->combination);
        s->spec = calloc((size_t)n, sizeof *s->spec);
        status = s->combination && s->spec ? 0 : MS_ENOMEM;
        for (int i = 0; point && i < s->space.n; i++)
            point[i] = NAN;
        double *part = status == 0 ? point + s->data_first : NULL;
        for (bool more = part && ms_space_first(&sub, part); more;
             more = ms_space_next(&sub, part)) {
            memcpy(s->combination + s->n_combinations * s->n_data, part,
                   (size_t)s->n_data * sizeof *part);
            s->combination_spec[s->n_combinations++] = add_spec(s, point, w);
        }
    }
    ms_space_clear(&sub);
    free(point);
    return status;
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
