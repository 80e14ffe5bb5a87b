// SPDX-License-Identifier: MIT
//
// What all search methods share. The grid is the odometer of the space. Every other method proposes
// point after point, draw 0, 1, 2, …, and the first that is not there yet becomes the trial. In a
// finite space that is nearly used up draws repeat too often; after MAX_REPEATS of them the next
// unused point in grid order is taken instead. So a finite space is enumerated exactly, without an
// early end, and the rule does not know max_trials: asking for more trials never changes the first
// ones.
#include "sampler_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_REPEATS = 200 };

struct seen {
    uint64_t *hash; // open addressing; slot i belongs to point index[i]
    int64_t *index; // -1: empty
    size_t room;    // power of two
};

struct ms_sampler {
    const struct ms_space *space;
    uint64_t seed;
    bool finite;
    int64_t trials; // to propose in all
    int64_t next;   // number of the next trial
    const struct ms_sampler_ops *ops;
    double arg[MS_MAX_ARGS];
    void *state; // the method's
    double *scratch;

    double *odometer; // all points before this one are used
    bool started;

    double *points; // all so far, (next, space->n); the grid needs none
    int64_t room;
    struct seen seen;
};

// --- the set of points so far --------------------------------------------------------------------

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
    return s->seen.room > 0 &&
           s->seen.index[seen_slot(s, ms_point_hash(s->space, point), point)] >= 0;
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

// --- what methods are built from -----------------------------------------------------------------

void ms_sampler_random_point(const struct ms_space *space, const struct ms_rng *rng, uint64_t first,
                             double *point)
{
    for (int i = 0; i < space->n; i++)
        point[i] = ms_rng_uniform(rng, first + (uint64_t)i);
    ms_space_from_unit(space, point, point);
}

double ms_param_to_unit(const struct ms_param *p, double v)
{
    if (p->count > 0)
        return (v + 0.5) / (double)p->count;
    double u = p->log ? log(v / p->lo) / log(p->hi / p->lo) : (v - p->lo) / (p->hi - p->lo);
    return fmin(fmax(u, 0), 1);
}

static int random_propose(void *state, const struct ms_proposal *p, double *point, struct ms_error *err)
{
    (void)state;
    (void)err;
    ms_sampler_random_point(p->space, &p->rng, (uint64_t)p->draw * MS_MAX_PARAMS, point);
    return 0;
}

static const struct ms_sampler_ops grid = {.needs_finite = true};
static const struct ms_sampler_ops random_search = {.propose = random_propose};

// Indexed as the rows of ms_sampler_table (common/search.c).
static const struct ms_sampler_ops *const samplers[] = {
    &grid,           &random_search,  &ms_sampler_lhs,       &ms_sampler_sobol,
    &ms_sampler_tpe, &ms_sampler_gp, &ms_sampler_evolution,
};
enum { N_SAMPLERS = sizeof samplers / sizeof *samplers };

// --- the sampler ---------------------------------------------------------------------------------

static bool odometer_step(struct ms_sampler *s)
{
    bool more = s->started ? ms_space_next(s->space, s->odometer) : ms_space_first(s->space, s->odometer);
    s->started = true;
    return more;
}

// The next unused point in grid order.
static int walk_grid(struct ms_sampler *s, double *point, struct ms_error *err)
{
    while (odometer_step(s))
        if (!seen_has(s, s->odometer)) {
            memcpy(point, s->odometer, (size_t)s->space->n * sizeof *point);
            return 0;
        }
    return ms_fail(err, MS_ESTATE, "no unused point is left in the space");
}

static int draw(struct ms_sampler *s, const struct ms_history *history, double *point,
                struct ms_error *err)
{
    static const struct ms_history nothing = {0};
    struct ms_proposal p = {.space = s->space, .arg = s->arg, .seed = s->seed, .trial = s->next,
                            .history = !s->ops->learns ? NULL : history ? history : &nothing,
                            .rng = ms_rng_at(s->seed, (uint32_t)s->next, 0, MS_STREAM_SAMPLER)};
    for (; s->ops->propose && p.draw < MAX_REPEATS; p.draw++) {
        int status = s->ops->propose(s->state, &p, point, err);
        if (status || !seen_has(s, point))
            return status;
    }
    return walk_grid(s, point, err);
}

static int start(struct ms_sampler *s, const struct ms_sweep *sweep, struct ms_error *err)
{
    const struct ms_search *search = ms_sweep_search(sweep);
    uint64_t size = ms_space_size(s->space);
    memcpy(s->arg, search->method.arg, sizeof s->arg);
    s->finite = size > 0;
    s->trials = search->max_trials ? search->max_trials : MS_MAX_TRIALS;
    if (size && size < (uint64_t)s->trials)
        s->trials = (int64_t)size;
    s->scratch = calloc((size_t)s->space->n + 1, sizeof(double));
    s->odometer = calloc((size_t)s->space->n + 1, sizeof(double));
    if (!s->scratch || !s->odometer)
        return ms_fail(err, MS_ENOMEM, "no memory");
    return s->ops->start ? s->ops->start(s->space, s->arg, &s->state, err) : 0;
}

int ms_sampler_new(const struct ms_sweep *sweep, struct ms_sampler **out, struct ms_error *err)
{
    const struct ms_search *search = ms_sweep_search(sweep);
    if (ms_sampler_table.n != N_SAMPLERS || search->method.row < 0 || search->method.row >= N_SAMPLERS)
        return ms_fail(err, MS_EINVAL, "sampler %d is described but not built", search->method.row);
    const struct ms_space *space = ms_sweep_space(sweep);
    const struct ms_sampler_ops *ops = samplers[search->method.row];
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
    int status = start(s, sweep, err);
    if (status) {
        ms_sampler_free(s);
        return status;
    }
    *out = s;
    return 0;
}

void ms_sampler_free(struct ms_sampler *s)
{
    if (!s)
        return;
    if (s->ops->clear && s->state)
        s->ops->clear(s->state);
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

bool ms_sampler_learns(const struct ms_sampler *s)
{
    return s->ops->learns;
}

// The point is trial s->next. The grid never comes back to a point: nothing to remember.
static int take(struct ms_sampler *s, const double *point, struct ms_error *err)
{
    int status = s->ops->propose ? seen_add(s, point, err) : 0;
    if (!status)
        s->next++;
    return status;
}

int ms_sampler_next(struct ms_sampler *s, const struct ms_history *history, double *point,
                    struct ms_error *err)
{
    if (s->next >= s->trials)
        return 0;
    int status = draw(s, history, point, err);
    if (!status)
        status = take(s, point, err);
    return status ? status : 1;
}

// A method that does not learn proposes too, because its state goes on with every proposal; that is
// cheap. What the store has counts in any case.
int ms_sampler_adopt(struct ms_sampler *s, const double *point, struct ms_error *err)
{
    if (s->next >= s->trials)
        return ms_fail(err, MS_ESTATE, "the store has more trials than the sweep");
    int status = s->ops->learns ? 0 : draw(s, NULL, s->scratch, err);
    return status ? status : take(s, point, err);
}
