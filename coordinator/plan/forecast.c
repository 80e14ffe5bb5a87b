// SPDX-License-Identifier: MIT
//
// Probes are spread over the kinds in the order of their costs by van der Corput's sequence, so
// that any beginning of the list covers the whole range. The makespan keeps the workers in a heap
// by the time at which each will be free.
#include "forecast.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "mlpsweep/memory.h"

// --- what to measure ---------------------------------------------------------

struct kind {
    double model_s;
    int64_t trial; // the first of this kind
};

static int by_cost(const void *x, const void *y)
{
    const struct kind *a = x, *b = y;
    if (a->model_s != b->model_s)
        return a->model_s > b->model_s ? 1 : -1;
    return (a->trial > b->trial) - (a->trial < b->trial);
}

static int64_t drop_repeated(struct kind *kind, int64_t n)
{
    int64_t kept = 0;
    for (int64_t i = 0; i < n; i++)
        if (kept == 0 || kind[i].model_s != kind[kept - 1].model_s)
            kind[kept++] = kind[i];
    return kept;
}

// 1/2, 1/4, 3/4, 1/8, 5/8, … for i = 1, 2, …: van der Corput's sequence to the base 2.
static double halving(int i)
{
    double at = 0, part = 0.5;
    for (; i > 0; i /= 2, part /= 2)
        at += (i % 2) * part;
    return at;
}

int ms_forecast_probes(const double *model_s, int64_t n, int64_t probe[MS_PROBES_MOST],
                       int64_t *kinds, struct ms_error *err)
{
    struct kind *kind = malloc((size_t)(n > 0 ? n : 1) * sizeof *kind);
    if (!kind)
        return ms_no_memory(err, "the costs of %lld trials", (long long)n);
    for (int64_t i = 0; i < n; i++)
        kind[i] = (struct kind){model_s[i], i};
    qsort(kind, (size_t)n, sizeof *kind, by_cost);
    n = drop_repeated(kind, n);
    *kinds = n;
    int found = 0;
    // More tries than are wanted, because rounding puts some of them on the same kind.
    for (int i = 0; n > 0 && i < 4 * MS_PROBES_MOST && found < MS_PROBES_MOST && found < n; i++) {
        const double at = i == 0 ? 1 : i == 1 ? 0 : halving(i - 1);
        const int64_t trial = kind[(int64_t)lround(at * (double)(n - 1))].trial;
        bool there = false;
        for (int k = 0; k < found; k++)
            there = there || probe[k] == trial;
        if (!there)
            probe[found++] = trial;
    }
    free(kind);
    return found;
}

// --- what was measured -------------------------------------------------------

void ms_forecast_calibration_add(struct ms_calibration *c, double model_s, double measured_s)
{
    if (c->n == MS_PROBES_MOST || !(model_s > 0) || !(measured_s > 0))
        return;
    int at = c->n++;
    for (; at > 0 && c->point[at - 1].model_s > model_s; at--)
        c->point[at] = c->point[at - 1];
    c->point[at].model_s = model_s;
    c->point[at].ratio = measured_s / model_s;
}

double ms_forecast_calibrated(const struct ms_calibration *c, double model_s)
{
    int above = 0;
    while (above < c->n && c->point[above].model_s < model_s)
        above++;
    if (c->n == 0)
        return model_s;
    if (above == 0)
        return model_s * c->point[0].ratio;
    if (above == c->n)
        return model_s * c->point[c->n - 1].ratio;
    const double lo = log(c->point[above - 1].model_s), hi = log(c->point[above].model_s);
    const double share = hi > lo ? (log(model_s) - lo) / (hi - lo) : 1;
    const double ratio =
        (1 - share) * log(c->point[above - 1].ratio) + share * log(c->point[above].ratio);
    return model_s * exp(ratio);
}

// --- how executions are handed out -------------------------------------------

// The first worker to be free, on top of the heap, is busy until time_s.
static void busy_until(double *heap, int n, double time_s)
{
    int at = 0;
    for (int child; (child = 2 * at + 1) < n; at = child) {
        if (child + 1 < n && heap[child + 1] < heap[child])
            child++;
        if (heap[child] >= time_s)
            break;
        heap[at] = heap[child];
    }
    heap[at] = time_s;
}

static int longest_first(const void *x, const void *y)
{
    const double a = *(const double *)x, b = *(const double *)y;
    return (a < b) - (a > b);
}

int ms_forecast_makespan(double *seconds, int64_t n, int workers, double *out_s,
                         struct ms_error *err)
{
    workers = n < workers ? (int)n : workers;
    *out_s = 0;
    if (workers < 1)
        return 0;
    double *heap = calloc((size_t)workers, sizeof *heap);
    if (!heap)
        return ms_no_memory(err, "%d workers", workers);
    qsort(seconds, (size_t)n, sizeof *seconds, longest_first);
    for (int64_t i = 0; i < n; i++) {
        const double end_s = heap[0] + seconds[i];
        *out_s = fmax(*out_s, end_s);
        busy_until(heap, workers, end_s);
    }
    free(heap);
    return 0;
}
