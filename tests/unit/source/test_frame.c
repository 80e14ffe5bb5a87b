// SPDX-License-Identifier: MIT
//
// Frames: labels are numbered in order of appearance, however many there are; where a value stands.
#include "coordinator/source/frame.h"

#include "check.h"

static struct ms_error err;

static void test_labels(void)
{
    struct ms_frame f = {0};
    struct ms_frame_labels l = {0};
    REQUIRE(ms_frame_add(&f, "c", MS_FRAME_TEXT, 1, &err) != NULL);
    for (uint32_t round = 0; round < 2; round++)
        for (uint32_t i = 0; i < 5000; i++) {
            char text[16];
            uint32_t number;
            snprintf(text, sizeof text, "%u", i * 7919);
            REQUIRE(ms_frame_label(&l, &f.column[0], text, &number, &err) == 0);
            CHECK_INT(number, i);
        }
    CHECK_INT(f.column[0].n_labels, 5000);
    CHECK_STR(f.column[0].label[1], "7919");
    ms_frame_labels_clear(&l);
    ms_frame_clear(&f);
}

static void test_where(void)
{
    char out[200];
    long lines[] = {2, 5};
    struct ms_frame f = {.path = "a.csv", .line = lines};
    REQUIRE(ms_frame_add(&f, "id", MS_FRAME_LEFT, 1, &err) && //
            ms_frame_add(&f, "price", MS_FRAME_F64, 1, &err) &&
            ms_frame_add(&f, NULL, MS_FRAME_F32, 784, &err));
    CHECK_STR(ms_frame_where(&f, 1, 1, 0, out, sizeof out), "a.csv:5: column 2 (price)");
    f.line = NULL;
    CHECK_STR(ms_frame_where(&f, 1, 1, 0, out, sizeof out), "a.csv: row 1, column price");
    CHECK_STR(ms_frame_where(&f, 1, 2, 9, out, sizeof out), "a.csv: row 1, number 9");
    ms_frame_clear(&f);
}

int main(void)
{
    test_labels();
    test_where();
    return check_done();
}
