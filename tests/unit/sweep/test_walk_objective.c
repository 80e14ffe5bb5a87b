// SPDX-License-Identifier: MIT
//
// "objective": one, or a list of which the first guides the search; which metrics each kind of
// sweep has, and the arguments of a command.
#include "config_fixture.h"
#include "problem_fixture.h"

static void test_list(void)
{
    struct ms_sweep *s = parse(FILE_WITH(
        ", \"objective\": [{\"metric\": \"accuracy\", \"by\": \"worst\"}, {\"metric\": "
        "\"weights\"},"
        " {\"metric\": \"val_accuracy\", \"goal\": \"minimize\"}, {\"metric\": \"seconds\"}]"));
    const struct ms_goals *goals = ms_sweep_goals(s);
    static const struct {
        const char *name;
        int metric;
        bool maximize;
    } wanted[] = {{"accuracy", 1, true},
                  {"weights", 0, false},
                  {"val_accuracy", 1, false},
                  {"seconds", 0, false}};
    REQUIRE(goals->n == 4);
    for (int i = 0; i < 4; i++) {
        CASE("goal %d", i);
        CHECK_STR(goals->item[i].name, wanted[i].name);
        CHECK_INT(goals->item[i].metric, wanted[i].metric ? ms_metric_id(wanted[i].name) : -1);
        CHECK_INT(goals->item[i].maximize, wanted[i].maximize);
    }
    CHECK_INT(ms_sweep_objective(s)->by, MS_BY_WORST);
    CHECK_STR(ms_sweep_objective(s)->name, "accuracy");
    ms_sweep_free(s);
    s = parse(FILE_WITH(""));
    CHECK_INT(ms_sweep_goals(s)->n, 1);
    CHECK_STR(ms_sweep_goals(s)->item[0].name, "val_loss");
    ms_sweep_free(s);
}

static void test_problems(void)
{
#define FIRST "\"objective\": [{\"metric\": \"loss\"}, "
    static const struct wrong_case rows[] = {
        {"\"objective\": []",
         "objective: found an array of 0; allowed: an object, or an array of 1 to 8"},
        {FIRST "{\"metric\": \"loss\"}]",
         "objective.2: found loss twice; allowed: every metric once"},
        {FIRST "{\"metric\": \"mse\"}, {\"metric\": \"mse\"}]",
         "objective.3: found mse twice; allowed: every metric once"},
        {FIRST "{\"metric\": 3}]", "objective.2.metric: found 3; allowed: the name of a metric"},
        {FIRST "{\"metric\": \"mse\", \"by\": \"mean\"}]",
         "objective.2: found unknown key 'by'; allowed: metric, goal"},
        {FIRST "{}]", "objective.2.metric: missing; allowed: *"},
    };
    CHECK_PROBLEMS(NETWORK_WITH, rows);
}

// A function has one metric; a command has those that it prints, whose direction nobody knows.
static void test_kinds(void)
{
    static const struct wrong_case functions[] = {
        {"", ""},
        {", \"metric\": \"value\"", ""},
        {", \"metric\": \"loss\"",
         "objective.metric: found 'loss'; allowed: value, the one metric that a function has"},
    };
    CHECK_PROBLEMS(
        "{\"objective\": {\"function\": \"beale\"%s}, \"search\": {\"method\": \"random\", "
        "\"max_trials\": 1}}",
        functions);
    static const struct wrong_case commands[] = {
        {"{\"metric\": \"size\", \"goal\": \"maximize\"}", ""},
        {"{\"metric\": \"accuracy\"}", ""},
        {"{\"metric\": \"seconds\"}", ""},
        {"{\"metric\": \"size\"}",
         "objective.2: found 'size', one of the command's own metrics, without "
         "goal; allowed: minimize, maximize"},
        {"{\"metric\": \"weights\"}", "objective.2: found 'weights', one of the command's own "
                                      "metrics, without goal; allowed: minimize, maximize"},
        {"{\"metric\": \"\"}",
         "objective.2.metric: found ''; allowed: seconds, or a metric that the command prints"},
    };
    CHECK_PROBLEMS("{\"objective\": [{\"command\": [\"p\"], \"metric\": \"loss\"}, %s]}", commands);
}

static void test_command(void)
{
    static const struct wrong_case rows[] = {
        {"[\"p\", \"\"]", ""},
        {"[\"\"]",
         "objective.command: found ''; allowed: strings of up to 65535 bytes, the program first"},
        {"[]", "objective.command: found 0 strings; allowed: 1 to 1024, the program first"},
        {"[\"p\", 3]",
         "objective.command: found 3, which is not a string; allowed: strings of up to 65535 "
         "bytes, the program first"},
        {"[\"p\", null]",
         "objective.command: found null; allowed: strings of up to 65535 bytes, the program first"},
        {"\"p -x\"",
         "objective.command: found 'p -x'; allowed: an array of strings, the program and its "
         "arguments, such as [\"./train.sh\", \"--lr={lr}\"]; no shell reads them"},
    };
    CHECK_PROBLEMS("{\"objective\": {\"command\": %s, \"metric\": \"loss\"}}", rows);
}

int main(void)
{
    test_list();
    test_problems();
    test_kinds();
    test_command();
    return check_done();
}
