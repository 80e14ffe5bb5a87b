// SPDX-License-Identifier: MIT
//
// Values without parts: what each type takes, where its bounds are, and how the value is stored.
#include "common/sweep/walkers.h"

#include <limits.h>

#include "check.h"
#include "mlpsweep/metric.h"

// Walks the JSON of a value as one of a field. Returns the number of problems.
static int walk(const struct ms_field *f, const char *json, void *base)
{
    struct ms_sweep_problems p = {0};
    struct ms_json *doc;
    struct ms_error err;
    int line;
    REQUIRE(ms_json_parse(json, strlen(json), &doc, &line, &err) == 0);
    struct ms_walk w = {.doc = doc, .problems = &p};
    ms_sweep_walkers[f->type](&w, ms_json_root(doc), f, base);
    CHECK_INT(p.n, w.found);
    ms_sweep_problems_clear(&p);
    ms_json_free(doc);
    return w.found;
}

static void test_numbers(void)
{
    const struct ms_field open = {.type = MS_F_REAL, .lo = 0, .hi = 1, .lo_open = true},
                          whole = {.type = MS_F_INT, .lo = -2, .hi = 3, .hi_open = true},
                          big = {.type = MS_F_LONG, .lo = 0, .hi = 9007199254740991.0},
                          off = {.type = MS_F_REAL, .lo = 0.5, .hi = 1, .null_off = true};
    static const struct {
        const char *json;
        int open, whole, big, off; // problems
    } rows[] = {{"0", 1, 0, 0, 1},    {"1", 0, 0, 0, 0},     {"1e-300", 0, 1, 1, 1},
                {"-2", 1, 0, 1, 1},   {"-2.5", 1, 1, 1, 1},  {"3", 1, 1, 0, 1},
                {"0.5", 0, 1, 1, 0},  {"null", 1, 1, 1, 0},  {"9007199254740991", 1, 1, 0, 1},
                {"true", 1, 1, 1, 1}, {"\"1\"", 1, 1, 1, 1}, {"9007199254740992", 1, 1, 1, 1},
                {"[1]", 1, 1, 1, 1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CASE("%s", rows[i].json);
        double x = -1;
        int n = -1;
        int64_t l = -1;
        CHECK_INT(walk(&open, rows[i].json, &x), rows[i].open);
        CHECK_NEAR(x, rows[i].open ? -1 : strtod(rows[i].json, NULL), 0);
        CHECK_INT(walk(&whole, rows[i].json, &n), rows[i].whole);
        CHECK_INT(n, rows[i].whole ? -1 : atoi(rows[i].json));
        CHECK_INT(walk(&big, rows[i].json, &l), rows[i].big);
        CHECK_INT(l, rows[i].big ? -1 : atoll(rows[i].json));
        x = -1;
        CHECK_INT(walk(&off, rows[i].json, &x), rows[i].off);
        if (!rows[i].off)
            CHECK_NEAR(x, strtod(rows[i].json, NULL), 0); // null stands for 0
    }
}

static void test_bools(void)
{
    const struct ms_field f = {.type = MS_F_BOOL};
    bool b = false;
    CHECK(walk(&f, "true", &b) == 0 && b);
    CHECK(walk(&f, "false", &b) == 0 && !b);
    CHECK(walk(&f, "1", &b) == 1 && walk(&f, "\"true\"", &b) == 1 && walk(&f, "null", &b) == 1);
}

// A text fits with its end, and is one line.
static void test_texts(void)
{
    const struct ms_field f = {.type = MS_F_TEXT, .size = 4};
    char text[5] = "....";
    CHECK(walk(&f, "\"abc\"", text) == 0);
    CHECK_STR(text, "abc");
    static const char *const wrong[] = {"\"\"",        "\"abcd\"", "\"a\\nb\"",
                                        "\"\\u0007\"", "3",        "[\"a\"]"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CASE("%s", wrong[i]);
        CHECK_INT(walk(&f, wrong[i], text), 1);
        CHECK_STR(text, "abc");
    }
}

static void test_lists_of_texts(void)
{
    const struct ms_field f = {.type = MS_F_NAMES, .size = 6};
    char text[8] = "";
    CHECK(walk(&f, "\"abcde\"", text) == 0);
    CHECK_STR(text, "abcde");
    CHECK(walk(&f, "[\"ab\", \"c\"]", text) == 0);
    CHECK_STR(text, "ab\nc");
    CHECK(walk(&f, "[3, 1.5]", text) == 0); // a class or a column may be a number
    CHECK_STR(text, "3\n1.5");
    CHECK(walk(&f, "7", text) == 0);
    CHECK_STR(text, "7");
    static const char *const wrong[] = {"[]",     "[\"ab\", \"cde\"]", "[\"a\", true]",
                                        "[\"\"]", "\"abcdef\"",        "{}"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CASE("%s", wrong[i]);
        CHECK_INT(walk(&f, wrong[i], text), 1);
    }
}

static void test_names(void)
{
    static const char *const names[] = {"best", "last", NULL};
    const struct ms_field name = {.type = MS_F_NAME, .names = names},
                          row = {.type = MS_F_ROW, .table = &ms_optimizer_table},
                          metric = {.type = MS_F_METRIC};
    int i = -1;
    CHECK(walk(&name, "\"last\"", &i) == 0 && i == 1);
    CHECK(walk(&name, "\"Last\"", &i) == 1 && walk(&name, "1", &i) == 1 && i == 1);
    CHECK(walk(&row, "\"sgd\"", &i) == 0 && i == ms_table_find(&ms_optimizer_table, "sgd"));
    CHECK(walk(&row, "\"sgdd\"", &i) == 1 && walk(&row, "null", &i) == 1);
    CHECK(walk(&metric, "\"val_loss\"", &i) == 0 && i == ms_metric_id("val_loss"));
    CHECK(walk(&metric, "\"val_\"", &i) == 1 && walk(&metric, "0", &i) == 1);
}

int main(void)
{
    test_numbers();
    test_bools();
    test_texts();
    test_lists_of_texts();
    test_names();
    return check_done();
}
