// SPDX-License-Identifier: MIT
//
// Matrices are (n, n), column after column as LAPACK wants them, and only their lower triangle is
// used. Features are stored feature by feature, so that every distance is a flat loop over trials.
#include "gp.h"

#include <cblas.h>
#include <f77blas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"
#include "minimize.h"

#define SQRT5 2.23606797749978969641
#define LOG_2PI 1.83787706640934548356

// The range of ms_gp_fit. A noise of 1e-8 of the targets' variance leaves the factor half of a
// double's digits; with Optuna's floor of 1e-6 the median regret on hartmann6 after 100 trials was
// about ten times as large (20 seeds). A length of 100 cubes makes a feature irrelevant.
#define MIN_LENGTH 5e-3
#define MAX_LENGTH 100
#define MIN_SIGNAL 1e-2
#define MAX_SIGNAL 1e2
#define MIN_NOISE 1e-8
#define MAX_NOISE 1e1

enum { FIT_VALUES = 60 }; // evaluations of the likelihood per start

struct ms_gp {
    int d, room, n;
    bool *category;                  // (d)
    double *x;                       // (d, room)
    double *y;                       // (room)
    double *factor;                  // (n, n) Cholesky factor; in ms_gp_loss then the inverse
    double *kernel;                  // (n, n) k without noise
    double *slope;                   // (n, n) factor of D_k / length_k² in d k / d log length_k
    double *alpha;                   // (room) (K + noise)⁻¹ y
    double *work;                    // (2 room)
    double *weight;                  // (d) 1 / length²
    double *start, *fit_lo, *fit_hi; // (d + 2)
    double signal;
};

void ms_gp_free(struct ms_gp *gp)
{
    if (!gp)
        return;
    free(gp->category);
    free(gp->x);
    free(gp->factor);
    free(gp);
}

int ms_gp_new(int d, const bool *category, int room, struct ms_gp **out, struct ms_error *err)
{
    // One thread, whatever the environment says: threads split sums differently, and the bits of a
    // proposal must not depend on the user's settings.
    openblas_set_num_threads(1);
    struct ms_gp *gp = calloc(1, sizeof *gp);
    size_t features = (size_t)d, rows = (size_t)room;
    if (gp) {
        gp->category = calloc(features + 1, sizeof *gp->category);
        gp->x = calloc(features * rows + 4 * rows + 4 * features + 7, sizeof(double));
        gp->factor = calloc(3 * rows * rows + 1, sizeof(double));
    }
    if (!gp || !gp->category || !gp->x || !gp->factor) {
        ms_gp_free(gp);
        return ms_no_memory(err, "a Gaussian process of %d trials", room);
    }
    gp->d = d;
    gp->room = room;
    memcpy(gp->category, category, features * sizeof *category);
    gp->y = gp->x + features * rows;
    gp->alpha = gp->y + rows;
    gp->work = gp->alpha + rows;
    gp->weight = gp->work + 2 * rows;
    gp->start = gp->weight + features;
    gp->fit_lo = gp->start + features + 2;
    gp->fit_hi = gp->fit_lo + features + 2;
    gp->kernel = gp->factor + rows * rows;
    gp->slope = gp->kernel + rows * rows;
    *out = gp;
    return 0;
}

void ms_gp_data(struct ms_gp *gp, int n, const double *x, const double *y)
{
    gp->n = n;
    for (int k = 0; k < gp->d; k++)
        for (int i = 0; i < n; i++)
            gp->x[(size_t)k * (size_t)gp->room + (size_t)i] =
                x[(size_t)i * (size_t)gp->d + (size_t)k];
    memcpy(gp->y, y, (size_t)n * sizeof *y);
}

// --- the kernel --------------------------------------------------------------

// sum[i] += weight · D(at, x[i])
static void add_distance(double *sum, const double *x, double at, double weight, bool category,
                         int n)
{
    if (category) {
        for (int i = 0; i < n; i++)
            sum[i] += x[i] != at ? weight : 0;
    } else {
        for (int i = 0; i < n; i++)
            sum[i] += weight * ((x[i] - at) * (x[i] - at));
    }
}

// Turns distances² into the kernel; slope (or NULL) becomes 5/3 signal (1 + r) exp(-r), which is
// -2 dk / d distance².
static void matern52(double *q, double *slope, double signal, int n)
{
    for (int i = 0; i < n; i++) {
        double r = SQRT5 * sqrt(q[i]), e = signal * exp(-r);
        if (slope)
            slope[i] = 5.0 / 3.0 * (1 + r) * e;
        q[i] = (1 + r + 5.0 / 3.0 * q[i]) * e;
    }
}

