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

int main(void)
{
    test_lag();
    return check_done();
}
