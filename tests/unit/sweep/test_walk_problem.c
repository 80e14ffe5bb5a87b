// SPDX-License-Identifier: MIT
//
// Problems: sorted by line, listed up to a limit, one line each, with the nearest spelling.
#include "common/sweep/walk_problem.h"

#include "check.h"
#include "problem_fixture.h"

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

// By line; those of one line stay in the order in which they were found.
static void test_sort(void)
{
    static const int lines[] = {4, 1, 4, 9, 1, 2};
    static const char *const sorted[] = {"b", "e", "f", "a", "c", "d"};
    struct ms_sweep_problems p = {0};
    for (int i = 0; i < 6; i++)
        REQUIRE(ms_sweep_problems_add(&p, lines[i], (char[]){(char)('a' + i), '\0'}) == 0);
    ms_sweep_problems_sort(&p);
    for (int i = 0; i < 6; i++) {
        CHECK_STR(p.item[i].text, sorted[i]);
        CHECK(i == 0 || p.item[i].line >= p.item[i - 1].line);
    }
    ms_sweep_problems_clear(&p);
    CHECK(p.n == 0 && p.item == NULL);
}

static void test_one_line(void)
{
    struct ms_sweep_problems p = {0};
    REQUIRE(ms_sweep_problems_add(&p, 1, "a\nb\tc\x1b[31m ü") == 0);
    CHECK_STR(p.item[0].text, "a?b?c?[31m ü");
    ms_sweep_problems_clear(&p);
}

static void test_suggestions(void)
{
    static const struct wrong_case rows[] = {
        {"\"search\": {\"try_frist\": []}",
         "search: found unknown key 'try_frist'; allowed: method, *"},
        {"\"epochs\": {\"chioce\": [1]}",
         "epochs: found an object; allowed: an integer from 1 to 1000000; did you mean 'choice'?"},
        {"\"objective\": {\"at\": \"lest\"}", "objective.at: found 'lest'; allowed: best, last, "
                                              "best_mean, last_mean; did you mean 'last'?"},
        {"\"epochs\": 1, \"epochs\": 1", "found 'epochs' twice; allowed: every key once"},
    };
    CHECK_PROBLEMS(NETWORK_WITH, rows);
}

// A suggestion comes last, behind lists that may grow; other names of a row lead to it.
static void test_rows(void)
{
    static const char *const rows[][2] = {
        {"\"optimizer\": \"ADAM\"", "; did you mean 'adam'?"},
        {"\"early_stopping\": {\"monitor\": \"val_acc\"}", "; did you mean 'val_accuracy'?"},
        {"\"shuffel\": true", "; did you mean 'shuffle'?"},
        {"\"search\": {\"max_trails\": 1}", "; did you mean 'max_trials'?"},
        {"\"optimizer\": \"gradient\"", ""}, // none is near
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CASE("%s", rows[i][0]);
        char text[500];
        snprintf(text, sizeof text, NETWORK_WITH, rows[i][0]);
        const char *found = problems_of(text), *meant = strstr(found, "; did you mean");
        CHECK_STR(meant ? meant : "", rows[i][1]);
        CHECK(found[0] != '\0');
    }
}

// While a file is read at a point a problem means that the point is wrong, and has no text.
static void test_reading(void)
{
    struct ms_sweep_problems p = {0};
    const double point = 0;
    struct ms_walk w = {.point = &point, .problems = &p};
    ms_sweep_problem(&w, NULL, "found %d", 3);
    CHECK(w.bad_point && w.found == 0 && p.n == 0);
    // Problems of a further layer are counted, not listed.
    struct ms_walk quiet = {.quiet = true, .problems = &p};
    ms_sweep_problem(&quiet, NULL, "found %d", 3);
    CHECK(!quiet.bad_point && quiet.found == 1 && p.n == 0);
}

int main(void)
{
    test_many_problems();
    test_sort();
    test_one_line();
    test_suggestions();
    test_rows();
    test_reading();
    return check_done();
}
