// SPDX-License-Identifier: MIT
//
// A trial's value over its executions, and its running averages, by hand.
#include <math.h>
#include <stdlib.h>

#include "check.h"
#include "coordinator/study/study_internal.h"

struct world {
    struct ms_sweep *sweep;
    struct ms_sampler *sampler;
    struct ms_study *study;
};

static struct world world_of(const char *rule)
{
    struct world w;
    struct ms_error err = {0};
    struct ms_sweep_problems problems = {0};
    char text[600];
    snprintf(text, sizeof text,
             "{\"name\": \"t\", \"data\": {\"synthetic\": \"xor\"}, \"hidden\": [{\"units\": 4}],"
             " \"learning_rate\": {\"float\": [0.001, 1]}, \"epochs\": 8, \"search\": {\"method\": "
             "\"random\", \"max_trials\": 5, \"scheduler\": \"median_stop\"}, \"objective\": "
             "{\"metric\": \"val_loss\", "
             "%s}}",
             rule);
    const int status = ms_sweep_parse("t.json", text, strlen(text), &w.sweep, &problems);
    for (int i = 0; i < problems.n; i++)
        fprintf(stderr, "%s\n", problems.item[i].text);
    REQUIRE(status == 0);
    REQUIRE(ms_sampler_new(w.sweep, &w.sampler, &err) == 0);
    REQUIRE(ms_study_new(w.sweep, w.sampler, &w.study, &err) == 0);
    return w;
}

static void world_free(struct world *w)
{
    ms_study_free(w->study);
    ms_sampler_free(w->sampler);
    ms_sweep_free(w->sweep);
}

static struct at_rung sum_of(const char *rule, const double *value, int n)
{
    struct world w = world_of(rule);
    struct ms_error err;
    struct trial *t = ms_study_trial_new(w.study, NULL, n);
    REQUIRE(t && t->n == n && t->left == n && isnan(t->last.value));
    for (int i = 0; i < n; i++) {
        t->execution[i].value = value[i];
        t->execution[i].epochs = 3 + i;
    }
    REQUIRE(ms_study_sum_up(w.study, t, &err) == 0);
    const struct at_rung last = t->last;
    ms_study_trial_free(t);
    world_free(&w);
    return last;
}

#define MEAN "\"by\": \"mean\""
#define MEDIAN "\"by\": \"median\""
#define WORST "\"by\": \"worst\""
#define BOUND "\"by\": \"lower_bound\""
#define IGNORE ", \"failed_executions\": \"ignore\""

static void test_value(void)
{
    const double values[] = {4, NAN, 1, 2.5, 0.5};
    CHECK_NEAR(sum_of(MEAN, values, 5).value, 2, 1e-15); // over those that have one
    CHECK_NEAR(sum_of(BOUND, values, 5).value, 2, 1e-15);
    CHECK_NEAR(sum_of(MEDIAN, values, 5).value, 1.75, 1e-15);
    CHECK_NEAR(sum_of(MEDIAN, values, 4).value, 2.5, 1e-15);
    CHECK_NEAR(sum_of(WORST, values, 5).value, 4, 0);
    CHECK_NEAR(sum_of(MEAN, values + 1, 1).value, NAN, 0); // all failed
    CHECK_NEAR(sum_of(MEAN, (const double[]){NAN, NAN}, 2).value, NAN, 0);
    double many[40]; // more than fit beside the stack's few
    for (int i = 0; i < 40; i++)
        many[i] = (i * 7) % 40;
    CHECK_NEAR(sum_of(MEDIAN, many, 40).value, 19.5, 1e-15);
    CHECK_INT(sum_of(MEAN, values, 5).epochs, 7); // of the one that was trained furthest
}

// The share of executions without a value counts against the trial, or not.
static void test_failed(void)
{
    const double values[] = {4, NAN, 1, 2.5, 0.5}, none[] = {NAN, NAN};
    CHECK(sum_of(MEAN, values, 5).failed == 0.2);
    CHECK(sum_of(WORST, values, 2).failed == 0.5);
    CHECK(sum_of(MEAN, values + 2, 3).failed == 0);
    CHECK(sum_of(MEAN, none, 2).failed == 1);
    CHECK(sum_of(MEAN IGNORE, values, 5).failed == 0);
    CHECK_NEAR(sum_of(MEAN IGNORE, values, 5).value, 2, 1e-15);
    CHECK(sum_of(MEAN IGNORE, none, 2).failed == 1);
}

// An execution that ended by itself stands for the trial's epochs, however few it took.
static void test_itself(void)
{
    struct world w = world_of(MEAN);
    struct ms_error err;
    struct trial *t = ms_study_trial_new(w.study, NULL, 2);
    REQUIRE(t);
    t->epochs = 8;
    t->execution[0] = (struct execution){.epochs = 5, .itself = true};
    t->execution[1] = (struct execution){.epochs = 3, .itself = false};
    REQUIRE(ms_study_sum_up(w.study, t, &err) == 0);
    CHECK(!t->itself && t->last.epochs == 5);
    t->execution[1].itself = true;
    REQUIRE(ms_study_sum_up(w.study, t, &err) == 0);
    CHECK(t->itself && t->last.epochs == 8);
    ms_study_trial_free(t);
    world_free(&w);
}

static void test_averages(void)
{
    struct world w = world_of(MEAN);
    struct ms_error err;
    struct trial *t = ms_study_trial_new(w.study, NULL, 2);
    REQUIRE(t);
    const double first[] = {NAN, 4, 2, 3}, second[] = {1, 3};
    const struct ms_study_result a = {.curve = first, .n_curve = 4};
    const struct ms_study_result b = {.curve = second, .n_curve = 2};
    REQUIRE(ms_study_keep_average(w.study, &t->execution[0], &a, &err) == 0);
    REQUIRE(ms_study_keep_average(w.study, &t->execution[1], &b, &err) == 0);
    const double wanted_first[] = {NAN, 4, 3, 3};
    for (int i = 0; i < 4; i++) // from the first epoch on that has a value
        CHECK_NEAR(t->execution[0].average[i], wanted_first[i], 1e-15);
    t->execution[1].itself = true; // its 2 stands for epochs 3 and 4, too
    REQUIRE(ms_study_average(t, &err) == 0);
    const double wanted[] = {1, 3, 2.5, 2.5};
    CHECK_INT(t->n_average, 4);
    for (int i = 0; i < 4; i++)
        CHECK_NEAR(t->average[i], wanted[i], 1e-15);
    CHECK(!t->execution[0].average && !t->execution[1].average);
    ms_study_trial_free(t);
    world_free(&w);
}

int main(void)
{
    test_value();
    test_failed();
    test_itself();
    test_averages();
    return check_done();
}
