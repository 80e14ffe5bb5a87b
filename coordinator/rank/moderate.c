// SPDX-License-Identifier: MIT
//
// With d degrees of freedom, e = ln s² - ψ(d/2) + ln(d/2) is an unbiased estimate of ln σ² with the
// variance ψ'(d/2). A polynomial through the e by weighted least squares is the trend; the variance
// of the residuals beyond ψ'(d/2) is V, the spread of the true variances about it. A prior of d₀
// degrees of freedom has V = ψ'(d₀/2).
//
// Sums run in the order of the trials, which is that of the ranking: same scores, same bits.
#include "moderate.h"

#include <math.h>
#include <stddef.h>

enum { TERMS = 4 };

double ms_moderate_polygamma(int order, double x)
{
    // B₂ … B₁₄. Beyond x = 20 the first term left out is below 1e-16 of the sum.
    static const double bernoulli[] = {1.0 / 6,  -1.0 / 30,     1.0 / 42, -1.0 / 30,
                                       5.0 / 66, -691.0 / 2730, 7.0 / 6};
    const double sign = order % 2 ? 1 : -1; // of the function, and of its terms
    double below = 0, factorial = 1;
    for (int i = 2; i <= order; i++)
        factorial *= i;
    for (; x < 20; x += 1)
        below += pow(x, -(order + 1));
    double series = order == 0 ? -log(x) : factorial / order * pow(x, -order);
    series += factorial / 2 * pow(x, -(order + 1));
    double c = 1; // (2k + order - 1)! / (2k)!
    for (int i = 1; i < order; i++)
        c *= i;
    for (int k = 1; k <= (int)(sizeof bernoulli / sizeof *bernoulli); k++) {
        c = order == 0 ? 1.0 / (2 * k)
                       : c * (2 * k + order - 1) * (2 * k + order - 2) / (2 * k) / (2 * k - 1);
        series += bernoulli[k - 1] * c * pow(x, -(2 * k + order));
    }
    return sign * (series + factorial * below);
}

double ms_moderate_trigamma_inverse(double y)
{
    if (y > 1e7) // the first term of either series; Newton's steps would lose digits
        return 1 / sqrt(y);
    if (y < 1e-6)
        return 1 / y;
    double x = 0.5 + 1 / y;
    for (int i = 0; i < 50; i++) {
        const double t = ms_moderate_polygamma(1, x);
        const double step = t * (1 - t / y) / ms_moderate_polygamma(2, x);
        x += step;
        if (-step / x < 1e-14)
            break;
    }
    return x;
}

// The sum of a, weighted, over b.
static double product(const double *a, const double *b, int64_t k)
{
    double sum = 0;
    for (int64_t i = 0; i < k; i++)
        sum += a[i] * b[i];
    return sum;
}

// q (terms, k): orthonormal columns of the polynomial, times the roots of the weights, by
// Gram-Schmidt, twice. Returns how many are independent: means may be equal.
static int orthogonal(const struct ms_moderate *m, const double *root, double *q)
{
    int n = 0;
    for (int t = 0; t < m->terms; t++) {
        double *column = q + n * m->k;
        for (int64_t i = 0; i < m->k; i++)
            column[i] = root[i] * pow(m->place[i], t);
        const double before = sqrt(product(column, column, m->k));
        for (int twice = 0; twice < 2; twice++)
            for (int p = 0; p < n; p++) {
                const double *other = q + p * m->k, along = product(column, other, m->k);
                for (int64_t i = 0; i < m->k; i++)
                    column[i] -= along * other[i];
            }
        const double length = sqrt(product(column, column, m->k));
        if (!(length > 1e-8 * before))
            continue;
        for (int64_t i = 0; i < m->k; i++)
            column[i] /= length;
        n++;
    }
    return n;
}

struct fit {
    double *trend;    // (k): ê
    double *leverage; // (k)
    double spread;    // V, not below 0
};

// e (k), root (k): of the weights 1/ψ'(d/2), so that all errors have the variance 1.
static void fit_trend(const struct ms_moderate *m, const double *e, double *root, double *q,
                      struct fit *f)
{
    const int n = orthogonal(m, root, q);
    double along[TERMS], square = 0, weights = 0, excess = 0;
    for (int64_t i = 0; i < m->k; i++)
        f->trend[i] = e[i] * root[i];
    for (int t = 0; t < n; t++)
        along[t] = product(f->trend, q + t * m->k, m->k);
    for (int64_t i = 0; i < m->k; i++) {
        double fitted = 0, leverage = 0;
        for (int t = 0; t < n; t++) {
            fitted += along[t] * q[t * m->k + i];
            leverage += q[t * m->k + i] * q[t * m->k + i];
        }
        const double residual = f->trend[i] - fitted;
        square += residual * residual;
        weights += root[i] * root[i];
        excess += ms_moderate_polygamma(3, m->df[i] / 2) * pow(root[i], 4);
        f->trend[i] = fitted / root[i];
        f->leverage[i] = leverage;
    }
    const double k = (double)m->k, left = k - n;
    double mean = square / left;
    if (m->careful) // the variance of a sample variance, with the kurtosis of ln χ²
        mean *= 1 + sqrt((2 + excess / k) / left);
    f->spread = fmax((mean - 1) / (weights / k), 0);
}

double ms_moderate(const struct ms_moderate *m, double *scratch)
{
    double *e = scratch, *root = e + m->k, *q = root + m->k;
    struct fit f = {.trend = m->moderated, .leverage = m->moderated_df};
    double all = 0;
    for (int64_t i = 0; i < m->k; i++) {
        const double half = m->df[i] / 2;
        e[i] = log(m->variance[i]) - ms_moderate_polygamma(0, half) + log(half);
        root[i] = 1 / sqrt(ms_moderate_polygamma(1, half));
        all += m->df[i];
    }
    fit_trend(m, e, root, q, &f);
    for (int64_t i = 0; i < m->k; i++) {
        const double d = m->df[i], own = 1 / (root[i] * root[i]);
        const double spread = f.spread + (m->careful ? f.leverage[i] * (f.spread + own) : 0);
        if (spread < 1e-12) {
            m->moderated[i] = exp(f.trend[i]);
            m->moderated_df[i] = all;
            continue;
        }
        const double half = ms_moderate_trigamma_inverse(spread), d0 = 2 * half;
        const double prior = exp(f.trend[i] + ms_moderate_polygamma(0, half) - log(half));
        m->moderated[i] = (d0 * prior + d * m->variance[i]) / (d0 + d);
        m->moderated_df[i] = fmin(d0 + d, all);
    }
    return f.spread;
}
