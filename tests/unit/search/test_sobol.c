// SPDX-License-Identifier: MIT
//
// Sobol's sequence against scipy's, and its scrambling: nets stay nets.
#include "coordinator/search/sobol.h"

#include <stdbool.h>

#include "check.h"

// scipy.stats.qmc.Sobol(161, scramble=False, bits=32) gives the same numbers: the FNV-1a hash of
// its first 1,024 points, and some of them.
static void test_against_scipy(void)
{
    static uint32_t v[MS_SOBOL_DIMENSIONS][MS_SOBOL_BITS];
    static const int dimensions[] = {0, 1, 2, 3, 50, 160};
    static const struct {
        uint32_t index;
        double wanted[6];
    } some[] = {
        {0, {0, 0, 0, 0, 0, 0}},
        {1, {0.5, 0.5, 0.5, 0.5, 0.5, 0.5}},
        {2, {0.75, 0.25, 0.25, 0.25, 0.25, 0.75}},
        {4, {0.375, 0.375, 0.625, 0.875, 0.125, 0.375}},
        {77, {0.8359375, 0.8359375, 0.0078125, 0.7734375, 0.2421875, 0.6328125}},
        {1023,
         {0.0009765625, 0.7529296875, 0.6123046875, 0.1455078125, 0.2587890625, 0.7021484375}},
    };
    uint64_t hash = 0xcbf29ce484222325;
    for (int d = 0; d < MS_SOBOL_DIMENSIONS; d++)
        ms_sobol_directions(d, v[d]);
    for (uint32_t i = 0; i < 1024; i++)
        for (int d = 0; d < MS_SOBOL_DIMENSIONS; d++)
            hash = (hash ^ ms_sobol(v[d], i)) * 0x100000001b3;
    CHECK(hash == 0xd2cd411ec29a7325);
    for (size_t k = 0; k < sizeof some / sizeof *some; k++) {
        CASE("point %u", some[k].index);
        for (int d = 0; d < 6; d++)
            CHECK(ms_sobol(v[dimensions[d]], some[k].index) * 0x1p-32 == some[k].wanted[d]);
    }
}

// Every dimension, every length 2^m: one point in each of 2^m equal intervals, scrambled or not, in
// the first block and in a later one.
static void test_every_interval_once(void)
{
    struct ms_rng rng = ms_rng_at(3, 0, 0, MS_STREAM_SAMPLER);
    for (int d = 0; d < MS_SOBOL_DIMENSIONS; d++) {
        uint32_t v[MS_SOBOL_BITS];
        ms_sobol_directions(d, v);
        for (int m = 1; m <= 8; m++)
            for (uint32_t block = 0; block < 2; block++) {
                bool used[2][256] = {{false}}, once = true;
                for (uint32_t i = block << m; i < (block + 1) << m; i++) {
                    uint32_t x = ms_sobol(v, i), y = ms_sobol_owen_scramble(&rng, (uint32_t)d, x);
                    once = once && !used[0][x >> (32 - m)] && !used[1][y >> (32 - m)];
                    used[0][x >> (32 - m)] = used[1][y >> (32 - m)] = true;
                }
                CHECK_THAT(once, "dimension %d, 2^%d points", d, m);
            }
    }
}

// A (0, m, 2)-net in the first two dimensions: every box of 2^-a × 2^-(m-a) holds one point.
static void test_net(void)
{
    enum { M = 8 };
    struct ms_rng rng = ms_rng_at(5, 0, 0, MS_STREAM_SAMPLER);
    uint32_t v[2][MS_SOBOL_BITS];
    ms_sobol_directions(0, v[0]);
    ms_sobol_directions(1, v[1]);
    for (int a = 0; a <= M; a++) {
        bool used[1 << M] = {false}, once = true;
        for (uint32_t i = 0; i < 1 << M; i++) {
            uint64_t x = ms_sobol_owen_scramble(&rng, 0, ms_sobol(v[0], i));
            uint64_t y = ms_sobol_owen_scramble(&rng, 1, ms_sobol(v[1], i));
            uint64_t box = (x >> (32 - a)) << (M - a) | y >> (32 - M + a);
            once = once && !used[box];
            used[box] = true;
        }
        CHECK_THAT(once, "boxes of 2^-%d by 2^-%d", a, M - a);
    }
}

// Scrambling is a bijection that keeps common beginnings common, and its digits are fair.
static void test_scrambling(void)
{
    struct ms_rng rng = ms_rng_at(11, 0, 0, MS_STREAM_SAMPLER);
    int turned[32] = {0};
    for (uint32_t i = 0; i < 4096; i++) {
        uint32_t x = i * 0x9E3779B9u, y = ms_sobol_owen_scramble(&rng, 0, x);
        for (int b = 0; b < 32; b++) {
            turned[b] += (int)((x ^ y) >> b & 1);
            uint32_t z = ms_sobol_owen_scramble(&rng, 0, x ^ UINT32_C(1) << b);
            CHECK((y ^ z) >> b == 1);
        }
    }
    // The top digit is turned for all or for none; low ones for half, by 4,096 throws of sd 32.
    CHECK(turned[31] == 0 || turned[31] == 4096);
    for (int b = 0; b < 20; b++)
        CHECK_THAT(abs(turned[b] - 2048) < 5 * 32, "digit %d turned %d of 4096", b, turned[b]);
}

int main(void)
{
    test_against_scipy();
    test_every_interval_once();
    test_net();
    test_scrambling();
    return check_done();
}
