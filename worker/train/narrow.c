// SPDX-License-Identifier: MIT
//
// Both products keep a tile of results in vector registers and walk over the summed index. Tiles
// are compile-time constants: the functions `tile_…` are inlined once per tile shape.
#include "narrow.h"

#include "worker/kernels/vector.h"

#define LOAD(p) (*(const ms_lanes *)(p))

enum { WIDE = 4, VECTORS = 2 }; // a tile of ms_narrow_product: 4 units by 2 vectors of lanes

MS_INLINE void tile_product(ms_real *out, const ms_real *start, const ms_real *a, size_t a_row,
                            size_t a_col, const ms_real *x, int k, size_t ld, const int wide)
{
    ms_lanes sum[WIDE][VECTORS];
#pragma GCC unroll 8
    for (int i = 0; i < wide; i++)
#pragma GCC unroll 8
        for (int v = 0; v < VECTORS; v++)
            sum[i][v] = (ms_lanes){0} + (start ? start[i] : 0);
    for (int l = 0; l < k; l++) {
        ms_lanes in[VECTORS];
#pragma GCC unroll 8
        for (int v = 0; v < VECTORS; v++)
            in[v] = LOAD(x + (size_t)l * ld + v * MS_LANES);
#pragma GCC unroll 8
        for (int i = 0; i < wide; i++) {
            ms_real w = a[(size_t)i * a_row + (size_t)l * a_col];
#pragma GCC unroll 8
            for (int v = 0; v < VECTORS; v++)
                sum[i][v] += w * in[v];
        }
    }
#pragma GCC unroll 8
    for (int i = 0; i < wide; i++)
#pragma GCC unroll 8
        for (int v = 0; v < VECTORS; v++)
            *(ms_lanes *)(out + (size_t)i * ld + v * MS_LANES) = sum[i][v];
}

MS_VECTOR
void ms_narrow_product(ms_real *out, const ms_real *start, const ms_real *a, int a_row, int a_col,
                       const ms_real *x, int m, int k, int ld)
{
    size_t row = (size_t)a_row, col = (size_t)a_col, step = (size_t)ld;
    for (int lane = 0; lane < ld; lane += VECTORS * MS_LANES) {
        int i = 0;
        for (; i + WIDE <= m; i += WIDE)
            tile_product(out + (size_t)i * step + lane, start ? start + i : NULL,
                         a + (size_t)i * row, row, col, x + lane, k, step, WIDE);
        ms_real *to = out + (size_t)i * step + lane;
        const ms_real *from = start ? start + i : NULL, *left = a + (size_t)i * row;
        if (m - i == 3)
            tile_product(to, from, left, row, col, x + lane, k, step, 3);
        else if (m - i == 2)
            tile_product(to, from, left, row, col, x + lane, k, step, 2);
        else if (m - i == 1)
            tile_product(to, from, left, row, col, x + lane, k, step, 1);
    }
}

// Adds pairwise, always in the same order.
MS_INLINE ms_real lanes_sum(const ms_lanes *v)
{
    ms_real sum[sizeof(ms_lanes) / sizeof(ms_real)];
    memcpy(sum, v, sizeof sum);
#pragma GCC unroll 4
    for (int half = MS_LANES / 2; half > 0; half /= 2)
#pragma GCC unroll 8
        for (int i = 0; i < half; i++)
            sum[i] += sum[i + half];
    return sum[0];
}

