// SPDX-License-Identifier: MIT
//
// The phases that run further executions after the search: more of the trials that cannot be told
// from the best, and fresh ones of the winner. Both ask the store what there is, and so continue
// after a kill where they stood.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coordinator_internal.h"
#include "mlpsweep/memory.h"

// What max_executions leaves.
static int64_t left_of_budget(const struct coordinator *c)
{
    const int64_t most = ms_sweep_search(c->run->sweep)->max_executions;
    const int64_t left = most - ms_study_executions(c->study);
    return most == 0 ? INT64_MAX : left > 0 ? left : 0;
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t executions_to_confirm(const struct coordinator *c)
{
    return smaller(ms_sweep_search(c->run->sweep)->confirm, left_of_budget(c));
}

static int64_t executions_to_resolve(const struct coordinator *c)
{
    const int64_t asked =
        c->run->resolve >= 0 ? c->run->resolve : ms_sweep_search(c->run->sweep)->resolve;
    return smaller(asked, left_of_budget(c) - executions_to_confirm(c));
}

// Nothing begins any more, though there is something left to do.
static int cut_off(struct coordinator *c)
{
    c->end->interrupted = true;
    return 0;
}

static int offer(struct coordinator *c, const struct ms_resolve_item *item, int64_t n,
                 enum ms_purpose purpose, struct ms_error *err)
{
    if (c->over)
        return cut_off(c);
    c->dirty = true;
    c->more += n;
    return ms_feed_more(c->feed, c->dispatch, item, n, purpose, err);
}

// --- resolving ---------------------------------------------------------------

static int ask(const struct coordinator *c, int64_t most, struct ms_resolve *out,
               struct ms_error *err)
{
    const struct ms_sweep *sweep = c->run->sweep;
    const struct ms_objective *o = ms_sweep_objective(sweep);
    const struct ms_data_spec *specs;
    const struct ms_resolve_rule rule = {.rank = {o->maximize, o->by, o->failures},
                                         .executions = ms_sweep_search(sweep)->executions_per_trial,
                                         .folds =
                                             ms_sweep_data(sweep, &specs) > 0 ? specs[0].folds : 0,
                                         .most = most,
                                         .level = 0.05};
    struct ms_sweep_info info;
    struct ms_rank_scores scores = {0};
    *out = (struct ms_resolve){0};
    int status = ms_store_find(c->run->store, ms_sweep_name(sweep), &info, err);
    if (!status)
        status = ms_store_scores(c->run->store, info.id, &scores, err);
    if (!status)
        status = ms_resolve_next(&scores, &rule, out, err);
    ms_rank_scores_clear(&scores);
    return status;
}

// "trials 37, 12 and 3 others"
static const char *named(const uint32_t *trial, int64_t n, char *out, size_t size)
{
    enum { NAMED = 8 };
    const int64_t shown = n > NAMED + 1 ? NAMED : n;
    size_t used = (size_t)snprintf(out, size, "trial%s", n == 1 ? "" : "s");
    for (int64_t i = 0; i < shown && used < size; i++)
        used += (size_t)snprintf(out + used, size - used, "%s%u",
                                 i == 0                         ? " "
                                 : i + 1 == shown && shown == n ? " and "
                                                                : ", ",
                                 trial[i]);
    if (shown < n && used < size)
        snprintf(out + used, size - used, " and %lld others", (long long)(n - shown));
    return out;
}

static void say_round(struct coordinator *c, const struct ms_resolve *r, int64_t most)
{
    char names[200];
    ms_progress_note(&c->progress,
                     "resolve: %s cannot be told apart; %lld execution%s to run, %lld of at most "
                     "%lld",
                     named(r->left, r->n_left, names, sizeof names), (long long)r->n_next,
                     r->n_next == 1 ? "" : "s", (long long)r->spent, (long long)most);
}

static void say_resolved(struct coordinator *c, const struct ms_resolve *r, int64_t most)
{
    char names[200];
    if (r->n_left == 1)
        ms_progress_note(&c->progress,
                         "resolve: trial %u is told from all others, after %lld of at most %lld "
                         "executions",
                         r->left[0], (long long)r->spent, (long long)most);
    else if (r->n_left > 1)
        ms_progress_note(&c->progress,
                         "resolve: %s still cannot be told apart, after %lld of at most %lld "
                         "executions",
                         named(r->left, r->n_left, names, sizeof names), (long long)r->spent,
                         (long long)most);
    else
        ms_progress_note(&c->progress, "resolve: no trial was trained to its end with a result");
}

int ms_coordinator_resolve(struct coordinator *c, struct ms_error *err)
{
    const int64_t most = executions_to_resolve(c);
    struct ms_resolve r;
    if (!c->offered) // the phase begins
        c->more = ms_feed_known_more(c->feed);
    if (most <= 0)
        return 0;
    if (ms_sweep_objective(c->run->sweep)->by == MS_BY_WORST) {
        ms_progress_note(&c->progress, "resolve: left out, as objective.by is 'worst', by which "
                                       "trials with more executions lose");
        return 0;
    }
    int status = ask(c, most, &r, err);
    if (status)
        return status;
    if (r.n_next > 0) {
        say_round(c, &r, most);
        status = offer(c, r.next, r.n_next, MS_PURPOSE_RESOLVE, err);
    } else {
        say_resolved(c, &r, most);
    }
    ms_resolve_clear(&r);
    return status;
}

// --- confirming --------------------------------------------------------------

// Fresh executions of the winner that have not ended. item: room for n.
static int64_t missing(const struct ms_rank_scores *have, uint32_t trial, int64_t n,
                       struct ms_resolve_item *item)
{
    int64_t found = 0, j = 0;
    for (uint32_t e = MS_CONFIRM_FIRST; e < MS_CONFIRM_FIRST + (uint32_t)n; e++) {
        while (j < have->n && have->execution[j] < e)
            j++;
        if (j == have->n || have->execution[j] != e)
            item[found++] = (struct ms_resolve_item){trial, e};
    }
    return found;
}

static int say_confirmed(struct coordinator *c, const struct ms_trial_rank *winner,
                         const struct ms_rank_scores *have, const struct ms_rank_rule *rule,
                         struct ms_error *err)
{
    struct ms_trial_rank *r = NULL;
    int64_t n = 0;
    char interval[80] = "", failed[60] = "";
    int status = have->n > 0 ? ms_rank(have, rule, &r, &n, err) : 0;
    if (status || n == 0)
        return status;
    if (!isnan(r->lo))
        snprintf(interval, sizeof interval, " (95 %%: %.4g to %.4g)", r->lo, r->hi);
    if (r->n_failed > 0)
        snprintf(failed, sizeof failed, "; %d of them failed", r->n_failed);
    ms_progress_note(&c->progress,
                     "confirm: trial %u has %s %.4g%s in %d fresh execution%s%s; the ranking has "
                     "%.4g",
                     winner->trial, ms_sweep_objective(c->run->sweep)->name, r->mean, interval,
                     r->n + r->n_failed, r->n + r->n_failed == 1 ? "" : "s", failed, winner->mean);
    free(r);
    return 0;
}

int ms_coordinator_confirm(struct coordinator *c, struct ms_error *err)
{
    const int64_t n = executions_to_confirm(c);
    struct ms_sweep_info info;
    struct ms_trial_rank winner;
    struct ms_rank_scores have = {0};
    if (n <= 0)
        return 0;
    int status = ms_store_find(c->run->store, ms_sweep_name(c->run->sweep), &info, err);
    if (!status)
        status = ms_winner_best(c->run, &winner, err);
    if (status || winner.n == 0 || winner.n_pruned > 0) // or it was not trained to its end
        return status;
    struct ms_resolve_item *item = malloc((size_t)n * sizeof *item);
    status = item ? ms_store_confirmation(c->run->store, info.id, winner.trial, &have, err)
                  : ms_no_memory(err, "the executions that confirm the winner");
    const int64_t n_missing = status ? 0 : missing(&have, winner.trial, n, item);
    if (!status && n_missing > 0)
        status = offer(c, item, n_missing, MS_PURPOSE_CONFIRM, err);
    else if (!status)
        status = say_confirmed(c, &winner, &have, &info.rule, err);
    ms_rank_scores_clear(&have);
    free(item);
    return status;
}
