// SPDX-License-Identifier: MIT
//
// Regularized evolution: who is in the population, who wins a tournament, and what a child changes.
#include "sampler_helpers.h"

#define SPACE                                                                                      \
    "\"hidden\": [{\"units\": {\"int\": [1, 64]}}], \"optimizer\": {\"choice\": [{\"name\": "      \
    "\"sgd\", "                                                                                    \
    "\"momentum\": {\"float\": [0, 0.9]}, \"nesterov\": {\"bool\": null}}, {\"name\": \"adam\", "  \
    "\"beta_1\": {\"float\": [0.1, 0.9]}}, \"rmsprop\"]}, \"learning_rate\": {\"float\": [1e-4, "  \
    "1], "                                                                                         \
    "\"log\": true}, \"batch_size\": {\"choice\": [16, 32, 64]}"

enum { WIDTH = 7, MOST = 64 };

static struct ms_observation item[MOST];
static double points[MOST][WIDTH];

// A history of n random trials; their values are their numbers.
static struct ms_history random_history(const struct ms_space *space, int n)
{
    REQUIRE(space->n == WIDTH && n <= MOST);
    for (int i = 0; i < n; i++) {
        struct ms_rng rng = ms_rng_at(99, (uint32_t)i, 0, MS_STREAM_SAMPLER);
        ms_sampler_random_point(space, &rng, 0, points[i]);
        item[i] = (struct ms_observation){
            .trial = (uint32_t)i, .epochs = 5, .value = i, .point = points[i]};
    }
    return (struct ms_history){.n = n, .item = item};
}

static void propose(const struct ms_space *space, const struct ms_history *h, const double *arg,
                    int64_t trial, int64_t draw, double *point)
{
    struct ms_error err;
    struct ms_proposal p = {.space = space,
                            .arg = arg,
                            .seed = 7,
                            .trial = trial,
                            .draw = draw,
                            .history = h,
                            .rng = ms_rng_at(7, (uint32_t)trial, 0, MS_STREAM_SAMPLER)};
    CHECK(ms_sampler_evolution.propose(NULL, &p, point, &err) == 0);
    for (int i = 0; i < space->n; i++)
        CHECK(isnan(point[i]) == !ms_space_active(space, point, i));
}

// In how many parameters a point differs from another, but for those that its changes made new.
static int changes(const struct ms_space *space, const double *a, const double *b)
{
    int n = 0;
    for (int i = 0; i < space->n; i++)
        n += !isnan(a[i]) && !isnan(b[i]) && a[i] != b[i];
    return n;
}

// A sample as large as this finds the best: every child differs from it in one parameter.
static void test_children(const struct ms_space *space)
{
    const double arg[MS_MAX_ARGS] = {20, 1000, 0.15};
    struct ms_history h = random_history(space, 50);
    int which[WIDTH] = {0};
    double child[WIDTH], far = 0, sum = 0;
    for (int64_t k = 58; k < 1058; k++) {
        propose(space, &h, arg, k, 0, child);
        const double *parent = points[30]; // of the latest 20
        CHECK_INT(changes(space, parent, child), 1);
        for (int i = 0; i < WIDTH; i++)
            if (!isnan(parent[i]) && child[i] != parent[i]) {
                which[i]++;
                if (i == 0) {
                    far = fmax(far, fabs(child[0] - parent[0]));
                    sum += fabs(child[0] - parent[0]);
                }
                CHECK(space->param[i].count == 0
                          ? child[i] >= space->param[i].lo && child[i] <= space->param[i].hi
                          : child[i] >= 0 && child[i] < (double)space->param[i].count);
            }
    }
    int active = 0;
    for (int i = 0; i < WIDTH; i++)
        active += !isnan(points[30][i]);
    for (int i = 0; i < WIDTH; i++)
        CHECK_THAT(isnan(points[30][i]) ? which[i] == 0 : abs(which[i] - 1000 / active) < 90,
                   "parameter %d changed %d times of 1000", i, which[i]);
    // 64 units: a normal step of 0.15 · 64 = 9.6, whose mean absolute value is 7.7.
    CHECK_THAT(far > 15 && sum / which[0] > 5 && sum / which[0] < 11, "steps of %g, up to %g",
               sum / which[0], far);
}

