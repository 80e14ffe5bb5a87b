// SPDX-License-Identifier: MIT
//
// Rows of tables with their arguments. Four spellings:
//
//     "adam"                                        a name: all arguments have their defaults
//     {"name": "sgd", "momentum": 0.9}              the key may be called otherwise ("schedule")
//     {"divide_by": 255}                            a row with one argument
//     0.001                                         a number, where it may be one (learning_rate)
//
// The name may be a parameter ({"name": {"choice": ["sgd", "rmsprop"]}, "momentum": 0.9}): then
// every argument must be one of every row that the name can take, and within the bounds of all of
// them.
#include "walkers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MAX_ROWS = 64 };

struct rows { // that a pick's name can take
    int n;
    int row[MAX_ROWS];
};

// Narrows f to what b allows too.
static void narrow(struct ms_field *f, const struct ms_field *b)
{
    if (b->type == MS_F_INT && f->type == MS_F_REAL)
        f->type = MS_F_INT;
    f->null_off = f->null_off && b->null_off;
    if (b->lo > f->lo || (b->lo == f->lo && b->lo_open)) {
        f->lo = b->lo;
        f->lo_open = b->lo_open;
    }
    if (b->hi < f->hi || (b->hi == f->hi && b->hi_open)) {
        f->hi = b->hi;
        f->hi_open = b->hi_open;
    }
}

// --- reading -----------------------------------------------------------------

// The first argument of an optimizer is its learning rate, which may be a schedule and lives in
// config.learning_rate.
static bool is_rate(const struct ms_field *f, int arg)
{
    return f->rate && arg == 0;
}

static void read_object(struct ms_walk *w, const cJSON *v, const cJSON *key, int row,
                        const struct ms_field *f, struct ms_pick *out)
{
    const struct ms_row *r = ms_table_row(f->table, row);
    *out = ms_table_default(f->table, row);
    for (const cJSON *m = v->child; m; m = m->next) {
        int i = ms_table_find_arg(r, m->string);
        if (m == key || i < 0)
            continue;
        struct ms_field field = ms_field_of_arg(ms_table_row_arg(r, i), f);
        if (is_rate(f, i))
            ms_sweep_walk_value(w, m, f->rate, w->config);
        else
            ms_sweep_walk_value(w, m, &field, &out->arg[i]);
    }
}

// --- checking ----------------------------------------------------------------

static void collect_rows(const cJSON *name, const struct ms_table *t, struct rows *rows)
{
    const cJSON *choice = ms_sweep_member(name, "choice");
    rows->n = 0;
    for (const cJSON *v = choice ? choice->child : name; v; v = choice ? v->next : NULL) {
        int row = cJSON_IsString(v) ? ms_table_find(t, v->valuestring) : -1;
        if (row >= 0 && rows->n < MAX_ROWS)
            rows->row[rows->n++] = row;
    }
}

// The arguments that every row has (all) or that some have. Returns their number.
static int arguments_of(const struct rows *rows, const struct ms_field *f, bool all,
                        const char *names[MS_MAX_ARGS * MAX_ROWS])
{
    int n = 0;
    for (int i = 0; i < (all ? 1 : rows->n); i++)
        for (int k = 0; k < MS_MAX_ARGS; k++) {
            const struct ms_arg *a = ms_table_row_arg(ms_table_row(f->table, rows->row[i]), k);
            bool in_all = a != NULL;
            for (int j = 1; in_all && all && j < rows->n; j++)
                in_all = ms_table_find_arg(ms_table_row(f->table, rows->row[j]), a->name) >= 0;
            if (in_all)
                names[n++] = a->name;
        }
    return n;
}

