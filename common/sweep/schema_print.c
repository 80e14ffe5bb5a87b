// SPDX-License-Identifier: MIT
//
// The fields of a sweep file for people, from the tables that check and read them: what is printed
// here cannot be out of date.
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema.h"
#include "walkers.h"

enum { MAX_TABLES = 32, LINE = 100, NAME = 28, DOC = NAME + 2 };

struct print {
    FILE *out;
    const struct ms_table *table[MAX_TABLES]; // met on the way
    const char *key[MAX_TABLES]; // that names a row in an object; NULL: rows are names alone
    int n_tables;
};

// Text from column `at` on, broken at blanks; what stands before it is already there.
static void fold(FILE *out, const char *text, int at)
{
    int column = at;
    while (*text) {
        size_t blanks, bytes = strcspn(text, " ");
        int n = (int)bytes;
        if (column > at && column + 1 + n > LINE) {
            fprintf(out, "\n%*s", at, "");
            column = at;
        } else if (column > at) {
            fputc(' ', out);
            column++;
        }
        fprintf(out, "%.*s", n, text);
        column += n;
        blanks = strspn(text + bytes, " ");
        text += bytes + blanks;
    }
    fputc('\n', out);
}

static void line(const struct print *p, int depth, const char *name, const char *text)
{
    int used = fprintf(p->out, "%*s%s", 2 * depth, "", name);
    if (!text[0]) {
        fputc('\n', p->out);
        return;
    }
    if (used > NAME)
        fprintf(p->out, "\n%*s", DOC, "");
    else
        fprintf(p->out, "%*s", DOC - used, "");
    fold(p->out, text, DOC);
}

static void remember(struct print *p, const struct ms_table *t, const char *key)
{
    for (int i = 0; i < p->n_tables; i++)
        if (p->table[i] == t)
            return;
    if (t && p->n_tables < MAX_TABLES) {
        p->key[p->n_tables] = key;
        p->table[p->n_tables++] = t;
    }
}

// "; default 3", "; required" or "".
static void default_text(const struct ms_field *f, char *out, size_t size)
{
    char number[32];
    out[0] = '\0';
    if (f->required)
        snprintf(out, size, "; required");
    else if (f->type == MS_F_BOOL)
        snprintf(out, size, "; default %s", f->def != 0 ? "true" : "false");
    else if (f->type <= MS_F_LONG && f->def >= f->lo)
        snprintf(out, size, "; default %s", ms_number_text(f->def, number, sizeof number));
    else if (f->def_text)
        snprintf(out, size, "; default %s", f->def_text);
    else if (f->type == MS_F_NAME && f->names && f->def_name >= 0)
        snprintf(out, size, "; default %s", f->names[f->def_name]);
}

// Describes the values that a field takes. A table's rows are listed at the end, so here its name
// is enough.
static void type_text(struct print *p, const struct ms_field *f, char *out, size_t size)
{
    char what[64] = "";
    if (f->type == MS_F_PICK || f->type == MS_F_ROW) {
        remember(p, f->table, f->key);
        snprintf(what, sizeof what, "%s%s", f->table->what, f->type == MS_F_ROW ? "'s name" : "");
        snprintf(out, size, f->number ? "a number, or %s {\"%s\": …}" : "%s, see below", what,
                 f->key);
    } else if (f->type == MS_F_METRIC) {
        remember(p, &ms_metric_table, "name");
        snprintf(out, size, "metric's name, see below, also with val_ before it");
    } else if (f->type == MS_F_TEXT) {
        snprintf(out, size, "text");
    } else if (f->type == MS_F_NAMES) {
        snprintf(out, size, "name or number, or an array of them");
    } else if (f->type == MS_F_SECTION || f->type == MS_F_CUSTOM) {
        out[0] = '\0';
    } else {
        ms_field_allowed(f, out, size);
    }
}

static void print_section(struct print *p, const struct ms_section *s, int depth);

