// SPDX-License-Identifier: MIT
//
// Targets of CSV files: numbers or classes, decided or given; several targets; a later file's.
#include "source_helpers.h"

static struct ms_data_spec csv(const char *text, const char *target)
{
    tmp_write("t.csv", text, strlen(text));
    struct ms_data_spec s = spec_of(MS_CSV, "t.csv");
    snprintf(s.target, sizeof s.target, "%s", target);
    return s;
}

static void test_tasks(void)
{
    struct ms_data_spec s = csv("a,y\n1,7\n2,3\n3,7\n4,10\n", "y"); // 3 < 7 < 10: as numbers
    struct loaded l = load_well(&s, 1);
    CHECK_INT(l.d.task, MS_MULTICLASS);
    CHECK_INT(l.d.n_outputs, 3);
    const float one_hot[] = {0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1};
    CHECK(memcmp(l.d.y, one_hot, sizeof one_hot) == 0);
    free(l.block);
    s.task = MS_REGRESSION;
    l = load_well(&s, 1);
    CHECK(l.d.task == MS_REGRESSION && y_at(&l.d, 3, 0) == 10);
    free(l.block);
    s.task = MS_BINARY;
    refused(&s, MS_EINVAL, "3 different values", "binary needs 2");

    s = csv("a,y\n1,no\n2,yes\n3,no\n", "y");
    l = load_well(&s, 1);
    CHECK(l.d.task == MS_BINARY && l.d.n_outputs == 1 && y_at(&l.d, 1, 0) == 1);
    free(l.block);
    s.task = MS_MULTICLASS; // softmax over two classes is possible, when asked for
    l = load_well(&s, 1);
    CHECK(l.d.task == MS_MULTICLASS && l.d.n_outputs == 2);
    free(l.block);
    s.task = MS_REGRESSION;
    refused(&s, MS_EFORMAT, "t.csv:2: column 2 (y): expected a number, found 'no'", "");

    s = csv("a,y\n1,0\n2,0.0\n3,1\n4,1e0\n", "y"); // one number in two spellings is one class
    l = load_well(&s, 1);
    CHECK(l.d.task == MS_BINARY && y_at(&l.d, 1, 0) == 0 && y_at(&l.d, 3, 0) == 1);
    free(l.block);
    s = csv("a,y\n1,0\n2,0.5\n", "y");
    l = load_well(&s, 1);
    CHECK_INT(l.d.task, MS_REGRESSION);
    free(l.block);
    s = csv("a,y\n1,0\n2,0\n", "y");
    refused(&s, MS_EINVAL, "target 'y' has only one value", "");
}

static void test_twenty_values(void)
{
    for (int n = 20; n <= 21; n++) {
        for (int text = 0; text <= 1; text++) {
            CASE("%d %s", n, text ? "words" : "numbers");
            char file[1024] = "a,y\n";
            for (int i = 0; i < n; i++)
                snprintf(file + strlen(file), 16, "%d,%s%d\n", i, text ? "c" : "", i);
            struct ms_data_spec s = csv(file, "y");
            if (n == 21 && text) {
                refused(&s, MS_EINVAL, "21 different values", "task");
                s.task = MS_MULTICLASS;
            }
            struct loaded l = load_well(&s, 1);
            CHECK_INT(l.d.task, n == 20 || text ? MS_MULTICLASS : MS_REGRESSION);
            free(l.block);
        }
    }
}

// Several targets are numbers, in the order in which they are named.
static void test_several(void)
{
    struct ms_data_spec s = csv("y,a,z\n1,2,3.5\n4,5,-6\n", "z\ny");
    struct loaded l = load_well(&s, 1);
    CHECK(l.d.task == MS_REGRESSION && l.d.n_outputs == 2 && l.d.n_inputs == 1);
    const float y[] = {3.5f, 1, -6, 4};
    CHECK(memcmp(l.d.y, y, sizeof y) == 0);
    free(l.block);
    s.task = MS_MULTICLASS;
    refused(&s, MS_EINVAL, "2 numbers a row are not the one-hot classes", "");
    s = csv("y,a,z\n1,2,3\n4,5,no\n", "z\ny");
    refused(&s, MS_EFORMAT, "t.csv:3: column 3 (z): expected a number, found 'no'", "");
    s = csv("y,a,z\n1e39,2,3\n", "z\ny");
    refused(&s, MS_EFORMAT, "column 1 (y): expected a number within float's range", "1e+39");
}

// The training file alone says what the classes are.
static void test_later_files(void)
{
    struct ms_data_spec s = csv("a,y\n1,b\n2,c\n3,a\n", "y");
    tmp_write("v.csv", "a,y\n9,c\n", 8);
    snprintf(s.val_path, sizeof s.val_path, "v.csv");
    struct loaded l = load_well(&s, 1);
    CHECK(l.d.n_outputs == 3 && l.d.n_val == 1);
    const float one_hot[] = {0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1};
    CHECK(memcmp(l.d.y, one_hot, sizeof one_hot) == 0);
    free(l.block);
    tmp_write("v.csv", "a,y\n9,d\n", 8);
    refused(&s, MS_EFORMAT, "v.csv:2: column 2 (y): no row of t.csv has the class 'd'", "");
}

int main(void)
{
    tmp_make();
    test_tasks();
    test_twenty_values();
    test_several();
    test_later_files();
    tmp_remove();
    return check_done();
}
