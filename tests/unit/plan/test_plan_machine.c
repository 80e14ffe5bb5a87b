// SPDX-License-Identifier: MIT
//
// What a plan says of a machine, fast or slow.
#include "coordinator/plan/plan_machine.h"

#include <stdbool.h>

#include "check.h"

static void test_text(void)
{
    struct ms_plan_machine m = {.core = "Zen", .peak_gflops = 80};
    char text[400];
    CHECK_STR(ms_plan_machine_text(&m, 60.44, text, sizeof text),
              "OpenBLAS's core Zen, 60.4 GFLOP/s on one thread");
    CHECK_STR(ms_plan_machine_text(&m, 0, text, sizeof text), "OpenBLAS's core Zen");
    strcpy(m.core_note, "a remark");
    CHECK_STR(ms_plan_machine_text(&m, 0, text, sizeof text), "OpenBLAS's core Zen; a remark");
    char cut[10];
    CHECK_STR(ms_plan_machine_text(&m, 1, cut, sizeof cut), "OpenBLAS'");
}

static void test_warning(void)
{
    static const struct {
        double gflops, peak_gflops;
        bool warns;
    } rows[] = {
        {32, 192, false}, // Prescott's kernels on an AVX-512 Xeon: slow, but what SSE can do
        {19.1, 192, true}, {19.3, 192, false}, {0.5, 83, true},
        {0, 83, false},    {5, 0, false},      {0, 0, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CASE("%g of %g", rows[i].gflops, rows[i].peak_gflops);
        const struct ms_plan_machine m = {.core = "Zen", .peak_gflops = rows[i].peak_gflops};
        char text[400];
        ms_plan_machine_warning(&m, rows[i].gflops, text, sizeof text);
        CHECK((text[0] != 0) == rows[i].warns);
        CHECK(!rows[i].warns || strstr(text, "OPENBLAS_CORETYPE") != NULL);
    }
}

static void test_memory(void)
{
    struct ms_memory memory = {.kernel = "k", .bytes = 16e9};
    struct ms_cluster c;
    ms_plan_machine_memory(&memory, 1, 4, &c);
    CHECK_NEAR(c.worker_bytes, 16e9, 0);
    ms_plan_machine_memory(&memory, 64, 4, &c); // the others are on machines of their own
    CHECK_NEAR(c.worker_bytes, 4e9, 0);
    CHECK_STR(c.memory, "16 GB of this machine for 4 workers");
    strcpy(memory.group, "/job");
    memory.group_bytes = 2e9;
    ms_plan_machine_memory(&memory, 2, 4, &c);
    CHECK_NEAR(c.worker_bytes, 1e9, 0);
}

int main(void)
{
    test_text();
    test_warning();
    test_memory();
    return check_done();
}
