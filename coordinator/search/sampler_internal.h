// SPDX-License-Identifier: MIT
//
// The inside of a search method. A method only proposes points; sampler.c does what all methods
// share: it keeps the points so far, refuses repeated and forbidden ones (search.require), lays
// search.try_first over them and continues a store. Each method has a file sampler_<name>.c whose
// head states its algorithm and source.
#ifndef MLPSWEEP_SAMPLER_INTERNAL_H
#define MLPSWEEP_SAMPLER_INTERNAL_H

#include "mlpsweep/rng.h"
#include "sampler.h"

// The arguments of a proposal.
struct ms_proposal {
    const struct ms_space *space;
    const double *arg; // of the method's row in ms_search_sampler_table (struct ms_pick.arg)
    uint64_t seed;     // the sweep's
    int64_t trial;     // the trial that needs a point
    int64_t draw; // 0, 1, 2 …: number of proposals for this trial that were refused (the point
                  // is taken, or search.require forbids it)
    const struct ms_history *history; // NULL if the method does not learn
    // True if sampler.c would accept the point: it is not taken, and search.require allows it. For
    // methods that look for the best of many points. NULL: every point is free.
    bool (*is_free)(const struct ms_sampler *sampler, const double *point);
    const struct ms_sampler *sampler; // for is_free alone
    struct ms_rng rng; // ms_rng_at(seed, trial, 0, MS_STREAM_SAMPLER); the method owns the counters
                       // draw << 32 … (draw + 1) << 32
};

struct ms_sampler_ops {
    bool needs_finite; // it walks the grid: continuous parameters are refused
    bool learns;       // looks at the history
    bool from_first;   // what try_first leaves open takes its first value; else it is drawn
    // The method's own state, made once per sweep; NULL: none. clear may be NULL too.
    int (*start)(const struct ms_space *space, const double *arg, void **state,
                 struct ms_error *err);
    void (*clear)(void *state);
    // Fills point (space->n values; inactive parameters NAN). 0; 1: there is no further trial;
    // < 0: error.
    int (*propose)(void *state, const struct ms_proposal *p, double *point, struct ms_error *err);
    // Called for every trial in order, whether proposed, adopted or tried first; may be NULL.
    void (*took)(void *state, int64_t trial, const double *point);
    // How many of the first trials must have results before trial `trial`, the next one, is
    // proposed; it sees these and no others. NULL: by search.lag.
    int64_t (*needs)(void *state, int64_t trial);
};

extern const struct ms_sampler_ops ms_sampler_lhs;       // sampler_design.c
extern const struct ms_sampler_ops ms_sampler_sobol;     // sampler_design.c
extern const struct ms_sampler_ops ms_sampler_tpe;       // sampler_tpe.c
extern const struct ms_sampler_ops ms_sampler_gp;        // sampler_gp.c
extern const struct ms_sampler_ops ms_sampler_evolution; // sampler_evolution.c
extern const struct ms_sampler_ops ms_sampler_ablation;  // sampler_ablation.c

// Draws a random point, by the space's own measure, from counters first … first + space->n - 1.
void ms_sampler_random_point(const struct ms_space *space, const struct ms_rng *rng, uint64_t first,
                             double *point);

// The number of epochs after which values are comparable: the largest that at least `enough`
// observations have, else the one that most have (the rule of BOHB: Falkner, Klein & Hutter 2018);
// 0 if there are none. Stopped trials and those that failed at any rung do not count, because they
// have no comparable value. epochs: (h->n) scratch.
int ms_sampler_history_level(const struct ms_history *h, int64_t enough, int *epochs);

// True if the trial of observation i failed at a later rung: then the trial failed.
bool ms_sampler_history_fails_later(const struct ms_history *h, int64_t i);

#endif
