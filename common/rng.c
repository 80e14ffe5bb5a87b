// SPDX-License-Identifier: MIT
//
// Philox 4x32-10 after Salmon et al. (SC 2011). Checked against the known answers that Random123
// ships (tests/unit/test_rng.c).
//
// Layout of the 128-bit counter: words 0 and 1 are the caller's 64-bit counter, word 2 the trial,
// word 3 execution << 16 | stream. The 64-bit key is the sweep's seed.
#include "mlpsweep/rng.h"

#include <math.h>

#include "mlpsweep/real.h"

#define ROUNDS 10
#define M0 0xD2511F53u
#define M1 0xCD9E8D57u
#define W0 0x9E3779B9u
#define W1 0xBB67AE85u

#define BULK 16 // blocks that ms_rng_words makes side by side: one AVX-512 register of words

struct ms_rng ms_rng_at(uint64_t seed, uint32_t trial, uint32_t execution, enum ms_stream stream)
{
    return (struct ms_rng){
        .key = {(uint32_t)seed, (uint32_t)(seed >> 32)},
        .trial = trial,
        .lane = execution << 16 | (uint32_t)stream,
    };
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

// BULK blocks at once; the inner loops are what the compiler turns into vectors.
MS_VECTOR
static void blocks(const struct ms_rng *rng, uint64_t first, uint32_t *restrict out, size_t n)
{
    for (size_t done = 0; done < n; done += BULK) {
        uint32_t a[BULK], b[BULK], c[BULK], d[BULK];
        uint32_t k0 = rng->key[0], k1 = rng->key[1];
        for (int i = 0; i < BULK; i++) {
            uint64_t counter = first + done + (uint64_t)i;
            a[i] = (uint32_t)counter;
            b[i] = (uint32_t)(counter >> 32);
            c[i] = rng->trial;
            d[i] = rng->lane;
        }
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < BULK; i++) {
                uint64_t p0 = (uint64_t)M0 * a[i], p1 = (uint64_t)M1 * c[i];
                a[i] = (uint32_t)(p1 >> 32) ^ b[i] ^ k0;
                c[i] = (uint32_t)(p0 >> 32) ^ d[i] ^ k1;
                b[i] = (uint32_t)p1;
                d[i] = (uint32_t)p0;
            }
            k0 += W0;
            k1 += W1;
        }
        uint32_t *to = out + 4 * done;
        for (int i = 0; i < BULK; i++) {
            to[4 * i] = a[i];
            to[4 * i + 1] = b[i];
            to[4 * i + 2] = c[i];
            to[4 * i + 3] = d[i];
        }
    }
}

void ms_rng_words(const struct ms_rng *rng, uint64_t first, uint32_t *out, size_t n)
{
    size_t whole = n / (4 * BULK) * BULK;
    blocks(rng, first, out, whole);
    for (size_t i = 4 * whole; i < n; i += 4) {
        uint32_t last[4];
        ms_rng_block(rng, first + i / 4, last);
        for (size_t j = 0; j < 4 && i + j < n; j++)
            out[i + j] = last[j];
    }
}

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
// word·n is uniform once the (rare) products with a low half under 2^64 mod n are drawn again.
uint64_t ms_rng_below(const struct ms_rng *rng, uint64_t *counter, uint64_t n)
{
    for (;;) {
        uint32_t w[4];
        ms_rng_block(rng, (*counter)++, w);
        uint64_t word = (uint64_t)w[0] << 32 | w[1];
        // 64 x 64 -> 128 bits in 32-bit parts, as standard C has no 128-bit integer
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
    uint32_t words[WORDS];
    uint32_t used = WORDS;
    uint64_t counter = (uint64_t)epoch << 32;

    for (uint32_t i = 0; i < n; i++)
        order[i] = i;
    for (uint32_t left = n; left > 1; left--) {
        uint64_t product; // Lemire's method again, with one 32-bit word
        do {
            if (used == WORDS) {
                ms_rng_words(rng, counter, words, WORDS);
                counter += WORDS / 4;
                used = 0;
            }
            product = (uint64_t)words[used++] * left;
        } while ((uint32_t)product < left && (uint32_t)product < (0 - left) % left);
        uint32_t other = (uint32_t)(product >> 32);
        uint32_t kept = order[left - 1];
        order[left - 1] = order[other];
        order[other] = kept;
    }
}
