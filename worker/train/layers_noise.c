// SPDX-License-Identifier: MIT
//
// Gaussian noise, added to a layer's outputs or multiplied into them while training. Keras 3:
// GaussianNoise(stddev) and GaussianDropout(rate), whose stddev is √(rate / (1 - rate)).
#include "layers.h"

#include "worker/kernels/vector.h"

// sin and cos of a quarter turn times x, |x| <= ½: Taylor, to 1e-10 or better, which is enough for
// noise.
MS_INLINE void quarter(ms_real x, ms_real *sine, ms_real *cosine)
{
    const ms_real a = x * MS_REAL(1.57079632679489662), s = a * a;
    ms_real p = MS_REAL(-2.50521083854417188e-8);
    p = p * s + MS_REAL(2.75573192239858907e-6);
    p = p * s - MS_REAL(1.98412698412698413e-4);
    p = p * s + MS_REAL(8.33333333333333333e-3);
    p = p * s - MS_REAL(1.66666666666666667e-1);
    *sine = a + a * s * p;
    p = MS_REAL(2.08767569878680990e-9);
    p = p * s - MS_REAL(2.75573192239858907e-7);
    p = p * s + MS_REAL(2.48015873015873016e-5);
    p = p * s - MS_REAL(1.38888888888888889e-3);
    p = p * s + MS_REAL(4.16666666666666667e-2);
    *cosine = 1 + s * (p * s - MS_REAL(0.5));
}

// n standard normal numbers from n words, n even: Box and Muller (1958), number i together with
// i + n/2. 24 bits of a word are used, which cuts the normal at 5.9 standard deviations.
MS_VECTOR
static void normals(ms_real *restrict z, const uint32_t *restrict words, size_t n)
{
    const ms_real unit = MS_REAL(0x1p-24);
    const size_t half = n / 2;
    for (size_t i = 0; i < half; i++) {
        ms_real u = ((ms_real)(int32_t)(words[i] >> 8) + MS_REAL(0.5)) * unit; // (0, 1)
        ms_real v = MS_SQRT(-2 * ms_log(u));
        uint32_t angle = words[half + i] >> 8;
        uint32_t turns = (angle + (1u << 21)) >> 22; // quarter turns, rounded: 0 … 4
        ms_real x = (ms_real)((int32_t)angle - (int32_t)(turns << 22)) * MS_REAL(0x1p-22);
        ms_real sine, cosine;
        quarter(x, &sine, &cosine);
        ms_real first = turns & 1 ? sine : cosine, second = turns & 1 ? cosine : sine;
        z[i] = (turns + 1) & 2 ? -v * first : v * first;
        z[half + i] = turns & 2 ? -v * second : v * second;
    }
}

MS_VECTOR
static void add_noise(ms_real *restrict out, const ms_real *restrict in, const ms_real *restrict z,
                      size_t n, ms_real stddev)
{
    for (size_t i = 0; i < n; i++)
        out[i] = in[i] + z[i] * stddev;
}

MS_VECTOR
static void multiply_noise(ms_real *restrict out, const ms_real *restrict in,
                           ms_real *restrict factor, size_t n, ms_real stddev)
{
    for (size_t i = 0; i < n; i++) {
        factor[i] = 1 + factor[i] * stddev;
        out[i] = in[i] * factor[i];
    }
}

MS_VECTOR
static void multiply(ms_real *restrict d, const ms_real *restrict factor, size_t n)
{
    for (size_t i = 0; i < n; i++)
        d[i] *= factor[i];
}

// Draws numbers into l->z. false: not training; out is a copy of in.
static bool draw(const struct ms_layer *l, const struct ms_pass *p, size_t n)
{
    if (!p->training) {
        memcpy(l->out, l->in, n * sizeof *l->out);
        return false;
    }
    struct ms_rng rng = ms_rng_stream(p->dropout, MS_STREAM_NOISE);
    ms_rng_words(&rng, l->counter + p->step * l->per_step, l->words, n);
    normals(l->z, l->words, n);
    return true;
}

static void noise_forward(const struct ms_layer *l, const struct ms_pass *p, const ms_real *weights)
{
    (void)weights;
    size_t n = (size_t)l->units * (size_t)p->ld;
    if (draw(l, p, n))
        add_noise(l->out, l->in, l->z, n, l->scale);
}

static ms_real *noise_backward(const struct ms_layer *l, const struct ms_pass *p,
                               const ms_real *weights, ms_real *gradients, ms_real *d,
                               ms_real *other)
{
    (void)l, (void)p, (void)weights, (void)gradients, (void)other;
    return d;
}

const struct ms_layer_ops ms_layer_noise = {"gaussian_noise", noise_forward, noise_backward};

static void gaussian_dropout_forward(const struct ms_layer *l, const struct ms_pass *p,
                                     const ms_real *weights)
{
    (void)weights;
    size_t n = (size_t)l->units * (size_t)p->ld;
    if (draw(l, p, n))
        multiply_noise(l->out, l->in, l->z, n, l->scale);
}

static ms_real *gaussian_dropout_backward(const struct ms_layer *l, const struct ms_pass *p,
                                          const ms_real *weights, ms_real *gradients, ms_real *d,
                                          ms_real *other)
{
    (void)weights, (void)gradients, (void)other;
    multiply(d, l->z, (size_t)l->units * (size_t)p->ld);
    return d;
}

const struct ms_layer_ops ms_layer_gaussian_dropout = {"gaussian_dropout", gaussian_dropout_forward,
                                                       gaussian_dropout_backward};