// An argument that not all rows have.
static void unknown_argument(struct ms_walk *w, const cJSON *m, const struct rows *rows,
                             const struct ms_field *f)
{
    const char *names[1 + MS_MAX_ARGS * MAX_ROWS] = {f->key}, *with = NULL, *without = NULL;
    const int n = 1 + arguments_of(rows, f, true, names + 1);
    for (int i = 0; i < rows->n; i++) {
        const struct ms_row *row = ms_table_row(f->table, rows->row[i]);
        *(ms_table_find_arg(row, m->string) < 0 ? &without : &with) = row->name;
    }
    char list[1200], key[MS_CLIP];
    if (rows->n == 1) {
        ms_sweep_problem_unknown(w, m, without, names, n);
        return;
    }
    ms_field_join(names, n, list, sizeof list);
    ms_sweep_clip(m->string, key);
    if (with) {
        ms_sweep_problem(w, m,
                         "found '%s', which %s has and %s has not; allowed beside a choice of "
                         "names: %s; or '%s' in an object of the choice: {\"choice\": [{\"%s\": "
                         "\"%s\", \"%s\": …}, …]}",
                         key, with, without, list, key, f->key, with, key);
        return;
    }
    const char *near = ms_nearest(m->string, names, 1 + arguments_of(rows, f, false, names + 1));
    ms_sweep_problem(w, m, "found unknown key '%s'; allowed beside a choice of names: %s%s%s%s",
                     key, list, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static void check_argument(struct ms_walk *w, const cJSON *m, const struct rows *rows,
                           const struct ms_field *f)
{
    struct ms_field field = {0};
    bool rate = false;
    double scratch;
    for (int i = 0; i < rows->n; i++) {
        const struct ms_row *row = ms_table_row(f->table, rows->row[i]);
        int arg = ms_table_find_arg(row, m->string);
        if (arg < 0) {
            unknown_argument(w, m, rows, f);
            return;
        }
        struct ms_field other = ms_field_of_arg(ms_table_row_arg(row, arg), f);
        rate = rate || is_rate(f, arg);
        if (i == 0)
            field = other;
        else
            narrow(&field, &other);
    }
    struct ms_mark mark = ms_sweep_walk_enter(w, m->string, m->string);
    if (rate) {
        w->rate_in = m;
        ms_sweep_walk_value(w, m, f->rate, w->config);
    } else {
        ms_sweep_walk_value(w, m, &field, &scratch);
    }
    ms_sweep_walk_leave(w, mark);
}

// Arguments without a default that v (NULL: nothing) does not give.
static void check_missing(struct ms_walk *w, const cJSON *at, const cJSON *v, int row,
                          const struct ms_field *f)
{
    const struct ms_row *r = ms_table_row(f->table, row);
    for (int i = 0; i < MS_MAX_ARGS; i++) {
        const struct ms_arg *a = ms_table_row_arg(r, i);
        if (!a || a->type == MS_ARG_OPTIONAL || !isnan(a->def) || ms_sweep_member(v, a->name))
            continue;
        char allowed[256];
        struct ms_field field = ms_field_of_arg(a, f);
        struct ms_mark mark = ms_sweep_walk_enter(w, a->name, "");
        ms_sweep_problem(w, at, "missing (of %s: %s); allowed: %s", r->name, a->doc,
                         ms_field_allowed(&field, allowed, sizeof allowed));
        ms_sweep_walk_leave(w, mark);
    }
}

static void check_object(struct ms_walk *w, const cJSON *v, const cJSON *key,
                         const struct ms_field *f)
{
    struct rows rows;
    collect_rows(key, f->table, &rows);
    ms_sweep_problem_duplicates(w, v);
    for (const cJSON *m = v->child; m; m = m->next) {
        if (m == key) {
            int row;
            struct ms_field name = {.name = f->key, .type = MS_F_ROW, .table = f->table};
            struct ms_mark mark = ms_sweep_walk_enter(w, f->key, f->key);
            ms_sweep_walk_value(w, m, &name, &row);
            ms_sweep_walk_leave(w, mark);
        } else if (rows.n > 0) {
            check_argument(w, m, &rows, f);
        }
    }
    const struct ms_shared *checked = NULL;
    for (int i = 0; i < rows.n; i++) {
        const struct ms_row *row = ms_table_row(f->table, rows.row[i]);
        check_missing(w, v, v, rows.row[i], f);
        ms_sweep_pick_rules(w, v, row, row->rules);
        if (row->shared && row->shared != checked)
            ms_sweep_pick_rules(w, v, row, row->shared->rules);
        checked = row->shared;
        if (f->number && (rows.row[i] != 0 || ms_sweep_pick_gives(v, "warmup_steps")))
            w->schedule_in = v;
    }
}

// A row that cannot be swept is read while the file is checked, because it is not read at a point.
// Wrong values have been reported.
static void take_fixed(const cJSON *v, const cJSON *key, const struct ms_field *f,
                       struct ms_pick *out)
{
    const int row = cJSON_IsString(key) ? ms_table_find(f->table, key->valuestring) : -1;
    if (row < 0)
        return;
    *out = ms_table_default(f->table, row);
    for (const cJSON *m = v->child; m; m = m->next) {
        const int i = m == key ? -1 : ms_table_find_arg(ms_table_row(f->table, row), m->string);
        if (i >= 0)
            out->arg[i] = cJSON_IsNumber(m) ? m->valuedouble : cJSON_IsTrue(m);
    }
}

// {"divide_by": 255}: the row that the only key names, or -1.
static int short_form(const cJSON *v, const struct ms_table *t)
{
    const cJSON *m = v->child;
    int row = m && !m->next ? ms_table_find(t, m->string) : -1;
    return row >= 0 && ms_table_row(t, row)->n_args == 1 ? row : -1;
}

static void walk_object(struct ms_walk *w, const cJSON *v, const struct ms_field *f,
                        struct ms_pick *out)
{
    const cJSON *key = ms_sweep_member(v, f->key);
    int row = key ? -1 : short_form(v, f->table);
    if (row >= 0) {
        const struct ms_row *r = ms_table_row(f->table, row);
        struct ms_field field = ms_field_of_arg(&r->args[0], f);
        struct ms_mark mark = ms_sweep_walk_enter(w, r->name, r->name);
        *out = ms_table_default(f->table, row);
        ms_sweep_walk_value(w, v->child, &field, &out->arg[0]);
        ms_sweep_walk_leave(w, mark);
    } else if (!key) {
        char names[1000];
        struct ms_mark mark = ms_sweep_walk_enter(w, f->key, "");
        ms_sweep_problem(w, v, "missing; allowed: %s",
                         ms_table_names(f->table, names, sizeof names));
        ms_sweep_walk_leave(w, mark);
    } else if (!w->point) {
        check_object(w, v, key, f);
        if (f->fixed)
            take_fixed(v, key, f, out);
    } else {
        struct ms_field name = {.name = f->key, .type = MS_F_ROW, .table = f->table};
        row = -1;
        ms_sweep_walk_value(w, key, &name, &row);
        if (row >= 0)
            read_object(w, v, key, row, f, out);
    }
}

void ms_sweep_walk_pick(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base)
{
    struct ms_pick *out = (void *)((char *)base + f->offset);
    int row = cJSON_IsString(v) && !f->number ? ms_table_find(f->table, v->valuestring) : -1;
    if (row >= 0) {
        *out = ms_table_default(f->table, row);
        if (!w->point)
            check_missing(w, v, NULL, row, f);
    } else if (cJSON_IsNumber(v) && f->number) {
        struct ms_field field = ms_field_of_number(f);
        *out = ms_table_default(f->table, 0);
        ms_sweep_walk_literal(w, v, &field, &out->arg[0]);
    } else if (cJSON_IsObject(v) && (!f->number || ms_sweep_member(v, f->key))) {
        walk_object(w, v, f, out);
    } else {
        ms_sweep_problem_mismatch(w, v, f);
    }
}
