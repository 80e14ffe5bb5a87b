// SPDX-License-Identifier: MIT
//
// What a stage does in turn: it searches, resolves, confirms, finishes. A phase is asked for
// executions whenever nothing runs, again and again until it has none; then comes the next. What a
// phase asks for follows from the store alone, so that a run that continues comes to the same phase
// by finding the earlier ones without anything to do.
#include "coordinator_internal.h"

// Finds out if max_wall_seconds cut the search off. Asked once nothing runs, because the last
// results may have completed the search. The study's answer, its next step, is discarded.
static int ask_cut_off(struct coordinator *c, struct ms_error *err)
{
    struct ms_feed_offered offered;
    int status = ms_feed_offer(c->feed, c->dispatch, 1, &offered, err);
    c->dirty = c->dirty || offered.wrote;
    ms_dispatch_event(c->dispatch, &(struct ms_event){.kind = MS_EV_STOP});
    c->end->interrupted = !ms_feed_ended(c->feed);
    return status;
}

// An unfinished search has no winner yet: nothing comes after it.
static int end_search(struct coordinator *c, struct ms_error *err)
{
    int status = c->over ? ask_cut_off(c, err) : 0;
    c->phase = ms_feed_ended(c->feed) ? PHASE_RESOLVE : PHASE_OVER;
    if (!status && c->phase == PHASE_OVER)
        status = ms_coordinator_say_end(c, err);
    return status;
}

static int nothing(struct coordinator *c, struct ms_error *err)
{
    (void)c;
    (void)err;
    return 0;
}

// The winner of the last stage alone is tested; every stage keeps its own best.
static int offer_finish(struct coordinator *c, struct ms_error *err)
{
    const bool test = c->stage + 1 == c->n_stages;
    ms_dispatch_event(c->dispatch, &(struct ms_event){.kind = MS_EV_GO});
    int status = ms_keep_settle(&c->keep, c->run, err);
    if (!status)
        status =
            ms_finish_offer(&c->finish, c->run, &c->keep, test, c->dispatch, &c->progress, err);
    c->dirty = true;
    return status;
}

// Nobody asks for what has not ended: an earlier run with more to resolve left it.
static int leave_confirm(struct coordinator *c, struct ms_error *err)
{
    const int status = ms_store_forget_more(c->run->store, err);
    c->dirty = true;
    return status ? status : ms_coordinator_say_end(c, err);
}

// By phase: offers dispatch the executions that are next, none where the phase is over. leave: what
// is said when it is.
static const struct {
    int (*offer)(struct coordinator *c, struct ms_error *err);
    int (*leave)(struct coordinator *c, struct ms_error *err);
    bool once; // all of its executions are offered at once
} phases[] = {
    [PHASE_RESOLVE] = {ms_coordinator_resolve, nothing, false},
    [PHASE_CONFIRM] = {ms_coordinator_confirm, leave_confirm, false},
    [PHASE_FINISH] = {offer_finish, nothing, true},
};

// Goes to the phase that has something to run, or to the end.
static int go_on(struct coordinator *c, struct ms_error *err)
{
    for (; c->phase < PHASE_OVER; c->phase++) {
        const bool offered = c->offered && phases[c->phase].once;
        int status = offered ? 0 : phases[c->phase].offer(c, err);
        if (!status && c->end->interrupted) { // by max_wall_seconds
            c->phase = PHASE_OVER;
            return ms_coordinator_say_end(c, err);
        }
        c->offered = true;
        if (status || !ms_dispatch_idle(c->dispatch) || (status = phases[c->phase].leave(c, err)))
            return status;
        c->offered = false;
    }
    return 0;
}

bool ms_coordinator_advance(struct coordinator *c, int *status, struct ms_error *err)
{
    if (!ms_dispatch_idle(c->dispatch))
        return false;
    if (c->phase == PHASE_SEARCH) {
        if (!(ms_feed_ended(c->feed) || c->over))
            return false;
        *status = end_search(c, err);
    }
    if (!*status && c->phase < PHASE_OVER)
        *status = go_on(c, err);
    // A worker must hold nothing of this sweep when it gets the next one.
    return *status || (c->phase == PHASE_OVER &&
                       (c->stage + 1 == c->n_stages || ms_dispatch_quiet(c->dispatch)));
}
