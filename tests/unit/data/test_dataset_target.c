// SPDX-License-Identifier: MIT
//
// Every row of the table of target scalings against values by hand: targets 1, 2, 4, 5 of the
// training rows (mean 3, population deviation sqrt(2.5)); the last row is another part.
#include "raw_helpers.h"

#include <math.h>

static const double y[] = {1, 2, 4, 5, 100};
static const struct {
    const char *name;
    double first, last; // what 1 and 100 become
    int kind;
} wanted[] = {{"none", 1, 100, MS_TARGET_LINEAR},
              {"standard", -1.2649110640673518, 61.348186607266563, MS_TARGET_LINEAR},
              {"minmax", 0, 24.75, MS_TARGET_LINEAR},
              {"log", 0, 4.6051701859880914, MS_TARGET_LOG},
              {"log1p", 0.69314718055994529, 4.6151205168412597, MS_TARGET_LOG1P}};

static double learned(const struct ms_target *t, double v)
{
    v += t->base;
    v = t->kind == MS_TARGET_LOG ? log(v) : t->kind == MS_TARGET_LOG1P ? log1p(v) : v;
    return (v - t->shift) / t->divide;
}

static void test_rows(void)
{
    const uint32_t order[] = {0, 1, 2, 3, 4};
    CHECK_INT(ms_dataset_target_scaling_table.n, sizeof wanted / sizeof *wanted);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        CASE("%s", wanted[i].name);
        struct ms_raw raw = raw_of(1, 5, y, y);
        const struct ms_raw_rows rows = {&raw, order, 4, 4, 4};
        const double base = 0;
        struct ms_target t;
        struct ms_error err = {0};
        int row = ms_table_find(&ms_dataset_target_scaling_table, wanted[i].name);
        REQUIRE(ms_dataset_target_fit(row, &rows, &base, &t, &err) == 0);
        CHECK_NEAR(learned(&t, 1), wanted[i].first, 1e-14);
        CHECK_NEAR(learned(&t, 100), wanted[i].last, 1e-13);
        CHECK_INT(t.kind, wanted[i].kind);
        ms_raw_clear(&raw);
    }
}

// Without a logarithm anywhere, also in rows that do not train, the target is refused.
static void test_refused(void)
{
    static const double bad[][2] = {{1, 0}, {0, 1}, {1, -3}, {1, -1}};
    const uint32_t order[] = {0, 1};
    const double base = 0;
    for (size_t i = 0; i < 4; i++)
        for (int p = 0; p < 2; p++) {
            CASE("targets %g and %g, %s", bad[i][0], bad[i][1], p ? "log1p" : "log");
            struct ms_raw raw = raw_of(1, 2, bad[i], bad[i]);
            const struct ms_raw_rows rows = {&raw, order, 1, 1, 1};
            struct ms_target t;
            struct ms_error err = {0};
            int row = ms_table_find(&ms_dataset_target_scaling_table, p ? "log1p" : "log");
            int status = ms_dataset_target_fit(row, &rows, &base, &t, &err);
            CHECK_INT(status, p && i < 2 ? 0 : MS_EINVAL);
            CHECK(status == 0 || strstr(err.text, "data.target_scaling"));
            ms_raw_clear(&raw);
        }
}

// Constant targets are divided by 1.
static void test_constant(void)
{
    static const double same[] = {7, 7};
    const uint32_t order[] = {0, 1};
    const double base = 0;
    struct ms_raw raw = raw_of(1, 2, same, same);
    const struct ms_raw_rows rows = {&raw, order, 2, 2, 2};
    struct ms_target t;
    struct ms_error err = {0};
    for (int row = 1; row < 3; row++) {
        REQUIRE(ms_dataset_target_fit(row, &rows, &base, &t, &err) == 0);
        CHECK(t.shift == 7 && t.divide == 1);
    }
    ms_raw_clear(&raw);
}

int main(void)
{
    test_rows();
    test_refused();
    test_constant();
    return check_done();
}
