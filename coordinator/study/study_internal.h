// SPDX-License-Identifier: MIT
//
// The study's own state, shared by its files: study.c (steps, results, budgets), study_trial.c (one
// trial and what its executions are worth), study_rungs.c (brackets and promotions),
// study_history.c (what trial k may look at).
#ifndef MLPSWEEP_STUDY_INTERNAL_H
#define MLPSWEEP_STUDY_INTERNAL_H

#include "scheduler.h"
#include "study.h"

enum execution_state {
    EXECUTION_NEW,
    EXECUTION_RUNNING, // a part of it was asked for
    EXECUTION_PAUSED,
    EXECUTION_ENDED,
};

struct execution {
    enum execution_state state;
    int epochs;      // trained
    double value;    // smaller is better; NAN: failed, or nothing finite
    double *average; // median_stop: running averages after epochs 1 … n_average
    int n_average;
    bool itself; // it ended by itself: nothing stopped it
};

struct at_rung { // a trial's result at a rung
    int epochs;
    double value;  // over its executions, by objective.by; NAN: none
    double failed; // the share of them that counts against it (ms_worth_failed)
};

// Trials are kept as long as somebody may look at them: see struct ms_study.keeps.
struct trial {
    int epochs; // of its configuration
    int n;      // executions
    int left;   // of them, without the result of their part
    int rung;
    int bracket;
    bool ended;          // gets no more epochs
    bool ready;          // has its first result: that of its lowest rung
    struct at_rung last; // at its last rung so far
    struct at_rung *at;  // (n_rungs) with rungs, else NULL
    double *point;       // with a learning sampler, else NULL
    double *average;     // median_stop: mean of its executions' running averages
    int n_average;
    bool itself;    // see struct execution; of all its executions
    bool stopped;   // median_stop ended one of its executions
    double *limits; // median_stop
    int n_limits;
    struct execution execution[];
};

struct bracket {
    struct ms_bracket_plan plan;
    uint32_t first;
    int64_t started; // trials
    int64_t pending; // trials whose part at the rung has not ended
    int rung;
    bool closed; // no trial begins in it any more
    bool ended;
    bool topped; // asha: a trial has reached the top
};

struct due { // a step to be handed out before anything new
    uint32_t trial, execution;
    bool prune; // PRUNE, else TRAIN
};

// asha: the results in a rung, best first.
struct ladder {
    struct ms_worth *entry;
    bool *promoted; // (n) as entry
    int64_t n;
    size_t room;
};

struct ms_study {
    const struct ms_sweep *sweep;
    const struct ms_search *search;
    struct ms_sampler *sampler;
    const struct ms_scheduler_ops *scheduler;
    double sign; // of the metric, so that smaller is better
    int max_epochs;
    bool learns;
    bool looks; // at results of earlier trials: waits for lag
    bool keeps; // trials are kept after their end

    struct trial **trial; // NULL once forgotten
    uint32_t n;
    size_t room;
    int64_t n_open;     // trials not ended
    int64_t executions; // begun, for max_executions
    uint32_t begins;    // trial whose executions are being handed out, and the next of them
    int next_execution;
    bool closed;  // no more trials
    bool opening; // TRIAL was asked for
    const char *why;

    struct due *due; // due[first_due … end_due-1]
    size_t first_due, end_due, room_due;

    struct bracket *bracket;
    int n_brackets;
    size_t room_brackets;
    int ended_brackets; // brackets that are over, counted from the first
    struct ladder ladder[MS_MAX_RUNGS];
    int64_t in_flight; // parts without a result

    // The history that may be looked at.
    uint32_t ready;   // trials with a first result, counted from the first
    uint32_t visible; // trials in the history
    int full;         // brackets, counted from the first, whose trials are there with all rungs
    struct ms_observation *seen;
    int64_t n_seen;
    size_t room_seen;
    double least_failed; // of any trial in it: the others count as failed
    uint32_t judged;     // looked at for target and patience
    struct at_rung best;
    uint32_t best_trial;
    struct ms_median *median;
};

// Appends to what is due.
int ms_study_push(struct ms_study *s, uint32_t trial, uint32_t execution, bool prune,
                  struct ms_error *err);
static inline bool ms_study_has_due(const struct ms_study *s)
{
    return s->first_due < s->end_due;
}

// The trial gets no more epochs. Forgets it unless it is kept.
void ms_study_end_trial(struct ms_study *s, uint32_t trial);

// --- study_trial.c -----------------------------------------------------------

// A trial of n executions, not yet among the study's. NULL: no memory.
struct trial *ms_study_trial_new(const struct ms_study *s, const double *point, int n);
void ms_study_trial_free(struct trial *t);

// Keeps the running averages of an execution's objective, for median_stop.
int ms_study_keep_average(const struct ms_study *s, struct execution *x,
                          const struct ms_study_result *r, struct ms_error *err);
// Makes the trial's running averages of its executions'.
int ms_study_average(struct trial *t, struct ms_error *err);
// Sets what the trial has when all its executions have ended their part: t->last, t->itself.
int ms_study_sum_up(const struct ms_study *s, struct trial *t, struct ms_error *err);
// What the rule of ranking compares of a trial's result.
struct ms_worth ms_study_worth(uint32_t trial, const struct at_rung *at);

// --- study_rungs.c -----------------------------------------------------------

// The bracket of the next trial, made if it does not exist; NULL: no memory.
struct bracket *ms_study_bracket(struct ms_study *s);
// The trial, just opened, joins the last bracket.
void ms_study_join(struct ms_study *s, uint32_t trial);
// No trial will join the last bracket any more.
int ms_study_close_bracket(struct ms_study *s, struct ms_error *err);
// The epoch at which the trial pauses in its rung; 0: at its end.
int ms_study_rung_end(const struct ms_study *s, const struct trial *t);
// All executions of the trial have ended their part at its rung.
int ms_study_rung_result(struct ms_study *s, uint32_t trial, struct ms_error *err);
// asha: 1: a trial was promoted, its parts are in the queue; 0: there is none to promote.
int ms_study_promote(struct ms_study *s, struct ms_error *err);
// asha: nothing runs and nothing begins any more: what is paused is pruned.
int ms_study_prune_rest(struct ms_study *s, struct ms_error *err);

// --- study_history.c ---------------------------------------------------------

// True when every result that trial k may look at has arrived.
bool ms_study_may_look(struct ms_study *s, uint32_t k);
// Updates history, medians and best to what trial k may see. 1: a budget (target, patience) ends
// the search.
int ms_study_look(struct ms_study *s, uint32_t k, struct ms_error *err);
// The same history in the form that a sampler takes.
struct ms_history ms_study_history(const struct ms_study *s);
// True when a result is good enough to end the search.
bool ms_study_on_target(const struct ms_study *s, const struct at_rung *at);
// Sets the limits of a new trial.
int ms_study_limit(struct ms_study *s, struct trial *t, struct ms_error *err);

#endif
