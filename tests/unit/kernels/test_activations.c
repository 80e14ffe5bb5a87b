// SPDX-License-Identifier: MIT
//
// Forward values; slopes are the business of tests/numeric/test_gradient.c.
#include "check.h"

#include "worker/kernels/activations.h"

enum { UNITS = 3, LD = 16, N = UNITS * LD };

static double relu(double z)
{
    return z > 0 ? z : 0;
}

static double sigmoid(double z)
{
    return 1 / (1 + exp(-z));
}

static double linear(double z)
{
    return z;
}

// In double, from the definitions; p is the row's argument.
static double p;

static double leaky_relu(double z)
{
    return z > 0 ? z : p * z;
}

static double elu(double z)
{
    return z > 0 ? z : p * expm1(z);
}

static double selu(double z)
{
    return 1.0507009873554804934 * (z > 0 ? z : 1.6732632423543772848 * expm1(z));
}

static double gelu(double z)
{
    double cubic = sqrt(2 / acos(-1)) * (z + 0.044715 * z * z * z);
    return p != 0 ? z / (1 + exp(-2 * cubic)) : 0.5 * z * erfc(-z / sqrt(2));
}

static double silu(double z)
{
    return z / (1 + exp(-z));
}

static double hard_sigmoid(double z)
{
    return fmin(fmax(z + 3, 0), 6) / 6;
}

static double softplus(double z)
{
    return fmax(z, 0) + log1p(exp(-fabs(z)));
}

static double softsign(double z)
{
    return z / (1 + fabs(z));
}

static const struct reference {
    const char *name;
    double arg; // value of the first argument
    double (*f)(double z);
    double ulps; // of float that the value may be off, beside what the end of the range loses
} references[] = {
    {"linear", 0, linear, 0},
    {"relu", 0, relu, 0},
    {"tanh", 0, tanh, 2},
    {"sigmoid", 0, sigmoid, 3},
    {"leaky_relu", 0.2, leaky_relu, 1},
    {"leaky_relu", 0, leaky_relu, 0},
    {"leaky_relu", 1.5, leaky_relu, 1},
    {"elu", 1, elu, 2},
    {"elu", 0.3, elu, 3},
    {"selu", 0, selu, 3},
    {"gelu", 0, gelu, 3},
    {"gelu", 1, gelu, 3},
    {"silu", 0, silu, 3},
    {"hard_sigmoid", 0, hard_sigmoid, 1},
    {"softplus", 0, softplus, 2},
    {"softsign", 0, softsign, 2},
    {"exponential", 0, exp, 2},
};

// In e^u an error of half a place of u becomes u/2 places of the result; z + 3 loses the places of
// z that 3 has not.
static double allowed(const struct reference *r, double z)
{
    const double place = 0x1p-23;
    double tail = 0;
    if (strcmp(r->name, "gelu") == 0 && z < 0)
        tail = r->arg != 0 ? 4 * (fabs(z) + fabs(z * z * z) / 14) : z * z;
    if (strcmp(r->name, "hard_sigmoid") == 0)
        return place;
    double f = fabs(r->f(z));
    return fmin((r->ulps + tail) * place, 1) * f + 1e-36;
}

static void check_values(const struct reference *r)
{
    const double special[] = {0, -0.0, 1e-30, -1e-30, 1, -1, 20, -20, 500, -500, 1e30, -1e30};
    const struct ms_activation *a = ms_activation_row(ms_table_find(&ms_activation_table, r->name));
    double arg[MS_MAX_ARGS] = {r->arg};
    _Alignas(64) ms_real values[N];
    double z[N];
    p = (double)(float)r->arg;
    for (int i = 0; i < N; i++) {
        z[i] = i < 12 ? special[i] : (double)(float)(0.37 * i - 8);
        values[i] = (ms_real)z[i];
    }
    a->forward(values, UNITS, LD, arg);
    for (int i = 0; i < N; i++) {
        z[i] = (double)(float)z[i];
        double wanted = r->f(z[i]);
        bool same = wanted > 3.4e38 ? (double)values[i] > 3.4e38
                                    : fabs((double)values[i] - wanted) <= allowed(r, z[i]);
        CHECK_THAT(same, "%s(%g) is %.9g, not %.9g", r->name, z[i], (double)values[i], wanted);
    }
    values[7] = NAN;
    a->forward(values, UNITS, LD, arg);
    CHECK_THAT(isnan(values[7]), "%s(NaN) is %g", r->name, (double)values[7]);
}

