// SPDX-License-Identifier: MIT
//
// mlpsweep status: how far a sweep has come, whether its run is alive, and what it has found so
// far. The output is the same text while a run goes on and after it, so that it can be read at any
// time.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"
#include "mlpsweep/utf8.h"
#include "progress.h"
#include "show.h"
#include "show_data.h"
#include "coordinator/rank/stats.h"

static const char examples[] = "mlpsweep status results.db\n"
                               "watch mlpsweep status results.db\n";

static const char usage[] =
    "usage: mlpsweep status STORE [--sweep NAME]\n"
    "\n"
    "Shows how far a sweep has come and whether its run is alive, even while it runs; then lists\n"
    "all sweeps of the store if there are several. The stages of a staged sweep are called\n"
    "SWEEP:N-STAGE.\n";

static void print_state(const struct ms_show *s, const struct ms_run_info *r)
{
    char text[64];
    const char *state = s->sweep.state;
    printf("  state       ");
    if (!*state)
        printf("never run\n");
    else if (strcmp(state, "running") == 0)
        printf("running on %s (pid %lld) with %lld worker%s for %s\n", r->host, (long long)r->pid,
               (long long)r->workers, r->workers == 1 ? "" : "s",
               ms_progress_duration(r->elapsed_s, text, sizeof text));
    else if (strcmp(state, "killed") == 0)
        printf("killed: the run that began at %s UTC on %s did not end properly; mlpsweep run "
               "continues "
               "it\n",
               r->started, r->host);
    else
        printf("%s at %s UTC after %s%s\n", state, r->ended,
               ms_progress_duration(r->elapsed_s, text, sizeof text),
               strcmp(state, "interrupted") == 0 ? "; mlpsweep run continues it" : "");
}

static int print_attempts(struct ms_show *s, struct ms_error *err)
{
    struct ms_store_outcomes outcomes;
    const int status = ms_store_outcomes(s->store, s->sweep.id, &outcomes, err);
    if (status)
        return status;
    for (int i = 0; i < outcomes.n; i++)
        printf("%s%lld %s", i ? ", " : "  attempts    ", (long long)outcomes.item[i].count,
               outcomes.item[i].word);
    if (outcomes.n)
        printf("\n");
    return 0;
}

static int print_failures(struct ms_show *s, struct ms_error *err)
{
    enum { INDENT = 14 };
    char text[1500];
    const int status = ms_show_failures_of(s, text, sizeof text, err);
    if (status || !*text)
        return status;
    printf("  failures    ");
    ms_text_wrap(stdout, text, INDENT, s->screen);
    printf("\n");
    return 0;
}

// Estimates the trainer seconds that are still to come, by a line through those that executions
// took. *spent: the seconds that executions under way have had so far. An execution of a trial that
// has not been drawn yet costs the mean.
static int seconds_to_do(struct ms_show *s, const struct ms_line *line, double undrawn,
                         double *left, double *spent, struct ms_error *err)
{
    struct ms_store_to_do t;
    *left = *spent = 0;
    const int status = ms_store_to_do(s->store, s->sweep.id, &t, err);
    if (status)
        return status;
    for (size_t i = 0; i < t.n; i++) {
        const double whole = line->base + line->slope * t.item[i].gflop;
        const double had = fmin(t.item[i].had_s, whole);
        *left += whole - had;
        *spent += had;
    }
    *left += undrawn * (line->base + line->slope * t.mean_gflop);
    ms_store_to_do_clear(&t);
    return 0;
}

static int print_speed(struct ms_show *s, const struct ms_run_info *r,
                       const struct ms_store_counts *c, struct ms_error *err)
{
    struct ms_sums ended;
    int status = ms_store_ended_since(s->store, s->sweep.id, r->started, &ended, err);
    if (status || ended.n == 0 || !(r->elapsed_s > 0))
        return status;
    char text[64];
    printf("  speed       %.3g executions/s in this run, %s each", ended.n / r->elapsed_s,
           ms_progress_time_taken(ended.y / ended.n, text, sizeof text));
    const int64_t executions = c->waiting + c->running + c->done + c->failed;
    const double per_trial = (double)executions / (double)c->trials;
    const double undrawn = fmax((double)s->sweep.trials_planned - (double)c->trials, 0) * per_trial;
    const struct ms_line line = ms_stats_line_of(&ended);
    double left = 0, spent = 0;
    if (strcmp(s->sweep.state, "running") == 0) {
        status = seconds_to_do(s, &line, undrawn, &left, &spent, err);
        const double at_once = fmin((ended.y + spent) / r->elapsed_s, fmax((double)r->workers, 1));
        if (!status && at_once > 0)
            printf("; about %s to go", ms_progress_duration(left / at_once, text, sizeof text));
    }
    printf("\n");
    return status;
}

