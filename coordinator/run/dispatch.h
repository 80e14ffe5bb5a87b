// SPDX-License-Identifier: MIT
//
// Who runs what: a pure state machine. Events in, actions out; no clock, no MPI, no SQLite. The
// same code runs under MPI and in the simulator of tests/sim, which delays, duplicates, reorders
// and crashes.
//
//     need jobs?  →  offer(job)…  →  event(…)  →  next_action() until none
//
// Invariants, asserted by the simulator:
//   - every job offered is reported exactly once, as DONE or GIVE_UP, however often workers die –
//   but
//     for those that STOP forgets;
//   - a job is held by at most one living worker at a time, but for a worker believed lost that
//   spoke
//     again: the first good result of either counts, the other one is cancelled;
//   - a ready worker has no work only when no job is waiting that it may take (one that failed
//   there
//     last is for another worker, while there is another) and none can be recalled from others;
//   - an attempt that ends in crash, timeout or loss is followed by another, on another worker
//   where
//     there is one, until max_retries is used up.
//
// Order: the longest expected job first among those in the window (cost), so that no long one is
// left for the end; ties in the order offered. Small jobs travel in batches: each worker is given
// at least two jobs (one runs, one waits), and up to MS_BATCH_MAX while they add up to less than
// batch_s seconds. When the window runs dry, jobs that wait behind a running one are recalled from
// the most loaded workers and given to the idle ones.
//
// A worker answers for every attempt it was given, once: by RESULT or, for one it will not run (it
// was recalled in time, or it never arrived), by RETURNED. Whatever a worker believed lost says
// makes it ready again; a caller that hears a mere PONG from it sends the event READY.
#ifndef MLPSWEEP_DISPATCH_H
#define MLPSWEEP_DISPATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "mlpsweep/wire.h"

#define MS_BATCH_MAX 64

enum ms_order { MS_ORDER_LONGEST, MS_ORDER_FIRST, MS_ORDER_LAST };

struct ms_dispatch_options {
    int n_workers;       // ranks 1 … n_workers
    int max_retries;     // per job
    double batch_s;      // seconds of work a worker should hold; 0.2
    int window;          // jobs wanted in waiting; 0: a default by n_workers
    enum ms_order order; // last: for tests, the reverse order of completion
};

struct ms_dispatch;
int ms_dispatch_new(const struct ms_dispatch_options *o, struct ms_dispatch **out,
                    struct ms_error *err) MS_MUST_CHECK;
void ms_dispatch_free(struct ms_dispatch *d);

// Whether no worker that is there has an attempt to answer for, not even one that no longer counts.
bool ms_dispatch_quiet(const struct ms_dispatch *d);

// Other work for the same workers, once it is idle. Ids of attempts go on, so that a late word
// about an old one is known as such. o->n_workers must be the same.
void ms_dispatch_again(struct ms_dispatch *d, const struct ms_dispatch_options *o);

// How many jobs offer() would like to have now.
int ms_dispatch_wants(const struct ms_dispatch *d);

// A job: trial and execution with a tag that the caller knows it by. seconds: expected duration.
// attempts: how many were already used (a store that is continued).
struct ms_dispatch_execution {
    uint64_t tag;
    double seconds;
    uint32_t attempts;
};
int ms_dispatch_offer(struct ms_dispatch *d, const struct ms_dispatch_execution *t) MS_MUST_CHECK;

enum ms_event_kind {
    MS_EV_READY,    // rank said READY: it exists and is idle
    MS_EV_RESULT,   // rank reports the end of attempt id
    MS_EV_RETURNED, // rank hands attempt id back, not begun; id 0: that was its whole answer
    MS_EV_LOST,     // rank fell silent
    MS_EV_LEFT,     // rank said that it leaves: what it held is for others, and costs no attempt
    MS_EV_DRAIN,    // stop: give out nothing more
    MS_EV_STOP,     // what has not begun is forgotten, also what comes back later; what runs ends
    MS_EV_GO,       // ends STOP: jobs may be offered again
};
struct ms_event {
    enum ms_event_kind kind;
    int rank;
    uint64_t id; // attempt
    enum ms_end end;
    double seconds; // RESULT: measured; calibrates the expectations
};
void ms_dispatch_event(struct ms_dispatch *d, const struct ms_event *e);

enum ms_action_kind {
    MS_ACT_ASSIGN, // send attempt (tag, attempt) to rank
    MS_ACT_RECALL, // ask rank to hand attempt id back if it has not begun
    MS_ACT_CANCEL, // tell rank to stop attempt id: its task ended otherwise
    MS_ACT_DONE,   // the task ended for good with `end`: completed, stopped, diverged, paused,
                   // pruned, cancelled
    MS_ACT_RETRY, // attempt id of the task ended with `end` (interrupted: its worker left) and will
                  // be tried again: record it
    MS_ACT_GIVE_UP, // the task failed for good: retries used up, or an error that a retry repeats
    MS_ACT_IGNORE,  // a result of an attempt that no longer counts (late, duplicate): drop it
};
struct ms_action {
    enum ms_action_kind kind;
    int rank;    // the worker concerned
    uint64_t id; // attempt
    uint64_t tag;
    uint32_t attempt; // number to record it under, 0 …: the task's newest, also when the result is
                      // a late one of an earlier attempt (which was recorded as lost)
    enum ms_end end;
};
// Takes the next action; false when there is none. Do them in order.
bool ms_dispatch_next(struct ms_dispatch *d, struct ms_action *out);

// The task an attempt id belongs to, while what is said of it may count (also when its worker was
// believed lost and the task waits again): its epochs are to be kept. False when they are not.
bool ms_dispatch_find(const struct ms_dispatch *d, uint64_t id, uint64_t *tag, int *rank);

struct ms_dispatch_state {
    int workers_ready, workers_busy, workers_lost;
    int64_t waiting, held, done, failed, retried;
    double seconds_left; // expected, of everything waiting and held, on one worker
    double scale;        // measured over expected seconds, of what has ended; 1 before that
};
void ms_dispatch_state(const struct ms_dispatch *d, struct ms_dispatch_state *out);

// What a worker runs (held 0) and holds after that; returns how many tags were written.
int ms_dispatch_holds(const struct ms_dispatch *d, int rank, uint64_t *tags, int max);

// True when nothing waits and nothing is held.
bool ms_dispatch_idle(const struct ms_dispatch *d);

#endif
