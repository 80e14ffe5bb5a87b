// SPDX-License-Identifier: MIT
//
// Scaling is done in double and rounded once, so that a training on scaled targets is, bit for bit,
// one on targets that were scaled before.
#include "outputs.h"

#include <math.h>
#include <stddef.h>

void ms_outputs_lay_out(struct ms_outputs *o, const struct ms_dataset *d, int ld,
                        struct ms_carve *carve)
{
    const size_t units = (size_t)d->n_outputs, row = (size_t)ld * sizeof(ms_real);
    *o = (struct ms_outputs){.target = d->target, .units = d->n_outputs};
    o->first = ms_arena_carve_take(carve, units, sizeof *o->first);
    if (!o->target)
        return;
    o->t = ms_arena_carve_take(carve, units, row);
    o->y = ms_arena_carve_take(carve, units, row);
    double *base = ms_arena_carve_take(carve, units, sizeof *base);
    for (size_t j = 0; base && j < units; j++)
        base[j] = o->target[j].base;
    o->base = base;
}

void ms_outputs_reset(struct ms_outputs *o)
{
    o->varies = false;
    o->rows = 0;
}

static double learned(const struct ms_target *s, double own)
{
    const double t = own + s->base;
    const double u = s->kind == MS_TARGET_LOG ? log(t) : s->kind == MS_TARGET_LOG1P ? log1p(t) : t;
    return (u - s->shift) / s->divide;
}

static double own(const struct ms_target *s, double learned)
{
    const double u = learned * s->divide + s->shift;
    const double t = s->kind == MS_TARGET_LOG ? exp(u) : s->kind == MS_TARGET_LOG1P ? expm1(u) : u;
    return t - s->base;
}

void ms_outputs_scale(struct ms_outputs *o, ms_real *t, int ld)
{
    for (int j = 0; o->target && j < o->units; j++)
        for (int i = 0; i < ld; i++) {
            const size_t at = (size_t)j * (size_t)ld + (size_t)i;
            o->t[at] = t[at];
            t[at] = (ms_real)(float)learned(&o->target[j], (double)t[at]); // as y is stored
        }
}

void ms_outputs_bring_back(struct ms_outputs *o, const ms_real *y, int ld)
{
    for (int j = 0; o->target && j < o->units; j++)
        for (int i = 0; i < ld; i++) {
            const size_t at = (size_t)j * (size_t)ld + (size_t)i;
            o->y[at] = (ms_real)own(&o->target[j], (double)y[at]);
        }
}

void ms_outputs_look(struct ms_outputs *o, const ms_real *y, int rows, int ld)
{
    for (int j = 0; o->rows == 0 && j < o->units; j++)
        o->first[j] = y[(size_t)j * (size_t)ld];
    o->rows += (uint32_t)rows;
    for (int j = 0; j < o->units; j++)
        for (int i = 0; i < rows && !o->varies; i++)
            o->varies = !(y[(size_t)j * (size_t)ld + (size_t)i] == o->first[j]);
}
