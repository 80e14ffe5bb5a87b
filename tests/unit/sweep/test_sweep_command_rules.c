// SPDX-License-Identifier: MIT
//
// Placeholders of a command lead to values of params, and its metric has a goal.
#include "problem_fixture.h"

#define KNOWN                                                                                      \
    "allowed: lr, o.m, c, c.x, c.deep.y, trial, execution, seed, epochs, or {{ for a brace"

static void test_placeholders(void)
{
    static const struct wrong_case rows[] = {
        {"{lr}{o.m}{c}{c.x}{c.deep.y}", ""},
        {"{trial}{execution}{seed}{epochs}", ""},
        {"{{lr} }} }", ""},
        {"{lr?}", ""},
        {"{o.m?}", ""},
        {"{seed?}", ""},
        {"{?}", "objective.command: found {}; " KNOWN},
        {"{lrr?}", "objective.command: found {lrr}; " KNOWN "; did you mean 'lr'?"},
        {"{lr??}", "objective.command: found {lr?}; " KNOWN "; did you mean 'lr'?"},
        {"-{lr?}",
         "objective.command: found {lr?} inside an argument; allowed: as an argument of its "
         "own, which is left out where the value is empty"},
        {"{lr?}-",
         "objective.command: found {lr?} inside an argument; allowed: as an argument of its "
         "own, which is left out where the value is empty"},
        {"{", "objective.command: found a '{' without a '}'; allowed: {name}, or {{ for a brace"},
        {"{}", "objective.command: found {}; " KNOWN},
        {"{lrr}", "objective.command: found {lrr}; " KNOWN "; did you mean 'lr'?"},
        {"{o}",
         "objective.command: found {o}; allowed: lr, o.m, c, c.x, c.deep.y, trial, execution, "
         "seed, epochs, or {{ for a brace; did you mean 'c'?"}, // an object has no text of its own
        {"{o.m.n}", "objective.command: found {o.m.n}; allowed: lr, o.m, c, c.x, c.deep.y, trial, "
                    "execution, seed, epochs, or {{ for a brace"},
        {"{lr}{",
         "objective.command: found a '{' without a '}'; allowed: {name}, or {{ for a brace"},
    };
    CHECK_PROBLEMS(
        "{\"objective\": {\"command\": [\"p\", \"%s\"], \"metric\": \"loss\"}, \"params\": "
        "{\"lr\": "
        "1, \"o\": {\"m\": 2}, \"c\": {\"choice\": [3, {\"x\": 4}, {\"deep\": {\"y\": 5}}]}}}",
        rows);
}

// The program is always there.
static void test_program(void)
{
    static const struct wrong_case rows[] = {
        {"{lr}", ""},
        {"{lr?}", "objective.command: found {lr?} in the program's place; allowed: a placeholder "
                  "without '?', as the program cannot be left out"},
    };
    CHECK_PROBLEMS(
        "{\"objective\": {\"command\": [\"%s\", \"a\"], \"metric\": \"loss\"}, \"params\": "
        "{\"lr\": {\"choice\": [\"p\", \"\"]}}}",
        rows);
}

static void test_metric(void)
{
    static const struct wrong_case rows[] = {
        {", \"metric\": \"loss\"", ""},
        {", \"metric\": \"score\", \"goal\": \"minimize\"", ""},
        {", \"metric\": \"score\"",
         "objective.goal: missing, and 'score' is one of the command's own "
         "metrics; allowed: minimize, maximize"},
        {"", "objective.metric: missing; allowed: the name of a metric that the command prints, "
             "such as "
             "val_loss"},
    };
    CHECK_PROBLEMS("{\"objective\": {\"command\": [\"p\"]%s}}", rows);
}

int main(void)
{
    test_placeholders();
    test_program();
    test_metric();
    return check_done();
}
