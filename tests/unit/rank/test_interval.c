// SPDX-License-Identifier: MIT
//
// Wilson's intervals from scipy.stats.binomtest(…).proportion_ci("wilson"): reference.py.
#include "coordinator/rank/interval.h"

#include "check.h"

static const double t2 = 4.302652729749464, t1 = 12.706204736174707; // of 3 and of 2 executions

static struct ms_moments bounded(const double *v, int n, double t, struct ms_bounds b, int64_t rows)
{
    struct ms_moments m = ms_stats_moments_of(v, n, t);
    ms_interval_bound(&m, t, &b, rows);
    return m;
}

static void test_rows(void)
{
    static const struct {
        double hits, rows, lo, hi;
    } known[] = {{89, 91, 0.923368353975151, 0.993951993917019},
                 {91, 91, 0.95949599607112, 1},
                 {0, 50, 0, 0.0713475991333587},
                 {700, 1000, 0.670876139082783, 0.727593157522995}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        CASE("%g of %g", known[i].hits, known[i].rows);
        const struct ms_bounds b = {0, 1, (int64_t)known[i].rows};
        const double v[] = {known[i].hits / known[i].rows, known[i].hits / known[i].rows};
        for (int n = 1; n <= 2; n++) { // executions that agree add nothing
            const struct ms_moments m = bounded(v, n, t1, b, b.rows);
            CHECK_NEAR(m.lo, known[i].lo, 1e-9);
            CHECK_NEAR(m.hi, known[i].hi, 1e-9);
        }
    }
}

// Wilson's interval with the n that gives the standard error found: its ends are where the distance
// to the mean is t standard errors of a proportion.
static void test_spread(void)
{
    const double v[] = {0.96, 0.99, 1.0};
    const struct ms_moments m = bounded(v, 3, t2, (struct ms_bounds){0, 1, 0}, 0);
    const double n = m.mean * (1 - m.mean) / (m.se * m.se);
    CHECK(m.lo > 0 && m.hi < 1 && m.mean + t2 * m.se > 1);
    CHECK_NEAR(m.mean - m.lo, t2 * sqrt(m.lo * (1 - m.lo) / n), 1e-12);
    CHECK_NEAR(m.hi - m.mean, t2 * sqrt(m.hi * (1 - m.hi) / n), 1e-12);
    // On the logit scale the mean is in the middle.
    CHECK_NEAR(log(m.hi / (1 - m.hi)) + log(m.lo / (1 - m.lo)), 2 * log(m.mean / (1 - m.mean)),
               1e-9);
    const struct ms_moments rows = bounded(v, 3, t2, (struct ms_bounds){0, 1, 5}, 5);
    CHECK(rows.lo < m.lo && rows.hi >= m.hi); // the wider at each end
    // Far from the bounds, with little spread: Student's.
    const double middle[] = {0.5, 0.5001, 0.5002};
    const struct ms_moments near = bounded(middle, 3, t2, (struct ms_bounds){0, 1, 0}, 0);
    CHECK_NEAR(near.lo, near.mean - t2 * near.se, 1e-9);
    // Bounds other than 0 and 1: a cosine.
    const double cosine[] = {0.92, 0.98, 1.0};
    const struct ms_moments c = bounded(cosine, 3, t2, (struct ms_bounds){-1, 1, 0}, 0);
    CHECK_NEAR(c.lo, 2 * m.lo - 1, 1e-12);
    CHECK_NEAR(c.hi, 2 * m.hi - 1, 1e-12);
}

static void test_open(void)
{
    const double v[] = {0.1, 0.2, 0.9};
    struct ms_moments m = bounded(v, 3, t2, (struct ms_bounds){0, INFINITY, 0}, 0);
    CHECK(m.lo == 0 && m.hi == m.mean + t2 * m.se);
    m = bounded(v, 3, t2, (struct ms_bounds){-INFINITY, 1, 0}, 0);
    CHECK(m.hi == 1 && m.lo == m.mean - t2 * m.se);
    m = bounded(v, 1, NAN, (struct ms_bounds){-INFINITY, 1, 0}, 0);
    CHECK(isnan(m.lo) && isnan(m.hi));
    m = bounded(v, 1, NAN, (struct ms_bounds){0, 1, 0}, 0);
    CHECK(isnan(m.lo) && isnan(m.hi));
    m = bounded(v, 3, t2, (struct ms_bounds){0}, 0); // none known
    CHECK(m.lo == m.mean - t2 * m.se);
    const double percent[] = {91, 92, 93}; // outside: the bounds are not those of these values
    m = bounded(percent, 3, t2, (struct ms_bounds){0, 1, 0}, 0);
    CHECK(m.lo == m.mean - t2 * m.se);
}

int main(void)
{
    test_rows();
    test_spread();
    test_open();
    return check_done();
}
