// SPDX-License-Identifier: MIT
//
// Forecasts how long a sweep will take. Three things go in: the cost model's expectation of every
// trial, the measurements of a few of them, and the order in which dispatch hands out executions.
// Pure arithmetic, used by plan.
#ifndef MLPSWEEP_FORECAST_H
#define MLPSWEEP_FORECAST_H

#include <stdint.h>

#include "mlpsweep/status.h"

enum { MS_PROBES_MOST = 16 };

// Chooses the trials to measure. model_s: (n) expected seconds of each. Trials that are expected to
// take exactly as long are of one kind, which is measured once. Writes indices into model_s, the
// most informative first: the most expensive kind, the cheapest, then those that halve the widest
// gaps in the order of cost, so that a caller who runs out of time may stop anywhere. Returns their
// number (at most MS_PROBES_MOST) or MS_ENOMEM; *kinds is the number of kinds.
int ms_forecast_probes(const double *model_s, int64_t n, int64_t probe[MS_PROBES_MOST],
                       int64_t *kinds, struct ms_error *err) MS_MUST_CHECK;

// The measurements, in the order of the model's seconds. Zero-initialise.
struct ms_calibration {
    int n;
    struct {
        double model_s, ratio; // measured seconds over the model's
    } point[MS_PROBES_MOST];
};
void ms_forecast_calibration_add(struct ms_calibration *c, double model_s, double measured_s);

// The model's seconds times the ratio measured there. Between two measurements the logarithm of the
// ratio is interpolated linearly over the logarithm of the cost; beyond the outermost ones the
// ratio stays. Without measurements: model_s.
double ms_forecast_calibrated(const struct ms_calibration *c, double model_s);

// The time at which n independent executions, of seconds[i] each, are done on workers that have a
// processor each. List scheduling: a worker that is free takes the longest execution that waits
// (Graham 1969, LPT), as dispatch does. Reorders seconds.
int ms_forecast_makespan(double *seconds, int64_t n, int workers, double *out_s,
                         struct ms_error *err) MS_MUST_CHECK;

#endif
