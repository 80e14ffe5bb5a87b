// SPDX-License-Identifier: MIT
//
// Figures: what they hold, the ranges of their axes, and round numbers.
#include "plot_fixture.h"

static void test_ranges(void)
{
    struct ms_figure f;
    make_lines(&f);
    CHECK(f.status == 0 && f.n_series == 3 && f.series[1].n == 11);
    struct ms_range x = ms_figure_range(&f, false), y = ms_figure_range(&f, true);
    CHECK_NEAR(x.lo, -0.5, 1e-12); // a twentieth beyond the data
    CHECK_NEAR(x.hi, 10.5, 1e-12);
    CHECK_NEAR(y.lo, -1.6, 1e-12); // the band counts
    CHECK_NEAR(y.hi, 11.6, 1e-12);
    f.x.lo = 1;
    CHECK(ms_figure_range(&f, false).lo == 1);
    f.y.log = true; // what is not positive is not shown
    y = ms_figure_range(&f, true);
    CHECK_NEAR(y.lo, 1 / pow(11, 0.05), 1e-12);
    ms_figure_clear(&f);
    x = ms_figure_range(&f, false); // nothing
    CHECK(x.lo < x.hi);
    make_bars(&f);
    x = ms_figure_range(&f, false);
    CHECK(x.lo < 0 && x.hi > 1 && x.hi < 1.1); // from 0 to the end of the interval
    ms_figure_clear(&f);
    make_map(&f);
    x = ms_figure_range(&f, false);
    CHECK(x.lo == 0 && x.hi == 1);
    ms_figure_clear(&f);
    const int one = ms_figure_series(&f, MS_MARK_POINTS, 0, "");
    ms_figure_point(&f, one, 3, -2); // a single value is still a range
    x = ms_figure_range(&f, false);
    y = ms_figure_range(&f, true);
    CHECK(x.lo < 3 && x.hi > 3 && y.lo < -2 && y.hi > -2);
    ms_figure_clear(&f);
}

static void check_round(double lo, double hi, bool log_scale, const char *wanted)
{
    const struct ms_range r = {lo, hi};
    double at[MS_FIGURE_ROUND];
    char text[300] = "";
    const int n = ms_figure_round(&r, log_scale, at);
    for (int k = 0; k < n; k++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%.6g", k ? " " : "", at[k]);
    CHECK_STR(text, wanted);
}

static void test_round(void)
{
    check_round(0, 10, false, "0 5 10");
    check_round(-0.5, 10.5, false, "0 5 10");
    check_round(0.31, 0.99, false, "0.4 0.6 0.8");
    check_round(-1e-3, 1e-3, false, "-0.001 -0.0005 0 0.0005 0.001");
    check_round(1e-4, 0.1, true, "0.0001 0.001 0.01 0.1");
    check_round(3, 80, true, "5 10 20 50");
}

int main(void)
{
    test_ranges();
    test_round();
    return check_done();
}
