// SPDX-License-Identifier: MIT
//
// Loss values against figures worked out by hand from Keras's definitions, and at the ends of the
// number range.
#include "check.h"

#include "worker/kernels/activations.h"
#include "worker/kernels/losses.h"

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
static double one_with(struct fixture *f, const struct ms_loss *l, const double *arg, bool fused,
                       int units, const double *y, const double *t)
{
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

static double one(struct fixture *f, const struct ms_loss *l, bool fused, int units,
                  const double *y, const double *t)
{
    struct ms_pick pick =
        ms_table_default(&ms_loss_table, ms_table_find(&ms_loss_table, l->row.name));
    return one_with(f, l, pick.arg, fused, units, y, t);
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

// Each figure from its definition in double; the gradient's in the comment.
static void test_regression_losses(void)
{
    static struct fixture f;
    const double y[] = {1, -3, 0.25}, t[] = {0.5, 1, 0.25};
    CHECK_NEAR(one(&f, find("mae"), false, 3, y, t), (0.5 + 4 + 0) / 3, 1e-6);
    CHECK_NEAR(f.d[0], 1.0 / 3, 1e-7);
    CHECK_NEAR(f.d[LD], -1.0 / 3, 1e-7);
    CHECK(f.d[2 * LD] == 0);

    CHECK_NEAR(one(&f, find("huber"), false, 3, y, t), (0.125 + (4 - 0.5)) / 3, 1e-6);
    CHECK_NEAR(f.d[0], 0.5 / 3, 1e-7);
    CHECK_NEAR(f.d[LD], -1.0 / 3, 1e-7);
    CHECK_NEAR(one_with(&f, find("huber"), (double[MS_MAX_ARGS]){0.25}, false, 3, y, t),
               (0.25 * 0.5 - 0.03125 + 0.25 * 4 - 0.03125) / 3, 1e-6);
    CHECK_NEAR(f.d[0], 0.25 / 3, 1e-7);

    const struct ms_loss *log_cosh = find("log_cosh");
    for (double e = -3; e <= 3; e += 0.23) {
        CHECK_NEAR(one(&f, log_cosh, false, 1, &e, (double[]){0}), log(cosh((double)(float)e)),
                   2e-7);
        CHECK_NEAR(f.d[0], tanh((double)(float)e), 2e-7);
    }
    double tiny = one(&f, log_cosh, false, 1, (double[]){0x1p-10}, (double[]){0});
    CHECK_NEAR(tiny / log(cosh(0x1p-10)), 1, 1e-6); // not cancelled away
    CHECK_NEAR(one(&f, log_cosh, false, 1, (double[]){-1e4}, (double[]){0}), 1e4 - log(2), 1e-3);
    CHECK(one(&f, log_cosh, false, 1, (double[]){2}, (double[]){2}) == 0);

    // counts: p - y log(p + 1e-7)
    CHECK_NEAR(one(&f, find("poisson"), false, 2, (double[]){2, 0.5}, (double[]){3, 0}),
               (2 - 3 * log(2) + 0.5) / 2, 1e-6);
    CHECK_NEAR(f.d[0], (1 - 1.5) / 2, 1e-6);
    CHECK_NEAR(f.d[LD], 0.5, 1e-7);
    CHECK_NEAR(one(&f, find("poisson"), false, 1, (double[]){0}, (double[]){1}), -log(1e-7), 1e-5);
    CHECK(isnan(one(&f, find("poisson"), false, 1, (double[]){-0.5}, (double[]){1})));
}

static void test_hinge(void)
{
    static struct fixture f;
    const struct ms_loss *hinge = find("hinge");
    // keras.losses.hinge's documentation: targets -1, 1 and 0, 1 mean the same
    CHECK_NEAR(one(&f, hinge, false, 2, (double[]){0.6, 0.4}, (double[]){-1, 1}), (1.6 + 0.6) / 2,
               1e-6);
    CHECK_NEAR(f.d[0], 0.5, 0);
    CHECK_NEAR(f.d[LD], -0.5, 0);
    CHECK_NEAR(one(&f, hinge, false, 2, (double[]){0.6, 0.4}, (double[]){0, 1}), (1.6 + 0.6) / 2,
               1e-6);
    CHECK_NEAR(f.d[0], 0.5, 0);
    CHECK_NEAR(one(&f, hinge, false, 2, (double[]){3, 1}, (double[]){1, 1}), 0, 0);
    CHECK(f.d[0] == 0 && f.d[LD] == 0); // at the corner, too
    // one target that is neither 0 nor 1, and all are taken as they are
    CHECK_NEAR(one(&f, hinge, false, 2, (double[]){0.6, 0.4}, (double[]){0, -1}), (1 + 1.4) / 2,
               1e-6);
    CHECK(f.d[0] == 0);
}

static void test_kl_divergence(void)
{
    static struct fixture f;
    const struct ms_loss *kl = find("kl_divergence");
    const double y[] = {0.2, 0.5, 0.3}, t[] = {0.1, 0.3, 0.6};
    CHECK_NEAR(one(&f, kl, false, 3, y, t),
               0.1 * log(0.1 / 0.2) + 0.3 * log(0.3 / 0.5) + 0.6 * log(0.6 / 0.3), 1e-6);
    CHECK_NEAR(f.d[0], -0.5, 1e-6);
    CHECK_NEAR(f.d[2 * LD], -2, 1e-6);
    CHECK_NEAR(one(&f, kl, false, 2, (double[]){0, 1}, (double[]){1, 0}),
               log(1 / 1e-7) + 1e-7 * log(1e-7), 1e-4);
    CHECK(f.d[0] == 0); // clipped
    CHECK_NEAR(one(&f, kl, false, 2, (double[]){0.5, 1}, (double[]){0.5, 0.5}), 0.5 * log(0.5),
               1e-6);
    CHECK_NEAR(f.d[LD], -0.5, 1e-6); // 1 itself is not clipped
}

// y(1 - a) + a/2, and + a/K of K classes.
static void test_label_smoothing(void)
{
    static struct fixture f, g;
    const struct ms_loss *binary = find("binary_crossentropy"),
                         *categorical = find("categorical_crossentropy");
    const double arg[MS_MAX_ARGS] = {0.3}, none[MS_MAX_ARGS] = {0};
    const double y[] = {0.2, 0.7, 0.1}, z[] = {-1.5, 0.5, 2}, t[] = {0, 1, 0};
    const double two[] = {0.15, 0.85, 0.15}, three[] = {0.1, 0.8, 0.1};
    for (int fused = 0; fused < 2; fused++) {
        const double *in = fused ? z : y;
        CHECK_NEAR(one_with(&f, binary, arg, fused, 3, in, t),
                   one_with(&g, binary, none, fused, 3, in, two), 1e-6);
        for (int j = 0; j < 3; j++)
            CHECK_NEAR(f.d[j * LD], g.d[j * LD], 1e-6);
        CHECK_NEAR(one_with(&f, categorical, arg, fused, 3, in, t),
                   one_with(&g, categorical, none, fused, 3, in, three), 1e-6);
        for (int j = 0; j < 3; j++)
            CHECK_NEAR(f.d[j * LD], g.d[j * LD], 1e-6);
    }
    CHECK_NEAR(one_with(&f, binary, arg, false, 1, y, (double[]){1}),
               -(0.85 * log(0.2) + 0.15 * log(0.8)), 1e-6);
    CHECK_NEAR(one_with(&f, categorical, arg, false, 3, y, t),
               -(0.1 * log(0.2) + 0.8 * log(0.7) + 0.1 * log(0.1)), 1e-6);
}

static void test_class_weights(void)
{
    ms_real t[3 * LD] = {0}, weight[LD];
    static const double of_class[] = {0.5, 2, 8};
    static const int class[] = {2, 0, 1, 1};
    for (int i = 0; i < LD; i++) {
        t[class[i % 4] * LD + i] = 1;
        weight[i] = (ms_real)0.25;
    }
    ms_loss_class_weights(of_class, 3, t, 3, LD, weight);
    for (int i = 0; i < LD; i++)
        CHECK_NEAR(weight[i], 0.25 * of_class[class[i % 4]], 0);

    ms_real one_output[LD] = {0, 1, (ms_real)0.9, 2, -1}; // no weight for 2 and -1
    for (int i = 0; i < LD; i++)
        weight[i] = 1;
    ms_loss_class_weights(of_class, 2, one_output, 1, LD, weight);
    CHECK(weight[0] == (ms_real)0.5 && weight[1] == 2 && weight[2] == 2 && weight[3] == 1 &&
          weight[4] == 1);
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
        CASE("%s", l->row.name);
        if (l->evaluate_fused)
            CHECK(isnan(one(&f, l, true, 2, (double[]){NAN, 1}, (double[]){1, 0})));
        for (int target = 0; target < 2; target++) // whichever of the outputs is NaN
            CHECK(isnan(one(&f, l, false, 2, (double[]){NAN, 1}, (double[]){target, 1 - target})));
    }
}

// A row's weight scales its gradient and not its loss; rows do not touch each other.
static void test_rows(void)
{
    for (int i = 0; i < ms_loss_table.n; i++) {
        const struct ms_loss *l = ms_loss_row(i);
        CASE("%s", l->row.name);
        static struct fixture f, g;
        const struct ms_pick pick = ms_table_default(&ms_loss_table, i);
        double y[] = {0.3, 0.2, 0.5}, t[] = {0, 1, 0};
        double loss = one(&f, l, false, 3, y, t);
        for (int r = 0; r < LD; r++) {
            g.weight[r] = (ms_real)(0.25 * r);
            for (int j = 0; j < 3; j++) {
                g.y[j * LD + r] = r == 9 ? (ms_real)y[j] : (ms_real)0.4;
                g.t[j * LD + r] = (ms_real)t[j];
            }
        }
        const struct ms_loss_batch b = {g.y, NULL, g.t, g.weight, g.loss, g.d, 3, LD, pick.arg};
        l->evaluate(&b);
        CHECK_NEAR(g.loss[9], loss, 1e-6);
        for (int j = 0; j < 3; j++)
            CHECK_NEAR(g.d[j * LD + 9], 2.25 * (double)f.d[j * LD], 1e-6);
    }
}

int main(void)
{
    test_values();
    test_regression_losses();
    test_hinge();
    test_kl_divergence();
    test_label_smoothing();
    test_class_weights();
    test_clipping();
    test_fused();
    test_nan_stays();
    test_rows();
    return check_done();
}
