// SPDX-License-Identifier: MIT
//
// Gaussian process regression (Rasmussen and Williams, "Gaussian processes for machine learning",
// MIT Press 2006: algorithm 2.1 for the posterior, equation 5.9 for the gradient of the
// likelihood), the model behind the sampler "gp". Cholesky factors come from OpenBLAS's LAPACK;
// gp.c is the only file outside worker/ that uses it.
//
//     y_i = f(x_i) + noise,   f ~ GP(0, k),   k(a, b) = signal · matern52(distance²)
//     distance² = Σ_k D_k(a, b) / length_k²,   matern52(q) = (1 + r + r²/3) exp(-r), r = √(5q)
//     D_k = (a_k - b_k)² for a number; 0 (equal) or 1 for a category (the Hamming distance)
//
// Hyperparameters are one array theta of d + 2 logarithms:
//     theta[0 … d-1] length scales,  theta[d] signal variance,  theta[d+1] noise variance
//
// Their prior (natural scale; a MAP estimate without it overfits ten trials):
//     length_k   lognormal(0, √3): the width of Hvarfner, Hellsten, Nardi, "Vanilla Bayesian
//                optimization performs great in high dimensions", ICML 2024 (BoTorch's default),
//                about the side of the cube. Their mean √2 + ln(d)/2 starts from a function that
//                hardly bends, which in a few runs left a larger regret on hartmann6 after 30
//                trials
//     signal     gamma(2, 1), noise gamma(1.1, 30), as in Optuna's GPSampler (optuna/_gp/prior.py)
//
// Inputs should lie in the unit cube, and targets should be standardized. There is no clock and no
// randomness; the bits depend on OpenBLAS's build and on its number of threads.
#ifndef MLPSWEEP_GP_H
#define MLPSWEEP_GP_H

#include <stdbool.h>

#include "mlpsweep/status.h"

struct ms_gp;

// Makes a process for at most room observations of d features; category (d) marks the categories.
int ms_gp_new(int d, const bool *category, int room, struct ms_gp **out,
              struct ms_error *err) MS_MUST_CHECK;
void ms_gp_free(struct ms_gp *gp);

// Copies n <= room observations x (n, d), y (n), all finite; they replace the earlier ones.
void ms_gp_data(struct ms_gp *gp, int n, const double *x, const double *y);

// - log p(y | x, theta), with the constant; gradient (d + 2) or NULL. INFINITY: no Cholesky factor.
double ms_gp_loss(struct ms_gp *gp, const double *theta, double *gradient);

// - log p(theta) of the prior above, without constants; adds its gradient to gradient unless that
// is NULL.
double ms_gp_prior_loss(int d, const double *theta, double *gradient);

// The maximum a posteriori theta (d + 2) of the data, the best of a few fixed starts: a function of
// the data alone. fixed_noise: the noise variance stays at its floor.
int ms_gp_fit(struct ms_gp *gp, bool fixed_noise, double *theta,
              struct ms_error *err) MS_MUST_CHECK;

// Makes the posterior of the data under theta. If the covariance has no Cholesky factor, the
// smallest jitter of signal · 10^-10, 10^-9 … 10^-1 that gives one is added to its diagonal; if
// none does, MS_EINVAL.
int ms_gp_condition(struct ms_gp *gp, const double *theta, struct ms_error *err) MS_MUST_CHECK;

// After ms_gp_condition: mean (m) and variance (m) of f, without the noise, at x (m, d).
int ms_gp_predict(struct ms_gp *gp, int m, const double *x, double *mean, double *variance,
                  struct ms_error *err) MS_MUST_CHECK;

// The same at one x (d), with the gradients d mean / d x and d variance / d x (d), which are 0 for
// categories.
void ms_gp_predict_gradient(struct ms_gp *gp, const double *x, double *mean, double *variance,
                            double *d_mean, double *d_variance);

// log of the expected improvement below best, E[max(0, best - f)] with f ~ N(mean, sd²), sd > 0,
// and its derivatives by mean and sd (each may be NULL). Finite and accurate even if the
// improvement itself underflows: Ament, Daulton, Eriksson, Balandat, Bakshy, "Unexpected
// improvements to expected improvement for Bayesian optimization", NeurIPS 2023, equation 9.
double ms_gp_log_ei(double best, double mean, double sd, double *by_mean, double *by_sd);

#endif
