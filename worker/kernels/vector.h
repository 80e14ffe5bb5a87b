// SPDX-License-Identifier: MIT
//
// Shared parts of vectorised kernels. Include it after all other headers, because it lets the
// compiler contract a·b + c in the rest of the file. One machine always takes the same clone of a
// kernel and the same path through it, so results stay the same bits there.
//
// Layout. Every matrix of activations is feature-major, (units, ld): the rows of a batch lie side
// by side, and ld is their number rounded up to MS_LANE_BLOCK, so that any layer, however narrow,
// fills vectors. The lanes from rows to ld repeat the batch's last row (after dropout: with another
// mask), so that nothing overflows or turns NaN there that would not do so anyway. In gradients
// these lanes hold garbage until ms_dense_gradient sets them to zero; no other reduction over the
// batch may read them.
#ifndef MLPSWEEP_WORKER_VECTOR_H
#define MLPSWEEP_WORKER_VECTOR_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "mlpsweep/real.h"

#if defined(__clang__)
#pragma clang fp contract(fast)
#elif defined(__GNUC__)
#pragma GCC optimize("-ffp-contract=fast")
#endif

#define MS_LANE_BLOCK 16 // ld is a multiple of it: one cache line of floats

// One machine vector, as wide as all supported machines allow. It is explicit where the compiler
// may not reorder a sum by itself. For narrow layers 32 bytes fill an AVX-512 core, too.
#define MS_VECTOR_BYTES 32
typedef ms_real ms_lanes __attribute__((vector_size(MS_VECTOR_BYTES), may_alias));
#define MS_LANES ((int)(MS_VECTOR_BYTES / sizeof(ms_real)))

#define MS_INLINE static inline __attribute__((always_inline))

// Element functions that compilers can turn into vector code: no branches, no calls, no tables.
// Errors in float against libm in double, over all finite arguments: see
// tests/unit/kernels/test_vector.c.
// In the double build, the tests' oracle, they are libm's.
#ifdef MS_REAL_DOUBLE

#define MS_SQRT sqrt

MS_INLINE double ms_exp(double x)
{
    return exp(x);
}

MS_INLINE double ms_log(double x)
{
    return log(x);
}

MS_INLINE double ms_log1p(double x)
{
    return log1p(x);
}

MS_INLINE double ms_tanh(double x)
{
    return tanh(x);
}

MS_INLINE double ms_expm1(double x)
{
    return expm1(x);
}

MS_INLINE double ms_normal_cdf(double x)
{
    return 0.5 * erfc(-x * 0.70710678118654752440);
}

#else

#define MS_SQRT sqrtf

MS_INLINE float ms_bits_float(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

MS_INLINE uint32_t ms_float_bits(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

// e^x = 2^n · e^r, |r| <= ln 2 / 2; the polynomial is Cephes's expf. 2^n in two factors, as n
// reaches from -150 to 128.
MS_INLINE float ms_exp(float x)
{
    const float round = 12582912.0f; // 1.5 · 2^23: adding it leaves the nearest whole number
    float in = x > 89.0f ? 89.0f : x;
    in = in < -104.0f ? -104.0f : in;
    float shifted = in * 1.44269504088896341f + round;
    uint32_t n = ms_float_bits(shifted) - ms_float_bits(round);
    float whole = shifted - round;
    float r = in - whole * 0.693359375f;
    r = r + whole * 2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * (r * r) + r + 1.0f;
    uint32_t half = (uint32_t)((int32_t)n >> 1);
    return p * ms_bits_float((half + 127) << 23) * ms_bits_float((n - half + 127) << 23);
}

// Cephes's logf: x = 2^n · m, m in [√½, √2). 0 gives -inf (a few lines of Cephes's are dropped,
// because x is never negative).
MS_INLINE float ms_log(float x)
{
    uint32_t bits = ms_float_bits(x);
    uint32_t shifted = bits - 0x3f3504f3u; // bits of √½
    float n = (float)((int32_t)shifted >> 23);
    float m = ms_bits_float((shifted & 0x007fffffu) + 0x3f3504f3u) - 1.0f;
    float z = m * m;
    float p = 7.0376836292e-2f;
    p = p * m - 1.1514610310e-1f;
    p = p * m + 1.1676998740e-1f;
    p = p * m - 1.2420140846e-1f;
    p = p * m + 1.4249322787e-1f;
    p = p * m - 1.6668057665e-1f;
    p = p * m + 2.0000714765e-1f;
    p = p * m - 2.4999993993e-1f;
    p = p * m + 3.3333331174e-1f;
    p = p * m * z;
    p = p + n * -2.12194440e-4f;
    p = p - 0.5f * z;
    float y = m + p + n * 0.693359375f;
    y = x == 0 ? -INFINITY : y;
    return x < INFINITY ? y : x; // infinity and NaN
}

// log(1 + x), x >= 0: log(u) corrected by what rounding 1 + x to u lost.
MS_INLINE float ms_log1p(float x)
{
    float u = 1.0f + x;
    return ms_log(u) + (x - (u - 1.0f)) / u;
}

// e^x - 1 for x <= 0 (larger x is taken for 0): as ms_exp, but the 1 is subtracted before anything
// is rounded.
MS_INLINE float ms_expm1(float x)
{
    const float round = 12582912.0f;
    float in = x > 0 ? 0 : x;
    in = in < -60.0f ? -60.0f : in;
    float shifted = in * 1.44269504088896341f + round;
    uint32_t n = ms_float_bits(shifted) - ms_float_bits(round);
    float whole = shifted - round;
    float r = in - whole * 0.693359375f;
    r = r + whole * 2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * (r * r) + r;
    float scale = ms_bits_float((n + 127) << 23);
    return p * scale + (scale - 1.0f);
}

// The normal distribution's share below x. Below 0 it is e^(-x²/2) times a smooth function of
// t = 1 / (1 + 0.32 |x|), fitted here by a polynomial (least squares of the relative error,
// reweighted until even), so that the tail keeps its digits.
MS_INLINE float ms_normal_cdf(float x)
{
    float a = fabsf(x);
    float t = 1.0f / (1.0f + 0.32f * a);
    float p = -2.1078264713e-2f;
    p = p * t + 9.5407683608e-2f;
    p = p * t - 1.4670823884e-1f;
    p = p * t + 6.5328787194e-2f;
    p = p * t - 9.3779939243e-3f;
    p = p * t + 5.8654095360e-2f;
    p = p * t + 8.7829080768e-2f;
    p = p * t + 1.1462235909e-1f;
    p = p * t + 1.2766094674e-1f;
    p = p * t + 1.2766152873e-1f;
    float tail = p * t * ms_exp(-0.5f * a * a);
    return x > 0 ? 1.0f - tail : tail;
}

// Cephes's tanhf: an odd polynomial where 1 - 2 / (e^2x + 1) would cancel.
MS_INLINE float ms_tanh(float x)
{
    float a = fabsf(x);
    float z = x * x;
    float p = -5.70498872745e-3f;
    p = p * z + 2.06390887954e-2f;
    p = p * z - 5.37397155531e-2f;
    p = p * z + 1.33314422036e-1f;
    p = p * z - 3.33332819422e-1f;
    p = p * z * x + x;
    float far = copysignf(1.0f - 2.0f / (ms_exp(2.0f * a) + 1.0f), x);
    return a < 0.625f ? p : far;
}

#endif

MS_INLINE ms_real ms_sigmoid(ms_real x)
{
    return 1 / (1 + ms_exp(-x));
}

#endif
