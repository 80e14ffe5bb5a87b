// SPDX-License-Identifier: MIT
//
// How the value of a field is stored, and what a field takes, in words. Every walker puts its
// values through here, so that a type is stored in one way only.
#include "field.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "mlpsweep/json.h"
#include "mlpsweep/metric.h"

int ms_field_find(const struct ms_section *s, const char *name)
{
    for (int i = 0; i < s->n; i++)
        if (strcmp(s->field[i].name, name) == 0)
            return i;
    return -1;
}

void ms_field_put(const struct ms_field *f, void *base, double x)
{
    void *to = ms_field_at(f, base);
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

void ms_field_default(const struct ms_field *f, void *base)
{
    void *to = ms_field_at(f, base);
    switch (f->type) {
    case MS_F_REAL:
    case MS_F_INT:
    case MS_F_LONG:
    case MS_F_BOOL:
        ms_field_put(f, base, f->def);
        break;
    case MS_F_TEXT:
    case MS_F_NAMES:
        snprintf(to, f->size, "%s", f->def_text ? f->def_text : "");
        break;
    case MS_F_NAME:
        *(int *)to = f->def_name;
        break;
    case MS_F_ROW:
        *(int *)to = default_pick(f).row;
        break;
    case MS_F_METRIC:
        *(int *)to = f->def_text ? ms_metric_id(f->def_text) : -1;
        break;
    case MS_F_PICK:
        *(struct ms_pick *)to = default_pick(f);
        break;
    case MS_F_SECTION:
        for (int i = 0; !f->optional && i < f->section->n; i++)
            ms_field_default(&f->section->field[i], to);
        break;
    default:
        break;
    }
}

// The field that an argument is; offset 0, stored as a double.
struct ms_field ms_field_of_arg(const struct ms_arg *a, const struct ms_field *f)
{
    static const enum ms_field_type types[] = {
        [MS_ARG_REAL] = MS_F_REAL, [MS_ARG_INT] = MS_F_INT,       [MS_ARG_BOOL] = MS_F_BOOL,
        [MS_ARG_OFF] = MS_F_REAL,  [MS_ARG_OPTIONAL] = MS_F_REAL, [MS_ARG_LIST] = MS_F_LIST};
    return (struct ms_field){.name = a->name,
                             .type = types[a->type],
                             .doc = a->doc,
                             .fixed = f->fixed,
                             .as_double = true,
                             .lo = a->lo,
                             .hi = a->hi,
                             .lo_open = a->lo_open,
                             .hi_open = a->hi_open,
                             .null_off = a->type == MS_ARG_OFF};
}

struct ms_field ms_field_of_number(const struct ms_field *f)
{
    return ms_field_of_arg(&ms_table_row(f->number, 0)->args[0], f);
}

char *ms_field_join(const char *const *names, int n, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (int i = 0; i < n && used < size; i++) {
        int k = snprintf(out + used, size - used, "%s%s", i ? ", " : "", names[i]);
        used += k > 0 ? (size_t)k : 0;
    }
    return out;
}

// A section of many fields would fill the screen: the message names some.
enum { MANY_FIELDS = 16, SOME_FIELDS = 6 };

// --- what a field takes ------------------------------------------------------

static bool limited(double bound)
{
    return fabs(bound) < 1e300;
}

static void number_allowed(const struct ms_field *f, char *out, size_t size)
{
    const char *what = f->type == MS_F_REAL ? "a number" : "an integer";
    char lo[32], hi[32];
    ms_number_text(f->lo, lo, sizeof lo);
    ms_number_text(f->hi, hi, sizeof hi);
    if (limited(f->lo) && limited(f->hi)) {
        if (!f->lo_open && !f->hi_open)
            snprintf(out, size, "%s from %s to %s", what, lo, hi);
        else if (!f->lo_open)
            snprintf(out, size, "%s from %s to below %s", what, lo, hi);
        else
            snprintf(out, size, "%s above %s and %s %s", what, lo, f->hi_open ? "below" : "at most",
                     hi);
    } else if (limited(f->lo)) {
        snprintf(out, size, "%s %s %s", what, f->lo_open ? ">" : ">=", lo);
    } else if (limited(f->hi)) {
        snprintf(out, size, "%s %s %s", what, f->hi_open ? "<" : "<=", hi);
    } else {
        snprintf(out, size, "%s", what);
    }
    size_t used = strlen(out);
    if (f->section)
        snprintf(out + used, size - used, ", or an object with '%s'", f->section->field[0].name);
}

int ms_field_names(const struct ms_field *f, const char *names[MS_FIELD_NAMES])
{
    int n = 0;
    while (f->names && n < MS_FIELD_NAMES && f->names[n])
        names[n] = f->names[n], n++;
    for (int i = 0; f->table && i < f->table->n && n < MS_FIELD_NAMES; i++)
        names[n++] = ms_table_row(f->table, i)->name;
    for (int i = 0; f->type == MS_F_METRIC && i < ms_metric_table.n && n < MS_FIELD_NAMES; i++)
        names[n++] = ms_table_row(&ms_metric_table, i)->name;
    return n;
}

static void section_allowed(const struct ms_section *s, char *out, size_t size)
{
    const char *names[MS_FIELD_NAMES];
    char list[1000];
    for (int i = 0; i < s->n; i++)
        names[i] = s->field[i].name;
    snprintf(out, size, "an object with %s%s",
             ms_field_join(names, s->n > MANY_FIELDS ? SOME_FIELDS : s->n, list, sizeof list),
             s->n > MANY_FIELDS ? " …, which check --fields lists" : "");
}

char *ms_field_allowed(const struct ms_field *f, char *out, size_t size)
{
    const char *names[MS_FIELD_NAMES] = {NULL};
    char list[1000];
    ms_field_join(names, ms_field_names(f, names), list, sizeof list);
    switch (f->type) {
    case MS_F_REAL:
    case MS_F_INT:
    case MS_F_LONG:
        number_allowed(f, out, size);
        if (f->null_off)
            snprintf(out + strlen(out), size - strlen(out), ", or null");
        break;
    case MS_F_BOOL:
        snprintf(out, size, "true or false");
        break;
    case MS_F_NAMES:
        snprintf(
            out, size,
            "a name (a string or a number), or an array of names, together of at most %zu bytes",
            f->size - 1);
        break;
    case MS_F_TEXT:
        snprintf(out, size, "a string of 1 to %zu bytes", f->size - 1);
        break;
    case MS_F_METRIC:
        snprintf(out, size, "%s, each also with 'val_' before it", list);
        break;
    case MS_F_PICK:
        if (f->number) {
            snprintf(out, size, "a number, or an object with '%s': %s", f->key, list);
            break;
        } // fall through
    case MS_F_NAME:
    case MS_F_ROW:
        snprintf(out, size, "%s", list);
        break;
    case MS_F_SECTION:
        section_allowed(f->section, out, size);
        break;
    case MS_F_LIST:
        snprintf(out, size, "an array of 1 to %d numbers", MS_MAX_LIST);
        break;
    default:
        snprintf(out, size, "%s", f->doc);
    }
    return out;
}
