// SPDX-License-Identifier: MIT
//
// How long a sweep will take: from what the cost model expects of every trial, from what a few of
// them were measured to take, and from how dispatch hands out work. Pure arithmetic, used by plan.
#ifndef MLPSWEEP_FORECAST_H
#define MLPSWEEP_FORECAST_H

#include <stdint.h>

#include "mlpsweep/status.h"

enum { MS_PROBES_MOST = 16 };

// Which trials to measure. model_s: (n) expected seconds of each. Trials that are expected to take
// exactly the same are one kind and measured once. Writes indices into model_s, the most telling
// first: the dearest kind, the cheapest, then what halves the widest gaps in the order of their
// costs, so that whoever runs out of time may stop anywhere. Returns how many (at most
// MS_PROBES_MOST); *kinds is how many kinds there are. MS_ENOMEM.
int ms_forecast_probes(const double *model_s, int64_t n, int64_t probe[MS_PROBES_MOST],
                       int64_t *kinds, struct ms_error *err) MS_MUST_CHECK;

// What was measured, in the order of the model's seconds. Zero-initialise.
struct ms_calibration {
    int n;
    struct {
        double model_s, ratio; // measured seconds over the model's
    } point[MS_PROBES_MOST];
};
void ms_forecast_calibration_add(struct ms_calibration *c, double model_s, double measured_s);

// The model's seconds times the ratio measured there; between two measurements the ratio's
// logarithm goes evenly with the cost's, beyond the last it stays. Without measurements: model_s.
double ms_forecast_calibrated(const struct ms_calibration *c, double model_s);

// Seconds until n independent executions, of so many seconds each, are done on so many workers with
// a processor each. List scheduling: a worker that is free takes the longest that waits (Graham
// 1969, LPT), as dispatch does. Reorders seconds.
int ms_forecast_makespan(double *seconds, int64_t n, int workers, double *out_s,
                         struct ms_error *err) MS_MUST_CHECK;

#endif
