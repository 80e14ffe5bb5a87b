// SPDX-License-Identifier: MIT
//
// Student's t by the regularised incomplete beta function,
//
//     P(|T| > t) = I_x(df/2, 1/2),  x = df / (df + t²),
//
// which is evaluated by its continued fraction (Abramowitz & Stegun 26.5.8) with Lentz's method as
// modified by Thompson and Barnett (J. Comput. Phys. 64, 1986), on the side where it converges
// fast: I_x(a, b) = 1 - I_{1-x}(b, a). Relative error: about 1e-14, growing as df · 1e-16 where df
// is large (1 - x, then tiny, is what the fraction lives on); df is below 131,072 here.
#include "stats.h"

#include <math.h>
#include <stdlib.h>

#include "mlpsweep/status.h"

// ln Γ(a + 1/2) - ln Γ(a). Where a is large the difference of two large logarithms would lose what
// matters, and the asymptotic series is exact to the last digit (A&S 6.1.47 with a = 1/2, b = 0).
static double log_gamma_ratio(double a)
{
    if (a > 50) {
        const double z = 1 / a, z2 = z * z;
        return 0.5 * log(a) -
               z * (1.0 / 8 - z2 * (1.0 / 192 - z2 * (1.0 / 640 - z2 * 17.0 / 14336)));
    }
    int sign;
    return lgamma_r(a + 0.5, &sign) - lgamma_r(a, &sign);
}

// The continued fraction of I_x(a, b), without its factor x^a (1-x)^b / (a B(a, b)).
static double beta_fraction(double a, double b, double x)
{
    const double tiny = 1e-300;
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < tiny ? tiny : d);
    double h = d;
    for (int m = 1; m < 100000; m++) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        double change = 1;
        for (int k = 0; k < 2; k++) {
            const double term = k == 0 ? even : odd;
            d = 1 + term * d;
            d = 1 / (fabs(d) < tiny ? tiny : d);
            c = 1 + term / c;
            if (fabs(c) < tiny)
                c = tiny;
            change = c * d;
            h *= change;
        }
        if (fabs(change - 1) < 1e-16)
            break;
    }
    return h;
}

double ms_stats_student_p(double t, double df)
{
    if (isnan(t) || isnan(df) || df <= 0)
        return NAN;
    if (isinf(t))
        return 0;
    if (isinf(df))
        return erfc(fabs(t) * M_SQRT1_2);
    // Both x and 1 - x without cancellation, and the logarithms of both.
    const double a = df / 2, ratio = t * t / df, x = 1 / (1 + ratio), y = ratio / (1 + ratio);
    if (y == 0)
        return 1;
    const double log_front = log_gamma_ratio(a) - 0.5 * log(M_PI) - a * log1p(ratio) + 0.5 * log(y);
    const double front = exp(log_front);
    if (x < (a + 1) / (a + 2.5))
        return front * beta_fraction(a, 0.5, x) / a;
    return 1 - 2 * front * beta_fraction(0.5, a, y);
}

// I_x(b/2, a/2) with x = b / (b + a f), on the side where the fraction converges fast.
double ms_stats_f_p(double f, double a, double b)
{
    if (isnan(f) || isnan(a) || isnan(b) || a <= 0 || b <= 0)
        return NAN;
    if (f <= 0)
        return 1;
    const double p = b / 2, q = a / 2, x = b / (b + a * f), y = a * f / (b + a * f);
    int sign;
    const double log_front =
        lgamma_r(p + q, &sign) - lgamma_r(p, &sign) - lgamma_r(q, &sign) + p * log(x) + q * log(y);
    return x < (p + 1) / (p + q + 2) ? exp(log_front) * beta_fraction(p, q, x) / p
                                     : 1 - exp(log_front) * beta_fraction(q, p, y) / q;
}

double ms_stats_student_quantile(double p, double df)
{
    if (isnan(p) || p < 0 || p > 1 || isnan(df) || df <= 0)
        return NAN;
    if (p == 0.5)
        return 0;
    const double tail = 2 * (p < 0.5 ? p : 1 - p); // P(|T| > t)
    if (tail == 0)
        return p < 0.5 ? -INFINITY : INFINITY;
    // ms_stats_student_p falls from 1 to 0: bracket by doubling, then halve until no double lies
    // between.
    double lo = 0, hi = 1;
    while (ms_stats_student_p(hi, df) > tail) {
        lo = hi;
        hi *= 2;
        if (isinf(hi))
            return p < 0.5 ? -INFINITY : INFINITY;
    }
    for (;;) {
        const double mid = lo + (hi - lo) / 2;
        if (mid <= lo || mid >= hi)
            break;
        if (ms_stats_student_p(mid, df) > tail)
            lo = mid;
        else
            hi = mid;
    }
    return p < 0.5 ? -hi : hi;
}