// How the workers compute: the core of their BLAS, its speed, their memory.
static void print_machine(struct ms_show *s, struct ms_run_info *r)
{
    enum { INDENT = 14 };
    char text[64];
    if (!r->core[0])
        return;
    ms_printable(r->core, '?', "");
    printf("  computing   OpenBLAS's core %s", r->core);
    if (r->gflops > 0)
        printf(", %.3g GFLOP/s on one thread", r->gflops);
    if (r->worker_bytes > 0)
        printf("; %s of memory for a worker", ms_text_bytes(r->worker_bytes, text, sizeof text));
    printf("\n");
    if (r->core_note[0]) {
        printf("%*s", INDENT, "");
        ms_printable(r->core_note, '?', "");
        ms_text_wrap(stdout, r->core_note, INDENT, s->screen);
        printf("\n");
    }
}

// The share of the workers' time that went into waiting: for results without which the search
// cannot go on (lag, rungs), or for a coordinator that does not keep up.
static int print_waiting(struct ms_show *s, const struct ms_run_info *r, struct ms_error *err)
{
    double wait_s, wall_s;
    const int status = ms_store_waited(s->store, s->sweep.id, r->started, &wait_s, &wall_s, err);
    if (!status && wall_s > 0)
        printf("  waiting     %.1f %% of the workers' time in this run\n",
               100 * wait_s / (wait_s + wall_s));
    return status;
}

static int print_best(struct ms_show *s, struct ms_error *err)
{
    enum { INDENT = 14 };
    char text[160], verdict[1000];
    if (s->n_ranks == 0 || s->rank[0].n == 0)
        return 0;
    const struct ms_trial_rank *r = &s->rank[0];
    printf("  best        trial %u: %s %s (%d", r->trial, s->sweep.metric,
           ms_show_mean_text(r, ms_show_rank_digits(r, 1), text, sizeof text), r->n);
    if (r->n_failed)
        printf(" of %d", r->n + r->n_failed);
    printf(" execution%s)%s%s\n", r->n + r->n_failed == 1 ? "" : "s", r->n_constant ? ", " : "",
           ms_show_constant(r, text, sizeof text));
    struct ms_show_params params;
    int status = ms_show_params(s, &params, err);
    if (status)
        return status;
    char **value, line[4000];
    status = ms_show_row(s, &params, r->trial, &value, err);
    if (!status && *ms_show_line(&params, value, line, sizeof line)) {
        printf("%*s", INDENT, "");
        ms_text_wrap(stdout, line, INDENT, s->screen);
        printf("\n");
    }
    if (!status)
        ms_show_row_free(&params, value);
    ms_show_params_clear(&params);
    printf("%*s", INDENT, "");
    ms_text_wrap(stdout, ms_show_verdict(s->rank, s->n_ranks, verdict, sizeof verdict), INDENT,
                 s->screen);
    printf("\n");
    return status;
}

// A row of the table of sweeps: how far it is, and which trial leads.
static int sweep_row(struct ms_show *s, const char *name, struct ms_text *t, struct ms_error *err)
{
    struct ms_show other = {.store = s->store};
    struct ms_store_counts c = {0};
    char planned[64] = "", mean[160];
    int status = ms_store_find(s->store, name, &other.sweep, err);
    if (!status)
        status = ms_store_counts(s->store, other.sweep.id, &c, err);
    if (!status)
        status = ms_show_rank(&other, -1, -1, err);
    if (status)
        return status;
    if (other.sweep.trials_planned > 0)
        snprintf(planned, sizeof planned, " of %lld", (long long)other.sweep.trials_planned);
    ms_text_style(t, other.sweep.id == s->sweep.id ? MS_BOLD : MS_PLAIN);
    ms_text_cell(t, "%s", name);
    ms_text_cell(t, "%s", other.sweep.state);
    ms_text_cell(t, "%lld%s", (long long)c.trials_ended, planned);
    if (other.n_ranks > 0 && other.rank[0].n > 0) {
        const struct ms_digits d = ms_show_rank_digits(other.rank, other.n_ranks);
        ms_text_cell(t, "%u", other.rank[0].trial);
        ms_text_cell(t, "%s %s", other.sweep.metric,
                     ms_show_mean_text(&other.rank[0], d, mean, sizeof mean));
    } else {
        ms_text_cell(t, "-");
        ms_text_cell(t, "%s -", other.sweep.metric);
    }
    free(other.rank);
    return 0;
}

