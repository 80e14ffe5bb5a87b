// SPDX-License-Identifier: MIT
//
// Bandwidths. For a number: the distance to the farther of its two neighbours among the observed
// values, separately for every kernel and parameter (Bergstra, Bardenet, Bengio, Kégl: "Algorithms
// for hyper-parameter optimization", NIPS 2011, as in hyperopt and Optuna; the lowest and the
// highest value have one neighbour). It is never below the caller's bound or half a cell, and at
// most 1. The prior has bandwidth 1 and the middle of the range as its mean. For a choice: each of
// c values gets 1/n, the observed one 1 more, divided by their sum (as in Optuna).
//
// A density is a sum over kernels of exp(constant + exponents). The constants are made once, so
// that a point costs one exp() per kernel that matters; kernels below e^-40 of the largest so far
// do not matter.
#include "sampler_tpe.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"

#define ROOT_HALF 0.70710678118654752440
#define LOG_ROOT_TWO_PI 0.91893853320467274178
#define NEGLIGIBLE 40

enum { MAX_REJECTED = 100 };

static int by_value(const void *a, const void *b)
{
    double x = **(const double *const *)a, y = **(const double *const *)b;
    return (x > y) - (x < y);
}

// The width of the value at x.
static double cell_at(const struct ms_parzen_dim *dim, double x)
{
    return dim->uneven ? ms_space_param_share(dim->uneven, ms_space_param_from_unit(dim->uneven, x))
                       : dim->cell;
}

// Writes the bandwidths of number j of the n observations into inverse[], not inverted yet. order:
// (n) scratch.
static void neighbours(struct ms_parzen *p, int j, int n, double narrow, const double **order)
{
    for (int i = 0; i < n; i++)
        order[i] = &p->mean[(size_t)i * (size_t)p->dims + (size_t)j];
    qsort(order, (size_t)n, sizeof *order, by_value);
    for (int i = 0; i < n; i++) {
        double left = i > 0 ? *order[i] - *order[i - 1] : 0;
        double right = i + 1 < n ? *order[i + 1] - *order[i] : 0;
        double width = n > 1 ? fmax(left, right) : fmax(*order[i], 1 - *order[i]);
        double least = fmax(narrow, cell_at(&p->dim[j], *order[i]) / 2);
        p->inverse[order[i] - p->mean] = fmin(fmax(width, least), 1);
    }
}

// The mass of a Gaussian inside [0, 1].
static double inside(double mean, double inverse)
{
    return 0.5 * (erfc(-(1 - mean) * inverse * ROOT_HALF) - erfc(mean * inverse * ROOT_HALF));
}

static void add_number(struct ms_parzen *p, int j, double narrow, const double **order)
{
    int n = p->kernels - 1;
    size_t d = (size_t)p->dims, prior = (size_t)n * d + (size_t)j;
    neighbours(p, j, n, narrow, order);
    p->mean[prior] = 0.5;
    p->inverse[prior] = 1;
    for (int k = 0; k <= n; k++) {
        size_t at = (size_t)k * d + (size_t)j;
        p->inverse[at] = 1 / p->inverse[at];
        p->constant[k] +=
            log(p->inverse[at] / inside(p->mean[at], p->inverse[at])) - LOG_ROOT_TWO_PI;
    }
}

static void add_choice(struct ms_parzen *p, int j)
{
    int n = p->kernels - 1;
    size_t d = (size_t)p->dims, prior = (size_t)n * d + (size_t)j;
    double choices = p->dim[j].choices, other = 1.0 / (n + 1), sum = 1 + choices * other;
    for (int k = 0; k < n; k++) {
        p->constant[k] += log((1 + other) / sum);
        p->inverse[(size_t)k * d + (size_t)j] = log(other / (1 + other));
    }
    p->mean[prior] = -1;
    p->inverse[prior] = 0;
    p->constant[n] -= log(choices);
}

