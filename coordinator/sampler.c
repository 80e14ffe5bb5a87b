// SPDX-License-Identifier: MIT
//
// Grid walks the odometer of the space. Random draws point after point and keeps only points not seen
// before: trial k is the first of its draws that differs from trials 0 … k-1. In a finite space that
// is nearly used up draws repeat too often; after MAX_DRAWS of them the next unused point in grid
// order is taken instead. So a finite space is enumerated exactly, without an early end, and the rule
// does not know max_trials: asking for more trials never changes the first ones.
#include "sampler.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/rng.h"

enum { MAX_DRAWS = 200 };

struct seen {
    uint64_t *hash; // open addressing; slot i belongs to point index[i]
    int64_t *index; // -1: empty
    size_t room;    // power of two
};

struct ms_sampler {
    const struct ms_space *space;
    uint64_t seed;
    int64_t trials; // to propose in all
    int64_t next;   // number of the next trial
    const struct sampler_ops *ops;
    double *scratch;

    double *odometer; // grid: the last point; random: where the search for unused points stands
    bool started;

    double *points; // random: all points so far, (next, space->n)
    int64_t room;
    struct seen seen;
};

struct sampler_ops {
    bool needs_finite;
    int (*next)(struct ms_sampler *s, double *point, struct ms_error *err);
};

// --- the set of points drawn so far --------------------------------------------------------------

static const double *point_at(const struct ms_sampler *s, int64_t i)
{
    return s->points + (size_t)i * (size_t)s->space->n;
}

static size_t seen_slot(const struct ms_sampler *s, uint64_t hash, const double *point)
{
    size_t mask = s->seen.room - 1, at = (size_t)hash & mask;
    while (s->seen.index[at] >= 0) {
        if (s->seen.hash[at] == hash && ms_point_equal(s->space, point_at(s, s->seen.index[at]), point))
            return at;
        at = (at + 1) & mask;
    }
    return at;
}

static bool seen_has(const struct ms_sampler *s, const double *point)
{
    return s->seen.index[seen_slot(s, ms_point_hash(s->space, point), point)] >= 0;
}

static int seen_grow(struct ms_sampler *s, struct ms_error *err)
{
    struct seen was = s->seen, now = {.room = was.room ? was.room * 2 : 1024};
    now.hash = malloc(now.room * sizeof *now.hash);
    now.index = malloc(now.room * sizeof *now.index);
    if (!now.hash || !now.index) {
        free(now.hash);
        free(now.index);
        return ms_fail(err, MS_ENOMEM, "no memory for %zu trials", now.room);
    }
    for (size_t i = 0; i < now.room; i++)
        now.index[i] = -1;
    for (size_t i = 0; i < was.room; i++) {
        if (was.index[i] < 0)
            continue;
        size_t at = (size_t)was.hash[i] & (now.room - 1);
        while (now.index[at] >= 0)
            at = (at + 1) & (now.room - 1);
        now.hash[at] = was.hash[i];
        now.index[at] = was.index[i];
    }
    free(was.hash);
    free(was.index);
    s->seen = now;
    return 0;
}

static int seen_add(struct ms_sampler *s, const double *point, struct ms_error *err)
{
    size_t n = (size_t)s->space->n;
    if (s->next == s->room) {
        int64_t room = s->room ? 2 * s->room : 1024;
        double *p = realloc(s->points, ((size_t)room * n + 1) * sizeof *p);
        if (!p)
            return ms_fail(err, MS_ENOMEM, "no memory for %lld trials", (long long)room);
        s->points = p;
        s->room = room;
    }
    if ((size_t)s->next * 2 >= s->seen.room) {
        int status = seen_grow(s, err);
        if (status)
            return status;
    }
    memcpy(s->points + (size_t)s->next * n, point, n * sizeof *point);
    uint64_t hash = ms_point_hash(s->space, point);
    size_t at = seen_slot(s, hash, point);
    s->seen.hash[at] = hash;
    s->seen.index[at] = s->next;
    return 0;
}

// --- grid ----------------------------------------------------------------------------------------

