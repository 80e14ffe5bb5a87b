// SPDX-License-Identifier: MIT
//
// The part that all search methods share. The grid is the odometer of the space. Every other method
// proposes point after point, draw 0, 1, 2, …; the first one that is new and that "require" allows
// becomes the trial. In a finite space that is nearly used up draws repeat too often: after
// MAX_REPEATS of them the next unused point in grid order is taken instead. So a finite space is
// enumerated exactly, without an early end. The rule does not know max_trials: asking for more
// trials never changes the first ones.
//
// If few points are allowed, a method that learns, whose draws are expensive, is asked MAX_REPEATS
// times; then the points are random. Every other method draws up to MAX_FORBIDDEN points. If no
// draw is accepted, and in a finite space none of the next MAX_GAP points in grid order either, the
// search ends and reports the reason.
//
// search.try_first lays the values that it names over the method's proposal.
#include "sampler.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/compare.h"
#include "mlpsweep/memory.h"
#include "sampler_internal.h"

enum {
    MAX_REPEATS = 200,      // draws that repeat a point
    MAX_FORBIDDEN = 100000, // draws that "require" forbids
    MAX_WALK = 10000000,    // points of a finite space examined to count the allowed ones
    MAX_GAP = 20000000,     // … to find the next allowed one
};

struct seen {
    uint64_t *hash; // open addressing; slot i belongs to point index[i]
    int64_t *index; // -1: empty
    size_t room;    // power of two
};

struct ms_sampler {
    const struct ms_sweep *sweep;
    const struct ms_space *space;
    uint64_t seed;
    bool finite;
    int64_t trials; // to propose in all
    bool counted;   // it is not an upper bound
    int64_t next;   // number of the next trial
    const struct ms_sampler_ops *ops;
    double arg[MS_MAX_ARGS];
    void *state;     // the method's
    double *scratch; // (space->n)

    int n_try_first;
    const double *try_first; // (n_try_first, space->n)

    double *odometer; // all points before this one are used or forbidden
    bool started;
    bool gave_up; // there may be more points, but they are too rare

    bool remembers; // a grid alone need not
    double *points; // all so far, (next, space->n)
    size_t room;    // of points, in doubles
    struct seen seen;
};

// --- the set of points so far ------------------------------------------------

static const double *point_at(const struct ms_sampler *s, int64_t i)
{
    return s->points + (size_t)i * (size_t)s->space->n;
}

static size_t seen_slot(const struct ms_sampler *s, uint64_t hash, const double *point)
{
    size_t mask = s->seen.room - 1, at = (size_t)hash & mask;
    while (s->seen.index[at] >= 0) {
        if (s->seen.hash[at] == hash &&
            ms_space_point_equal(s->space, point_at(s, s->seen.index[at]), point))
            return at;
        at = (at + 1) & mask;
    }
    return at;
}

static bool seen_has(const struct ms_sampler *s, const double *point)
{
    return s->seen.room > 0 &&
           s->seen.index[seen_slot(s, ms_space_point_hash(s->space, point), point)] >= 0;
}

