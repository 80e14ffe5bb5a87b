// SPDX-License-Identifier: MIT
//
// The Gaussian process against scikit-learn 1.x and mpmath, its gradients by differences, and what
// becomes of matrices without a Cholesky factor.
#include "coordinator/search/gp.h"

#include "check.h"

static const double X[6][2] = {{0.1, 0.2}, {0.4, 0.9},   {0.75, 0.3},
                               {0.6, 0.6}, {0.95, 0.85}, {0.2, 0.55}};
static const double Y[6] = {0.5, -1.2, 0.3, -0.4, 1.6, -0.8};

static struct ms_gp *make(int d, const bool *category, int n, const double *x, const double *y)
{
    struct ms_gp *gp = NULL;
    struct ms_error err = {0};
    REQUIRE(ms_gp_new(d, category, n, &gp, &err) == 0);
    ms_gp_data(gp, n, x, y);
    return gp;
}

// GaussianProcessRegressor(ConstantKernel(1.7) * Matern([0.3, 0.8], nu=2.5) + WhiteKernel(0.01),
// optimizer=None, alpha=0).fit(X, Y): predict, log_marginal_likelihood(eval_gradient=True).
static void test_scikit(void)
{
    static const double at[4][2] = {{0.1, 0.2}, {0.5, 0.5}, {0.0, 1.0}, {0.33, 0.71}};
    static const double mean[4] = {0.483259205910898, -0.7909139547199129, -0.4019133164734898,
                                   -1.2565553805550413};
    static const double variance[4] = {0.009818726786909657, 0.19469328014589646, 1.075996692832071,
                                       0.08662791832733197};
    // scikit-learn's are by the logarithms too, in the order signal, lengths, noise
    static const double slope[4] = {0.6198103848484919, 0.2933680195261422, -0.7678897943710048,
                                    -0.023730828852386487};
    bool category[2] = {false, false};
    double theta[4] = {log(0.3), log(0.8), log(1.7), log(0.01)}, gradient[4], m[4], v[4];
    struct ms_error err = {0};
    struct ms_gp *gp = make(2, category, 6, &X[0][0], Y);
    CHECK_NEAR(ms_gp_loss(gp, theta, gradient), 7.548117535500889, 1e-12);
    CHECK_NEAR(ms_gp_loss(gp, theta, NULL), 7.548117535500889, 1e-12);
    for (int i = 0; i < 4; i++)
        CHECK_NEAR(gradient[i], -slope[i], 1e-11);
    CHECK_INT(ms_gp_condition(gp, theta, &err), 0);
    CHECK_INT(ms_gp_predict(gp, 4, &at[0][0], m, v, &err), 0);
    for (int i = 0; i < 4; i++) {
        double one, one_v, d_mean[2], d_variance[2];
        CHECK_NEAR(m[i], mean[i], 1e-12);
        CHECK_NEAR(v[i], variance[i], 1e-12);
        ms_gp_predict_gradient(gp, at[i], &one, &one_v, d_mean, d_variance);
        CHECK_NEAR(one, mean[i], 1e-12);
        CHECK_NEAR(one_v, variance[i], 1e-12);
    }
    ms_gp_free(gp);
}

// With a category among the features, at a place where nothing is zero.
static void test_gradients(void)
{
    enum { N = 9, D = 3 };
    bool category[D] = {false, true, false};
    double x[N * D], y[N], theta[D + 2] = {-1.1, 0.3, -0.4, 0.2, -2.5}, gradient[D + 2],
                                     prior[D + 2] = {0};
    for (int i = 0; i < N; i++) {
        x[i * D] = 0.5 + 0.5 * sin(3.0 * i);
        x[i * D + 1] = i % 3;
        x[i * D + 2] = 0.5 + 0.5 * cos(5.0 * i);
        y[i] = sin(7 * x[i * D]) + (i % 3) - x[i * D + 2];
    }
    struct ms_error err = {0};
    struct ms_gp *gp = make(D, category, N, x, y);
    ms_gp_loss(gp, theta, gradient);
    ms_gp_prior_loss(D, theta, prior);
    for (int i = 0; i < D + 2; i++) {
        double h = 1e-5, up[D + 2], down[D + 2];
        memcpy(up, theta, sizeof up);
        memcpy(down, theta, sizeof down);
        up[i] += h;
        down[i] -= h;
        CHECK_NEAR(gradient[i], (ms_gp_loss(gp, up, NULL) - ms_gp_loss(gp, down, NULL)) / (2 * h),
                   1e-8);
        CHECK_NEAR(prior[i],
                   (ms_gp_prior_loss(D, up, NULL) - ms_gp_prior_loss(D, down, NULL)) / (2 * h),
                   1e-8);
    }
    CHECK_INT(ms_gp_condition(gp, theta, &err), 0);
    double at[D] = {0.37, 1, 0.61}, mean, variance, d_mean[D], d_variance[D];
    ms_gp_predict_gradient(gp, at, &mean, &variance, d_mean, d_variance);
    CHECK(d_mean[1] == 0 && d_variance[1] == 0);
    for (int k = 0; k < D; k += 2) {
        double h = 1e-5, x2[2 * D], m[2], v[2];
        memcpy(x2, at, sizeof at);
        memcpy(x2 + D, at, sizeof at);
        x2[k] += h;
        x2[D + k] -= h;
        CHECK_INT(ms_gp_predict(gp, 2, x2, m, v, &err), 0);
        CHECK_NEAR(d_mean[k], (m[0] - m[1]) / (2 * h), 1e-8);
        CHECK_NEAR(d_variance[k], (v[0] - v[1]) / (2 * h), 1e-8);
    }
    ms_gp_free(gp);
}

