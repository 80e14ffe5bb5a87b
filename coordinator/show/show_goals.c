// SPDX-License-Identifier: MIT
//
// The order of a sweep with several objectives, for `rank` and `show`: by fronts, and within a
// front by the first objective. Trials that the scheduler stopped or that have failed executions
// are in no front, just as they rank below the others when there is one objective: a training that
// was cut off is not better for having taken fewer seconds.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"
#include "mlpsweep/utf8.h"
#include "coordinator/rank/pareto.h"
#include "show.h"

// The trial's row of values, NULL where it has none. Rows are ordered by trial.
static const double *values_of(const struct ms_goal_values *v, uint32_t trial)
{
    int64_t lo = 0, hi = v->n;
    while (lo < hi) {
        int64_t middle = lo + (hi - lo) / 2;
        if (v->trial[middle] < trial)
            lo = middle + 1;
        else
            hi = middle;
    }
    return lo < v->n && v->trial[lo] == trial ? v->value + lo * v->goals.n : NULL;
}

// Sorts by front, 0 last. The order within a front stays.
static int reorder(struct ms_show *s, struct ms_show_goals *g, struct ms_error *err)
{
    const size_t n = (size_t)s->n_ranks;
    struct ms_trial_rank *rank = malloc((n + 1) * sizeof *rank);
    int *front = malloc((n + 1) * sizeof *front), most = 0;
    int64_t at = 0;
    if (!rank || !front) {
        free(rank);
        free(front);
        return ms_no_memory(err, "the fronts of %lld trials", (long long)s->n_ranks);
    }
    for (size_t i = 0; i < n; i++)
        most = g->front[i] > most ? g->front[i] : most;
    for (int f = 1; f <= most + 1; f++) // a handful, except in pathological sweeps
        for (size_t i = 0; i < n; i++)
            if (g->front[i] == (f <= most ? f : 0)) {
                front[at] = g->front[i];
                rank[at++] = s->rank[i];
            }
    free(s->rank);
    free(g->front);
    s->rank = rank;
    g->front = front;
    return 0;
}

int ms_show_goals(struct ms_show *s, struct ms_show_goals *g, struct ms_error *err)
{
    *g = (struct ms_show_goals){0};
    int status = ms_store_goal_values(s->store, s->sweep.id, &g->values, err);
    struct ms_goals *goals = &g->values.goals;
    for (int k = 0; k < goals->n; k++)
        ms_printable(goals->item[k].name, '?', "");
    if (status || goals->n < 2)
        return status;
    const size_t m = (size_t)goals->n, n = (size_t)s->n_ranks;
    // The rank's first is of the best kind there is; only trials of its kind compete.
    const struct ms_worth first = n > 0 ? ms_rank_worth(&s->rank[0]) : (struct ms_worth){0};
    double *cost = malloc((n + 1) * m * sizeof *cost);
    g->front = calloc(n + 1, sizeof *g->front);
    if (!cost || !g->front)
        status = ms_no_memory(err, "the fronts of %lld trials", (long long)s->n_ranks);
    for (size_t i = 0; !status && i < n; i++) {
        const struct ms_worth w = ms_rank_worth(&s->rank[i]);
        const double *v =
            ms_worth_comparable(&w, &first) ? values_of(&g->values, s->rank[i].trial) : NULL;
        for (size_t k = 0; k < m; k++)
            cost[i * m + k] = !v ? NAN : goals->item[k].maximize ? -v[k] : v[k];
    }
    if (!status)
        status = ms_pareto_fronts(cost, s->n_ranks, goals->n, g->front, err);
    if (!status)
        status = reorder(s, g, err);
    free(cost);
    return status;
}

void ms_show_goals_clear(struct ms_show_goals *g)
{
    free(g->front);
    ms_store_goal_values_clear(&g->values);
    *g = (struct ms_show_goals){0};
}

double ms_show_goal(const struct ms_show_goals *g, uint32_t trial, int goal)
{
    const double *v = values_of(&g->values, trial);
    return v ? v[goal] : NAN;
}

void ms_show_goals_note(const struct ms_show *s, const struct ms_show_goals *g)
{
    const struct ms_goals *goals = &g->values.goals;
    int64_t first = 0;
    bool seconds = false;
    for (int64_t i = 0; i < s->n_ranks; i++)
        first += g->front[i] == 1;
    printf("front 1: %lld trial%s that no other beats in every objective: ", (long long)first,
           first == 1 ? "" : "s");
    for (int k = 0; k < goals->n; k++) {
        printf("%s%s (%s)", k ? ", " : "", goals->item[k].name,
               goals->item[k].maximize ? "larger" : "smaller");
        seconds = seconds || strcmp(goals->item[k].name, "seconds") == 0;
    }
    char behind[200];
    printf("; means are compared as they are, without allowing for noise%s%s\n",
           ms_show_behind(s->rank, s->n_ranks, behind, sizeof behind),
           seconds ? "; seconds depend on the machines of that run" : "");
}
