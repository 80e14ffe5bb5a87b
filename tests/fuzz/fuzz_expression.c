// SPDX-License-Identifier: MIT
//
// Expressions over a small space: one that is accepted has one of three values at any point, and
// needs no name that the syntax alone would refuse.
#include "fuzz.h"

#include <math.h>

#include "common/space/expression.h"
#include "mlpsweep/sweep.h"

static const char file[] =
    "{\"objective\": {\"function\": \"beale\"}, \"search\": {\"method\": \"random\", "
    "\"max_trials\": 9},"
    " \"params\": {\"x\": {\"float\": [-4, 4]}, \"y\": {\"int\": [1, 64], \"log\": true}}}";

static const struct ms_space *space;

static int find(void *ctx, const char *text, struct ms_expr_name *name, struct ms_error *err)
{
    const struct ms_expr_case constants[] = {
        {.param = -1, .constant = {MS_EXPR_NUMBER, 5, NULL}},
        {.param = -1, .constant = {MS_EXPR_BOOL, 1, NULL}},
        {.param = -1, .constant = {MS_EXPR_TEXT, 0, "sgd"}},
        {.param = -1, .constant = {MS_EXPR_UNKNOWN, 0, NULL}},
    };
    static const char *const names[] = {"epochs", "flag", "optimizer", "nothing"};
    (void)ctx;
    for (int i = 0; i < space->n; i++)
        if (strstr(text, space->param[i].name) == text) {
            const struct ms_expr_case c = {.param = i};
            return ms_expression_add_case(name, &c, err);
        }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(text, names[i]) == 0)
            return ms_expression_add_case(name, &constants[i], err);
    return 0;
}

static const char *nearest(void *ctx, const char *text)
{
    (void)ctx;
    return strchr(text, 'e') ? "epochs" : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ms_sweep *sweep;
    static const struct ms_expr_names names = {.find = find, .nearest = nearest}, none;
    struct ms_sweep_problems problems = {0};
    struct ms_expression *e, *syntax;
    struct ms_error err = {0};
    if (!sweep)
        PROMISE(ms_sweep_parse("file", file, sizeof file - 1, &sweep, &problems) == 0);
    space = ms_sweep_space(sweep);
    char *text = malloc(size + 1);
    PROMISE(text);
    memcpy(text, data, size);
    text[size] = '\0';
    if (ms_expression_new(text, space, &names, &e, &err) == 0) {
        for (int i = -4; i <= 4; i++) {
            const double point[] = {i, i + 4 < 7 ? i + 4 : 6};
            const int holds = ms_expression_holds(e, point);
            PROMISE(holds >= -1 && holds <= 1);
        }
        PROMISE(ms_expression_new(text, space, &none, &syntax, &err) == 0);
        ms_expression_free(syntax);
        ms_expression_free(e);
    } else {
        PROMISE(err.text[0]);
    }
    free(text);
    return 0;
}
