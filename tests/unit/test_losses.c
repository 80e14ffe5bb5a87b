// SPDX-License-Identifier: MIT
//
// Loss values against figures worked out by hand from Keras's definitions, and at the ends of the
// number range.
#include "check.h"

#include "../../worker/activations.h"
#include "../../worker/losses.h"

enum { MAX_UNITS = 3, LD = 16 };

struct fixture {
    _Alignas(64) ms_real y[MAX_UNITS * LD], z[MAX_UNITS * LD], t[MAX_UNITS * LD];
    ms_real d[MAX_UNITS * LD], weight[LD], loss[LD];
};

static const struct ms_loss *find(const char *name)
{
    int row = ms_table_find(&ms_loss_table, name);
    REQUIRE(row >= 0);
    return ms_loss_row(row);
}

// The loss of one row of units outputs; its gradient (with weight 1) is left in f->d.
static double one(struct fixture *f, const struct ms_loss *l, bool fused, int units,
                  const double *y, const double *t)
{
    double arg[MS_MAX_ARGS] = {0};
    *f = (struct fixture){0};
    for (int j = 0; j < units; j++) {
        (fused ? f->z : f->y)[j * LD] = (ms_real)y[j];
        f->y[j * LD] = (ms_real)y[j];
        f->t[j * LD] = (ms_real)t[j];
    }
    f->weight[0] = 1;
    if (fused)
        ms_activation_row(l->fuses)->forward(f->y, units, LD, arg);
    const struct ms_loss_batch b = {
        f->y, fused ? f->z : NULL, f->t, f->weight, f->loss, f->d, units, LD, arg};
    (fused ? l->evaluate_fused : l->evaluate)(&b);
    return (double)f->loss[0];
}

static void test_values(void)
{
    static struct fixture f;
    const struct ms_loss *mse = find("mse"), *binary = find("binary_crossentropy"),
                         *categorical = find("categorical_crossentropy");
    CHECK_NEAR(one(&f, mse, false, 2, (double[]){1, 3}, (double[]){0.5, -1}), (0.25 + 16) / 2,
               1e-6);
    CHECK_NEAR(f.d[LD], 4, 1e-6);

    // keras.losses.binary_crossentropy([[0, 1], [0, 0]], [[0.6, 0.4], [0.4, 0.6]]) is
    // [0.916, 0.714] in its documentation
    CHECK_NEAR(one(&f, binary, false, 2, (double[]){0.6, 0.4}, (double[]){0, 1}), 0.9162907, 1e-6);
    CHECK_NEAR(one(&f, binary, false, 2, (double[]){0.4, 0.6}, (double[]){0, 0}), 0.7135582, 1e-6);
    // [[0, 1, 0], [0, 0, 1]], [[0.05, 0.95, 0], [0.1, 0.8, 0.1]]: [0.0513, 2.303]
    CHECK_NEAR(one(&f, categorical, false, 3, (double[]){0.05, 0.95, 0}, (double[]){0, 1, 0}),
               0.0512933, 1e-6);
    CHECK_NEAR(one(&f, categorical, false, 3, (double[]){0.1, 0.8, 0.1}, (double[]){0, 0, 1}),
               2.3025851, 1e-6);
    // outputs that do not sum to 1 are divided by their sum
    CHECK_NEAR(one(&f, categorical, false, 3, (double[]){1, 2, 1}, (double[]){0, 1, 0}), log(2),
               1e-6);
}

static void test_clipping(void)
{
    static struct fixture f;
    const struct ms_loss *binary = find("binary_crossentropy"),
                         *categorical = find("categorical_crossentropy");
    CHECK_NEAR(one(&f, binary, false, 1, (double[]){0}, (double[]){1}), -log(1e-7), 1e-5);
    CHECK(f.d[0] == 0);
    CHECK_NEAR(one(&f, binary, false, 1, (double[]){1}, (double[]){0}), 16.118, 0.2); // 1 - 1e-7f
    CHECK(f.d[0] == 0);
    CHECK_NEAR(one(&f, binary, false, 1, (double[]){-3}, (double[]){1}), -log(1e-7), 1e-5);
    CHECK(f.d[0] == 0);
    CHECK_NEAR(one(&f, binary, false, 1, (double[]){1}, (double[]){1}), 1e-7, 1e-7);
    CHECK_NEAR(one(&f, categorical, false, 2, (double[]){0, 1}, (double[]){1, 0}), -log(1e-7),
               1e-5);
    CHECK(f.d[0] == 0);
}

