// SPDX-License-Identifier: MIT
//
// Sweep files as a whole: right ones, wrong ones (tests/wrong: NAME.json with NAME.expect, the
// exact messages), damaged ones.
#include "check.h"

#include <dirent.h>
#include <stdint.h>

#include "common/sweep/schema.h"
#include "mlpsweep/metric.h"
#include "mlpsweep/rng.h"
#include "mlpsweep/function.h"
#include "mlpsweep/sweep.h"

#define UNIT MS_SOURCE_DIR "/tests/unit/sweep/"
#define WRONG MS_SOURCE_DIR "/tests/wrong/"

static char *read_file(const char *path, size_t *len)
{
    struct ms_error err = {0};
    char *text;
    int status = ms_sweep_read(path, &text, len, &err);
    CHECK_THAT(status == 0, "%s", err.text);
    REQUIRE(status == 0);
    return text;
}

static struct ms_sweep *parse_text(const char *text)
{
    struct ms_sweep_problems p;
    struct ms_sweep *s;
    int status = ms_sweep_parse("dir/a.sweep.json", text, strlen(text), &s, &p);
    for (int i = 0; i < p.n; i++)
        CHECK_THAT(0, "%s\n  line %d: %s", text, p.item[i].line, p.item[i].text);
    CHECK(status == 0);
    ms_sweep_problems_clear(&p);
    REQUIRE(s);
    return s;
}

static struct ms_sweep *parse_file(const char *path)
{
    size_t len;
    char *text = read_file(path, &len);
    struct ms_sweep *s = parse_text(text);
    free(text);
    return s;
}

// --- right ones --------------------------------------------------------------

static void test_design_example(void)
{
    static const char *const names[] = {
        "hidden.layers",    "hidden.1.units", "hidden.1.dropout",      "hidden.2.units",
        "hidden.2.dropout", "hidden.3.units", "hidden.3.dropout",      "hidden.4.units",
        "hidden.4.dropout", "hidden.5.units", "hidden.5.dropout",      "hidden.6.units",
        "hidden.6.dropout", "optimizer",      "learning_rate.initial", "batch_size"};
    struct ms_sweep *s = parse_file(UNIT "kerastuner-slides.json");
    const struct ms_space *space = ms_sweep_space(s);
    CHECK_INT(space->n, 16);
    for (int i = 0; i < 16; i++)
        CHECK_STR(space->param[i].name, names[i]);
    CHECK_INT(space->param[0].count, 5);
    for (int i = 1; i <= 12; i++) {
        CHECK_INT(space->param[i].count, 4);
        CHECK_INT(space->param[i].condition, MS_AT_LEAST);
        CHECK_INT(space->param[i].parent, 0);
        CHECK_INT(space->param[i].parent_value, (i + 1) / 2);
    }
    CHECK_INT(space->param[13].count, 2);
    CHECK_INT(space->param[14].count, 0);
    CHECK(space->param[14].log);
    CHECK_INT(space->param[14].line, 16);
    CHECK_INT(space->param[15].count, 3);
    CHECK_STR(ms_sweep_name(s), "kerastuner-slides");
    CHECK_INT(ms_sweep_seed(s), 2020);
    CHECK_INT(ms_sweep_search(s)->max_trials, 60);
    CHECK_INT(ms_sweep_search(s)->executions_per_trial, 3);
    CHECK_INT(ms_sweep_search(s)->max_retries_per_trial, 2);
    CHECK(ms_table_find(&ms_search_sampler_table, "random") == ms_sweep_search(s)->method.row);
    CHECK_INT(ms_sweep_objective(s)->metric, ms_metric_id("val_accuracy"));
    CHECK(ms_sweep_objective(s)->maximize);
    CHECK_INT(ms_sweep_objective(s)->at, MS_AT_BEST);
    CHECK_INT(ms_sweep_objective(s)->by, MS_BY_MEAN);
    const struct ms_data_spec *data;
    CHECK_INT(ms_sweep_data(s, &data), 1);
    CHECK_INT(data[0].source, MS_IDX);
    CHECK_STR(data[0].path, "data/fashion");
    CHECK_NEAR(data[0].validation, 0.1667, 0);
    CHECK_STR(data[0].canonical, "{\"idx\":\"data/fashion\",\"validation\":0.1667}");
    ms_sweep_free(s);
}