struct ms_moments ms_stats_moments_of(const double *sorted, int64_t n, double t)
{
    struct ms_moments m = {n, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    if (n < 1)
        return m;
    // About the median, so that neither a large common offset nor a huge value spoils the sums.
    m.min = sorted[0];
    m.max = sorted[n - 1];
    m.median = n % 2 ? sorted[n / 2] : sorted[n / 2 - 1] / 2 + sorted[n / 2] / 2;
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        sum += (sorted[i] - m.median) / (double)n;
    m.mean = fmin(fmax(m.median + sum, m.min), m.max); // rounding must not leave the range
    if (n < 2)
        return m;
    double scale = fmax(m.max - m.mean, m.mean - m.min), square = 0, rest = 0;
    for (int64_t i = 0; scale > 0 && i < n; i++) {
        const double d = (sorted[i] - m.mean) / scale;
        square += d * d;
        rest += d;
    }
    const double variance = (square - rest * rest / (double)n) / (double)(n - 1);
    m.sd = scale * sqrt(fmax(variance, 0));
    m.se = m.sd / sqrt((double)n);
    m.lo = m.mean - t * m.se;
    m.hi = m.mean + t * m.se;
    return m;
}

struct ms_line ms_stats_line_of(const struct ms_sums *s)
{
    const double mean_x = s->x / s->n, mean_y = s->y / s->n;
    const double spread = s->xx / s->n - mean_x * mean_x, joint = s->xy / s->n - mean_x * mean_y;
    double slope = spread > 1e-9 * mean_x * mean_x ? fmax(joint / spread, 0) : 0;
    if (slope * mean_x > mean_y)
        slope = mean_y / mean_x;
    return (struct ms_line){mean_y - slope * mean_x, slope};
}

double ms_stats_welch_p(const struct ms_moments *a, const struct ms_moments *b)
{
    if (a->n < 2 || b->n < 2)
        return NAN;
    const double total = hypot(a->se, b->se);
    if (total == 0)
        return a->mean == b->mean ? 1 : 0;
    const double fa = a->se / total, fb = b->se / total; // shares, so that no square overflows
    const double va = fa * fa, vb = fb * fb;
    const double df = 1 / (va * va / (double)(a->n - 1) + vb * vb / (double)(b->n - 1));
    return ms_stats_student_p((a->mean - b->mean) / total, df);
}

// The trapezoid rule: for a smooth function that falls as the normal density does, its error falls
// faster than any power of the step.
double ms_stats_maximum_p(double c, const double *loading, const double *count, int n)
{
    const double step = 1.0 / 8, largest = 0.98;
    double sum = 0;
    for (double u = -7; u <= 7; u += step) {
        double none = 0; // logarithm of the probability that no variable reaches c
        for (int i = 0; i < n && none > -40; i++) {
            const double a = fmin(loading[i], largest);
            const double x = (c + a * u) / sqrt(1 - a * a);
            none += count[i] * log1p(-0.5 * erfc(x * M_SQRT1_2));
        }
        sum += exp(-u * u / 2) * -expm1(none);
    }
    return fmin(1, sum * step / sqrt(2 * M_PI));
}

static int by_value(const void *x, const void *y)
{
    const double *const *a = x, *const *b = y;
    return (**a > **b) - (**a < **b);
}

int ms_stats_holm(double *p, int64_t n)
{
    double **order = malloc((size_t)(n > 0 ? n : 1) * sizeof *order);
    if (!order)
        return MS_ENOMEM;
    int64_t m = 0;
    for (int64_t i = 0; i < n; i++)
        if (!isnan(p[i]))
            order[m++] = &p[i];
    qsort(order, (size_t)m, sizeof *order, by_value);
    double least = 0;
    for (int64_t i = 0; i < m; i++) {
        least = fmax(least, fmin(1, *order[i] * (double)(m - i)));
        *order[i] = least;
    }
    free(order);
    return 0;
}
