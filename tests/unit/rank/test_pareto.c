// SPDX-License-Identifier: MIT
//
// Fronts against the definition: what nothing dominates is front 1; without it the same again.
#include "check.h"

#include <stdbool.h>

#include "mlpsweep/rng.h"
#include "coordinator/rank/pareto.h"

static bool dominates(const double *a, const double *b, int goals)
{
    bool better = false;
    for (int i = 0; i < goals; i++) {
        if (a[i] > b[i])
            return false;
        better = better || a[i] < b[i];
    }
    return better;
}

static void by_definition(const double *v, int n, int goals, int *front)
{
    int left = 0;
    for (int i = 0; i < n; i++) {
        bool all = true;
        for (int k = 0; k < goals; k++)
            all = all && !isnan(v[i * goals + k]);
        front[i] = all ? -1 : 0; // -1: not yet
        left += all;
    }
    for (int f = 1; left > 0; f++) {
        for (int i = 0; i < n; i++) {
            bool dominated = front[i] != -1;
            for (int j = 0; j < n && !dominated; j++)
                dominated = (front[j] == -1 || front[j] == -2) &&
                            dominates(v + j * goals, v + i * goals, goals);
            if (!dominated)
                front[i] = -2; // of this front
        }
        for (int i = 0; i < n; i++)
            if (front[i] == -2) {
                front[i] = f;
                left--;
            }
    }
}

// values: how many different ones a goal takes (0: all different); few make many ties.
static void check_random(uint64_t seed, int n, int goals, int values)
{
    double *v = calloc((size_t)(n * goals) + 1, sizeof *v);
    int *found = calloc((size_t)n + 1, sizeof *found),
        *wanted = calloc((size_t)n + 1, sizeof *wanted);
    struct ms_error err;
    REQUIRE(v && found && wanted);
    struct ms_rng rng = ms_rng_at(seed, 0, 0, MS_STREAM_SAMPLER);
    for (int i = 0; i < n * goals; i++) {
        double u = ms_rng_uniform(&rng, (uint64_t)i);
        v[i] = values ? floor(u * values) : u;
        if (values && u > 0.97)
            v[i] = u > 0.98 ? NAN : u > 0.975 ? INFINITY : -INFINITY;
    }
    REQUIRE(ms_pareto_fronts(v, n, goals, found, &err) == 0);
    by_definition(v, n, goals, wanted);
    for (int i = 0; i < n; i++)
        CHECK_THAT(found[i] == wanted[i],
                   "seed %d, %d points, %d goals, %d values: point %d is on front %d, not %d",
                   (int)seed, n, goals, values, i, found[i], wanted[i]);
    free(v);
    free(found);
    free(wanted);
}

static void test_small(void)
{
    // Accuracy (negated) against weights.
    const double v[] = {-0.9, 100, -0.8, 50, -0.9, 200, -0.7, 60, -0.8, 50, NAN, 10, -0.95, NAN};
    int front[7];
    struct ms_error err;
    REQUIRE(ms_pareto_fronts(v, 7, 2, front, &err) == 0);
    const int wanted[] = {1, 1, 2, 2, 1, 0, 0};
    for (int i = 0; i < 7; i++)
        CHECK_INT(front[i], wanted[i]);
    CHECK_INT(ms_pareto_fronts(v, 0, 2, front, &err), 0);
}

// 200,000 points of two goals: what is quadratic does not end here.
static void test_many(void)
{
    enum { N = 200000 };
    double *v = calloc(2 * N, sizeof *v);
    int *front = calloc(N, sizeof *front);
    struct ms_error err;
    REQUIRE(v && front);
    for (int i = 0; i < N;
         i++) { // i and -i: nobody dominates anybody; then a second line behind it
        v[2 * i] = i % 2 ? i : i + 1;
        v[2 * i + 1] = -v[2 * i] + i % 2;
    }
    REQUIRE(ms_pareto_fronts(v, N, 2, front, &err) == 0);
    int64_t wrong = 0;
    for (int i = 0; i < N; i++)
        wrong += front[i] != 1 + i % 2;
    CHECK_INT(wrong, 0);
    free(v);
    free(front);
}

int main(void)
{
    test_small();
    for (int goals = 1; goals <= 4; goals++)
        for (uint64_t seed = 0; seed < 20; seed++) {
            CASE("%d goals, seed %d", goals, (int)seed);
            check_random(seed, 1 + (int)seed * 5, goals, 0);
            check_random(seed, 1 + (int)seed * 5, goals, 4);
            check_random(seed, 100, goals, 30);
        }
    test_many();
    return check_done();
}
