// SPDX-License-Identifier: MIT
//
// The objective of a sweep: its kind, the metric and goal that are not given, the usual domain of a
// function, and rules that need the data.
#include "sweep_fixture.h"

#include "mlpsweep/function.h"
#include "mlpsweep/metric.h"
#include "problem_fixture.h"

#define NETWORK(data, objective)                                                                   \
    "{\"data\": {\"synthetic\": \"xor\"" data "}, \"hidden\": [], \"objective\": " objective "}"
#define COMMAND(rest) "{\"objective\": {\"command\": [\"p\"], " rest "}}"

static void test_defaults(void)
{
    static const struct {
        const char *text, *name;
        bool maximize, id; // known by a metric id
        enum ms_kind kind;
    } rows[] = {
        {NETWORK("", "{}"), "val_loss", false, true, MS_KIND_TRAIN},
        {NETWORK(", \"validation\": 0", "{}"), "loss", false, true, MS_KIND_TRAIN},
        {NETWORK("", "{\"metric\": \"val_accuracy\"}"), "val_accuracy", true, true, MS_KIND_TRAIN},
        {NETWORK("", "{\"metric\": \"val_accuracy\", \"goal\": \"minimize\"}"), "val_accuracy",
         false, true, MS_KIND_TRAIN},
        {NETWORK("", "[{\"metric\": \"accuracy\"}, {\"metric\": \"flops\"}]"), "accuracy", true,
         true, MS_KIND_TRAIN},
        {COMMAND("\"metric\": \"val_accuracy\""), "val_accuracy", true, false, MS_KIND_COMMAND},
        {COMMAND("\"metric\": \"score\", \"goal\": \"maximize\""), "score", true, false,
         MS_KIND_COMMAND},
        {"{\"objective\": {\"function\": \"beale\"}, \"params\": {\"x\": 1, \"y\": 2}}", "value",
         false, false, MS_KIND_FUNCTION},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CASE("%s", rows[i].text);
        struct ms_sweep *s = parse_text(rows[i].text);
        const struct ms_objective *o = ms_sweep_objective(s);
        CHECK_INT(ms_sweep_kind(s), rows[i].kind);
        CHECK_STR(o->name, rows[i].name);
        CHECK_INT(o->maximize, rows[i].maximize);
        CHECK_INT(o->metric, rows[i].id ? ms_metric_id(rows[i].name) : -1);
        CHECK(o->at == MS_AT_BEST && o->by == MS_BY_MEAN);
        const struct ms_goals *goals = ms_sweep_goals(s);
        CHECK_STR(goals->item[0].name, rows[i].name);
        CHECK_INT(goals->item[0].maximize, rows[i].maximize);
        ms_sweep_free(s);
    }
}

// Every function has a usual domain, whose parameters are continuous and hold the whole of it.
static void test_usual_domains(void)
{
    for (int i = 0; i < ms_function_table.n; i++) {
        const char *name = ms_table_row(&ms_function_table, i)->name;
        CASE("%s", name);
        char text[200];
        snprintf(text, sizeof text,
                 "{\"objective\": {\"function\": \"%s\"}, \"search\": {\"method\": \"random\", "
                 "\"max_trials\": 1}}",
                 name);
        struct ms_sweep *s = parse_text(text);
        const struct ms_space *space = ms_sweep_space(s);
        const struct ms_function *f;
        double x[MS_MAX_FUNCTION_DIMS], lowest[MS_MAX_FUNCTION_DIMS];
        struct ms_error err;
        CHECK(space->n >= 1 && space->n <= MS_MAX_FUNCTION_DIMS);
        for (int k = 0; k < space->n; k++) {
            CHECK(space->param[k].kind == MS_FLOAT && space->param[k].count == 0);
            CHECK(space->param[k].lo < space->param[k].hi);
            lowest[k] = space->param[k].lo;
        }
        REQUIRE(ms_sweep_function(s, &f, lowest, x, &err) == space->n);
        CHECK(memcmp(x, lowest, (size_t)space->n * sizeof *x) == 0);
        CHECK(isfinite(f->value(x, space->n)));
        ms_sweep_free(s);
    }
}

static void test_rules(void)
{
    static const struct wrong_case rows[] = {
        {"{\"metric\": \"loss\"}", ""},
        {"{\"metric\": \"val_loss\"}",
         "objective.metric: found 'val_loss', but data.validation is 0; allowed: "
         "a metric of the training rows"},
        {"[{\"metric\": \"loss\"}, {\"metric\": \"val_mse\"}]",
         "objective.2.metric: found 'val_mse', but data.validation is 0; allowed: a metric of the "
         "training rows"},
    };
    CHECK_PROBLEMS("{\"data\": {\"synthetic\": \"xor\", \"validation\": 0}, \"hidden\": [], "
                   "\"objective\": %s}",
                   rows);
}

int main(void)
{
    test_defaults();
    test_usual_domains();
    test_rules();
    return check_done();
}
