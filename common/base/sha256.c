// SPDX-License-Identifier: MIT
//
// SHA-256 after FIPS 180-4, so that sweep files and data can be compared with sha256sum.
#include "mlpsweep/sha256.h"

#include <stdio.h>
#include <string.h>

static const uint32_t k[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t rotate(uint32_t x, int n)
{
    return x >> n | x << (32 - n);
}

// One round, the j-th of eight: instead of moving all variables by one place, their names move.
static inline void step(uint32_t v[8], unsigned j, uint32_t kw)
{
    const uint32_t a = v[-j & 7], b = v[(1 - j) & 7], c = v[(2 - j) & 7];
    const uint32_t e = v[(4 - j) & 7], f = v[(5 - j) & 7], g = v[(6 - j) & 7];
    const uint32_t s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const uint32_t s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const uint32_t t1 = v[(7 - j) & 7] + s1 + ((e & f) ^ (~e & g)) + kw;
    v[(3 - j) & 7] += t1;
    v[(7 - j) & 7] = t1 + s0 + ((a & b) ^ (a & c) ^ (b & c));
}

static void block(uint32_t h[8], const uint8_t *p)
{
    uint32_t w[64], v[8];
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)p[4 * i] << 24 | (uint32_t)p[4 * i + 1] << 16 |
               (uint32_t)p[4 * i + 2] << 8 | p[4 * i + 3];
    for (int i = 16; i < 64; i++) {
        const uint32_t s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3;
        const uint32_t s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10;
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    memcpy(v, h, sizeof v);
    for (unsigned i = 0; i < 64; i += 8)
        for (unsigned j = 0; j < 8; j++)
            step(v, j, k[i + j] + w[i + j]);
    for (int i = 0; i < 8; i++)
        h[i] += v[i];
}

void ms_sha256_start(struct ms_sha256 *s)
{
    *s = (struct ms_sha256){.h = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
                                  0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};
}

void ms_sha256_add(struct ms_sha256 *s, const void *data, size_t size)
{
    const uint8_t *p = data;
    size_t filled = s->size % 64;
    s->size += size;
    if (filled) {
        size_t take = size < 64 - filled ? size : 64 - filled;
        memcpy(s->tail + filled, p, take);
        p += take;
        size -= take;
        if (filled + take < 64)
            return;
        block(s->h, s->tail);
    }
    for (; size >= 64; size -= 64, p += 64)
        block(s->h, p);
    if (size)
        memcpy(s->tail, p, size);
}

void ms_sha256_end(struct ms_sha256 *s, char out[MS_SHA256_SIZE])
{
    uint8_t tail[128] = {0};
    size_t left = s->size % 64;
    memcpy(tail, s->tail, left);
    tail[left] = 0x80;
    const size_t length = left < 56 ? 64 : 128; // room for the 8 bytes of the bit count
    for (int i = 0; i < 8; i++)
        tail[length - 1 - (size_t)i] = (uint8_t)(s->size * 8 >> (8 * i));
    for (size_t i = 0; i < length; i += 64)
        block(s->h, tail + i);
    for (int i = 0; i < 8; i++)
        snprintf(out + 8 * i, (size_t)(MS_SHA256_SIZE - 8 * i), "%08x", s->h[i]);
}

void ms_sha256(const void *data, size_t size, char out[MS_SHA256_SIZE])
{
    struct ms_sha256 s;
    ms_sha256_start(&s);
    ms_sha256_add(&s, data, size);
    ms_sha256_end(&s, out);
}
