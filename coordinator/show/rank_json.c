// SPDX-License-Identifier: MIT
//
// The document of `rank --json`: the ranking with every column of its table, what is known of the
// winner beyond its score, and why executions failed.
#include <math.h>

#include "coordinator/rank/best_set.h"
#include "show_json.h"
#include "show_winner.h"

static int put_trial(struct ms_json_out *o, struct ms_show *s, const struct ms_show_goals *g,
                     int64_t place, struct ms_error *err)
{
    const struct ms_trial_rank *r = &s->rank[place];
    ms_json_out_open(o, NULL, '{');
    if (r->n > 0)
        ms_json_out_int(o, "rank", place + 1);
    else
        ms_json_out_null(o, "rank");
    ms_show_json_rank(o, r);
    ms_json_out_number(o, "p", r->p);
    if (g->front && g->front[place])
        ms_json_out_int(o, "front", g->front[place]);
    else
        ms_json_out_null(o, "front");
    ms_json_out_open(o, "goals", '{');
    for (int k = 0; g->front && k < g->values.goals.n; k++)
        ms_json_out_number(o, g->values.goals.item[k].name, ms_show_goal(g, r->trial, k));
    ms_json_out_close(o);
    const int status = ms_show_json_params(o, s, r->trial, err);
    ms_json_out_close(o);
    return status;
}

static void put_moments(struct ms_json_out *o, const char *key, const struct ms_moments *m)
{
    if (m->n == 0) {
        ms_json_out_null(o, key);
        return;
    }
    ms_json_out_open(o, key, '{');
    ms_json_out_int(o, "n", m->n);
    ms_json_out_number(o, "mean", m->mean);
    ms_json_out_number(o, "sd", m->sd);
    ms_json_out_number(o, "low95", m->lo);
    ms_json_out_number(o, "high95", m->hi);
    ms_json_out_close(o);
}

static int put_winner(struct ms_json_out *o, struct ms_show *s, struct ms_error *err)
{
    struct ms_show_winner w;
    if (ms_show_scored(s) == 0) {
        ms_json_out_null(o, "winner");
        return 0;
    }
    const int status = ms_show_winner(s, &w, err);
    if (status)
        return status;
    ms_json_out_open(o, "winner", '{');
    ms_json_out_int(o, "trial", w.trial);
    put_moments(o, "confirmed", &w.confirmed);
    put_moments(o, "tested", &w.tested);
    ms_json_out_text(o, "test_metric", *w.test_metric ? w.test_metric : NULL);
    ms_json_out_number(o, "validation_rows", w.rows > 0 ? (double)w.rows : NAN);
    ms_json_out_number(o, "row_error", w.row_error);
    ms_json_out_close(o);
    return 0;
}

int ms_show_json_ranking(struct ms_show *s, const struct ms_show_goals *g, int64_t shown,
                         struct ms_error *err)
{
    struct ms_json_out o = {.file = stdout, .lines = 2};
    struct ms_store_failures failures;
    int status = ms_store_failures(s->store, s->sweep.id, &failures, err);
    if (status)
        return status;
    ms_json_out_open(&o, NULL, '{');
    ms_show_json_sweep(&o, &s->sweep);
    const bool mean = s->sweep.at == MS_AT_BEST_MEAN || s->sweep.at == MS_AT_LAST_MEAN;
    ms_json_out_text(&o, "at", ms_sweep_at_names[s->sweep.at]);
    if (mean)
        ms_json_out_int(&o, "at_window", s->sweep.window);
    else
        ms_json_out_null(&o, "at_window");
    ms_json_out_bool(&o, "at_given", s->at_given);
    ms_json_out_int(&o, "n_trials", s->n_ranks);
    ms_json_out_int(&o, "n_with_result", ms_show_scored(s));
    const struct ms_set_name *set = &ms_best_set_names[s->n_ranks > 0 ? s->rank[0].method : 0];
    ms_json_out_text(&o, "method", set->name && *set->name ? set->name : NULL);
    ms_json_out_text(&o, "method_source", set->source && *set->source ? set->source : NULL);
    ms_json_out_open(&o, "trials", '[');
    for (int64_t i = 0; !status && i < shown; i++)
        status = put_trial(&o, s, g, i, err);
    ms_json_out_close(&o);
    if (!status)
        status = put_winner(&o, s, err);
    ms_show_json_failures(&o, &failures);
    ms_json_out_close(&o);
    return status;
}
