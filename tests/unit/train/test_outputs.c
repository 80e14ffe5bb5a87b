// SPDX-License-Identifier: MIT
//
// Targets in two units against values by hand, and what is seen of outputs over several batches.
#include "check.h"

#include <stdlib.h>

#include "worker/train/outputs.h"

enum { UNITS = 2, LD = 16 };

static struct ms_outputs make(const struct ms_target *target, void **block)
{
    const struct ms_dataset d = {.n_outputs = UNITS, .target = target};
    struct ms_outputs o;
    struct ms_carve carve = {0};
    ms_outputs_lay_out(&o, &d, LD, &carve);
    *block = aligned_alloc(MS_ALIGN, carve.used);
    REQUIRE(*block);
    carve = (struct ms_carve){.base = *block};
    ms_outputs_lay_out(&o, &d, LD, &carve);
    ms_outputs_reset(&o);
    return o;
}

static void test_units(void)
{
    const double e = exp(1);
    const struct ms_target target[3][UNITS] = {
        {{0, 10, 4, MS_TARGET_LINEAR}, {100, 103, 0.5, MS_TARGET_LINEAR}},
        {{0, 1, 2, MS_TARGET_LOG}, {0, 0, 1, MS_TARGET_LOG}},
        {{1, 0, 1, MS_TARGET_LOG1P}, {0, -1, 2, MS_TARGET_LOG1P}},
    };
    // of each kind and unit: a target as the block has it, and as the network sees it
    const double own[3][UNITS] = {{12, 4}, {pow(e, 5), 1}, {e * e - 2, e - 1}};
    const double seen[3][UNITS] = {{0.5, 2}, {2, 0}, {2, 1}};
    for (int k = 0; k < 3; k++) {
        void *block;
        struct ms_outputs o = make(target[k], &block);
        _Alignas(64) ms_real t[UNITS * LD], y[UNITS * LD];
        for (int j = 0; j < UNITS; j++)
            for (int i = 0; i < LD; i++) {
                t[j * LD + i] = (ms_real)own[k][j];
                y[j * LD + i] = (ms_real)seen[k][j];
            }
        ms_outputs_scale(&o, t, LD);
        ms_outputs_bring_back(&o, y, LD);
        for (int j = 0; j < UNITS; j++) {
            CASE("kind %d, output %d", k, j);
            CHECK(o.base[j] == target[k][j].base);
            for (int i = 0; i < LD; i += LD - 1) {
                CHECK_NEAR(t[j * LD + i], seen[k][j], 1e-6);
                CHECK(o.t[j * LD + i] == (ms_real)own[k][j]);
                CHECK_NEAR(o.y[j * LD + i], own[k][j], 1e-4);
            }
        }
        free(block);
    }
}

static void test_looks(void)
{
    void *block;
    struct ms_outputs o = make(NULL, &block);
    _Alignas(64) ms_real y[UNITS * LD];
    for (int i = 0; i < LD; i++) {
        y[i] = 3;
        y[LD + i] = -0.0f;
    }
    CHECK(!o.t && !o.y && !o.base);
    ms_outputs_scale(&o, y, LD);
    CHECK(y[0] == 3);
    ms_outputs_look(&o, y, 4, LD);
    y[LD + 2] = 0; // the same number
    ms_outputs_look(&o, y, 7, LD);
    CHECK(!o.varies && o.rows == 11);
    y[LD + 7] = 1; // beyond the rows
    y[8] = NAN;
    ms_outputs_bring_back(&o, y, LD);
    ms_outputs_look(&o, y, 7, LD);
    CHECK(!o.varies);
    ms_outputs_look(&o, y, 8, LD);
    CHECK(o.varies);
    ms_outputs_reset(&o);
    CHECK(!o.varies && o.rows == 0);
    ms_outputs_look(&o, y, 9, LD);
    CHECK(o.varies); // NaN is no number that others equal
    free(block);
}

int main(void)
{
    test_units();
    test_looks();
    return check_done();
}
