// SPDX-License-Identifier: MIT
//
// Every field type has its walker: a missing one would be a call of nothing.
#include "common/sweep/walkers.h"

#include "check.h"

static void test_all(void)
{
    for (int i = 0; i < MS_FIELD_TYPES; i++)
        CHECK_THAT(ms_sweep_walkers[i] != NULL, "type %d has no walker", i);
    CHECK(ms_sweep_walkers[MS_F_PICK] == ms_sweep_walk_pick);
    CHECK(ms_sweep_walkers[MS_F_ANY] == ms_sweep_walk_any);
    CHECK(ms_sweep_walkers[MS_F_CUSTOM] == ms_sweep_walk_custom);
    // Whole and other numbers share one, which asks the field what it takes.
    CHECK(ms_sweep_walkers[MS_F_INT] == ms_sweep_walkers[MS_F_REAL] &&
          ms_sweep_walkers[MS_F_LONG] == ms_sweep_walkers[MS_F_REAL]);
}

int main(void)
{
    test_all();
    return check_done();
}