static void test_defaults(void)
{
    struct ms_sweep *s = parse_text("{\"data\": {\"synthetic\": \"xor\"}, \"hidden\": []}");
    CHECK_STR(ms_sweep_name(s), "a.sweep");
    CHECK_STR(ms_sweep_file(s), "dir/a.sweep.json");
    CHECK_INT(ms_sweep_seed(s), 0);
    CHECK_INT(ms_sweep_threads(s), 1);
    CHECK_INT(ms_sweep_space(s)->n, 0);
    CHECK_INT(ms_sweep_search(s)->max_trials, 0);
    CHECK_INT(ms_sweep_search(s)->executions_per_trial, 1);
    CHECK_INT(ms_sweep_objective(s)->metric, ms_metric_id("val_loss"));
    CHECK(!ms_sweep_objective(s)->maximize);
    const struct ms_data_spec *data;
    CHECK_INT(ms_sweep_data(s, &data), 1);
    CHECK_INT(data[0].source, MS_SYNTHETIC);
    CHECK_STR(ms_table_row(&ms_dataset_synthetic_table, data[0].synthetic)->name, "xor");
    CHECK_INT(data[0].points, 2500);
    CHECK_INT(data[0].task, -1);
    CHECK_NEAR(data[0].validation, 0.2, 0);
    CHECK_NEAR(data[0].test, 0, 0);
    CHECK_INT(data[0].split, MS_SPLIT_RANDOM);
    CHECK_INT(data[0].scaling.row, -1);
    ms_sweep_free(s);
    s = parse_text("{\"data\": {\"synthetic\": \"xor\", \"validation\": 0}, \"hidden\": []}");
    CHECK_INT(ms_sweep_objective(s)->metric, ms_metric_id("loss")); // there is no val_loss
    ms_sweep_free(s);
}

// What tells sources, parts and folds.
static void test_data_fields(void)
{
    const struct ms_data_spec *d;
    struct ms_sweep *s = parse_text("{\"data\": {\"csv\": \"a.csv\", \"target\": [\"y\", \"z\"], "
                                    "\"ignore\": \"id\", \"categorical\": "
                                    "[\"c\"], \"missing\": {\"choice\": [\"drop\", \"mean\"]}, "
                                    "\"validation\": {\"choice\": [0.1, "
                                    "{\"file\": {\"choice\": [\"v.csv\", \"w.csv\"]}}]}, "
                                    "\"split\": \"stratified\"}, \"hidden\": []}");
    CHECK_INT(ms_sweep_data(s, &d), 2 * 3);
    CHECK_STR(d[0].target, "y\nz");
    CHECK_STR(d[0].ignore, "id");
    CHECK_STR(d[0].categorical, "c");
    CHECK(d[0].split == MS_SPLIT_STRATIFIED && d[0].folds == 0);
    CHECK(d[0].missing == MS_MISSING_DROP && d[5].missing == MS_MISSING_MEAN);
    CHECK(d[0].validation == 0.1 && d[0].val_path[0] == '\0');
    CHECK(d[2].validation == 0 && ms_data_validates(&d[2]));
    CHECK_STR(d[1].val_path, "v.csv");
    CHECK_STR(d[2].val_path, "w.csv");
    CHECK_INT(ms_sweep_objective(s)->metric, ms_metric_id("val_loss"));
    ms_sweep_free(s);
    s = parse_text(
        "{\"data\": {\"npz\": \"a.npz\", \"y\": \"labels\", \"folds\": 5}, \"hidden\": []}");
    CHECK_INT(ms_sweep_data(s, &d), 1);
    CHECK_INT(d[0].source, MS_NPZ);
    CHECK_STR(d[0].x_name, "x");
    CHECK_STR(d[0].y_name, "labels");
    CHECK(d[0].folds == 5 && d[0].validation == 0 && ms_data_validates(d));
    CHECK_INT(ms_sweep_search(s)->executions_per_trial, 5);
    CHECK_INT(ms_sweep_objective(s)->metric, ms_metric_id("val_loss"));
    ms_sweep_free(s);
    s = parse_text("{\"data\": {\"npy\": \"x.npy\", \"target_file\": \"y.npy\", \"folds\": 5, "
                   "\"validation\": 0}, "
                   "\"hidden\": [], \"search\": {\"executions_per_trial\": 2}}");
    CHECK_INT(ms_sweep_data(s, &d), 1);
    CHECK_STR(d[0].y_path, "y.npy");
    CHECK_INT(ms_sweep_search(s)->executions_per_trial, 2);
    ms_sweep_free(s);
}

