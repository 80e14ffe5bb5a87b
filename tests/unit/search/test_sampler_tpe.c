// SPDX-License-Identifier: MIT
//
// The sampler "tpe": its design at the start, where it gathers, what it makes of conditions,
// failures, stopped trials and epochs, and that a finite space is used up.
#include "check.h"
#include "sampler_helpers.h"

enum { MAX_N = 64, MOST = 20000 };

// A space from a sweep, the sampler's state, and a history to fill.
struct bench {
    struct ms_sweep *sweep;
    const struct ms_space *space;
    struct ms_pick pick;
    void *state;
    int64_t n;
    bool parts;                  // as under a scheduler with rungs
    struct ms_observation *seen; // (MOST)
    double *points;              // (MOST, space->n)
};

static struct bench bench_of(const char *members)
{
    struct bench b = {.sweep = sweep_of(members, "\"method\": \"random\", \"max_trials\": 10")};
    struct ms_error err = {0};
    b.space = ms_sweep_space(b.sweep);
    b.pick =
        ms_table_default(&ms_search_sampler_table, ms_table_find(&ms_search_sampler_table, "tpe"));
    b.seen = malloc(MOST * sizeof *b.seen);
    b.points = malloc(MOST * (size_t)b.space->n * sizeof *b.points);
    REQUIRE(b.seen && b.points);
    REQUIRE(ms_sampler_tpe.start(b.space, b.pick.arg, &b.state, &err) == 0);
    return b;
}

static void bench_end(struct bench *b)
{
    ms_sampler_tpe.clear(b->state);
    ms_sweep_free(b->sweep);
    free(b->seen);
    free(b->points);
}

static void propose(struct bench *b, int64_t trial, int64_t draw, double *point)
{
    struct ms_history h = {.n = b->n, .item = b->seen, .parts = b->parts};
    struct ms_error err = {0};
    struct ms_proposal p = {.space = b->space,
                            .arg = b->pick.arg,
                            .seed = 7,
                            .trial = trial,
                            .draw = draw,
                            .history = &h,
                            .rng = ms_rng_at(7, (uint32_t)trial, 0, MS_STREAM_SAMPLER)};
    for (int i = 0; i < b->space->n; i++)
        point[i] = -12345; // whatever was there must not matter
    int status = ms_sampler_tpe.propose(b->state, &p, point, &err);
    CHECK_THAT(status == 0, "%s", err.text);
}

static double *at(const struct bench *b, int64_t i)
{
    return b->points + i * b->space->n;
}

static void observe(struct bench *b, const double *point, int epochs, uint32_t trial, double value)
{
    memcpy(at(b, b->n), point, (size_t)b->space->n * sizeof *point);
    b->seen[b->n] = (struct ms_observation){trial, epochs, value, at(b, b->n), false};
    b->n++;
}

static void random_point(struct bench *b, uint32_t i, double *point)
{
    struct ms_rng rng = ms_rng_at(99, i, 0, MS_STREAM_SAMPLER);
    ms_sampler_random_point(b->space, &rng, 0, point);
}

// Every active parameter has a value of its own, every inactive one NAN.
static void check_valid(const struct ms_space *space, const double *point)
{
    for (int i = 0; i < space->n; i++) {
        const struct ms_param *p = &space->param[i];
        double v = point[i];
        if (!ms_space_active(space, point, i))
            CHECK_THAT(isnan(v), "%s is %g, not inactive", p->name, v);
        else if (p->count > 0)
            CHECK_THAT(v >= 0 && v < (double)p->count && v == floor(v), "%s: index %g", p->name, v);
        else
            CHECK_THAT(v >= p->lo && v <= p->hi, "%s: %g", p->name, v);
    }
}

static const char two_numbers[] =
    "\"hidden\": [{\"units\": 2}], \"optimizer\": {\"name\": \"sgd\", \"learning_rate\": "
    "{\"float\": [0.0001, 1], \"log\": true}, "
    "\"momentum\": {\"float\": [0, 0.9]}}";

