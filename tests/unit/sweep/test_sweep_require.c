// SPDX-License-Identifier: MIT
//
// "require": the points that it allows, the names of a file in its conditions, and wrong
// conditions.
#include "problem_fixture.h"

// Names in a sweep file: parameters, constants, inside alternatives and layers.
static void test_names_of_a_sweep(void)
{
    static const struct {
        const char *require;
        int allowed; // of 3 · (1 + 3) combinations: layers, sgd or adam with 3 rates
    } cases[] = {
        {"hidden.layers < 3", 8},
        {"hidden.1.units == 4 or hidden.layers == 3", 12},
        {"hidden.3.units != 4", 8}, // unknown allows
        {"hidden.same.activation == 'relu'", 12},
        {"hidden.2.units > 4", 4}, // only where there is no second layer
        {"hidden.2.activation == 'relu' and hidden.2.units == 4", 12},
        {"hidden.1.activation == 'relu'", 12},
        {"optimizer == 'sgd'", 3},
        {"optimizer.name == 'sgd'", 3},
        {"optimizer.learning_rate > 0.05", 6}, // sgd's own, and one of adam's
        {"optimizer.momentum == 0.9", 12},     // with adam unknown
        {"epochs == 5 and early_stopping.patience < epochs", 12},
        {"loss == 'mse'", 12},
    };
    const char *text = "{\"data\": {\"synthetic\": \"prod\"}, \"hidden\": {\"layers\": {\"int\": "
                       "[1, 3]}, \"same\": {\"activation\": "
                       "\"relu\"}, \"each\": {\"units\": 4}}, \"loss\": \"mse\", \"epochs\": 5, "
                       "\"early_stopping\": {\"patience\": 2}, "
                       "\"optimizer\": {\"choice\": [{\"name\": \"sgd\", \"learning_rate\": 0.1, "
                       "\"momentum\": 0.9, \"nesterov\": "
                       "{\"choice\": [true]}}, {\"name\": \"adam\", \"learning_rate\": "
                       "{\"choice\": [0.001, 0.01, 0.1]}}]}, "
                       "\"require\": [\"%s\"]}";
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char file[2048];
        struct ms_sweep *s;
        struct ms_sweep_problems problems;
        double point[16];
        int n = 0, all = 0;
        snprintf(file, sizeof file, text, cases[i].require);
        int status = ms_sweep_parse("t.json", file, strlen(file), &s, &problems);
        CHECK_THAT(status == 0, "%s: %s", cases[i].require,
                   problems.n ? problems.item[0].text : "?");
        ms_sweep_problems_clear(&problems);
        if (status)
            continue;
        for (bool more = ms_space_first(ms_sweep_space(s), point); more;
             more = ms_space_next(ms_sweep_space(s), point)) {
            n += ms_sweep_feasible(s, point);
            all++;
        }
        CHECK_INT(all, 12);
        CHECK_THAT(n == cases[i].allowed, "%s: %d of %d", cases[i].require, n, all);
        ms_sweep_free(s);
    }
}

static void test_problems(void)
{
    static const struct wrong_case rows[] = {
        {"[\"epochs > 1\"]", ""},
        {"[]", "require: found an array; allowed: an array of 1 to 64 conditions, such as "
               "[\"batch_size >= "
               "128\"]"},
        {"\"epochs > 1\"",
         "require: found 'epochs > 1'; allowed: an array of 1 to 64 conditions, such as "
         "[\"batch_size >= 128\"]"},
        {"[true]",
         "require: found true; allowed: an array of 1 to 64 conditions, such as [\"batch_size >= "
         "128\"]"},
        {"[\"epochs > 0\", \"epoch > 1\"]",
         "require.2: at character 1: found 'epoch'; allowed: the name of a parameter or of a value "
         "in the file; did you mean 'epochs'?"},
        {"[\"momentum > 0\"]",
         "require.1: at character 1: found 'momentum'; allowed: the name of a parameter or of a "
         "value in the file; did you mean 'optimizer.momentum'?"}, // the end of a name leads to it
        {"[\"epochs > 3\"]", "require: allows none of 9 combinations"},
        {"[\"optimizer.momentum > 0.4\"]", ""}, // unknown with adam, which is allowed
        {"[\"optimizer.momentum > 0.6\", \"optimizer == 'sgd'\"]",
         "require: allows none of 9 combinations"},
    };
    CHECK_PROBLEMS(
        "{\"data\": {\"synthetic\": \"xor\"}, \"hidden\": [], \"epochs\": {\"int\": [1, 3]}, "
        "\"optimizer\": {\"choice\": [\"adam\", {\"name\": \"sgd\", \"momentum\": {\"choice\": [0, "
        "0.5]}}]}, \"require\": %s}",
        rows);
}

int main(void)
{
    test_names_of_a_sweep();
    test_problems();
    return check_done();
}
