// SPDX-License-Identifier: MIT
//
// What tests of expressions share: a space with a parameter of every kind, and the names in it.
#ifndef MLPSWEEP_TESTS_EXPRESSION_FIXTURE_H
#define MLPSWEEP_TESTS_EXPRESSION_FIXTURE_H

#include <cJSON.h>

#include "check.h"
#include "common/space/expression.h"

enum { BATCH, RATE, OPTIMIZER, MOMENTUM, NESTEROV, N };

static struct ms_space space;
static cJSON *choices;

static inline void make_space(void)
{
    struct ms_error err;
    choices = cJSON_Parse("[{\"name\": \"sgd\"}, \"adam\", 3, null]");
    REQUIRE(choices != NULL);
    char names[N][16] = {"batch_size", "lr-rate", "optimizer", "opt.momentum", "nesterov"};
    const struct ms_param params[N] = {
        [BATCH] = {.name = names[0],
                   .kind = MS_INT,
                   .lo = 16,
                   .hi = 128,
                   .step = 2,
                   .log = true,
                   .count = 4},
        [RATE] = {.name = names[1], .kind = MS_FLOAT, .lo = 0, .hi = 1},
        [OPTIMIZER] = {.name = names[2], .kind = MS_CHOICE, .values = choices, .count = 4},
        [MOMENTUM] = {.name = names[3],
                      .kind = MS_FLOAT,
                      .lo = 0,
                      .hi = 1,
                      .step = 0.1,
                      .count = 11,
                      .condition = MS_IS,
                      .parent = OPTIMIZER,
                      .parent_value = 0},
        [NESTEROV] = {.name = names[4], .kind = MS_BOOL, .count = 2},
    };
    ms_space_init(&space);
    for (int i = 0; i < N; i++)
        REQUIRE(ms_space_add(&space, &params[i], &err) == i);
}

static inline int find(void *ctx, const char *text, struct ms_expr_name *name, struct ms_error *err)
{
    (void)ctx;
    for (int i = 0; i < N; i++)
        if (strcmp(space.param[i].name, text) == 0) {
            struct ms_expr_case c = {.param = i};
            return ms_expression_add_case(name, &c, err);
        }
    struct ms_expr_case c = {.param = -1, .constant = {MS_EXPR_NUMBER, 5, NULL}};
    return strcmp(text, "epochs") == 0 ? ms_expression_add_case(name, &c, err) : 0;
}

static inline const char *nearest(void *ctx, const char *text)
{
    (void)ctx;
    return strncmp(text, "batch", 5) == 0 ? "batch_size" : NULL;
}

static const struct ms_expr_names names = {.find = find, .nearest = nearest};

static inline int clear_space(void)
{
    ms_space_clear(&space);
    cJSON_Delete(choices);
    return check_done();
}

#endif
