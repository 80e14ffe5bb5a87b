// SPDX-License-Identifier: MIT
//
// One sweep as an object of the document: what it is judged by, what the ranking says, its data,
// where it ran, how to run it again. Sentences are those that the other commands print.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"
#include "mlpsweep/utf8.h"
#include "mlpsweep/words.h"
#include "coordinator/show/show_data.h"
#include "coordinator/show/show_winner.h"
#include "report_internal.h"

static void write_objective(struct ms_json_out *o, const struct ms_sweep_info *i)
{
    ms_json_out_text(o, "metric", i->metric);
    ms_json_out_bool(o, "maximize", i->rule.maximize);
    ms_json_out_text(o, "at", ms_sweep_at_names[i->at]);
    ms_json_out_text(o, "by", ms_sweep_by_names[i->rule.by]);
    ms_json_out_text(o, "failed_executions", ms_sweep_failures_names[i->rule.failures]);
    ms_json_out_int(o, "trials_planned", i->trials_planned);
}

// --- sentences ---------------------------------------------------------------

static void say_line(void *to, const char *line)
{
    ms_json_out_text(to, NULL, line);
}

static int write_data(struct ms_json_out *o, struct ms_report_sweep *s, struct ms_error *err)
{
    struct ms_data_sets sets;
    const int status = ms_store_data_sets(s->show.store, s->show.sweep.id, &sets, err);
    if (status)
        return status;
    ms_json_out_open(o, "data", '[');
    ms_show_data(sets.item, sets.n, true, say_line, o);
    ms_json_out_close(o);
    ms_json_out_open(o, "files", '[');
    for (int i = 0; i < sets.n; i++)
        for (size_t k = 0; k < sets.item[i].n_files; k++) {
            const struct ms_data_file *f = &sets.item[i].file[k];
            ms_json_out_open(o, NULL, '{');
            ms_json_out_text(o, "path", f->path);
            ms_json_out_text(o, "part", f->part);
            ms_json_out_number(o, "bytes", (double)f->bytes);
            ms_json_out_text(o, "sha256", f->sha256);
            ms_json_out_close(o);
        }
    ms_json_out_close(o);
    ms_store_data_sets_clear(&sets);
    return 0;
}

static int write_verdict(struct ms_json_out *o, struct ms_report_sweep *s, struct ms_error *err)
{
    char text[1500];
    if (ms_show_scored(&s->show) > 0)
        ms_json_out_text(o, "verdict",
                         ms_show_verdict(s->show.rank, s->show.n_ranks, text, sizeof text));
    else
        ms_json_out_text(o, "verdict", "");
    const int status = ms_show_failures_of(&s->show, text, sizeof text, err);
    if (!status)
        ms_json_out_text(o, "failed_text", text);
    return status;
}

// What a reader must know before trusting the page.
static void write_remarks(struct ms_json_out *o, const struct ms_report_sweep *s)
{
    char text[700], a[32], b[32];
    ms_json_out_open(o, "remarks", '[');
    if (s->n < s->table.n) {
        snprintf(text, sizeof text,
                 "This page holds %s of %s trials: the best, and others evenly from the rest; "
                 "--trials sets how many.",
                 ms_words_count(s->n, a, sizeof a), ms_words_count(s->table.n, b, sizeof b));
        ms_json_out_text(o, NULL, text);
    }
    if (!s->table.sweep && s->table.n > 0) {
        snprintf(text, sizeof text,
                 "The sweep file cannot be read by this program, so parameters are shown as "
                 "texts: %s",
                 s->table.why);
        ms_json_out_text(o, NULL, text);
    }
    ms_json_out_close(o);
}

// --- what was run --------------------------------------------------------------

static int write_counts(struct ms_json_out *o, struct ms_report_sweep *s, struct ms_error *err)
{
    struct ms_store_counts c;
    struct ms_store_failures f;
    int status = ms_store_counts(s->show.store, s->show.sweep.id, &c, err);
    if (!status)
        status = ms_store_failures(s->show.store, s->show.sweep.id, &f, err);
    if (status)
        return status;
    double seconds = 0;
    int64_t failed = 0, pruned = 0;
    for (int64_t i = 0; i < s->table.n; i++)
        seconds += isnan(s->table.row[i].wall_s) ? 0 : s->table.row[i].wall_s;
    for (int64_t i = 0; i < s->show.n_ranks; i++) {
        failed += s->show.rank[i].n_failed;
        pruned += s->show.rank[i].n_pruned;
    }
    ms_json_out_int(o, "trials_all", s->table.n);
    ms_json_out_int(o, "scored", ms_show_scored(&s->show));
    ms_json_out_int(o, "executions_failed", failed);
    ms_json_out_int(o, "executions_stopped", pruned);
    ms_json_out_number(o, "seconds", seconds);
    ms_json_out_open(o, "counts", '{');
    ms_json_out_int(o, "waiting", c.waiting);
    ms_json_out_int(o, "running", c.running);
    ms_json_out_int(o, "done", c.done);
    ms_json_out_int(o, "failed", c.failed);
    ms_json_out_close(o);
    ms_json_out_open(o, "failures", '[');
    for (int i = 0; i < f.n; i++) {
        ms_json_out_open(o, NULL, '{');
        ms_json_out_text(o, "word", f.item[i].word);
        ms_json_out_int(o, "count", f.item[i].count);
        ms_json_out_text(o, "message", ms_printable(f.item[i].message, ' ', ""));
        ms_json_out_int(o, "with_message", f.item[i].with_message);
        ms_json_out_close(o);
    }
    ms_json_out_close(o);
    struct ms_store_outcomes outcomes;
    status = ms_store_outcomes(s->show.store, s->show.sweep.id, &outcomes, err);
    if (status)
        return status;
    ms_json_out_open(o, "outcomes", '[');
    for (int i = 0; i < outcomes.n; i++) {
        ms_json_out_open(o, NULL, '{');
        ms_json_out_text(o, "word", outcomes.item[i].word);
        ms_json_out_int(o, "count", outcomes.item[i].count);
        ms_json_out_close(o);
    }
    ms_json_out_close(o);
    return 0;
}

