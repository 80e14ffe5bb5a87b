// SPDX-License-Identifier: MIT
//
// search.try_first: named values as the points hold them, and entries that name no trial.
#include "problem_fixture.h"

#define SPACE                                                                                      \
    "{\"data\": {\"synthetic\": \"xor\"}, \"hidden\": [], \"batch_size\": {\"int\": [16, 128], "   \
    "\"step\": 2, \"log\": true}, \"learning_rate\": {\"float\": [0.1, 0.3], \"step\": 0.1}, "     \
    "\"shuffle\": "                                                                                \
    "{\"bool\": null}, \"optimizer\": {\"choice\": [\"adam\", {\"name\": \"sgd\", \"momentum\": "  \
    "{\"choice\": [0, 0.5]}}]}, \"require\": [\"batch_size < 128 or not shuffle\"], \"search\": "  \
    "{\"try_first\": %s}}"

static void test_values(void)
{
    static const struct {
        const char *entry;
        double values[5]; // batch_size, learning_rate, shuffle, optimizer, its momentum; NAN: not
                          // named
    } rows[] = {
        {"{}", {NAN, NAN, NAN, NAN, NAN}},
        {"{\"batch_size\": 64}", {2, NAN, NAN, NAN, NAN}},
        {"{\"learning_rate\": 0.3, \"shuffle\": true}", {NAN, 2, 1, NAN, NAN}},
        {"{\"optimizer\": \"sgd\"}", {NAN, NAN, NAN, 1, NAN}},
        // The order of an entry is not that of the file.
        {"{\"optimizer.momentum\": 0.5, \"optimizer\": \"sgd\"}", {NAN, NAN, NAN, 1, 1}},
        {"{\"optimizer\": \"adam\", \"batch_size\": 16}", {0, NAN, NAN, 0, NAN}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CASE("%s", rows[i].entry);
        char text[1000], list[200];
        snprintf(list, sizeof list, "[%s]", rows[i].entry);
        snprintf(text, sizeof text, SPACE, list);
        struct ms_sweep_problems p;
        struct ms_sweep *s;
        const double *values;
        REQUIRE(ms_sweep_parse("a", text, strlen(text), &s, &p) == 0);
        REQUIRE(ms_sweep_try_first(s, &values) == 1 && ms_sweep_space(s)->n == 5);
        for (int k = 0; k < 5; k++)
            CHECK_NEAR(values[k], rows[i].values[k], 0);
        ms_sweep_free(s);
    }
}

static void test_problems(void)
{
#define AT "search.try_first.1"
    static const struct wrong_case rows[] = {
        {"[]", ""},
        {"{}",
         "search.try_first: found an object; allowed: an array of up to 10000 objects, such as "
         "[{\"batch_size\": 32}]"},
        {"[3]", "search.try_first: found 3; allowed: an object, such as {\"batch_size\": 32}"},
        {"[{\"batch_size\": 33}]", AT ".batch_size: found 33; allowed: 16, 32, 64, 128"},
        {"[{\"learning_rate\": 0.15}]", AT ".learning_rate: found 0.15; allowed: 0.1, 0.2, 0.3"},
        {"[{\"shuffle\": 1}]", AT ".shuffle: found 1; allowed: false, true"},
        {"[{\"optimizer\": \"sdg\"}]",
         AT ".optimizer: found 'sdg'; allowed: adam, sgd; did you mean 'sgd'?"},
        {"[{\"shufle\": true}]",
         AT ".shufle: found 'shufle', which is not a parameter; allowed: the names of "
            "parameters; did you mean 'shuffle'?"},
        {"[{\"optimizer.momentum\": 0}]", AT ".optimizer.momentum: found without optimizer, on "
                                             "which it depends; allowed: both or neither"},
        {"[{\"optimizer.momentum\": 0, \"optimizer\": \"adam\"}]", AT
         ".optimizer.momentum: found beside optimizer adam, where this parameter does not exist"},
        {"[{\"batch_size\": 128, \"shuffle\": true}]",
         AT ": forbidden by require.1, \"batch_size < 128 or not shuffle\""},
        // The same twice is a mistake only where nothing is left to choose.
        {"[{\"batch_size\": 16}, {\"batch_size\": 16}]", ""},
        {"[{\"batch_size\": 16, \"learning_rate\": 0.1, \"shuffle\": true, \"optimizer\": "
         "\"adam\"}, "
         "{\"optimizer\": \"adam\", \"batch_size\": 16, \"learning_rate\": 0.1, \"shuffle\": "
         "true}]",
         "search.try_first.2: the same trial as search.try_first.1; allowed: each once"},
    };
    CHECK_PROBLEMS(SPACE, rows);
}

// Integers by their logarithms: each of them can be named.
static void test_log_integers(void)
{
    static const char text[] =
        "{\"data\": {\"synthetic\": \"xor\"}, \"hidden\": [], \"batch_size\": {\"int\": "
        "[16, 4096], \"log\": true}, \"search\": {\"try_first\": [{\"batch_size\": 33}]}}";
    struct ms_sweep_problems p;
    struct ms_sweep *s;
    REQUIRE(ms_sweep_parse("a", text, strlen(text), &s, &p) == 0);
    const double *values;
    CHECK_INT(ms_sweep_try_first(s, &values), 1);
    CHECK_NEAR(values[0], 33 - 16, 0);
    ms_sweep_free(s);
    static const struct wrong_case rows[] = {
        {"15", "search.try_first.1.batch_size: found 15; allowed: an integer from 16 to 4096"},
    };
    CHECK_PROBLEMS(
        "{\"data\": {\"synthetic\": \"xor\"}, \"hidden\": [], \"batch_size\": {\"int\": "
        "[16, 4096], \"log\": true}, \"search\": {\"try_first\": [{\"batch_size\": %s}]}}",
        rows);
}

int main(void)
{
    test_values();
    test_problems();
    test_log_integers();
    return check_done();
}
