// SPDX-License-Identifier: MIT
//
// The results that trial k may look at, and the moment when it is proposed.
#include "tests/unit/study/study_fixture.h"

// With lag 7, trial k is proposed when trials 0 … k-8 have ended, and eight can be under way.
static void test_lag(void)
{
    struct ms_sweep *sweep = parse("\"method\": {\"name\": \"evolution\", \"population_size\": 8, "
                                   "\"sample_size\": 3}, \"max_trials\": 30",
                                   "3");
    struct ms_error err = {0};
    struct ms_sampler *sampler = NULL;
    struct ms_study *s = NULL;
    REQUIRE(ms_sampler_new(sweep, &sampler, &err) == 0 &&
            ms_study_new(sweep, sampler, &s, &err) == 0);
    struct ms_study_step p;
    double point[4];
    int given = 0;
    for (;;) {
        REQUIRE(ms_study_next(s, &p, &err) == 0);
        if (p.kind == MS_STUDY_WAITS)
            break;
        if (p.kind == MS_STUDY_TRIAL)
            REQUIRE(ms_study_open(s, NULL, point, &err) == 1 &&
                    ms_study_describe(s, p.trial, 3, &err) == 0);
        given += p.kind == MS_STUDY_TRAIN;
    }
    CHECK_INT(given, 8);
    struct ms_study_result r = {.trial = 3, .end = MS_END_COMPLETED, .epochs = 3, .value = 1};
    REQUIRE(ms_study_result(s, &r, &err) == 0);
    REQUIRE(ms_study_next(s, &p, &err) == 0);
    CHECK(p.kind == MS_STUDY_WAITS); // it is trial 0 that is waited for
    r.trial = 0;
    REQUIRE(ms_study_result(s, &r, &err) == 0);
    REQUIRE(ms_study_next(s, &p, &err) == 0);
    CHECK(p.kind == MS_STUDY_TRIAL && p.trial == 8);
    CHECK_INT(s->n_seen, 1); // trial 3 is there, but trial 8 does not see it
    CHECK_INT(ms_study_result(s, &r, &err), MS_ESTATE); // twice
    ms_study_free(s);
    ms_sampler_free(sampler);
    ms_sweep_free(sweep);
}

// A study of two executions a trial in which trial k sees all trials before it.
struct pairs {
    struct ms_sweep *sweep;
    struct ms_sampler *sampler;
    struct ms_study *study;
};

static struct pairs pairs_new(const char *more)
{
    struct pairs p;
    struct ms_error err = {0};
    char search[400];
    snprintf(search, sizeof search,
             "\"method\": {\"name\": \"evolution\", \"population_size\": 8, \"sample_size\": 3}, "
             "\"max_trials\": 30, \"executions_per_trial\": 2, \"lag\": 0%s",
             more);
    p.sweep = parse(search, "3");
    REQUIRE(ms_sampler_new(p.sweep, &p.sampler, &err) == 0 &&
            ms_study_new(p.sweep, p.sampler, &p.study, &err) == 0);
    return p;
}

static void pairs_free(struct pairs *p)
{
    ms_study_free(p->study);
    ms_sampler_free(p->sampler);
    ms_sweep_free(p->sweep);
}

// Runs the next trial to two values, NAN: it crashes. False: the study has ended.
static bool pairs_run(struct pairs *p, double first, double second)
{
    struct ms_error err = {0};
    struct ms_study_step step;
    double point[4];
    for (int i = 0; i < 2;) {
        REQUIRE(ms_study_next(p->study, &step, &err) == 0);
        if (step.kind == MS_STUDY_ENDED)
            return false;
        if (step.kind == MS_STUDY_TRIAL) {
            REQUIRE(ms_study_open(p->study, NULL, point, &err) == 1 &&
                    ms_study_describe(p->study, step.trial, 3, &err) == 0);
            continue;
        }
        REQUIRE(step.kind == MS_STUDY_TRAIN);
        const double value = i++ == 0 ? first : second;
        const struct ms_study_result r = {.trial = step.trial,
                                          .execution = step.execution,
                                          .end = isnan(value) ? MS_END_CRASHED : MS_END_COMPLETED,
                                          .epochs = isnan(value) ? 0 : 3,
                                          .value = value};
        REQUIRE(ms_study_result(p->study, &r, &err) == 0);
    }
    return true;
}

// A sampler learns from the values of the trials with the fewest failures; the others have failed.
static void test_failures(void)
{
    struct pairs p = pairs_new("");
    const struct ms_study *s = p.study;
    CHECK(pairs_run(&p, NAN, NAN));
    CHECK(pairs_run(&p, 1, NAN));
    CHECK(pairs_run(&p, NAN, 2)); // it saw trials 0 and 1
    REQUIRE(s->n_seen == 2);
    CHECK(isnan(s->seen[0].value) && s->seen[1].value == 1);
    CHECK(pairs_run(&p, 8, 10));
    REQUIRE(s->n_seen == 3);
    CHECK(s->seen[1].value == 1 && s->seen[2].value == 2); // all have some
    CHECK(pairs_run(&p, 0.5, NAN));
    REQUIRE(s->n_seen == 4); // trial 3 has none
    CHECK(isnan(s->seen[1].value) && isnan(s->seen[2].value) && s->seen[3].value == 9);
    CHECK(pairs_run(&p, 3, 4));
    REQUIRE(s->n_seen == 5);
    CHECK(s->seen[3].value == 9 && isnan(s->seen[4].value));
    pairs_free(&p);
}

// A lucky value beside a failure does not reach the target.
static void test_target(void)
{
    struct pairs p = pairs_new(", \"target\": 0.5");
    CHECK(pairs_run(&p, 0.1, NAN));
    CHECK(pairs_run(&p, 0.4, 0.5));
    CHECK(!pairs_run(&p, 1, 1));
    CHECK_INT(ms_study_proposed(p.study), 2);
    CHECK_STR(ms_study_why_ended(p.study), "the target is reached");
    pairs_free(&p);
}

int main(void)
{
    test_lag();
    test_failures();
    test_target();
    return check_done();
}
