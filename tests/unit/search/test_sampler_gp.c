// SPDX-License-Identifier: MIT
//
// The sampler "gp": what it learns from, how it sees a space, that it proposes valid points, the
// same ones again, and finds minima.
#include "coordinator/search/sampler_internal.h"

#include <cJSON.h>

#include "check.h"
#include "coordinator/search/gp_code.h"
#include "coordinator/search/gp_history.h"

enum { MAX_N = 16, TRIALS = 60 };

static struct ms_error err;

static void add(struct ms_space *space, struct ms_param p)
{
    if (p.kind != MS_CHOICE)
        p.count = ms_space_param_count(&p);
    REQUIRE(ms_space_add(space, &p, &err) >= 0);
}

// A choice that decides what else there is, a choice of rising numbers, integers with a condition.
static struct ms_space mixed(cJSON **owned)
{
    struct ms_space s;
    ms_space_init(&s);
    *owned = cJSON_Parse("[[\"sgd\",\"adam\",\"none\"],[16,32,64,128],[7]]");
    REQUIRE(*owned != NULL);
    cJSON *kinds = cJSON_GetArrayItem(*owned, 0), *sizes = cJSON_GetArrayItem(*owned, 1);
    add(&s, (struct ms_param){.name = "kind", .kind = MS_CHOICE, .values = kinds, .count = 3});
    add(&s, (struct ms_param){.name = "rate", .kind = MS_FLOAT, .log = true, .lo = 1e-5, .hi = 1});
    add(&s, (struct ms_param){.name = "momentum",
                              .kind = MS_FLOAT,
                              .lo = 0,
                              .hi = 0.99,
                              .condition = MS_IS,
                              .parent = 0,
                              .parent_value = 0});
    add(&s, (struct ms_param){.name = "size", .kind = MS_CHOICE, .values = sizes, .count = 4});
    add(&s, (struct ms_param){.name = "layers", .kind = MS_INT, .lo = 1, .hi = 3, .step = 1});
    add(&s, (struct ms_param){.name = "units",
                              .kind = MS_INT,
                              .lo = 8,
                              .hi = 512,
                              .step = 8,
                              .condition = MS_AT_LEAST,
                              .parent = 4,
                              .parent_value = 2});
    add(&s, (struct ms_param){.name = "flag", .kind = MS_BOOL});
    add(&s,
        (struct ms_param){
            .name = "one", .kind = MS_CHOICE, .count = 1, .values = cJSON_GetArrayItem(*owned, 2)});
    return s;
}

static double mixed_value(const struct ms_space *s, const double *p)
{
    double rate = log10(p[1]) + 3, v = p[0] == 1 ? 0 : 0.5;
    v += 0.3 * rate * rate + 0.1 * fabs(p[3] - 2) + 0.1 * p[4];
    if (!isnan(p[5]))
        v += 1e-5 * pow(ms_space_param_number(&s->param[5], p[5]) - 128, 2);
    return v + (p[6] ? 0.05 : 0);
}

static bool valid(const struct ms_space *s, const double *point)
{
    for (int i = 0; i < s->n; i++) {
        const struct ms_param *p = &s->param[i];
        double v = point[i];
        if (!ms_space_active(s, point, i)) {
            if (!isnan(v))
                return false;
        } else if (p->count > 0 ? !(v >= 0 && v < (double)p->count && v == floor(v))
                                : !(v >= p->lo && v <= p->hi)) {
            return false;
        }
    }
    return true;
}

typedef double objective(const struct ms_space *s, const double *point, int trial);

// Runs the sampler as the base does, from trial `from` (those before are adopted from points).
static void run(const struct ms_space *s, uint64_t seed, int lag, int from, int trials,
                objective *value, double *points)
{
    double arg[MS_MAX_ARGS] = {10};
    struct ms_observation seen[TRIALS];
    void *state = NULL;
    REQUIRE(ms_sampler_gp.start(s, arg, &state, &err) == 0);
    for (int k = 0; k < trials; k++) {
        double *point = points + k * s->n;
        struct ms_history history = {.n = k > lag ? k - lag : 0, .item = seen};
        struct ms_proposal p = {.space = s,
                                .arg = arg,
                                .seed = seed,
                                .trial = k,
                                .history = &history,
                                .rng = ms_rng_at(seed, (uint32_t)k, 0, MS_STREAM_SAMPLER)};
        if (k >= from)
            REQUIRE(ms_sampler_gp.propose(state, &p, point, &err) == 0);
        ms_sampler_gp.took(state, k, point);
        seen[k] = (struct ms_observation){(uint32_t)k, 1, value(s, point, k), point, false};
    }
    ms_sampler_gp.clear(state);
}