static void test_data_sets(void)
{
    struct ms_sweep *s = parse_file(UNIT "everything.json");
    const struct ms_data_spec *data;
    static const char *const wanted[] = {
        "{\"points\":100,\"scaling\":\"standard\",\"split\":\"last\",\"synthetic\":\"xor\","
        "\"test\":0.1,"
        "\"validation\":0.25}",
        "{\"csv\":\"houses.csv\",\"scaling\":{\"divide_by\":10},\"target\":\"price\",\"task\":"
        "\"regression\",\"test_file\":\"more.csv\"}",
        "{\"idx\":\"fashion\"}"};
    CHECK_INT(ms_sweep_data(s, &data), 2 * 3 + 2 + 1);
    CHECK_STR(data[0].canonical, wanted[0]);
    CHECK_STR(data[6].canonical, wanted[1]);
    CHECK_STR(data[8].canonical, wanted[2]);
    CHECK_INT(data[1].points, 200);
    CHECK_STR(ms_table_row(&ms_dataset_synthetic_table, data[3].synthetic)->name, "circle");
    CHECK_INT(data[5].points, 300);
    CHECK_INT(data[5].split, MS_SPLIT_LAST);
    CHECK_NEAR(data[5].test, 0.1, 0);
    CHECK_STR(ms_table_row(&ms_dataset_scaling_table, data[5].scaling.row)->name, "standard");
    CHECK_INT(data[7].source, MS_CSV);
    CHECK_INT(data[7].task, MS_REGRESSION);
    CHECK_STR(data[7].path, "houses.csv");
    CHECK_STR(data[7].test_path, "more.csv");
    CHECK_STR(data[7].target, "price");
    CHECK_NEAR(data[7].scaling.arg[0], 100, 0);
    CHECK_INT(data[8].source, MS_IDX);
    CHECK_STR(data[8].path, "fashion");
    ms_sweep_free(s);
    // Two ways to say the same are one data set.
    s = parse_text(
        "{\"data\": {\"choice\": [{\"synthetic\": \"or\", \"points\": {\"choice\": [5, 6]}},"
        "{\"points\": 6, \"synthetic\": \"or\"}]}, \"hidden\": []}");
    CHECK_INT(ms_sweep_data(s, &data), 2);
    ms_sweep_free(s);
}

static void test_texts(void)
{
    static const char text[] = "{ // a comment\n \"data\": {\"synthetic\": \"xor\"},\n"
                               " \"hidden\": [], \"seed\": 1e2}";
    struct ms_sweep *s = parse_text(text);
    CHECK_STR(ms_sweep_text(s), text);
    CHECK_INT(ms_sweep_text_size(s), sizeof text - 1);
    CHECK_STR(ms_sweep_canonical(s),
              "{\"data\":{\"synthetic\":\"xor\"},\"hidden\":[],\"seed\":100}");
    ms_sweep_free(s);
}

