// SPDX-License-Identifier: MIT
//
// The time that a method takes for its proposals is measured where it learns, and only there.
#include "tests/unit/plan/plan_fixture.h"

static const char fixed[] = "\"hidden\": [{\"units\": {\"int\": [1, 400]}}], \"epochs\": 1";

static void test_proposing(void)
{
    struct ms_sweep *s = sweep_of(fixed, "\"method\": \"tpe\", \"max_trials\": 60");
    struct ms_plan p = plan_of(s, false, 2, twice);
    CHECK(p.learns && p.looks && p.walked == 60 && p.proposing_s > 0);
    CHECK(p.many.training_s > p.proposing_s && p.one.training_s >= p.many.training_s);
    ms_plan_clear(&p);
    ms_sweep_free(s);
    s = sweep_of(fixed, "\"method\": \"sobol\", \"max_trials\": 60");
    p = plan_of(s, false, 2, twice);
    CHECK(!p.learns && !p.looks && p.proposing_s == 0);
    ms_plan_clear(&p);
    ms_sweep_free(s);
}

// Too few trials to learn from cost nothing to propose.
static void test_few(void)
{
    struct ms_sweep *s = sweep_of(fixed, "\"method\": \"tpe\", \"max_trials\": 2");
    struct ms_plan p = plan_of(s, false, 2, twice);
    CHECK(p.learns && p.walked == 2 && p.proposing_s == 0);
    ms_plan_clear(&p);
    ms_sweep_free(s);
}

// Beyond the trials that are looked at every proposal costs as much as the last of them: 600 more
// cannot cost less than 600 times nothing and add to the sum.
static void test_many(void)
{
    struct ms_error err;
    struct ms_sweep *s = sweep_of(fixed, "\"method\": \"tpe\", \"max_trials\": 500");
    struct ms_plan p = plan_of(s, false, 2, NULL);
    CHECK_INT(p.proposing_s == 0, 1); // not measured without a measuring function
    CHECK_INT(ms_plan_proposing(&p, &err), 0);
    const double sum_s = p.proposing_s;
    CHECK(sum_s > 0);
    p.trials = 1000000;
    CHECK_INT(ms_plan_proposing(&p, &err), 0);
    CHECK_THAT(p.proposing_s > 100 * sum_s, "%g s, %g s for 2,000 times as many", sum_s,
               p.proposing_s);
    ms_plan_clear(&p);
    ms_sweep_free(s);
}

int main(void)
{
    test_proposing();
    test_few();
    test_many();
    free(block);
    return check_done();
}