int ms_sampler_tpe_parzen_init(struct ms_parzen *p, const struct ms_parzen_dim *dim, int dims,
                               const double *x, const double *weights, int n, double narrow,
                               struct ms_error *err)
{
    size_t kernels = (size_t)n + 1, d = (size_t)dims;
    *p = (struct ms_parzen){.kernels = n + 1, .dims = dims, .dim = dim};
    p->until = malloc(kernels * (2 + 2 * d) * sizeof *p->until);
    const double **order = malloc(kernels * sizeof *order);
    if (!p->until || !order) {
        free(order);
        ms_sampler_tpe_parzen_clear(p);
        return ms_no_memory(err, "the density of %d trials", n);
    }
    p->constant = p->until + kernels;
    p->mean = p->constant + kernels;
    p->inverse = p->mean + kernels * d;
    if (n > 0)
        memcpy(p->mean, x, (size_t)n * d * sizeof *x);
    double until = 0;
    for (int k = 0; k <= n; k++) {
        double weight = (k < n && weights ? weights[k] : 1) / (double)kernels;
        p->until[k] = until += weight;
        p->constant[k] = log(weight);
    }
    for (int j = 0; j < dims; j++) {
        if (dim[j].choices > 0)
            add_choice(p, j);
        else
            add_number(p, j, narrow, order);
    }
    free(order);
    return 0;
}

void ms_sampler_tpe_parzen_clear(struct ms_parzen *p)
{
    free(p->until);
    *p = (struct ms_parzen){0};
}

// Draws from a Gaussian cut off at 0 and 1 by rejection: its mean is inside, and therefore at least
// 0.34 of the draws.
static double sample_number(double mean, double inverse, const struct ms_parzen_dim *dim,
                            struct ms_parzen_draw *draw)
{
    double x = -1, cell = dim->cell;
    for (int i = 0; i < MAX_REJECTED && !(x >= 0 && x <= 1); i++)
        x = mean + ms_rng_normal(draw->rng, draw->counter++) / inverse;
    x = fmin(fmax(x, 0), 1);
    if (dim->uneven)
        x = ms_space_param_to_unit(dim->uneven, ms_space_param_from_unit(dim->uneven, x));
    else if (cell > 0)
        x = (fmin(floor(x / cell), nearbyint(1 / cell) - 1) + 0.5) * cell;
    return x;
}

static double sample_choice(double mean, double log_odds, int choices, struct ms_parzen_draw *draw)
{
    double u = ms_rng_uniform(draw->rng, draw->counter++);
    if (mean < 0)
        return floor(u * choices);
    double odds = exp(log_odds), same = 1 / (1 + (choices - 1) * odds);
    if (u < same || choices < 2)
        return mean;
    double other = fmin(floor((u - same) / (odds * same)), choices - 2);
    return other < mean ? other : other + 1;
}

void ms_sampler_tpe_parzen_sample(const struct ms_parzen *p, struct ms_parzen_draw *draw, double *x)
{
    double u = ms_rng_uniform(draw->rng, draw->counter++) * p->until[p->kernels - 1];
    int k = 0;
    while (k + 1 < p->kernels && p->until[k] <= u)
        k++;
    const double *mean = p->mean + (size_t)k * (size_t)p->dims;
    const double *inverse = p->inverse + (size_t)k * (size_t)p->dims;
    for (int j = 0; j < p->dims; j++)
        x[j] = p->dim[j].choices > 0 ? sample_choice(mean[j], inverse[j], p->dim[j].choices, draw)
                                     : sample_number(mean[j], inverse[j], &p->dim[j], draw);
}

double ms_sampler_tpe_parzen_log_density(const struct ms_parzen *p, const double *x)
{
    double most = -INFINITY, sum = 0; // the density is sum · e^most
    for (int k = 0; k < p->kernels; k++) {
        const double *mean = p->mean + (size_t)k * (size_t)p->dims;
        const double *inverse = p->inverse + (size_t)k * (size_t)p->dims;
        double log_kernel = p->constant[k];
        for (int j = 0; j < p->dims; j++) {
            double z = (x[j] - mean[j]) * inverse[j];
            if (p->dim[j].choices == 0)
                log_kernel -= 0.5 * z * z;
            else if (x[j] != mean[j])
                log_kernel += inverse[j];
        }
        if (log_kernel > most) {
            sum = sum * exp(most - log_kernel) + 1;
            most = log_kernel;
        } else if (log_kernel > most - NEGLIGIBLE) {
            sum += exp(log_kernel - most);
        }
    }
    return most + log(sum);
}
