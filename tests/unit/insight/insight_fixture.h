// SPDX-License-Identifier: MIT
//
// Tables of trials made in memory, without a store: a space, values, and a value of the objective
// for each trial.
#ifndef INSIGHT_FIXTURE_H
#define INSIGHT_FIXTURE_H

#include "check.h"
#include "coordinator/insight/trial_table.h"

static struct ms_error err;

static inline void add(struct ms_space *space, struct ms_param p)
{
    if (!p.name)
        exit(1);
    if (p.kind == MS_INT && p.step == 0)
        p.step = 1;
    if (p.condition == MS_ALWAYS)
        p.parent = -1;
    if (p.count == 0 && p.kind != MS_FLOAT)
        p.count = ms_space_param_count(&p);
    if (p.kind == MS_FLOAT && p.step > 0)
        p.count = ms_space_param_count(&p);
    REQUIRE(ms_space_add(space, &p, &err) >= 0);
}

// n trials without results over the space.
static inline struct ms_trial_table table_of(const struct ms_space *space, int64_t n)
{
    struct ms_trial_table t = {.space = space, .n = n, .n_params = space->n};
    t.param = calloc((size_t)space->n, sizeof *t.param);
    t.value = malloc((size_t)(n * space->n) * sizeof *t.value);
    t.rows.item = calloc((size_t)n, sizeof *t.rows.item);
    REQUIRE(t.param && t.value && t.rows.item);
    for (int i = 0; i < space->n; i++)
        t.param[i] = (struct ms_table_param){.name = strdup(space->param[i].name),
                                             .param = &space->param[i]};
    for (int64_t i = 0; i < n * space->n; i++)
        t.value[i] = NAN;
    for (int64_t i = 0; i < n; i++)
        t.rows.item[i].trial = (uint32_t)i;
    t.row = t.rows.item;
    return t;
}

// Gives each trial one execution of that value (NAN: it failed).
static inline void rank_table(struct ms_trial_table *t, const double *objective, bool maximize)
{
    struct ms_rank_scores sc = {.n = t->n};
    sc.trial = malloc((size_t)t->n * sizeof *sc.trial);
    sc.execution = calloc((size_t)t->n, sizeof *sc.execution);
    sc.value = malloc((size_t)t->n * sizeof *sc.value);
    t->rank = malloc((size_t)t->n * sizeof *t->rank);
    t->place = calloc((size_t)t->n, sizeof *t->place);
    t->ranked = malloc((size_t)t->n * sizeof *t->ranked);
    REQUIRE(sc.trial && sc.execution && sc.value && t->rank && t->place && t->ranked);
    for (int64_t i = 0; i < t->n; i++) {
        sc.trial[i] = (uint32_t)i;
        sc.value[i] = objective[i];
    }
    t->info.rule.maximize = maximize;
    struct ms_trial_rank *ranking;
    REQUIRE(ms_rank(&sc, &t->info.rule, &ranking, &t->n_ranked, &err) == 0);
    for (int64_t k = 0; k < t->n_ranked; k++) {
        t->ranked[k] = ranking[k].trial;
        t->rank[ranking[k].trial] = ranking[k];
    }
    free(ranking);
    ms_rank_scores_clear(&sc);
}

// x ← 1664525 x + 1013904223 mod 2³², as a number in [0, 1): the generator of ped_anova.py.
static uint32_t draw_state;
static inline double draw(void)
{
    draw_state = 1664525u * draw_state + 1013904223u;
    return draw_state / 4294967296.0;
}

#endif
