// SPDX-License-Identifier: MIT
//
// Parzen estimators: samples have the density that is stated, bandwidths are those of the rule, and
// a density has mass 1.
#include "coordinator/search/sampler_tpe.h"

#include "check.h"

// The samples of a density have its density: a histogram of one against the mass of the other.
static void test_samples(void)
{
    enum { CELLS = 20, DRAWS = 40000 };
    static const struct ms_parzen_dim dim[3] = {{0}, {.choices = 4}, {.cell = 0.2}};
    static const double x[3][3] = {{0.1, 0, 0.1}, {0.15, 3, 0.5}, {0.9, 3, 0.9}};
    static const double weights[3] = {1.5, 1, 0.5};
    struct ms_parzen p;
    struct ms_error err = {0};
    REQUIRE(ms_sampler_tpe_parzen_init(&p, dim, 3, x[0], weights, 3, 0.02, &err) == 0);
    struct ms_rng rng = ms_rng_at(3, 0, 0, MS_STREAM_SAMPLER);
    struct ms_parzen_draw draw = {&rng, 0};
    static double found[CELLS][4], mass[CELLS][4];
    for (int i = 0; i < DRAWS; i++) {
        double s[3];
        ms_sampler_tpe_parzen_sample(&p, &draw, s);
        REQUIRE(s[0] >= 0 && s[0] <= 1 && s[1] >= 0 && s[1] < 4 && s[1] == floor(s[1]));
        double value = s[2] / 0.2 - 0.5;
        REQUIRE(fabs(value - nearbyint(value)) < 1e-9 && value > -0.5 && value < 4.5);
        found[(int)fmin(s[0] * CELLS, CELLS - 1)][(int)s[1]] += 1.0 / DRAWS;
    }
    double sum = 0;
    for (int i = 0; i < CELLS; i++)
        for (int c = 0; c < 4; c++) {
            for (int fine = 0; fine < 50; fine++)
                for (int v = 0; v < 5; v++)
                    mass[i][c] +=
                        exp(ms_sampler_tpe_parzen_log_density(
                            &p, (double[3]){(i + (fine + 0.5) / 50) / CELLS, c, (v + 0.5) * 0.2})) /
                        50 / CELLS / 5;
            sum += mass[i][c];
            CHECK_NEAR(found[i][c], mass[i][c], 0.01);
        }
    CHECK_NEAR(sum, 1, 0.02); // the cells' middles stand for the cells
    ms_sampler_tpe_parzen_clear(&p);
    // Without observations the prior alone: a choice is uniform.
    REQUIRE(ms_sampler_tpe_parzen_init(&p, dim + 1, 1, NULL, NULL, 0, 0.02, &err) == 0);
    CHECK_NEAR(ms_sampler_tpe_parzen_log_density(&p, (double[]){2}), log(0.25), 1e-15);
    ms_sampler_tpe_parzen_clear(&p);
}

// Each bandwidth is the distance to the farther neighbour, between the bounds: by hand.
static void test_bandwidths(void)
{
    static const struct ms_parzen_dim number = {0}, coarse = {.cell = 0.5};
    static const double x[4] = {0.5, 0.1, 0.52, 0.9};
    static const double wanted[4] = {0.4, 0.4, 0.38, 0.38}; // in the order given
    struct ms_parzen p;
    struct ms_error err = {0};
    REQUIRE(ms_sampler_tpe_parzen_init(&p, &number, 1, x, NULL, 4, 0.01, &err) == 0);
    for (int k = 0; k < 4; k++)
        CHECK_NEAR(1 / p.inverse[k], wanted[k], 1e-12);
    CHECK_NEAR(1 / p.inverse[4], 1, 0); // the prior
    CHECK_NEAR(p.mean[4], 0.5, 0);
    CHECK_NEAR(p.until[4], 1, 1e-15);
    ms_sampler_tpe_parzen_clear(&p);
    REQUIRE(ms_sampler_tpe_parzen_init(&p, &number, 1, x, NULL, 4, 0.39, &err) == 0);
    CHECK_NEAR(1 / p.inverse[2], 0.39, 1e-12); // the caller's bound
    ms_sampler_tpe_parzen_clear(&p);
    static const double close[2] = {0.25, 0.25};
    REQUIRE(ms_sampler_tpe_parzen_init(&p, &coarse, 1, close, NULL, 2, 0.01, &err) == 0);
    CHECK_NEAR(1 / p.inverse[0], 0.25, 1e-12); // half a cell
    ms_sampler_tpe_parzen_clear(&p);
    REQUIRE(ms_sampler_tpe_parzen_init(&p, &number, 1, x + 3, NULL, 1, 0.01, &err) == 0);
    CHECK_NEAR(1 / p.inverse[0], 0.9, 1e-12); // alone: to the farther end
    ms_sampler_tpe_parzen_clear(&p);
}

