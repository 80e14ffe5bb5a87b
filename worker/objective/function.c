// SPDX-License-Identifier: MIT
//
// A function of the tables in common/space/functions.c as an objective: one epoch, one metric
// "value". A part that begins after epoch 0 has nothing left to report.
#include "mlpsweep/function.h"

#include "evaluate.h"

int ms_objective_evaluate_function(const struct ms_sweep *s, const struct ms_attempt *attempt,
                                   const struct ms_outlet *to, struct ms_result *r,
                                   struct ms_error *err)
{
    static char name[] = "value";
    const struct ms_function *f;
    double x[MS_MAX_FUNCTION_DIMS];
    int n = ms_sweep_function(s, &f, attempt->point, x, err);
    if (n < 0)
        return n;
    double value = f->value(x, n);
    const struct ms_epochs e = {.id = attempt->id,
                                .first_epoch = 1,
                                .n_epochs = 1,
                                .n_columns = 1,
                                .values = &value,
                                .names = name};
    if (attempt->from_epoch == 0)
        to->epochs(to->ctx, &e);
    r->end = MS_END_COMPLETED;
    r->epochs = 1;
    return 0;
}