static void set_theta(struct ms_gp *gp, const double *theta)
{
    for (int k = 0; k < gp->d; k++)
        gp->weight[k] = exp(-2 * theta[k]);
    gp->signal = exp(theta[gp->d]);
}

static double *column(double *matrix, int n, int j)
{
    return matrix + (size_t)j * (size_t)n;
}

// Fills the lower triangle of gp->kernel, and of gp->slope if wanted.
static void fill_kernel(struct ms_gp *gp, bool slope)
{
    int n = gp->n;
    for (int j = 0; j < n; j++) {
        double *q = column(gp->kernel, n, j) + j;
        memset(q, 0, (size_t)(n - j) * sizeof *q);
        for (int k = 0; k < gp->d; k++) {
            const double *x = gp->x + (size_t)k * (size_t)gp->room;
            add_distance(q, x + j, x[j], gp->weight[k], gp->category[k], n - j);
        }
        matern52(q, slope ? column(gp->slope, n, j) + j : NULL, gp->signal, n - j);
    }
}

// Makes gp->factor the Cholesky factor of kernel + diagonal. False: there is none.
static bool factorize(struct ms_gp *gp, double diagonal)
{
    blasint n = gp->n, info = 0;
    char lower = 'L';
    for (int j = 0; j < gp->n; j++) {
        memcpy(column(gp->factor, gp->n, j) + j, column(gp->kernel, gp->n, j) + j,
               (size_t)(gp->n - j) * sizeof(double));
        column(gp->factor, gp->n, j)[j] += diagonal;
    }
    dpotrf_(&lower, &n, gp->factor, &n, &info);
    if (info != 0)
        return false;
    for (int j = 0; j < gp->n; j++) // some LAPACK builds let a NAN pass
        if (!(column(gp->factor, gp->n, j)[j] > 0))
            return false;
    return true;
}

static void solve_alpha(struct ms_gp *gp)
{
    memcpy(gp->alpha, gp->y, (size_t)gp->n * sizeof(double));
    cblas_dtrsv(CblasColMajor, CblasLower, CblasNoTrans, CblasNonUnit, gp->n, gp->factor, gp->n,
                gp->alpha, 1);
    cblas_dtrsv(CblasColMajor, CblasLower, CblasTrans, CblasNonUnit, gp->n, gp->factor, gp->n,
                gp->alpha, 1);
}

// --- the likelihood ----------------------------------------------------------

// Σ over pairs i > j of pull_ij · D_k(x_i, x_j), pull in gp->slope.
static double pull_of(const struct ms_gp *gp, int k)
{
    const double *x = gp->x + (size_t)k * (size_t)gp->room;
    double sum = 0;
    for (int j = 0; j < gp->n; j++) {
        const double *pull = gp->slope + (size_t)j * (size_t)gp->n;
        double part = 0;
        if (gp->category[k]) {
            for (int i = j + 1; i < gp->n; i++)
                part += x[i] != x[j] ? pull[i] : 0;
        } else {
            for (int i = j + 1; i < gp->n; i++)
                part += pull[i] * ((x[i] - x[j]) * (x[i] - x[j]));
        }
        sum += part;
    }
    return sum;
}

// d loss / d p = ½ tr((K⁻¹ - α αᵀ) dK/dp): equation 5.9 of Rasmussen and Williams.
static bool loss_gradient(struct ms_gp *gp, double noise, double *gradient)
{
    blasint n = gp->n, info = 0;
    char lower = 'L';
    dpotri_(&lower, &n, gp->factor, &n, &info);
    if (info != 0)
        return false;
    double by_signal = 0, by_noise = 0;
    for (int j = 0; j < gp->n; j++) {
        const double *inverse = column(gp->factor, gp->n, j), *k = column(gp->kernel, gp->n, j);
        double *slope = column(gp->slope, gp->n, j), a = gp->alpha[j];
        double part = 0, diagonal = inverse[j] - a * a;
        for (int i = j + 1; i < gp->n; i++) {
            double w = inverse[i] - gp->alpha[i] * a;
            part += w * k[i];
            slope[i] *= w;
        }
        by_signal += part + 0.5 * diagonal * k[j];
        by_noise += 0.5 * diagonal * noise;
    }
    for (int k = 0; k < gp->d; k++)
        gradient[k] = gp->weight[k] * pull_of(gp, k);
    gradient[gp->d] = by_signal;
    gradient[gp->d + 1] = by_noise;
    return true;
}