// Log integers: samples stand where values stand, and no kernel is narrower than half its value's
// share, which is log(1.5 / 0.5) / log(1000.5 / 0.5) of 1 and far less of 500.
static void test_uneven(void)
{
    static const struct ms_param p = {
        .kind = MS_INT, .log = true, .lo = 1, .hi = 1000, .step = 1, .count = 1000};
    const struct ms_parzen_dim dim = {.uneven = &p};
    const double x[3] = {ms_space_param_to_unit(&p, 0), ms_space_param_to_unit(&p, 0),
                         ms_space_param_to_unit(&p, 499)};
    struct ms_parzen parzen;
    struct ms_error err = {0};
    REQUIRE(ms_sampler_tpe_parzen_init(&parzen, &dim, 1, x, NULL, 2, 0.001, &err) == 0);
    CHECK_NEAR(1 / parzen.inverse[0], 0.144526 / 2, 1e-5);
    ms_sampler_tpe_parzen_clear(&parzen);
    const double same[2] = {x[2], x[2]};
    REQUIRE(ms_sampler_tpe_parzen_init(&parzen, &dim, 1, same, NULL, 2, 0.001, &err) == 0);
    CHECK_NEAR(1 / parzen.inverse[0], 0.001, 1e-12); // log(500.5 / 499.5) / log 2001 is 0.00026
    ms_sampler_tpe_parzen_clear(&parzen);
    REQUIRE(ms_sampler_tpe_parzen_init(&parzen, &dim, 1, x, NULL, 3, 0.001, &err) == 0);
    struct ms_rng rng = ms_rng_at(5, 0, 0, MS_STREAM_SAMPLER);
    struct ms_parzen_draw draw = {&rng, 0};
    for (int i = 0; i < 1000; i++) {
        double sample;
        ms_sampler_tpe_parzen_sample(&parzen, &draw, &sample);
        const double v = ms_space_param_from_unit(&p, sample);
        CHECK_NEAR(sample, ms_space_param_to_unit(&p, v), 0);
    }
    ms_sampler_tpe_parzen_clear(&parzen);
}

// However narrow the kernels, the mass on [0, 1] is 1; the density of a choice is a distribution.
static void test_mass(void)
{
    static const struct ms_parzen_dim number = {0}, choice = {.choices = 5};
    static const double x[3] = {0, 0.004, 1}, seen[3] = {4, 4, 0};
    struct ms_parzen p;
    struct ms_error err = {0};
    for (double narrow = 0.003; narrow < 2; narrow *= 10) {
        CASE("narrow %g", narrow);
        REQUIRE(ms_sampler_tpe_parzen_init(&p, &number, 1, x, NULL, 3, narrow, &err) == 0);
        double sum = 0;
        for (int i = 0; i < 100000; i++)
            sum += exp(ms_sampler_tpe_parzen_log_density(&p, (double[]){(i + 0.5) / 1e5})) / 1e5;
        CHECK_NEAR(sum, 1, 1e-6);
        ms_sampler_tpe_parzen_clear(&p);
    }
    REQUIRE(ms_sampler_tpe_parzen_init(&p, &choice, 1, seen, NULL, 3, 0.1, &err) == 0);
    double mass[5], sum = 0;
    for (int c = 0; c < 5; c++)
        sum += mass[c] = exp(ms_sampler_tpe_parzen_log_density(&p, (double[]){c}));
    CHECK_NEAR(sum, 1, 1e-12);
    CHECK(mass[4] > mass[0] && mass[0] > mass[1] && mass[1] == mass[2]);
    // By hand: each of 3 kernels gives (1 + 1/4) / (1 + 5/4) to its own value, 1/4 of that sum to
    // others.
    CHECK_NEAR(mass[4], (2 * 1.25 / 2.25 + 0.25 / 2.25 + 0.2) / 4, 1e-12);
    CHECK_NEAR(mass[1], (3 * 0.25 / 2.25 + 0.2) / 4, 1e-12);
    ms_sampler_tpe_parzen_clear(&p);
}

int main(void)
{
    test_samples();
    test_bandwidths();
    test_uneven();
    test_mass();
    return check_done();
}
