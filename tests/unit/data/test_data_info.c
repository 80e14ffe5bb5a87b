// SPDX-License-Identifier: MIT
//
// The line about a data set, word for word, and the lists behind it.
#include "mlpsweep/data_info.h"

#include "check.h"

static struct ms_error err;

static void test_regression(void)
{
    char line[400];
    struct ms_data_info i = {.name = "houses.csv",
                             .task = "regression",
                             .target = "price",
                             .n_inputs = 8,
                             .n_rows = 20640,
                             .n_train = 16512,
                             .n_val = 4128,
                             .split = "random",
                             .scaling = "standard"};
    CHECK_STR(ms_data_info_line(&i, line, sizeof line),
              "houses.csv, 20,640 rows x 8 inputs, regression on price; 16,512 train, 4,128 "
              "validation (random); scaling standard");
    snprintf(i.target_scaling, sizeof i.target_scaling, "log");
    i.n_dropped = 1000000;
    CHECK_STR(ms_data_info_line(&i, line, sizeof line),
              "houses.csv, 20,640 rows x 8 inputs, regression on price; 16,512 train, 4,128 "
              "validation (random); 1,000,000 rows left out for missing values; scaling standard; "
              "target scaling log");
    i.n_dropped = 1;
    CHECK_THAT(strstr(ms_data_info_line(&i, line, sizeof line), "; 1 row left out"), "%s", line);
    char few[8];
    CHECK_STR(ms_data_info_line(&i, few, sizeof few), "houses.");
}

static void test_classes(void)
{
    char line[400];
    struct ms_data_info i = {.name = "a.csv",
                             .task = "binary",
                             .target = "y",
                             .n_inputs = 1,
                             .n_rows = 30,
                             .n_train = 30,
                             .n_folds = 5,
                             .split = "stratified",
                             .scaling = "none"};
    REQUIRE(ms_data_info_class(&i, &(struct ms_data_class){"no", 20, 0, 0}, &err) == 0);
    REQUIRE(ms_data_info_class(&i, &(struct ms_data_class){"yes", 10, 0, 0}, &err) == 0);
    CHECK_STR(ms_data_info_line(&i, line, sizeof line),
              "a.csv, 30 rows x 1 input, binary on y: no (20), yes (positive, 10); 30 train in 5 "
              "folds (stratified); scaling none");
    for (char c = 'c'; c < 'h'; c++)
        REQUIRE(ms_data_info_class(&i, &(struct ms_data_class){(char[]){c, 0}, 1, 0, 0}, &err) ==
                0);
    CHECK_THAT(strstr(ms_data_info_line(&i, line, sizeof line), "7 classes no … g;"), "%s", line);
    ms_data_info_clear(&i);
    CHECK_INT(i.n_classes, 0);
}

static void test_lists(void)
{
    struct ms_data_info i = {0};
    for (int k = 0; k < 3; k++)
        REQUIRE(ms_data_info_note(&i, true, &err, "column %d is constant", k % 2) == 0);
    CHECK_INT(i.n_notes, 2); // said once
    CHECK_STR(i.note[1].text, "column 1 is constant");
    REQUIRE(ms_data_info_column(&i, &(struct ms_data_column){.name = NULL, .width = 784}, &err) ==
            0);
    REQUIRE(ms_data_info_file(&i, &(struct ms_data_file){.path = "x.npy", .bytes = 7}, &err) == 0);
    CHECK(i.column[0].name == NULL && i.column[0].width == 784);
    CHECK_STR(i.file[0].path, "x.npy");
    ms_data_info_clear(&i);
}

// A kind is found by its text, wherever that lies; a reader of a newer store may meet another.
static void test_kinds(void)
{
    static const char *const kinds[] = {"number",   "boolean", "date", "time",
                                        "category", "class",   "byte"};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        char copy[16];
        snprintf(copy, sizeof copy, "%s", kinds[k]);
        CHECK_STR(ms_data_kind(copy), kinds[k]);
        CHECK(ms_data_kind(copy) != copy);
    }
    CHECK_STR(ms_data_kind("colour"), "");
    CHECK_STR(ms_data_kind(NULL), "");
}

int main(void)
{
    test_kinds();
    test_regression();
    test_classes();
    test_lists();
    return check_done();
}
