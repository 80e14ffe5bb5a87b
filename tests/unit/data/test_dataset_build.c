// SPDX-License-Identifier: MIT
//
// Numbers are scaled as doubles: columns that float cannot tell apart keep their differences, with
// and without folds. Expected values are (x - mean) / population deviation, by hand.
#include "raw_helpers.h"

#include <math.h>

// Four consecutive seconds: mean + 1.5, deviation sqrt(1.25).
static const double seconds[] = {1600000000, 1600000001, 1600000002, 1600000003};
static const double y[] = {0, 1, 2, 3};

static void test_seconds(void)
{
    struct ms_data_spec s = spec_with("standard", "none");
    struct ms_raw raw = raw_of(1, 4, seconds, y);
    struct built b = build(&s, &raw, NULL);
    REQUIRE(b.status == 0);
    for (size_t i = 0; i < 4; i++)
        CHECK_NEAR(input(&b, i, 0), ((double)i - 1.5) / sqrt(1.25), 1e-7);
    CHECK(b.d.target == NULL);
    free(b.block);
}

// With two folds the block holds raw numbers less a base; what a batch becomes is the same as if
// each fold's training rows were scaled alone: those of fold 0 are rows 2 and 3 (mean + 2.5,
// deviation 0.5), those of fold 1 rows 0 and 1 (mean + 0.5).
static void test_folds(void)
{
    struct ms_data_spec s = spec_with("standard", "standard");
    s.folds = 2;
    double far[4];
    for (int i = 0; i < 4; i++)
        far[i] = seconds[i] + 0.25 * i;
    struct ms_raw raw = raw_of(1, 4, seconds, far);
    struct built b = build(&s, &raw, NULL);
    REQUIRE(b.status == 0);
    for (uint32_t f = 0; f < 2; f++) {
        struct ms_dataset d = ms_dataset_fold(&b.d, f);
        for (size_t i = 0; i < 4; i++) {
            CASE("fold %u, row %zu", f, i);
            double x = (input(&b, i, 0) - d.column->shift) / d.column->divide;
            CHECK_NEAR(x, ((double)i - (f ? 0.5 : 2.5)) / 0.5, 1e-6);
            double t = ((double)d.y[i] + d.target->base - d.target->shift) / d.target->divide;
            CHECK_NEAR(t, (1.25 * (double)i - (f ? 0.625 : 3.125)) / 0.625, 1e-5);
        }
    }
    free(b.block);
}

// A base for every one of many missing values: the fill is relative to it as well.
static void test_missing(void)
{
    static const double x[] = {1600000000, 1600000002, NAN, NAN};
    struct ms_data_spec s = spec_with("none", "none");
    s.folds = 2;
    struct ms_raw raw = raw_of(1, 4, x, y);
    raw.has_missing = true;
    struct built b = build(&s, &raw, NULL);
    CHECK_INT(b.status, MS_EINVAL); // fold 0 trains on rows without a value
    CHECK(strstr(b.err.text, "has no value"));
    static const double mixed[] = {1600000000, NAN, 1600000002, NAN};
    raw = raw_of(1, 4, mixed, y);
    raw.has_missing = true;
    b = build(&s, &raw, NULL);
    REQUIRE(b.status == 0);
    struct ms_dataset d = ms_dataset_fold(&b.d, 0);
    CHECK(isnan(input(&b, 1, 0)));
    CHECK_NEAR(d.column->fill - d.column->shift, 1600000002, 0); // what a batch gets
    free(b.block);
}

static void test_targets(void)
{
    struct ms_data_spec s = spec_with("none", "standard");
    struct ms_raw raw = raw_of(1, 4, y, seconds);
    struct built b = build(&s, &raw, NULL);
    REQUIRE(b.status == 0);
    for (size_t i = 0; i < 4; i++) {
        const struct ms_target *t = b.d.target;
        CHECK_NEAR(((double)b.d.y[i] + t->base - t->shift) / t->divide,
                   ((double)i - 1.5) / sqrt(1.25), 1e-7);
        CHECK((double)b.d.y[i] + t->base == seconds[i]); // its own unit comes back
    }
    free(b.block);
    raw = raw_of(1, 4, seconds, y);
    raw.task = MS_BINARY;
    b = build(&s, &raw, NULL);
    CHECK_INT(b.status, MS_EINVAL);
    CHECK(strstr(b.err.text, "target_scaling") && strstr(b.err.text, "classes"));
}

// Equal data make equal bytes, and a cut or lengthened block is refused.
static void test_bytes(void)
{
    struct ms_data_spec s = spec_with("standard", "minmax");
    struct built b[2];
    for (int i = 0; i < 2; i++) {
        struct ms_raw raw = raw_of(1, 4, seconds, y);
        b[i] = build(&s, &raw, NULL);
        REQUIRE(b[i].status == 0);
    }
    CHECK(b[0].size == b[1].size && memcmp(b[0].block, b[1].block, b[0].size) == 0);
    struct ms_dataset d;
    struct ms_error err;
    CHECK_INT(ms_dataset_view(b[0].block, b[0].size - 1, &d, &err), MS_EFORMAT);
    ((struct ms_target *)(uintptr_t)b[0].d.target)->divide = 0;
    CHECK_INT(ms_dataset_view(b[0].block, b[0].size, &d, &err), MS_EFORMAT);
    free(b[0].block);
    free(b[1].block);
}

int main(void)
{
    test_seconds();
    test_folds();
    test_missing();
    test_targets();
    test_bytes();
    return check_done();
}
