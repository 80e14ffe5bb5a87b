// SPDX-License-Identifier: MIT
//
// Corrects expected durations by the median ratio of measured to expected seconds, over the latest
// measurements. A cost model is off by a factor that the machine sets, so one factor corrects all
// of its expectations. It is a median because a single measurement may be off by a lot.
#ifndef MLPSWEEP_PACE_H
#define MLPSWEEP_PACE_H

enum { MS_PACE_MOST = 63 };

// Zero-initialise.
struct ms_pace {
    double ratio[MS_PACE_MOST];  // as they came, a ring
    double sorted[MS_PACE_MOST]; // the same, ascending
    int n, at;
};

// Takes a measurement; one that is no positive number is passed over.
void ms_pace_add(struct ms_pace *p, double measured_s, double expected_s);

// Measured over expected seconds; 1 before the first measurement.
double ms_pace_ratio(const struct ms_pace *p);

#endif
