// SPDX-License-Identifier: MIT
//
// The products of narrow layers against plain loops in double, for every remainder of a tile, with
// A read along its rows and along its columns.
#include "check.h"

#include <stdbool.h>

#include "mlpsweep/real.h"
#include "worker/train/narrow.h"

enum { MOST = 11, LD_MOST = 48, GUARD = 16 };

static _Alignas(64) ms_real x[MOST * LD_MOST], d[MOST * LD_MOST], out[MOST * LD_MOST + GUARD],
    a[MOST * MOST], start[MOST];

static double some(int i)
{
    return (i * 7919 + 13) % 1009 / 500.0 - 1;
}

static void fill(ms_real *to, int n, int salt)
{
    for (int i = 0; i < n; i++)
        to[i] = (ms_real)some(i + salt * 311);
}

static void spoil_out(void)
{
    memset(out, 0xff, sizeof out); // NaN: whatever was there must not matter
}

static void check_guard(int n, const char *what)
{
    for (int i = n; i < n + GUARD; i++)
        CHECK_THAT(isnan((double)out[i]), "%s wrote beyond its end", what);
}

static void check_product(int m, int k, int ld, bool transposed, bool with_start)
{
    CASE("product %d x %d, ld %d", m, k, ld);
    const int row = transposed ? 1 : k, col = transposed ? m : 1;
    spoil_out();
    ms_narrow_product(out, with_start ? start : NULL, a, row, col, x, m, k, ld);
    for (int i = 0; i < m; i++)
        for (int lane = 0; lane < ld; lane++) {
            double sum = with_start ? (double)start[i] : 0;
            for (int l = 0; l < k; l++)
                sum += (double)a[i * row + l * col] * (double)x[l * ld + lane];
            CHECK_NEAR((double)out[i * ld + lane], sum, 1e-5);
        }
    check_guard(m * ld, "product");
}

static void check_outer(int k, int m, int ld)
{
    CASE("outer %d x %d, ld %d", k, m, ld);
    spoil_out();
    ms_narrow_outer(out, x, d, k, m, ld);
    for (int i = 0; i < k; i++)
        for (int j = 0; j < m; j++) {
            double sum = 0;
            for (int lane = 0; lane < ld; lane++)
                sum += (double)x[i * ld + lane] * (double)d[j * ld + lane];
            CHECK_NEAR((double)out[i * m + j], sum, 2e-5);
        }
    check_guard(k * m, "outer");
}

static void check_sums(int m, int ld)
{
    CASE("sums of %d rows, ld %d", m, ld);
    spoil_out();
    ms_narrow_sums(out, d, m, ld);
    for (int j = 0; j < m; j++) {
        double sum = 0;
        for (int lane = 0; lane < ld; lane++)
            sum += (double)d[j * ld + lane];
        CHECK_NEAR((double)out[j], sum, 2e-5);
    }
    check_guard(m, "sums");
}

// Each result depends on its own row and column only: the same bits, whatever stands beside them.
static void check_alone(void)
{
    static ms_real together[MOST * LD_MOST], alone[LD_MOST];
    ms_narrow_product(together, NULL, a, 5, 1, x, MOST - 4, 5, 16);
    for (int i = 0; i < MOST - 4; i++) {
        ms_narrow_product(alone, NULL, a + i * 5, 5, 1, x, 1, 5, 16);
        CHECK(memcmp(alone, together + i * 16, 16 * sizeof *alone) == 0);
    }
}

int main(void)
{
    fill(x, MOST * LD_MOST, 1);
    fill(d, MOST * LD_MOST, 2);
    fill(a, MOST * MOST, 3);
    fill(start, MOST, 4);
    for (int ld = 16; ld <= LD_MOST; ld += 16)
        for (int m = 1; m <= MOST; m++) {
            for (int k = 1; k <= MOST; k++) {
                for (int variant = 0; variant < 4; variant++)
                    check_product(m, k, ld, variant & 1, variant & 2);
                check_outer(k, m, ld);
            }
            check_sums(m, ld);
        }
    check_alone();
    return check_done();
}
