// SPDX-License-Identifier: MIT
//
// The files of tests/wrong: NAME.json has exactly the problems of NAME.expect. Together they hold
// the messages of every source that checks a file.
#include "sweep_fixture.h"

#include <dirent.h>

#include "common/sweep/schema.h"
#include "mlpsweep/function.h"
#include "mlpsweep/metric.h"

#define WRONG MS_SOURCE_DIR "/tests/wrong/"

static const struct ms_table *const tables[] = {&ms_activation_table,
                                                &ms_loss_table,
                                                &ms_metric_table,
                                                &ms_optimizer_table,
                                                &ms_schedule_table,
                                                &ms_initializer_table,
                                                &ms_dataset_synthetic_table,
                                                &ms_dataset_scaling_table,
                                                &ms_search_sampler_table,
                                                &ms_regularizer_table,
                                                &ms_constraint_table,
                                                &ms_normalization_table,
                                                &ms_function_table};
static const char *const table_names[] = {
    "activation",  "loss",          "metric",  "optimizer", "schedule",
    "initializer", "synthetic",     "scaling", "sampler",   "regularizer",
    "constraint",  "normalization", "function"};

// What stands in braces in an .expect file, so that a new row or a better doc changes no test:
// {optimizer} its rows, {optimizer adam} the arguments of a row, {optimizer adam beta_1} the doc of
// an argument, {keys layer} the fields of a section, {keys command} those of the top level of such
// a sweep, {sources} the fields of the data that name a source, {six data} its first six fields.
// Returns false where the braces mean something else.
static int expand_keys(const char *section, char *out, size_t size)
{
    static const char *const kinds[] = {[MS_KIND_TRAIN] = "training",
                                        [MS_KIND_FUNCTION] = "function",
                                        [MS_KIND_COMMAND] = "command"};
    const struct ms_section *top = &ms_schema_top_section;
    out[0] = '\0';
    for (int kind = 0; kind < 3; kind++) { // the top level of such a sweep
        if (strcmp(section, kinds[kind]) != 0)
            continue;
        for (int i = 0; i < top->n; i++)
            if (!top->field[i].kinds || (top->field[i].kinds & 1 << kind))
                snprintf(out + strlen(out), size - strlen(out), "%s%s", out[0] ? ", " : "",
                         top->field[i].name);
        return 1;
    }
    const struct ms_section *s = strcmp(section, "layer") == 0 ? ms_schema_same_field.section
                                 : strcmp(section, "top") == 0
                                     ? top
                                     : top->field[ms_field_find(top, section)].section;
    for (int i = 0; i < s->n; i++)
        snprintf(out + strlen(out), size - strlen(out), "%s%s", i ? ", " : "", s->field[i].name);
    return 1;
}

static int expand(const char *inside, char *out, size_t size)
{
    char word[3][64] = {"", "", ""};
    int n = sscanf(inside, "%63s %63s %63s", word[0], word[1], word[2]);
    if (strcmp(word[0], "keys") == 0)
        return expand_keys(word[1], out, size);
    const struct ms_section *top = &ms_schema_top_section;
    const struct ms_section *data = top->field[ms_field_find(top, "data")].section;
    out[0] = '\0';
    int first = strcmp(word[0], "sources") == 0 ? MS_SOURCES : strcmp(word[0], "six") == 0 ? 6 : 0;
    for (int i = 0; i < first; i++) // sources come first
        snprintf(out + strlen(out), size - strlen(out), "%s%s", i ? ", " : "", data->field[i].name);
    if (out[0])
        return 1;
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
        if (strcmp(word[0], table_names[t]) != 0)
            continue;
        if (n == 1) {
            ms_table_names(tables[t], out, size);
            return 1;
        }
        int row = ms_table_find(tables[t], word[1]);
        REQUIRE(row >= 0);
        const struct ms_row *r = ms_table_row(tables[t], row);
        out[0] = '\0';
        for (int i = 0; i < MS_MAX_ARGS; i++) {
            const struct ms_arg *a = ms_table_row_arg(r, i);
            if (a && n == 2)
                snprintf(out + strlen(out), size - strlen(out), "%s%s", out[0] ? ", " : "",
                         a->name);
            else if (a && strcmp(a->name, word[2]) == 0)
                snprintf(out, size, "%s", a->doc);
        }
        return 1;
    }
    return 0;
}

static char *expand_all(const char *text)
{
    size_t cap = strlen(text) + 100000, used = 0;
    char *out = malloc(cap);
    REQUIRE(out);
    while (*text) {
        const char *close = *text == '{' ? strchr(text, '}') : NULL;
        char inside[200], names[2000];
        if (close && close - text < 200) {
            snprintf(inside, sizeof inside, "%.*s", (int)(close - text - 1), text + 1);
            if (expand(inside, names, sizeof names)) {
                used += (size_t)snprintf(out + used, cap - used, "%s", names);
                text = close + 1;
                continue;
            }
        }
        REQUIRE(used + 1 < cap);
        out[used++] = *text++;
    }
    out[used] = '\0';
    return out;
}

static void check_wrong(const char *name)
{
    char path[512], *found = NULL;
    size_t len, expect_len, size = 0;
    snprintf(path, sizeof path, WRONG "%s.json", name);
    char *text = read_file(path, &len);
    snprintf(path, sizeof path, WRONG "%s.expect", name);
    char *expect = read_file(path, &expect_len), *wanted = expand_all(expect);
    struct ms_sweep_problems p;
    struct ms_sweep *s;
    CHECK_THAT(ms_sweep_parse("x.json", text, len, &s, &p) == MS_EINVAL, "%s is accepted", name);
    CHECK(s == NULL);
    FILE *out = open_memstream(&found, &size);
    REQUIRE(out);
    for (int i = 0; i < p.n; i++) {
        fprintf(out, "%d: %s\n", p.item[i].line, p.item[i].text);
        CHECK_THAT(!strchr(p.item[i].text, '\n'), "%s: more than one line", name);
        CHECK_THAT(i == 0 || p.item[i].line >= p.item[i - 1].line, "%s: not sorted", name);
    }
    fclose(out);
    CHECK_THAT(strcmp(found, wanted) == 0, "%s: found\n%swanted\n%s", name, found, wanted);
    ms_sweep_problems_clear(&p);
    free(found);
    free(wanted);
    free(expect);
    free(text);
}

static void test_wrong_files(void)
{
    int n = 0;
    DIR *dir = opendir(WRONG);
    REQUIRE(dir);
    for (struct dirent *e; (e = readdir(dir)) != NULL;) {
        char name[256];
        char *dot = strrchr(e->d_name, '.');
        if (!dot || strcmp(dot, ".json") != 0)
            continue;
        snprintf(name, sizeof name, "%.*s", (int)(dot - e->d_name), e->d_name);
        check_wrong(name);
        n++;
    }
    closedir(dir);
    CHECK_THAT(n >= 50, "only %d wrong files", n);
}

int main(void)
{
    test_wrong_files();
    return check_done();
}
