// SPDX-License-Identifier: MIT
//
// Philox against the known answers of Random123; uniforms, normals, integers and permutations by
// their distributions; the vectorised words against the plain ones.
#include "mlpsweep/rng.h"

#include <stdbool.h>

#include "check.h"

// Random123's kat_vectors, "philox4x32 10": counter words, key words, result.
static void test_known_answers(void)
{
    static const struct {
        uint32_t counter[4], key[2], answer[4];
    } known[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
         {0xffffffff, 0xffffffff},
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        CASE("vector %zu", i);
        struct ms_rng rng = {
            {known[i].key[0], known[i].key[1]}, known[i].counter[2], known[i].counter[3]};
        uint32_t out[4];
        ms_rng_block(&rng, (uint64_t)known[i].counter[1] << 32 | known[i].counter[0], out);
        for (int w = 0; w < 4; w++)
            CHECK_INT(out[w], known[i].answer[w]);
    }
    struct ms_rng rng = ms_rng_at(0x299f31d0a4093822u, 0x13198a2e, 0x0370, MS_STREAM_DATA);
    CHECK_INT(rng.key[0], 0xa4093822);
    CHECK_INT(rng.key[1], 0x299f31d0);
    CHECK_INT(rng.trial, 0x13198a2e);
    CHECK_INT(rng.lane, 0x03700002);
}

static void test_words_are_blocks(void)
{
    struct ms_rng rng = ms_rng_at(2020, 7, 3, MS_STREAM_DROPOUT);
    static const uint64_t starts[] = {0, 5, 0xfffffffau, 0xffffffffffffff00u};
    static const size_t lengths[] = {0, 1, 3, 4, 63, 64, 65, 130, 1000};
    uint32_t words[1001], block[4];
    for (size_t s = 0; s < sizeof starts / sizeof *starts; s++) {
        for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
            CASE("%zu words from %llu", lengths[l], (unsigned long long)starts[s]);
            words[lengths[l]] = 0xabad1dea;
            ms_rng_words(&rng, starts[s], words, lengths[l]);
            bool same = true;
            for (size_t i = 0; i < lengths[l]; i++) {
                ms_rng_block(&rng, starts[s] + i / 4, block);
                same = same && words[i] == block[i % 4];
            }
            CHECK_THAT(same, "words from %llu, %zu of them", (unsigned long long)starts[s],
                       lengths[l]);
            CHECK_INT(words[lengths[l]], 0xabad1dea); // not written beyond the end
        }
    }
}

static void test_permutation(void)
{
    struct ms_rng rng = ms_rng_at(2020, 1, 0, MS_STREAM_SHUFFLE);
    static const uint32_t sizes[] = {0, 1, 2, 3, 10, 511, 2500, 70000};
    static uint32_t order[70000], again[70000];
    static unsigned char seen[70000];
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        uint32_t n = sizes[s];
        CASE("%u numbers", n);
        memset(seen, 0, sizeof seen);
        ms_rng_permutation(&rng, 4, order, n);
        ms_rng_permutation(&rng, 4, again, n);
        CHECK(memcmp(order, again, n * sizeof *order) == 0);
        for (uint32_t i = 0; i < n; i++) {
            REQUIRE(order[i] < n);
            seen[order[i]]++;
        }
        CHECK(memchr(seen, 0, n) == NULL);
        if (n < 10)
            continue;
        ms_rng_permutation(&rng, 5, again, n);
        CHECK(memcmp(order, again, n * sizeof *order) != 0); // another epoch, another order
        struct ms_rng other = ms_rng_at(2020, 1, 1, MS_STREAM_SHUFFLE);
        ms_rng_permutation(&other, 4, again, n);
        CHECK(memcmp(order, again, n * sizeof *order) != 0); // another execution
    }

    // All 24 orders of 4 are equally frequent: chi-square with 23 degrees of freedom, whose
    // 0.1 % and 99.9 % points are 7.5 and 49.7.
    enum { DRAWS = 48000 };
    static int count[256];
    for (uint32_t epoch = 0; epoch < DRAWS; epoch++) {
        ms_rng_permutation(&rng, epoch, order, 4);
        count[order[0] << 6 | order[1] << 4 | order[2] << 2 | order[3]]++;
    }
    double chi = 0;
    int orders = 0;
    for (int i = 0; i < 256; i++) {
        if (!count[i])
            continue;
        orders++;
        chi += (count[i] - DRAWS / 24.0) * (count[i] - DRAWS / 24.0) / (DRAWS / 24.0);
    }
    CHECK_INT(orders, 24);
    CHECK_THAT(chi > 7.5 && chi < 49.7, "chi-square of permutations is %g", chi);
}

