// SPDX-License-Identifier: MIT
//
// The table of schedulers, and the arithmetic of rungs.
#include "coordinator/study/scheduler.h"

#include <math.h>

#include "check.h"
#include "mlpsweep/sweep.h"

// Every row of the sweep file's table has its code, and nothing else has.
static void test_table(void)
{
    const struct {
        const char *name;
        const struct ms_scheduler_ops *ops;
    } rows[] = {{"median_stop", &ms_scheduler_median_stop},
                {"successive_halving", &ms_scheduler_successive_halving},
                {"hyperband", &ms_scheduler_hyperband},
                {"asha", &ms_scheduler_asha}};
    const int n = ms_search_scheduler_table.n;
    CHECK_INT(n, 1 + (int)(sizeof rows / sizeof *rows));
    for (int row = 0; row < n; row++) {
        const char *name = ms_table_row(&ms_search_scheduler_table, row)->name;
        CASE("%s", name);
        const struct ms_scheduler_ops *ops = ms_scheduler_ops_of(row);
        REQUIRE(ops);
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
            CHECK_THAT((strcmp(name, rows[i].name) == 0) == (ops == rows[i].ops),
                       "row %d, %s, has another scheduler's code", row, name);
    }
    CHECK(!ms_scheduler_ops_of(0)->bracket && !ms_scheduler_ops_of(0)->median); // none
    CHECK(!ms_scheduler_ops_of(-1) && !ms_scheduler_ops_of(n));
}

static void test_rungs(void)
{
    struct ms_bracket_plan p;
    ms_scheduler_rungs(1, 1.3, 5, &p); // 1, 1.3, 1.69, 2.2, 2.86, 3.7, 4.8: no epoch twice
    CHECK(p.n_rungs == 5 && p.epochs[0] == 1 && p.epochs[1] == 2 && p.epochs[2] == 3);
    CHECK(p.epochs[3] == 4 && p.epochs[4] == 5);
    ms_scheduler_rungs(1, 2, 1 << 20, &p);
    CHECK(p.n_rungs == 21 && p.epochs[20] == 1 << 20);
    for (int i = 1; i < p.n_rungs; i++)
        CHECK_INT(p.epochs[i], 2 * p.epochs[i - 1]);
    ms_scheduler_rungs(1, 1.01, 1 << 20, &p); // more rungs than there may be
    CHECK_INT(p.n_rungs, MS_MAX_RUNGS);
    CHECK_INT(p.epochs[MS_MAX_RUNGS - 1], 1 << 20);
}

static void test_keep(void)
{
    CHECK_INT(ms_scheduler_rung_keep(9, 3), 3);
    CHECK_INT(ms_scheduler_rung_keep(8, 3), 2);
    CHECK_INT(ms_scheduler_rung_keep(2, 3), 0);
    CHECK_INT(ms_scheduler_rung_keep(0, 2), 0);
    const double third = 1 / (1.0 / 3); // whatever rounding made of it
    for (int64_t n = 3; n < 3000; n += 3)
        CHECK_INT(ms_scheduler_rung_keep(n, third), n / 3);
}

static void test_sort(void)
{
    struct ms_worth e[] = {{.trial = 0, .failed = 1, .key = NAN},
                           {.trial = 5, .key = 2},
                           {.trial = 3, .key = 1},
                           {.trial = 1, .key = 2},
                           {.trial = 2, .failed = 1, .key = NAN},
                           {.trial = 4, .key = -INFINITY}};
    static const uint32_t wanted[] = {4, 3, 1, 5, 0, 2};
    ms_scheduler_rung_sort(e, 6);
    for (int i = 0; i < 6; i++)
        CHECK_INT(e[i].trial, wanted[i]);
    ms_scheduler_rung_sort(NULL, 0);
}

int main(void)
{
    test_table();
    test_rungs();
    test_keep();
    test_sort();
    return check_done();
}
