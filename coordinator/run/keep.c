// SPDX-License-Identifier: MIT
//
// Invariants: best is in the order of ms_rank; the store has weights of no trials but best[0 … k-1]
// and loose. A trial that is among the best is never in loose.
#include "keep.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coordinator/store/store.h"
#include "coordinator/store/store_read.h"
#include "mlpsweep/memory.h"
#include "winner.h"

void ms_keep_clear(struct ms_keep *k)
{
    free(k->best);
    free(k->loose);
    *k = (struct ms_keep){0};
}

// --- the best --------------------------------------------------------------------------

static int place_of(const struct ms_keep *k, uint32_t trial)
{
    int i = 0;
    while (i < k->n && k->best[i].trial != trial)
        i++;
    return i < k->n ? i : -1;
}

static bool is_kept(const struct ms_keep *k, uint32_t trial)
{
    const int place = place_of(k, trial);
    return place >= 0 && place < k->k;
}

static int rank_all(struct ms_keep *k, const struct ms_run *run, struct ms_error *err)
{
    struct ms_trial_rank *ranks;
    int64_t n;
    const int status = ms_winner_ranking(run, &ranks, &n, err);
    k->n = n < k->most ? (int)n : k->most;
    if (!status && k->n > 0)
        memcpy(k->best, ranks, (size_t)k->n * sizeof *ranks);
    free(ranks);
    return status;
}

// Gives the trial its place. Returns whether that pushed out the last one; out: which.
static bool insert(struct ms_keep *k, const struct ms_trial_rank *r, bool maximize, uint32_t *out)
{
    const struct ms_worth a = ms_rank_worth(r);
    int at = k->n;
    for (; at > 0; at--) {
        const struct ms_worth b = ms_rank_worth(&k->best[at - 1]);
        if (ms_worth_compare(&a, &b, maximize) >= 0)
            break;
    }
    if (at == k->most)
        return false;
    const bool full = k->n == k->most;
    if (full)
        *out = k->best[k->n - 1].trial;
    k->n += !full;
    memmove(k->best + at + 1, k->best + at, (size_t)(k->n - 1 - at) * sizeof *k->best);
    k->best[at] = *r;
    return full;
}

// --- loose trials ----------------------------------------------------------------------

static int add_loose(struct ms_keep *k, uint32_t trial, struct ms_error *err)
{
    for (int i = 0; i < k->n_loose; i++)
        if (k->loose[i] == trial)
            return 0;
    const int status = ms_grow(&k->loose, &k->room_loose, (size_t)k->n_loose + 1, sizeof *k->loose,
                               "the trials whose weights are kept", err);
    if (!status)
        k->loose[k->n_loose++] = trial;
    return status;
}

static bool take_loose(struct ms_keep *k, uint32_t trial)
{
    for (int i = 0; i < k->n_loose; i++)
        if (k->loose[i] == trial) {
            k->loose[i] = k->loose[--k->n_loose];
            return true;
        }
    return false;
}

// Weights that are in the store, of all trials; forget: those of trials that are not kept.
static int look(struct ms_keep *k, const struct ms_run *run, bool forget, struct ms_error *err)
{
    struct ms_sweep_info info;
    struct ms_store_models m = {0};
    int status = ms_store_find(run->store, ms_sweep_name(run->sweep), &info, err);
    if (!status)
        status = ms_store_models(run->store, info.id, -1, &m, err);
    k->n_loose = 0;
    for (int i = 0; !status && i < m.n; i++) {
        const uint32_t trial = m.item[i].trial;
        if (m.item[i].refit || is_kept(k, trial) || (i > 0 && m.item[i - 1].trial == trial))
            continue;
        status = forget ? ms_store_drop_models(run->store, trial, err) : add_loose(k, trial, err);
    }
    ms_store_models_clear(&m);
    return status;
}

// --- the course of a sweep ---------------------------------------------------------------

int ms_keep_begin(struct ms_keep *k, const struct ms_run *run, struct ms_error *err)
{
    k->k = ms_sweep_keep_best(run->sweep);
    k->most = k->k > 1 ? k->k : 1;
    k->best = calloc((size_t)k->most, sizeof *k->best);
    if (!k->best)
        return ms_no_memory(err, "the best trials");
    const int status = rank_all(k, run, err);
    return status ? status : look(k, run, false, err);
}

// NAN: any execution may be one of a best trial.
static double bound_of(const struct ms_keep *k)
{
    const struct ms_trial_rank *last = k->n < k->k ? NULL : &k->best[k->n - 1];
    return !last || last->failed > 0 || last->n_pruned > 0 ? NAN : last->mean;
}

void ms_keep_ask(const struct ms_keep *k, struct ms_attempt *attempt)
{
    if (k->k == 0)
        return;
    attempt->keep = MS_KEEP_GOOD;
    attempt->keep_bound = bound_of(k);
}

int ms_keep_take(struct ms_keep *k, const struct ms_run *run, uint32_t trial, uint32_t execution,
                 const struct ms_trained *t, struct ms_error *err)
{
    const bool maximize = ms_sweep_objective(run->sweep)->maximize;
    if (k->k == 0)
        return 0;
    const double bound = bound_of(k); // it may have moved since the attempt was handed out
    if (maximize ? t->objective < bound : t->objective > bound)
        return 0;
    int status = is_kept(k, trial) ? 0 : add_loose(k, trial, err);
    return status ? status
                  : ms_store_put_model(run->store, trial, execution, false, (int)t->epoch, t->bytes,
                                       (int64_t)t->n, err);
}

// Only kept trials have weights afterwards, of the one that ended and the one that was pushed out.
static int forget(struct ms_keep *k, const struct ms_run *run, uint32_t trial, bool pushed,
                  uint32_t out, struct ms_error *err)
{
    const bool had = take_loose(k, trial);
    int status = 0;
    if (had && !is_kept(k, trial))
        status = ms_store_drop_models(run->store, trial, err);
    if (!status && pushed && k->k > 0)
        status = ms_store_drop_models(run->store, out, err);
    return status;
}

int ms_keep_end(struct ms_keep *k, const struct ms_run *run, uint32_t trial, struct ms_error *err)
{
    const struct ms_objective *o = ms_sweep_objective(run->sweep);
    const struct ms_rank_rule rule = {
        .maximize = o->maximize, .by = o->by, .failures = o->failures, .order_only = true};
    struct ms_rank_scores scores;
    struct ms_trial_rank *rank = NULL;
    int64_t n = 0;
    uint32_t out = 0;
    if (place_of(k, trial) >= 0) {
        const int status = rank_all(k, run, err);
        return status ? status : look(k, run, false, err);
    }
    int status = ms_store_trial_scores(run->store, trial, &scores, err);
    if (status)
        return status;
    status = ms_rank(&scores, &rule, &rank, &n, err);
    const bool pushed = !status && n > 0 && insert(k, rank, o->maximize, &out);
    if (!status)
        status = forget(k, run, trial, pushed, out, err);
    free(rank);
    ms_rank_scores_clear(&scores);
    return status;
}

int ms_keep_settle(struct ms_keep *k, const struct ms_run *run, struct ms_error *err)
{
    const int status = rank_all(k, run, err);
    return status ? status : look(k, run, true, err);
}