double ms_gp_loss(struct ms_gp *gp, const double *theta, double *gradient)
{
    double noise = exp(theta[gp->d + 1]), sum = 0;
    set_theta(gp, theta);
    fill_kernel(gp, gradient != NULL);
    if (!factorize(gp, noise))
        return INFINITY;
    solve_alpha(gp);
    for (int j = 0; j < gp->n; j++)
        sum += 0.5 * gp->y[j] * gp->alpha[j] + log(column(gp->factor, gp->n, j)[j]);
    if (gradient && !loss_gradient(gp, noise, gradient))
        return INFINITY;
    return isnan(sum) ? INFINITY : sum + 0.5 * LOG_2PI * gp->n;
}

double ms_gp_prior_loss(int d, const double *theta, double *gradient)
{
    double loss = 0;
    for (int k = 0; k < d; k++) {
        loss += theta[k] * theta[k] / (2 * 3.0); // in the logarithm: the density of log length
        if (gradient)
            gradient[k] += theta[k] / 3.0;
    }
    double signal = exp(theta[d]), noise = exp(theta[d + 1]);
    loss += signal - theta[d] + 30 * noise - 0.1 * theta[d + 1];
    if (gradient) {
        gradient[d] += signal - 1;
        gradient[d + 1] += 30 * noise - 0.1;
    }
    return loss;
}

static double posterior_loss(const double *theta, double *gradient, void *context)
{
    struct ms_gp *gp = context;
    double loss = ms_gp_loss(gp, theta, gradient);
    return isfinite(loss) ? loss + ms_gp_prior_loss(gp->d, theta, gradient) : INFINITY;
}

int ms_gp_fit(struct ms_gp *gp, bool fixed_noise, double *theta, struct ms_error *err)
{
    // A smooth function without noise; a rough one that is mostly noise.
    static const struct {
        double length, noise;
    } starts[] = {{0.5, 1e-4}, {0.2, 1e-1}};
    int d = gp->d;
    size_t bytes = (size_t)(d + 2) * sizeof *theta;
    double best = INFINITY;
    for (int k = 0; k < d; k++) {
        gp->fit_lo[k] = log(MIN_LENGTH);
        gp->fit_hi[k] = log(MAX_LENGTH);
    }
    gp->fit_lo[d] = log(MIN_SIGNAL);
    gp->fit_hi[d] = log(MAX_SIGNAL);
    gp->fit_lo[d + 1] = log(MIN_NOISE);
    gp->fit_hi[d + 1] = fixed_noise ? log(MIN_NOISE) : log(MAX_NOISE);
    struct ms_minimize problem = {.n = d + 2,
                                  .lo = gp->fit_lo,
                                  .hi = gp->fit_hi,
                                  .max_values = FIT_VALUES,
                                  .tolerance = 1e-2,
                                  .function = posterior_loss,
                                  .context = gp};
    for (size_t s = 0; s < sizeof starts / sizeof *starts; s++) {
        for (int k = 0; k < d; k++)
            gp->start[k] = log(starts[s].length * sqrt(d));
        gp->start[d] = 0;
        gp->start[d + 1] = log(starts[s].noise);
        double loss;
        int status = ms_minimize(&problem, gp->start, &loss, err);
        if (status)
            return status;
        if (s == 0 || loss < best) {
            best = loss;
            memcpy(theta, gp->start, bytes);
        }
    }
    return 0;
}

// --- the posterior -----------------------------------------------------------

int ms_gp_condition(struct ms_gp *gp, const double *theta, struct ms_error *err)
{
    double noise = exp(theta[gp->d + 1]);
    set_theta(gp, theta);
    fill_kernel(gp, false);
    bool ok = factorize(gp, noise);
    for (double jitter = 1e-10; !ok && jitter < 0.5; jitter *= 10)
        ok = factorize(gp, noise + jitter * gp->signal);
    if (!ok)
        return ms_fail(err, MS_EINVAL, "the covariance of %d trials has no Cholesky factor", gp->n);
    solve_alpha(gp);
    return 0;
}