// The sums of eight vectors' lanes into out[0 … 3] and next[0 … 3].
#ifdef MS_REAL_DOUBLE
MS_INLINE void eight_sums(ms_real *out, ms_real *next, const ms_lanes v[8])
{
    for (int i = 0; i < 4; i++) {
        out[i] = lanes_sum(&v[i]);
        next[i] = lanes_sum(&v[4 + i]);
    }
}
#else
// A transposition that adds on its way: half the work of eight single sums.
MS_INLINE void eight_sums(ms_real *out, ms_real *next, const ms_lanes v[8])
{
    ms_lanes a[4], b[2];
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++)
        a[i] = __builtin_shufflevector(v[2 * i], v[2 * i + 1], 0, 8, 1, 9, 4, 12, 5, 13) +
               __builtin_shufflevector(v[2 * i], v[2 * i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
#pragma GCC unroll 2
    for (int i = 0; i < 2; i++)
        b[i] = __builtin_shufflevector(a[2 * i], a[2 * i + 1], 0, 1, 8, 9, 4, 5, 12, 13) +
               __builtin_shufflevector(a[2 * i], a[2 * i + 1], 2, 3, 10, 11, 6, 7, 14, 15);
    ms_lanes sums = __builtin_shufflevector(b[0], b[1], 0, 1, 2, 3, 8, 9, 10, 11) +
                    __builtin_shufflevector(b[0], b[1], 4, 5, 6, 7, 12, 13, 14, 15);
    memcpy(out, &sums, 4 * sizeof *out);
    memcpy(next, (const ms_real *)&sums + 4, 4 * sizeof *next);
}
#endif

// A tile of ms_narrow_outer: `high` rows of x by `wide` rows of d, at most 2 by 4.
MS_INLINE void tile_outer(ms_real *g, const ms_real *x, const ms_real *d, int m, size_t ld,
                          const int high, const int wide)
{
    ms_lanes sum[8];
#pragma GCC unroll 8
    for (int i = 0; i < high * wide; i++)
        sum[i] = (ms_lanes){0};
    for (size_t lane = 0; lane < ld; lane += (size_t)MS_LANES) {
        ms_lanes right[4];
#pragma GCC unroll 8
        for (int i = 0; i < wide; i++)
            right[i] = LOAD(d + (size_t)i * ld + lane);
#pragma GCC unroll 8
        for (int l = 0; l < high; l++) {
            ms_lanes left = LOAD(x + (size_t)l * ld + lane);
#pragma GCC unroll 8
            for (int i = 0; i < wide; i++)
                sum[l * wide + i] += left * right[i];
        }
    }
    if (high * wide == 8) {
        eight_sums(g, g + m, sum);
        return;
    }
#pragma GCC unroll 8
    for (int l = 0; l < high; l++)
#pragma GCC unroll 8
        for (int i = 0; i < wide; i++)
            g[(size_t)l * (size_t)m + (size_t)i] = lanes_sum(&sum[l * wide + i]);
}

MS_VECTOR
void ms_narrow_outer(ms_real *g, const ms_real *x, const ms_real *d, int k, int m, int ld)
{
    size_t step = (size_t)ld;
    int l = 0;
    for (; l + 2 <= k; l += 2) {
        ms_real *to = g + (size_t)l * (size_t)m;
        const ms_real *left = x + (size_t)l * step;
        int i = 0;
        for (; i + 4 <= m; i += 4)
            tile_outer(to + i, left, d + (size_t)i * step, m, step, 2, 4);
        for (; i < m; i++)
            tile_outer(to + i, left, d + (size_t)i * step, m, step, 2, 1);
    }
    if (l < k) {
        ms_real *to = g + (size_t)l * (size_t)m;
        const ms_real *left = x + (size_t)l * step;
        int i = 0;
        for (; i + 4 <= m; i += 4)
            tile_outer(to + i, left, d + (size_t)i * step, m, step, 1, 4);
        for (; i < m; i++)
            tile_outer(to + i, left, d + (size_t)i * step, m, step, 1, 1);
    }
}

MS_VECTOR
void ms_narrow_sums(ms_real *out, const ms_real *d, int m, int ld)
{
    for (int i = 0; i < m; i++) {
        const ms_real *row = d + (size_t)i * (size_t)ld;
        ms_lanes sum[2] = {{0}, {0}};
        for (int lane = 0; lane < ld; lane += 2 * MS_LANES) {
            sum[0] += LOAD(row + lane);
            sum[1] += LOAD(row + lane + MS_LANES);
        }
        sum[0] += sum[1];
        out[i] = lanes_sum(&sum[0]);
    }
}
