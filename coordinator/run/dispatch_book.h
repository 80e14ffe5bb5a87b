// SPDX-License-Identifier: MIT
//
// The dispatcher's books: its records and the sums and heaps that follow from them. Only dispatch.c
// (events, choosing) and dispatch_book.c (keeping the records consistent) see it.
//
// Three kinds of records, named by index:
//
//   task     what was offered; free again once reported. It waits (in the heap `waiting`) or has a
//            current attempt, the one that is expected to end it.
//   attempt  one giving of a task to a worker. Lives from ASSIGN until the worker says what became
//   of
//            it, even when the worker was lost meanwhile or the task ended otherwise: `task` is
//            then NONE, and what is said of it is ignored. Its id is index + generation << 32, so
//            an id is never used twice and is found without a search.
//   rank     a worker with the list of its attempts in the order given: the first one runs.
//
// Of an attempt and its task:
//   current     task.current is the attempt
//   stale       the worker was believed lost and the task waits again or is tried elsewhere.
//   Results
//               are deterministic, so a good one of a stale attempt ends the task just as well, and
//               the newer attempt is cancelled.
//   orphan      its task is NONE
#ifndef MLPSWEEP_DISPATCH_BOOK_H
#define MLPSWEEP_DISPATCH_BOOK_H

#include "dispatch.h"
#include "heap.h"

enum { NONE = -1, RATIOS = 63 };
enum rank_state { ABSENT, READY, LOST };
enum recall { NOT_RECALLED, RECALLED, REFUSED }; // refused: it had begun

struct task {
    uint64_t tag;
    uint64_t order; // in which it was offered
    double seconds;
    uint32_t attempt; // number of the current or the next attempt
    int avoid;        // rank where it failed last; 0: none
    bool moved;       // recalled since it failed: not again, or it would wander for ever between
                      // a worker that is busy and one that must not have it
    int current;      // attempt, NONE while it waits
    int attempts;     // first of all its attempts, see attempt.sibling
    int next_free;
};

struct attempt {
    uint32_t generation;
    int task;
    int rank; // 0: not in use
    int prev, next;
    int sibling; // next attempt of the task; of one not in use: the next of these
    double seconds;
    enum recall recall;
};

struct rank {
    enum rank_state state;
    int first, last; // attempts
    // Sums over the attempts, see ms_dispatch_book_survey.
    int held;
    int recallable; // behind the running one, current, not yet recalled
    int recalled;   // and not yet answered
    double seconds; // of all held
};

struct ms_dispatch {
    struct ms_dispatch_options o;
    struct task *tasks;
    int n_tasks, free_task;
    struct attempt *attempts;
    int n_attempts, room_attempts, free_attempt;
    struct rank *ranks; // [n_workers + 1]
    int *aside;         // [n_workers + 1]: hungry ones that nothing fits
    struct ms_heap waiting, hungry, loaded;
    struct ms_action *actions;
    size_t action_first, action_last, action_room;
    bool drain;
    bool stop; // what waits is forgotten
    uint64_t offered;
    int ready, idle, lost, recalled;
    int64_t recallable, held, done, failed, retried;
    double waiting_s, held_s;
    // measured / expected of the last completed attempts: as they came, and sorted
    double ratios[RATIOS], sorted[RATIOS];
    int n_ratios, at_ratio;
};

// Orders of the three heaps.
bool ms_dispatch_book_task_before(const void *dispatch, int a, int b);
bool ms_dispatch_book_hungry_before(const void *dispatch, int a, int b);
bool ms_dispatch_book_loaded_before(const void *dispatch, int a, int b);

// measured / expected: what the expectations are worth. The median of the last RATIOS.
void ms_dispatch_book_calibrate(struct ms_dispatch *d, double measured, double expected);
double ms_dispatch_book_ratio(const struct ms_dispatch *d);

// Appends an action; t may be NULL. Events find their room reserved when the attempt was made.
void ms_dispatch_book_act(struct ms_dispatch *d, enum ms_action_kind kind, int rank, uint64_t id,
                          const struct task *t, enum ms_end end);

// Counts a rank's attempts anew and puts it where it now belongs.
void ms_dispatch_book_survey(struct ms_dispatch *d, int r);
// An attempt that could still be asked back: current, behind a running one, not asked before.
bool ms_dispatch_book_recallable(const struct ms_dispatch *d, int a);
// Changes a rank's state; survey must follow.
void ms_dispatch_book_set_state(struct ms_dispatch *d, int r, enum rank_state state);

// Gives task t to rank r: its new current attempt, or NONE when there is no memory.
int ms_dispatch_book_new_attempt(struct ms_dispatch *d, int t, int r);
void ms_dispatch_book_free_attempt(struct ms_dispatch *d, int a); // the worker has no more of it
int ms_dispatch_book_find(const struct ms_dispatch *d,
                          uint64_t id); // NONE: no such attempt, or no more
uint64_t ms_dispatch_book_id(const struct ms_dispatch *d, int a);

int ms_dispatch_book_new_task(struct ms_dispatch *d, const struct ms_dispatch_execution *t);
void ms_dispatch_book_wait_again(struct ms_dispatch *d, int t); // it had a current attempt
void ms_dispatch_book_stop_waiting(struct ms_dispatch *d, int t);
void ms_dispatch_book_make_current(struct ms_dispatch *d, int t, int a);
// The task was reported. What workers still have of it, but attempt `but`, is cancelled where they
// live.
void ms_dispatch_book_end_task(struct ms_dispatch *d, int t, int but);

#endif
