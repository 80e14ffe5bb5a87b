// SPDX-License-Identifier: MIT
//
// Elapsed time in seconds. Code that decides (dispatch, study, samplers, schedulers) gets the time
// as an argument and does not include this.
#ifndef MLPSWEEP_CLOCK_H
#define MLPSWEEP_CLOCK_H

#include <time.h>

static inline double ms_clock_s(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

// Seconds since a fixed moment in the past. This clock is never set back.
static inline double ms_now_s(void)
{
    return ms_clock_s(CLOCK_MONOTONIC);
}

#endif
