// SPDX-License-Identifier: MIT
//
// Parameters: how they are written, the values that they make, the fields that take them, and the
// places where they stand.
#include "common/sweep/walk_param.h"

#include "config_fixture.h"
#include "problem_fixture.h"

static void test_written(void)
{
    static const struct {
        const char *json;
        enum ms_param_kind kind;
        int count; // 0: continuous
        double first, last;
    } rows[] = {
        {"{\"float\": [0.25, 1]}", MS_FLOAT, 0, 0.25, 1},
        {"{\"float\": [0.25, 1], \"points\": 4}", MS_FLOAT, 4, 0.25, 1},
        {"{\"float\": [0.25, 1], \"step\": 0.5}", MS_FLOAT, 2, 0.25, 0.75},
        {"{\"float\": [0.125, 1], \"step\": 2, \"log\": true}", MS_FLOAT, 4, 0.125, 1},
        {"{\"float\": [0.01, 1], \"points\": 3, \"log\": true}", MS_FLOAT, 3, 0.01, 1},
        {"{\"float\": [0.5, 0.5]}", MS_FLOAT, 1, 0.5, 0.5},
        {"{\"choice\": [0.5, 0.25]}", MS_CHOICE, 2, 0.5, 0.25},
        {"{\"int\": [0, 1]}", MS_INT, 2, 0, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CASE("%s", rows[i].json);
        char text[500];
        snprintf(
            text, sizeof text,
            FILE_WITH(", \"input\": {\"gaussian_noise\": %s}, \"search\": {\"method\": \"random\", "
                      "\"max_trials\": 1}"),
            rows[i].json);
        struct ms_sweep *s = parse(text);
        const struct ms_param *p = &ms_sweep_space(s)->param[0];
        CHECK_STR(p->name, "input.gaussian_noise");
        CHECK_INT(p->kind, rows[i].kind);
        CHECK_INT(p->count, rows[i].count);
        const double last = p->count ? (double)p->count - 1 : p->hi;
        CHECK_NEAR(config_at(s, (double[]){p->count ? 0 : p->lo})->input_gaussian_noise,
                   rows[i].first, 0);
        CHECK_NEAR(config_at(s, &last)->input_gaussian_noise, rows[i].last, 0);
        ms_sweep_free(s);
    }
}

// With log, integers are all taken; a step multiplies.
static void test_log_integers(void)
{
    static const struct {
        const char *more;
        int count, second;
    } rows[] = {{"", 1000, 2}, {", \"step\": 2", 10, 2}, {", \"step\": 3", 7, 3}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CASE("%s", rows[i].more);
        char text[300];
        snprintf(
            text, sizeof text,
            "{\"data\": {\"synthetic\": \"xor\"}, \"hidden\": [], \"epochs\": {\"int\": [1, 1000], "
            "\"log\": true%s}}",
            rows[i].more);
        struct ms_sweep *s = parse(text);
        CHECK_INT(ms_sweep_space(s)->param[0].count, rows[i].count);
        CHECK_INT(config_at(s, (double[]){1})->epochs, rows[i].second);
        ms_sweep_free(s);
    }
}

#define WHOLE "; allowed: an integer from 1 to 1000000"

static void test_problems(void)
{
    static const struct wrong_case rows[] = {
        {"{\"int\": [2, 1]}", "epochs: found [2, 1]; allowed: the lowest value first"},
        {"{\"int\": [1]}", "epochs: found an array; allowed: [lowest, highest], two numbers"},
        {"{\"int\": [1, 2, 3]}", "epochs: found an array; allowed: [lowest, highest], two numbers"},
        {"{\"int\": [1, 2.5]}", "epochs: found 2.5; allowed: integers between -2^53 and 2^53"},
        {"{\"int\": [0, 2]}", "epochs: found integers from 0 to 2" WHOLE},
        {"{\"float\": [1, 2], \"points\": 2}", "epochs: found real numbers from 1 to 2" WHOLE},
        {"{\"bool\": null}", "epochs: found bool" WHOLE},
        {"{\"bool\": true}", "epochs: found true; allowed: {\"bool\": null}"},
        {"{\"int\": [1, 9], \"step\": 0}", "epochs.step: found 0; allowed: an integer from 1 to "
                                           "9007199254740992"},
        {"{\"int\": [1, 9], \"points\": 3}",
         "epochs: found unknown key 'points' of int; allowed: int, step, log"},
        {"{\"int\": [1, 9], \"log\": 1}", "epochs.log: found 1; allowed: true or false"},
        {"{\"choice\": []}",
         "epochs: found an empty array; allowed: an array of 1 to 65536 values"},
        {"{\"choice\": 3}", "epochs: found 3; allowed: an array of 1 to 65536 values"},
        // The same number is the same value, however it is written; it is named once.
        {"{\"choice\": [1, 2, 1.0, 1e0]}", "epochs: found 1 twice; allowed: different values"},
        {"{\"int\": [1, 2], \"choice\": [1]}",
         "epochs: found unknown key 'choice' of int; allowed: int, step, log"},
    };
    CHECK_PROBLEMS("{\"data\": {\"synthetic\": \"xor\"}, \"hidden\": [], \"epochs\": %s}", rows);
    static const struct wrong_case rates[] = {
        {"{\"float\": [0.1, 1], \"log\": true, \"points\": 3}", ""},
        {"{\"float\": [0, 1], \"log\": true, \"points\": 3}",
         "learning_rate: found log from 0; allowed: log from a number above 0"},
        {"{\"float\": [0.1, 1], \"step\": 0.1, \"points\": 3}",
         "learning_rate: found step and points; allowed: one of them"},
        {"{\"float\": [0.1, 1], \"points\": 1}",
         "learning_rate.points: found 1; allowed: an integer from 2 to "
         "1000000"},
        {"{\"float\": [1, 1.000000001], \"points\": 1000000}",
         "learning_rate: the values lie closer together than double precision can tell apart; "
         "allowed: "
         "fewer points, a larger step or a wider range"},
        {"{\"float\": [0.1, 1], \"step\": 1, \"log\": true}",
         "learning_rate.step: found 1; allowed: a number > 1"},
        {"{\"float\": [-1e308, 1e308]}",
         "learning_rate: the range is wider than double precision; allowed: up to 1.7e308"},
    };
    CHECK_PROBLEMS("{\"data\": {\"synthetic\": \"xor\"}, \"hidden\": [], \"learning_rate\": %s}",
                   rates);
}

// Sorted places are found by node and layer, unsorted ones too.
static void test_places(void)
{
    enum { NODES = 5, LAYERS = 3, N = NODES * LAYERS };
    static const cJSON node[NODES + 1];
    struct ms_place place[N];
    struct ms_space space = {.n = N};
    const double point = 0;
    struct ms_walk w = {.space = &space, .place = place};
    for (int i = 0; i < N; i++)
        place[i] = (struct ms_place){&node[(i * 7 % N) % NODES], (i * 7 % N) / NODES, i};
    for (int sorted = 0; sorted < 2; sorted++) {
        w.point = sorted ? &point : NULL;
        if (sorted)
            ms_sweep_places_sort(place, N);
        for (int i = 0; i < N; i++) {
            CASE("place %d, %s", i, sorted ? "sorted" : "as found");
            w.layer = (i * 7 % N) / NODES;
            CHECK_INT(ms_sweep_param_at(&w, &node[(i * 7 % N) % NODES]), i);
        }
        w.layer = 0;
        CHECK_INT(ms_sweep_param_at(&w, &node[NODES]), -1);
        w.layer = LAYERS;
        CHECK_INT(ms_sweep_param_at(&w, &node[0]), -1);
    }
}

int main(void)
{
    test_written();
    test_log_integers();
    test_problems();
    test_places();
    return check_done();
}