static const char conditional[] = "\"optimizer\": {\"choice\": [{\"name\": \"sgd\", "
                                  "\"learning_rate\": {\"float\": [0.001, 1], \"log\": "
                                  "true}, \"momentum\": {\"float\": [0, 0.9]}}, {\"name\": "
                                  "\"adam\", \"learning_rate\": {\"float\": "
                                  "[0.00001, 0.1], \"log\": true}}, \"rmsprop\"]}, "
                                  "\"hidden\": {\"layers\": {\"int\": [1, 4]}, \"each\": "
                                  "{\"units\": {\"int\": [8, 64], \"step\": 8}, "
                                  "\"activation\": {\"choice\": [\"relu\", \"tanh\"]}}}, "
                                  "\"batch_size\": {\"int\": [16, 256], \"log\": true}";

static void test_startup(void)
{
    struct bench b = bench_of(two_numbers);
    bool used[2][10] = {{false}};
    double point[MAX_N];
    for (int k = 0; k < 10; k++) {
        propose(&b, k, 0, point);
        check_valid(b.space, point);
        for (int i = 0; i < 2; i++)
            used[i][(int)(ms_space_param_to_unit(&b.space->param[i], point[i]) * 10)] = true;
    }
    for (int k = 0; k < 10; k++)
        CHECK_THAT(used[0][k] && used[1][k], "stratum %d is empty", k);
    // Nothing is known yet, though the design is over (a large lag): random, and no two alike.
    double other[MAX_N];
    propose(&b, 10, 0, point);
    propose(&b, 11, 0, other);
    check_valid(b.space, other);
    CHECK(point[0] != other[0]);
    bench_end(&b);
}

static void test_deterministic(void)
{
    struct bench b = bench_of(conditional);
    double point[MAX_N], again[MAX_N], third[MAX_N];
    for (uint32_t i = 0; i < 60; i++) {
        random_point(&b, i, point);
        observe(&b, point, 1, i, point[0] + (double)(i % 7));
    }
    for (int64_t k = 60; k < 80; k++) {
        propose(&b, k, 0, point);
        propose(&b, k + 1, 0, third);
        propose(&b, k, 0, again);
        CHECK(ms_space_point_equal(b.space, point, again));
        propose(&b, k, 1, again);
        CHECK(!ms_space_point_equal(b.space, point, again) ||
              ms_space_point_equal(b.space, point, third));
    }
    bench_end(&b);
}

static double distance_value(struct bench *b, const double *point, double u, double v)
{
    return pow(ms_space_param_to_unit(&b->space->param[0], point[0]) - u, 2) +
           pow(ms_space_param_to_unit(&b->space->param[1], point[1]) - v, 2);
}

// Learns where a bowl's bottom is: proposals after 60 random observations lie near it.
static void test_concentrates(void)
{
    struct bench b = bench_of(two_numbers);
    double point[MAX_N], far = 0;
    for (uint32_t i = 0; i < 60; i++) {
        random_point(&b, i, point);
        observe(&b, point, 1, i, distance_value(&b, point, 0.8, 0.3));
    }
    for (int64_t k = 60; k < 100; k++) {
        propose(&b, k, 0, point);
        far += distance_value(&b, point, 0.8, 0.3) / 40;
    }
    CHECK_THAT(far < 0.04, "mean square distance %g of a random point's 0.27", far);
    // The same values the other way round lead elsewhere: smaller is better.
    for (int64_t i = 0; i < b.n; i++)
        b.seen[i].value = -b.seen[i].value;
    double near = 0;
    for (int64_t k = 60; k < 100; k++) {
        propose(&b, k, 0, point);
        near += distance_value(&b, point, 0.8, 0.3) / 40;
    }
    CHECK_THAT(near > 0.4, "mean square distance %g", near);
    bench_end(&b);
}

