// SPDX-License-Identifier: MIT
//
// The walk: one function per field type. A number, whether written or taken from a parameter, goes
// through ms_sweep_field_put; everything else is a literal.
#include "walk.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "mlpsweep/metric.h"
#include "mlpsweep/utf8.h"

// --- the place ---------------------------------------------------------------

static size_t push(char *path, size_t size, const char *component)
{
    size_t used = strlen(path);
    snprintf(path + used, size - used, "%s%s", used && component[0] ? "." : "", component);
    return used;
}

struct ms_mark ms_sweep_walk_enter(struct ms_walk *w, const char *path, const char *name)
{
    if (w->point) // no messages and no names are made when reading
        return (struct ms_mark){0};
    return (struct ms_mark){push(w->path, sizeof w->path, path),
                            push(w->name, sizeof w->name, name)};
}

void ms_sweep_walk_leave(struct ms_walk *w, struct ms_mark mark)
{
    w->path[mark.path] = '\0';
    w->name[mark.name] = '\0';
}

const cJSON *ms_sweep_member(const cJSON *object, const char *key)
{
    for (const cJSON *m = cJSON_IsObject(object) ? object->child : NULL; m; m = m->next)
        if (strcmp(m->string, key) == 0)
            return m;
    return NULL;
}

// --- storing -----------------------------------------------------------------

static void *field_at(const struct ms_field *f, void *base)
{
    return (char *)base + f->offset;
}

void ms_sweep_field_put(const struct ms_field *f, void *base, double x)
{
    void *to = field_at(f, base);
    if (f->type == MS_F_REAL || f->as_double)
        *(double *)to = x;
    else if (f->type == MS_F_INT)
        *(int *)to = (int)x;
    else if (f->type == MS_F_LONG)
        *(int64_t *)to = (int64_t)x;
    else if (f->type == MS_F_BOOL)
        *(bool *)to = x != 0;
}

static struct ms_pick default_pick(const struct ms_field *f)
{
    int row = f->def_text ? ms_table_find(f->table, f->def_text) : -1;
    return row < 0 ? (struct ms_pick){.row = -1} : ms_table_default(f->table, row);
}

void ms_sweep_field_default(const struct ms_field *f, void *base)
{
    void *to = field_at(f, base);
    switch (f->type) {
    case MS_F_REAL:
    case MS_F_INT:
    case MS_F_LONG:
    case MS_F_BOOL:
        ms_sweep_field_put(f, base, f->def);
        break;
    case MS_F_TEXT:
    case MS_F_NAMES:
        snprintf(to, f->size, "%s", f->def_text ? f->def_text : "");
        break;
    case MS_F_NAME:
        *(int *)to = f->def_name;
        break;
    case MS_F_ROW:
        *(int *)to = -1;
        break;
    case MS_F_METRIC:
        *(int *)to = f->def_text ? ms_metric_id(f->def_text) : -1;
        break;
    case MS_F_PICK:
        *(struct ms_pick *)to = default_pick(f);
        break;
    case MS_F_SECTION:
        for (int i = 0; !f->optional && i < f->section->n; i++)
            ms_sweep_field_default(&f->section->field[i], to);
        break;
    default:
        break;
    }
}

// --- literals ----------------------------------------------------------------

static bool inside(const struct ms_field *f, double x)
{
    return (f->lo_open ? x > f->lo : x >= f->lo) && (f->hi_open ? x < f->hi : x <= f->hi) &&
           (f->type == MS_F_REAL || x == floor(x));
}

static void walk_number(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base)
{
    if (f->section && cJSON_IsObject(v)) {
        ms_sweep_field_put(f, base, 0);
        ms_sweep_walk_section(w, v, f, base);
    } else if (cJSON_IsNumber(v) && inside(f, v->valuedouble))
        ms_sweep_field_put(f, base, v->valuedouble);
    else if (cJSON_IsNull(v) && f->null_off)
        ms_sweep_field_put(f, base, 0);
    else
        ms_sweep_problem_mismatch(w, v, f);
}

static void walk_bool(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base)
{
    if (cJSON_IsBool(v))
        ms_sweep_field_put(f, base, cJSON_IsTrue(v));
    else
        ms_sweep_problem_mismatch(w, v, f);
}

static void walk_text(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base)
{
    size_t n = cJSON_IsString(v) ? strlen(v->valuestring) : 0;
    if (n == 0 || n >= f->size || !ms_is_printable(v->valuestring, n))
        ms_sweep_problem_mismatch(w, v, f);
    else
        memcpy(field_at(f, base), v->valuestring, n + 1);
}

static void walk_names(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base)
{
    char *to = field_at(f, base);
    size_t used = 0;
    if (!cJSON_IsArray(v)) {
        walk_text(w, v, f, base);
        return;
    }
    for (const cJSON *m = v->child; m; m = m->next) {
        size_t n = cJSON_IsString(m) ? strlen(m->valuestring) : 0;
        if (n == 0 || !ms_is_printable(m->valuestring, n) || used + n + 1 >= f->size) {
            ms_sweep_problem_mismatch(w, m, f);
            return;
        }
        used +=
            (size_t)snprintf(to + used, f->size - used, "%s%s", used ? "\n" : "", m->valuestring);
    }
    if (!v->child)
        ms_sweep_problem_mismatch(w, v, f);
}

static void walk_name(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base)
{
    for (int i = 0; cJSON_IsString(v) && f->names[i]; i++)
        if (strcmp(f->names[i], v->valuestring) == 0) {
            *(int *)field_at(f, base) = i;
            return;
        }
    ms_sweep_problem_mismatch(w, v, f);
}

