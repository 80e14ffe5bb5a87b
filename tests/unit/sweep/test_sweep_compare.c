// SPDX-License-Identifier: MIT
//
// Which sweeps may continue a store, and the message that names the first difference.
#include "config_fixture.h"

static void continues(const char *was, const char *now, const char *message)
{
    struct ms_error err = {0};
    struct ms_sweep *a = parse(was), *b = parse(now);
    int status = ms_sweep_continues(a, b, false, &err);
    CHECK_THAT((status == 0) == (message == NULL), "%s\n  to %s: %s", was, now,
               status ? err.text : "accepted");
    if (status < 0 && message) {
        CHECK_INT(status, MS_EINVAL);
        CHECK_STR(err.text, message);
    }
    ms_sweep_free(a);
    ms_sweep_free(b);
}

#define SWEEP(rest) "{\"data\": {\"synthetic\": \"xor\"}, \"hidden\": [{\"units\": 3}]" rest "}"
#define RANDOM(rest)                                                                               \
    SWEEP(", \"shuffle\": {\"bool\": null}, \"search\": {\"method\": \"random\"" rest "}")
#define KEEP "; a sweep that is continued must not change"
#define GROW "; a sweep that is continued may only grow"

// Files of data that are known to have the same content may lie elsewhere.
static void test_moved(void)
{
    static const char *const pairs[][2] = {
        {"{\"data\": {\"csv\": \"a.csv\", \"target\": \"y\", \"test_file\": \"t.csv\"}, "
         "\"hidden\": [{\"units\": 3}]}",
         "{\"data\": {\"csv\": \"x/b.csv\", \"target\": \"y\", \"test_file\": \"u.csv\"}, "
         "\"hidden\": [{\"units\": 3}]}"},
        {"{\"data\": {\"csv\": \"a.csv\", \"target\": \"y\", \"validation\": {\"file\": "
         "\"v.csv\"}}, \"hidden\": [{\"units\": 3}]}",
         "{\"data\": {\"csv\": \"a.csv\", \"target\": \"y\", \"validation\": {\"file\": "
         "\"w.csv\"}}, \"hidden\": [{\"units\": 3}]}"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct ms_error err = {0};
        struct ms_sweep *a = parse(pairs[i][0]), *b = parse(pairs[i][1]);
        CASE("pair %zu", i);
        CHECK_INT(ms_sweep_continues(a, b, false, &err), MS_EINVAL);
        CHECK_INT(ms_sweep_continues(a, b, true, &err), 0);
        ms_sweep_free(a);
        ms_sweep_free(b);
    }
    struct ms_error err = {0};
    struct ms_sweep *a = parse(pairs[0][0]), *b = parse(pairs[1][0]); // a test file more
    CHECK_INT(ms_sweep_continues(a, b, true, &err), MS_EINVAL);
    ms_sweep_free(a);
    ms_sweep_free(b);
}

// An edition has its number behind the name of the file, and compares by that name.
static void test_editions(void)
{
    struct ms_error err = {0};
    struct ms_sweep *a = parse(SWEEP(", \"name\": \"demo\"")),
                    *b = parse(SWEEP(", \"name\": \"demo\""));
    CHECK_INT(ms_sweep_set_edition(b, 3, &err), 0);
    CHECK_STR(ms_sweep_name(b), "demo-3");
    CHECK_STR(ms_sweep_name_in_file(b), "demo");
    CHECK_INT(ms_sweep_continues(a, b, false, &err), 0);
    CHECK_INT(ms_sweep_set_edition(b, 1, &err), 0);
    CHECK_STR(ms_sweep_name(b), "demo");
    ms_sweep_free(a);
    ms_sweep_free(b);
}

static void test_equal(void)
{
    continues(SWEEP(""), SWEEP(""), NULL);
    continues(SWEEP(", \"seed\": 1"), SWEEP(", \"seed\": 1.0 // same\n"), NULL);
    continues(SWEEP(", \"seed\": 1"), SWEEP(", \"seed\": 2"), "seed: was 1, now 2" KEEP);
    continues(SWEEP(""), SWEEP(", \"seed\": 2"), "seed: was not given, now 2" KEEP);
    continues(SWEEP(", \"optimizer\": {\"name\": \"sgd\", \"momentum\": 0.5}"),
              SWEEP(", \"optimizer\": {\"momentum\": 0.6, \"name\": \"sgd\"}"),
              "optimizer.momentum: was 0.5, now 0.6" KEEP);
    continues(SWEEP(", \"optimizer\": {\"name\": \"sgd\", \"momentum\": 0.5}"),
              SWEEP(", \"optimizer\": {\"momentum\": 0.5, \"name\": \"sgd\"}"), NULL);
    continues("{\"data\": {\"synthetic\": \"xor\"}, \"hidden\": [{\"units\": 3}]}",
              "{\"data\": {\"synthetic\": \"xor\"}, \"hidden\": [{\"units\": 4}]}",
              "hidden: was [{\"units\":3}], now [{\"units\":4}]" KEEP);
    continues(SWEEP(", \"batch_size\": {\"choice\": [1, 2]}"),
              SWEEP(", \"batch_size\": {\"choice\": [1, 2, 3]}"),
              "batch_size: was {\"choice\":[1,2]}, now {\"choice\":[1,2,3]}" KEEP);
    continues(SWEEP(", \"name\": \"a\""), SWEEP(", \"name\": \"b\""),
              "name: was \"a\", now \"b\"" KEEP);
}

static void test_growing(void)
{
    continues(SWEEP(", \"epochs\": 5"), SWEEP(", \"epochs\": 6"), NULL);
    continues(SWEEP(""), SWEEP(", \"epochs\": 2"), NULL); // from Keras's 1
    continues(SWEEP(", \"epochs\": 6"), SWEEP(", \"epochs\": 5"), "epochs: was 6, now 5" GROW);
    continues(SWEEP(", \"epochs\": 6"), SWEEP(""), "epochs: was 6, now 1" GROW);
    continues(SWEEP(", \"epochs\": {\"int\": [1, 2]}"), SWEEP(", \"epochs\": {\"int\": [1, 3]}"),
              "epochs: was {\"int\":[1,2]}, now {\"int\":[1,3]}" KEEP);
    continues(RANDOM(", \"max_trials\": 1"), RANDOM(", \"max_trials\": 2"), NULL);
    continues(RANDOM(", \"max_trials\": 2"), RANDOM(", \"max_trials\": 1"),
              "search.max_trials: was 2, now 1" GROW);
    continues(RANDOM(", \"max_trials\": 9"), RANDOM(", \"max_trials\": 5"),
              NULL); // there are only 2
    continues(SWEEP(", \"shuffle\": {\"bool\": null}"),
              SWEEP(", \"shuffle\": {\"bool\": null}, \"search\": {\"max_trials\": 1}"),
              "search.max_trials: was 2, now 1" GROW);
    continues(SWEEP(", \"shuffle\": {\"bool\": null}, \"search\": {\"max_trials\": 1}"),
              SWEEP(", \"shuffle\": {\"bool\": null}"), NULL); // the whole grid now
    continues(SWEEP(""), SWEEP(", \"search\": {\"executions_per_trial\": 2}"), NULL);
    continues(SWEEP(", \"search\": {\"executions_per_trial\": 3}"), SWEEP(""),
              "search.executions_per_trial: was 3, now 1" GROW);
}

// What changes no result, or only where the search ends, and what would change results.
static void test_results(void)
{
    continues(
        RANDOM(", \"max_trials\": 2, \"target\": 0.5, \"patience\": 3, \"max_executions\": 9"),
        RANDOM(", \"max_trials\": 2, \"target\": 0.4, \"max_wall_seconds\": 7"), NULL);
    continues(RANDOM(", \"max_trials\": 2, \"resolve\": 9"),
              RANDOM(", \"max_trials\": 2, \"resolve\": 4, \"confirm\": 2"), NULL);
    continues(RANDOM(", \"max_trials\": 2, \"lag\": 3"), RANDOM(", \"max_trials\": 2, \"lag\": 4"),
              "search.lag: was 3, now 4" KEEP);
    continues(SWEEP(", \"epochs\": 2, \"search\": {\"scheduler\": \"hyperband\"}"),
              SWEEP(", \"epochs\": 2"), "search.scheduler: was \"hyperband\", now not given" KEEP);
    continues(SWEEP(", \"search\": {\"max_seconds\": 3}, \"objective\": {\"by\": \"mean\"}"),
              SWEEP(", \"search\": {\"max_retries_per_trial\": 5}"), NULL);
    continues(SWEEP(", \"objective\": {\"at\": \"last\"}"), SWEEP(""),
              "objective.at: was \"last\", now not given" KEEP);
    continues(
        SWEEP(", \"search\": {\"executions_per_trial\": 2}"),
        SWEEP(", \"search\": {\"executions_per_trial\": 2}, \"objective\": {\"by\": \"worst\"}"),
        NULL);
#define TPE(by)                                                                                    \
    SWEEP(", \"epochs\": {\"int\": [1, 9]}, \"search\": {\"method\": \"tpe\", \"max_trials\": 5, " \
          "\"executions_per_trial\": 2}, \"objective\": {\"by\": \"" by "\"}")
    continues(TPE("mean"), TPE("worst"),
              "objective.by: was mean, now worst, but the trials so far were "
              "chosen by the former; rank --by worst ranks them by the latter");
#define FAILED(method, rule)                                                                       \
    SWEEP(", \"epochs\": {\"int\": [1, 9]}, \"search\": {\"method\": \"" method                    \
          "\", \"max_trials\": "                                                                   \
          "5, \"executions_per_trial\": 2}, \"objective\": {" rule "}")
#define IGNORE "\"failed_executions\": \"ignore\""
    continues(FAILED("random", ""), FAILED("random", IGNORE), NULL);
    continues(FAILED("tpe", ""), FAILED("tpe", "\"failed_executions\": \"worst\""), NULL);
    continues(FAILED("tpe", ""), FAILED("tpe", IGNORE),
              "objective.failed_executions: was worst, now ignore, but the trials so far were "
              "chosen by the former; rank --failed-executions ignore ranks them by the latter");
#define POINT(params) "{\"objective\": {\"function\": \"beale\"}, \"params\": {" params "}}"
    continues(
        POINT("\"x\": 3, \"y\": {\"int\": [0, 1]}"), POINT("\"y\": {\"int\": [0, 1]}, \"x\": 3"),
        "params.x: now comes after y in the file; a function takes its numbers in this order");
    // The order of the parameters is the order of the trials.
    continues(
        SWEEP(", \"shuffle\": {\"bool\": null}, \"epochs\": {\"int\": [1, 2]}"),
        SWEEP(", \"epochs\": {\"int\": [1, 2]}, \"shuffle\": {\"bool\": null}"),
        "shuffle: now comes after epochs in the file; the order of the parameters is the order of "
        "the trials");
}

// Integers with log and without a step were doubled by older programs: their stores go on with the
// step written, wherever the parameter stands.
static void test_doubling(void)
{
#define UNITS(step) SWEEP(", \"batch_size\": {\"int\": [1, 64], \"log\": true" step "}")
#define INSIDE(step)                                                                               \
    SWEEP(", \"batch_size\": 8, \"epochs\": 4, \"learning_rate\": {\"choice\": [0.1, "             \
          "{\"schedule\": "                                                                        \
          "\"exponential\", \"initial\": 1, \"decay_rate\": 0.9, \"decay_steps\": {\"int\": [1, "  \
          "64], "                                                                                  \
          "\"log\": true" step "}}]}")
    continues(UNITS(""), UNITS(", \"step\": 2"), NULL);
    continues(INSIDE(""), INSIDE(", \"step\": 2"), NULL);
    continues(UNITS(""), UNITS(", \"step\": 4"),
              "batch_size: was {\"int\":[1,64],\"log\":true}, now "
              "{\"int\":[1,64],\"log\":true,\"step\":4}" KEEP);
    continues(UNITS(", \"step\": 2"), UNITS(""),
              "batch_size: was {\"int\":[1,64],\"log\":true,\"step\":2}, now "
              "{\"int\":[1,64],\"log\":true}" KEEP);
}

int main(void)
{
    test_moved();
    test_editions();
    test_equal();
    test_growing();
    test_results();
    test_doubling();
    return check_done();
}
