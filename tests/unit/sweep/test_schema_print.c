// SPDX-License-Identifier: MIT
//
// The fields for people: every field and every row is printed, in lines that fit, with its default.
#include "common/sweep/schema.h"

#include "check.h"
#include "mlpsweep/function.h"

static char *printed(void)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    REQUIRE(out && ms_sweep_print_fields(out) == 0);
    fclose(out);
    REQUIRE(text);
    return text;
}

// True when a line begins with a name after so many blanks.
static bool has_line(const char *text, int blanks, const char *name)
{
    char begin[200];
    snprintf(begin, sizeof begin, "\n%*s%s", blanks, "", name);
    for (const char *p = text; (p = strstr(p, begin)); p++)
        if (strchr(" \n", p[strlen(begin)]))
            return true;
    return false;
}

static void test_fields(const char *text, const struct ms_section *s, int blanks)
{
    for (int i = 0; i < s->n; i++) {
        CHECK_THAT(has_line(text, blanks, s->field[i].name), "no %s", s->field[i].name);
        if (s->field[i].section)
            test_fields(text, s->field[i].section, blanks + 2);
    }
}

static void test_rows(const char *text)
{
    static const struct ms_table *const tables[] = {
        &ms_activation_table,       &ms_loss_table,
        &ms_metric_table,           &ms_optimizer_table,
        &ms_schedule_table,         &ms_initializer_table,
        &ms_regularizer_table,      &ms_constraint_table,
        &ms_normalization_table,    &ms_dataset_synthetic_table,
        &ms_dataset_scaling_table,  &ms_search_sampler_table,
        &ms_search_scheduler_table, &ms_function_table};
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
        char head[100];
        snprintf(head, sizeof head, "\n\n%s: a name", tables[t]->what);
        const char *at = strstr(text, head);
        CHECK_THAT(at != NULL, "no table %s", tables[t]->what);
        CHECK_THAT(!at || !strstr(at + 1, head), "table %s twice", tables[t]->what);
        for (int i = 0; at && i < tables[t]->n; i++)
            CHECK_THAT(has_line(at, 2, ms_table_row(tables[t], i)->name), "%s: no %s",
                       tables[t]->what, ms_table_row(tables[t], i)->name);
    }
}

// Lines are at most 100 characters, unless one word is longer than its place, and end in no blank.
static void test_width(const char *text)
{
    for (const char *p = text, *end; (end = strchr(p, '\n')); p = end + 1) {
        int n = 0;
        for (const char *c = p; c < end; c++)
            n += (*c & 0xc0) != 0x80;
        CHECK_THAT(n <= 100, "%d characters: %.*s", n, (int)(end - p), p);
        CHECK_THAT(end == p || end[-1] != ' ', "a blank behind %.*s", (int)(end - p), p);
    }
}

static void test_texts(const char *text)
{
    static const char *const lines[] = {
        "\nbatch_size                    rows per step (an integer from 1 to ",
        "; default 32)\n",
        "\nshuffle                       put the rows in a new order in every epoch (true or "
        "false; default\n"
        "                              true)\n", // folded under its doc
        "\n    units                     neurons of the layer (an integer from 1 to 65536; "
        "required)\n",
        "; cannot be a parameter)\n",
        "\n    metric                    a metric, or weights, flops, memory_bytes, seconds "
        "(required; cannot\n",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        CHECK_THAT(strstr(text, lines[i]) != NULL, "no '%s'", lines[i]);
}

int main(void)
{
    char *text = printed();
    test_fields(text, &ms_schema_top_section, 0);
    test_rows(text);
    test_width(text);
    test_texts(text);
    free(text);
    return check_done();
}
