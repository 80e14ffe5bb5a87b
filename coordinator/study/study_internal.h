// SPDX-License-Identifier: MIT
//
// What the study_*.c files share: study.c (steps, results, budgets), study_rungs.c (brackets and
// promotions), study_history.c (what trial k may look at).
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
    bool itself; // it ended its training, nobody stopped it
};

struct at_rung { // a trial's result at a rung
    int epochs;
    double value;
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

struct task { // to be handed out before anything new: TRAIN or PRUNE
    uint32_t trial, execution;
    bool prune;
};

// asha: the results in a rung, best first.
struct ladder {
    struct ms_rung_entry *entry;
    bool *promoted; // (n) as entry
    int64_t n, room;
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
    uint32_t n, room;
    int64_t n_open;     // trials not ended
    int64_t executions; // begun, for max_executions
    uint32_t begins;    // trial whose executions are being handed out, and the next of them
    int next_execution;
    bool closed;  // no more trials
    bool opening; // TRIAL was asked for
    const char *why;

    struct task *queue; // ring
    size_t first_task, n_tasks, room_tasks;

    struct bracket *bracket;
    int n_brackets, room_brackets;
    int ended_brackets; // the first so many are over
    struct ladder ladder[MS_MAX_RUNGS];
    int64_t in_flight; // parts without a result

    // What may be looked at.
    uint32_t ready;   // the first so many trials have their first result
    uint32_t visible; // so many are in the history
    int full;         // trials in the first so many brackets are there with all rungs
    struct ms_observation *seen;
    int64_t n_seen, room_seen;
    uint32_t judged; // looked at for target and patience
    double best;
    uint32_t best_trial;
    struct ms_median *median;
};

// The trial's value over its executions, by objective.by; NAN: all failed.
double ms_study_value(const struct ms_study *s, const struct trial *t);

int ms_study_push(struct ms_study *s, uint32_t trial, uint32_t execution, bool prune,
                  struct ms_error *err);

// The trial gets no more epochs. Forgets it unless it is kept.
void ms_study_end_trial(struct ms_study *s, uint32_t trial);

// --- study_rungs.c -----------------------------------------------------------

// The bracket of the next trial, made if it is not there; NULL: no memory.
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

// Whether all that trial k may look at is there.
bool ms_study_may_look(struct ms_study *s, uint32_t k);
// Brings history, medians, best to what trial k sees. 1: a budget (target, patience) ends the
// search.
int ms_study_look(struct ms_study *s, uint32_t k, struct ms_error *err);
// What was brought there, as a sampler gets it.
struct ms_history ms_study_history(const struct ms_study *s);
// Whether a value is good enough to end the search.
bool ms_study_on_target(const struct ms_study *s, double value);
// Limits of a new trial.
int ms_study_limit(struct ms_study *s, struct trial *t, struct ms_error *err);

#endif
