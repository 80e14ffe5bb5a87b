// SPDX-License-Identifier: MIT
//
// Files with stages: what each stage's file is, given the winners before it, and what is refused
// before anything is started.
#include "check.h"

#include "mlpsweep/stages.h"

#define HEAD "\"name\": \"s\", \"seed\": 7, \"data\": {\"synthetic\": \"xor\"}, "

static struct ms_sweep *parse(const char *text)
{
    struct ms_sweep_problems p;
    struct ms_sweep *s;
    int status = ms_sweep_parse("dir/s.json", text, strlen(text), &s, &p);
    for (int i = 0; i < p.n; i++)
        CHECK_THAT(0, "%s\n  line %d: %s", text, p.item[i].line, p.item[i].text);
    CHECK_INT(status, 0);
    ms_sweep_problems_clear(&p);
    REQUIRE(s);
    return s;
}

// The stage after s when its winner has the values given by index (-1: not in force).
static struct ms_sweep *next(const struct ms_sweep *first, int i, const struct ms_sweep *s,
                             const double *winner)
{
    struct ms_error err = {0};
    struct ms_sweep *out;
    int status = ms_sweep_stage(first, i, s, winner, &out, &err);
    CHECK_THAT(status == 0, "%s", err.text);
    REQUIRE(status == 0);
    return out;
}

// What stage 2 is after a stage 1 whose winner has this point.
static void check_second(const char *text, const double *winner, const char *wanted)
{
    struct ms_sweep *first = parse(text), *second = next(first, 1, first, winner);
    CHECK_STR(ms_sweep_text(second), wanted);
    // The text is a file like any other: the ranks that get it parse it alone.
    struct ms_sweep *again = parse(ms_sweep_text(second));
    CHECK_STR(ms_sweep_name(again), ms_sweep_name(second));
    CHECK_STR(ms_sweep_text(again), wanted);
    CHECK_INT(ms_sweep_stages(again), 1);
    ms_sweep_free(again);
    ms_sweep_free(second);
    ms_sweep_free(first);
}

#define SAME "{\"name\":\"s:2-stage\",\"seed\":7,\"data\":{\"synthetic\":\"xor\"},"

static void test_first(void)
{
    struct ms_sweep *s =
        parse("{" HEAD "\"hidden\": [{\"units\": {\"choice\": [2, 4]}}], \"epochs\": 3,\n"
              "\"search\": {\"method\": \"random\", \"max_trials\": 2},\n"
              "\"stages\": [{\"name\": \"one\", \"batch_size\": {\"choice\": [8, 16]},\n"
              " \"search\": {\"max_trials\": 3}}, {}]}");
    CHECK_STR(
        ms_sweep_text(s),
        "{\"name\":\"s:1-one\",\"seed\":7,\"data\":{\"synthetic\":\"xor\"},\"hidden\":[{\"units\":"
        "{\"choice\":[2,4]}}],\"epochs\":3,\"batch_size\":{\"choice\":[8,16]},\"search\":{"
        "\"method\":"
        "\"random\",\"max_trials\":3}}");
    CHECK_INT(ms_sweep_stages(s), 2);
    CHECK_STR(ms_sweep_name(s), "s:1-one");
    CHECK_STR(ms_sweep_file_name(s), "s");
    CHECK_INT(ms_sweep_space(s)->n, 2);
    CHECK_INT(ms_sweep_search(s)->max_trials, 3);
    ms_sweep_free(s);
}