static void walk_row(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base)
{
    int row = cJSON_IsString(v) ? ms_table_find(f->table, v->valuestring) : -1;
    if (row >= 0)
        *(int *)field_at(f, base) = row;
    else
        ms_sweep_problem_mismatch(w, v, f);
}

static void walk_metric(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base)
{
    int id = cJSON_IsString(v) ? ms_metric_id(v->valuestring) : -1;
    if (id >= 0)
        *(int *)field_at(f, base) = id;
    else
        ms_sweep_problem_mismatch(w, v, f);
}

// Numbers of the given bounds, each of which may be a parameter.
static void walk_list(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base)
{
    int n = cJSON_GetArraySize(v), first = w->n_list;
    if (!cJSON_IsArray(v)) {
        ms_sweep_problem_mismatch(w, v, f);
        return;
    }
    if (n < 1 || n > MS_MAX_LIST) {
        char allowed[64];
        ms_sweep_problem(w, v, "found an array of %d; allowed: %s", n,
                         ms_sweep_field_allowed(f, allowed, sizeof allowed));
        return;
    }
    double scratch[MS_MAX_LIST + 1], *list = scratch; // checking stores nothing
    if (w->point) {
        if (!w->config || first + 1 + n > MS_MAX_LISTED) {
            w->bad_point = true;
            return;
        }
        *(double *)field_at(f, base) = first;
        list = w->config->list + first;
        list[0] = n;
        w->n_list += 1 + n;
    }
    struct ms_field number = *f;
    number.type = MS_F_REAL;
    number.offset = 0;
    int i = 1;
    for (const cJSON *m = v->child; m; m = m->next, i++) {
        char index[16];
        snprintf(index, sizeof index, "%d", i);
        struct ms_mark mark = ms_sweep_walk_enter(w, index, index);
        ms_sweep_walk_value(w, m, &number, &list[i]);
        ms_sweep_walk_leave(w, mark);
    }
}

static bool belongs(const struct ms_walk *w, const struct ms_field *f)
{
    return f->kinds == 0 || (f->kinds & 1 << w->kind);
}

void ms_sweep_walk_section(struct ms_walk *w, const cJSON *object, const struct ms_field *f,
                           void *base)
{
    const struct ms_section *s = f->section;
    bool given[64] = {false};
    bool top = s == &ms_schema_top_section;
    assert((size_t)s->n <= sizeof given / sizeof *given);
    for (const cJSON *m = object->child; m; m = m->next) {
        int i = ms_schema_section_find(s, m->string);
        if (i < 0) {
            ms_sweep_problem_section_key(w, m, s);
            continue;
        }
        const struct ms_field *member = &s->field[i];
        given[i] = true;
        if (!belongs(w, member)) {
            ms_sweep_problem_kind(w, m, s);
            continue;
        }
        if (top && !(member->parts & w->parts))
            continue;
        struct ms_mark mark = ms_sweep_walk_enter(w, member->name, member->name);
        bool was_fixed = w->fixed, was_data = w->in_data;
        if (top && member->parts == MS_PART_DATA) {
            w->in_data = true;
            w->data_first = w->space->n;
        }
        ms_sweep_walk_value(w, m, member, base);
        if (w->in_data && !was_data)
            w->n_data = w->space->n - w->data_first;
        w->fixed = was_fixed;
        w->in_data = was_data;
        ms_sweep_walk_leave(w, mark);
    }
    if (w->point)
        return;
    ms_sweep_problem_duplicates(w, object);
    for (int i = 0; i < s->n; i++)
        if (s->field[i].required && !given[i] && belongs(w, &s->field[i]))
            ms_sweep_problem_missing(w, object, &s->field[i]);
}

static void walk_section_field(struct ms_walk *w, const cJSON *v, const struct ms_field *f,
                               void *base)
{
    char *to = field_at(f, base);
    if (f->optional && cJSON_IsNull(v))
        return;
    if (!cJSON_IsObject(v)) {
        ms_sweep_problem_mismatch(w, v, f);
        return;
    }
    for (int i = 0; !f->keep && i < f->section->n; i++)
        ms_sweep_field_default(&f->section->field[i], to);
    ms_sweep_walk_section(w, v, f, to);
    if (f->section->after)
        f->section->after(w, v, to);
}

static void walk_custom(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base)
{
    f->walk(w, v, f, base);
}

static void (*const walkers[MS_FIELD_TYPES])(struct ms_walk *, const cJSON *,
                                             const struct ms_field *, void *) = {
    [MS_F_REAL] = walk_number,
    [MS_F_INT] = walk_number,
    [MS_F_LONG] = walk_number,
    [MS_F_BOOL] = walk_bool,
    [MS_F_TEXT] = walk_text,
    [MS_F_NAME] = walk_name,
    [MS_F_NAMES] = walk_names,
    [MS_F_ROW] = walk_row,
    [MS_F_PICK] = ms_sweep_walk_pick,
    [MS_F_METRIC] = walk_metric,
    [MS_F_SECTION] = walk_section_field,
    [MS_F_CUSTOM] = walk_custom,
    [MS_F_LIST] = walk_list,
    [MS_F_ANY] = ms_sweep_walk_any,
};

void ms_sweep_walk_literal(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base)
{
    walkers[f->type](w, v, f, base);
}

void ms_sweep_walk_value(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base)
{
    w->fixed = w->fixed || f->fixed;
    if (ms_sweep_is_param(v))
        ms_sweep_walk_param(w, v, f, base);
    else
        ms_sweep_walk_literal(w, v, f, base);
}