// The fit is better than where it starts, is a stationary point of likelihood and prior, and tells
// a feature that matters from one that does not.
static void test_fit(void)
{
    enum { N = 30, D = 2 };
    bool category[D] = {false, false};
    double x[N * D], y[N], theta[D + 2], again[D + 2], gradient[D + 2];
    for (int i = 0; i < N; i++) {
        x[i * D] = fmod(0.618034 * i, 1);
        x[i * D + 1] = fmod(0.754878 * i, 1);
        y[i] = 1.4 * sin(6 * x[i * D]);
    }
    struct ms_error err = {0};
    struct ms_gp *gp = make(D, category, N, x, y);
    CHECK_INT(ms_gp_fit(gp, false, theta, &err), 0);
    CHECK_INT(ms_gp_fit(gp, false, again, &err), 0);
    CHECK(memcmp(theta, again, sizeof theta) == 0);
    CHECK(exp(theta[1]) > 4 * exp(theta[0]));
    CHECK(exp(theta[D + 1]) < 1e-3);
    ms_gp_loss(gp, theta, gradient);
    ms_gp_prior_loss(D, theta, gradient);
    CHECK_NEAR(gradient[0], 0, 0.02); // the others may stand at a bound
    CHECK_NEAR(gradient[D], 0, 0.02);
    // pure noise: noise takes it
    for (int i = 0; i < N; i++)
        y[i] = (i * 7919) % 13 % 2 ? 1 : -1;
    ms_gp_data(gp, N, x, y);
    CHECK_INT(ms_gp_fit(gp, false, theta, &err), 0);
    CHECK(exp(theta[D + 1]) > 1e-2 || exp(theta[0]) < 0.2);
    CHECK_INT(ms_gp_fit(gp, true, theta, &err), 0);
    CHECK_NEAR(1e8 * exp(theta[D + 1]), 1, 1e-9);
    ms_gp_free(gp);
}

// Five times the same place without noise: singular. The likelihood says so, the posterior finds
// the jitter with which it goes, and NAN is an error.
static void test_no_factor(void)
{
    double x[6] = {0.4, 0.4, 0.4, 0.4, 0.4, 0.9}, y[6] = {1, 1, 1, 1, 1, -1};
    double theta[3] = {log(0.3), 0, -INFINITY}, mean, variance, at = 0.4;
    bool category[1] = {false};
    struct ms_error err = {0};
    struct ms_gp *gp = make(1, category, 6, x, y);
    CHECK(isinf(ms_gp_loss(gp, theta, NULL)));
    CHECK_INT(ms_gp_condition(gp, theta, &err), 0);
    CHECK_INT(ms_gp_predict(gp, 1, &at, &mean, &variance, &err), 0);
    CHECK_NEAR(mean, 1, 1e-3);
    CHECK(variance >= 0 && variance < 1e-3);
    theta[1] = NAN;
    CHECK(isinf(ms_gp_loss(gp, theta, NULL)));
    CHECK_INT(ms_gp_condition(gp, theta, &err), MS_EINVAL);
    CHECK(strstr(err.text, "Cholesky") != NULL);
    ms_gp_free(gp);
}

// mpmath 1.3 with 60 digits: log(sd) + log(φ(z) + z Φ(z)), -Φ(z) / EI, φ(z) / EI.
static void test_log_ei(void)
{
    static const double row[][6] = {
        {0, 0, 1, -0.918938533204672742, -1.2533141373155003, 1.0},
        {0.3, -0.5, 0.2, -0.223141765001197112, -1.2499581781291555, 0.00016728748337803138},
        {0, 2, 1, -4.76878352391711416, -2.679416883955586, 6.358833767911172},
        {0, 3, 2, -2.83678874024576454, -1.1397903470782231, 2.2096855206173346},
        {-1, 4, 1, -16.7443011626609901, -5.3618162412880885, 27.809081206440443},
        {0, 9.5, 1, -50.5785593935197547, -9.7040186599635129, 93.188177269653373},
        {0, 10.5, 1, -60.7730837006739413, -10.685595714219763, 113.19875499930752},
        {0, 40, 1, -808.29856835661996, -40.049906657648518, 1602.9962663059407},
        {0, 1000, 0.5, -2000016.81389138285, -4000.0019999985, 8000005.999997},
        {5, 0, 0.001, 1.60943791243410037, -0.2, 0},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        double by_mean, by_sd;
        CASE("row %zu", i);
        CHECK_NEAR(ms_gp_log_ei(row[i][0], row[i][1], row[i][2], &by_mean, &by_sd), row[i][3],
                   1e-11);
        CHECK_NEAR(by_mean, row[i][4], 1e-11);
        CHECK_NEAR(by_sd, row[i][5], 1e-10);
        CHECK_NEAR(ms_gp_log_ei(row[i][0], row[i][1], row[i][2], NULL, NULL), row[i][3], 1e-11);
    }
    for (double z = 0.5; z < 1e6; z *= 1.1) { // smooth across its pieces
        double near = ms_gp_log_ei(0, z, 1, NULL, NULL),
               far = ms_gp_log_ei(0, z * (1 + 1e-6), 1, NULL, NULL);
        double slope;
        ms_gp_log_ei(0, z * (1 + 0.5e-6), 1, &slope, NULL);
        CHECK_NEAR((far - near) / (z * 1e-6), slope, 1e-3);
    }
}

int main(void)
{
    test_scikit();
    test_gradients();
    test_fit();
    test_no_factor();
    test_log_ei();
    return check_done();
}
