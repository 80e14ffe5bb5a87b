// SPDX-License-Identifier: MIT
//
// Values of a file: members, parameters, and texts that fit a message.
#include "common/sweep/node.h"

#include "check.h"

static void test_members(void)
{
    cJSON *v = cJSON_Parse("{\"a\": 1, \"A\": 2, \"int\": [1, 2]}"), *list = cJSON_Parse("[1]");
    REQUIRE(v && list);
    CHECK(ms_sweep_member(v, "A")->valuedouble == 2); // exact
    CHECK(ms_sweep_member(v, "b") == NULL);
    CHECK(ms_sweep_member(list, "a") == NULL && ms_sweep_member(NULL, "a") == NULL);
    CHECK(ms_sweep_is_param(v) && !ms_sweep_is_param(list) && !ms_sweep_is_param(NULL));
    CHECK_INT(ms_sweep_param_kind("Choice"), -1);
    for (int i = 0; i < 4; i++)
        CHECK_INT(ms_sweep_param_kind(ms_sweep_param_words[i]), i);
    cJSON_Delete(v);
    cJSON_Delete(list);
}

static void test_objective(void)
{
    cJSON *one = cJSON_Parse("{\"objective\": {\"at\": \"last\"}}"),
          *two = cJSON_Parse("{\"objective\": [{\"at\": \"best\"}, {}]}"),
          *none = cJSON_Parse("{\"objective\": []}");
    CHECK_STR(ms_sweep_member(ms_sweep_first_objective(one), "at")->valuestring, "last");
    CHECK_STR(ms_sweep_member(ms_sweep_first_objective(two), "at")->valuestring, "best");
    CHECK(ms_sweep_first_objective(none) == NULL);
    cJSON_Delete(one);
    cJSON_Delete(two);
    cJSON_Delete(none);
}

// A text is cut between characters, never inside one.
static void test_clip(void)
{
    char out[MS_CLIP], text[200];
    CHECK_STR(ms_sweep_clip("a\tb\x7f", out), "a?b?");
    for (int before = 55; before < 64; before++) {
        memset(text, 'x', sizeof text);
        strcpy(text + before, "ääääääääää");
        ms_sweep_clip(text, out);
        size_t n = strlen(out);
        CHECK(n < MS_CLIP && strcmp(out + n - 3, "…") == 0);
        CHECK(n - 3 <= (size_t)before || (n - 3 - (size_t)before) % 2 == 0);
    }
}

static void test_value_text(void)
{
    static const char *const cases[][2] = {
        {"\"adamm\"", "'adamm'"}, {"0.10", "0.1"},    {"{}", "an object"}, {"[]", "an array"},
        {"true", "true"},         {"false", "false"}, {"null", "null"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[128];
        cJSON *v = cJSON_Parse(cases[i][0]);
        CHECK_STR(ms_sweep_value_text(v, out, sizeof out), cases[i][1]);
        cJSON_Delete(v);
    }
}

int main(void)
{
    test_members();
    test_objective();
    test_clip();
    test_value_text();
    return check_done();
}
