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
#include "show_data.h"
#include "show_follow.h"
#include "show_json.h"

static const char examples[] =
    "mlpsweep status results.db\n"
    "mlpsweep status results.db --follow    # a live view, from any terminal\n"
    "mlpsweep status results.db --json | jq .seconds_left\n";

static const char usage[] =
    "usage: mlpsweep status STORE [--sweep NAME] [--follow | --json]\n"
    "\n"
    "Shows how far a sweep has come and whether its run is alive, even while it runs; then lists\n"
    "all sweeps of the store if there are several. The stages of a staged sweep are called\n"
    "SWEEP:N-STAGE.\n";

static void print_failures(const struct ms_show *s, const struct ms_show_facts *f)
{
    enum { INDENT = 14 };
    char text[1500];
    ms_show_failures(&f->failures, &f->counts, strcmp(s->sweep.state, "finished") == 0, text,
                     sizeof text);
    if (!*text)
        return;
    printf("  failures    ");
    ms_text_wrap(stdout, ms_printable(text, ' ', ""), INDENT, s->screen);
    printf("\n");
}

// How the workers compute: the core of their BLAS, its speed, their memory.
static void print_machine(const struct ms_show *s, const struct ms_run_info *r)
{
    enum { INDENT = 14 };
    char text[64];
    if (!r->core[0])
        return;
    printf("  computing   OpenBLAS's core %s", r->core);
    if (r->gflops > 0)
        printf(", %.3g GFLOP/s on one thread", r->gflops);
    if (r->worker_bytes > 0)
        printf("; %s of memory for a worker", ms_text_bytes(r->worker_bytes, text, sizeof text));
    printf("\n");
    if (r->core_note[0]) {
        printf("%*s", INDENT, "");
        ms_text_wrap(stdout, r->core_note, INDENT, s->screen);
        printf("\n");
    }
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

static void print_attempts(const struct ms_store_outcomes *o)
{
    for (int i = 0; i < o->n; i++)
        printf("%s%lld %s", i ? ", " : "  attempts    ", (long long)o->item[i].count,
               o->item[i].word);
    if (o->n)
        printf("\n");
}

static int print_status(struct ms_show *s, struct ms_error *err)
{
    struct ms_show_facts f;
    const struct ms_store_counts *c = &f.counts;
    char planned[64] = "", text[1000];
    int status = ms_show_facts(s, &f, err);
    if (status)
        return status;
    printf("%s\n", s->sweep.name);
    status = print_data(s, err);
    if (status)
        return status;
    printf("  state       %s\n", ms_show_state(s, &f, text, sizeof text));
    if (s->sweep.trials_planned > 0)
        snprintf(planned, sizeof planned, " of %lld", (long long)s->sweep.trials_planned);
    printf("  trials      %lld%s begun, %lld ended\n", (long long)c->trials_begun, planned,
           (long long)c->trials_ended);
    printf("  executions  %lld done, %lld running, %lld waiting, %lld failed\n", (long long)c->done,
           (long long)c->running, (long long)c->waiting, (long long)c->failed);
    print_attempts(&f.outcomes);
    print_failures(s, &f);
    print_machine(s, &f.run);
    if (*ms_show_speed(&f, text, sizeof text))
        printf("  speed       %s\n", text);
    if (!isnan(f.waiting))
        printf("  waiting     %.1f %% of the workers' time in this run\n", 100 * f.waiting);
    status = print_best(s, err);
    return status ? status : print_sweeps(s, err);
}

static int print_json(struct ms_show *s, struct ms_error *err)
{
    struct ms_show_facts f;
    const int status = ms_show_facts(s, &f, err);
    return status ? status : ms_show_json_status(s, &f, err);
}

int ms_show_status_command(int argc, char **argv)
{
    const char *sweep = NULL, *store[1];
    bool follows = false, json = false;
    double every_s = 1;
    const struct ms_option options[] = {
        ms_show_sweep_option(&sweep),
        {.name = "follow",
         .kind = MS_OPT_FLAG,
         .to = &follows,
         .doc = "show it on the whole screen until its run has ended; q leaves"},
        {.name = "interval",
         .kind = MS_OPT_SECONDS,
         .to = &every_s,
         .lo = 0.1,
         .doc = "with --follow: look again after so many seconds (default 1)"},
        {.name = "json", .kind = MS_OPT_FLAG, .to = &json, .doc = "print one JSON object"},
    };
    const struct ms_syntax syntax = {"status", usage, options, 4, 1, 1, "store", examples};
    const int n = ms_options_read(&syntax, argc, argv, store);
    if (n < 0)
        return -1 - n;
    struct ms_error err = {0};
    struct ms_show s;
    int status = ms_show_open(&s, store[0], sweep, &err);
    if (!status && follows && !json)
        status = ms_show_follow(s.store, sweep, every_s, &err);
    if (!status && follows) // what it has come to
        status = ms_store_find(s.store, sweep, &s.sweep, &err);
    if (!status)
        status = ms_show_rank(&s, -1, -1, &err);
    if (!status)
        status = json ? print_json(&s, &err) : print_status(&s, &err);
    ms_show_close(&s);
    return ms_show_exit("status", status, &err);
}
