// SPDX-License-Identifier: MIT
//
// Missing values by policy, the place of the first one, and numbers that float does not hold.
#include "frames_fixture.h"

static void test_policies(void)
{
    struct ms_data_spec s = frames_spec("y", "c", "");
    static const char text[] = "a,c,b,y\n1,u,2,.5\n,v,4,.25\n5,,6,.5\n7,v,,.5\n";
    frames_refused(&s, text, NULL, "t.csv:3: column 1 (a): missing value");
    s.missing = MS_MISSING_DROP;
    frames_load_well(&s, text, "y,b,a,c\n1,,2,u\n2,3,4,u\n", NULL);
    CHECK_STR(frames_rows(), "1 1 2 > 0.5; 4 1 3 > 2"); // 'v' is no level: its rows are gone
    CHECK(frames_raw.n_dropped == 4 && !frames_raw.has_missing);
    s.missing = MS_MISSING_MEAN;
    frames_load_well(&s, text, NULL, NULL);
    CHECK_STR(frames_rows(), "1 1 0 2 > 0.5; nan 0 1 4 > 0.25; 5 nan nan 6 > 0.5; 7 0 1 nan > 0.5");
    CHECK(frames_raw.has_missing && frames_raw.n_dropped == 0);
    for (size_t i = 0; i < 3; i++)
        CHECK_INT(frames_info.column[i].n_missing, 1);
    frames_refused(&s, "a,c,b,y\n1,u,2,\n", NULL,
                   "t.csv:2: column 4 (y): missing value; a target cannot be filled, only dropped");
    s.missing = MS_MISSING_DROP;
    frames_refused(&s, "a,c,b,y\n1,u,2,\n", NULL,
                   "t.csv: a header, but no rows without missing values");
}

// The first row in the file is named, and in it the first column.
static void test_first(void)
{
    struct ms_data_spec s = frames_spec("y", "", "");
    frames_refused(&s, "a,b,y\n1,2,3\n4,,\n,5,6\n", NULL, "t.csv:3: column 2 (b): missing value");
    frames_refused(&s, "a,b,y\n1,2,3\n", "b,y,a\n1,2,\n", "v.csv:2: column 3 (a): missing value");
}

static void test_range(void)
{
    struct ms_data_spec s = frames_spec("y", "", "");
    for (int policy = 0; policy <= MS_MISSING_MEAN; policy++) {
        CASE("policy %d", policy);
        s.missing = (enum ms_missing)policy;
        frames_refused(
            &s, "a,y\n1,2\n1e39,3\n", NULL,
            "t.csv:3: column 1 (a): expected a number within float's range, found 1e+39");
        frames_refused(&s, "a,y\n1,-inf\n", NULL,
                       "t.csv:2: column 2 (y): expected a number within float's range, found -inf");
    }
}

// The row of a text among numbers moves with the rows that are dropped before it.
static void test_text_row(void)
{
    struct ms_data_spec s = frames_spec("y", "", "");
    s.missing = MS_MISSING_DROP;
    s.task = MS_REGRESSION;
    frames_refused(&s, "a,y\n,1\n1,2\n,3\n4,no\n5,6\n", NULL,
                   "t.csv:5: column 2 (y): expected a number, found 'no'");
}

// Texts that are gone with their rows leave a target of numbers.
static void test_dropped_texts(void)
{
    struct ms_data_spec s = frames_spec("y", "", "");
    s.missing = MS_MISSING_DROP;
    frames_load_well(&s, "a,y\n1,2.5\n,no\n3,4\n,none\n", NULL, NULL);
    CHECK_STR(frames_rows(), "1 > 2.5; 3 > 4");
    CHECK_INT(frames_raw.task, MS_REGRESSION);
    s.task = MS_REGRESSION;
    frames_refused(&s, "a,y\n1,2.5\n,no\n3,4\n4,some\n", NULL,
                   "t.csv:5: column 2 (y): expected a number, found 'some'");
}

int main(void)
{
    test_policies();
    test_first();
    test_range();
    test_text_row();
    test_dropped_texts();
    return frames_done();
}
