// SPDX-License-Identifier: MIT
//
// The document of `status --json`: every number of the text, and nothing that must be taken apart.
#include <stdlib.h>

#include "show_json.h"

static void put_run(struct ms_json_out *o, const struct ms_show_facts *f)
{
    const struct ms_run_info *r = &f->run;
    if (r->runs == 0) {
        ms_json_out_null(o, "run");
        return;
    }
    ms_json_out_open(o, "run", '{');
    ms_json_out_bool(o, "alive", f->alive);
    ms_json_out_known_text(o, "started_at", r->started);
    ms_json_out_known_text(o, "ended_at", r->ended);
    ms_json_out_known_text(o, "host", r->host);
    ms_json_out_int(o, "pid", r->pid);
    ms_json_out_int(o, "workers", r->workers);
    ms_json_out_int(o, "runs", r->runs);
    ms_json_out_number(o, "elapsed_s", r->elapsed_s);
    ms_json_out_known_text(o, "core", r->core);
    ms_json_out_known_positive(o, "gflops", r->gflops);
    ms_json_out_known_positive(o, "worker_bytes", r->worker_bytes);
    ms_json_out_close(o);
}

static void put_counts(struct ms_json_out *o, const struct ms_show_facts *f)
{
    const struct ms_store_counts *c = &f->counts;
    const struct {
        const char *key;
        int64_t n;
    } executions[] = {
        {"done", c->done}, {"running", c->running}, {"waiting", c->waiting}, {"failed", c->failed}};
    ms_json_out_open(o, "trials", '{');
    ms_json_out_int(o, "drawn", c->trials);
    ms_json_out_int(o, "begun", c->trials_begun);
    ms_json_out_int(o, "ended", c->trials_ended);
    ms_json_out_close(o);
    ms_json_out_open(o, "executions", '{');
    for (size_t i = 0; i < sizeof executions / sizeof *executions; i++)
        ms_json_out_int(o, executions[i].key, executions[i].n);
    ms_json_out_close(o);
    ms_json_out_open(o, "attempts", '[');
    for (int i = 0; i < f->outcomes.n; i++) {
        ms_json_out_open(o, NULL, '{');
        ms_json_out_text(o, "outcome", f->outcomes.item[i].word);
        ms_json_out_int(o, "count", f->outcomes.item[i].count);
        ms_json_out_close(o);
    }
    ms_json_out_close(o);
}

static int put_data(struct ms_json_out *o, struct ms_show *s, struct ms_error *err)
{
    struct ms_data_sets d;
    char line[MS_DATA_LINE];
    const int status = ms_store_data_sets(s->store, s->sweep.id, &d, err);
    if (status)
        return status;
    ms_json_out_open(o, "data", '[');
    for (int i = 0; i < d.n; i++)
        ms_json_out_text(o, NULL, ms_data_info_line(&d.item[i], line, sizeof line));
    ms_json_out_close(o);
    ms_store_data_sets_clear(&d);
    return 0;
}

static int put_best(struct ms_json_out *o, struct ms_show *s, struct ms_error *err)
{
    if (s->n_ranks == 0 || s->rank[0].n == 0) {
        ms_json_out_null(o, "best");
        return 0;
    }
    ms_json_out_open(o, "best", '{');
    ms_show_json_rank(o, &s->rank[0]);
    const int status = ms_show_json_params(o, s, s->rank[0].trial, err);
    ms_json_out_close(o);
    return status;
}

static int put_sweeps(struct ms_json_out *o, struct ms_show *s, struct ms_error *err)
{
    struct ms_store_names sweeps;
    int status = ms_store_sweeps(s->store, &sweeps, err);
    ms_json_out_open(o, "sweeps", '[');
    for (int i = 0; !status && i < sweeps.n; i++)
        ms_json_out_text(o, NULL, sweeps.name[i]);
    ms_json_out_close(o);
    ms_store_names_clear(&sweeps);
    return status;
}

int ms_show_json_status(struct ms_show *s, const struct ms_show_facts *f, struct ms_error *err)
{
    struct ms_json_out o = {.file = stdout, .lines = 1};
    ms_json_out_open(&o, NULL, '{');
    ms_show_json_sweep(&o, &s->sweep);
    put_run(&o, f);
    put_counts(&o, f);
    ms_show_json_failures(&o, &f->failures);
    ms_json_out_number(&o, "executions_per_s", f->per_s);
    ms_json_out_number(&o, "seconds_each", f->each_s);
    ms_json_out_number(&o, "seconds_left", f->left_s);
    ms_json_out_number(&o, "waiting_share", f->waiting);
    int status = put_data(&o, s, err);
    if (!status)
        status = put_best(&o, s, err);
    if (!status)
        status = put_sweeps(&o, s, err);
    ms_json_out_close(&o);
    return status;
}