// All sweeps of the store if there is more than one, such as the stages of a staged sweep.
static int print_sweeps(struct ms_show *s, struct ms_error *err)
{
    static const char *const titles[] = {"sweep", "state", "trials ended", "best trial", ""};
    static const enum ms_align align[] = {MS_LEFT, MS_LEFT, MS_LEFT, MS_RIGHT, MS_LEFT};
    struct ms_store_names sweeps;
    int status = ms_store_sweeps(s->store, &sweeps, err);
    struct ms_text *t = !status && sweeps.n > 1 ? ms_text_new(5) : NULL;
    if (!status && sweeps.n > 1 && !t)
        status = ms_no_memory(err, "the table of sweeps");
    for (int i = 0; t && i < 5; i++)
        ms_text_column(t, i, align[i], titles[i]);
    for (int i = 0; t && !status && i < sweeps.n; i++)
        status = sweep_row(s, sweeps.name[i], t, err);
    if (t && !status) {
        printf("\nsweeps of this store (--sweep)\n");
        status = ms_text_print(t, stdout, s->colour, "  ");
    }
    ms_text_free(t);
    ms_store_names_clear(&sweeps);
    return status;
}

static int print_data(struct ms_show *s, struct ms_error *err)
{
    struct ms_data_sets d;
    const int status = ms_store_data_sets(s->store, s->sweep.id, &d, err);
    if (status)
        return status;
    ms_show_data(d.item, d.n, false, ms_show_data_print, stdout);
    ms_store_data_sets_clear(&d);
    return 0;
}

static int print_status(struct ms_show *s, struct ms_error *err)
{
    struct ms_run_info r;
    struct ms_store_counts c;
    char planned[64] = "";
    const bool alive = strcmp(s->sweep.state, "running") == 0;
    int status = ms_store_run(s->store, s->sweep.id, alive, &r, err);
    if (!status)
        status = ms_store_counts(s->store, s->sweep.id, &c, err);
    if (status)
        return status;
    ms_printable(r.host, '?', "");
    printf("%s\n", s->sweep.name);
    status = print_data(s, err);
    if (status)
        return status;
    print_state(s, &r);
    if (s->sweep.trials_planned > 0)
        snprintf(planned, sizeof planned, " of %lld", (long long)s->sweep.trials_planned);
    printf("  trials      %lld%s begun, %lld ended\n", (long long)c.trials_begun, planned,
           (long long)c.trials_ended);
    printf("  executions  %lld done, %lld running, %lld waiting, %lld failed\n", (long long)c.done,
           (long long)c.running, (long long)c.waiting, (long long)c.failed);
    status = print_attempts(s, err);
    if (!status)
        status = print_failures(s, err);
    if (!status)
        print_machine(s, &r);
    if (!status)
        status = print_speed(s, &r, &c, err);
    if (!status)
        status = print_waiting(s, &r, err);
    if (!status)
        status = print_best(s, err);
    return status ? status : print_sweeps(s, err);
}

int ms_show_status_command(int argc, char **argv)
{
    const char *sweep = NULL, *store[1];
    const struct ms_option options[] = {
        ms_show_sweep_option(&sweep),
    };
    const struct ms_syntax syntax = {"status", usage, options, 1, 1, 1, "store", examples};
    const int n = ms_options_read(&syntax, argc, argv, store);
    if (n < 0)
        return -1 - n;
    struct ms_error err = {0};
    struct ms_show s;
    int status = ms_show_open(&s, store[0], sweep, &err);
    if (!status)
        status = ms_show_rank(&s, -1, -1, &err);
    if (!status)
        status = print_status(&s, &err);
    ms_show_close(&s);
    return ms_show_exit("status", status, &err);
}
