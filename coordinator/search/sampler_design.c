// SPDX-License-Identifier: MIT
//
// Designs: points that fill the space evenly, one after the other, whatever their results. Every
// parameter has its own dimension, even while its parent's value makes it inactive. A refused point
// (search.require forbids it, or a finite space has it already) is skipped: the trials are the
// remaining points of the design.
//
// Latin hypercube (McKay, Beckman, Conover 1979): every dimension is cut into n strata of equal
// measure. Each of n points lies in another stratum of every dimension, at a random place inside
// it; every dimension has its own random permutation. After n points another hypercube follows,
// independent of the first.
//
// Sobol: see sobol.h. Owen's scrambling leaves no point on the border and makes every point
// uniform, while the order of the points keeps the net. 21 random bits follow the 32 bits. There
// are direction numbers for 161 dimensions. Further parameters use the same dimensions again with
// the points in another order: their index is scrambled too, which keeps every aligned block of 2^m
// points together (padding by shuffled nets: Burley, "Practical hash-based Owen scrambling", 2020).
#include <stdlib.h>

#include "mlpsweep/memory.h"
#include "sampler_internal.h"
#include "sobol.h"

// Trial numbers are below 2^31, so that no trial uses these streams.
enum design_stream { JITTER = 1, LOW_BITS, SCRAMBLE, SHUFFLE, PERMUTATION };

static struct ms_rng stream(const struct ms_proposal *p, enum design_stream which, int dimension)
{
    return ms_rng_at(p->seed,
                     (UINT32_C(1) << 31) + (uint32_t)which * MS_MAX_PARAMS + (uint32_t)dimension, 0,
                     MS_STREAM_SAMPLER);
}

struct design {
    int64_t index; // of the next point
    double *u;     // (n)

    uint32_t *order; // latin hypercube: (n, strata) the strata of this hypercube's points
    uint32_t (*v)[MS_SOBOL_BITS];
};

static void design_clear(void *state)
{
    struct design *d = state;
    free(d->u);
    free(d->order);
    free(d->v);
    free(d);
}

static struct design *design_new(const struct ms_space *space)
{
    struct design *d = calloc(1, sizeof *d);
    if (d && !(d->u = calloc((size_t)space->n + 1, sizeof *d->u))) {
        free(d);
        return NULL;
    }
    return d;
}

// --- latin hypercube ---------------------------------------------------------

static int lhs_start(const struct ms_space *space, const double *arg, void **state,
                     struct ms_error *err)
{
    struct design *d = design_new(space);
    if (d)
        d->order = malloc((size_t)space->n * (size_t)arg[0] * sizeof *d->order + 1);
    if (!d || !d->order) {
        if (d)
            design_clear(d);
        return ms_no_memory(err, "a latin hypercube of %.0f strata", arg[0]);
    }
    *state = d;
    return 0;
}

static int lhs_propose(void *state, const struct ms_proposal *p, double *point,
                       struct ms_error *err)
{
    struct design *d = state;
    uint32_t strata = (uint32_t)p->arg[0];
    uint32_t row = (uint32_t)(d->index % strata), cube = (uint32_t)(d->index / strata);
    (void)err;
    for (int i = 0; i < p->space->n; i++) {
        uint32_t *order = d->order + (size_t)i * strata;
        struct ms_rng permutation = stream(p, PERMUTATION, i), jitter = stream(p, JITTER, i);
        if (row == 0)
            ms_rng_permutation(&permutation, cube, order, strata);
        d->u[i] = (order[row] + ms_rng_uniform(&jitter, (uint64_t)d->index)) / strata;
    }
    d->index++;
    ms_space_from_unit(p->space, d->u, point);
    return 0;
}

const struct ms_sampler_ops ms_sampler_lhs = {
    .start = lhs_start, .clear = design_clear, .propose = lhs_propose};

// --- Sobol -------------------------------------------------------------------

static int sobol_start(const struct ms_space *space, const double *arg, void **state,
                       struct ms_error *err)
{
    struct design *d = design_new(space);
    (void)arg;
    int n = space->n < MS_SOBOL_DIMENSIONS ? space->n : MS_SOBOL_DIMENSIONS;
    if (d)
        d->v = malloc((size_t)n * sizeof *d->v + 1);
    if (!d || !d->v) {
        if (d)
            design_clear(d);
        return ms_no_memory(err, "the Sobol sequence");
    }
    for (int i = 0; i < n; i++)
        ms_sobol_directions(i, d->v[i]);
    *state = d;
    return 0;
}

static double sobol_unit(const struct design *d, const struct ms_proposal *p, int dimension,
                         bool scramble)
{
    int group = dimension / MS_SOBOL_DIMENSIONS;
    uint32_t index = (uint32_t)d->index;
    struct ms_rng shuffle = stream(p, SHUFFLE, group), owen = stream(p, SCRAMBLE, dimension);
    struct ms_rng low = stream(p, LOW_BITS, dimension);
    if (group > 0)
        index = ms_sobol_owen_scramble(&shuffle, 0, index);
    uint32_t x = ms_sobol(d->v[dimension % MS_SOBOL_DIMENSIONS], index), word[4];
    if (!scramble)
        return x * 0x1p-32;
    ms_rng_block(&low, (uint64_t)d->index, word);
    return ((double)ms_sobol_owen_scramble(&owen, 0, x) + (word[0] >> 11) * 0x1p-21) * 0x1p-32;
}

static int sobol_propose(void *state, const struct ms_proposal *p, double *point,
                         struct ms_error *err)
{
    struct design *d = state;
    if (d->index >> 32)
        return ms_fail(err, MS_ELIMIT, "search.method: a Sobol sequence ends after 2^32 points");
    for (int i = 0; i < p->space->n; i++)
        d->u[i] = sobol_unit(d, p, i, p->arg[0] != 0);
    d->index++;
    ms_space_from_unit(p->space, d->u, point);
    return 0;
}

const struct ms_sampler_ops ms_sampler_sobol = {
    .start = sobol_start, .clear = design_clear, .propose = sobol_propose};