static void test_random_at_first(const struct ms_space *space)
{
    const double arg[MS_MAX_ARGS] = {20, 5, 0.15};
    struct ms_history h = random_history(space, 12), none = {0};
    double a[WIDTH], b[WIDTH];
    propose(space, &h, arg, 19, 0, a);
    propose(space, &none, arg, 19, 0, b);
    CHECK(ms_space_point_equal(space, a, b));
    propose(space, &none, arg, 40, 0, a); // a lag as long as the population
    h = random_history(space, 50);
    propose(space, &h, arg, 40, 0, b);
    CHECK(!ms_space_point_equal(space, a, b));
}

// Failed trials never have children; where all failed, points are random.
static void test_failures(const struct ms_space *space)
{
    const double arg[MS_MAX_ARGS] = {20, 1000, 0.15};
    struct ms_history h = random_history(space, 50), none = {0};
    double child[WIDTH], other[WIDTH];
    for (int i = 30; i < 49; i++)
        item[i].value = NAN;
    for (int64_t k = 58; k < 90; k++) {
        propose(space, &h, arg, k, 0, child);
        CHECK_INT(changes(space, points[49], child), 1);
    }
    item[49].value = NAN;
    propose(space, &h, arg, 58, 0, child);
    propose(space, &none, arg, 58, 0, other);
    CHECK(ms_space_point_equal(space, child, other));
}

// A trial trained in parts is one member of the population and counts by its last part.
static void test_parts(const struct ms_space *space)
{
    const double arg[MS_MAX_ARGS] = {2, 1000, 0.15};
    random_history(space, 3);
    struct ms_observation parts[] = {
        {.trial = 0, .epochs = 9, .value = -9, .point = points[0]},
        {.trial = 1, .epochs = 3, .value = 7, .point = points[1]},
        {.trial = 1, .epochs = 9, .value = 1, .point = points[1]},
        {.trial = 2, .epochs = 3, .value = 0, .point = points[2]},
        {.trial = 2, .epochs = 9, .value = 5, .point = points[2]},
    };
    struct ms_history h = {.n = 5, .item = parts};
    double child[WIDTH];
    propose(space, &h, arg, 30, 0, child);
    CHECK_INT(changes(space, points[1], child),
              1); // not 2 by its first part, and 0 has died of age
}

// Brackets that begin with different numbers of epochs: 30 trials have 9, and only those are
// compared, though later ones look better after 27 or worse after 3.
static void test_levels(const struct ms_space *space)
{
    const double arg[MS_MAX_ARGS] = {30, 20, 0.15};
    struct ms_history h = random_history(space, 50);
    double child[WIDTH];
    for (int i = 0; i < 50; i++) {
        item[i].epochs = i < 10 ? 3 : i < 40 ? 9 : 27;
        item[i].value = i < 10 ? 90 : i < 40 ? 50 + i : i - 100;
    }
    h.parts = true;
    for (int64_t k = 60; k < 80; k++) {
        propose(space, &h, arg, k, 0, child);
        int close = 0;
        for (int i = 10; i < 40; i++)
            close += changes(space, points[i], child) <= 1;
        CHECK_THAT(close > 0, "trial %lld is no child of those that have 9 epochs", (long long)k);
    }
    // Without a scheduler epochs say nothing.
    double other[WIDTH];
    h.parts = false;
    for (int64_t k = 60; k < 80; k++) {
        for (int i = 0; i < 50; i++)
            item[i].epochs = i < 10 ? 3 : i < 40 ? 9 : 27;
        propose(space, &h, arg, k, 0, child);
        for (int i = 0; i < 50; i++)
            item[i].epochs = 9;
        propose(space, &h, arg, k, 0, other);
        CHECK(ms_space_point_equal(space, child, other));
    }
}