static void print_field(struct print *p, const struct ms_field *f, int depth)
{
    char type[1200], def[128], remarks[1400], text[2000];
    type_text(p, f, type, sizeof type);
    default_text(f, def, sizeof def);
    snprintf(remarks, sizeof remarks, "%s%s%s", type, def,
             f->fixed ? "; cannot be a parameter" : "");
    const char *told = remarks + (remarks[0] == ';' ? 2 : 0); // where no type stands before
    snprintf(text, sizeof text, told[0] ? "%s (%s)" : "%s", f->doc ? f->doc : "", told);
    line(p, depth, f->name, text);
    if (f->section)
        print_section(p, f->section, depth + 1);
    if (f->walk == ms_sweep_walk_objective) {
        line(p, depth + 1, "of an array:", "the first as above; the others with");
        print_section(p, f->item->section, depth + 2);
    }
    if (f->walk == ms_sweep_walk_hidden) {
        line(p, depth + 1, "of a layer:", "in the array, in \"same\" and in \"each\"");
        print_section(p, f->item->section, depth + 2);
    }
}

static void print_section(struct print *p, const struct ms_section *s, int depth)
{
    for (int i = 0; i < s->n; i++)
        print_field(p, &s->field[i], depth);
}

static void print_arg(const struct print *p, const struct ms_arg *a)
{
    static const enum ms_field_type types[] = {
        [MS_ARG_REAL] = MS_F_REAL, [MS_ARG_INT] = MS_F_INT,       [MS_ARG_BOOL] = MS_F_BOOL,
        [MS_ARG_OFF] = MS_F_REAL,  [MS_ARG_OPTIONAL] = MS_F_REAL, [MS_ARG_LIST] = MS_F_LIST};
    bool optional = a->type == MS_ARG_OPTIONAL;
    const struct ms_field f = {.type = types[a->type],
                               .required = isnan(a->def) && !optional,
                               .def = a->def,
                               .lo = a->lo,
                               .hi = a->hi,
                               .lo_open = a->lo_open,
                               .hi_open = a->hi_open,
                               .doc = "an array of numbers",
                               .null_off = a->type == MS_ARG_OFF};
    char type[256], def[64], text[1000];
    ms_field_allowed(&f, type, sizeof type);
    default_text(&f, def, sizeof def);
    snprintf(text, sizeof text, "%s (%s%s)", a->doc, type, optional ? "" : def);
    line(p, 2, a->name, text);
}

// Prints the shared arguments for which this row has a default of its own.
static void print_own_defaults(const struct print *p, const struct ms_row *row)
{
    for (int i = 0; row->shared_def && i < row->shared->n; i++) {
        struct ms_arg a = row->shared->args[i];
        if (row->shared_def[i] == a.def)
            continue;
        a.def = row->shared_def[i];
        print_arg(p, &a);
    }
}

static void print_table(const struct print *p, const struct ms_table *t, const char *key)
{
    const struct ms_shared *shared = NULL;
    fprintf(p->out, "\n%s: ", t->what);
    if (key)
        fprintf(p->out, "a name, or {\"%s\": name, argument: value, …}\n", key);
    else
        fprintf(p->out, "a name\n");
    for (int i = 0; i < t->n; i++) {
        const struct ms_row *row = ms_table_row(t, i);
        line(p, 1, row->name, row->doc);
        for (int k = 0; k < row->n_args; k++)
            print_arg(p, &row->args[k]);
        print_own_defaults(p, row);
        shared = row->shared ? row->shared : shared;
    }
    if (shared)
        line(p, 1, "and with many of them:", "");
    for (int k = 0; shared && k < shared->n; k++)
        print_arg(p, &shared->args[k]);
}

int ms_sweep_print_fields(FILE *out)
{
    struct print p = {.out = out};
    fprintf(out, "The fields of a sweep file. Unless it says otherwise, a value may be replaced by "
                 "a parameter:\n"
                 "{\"choice\": [v1, v2, …]}, {\"int\": [lo, hi]} or {\"float\": [lo, hi]} with "
                 "\"step\": s, \"log\": true,\n"
                 "both (the step multiplies) or neither, {\"bool\": null}; inside \"data\" by one "
                 "that has\nfinitely many values.\n\n");
    print_section(&p, &ms_schema_top_section, 0);
    remember(&p, &ms_metric_table, "name");
    for (int t = 0; t < p.n_tables; t++)
        print_table(&p, p.table[t], p.key[t]);
    return ferror(out) ? MS_EIO : 0;
}
