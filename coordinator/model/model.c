// SPDX-License-Identifier: MIT
//
// What a model owns. Its layers point into its weights and into its configuration, so that a copy
// of the struct is no second model.
#include "model.h"

#include <stdlib.h>

#include "mlpsweep/memory.h"
#include "mlpsweep/sweep.h"

const char *const ms_model_kind_names[MS_MODEL_KINDS] = {
    [MS_MODEL_KEPT] = "kept", [MS_MODEL_REFIT] = "refit"};

void ms_model_clear(struct ms_model *m)
{
    ms_sweep_free(m->text);
    free(m->config);
    free(m->input);
    free(m->target);
    ms_data_info_clear(&m->data);
    free(m->metric);
    free(m->weights);
    free(m->work);
    *m = (struct ms_model){0};
}

int ms_model_ready(struct ms_model *m, struct ms_error *err)
{
    size_t widest = (size_t)m->n_inputs;
    for (int i = 0; i < m->n_layers; i++)
        if ((size_t)m->layer[i].units > widest)
            widest = (size_t)m->layer[i].units;
    free(m->work);
    m->work = malloc(2 * widest * sizeof *m->work);
    return m->work ? 0 : ms_no_memory(err, "a layer of %zu units", widest);
}
