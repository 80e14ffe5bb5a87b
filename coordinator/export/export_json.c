// SPDX-License-Identifier: MIT
//
// The format json: one document with the sweep, its data, its latest run, and every trial with its
// executions and their curves. Its shape is documented in sweeps/export.md. A key that has no value
// is null, parameters that are not in force are absent.
#include <string.h>

#include "export.h"
#include "mlpsweep/data_info.h"

static void put_sweep(struct ms_json_out *o, const struct ms_export *e)
{
    const struct ms_sweep_info *s = &e->sweep;
    ms_json_out_open(o, "sweep", '{');
    ms_json_out_text(o, "name", s->name);
    ms_json_out_text(o, "state", s->state);
    ms_json_out_text(o, "metric", s->metric);
    ms_json_out_text(o, "goal", s->rule.maximize ? "maximize" : "minimize");
    ms_json_out_text(o, "at", ms_sweep_at_names[s->at]);
    ms_json_out_text(o, "rank_by", ms_sweep_by_names[s->rule.by]);
    ms_json_out_text(o, "failed_executions", ms_sweep_failures_names[s->rule.failures]);
    if (s->trials_planned > 0)
        ms_json_out_int(o, "trials_planned", s->trials_planned);
    else
        ms_json_out_null(o, "trials_planned");
    ms_json_out_text(o, "file", e->trials.file);
    ms_json_out_text(o, "text", e->trials.text);
    ms_json_out_close(o);

    ms_json_out_open(o, "objectives", '[');
    for (int k = 0; k < e->goals.goals.n || k == 0; k++) {
        const struct ms_goal *goal = &e->goals.goals.item[k];
        const bool several = e->goals.goals.n > 0;
        const bool maximize = several ? goal->maximize : s->rule.maximize;
        ms_json_out_open(o, NULL, '{');
        ms_json_out_text(o, "metric", several ? goal->name : s->metric);
        ms_json_out_text(o, "goal", maximize ? "maximize" : "minimize");
        ms_json_out_close(o);
    }
    ms_json_out_close(o);
}

static void put_condition(struct ms_json_out *o, const struct ms_trial_table *t,
                          const struct ms_param *p)
{
    static const char *const names[] = {[MS_IS] = "is", [MS_AT_LEAST] = "at_least"};
    if (p->condition == MS_ALWAYS)
        return;
    const struct ms_param *parent = &t->space->param[p->parent];
    ms_json_out_text(o, "parent", parent->name);
    if (p->condition == MS_IS)
        ms_export_point(o, names[MS_IS], parent, p->parent_value);
    else
        ms_json_out_number(o, names[MS_AT_LEAST], p->parent_value);
}

static void put_params(struct ms_json_out *o, const struct ms_trial_table *t)
{
    static const char *const kinds[] = {
        [MS_CHOICE] = "choice", [MS_INT] = "int", [MS_FLOAT] = "float", [MS_BOOL] = "bool"};
    ms_json_out_open(o, "parameters", '[');
    for (int i = 0; i < t->n_params; i++) {
        const struct ms_param *p = t->param[i].param;
        ms_json_out_open(o, NULL, '{');
        ms_json_out_text(o, "name", t->param[i].name);
        ms_json_out_bool(o, "varies", t->param[i].varies);
        ms_json_out_text(o, "kind", p ? kinds[p->kind] : NULL);
        if (p && p->kind == MS_CHOICE) {
            ms_json_out_open(o, "values", '[');
            for (uint64_t v = 0; v < p->count; v++)
                ms_export_point(o, NULL, p, (double)v);
            ms_json_out_close(o);
        } else if (p && p->kind != MS_BOOL) {
            ms_json_out_number(o, "low", p->lo);
            ms_json_out_number(o, "high", p->hi);
            ms_json_out_known_positive(o, "step", p->step);
            ms_json_out_bool(o, "log", p->log);
        }
        if (p)
            put_condition(o, t, p);
        ms_json_out_close(o);
    }
    ms_json_out_close(o);
}

static void put_names(struct ms_json_out *o, const char *key, const struct ms_store_names *names)
{
    ms_json_out_open(o, key, '[');
    for (int i = 0; i < names->n; i++)
        ms_json_out_text(o, NULL, names->name[i]);
    ms_json_out_close(o);
}

// --- data and the run ------------------------------------------------------------

