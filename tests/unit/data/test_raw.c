// SPDX-License-Identifier: MIT
//
// Statistics of raw rows against values by hand; three types of numbers give the same.
#include "raw_helpers.h"

#include <math.h>

static struct ms_error err;

// Columns 1, 2, 4, 5 (mean 3, population deviation sqrt(2.5)) and 7, missing, 9, 8; row 2 left out.
static void test_stats(void)
{
    static const double x[] = {1, 7, 2, NAN, 100, 100, 4, 9, 5, 8}, y[5] = {0};
    struct ms_raw raw = raw_of(2, 5, x, y);
    const uint32_t order[] = {0, 1, 2, 3, 4};
    const struct ms_raw_rows rows = {&raw, order, 2, 3, 5};
    struct ms_column_stats s[2];
    REQUIRE(ms_raw_stats(&rows, s, &err) == 0);
    CHECK_NEAR(s[0].mean, 3, 0);
    CHECK_NEAR(s[0].sd, sqrt(2.5), 1e-15);
    CHECK(s[0].lo == 1 && s[0].hi == 5);
    // The missing value counts as the mean, 8: deviations -1, 0, 1, 0 of four rows.
    CHECK_NEAR(s[1].mean, 8, 0);
    CHECK_NEAR(s[1].sd, sqrt(0.5), 1e-15);
    CHECK(s[1].lo == 7 && s[1].hi == 9);
    ms_raw_clear(&raw);
}

static void test_types(void)
{
    static float f32[] = {3, 5, 250, 0};
    static uint8_t u8[] = {3, 5, 250, 0};
    const struct ms_raw floats = {.n_inputs = 2, .n_rows = 2, .x_type = MS_RAW_F32, .x = f32},
                        bytes = {.n_inputs = 2, .n_rows = 2, .x_type = MS_RAW_U8, .x = u8};
    double a[2], b[2];
    for (size_t i = 0; i < 2; i++) {
        ms_raw_inputs(&floats, i, a);
        ms_raw_inputs(&bytes, i, b);
        CHECK(a[0] == b[0] && a[1] == b[1] && a[0] == (double)u8[2 * i]);
    }
}

int main(void)
{
    test_stats();
    test_types();
    return check_done();
}
