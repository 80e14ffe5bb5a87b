// SPDX-License-Identifier: MIT
//
// What tests of spaces share.
#ifndef MLPSWEEP_TESTS_SPACE_HELPERS_H
#define MLPSWEEP_TESTS_SPACE_HELPERS_H

#include "mlpsweep/space.h"

static inline struct ms_param number(enum ms_param_kind kind, double lo, double hi, double step,
                                     bool log_scale)
{
    struct ms_param p = {.name = (char[]){"x"},
                         .kind = kind,
                         .lo = lo,
                         .hi = hi,
                         .step = step,
                         .log = log_scale,
                         .parent = -1};
    p.count = ms_space_param_count(&p);
    p.name = NULL; // of the compound literal; these are not added to a space
    return p;
}

#endif
