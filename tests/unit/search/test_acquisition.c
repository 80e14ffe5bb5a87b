// SPDX-License-Identifier: MIT
//
// The largest expected improvement: no random point beats the one that is found, improving never
// makes it worse, forbidden codes are never chosen, and the same question has the same answer.
#include "coordinator/search/acquisition.h"

#include "check.h"
#include "coordinator/search/sampler_internal.h"
#include "mixed_space.h"

enum { ROWS = 14 };

static struct ms_error err;

struct fixture {
    cJSON *owned;
    struct ms_space space;
    struct ms_gp_code code;
    struct ms_gp *gp;
    double codes[ROWS * MAX_N];
    double best;
};

// A smooth function of the features, seen at a few random points.
static void make(struct fixture *f)
{
    double x[ROWS * MAX_N], y[ROWS], point[MAX_N], theta[MAX_N + 2];
    *f = (struct fixture){.best = INFINITY};
    f->space = mixed_space(&f->owned);
    REQUIRE(ms_gp_code_init(&f->code, &f->space, &err) == 0);
    const int n = f->space.n, d = f->code.n_features;
    REQUIRE(ms_gp_new(d, f->code.category, ROWS, &f->gp, &err) == 0);
    const struct ms_rng rng = ms_rng_at(4, 0, 0, MS_STREAM_SAMPLER);
    for (int k = 0; k < ROWS; k++) {
        ms_sampler_random_point(&f->space, &rng, (uint64_t)k * MAX_N, point);
        ms_gp_encode(&f->code, point, f->codes + k * n);
        ms_gp_features(&f->code, f->codes + k * n, x + k * d);
        y[k] = point[0] == 1 ? -0.5 : 0.2;
        for (int i = 1; i < d; i++)
            y[k] += (x[k * d + i] - 0.3) * (x[k * d + i] - 0.3);
        f->best = fmin(f->best, y[k]);
    }
    for (int i = 0; i < d; i++)
        theta[i] = log(0.7);
    theta[d] = 0;
    theta[d + 1] = log(1e-6);
    ms_gp_data(f->gp, ROWS, x, y);
    REQUIRE(ms_gp_condition(f->gp, theta, &err) == 0);
}

static void end(struct fixture *f)
{
    ms_gp_free(f->gp);
    ms_gp_code_clear(&f->code);
    ms_space_clear(&f->space);
    cJSON_Delete(f->owned);
}

static double log_ei(const struct fixture *f, const double *code)
{
    double feature[MAX_N], mean, variance;
    ms_gp_features(&f->code, code, feature);
    REQUIRE(ms_gp_predict(f->gp, 1, feature, &mean, &variance, &err) == 0);
    return variance > 0 ? ms_gp_log_ei(f->best, mean, sqrt(variance), NULL, NULL) : -INFINITY;
}

static struct ms_acquisition question(const struct fixture *f, bool refine)
{
    return (struct ms_acquisition){.code = &f->code,
                                   .gp = f->gp,
                                   .best = f->best,
                                   .near = f->codes,
                                   .n_near = 5,
                                   .rng = ms_rng_at(1, 2, 0, MS_STREAM_SAMPLER),
                                   .refine = refine};
}

static void check_code(const struct fixture *f, const double *code)
{
    for (int i = 0; i < f->space.n; i++) {
        CASE("parameter %s", f->space.param[i].name);
        const double count = (double)f->space.param[i].count;
        if (!ms_space_active(&f->space, code, i))
            CHECK(isnan(code[i]));
        else if (count > 0)
            CHECK(code[i] >= 0 && code[i] < count && code[i] == floor(code[i]));
        else
            CHECK(code[i] >= 0 && code[i] <= 1);
    }
}

static void test_maximum(void)
{
    struct fixture f;
    double plain[MAX_N], refined[MAX_N], again[MAX_N], code[MAX_N], u[MAX_N];
    bool found = false;
    make(&f);
    struct ms_acquisition a = question(&f, false);
    REQUIRE(ms_acquisition_maximize(&a, plain, &found, &err) == 0);
    REQUIRE(found);
    check_code(&f, plain);
    a.refine = true;
    REQUIRE(ms_acquisition_maximize(&a, refined, &found, &err) == 0);
    REQUIRE(found);
    check_code(&f, refined);
    const double score = log_ei(&f, refined);
    CHECK(score > log_ei(&f, plain));
    const struct ms_rng rng = ms_rng_at(6, 0, 0, MS_STREAM_SAMPLER);
    double most = -INFINITY;
    for (int k = 0; k < 20000; k++) {
        for (int i = 0; i < f.space.n; i++)
            u[i] = ms_rng_uniform(&rng, (uint64_t)(k * MAX_N + i));
        ms_gp_from_unit(&f.code, u, code);
        most = fmax(most, log_ei(&f, code));
    }
    CHECK_THAT(score >= most, "found %g, but a random code has %g", score, most);
    // No single other value of a discrete parameter is better: improving has come to its end.
    for (int i = 0; i < f.space.n; i++)
        for (int v = 0; v < (int)f.space.param[i].count && !isnan(refined[i]); v++) {
            memcpy(code, refined, sizeof code);
            code[i] = v;
            bool same_parameters = true;
            for (int j = 0; j < f.space.n; j++)
                same_parameters &= ms_space_active(&f.space, code, j) == !isnan(code[j]);
            if (same_parameters)
                CHECK_THAT(log_ei(&f, code) <= score + 1e-9, "parameter %d is better at %d", i, v);
        }
    REQUIRE(ms_acquisition_maximize(&a, again, &found, &err) == 0);
    CHECK(memcmp(again, refined, (size_t)f.space.n * sizeof *again) == 0);
    a.first = 1u << 31; // other counters, another search
    REQUIRE(ms_acquisition_maximize(&a, again, &found, &err) == 0);
    CHECK_NEAR(log_ei(&f, again), score, 0.3);
    end(&f);
}

static bool without_adam(const double *code, void *context)
{
    ++*(int *)context;
    return code[0] != 1;
}

static bool nothing(const double *code, void *context)
{
    (void)code;
    (void)context;
    return false;
}

static void test_allowed(void)
{
    struct fixture f;
    double code[MAX_N];
    bool found = false;
    int asked = 0;
    make(&f);
    struct ms_acquisition a = question(&f, true);
    REQUIRE(ms_acquisition_maximize(&a, code, &found, &err) == 0);
    CHECK(found && code[0] == 1); // where the function is smallest
    a.allows = without_adam;
    a.context = &asked;
    REQUIRE(ms_acquisition_maximize(&a, code, &found, &err) == 0);
    CHECK(found && code[0] != 1 && asked > 0);
    check_code(&f, code);
    a.allows = nothing;
    CHECK_INT(ms_acquisition_maximize(&a, code, &found, &err), 0);
    CHECK(!found);
    end(&f);
}

int main(void)
{
    test_maximum();
    test_allowed();
    return check_done();
}
