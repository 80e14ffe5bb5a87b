// SPDX-License-Identifier: MIT
//
// The lines about data sets: each data set, then each warning and each note once.
#include "coordinator/show/show_data.h"

#include <string.h>

#include "check.h"

static char said[4000];

static void say(void *to, const char *line)
{
    CHECK(to == said);
    strcat(said, line);
    strcat(said, "\n");
}

static void add(struct ms_data_info *i, bool warning, const char *text)
{
    struct ms_error err;
    CHECK_INT(ms_data_info_note(i, warning, &err, "%s", text), 0);
}

int main(void)
{
    struct ms_data_info info[2] = {{.name = "a\x1b[2J.csv",
                                    .task = "regression",
                                    .target = "price",
                                    .n_inputs = 2,
                                    .n_rows = 10,
                                    .n_train = 8,
                                    .n_val = 2,
                                    .split = "random",
                                    .scaling = "none"},
                                   {.name = "b.csv",
                                    .task = "regression",
                                    .n_inputs = 1,
                                    .n_rows = 1,
                                    .n_train = 1,
                                    .scaling = "standard"}};
    const char *lines = "data: a?[2J.csv, 10 rows x 2 inputs, regression on price; 8 train, 2 "
                        "validation (random); scaling none\n"
                        "data: b.csv, 1 row x 1 input, regression; 1 train; scaling standard\n";
    add(&info[0], false, "x is a note");
    add(&info[0], true, "y is wrong");
    add(&info[1], true, "y is wrong"); // of both: said once
    add(&info[1], true, "z is wrong");
    char wanted[2000];
    ms_show_data(info, 2, false, say, said);
    snprintf(wanted, sizeof wanted, "%swarning: y is wrong\nwarning: z is wrong\n", lines);
    CHECK_STR(said, wanted);
    said[0] = '\0';
    ms_show_data(info, 2, true, say, said);
    snprintf(wanted, sizeof wanted,
             "%swarning: y is wrong\nwarning: z is wrong\nnote: x is a note\n", lines);
    CHECK_STR(said, wanted);
    said[0] = '\0';
    ms_show_data_warnings(info, 2, say, said);
    CHECK_STR(said, "warning: y is wrong\nwarning: z is wrong\n");
    said[0] = '\0';
    ms_show_data(info, 0, true, say, said);
    CHECK_STR(said, "");
    for (int i = 0; i < 2; i++)
        ms_data_info_clear(&info[i]);
    return check_done();
}