static int write_provenance(struct ms_json_out *o, struct ms_report_sweep *s, struct ms_error *err)
{
    struct ms_provenance_info p;
    const int status = ms_store_provenance_info(s->show.store, s->show.sweep.id, &p, err);
    if (status)
        return status;
    const struct {
        const char *key, *text;
    } texts[] = {
        {"started_at", p.started}, {"ended_at", p.ended},  {"host", p.host},
        {"user", p.user},          {"version", p.version}, {"mpi", p.mpi},
        {"blas", p.blas},          {"core", p.core},       {"command_line", p.command_line}};
    ms_json_out_text(o, "file", s->table.file);
    ms_json_out_text(o, "text", s->table.text);
    ms_json_out_text(o, "text_sha256", p.text_sha256);
    ms_json_out_int(o, "seed", p.seed);
    ms_json_out_open(o, "run", '{');
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        ms_json_out_text(o, texts[i].key, texts[i].text);
    ms_json_out_number(o, "gflops", p.gflops > 0 ? p.gflops : NAN);
    ms_json_out_int(o, "workers", p.workers);
    ms_json_out_int(o, "runs", p.runs);
    ms_json_out_close(o);
    ms_store_provenance_info_clear(&p);
    return 0;
}

static void write_moments(struct ms_json_out *o, const char *key, const struct ms_moments *m)
{
    if (m->n == 0) {
        ms_json_out_null(o, key);
        return;
    }
    ms_json_out_open(o, key, '{');
    ms_json_out_int(o, "n", m->n);
    ms_json_out_number(o, "mean", m->mean);
    ms_json_out_number(o, "sd", m->sd);
    ms_json_out_close(o);
}

// What is known of the winner beyond the score that made it win.
static int write_winner(struct ms_json_out *o, struct ms_report_sweep *s, struct ms_error *err)
{
    struct ms_show_winner w;
    if (ms_show_scored(&s->show) == 0) {
        ms_json_out_null(o, "winner");
        return 0;
    }
    const int status = ms_show_winner(&s->show, &w, err);
    if (status)
        return status;
    const struct ms_set_name *method = &ms_best_set_names[s->show.rank[0].method];
    ms_json_out_open(o, "winner", '{');
    ms_json_out_int(o, "trial", w.trial);
    ms_json_out_text(o, "method", *method->source ? method->name : NULL);
    ms_json_out_text(o, "source", method->source);
    write_moments(o, "confirmed", &w.confirmed);
    ms_json_out_text(o, "test_metric", w.test_metric);
    write_moments(o, "tested", &w.tested);
    ms_json_out_int(o, "rows", w.rows);
    ms_json_out_number(o, "row_error", w.row_error > 0 ? w.row_error : NAN);
    ms_json_out_bool(o, "network", w.network);
    ms_json_out_close(o);
    return 0;
}

int ms_report_write_sweep(struct ms_json_out *o, struct ms_report_sweep *s, struct ms_error *err)
{
    static int (*const parts[])(struct ms_json_out *, struct ms_report_sweep *,
                                struct ms_error *) = {write_verdict,
                                                      write_data,
                                                      write_counts,
                                                      write_provenance,
                                                      write_winner,
                                                      ms_report_write_trials,
                                                      ms_report_write_curves,
                                                      ms_report_write_attempts,
                                                      ms_report_write_importance};
    char holder[300];
    const char *base = strrchr(s->path, '/');
    ms_json_out_open(o, NULL, '{');
    ms_json_out_text(o, "store", base ? base + 1 : s->path);
    ms_json_out_text(o, "name", s->show.sweep.name);
    ms_json_out_text(o, "state", *s->show.sweep.state ? s->show.sweep.state : "never run");
    ms_json_out_bool(o, "running",
                     strcmp(s->show.sweep.state, "running") == 0 &&
                         ms_store_alive(s->show.store, holder, sizeof holder));
    write_objective(o, &s->show.sweep);
    write_remarks(o, s);
    int status = 0;
    for (size_t i = 0; !status && i < sizeof parts / sizeof *parts; i++)
        status = parts[i](o, s, err);
    ms_json_out_close(o);
    return status;
}
