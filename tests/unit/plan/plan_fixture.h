// SPDX-License-Identifier: MIT
//
// Plans of sweeps with a stop-watch that the test holds: a measuring function which finds that
// everything takes twice what the model says, and half as long again beside others. Each program
// includes it once.
#ifndef MLPSWEEP_TESTS_PLAN_FIXTURE_H
#define MLPSWEEP_TESTS_PLAN_FIXTURE_H

#include <stdbool.h>

#include "check.h"
#include "coordinator/source/source.h"
#include "coordinator/plan/plan.h"

static int asked, most_at_once;
static double least_limit_s, sum_limit_s;

static int twice(const struct ms_measurement *m, struct ms_measured *out, struct ms_error *err)
{
    struct ms_cost cost = ms_cost_of(m->config, m->data);
    (void)err;
    asked++;
    most_at_once = m->at_once > most_at_once ? m->at_once : most_at_once;
    least_limit_s = asked == 1 ? m->limit_s : fmin(least_limit_s, m->limit_s);
    sum_limit_s += m->limit_s;
    out->start_s = 0;
    out->epoch_s = 2 * ms_cost_seconds(&cost) / m->config->epochs * (m->at_once > 1 ? 1.5 : 1);
    out->share = 1;
    return 0;
}

static inline int broken(const struct ms_measurement *m, struct ms_measured *out,
                         struct ms_error *err)
{
    (void)m, (void)out;
    return ms_fail(err, MS_ESTATE, "no stop-watch");
}

static struct ms_dataset data;
static void *block;

static struct ms_sweep *sweep_of(const char *rest, const char *search)
{
    char text[2048];
    struct ms_sweep_problems problems;
    struct ms_error err;
    struct ms_sweep *sweep;
    const struct ms_data_spec *spec;
    size_t size;
    snprintf(
        text, sizeof text,
        "{\"name\": \"p\", \"data\": {\"synthetic\": \"circles\", \"points\": 200, \"test\": 0.1},"
        " \"optimizer\": \"sgd\", \"batch_size\": 32, %s, \"search\": {%s},"
        " \"objective\": {\"metric\": \"val_accuracy\"}}",
        rest, search);
    const int status = ms_sweep_parse("p.json", text, strlen(text), &sweep, &problems);
    for (int i = 0; i < problems.n; i++)
        fprintf(stderr, "%s\n", problems.item[i].text);
    REQUIRE(status == 0);
    ms_sweep_problems_clear(&problems);
    REQUIRE(ms_sweep_data(sweep, &spec) == 1);
    free(block);
    REQUIRE(ms_source_load(spec, NULL, ".", 1, &block, &size, NULL, &err) == 0);
    REQUIRE(ms_dataset_view(block, size, &data, &err) == 0);
    return sweep;
}

static struct ms_plan plan_of(struct ms_sweep *sweep, bool tests, int workers,
                              ms_measure_with measure)
{
    struct ms_error err = {0};
    struct ms_plan p = {
        .sweep = sweep, .data = &data, .tests = tests, .workers = workers, .measure_s = 60};
    asked = most_at_once = 0;
    CHECK_THAT(ms_plan_make(&p, measure, &err) == 0, "%s", err.text);
    return p;
}

#endif
