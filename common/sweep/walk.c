// SPDX-License-Identifier: MIT
//
// The walk: parameters, sections and lists, whose parts are values again. The values of all other
// types go to the walk's table of walkers, so that this file need not know them. A parameter's
// alternatives are walked as literals when checking; when reading, the point's own is.
#include "walk.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "walk_param.h"

// Numbers of the given bounds, each of which may be a parameter.
void ms_sweep_walk_list(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base)
{
    int n = cJSON_GetArraySize(v), first = w->n_list;
    if (!cJSON_IsArray(v)) {
        ms_sweep_problem_mismatch(w, v, f);
        return;
    }
    if (n < 1 || n > MS_MAX_LIST) {
        char allowed[64];
        ms_sweep_problem(w, v, "found an array of %d; allowed: %s", n,
                         ms_field_allowed(f, allowed, sizeof allowed));
        return;
    }
    double scratch[MS_MAX_LIST + 1], *list = scratch; // checking stores nothing
    if (w->point) {
        if (!w->config || first + 1 + n > MS_MAX_LISTED) {
            w->bad_point = true;
            return;
        }
        *(double *)ms_field_at(f, base) = first;
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

void ms_sweep_walk_members(struct ms_walk *w, const cJSON *object, const struct ms_section *s,
                           void *base)
{
    bool given[64] = {false};
    assert((size_t)s->n <= sizeof given / sizeof *given);
    for (const cJSON *m = object->child; m; m = m->next) {
        int i = ms_field_find(s, m->string);
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
        if (s->top && !(member->parts & w->parts))
            continue;
        struct ms_mark mark = ms_sweep_walk_enter(w, member->name, member->name);
        bool was_fixed = w->fixed, was_data = w->in_data;
        if (s->top && member->parts == MS_PART_DATA) {
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

void ms_sweep_walk_section(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base)
{
    char *to = ms_field_at(f, base);
    if (f->optional && cJSON_IsNull(v))
        return;
    if (!cJSON_IsObject(v)) {
        ms_sweep_problem_mismatch(w, v, f);
        return;
    }
    for (int i = 0; !f->keep && i < f->section->n; i++)
        ms_field_default(&f->section->field[i], to);
    ms_sweep_walk_members(w, v, f->section, to);
    if (f->section->after)
        f->section->after(w, v, f->section, to);
}

void ms_sweep_walk_custom(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base)
{
    f->walk(w, v, f, base);
}

void ms_sweep_walk_literal(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base)
{
    if (f->type == MS_F_REAL && f->section && cJSON_IsObject(v)) { // in the number's place
        ms_field_put(f, base, 0);
        ms_sweep_walk_members(w, v, f->section, base);
        return;
    }
    w->walkers[f->type](w, v, f, base);
}

static void check_param(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base)
{
    struct ms_param p;
    struct ms_scope outer = w->scope;
    if (w->fixed) {
        ms_sweep_problem(
            w, v,
            "found a parameter; allowed: a fixed value, because it is the same for all "
            "trials");
        return;
    }
    bool good = ms_sweep_param_parse(w, v, &p);
    int index = good ? ms_sweep_param_add(w, v, &p) : -1;
    if (good && w->in_data && p.count == 0)
        ms_sweep_problem(w, v,
                         "found a continuous parameter; allowed in data: step, points or choice");
    if (good && p.kind != MS_CHOICE)
        ms_sweep_param_check(w, v, f, &p);
    if (p.kind != MS_CHOICE || !p.values)
        return;
    int k = 0;
    for (const cJSON *value = p.values->child; value; value = value->next, k++) {
        if (index >= 0)
            w->scope = (struct ms_scope){MS_IS, index, k};
        if (ms_sweep_is_param(value))
            ms_sweep_problem(w, value, "found a parameter as a value of a choice; allowed: values");
        else
            ms_sweep_walk_literal(w, value, f, base);
    }
    w->scope = outer;
}

static void read_param(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base)
{
    int i = ms_sweep_param_at(w, v);
    const struct ms_param *p = i < 0 ? NULL : &w->space->param[i];
    double value = p ? w->point[i] : NAN;
    bool fits = p && !isnan(value) &&
                (p->count == 0 ? value >= p->lo && value <= p->hi
                               : value >= 0 && value < (double)p->count && value == floor(value));
    if (!fits) {
        w->bad_point = true;
    } else if (p->kind == MS_CHOICE) {
        ms_sweep_walk_literal(w, cJSON_GetArrayItem(p->values, (int)value), f, base);
    } else if (f->type == MS_F_PICK) {
        struct ms_pick *out = (void *)((char *)base + f->offset);
        *out = ms_table_default(f->table, 0);
        out->arg[0] = ms_space_param_number(p, value);
    } else {
        ms_field_put(f, base, ms_space_param_number(p, value));
    }
}

static void walk_param(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base)
{
    if (w->point)
        read_param(w, v, f, base);
    else
        check_param(w, v, f, base);
}

void ms_sweep_walk_value(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base)
{
    w->fixed = w->fixed || f->fixed;
    if (ms_sweep_is_param(v))
        walk_param(w, v, f, base);
    else
        ms_sweep_walk_literal(w, v, f, base);
}
