// SPDX-License-Identifier: MIT
//
// The plan of one sweep (one stage of a file) in numbers: its trials, their costs, measurements of
// a few of them, and the time of all. plan_print.c prints it. Nothing here prints, and no store is
// touched.
#ifndef MLPSWEEP_PLAN_H
#define MLPSWEEP_PLAN_H

#include "forecast.h"
#include "mlpsweep/cost.h"
#include "mlpsweep/measure.h"
#include "plan_machine.h"
#include "mlpsweep/sweep.h"

// The measuring function: ms_measure, which is the worker's and is passed in by main().
typedef int (*ms_measure_with)(const struct ms_measurement *measurement, struct ms_measured *out,
                               struct ms_error *err);

struct ms_planned { // a trial
    bool refused;   // cannot be trained
    int epochs;
    struct ms_cost cost;
    double model_s; // of one execution, by the cost model
    double seconds; // calibrated
};

struct ms_wall {
    double training_s; // until the last execution has ended
    double winner_s;   // the winner's executions again, for the test set
    int64_t executions;
    double epochs; // trained in all
};

struct ms_plan {
    const struct ms_sweep *sweep;  // borrowed
    const struct ms_dataset *data; // borrowed
    bool tests;                    // the winner is evaluated on test rows (the last stage)
    int workers;                   // besides one
    double measure_s;              // for all measurements together
    double worker_bytes;           // memory of each of so many workers here; 0: not known

    bool learns, looks;              // the sampler; the study: it waits for results
    bool counted;                    // trials is exact, see ms_sampler_counted
    int64_t trials, walked, refused; // planned; looked at; of these, cannot be trained
    struct ms_planned *trial;        // (walked)
    double *point;                   // (walked, parameters)
    struct ms_error first_refusal;

    double proposing_s; // the coordinator's, of all trials, where the method learns

    int64_t kinds;      // trials of different cost
    int measured;       // of them
    double measuring_s; // that it took
    double slowdown;    // of a training, when others train beside it
    int at_once;        // how many that was measured with; 0: not
    struct ms_calibration calibration;
    struct ms_error not_measured; // the reason, where something could not be measured

    int64_t n;             // trials that can be trained; what follows is over these
    double flops, seconds; // sums of one execution each
    double parameters_min, parameters_max, bytes_max, seconds_min, seconds_max;
    int64_t too_large; // that need more than worker_bytes
    bool stops_early;
    double epochs_most;       // of all executions, if none ends early
    struct ms_wall one, many; // on one worker; on `workers`
};

// Fills p. The caller sets the fields up to worker_bytes, and slowdown and at_once where they were
// measured before. measure NULL: the cost model alone. Clear p also after a failure.
int ms_plan_make(struct ms_plan *p, ms_measure_with measure, struct ms_error *err) MS_MUST_CHECK;
void ms_plan_clear(struct ms_plan *p);

// Measures proposing_s of a plan whose trials were looked at (plan_propose.c).
int ms_plan_proposing(struct ms_plan *p, struct ms_error *err) MS_MUST_CHECK;

// The point of a trial of median cost, to stand for a winner that is not known yet. NULL: no trial
// can be trained.
const double *ms_plan_middling(const struct ms_plan *p);

// The number of trials in all for each that was looked at.
double ms_plan_share(const struct ms_plan *p);

// The command: a row of the table in coordinator/cli.c.
int ms_plan_command(int argc, char **argv, ms_measure_with measure,
                    ms_plan_settle settle); // plan_print.c

#endif