// A whole search: each proposal is observed. Every point must be valid, and the better branch
// found.
static void test_conditional(void)
{
    struct bench b = bench_of(conditional);
    int optimizer = index_of(b.space, "optimizer"), layers = index_of(b.space, "hidden.layers");
    int adam = 0, two = 0;
    REQUIRE(b.space->n <= MAX_N && optimizer >= 0 && layers >= 0);
    for (uint32_t k = 0; k < 150; k++) {
        double point[MAX_N];
        propose(&b, k, 0, point);
        check_valid(b.space, point);
        double value = (point[optimizer] != 1) + fabs(point[layers] - 1);
        for (int i = 0; i < b.space->n; i++)
            if (!isnan(point[i]) && b.space->param[i].parent == optimizer)
                value += pow(ms_space_param_to_unit(&b.space->param[i], point[i]) - 0.25, 2);
        observe(&b, point, 1, k, value);
        adam += k >= 100 && point[optimizer] == 1;
        two += k >= 100 && point[layers] == 1;
    }
    CHECK_THAT(adam > 35, "%d of 50 trials with the better optimizer", adam);
    CHECK_THAT(two > 30, "%d of 50 trials with the best depth", two);
    bench_end(&b);
}

// Failures, infinities, equal values, the same point again and again: valid points all the same.
static void test_odd_values(void)
{
    static const double odd[] = {NAN, INFINITY, -INFINITY, 1e308, -1e308, 0, 0, 5e-324};
    struct bench b = bench_of(conditional);
    double point[MAX_N];
    for (uint32_t i = 0; i < 200; i++) {
        random_point(&b, i % 50, point);
        observe(&b, point, 1, i, odd[i % 8]);
        propose(&b, i + 1, 0, point);
        check_valid(b.space, point);
    }
    for (int64_t i = 0; i < b.n; i++) {
        b.seen[i].value = 1;
        memcpy(at(&b, i), at(&b, 0), (size_t)b.space->n * sizeof *point);
    }
    propose(&b, 300, 0, point);
    check_valid(b.space, point);
    for (int64_t i = 0; i < b.n; i++)
        b.seen[i].value = NAN;
    propose(&b, 300, 0, point);
    check_valid(b.space, point);
    bench_end(&b);
}

// Where trials fail the search does not go.
static void test_avoids_failures(void)
{
    struct bench b = bench_of(two_numbers);
    double point[MAX_N];
    int failing = 0;
    for (uint32_t i = 0; i < 100; i++) {
        random_point(&b, i, point);
        double u = ms_space_param_to_unit(&b.space->param[0], point[0]);
        observe(&b, point, 1, i, u > 0.5 ? NAN : 1 - u);
    }
    for (int64_t k = 100; k < 150; k++) {
        propose(&b, k, 0, point);
        failing += ms_space_param_to_unit(&b.space->param[0], point[0]) > 0.55;
    }
    CHECK_THAT(failing < 15, "%d of 50 proposals where half of the space fails", failing);
    bench_end(&b);
}

// Many trials that median_stop ended after 3 epochs say (0.2, 0.2), fewer that were trained to
// their end say (0.8, 0.8): those make the model.
static void test_stopped(void)
{
    struct bench b = bench_of(two_numbers);
    double point[MAX_N], high = 0;
    b.pick.arg[0] = 2;
    for (uint32_t i = 0; i < 40; i++) {
        random_point(&b, i, point);
        bool stopped = i % 10 != 0;
        double at = stopped ? 0.2 : 0.8;
        observe(&b, point, stopped ? 3 : 9, i, distance_value(&b, point, at, at));
        b.seen[b.n - 1].stopped = stopped;
    }
    for (int64_t k = 40; k < 80; k++) {
        propose(&b, k, 0, point);
        high += distance_value(&b, point, 0.8, 0.8) / 40;
    }
    CHECK_THAT(high < 0.5, "mean square distance %g", high);
    bench_end(&b);
}

