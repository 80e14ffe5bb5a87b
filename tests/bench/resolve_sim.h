// SPDX-License-Identifier: MIT
//
// A simulated sweep that is resolved by the real decider, and the same sweep with an equal share
// for all trials. True means are half-normal below 0 (the larger the better), spreads log-normal,
// as in tests/bench/ties.py. An execution's value depends on its number alone, so that both see the
// same.
#ifndef MLPSWEEP_TESTS_RESOLVE_SIM_H
#define MLPSWEEP_TESTS_RESOLVE_SIM_H

#include <math.h>
#include <stdlib.h>

#include "coordinator/study/resolve.h"
#include "mlpsweep/rng.h"

struct sim {
    uint64_t seed;
    int k, n;                  // trials, executions of each by the search
    double spread, noise, het; // of the true means; of executions: the median sd, the sd of its log
    int64_t most;              // executions beyond the search's, of resolving and of an equal share
};

struct sim_result {
    int64_t resolved, equal; // executions until one trial was left, the search's included
    int64_t hindsight;       // the same, of the smallest equal share that would have done
    bool done, equal_done;   // one was left; false: the number is that where it was given up
    bool right, equal_right; // the truly best one is (or is among those) left
    double regret;           // of the first that is left
};

static inline struct ms_rng sim_rng(const struct sim *s, int trial)
{
    return ms_rng_at(s->seed, (uint32_t)trial, 0, MS_STREAM_DATA);
}

static inline double sim_mean(const struct sim *s, int trial)
{
    const struct ms_rng r = sim_rng(s, trial);
    return -fabs(s->spread * ms_rng_normal(&r, 0));
}

static inline double sim_value(const struct sim *s, int trial, int execution)
{
    const struct ms_rng r = sim_rng(s, trial);
    const double sd = s->noise * exp(s->het * ms_rng_normal(&r, 1));
    return sim_mean(s, trial) + sd * ms_rng_normal(&r, 2 + (uint64_t)execution);
}

static inline int sim_best(const struct sim *s)
{
    int best = 0;
    for (int t = 1; t < s->k; t++)
        best = sim_mean(s, t) > sim_mean(s, best) ? t : best;
    return best;
}

struct sim_scores {
    struct ms_rank_scores sc;
    int64_t room;
};

static inline void sim_add(struct sim_scores *x, const struct sim *s, int trial, int execution)
{
    if (x->sc.n == x->room) {
        const size_t room = (size_t)(x->room = 2 * x->room + 1000);
        x->sc.trial = realloc(x->sc.trial, room * sizeof *x->sc.trial);
        x->sc.execution = realloc(x->sc.execution, room * sizeof *x->sc.execution);
        x->sc.value = realloc(x->sc.value, room * sizeof *x->sc.value);
        if (!x->sc.trial || !x->sc.execution || !x->sc.value)
            abort();
    }
    x->sc.trial[x->sc.n] = (uint32_t)trial;
    x->sc.execution[x->sc.n] = (uint32_t)execution;
    x->sc.value[x->sc.n++] = sim_value(s, trial, execution);
}

static inline bool sim_among(const struct ms_resolve *r, int trial)
{
    for (int64_t i = 0; i < r->n_left; i++)
        if (r->left[i] == (uint32_t)trial)
            return true;
    return false;
}

static inline int sim_resolve(const struct sim *s, struct sim_result *out, struct ms_error *err)
{
    const struct ms_resolve_rule rule = {.rank = {true, MS_BY_MEAN, MS_FAILURES_WORST},
                                         .executions = s->n,
                                         .most = s->most,
                                         .level = 0.05};
    struct sim_scores x = {0};
    struct ms_resolve r;
    int status;
    for (int t = 0; t < s->k; t++)
        for (int e = 0; e < s->n; e++)
            sim_add(&x, s, t, e);
    while (!(status = ms_resolve_next(&x.sc, &rule, &r, err)) && r.n_next > 0) {
        for (int64_t i = 0; i < r.n_next; i++)
            sim_add(&x, s, (int)r.next[i].trial, (int)r.next[i].execution);
        ms_resolve_clear(&r);
    }
    ms_rank_scores_clear(&x.sc);
    if (status)
        return status;
    out->resolved = (int64_t)s->k * s->n + r.spent;
    out->done = r.n_left == 1;
    out->right = sim_among(&r, sim_best(s));
    out->regret = r.n_left > 0 ? sim_mean(s, sim_best(s)) - sim_mean(s, (int)r.left[0]) : NAN;
    ms_resolve_clear(&r);
    return 0;
}

// The number of trials that may be the best at a level, and whether the truly best one is in.
static inline int sim_in(const struct sim *s, struct sim_scores *x, double level, bool *right,
                         int64_t *in, struct ms_error *err)
{
    const struct ms_rank_rule rule = {
        .maximize = true, .by = MS_BY_MEAN, .failures = MS_FAILURES_WORST, .level = level};
    struct ms_trial_rank *r = NULL;
    int64_t n = 0;
    const int status = ms_rank(&x->sc, &rule, &r, &n, err);
    *in = 0;
    *right = false;
    for (int64_t i = 0; !status && i < n; i++) {
        *in += r[i].tied;
        *right = *right || (r[i].tied && (int)r[i].trial == sim_best(s));
    }
    free(r);
    return status;
}

// An equal share by the same rounds and levels: nobody leaves, every trial gets as many executions
// again in every round, until only one may be the best.
static inline int sim_equal(const struct sim *s, struct sim_result *out, struct ms_error *err)
{
    struct sim_scores x = {0};
    int status = 0, done = 0;
    double level = 0.025, part = .3;
    out->equal_done = false;
    for (int n = s->n; !status && !out->equal_done && (int64_t)s->k * (n - s->n) <= s->most;
         n += n) {
        int64_t in = 0;
        for (; done < n; done++)
            for (int t = 0; t < s->k; t++)
                sim_add(&x, s, t, done);
        status = sim_in(s, &x, level, &out->equal_right, &in, err);
        out->equal = (int64_t)s->k * n;
        out->equal_done = in == 1;
        level = 0.025 * part;
        part *= .7;
    }
    ms_rank_scores_clear(&x.sc);
    return status;
}

// The smallest equal share that does in hindsight: one more execution at a time, each time compared
// at the whole level as if nobody had looked before, which keeps no promise.
static inline int sim_hindsight(const struct sim *s, struct sim_result *out, struct ms_error *err)
{
    struct sim_scores x = {0};
    int status = 0, done = 0;
    int64_t in = 0;
    for (int n = s->n; !status && in != 1 && (int64_t)s->k * (n - s->n) <= s->most;
         n += 1 + n / 16) {
        bool right;
        for (; done < n; done++)
            for (int t = 0; t < s->k; t++)
                sim_add(&x, s, t, done);
        status = sim_in(s, &x, 0.05, &right, &in, err);
        out->hindsight = (int64_t)s->k * n;
    }
    ms_rank_scores_clear(&x.sc);
    return status;
}

#endif
