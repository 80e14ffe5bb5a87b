// SPDX-License-Identifier: MIT
//
// The document of `show --json`: all that the store has of one trial except its epochs, which are
// `curves`'.
#include <stdlib.h>

#include "show_json.h"

static int put_executions(struct ms_json_out *o, struct ms_show *s, int64_t id,
                          struct ms_error *err)
{
    struct ms_execution_list l;
    const int status = ms_store_executions(s->store, id, &l, err);
    ms_json_out_open(o, "executions", '[');
    for (size_t i = 0; !status && i < l.n; i++) {
        const struct ms_execution_info *x = &l.item[i];
        ms_json_out_open(o, NULL, '{');
        ms_json_out_int(o, "execution", x->number);
        ms_json_out_text(o, "state", x->state);
        ms_json_out_known_text(o, "outcome", x->outcome);
        ms_json_out_number(o, "objective", x->objective);
        ms_json_out_known_int(o, "best_epoch", x->best_epoch);
        ms_json_out_known_int(o, "epochs", x->epochs);
        ms_json_out_int(o, "attempts", x->attempts);
        ms_json_out_bool(o, "constant", x->constant);
        ms_json_out_number(o, "wall_s", x->wall_s);
        ms_json_out_known_positive(o, "max_rss_bytes", x->max_rss_bytes);
        ms_json_out_close(o);
    }
    ms_json_out_close(o);
    if (!status)
        ms_store_execution_list_clear(&l);
    return status;
}

static int put_tests(struct ms_json_out *o, struct ms_show *s, int64_t id, struct ms_error *err)
{
    struct ms_test_list l;
    const int status = ms_store_tests(s->store, id, &l, err);
    ms_json_out_open(o, "test", '[');
    for (size_t i = 0; !status && i < l.n; i++) {
        ms_json_out_open(o, NULL, '{');
        ms_json_out_int(o, "execution", l.item[i].execution);
        ms_json_out_text(o, "metric", l.item[i].metric);
        ms_json_out_int(o, "epoch", l.item[i].epoch);
        ms_json_out_number(o, "value", l.item[i].value);
        ms_json_out_close(o);
    }
    ms_json_out_close(o);
    if (!status)
        ms_store_test_list_clear(&l);
    return status;
}

static int put_failed_attempts(struct ms_json_out *o, struct ms_show *s, int64_t id,
                               struct ms_error *err)
{
    struct ms_attempt_list l;
    const int status = ms_store_failed_attempts(s->store, id, &l, err);
    ms_json_out_open(o, "failed_attempts", '[');
    for (size_t i = 0; !status && i < l.n; i++) {
        const struct ms_attempt_info *a = &l.item[i];
        ms_json_out_open(o, NULL, '{');
        ms_json_out_int(o, "execution", a->execution);
        ms_json_out_int(o, "attempt", a->number);
        ms_json_out_text(o, "outcome", a->outcome);
        ms_json_out_known_text(o, "worker", a->worker);
        ms_json_out_known_text(o, "host", a->host);
        ms_json_out_known_text(o, "ended_at", a->ended);
        ms_json_out_known_text(o, "message", a->message);
        ms_json_out_close(o);
    }
    ms_json_out_close(o);
    if (!status)
        ms_store_attempt_list_clear(&l);
    return status;
}

static int put_models(struct ms_json_out *o, struct ms_show *s, uint32_t trial,
                      struct ms_error *err)
{
    struct ms_store_models m;
    const int status = ms_store_models(s->store, s->sweep.id, trial, &m, err);
    ms_json_out_open(o, "models", '[');
    for (int i = 0; i < m.n; i++) {
        ms_json_out_open(o, NULL, '{');
        ms_json_out_int(o, "execution", m.item[i].execution);
        ms_json_out_text(o, "kind", m.item[i].refit ? "refit" : "kept");
        ms_json_out_int(o, "epoch", m.item[i].epoch);
        ms_json_out_int(o, "n_weights", m.item[i].n_weights);
        ms_json_out_bool(o, "there", m.item[i].there);
        ms_json_out_close(o);
    }
    ms_json_out_close(o);
    ms_store_models_clear(&m);
    return status;
}

// The place of a trial in the ranking; -1: it has not ended.
static int64_t place_of(const struct ms_show *s, uint32_t trial)
{
    for (int64_t i = 0; i < s->n_ranks; i++)
        if (s->rank[i].trial == trial)
            return i;
    return -1;
}

static int put_trial(struct ms_json_out *o, struct ms_show *s, uint32_t trial, struct ms_error *err)
{
    struct ms_trial_info info;
    const int64_t place = place_of(s, trial);
    int status = ms_store_trial_info(s->store, s->sweep.id, trial, &info, err);
    if (status)
        return status;
    ms_json_out_int(o, "trial", trial);
    ms_json_out_known_int(o, "rank", place >= 0 && s->rank[place].n > 0 ? place + 1 : -1);
    status = ms_show_json_params(o, s, trial, err);
    ms_json_out_known_int(o, "weights", info.weights > 0 ? info.weights : -1);
    ms_json_out_known_positive(o, "flops", info.flops);
    ms_json_out_known_positive(o, "memory_bytes", info.memory_bytes);
    ms_json_out_known_int(o, "dataset", info.dataset);
    if (place >= 0) {
        ms_json_out_open(o, "result", '{');
        ms_show_json_rank(o, &s->rank[place]);
        ms_json_out_close(o);
    } else {
        ms_json_out_null(o, "result");
    }
    if (!status)
        status = put_executions(o, s, info.id, err);
    if (!status)
        status = put_tests(o, s, info.id, err);
    if (!status)
        status = put_models(o, s, trial, err);
    return status ? status : put_failed_attempts(o, s, info.id, err);
}

int ms_show_json_trial(struct ms_show *s, uint32_t trial, struct ms_error *err)
{
    struct ms_json_out o = {.file = stdout, .lines = 2};
    ms_json_out_open(&o, NULL, '{');
    ms_show_json_sweep(&o, &s->sweep);
    const int status = put_trial(&o, s, trial, err);
    ms_json_out_close(&o);
    return status;
}
