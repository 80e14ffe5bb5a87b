// SPDX-License-Identifier: MIT
//
// The dispatcher's books: who holds what, and the sums and heaps that follow from it. The books
// decide nothing and know no events or actions; dispatch.c does, and calls them.
//
// Three kinds of records, named by index:
//
//   execution  what was offered; its record is free again once it was reported. It waits (in the
//              heap `waiting`) or has a current attempt, the one that is expected to end it.
//   attempt    an execution given to a worker. It lives until the worker says what became of it,
//              even when the worker was lost meanwhile or the execution ended otherwise. Its id is
//              index + generation << 32, so an id is never used twice and is found without a
//              search.
//   rank       a worker with the list of its attempts in the order given: the first one runs.
//
// An attempt is one of these:
//
//   current    execution.current is the attempt
//   stale      its worker was believed lost, and the execution waits again or is tried elsewhere.
//              Results are deterministic, so a good one of a stale attempt ends the execution just
//              as well.
//   orphan     its execution is MS_BOOK_NONE, because that has ended: messages about the
//              attempt no longer count
#ifndef MLPSWEEP_BOOK_H
#define MLPSWEEP_BOOK_H

#include <stdint.h>

#include "heap.h"

enum { MS_BOOK_NONE = -1 };
enum rank_state { ABSENT, READY, LOST };
enum recall { NOT_RECALLED, RECALLED, REFUSED }; // refused: it had begun

struct execution {
    uint64_t tag;   // the caller's name for it
    uint64_t order; // in which it was offered
    double seconds;
    uint32_t attempt; // number of the current or the next attempt
    int avoid;        // rank where it failed last; 0: none
    bool moved;       // recalled since it failed: not again, or it would wander for ever between
                      // a worker that is busy and one that must not have it
    int current;      // attempt; MS_BOOK_NONE while it waits
    int attempts;     // first of all its attempts, see attempt.sibling
    int next_free;
};

struct attempt {
    uint32_t generation;
    int execution;
    int rank; // 0: not in use
    int prev, next;
    int sibling; // next attempt of the execution; of one not in use: the next of these
    double seconds;
    enum recall recall;
};

struct rank {
    enum rank_state state;
    int first, last; // attempts
    // Sums over the attempts, see ms_book_survey.
    int held;
    int recallable; // behind the running one, current, not yet recalled
    int recalled;   // and not yet answered
    double seconds; // of all held
};

struct ms_book {
    int n_workers;
    int most_held; // attempts, by a rank
    struct execution *executions;
    int n_executions, free_execution;
    size_t room_executions;
    struct attempt *attempts;
    int n_attempts, free_attempt;
    size_t room_attempts;
    struct rank *ranks;     // [n_workers + 1]
    struct ms_heap waiting; // executions that wait
    struct ms_heap hungry;  // ready ranks that hold less than most_held, least loaded first
    struct ms_heap loaded;  // ranks from which something can be recalled, most loaded first
    uint64_t offered;
    int ready, idle, lost; // ranks
    int recalled;
    int64_t held;
    double waiting_s, held_s;
};

// Ranks 1 … n_workers, all of them absent. before, owner: the order of executions that wait, see
// struct ms_heap. b must not move afterwards. Clear it also after a failure.
int ms_book_init(struct ms_book *b, int n_workers, int most_held,
                 bool (*before)(const void *owner, int x, int y), const void *owner,
                 struct ms_error *err) MS_MUST_CHECK;
void ms_book_clear(struct ms_book *b);

// --- ranks -------------------------------------------------------------------

// Changes a rank's state; ms_book_survey must follow.
void ms_book_set_state(struct ms_book *b, int r, enum rank_state state);
// Counts a rank's attempts anew and puts it where it now belongs.
void ms_book_survey(struct ms_book *b, int r);

// --- executions --------------------------------------------------------------

// A new execution, which waits. attempt: the number of its first attempt here.
int ms_book_add(struct ms_book *b, uint64_t tag, double seconds,
                uint32_t attempt) MS_MUST_CHECK;   // 0 or MS_ENOMEM
void ms_book_wait_again(struct ms_book *b, int x); // it had a current attempt
void ms_book_stop_waiting(struct ms_book *b, int x);
void ms_book_make_current(struct ms_book *b, int x, int a);
// The execution was reported: its attempts are orphans. except: an attempt whose rank the caller
// surveys itself, or MS_BOOK_NONE.
void ms_book_end(struct ms_book *b, int x, int except);

// --- attempts ----------------------------------------------------------------

// Makes room for one more attempt, so that ms_book_give cannot fail.
int ms_book_reserve_attempt(struct ms_book *b) MS_MUST_CHECK; // 0 or MS_ENOMEM
// Gives execution x, which waits, to rank r: its new current attempt.
int ms_book_give(struct ms_book *b, int x, int r);
void ms_book_free_attempt(struct ms_book *b, int a); // the worker has no more of it
// True for an attempt that could still be asked back: current, behind a running one, not asked
// before.
bool ms_book_recallable(const struct ms_book *b, int a);

uint64_t ms_book_id(const struct ms_book *b, int a);
// The attempt of an id; MS_BOOK_NONE: there is no such attempt, or no more.
int ms_book_find(const struct ms_book *b, uint64_t id);

#endif