static int seen_grow(struct ms_sampler *s, struct ms_error *err)
{
    struct seen was = s->seen, now = {.room = was.room ? was.room * 2 : 1024};
    now.hash = malloc(now.room * sizeof *now.hash);
    now.index = malloc(now.room * sizeof *now.index);
    if (!now.hash || !now.index) {
        free(now.hash);
        free(now.index);
        return ms_no_memory(err, "the points of %zu trials", now.room / 2);
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
    int status = ms_grow(&s->points, &s->room, ((size_t)s->next + 1) * n, sizeof *s->points,
                         "the points of the trials", err);
    if (!status && (size_t)s->next * 2 >= s->seen.room)
        status = seen_grow(s, err);
    if (status)
        return status;
    if (n > 0)
        memcpy(s->points + (size_t)s->next * n, point, n * sizeof *point);
    uint64_t hash = ms_space_point_hash(s->space, point);
    size_t at = seen_slot(s, hash, point);
    s->seen.hash[at] = hash;
    s->seen.index[at] = s->next;
    return 0;
}

// --- parts of methods --------------------------------------------------------

void ms_sampler_random_point(const struct ms_space *space, const struct ms_rng *rng, uint64_t first,
                             double *point)
{
    for (int i = 0; i < space->n; i++)
        point[i] = ms_rng_uniform(rng, first + (uint64_t)i);
    ms_space_from_unit(space, point, point);
}

static int random_propose(void *state, const struct ms_proposal *p, double *point,
                          struct ms_error *err)
{
    (void)state;
    (void)err;
    ms_sampler_random_point(p->space, &p->rng, (uint64_t)p->draw * MS_MAX_PARAMS, point);
    return 0;
}

static const struct ms_sampler_ops grid = {.needs_finite = true};
static const struct ms_sampler_ops random_search = {.propose = random_propose};

// In the order of the rows of ms_search_sampler_table (common/sweep/search.c).
static const struct ms_sampler_ops *const samplers[] = {
    &grid,           &random_search, &ms_sampler_lhs,       &ms_sampler_sobol,
    &ms_sampler_tpe, &ms_sampler_gp, &ms_sampler_evolution, &ms_sampler_ablation,
};
enum { N_SAMPLERS = sizeof samplers / sizeof *samplers };

// --- drawing -----------------------------------------------------------------

static bool is_free(const struct ms_sampler *s, const double *point)
{
    return !seen_has(s, point) && ms_sweep_feasible(s->sweep, point);
}

static bool odometer_step(struct ms_sampler *s)
{
    bool more =
        s->started ? ms_space_next(s->space, s->odometer) : ms_space_first(s->space, s->odometer);
    s->started = true;
    return more;
}

// Fills point with the next unused point in grid order: 1; 0: none was found.
static int walk_grid(struct ms_sampler *s, double *point)
{
    // A sampler that remembers examines the current point again: try_first may have used another.
    bool more = (s->remembers && s->started) || odometer_step(s);
    int64_t walked = 0;
    for (; more && !is_free(s, s->odometer); walked++) {
        s->gave_up = walked == MAX_GAP;
        if (s->gave_up)
            return 0;
        more = odometer_step(s);
    }
    if (more)
        memcpy(point, s->odometer, (size_t)s->space->n * sizeof *point);
    return more;
}

// Fills point with one that may become the trial: 1; 0: none is left, or none was found.
static int draw(struct ms_sampler *s, struct ms_proposal *p, double *point, struct ms_error *err)
{
    int repeats = 0, forbidden = 0, most = s->ops->learns ? MAX_REPEATS : MAX_FORBIDDEN;
    for (; s->ops->propose && repeats < MAX_REPEATS && forbidden < most; p->draw++) {
        int status = s->ops->propose(s->state, p, point, err);
        if (status)
            return status < 0 ? status : 0;
        if (is_free(s, point))
            return 1;
        *(seen_has(s, point) ? &repeats : &forbidden) += 1;
    }
    const bool more = s->ops->propose && (!s->finite || ms_sweep_requires(s->sweep));
    // An infinite space has no grid to walk afterwards.
    const int most_repeats = s->finite ? MAX_REPEATS : MAX_FORBIDDEN;
    for (repeats = 0; more && repeats < most_repeats && forbidden < MAX_FORBIDDEN; p->draw++) {
        ms_sampler_random_point(s->space, &p->rng, (uint64_t)p->draw << 32, point);
        if (is_free(s, point))
            return 1;
        *(seen_has(s, point) ? &repeats : &forbidden) += 1;
    }
    if (s->finite)
        return walk_grid(s, point);
    s->gave_up = true;
    return 0;
}

// Lays named values over a point; parameters that become active are drawn.
static void overlay(struct ms_sampler *s, const struct ms_proposal *p, const double *named,
                    double *point)
{
    const uint64_t last = ~UINT64_C(0) - (uint64_t)p->draw * MS_MAX_PARAMS; // of the counters
    for (int i = 0; i < s->space->n; i++) // the grid starts at the first value
        s->scratch[i] = s->ops->propose && !s->ops->from_first
                            ? ms_rng_uniform(&p->rng, last - (uint64_t)i)
                            : 0;
    ms_space_overlay(s->space, named, s->scratch, point);
}

// Fills point with the trial that search.try_first names: 1; 0: all points that agree with it are
// used or forbidden.
static int draw_named(struct ms_sampler *s, struct ms_proposal *p, double *point,
                      struct ms_error *err)
{
    const double *named = s->try_first + (size_t)p->trial * (size_t)s->space->n;
    for (; s->ops->propose && p->draw < MAX_REPEATS; p->draw++) {
        int status = s->ops->propose(s->state, p, point, err);
        if (status)
            return status < 0 ? status : 0;
        overlay(s, p, named, point);
        if (is_free(s, point))
            return 1;
    }
    // "require" may forbid whatever the method proposes beside the named values: take random
    // points.
    for (int i = 0; s->ops->propose && ms_sweep_requires(s->sweep) && i < MAX_FORBIDDEN;
         i++, p->draw++) {
        ms_sampler_random_point(s->space, &p->rng, (uint64_t)p->draw << 32, point);
        overlay(s, p, named, point);
        if (is_free(s, point))
            return 1;
    }
    int64_t walked = 0; // in grid order, from the beginning
    for (bool more = s->finite && ms_space_first(s->space, point); more && walked < MAX_WALK;
         more = ms_space_next(s->space, point), walked++)
        if (ms_space_agrees(s->space, named, point) && is_free(s, point))
            return 1;
    return 0;
}

// Fills point with the next trial: 1; 0: none is left.
static int next_point(struct ms_sampler *s, const struct ms_history *history, double *point,
                      struct ms_error *err)
{
    static const struct ms_history nothing = {0};
    struct ms_proposal p = {.space = s->space,
                            .arg = s->arg,
                            .seed = s->seed,
                            .trial = s->next,
                            .history = !s->ops->learns ? NULL
                                       : history       ? history
                                                       : &nothing,
                            .sampler = s,
                            .is_free = is_free,
                            .rng = ms_rng_at(s->seed, (uint32_t)s->next, 0, MS_STREAM_SAMPLER)};
    int status = s->next < s->n_try_first ? draw_named(s, &p, point, err) : 0;
    return status ? status : draw(s, &p, point, err);
}

// --- histories ---------------------------------------------------------------

bool ms_sampler_history_fails_later(const struct ms_history *h, int64_t i)
{
    for (int64_t j = i + 1; j < h->n && h->item[j].trial == h->item[i].trial; j++)
        if (isnan(h->item[j].value))
            return true;
    return false;
}

int ms_sampler_history_level(const struct ms_history *h, int64_t enough, int *epochs)
{
    int64_t n = 0, most = 0;
    int best = 0;
    bool one = true;
    for (int64_t i = 0; i < h->n; i++)
        if (!isnan(h->item[i].value) && !h->item[i].stopped &&
            !ms_sampler_history_fails_later(h, i)) {
            epochs[n++] = h->item[i].epochs;
            one &= epochs[n - 1] == epochs[0];
        }
    if (one)
        return n > 0 ? epochs[0] : 0;
    qsort(epochs, (size_t)n, sizeof *epochs, ms_compare_int);
    for (int64_t end = n, i; end > 0; end = i) {
        for (i = end; i > 0 && epochs[i - 1] == epochs[end - 1]; i--)
            ;
        if (end - i >= enough)
            return epochs[end - 1];
        if (end - i > most) {
            most = end - i;
            best = epochs[end - 1];
        }
    }
    return best;
}

// --- the sampler -------------------------------------------------------------

// The number of possible trials. With "require" the points it allows are counted, up to MAX_WALK.
static int64_t count_trials(struct ms_sampler *s, int64_t most)
{
    uint64_t size = ms_space_size(s->space);
    int64_t n = 0, walked = 0;
    s->counted = size > 0 || !ms_sweep_requires(s->sweep);
    if (size && size < (uint64_t)most)
        most = (int64_t)size;
    if (!size || !ms_sweep_requires(s->sweep))
        return most;
    for (bool more = ms_space_first(s->space, s->scratch); more && n < most;
         more = ms_space_next(s->space, s->scratch)) {
        if (walked++ == MAX_WALK) {
            s->counted = false;
            return most;
        }
        n += ms_sweep_feasible(s->sweep, s->scratch);
    }
    return n;
}

static int start(struct ms_sampler *s, struct ms_error *err)
{
    const struct ms_search *search = ms_sweep_search(s->sweep);
    size_t n = (size_t)s->space->n + 1;
    memcpy(s->arg, search->method.arg, sizeof s->arg);
    s->finite = ms_space_size(s->space) > 0;
    s->n_try_first = ms_sweep_try_first(s->sweep, &s->try_first);
    s->remembers = s->ops->propose || s->n_try_first > 0;
    s->scratch = calloc(n, sizeof *s->scratch);
    s->odometer = calloc(n, sizeof *s->odometer);
    if (!s->scratch || !s->odometer)
        return ms_no_memory(err, "the sampler");
    const int64_t most = search->max_trials ? search->max_trials : MS_MAX_TRIALS;
    if (ms_sweep_is_ablation(s->sweep)) {
        const int64_t path = ms_sweep_ablation_trials(s->sweep);
        s->trials = path < most ? path : most; // an upper bound: "require" may forbid some
    } else {
        s->trials = count_trials(s, most);
    }
    return s->ops->start ? s->ops->start(s->space, s->arg, &s->state, err) : 0;
}

int ms_sampler_new(const struct ms_sweep *sweep, struct ms_sampler **out, struct ms_error *err)
{
    const struct ms_search *search = ms_sweep_search(sweep);
    if (ms_search_sampler_table.n != N_SAMPLERS || search->method.row < 0 ||
        search->method.row >= N_SAMPLERS)
        return ms_fail(err, MS_EINVAL, "sampler %d is described but not built", search->method.row);
    const struct ms_space *space = ms_sweep_space(sweep);
    const struct ms_sampler_ops *ops = samplers[search->method.row];
    uint64_t size = ms_space_size(space);
    if (ops->needs_finite && size == 0)
        return ms_fail(err, MS_EINVAL, "search.method: a %s needs a finite space below 2^62 points",
                       ms_table_row(&ms_search_sampler_table, search->method.row)->name);
    if (search->max_trials == 0 && size == 0 && !ms_sweep_is_ablation(sweep))
        return ms_fail(err, MS_EINVAL, "search.max_trials: missing, and the space is infinite");
    struct ms_sampler *s = calloc(1, sizeof *s);
    if (!s)
        return ms_no_memory(err, "the sampler");
    s->sweep = sweep;
    s->space = space;
    s->seed = ms_sweep_seed(sweep);
    s->ops = ops;
    int status = start(s, err);
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

bool ms_sampler_counted(const struct ms_sampler *s)
{
    return s->counted;
}

const char *ms_sampler_gave_up(const struct ms_sampler *s)
{
    return !s->gave_up                   ? NULL
           : ms_sweep_requires(s->sweep) ? "no further combination that require allows was found"
                                         : "no further combination was found";
}

bool ms_sampler_learns(const struct ms_sampler *s)
{
    return s->ops->learns;
}

int64_t ms_sampler_needs(const struct ms_sampler *s, int64_t trial)
{
    return s->ops->needs ? s->ops->needs(s->state, trial) : trial - ms_sweep_search(s->sweep)->lag;
}

// Makes the point trial s->next.
static int take(struct ms_sampler *s, const double *point, struct ms_error *err)
{
    int status = s->remembers ? seen_add(s, point, err) : 0;
    if (status)
        return status;
    if (s->ops->took)
        s->ops->took(s->state, s->next, point);
    s->next++;
    return 0;
}

int ms_sampler_next(struct ms_sampler *s, const struct ms_history *history, double *point,
                    struct ms_error *err)
{
    if (s->next >= s->trials)
        return 0;
    int got = next_point(s, history, point, err);
    int status = got == 1 ? take(s, point, err) : got;
    return status < 0 ? status : got;
}

// A method that does not learn proposes too, because its state advances with every proposal; that
// is cheap. The store's point counts in any case.
int ms_sampler_adopt(struct ms_sampler *s, const double *point, struct ms_error *err)
{
    if (s->next >= s->trials)
        return ms_fail(err, MS_ESTATE, "the store has more trials than the sweep");
    double *own = malloc(((size_t)s->space->n + 1) * sizeof *own);
    if (!own)
        return ms_no_memory(err, "a point");
    int got = s->ops->learns ? 1 : next_point(s, NULL, own, err);
    free(own);
    if (got == 0)
        return ms_fail(err, MS_ESTATE, "the store has more trials than the sweep");
    return got < 0 ? got : take(s, point, err);
}
