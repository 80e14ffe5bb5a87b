// SPDX-License-Identifier: MIT
//
// Everything is read from the store, so that a run that continues finds the same winner.
#include "winner.h"

#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"
#include "coordinator/store/store_read.h"

void ms_winner_clear(struct ms_winner *w)
{
    free(w->point);
    *w = (struct ms_winner){0};
}

int ms_winner_ranking(const struct ms_run *run, struct ms_trial_rank **ranks, int64_t *n,
                      struct ms_error *err)
{
    struct ms_sweep_info info;
    struct ms_rank_scores scores = {0};
    *ranks = NULL;
    *n = 0;
    int status = ms_store_find(run->store, ms_sweep_name(run->sweep), &info, err);
    if (!status)
        status = ms_store_scores(run->store, info.id, &scores, err);
    info.rule.order_only = true;
    if (!status)
        status = ms_rank(&scores, &info.rule, ranks, n, err);
    ms_rank_scores_clear(&scores);
    return status;
}

int ms_winner_best(const struct ms_run *run, struct ms_trial_rank *best, struct ms_error *err)
{
    struct ms_trial_rank *ranks;
    int64_t n;
    const int status = ms_winner_ranking(run, &ranks, &n, err);
    *best = (struct ms_trial_rank){0};
    if (!status && n > 0)
        *best = ranks[0];
    free(ranks);
    return status;
}

int ms_winner_of(const struct ms_run *run, uint32_t trial, struct ms_winner *w,
                 struct ms_error *err)
{
    w->trial = trial;
    w->point = calloc((size_t)ms_sweep_space(run->sweep)->n + 1, sizeof *w->point);
    if (!w->point)
        return ms_no_memory(err, "the winner");
    int got = ms_store_point(run->store, w->trial, w->point, err);
    if (got == 0)
        return ms_fail(err, MS_ESTATE, "trial %u is not in the store", w->trial);
    return got < 0 ? got : 0;
}

int ms_winner_find(const struct ms_run *run, struct ms_winner *w, bool *found, struct ms_error *err)
{
    struct ms_trial_rank best;
    const int status = ms_winner_best(run, &best, err);
    *found = !status && best.n > 0;
    if (!*found)
        return status;
    return ms_winner_of(run, best.trial, w, err);
}