static double of_mixed(const struct ms_space *s, const double *point, int trial)
{
    (void)trial;
    return mixed_value(s, point);
}

static double with_failures(const struct ms_space *s, const double *point, int trial)
{
    static const double bad[] = {NAN, INFINITY, -INFINITY};
    return trial % 4 == 1 ? bad[trial / 4 % 3] : mixed_value(s, point);
}

static double all_failed(const struct ms_space *s, const double *point, int trial)
{
    (void)s;
    (void)point;
    (void)trial;
    return NAN;
}

static double constant(const struct ms_space *s, const double *point, int trial)
{
    (void)s;
    (void)point;
    (void)trial;
    return 3;
}

static double huge(const struct ms_space *s, const double *point, int trial)
{
    return (trial % 2 ? 1e300 : -1e300) * mixed_value(s, point);
}

static void test_mixed(void)
{
    cJSON *owned;
    struct ms_space s = mixed(&owned);
    double points[TRIALS * MAX_N], again[TRIALS * MAX_N];
    objective *const values[] = {of_mixed, with_failures, all_failed, constant, huge};
    for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
        run(&s, 5, 3, 0, 20, values[v], points);
        for (int k = 0; k < 20; k++)
            CHECK_THAT(valid(&s, points + k * s.n), "objective %zu, trial %d", v, k);
    }
    run(&s, 1, 0, 0, 50, of_mixed, points);
    double best = INFINITY;
    for (int k = 0; k < 50; k++)
        best = fmin(best, mixed_value(&s, points + k * s.n));
    CHECK_THAT(best < 0.12, "best of 50: %g", best); // the minimum is 0; random: 0.3
    // the same again; and from trial 25 on where those before come from a store
    memcpy(again, points, sizeof again);
    for (int k = 25 * s.n; k < 50 * s.n; k++)
        again[k] = -1;
    run(&s, 1, 0, 25, 50, of_mixed, again);
    for (int k = 0; k < 50; k++)
        CHECK_THAT(ms_space_point_equal(&s, points + k * s.n, again + k * s.n), "trial %d differs",
                   k);
    run(&s, 2, 0, 0, 12, of_mixed, again);
    CHECK(!ms_space_point_equal(&s, points, again));
    ms_space_clear(&s);
    cJSON_Delete(owned);
}

static double parabola(const struct ms_space *s, const double *point, int trial)
{
    (void)s;
    (void)trial;
    return 1e4 * (point[0] - 1.234) * (point[0] - 1.234);
}

static double noisy(const struct ms_space *s, const double *point, int trial)
{
    (void)s;
    struct ms_rng rng = ms_rng_at(9, (uint32_t)trial, 0, MS_STREAM_DATA);
    return (point[0] - 1.234) * (point[0] - 1.234) + 0.5 * ms_rng_normal(&rng, 0);
}

// The minimum of one dimension; with a lag, proposals that do not see each other's results differ.
static void test_minimum(void)
{
    struct ms_space s;
    double x[TRIALS];
    ms_space_init(&s);
    add(&s, (struct ms_param){.name = "x", .kind = MS_FLOAT, .lo = -5, .hi = 5});
    for (int lag = 0; lag <= 7; lag += 7) {
        run(&s, 3, lag, 0, 30, parabola, x);
        double best = INFINITY;
        for (int k = 0; k < 30; k++)
            best = fmin(best, fabs(x[k] - 1.234));
        CHECK_THAT(best < 1e-3, "lag %d: off by %g", lag, best);
        for (int k = 0; k < 30; k++)
            for (int j = 0; j < k; j++)
                CHECK(x[j] != x[k]);
    }
    // noise five times what is left near the minimum: the later trials still gather there
    run(&s, 3, 0, 0, 50, noisy, x);
    int near = 0;
    for (int k = 30; k < 50; k++)
        near += fabs(x[k] - 1.234) < 1.5;
    CHECK_THAT(near >= 12, "%d of 20 near", near);
    ms_space_clear(&s);
}

