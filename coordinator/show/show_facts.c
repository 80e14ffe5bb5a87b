// SPDX-License-Identifier: MIT
//
// Gathering what is known of a sweep's progress, and its sentences about state and speed.
#include "show_facts.h"

#include <math.h>
#include <string.h>

#include "coordinator/rank/stats.h"
#include "mlpsweep/utf8.h"
#include "mlpsweep/words.h"
#include "progress.h"

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

// Speed and time left, from the executions that ended in this run.
static int find_speed(struct ms_show *s, struct ms_show_facts *f, struct ms_error *err)
{
    const struct ms_store_counts *c = &f->counts;
    const struct ms_run_info *r = &f->run;
    struct ms_sums ended;
    int status = ms_store_ended_since(s->store, s->sweep.id, r->started, &ended, err);
    if (status || ended.n == 0 || !(r->elapsed_s > 0))
        return status;
    f->per_s = ended.n / r->elapsed_s;
    f->each_s = ended.y / ended.n;
    if (!f->alive)
        return 0;
    const int64_t executions = c->waiting + c->running + c->done + c->failed;
    const double per_trial = (double)executions / (double)c->trials;
    const double undrawn = fmax((double)s->sweep.trials_planned - (double)c->trials, 0) * per_trial;
    const struct ms_line line = ms_stats_line_of(&ended);
    double left = 0, spent = 0;
    status = seconds_to_do(s, &line, undrawn, &left, &spent, err);
    const double at_once = fmin((ended.y + spent) / r->elapsed_s, fmax((double)r->workers, 1));
    if (!status && at_once > 0)
        f->left_s = left / at_once;
    return status;
}

int ms_show_facts(struct ms_show *s, struct ms_show_facts *out, struct ms_error *err)
{
    *out = (struct ms_show_facts){.alive = strcmp(s->sweep.state, "running") == 0,
                                  .per_s = NAN,
                                  .each_s = NAN,
                                  .left_s = NAN,
                                  .waiting = NAN};
    double wait_s = 0, wall_s = 0;
    int status = ms_store_run(s->store, s->sweep.id, out->alive, &out->run, err);
    if (!status)
        status = ms_store_counts(s->store, s->sweep.id, &out->counts, err);
    if (!status)
        status = ms_store_outcomes(s->store, s->sweep.id, &out->outcomes, err);
    if (!status)
        status = ms_store_failures(s->store, s->sweep.id, &out->failures, err);
    if (!status)
        status = find_speed(s, out, err);
    if (!status)
        status = ms_store_waited(s->store, s->sweep.id, out->run.started, &wait_s, &wall_s, err);
    if (!status && wall_s > 0)
        out->waiting = wait_s / (wait_s + wall_s);
    ms_printable(out->run.host, '?', "");
    ms_printable(out->run.core, '?', "");
    ms_printable(out->run.core_note, '?', "");
    return status;
}

const char *ms_show_state(const struct ms_show *s, const struct ms_show_facts *f, char *out,
                          size_t size)
{
    const struct ms_run_info *r = &f->run;
    const char *state = s->sweep.state;
    char text[64];
    if (!*state)
        snprintf(out, size, "never run");
    else if (f->alive)
        snprintf(out, size, "running on %s (pid %lld) with %lld worker%s for %s", r->host,
                 (long long)r->pid, (long long)r->workers, r->workers == 1 ? "" : "s",
                 ms_progress_duration(r->elapsed_s, text, sizeof text));
    else if (strcmp(state, "killed") == 0)
        snprintf(out, size,
                 "killed: the run that began at %s UTC on %s did not end properly; mlpsweep run "
                 "continues it",
                 r->started, r->host);
    else
        snprintf(out, size, "%s at %s UTC after %s%s", state, r->ended,
                 ms_progress_duration(r->elapsed_s, text, sizeof text),
                 strcmp(state, "interrupted") == 0 ? "; mlpsweep run continues it" : "");
    return out;
}

const char *ms_show_speed(const struct ms_show_facts *f, char *out, size_t size)
{
    char text[64];
    out[0] = '\0';
    if (isnan(f->per_s))
        return out;
    ms_words_append(out, size, "%.3g executions/s in this run, %s each", f->per_s,
                    ms_progress_time_taken(f->each_s, text, sizeof text));
    if (!isnan(f->left_s))
        ms_words_append(out, size, "; about %s to go",
                        ms_progress_duration(f->left_s, text, sizeof text));
    return out;
}
