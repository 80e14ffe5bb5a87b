// SPDX-License-Identifier: MIT
//
// How an attempt ended, and what follows from it: the one table that every decision reads. The
// dispatcher asks whether it tries again, schedulers and samplers whether there is a value, the
// store keeps the table as its own table "outcome", which the views join.
#ifndef MLPSWEEP_OUTCOME_H
#define MLPSWEEP_OUTCOME_H

#include <stdbool.h>

enum ms_end {
    MS_END_COMPLETED,   // all epochs
    MS_END_STOPPED,     // early stopping
    MS_END_DIVERGED,    // the loss was not finite
    MS_END_CANCELLED,   // by the coordinator
    MS_END_ERROR,       // the trainer refused; the message says why (out of memory, say)
    MS_END_CRASHED,     // the trainer died: signal or exit status in the message
    MS_END_TIMEOUT,     // longer than search.max_seconds: killed
    MS_END_LOST,        // the worker fell silent (made by the coordinator)
    MS_END_INTERRUPTED, // the run ended before the attempt did (made when a store is continued)
    MS_END_PAUSED,      // trained to attempt.to_epoch; its STATE came before, if it fits a message
    MS_END_PRUNED,      // stopped by attempt.limits: the scheduler's decision
    MS_END_UNDEFINED,   // came to its own end, but its objective has no finite value (made by the
                        // store, which takes the objective)
};
#define MS_N_ENDS (MS_END_UNDEFINED + 1)

struct ms_outcome_row {
    const char *name; // in the store: "early_stopped"
    const char *word; // for people: "stopped early"
    bool failure;     // something went wrong: the message says what
    bool retried;     // another attempt is made, while the execution has any left
    bool counts;      // its epochs count: schedulers compare them, the execution may have a value
    bool itself;      // the training came to its own end; nobody stopped it
};

// The row of an end; one that is no ms_end has the name "unknown" and nothing set.
const struct ms_outcome_row *ms_outcome_of(int end);

// The end of that name; -1: none.
int ms_outcome_find(const char *name);

// A failure without a result uses up one of the attempts that an execution has.
bool ms_outcome_uses_up(int end);

#endif