static void kernel_to(const struct ms_gp *gp, const double *x, double *k, double *slope)
{
    memset(k, 0, (size_t)gp->n * sizeof *k);
    for (int f = 0; f < gp->d; f++)
        add_distance(k, gp->x + (size_t)f * (size_t)gp->room, x[f], gp->weight[f], gp->category[f],
                     gp->n);
    matern52(k, slope, gp->signal, gp->n);
}

int ms_gp_predict(struct ms_gp *gp, int m, const double *x, double *mean, double *variance,
                  struct ms_error *err)
{
    size_t n = (size_t)gp->n;
    double *k = calloc(n * (size_t)m + 1, sizeof *k); // (n, m), column after column
    if (!k)
        return ms_no_memory(err, "predictions at %d points", m);
    for (int j = 0; j < m; j++)
        kernel_to(gp, x + (size_t)j * (size_t)gp->d, k + (size_t)j * n, NULL);
    cblas_dgemv(CblasColMajor, CblasTrans, gp->n, m, 1, k, gp->n, gp->alpha, 1, 0, mean, 1);
    cblas_dtrsm(CblasColMajor, CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit, gp->n, m, 1,
                gp->factor, gp->n, k, gp->n);
    for (int j = 0; j < m; j++) {
        const double *v = k + (size_t)j * n;
        double explained = 0;
        for (size_t i = 0; i < n; i++)
            explained += v[i] * v[i];
        variance[j] = fmax(gp->signal - explained, 0);
    }
    free(k);
    return 0;
}

void ms_gp_predict_gradient(struct ms_gp *gp, const double *x, double *mean, double *variance,
                            double *d_mean, double *d_variance)
{
    double *v = gp->work, *slope = gp->work + gp->room;
    int n = gp->n;
    kernel_to(gp, x, v, slope);
    *mean = cblas_ddot(n, v, 1, gp->alpha, 1);
    cblas_dtrsv(CblasColMajor, CblasLower, CblasNoTrans, CblasNonUnit, n, gp->factor, n, v, 1);
    *variance = fmax(gp->signal - cblas_ddot(n, v, 1, v, 1), 0);
    cblas_dtrsv(CblasColMajor, CblasLower, CblasTrans, CblasNonUnit, n, gp->factor, n, v, 1);
    for (int f = 0; f < gp->d; f++) {
        const double *at = gp->x + (size_t)f * (size_t)gp->room;
        double by_mean = 0, by_variance = 0;
        for (int i = 0; i < n && !gp->category[f]; i++) {
            double dk = slope[i] * (at[i] - x[f]); // dk_i/dx = -slope/2 · 2 weight (x - x_i)
            by_mean += gp->alpha[i] * dk;
            by_variance += v[i] * dk;
        }
        d_mean[f] = gp->weight[f] * by_mean;
        d_variance[f] = -2 * gp->weight[f] * by_variance;
    }
}

// --- expected improvement ----------------------------------------------------

// 1 - t R(t) for t > 0, where R = (1 - Φ(t)) / φ(t) is Mills' ratio: the expected improvement of a
// standard normal t deviations above best is φ(t) (1 - t R(t)). From t = 10 on the difference would
// cancel, and the asymptotic series 1/t² - 3/t⁴ + 15/t⁶ - … is exact to the last bit.
static double tail(double t)
{
    if (t < 10)
        return 1 - t * sqrt(M_PI / 2) * erfc(t / sqrt(2)) * exp(0.5 * t * t);
    double term = 1 / (t * t), sum = 0;
    for (int k = 1; k < 40 && fabs(term) > 1e-18 * sum; k++) {
        sum += term;
        term *= -(2 * k + 1) / (t * t);
    }
    return sum;
}

double ms_gp_log_ei(double best, double mean, double sd, double *by_mean, double *by_sd)
{
    double z = (best - mean) / sd, log_h, cdf_share, pdf_share; // shares: Φ(z) / h, φ(z) / h
    if (z > -1) {
        double pdf = exp(-0.5 * z * z - 0.5 * LOG_2PI), cdf = 0.5 * erfc(-z / sqrt(2));
        double h = pdf + z * cdf;
        log_h = log(h);
        cdf_share = cdf / h;
        pdf_share = pdf / h;
    } else {
        double h = tail(-z); // over φ(z)
        log_h = -0.5 * z * z - 0.5 * LOG_2PI + log(h);
        cdf_share = (1 - h) / -z / h;
        pdf_share = 1 / h;
    }
    if (by_mean)
        *by_mean = -cdf_share / sd;
    if (by_sd)
        *by_sd = pdf_share / sd;
    return log(sd) + log_h;
}
