// SPDX-License-Identifier: MIT
//
// The coordinator's own state, shared by its six parts: coordinator.c (the run, stage by stage),
// coordinator_loop.c (one stage: the loop and what is sent), coordinator_phases.c (what a stage
// does in turn), coordinator_in.c (what comes in, and the ends of attempts), coordinator_show.c
// (what is shown).
#ifndef MLPSWEEP_COORDINATOR_INTERNAL_H
#define MLPSWEEP_COORDINATOR_INTERNAL_H

#include "coordinator.h"
#include "feed.h"
#include "finish.h"
#include "mlpsweep/clock.h"

// What a stage does in turn. A phase is over when its executions have ended and it has no more.
enum phase {
    PHASE_SEARCH,  // all executions that the study asks for
    PHASE_RESOLVE, // more executions of the trials that cannot be told from the best
    PHASE_CONFIRM, // fresh executions of the winner
    PHASE_FINISH,  // what is made of the winner: its executions are run again, to the same bits
    PHASE_OVER,
};

struct worker {
    char host[256];
    bool ready, lost;
    int stage;            // whose sweep it was sent
    double heard_s;       // when it last spoke
    uint64_t running_tag; // what it runs, according to the store
    bool running;
    uint32_t epoch; // of what it runs, for the progress block
    double value;
};

struct coordinator {
    // The run.
    const struct ms_run *run; // with the sweep of this stage
    struct ms_run_end *end;
    int stage, n_stages; // 0 …
    struct ms_dispatch *dispatch;
    struct worker *worker; // by rank; [0] unused
    struct ms_buf buf;     // the message that is being built
    struct ms_action *outbox;
    size_t n_outbox, room_outbox;
    double began_s;
    double turned_s, pinged_s;
    char blas[512]; // of the workers

    // The stage: made and undone by ms_coordinator_stage.
    struct ms_sampler *sampler;
    struct ms_study *study;
    struct ms_known *known; // NULL: the store has not begun the sweep
    int64_t n_known;
    struct ms_feed *feed;
    struct ms_keep keep;     // the best trials, and their weights
    struct ms_finish finish; // what is run again
    struct ms_progress progress;
    enum phase phase;
    bool offered; // it has been asked for executions
    int64_t more; // executions after the search so far
    double start_s, blocked_since_s;
    int64_t done, failed, finished_now; // executions, in this run
    int64_t without;                    // … that ended well, but without a value
    struct ms_trial_rank best;          // of the trials that have ended; n 0: none
    bool news;                          // a result came in since the study was last asked
    bool over;                          // max_wall_seconds is used up: nothing more begins
    bool dirty;                         // the store has something to commit
};

// Runs one stage to its end, and commits it. complete: nothing is left of it, so that its winner is
// final. What belongs to the stage alone is gone afterwards.
int ms_coordinator_stage(struct coordinator *c, bool *complete, struct ms_error *err);

// Asked whenever all executions offered so far may have ended: begins the next phase, or goes on in
// this one, where there is something left to run. True when the stage is over.
bool ms_coordinator_advance(struct coordinator *c, int *status, struct ms_error *err);

// Asked when nothing runs: offer the next executions that separate trials, that confirm the winner
// (coordinator_more.c). None: it is done. end->interrupted: there is no time for them.
int ms_coordinator_resolve(struct coordinator *c, struct ms_error *err);
int ms_coordinator_confirm(struct coordinator *c, struct ms_error *err);

// Lets the workers go. Returns `status`, which says how the run went, unless this fails too.
int ms_coordinator_end(struct coordinator *c, int status, struct ms_error *err);

// Takes one message: dispatch learns of it, the store keeps it.
int ms_coordinator_message(struct coordinator *c, const struct ms_message *m, struct ms_error *err);

// Does what dispatch decided; what is to be sent waits in the outbox for the commit. r: the result
// that caused it, NULL where none did.
int ms_coordinator_act(struct coordinator *c, const struct ms_result *r, struct ms_error *err);

// The attempt that an action is about.
struct ms_attempt ms_coordinator_attempt(const struct ms_action *a);

// Prints the lines before the first trial and after the last; the live block, or a line now and
// then.
void ms_coordinator_greet(struct coordinator *c);
int ms_coordinator_say_end(struct coordinator *c, struct ms_error *err);
void ms_coordinator_show(struct coordinator *c, double now, bool final);

#endif
