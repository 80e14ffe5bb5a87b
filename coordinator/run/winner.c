// SPDX-License-Identifier: MIT
//
// Everything is read from the store, so that a run that continues finds the same winner and tests
// only what an earlier one has not.
#include "winner.h"

#include <stdlib.h>
#include <string.h>

#include "feed.h"
#include "mlpsweep/memory.h"
#include "coordinator/store/store_read.h"

void ms_winner_clear(struct ms_winner *w)
{
    free(w->point);
    free(w->test);
    *w = (struct ms_winner){0};
}

int ms_winner_best(const struct ms_run *run, struct ms_trial_rank *best, struct ms_error *err)
{
    struct ms_sweep_info info;
    struct ms_rank_scores scores = {0};
    struct ms_trial_rank *ranks = NULL;
    int64_t n = 0;
    *best = (struct ms_trial_rank){0};
    int status = ms_store_find(run->store, ms_sweep_name(run->sweep), &info, err);
    if (!status)
        status = ms_store_scores(run->store, info.id, &scores, err);
    if (!status)
        status = ms_rank(&scores, &info.rule, &ranks, &n, err);
    if (!status && n > 0)
        *best = ranks[0];
    free(ranks);
    ms_rank_scores_clear(&scores);
    return status;
}

int ms_winner_update(const struct ms_run *run, uint32_t trial, struct ms_trial_rank *best,
                     struct ms_error *err)
{
    const struct ms_objective *o = ms_sweep_objective(run->sweep);
    const struct ms_rank_rule rule = {o->maximize, o->by, o->failures};
    struct ms_rank_scores scores;
    struct ms_trial_rank *rank = NULL;
    int64_t n = 0;
    if (best->n > 0 && best->trial == trial)
        return ms_winner_best(run, best, err);
    int status = ms_store_trial_scores(run->store, trial, &scores, err);
    if (status)
        return status;
    status = ms_rank(&scores, &rule, &rank, &n, err);
    if (!status && n > 0) {
        const struct ms_worth a = ms_rank_worth(rank), b = ms_rank_worth(best);
        if (best->n == 0 || ms_worth_compare(&a, &b, o->maximize) < 0)
            *best = *rank;
    }
    free(rank);
    ms_rank_scores_clear(&scores);
    return status;
}

static int find_untested(const struct ms_run *run, struct ms_winner *w, struct ms_error *err)
{
    int executions = ms_sweep_search(run->sweep)->executions_per_trial;
    w->test = calloc((size_t)executions, sizeof *w->test);
    if (!w->test)
        return ms_no_memory(err, "the winner");
    return ms_store_untested(run->store, w->trial, w->test, executions, &w->n, err);
}

static int find_point(const struct ms_run *run, struct ms_winner *w, struct ms_error *err)
{
    w->point = calloc((size_t)ms_sweep_space(run->sweep)->n + 1, sizeof *w->point);
    if (!w->point)
        return ms_no_memory(err, "the winner");
    int got = ms_store_point(run->store, w->trial, w->point, err);
    if (got == 0)
        return ms_fail(err, MS_ESTATE, "trial %u is not in the store", w->trial);
    return got < 0 ? got : 0;
}

static int config_of(const struct ms_run *run, const struct ms_winner *w, struct ms_config *config,
                     struct ms_error *err)
{
    int status = ms_sweep_config(run->sweep, w->point, config, err);
    return status ? status : ms_config_complete(config, &run->data[config->dataset], err);
}

int ms_winner_find(const struct ms_run *run, struct ms_winner *w, bool *found, struct ms_error *err)
{
    struct ms_trial_rank best;
    const int status = ms_winner_best(run, &best, err);
    *found = !status && best.n > 0;
    if (!*found)
        return status;
    w->trial = best.trial;
    return find_point(run, w, err);
}

int ms_winner_offer(const struct ms_run *run, struct ms_winner *w, struct ms_dispatch *d,
                    struct ms_error *err)
{
    bool found;
    if (ms_sweep_kind(run->sweep) != MS_KIND_TRAIN)
        return 0; // there is nothing to test
    int status = ms_winner_find(run, w, &found, err);
    if (status || !found)
        return status;
    struct ms_config *config = malloc(sizeof *config);
    status = config ? config_of(run, w, config, err) : ms_no_memory(err, "the winner");
    if (!status && run->data[config->dataset].n_test > 0)
        status = find_untested(run, w, err);
    double seconds = 0;
    if (!status && w->n > 0) {
        struct ms_cost cost = ms_cost_of(config, &run->data[config->dataset]);
        seconds = ms_cost_seconds(&cost);
    }
    free(config);
    for (int i = 0; !status && i < w->n; i++) {
        const struct ms_dispatch_execution x = {.tag = ms_tag(w->trial, w->test[i].execution, 0),
                                                .seconds = seconds};
        if (ms_dispatch_offer(d, &x))
            status = ms_no_memory(err, "the winner's test");
    }
    return status;
}

void ms_winner_attempt(const struct ms_winner *w, int n_point, struct ms_attempt *attempt)
{
    attempt->point = w->point;
    attempt->n_point = (uint32_t)n_point;
    for (int i = 0; i < w->n; i++)
        if (w->test[i].execution == attempt->execution)
            attempt->test_epoch = w->test[i].epoch;
}

int ms_winner_store(const struct ms_run *run, const struct ms_winner *w, uint32_t execution,
                    const struct ms_result *r, struct ms_error *err)
{
    struct ms_config *config = malloc(sizeof *config);
    int status = config ? config_of(run, w, config, err) : ms_no_memory(err, "the winner");
    if (!status) {
        int n = config->n_metrics < (int)r->n_test ? config->n_metrics : (int)r->n_test;
        status = ms_store_test(run->store, w->trial, execution, (int)r->epochs, config->metrics,
                               r->test, n, err);
    }
    free(config);
    return status;
}
