// SPDX-License-Identifier: MIT
//
// The median stopping rule (Golovin, Solnik, Moitra, Kochanski, Karro & Sculley 2017, "Google
// Vizier: a service for black-box optimization", KDD, section 3.2.2): a trial is stopped after
// epoch e when the best objective it has had by then is strictly worse than the median of the
// running averages, over epochs 1 … e, of the trials that ended before. A trial counts if it was
// trained that far, or ended earlier by itself; one that this rule had stopped before e does not,
// nor does one with executions that failed, unless those are ignored (study_history.c).
//
// It decides after epochs start_epoch, start_epoch + interval, …, once min_trials trials count.
// Deterministic: trial k is compared with trials 0 … k-1-lag.
#include "scheduler.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"

enum { START_EPOCH, INTERVAL, MIN_TRIALS };

const struct ms_scheduler_ops ms_scheduler_median_stop = {.median = true};

struct sorted {
    double *item; // ascending
    int64_t n;
    size_t room;
};

struct ms_median {
    int start, interval;
    int64_t min_trials;
    int n;              // decisions: after epochs start + i * interval
    struct sorted at[]; // (n)
};

int ms_scheduler_median_new(const double *arg, int max_epochs, struct ms_median **out,
                            struct ms_error *err)
{
    int start = (int)arg[START_EPOCH], interval = (int)arg[INTERVAL];
    int n = max_epochs > start ? (max_epochs - 1 - start) / interval + 1 : 0; // not after the last
    struct ms_median *m = calloc(1, sizeof *m + (size_t)n * sizeof *m->at);
    if (!m)
        return ms_no_memory(err, "the medians");
    m->start = start;
    m->interval = interval;
    m->min_trials = (int64_t)arg[MIN_TRIALS];
    m->n = n;
    *out = m;
    return 0;
}

void ms_scheduler_median_free(struct ms_median *m)
{
    for (int i = 0; m && i < m->n; i++)
        free(m->at[i].item);
    free(m);
}

static int insert(struct sorted *s, double v, struct ms_error *err)
{
    int status = ms_grow(&s->item, &s->room, (size_t)s->n + 1, sizeof *s->item, "the medians", err);
    if (status)
        return status;
    int64_t lo = 0, hi = s->n;
    while (lo < hi) {
        int64_t mid = lo + (hi - lo) / 2;
        if (s->item[mid] < v)
            lo = mid + 1;
        else
            hi = mid;
    }
    memmove(s->item + lo + 1, s->item + lo, (size_t)(s->n - lo) * sizeof *s->item);
    s->item[lo] = v;
    s->n++;
    return 0;
}

int ms_scheduler_median_add(struct ms_median *m, const double *average, int n, bool itself,
                            struct ms_error *err)
{
    for (int i = 0; i < m->n && n > 0; i++) {
        int epoch = m->start + i * m->interval;
        if (epoch > n && !itself)
            break;
        double v = average[(epoch < n ? epoch : n) - 1];
        int status = isnan(v) ? 0 : insert(&m->at[i], v, err);
        if (status)
            return status;
    }
    return 0;
}

int ms_scheduler_median_limits(const struct ms_median *m, double *limit, int n)
{
    int used = 0;
    for (int e = 1; e <= n; e++)
        limit[e - 1] = NAN;
    for (int i = 0; i < m->n; i++) {
        int epoch = m->start + i * m->interval;
        const struct sorted *s = &m->at[i];
        if (epoch > n || s->n == 0 || s->n < m->min_trials)
            continue;
        limit[epoch - 1] = (s->item[(s->n - 1) / 2] + s->item[s->n / 2]) / 2;
        used = epoch;
    }
    return used;
}
