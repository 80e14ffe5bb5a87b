// SPDX-License-Identifier: MIT
//
// Reference values from mpmath with 40 digits: betainc(df/2, 1/2, 0, df/(df+t²), regularized).
#include "coordinator/rank/stats.h"

#include "check.h"
#include "coordinator/rank/rank.h"

// Relative, because tails matter: 1e-39 must not be called equal to 0.
#define CHECK_RELATIVE(found, wanted, tolerance)                                                   \
    CHECK_THAT(fabs((found) - (wanted)) <= (tolerance)*fabs(wanted), "%s is %.17g, not %.17g",     \
               #found, (double)(found), (double)(wanted))

static void test_student_p(void)
{
    static const double known[][3] = {
        {0.5, 1.0, 0.704832764699133452},
        {1.0, 1.0, 0.5},
        {12.7062047361747, 1.0, 0.0500000000000000203},
        {1e-08, 1.0, 0.999999993633802276},
        {2.0, 2.0, 0.183503419072273967},
        {3.5, 3.0, 0.0394810376192827999},
        {2.776445105, 4.0, 0.0500000000101194788},
        {0.001, 5.0, 0.999240786772197651},
        {10.0, 5.0, 0.000170947575742963591},
        {2.5, 7.3, 0.0396502346656004716},
        {1.96, 30.0, 0.0593423128960504763},
        {4.2, 12.75, 0.00108300607176828914},
        {30.0, 2.0, 0.00110926268195965891},
        {1000.0, 3.0, 2.2053076425765927e-9},
        {2.0, 100.0, 0.0482121787311336796},
        {2.0, 101.5, 0.0481719275411290064},
        {1.96, 1000.0, 0.0502731849557487184},
        {6.0, 1000.0, 2.75536917337746911e-9},
        {1.5, 100000.0, 0.133617559522830599},
        {1.96, 10000000.0, 0.0499958180253141923},
        {40.0, 50.0, 1.24124237843727056e-39},
        {0.3, 2.0001, 0.792484408614576832},
        {1000000.0, 1.5, 7.5417048640264324e-10},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const double t = known[i][0], df = known[i][1];
        CASE("t %g, df %g", t, df);
        CHECK_THAT(fabs(ms_stats_student_p(t, df) / known[i][2] - 1) < fmax(1e-12, 1e-16 * df),
                   "t %g, df %g: %.17g, not %.17g", t, df, ms_stats_student_p(t, df), known[i][2]);
        CHECK(ms_stats_student_p(-t, df) == ms_stats_student_p(t, df));
    }
    CHECK(ms_stats_student_p(0, 3) == 1);
    CHECK(ms_stats_student_p(INFINITY, 3) == 0);
    CHECK(isnan(ms_stats_student_p(NAN, 3)));
    CHECK(isnan(ms_stats_student_p(1, 0)));
    CHECK(isnan(ms_stats_student_p(1, NAN)));
    CHECK_RELATIVE(ms_stats_student_p(1.959963984540054, INFINITY), 0.05, 1e-12);
}

// Both ways of evaluating meet at x = (a + 1)/(a + 2.5): nothing may jump there, nor at df = 100,
// where the gamma functions change hands.
static void test_student_continuous(void)
{
    for (double df = 1; df < 1e6; df *= 1.7) {
        double before = 1;
        for (double t = 0.01; t < 30; t *= 1.01) {
            const double p = ms_stats_student_p(t, df);
            CHECK_THAT(p < before && p >= 0, "df %g: p(%g) = %.17g after %.17g", df, t, p, before);
            if (p < 1e-290)
                break;
            before = p;
        }
    }
    for (double t = 0.5; t < 8; t += 0.5)
        CHECK_RELATIVE(ms_stats_student_p(t, 100 + 1e-9), ms_stats_student_p(t, 100 - 1e-9), 1e-9);
}

static void test_student_quantile(void)
{
    static const double known[][3] = {
        {0.975, 1.0, 12.7062047361746933},     {0.975, 2.0, 4.30265272974946179},
        {0.975, 3.0, 3.18244630528370844},     {0.975, 9.0, 2.262157162798205},
        {0.975, 200.0, 1.971896223633909},     {0.975, 65534.0, 1.96000018428827797},
        {0.95, 4.0, 2.13184678632664953},      {0.9995, 6.0, 5.95881617881888487},
        {0.6, 1.0, 0.324919696232906249},      {0.51, 2.5, 0.0276438413318401028},
        {0.025, 11.0, -2.20098516009163984},   {0.0005, 1.0, -636.619248768719603},
        {0.999999, 29.0, 5.91710554044910242},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        CASE("p %g, df %g", known[i][0], known[i][1]);
        CHECK_THAT(fabs(ms_stats_student_quantile(known[i][0], known[i][1]) / known[i][2] - 1) <
                       1e-10,
                   "p %g, df %g: %.17g, not %.17g", known[i][0], known[i][1],
                   ms_stats_student_quantile(known[i][0], known[i][1]), known[i][2]);
    }
    CHECK(ms_stats_student_quantile(0.5, 4) == 0);
    CHECK(ms_stats_student_quantile(0, 4) == -INFINITY);
    CHECK(ms_stats_student_quantile(1, 4) == INFINITY);
    CHECK(isnan(ms_stats_student_quantile(1.1, 4)));
    CHECK(isnan(ms_stats_student_quantile(0.9, -1)));
    for (double df = 1; df < 300; df *= 1.3)
        for (double p = 0.02; p < 1; p += 0.05) {
            const double t = ms_stats_student_quantile(p, df), two = ms_stats_student_p(t, df);
            CHECK_NEAR(t < 0 ? two / 2 : 1 - two / 2, p, 1e-12);
        }
}

static void test_moments(void)
{
    const double v[] = {1, 2, 4, 9};
    const double t3 = ms_stats_student_quantile(0.975, 3);
    struct ms_moments m = ms_stats_moments_of(v, 4, t3);
    CHECK_NEAR(m.mean, 4, 1e-15);
    CHECK_NEAR(m.sd, sqrt(38.0 / 3), 1e-15); // 9 + 4 + 0 + 25 over n - 1
    CHECK_NEAR(m.se, sqrt(38.0 / 12), 1e-15);
    CHECK_NEAR(m.lo, 4 - 3.18244630528370844 * sqrt(38.0 / 12), 1e-12);
    CHECK_NEAR(m.hi, 4 + 3.18244630528370844 * sqrt(38.0 / 12), 1e-12);
    CHECK(m.min == 1 && m.median == 3 && m.max == 9);
    CHECK(ms_stats_moments_of(v, 3, 0).median == 2);
    m = ms_stats_moments_of(v, 1, NAN);
    CHECK(m.n == 1 && m.mean == 1 && m.median == 1 && isnan(m.sd) && isnan(m.lo));
    m = ms_stats_moments_of(v, 0, NAN);
    CHECK(m.n == 0 && isnan(m.mean) && isnan(m.median) && isnan(m.min));
    const double equal[] = {0.1, 0.1, 0.1}; // whose plain sum over 3 is not 0.1
    m = ms_stats_moments_of(equal, 3, 1);
    CHECK(m.mean == 0.1 && m.sd == 0);
    // A large offset must not eat the spread.
    const double far[] = {1e15 + 1, 1e15 + 2, 1e15 + 3};
    CHECK_NEAR(ms_stats_moments_of(far, 3, 1).sd, 1, 1e-15);
    const double tiny[] = {1e-300, 2e-300, 3e-300}, huge[] = {1e300, 2e300, 3e300};
    CHECK_RELATIVE(ms_stats_moments_of(tiny, 3, 1).sd, 1e-300, 1e-14);
    CHECK_RELATIVE(ms_stats_moments_of(huge, 3, 1).sd, 1e300, 1e-14);
}

static struct ms_moments of(const double *v, int n)
{
    return ms_stats_moments_of(v, n, 1);
}

static void test_welch(void)
{
    const double a[] = {0.91, 0.92, 0.93, 0.94}, b[] = {0.88, 0.90, 0.95}, one[] = {0.5};
    const double flat[] = {0.5, 0.5}, other[] = {0.25, 0.25};
    struct ms_moments x = of(a, 4), y = of(b, 3), z = of(one, 1), f = of(flat, 2), g = of(other, 2);
    CHECK_NEAR(ms_stats_welch_p(&x, &y), 0.5520918519929343737, 1e-12); // scipy agrees
    CHECK(ms_stats_welch_p(&x, &y) == ms_stats_welch_p(&y, &x));
    CHECK(isnan(ms_stats_welch_p(&x, &z)));
    CHECK(ms_stats_welch_p(&f, &f) == 1);
    CHECK(ms_stats_welch_p(&f, &g) == 0);
    CHECK(ms_stats_welch_p(&x, &f) < 1e-4 &&
          ms_stats_welch_p(&x, &f) > 0); // one without spread: df = n - 1
}

static void test_holm(void)
{
    // Holm by hand: sorted 0.01·4, 0.02·3, 0.03·2 → raised to 0.06, 0.5·1.
    double p[] = {0.03, NAN, 0.01, 0.5, 0.02};
    REQUIRE(ms_stats_holm(p, 5) == 0);
    CHECK_NEAR(p[2], 0.04, 1e-15);
    CHECK_NEAR(p[4], 0.06, 1e-15);
    CHECK_NEAR(p[0], 0.06, 1e-15);
    CHECK_NEAR(p[3], 0.5, 1e-15);
    CHECK(isnan(p[1]));
    double big[] = {0.6, 0.9};
    REQUIRE(ms_stats_holm(big, 2) == 0);
    CHECK(big[0] == 1 && big[1] == 1);
    CHECK(ms_stats_holm(NULL, 0) == 0);
}

static struct ms_line line_of(int n, const double *x, const double *y)
{
    struct ms_sums s = {.n = n};
    for (int i = 0; i < n; i++) {
        s.x += x[i];
        s.y += y[i];
        s.xx += x[i] * x[i];
        s.xy += x[i] * y[i];
    }
    return ms_stats_line_of(&s);
}

static void test_line(void)
{
    struct ms_line l = line_of(4, (const double[]){1, 2, 3, 6}, (const double[]){5, 7, 9, 15});
    CHECK_NEAR(l.base, 3, 1e-12);
    CHECK_NEAR(l.slope, 2, 1e-12);
    l = line_of(3, (const double[]){1, 2, 3}, (const double[]){0, 2, 4}); // would begin at -2
    CHECK_NEAR(l.base, 0, 1e-12);
    CHECK_NEAR(l.slope, 1, 1e-12);                                        // still right on average
    l = line_of(3, (const double[]){1, 2, 3}, (const double[]){5, 4, 3}); // would fall
    CHECK(l.base == 4 && l.slope == 0);
    l = line_of(2, (const double[]){7, 7}, (const double[]){1, 2}); // says nothing of other x
    CHECK(l.base == 1.5 && l.slope == 0);
    l = line_of(1, (const double[]){0}, (const double[]){1}); // no x at all
    CHECK(l.base == 1 && l.slope == 0);
}

// SciPy 1.17: scipy.stats.f.sf.
static void test_f(void)
{
    static const double known[][4] = {
        {1, 1, 1, 0.5000000000000001},      {2.5, 3, 10, 0.11903956265827809},
        {0.1, 9, 84, 0.9995787163155055},   {7.5, 4, 1000, 5.9358640416732825e-06},
        {30, 2, 5, 0.001641124840903045},   {1.2, 9, 30, 0.3311227339527743},
        {200, 1, 3, 0.0007658843583400374},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        CHECK_NEAR(ms_stats_f_p(known[i][0], known[i][1], known[i][2]) / known[i][3], 1, 1e-11);
    CHECK(ms_stats_f_p(0, 2, 3) == 1 && isnan(ms_stats_f_p(1, 0, 3)) &&
          isnan(ms_stats_f_p(NAN, 1, 3)));
}

// One-factor integrals by scipy.integrate.quad: reference.py.
static void test_maximum(void)
{
    const double equal[] = {0.7071067811865476}, nine[] = {9}, sixty[] = {60}, three[] = {3};
    const double one[] = {1, 1, 1, 1, 1, 1}, steep[] = {0.98, 0.5, 0};
    const double mixed[] = {0.1, 0.3, 0.5, 0.7, 0.9, 0.95};
    CHECK_NEAR(ms_stats_maximum_p(2.5, equal, nine, 1), 0.0407317768163758, 1e-9);
    CHECK_NEAR(ms_stats_maximum_p(3, mixed, one, 6), 0.0071806969692566, 1e-9);
    CHECK_NEAR(ms_stats_maximum_p(1.2, steep, one, 3), 0.284350728605818, 1e-6);
    CHECK_NEAR(ms_stats_maximum_p(-0.5, (double[]){0.6}, three, 1), 0.919637744835441, 1e-9);
    CHECK_RELATIVE(ms_stats_maximum_p(4.5, (double[]){0.8}, sixty, 1), 0.000145133317244914, 1e-8);
    // One variable is a normal one, whatever its loading; with a loading of 1, beyond the largest
    // that is taken, many are hardly more.
    CHECK_NEAR(ms_stats_maximum_p(1.959963984540054, equal, one, 1), 0.025, 1e-9);
    const double p = ms_stats_maximum_p(1.959963984540054, one, nine, 1);
    CHECK(p > 0.025 && p < 0.05);
    CHECK(ms_stats_maximum_p(3, NULL, NULL, 0) == 0);
}

int main(void)
{
    test_maximum();
    test_line();
    test_f();
    test_student_p();
    test_student_continuous();
    test_student_quantile();
    test_moments();
    test_welch();
    test_holm();
    return check_done();
}