static bool odd(const struct ms_sampler *sampler, const double *point)
{
    (void)sampler;
    return (int)point[0] % 2 == 1;
}

// What the base would refuse is not proposed: the minimum of the grid, 6, is not free.
static void test_free(void)
{
    struct ms_space s;
    double arg[MS_MAX_ARGS] = {4}, points[20], point;
    struct ms_observation seen[20];
    void *state = NULL;
    ms_space_init(&s);
    add(&s, (struct ms_param){.name = "x", .kind = MS_INT, .lo = 0, .hi = 40, .step = 1});
    REQUIRE(ms_sampler_gp.start(&s, arg, &state, &err) == 0);
    for (int k = 0; k < 20; k++) {
        points[k] = 2 * k + 1;
        double off = points[k] - 6.2;
        seen[k] = (struct ms_observation){(uint32_t)k, 1, off * off, &points[k], false};
        ms_sampler_gp.took(state, k, &points[k]);
    }
    struct ms_history history = {.n = 20, .item = seen};
    struct ms_proposal p = {.space = &s,
                            .arg = arg,
                            .seed = 1,
                            .trial = 20,
                            .history = &history,
                            .rng = ms_rng_at(1, 20, 0, MS_STREAM_SAMPLER)};
    CHECK_INT(ms_sampler_gp.propose(state, &p, &point, &err), 0);
    CHECK_NEAR(point, 6, 0);
    p.is_free = odd;
    CHECK_INT(ms_sampler_gp.propose(state, &p, &point, &err), 0);
    CHECK(odd(NULL, &point));
    ms_sampler_gp.clear(state);
    ms_space_clear(&s);
}

static void test_code(void)
{
    cJSON *owned;
    struct ms_space s = mixed(&owned);
    struct ms_gp_code c;
    REQUIRE(ms_gp_code_init(&c, &s, &err) == 0);
    static const enum ms_gp_kind kinds[] = {MS_GP_CATEGORY, MS_GP_NUMBER,  MS_GP_NUMBER,
                                            MS_GP_ORDERED,  MS_GP_ORDERED, MS_GP_ORDERED,
                                            MS_GP_CATEGORY, MS_GP_FIXED};
    for (int i = 0; i < s.n; i++)
        CHECK_INT(c.kind[i], kinds[i]);
    CHECK_INT(c.n_features, 7);
    double point[MAX_N], code[MAX_N], back[MAX_N], scratch[MAX_N], feature[MAX_N];
    struct ms_rng rng = ms_rng_at(1, 0, 0, MS_STREAM_SAMPLER);
    for (int k = 0; k < 200; k++) {
        ms_sampler_random_point(&s, &rng, (uint64_t)k * MAX_N, point);
        ms_gp_encode(&c, point, code);
        ms_gp_decode(&c, code, scratch, back);
        ms_gp_features(&c, code, feature);
        for (int i = 0; i < s.n; i++)
            CHECK_NEAR(back[i], point[i], 1e-12);
        for (int f = 0; f < c.n_features; f++)
            CHECK(feature[f] >= (c.category[f] ? -1 : 0) && (c.category[f] || feature[f] <= 1));
        CHECK(isnan(point[2]) ? feature[2] == 0.5 : feature[2] == code[2]);
    }
    ms_gp_code_clear(&c);
    ms_space_clear(&s);
    cJSON_Delete(owned);
}