// The slope against differences of the reference in double, also where the value saturates; at 0
// what Keras takes.
static void check_slopes(const struct reference *r)
{
    const struct ms_activation *a = ms_activation_row(ms_table_find(&ms_activation_table, r->name));
    double arg[MS_MAX_ARGS] = {r->arg};
    _Alignas(64) ms_real z[N], values[N], d[N];
    p = (double)(float)r->arg;
    for (int i = 0; i < N; i++) {
        z[i] = i < N - 4 ? (ms_real)(0.41 * i - 9.005)
                         : (ms_real[]){-1e30f, -80, 80, 1e30f}[i - N + 4];
        values[i] = z[i];
        d[i] = 2;
    }
    a->forward(values, UNITS, LD, arg);
    a->backward(d, values, a->keeps_input ? z : NULL, UNITS, LD, arg);
    for (int i = 0; i < N; i++) {
        double at = (double)z[i], h = 1e-5 * fmax(1, fabs(at));
        double wanted = (r->f(at + h) - r->f(at - h)) / h;
        bool same = r->f(at) > 3.4e38 && !isfinite(wanted)
                        ? (double)d[i] > 3.4e38
                        : fabs((double)d[i] - wanted) <= 2e-6 + 1e-5 * fabs(wanted);
        CHECK_THAT(same, "the slope of %s at %g is %g, not %g", r->name, at, (double)d[i] / 2,
                   wanted / 2);
    }
}

static void test_elementwise(void)
{
    for (int row = 0; row < ms_activation_table.n; row++) {
        const char *name = ms_activation_row(row)->row.name;
        CASE("%s", name);
        bool found = row == MS_ACT_SOFTMAX;
        for (size_t r = 0; r < sizeof references / sizeof *references; r++)
            found = found || strcmp(references[r].name, name) == 0;
        CHECK_THAT(found, "%s has no reference here", name);
    }
    for (size_t r = 0; r < sizeof references / sizeof *references; r++) {
        CASE("%s", references[r].name);
        check_values(&references[r]);
        check_slopes(&references[r]);
    }
}

static void test_defaults_and_corners(void)
{
    static const struct {
        const char *name;
        double def, z, slope; // Keras's default of the argument, and its slope at z
    } wanted[] = {{"relu", 0, 0, 0},          {"leaky_relu", 0.2, 0, 0.2},
                  {"elu", 1, 0, 1},           {"selu", 0, 0, 1.0507009873554804934},
                  {"gelu", 0, 0, 0.5},        {"hard_sigmoid", 0, 3, 0},
                  {"hard_sigmoid", 0, -3, 0}, {"softsign", 0, 0, 1}};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        int row = ms_table_find(&ms_activation_table, wanted[i].name);
        const struct ms_activation *a = ms_activation_row(row);
        struct ms_pick pick = ms_table_default(&ms_activation_table, row);
        CASE("%s at %g", wanted[i].name, wanted[i].z);
        CHECK_NEAR(pick.arg[0], wanted[i].def, 0);
        _Alignas(64) ms_real z[LD], values[LD], d[LD];
        for (int k = 0; k < LD; k++) {
            z[k] = values[k] = (ms_real)wanted[i].z;
            d[k] = 1;
        }
        a->forward(values, 1, LD, pick.arg);
        a->backward(d, values, z, 1, LD, pick.arg);
        CHECK_THAT(fabs((double)d[3] - wanted[i].slope) < 2e-7, "the slope of %s at %g is %g",
                   wanted[i].name, wanted[i].z, (double)d[3]);
    }
}

static void test_softmax(void)
{
    const struct ms_activation *a = ms_activation_row(MS_ACT_SOFTMAX);
    CHECK_STR(a->row.name, "softmax");
    static const double z[][UNITS] = {{0, 0, 0}, {1, 2, 3}, {1000, 999, 0}, {-1000, -1000, -1001}};
    _Alignas(64) ms_real values[N] = {0};
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < UNITS; j++)
            values[j * LD + i] = (ms_real)z[i][j];
    a->forward(values, UNITS, LD, NULL);
    for (int i = 0; i < 4; i++) {
        double top = fmax(z[i][0], fmax(z[i][1], z[i][2])), sum = 0;
        for (int j = 0; j < UNITS; j++)
            sum += exp(z[i][j] - top);
        for (int j = 0; j < UNITS; j++)
            CHECK_NEAR(values[j * LD + i], exp(z[i][j] - top) / sum, 2e-7);
    }
}

int main(void)
{
    static const char *const names[] = {"linear", "relu", "tanh", "sigmoid", "softmax"};
    for (int i = 0; i < 5; i++)
        CHECK_INT(ms_table_find(&ms_activation_table, names[i]), i);
    test_elementwise();
    test_defaults_and_corners();
    test_softmax();
    return check_done();
}
