// SPDX-License-Identifier: MIT
//
// Sweeps for the tests of samplers: a few parameters, a search section, the points that it makes.
#ifndef MLPSWEEP_TESTS_SAMPLER_HELPERS_H
#define MLPSWEEP_TESTS_SAMPLER_HELPERS_H

#include "check.h"
#include "mlpsweep/sweep.h"
#include "coordinator/search/sampler_internal.h"

// members: of the file's top level, without a comma at the end; search: inside of "search".
static inline struct ms_sweep *sweep_of(const char *members, const char *search)
{
    char text[32768];
    struct ms_sweep *s = NULL;
    struct ms_sweep_problems problems;
    snprintf(text, sizeof text,
             "{\"seed\": 7, \"data\": {\"synthetic\": \"xor\"}, %s, \"search\": {%s}}", members,
             search);
    int status = ms_sweep_parse("test.json", text, strlen(text), &s, &problems);
    for (int i = 0; i < problems.n; i++)
        fprintf(stderr, "%s\n", problems.item[i].text);
    ms_sweep_problems_clear(&problems);
    REQUIRE(status == 0);
    return s;
}

static inline struct ms_sampler *sampler_of(const struct ms_sweep *s)
{
    struct ms_sampler *sampler = NULL;
    struct ms_error err = {0};
    int status = ms_sampler_new(s, &sampler, &err);
    CHECK_THAT(status == 0, "%s", err.text);
    REQUIRE(sampler != NULL);
    return sampler;
}

// All points of a sweep, (n, space->n), malloc'ed. With an empty history throughout.
static inline double *points_of(const struct ms_sweep *s, int64_t *n)
{
    struct ms_sampler *sampler = sampler_of(s);
    struct ms_error err = {0};
    size_t width = (size_t)ms_sweep_space(s)->n;
    int64_t trials = ms_sampler_trials(sampler);
    double *points = malloc(((size_t)trials * width + width + 1) * sizeof *points);
    REQUIRE(points != NULL);
    int got = 1;
    for (*n = 0; *n <= trials &&
                 (got = ms_sampler_next(sampler, NULL, points + (size_t)*n * width, &err)) > 0;)
        *n += 1;
    CHECK_THAT(got == 0, "%s", got < 0 ? err.text : "more trials than announced");
    CHECK_INT(*n, trials);
    ms_sampler_free(sampler);
    return points;
}

static inline bool all_different(const struct ms_space *space, const double *points, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < i; j++)
            if (ms_space_point_equal(space, points + i * space->n, points + j * space->n))
                return false;
    return true;
}

static inline int index_of(const struct ms_space *space, const char *name)
{
    for (int i = 0; i < space->n; i++)
        if (strcmp(space->param[i].name, name) == 0)
            return i;
    return -1;
}

#endif
