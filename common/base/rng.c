// SPDX-License-Identifier: MIT
//
// Philox 4x32-10 after Salmon et al. (SC 2011). tests/unit/base/test_rng.c checks it against the
// known answers that Random123 ships.
//
// Layout of the 128-bit counter: words 0 and 1 are the caller's 64-bit counter, word 2 the trial,
// word 3 execution << 16 | stream. The 64-bit key is the sweep's seed.
#include "mlpsweep/rng.h"

#include <math.h>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#endif

#define ROUNDS 10
#define M0 0xD2511F53u
#define M1 0xCD9E8D57u
#define W0 0x9E3779B9u
#define W1 0xBB67AE85u

struct ms_rng ms_rng_at(uint64_t seed, uint32_t trial, uint32_t execution, enum ms_stream stream)
{
    return (struct ms_rng){
        .key = {(uint32_t)seed, (uint32_t)(seed >> 32)},
        .trial = trial,
        .lane = execution << 16 | (uint32_t)stream,
    };
}

struct ms_rng ms_rng_stream(const struct ms_rng *rng, enum ms_stream stream)
{
    struct ms_rng other = *rng;
    other.lane = (other.lane & ~UINT32_C(0xffff)) | (uint32_t)stream;
    return other;
}

void ms_rng_block(const struct ms_rng *rng, uint64_t counter, uint32_t out[4])
{
    uint32_t a = (uint32_t)counter, b = (uint32_t)(counter >> 32), c = rng->trial, d = rng->lane;
    uint32_t k0 = rng->key[0], k1 = rng->key[1];
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t p0 = (uint64_t)M0 * a, p1 = (uint64_t)M1 * c;
        a = (uint32_t)(p1 >> 32) ^ b ^ k0;
        c = (uint32_t)(p0 >> 32) ^ d ^ k1;
        b = (uint32_t)p1;
        d = (uint32_t)p0;
        k0 += W0;
        k1 += W1;
    }
    out[0] = a;
    out[1] = b;
    out[2] = c;
    out[3] = d;
}

// Makes words done … n-1; done is a multiple of 4.
static void words(const struct ms_rng *rng, uint64_t first, uint32_t *out, size_t done, size_t n)
{
    for (size_t i = done; i < n; i += 4) {
        uint32_t block[4];
        ms_rng_block(rng, first + i / 4, block);
        for (size_t j = 0; j < 4 && i + j < n; j++)
            out[i + j] = block[j];
    }
}

#if defined(__x86_64__) && defined(__GNUC__)

enum { GROUP = 4, GROUPS = 2, BULK = 4 * GROUP * GROUPS }; // blocks; groups; words at a time

// Eight blocks: two groups of four side by side; the second group hides the latencies of the first.
// Each word is in the low half of a 64-bit lane; the high halves are garbage that the 32-bit
// multiplication does not read. Written by hand, because gcc's code for a plain loop is several
// times slower: it widens and narrows around every product.
__attribute__((target("avx2"))) static void blocks(const struct ms_rng *rng, uint64_t counter,
                                                   uint32_t out[BULK])
{
    const __m256i m0 = _mm256_set1_epi64x(M0), m1 = _mm256_set1_epi64x(M1);
    const __m256i w0 = _mm256_set1_epi64x(W0), w1 = _mm256_set1_epi64x(W1);
    __m256i k0 = _mm256_set1_epi64x(rng->key[0]), k1 = _mm256_set1_epi64x(rng->key[1]);
    __m256i a[GROUPS], b[GROUPS], c[GROUPS], d[GROUPS];
#pragma GCC unroll 4
    for (int g = 0; g < GROUPS; g++) {
        const uint64_t from = counter + (uint64_t)(GROUP * g);
        a[g] = _mm256_add_epi64(_mm256_set1_epi64x((long long)from), _mm256_set_epi64x(3, 2, 1, 0));
        b[g] = _mm256_srli_epi64(a[g], 32);
        c[g] = _mm256_set1_epi64x(rng->trial);
        d[g] = _mm256_set1_epi64x(rng->lane);
    }
    for (int round = 0; round < ROUNDS; round++) {
#pragma GCC unroll 4
        for (int g = 0; g < GROUPS; g++) {
            __m256i p0 = _mm256_mul_epu32(m0, a[g]), p1 = _mm256_mul_epu32(m1, c[g]);
            a[g] = _mm256_xor_si256(_mm256_srli_epi64(p1, 32), _mm256_xor_si256(b[g], k0));
            c[g] = _mm256_xor_si256(_mm256_srli_epi64(p0, 32), _mm256_xor_si256(d[g], k1));
            b[g] = p1;
            d[g] = p0;
        }
        k0 = _mm256_add_epi32(k0, w0);
        k1 = _mm256_add_epi32(k1, w1);
    }
#pragma GCC unroll 4
    for (int g = 0; g < GROUPS; g++) {
        __m256i ab = _mm256_blend_epi32(a[g], _mm256_slli_epi64(b[g], 32), 0xAA);
        __m256i cd = _mm256_blend_epi32(c[g], _mm256_slli_epi64(d[g], 32), 0xAA);
        __m256i even = _mm256_unpacklo_epi64(ab, cd), odd = _mm256_unpackhi_epi64(ab, cd);
        __m256i *to = (__m256i *)(out + 4 * GROUP * g);
        _mm256_storeu_si256(to, _mm256_permute2x128_si256(even, odd, 0x20));
        _mm256_storeu_si256(to + 1, _mm256_permute2x128_si256(even, odd, 0x31));
    }
}