// Half of the space is where median_stop stops trials, with values that look fine: it is avoided. A
// trial that fails at a higher rung is one that failed, however good it was before.
static void test_stopped_are_bad(bool stop)
{
    struct bench b = bench_of(two_numbers);
    double point[MAX_N];
    int there = 0;
    b.parts = !stop;
    for (uint32_t i = 0; i < 40; i++) {
        random_point(&b, i, point);
        const bool bad = ms_space_param_to_unit(&b.space->param[0], point[0]) < 0.5;
        observe(&b, point, bad && stop ? 3 : 9, i, bad ? -2 : distance_value(&b, point, 0.8, 0.5));
        b.seen[b.n - 1].stopped = bad && stop;
        if (bad && !stop)
            observe(&b, point, 27, i, NAN);
    }
    for (int64_t k = 40; k < 90; k++) {
        propose(&b, k, 0, point);
        there += ms_space_param_to_unit(&b.space->param[0], point[0]) < 0.5;
    }
    CHECK_THAT(there < 10, "%d of 50 proposals where trials %s", there,
               stop ? "are stopped" : "fail later");
    bench_end(&b);
}

// The minimum of what went to its end lies beside the half where trials are stopped: knowing those
// keeps proposals out of it. They count for the start-up.
static void test_stopped_are_known(void)
{
    struct bench b = bench_of(two_numbers);
    double point[MAX_N], startup[MAX_N];
    int there[2] = {0};
    for (int known = 0; known < 2; known++) {
        b.n = 0;
        for (uint32_t i = 0; i < 40; i++) {
            random_point(&b, i, point);
            const bool stopped = ms_space_param_to_unit(&b.space->param[0], point[0]) < 0.5;
            if (stopped && !known)
                continue;
            observe(&b, point, stopped ? 3 : 9, i, distance_value(&b, point, 0.5, 0.5));
            b.seen[b.n - 1].stopped = stopped;
        }
        for (int64_t k = 40; k < 240; k++) {
            propose(&b, k, 0, point);
            there[known] += ms_space_param_to_unit(&b.space->param[0], point[0]) < 0.5;
        }
    }
    CHECK_THAT(there[1] < there[0] / 2,
               "%d of 200 proposals where trials are stopped, %d without knowing it", there[1],
               there[0]);
    b.n = 0;
    propose(&b, 40, 0, startup);
    for (uint32_t i = 0; i < 10; i++) {
        random_point(&b, i, point);
        observe(&b, point, i < 6 ? 3 : 9, i, i);
        b.seen[b.n - 1].stopped = i < 6;
    }
    propose(&b, 40, 0, point);
    CHECK(!ms_space_point_equal(b.space, point, startup));
    bench_end(&b);
}

// Values after 1 epoch say (0.2, 0.2), those after 9 say (0.8, 0.8). Few have 9: the model is made
// of the first; many have: of those alone.
static void test_epochs(void)
{
    struct bench b = bench_of(two_numbers);
    double point[MAX_N], low = 0, high = 0;
    b.parts = true;
    for (uint32_t i = 0; i < 80; i++) {
        random_point(&b, i, point);
        observe(&b, point, 1, i, distance_value(&b, point, 0.2, 0.2));
        if (i < 5)
            observe(&b, point, 9, i, distance_value(&b, point, 0.8, 0.8) - 1);
    }
    for (int64_t k = 80; k < 120; k++) {
        propose(&b, k, 0, point);
        low += distance_value(&b, point, 0.2, 0.2) / 40;
    }
    CHECK_THAT(low < 0.06, "mean square distance %g", low);
    b.n = 0;
    for (uint32_t i = 0; i < 80; i++) {
        random_point(&b, i, point);
        observe(&b, point, 1, i, distance_value(&b, point, 0.2, 0.2) - 100);
        if (i % 2 == 0)
            observe(&b, point, 9, i, distance_value(&b, point, 0.8, 0.8));
    }
    for (int64_t k = 80; k < 120; k++) {
        propose(&b, k, 0, point);
        high += distance_value(&b, point, 0.8, 0.8) / 40;
    }
    CHECK_THAT(high < 0.06, "mean square distance %g", high);
    bench_end(&b);
}