static int index_of(const struct ms_space *space, const char *name)
{
    for (int i = 0; i < space->n; i++)
        if (strcmp(space->param[i].name, name) == 0)
            return i;
    CHECK_THAT(0, "no parameter %s", name);
    exit(1);
}

static void test_resolved(void)
{
    struct ms_sweep *s = parse_text(
        "{\"data\": {\"synthetic\": \"xor\"}, \"hidden\": {\"layers\": {\"int\": [1, 3]},"
        "\"same\": {\"activation\": {\"choice\": [\"relu\", \"tanh\"]}},"
        "\"each\": {\"units\": {\"int\": [1, 9]}}}, \"shuffle\": {\"bool\": null}}");
    const struct ms_space *space = ms_sweep_space(s);
    double point[6];
    REQUIRE(space->n == 6);
    CHECK(ms_space_first(space, point));
    point[index_of(space, "hidden.layers")] = 1;
    point[index_of(space, "hidden.same.activation")] = 1;
    point[index_of(space, "hidden.1.units")] = 4;
    point[index_of(space, "hidden.2.units")] = 7;
    char *hidden = ms_sweep_resolved(s, "hidden", point),
         *shuffle = ms_sweep_resolved(s, "shuffle", point);
    REQUIRE(hidden && shuffle);
    CHECK_STR(hidden,
              "[{\"activation\":\"tanh\",\"units\":5},{\"activation\":\"tanh\",\"units\":8}]");
    CHECK_STR(shuffle, "false");
    CHECK(ms_sweep_resolved(s, "nothing", point) == NULL);
    free(hidden);
    free(shuffle);
    ms_sweep_free(s);
}

// --- wrong ones --------------------------------------------------------------

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
// a sweep. Returns false where the braces mean something else.
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

static void test_many_problems(void)
{
    size_t cap = 200000, used;
    char *text = malloc(cap);
    REQUIRE(text);
    used = (size_t)snprintf(text, cap,
                            "{\"data\": {\"synthetic\": \"xor\"}, \"hidden\": [], \"batch_size\": "
                            "{\"choice\": [0");
    for (int i = 1; i < 3000; i++)
        used += (size_t)snprintf(text + used, cap - used, ", -%d", i);
    used += (size_t)snprintf(text + used, cap - used, "]}}");
    struct ms_sweep_problems p;
    struct ms_sweep *s;
    CHECK_INT(ms_sweep_parse("x", text, used, &s, &p), MS_EINVAL);
    CHECK_INT(p.n, 1001);
    CHECK_STR(p.item[1000].text, "and 2000 more problems");
    ms_sweep_problems_clear(&p);
    free(text);
}

// --- damaged ones ------------------------------------------------------------

// Whatever the bytes: no crash, either problems or a sweep that every one of its points can be read
// at.
static int try_text(const char *text, size_t len, uint64_t seed)
{
    struct ms_sweep_problems p;
    struct ms_sweep *s;
    char *exact = malloc(len ? len : 1); // a sanitizer sees every byte too far
    REQUIRE(exact);
    memcpy(exact, text, len);
    int status = ms_sweep_parse("fuzz.json", exact, len, &s, &p);
    CHECK((status == 0) == (s != NULL) && (status == 0) == (p.n == 0));
    for (uint32_t k = 0; s && k < 3; k++) {
        static double point[MS_MAX_PARAMS];
        static struct ms_config config;
        struct ms_error err = {0};
        struct ms_rng rng = ms_rng_at(seed, k, 0, MS_STREAM_SAMPLER);
        for (int i = 0; i < ms_sweep_space(s)->n; i++)
            point[i] = ms_rng_uniform(&rng, (uint64_t)i);
        ms_space_from_unit(ms_sweep_space(s), point, point);
        CHECK_THAT(ms_sweep_config(s, point, &config, &err) == 0, "accepted, but: %s", err.text);
    }
    ms_sweep_free(s);
    ms_sweep_problems_clear(&p);
    free(exact);
    return status == 0;
}