static void put_columns(struct ms_json_out *o, const struct ms_data_info *d)
{
    ms_json_out_open(o, "columns", '[');
    for (size_t i = 0; i < d->n_columns; i++) {
        const struct ms_data_column *c = &d->column[i];
        ms_json_out_open(o, NULL, '{');
        ms_json_out_text(o, "name", c->name);
        ms_json_out_text(o, "role", ms_data_role_names[c->role]);
        ms_json_out_text(o, "kind", c->kind);
        ms_json_out_int(o, "width", c->width);
        ms_json_out_int(o, "n_missing", (int64_t)c->n_missing);
        ms_json_out_number(o, "lo", c->lo);
        ms_json_out_number(o, "hi", c->hi);
        ms_json_out_number(o, "mean", c->mean);
        ms_json_out_close(o);
    }
    ms_json_out_close(o);
    ms_json_out_open(o, "classes", '[');
    for (size_t i = 0; i < d->n_classes; i++) {
        ms_json_out_open(o, NULL, '{');
        ms_json_out_text(o, "label", d->class[i].label);
        ms_json_out_int(o, "n_train", (int64_t)d->class[i].n_train);
        ms_json_out_int(o, "n_val", (int64_t)d->class[i].n_val);
        ms_json_out_int(o, "n_test", (int64_t)d->class[i].n_test);
        ms_json_out_close(o);
    }
    ms_json_out_close(o);
}

static void put_dataset(struct ms_json_out *o, int number, const struct ms_data_info *d)
{
    char line[MS_DATA_LINE];
    ms_json_out_open(o, NULL, '{');
    ms_json_out_int(o, "number", number);
    ms_json_out_text(o, "line", ms_data_info_line(d, line, sizeof line));
    ms_json_out_text(o, "source", d->source);
    ms_json_out_text(o, "name", d->name);
    ms_json_out_text(o, "task", d->task);
    ms_json_out_text(o, "target", d->target);
    ms_json_out_int(o, "n_inputs", d->n_inputs);
    ms_json_out_int(o, "n_outputs", d->n_outputs);
    ms_json_out_int(o, "n_rows", (int64_t)d->n_rows);
    ms_json_out_int(o, "n_train", (int64_t)d->n_train);
    ms_json_out_int(o, "n_val", (int64_t)d->n_val);
    ms_json_out_int(o, "n_test", (int64_t)d->n_test);
    ms_json_out_int(o, "n_folds", d->n_folds);
    ms_json_out_text(o, "split", d->split);
    ms_json_out_text(o, "scaling", d->scaling);
    ms_json_out_text(o, "target_scaling", d->target_scaling);
    ms_json_out_text(o, "sha256", d->sha256);
    put_columns(o, d);
    ms_json_out_open(o, "notes", '[');
    for (size_t i = 0; i < d->n_notes; i++) {
        ms_json_out_open(o, NULL, '{');
        ms_json_out_bool(o, "warning", d->note[i].warning);
        ms_json_out_text(o, "text", d->note[i].text);
        ms_json_out_close(o);
    }
    ms_json_out_close(o);
    ms_json_out_close(o);
}

static int put_data(struct ms_json_out *o, struct ms_export *e, struct ms_error *err)
{
    struct ms_data_sets sets;
    const int status = ms_store_data_sets(e->store, e->sweep.id, &sets, err);
    if (status)
        return status;
    ms_json_out_open(o, "data", '[');
    for (int i = 0; i < sets.n; i++)
        put_dataset(o, i, &sets.item[i]);
    ms_json_out_close(o);
    ms_store_data_sets_clear(&sets);
    return 0;
}

static int put_run(struct ms_json_out *o, struct ms_export *e, struct ms_error *err)
{
    struct ms_run_info r;
    char holder[300];
    const bool alive = ms_store_alive(e->store, holder, sizeof holder);
    const int status = ms_store_run(e->store, e->sweep.id, alive, &r, err);
    if (status)
        return status;
    ms_json_out_open(o, "run", '{');
    ms_json_out_int(o, "runs", r.runs);
    ms_json_out_text(o, "started_at", r.started);
    ms_json_out_text(o, "ended_at", *r.ended ? r.ended : NULL);
    ms_json_out_text(o, "host", r.host);
    ms_json_out_int(o, "workers", r.workers);
    ms_json_out_number(o, "elapsed_s", r.elapsed_s);
    ms_json_out_text(o, "core", *r.core ? r.core : NULL);
    ms_json_out_close(o);
    return 0;
}

// --- trials ------------------------------------------------------------------------

static void put_curve(struct ms_json_out *o, const struct ms_export *e,
                      const struct ms_export_trial *x, int64_t execution)
{
    const struct ms_epoch_table *t = &x->epochs;
    size_t first;
    const size_t end = ms_export_epochs(x, execution, &first);
    ms_json_out_open(o, "curve", '{');
    ms_json_out_open(o, "epoch", '[');
    for (size_t i = first; i < end; i++)
        ms_json_out_int(o, NULL, t->epoch[i]);
    ms_json_out_close(o);
    for (int k = 0; k < t->n_metrics && end > first; k++) {
        ms_json_out_open(o, e->metrics.name[k], '[');
        for (size_t i = first; i < end; i++)
            ms_json_out_number(o, NULL, t->value[i * (size_t)t->n_metrics + (size_t)k]);
        ms_json_out_close(o);
    }
    ms_json_out_close(o);
}

