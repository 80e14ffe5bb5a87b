// SPDX-License-Identifier: MIT
//
// Gathers what a run shows from the coordinator's state: the progress block, and the lines before
// and after a stage. Nothing here changes the state, except end->failed and end->no_result, which
// follow from it.
#include "coordinator_internal.h"
#include "coordinator/show/show.h"
#include "coordinator/store/store_read.h"

#include <math.h>
#include <string.h>

#include "coordinator/show/show_data.h"

// The executions planned, and those that came after the search so far. A search that a budget ends
// runs fewer.
static int64_t executions_planned(const struct coordinator *c)
{
    const struct ms_search *search = ms_sweep_search(c->run->sweep);
    int64_t n = ms_study_trials(c->study) * search->executions_per_trial;
    n = search->max_executions > 0 && n > search->max_executions ? search->max_executions : n;
    return n + c->more;
}

// The expected seconds of epochs already trained in executions that dispatch counts as held.
static double seconds_under_way(const struct coordinator *c)
{
    double seconds = 0;
    for (int rank = 1; rank < c->run->comm->size; rank++) {
        const struct worker *w = &c->worker[rank];
        const struct ms_open_trial *t =
            w->running ? ms_feed_trial(c->feed, ms_tag_trial(w->running_tag)) : NULL;
        const struct ms_open_part *p = t ? ms_feed_part(t, ms_tag_execution(w->running_tag)) : NULL;
        if (p && t->epochs > 0 && w->epoch > p->from_epoch)
            seconds += t->seconds * (w->epoch - p->from_epoch) / t->epochs;
    }
    return seconds;
}

// Seconds until the end: what dispatch has, and the epochs that the study has not offered yet.
static double seconds_left(const struct coordinator *c, const struct ms_dispatch_state *d)
{
    const struct ms_feed_counts *f = ms_feed_counts(c->feed);
    double hidden = ms_study_planned_epochs(c->study) - f->epochs_offered - f->epochs_known;
    double mean = f->epochs_offered > 0 ? f->seconds_offered / f->epochs_offered : 0;
    int workers = d->workers_ready > 0 ? d->workers_ready : 1;
    if (c->finished_now == 0)
        return NAN;
    const double known = fmax(d->seconds_left - seconds_under_way(c) * d->scale, 0);
    return (known + (ms_feed_ended(c->feed) ? 0 : fmax(hidden, 0)) * mean * d->scale) / workers;
}

void ms_coordinator_show(struct coordinator *c, double now, bool final)
{
    const struct ms_run *run = c->run;
    const struct ms_feed_counts *counts = ms_feed_counts(c->feed);
    c->end->failed = c->failed + counts->skipped_failed + counts->refused;
    if (!final && !ms_progress_due(&c->progress, now - c->start_s))
        return;
    struct ms_dispatch_state d;
    ms_dispatch_state(c->dispatch, &d);
    struct ms_progress_state s = {
        .sweep = ms_sweep_name(run->sweep),
        .executions = executions_planned(c),
        .done = c->done + counts->skipped + counts->pruned,
        .failed = c->end->failed + c->without + counts->skipped_without + counts->pruned_without,
        .running = final ? 0 : d.workers_busy,
        .done_before = counts->skipped,
        .finished_now = c->finished_now + counts->pruned + counts->pruned_without,
        .elapsed_s = now - c->start_s,
        .left_s = seconds_left(c, &d),
        .has_best = c->best.n > 0,
        .best_trial = c->best.trial,
        .best = c->best.mean,
        .reader_waits_s = c->blocked_since_s > 0 ? now - c->blocked_since_s : 0,
        .workers = run->comm->size - 1,
        .workers_ready = d.workers_ready,
        .workers_lost = d.workers_lost,
    };
    snprintf(s.metric, sizeof s.metric, "%s", ms_sweep_objective(run->sweep)->name);
    if (s.workers <= MS_PROGRESS_WORKERS) {
        s.n_lines = s.workers;
        for (int rank = 1; rank <= s.workers; rank++) {
            const struct worker *w = &c->worker[rank];
            struct ms_progress_worker *line = &s.line[rank - 1];
            const struct ms_open_trial *t = ms_feed_trial(c->feed, ms_tag_trial(w->running_tag));
            *line = (struct ms_progress_worker){.rank = rank,
                                                .ready = w->ready,
                                                .lost = w->lost,
                                                .busy = w->running,
                                                .trial = ms_tag_trial(w->running_tag),
                                                .execution = ms_tag_execution(w->running_tag),
                                                .epoch = w->epoch,
                                                .epochs = t ? (uint32_t)t->epochs : 0,
                                                .value = w->value};
            memcpy(line->metric, s.metric, sizeof line->metric);
        }
    }
    ms_progress_show(&c->progress, &s, final);
}

