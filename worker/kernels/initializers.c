// SPDX-License-Identifier: MIT
//
// The initializers as a table. Every weight has a counter of its own, so that its number does not
// depend on the others; only orthogonal looks at the kernel as a whole.
#include "initializers.h"

#include <math.h>
#include <stdbool.h>

// Standard deviation of a standard normal cut at ±2; Keras divides by it.
#define TRUNCATED_STDDEV 0.87962566103423978
// Φ(-2): the share that is cut off on either side.
#define TAIL 0.022750131948179207

enum { BULK = 256 }; // uniforms made at a time

// Calls number(context, u) for every weight with its own uniform u in [0, 1), of 53 bits. The
// result is rounded to float in the double build, too.
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

// The normal quantile of p, times stddev. Wichura's AS 241, Applied Statistics 37 (1988), PPND16.
static double quantile(double stddev, double p)
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
    static const double e[] = {6.65790464350110377720e0,  5.46378491116411436990e0,
                               1.78482653991729133580e0,  2.96560571828504891230e-1,
                               2.65321895265761230930e-2, 1.24266094738807843860e-3,
                               2.71155556874348757815e-5, 2.01033439929228813265e-7};
    static const double f[] = {1.0,
                               5.99832206555887937690e-1,
                               1.36929880922735805310e-1,
                               1.48753612908506148525e-2,
                               7.86869131145613259100e-4,
                               1.84631831751005468180e-5,
                               1.42151175831644588870e-7,
                               2.04426310338993978564e-15};
    double q = p - 0.5;
    if (fabs(q) <= 0.425) {
        double r = 0.180625 - q * q;
        return stddev * q * polynomial(a, r) / polynomial(b, r);
    }
    double r = sqrt(-log(q < 0 ? p : 1 - p));
    double z = r <= 5 ? polynomial(c, r - 1.6) / polynomial(d, r - 1.6)
                      : polynomial(e, r - 5) / polynomial(f, r - 5);
    return stddev * (q < 0 ? -z : z);
}

// Cut at ±2 standard deviations. u: in [0, 1).
static double truncated(const double *stddev, double u)
{
    return quantile(stddev[0], TAIL + (1 - 2 * TAIL) * u);
}

enum { MEAN, STDDEV }; // arguments of random_normal and truncated_normal

static double truncated_number(const double *arg, double u)
{
    return arg[MEAN] + truncated(&arg[STDDEV], u);
}