// Makes whole groups of BULK words, as many as fit n. Returns the number of words made.
__attribute__((target("avx2"))) static size_t bulk(const struct ms_rng *rng, uint64_t first,
                                                   uint32_t *out, size_t n)
{
    size_t done = 0;
    for (; done + BULK <= n; done += BULK)
        blocks(rng, first + done / 4, out + done);
    return done;
}

void ms_rng_words(const struct ms_rng *rng, uint64_t first, uint32_t *out, size_t n)
{
    size_t done = __builtin_cpu_supports("avx2") ? bulk(rng, first, out, n) : 0;
    words(rng, first, out, done, n);
}

#else

void ms_rng_words(const struct ms_rng *rng, uint64_t first, uint32_t *out, size_t n)
{
    words(rng, first, out, 0, n);
}

#endif

// 53 bits of two words, in [0, 1).
static double unit(uint32_t high, uint32_t low)
{
    return ((double)(high >> 5) * 67108864.0 + (double)(low >> 6)) * 0x1p-53;
}

double ms_rng_uniform(const struct ms_rng *rng, uint64_t counter)
{
    uint32_t w[4];
    ms_rng_block(rng, counter, w);
    return unit(w[0], w[1]);
}

double ms_rng_normal(const struct ms_rng *rng, uint64_t counter)
{
    uint32_t w[4];
    ms_rng_block(rng, counter, w);
    double u = 1.0 - unit(w[0], w[1]); // (0, 1]: its logarithm is finite
    double angle = 6.283185307179586476925 * unit(w[2], w[3]);
    return sqrt(-2.0 * log(u)) * cos(angle);
}

// Lemire, "Fast random integer generation in an interval", ACM TOMACS 29 (2019): the high half of
// word·n is uniform if the (rare) products with a low half below 2^64 mod n are drawn again.
uint64_t ms_rng_below(const struct ms_rng *rng, uint64_t *counter, uint64_t n)
{
    for (;;) {
        uint32_t w[4];
        ms_rng_block(rng, (*counter)++, w);
        uint64_t word = (uint64_t)w[0] << 32 | w[1];
        // 64 x 64 -> 128 bits in 32-bit parts, because standard C has no 128-bit integer
        uint64_t ll = (word & 0xffffffffu) * (n & 0xffffffffu);
        uint64_t hl = (word >> 32) * (n & 0xffffffffu);
        uint64_t lh = (word & 0xffffffffu) * (n >> 32);
        uint64_t hh = (word >> 32) * (n >> 32);
        uint64_t middle = (ll >> 32) + (hl & 0xffffffffu) + (lh & 0xffffffffu);
        uint64_t low = middle << 32 | (ll & 0xffffffffu);
        uint64_t high = hh + (hl >> 32) + (lh >> 32) + (middle >> 32);
        if (low >= n || low >= (0 - n) % n)
            return high;
    }
}

void ms_rng_permutation(const struct ms_rng *rng, uint32_t epoch, uint32_t *order, uint32_t n)
{
    enum { WORDS = 512 };
    uint32_t bulk_words[WORDS];
    uint32_t used = WORDS;
    uint64_t counter = (uint64_t)epoch << 32;

    for (uint32_t i = 0; i < n; i++)
        order[i] = i;
    for (uint32_t left = n; left > 1; left--) {
        uint64_t product; // Lemire's method with one 32-bit word
        do {
            if (used == WORDS) {
                ms_rng_words(rng, counter, bulk_words, WORDS);
                counter += WORDS / 4;
                used = 0;
            }
            product = (uint64_t)bulk_words[used++] * left;
        } while ((uint32_t)product < left && (uint32_t)product < (0 - left) % left);
        uint32_t other = (uint32_t)(product >> 32);
        uint32_t kept = order[left - 1];
        order[left - 1] = order[other];
        order[other] = kept;
    }
}