static void say_note(void *to, const char *line)
{
    ms_progress_note(to, "%s", line);
}

// Reports what is not as it was in the runs before.
static void greet_changes(struct coordinator *c)
{
    const struct ms_run *run = c->run;
    if (run->edition.number > 1)
        ms_progress_note(&c->progress, "note: %s has other data than %s, and is a sweep of its own",
                         ms_sweep_name(run->sweep), ms_sweep_name_in_file(run->sweep));
    if (run->edition.unknown)
        ms_progress_note(&c->progress,
                         "note: the store does not say which data the trials so far were trained "
                         "on; from now on it does");
    for (int i = 0; run->program_changed && i < run->program_changed->n; i++)
        ms_progress_note(&c->progress,
                         "warning: %s has changed since the last run; trials from before and after "
                         "it are ranked together",
                         run->program_changed->name[i]);
}

// Stages have the same data, which are described before the first.
static void greet_data(struct coordinator *c)
{
    const struct ms_provenance *p = &c->run->provenance;
    if (c->stage > 0)
        return;
    if (c->progress.mode == MS_PROGRESS_NONE)
        ms_show_data_warnings(p->data, p->n_data, ms_show_data_print, stderr);
    else
        ms_show_data(p->data, p->n_data, true, say_note, &c->progress);
    greet_changes(c);
}

void ms_coordinator_greet(struct coordinator *c)
{
    const struct ms_run *run = c->run;
    greet_data(c);
    int executions = ms_sweep_search(run->sweep)->executions_per_trial;
    long long before = 0;
    for (int64_t i = 0; i < c->n_known; i++)
        before += c->known[i].state == MS_DONE || c->known[i].state == MS_FAILED;
    char already[64] = "";
    if (before)
        snprintf(already, sizeof already, ", %lld of them done before", before);
    long long trials = ms_study_trials(c->study);
    ms_progress_note(&c->progress, "%s: %lld trial%s x %d execution%s on %d worker%s into %s%s",
                     ms_sweep_name(run->sweep), trials, trials == 1 ? "" : "s", executions,
                     executions == 1 ? "" : "s", run->comm->size - 1,
                     run->comm->size == 2 ? "" : "s", run->store_path, already);
    if (ms_study_asynchronous(c->study))
        ms_progress_note(
            &c->progress,
            "%s: which trials go on depends on the order of results; another run may choose others",
            ms_table_row(&ms_search_scheduler_table, ms_sweep_search(run->sweep)->scheduler.row)
                ->name);
}

// Says why executions failed, once for each way, and whether any trial has a result.
static int say_failures(struct coordinator *c, struct ms_error *err)
{
    struct ms_sweep_info info;
    struct ms_store_counts counts;
    struct ms_store_failures failures;
    char text[1500];
    int status = ms_store_find(c->run->store, ms_sweep_name(c->run->sweep), &info, err);
    if (!status)
        status = ms_store_counts(c->run->store, info.id, &counts, err);
    if (!status)
        status = ms_store_failures(c->run->store, info.id, &failures, err);
    if (status || counts.failed == 0)
        return status;
    c->end->no_result = counts.done == 0 && !c->end->interrupted;
    ms_progress_note(&c->progress, "%s",
                     ms_show_failures(&failures, &counts, !c->end->interrupted, text, sizeof text));
    return 0;
}

int ms_coordinator_say_end(struct coordinator *c, struct ms_error *err)
{
    const char *why = ms_study_why_ended(c->study);
    if (why && !c->end->interrupted)
        ms_progress_note(&c->progress, "%s: the search ends after %u trial%s", why,
                         ms_study_proposed(c->study), ms_study_proposed(c->study) == 1 ? "" : "s");
    const int status = say_failures(c, err);
    const long long failed_before = ms_feed_counts(c->feed)->skipped_failed;
    if (failed_before)
        ms_progress_note(&c->progress,
                         "%lld execution%s failed in an earlier run; --retry-failed tries again",
                         failed_before, failed_before == 1 ? "" : "s");
    if (c->end->interrupted)
        ms_progress_note(&c->progress, "the search is not complete; the same command continues");
    return status;
}