static void test_targets(void)
{
    enum { N = 9 };
    double value[N] = {0.1, 1e9, 0.2, NAN, 0.3, 5, 0.4, INFINITY, 0.5}, target[N];
    int work[N];
    ms_gp_targets(N, value, MS_GP_WARP_STRONG, target, work);
    double mean = 0, square = 0;
    for (int i = 0; i < N; i++) {
        mean += target[i] / N;
        square += target[i] * target[i] / N;
    }
    CHECK_NEAR(mean, 0, 1e-12);
    CHECK_NEAR(square, 1, 1e-12);
    // the better half keeps its shape, the rest its order; failures are the worst
    CHECK_NEAR(target[4] - target[2], target[2] - target[0], 1e-12);
    CHECK(target[0] < target[2] && target[8] < target[5] && target[5] < target[1]);
    CHECK(target[1] < target[3] && target[3] == target[7]);
    CHECK(target[1] - target[5] < 60 * (target[2] - target[0])); // of values 10^10 times as far
    double low[3] = {-INFINITY, 1, 2}, t[3];
    for (enum ms_gp_warp w = 0; w < MS_GP_WARPS; w++) {
        ms_gp_targets(3, low, w, t, work);
        CHECK(isfinite(t[0]) && t[0] <= t[1] && t[1] < t[2]);
    }
    // without a warp all differences keep their ratios; values of any size are taken
    double huge[3] = {-1e308, 0, 1.5e308};
    ms_gp_targets(3, huge, MS_GP_WARP_NONE, t, work);
    CHECK_NEAR((t[2] - t[1]) / (t[1] - t[0]), 1.5, 1e-12);
    // what is returned is - Σ log d target / d value but for one constant: slopes by differences
    double v[8] = {0, 0.5, 1, 1.5, 3, 3 + 1e-6, 40, 40 + 1e-5}, a[8], constant[MS_GP_WARPS];
    for (enum ms_gp_warp w = 0; w < MS_GP_WARPS; w++) {
        constant[w] = ms_gp_targets(8, v, w, a, work) + 4 * log((a[1] - a[0]) / 0.5) +
                      2 * log((a[5] - a[4]) / 1e-6) + 2 * log((a[7] - a[6]) / 1e-5);
        CHECK_NEAR(constant[w], constant[0], 1e-4);
    }
}

static void test_pick(void)
{
    double point = 0;
    int pick[64];
    struct ms_observation o[40];
    // trained in parts: 30 trials to 1 epoch, of them 8 to 3, 2 to 9
    int n = 0;
    for (int t = 0; t < 30; t++)
        o[n++] = (struct ms_observation){(uint32_t)t, 1, t, &point, false};
    for (int t = 0; t < 8; t++)
        o[n++] = (struct ms_observation){(uint32_t)t, 3, t, &point, false};
    for (int t = 0; t < 2; t++)
        o[n++] = (struct ms_observation){(uint32_t)t, 9, t, &point, false};
    struct ms_history h = {.n = n, .item = o};
    CHECK_INT(ms_gp_pick(&h, false, 2, 64, pick, &err), 2);
    CHECK_INT(pick[0], 38);
    CHECK_INT(ms_gp_pick(&h, false, 4, 64, pick, &err), 8);
    CHECK_INT(pick[7], 37);
    CHECK_INT(ms_gp_pick(&h, false, 50, 64, pick, &err), 30);
    CHECK_INT(pick[29], 29);
    // each trial once, in brackets that begin with different numbers of epochs: not comparable
    h.n = 30;
    for (int t = 20; t < 30; t++)
        o[t].epochs = 3;
    h.parts = true;
    CHECK_INT(ms_gp_pick(&h, false, 2, 64, pick, &err), 10);
    CHECK_INT(pick[0], 20);
    // unless they are a parameter, or it was no scheduler that paused them
    CHECK_INT(ms_gp_pick(&h, true, 2, 64, pick, &err), 30);
    h.parts = false;
    CHECK_INT(ms_gp_pick(&h, false, 2, 64, pick, &err), 30);
    for (int t = 0; t < 20; t++)
        o[t].stopped = true;
    CHECK_INT(ms_gp_pick(&h, false, 2, 64, pick, &err), 30);
    for (int t = 0; t < 20; t++)
        o[t].stopped = false;
    h.parts = true;
    // one that fails at a higher rung has failed, of however many epochs its crash tells
    h.n = 31;
    o[30] = (struct ms_observation){25, 0, NAN, &point, false};
    CHECK_INT(ms_gp_pick(&h, false, 2, 64, pick, &err), 10);
    CHECK_INT(pick[9], 30);
    h.n = 30;
    for (int t = 20; t < 30; t++)
        o[t].epochs = 1;
    // too many: the best half and the newest
    o[25].value = -1;
    CHECK_INT(ms_gp_pick(&h, false, 2, 6, pick, &err), 6);
    static const int wanted[6] = {0, 1, 25, 27, 28, 29};
    for (int i = 0; i < 6; i++)
        CHECK_INT(pick[i], wanted[i]);
}

int main(void)
{
    test_code();
    test_targets();
    test_pick();
    test_mixed();
    test_free();
    test_minimum();
    return check_done();
}