static void test_handed_on(void)
{
    // The winner's values; epochs stay said; search and require do not.
    check_second(
        "{" HEAD "\"hidden\": [{\"units\": 4}], \"optimizer\": \"adam\", \"stages\": ["
        "{\"learning_rate\": {\"float\": [0.01, 1], \"log\": true, \"points\": 3}, \"epochs\": 9,"
        " \"search\": {\"executions_per_trial\": 5}, \"name\": \"a\"}, {\"batch_size\": {\"int\": "
        "[1, 9]}}]}",
        (const double[]){1},
        SAME "\"hidden\":[{\"units\":4}],\"optimizer\":\"adam\",\"learning_rate\":0.1,\"epochs\":9,"
             "\"batch_size\":{\"int\":[1,9]}}");
    // Conditional parameters: those of the choice that won.
    check_second(
        "{" HEAD "\"hidden\": [{\"units\": 4}], \"stages\": [{\"optimizer\": {\"choice\": ["
        "{\"name\": \"sgd\", \"momentum\": {\"choice\": [0.5, 0.9]}}, {\"name\": \"adam\"}]}}, "
        "{}]}",
        (const double[]){0, 1},
        SAME "\"hidden\":[{\"units\":4}],\"optimizer\":{\"name\":\"sgd\",\"momentum\":0.9}}");
    // Layers that differ are written out.
    check_second(
        "{" HEAD
        "\"stages\": [{\"hidden\": {\"layers\": {\"int\": [1, 3]}, \"same\": {\"activation\": "
        "\"relu\"}, \"each\": {\"units\": {\"choice\": [2, 4, 8]}}}}, {}]}",
        (const double[]){1, 2, 0, NAN},
        SAME "\"hidden\":[{\"activation\":\"relu\",\"units\":8},{\"activation\":\"relu\",\"units\":"
             "2}]}");
}

static void test_hidden(void)
{
    // Over an array: what is the same for all layers is one parameter.
    check_second(
        "{" HEAD
        "\"stages\": [{\"hidden\": [{\"units\": 8, \"dropout\": 0.5}, {\"units\": {\"choice\": "
        "[2, 4]}}]}, {\"hidden\": {\"same\": {\"dropout\": {\"choice\": [0.1, 0.2]}}}}]}",
        (const double[]){1},
        SAME
        "\"hidden\":{\"layers\":[{\"units\":8},{\"units\":4}],\"same\":{\"dropout\":{\"choice\":"
        "[0.1,0.2]}}}}");
    // And each layer its own.
    check_second(
        "{" HEAD "\"hidden\": {\"layers\": 2, \"same\": {\"units\": 3, \"activation\": \"relu\"}},"
        "\"stages\": [{}, {\"hidden\": {\"each\": {\"units\": {\"choice\": [1, 2]}}}}]}",
        NULL,
        SAME
        "\"hidden\":{\"layers\":[{\"activation\":\"relu\"},{\"activation\":\"relu\"}],\"each\":"
        "{\"units\":{\"choice\":[1,2]}}}}");
    // A new count or array replaces layers that were found.
    check_second("{" HEAD "\"hidden\": {\"layers\": 2, \"same\": {\"units\": 3}}, \"stages\": [{},"
                 "{\"hidden\": {\"layers\": 1, \"same\": {\"units\": {\"choice\": [5, 6]}}}}]}",
                 NULL, SAME "\"hidden\":{\"layers\":1,\"same\":{\"units\":{\"choice\":[5,6]}}}}");
    struct ms_sweep *s =
        parse("{" HEAD "\"stages\": [{\"hidden\": [{\"units\": 8}, {\"units\": 4}]},"
              "{\"hidden\": {\"same\": {\"dropout\": {\"choice\": [0.1, 0.2]}}}},"
              "{\"hidden\": {\"each\": {\"dropout\": {\"choice\": [0.3, 0.4]}}}}]}");
    struct ms_sweep *two = next(s, 1, s, NULL);
    struct ms_sweep *three = next(s, 2, two, (const double[]){1});
    CHECK_INT(ms_sweep_space(two)->n, 1);
    CHECK_STR(ms_sweep_space(two)->param[0].name, "hidden.same.dropout");
    CHECK_INT(ms_sweep_space(three)->n, 2);
    CHECK_STR(ms_sweep_space(three)->param[1].name, "hidden.2.dropout");
    struct ms_config *c = malloc(sizeof *c);
    struct ms_error err;
    REQUIRE(c && ms_sweep_config(two, (const double[]){1}, c, &err) == 0);
    CHECK_INT(c->n_hidden, 2);
    CHECK_INT(c->hidden[0].units, 8);
    CHECK_INT(c->hidden[1].units, 4);
    CHECK_NEAR(c->hidden[0].dropout, 0.2, 0);
    CHECK_NEAR(c->hidden[1].dropout, 0.2, 0);
    REQUIRE(ms_sweep_config(three, (const double[]){1, 0}, c, &err) == 0);
    CHECK_INT(c->hidden[1].units, 4);
    CHECK_NEAR(c->hidden[0].dropout, 0.4, 0);
    CHECK_NEAR(c->hidden[1].dropout, 0.3, 0);
    free(c);
    ms_sweep_free(three);
    ms_sweep_free(two);
    ms_sweep_free(s);
}

