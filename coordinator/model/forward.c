// SPDX-License-Identifier: MIT
//
// One row through a model, in double. Sums go over the inputs in their order; nothing is fast here.
#include "model.h"

#include <math.h>
#include <string.h>

#include "activate.h"

// z = x · kernel + bias
static void dense(const struct ms_model_layer *l, const double *x, double *z)
{
    const size_t units = (size_t)l->units;
    for (size_t j = 0; j < units; j++)
        z[j] = l->bias ? (double)l->bias[j] : 0;
    for (size_t i = 0; i < (size_t)l->inputs; i++)
        for (size_t j = 0; j < units; j++)
            z[j] += x[i] * (double)l->kernel[i * units + j];
}

// The inverse of struct ms_target.
static double own_unit(const struct ms_target *t, double learned)
{
    const double u = learned * t->divide + t->shift;
    return t->kind == MS_TARGET_LOG ? exp(u) : t->kind == MS_TARGET_LOG1P ? expm1(u) : u;
}

void ms_model_forward(const struct ms_model *m, const double *raw_inputs, double *out)
{
    size_t widest = (size_t)m->n_inputs;
    for (int i = 0; i < m->n_layers; i++)
        if ((size_t)m->layer[i].units > widest)
            widest = (size_t)m->layer[i].units;
    double *x = m->work, *z = m->work + widest;
    for (int j = 0; j < m->n_inputs; j++) {
        const struct ms_column *c = &m->input[j];
        x[j] = ((isnan(raw_inputs[j]) ? c->fill : raw_inputs[j]) - c->shift) / c->divide;
    }
    for (int i = 0; i < m->n_layers; i++) {
        const struct ms_model_layer *l = &m->layer[i];
        dense(l, x, z);
        if (i + 1 < m->n_layers)
            ms_activate_normalize(l, z);
        ms_activate(&l->config->activation, z, l->units);
        double *next = x;
        x = z;
        z = next;
    }
    for (int j = 0; j < m->n_outputs; j++)
        out[j] = m->target ? own_unit(&m->target[j], x[j]) : x[j];
}
