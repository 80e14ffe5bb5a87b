// SPDX-License-Identifier: MIT
//
// Designs fill every dimension evenly: strata of the Latin hypercube, nets of the Sobol sequence.
#include "sampler_helpers.h"
#include "coordinator/search/sobol.h"

// Continuous parameters in [0, 0.5]: twice the value is the uniform number.
#define LAYERS(n)                                                                                  \
    "\"hidden\": {\"layers\": " #n ", \"each\": {\"units\": 4, \"dropout\": {\"float\": [0, "      \
    "0.5]}}}"

static double unit(const double *points, int width, int64_t i, int d)
{
    return 2 * points[i * width + d];
}

// Every run of n points puts one point into each stratum of every dimension; nowhere the middle.
static void test_strata(void)
{
    struct ms_sweep *s =
        sweep_of(LAYERS(5), "\"method\": {\"name\": \"latin_hypercube\", \"strata\": 13}, "
                            "\"max_trials\": 52");
    int64_t n;
    double *points = points_of(s, &n);
    CHECK_INT(n, 52);
    int width = ms_sweep_space(s)->n, middle = 0, same = 0;
    for (int d = 0; d < width; d++)
        for (int64_t first = 0; first < n; first += 13) {
            int used[13] = {0};
            for (int64_t i = first; i < first + 13; i++) {
                double u = unit(points, width, i, d) * 13;
                used[(int)u]++;
                middle += fabs(u - floor(u) - 0.5) < 1e-9;
                same += d > 0 && (int)u == (int)(unit(points, width, i, d - 1) * 13);
            }
            for (int k = 0; k < 13; k++)
                CHECK_INT(used[k], 1);
        }
    CHECK_INT(middle, 0);
    CHECK_THAT(same < 52 / 2, "%d of 208 strata as in the dimension before", same); // 16 expected
    free(points);
    ms_sweep_free(s);
}

static void test_strata_by_default(void)
{
    struct ms_sweep *a = sweep_of(LAYERS(2), "\"method\": \"latin_hypercube\", \"max_trials\": 9");
    struct ms_sweep *b = sweep_of(LAYERS(2), "\"method\": \"latin_hypercube\", \"max_trials\": 12");
    struct ms_sweep *c =
        sweep_of(LAYERS(2), "\"method\": {\"name\": \"latin_hypercube\", \"strata\": 9}, "
                            "\"max_trials\": 12");
    struct ms_error err;
    CHECK(ms_sweep_search(a)->method.arg[0] == 9);
    CHECK(ms_sweep_continues(a, b, false, &err) < 0);
    CHECK_THAT(strstr(err.text, "\"strata\": 9}"), "%s", err.text);
    CHECK(ms_sweep_continues(a, a, false, &err) == 0);
    CHECK_THAT(ms_sweep_continues(a, c, false, &err) == 0, "%s", err.text);
    CHECK(ms_sweep_continues(c, b, false, &err) < 0);
    ms_sweep_free(a);
    ms_sweep_free(b);
    ms_sweep_free(c);
}

static void test_sobol(void)
{
    struct ms_sweep *s =
        sweep_of(LAYERS(4), "\"method\": {\"name\": \"sobol\", \"scramble\": false}, "
                            "\"max_trials\": 64");
    int64_t n;
    double *points = points_of(s, &n);
    for (int d = 0; d < 4; d++) {
        uint32_t v[MS_SOBOL_BITS];
        ms_sobol_directions(d, v);
        for (uint32_t i = 0; i < 64; i++)
            CHECK(unit(points, 4, i, d) == ms_sobol(v, i) * 0x1p-32);
    }
    free(points);
    ms_sweep_free(s);
}

// Scrambled: the intervals stay, the points are others with another seed, and not on a lattice.
static void test_scrambled(void)
{
    struct ms_sweep *s = sweep_of(LAYERS(4), "\"method\": \"sobol\", \"max_trials\": 256");
    int64_t n;
    double *points = points_of(s, &n), sum = 0;
    for (int d = 0; d < 4; d++) {
        bool used[256] = {false};
        for (int64_t i = 0; i < n; i++) {
            double u = unit(points, 4, i, d);
            CHECK(u >= 0 && u < 1 && !used[(int)(u * 256)]);
            used[(int)(u * 256)] = true;
            sum += u * 0x1p32 - floor(u * 0x1p32);
        }
    }
    CHECK_NEAR(sum / (4 * 256), 0.5, 0.05); // bits below the 32 of the sequence; sd 0.009
    free(points);
    ms_sweep_free(s);
}

// More parameters than there are direction numbers: the second time round every dimension is still
// evenly filled, and differs from the first.
static void test_many_dimensions(void)
{
    enum { LAYERS_OF = 64, PER_LAYER = 3, N = 64 };
    struct ms_sweep *s =
        sweep_of("\"hidden\": {\"layers\": 64, \"each\": {\"units\": {\"int\": [1, 64]}, "
                 "\"dropout\": {\"float\": [0, 0.5]}, \"kernel_regularizer\": {\"name\": "
                 "\"l2\", \"l2\": {\"float\": [0, 0.5]}}}}",
                 "\"method\": \"sobol\", \"max_trials\": 64");
    const struct ms_space *space = ms_sweep_space(s);
    CHECK_INT(space->n, LAYERS_OF * PER_LAYER);
    int64_t n;
    double *points = points_of(s, &n);
    for (int d = 0; d < space->n; d++) {
        bool used[N] = {false}, once = true;
        for (int64_t i = 0; i < n; i++) {
            double v = points[i * space->n + d];
            int at = space->param[d].count > 0 ? (int)v : (int)(2 * v * N);
            once = once && !used[at];
            used[at] = true;
        }
        CHECK_THAT(once, "dimension %d", d);
    }
    double correlation = 0; // of dimension 0 with the one that has its direction numbers again
    for (int64_t i = 0; i < n; i++) {
        const double *p = points + i * space->n;
        double a = (p[0] + 0.5) / 64 - 0.5, v = p[MS_SOBOL_DIMENSIONS];
        double b = (space->param[MS_SOBOL_DIMENSIONS].count ? (v + 0.5) / 64 : 2 * v) - 0.5;
        correlation += 12 * a * b / (double)n;
    }
    CHECK_THAT(fabs(correlation) < 0.5, "correlation %g", correlation); // sd 1/8
    free(points);
    ms_sweep_free(s);
}

int main(void)
{
    test_strata();
    test_strata_by_default();
    test_sobol();
    test_scrambled();
    test_many_dimensions();
    return check_done();
}
