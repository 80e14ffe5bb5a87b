// SPDX-License-Identifier: MIT
//
// Where float is too coarse: bases, and counts of merged neighbours.
#include "check.h"
#include "common/data/raw.h"

static void test_base(void)
{
    CHECK(ms_dataset_base(0, 1) == 0);
    CHECK(ms_dataset_base(1990, 2020) == 0); // years
    CHECK(ms_dataset_base(-5, 5) == 0);
    CHECK(ms_dataset_base(7, 7) == 0); // a constant has no spread
    CHECK(ms_dataset_base(1600000000, 1600000004) == 1600000002);
    CHECK(ms_dataset_base(-1600000004, -1600000000) == -1600000002);
    CHECK(ms_dataset_base(2460000.5, 2460365.5) == 2460183); // Julian dates of a year
}

static void test_merged(void)
{
    struct ms_rounded seconds[4], small[3];
    for (int i = 0; i < 4; i++)
        seconds[(i * 3) % 4] = (struct ms_rounded){1.6e9 + i, (float)(1.6e9 + i)};
    CHECK_INT(ms_dataset_merged(seconds, 4), 3);
    for (int i = 0; i < 3; i++)
        small[i] = (struct ms_rounded){i % 2 + 0.1, (float)(i % 2 + 0.1)};
    CHECK_INT(ms_dataset_merged(small, 3), 0); // equal values are not merged by float
    CHECK_INT(ms_dataset_merged(small, 0), 0);
}

int main(void)
{
    test_base();
    test_merged();
    return check_done();
}