static void test_damaged(const char *path, int mutations)
{
    static const char bytes[] = "{}[]\",:0123456789-.eEtfn\\/ \n\xff\xc3";
    size_t len;
    int accepted = 0;
    uint64_t counter = 0;
    struct ms_rng rng = ms_rng_at(99, 0, 0, MS_STREAM_SAMPLER);
    char *text = read_file(path, &len), *copy = malloc(len + 8);
    REQUIRE(copy);
    CHECK(try_text(text, len, 1));
    size_t end = len; // what follows the last brace may be cut without harm
    while (end > 0 && text[end - 1] != '}')
        end--;
    for (size_t cut = 0; cut < end; cut++)
        CHECK_THAT(!try_text(text, cut, cut), "%s: accepted when cut at %zu", path, cut);
    for (int i = 0; i < mutations; i++) {
        size_t n = len;
        memcpy(copy, text, len);
        for (uint64_t k = ms_rng_below(&rng, &counter, 3) + 1; k > 0; k--) {
            size_t at = (size_t)ms_rng_below(&rng, &counter, n);
            char b = bytes[ms_rng_below(&rng, &counter, sizeof bytes - 1)];
            switch (ms_rng_below(&rng, &counter, 3)) {
            case 0:
                copy[at] = b;
                break;
            case 1:
                memmove(copy + at, copy + at + 1, n - at - 1);
                n--;
                break;
            default:
                memmove(copy + at + 1, copy + at, n - at);
                copy[at] = b;
                n++;
            }
        }
        accepted += try_text(copy, n, (uint64_t)i);
    }
    // Some must survive, or the mutations test the JSON scanner alone.
    CHECK_THAT(accepted > mutations / 50, "only %d of %d accepted", accepted, mutations);
    free(copy);
    free(text);
}

// --- epochs ------------------------------------------------------------------

static void most_epochs(const char *text, double wanted)
{
    struct ms_sweep *s = parse_text(text);
    CHECK_THAT(ms_sweep_most_epochs(s) == wanted, "%s: %g", text, ms_sweep_most_epochs(s));
    ms_sweep_free(s);
}

static void test_most_epochs(void)
{
#define NETWORK(rest) "{\"data\": {\"synthetic\": \"xor\"}, \"hidden\": []" rest "}"
#define COMMAND(rest) "{\"objective\": {\"command\": [\"./a\"], \"metric\": \"loss\"}" rest "}"
    most_epochs(NETWORK(""), 1);
    most_epochs(NETWORK(", \"epochs\": 7"), 7);
    // The largest value, wherever it stands in the order of the parameters.
    most_epochs(NETWORK(", \"shuffle\": {\"bool\": null}, \"epochs\": {\"choice\": [3, 9, 4]}, "
                        "\"batch_size\": {\"int\": [1, 64]}"),
                9);
    most_epochs(NETWORK(", \"epochs\": {\"int\": [2, 11], \"step\": 4}"), 10);
    most_epochs(COMMAND(""), 0); // the command decides
    most_epochs(COMMAND(", \"epochs\": 5"), 5);
    most_epochs("{\"objective\": {\"function\": \"beale\"}, \"search\": {\"method\": \"random\", "
                "\"max_trials\": 2}}",
                0);
}

int main(void)
{
    test_design_example();
    test_defaults();
    test_data_sets();
    test_data_fields();
    test_texts();
    test_resolved();
    test_wrong_files();
    test_many_problems();
    test_most_epochs();
    test_damaged(UNIT "kerastuner-slides.json", 3000);
    test_damaged(UNIT "everything.json", 6000);
    return check_done();
}