// Fused: the same as unfused where nothing is clipped, and right where the other overflows.
static void test_fused(void)
{
    static struct fixture f;
    const struct ms_loss *binary = find("binary_crossentropy"),
                         *categorical = find("categorical_crossentropy");
    CHECK_INT(binary->fuses, MS_ACT_SIGMOID);
    CHECK_INT(categorical->fuses, MS_ACT_SOFTMAX);
    for (double z = -12; z <= 12; z += 0.7) {
        double y = 1 / (1 + exp(-z));
        CHECK_NEAR(one(&f, binary, true, 1, &z, (double[]){1}), -log(y), 1e-6);
        CHECK_NEAR(f.d[0], y - 1, 1e-6);
        CHECK_NEAR(one(&f, binary, true, 1, &z, (double[]){0}), -log(1 - y), 1e-6);
        CHECK_NEAR(f.d[0], y, 1e-6);
    }
    CHECK_NEAR(one(&f, binary, true, 1, (double[]){300}, (double[]){0}), 300, 1e-6);
    CHECK_NEAR(f.d[0], 1, 1e-6);
    CHECK_NEAR(one(&f, binary, true, 1, (double[]){-300}, (double[]){1}), 300, 1e-6);
    CHECK_NEAR(f.d[0], -1, 1e-6);
    double tiny = one(&f, binary, true, 1, (double[]){30}, (double[]){1});
    CHECK_NEAR(tiny / exp(-30), 1, 1e-5); // not rounded away against 1
    CHECK(one(&f, binary, true, 1, (double[]){300}, (double[]){1}) < 1e-37);

    CHECK_NEAR(one(&f, categorical, true, 3, (double[]){1, 2, 4}, (double[]){0, 1, 0}),
               log(exp(1) + exp(2) + exp(4)) - 2, 1e-6);
    CHECK_NEAR(f.d[0], exp(1) / (exp(1) + exp(2) + exp(4)), 1e-6);
    CHECK_NEAR(f.d[LD], exp(2) / (exp(1) + exp(2) + exp(4)) - 1, 1e-6);
    CHECK_NEAR(one(&f, categorical, true, 3, (double[]){500, -500, 0}, (double[]){0, 1, 0}), 1000,
               1e-6);
    CHECK_NEAR(f.d[0], 1, 1e-6);
    CHECK_NEAR(f.d[LD], -1, 1e-6);
    CHECK(one(&f, categorical, true, 3, (double[]){500, -500, 0}, (double[]){1, 0, 0}) < 1e-37);
}

static void test_nan_stays(void)
{
    static struct fixture f;
    for (int i = 0; i < ms_loss_table.n; i++) {
        const struct ms_loss *l = ms_loss_row(i);
        if (l->evaluate_fused)
            CHECK(isnan(one(&f, l, true, 2, (double[]){NAN, 1}, (double[]){1, 0})));
        if (!strstr(l->row.name, "crossentropy")) // clipping takes NaN as it comes
            CHECK(isnan(one(&f, l, false, 2, (double[]){NAN, 1}, (double[]){1, 0})));
    }
}

// A row's weight scales its gradient and not its loss; rows do not touch each other.
static void test_rows(void)
{
    for (int i = 0; i < ms_loss_table.n; i++) {
        const struct ms_loss *l = ms_loss_row(i);
        static struct fixture f, g;
        double arg[MS_MAX_ARGS] = {0}, y[] = {0.3, 0.2, 0.5}, t[] = {0, 1, 0};
        double loss = one(&f, l, false, 3, y, t);
        for (int r = 0; r < LD; r++) {
            g.weight[r] = (ms_real)(0.25 * r);
            for (int j = 0; j < 3; j++) {
                g.y[j * LD + r] = r == 9 ? (ms_real)y[j] : (ms_real)0.4;
                g.t[j * LD + r] = (ms_real)t[j];
            }
        }
        const struct ms_loss_batch b = {g.y, NULL, g.t, g.weight, g.loss, g.d, 3, LD, arg};
        l->evaluate(&b);
        CHECK_NEAR(g.loss[9], loss, 1e-6);
        for (int j = 0; j < 3; j++)
            CHECK_NEAR(g.d[j * LD + 9], 2.25 * (double)f.d[j * LD], 1e-6);
    }
}

int main(void)
{
    test_values();
    test_clipping();
    test_fused();
    test_nan_stays();
    test_rows();
    return check_done();
}