// What median_stop ended has no child where something else has a value, however good it was after
// few epochs; else the one that was trained longest has it, by value where that is equal.
static void test_stopped(const struct ms_space *space)
{
    const double arg[MS_MAX_ARGS] = {20, 1000, 0.15};
    struct ms_history h = random_history(space, 50);
    double child[WIDTH];
    for (int i = 30; i < 50; i++) {
        item[i].stopped = i != 40;
        item[i].epochs = i == 40 ? 9 : i < 45 ? 3 : 2;
        item[i].value = i == 40 ? 100 : -i;
    }
    for (int64_t k = 58; k < 90; k++) {
        item[40].value = 100;
        propose(space, &h, arg, k, 0, child);
        CHECK_INT(changes(space, points[40], child), 1);
        item[40].value = NAN;
        propose(space, &h, arg, k, 0, child);
        CHECK_INT(changes(space, points[44], child), 1);
    }
}

// Refused children are made again, later ones with more changes.
static void test_draws(const struct ms_space *space)
{
    const double arg[MS_MAX_ARGS] = {20, 1000, 0.15};
    struct ms_history h = random_history(space, 50);
    double a[WIDTH], b[WIDTH];
    int most = 0;
    propose(space, &h, arg, 60, 0, a);
    propose(space, &h, arg, 60, 1, b);
    CHECK(!ms_space_point_equal(space, a, b));
    for (int draw = 32; draw < 64; draw++) {
        propose(space, &h, arg, 60, draw, b);
        int n = changes(space, points[30], b);
        most = n > most ? n : most;
    }
    CHECK(most > 2);
}

// The squared distance to a point, as the space measures it.
static double distance(const struct ms_space *space, const double *point)
{
    static const double aim[WIDTH] = {20, 0, 0.7, 1, NAN, 0.01, 2};
    double v = 0;
    for (int i = 0; i < WIDTH; i++)
        if (isnan(point[i]) != isnan(aim[i]))
            v += 0.5;
        else if (!isnan(aim[i]))
            v += pow(ms_space_param_to_unit(&space->param[i], point[i]) -
                         ms_space_param_to_unit(&space->param[i], aim[i]),
                     2);
    return v;
}

// The best of 200 trials with a lag of 7.
static double best_of(const char *method)
{
    enum { TRIALS = 200, LAG = 7 };
    static double all[TRIALS][WIDTH];
    static struct ms_observation seen[TRIALS];
    char search[128];
    snprintf(search, sizeof search, "\"method\": \"%s\", \"max_trials\": %d", method, TRIALS);
    struct ms_sweep *s = sweep_of(SPACE, search);
    struct ms_sampler *sampler = sampler_of(s);
    struct ms_error err;
    double best = INFINITY;
    for (int k = 0; k < TRIALS; k++) {
        struct ms_history h = {.n = k > LAG ? k - LAG : 0, .item = seen};
        REQUIRE(ms_sampler_next(sampler, &h, all[k], &err) == 1);
        double v = distance(ms_sweep_space(s), all[k]);
        seen[k] =
            (struct ms_observation){.trial = (uint32_t)k, .epochs = 1, .value = v, .point = all[k]};
        best = fmin(best, v);
    }
    CHECK(ms_sampler_learns(sampler) == (strcmp(method, "evolution") == 0));
    ms_sampler_free(sampler);
    ms_sweep_free(s);
    return best;
}

static void test_it_learns(void)
{
    double learnt = best_of("evolution"), drawn = best_of("random");
    CHECK_THAT(learnt < drawn / 4, "best of 200: %g, at random %g", learnt, drawn);
}

int main(void)
{
    struct ms_sweep *s = sweep_of(SPACE, "\"method\": \"evolution\", \"max_trials\": 200");
    const struct ms_space *space = ms_sweep_space(s);
    test_children(space);
    test_random_at_first(space);
    test_failures(space);
    test_parts(space);
    test_levels(space);
    test_stopped(space);
    test_draws(space);
    test_it_learns();
    ms_sweep_free(s);
    return check_done();
}
