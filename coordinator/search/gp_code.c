// SPDX-License-Identifier: MIT
//
// Parents come before their children in a space, so that one pass over the parameters decides which
// are active. An index and its place in [0, 1] translate into each other exactly.
#include "gp_code.h"

#include <math.h>
#include <stdlib.h>

#include "mlpsweep/memory.h"
#include "sampler_internal.h"

// True for a choice of rising or falling numbers, which a kernel may treat as a number. Two values
// are just two categories, and more than a thousand are not searched.
static bool in_order(const struct ms_param *p)
{
    if (p->count < 3 || p->count > 1000)
        return false;
    double last = ms_space_param_number(p, 0), way = ms_space_param_number(p, 1) - last;
    for (uint64_t v = 1; v < p->count; v++) {
        double number = ms_space_param_number(p, (double)v);
        if (!(way > 0 ? number > last : number < last)) // NAN is not in order either
            return false;
        last = number;
    }
    return true;
}

static enum ms_gp_kind kind_of(const struct ms_param *p)
{
    if (p->count == 1)
        return MS_GP_FIXED;
    if (p->count == 0)
        return MS_GP_NUMBER;
    if (p->kind == MS_BOOL || (p->kind == MS_CHOICE && !in_order(p)))
        return MS_GP_CATEGORY;
    return MS_GP_ORDERED;
}

int ms_gp_code_init(struct ms_gp_code *c, const struct ms_space *space, struct ms_error *err)
{
    size_t n = (size_t)space->n + 1;
    *c = (struct ms_gp_code){.space = space};
    c->kind = calloc(n, sizeof *c->kind);
    c->feature = calloc(n, sizeof *c->feature);
    c->category = calloc(n, sizeof *c->category);
    if (!c->kind || !c->feature || !c->category) {
        ms_gp_code_clear(c);
        return ms_no_memory(err, "%d parameters", space->n);
    }
    for (int i = 0; i < space->n; i++) {
        c->kind[i] = kind_of(&space->param[i]);
        c->feature[i] = c->kind[i] == MS_GP_FIXED ? -1 : c->n_features;
        if (c->kind[i] != MS_GP_FIXED)
            c->category[c->n_features++] = c->kind[i] == MS_GP_CATEGORY;
    }
    return 0;
}

void ms_gp_code_clear(struct ms_gp_code *c)
{
    free(c->kind);
    free(c->feature);
    free(c->category);
    *c = (struct ms_gp_code){0};
}

void ms_gp_encode(const struct ms_gp_code *c, const double *point, double *code)
{
    for (int i = 0; i < c->space->n; i++)
        code[i] = c->kind[i] == MS_GP_NUMBER && !isnan(point[i])
                      ? ms_space_param_to_unit(&c->space->param[i], point[i])
                      : point[i];
}

void ms_gp_to_unit(const struct ms_gp_code *c, const double *code, const double *spare, double *u)
{
    for (int i = 0; i < c->space->n; i++)
        u[i] = isnan(code[i])               ? spare[i]
               : c->kind[i] == MS_GP_NUMBER ? code[i]
                                            : ms_space_param_to_unit(&c->space->param[i], code[i]);
}

void ms_gp_decode(const struct ms_gp_code *c, const double *code, double *scratch, double *point)
{
    for (int i = 0; i < c->space->n; i++)
        point[i] = 0;
    ms_gp_to_unit(c, code, point, scratch);
    ms_space_from_unit(c->space, scratch, point);
}

void ms_gp_from_unit(const struct ms_gp_code *c, const double *u, double *code)
{
    for (int i = 0; i < c->space->n; i++) {
        double x = fmin(fmax(u[i], 0), 1);
        if (!ms_space_active(c->space, code, i)) // parents come first and are finite
            code[i] = NAN;
        else
            code[i] =
                c->kind[i] == MS_GP_NUMBER ? x : ms_space_param_from_unit(&c->space->param[i], x);
    }
}

void ms_gp_features(const struct ms_gp_code *c, const double *code, double *feature)
{
    for (int i = 0; i < c->space->n; i++) {
        if (c->feature[i] < 0)
            continue;
        double v = code[i], *f = &feature[c->feature[i]];
        switch (c->kind[i]) {
        case MS_GP_NUMBER:
            *f = isnan(v) ? 0.5 : v;
            break;
        case MS_GP_ORDERED:
            *f = isnan(v) ? 0.5 : ms_space_param_to_unit(&c->space->param[i], v);
            break;
        case MS_GP_CATEGORY:
            *f = isnan(v) ? -1 : v;
            break;
        case MS_GP_FIXED:
            break;
        }
    }
}
