// SPDX-License-Identifier: MIT
//
// Properties of every table of fields: names, docs, bounds, defaults and rows that fit together.
#include "common/sweep/schema.h"

#include <math.h>

#include "check.h"
#include "mlpsweep/metric.h"

static int fields;

static void check_default(const struct ms_field *f)
{
    if (f->type <= MS_F_LONG) {
        CHECK(isnan(f->lo) == 0 && f->lo <= f->hi);
        // A default below its bound means: not given.
        CHECK(isnan(f->def) || f->def <= f->hi);
        CHECK(f->type == MS_F_REAL || (f->def == floor(f->def) && f->lo == floor(f->lo)));
    }
    if ((f->type == MS_F_PICK || f->type == MS_F_ROW) && f->def_text)
        CHECK_THAT(ms_table_find(f->table, f->def_text) >= 0, "no row %s", f->def_text);
    if (f->type == MS_F_METRIC && f->def_text)
        CHECK_THAT(ms_metric_id(f->def_text) >= 0, "no metric %s", f->def_text);
    if (f->type == MS_F_NAME)
        for (int i = 0; i <= f->def_name; i++)
            CHECK_THAT(f->names[i] != NULL, "default %d is not a name", f->def_name);
}

static void check_section(const struct ms_section *s, const char *path)
{
    CHECK(s->what != NULL && s->n > 0);
    for (int i = 0; i < s->n; i++) {
        const struct ms_field *f = &s->field[i];
        CASE("%s.%s", path, f->name);
        fields++;
        CHECK(f->doc && f->doc[0] && f->doc[strlen(f->doc) - 1] != '.' && !strchr(f->doc, '\n'));
        CHECK_INT(ms_field_find(s, f->name), i); // no name twice
        CHECK((f->type == MS_F_PICK || f->type == MS_F_ROW) == (f->table != NULL));
        CHECK((f->type == MS_F_PICK) == (f->key != NULL));
        CHECK(f->type == MS_F_CUSTOM || (f->type == MS_F_NAME) == (f->names != NULL));
        CHECK(f->type != MS_F_SECTION || f->section != NULL);
        CHECK((f->type != MS_F_TEXT && f->type != MS_F_NAMES) || f->size > 1);
        CHECK((f->parts != 0) == s->top);
        check_default(f);
    }
    for (int i = 0; i < s->n; i++) {
        const struct ms_field *f = &s->field[i];
        if (f->section)
            check_section(f->section, f->name);
        if (f->item && f->item->section && f->item != &ms_schema_same_field)
            check_section(f->item->section, f->name);
    }
}

// A sweep is a training, a function or a command: each takes search and objective.
static void test_kinds(void)
{
    static const struct {
        const char *name;
        int kinds; // bits; 0: all
    } rows[] = {{"data", 1 << MS_KIND_TRAIN},
                {"hidden", 1 << MS_KIND_TRAIN},
                {"epochs", 1 << MS_KIND_TRAIN | 1 << MS_KIND_COMMAND},
                {"params", 1 << MS_KIND_FUNCTION | 1 << MS_KIND_COMMAND},
                {"search", 0},
                {"objective", 0},
                {"stages", 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CASE("%s", rows[i].name);
        int k = ms_field_find(&ms_schema_top_section, rows[i].name);
        REQUIRE(k >= 0);
        CHECK_INT(ms_schema_top_section.field[k].kinds, rows[i].kinds);
    }
}

// The layers of an array have the fields of "same" and "each"; only the former must have units.
static void test_layers(void)
{
    int hidden = ms_field_find(&ms_schema_top_section, "hidden");
    const struct ms_section *layer = ms_schema_top_section.field[hidden].item->section,
                            *same = ms_schema_same_field.section;
    REQUIRE(layer->n == same->n);
    for (int i = 0; i < layer->n; i++) {
        CHECK_STR(layer->field[i].name, same->field[i].name);
        CHECK_INT(layer->field[i].offset, same->field[i].offset);
        CHECK_INT(layer->field[i].required, strcmp(layer->field[i].name, "units") == 0);
        CHECK(!same->field[i].required);
    }
}

int main(void)
{
    check_section(&ms_schema_top_section, "top");
    CHECK_THAT(fields > 100, "only %d fields", fields);
    test_kinds();
    test_layers();
    return check_done();
}
