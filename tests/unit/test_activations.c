// SPDX-License-Identifier: MIT
//
// Forward values; slopes are the business of tests/numeric/test_gradient.c.
#include "check.h"

#include "../../worker/activations.h"

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

// One row of z in all functions, by element; every element-wise row of the table needs a reference.
static void test_elementwise(void)
{
    static const struct {
        const char *name;
        double (*f)(double z);
    } references[] = {{"linear", linear}, {"relu", relu}, {"tanh", tanh}, {"sigmoid", sigmoid}};
    const double special[] = {0, -0.0, 1e-30, -1e-30, 1, -1, 20, -20, 500, -500, 1e30, -1e30};
    for (size_t r = 0; r < sizeof references / sizeof *references; r++) {
        const struct ms_activation *a =
            ms_activation_row(ms_table_find(&ms_activation_table, references[r].name));
        double arg[MS_MAX_ARGS] = {0};
        _Alignas(64) ms_real values[N];
        double z[N];
        for (int i = 0; i < N; i++) {
            z[i] = i < 12 ? special[i] : (double)(float)(0.37 * i - 8);
            values[i] = (ms_real)z[i];
        }
        a->forward(values, UNITS, LD, arg);
        for (int i = 0; i < N; i++)
            CHECK_THAT(fabs(values[i] - references[r].f(z[i])) <=
                           3e-7 * fabs(references[r].f(z[i])) + 1e-37,
                       "%s(%g) is %g", references[r].name, z[i], (double)values[i]);
        values[7] = NAN;
        a->forward(values, UNITS, LD, arg);
        CHECK_THAT(isnan(values[7]), "%s(NaN) is %g", references[r].name, (double)values[7]);
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
    test_softmax();
    return check_done();
}
