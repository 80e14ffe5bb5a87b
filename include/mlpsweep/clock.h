// SPDX-License-Identifier: MIT
//
// Time as it passes, in seconds. Deciders (dispatch, study, samplers, schedulers) are told the time
// where they need it and do not include this.
#ifndef MLPSWEEP_CLOCK_H
#define MLPSWEEP_CLOCK_H

#include <time.h>

static inline double ms_clock_s(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

// Since some moment in the past: never set back.
static inline double ms_now_s(void)
{
    return ms_clock_s(CLOCK_MONOTONIC);
}

#endif
