// SPDX-License-Identifier: MIT
//
// The 95 % interval of a trial's mean that stays inside the bounds of its metric.
#ifndef MLPSWEEP_INTERVAL_H
#define MLPSWEEP_INTERVAL_H

#include <stdint.h>

#include "stats.h"

// Between which values a metric lies, and whether it is a share of rows. All zero: it is not known.
struct ms_bounds {
    double least, most; // equal: no bounds; either may be infinite
    int64_t rows;       // the validation rows that the metric is a share of; 0: it is no such share
};

// m: from ms_stats_moments_of, with the t of its interval; lo and hi are replaced. rows: behind the
// mean, all executions together where they have different rows.
//
// Two finite bounds: E. B. Wilson's score interval (J. Amer. Statist. Assoc. 22, 1927), which is
// symmetric on the logit scale, with the number of rows that would give the standard error found.
// A share of rows is not known better than that many rows allow: the interval covers Wilson's
// interval of the rows as well, so that executions that agree are not taken for certainty. With one
// execution that is all there is. One finite bound: Student's interval, cut off there, which loses
// no coverage.
void ms_interval_bound(struct ms_moments *m, double t, const struct ms_bounds *bounds,
                       int64_t rows);

#endif
