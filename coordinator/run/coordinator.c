// SPDX-License-Identifier: MIT
//
// The stages of a sweep, one after the other on the same workers. A stage is a sweep like any
// other, and is run like one (coordinator_loop.c). This file does what lies between two stages: the
// winner makes the next stage's sweep, and every worker gets it before its first attempt of that
// stage.
//
// Nothing remembers which stage a run had reached. A run that continues a store begins with the
// first stage and finds it finished, finds the same winner, and so the same text of the next stage,
// whose name finds its results in turn. A worker that was given up in an earlier stage and speaks
// again is left out, because it holds attempts of that stage.
#include <stdlib.h>

#include "coordinator_internal.h"
#include "mlpsweep/memory.h"
#include "mlpsweep/stages.h"

// Resets what belongs to one stage; the workers, dispatch and buffers stay.
static void forget_stage(struct coordinator *c)
{
    c->start_s = ms_now_s();
    c->blocked_since_s = 0;
    c->done = c->failed = c->without = c->finished_now = 0;
    c->best = (struct ms_trial_rank){0};
    c->over = c->offered = c->dirty = false;
    c->phase = PHASE_SEARCH;
    c->more = 0;
    c->progress =
        (struct ms_progress){.mode = c->run->progress, .out = stdout, .columns = c->run->columns};
}

static int send_sweep(struct coordinator *c, struct ms_error *err)
{
    const struct ms_run *run = c->run;
    if (ms_wire_put_setup(&c->buf, ms_sweep_file(run->sweep), ms_sweep_text(run->sweep)))
        return ms_no_memory(err, "the sweep's text");
    for (int rank = 1; rank < run->comm->size; rank++) {
        struct worker *w = &c->worker[rank];
        if (w->lost)
            continue;
        int status = ms_comm_send(run->comm, rank, c->buf.data, c->buf.size, err);
        if (status)
            return status;
        w->stage = c->stage;
        w->running = false;
    }
    return 0;
}

// Makes the next stage's sweep from this one's winner; NULL: there is no winner.
static int make_next(struct coordinator *c, const struct ms_sweep *first, struct ms_sweep **next,
                     struct ms_error *err)
{
    struct ms_winner w = {0};
    bool found;
    *next = NULL;
    int status = ms_winner_find(c->run, &w, &found, err);
    if (!status && !found) {
        ms_progress_note(&c->progress, "%s has no winner; stages %d to %d are not run",
                         ms_sweep_name(c->run->sweep), c->stage + 2, c->n_stages);
    } else if (!status) {
        status = ms_sweep_stage(first, c->stage + 1, c->run->sweep, w.point, next, err);
        if (!status)
            ms_progress_note(&c->progress, "stage %d of %d continues from trial %u of %s",
                             c->stage + 2, c->n_stages, w.trial, ms_sweep_name(c->run->sweep));
    }
    ms_winner_clear(&w);
    return status;
}

static int refused(const struct coordinator *c, int status, struct ms_error *err)
{
    if (status == MS_EINVAL && c->stage > 0)
        ms_fail_in(
            err,
            "stage %d, %s: the file differs from the store, or the winner of the stage before has "
            "changed",
            c->stage + 1, ms_sweep_name(c->run->sweep));
    return status;
}

// Runs the stages from the first to the last. run: gets the sweep of each in turn.
static int run_stages(struct coordinator *c, const struct ms_sweep *first, struct ms_run *run,
                      struct ms_error *err)
{
    struct ms_sweep *before = NULL;
    int64_t failed = 0;
    int status;
    for (;;) {
        bool complete;
        status = refused(c, ms_coordinator_stage(c, &complete, err), err);
        ms_sweep_free(before); // the store has the new one
        before = NULL;
        c->end->failed = failed += c->end->failed;
        if (status || !complete || c->stage + 1 == c->n_stages)
            break;
        struct ms_sweep *next;
        status = make_next(c, first, &next, err);
        if (status || !next)
            break;
        before = c->end->sweep;
        run->sweep = c->end->sweep = next;
        c->stage++;
        forget_stage(c);
        status = send_sweep(c, err);
        if (status)
            break;
    }
    ms_sweep_free(before);
    return status;
}

int ms_coordinator_run(const struct ms_run *run, struct ms_run_end *end, struct ms_error *err)
{
    struct ms_run of_stage = *run;
    struct coordinator c = {.run = &of_stage, .end = end, .n_stages = ms_sweep_stages(run->sweep)};
    *end = (struct ms_run_end){.clean = true, .reproducible = true};
    forget_stage(&c);
    c.began_s = c.start_s;
    c.worker = calloc((size_t)run->comm->size, sizeof *c.worker);
    int status = c.worker ? 0 : ms_no_memory(err, "%d workers", run->comm->size - 1);
    for (int rank = 1; !status && rank < run->comm->size; rank++)
        c.worker[rank].heard_s = c.start_s;
    if (!status)
        status = run_stages(&c, run->sweep, &of_stage, err);
    if (c.worker)
        status = ms_coordinator_end(&c, status, err);
    ms_dispatch_free(c.dispatch);
    ms_wire_buf_clear(&c.buf);
    free(c.outbox);
    free(c.worker);
    return status;
}
