// SPDX-License-Identifier: MIT
//
// Regularized evolution (Real, Aggarwal, Huang, Le: "Regularized evolution for image classifier
// architecture search", AAAI 2019, algorithm 1). The population is the latest population_size
// trials with known results: the oldest die, not the worst, so that a lucky result does not live
// for ever. sample_size of them are drawn with replacement. The best of the sample has a child,
// which differs from it in one parameter. The first population_size trials are random.
//
// The parameter to change is drawn among the active ones with more than one value. A number moves
// by a normal step in its unit interval (logarithmic if the parameter is), reflected at the ends; a
// number with finitely many values always moves to another one. A choice or bool takes any other
// value. Parameters that become active are drawn. A child that exists already is made again, and
// the more often that happens, the more parameters change.
//
// If a scheduler trains trials in parts, values after different numbers of epochs are not compared:
// the population is the latest trials that have a value after the largest number of epochs that at
// least sample_size trials have reached (ms_sampler_history_level). If epochs are a parameter, a
// trial counts with its value after the most epochs.
//
// A failed trial loses every tournament. A trial that median_stop ended loses to every trial that
// it let continue: its value after few epochs is not comparable with theirs, and it was worse than
// others after as many. It beats the failed ones. Of two ended trials the one trained longer wins,
// then the better value. Ended trials stay in the population, because trials age by their numbers,
// whatever their results.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"
#include "sampler_internal.h"

enum { POPULATION, SAMPLE, SCALE }; // arguments of the row
enum { DRAWS_PER_CHANGE = 8, TRIES = 64 };

// Numbers drawn one after the other.
struct dice {
    const struct ms_rng *rng;
    uint64_t counter;
};

static uint64_t below(struct dice *d, uint64_t n)
{
    return ms_rng_below(d->rng, &d->counter, n);
}

// Fills members with the observations of the latest trials, each trial once, and returns their
// number. level: only values after so many epochs; 0: all.
static int64_t population(const struct ms_history *h, int level, int64_t size,
                          const struct ms_observation **members)
{
    int64_t n = 0;
    for (int64_t i = h->n - 1; i >= 0; i--) {
        const struct ms_observation *o = &h->item[i];
        if (n > 0 && members[n - 1]->trial == o->trial) {
            if (!isnan(members[n - 1]->value) &&
                (isnan(o->value) || o->epochs > members[n - 1]->epochs))
                members[n - 1] = o;
            continue;
        }
        if (level > 0 && o->epochs != level && !o->stopped && !isnan(o->value))
            continue;
        if (n == size)
            break;
        members[n++] = o;
    }
    return n;
}

// True if a has the child rather than b. Both have values; for equal ones false.
static bool beats(const struct ms_observation *a, const struct ms_observation *b)
{
    if (a->stopped != b->stopped)
        return b->stopped;
    if (a->stopped && a->epochs != b->epochs)
        return a->epochs > b->epochs;
    return a->value < b->value;
}

// The best of a sample; NULL if all of it failed.
static const double *tournament(struct dice *d, const struct ms_observation *const *members,
                                int64_t n, int64_t sample)
{
    const struct ms_observation *best = NULL;
    for (int64_t i = 0; i < sample; i++) {
        const struct ms_observation *o = members[below(d, (uint64_t)n)];
        if (!isnan(o->value) && (!best || beats(o, best)))
            best = o;
    }
    return best ? best->point : NULL;
}

// u folded back into [0, 1].
static double reflected(double u)
{
    u = fmod(fabs(u), 2);
    return u > 1 ? 2 - u : u;
}

// The value of parameter i alone at u.
static double value_at(const struct ms_param *p, double u)
{
    struct ms_param alone = *p;
    alone.condition = MS_ALWAYS;
    struct ms_space one = {.n = 1, .param = &alone};
    double v;
    ms_space_from_unit(&one, &u, &v);
    return v;
}

static double changed(struct dice *d, const struct ms_param *p, double v, double scale)
{
    if (p->kind == MS_CHOICE || p->kind == MS_BOOL) {
        double other = (double)below(d, p->count - 1);
        return other < v ? other : other + 1;
    }
    double u = ms_space_param_to_unit(p, v);
    for (int i = 0; i < TRIES; i++) {
        double now = value_at(p, reflected(u + scale * ms_rng_normal(d->rng, d->counter++)));
        if (now != v)
            return now;
    }
    // Few values and small steps: take a neighbour.
    return p->count == 0 || v == 0 ? value_at(p, ms_rng_uniform(d->rng, d->counter++))
           : v + 1 < (double)p->count && below(d, 2) ? v + 1
                                                     : v - 1;
}

// Sets one parameter of point to another value. fresh: a random point, for parameters that become
// active.
static void mutate(struct dice *d, const struct ms_space *space, double scale, const double *fresh,
                   double *point)
{
    int n = 0, which = -1;
    for (int i = 0; i < space->n; i++)
        n += space->param[i].count != 1 && !isnan(point[i]);
    if (n == 0)
        return;
    int skip = (int)below(d, (uint64_t)n);
    for (int i = 0; which < 0; i++)
        if (space->param[i].count != 1 && !isnan(point[i]) && skip-- == 0)
            which = i;
    point[which] = changed(d, &space->param[which], point[which], scale);
    for (int i = which + 1; i < space->n; i++) {
        bool active = ms_space_active(space, point, i);
        if (active && isnan(point[i]))
            point[i] = value_at(&space->param[i], fresh[i]);
        else if (!active)
            point[i] = NAN;
    }
}

static int propose(void *state, const struct ms_proposal *p, double *point, struct ms_error *err)
{
    size_t n = (size_t)p->space->n;
    uint64_t first = (uint64_t)p->draw << 32;
    int64_t size = (int64_t)p->arg[POPULATION], room = size < p->history->n ? size : p->history->n;
    struct dice d = {&p->rng, first + MS_MAX_PARAMS};
    const struct ms_observation **members = NULL;
    double *fresh = NULL;
    int status = 0, *epochs = NULL;
    bool vary = false;
    (void)state;
    ms_sampler_random_point(p->space, &p->rng, first, point);
    if (p->trial < size || room == 0)
        return 0;
    members = malloc((size_t)room * sizeof *members);
    fresh = malloc((n + 1) * sizeof *fresh);
    epochs = malloc((size_t)p->history->n * sizeof *epochs);
    for (int i = 0; i < p->space->n; i++)
        vary |= strcmp(p->space->param[i].name, "epochs") == 0;
    if (members && fresh && epochs) {
        const bool levels = p->history->parts && !vary;
        const int level =
            levels ? ms_sampler_history_level(p->history, (int64_t)p->arg[SAMPLE], epochs) : 0;
        int64_t alive = population(p->history, level, room, members);
        const double *parent = tournament(&d, members, alive, (int64_t)p->arg[SAMPLE]);
        for (size_t i = 0; parent && i < n; i++) {
            fresh[i] = ms_rng_uniform(&p->rng, first + i);
            point[i] = parent[i];
        }
        for (int64_t i = 0; parent && i <= p->draw / DRAWS_PER_CHANGE; i++)
            mutate(&d, p->space, p->arg[SCALE], fresh, point);
    } else {
        status = ms_no_memory(err, "a population of %lld trials", (long long)room);
    }
    free(members);
    free(fresh);
    free(epochs);
    return status;
}

const struct ms_sampler_ops ms_sampler_evolution = {.learns = true, .propose = propose};
