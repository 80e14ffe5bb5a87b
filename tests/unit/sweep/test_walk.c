// SPDX-License-Identifier: MIT
//
// The walk itself: lists, sections that may be null, what cannot be swept, and the conditions of
// parameters inside a choice.
#include "config_fixture.h"
#include "problem_fixture.h"

static void test_problems(void)
{
    static const struct wrong_case rows[] = {
        {"\"early_stopping\": null", ""},
        {"\"early_stopping\": {}", ""},
        {"\"early_stopping\": true",
         "early_stopping: found true; allowed: an object with monitor, *"},
        {"\"early_stopping\": {\"choice\": [null, {\"patience\": 2}]}", ""},
        {"\"input\": null", "input: found null; allowed: an object with gaussian_noise, *"},
        {"\"search\": {\"choice\": [{}]}",
         "search: found a parameter; allowed: a fixed value, because it is "
         "the same for all trials"},
        {"\"search\": {\"lag\": {\"int\": [1, 2]}}",
         "search.lag: found a parameter; allowed: a fixed value, because it is the same for all "
         "trials"},
        // What comes after something fixed may be swept again.
        {"\"search\": {\"lag\": 1}, \"epochs\": {\"int\": [1, 2]}", ""},
        {"\"epochs\": {\"choice\": [1, {\"choice\": [2]}]}",
         "epochs: found a parameter as a value of a choice; allowed: values"},
        // Every alternative is checked.
        {"\"epochs\": {\"choice\": [1, 0, \"x\"]}",
         "epochs: found 0; allowed: an integer from 1 to 1000000\n"
         "epochs: found 'x'; allowed: an integer from 1 to 1000000"},
    };
    CHECK_PROBLEMS(NETWORK_WITH, rows);
}

static void test_lists(void)
{
#define PIECES "\"learning_rate\": {\"schedule\": \"piecewise_constant\", "
    static const struct wrong_case rows[] = {
        {PIECES "\"values\": [1, 0.5], \"boundaries\": [3]}", ""},
        {PIECES "\"values\": [1], \"boundaries\": []}",
         "learning_rate.boundaries: found an array of 0; allowed: an array of 1 to 32 numbers"},
        {PIECES "\"values\": 1, \"boundaries\": [3]}",
         "learning_rate.values: found 1; allowed: an array of 1 to 32 numbers"},
        {PIECES "\"values\": [1, \"x\"], \"boundaries\": [3]}",
         "learning_rate.values.2: found 'x'; allowed: a number >= 0"},
    };
    CHECK_PROBLEMS(NETWORK_WITH, rows);
}

// A parameter inside a choice's object exists while that alternative is taken.
static void test_conditions(void)
{
    struct ms_sweep *s = parse(FILE_WITH(", \"optimizer\": {\"choice\": [\"adam\", {\"name\": "
                                         "\"sgd\", \"momentum\": {\"choice\": [0, 0.5, "
                                         "0.9]}}]}, \"epochs\": {\"int\": [1, 2]}"));
    const struct ms_space *space = ms_sweep_space(s);
    REQUIRE(space->n == 3);
    CHECK_INT(space->param[1].condition, MS_IS);
    CHECK_INT(space->param[1].parent, 0);
    CHECK_NEAR(space->param[1].parent_value, 1, 0);
    CHECK_INT(space->param[2].condition, MS_ALWAYS); // the condition ends with the choice
    CHECK_INT(ms_space_size(space), (1 + 3) * 2);
    ms_sweep_free(s);
}

int main(void)
{
    test_problems();
    test_lists();
    test_conditions();
    return check_done();
}
