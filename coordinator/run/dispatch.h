// SPDX-License-Identifier: MIT
//
// Decides who runs what: a pure state machine. Events in, actions out; no clock, no MPI, no SQLite.
// The same code runs under MPI and in the simulator of tests/sim, which delays, duplicates,
// reorders and crashes.
//
//     wants?  →  offer(execution)…  →  event(…)  →  next(action) until there is none
//
// Invariants, asserted by the simulator:
//
//   - Every execution offered is reported exactly once, as DONE or GIVE_UP, however often workers
//     die. The exception is those that STOP forgets.
//
//   - An execution is held by at most one living worker at a time. The exception is a worker that
//     was believed lost and speaks again: the first good result of either counts, and the other
//     attempt is cancelled.
//
//   - A ready worker is idle only when no execution that it may take is waiting, and none can
//     be recalled from others. While there is another worker, it may not take an execution whose
//     last failure was here.
//
//   - An attempt that ends in crash, timeout or loss is followed by another, on another worker
//     if there is one, until max_retries is used up.
//
// Order: the execution expected to be longest first, among those in the window, so that no long one
// is left for the end; ties in the order offered. Small executions travel in batches: each worker
// is given at least two (one runs, one waits), and up to MS_BATCH_MAX while they add up to less
// than batch_s seconds. When the window runs dry, executions that wait behind a running one are
// recalled from the most loaded workers and given to the idle ones.
//
// A worker answers once for every attempt it was given: by RESULT or, for one it will not run (it
// was recalled in time, or it never arrived), by RETURNED. Any message from a worker believed lost
// makes it ready again; a caller that hears a mere PONG from it sends the event READY.
#ifndef MLPSWEEP_DISPATCH_H
#define MLPSWEEP_DISPATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "mlpsweep/wire.h"

#define MS_BATCH_MAX 64 // attempts that a worker holds at most

enum ms_order { MS_ORDER_LONGEST, MS_ORDER_FIRST, MS_ORDER_LAST };

struct ms_dispatch_options {
    int n_workers;       // ranks 1 … n_workers
    int max_retries;     // of an execution
    double batch_s;      // expected seconds a worker should hold; 0.2
    int window;          // executions wanted in waiting; 0: a default by n_workers
    enum ms_order order; // last: for tests, the reverse order of completion
    int depth; // executions that wait or are held, for each worker: no more are wanted, and no
               // batch depends on measured seconds; 0: window and batch_s say how many
};

struct ms_dispatch;
int ms_dispatch_new(const struct ms_dispatch_options *o, struct ms_dispatch **out,
                    struct ms_error *err) MS_MUST_CHECK;
void ms_dispatch_free(struct ms_dispatch *d);

// True when no living worker has an attempt to answer for, not even one that no longer counts.
bool ms_dispatch_quiet(const struct ms_dispatch *d);

// Begins another search with the same workers, once this one is idle. Ids of attempts go on, so
// that a late message about an old one is recognised. o->n_workers must be the same.
void ms_dispatch_again(struct ms_dispatch *d, const struct ms_dispatch_options *o);

// How many executions it would like to be offered now.
int ms_dispatch_wants(const struct ms_dispatch *d);

// An execution, or the next part of one.
struct ms_dispatch_execution {
    uint64_t tag;      // the caller's name for it
    double seconds;    // expected
    uint32_t attempts; // already used, in a store that is continued
};
int ms_dispatch_offer(struct ms_dispatch *d, const struct ms_dispatch_execution *x) MS_MUST_CHECK;

enum ms_event_kind {
    MS_EV_READY,    // rank said READY: it exists and is idle
    MS_EV_RESULT,   // rank reports the end of attempt id
    MS_EV_RETURNED, // rank hands attempt id back, not begun; id 0: that was its whole answer
    MS_EV_LOST,     // rank fell silent
    MS_EV_LEFT,     // rank said that it leaves: others get what it held, and no attempt is used up
    MS_EV_DRAIN,    // give out nothing more
    MS_EV_STOP,     // forget what has not begun, even if it comes back later; what runs ends
    MS_EV_GO,       // ends STOP: executions may be offered again
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
    MS_ACT_CANCEL, // ask rank to stop attempt id: its execution ended otherwise
    MS_ACT_DONE,   // the execution ended well, with `end`: completed, stopped, diverged, paused,
                   // pruned, cancelled
    MS_ACT_RETRY,  // attempt id failed with `end` (interrupted: its worker left), and its execution
                   // will be tried again: record it
    MS_ACT_GIVE_UP, // the execution failed for good: retries used up, or an error that would recur
    MS_ACT_IGNORE,  // a result of an attempt that no longer counts (late, duplicate): drop it
};
struct ms_action {
    enum ms_action_kind kind;
    int rank;    // the worker concerned
    uint64_t id; // attempt
    uint64_t tag;
    uint32_t attempt; // number to record it under, 0 …: the execution's newest, even if the
                      // result is a late one of an earlier attempt (which was recorded as lost)
    enum ms_end end;
};
// Takes the next action; false when there is none. Do them in order.
bool ms_dispatch_next(struct ms_dispatch *d, struct ms_action *out);

// The execution of an attempt whose epochs must be kept, because its result may still count: even
// if its worker was believed lost and the execution waits again. False: its epochs are dropped.
bool ms_dispatch_find(const struct ms_dispatch *d, uint64_t id, uint64_t *tag, int *rank);

struct ms_dispatch_state {
    int workers_ready, workers_busy, workers_lost;
    int64_t waiting, held, done, failed, retried;
    double seconds_left; // expected, of everything waiting and held, on one worker
    double scale;        // measured over expected seconds, of what has ended; 1 before that
};
void ms_dispatch_state(const struct ms_dispatch *d, struct ms_dispatch_state *out);

// Tags of what a worker runs (the first) and holds after that. Returns how many were written.
int ms_dispatch_holds(const struct ms_dispatch *d, int rank, uint64_t *tags, int max);

// True when nothing waits and nothing is held.
bool ms_dispatch_idle(const struct ms_dispatch *d);

#endif