static void test_optimizer(void)
{
#define TWO(one, two) "{" HEAD "\"hidden\": [{\"units\": 4}], \"stages\": [" one ", " two "]}"
#define SECOND(rest) SAME "\"hidden\":[{\"units\":4}]," rest "}"
    // Arguments join the winner; a name replaces it.
    check_second(TWO("{\"optimizer\": {\"choice\": [\"adam\", \"nadam\"]}}",
                     "{\"optimizer\": {\"beta_1\": {\"choice\": [0.5, 0.9]}}}"),
                 (const double[]){1},
                 SECOND("\"optimizer\":{\"name\":\"nadam\",\"beta_1\":{\"choice\":[0.5,0.9]}}"));
    check_second(TWO("{\"optimizer\": {\"name\": \"adam\", \"beta_1\": 0.8}}",
                     "{\"optimizer\": {\"name\": \"sgd\"}}"),
                 NULL, SECOND("\"optimizer\":{\"name\":\"sgd\"}"));
    // A learning rate stands in one place, the one that was named last.
    check_second(
        TWO("{\"optimizer\": {\"name\": \"adam\", \"learning_rate\": 0.2, \"beta_1\": 0.8}}",
            "{\"learning_rate\": {\"choice\": [0.1, 0.3]}}"),
        NULL,
        SECOND("\"optimizer\":{\"name\":\"adam\",\"beta_1\":0.8},\"learning_rate\":{\"choice\":[0."
               "1,0.3]}"));
    check_second(
        TWO("{\"optimizer\": \"adam\", \"learning_rate\": 0.2}",
            "{\"optimizer\": {\"learning_rate\": {\"choice\": [0.1, 0.3]}}}"),
        NULL, SECOND("\"optimizer\":{\"name\":\"adam\",\"learning_rate\":{\"choice\":[0.1,0.3]}}"));
    check_second(
        TWO("{\"optimizer\": \"adam\", \"learning_rate\": 0.2}", "{\"optimizer\": \"sgd\"}"), NULL,
        SECOND("\"learning_rate\":0.2,\"optimizer\":\"sgd\""));
    // A schedule's arguments join it; a number replaces it.
    check_second(
        TWO("{\"learning_rate\": {\"schedule\": \"inverse_time\", \"initial\": 0.1, "
            "\"decay_steps\": 5,"
            " \"decay_rate\": 0.5}}",
            "{\"learning_rate\": {\"decay_rate\": {\"choice\": [0.1, 0.9]}}}"),
        NULL,
        SECOND("\"learning_rate\":{\"schedule\":\"inverse_time\",\"initial\":0.1,\"decay_steps\":5,"
               "\"decay_rate\":{\"choice\":[0.1,0.9]}}"));
    // Another row in its short form replaces.
    check_second(
        "{" HEAD
        "\"stages\": [{\"hidden\": [{\"units\": 2, \"kernel_regularizer\": {\"l2\": 0.1}}]},"
        "{\"hidden\": {\"same\": {\"kernel_regularizer\": {\"l1\": 0.2}}}}]}",
        NULL,
        SAME
        "\"hidden\":{\"layers\":[{\"units\":2}],\"same\":{\"kernel_regularizer\":{\"l1\":0.2}}}}");
}

