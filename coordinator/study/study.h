// SPDX-License-Identifier: MIT
//
// Decides what to run next, as a function of the reported results alone: no clock, no messages, no
// store. It joins the sampler, the scheduler, the history and the budgets. The caller asks for
// steps one by one and hands in results in any order:
//
//     ms_study_next → TRIAL  … ms_study_open, ms_study_describe
//                   → TRAIN  … run it, or look up what a store knows; then ms_study_result
//                   → PRUNE  … record that the execution ends where it paused
//                   → WAITS  … a result it needs has not arrived
//                   → ENDED
//
// Determinism. When trial k is proposed, everything that looks at results (a sampler that learns,
// median_stop, target, patience) sees trials 0 … k-1-lag and no others. Trial k is not proposed
// until all of them have a result. Rungs are decided when all of their trials have ended their
// part. So what is proposed, promoted and pruned is a function of the sweep alone, not of the
// number of workers or of the order of results. asha is the exception, and says so. The order of
// steps may depend on the order of results; what the steps say does not.
//
// With rungs, a trial's result is that of its lowest rung until its bracket is over: trial k in
// bracket b sees the lowest rungs of trials 0 … k-1-lag and all rungs of those of them in brackets
// up to b-2, for which bracket b waits. Two brackets overlap, so that no worker is idle when a rung
// ends. A learning sampler under hyperband is BOHB (Falkner, Klein & Hutter 2018) with this
// visibility.
//
// Continuing a store. The study is run again from its beginning, and what the store knows is handed
// in at once. So a run killed at any instant goes on to the same end, and more max_trials,
// executions or epochs give what the larger sweep would have given from the start. Two things stay
// as they are in the store: an execution that the smaller sweep had trained further keeps its
// result, and a sampler that learns is not asked again for trials that the store has.
#ifndef MLPSWEEP_STUDY_H
#define MLPSWEEP_STUDY_H

#include "mlpsweep/wire.h"
#include "coordinator/search/sampler.h"

struct ms_study;

// sweep and sampler are borrowed.
int ms_study_new(const struct ms_sweep *sweep, struct ms_sampler *sampler, struct ms_study **out,
                 struct ms_error *err) MS_MUST_CHECK;
void ms_study_free(struct ms_study *s);

enum ms_study_kind {
    MS_STUDY_TRIAL, // the next trial is due: open it
    MS_STUDY_TRAIN, // a part of an execution
    MS_STUDY_PRUNE, // the execution, which is paused, gets no more epochs
    MS_STUDY_WAITS, // for results
    MS_STUDY_ENDED, // everything is decided and done
};
struct ms_study_step {
    enum ms_study_kind kind;
    uint32_t trial, execution;
    int n_executions;     // TRIAL: how many it gets
    uint32_t part;        // TRAIN: 0, 1, 2 … of its trial
    int from_epoch;       // TRAIN: trained so far
    int to_epoch;         // TRAIN: pause after this epoch; 0: to the end
    int n_limits;         // TRAIN: see ms_attempt.limits; 0: none
    const double *limits; // borrowed from the study until the execution's result
};
int ms_study_next(struct ms_study *s, struct ms_study_step *step,
                  struct ms_error *err) MS_MUST_CHECK;

// Answers TRIAL. stored: its point where a store has the trial; NULL: the sampler proposes it.
// Fills point. 1, or 0 when the sampler has no more (then ask for the next step).
int ms_study_open(struct ms_study *s, const double *stored, double *point,
                  struct ms_error *err) MS_MUST_CHECK;

// Right after ms_study_open: what the trial's configuration says. epochs 0: it cannot be trained;
// it has failed, and no part of it is asked for.
int ms_study_describe(struct ms_study *s, uint32_t trial, int epochs,
                      struct ms_error *err) MS_MUST_CHECK;

// Answers TRAIN, once.
struct ms_study_result {
    uint32_t trial, execution;
    enum ms_end end;     // PAUSED: at step.to_epoch; a crash or an error: it failed for good
    int epochs;          // trained, from the start
    double value;        // its objective by objective.at, of all epochs so far; NAN: none
    const double *curve; // the objective metric after epochs 1 … n_curve, if ms_study_wants_curve
    int n_curve;
};
int ms_study_result(struct ms_study *s, const struct ms_study_result *r,
                    struct ms_error *err) MS_MUST_CHECK;

bool ms_study_wants_curve(const struct ms_study *s);

// True when it looks at results at all; otherwise their values may be left out.
bool ms_study_looks(const struct ms_study *s);

// True when executions may be trained in parts.
bool ms_study_pauses(const struct ms_study *s);

// True when its decisions depend on the order in which results arrive; then ask once for each, and
// for few more than there are workers.
bool ms_study_asynchronous(const struct ms_study *s);

// The plan if nothing ends early: trials, and epochs of all their executions.
int64_t ms_study_trials(const struct ms_study *s);
double ms_study_planned_epochs(const struct ms_study *s);

// The reason why no more trials are proposed, for people; NULL: there are no more.
const char *ms_study_why_ended(const struct ms_study *s);

// Executions begun so far: what max_executions counts.
int64_t ms_study_executions(const struct ms_study *s);

// Trials proposed so far.
uint32_t ms_study_proposed(const struct ms_study *s);

#endif
