// SPDX-License-Identifier: MIT
//
// The parts of a step that all optimizers share. Order and formulas: Keras 3
// (keras/src/optimizers/base_optimizer.py: apply, _clip_gradients, _apply_weight_decay,
// _update_model_variables_moving_average).
#include <assert.h>

#include "net.h"
#include "worker/kernels/optimizers.h"
#include "worker/kernels/vector.h"

enum { SUMS = 8 };

// Squares in double: a float's would overflow from 1.8e19 on.
MS_VECTOR
static double square_sum(const ms_real *restrict g, size_t n)
{
    double sum[SUMS] = {0}, all = 0;
    size_t i = 0;
    for (; i + SUMS <= n; i += SUMS)
        for (size_t k = 0; k < SUMS; k++)
            sum[k] += (double)g[i + k] * (double)g[i + k];
    for (; i < n; i++)
        all += (double)g[i] * (double)g[i];
    for (int k = 0; k < SUMS; k++)
        all += sum[k];
    return all;
}

MS_VECTOR
static void scale(ms_real *restrict g, size_t n, ms_real by)
{
    for (size_t i = 0; i < n; i++)
        g[i] *= by;
}

// A NaN stays a NaN.
MS_VECTOR
static void clip_values(ms_real *restrict g, size_t n, ms_real c)
{
    for (size_t i = 0; i < n; i++) {
        ms_real x = g[i] > c ? c : g[i];
        g[i] = x < -c ? -c : x;
    }
}

static void clip_norm(ms_real *g, size_t n, double c)
{
    double norm = sqrt(square_sum(g, n));
    if (!(norm <= c)) // also NaN
        scale(g, n, (ms_real)(c / norm));
}

static void clip(const struct ms_update *u)
{
    const double *arg = u->arg;
    if (arg[MS_CLIPNORM] > 0) {
        for (int i = 0; i < u->n_segments; i++) {
            const struct ms_segment *s = &u->segments[i];
            size_t n = (size_t)s->rows * (size_t)s->cols;
            // Moving statistics are none of the segments.
            assert(s->offset <= u->n && n <= u->n - s->offset);
            clip_norm(u->gradients + s->offset, n, arg[MS_CLIPNORM]);
        }
    } else if (arg[MS_GLOBAL_CLIPNORM] > 0) {
        double c = arg[MS_GLOBAL_CLIPNORM], norm = sqrt(square_sum(u->gradients, u->n));
        if (!(norm <= c)) // a norm that is not finite makes all NaN
            scale(u->gradients, u->n, (ms_real)(isfinite(norm) ? c / norm : NAN));
    } else if (arg[MS_CLIPVALUE] > 0) {
        clip_values(u->gradients, u->n, (ms_real)arg[MS_CLIPVALUE]);
    }
}

MS_VECTOR
static void decay(ms_real *restrict w, size_t n, ms_real share)
{
    for (size_t i = 0; i < n; i++)
        w[i] -= w[i] * share;
}

MS_VECTOR
static void average(ms_real *restrict mean, const ms_real *restrict w, size_t n, ms_real momentum,
                    ms_real rest)
{
    for (size_t i = 0; i < n; i++)
        mean[i] = momentum * mean[i] + rest * w[i];
}

static void update_average(const struct ms_update *u)
{
    double momentum = u->arg[MS_EMA_MOMENTUM];
    uint64_t frequency = (uint64_t)u->arg[MS_EMA_OVERWRITE_FREQUENCY];
    if (u->step == 1)
        memcpy(u->average, u->weights, u->n * sizeof *u->average);
    else
        average(u->average, u->weights, u->n, (ms_real)momentum, (ms_real)(1 - momentum));
    if (frequency > 0 && u->step % frequency == 0)
        memcpy(u->weights, u->average, u->n * sizeof *u->weights);
}

void ms_update_optimizer(const struct ms_optimizer *o, const struct ms_update *u)
{
    clip(u);
    ms_real share = (ms_real)(u->arg[MS_WEIGHT_DECAY] * u->rate);
    if (share == 0) {
        o->step(u);
    } else if (!o->step_decayed || !o->step_decayed(u, share)) {
        decay(u->weights, u->n, share);
        o->step(u);
    }
    if (u->average)
        update_average(u);
}