static void test_below(void)
{
    struct ms_rng rng = ms_rng_at(1, 0, 0, MS_STREAM_SAMPLER);
    uint64_t counter = 0;
    for (int i = 0; i < 100; i++)
        CHECK_INT(ms_rng_below(&rng, &counter, 1), 0);
    CHECK_INT(counter, 100);

    int count[7] = {0};
    for (int i = 0; i < 70000; i++) {
        uint64_t v = ms_rng_below(&rng, &counter, 7);
        REQUIRE(v < 7);
        count[v]++;
    }
    double chi = 0; // 6 degrees of freedom: 0.1 % and 99.9 % points 0.38 and 22.5
    for (int i = 0; i < 7; i++)
        chi += (count[i] - 10000.0) * (count[i] - 10000.0) / 10000.0;
    CHECK_THAT(chi > 0.38 && chi < 22.5, "chi-square of 0 … 6 is %g", chi);

    // n = 3·2^62: without rejection values = 1 mod 3 … would come twice as often; a quarter of the
    // words is drawn again.
    uint64_t n = (uint64_t)3 << 62, before = counter;
    double mean = 0;
    for (int i = 0; i < 20000; i++) {
        uint64_t v = ms_rng_below(&rng, &counter, n);
        REQUIRE(v < n);
        mean += (double)v / (double)n / 20000;
    }
    CHECK_NEAR(mean, 0.5, 0.01);
    CHECK_NEAR((double)(counter - before) / 20000, 4.0 / 3, 0.02);
}

static void test_distributions(void)
{
    struct ms_rng rng = ms_rng_at(42, 9, 2, MS_STREAM_INIT);
    enum { N = 100000 };
    int bins[100] = {0};
    double mean = 0, square = 0, cube = 0, fourth = 0;
    for (uint64_t i = 0; i < N; i++) {
        double u = ms_rng_uniform(&rng, i);
        REQUIRE(u >= 0 && u < 1);
        bins[(int)(u * 100)]++;
        double z = ms_rng_normal(&rng, i + N);
        mean += z / N;
        square += z * z / N;
        cube += z * z * z / N;
        fourth += z * z * z * z / N;
    }
    double chi = 0; // 99 degrees of freedom: 0.1 % and 99.9 % points 60.8 and 148.2
    for (int i = 0; i < 100; i++)
        chi += (bins[i] - N / 100.0) * (bins[i] - N / 100.0) / (N / 100.0);
    CHECK_THAT(chi > 60.8 && chi < 148.2, "chi-square of uniforms is %g", chi);
    CHECK_NEAR(mean, 0, 0.012); // four standard errors each
    CHECK_NEAR(square, 1, 0.018);
    CHECK_NEAR(cube, 0, 0.05);
    CHECK_NEAR(fourth, 3, 0.042);
}

static void test_streams_differ(void)
{
    uint32_t base[4], other[4];
    struct ms_rng rng = ms_rng_at(2020, 1, 1, MS_STREAM_INIT);
    ms_rng_block(&rng, 11, base);
    const struct ms_rng others[] = {
        ms_rng_at(2021, 1, 1, MS_STREAM_INIT),
        ms_rng_at(2020 + ((uint64_t)1 << 32), 1, 1, MS_STREAM_INIT),
        ms_rng_at(2020, 2, 1, MS_STREAM_INIT),
        ms_rng_at(2020, 1, 2, MS_STREAM_INIT),
        ms_rng_at(2020, 1, 1, MS_STREAM_DROPOUT),
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        CASE("stream %zu", i);
        ms_rng_block(&others[i], 11, other);
        CHECK(memcmp(base, other, sizeof base) != 0);
    }
}

int main(void)
{
    test_known_answers();
    test_words_are_blocks();
    test_permutation();
    test_below();
    test_distributions();
    test_streams_differ();
    return check_done();
}