static bool odometer_step(struct ms_sampler *s)
{
    bool more = s->started ? ms_space_next(s->space, s->odometer) : ms_space_first(s->space, s->odometer);
    s->started = true;
    return more;
}

static int grid_next(struct ms_sampler *s, double *point, struct ms_error *err)
{
    if (!odometer_step(s))
        return ms_fail(err, MS_ESTATE, "the grid ended before its size");
    memcpy(point, s->odometer, (size_t)s->space->n * sizeof *point);
    return 0;
}

// --- random --------------------------------------------------------------------------------------

static int random_next(struct ms_sampler *s, double *point, struct ms_error *err)
{
    struct ms_rng rng = ms_rng_at(s->seed, (uint32_t)s->next, 0, MS_STREAM_SAMPLER);
    size_t n = (size_t)s->space->n;
    for (uint64_t draw = 0; draw < MAX_DRAWS; draw++) {
        for (size_t i = 0; i < n; i++)
            s->scratch[i] = ms_rng_uniform(&rng, draw * MS_MAX_PARAMS + i);
        ms_space_from_unit(s->space, s->scratch, point);
        if (s->seen.room == 0 || !seen_has(s, point))
            return seen_add(s, point, err);
    }
    while (odometer_step(s)) {
        if (!seen_has(s, s->odometer)) {
            memcpy(point, s->odometer, n * sizeof *point);
            return seen_add(s, point, err);
        }
    }
    return ms_fail(err, MS_ESTATE, "no unused point is left in the space");
}

// Indexed as the rows of ms_sampler_table (common/search.c).
static const struct sampler_ops samplers[] = {
    {.needs_finite = true, .next = grid_next},
    {.needs_finite = false, .next = random_next},
};
enum { N_SAMPLERS = sizeof samplers / sizeof *samplers };

int ms_sampler_new(const struct ms_sweep *sweep, struct ms_sampler **out, struct ms_error *err)
{
    const struct ms_search *search = ms_sweep_search(sweep);
    if (ms_sampler_table.n != N_SAMPLERS || search->method.row < 0 || search->method.row >= N_SAMPLERS)
        return ms_fail(err, MS_EINVAL, "sampler %d is described but not built", search->method.row);
    const struct ms_space *space = ms_sweep_space(sweep);
    const struct sampler_ops *ops = &samplers[search->method.row];
    uint64_t size = ms_space_size(space);
    if (ops->needs_finite && size == 0)
        return ms_fail(err, MS_EINVAL, "search.method: a %s needs a finite space below 2^62 points",
                       ms_table_row(&ms_sampler_table, search->method.row)->name);
    if (search->max_trials == 0 && size == 0)
        return ms_fail(err, MS_EINVAL, "search.max_trials: missing, and the space is infinite");

    struct ms_sampler *s = calloc(1, sizeof *s);
    if (!s)
        return ms_fail(err, MS_ENOMEM, "no memory");
    s->space = space;
    s->seed = ms_sweep_seed(sweep);
    s->ops = ops;
    s->trials = search->max_trials ? search->max_trials : MS_MAX_TRIALS;
    if (size && size < (uint64_t)s->trials)
        s->trials = (int64_t)size;
    s->scratch = calloc((size_t)space->n + 1, sizeof(double));
    s->odometer = calloc((size_t)space->n + 1, sizeof(double));
    if (!s->scratch || !s->odometer) {
        ms_sampler_free(s);
        return ms_fail(err, MS_ENOMEM, "no memory");
    }
    *out = s;
    return 0;
}

void ms_sampler_free(struct ms_sampler *s)
{
    if (!s)
        return;
    free(s->scratch);
    free(s->odometer);
    free(s->points);
    free(s->seen.hash);
    free(s->seen.index);
    free(s);
}

int64_t ms_sampler_trials(const struct ms_sampler *s)
{
    return s->trials;
}

int ms_sampler_next(struct ms_sampler *s, double *point, struct ms_error *err)
{
    if (s->next >= s->trials)
        return 0;
    int status = s->ops->next(s, point, err);
    if (status)
        return status;
    s->next++;
    return 1;
}
