// SPDX-License-Identifier: MIT
//
// The data section as a whole: exactly one source, only fields that this source takes, and the
// fields that it needs.
#include "walkers.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "schema.h"

static void need(struct ms_walk *w, const cJSON *object, const struct ms_section *section,
                 const char *name)
{
    if (!ms_sweep_member(object, name))
        ms_sweep_problem_missing(w, object, &section->field[ms_field_find(section, name)]);
}

// Two ways to say the same, of which only one may be used.
static void exclude(struct ms_walk *w, const cJSON *object, const char *a, const char *b)
{
    const cJSON *x = ms_sweep_member(object, a), *y = ms_sweep_member(object, b);
    bool zero = cJSON_IsNumber(x) && x->valuedouble == 0; // a fraction of 0 is none
    if (x && y && !zero)
        ms_sweep_problem(w, x, "found %s beside %s; allowed: one of them", a, b);
}

// One character: of the field's names, or where it has none, any that separates fields.
void ms_sweep_walk_sign(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base)
{
    const char *text = cJSON_IsString(v) ? v->valuestring : "";
    bool good =
        strlen(text) == 1 && (f->names || (ispunct(text[0]) && !strchr("\"'.+-_", text[0])) ||
                              text[0] == ' ' || text[0] == '\t');
    for (int i = 0; good && f->names; i++) {
        if (f->names[i] && strcmp(f->names[i], text) == 0)
            break;
        good = f->names[i] != NULL;
    }
    if (good)
        *(char *)ms_field_at(f, base) = text[0];
    else
        ms_sweep_problem_mismatch(w, v, f);
}

// True or false, where a field that is not given means that the data decide.
void ms_sweep_walk_switch(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base)
{
    if (cJSON_IsBool(v))
        *(enum ms_switch *)ms_field_at(f, base) =
            cJSON_IsTrue(v) ? MS_SWITCH_TRUE : MS_SWITCH_FALSE;
    else
        ms_sweep_problem_mismatch(w, v, f);
}

static void refuse_sign(struct ms_walk *w, const cJSON *sign, const char *what)
{
    struct ms_mark mark = ms_sweep_walk_enter(w, sign->string, "");
    ms_sweep_problem(w, sign, "found '%s', which is the %s; allowed: another", sign->valuestring,
                     what);
    ms_sweep_walk_leave(w, mark);
}

// The signs of a table's text must differ, as each means one thing.
static void sign_rules(struct ms_walk *w, const cJSON *object, const struct ms_data_spec *spec)
{
    const char decimal = ms_data_decimal(spec);
    const cJSON *thousands = ms_sweep_member(object, "thousands"),
                *delimiter = ms_sweep_member(object, "delimiter");
    if (cJSON_IsString(delimiter) && spec->delimiter) {
        if (spec->delimiter == decimal)
            refuse_sign(w, delimiter, "decimal sign");
        else if (spec->delimiter == spec->thousands)
            refuse_sign(w, delimiter, "sign between groups of digits");
    }
    if (cJSON_IsString(thousands) && spec->thousands == decimal)
        refuse_sign(w, thousands, "decimal sign");
}

// "validation": {"file": …}, or with sqlite {"query": …}.
static void validation_rules(struct ms_walk *w, const cJSON *object,
                             const struct ms_section *section, enum ms_source source)
{
    const cJSON *validation = ms_sweep_member(object, "validation");
    const cJSON *query = ms_sweep_member(validation, "query");
    if (!cJSON_IsObject(validation) || ms_sweep_is_param(validation))
        return;
    const struct ms_section *own = section->field[ms_field_find(section, "validation")].section;
    struct ms_mark mark = ms_sweep_walk_enter(w, "validation", "");
    if (query && source != MS_SQLITE)
        ms_sweep_problem(w, query, "found a query; allowed: only with sqlite");
    else if (!query && !ms_sweep_member(validation, "file") && source == MS_SQLITE)
        ms_sweep_problem(w, validation,
                         "found neither file nor query; allowed: one of them, or both");
    else if (!query)
        need(w, validation, own, "file");
    ms_sweep_walk_leave(w, mark);
    if (!ms_sweep_member(validation, "file"))
        return;
    if (source == MS_SYNTHETIC)
        ms_sweep_problem(w, validation,
                         "found a validation file beside synthetic; allowed: a fraction");
    if ((source == MS_NPY) != (ms_sweep_member(validation, "target_file") != NULL))
        ms_sweep_problem(w, validation,
                         "found a validation file with%s target_file; allowed: with one for "
                         "npy, without for the others",
                         source == MS_NPY ? "out" : "");
}

