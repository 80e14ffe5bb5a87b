// SPDX-License-Identifier: MIT
//
// Values without parts: numbers, bools, texts and names. A number, whether written or taken from a
// parameter, is stored by ms_field_put.
#include "walkers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "mlpsweep/json.h"
#include "mlpsweep/metric.h"
#include "mlpsweep/utf8.h"

static bool inside(const struct ms_field *f, double x)
{
    return (f->lo_open ? x > f->lo : x >= f->lo) && (f->hi_open ? x < f->hi : x <= f->hi) &&
           (f->type == MS_F_REAL || x == floor(x));
}

void ms_sweep_walk_number(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base)
{
    if (cJSON_IsNumber(v) && inside(f, v->valuedouble))
        ms_field_put(f, base, v->valuedouble);
    else if (cJSON_IsNull(v) && f->null_off)
        ms_field_put(f, base, 0);
    else
        ms_sweep_problem_mismatch(w, v, f);
}

void ms_sweep_walk_bool(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base)
{
    if (cJSON_IsBool(v))
        ms_field_put(f, base, cJSON_IsTrue(v));
    else
        ms_sweep_problem_mismatch(w, v, f);
}

void ms_sweep_walk_text(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base)
{
    size_t n = cJSON_IsString(v) ? strlen(v->valuestring) : 0;
    if (n == 0 || n >= f->size || !ms_is_printable(v->valuestring, n))
        ms_sweep_problem_mismatch(w, v, f);
    else
        memcpy(ms_field_at(f, base), v->valuestring, n + 1);
}

// A name: a text, or a number, as classes and columns without a header have them.
static const char *name_of(const cJSON *v, char number[32])
{
    if (cJSON_IsString(v))
        return v->valuestring;
    return cJSON_IsNumber(v) ? ms_number_text(v->valuedouble, number, 32) : "";
}

void ms_sweep_walk_names(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base)
{
    char *to = ms_field_at(f, base), number[32];
    size_t used = 0;
    if (cJSON_IsArray(v) && !v->child)
        ms_sweep_problem_mismatch(w, v, f);
    for (const cJSON *m = cJSON_IsArray(v) ? v->child : v; m; m = m == v ? NULL : m->next) {
        const char *name = name_of(m, number);
        size_t n = strlen(name);
        if (n == 0 || !ms_is_printable(name, n) || used + (used > 0) + n >= f->size) {
            ms_sweep_problem_mismatch(w, m, f);
            return;
        }
        used += (size_t)snprintf(to + used, f->size - used, "%s%s", used ? "\n" : "", name);
    }
}

void ms_sweep_walk_name(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base)
{
    for (int i = 0; cJSON_IsString(v) && f->names[i]; i++)
        if (strcmp(f->names[i], v->valuestring) == 0) {
            *(int *)ms_field_at(f, base) = i;
            return;
        }
    ms_sweep_problem_mismatch(w, v, f);
}

void ms_sweep_walk_row(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base)
{
    int row = cJSON_IsString(v) ? ms_table_find(f->table, v->valuestring) : -1;
    if (row >= 0)
        *(int *)ms_field_at(f, base) = row;
    else
        ms_sweep_problem_mismatch(w, v, f);
}

void ms_sweep_walk_metric(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base)
{
    int id = cJSON_IsString(v) ? ms_metric_id(v->valuestring) : -1;
    if (id >= 0)
        *(int *)ms_field_at(f, base) = id;
    else
        ms_sweep_problem_mismatch(w, v, f);
}