static double normal_number(const double *arg, double u)
{
    return arg[MEAN] + quantile(arg[STDDEV], u > 0 ? u : 0x1p-54);
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
    fill(init, truncated, &stddev);
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

static void lecun_uniform(const struct ms_init *init)
{
    scaled_uniform(init, 1, init->fan_in);
}

static void lecun_normal(const struct ms_init *init)
{
    scaled_normal(init, 1, init->fan_in);
}

static void random_uniform(const struct ms_init *init)
{
    fill(init, uniform, init->arg);
}

static void random_normal(const struct ms_init *init)
{
    fill(init, normal_number, init->arg);
}

// Keras does not rescale here: the variance is 0.77 of stddev².
static void truncated_normal(const struct ms_init *init)
{
    fill(init, truncated_number, init->arg);
}

// Σ a·b, in 4 sums that do not wait for each other
static double dot(const double *a, const ms_real *b, size_t n)
{
    double sum[4] = {0};
    size_t k = 0;
    for (; k + 4 <= n; k += 4)
        for (size_t i = 0; i < 4; i++)
            sum[i] += a[k + i] * (double)b[k + i];
    for (; k < n; k++)
        sum[0] += a[k] * (double)b[k];
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

// Subtracts from column its projections on `columns` finished columns; all stand in rows of stride
// numbers. Goes along the rows, as memory does.
static void project(ms_real *column, const ms_real *finished, size_t columns, size_t rows,
                    size_t stride)
{
    double share[BULK];
    for (size_t first = 0; first < columns; first += BULK) {
        size_t n = columns - first < BULK ? columns - first : BULK;
        for (size_t i = 0; i < n; i++)
            share[i] = 0;
        for (size_t k = 0; k < rows; k++)
            for (size_t i = 0; i < n; i++)
                share[i] += (double)column[k * stride] * (double)finished[k * stride + first + i];
        for (size_t k = 0; k < rows; k++)
            column[k * stride] = (ms_real)((double)column[k * stride] -
                                           dot(share, finished + k * stride + first, n));
    }
}

// The same for rows.
static void project_row(ms_real *row, const ms_real *finished, size_t rows, size_t cols)
{
    for (size_t i = 0; i < rows; i++) {
        const ms_real *other = finished + i * cols;
        double share[4] = {0};
        for (size_t k = 0; k < cols; k++)
            share[k % 4] += (double)row[k] * (double)other[k];
        double all = (share[0] + share[1]) + (share[2] + share[3]);
        for (size_t k = 0; k < cols; k++)
            row[k] = (ms_real)((double)row[k] - all * (double)other[k]);
    }
}

static void normalise(ms_real *v, size_t n, size_t stride)
{
    double square = 0;
    for (size_t k = 0; k < n; k++)
        square += (double)v[k * stride] * (double)v[k * stride];
    for (size_t k = 0; k < n; k++)
        v[k * stride] = (ms_real)((double)v[k * stride] / sqrt(square));
}

// Q of a normal matrix's QR with the signs that make R's diagonal positive, as in Keras;
// Gram-Schmidt gives exactly this. Each vector is projected twice, which leaves it orthogonal to
// rounding (Giraud, Langou, Rozložník, "The loss of orthogonality in the Gram-Schmidt
// orthogonalization process", 2005). All stays in place, in the kernel's own memory.
static void orthogonal(const struct ms_init *init)
{
    size_t rows = (size_t)init->rows, cols = (size_t)init->cols;
    ms_real *w = init->weights;
    bool tall = rows >= cols;
    fill(init, normal_number, (double[]){[MEAN] = 0, [STDDEV] = 1});
    for (size_t j = 0; j < (tall ? cols : rows); j++)
        for (int pass = 0; pass < 2; pass++) {
            if (tall)
                project(w + j, w, j, rows, cols);
            else
                project_row(w + j * cols, w, j, cols);
            normalise(tall ? w + j : w + j * cols, tall ? rows : cols, tall ? cols : 1);
        }
    for (size_t i = 0; i < rows * cols; i++)
        w[i] = (ms_real)((double)w[i] * init->arg[0]);
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

static const struct ms_rule uniform_rules[] = {
    {MS_RULE_ORDER, {"minval", "maxval"}},
    {MS_RULE_END, {NULL}},
};

static const struct ms_initializer rows[] = {
    {{.name = "glorot_uniform",
      .also = "glorot xavier xavier_uniform",
      .doc = "uniform, variance 2 / (inputs + units)"},
     glorot_uniform},
    {{.name = "glorot_normal",
      .also = "xavier_normal",
      .doc = "truncated normal, variance 2 / (inputs + units)"},
     glorot_normal},
    {{.name = "he_uniform", .also = "kaiming_uniform", .doc = "uniform, variance 2 / inputs"},
     he_uniform},
    {{.name = "he_normal",
      .also = "he kaiming kaiming_normal",
      .doc = "truncated normal, variance 2 / inputs"},
     he_normal},
    {{.name = "lecun_uniform", .doc = "uniform, variance 1 / inputs"}, lecun_uniform},
    {{.name = "lecun_normal", .also = "lecun", .doc = "truncated normal, variance 1 / inputs"},
     lecun_normal},
    {{.name = "random_uniform",
      .also = "uniform",
      .doc = "uniform between two bounds",
      .n_args = 2,
      .args = {{"minval", MS_ARG_REAL, -0.05, -INFINITY, INFINITY, true, true, "lower bound"},
               {"maxval", MS_ARG_REAL, 0.05, -INFINITY, INFINITY, true, true, "upper bound"}},
      .rules = uniform_rules},
     random_uniform},
    {{.name = "random_normal",
      .also = "normal",
      .doc = "normal",
      .n_args = 2,
      .args = {{"mean", MS_ARG_REAL, 0, -INFINITY, INFINITY, true, true, "mean"},
               {"stddev", MS_ARG_REAL, 0.05, 0, INFINITY, false, true, "standard deviation"}}},
     random_normal},
    {{.name = "truncated_normal",
      .doc = "normal, cut at two standard deviations",
      .n_args = 2,
      .args = {{"mean", MS_ARG_REAL, 0, -INFINITY, INFINITY, true, true, "mean"},
               {"stddev", MS_ARG_REAL, 0.05, 0, INFINITY, false, true,
                "standard deviation before the cut"}}},
     truncated_normal},
    {{.name = "orthogonal",
      .doc = "orthogonal columns (or rows, if there are fewer); a bias: a random direction",
      .n_args = 1,
      .args = {{"gain", MS_ARG_REAL, 1, -INFINITY, INFINITY, true, true, "length of the vectors"}}},
     orthogonal},
    {{.name = "zeros", .doc = "0"}, zeros},
    {{.name = "ones", .doc = "1"}, ones},
};

const struct ms_table ms_initializer_table = {"initializer", sizeof rows / sizeof *rows, rows,
                                              sizeof *rows};

const struct ms_initializer *ms_initializer_row(int i)
{
    return &rows[i];
}
