// SPDX-License-Identifier: MIT
//
// Files with stages: what each stage searches and hands on, given the winners before it.
#include "stages_fixture.h"

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

int main(void)
{
    test_first();
    test_handed_on();
    test_own_affairs();
    test_file();
    return check_done();
}