static void sqlite_rules(struct ms_walk *w, const cJSON *object, enum ms_source source)
{
    const bool query = ms_sweep_member(object, "query"), table = ms_sweep_member(object, "table");
    if (source == MS_SQLITE && query == table)
        ms_sweep_problem(w, object,
                         "found %s; allowed: one of query, such as \"SELECT * FROM houses ORDER BY "
                         "id\", and table",
                         query ? "query beside table" : "neither query nor table");
    exclude(w, object, "test", "test_query");
}

static void data_rules(struct ms_walk *w, const cJSON *object, const struct ms_section *section,
                       struct ms_data_spec *spec)
{
    if (spec->folds)
        spec->validation = 0;
    if (w->point)
        return;
    if (spec->source == MS_CSV || spec->source == MS_SQLITE)
        need(w, object, section, "target");
    sign_rules(w, object, spec);
    if (spec->source == MS_NPY)
        need(w, object, section, "target_file");
    if (spec->source == MS_NPY && ms_sweep_member(object, "test_file"))
        need(w, object, section, "test_target_file");
    if (ms_sweep_member(object, "x_test") || ms_sweep_member(object, "y_test")) {
        need(w, object, section, "x_test");
        need(w, object, section, "y_test");
    }
    exclude(w, object, "test", "test_file");
    exclude(w, object, "test", "x_test");
    exclude(w, object, "test_file", "x_test");
    exclude(w, object, "validation", "folds");
    validation_rules(w, object, section, spec->source);
    sqlite_rules(w, object, spec->source);
}

// The name of a source: that of the first field which this source alone takes.
static const char *source_name(const struct ms_section *section, int source)
{
    for (int i = 0; i < section->n; i++)
        if (section->field[i].sources == 1 << source)
            return section->field[i].name;
    return "";
}

// The names of sources (bits) with a text between. Returns out.
static const char *source_names(const struct ms_section *section, int sources, const char *between,
                                char *out, size_t size)
{
    out[0] = '\0';
    for (int k = 0; k < MS_SOURCES; k++)
        if (sources & 1 << k)
            snprintf(out + strlen(out), size - strlen(out), "%s%s", out[0] ? between : "",
                     source_name(section, k));
    return out;
}

// Exactly one source, and only fields that this source takes.
void ms_sweep_walk_data_after(struct ms_walk *w, const cJSON *object,
                              const struct ms_section *section, void *base)
{
    struct ms_data_spec *spec = &((struct ms_values *)base)->data;
    const struct ms_field *fields = section->field;
    int sources = 0, source = 0;
    char list[256];
    for (int i = 0; i < MS_SOURCES; i++)
        if (ms_sweep_member(object, source_name(section, i))) {
            sources++;
            source = i;
        }
    spec->source = (enum ms_source)source;
    if (sources != 1) {
        ms_sweep_problem(w, object, "found %s; allowed: exactly one of %s",
                         sources ? "more than one source" : "no source",
                         source_names(section, ~0, ", ", list, sizeof list));
        return;
    }
    for (const cJSON *m = object->child; m && !w->point; m = m->next) {
        int i = ms_field_find(section, m->string);
        if (i < 0 || fields[i].sources == 0 || (fields[i].sources & (1 << source)))
            continue;
        struct ms_mark mark = ms_sweep_walk_enter(w, m->string, "");
        ms_sweep_problem(w, m, "found beside %s; allowed: only with %s",
                         source_name(section, source),
                         source_names(section, fields[i].sources, " or ", list, sizeof list));
        ms_sweep_walk_leave(w, mark);
    }
    data_rules(w, object, section, spec);
}
