// SPDX-License-Identifier: MIT
//
// Ablation: the path on a known landscape, its rounds, what it waits for, failures, forbidden
// steps, and continuing.
#include "sampler_helpers.h"

#define SPACE                                                                                      \
    "\"hidden\": [{\"units\": {\"int\": [1, 64]}}], \"optimizer\": {\"choice\": [{\"name\": "      \
    "\"sgd\", \"momentum\": {\"float\": [0, 0.9]}}, \"adam\"]}, "                                  \
    "\"learning_rate\": {\"float\": [0.0001, 1], \"log\": true}, "                                 \
    "\"batch_size\": {\"choice\": [16, 32, 64]}"
#define ENDS                                                                                       \
    "\"method\": \"ablation\", \"try_first\": ["                                                   \
    "{\"hidden.1.units\": 4, \"optimizer\": \"adam\", \"learning_rate\": 0.001},"                  \
    "{\"hidden.1.units\": 8, \"optimizer\": \"sgd\", \"optimizer.momentum\": 0.5, "                \
    "\"learning_rate\": 0.1, \"batch_size\": 64}]"
enum { WIDTH = 5, MOST = 40, UNITS = 0, OPTIMIZER, MOMENTUM, RATE, BATCH };

static double points[MOST][WIDTH];
static struct ms_observation item[MOST];
static struct ms_error err;

// Smaller is better: the rate counts most, then the optimizer, then the batch; units do harm.
static double value_of(const double *x)
{
    return 10 - 4 * (x[RATE] > 0.01) - 2 * (x[OPTIMIZER] == 0) - (x[BATCH] == 2) + (x[UNITS] > 4);
}

// Trials of the whole path; known: of those the first come from a store. Returns how many.
static int run(const struct ms_sweep *s, int known, double (*value)(const double *))
{
    struct ms_sampler *sampler = sampler_of(s);
    int n = 0;
    for (; n < MOST; n++) {
        const int64_t needs = ms_sampler_needs(sampler, n);
        CHECK(needs >= 0 && needs <= n);
        const struct ms_history h = {.n = needs, .item = item};
        if (n < known) {
            CHECK(ms_sampler_adopt(sampler, points[n], &err) == 0);
        } else {
            const int got = ms_sampler_next(sampler, &h, points[n], &err);
            CHECK(got >= 0);
            if (got <= 0)
                break;
        }
        item[n] = (struct ms_observation){
            .trial = (uint32_t)n, .epochs = 5, .value = value(points[n]), .point = points[n]};
    }
    ms_sampler_free(sampler);
    return n;
}

static int changed(const struct ms_space *space, int a, int b)
{
    int n = 0;
    for (int i = 0; i < space->n; i++)
        n += ms_space_differs(space, points[a], points[b], i);
    return n;
}

static void test_path(void)
{
    struct ms_sweep *s = sweep_of(SPACE, ENDS);
    const struct ms_space *space = ms_sweep_space(s);
    REQUIRE(space->n == WIDTH);
    CHECK_INT(ms_sweep_ablation_trials(s), 11); // units, optimizer, rate, batch
    CHECK_INT(run(s, 0, value_of), 11);
    CHECK(points[0][BATCH] == 0 && isnan(points[0][MOMENTUM])); // left open: the first value
    for (int i = 2; i < 6; i++)
        CHECK_INT(changed(space, 0, i), 1);
    CHECK(points[3][MOMENTUM] == 0.5); // comes with sgd
    for (int i = 6; i < 9; i++) {      // from trial 4, where the rate was changed
        CHECK_INT(changed(space, 4, i), 1);
        CHECK(points[i][RATE] == points[1][RATE]);
    }
    for (int i = 9; i < 11; i++) { // from there with sgd
        CHECK(points[i][OPTIMIZER] == 0 && points[i][RATE] == points[1][RATE]);
        CHECK_INT(changed(space, i, 1), 1);
    }
    // A store that has the first trials leads to the same ones.
    double all[MOST][WIDTH];
    memcpy(all, points, sizeof all);
    for (int known = 1; known <= 11; known++) {
        CASE("%d known", known);
        for (int i = known; i < 11; i++)
            memset(points[i], 0, sizeof points[i]);
        CHECK_INT(run(s, known, value_of), 11);
        for (int i = 0; i < 11; i++)
            CHECK(ms_space_point_equal(space, points[i], all[i]));
    }
    ms_sweep_free(s);
}

static void test_needs(void)
{
    struct ms_sweep *s = sweep_of(SPACE, ENDS ", \"lag\": 3");
    static const int64_t needs[] = {0, 0, 0, 0, 0, 0, 6, 6, 6, 9, 9, 11};
    struct ms_sampler *sampler = sampler_of(s);
    double point[WIDTH];
    CHECK(ms_sampler_learns(sampler) && !ms_sampler_counted(sampler));
    for (int k = 0; k < 11; k++) {
        CHECK_INT(ms_sampler_needs(sampler, k), needs[k]);
        const struct ms_history h = {.n = needs[k], .item = item}; // of test_path
        CHECK(ms_sampler_next(sampler, &h, point, &err) == 1);
    }
    ms_sampler_free(sampler);
    ms_sweep_free(s);
}

static double failing(const double *x)
{
    return x[RATE] > 0.01 ? NAN : value_of(x);
}

static double failed(const double *x)
{
    (void)x;
    return NAN;
}

static void test_failures(void)
{
    struct ms_sweep *s = sweep_of(SPACE, ENDS);
    CHECK_INT(run(s, 0, failing), 11);
    for (int i = 6; i < 9; i++) // sgd won
        CHECK(points[i][OPTIMIZER] == 0);
    CHECK_INT(run(s, 0, failed), 11); // in the order of the file
    CHECK(points[6][UNITS] == points[1][UNITS] && points[9][OPTIMIZER] == 0);
    ms_sweep_free(s);
}

static void test_require(void)
{
    // The rate cannot be changed before the batch.
    struct ms_sweep *s =
        sweep_of(SPACE ", \"require\": [\"learning_rate < 0.01 or batch_size == 64\"]", ENDS);
    const int n = run(s, 0, value_of);
    CHECK(n > 8 && n < 11);
    for (int i = 0; i < n; i++)
        CHECK(ms_sweep_feasible(s, points[i]));
    ms_sweep_free(s);
    // No step is allowed: units and batch must change together.
    s = sweep_of("\"hidden\": [{\"units\": {\"int\": [1, 2]}}], \"batch_size\": {\"choice\": [1, "
                 "2]}, \"optimizer\": \"adam\", \"require\": [\"hidden.1.units == batch_size\"]",
                 "\"method\": \"ablation\", \"try_first\": [{\"batch_size\": 1}, "
                 "{\"batch_size\": 2, \"hidden.1.units\": 2}]");
    struct ms_sampler *sampler = sampler_of(s);
    const struct ms_history none = {0};
    double point[2];
    CHECK_INT(ms_sampler_next(sampler, &none, point, &err), 1);
    CHECK_INT(ms_sampler_next(sampler, &none, point, &err), 1);
    CHECK_INT(ms_sampler_next(sampler, &none, point, &err), 0);
    ms_sampler_free(sampler);
    ms_sweep_free(s);
}

int main(void)
{
    test_path();
    test_needs();
    test_failures();
    test_require();
    return check_done();
}