static void test_own_affairs(void)
{
    // Each stage searches as the file says, whatever the one before did.
    struct ms_sweep *s =
        parse("{" HEAD "\"hidden\": [{\"units\": 4}], \"search\": {\"executions_per_trial\": 2},"
              "\"stages\": [{\"epochs\": {\"choice\": [1, 2]}, \"search\": {\"method\": \"random\","
              "\"max_trials\": 1}, \"objective\": {\"metric\": \"loss\"}}, {\"batch_size\": 8}]}");
    struct ms_sweep *two = next(s, 1, s, (const double[]){0});
    CHECK_INT(ms_sweep_search(s)->max_trials, 1);
    CHECK_INT(ms_sweep_search(s)->executions_per_trial, 2);
    CHECK_INT(ms_sweep_objective(s)->metric, 0);
    CHECK_INT(ms_sweep_search(two)->max_trials, 0);
    CHECK_INT(ms_sweep_search(two)->executions_per_trial, 2);
    CHECK_INT(ms_sweep_objective(two)->metric, 1);
    ms_sweep_free(two);
    ms_sweep_free(s);
}

static void test_file(void)
{
    static const int trials[] = {9, 4, 4, 4, 12, 8, 4};
    struct ms_error err;
    char *text;
    size_t len;
    REQUIRE(ms_sweep_read(MS_SOURCE_DIR "/sweeps/b-staged.json", &text, &len, &err) == 0);
    struct ms_sweep *first = parse(text), *s = first;
    CHECK_INT(ms_sweep_stages(first), 7);
    for (int i = 0; i < 7; i++) {
        double point[64];
        CHECK_INT(ms_space_size(ms_sweep_space(s)), trials[i]);
        REQUIRE(ms_space_first(ms_sweep_space(s), point));
        struct ms_sweep *after = i < 6 ? next(first, i + 1, s, point) : NULL;
        if (s != first)
            ms_sweep_free(s);
        s = after;
    }
    ms_sweep_free(first);
    free(text);
}

// --- wrong winners -----------------------------------------------------------

// The only problem of a file.
static void refuse(const char *text, int line, const char *wanted)
{
    struct ms_sweep_problems p;
    struct ms_sweep *s;
    CHECK_INT(ms_sweep_parse("s.json", text, strlen(text), &s, &p), MS_EINVAL);
    CHECK(!s);
    CHECK_THAT(p.n == 1, "%d problems of\n%s", p.n, text);
    for (int i = 0; i < p.n; i++) {
        CHECK_INT(p.item[i].line, line);
        CHECK_STR(p.item[i].text, wanted);
    }
    ms_sweep_problems_clear(&p);
}

// Every winner that there can be is tried when the file is checked, not after hours of work.
static void test_any_winner(void)
{
    refuse(
        "{" HEAD "\"hidden\": [{\"units\": 4}], \"stages\": [\n"
        "{\"optimizer\": {\"choice\": [\"adam\", \"adagrad\"]}},\n"
        "{\"epochs\": 2},\n"
        "{\"optimizer\": {\n\"beta_2\": 0.9}}]}",
        5,
        "stages.3.optimizer: found unknown key 'beta_2' of adagrad; allowed: name, learning_rate, "
        "initial_accumulator_value, epsilon, weight_decay, clipnorm, clipvalue, global_clipnorm, "
        "use_ema, "
        "ema_momentum, ema_overwrite_frequency (where stage 1 chooses optimizer=adagrad)");
}

int main(void)
{
    test_first();
    test_handed_on();
    test_hidden();
    test_optimizer();
    test_own_affairs();
    test_file();
    test_any_winner();
    return check_done();
}
