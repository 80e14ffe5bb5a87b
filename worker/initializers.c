// SPDX-License-Identifier: MIT
#include "initializers.h"

#include <math.h>

// Standard deviation of a standard normal cut at ±2; Keras divides by it.
#define TRUNCATED_STDDEV 0.87962566103423978
// Φ(-2): what is cut off on either side.
#define TAIL 0.022750131948179207

enum { BULK = 256 }; // uniforms made at a time

// Calls number(context, u) for every weight with its own uniform u in [0, 1), of 53 bits. Rounded
// to float in the double build, too.
static void fill(const struct ms_init *init, double (*number)(const double *context, double u),
                 const double *context)
{
    uint32_t words[2 * BULK];
    size_t n = (size_t)init->rows * (size_t)init->cols;
    for (size_t done = 0; done < n; done += BULK) {
        size_t m = n - done < BULK ? n - done : BULK;
        ms_rng_words(init->rng, init->counter + done / 2, words, 2 * m);
        for (size_t i = 0; i < m; i++) {
            double u =
                ((double)(words[2 * i] >> 5) * 67108864.0 + (double)(words[2 * i + 1] >> 6)) *
                0x1p-53;
            init->weights[done + i] = (ms_real)(float)number(context, u);
        }
    }
}

static double uniform(const double *limits, double u)
{
    return limits[0] + (limits[1] - limits[0]) * u;
}

static double polynomial(const double *c, double x)
{
    double y = c[7];
    for (int i = 6; i >= 0; i--)
        y = y * x + c[i];
    return y;
}

// Normal, cut at ±2 standard deviations, by inverting the distribution function: Wichura's AS 241,
// Applied Statistics 37 (1988), PPND16, whose third region lies beyond the cut.
static double truncated_normal(const double *stddev, double u)
{
    static const double a[] = {3.3871328727963666080e0, 1.3314166789178437745e2,
                               1.9715909503065514427e3, 1.3731693765509461125e4,
                               4.5921953931549871457e4, 6.7265770927008700853e4,
                               3.3430575583588128105e4, 2.5090809287301226727e3};
    static const double b[] = {1.0,
                               4.2313330701600911252e1,
                               6.8718700749205790830e2,
                               5.3941960214247511077e3,
                               2.1213794301586595867e4,
                               3.9307895800092710610e4,
                               2.8729085735721942674e4,
                               5.2264952788528545610e3};
    static const double c[] = {1.42343711074968357734e0,  4.63033784615654529590e0,
                               5.76949722146069140550e0,  3.64784832476320460504e0,
                               1.27045825245236838258e0,  2.41780725177450611770e-1,
                               2.27238449892691845833e-2, 7.74545014278341407640e-4};
    static const double d[] = {1.0,
                               2.05319162663775882187e0,
                               1.67638483018380384940e0,
                               6.89767334985100004550e-1,
                               1.48103976427480074590e-1,
                               1.51986665636164571966e-2,
                               5.47593808499534494600e-4,
                               1.05075007164441684324e-9};
    double p = TAIL + (1 - 2 * TAIL) * u;
    double q = p - 0.5;
    if (fabs(q) <= 0.425) {
        double r = 0.180625 - q * q;
        return stddev[0] * q * polynomial(a, r) / polynomial(b, r);
    }
    double r = sqrt(-log(q < 0 ? p : 1 - p)) - 1.6;
    double z = polynomial(c, r) / polynomial(d, r);
    return stddev[0] * (q < 0 ? -z : z);
}

// Keras's VarianceScaling: variance scale / fan.
static void scaled_uniform(const struct ms_init *init, double scale, double fan)
{
    double limit = sqrt(3 * scale / fan);
    fill(init, uniform, (double[]){-limit, limit});
}

static void scaled_normal(const struct ms_init *init, double scale, double fan)
{
    double stddev = sqrt(scale / fan) / TRUNCATED_STDDEV;
    fill(init, truncated_normal, &stddev);
}

static void glorot_uniform(const struct ms_init *init)
{
    scaled_uniform(init, 1, (init->fan_in + init->fan_out) / 2);
}

static void glorot_normal(const struct ms_init *init)
{
    scaled_normal(init, 1, (init->fan_in + init->fan_out) / 2);
}

static void he_uniform(const struct ms_init *init)
{
    scaled_uniform(init, 2, init->fan_in);
}

static void he_normal(const struct ms_init *init)
{
    scaled_normal(init, 2, init->fan_in);
}

static void random_uniform(const struct ms_init *init)
{
    fill(init, uniform, init->arg);
}

static void same(const struct ms_init *init, ms_real value)
{
    size_t n = (size_t)init->rows * (size_t)init->cols;
    for (size_t i = 0; i < n; i++)
        init->weights[i] = value;
}

static void zeros(const struct ms_init *init)
{
    same(init, 0);
}

static void ones(const struct ms_init *init)
{
    same(init, 1);
}

static const struct ms_initializer rows[] = {
    {{.name = "glorot_uniform", .doc = "uniform, variance 2 / (inputs + units)"}, glorot_uniform},
    {{.name = "glorot_normal", .doc = "truncated normal, variance 2 / (inputs + units)"},
     glorot_normal},
    {{.name = "he_uniform", .doc = "uniform, variance 2 / inputs"}, he_uniform},
    {{.name = "he_normal", .doc = "truncated normal, variance 2 / inputs"}, he_normal},
    {{.name = "random_uniform",
      .doc = "uniform between two bounds",
      .n_args = 2,
      .args = {{"minval", MS_ARG_REAL, -0.05, -INFINITY, INFINITY, true, true, "lower bound"},
               {"maxval", MS_ARG_REAL, 0.05, -INFINITY, INFINITY, true, true, "upper bound"}}},
     random_uniform},
    {{.name = "zeros", .doc = "0"}, zeros},
    {{.name = "ones", .doc = "1"}, ones},
};

const struct ms_table ms_initializer_table = {"initializer", sizeof rows / sizeof *rows, rows,
                                              sizeof *rows};

const struct ms_initializer *ms_initializer_row(int i)
{
    return &rows[i];
}