// 12 trials have 9 epochs, but 4 of them fail at 27: too few are left for a model of 10.
static void test_level(void)
{
    struct bench b = bench_of(two_numbers);
    int epochs[MAX_N];
    double point[MAX_N];
    for (uint32_t i = 0; i < 20; i++) {
        random_point(&b, i, point);
        observe(&b, point, 1, i, i);
        if (i < 12)
            observe(&b, point, 9, i, i);
        if (i < 4)
            observe(&b, point, 27, i, NAN);
    }
    const struct ms_history h = {.n = b.n, .item = b.seen};
    CHECK_INT(ms_sampler_history_level(&h, 10, epochs), 1);
    CHECK_INT(ms_sampler_history_level(&h, 8, epochs), 9);
    CHECK_INT(ms_sampler_history_level(&h, 17, epochs), 1); // the one that most have
    bench_end(&b);
}

// Without rungs all values count: a trial that has fewer epochs lost an execution, and early
// stopping ended the others.
static void test_no_levels(void)
{
    struct bench b = bench_of(two_numbers);
    double point[MAX_N], far = 0;
    for (uint32_t i = 0; i < 60; i++) {
        random_point(&b, i, point);
        const double value = distance_value(&b, point, 0.8, 0.3);
        observe(&b, point, value < 0.1 ? 4 : 9, i, value);
    }
    for (int64_t k = 60; k < 100; k++) {
        propose(&b, k, 0, point);
        far += distance_value(&b, point, 0.8, 0.3) / 40;
    }
    CHECK_THAT(far < 0.04, "mean square distance %g", far);
    bench_end(&b);
}

// A finite space to its last point, through sampler.c: none twice, none left out.
static void test_finite(void)
{
    struct ms_sweep *s =
        sweep_of("\"hidden\": [{\"units\": 2}], \"batch_size\": {\"int\": [2, 40], \"step\": 2}, "
                 "\"optimizer\": {\"choice\": [\"sgd\", \"adam\"]}",
                 "\"method\": \"tpe\", \"max_trials\": 1000");
    struct ms_sampler *sampler = sampler_of(s);
    struct ms_error err = {0};
    struct ms_observation seen[40];
    double points[40][2];
    REQUIRE(ms_sweep_space(s)->n == 2);
    for (int k = 0; k < 40; k++) {
        struct ms_history h = {.n = k, .item = seen};
        CHECK_INT(ms_sampler_next(sampler, &h, points[k], &err), 1);
        seen[k] =
            (struct ms_observation){(uint32_t)k, 1, points[k][0] + points[k][1], points[k], false};
    }
    double point[2];
    CHECK_INT(ms_sampler_next(sampler, &(struct ms_history){.n = 40, .item = seen}, point, &err),
              0);
    CHECK(all_different(ms_sweep_space(s), points[0], 40));
    ms_sampler_free(sampler);
    ms_sweep_free(s);
}

// A long history costs no more than the cap: this ends.
static void test_long(void)
{
    struct bench b = bench_of(two_numbers);
    double point[MAX_N];
    for (uint32_t i = 0; i < MOST; i++) {
        random_point(&b, i, point);
        observe(&b, point, 1, i, distance_value(&b, point, 0.5, 0.5));
    }
    for (int64_t k = MOST; k < MOST + 20; k++) {
        propose(&b, k, 0, point);
        check_valid(b.space, point);
        CHECK_THAT(distance_value(&b, point, 0.5, 0.5) < 0.01, "away from 25 good points");
    }
    bench_end(&b);
}

int main(void)
{
    test_startup();
    test_deterministic();
    test_concentrates();
    test_conditional();
    test_odd_values();
    test_avoids_failures();
    test_stopped();
    test_stopped_are_bad(true);
    test_stopped_are_bad(false);
    test_stopped_are_known();
    test_epochs();
    test_no_levels();
    test_level();
    test_finite();
    test_long();
    return check_done();
}
