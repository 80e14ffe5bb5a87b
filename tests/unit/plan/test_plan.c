// SPDX-License-Identifier: MIT
//
// Plans against numbers counted by hand, with the fixture's stop-watch in place of the worker's.
#include "tests/unit/plan/plan_fixture.h"

static const char units[] =
    "\"hidden\": [{\"units\": {\"choice\": [1000, 2000, 500]}}], \"epochs\": 1000";

static void test_grid(void)
{
    struct ms_sweep *s = sweep_of(units, "\"method\": \"grid\", \"executions_per_trial\": 3");
    struct ms_plan p = plan_of(s, false, 2, NULL);
    CHECK(p.trials == 3 && p.walked == 3 && p.n == 3 && p.refused == 0 && p.measured == 0);
    CHECK(p.parameters_min == 500 * 7 + 4 && p.parameters_max == 2000 * 7 + 4);
    CHECK_NEAR(p.one.training_s, 3 * p.seconds,
               0.02 * p.seconds); // what recording takes comes on top
    CHECK(p.one.training_s > 3 * p.seconds);
    CHECK(p.one.executions == 9 && p.one.epochs == 9000 && p.epochs_most == 9000);
    // Longest first: 2000 2000 2000 | 1000 1000 1000 500 … on two.
    CHECK(p.many.training_s >= 1.5 * p.seconds &&
          p.many.training_s < 1.5 * p.seconds + 1.01 * p.seconds_max);
    CHECK(p.one.winner_s == 0);
    const double model_s = p.seconds;
    ms_plan_clear(&p);

    p = plan_of(s, true, 1, twice);
    CHECK(p.kinds == 3 && p.measured == 3 && asked == 3 && most_at_once == 1);
    CHECK_NEAR(p.seconds, 2 * model_s, 1e-9);
    CHECK_NEAR(p.one.winner_s, p.seconds, 0.02 * p.seconds); // three of the mean of three
    CHECK(p.many.training_s == p.one.training_s);
    ms_plan_clear(&p);

    p = plan_of(s, false, 1, broken);
    CHECK(p.measured == 0 && strcmp(p.not_measured.text, "no stop-watch") == 0);
    CHECK_NEAR(p.seconds, model_s, 1e-12);
    ms_plan_clear(&p);
    ms_sweep_free(s);
}

static void test_slowdown(void)
{
    struct ms_sweep *s = sweep_of(units, "\"method\": \"grid\"");
    struct ms_plan p = plan_of(s, false, 1000, twice);
    if (most_at_once > 1) { // a machine of one processor has no beside
        CHECK_NEAR(p.slowdown, 1.5, 1e-9);
        CHECK(p.at_once == most_at_once && asked == 4);
        CHECK_NEAR(p.many.training_s, 1.5 * p.seconds_max, 0.02 * p.seconds_max);
    }
    CHECK_NEAR(p.one.training_s, p.seconds, 0.02 * p.seconds);
    ms_plan_clear(&p);
    ms_sweep_free(s);
}

// The time is kept: the sum of what the trials are given is no more than there is.
static void test_time(void)
{
    struct ms_sweep *s = sweep_of("\"hidden\": [{\"units\": {\"int\": [1, 400]}}], \"epochs\": 2",
                                  "\"method\": \"random\", \"max_trials\": 100");
    struct ms_error err;
    struct ms_plan p = {.sweep = s, .data = &data, .workers = 1, .measure_s = 0.2};
    asked = 0;
    sum_limit_s = 0;
    CHECK_INT(ms_plan_make(&p, twice, &err), 0);
    CHECK(p.kinds > MS_PROBES_MOST && p.measured <= MS_PROBES_MOST);
    CHECK_THAT(least_limit_s >= 0.03 && least_limit_s <= 0.05, "%g s", least_limit_s);
    ms_plan_clear(&p);
    p = (struct ms_plan){.sweep = s, .data = &data, .workers = 1, .measure_s = 0};
    CHECK_INT(ms_plan_make(&p, twice, &err), 0);
    CHECK_INT(p.measured, 0);
    ms_plan_clear(&p);
    ms_sweep_free(s);
}

