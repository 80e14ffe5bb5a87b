// SPDX-License-Identifier: MIT
//
// "params": names of values and parameters, and what a function and a command take.
#include "common/sweep/walkers.h"

#include "problem_fixture.h"

static void test_ids(void)
{
    CHECK_INT(ms_sweep_command_id("trial}", 5), 0);
    CHECK_INT(ms_sweep_command_id("epochs", 6), 3);
    CHECK_INT(ms_sweep_command_id("epochs", 5), -1);
    CHECK_INT(ms_sweep_command_id("seeds", 5), -1);
    CHECK_INT(ms_sweep_command_id("", 0), -1);
}

// "params" is no part of a name; objects inside are.
static void test_names(void)
{
    static const char text[] = "{\"objective\": {\"command\": [\"p\"], \"metric\": \"loss\"}, "
                               "\"params\": {\"lr\": {\"int\": [1, "
                               "2]}, \"o\": {\"seed\": {\"bool\": null}}, \"c\": {\"choice\": [1, "
                               "{\"m\": {\"int\": [3, 4]}}]}}}";
    static const char *const names[] = {"lr", "o.seed", "c", "c.m"};
    struct ms_sweep_problems p;
    struct ms_sweep *s;
    REQUIRE(ms_sweep_parse("a", text, sizeof text - 1, &s, &p) == 0);
    REQUIRE(ms_sweep_space(s)->n == 4);
    for (int i = 0; i < 4; i++)
        CHECK_STR(ms_sweep_space(s)->param[i].name, names[i]);
    ms_sweep_free(s);
}

#define NAME(name)                                                                                 \
    "params: found the name '" name "'; allowed: 1 to 63 bytes without '{', '}' and '.'"

static void test_problems(void)
{
    static const struct wrong_case commands[] = {
        {"{}", ""},
        {"{\"a b\": null, \"ü\": [1]}", ""},
        {"{\"\": 1}", NAME("")},
        {"{\"a.b\": 1}", NAME("a.b")},
        {"{\"a{\": 1}", NAME("a{")},
        {"{\"a\\n\": 1}", NAME("a?")},
        {"{\"trial\": 1}", "params: found the name 'trial', which a command has already: {trial}, "
                           "{execution}, {seed}, {epochs}; allowed: another name"},
        {"{\"o\": {\"trial\": 1}}", ""}, // {o.trial} is another
        {"{\"a\": 1, \"a\": 2}", "params: found 'a' twice; allowed: every key once"},
        {"{\"a\": [{\"int\": [1, 2]}]}", "params.a: found a parameter; allowed: a fixed value, "
                                         "because it is the same for all trials"},
        {"3", "params: found 3; allowed: *"},
    };
    CHECK_PROBLEMS("{\"objective\": {\"command\": [\"p\"], \"metric\": \"loss\"}, \"params\": %s}",
                   commands);
    static const struct wrong_case functions[] = {
        {"{\"trial\": 1, \"y\": {\"int\": [0, 1]}}", ""}, // a function has no placeholders
        {"{\"x\": \"1\", \"y\": 2}", "params.x: found '1'; allowed: a number"},
        {"{\"x\": {\"bool\": null}, \"y\": 2}", "params.x: found bool; allowed: a number"},
        {"{\"x\": 1}", "params: found 1; allowed: the 2 numbers of beale, in their order"},
    };
    CHECK_PROBLEMS("{\"objective\": {\"function\": \"beale\"}, \"params\": %s}", functions);
}

int main(void)
{
    test_ids();
    test_names();
    test_problems();
    return check_done();
}
