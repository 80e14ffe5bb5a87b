// SPDX-License-Identifier: MIT
//
// The samplers and schedulers by name, as the sweep file knows them. Their code is in
// coordinator/search and coordinator/study.
#include "sweep_internal.h"

enum { MAX_STARTUP = 10000 }; // a hypercube that is made anew for every one of its trials

static const struct ms_search_row rows[] = {
    {{.name = "grid", .doc = "every combination once; the last-written parameter varies fastest"},
     .needs_finite = true},
    {{.name = "random", .doc = "max_trials combinations drawn at random, none twice"},
     .needs_max_trials = true},
    {{.name = "latin_hypercube",
      .doc = "random, but every parameter's range is divided into strata and each is used once",
      .n_args = 1,
      .args =
          {{"strata", MS_ARG_INT, 0, 0, MS_MAX_STRATA, false, false,
            "strata of every parameter, and trials in one hypercube; 0: max_trials, up to 65536"}}},
     .needs_max_trials = true},
    {{.name = "sobol",
      .doc = "a scrambled Sobol sequence: fills the space more evenly than random",
      .n_args = 1,
      .args =
          {{"scramble", MS_ARG_BOOL, 1, 0, 1, false, false,
            "scramble by the sweep's seed; false: the plain sequence, whose first point has the "
            "lowest value of every parameter"}}},
     .needs_max_trials = true},
    {{.name = "tpe",
      .doc = "tree-structured Parzen estimator: where good trials lie closer together than others",
      .n_args = 4,
      .args = {{"n_startup_trials", MS_ARG_INT, 10, 1, MAX_STARTUP, false, false,
                "results before it learns; the first so many trials are a Latin hypercube"},
               {"n_ei_candidates", MS_ARG_INT, 12, 1, 100000, false, false,
                "candidates for a trial, the best of which is taken; with more, trials stay closer "
                "to the best"},
               {"multivariate", MS_ARG_BOOL, 1, 0, 1, false, false,
                "model the parameters together rather than one by one"},
               {"gamma", MS_ARG_REAL, 0.15, 0, 1, true, true,
                "share of the trials, at most 25, that are good ones"}}},
     .needs_max_trials = true,
     .learns = true},
    {{.name = "gp",
      .doc = "Gaussian process with expected improvement; for few trials that take long",
      .n_args = 2,
      .args = {{"n_startup_trials", MS_ARG_INT, 10, 1, MS_MAX_TRIALS, false, false,
                "trials before it learns: points of a scrambled Sobol sequence"},
               {"deterministic_objective", MS_ARG_BOOL, 0, 0, 1, false, false,
                "the same parameters always give the same value: no noise is estimated"}}},
     .needs_max_trials = true,
     .learns = true},
    {{.name = "evolution",
      .doc = "regularized evolution: the best of a sample of the latest trials, changed in one "
             "parameter",
      .n_args = 3,
      .args = {{"population_size", MS_ARG_INT, 20, 2, MS_MAX_TRIALS, false, false,
                "latest trials, which may be parents; the first so many are random"},
               {"sample_size", MS_ARG_INT, 10, 1, MS_MAX_TRIALS, false, false,
                "trials drawn from the population, the best of which becomes the parent"},
               {"mutation_scale", MS_ARG_REAL, 0.15, 0, 1, true, false,
                "standard deviation of a number's change, in widths of its range"}}},
     .needs_max_trials = true,
     .learns = true},
    {{.name = "ablation",
      .doc = "the path from the first entry of try_first to the second, in steps of one parameter, "
             "each the best of its round"},
     .learns = true,
     .is_path = true},
};

const struct ms_table ms_search_sampler_table = {
    .what = "search method",
    .n = sizeof rows / sizeof rows[0],
    .rows = rows,
    .stride = sizeof rows[0],
};

#define ETA                                                                                        \
    {                                                                                              \
        "eta", MS_ARG_REAL, 3, 2, 1000, false, false, "one trial in eta goes on to the next rung"  \
    }
#define MIN_EPOCHS                                                                                 \
    {                                                                                              \
        "min_epochs", MS_ARG_INT, 1, 1, MS_MAX_EPOCHS, false, false, "epochs of the shortest rung" \
    }

static const struct ms_row schedulers[] = {
    {.name = "none", .doc = "every trial is trained to its end"},
    {.name = "median_stop",
     .doc = "stops a trial whose best value is worse than the median of earlier trials' running "
            "averages",
     .n_args = 3,
     .args = {{"start_epoch", MS_ARG_INT, 1, 1, MS_MAX_EPOCHS, false, false,
               "the first epoch after which a trial may be stopped"},
              {"interval", MS_ARG_INT, 1, 1, MS_MAX_EPOCHS, false, false,
               "epochs between two decisions"},
              {"min_trials", MS_ARG_INT, 5, 1, MS_MAX_TRIALS, false, false,
               "trials that must have ended before it stops any"}}},
    {.name = "successive_halving",
     .doc = "trains all trials for min_epochs, the best 1/eta for eta times as many, and so on",
     .n_args = 3,
     .args = {ETA,
              MIN_EPOCHS,
              {"trials", MS_ARG_INT, 0, 0, MS_MAX_TRIALS, false, false,
               "trials in one bracket; 0: all trials"}}},
    {.name = "hyperband",
     .doc = "successive halving in brackets that begin with fewer and fewer trials of more epochs",
     .n_args = 2,
     .args = {ETA, MIN_EPOCHS}},
    {.name = "asha",
     .doc = "successive halving without waiting; the only scheduler whose choices depend on timing",
     .n_args = 2,
     .args = {ETA, MIN_EPOCHS}},
};

const struct ms_table ms_search_scheduler_table = {
    .what = "scheduler",
    .n = sizeof schedulers / sizeof schedulers[0],
    .rows = schedulers,
    .stride = sizeof schedulers[0],
};

double *ms_sweep_strata(struct ms_search *search)
{
    const struct ms_row *method = ms_table_row(&ms_search_sampler_table, search->method.row);
    int i = ms_table_find_arg(method, "strata");
    return i < 0 ? NULL : &search->method.arg[i];
}