// Epochs that schedulers train, counted by hand; chance decides who goes on, so that how many do is
// sure.
static void test_schedulers(void)
{
    static const char fixed[] =
        "\"hidden\": [{\"units\": {\"int\": [10000, 60000]}}], \"epochs\": 27";
    struct ms_sweep *s = sweep_of(fixed, "\"method\": \"random\", \"max_trials\": 27,"
                                         " \"scheduler\": \"successive_halving\"");
    struct ms_plan p = plan_of(s, false, 3, NULL);
    // 27 × 1, the best 9 up to 3, the best 3 up to 9, the best up to 27.
    CHECK(p.looks && p.epochs_most == 27 * 27);
    CHECK_THAT(p.one.epochs == 27 + 9 * 2 + 3 * 6 + 18, "%g", p.one.epochs);
    CHECK(p.many.epochs == p.one.epochs && p.many.training_s < p.one.training_s);
    CHECK(p.one.training_s < p.seconds * 0.2);
    ms_plan_clear(&p);
    ms_sweep_free(s);
    s = sweep_of(fixed,
                 "\"method\": \"random\", \"max_trials\": 20, \"scheduler\": \"median_stop\"");
    p = plan_of(s, false, 2, NULL);
    CHECK(p.one.epochs < p.epochs_most && p.one.epochs > 0.2 * p.epochs_most);
    ms_plan_clear(&p);
    ms_sweep_free(s);
}

// A search that waits for results keeps no more than lag + 1 trials busy, however many workers
// there are.
static void test_lag(void)
{
    struct ms_sweep *s =
        sweep_of("\"hidden\": [{\"units\": {\"choice\": [400, 401, 402, 403]}}], \"epochs\": 50",
                 "\"method\": \"grid\", \"lag\": 0, \"patience\": 100");
    struct ms_plan p = plan_of(s, false, 64, NULL);
    CHECK(p.looks);
    CHECK_NEAR(p.many.training_s, p.one.training_s, 1e-9);
    ms_plan_clear(&p);
    ms_sweep_free(s);
    s = sweep_of("\"hidden\": [{\"units\": {\"choice\": [400, 401, 402, 403]}}], \"epochs\": 50",
                 "\"method\": \"grid\", \"max_wall_seconds\": 0.001");
    p = plan_of(s, false, 1, NULL);
    CHECK(p.one.training_s == 0.001);
    ms_plan_clear(&p);
    ms_sweep_free(s);
}

// Fewer trials than max_trials, because require allows no more: what is planned is what there is.
static void test_fewer(void)
{
    struct ms_sweep *s =
        sweep_of("\"hidden\": [{\"units\": 4, \"activation\": {\"choice\": [\"relu\", {\"name\": "
                 "\"leaky_relu\", \"negative_slope\": {\"float\": [0.1, 0.5]}}]}}], \"require\": "
                 "[\"hidden.1.activation == 'relu'\"]",
                 "\"method\": \"random\", \"max_trials\": 1000");
    struct ms_plan p = plan_of(s, false, 2, NULL);
    CHECK(p.trials == 1 && p.counted && p.one.executions == 1);
    ms_plan_clear(&p);
    ms_sweep_free(s);
}

static void test_refused(void)
{
    struct ms_sweep *s =
        sweep_of("\"hidden\": [{\"units\": {\"choice\": [4000, 8000, 16000]}}], \"epochs\": 2,"
                 " \"loss\": {\"choice\": [\"binary_crossentropy\", \"categorical_crossentropy\"]}",
                 "\"method\": \"grid\"");
    data.task = MS_BINARY; // as if: then the other loss does not fit
    data.n_outputs = 1;
    struct ms_plan p = plan_of(s, false, 1, NULL);
    CHECK_INT(p.walked, 6);
    CHECK_INT(p.refused, 3);
    CHECK(p.n == 3 && p.one.executions == 3 && p.first_refusal.text[0]);
    const double *middling = ms_plan_middling(&p);
    CHECK(middling && middling[0] == 1); // 8,000 units
    ms_plan_clear(&p);
    ms_sweep_free(s);
}

int main(void)
{
    test_grid();
    test_fewer();
    test_slowdown();
    test_time();
    test_schedulers();
    test_lag();
    test_refused();
    free(block);
    return check_done();
}
