// SPDX-License-Identifier: MIT
//
// What is said about a packed data set: ranges, constants, counts; float's limits are warned about
// where values merge, and only there; targets far from 0 are noted.
#include "raw_helpers.h"

#include <math.h>

static struct ms_error err;

static void add_columns(struct ms_data_info *i)
{
    REQUIRE(ms_data_info_column(i, &(struct ms_data_column){.name = "id", .role = MS_ROLE_IGNORED},
                                &err) == 0);
    REQUIRE(ms_data_info_column(
                i, &(struct ms_data_column){.name = "t", .role = MS_ROLE_INPUT, .width = 1},
                &err) == 0);
    REQUIRE(ms_data_info_column(
                i, &(struct ms_data_column){.name = "y", .role = MS_ROLE_TARGET, .width = 1},
                &err) == 0);
    snprintf(i->target, sizeof i->target, "y");
}

static bool said(const struct ms_data_info *i, bool warning, const char *what)
{
    for (size_t k = 0; k < i->n_notes; k++)
        if (i->note[k].warning == warning && strstr(i->note[k].text, what))
            return true;
    return false;
}

static const double seconds[] = {1600000000, 1600000001, 1600000002, 1600000003};
static const double y[] = {0, 1, 2, 3};

static struct ms_data_info describe(struct ms_data_spec s, const double *x, const double *t)
{
    struct ms_data_info info = {0};
    struct ms_raw raw = raw_of(1, 4, x, t);
    add_columns(&info);
    struct built b = build(&s, &raw, &info);
    CHECK_THAT(b.status == 0, "%s", b.err.text);
    free(b.block);
    return info;
}

static void test_constants(void)
{
    struct ms_data_spec s = spec_with("standard", "none");
    s.validation = 0.25;
    struct ms_data_info i = describe(s, seconds, y);
    const struct ms_data_column *c = &i.column[1];
    CHECK(c->lo == 1600000000 && c->hi == 1600000002 && c->mean == 1600000001);
    CHECK(c->shift == c->mean && c->fill == c->mean);
    CHECK_NEAR(c->divide, sqrt(2. / 3), 1e-15);
    CHECK(isnan(i.column[0].lo));
    CHECK(i.column[2].lo == 0 && i.column[2].hi == 2 && i.column[2].mean == 1);
    CHECK(isnan(i.column[2].shift));
    CHECK(i.n_rows == 4 && i.n_train == 3 && i.n_val == 1 && i.n_test == 0);
    CHECK_STR(i.split, "last");
    CHECK_STR(i.scaling, "standard");
    CHECK_STR(i.target_scaling, "none");
    CHECK_INT(i.n_notes, 0);
    CHECK_INT(strlen(i.sha256), 64);
    ms_data_info_clear(&i);
}

static void test_warnings(void)
{
    struct ms_data_info i = describe(spec_with("none", "none"), seconds, y);
    CHECK(said(&i, true, "column 't': 3 pairs"));
    CHECK(said(&i, true, "\"scaling\": \"standard\""));
    ms_data_info_clear(&i);
    i = describe(spec_with("minmax", "none"), seconds, y);
    CHECK_INT(i.n_notes, 0);
    ms_data_info_clear(&i);
    struct ms_data_spec folds = spec_with("standard", "none");
    folds.folds = 2;
    i = describe(folds, seconds, y);
    CHECK_INT(i.n_notes, 0); // kept apart by the base
    CHECK(isnan(i.column[1].shift));
    ms_data_info_clear(&i);
    static const double wide[] = {1, 123456789, 123456790, 2e9};
    i = describe(spec_with("standard", "none"), wide, y);
    CHECK(said(&i, true, "column 't': 1 pairs")); // too wide for any scaling
    ms_data_info_clear(&i);
    i = describe(spec_with("none", "none"), y, seconds);
    CHECK(said(&i, true, "target 1: 3 pairs") && said(&i, true, "target_scaling"));
    ms_data_info_clear(&i);
    i = describe(spec_with("none", "standard"), y, seconds);
    CHECK_INT(i.n_notes, 0);
    CHECK(i.column[2].shift == 1600000001.5);
    ms_data_info_clear(&i);
}

static void test_far_targets(void)
{
    static const double prices[] = {221900, 222900, 223900, 224900}, near[] = {-60, 0, 20, 80};
    struct ms_data_info i = describe(spec_with("none", "none"), y, prices);
    CHECK(said(&i, false, "target 'y' has a mean of 223400"));
    ms_data_info_clear(&i);
    i = describe(spec_with("none", "log"), y, prices);
    CHECK_INT(i.n_notes, 0);
    ms_data_info_clear(&i);
    i = describe(spec_with("none", "none"), y, near);
    CHECK_INT(i.n_notes, 0);
    ms_data_info_clear(&i);
}

static void test_classes(void)
{
    struct ms_data_info i = {0};
    struct ms_data_spec s = spec_with("none", "none");
    static const double class[] = {1, 0, 1, 1};
    struct ms_raw raw = raw_of(1, 4, y, class);
    raw.task = MS_BINARY;
    s.test = 0.25;
    s.validation = 0.5;
    REQUIRE(ms_data_info_class(&i, &(struct ms_data_class){.label = "no"}, &err) == 0);
    REQUIRE(ms_data_info_class(&i, &(struct ms_data_class){.label = "yes"}, &err) == 0);
    struct built b = build(&s, &raw, &i);
    REQUIRE(b.status == 0);
    CHECK(i.class[0].n_train == 0 && i.class[0].n_val == 1 && i.class[0].n_test == 0);
    CHECK(i.class[1].n_train == 1 && i.class[1].n_val == 1 && i.class[1].n_test == 1);
    free(b.block);
    ms_data_info_clear(&i);
}

int main(void)
{
    test_constants();
    test_warnings();
    test_far_targets();
    test_classes();
    return check_done();
}
