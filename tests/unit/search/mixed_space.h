// SPDX-License-Identifier: MIT
//
// A space with every kind of parameter, for the tests of the Gaussian process's parts.
#ifndef MLPSWEEP_TESTS_MIXED_SPACE_H
#define MLPSWEEP_TESTS_MIXED_SPACE_H

#include <cJSON.h>

#include "check.h"
#include "mlpsweep/space.h"

enum { MAX_N = 16 };

static inline void space_add(struct ms_space *space, struct ms_param p)
{
    if (p.kind != MS_CHOICE)
        p.count = ms_space_param_count(&p);
    struct ms_error err = {0};
    REQUIRE(ms_space_add(space, &p, &err) >= 0);
}

// A choice that decides what else there is, a choice of rising numbers, integers with a condition.
static inline struct ms_space mixed_space(cJSON **owned)
{
    struct ms_space s;
    ms_space_init(&s);
    *owned = cJSON_Parse("[[\"sgd\",\"adam\",\"none\"],[16,32,64,128],[7]]");
    REQUIRE(*owned != NULL);
    cJSON *kinds = cJSON_GetArrayItem(*owned, 0), *sizes = cJSON_GetArrayItem(*owned, 1);
    space_add(&s,
              (struct ms_param){.name = "kind", .kind = MS_CHOICE, .values = kinds, .count = 3});
    space_add(
        &s, (struct ms_param){.name = "rate", .kind = MS_FLOAT, .log = true, .lo = 1e-5, .hi = 1});
    space_add(&s, (struct ms_param){.name = "momentum",
                                    .kind = MS_FLOAT,
                                    .lo = 0,
                                    .hi = 0.99,
                                    .condition = MS_IS,
                                    .parent = 0,
                                    .parent_value = 0});
    space_add(&s,
              (struct ms_param){.name = "size", .kind = MS_CHOICE, .values = sizes, .count = 4});
    space_add(&s, (struct ms_param){.name = "layers", .kind = MS_INT, .lo = 1, .hi = 3, .step = 1});
    space_add(&s, (struct ms_param){.name = "units",
                                    .kind = MS_INT,
                                    .lo = 8,
                                    .hi = 512,
                                    .step = 8,
                                    .condition = MS_AT_LEAST,
                                    .parent = 4,
                                    .parent_value = 2});
    space_add(&s, (struct ms_param){.name = "flag", .kind = MS_BOOL});
    space_add(&s, (struct ms_param){.name = "one",
                                    .kind = MS_CHOICE,
                                    .count = 1,
                                    .values = cJSON_GetArrayItem(*owned, 2)});
    return s;
}

#endif
