// SPDX-License-Identifier: MIT
//
// How a search method is built. sampler.c is what all of them share: the points so far, that none
// comes twice, that search.require holds, try_first, continuing a store. A method only proposes;
// each has a file sampler_<name>.c whose head states its algorithm and its source.
#ifndef MLPSWEEP_SAMPLER_INTERNAL_H
#define MLPSWEEP_SAMPLER_INTERNAL_H

#include "mlpsweep/rng.h"
#include "sampler.h"

// What a method is called with.
struct ms_proposal {
    const struct ms_space *space;
    const double *arg; // of the method's row in ms_search_sampler_table (struct ms_pick.arg)
    uint64_t seed;     // the sweep's
    int64_t trial;     // to propose a point for
    int64_t draw;      // 0, 1, 2 …: how many proposals for this trial were refused (the point was
                       // there already, or search.require forbids it)
    const struct ms_history *history; // NULL where the method does not learn
    // Whether the base would take a point: not there yet, and search.require allows it. A method
    // that looks for the best of many asks beforehand; NULL: everything is free.
    bool (*is_free)(const struct ms_sampler *sampler, const double *point);
    const struct ms_sampler *sampler; // for is_free alone
    struct ms_rng rng; // ms_rng_at(seed, trial, 0, MS_STREAM_SAMPLER); counters are the method's,
                       // below draw << 32 … (draw + 1) << 32
};

struct ms_sampler_ops {
    bool needs_finite; // walks the grid: continuous parameters are refused
    bool learns;       // looks at the history
    // Own state of the method, made once per sweep; NULL: none. clear may be NULL too.
    int (*start)(const struct ms_space *space, const double *arg, void **state,
                 struct ms_error *err);
    void (*clear)(void *state);
    // Fills point (space->n values; inactive parameters NAN). 0, or < 0 on error.
    int (*propose)(void *state, const struct ms_proposal *p, double *point, struct ms_error *err);
    // Told of every trial in order, whether proposed, adopted or tried first; NULL: not interested.
    void (*took)(void *state, int64_t trial, const double *point);
};

extern const struct ms_sampler_ops ms_sampler_lhs;       // sampler_design.c
extern const struct ms_sampler_ops ms_sampler_sobol;     // sampler_design.c
extern const struct ms_sampler_ops ms_sampler_tpe;       // sampler_tpe.c
extern const struct ms_sampler_ops ms_sampler_gp;        // sampler_gp.c
extern const struct ms_sampler_ops ms_sampler_evolution; // sampler_evolution.c

// One random point, by the space's own measure, from counters first … first + space->n - 1.
void ms_sampler_random_point(const struct ms_space *space, const struct ms_rng *rng, uint64_t first,
                             double *point);

// The number of epochs after which values are comparable: the largest that at least `enough`
// observations have, else the one that most have (the rule of BOHB: Falkner, Klein & Hutter 2018);
// 0 where there are none. Stopped trials and those that failed at any rung do not count: they have
// no value to compare. epochs: (h->n) scratch.
int ms_sampler_history_level(const struct ms_history *h, int64_t enough, int *epochs);

// Whether the trial of observation i failed at a later rung: then it failed.
bool ms_sampler_history_fails_later(const struct ms_history *h, int64_t i);

// The value v of an active parameter in [0, 1], as the space's measure sees it: the inverse of
// ms_space_from_unit up to rounding (a finite value i of n is (i + 0.5) / n; log where log).
double ms_sampler_param_to_unit(const struct ms_param *p, double v);

#endif
