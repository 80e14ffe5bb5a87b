// SPDX-License-Identifier: MIT
//
// How a field's value is stored, and what it takes, in words.
#include "common/sweep/field.h"

#include <math.h>

#include "check.h"

static void allowed(struct ms_field f, const char *wanted)
{
    char out[1200];
    CHECK_STR(ms_field_allowed(&f, out, sizeof out), wanted);
}

static void test_allowed(void)
{
    const double none = INFINITY;
    allowed((struct ms_field){.type = MS_F_REAL, .lo = 0, .hi = 1}, "a number from 0 to 1");
    allowed((struct ms_field){.type = MS_F_REAL, .lo = 0, .hi = 1, .hi_open = true},
            "a number from 0 to below 1");
    allowed((struct ms_field){.type = MS_F_REAL, .lo = 0, .hi = 1, .lo_open = true},
            "a number above 0 and at most 1");
    allowed((struct ms_field){.type = MS_F_REAL, .lo = 0, .hi = none, .lo_open = true},
            "a number > 0");
    allowed((struct ms_field){.type = MS_F_INT, .lo = 2, .hi = none}, "an integer >= 2");
    allowed((struct ms_field){.type = MS_F_REAL, .lo = -none, .hi = none}, "a number");
    allowed((struct ms_field){.type = MS_F_REAL, .lo = 0, .hi = 1, .null_off = true},
            "a number from 0 to 1, or null");
    allowed((struct ms_field){.type = MS_F_BOOL}, "true or false");
    allowed((struct ms_field){.type = MS_F_TEXT, .size = 64}, "a string of 1 to 63 bytes");
    static const char *const names[] = {"best", "last", NULL};
    allowed((struct ms_field){.type = MS_F_NAME, .names = names}, "best, last");
    allowed((struct ms_field){.type = MS_F_CUSTOM, .doc = "an array"}, "an array");
}

static void test_stored(void)
{
    struct {
        double real, as_double;
        int whole, name, row;
        int64_t large;
        bool on;
        char text[8];
    } s;
    memset(&s, 0x55, sizeof s);
#define AT(member) .offset = (size_t)((char *)&s.member - (char *)&s)
    const struct ms_field fields[] = {
        {.name = "real", .type = MS_F_REAL, AT(real), .def = 0.5},
        {.name = "as_double", .type = MS_F_BOOL, AT(as_double), .as_double = true, .def = 1},
        {.name = "whole", .type = MS_F_INT, AT(whole), .def = -3},
        {.name = "name", .type = MS_F_NAME, AT(name), .def_name = 2},
        {.name = "row", .type = MS_F_ROW, AT(row)},
        {.name = "large", .type = MS_F_LONG, AT(large), .def = 0x1p52},
        {.name = "on", .type = MS_F_BOOL, AT(on), .def = 1},
        {.name = "text", .type = MS_F_TEXT, AT(text), .size = sizeof s.text, .def_text = "x"}};
    const struct ms_section section = {.n = 8, .field = fields};
    ms_field_default(&(struct ms_field){.type = MS_F_SECTION, .section = &section}, &s);
    CHECK(s.real == 0.5 && s.as_double == 1 && s.whole == -3 && s.name == 2 && s.row == -1);
    CHECK(s.large == INT64_C(1) << 52 && s.on);
    CHECK_STR(s.text, "x");
    ms_field_put(&fields[6], &s, 0);
    ms_field_put(&fields[2], &s, 41);
    CHECK(!s.on && s.whole == 41);
    CHECK_INT(ms_field_find(&section, "row"), 4);
    CHECK_INT(ms_field_find(&section, "Row"), -1);
    // null stands for the whole section, of which then nothing is set.
    s.whole = 7;
    ms_field_default(
        &(struct ms_field){.type = MS_F_SECTION, .section = &section, .optional = true}, &s);
    CHECK_INT(s.whole, 7);
}

int main(void)
{
    test_allowed();
    test_stored();
    return check_done();
}
