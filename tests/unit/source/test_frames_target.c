// SPDX-License-Identifier: MIT
//
// Targets of frames: classes in their order, sorted or given; one-hot columns; several numbers; and
// what a later part may hold.
#include "frames_fixture.h"

static void test_single(void)
{
    static const struct {
        const char *y; // the target column
        int task;
        const char *classes, *rows;
    } cases[] = {
        {"7,3,7,10", -1, "3 7 10", "1 > 1; 2 > 0; 3 > 1; 4 > 2"}, // as numbers
        {"b,c,a,b", -1, "a b c", "1 > 1; 2 > 2; 3 > 0; 4 > 1"},
        {"10,9,x,9", -1, "10 9 x", "1 > 0; 2 > 1; 3 > 2; 4 > 1"}, // as texts
        {"0,1.0,1,0.0", -1, "0 1", "1 > 0; 2 > 1; 3 > 1; 4 > 0"}, // one number in two spellings
        {"-1,1,1,-1", -1, "-1 1", "1 > 0; 2 > 1; 3 > 1; 4 > 0"},
        {"7,3,7,10", MS_REGRESSION, "", "1 > 7; 2 > 3; 3 > 7; 4 > 10"},
        {"1.5,2.5,1.5,0.1", MS_MULTICLASS, "0.1 1.5 2.5", "1 > 1; 2 > 2; 3 > 1; 4 > 0"},
        {"no,yes,no,no", -1, "no yes", "1 > 0; 2 > 1; 3 > 0; 4 > 0"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CASE("targets %s", cases[i].y);
        char text[200] = "x,y\n", copy[100], *next = copy;
        snprintf(copy, sizeof copy, "%s", cases[i].y);
        for (int row = 1; next; row++)
            snprintf(text + strlen(text), 40, "%d,%s\n", row, strsep(&next, ","));
        struct ms_data_spec s = frames_spec("y", "", "");
        s.task = cases[i].task;
        frames_load_well(&s, text, NULL, NULL);
        CHECK_STR(frames_classes(), cases[i].classes);
        CHECK_STR(frames_rows(), cases[i].rows);
        CHECK_INT(frames_raw.n_classes, frames_raw.task == MS_MULTICLASS ? 3 : 1);
    }
}

static void test_given_order(void)
{
    static const struct {
        const char *classes, *text, *wanted, *rows; // wanted: the refusal if rows is NULL
    } cases[] = {
        {"yes\nno", "x,y\n1,no\n2,yes\n", "yes no", "1 > 1; 2 > 0"},
        {"2.0\n3\n1e0", "x,y\n1,1\n2,2\n3,3\n", "2 3 1", "1 > 2; 2 > 0; 3 > 1"},
        {"yes", "x,y\n1,no\n2,yes\n", "data.classes: missing 'no'", NULL},
        {"yes\nno\nmaybe", "x,y\n1,no\n2,yes\n",
         "data.classes: found 'maybe', which no training row has; allowed: every class of t.csv: "
         "target 'y', once",
         NULL},
        {"Yes\nno", "x,y\n1,no\n2,yes\n", "found 'Yes', which no training row has; missing 'yes'",
         NULL},
        {"no\nyes\nno", "x,y\n1,no\n2,yes\n", "data.classes: found 'no' twice", NULL},
        {"one\n2", "x,y\n1,1\n2,2\n", "found 'one'", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CASE("classes %s", cases[i].classes);
        struct ms_data_spec s = frames_spec("y", "", "");
        snprintf(s.classes, sizeof s.classes, "%s", cases[i].classes);
        if (!cases[i].rows) {
            frames_refused(&s, cases[i].text, NULL, cases[i].wanted);
            continue;
        }
        frames_load_well(&s, cases[i].text, NULL, NULL);
        CHECK_STR(frames_classes(), cases[i].wanted);
        CHECK_STR(frames_rows(), cases[i].rows);
        CHECK_STR(frames_info.task_by, "classes");
    }
}

static void test_several(void)
{
    struct ms_data_spec s = frames_spec("z\ny", "", "");
    frames_load_well(&s, "y,a,z\n1,2,3.5\n4,5,-6\n", NULL, NULL); // in the order named
    CHECK_STR(frames_rows(), "2 > 3.5 1; 5 > -6 4");
    CHECK_STR(frames_info.target, "z, y");
    CHECK_STR(frames_info.column[1].name, "z");
    frames_load_well(&s, "y,a,z\n1,2,0\n0,5,1\n", "z,y,a\n1,0,9\n", NULL);
    CHECK(frames_raw.task == MS_MULTICLASS && frames_raw.n_classes == 2);
    CHECK_STR(frames_rows(), "2 > 1; 5 > 0; 9 > 0");
    CHECK_STR(frames_classes(), "z y");
    CHECK(frames_noted(false, "every row of the targets 'z, y' is one-hot: taken for 2 classes"));
    snprintf(s.classes, sizeof s.classes, "y\nz");
    frames_load_well(&s, "y,a,z\n1,2,0\n0,5,1\n", NULL, NULL);
    CHECK_STR(frames_rows(), "2 > 0; 5 > 1");
    s.classes[0] = '\0';
    snprintf(frames_hint.numbers, sizeof frames_hint.numbers, "loss 'mse'");
    frames_load_well(&s, "y,a,z\n1,2,0\n0,5,1\n", NULL, NULL);
    CHECK_STR(frames_rows(), "2 > 0 1; 5 > 1 0");
    CHECK_STR(frames_info.task_by, "loss 'mse'");
    memset(&frames_hint, 0, sizeof frames_hint);
    // One row of a later part is enough to make numbers of all.
    frames_load_well(&s, "y,a,z\n1,2,0\n0,5,1\n", "z,y,a\n1,1,9\n", NULL);
    CHECK_STR(frames_rows(), "2 > 0 1; 5 > 1 0; 9 > 1 1");
    frames_refused(&s, "y,a,z\n1,2,3\n4,5,no\n", NULL,
                   "t.csv:3: column 3 (z): expected a number, found 'no'");
    s.task = MS_MULTICLASS;
    frames_refused(&s, "y,a,z\n1,2,3\n4,5,6\n", NULL,
                   "t.csv: targets 'z, y': 2 numbers a row are not the one-hot classes");
}

// The training rows alone say what the classes are.
static void test_later(void)
{
    struct ms_data_spec s = frames_spec("y", "", "");
    frames_load_well(&s, "a,y\n1,b\n2,c\n3,a\n", "y,a\nc,9\n", NULL);
    CHECK_STR(frames_rows(), "1 > 1; 2 > 2; 3 > 0; 9 > 2");
    frames_load_well(&s, "a,y\n1,1\n2,2\n3,x\n", "y,a\n2,9\n",
                     NULL); // texts that look like numbers
    CHECK_STR(frames_rows(), "1 > 0; 2 > 1; 3 > 2; 9 > 1");
    frames_refused(&s, "a,y\n1,b\n2,c\n", "a,y\n8,b\n9,d\n",
                   "v.csv:3: column 2 (y): no row of t.csv has the class 'd'");
    frames_refused(&s, "a,y\n1,4\n2,5\n", "a,y\n9,6\n",
                   "v.csv:2: column 2 (y): no row of t.csv has the class 6");
    frames_refused(&s, "a,y\n1,4\n2,5\n", "a,y\n9,4\n9,six\n",
                   "v.csv:3: column 2 (y): no row of t.csv has the class 'six'");
    s.task = MS_REGRESSION;
    frames_refused(&s, "a,y\n1,4\n2,5\n", "a,y\n9,4\n9,six\n",
                   "v.csv:3: column 2 (y): expected a number, found 'six'");
    frames_refused(&s, "a,y\n1,4\n2,five\n", NULL,
                   "t.csv:3: column 2 (y): expected a number, found 'five'");
}

// 16 rows of whole prices: classes, said so, unless something speaks for numbers.
static void test_assumed(void)
{
    char text[400] = "a,price\n";
    for (int i = 0; i < 16; i++)
        snprintf(text + strlen(text), 20, "%d,%d\n", i, 221900 + 1000 * i);
    struct ms_data_spec s = frames_spec("price", "", "");
    frames_load_well(&s, text, NULL, NULL);
    CHECK(frames_raw.task == MS_MULTICLASS && frames_info.n_classes == 16);
    CHECK_STR(frames_info.class[15].label, "236900");
    CHECK(frames_noted(false, "target 'price' has 16 different whole numbers: taken for classes; "
                              "\"task\": \"regression\" takes them for numbers"));
    snprintf(frames_hint.numbers, sizeof frames_hint.numbers, "loss 'mse'");
    frames_load_well(&s, text, NULL, NULL);
    CHECK(frames_raw.task == MS_REGRESSION && frames_raw.y[15] == 236900);
    CHECK_STR(frames_info.task, "regression");
    CHECK(!frames_noted(false, "taken for classes"));
    memset(&frames_hint, 0, sizeof frames_hint);
}

int main(void)
{
    test_single();
    test_given_order();
    test_several();
    test_later();
    test_assumed();
    return frames_done();
}