static void put_execution(struct ms_json_out *o, const struct ms_export *e,
                          const struct ms_export_trial *x, const struct ms_execution_info *a)
{
    ms_json_out_open(o, NULL, '{');
    ms_json_out_int(o, "execution", a->number);
    ms_json_out_text(o, "purpose", a->purpose);
    ms_json_out_text(o, "state", a->state);
    ms_json_out_known_text(o, "outcome", a->outcome);
    ms_json_out_number(o, "objective", a->objective);
    ms_json_out_known_int(o, "best_epoch", a->best_epoch);
    ms_json_out_known_int(o, "epochs", a->epochs);
    ms_json_out_int(o, "attempts", a->attempts);
    ms_json_out_bool(o, "constant", a->constant);
    ms_json_out_number(o, "wall_s", a->wall_s);
    ms_json_out_known_positive(o, "max_rss_bytes", a->max_rss_bytes);
    ms_json_out_known_text(o, "host", a->host);
    ms_json_out_known_text(o, "started_at", a->started_at);
    ms_json_out_known_text(o, "ended_at", a->ended_at);
    put_curve(o, e, x, a->number);
    ms_json_out_open(o, "test", '{');
    for (size_t i = 0; i < x->tests.n; i++)
        if (x->tests.item[i].execution == a->number)
            ms_json_out_number(o, x->tests.item[i].metric, x->tests.item[i].value);
    ms_json_out_close(o);
    ms_json_out_close(o);
}

static void put_results(struct ms_json_out *o, const struct ms_trial_rank *r)
{
    ms_json_out_int(o, "n", r->n);
    ms_json_out_int(o, "n_failed", r->n_failed);
    ms_json_out_int(o, "n_pruned", r->n_pruned);
    ms_json_out_int(o, "n_constant", r->n_constant);
    ms_json_out_number(o, "mean", r->mean);
    ms_json_out_number(o, "sd", r->sd);
    ms_json_out_number(o, "se", r->se);
    ms_json_out_number(o, "low95", r->lo);
    ms_json_out_number(o, "high95", r->hi);
    ms_json_out_number(o, "min", r->min);
    ms_json_out_number(o, "median", r->median);
    ms_json_out_number(o, "max", r->max);
}

static void put_trial(struct ms_json_out *o, const struct ms_export *e, int64_t i,
                      const struct ms_export_trial *x)
{
    const struct ms_trial_table *t = &e->trials;
    const struct ms_trial_row *row = &t->row[i];
    ms_json_out_open(o, NULL, '{');
    ms_json_out_int(o, "trial", row->trial);
    ms_json_out_known_int(o, "rank", t->place[i] > 0 ? t->place[i] : -1);
    ms_json_out_bool(o, "tied", t->place[i] > 0 && t->rank[i].tied);
    ms_json_out_text(o, "state", ms_trial_table_state(t, i));
    ms_export_values(o, "parameters", e, i);
    put_results(o, &t->rank[i]);
    ms_json_out_open(o, "objectives", '{');
    for (int k = 0; k < e->goals.goals.n || k == 0; k++)
        ms_json_out_number(o, e->goals.goals.n ? e->goals.goals.item[k].name : e->sweep.metric,
                           ms_export_goal(e, i, k));
    ms_json_out_close(o);
    ms_json_out_number(o, "wall_s", row->wall_s);
    ms_json_out_known_int(o, "weights", row->weights > 0 ? row->weights : -1);
    ms_json_out_known_positive(o, "flops", row->flops);
    ms_json_out_known_positive(o, "memory_bytes", row->memory_bytes);
    ms_json_out_known_int(o, "dataset", row->dataset);
    ms_json_out_known_text(o, "created_at", row->created_at);
    ms_json_out_known_text(o, "ended_at", row->ended_at);
    ms_json_out_open(o, "executions", '[');
    for (size_t k = 0; k < x->executions.n; k++)
        put_execution(o, e, x, &x->executions.item[k]);
    ms_json_out_close(o);
    ms_json_out_close(o);
}

int ms_export_json(struct ms_export *e, const struct ms_outfile *to, struct ms_error *err)
{
    struct ms_json_out o = {.file = to->file, .lines = 2};
    ms_json_out_open(&o, NULL, '{');
    ms_json_out_text(&o, "format", "mlpsweep export");
    ms_json_out_int(&o, "version", 1);
    ms_json_out_text(&o, "program", MS_VERSION);
    put_sweep(&o, e);
    put_params(&o, &e->trials);
    put_names(&o, "metrics", &e->metrics);
    int status = put_data(&o, e, err);
    if (!status)
        status = put_run(&o, e, err);
    if (status)
        return status;
    ms_json_out_open(&o, "trials", '[');
    for (int64_t i = 0; !status && i < e->trials.n; i++) {
        struct ms_export_trial x;
        status = ms_export_trial(e, i, &x, err);
        if (status)
            break;
        put_trial(&o, e, i, &x);
        ms_export_trial_clear(&x);
    }
    ms_json_out_close(&o);
    ms_json_out_close(&o);
    return status;
}
