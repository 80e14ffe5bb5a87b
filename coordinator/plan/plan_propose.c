// SPDX-License-Identifier: MIT
//
// Measures how long a search that learns takes for its proposals. It is asked for three: with
// nothing known, with half of the trials known, and with all of them. Simpson's rule makes the sum
// over all trials of these, and is exact for the cubic growth of a Gaussian process.
#include <stdlib.h>

#include "mlpsweep/clock.h"
#include "mlpsweep/memory.h"
#include "mlpsweep/rng.h"
#include "plan.h"
#include "coordinator/search/sampler.h"

enum { KNOWN_MOST = 400 }; // beyond it proposals are assumed to cost what they cost there

// Times the proposal after `known` trials, whose results are drawn at random.
static int time_proposal(const struct ms_plan *p, int64_t known, struct ms_observation *item,
                         double *seconds, struct ms_error *err)
{
    const size_t n = (size_t)ms_sweep_space(p->sweep)->n;
    const struct ms_rng luck = ms_rng_at(1, 0, 0, MS_STREAM_SAMPLER);
    struct ms_sampler *sampler;
    double *point = calloc(n + 1, sizeof *point);
    int status = point ? ms_sampler_new(p->sweep, &sampler, err) : ms_no_memory(err, "a trial");
    if (status) {
        free(point);
        return status;
    }
    for (int64_t i = 0; i < known && !status; i++) {
        item[i] = (struct ms_observation){.trial = (uint32_t)i,
                                          .epochs = p->trial[i].epochs,
                                          .value = ms_rng_uniform(&luck, (uint64_t)i),
                                          .point = p->point + (size_t)i * n};
        status = ms_sampler_adopt(sampler, item[i].point, err);
    }
    const struct ms_history history = {.n = known, .item = item};
    const double begun_s = ms_clock_s(CLOCK_PROCESS_CPUTIME_ID);
    const int got = status ? status : ms_sampler_next(sampler, &history, point, err);
    *seconds = ms_clock_s(CLOCK_PROCESS_CPUTIME_ID) - begun_s;
    ms_sampler_free(sampler);
    free(point);
    return got < 0 ? got : 0;
}

int ms_plan_proposing(struct ms_plan *p, struct ms_error *err)
{
    int64_t last = p->walked - 1 < KNOWN_MOST ? p->walked - 1 : KNOWN_MOST;
    p->proposing_s = 0;
    if (!p->learns || last < 2)
        return 0;
    struct ms_observation *item = calloc((size_t)last, sizeof *item);
    double none_s = 0, half_s = 0, all_s = 0;
    int status = item ? 0 : ms_no_memory(err, "%lld trials", (long long)last);
    if (!status)
        status = time_proposal(p, 0, item, &none_s, err);
    if (!status)
        status = time_proposal(p, last / 2, item, &half_s, err);
    if (!status)
        status = time_proposal(p, last, item, &all_s, err);
    free(item);
    p->proposing_s =
        (none_s + 4 * half_s + all_s) / 6 * (double)last + all_s * (double)(p->trials - last);
    return status;
}
