// SPDX-License-Identifier: MIT
//
// Wilson's interval holds the p at which |p - mean| = t √(p (1 - p) / n): a quadratic in p, whose
// roots never leave 0 … 1, and which is not empty where the mean is 0 or 1.
#include "interval.h"

#include <math.h>
#include <stdbool.h>

static const double normal = 1.959963984540054; // quantile of 0.975

static void wilson(double p, double n, double t, double *lo, double *hi)
{
    const double square = t * t / n;
    const double middle = (p + square / 2) / (1 + square);
    const double half = t / (1 + square) * sqrt(p * (1 - p) / n + square / (4 * n));
    *lo = fmax(middle - half, 0);
    *hi = fmin(middle + half, 1);
}

void ms_interval_bound(struct ms_moments *m, double t, const struct ms_bounds *b, int64_t rows)
{
    if (m->n < 1 || !(b->least < b->most) || m->mean < b->least || m->mean > b->most)
        return;
    const double width = b->most - b->least, p = (m->mean - b->least) / width;
    if (!isfinite(width)) {
        m->lo = fmax(m->lo, b->least); // NAN with one execution, and stays so
        m->hi = fmin(m->hi, b->most);
        if (m->n < 2)
            m->lo = m->hi = NAN;
        return;
    }
    const double se = m->se / width;
    double lo = p, hi = p;
    if (se > 0)
        wilson(p, p * (1 - p) / (se * se), t, &lo, &hi);
    if (rows > 0) {
        double from, to;
        wilson(p, (double)rows, normal, &from, &to);
        lo = fmin(lo, from);
        hi = fmax(hi, to);
    } else if (m->n < 2) {
        return; // nothing is known of the error
    }
    m->lo = b->least + lo * width;
    m->hi = b->least + hi * width;
}
