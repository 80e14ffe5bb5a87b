// SPDX-License-Identifier: MIT
//
// What all samplers share: the order of the grid, no point twice, finite spaces used up, "require",
// try_first, and a continued search that proposes the same trials.
#include "sampler_helpers.h"

// 3 · (2·3 + 2) · 4 = 96 combinations, some of them conditional.
#define FINITE                                                                                     \
    "\"hidden\": {\"layers\": 1, \"same\": {\"units\": {\"choice\": [2, 4, 8]}}}, \"optimizer\": " \
    "{\"choice\": [{\"name\": \"sgd\", \"nesterov\": {\"bool\": null}, \"momentum\": "             \
    "{\"choice\": "                                                                                \
    "[0.1, 0.5, 0.9]}}, {\"name\": \"adam\", \"amsgrad\": {\"bool\": null}}]}, \"batch_size\": "   \
    "{\"int\": [16, 64], \"step\": 16}"
#define CONTINUOUS                                                                                 \
    "\"hidden\": [{\"units\": {\"int\": [1, 64]}}], \"optimizer\": {\"choice\": [{\"name\": "      \
    "\"sgd\", "                                                                                    \
    "\"momentum\": {\"float\": [0, 0.9]}}, \"adam\"]}, \"learning_rate\": {\"float\": [1e-4, 1], " \
    "\"log\": true}"

static const char *const methods[] = {"grid", "random", "latin_hypercube", "sobol", "evolution"};
enum { N_METHODS = sizeof methods / sizeof *methods };

static struct ms_sweep *sweep_by(const char *members, const char *method, int trials,
                                 const char *more)
{
    char search[4096];
    if (strcmp(method, "latin_hypercube") == 0)
        method = "{\"name\": \"latin_hypercube\", \"strata\": 20}";
    else if (strcmp(method, "evolution") == 0)
        method = "{\"name\": \"evolution\", \"population_size\": 8}";
    snprintf(search, sizeof search, "\"method\": %s%s%s, \"max_trials\": %d%s",
             method[0] == '{' ? "" : "\"", method, method[0] == '{' ? "" : "\"", trials, more);
    return sweep_of(members, search);
}

static void test_grid_is_the_odometer(void)
{
    struct ms_sweep *s = sweep_by(FINITE, "grid", 1000, "");
    const struct ms_space *space = ms_sweep_space(s);
    double point[16];
    int64_t n;
    double *points = points_of(s, &n);
    CHECK_INT(n, 96);
    bool more = ms_space_first(space, point);
    for (int64_t i = 0; i < n; i++, more = ms_space_next(space, point))
        CHECK(more && ms_space_point_equal(space, point, points + i * space->n));
    free(points);
    ms_sweep_free(s);
}

// The rule of random search, written down once more: stores made by it must go on for ever.
static void test_random_is_what_it_was(void)
{
    struct ms_sweep *s = sweep_by(FINITE, "random", 90, "");
    const struct ms_space *space = ms_sweep_space(s);
    int64_t n;
    double *points = points_of(s, &n), point[16];
    CHECK_INT(n, 90);
    for (int64_t k = 0; k < n; k++) {
        struct ms_rng rng = ms_rng_at(7, (uint32_t)k, 0, MS_STREAM_SAMPLER);
        bool there = true;
        for (uint64_t draw = 0; draw < 200 && there; draw++) {
            for (int i = 0; i < space->n; i++)
                point[i] = ms_rng_uniform(&rng, draw * 1024 + (uint64_t)i);
            ms_space_from_unit(space, point, point);
            there = false;
            for (int64_t j = 0; j < k; j++)
                there = there || ms_space_point_equal(space, point, points + j * space->n);
        }
        CHECK(!there && ms_space_point_equal(space, point, points + k * space->n));
    }
    free(points);
    ms_sweep_free(s);
}

// Every method goes through a finite space exactly once, whatever is asked for.
static void test_finite_spaces_are_used_up(void)
{
    for (int m = 0; m < N_METHODS; m++) {
        CASE("%s", methods[m]);
        struct ms_sweep *s = sweep_by(FINITE, methods[m], 1000, "");
        int64_t n;
        double *points = points_of(s, &n);
        CHECK_THAT(n == 96, "%s: %lld trials", methods[m], (long long)n);
        CHECK(all_different(ms_sweep_space(s), points, n));
        free(points);
        ms_sweep_free(s);
    }
}

static void test_more_trials_change_nothing(void)
{
    for (int m = 1; m < N_METHODS; m++) {
        CASE("%s", methods[m]);
        struct ms_sweep *a = sweep_by(CONTINUOUS, methods[m], 30, ""),
                        *b = sweep_by(CONTINUOUS, methods[m], 70, "");
        int64_t few, many;
        double *x = points_of(a, &few), *y = points_of(b, &many);
        CHECK_INT(few, 30);
        CHECK_INT(many, 70);
        for (int64_t i = 0; i < few; i++)
            CHECK_THAT(ms_space_point_equal(ms_sweep_space(a), x + i * ms_sweep_space(a)->n,
                                            y + i * ms_sweep_space(a)->n),
                       "%s: trial %lld", methods[m], (long long)i);
        free(x);
        free(y);
        ms_sweep_free(a);
        ms_sweep_free(b);
    }
}

static void test_require(void)
{
    const char *members = FINITE ", \"require\": [\"hidden.same.units < 8 or batch_size == 64\", "
                                 "\"optimizer.momentum != 0.9\"]";
    // units and batch size: 2·4 + 1 of 12; sgd 2·2, adam 2.
    for (int m = 0; m < N_METHODS; m++) {
        CASE("%s", methods[m]);
        struct ms_sweep *s = sweep_by(members, methods[m], 1000, "");
        int64_t n;
        double *points = points_of(s, &n);
        CHECK_THAT(n == 9 * 6, "%s: %lld trials", methods[m], (long long)n);
        CHECK(all_different(ms_sweep_space(s), points, n));
        for (int64_t i = 0; i < n; i++)
            CHECK(ms_sweep_feasible(s, points + i * ms_sweep_space(s)->n));
        free(points);
        ms_sweep_free(s);
    }
    // A thousandth of a continuous space.
    for (int m = 1; m < N_METHODS; m++) {
        CASE("%s", methods[m]);
        struct ms_sweep *s =
            sweep_by(CONTINUOUS ", \"require\": [\"optimizer == 'sgd' and optimizer.momentum "
                                "> 0.8982\"]",
                     methods[m], 12, "");
        int at = index_of(ms_sweep_space(s), "optimizer.momentum");
        int64_t n;
        double *points = points_of(s, &n);
        CHECK_INT(n, 12);
        for (int64_t i = 0; i < n; i++)
            CHECK(points[i * ms_sweep_space(s)->n + at] > 0.8982);
        free(points);
        ms_sweep_free(s);
    }
}

// A space too large to count: the number of trials is an upper bound, and the grid ends before.
static void test_uncounted(void)
{
    struct ms_sweep *s =
        sweep_of("\"hidden\": {\"layers\": 4, \"each\": {\"units\": {\"int\": [1, 60]}}}, "
                 "\"require\": [\"hidden.1.units == 1\", \"hidden.2.units == 1\"]",
                 "\"method\": \"grid\"");
    struct ms_sampler *sampler = sampler_of(s);
    struct ms_error err;
    double point[4];
    CHECK(!ms_sampler_counted(sampler));
    CHECK_INT(ms_sampler_trials(sampler), 60 * 60 * 60 * 60);
    for (int i = 0; i < 60 * 60; i++)
        CHECK(ms_sampler_next(sampler, NULL, point, &err) == 1);
    CHECK(ms_sampler_next(sampler, NULL, point, &err) == 0);
    ms_sampler_free(sampler);
    ms_sweep_free(s);
}

// Where what is allowed is too rare to be found, the search ends with a reason, and does not look
// for ever.
static void check_rare(const char *members, const char *method, int64_t least, int64_t most)
{
    struct ms_sweep *s = sweep_by(members, method, 100000, "");
    struct ms_sampler *sampler = sampler_of(s);
    struct ms_error err;
    double point[32];
    int64_t n = 0;
    int got;
    CHECK(ms_sampler_gave_up(sampler) == NULL);
    while ((got = ms_sampler_next(sampler, NULL, point, &err)) > 0)
        n++;
    CHECK_INT(got, 0);
    CHECK_THAT(n >= least && n <= most, "%s: %lld trials", method, (long long)n);
    REQUIRE(ms_sampler_gave_up(sampler) != NULL);
    CHECK_STR(ms_sampler_gave_up(sampler), "no further combination that require allows was found");
    ms_sampler_free(sampler);
    ms_sweep_free(s);
}

static void test_rare(void)
{
    check_rare(
        "\"hidden\": {\"layers\": 6, \"each\": {\"units\": {\"int\": [1, 60]}}}, \"require\": "
        "[\"hidden.1.units + hidden.2.units + hidden.3.units + hidden.4.units == 4\"]",
        "grid", 3600, 3600);
    check_rare("\"hidden\": {\"layers\": 2, \"each\": {\"units\": 4, \"dropout\": {\"float\": [0, "
               "0.5]}}}, "
               "\"require\": [\"hidden.1.dropout < 0.00002\"]",
               "random", 1, 1000);
}

// A space that is infinite, but where most draws are there already.
static void test_rare_but_infinite(void)
{
    char members[16384] = "\"hidden\": [{\"units\": 4}], \"optimizer\": {\"choice\": [";
    for (int i = 0; i < 400; i++)
        snprintf(members + strlen(members), sizeof members - strlen(members),
                 "{\"name\": \"sgd\", \"momentum\": 0.%03d}, ", i);
    strcat(members, "{\"name\": \"adam\", \"beta_1\": {\"float\": [0, 0.9]}}]}");
    struct ms_sweep *s = sweep_by(members, "random", 430, "");
    int64_t n;
    double *points = points_of(s, &n);
    CHECK_INT(n, 430);
    CHECK(all_different(ms_sweep_space(s), points, n));
    free(points);
    ms_sweep_free(s);
}

static void test_try_first(void)
{
    const char *more =
        ", \"try_first\": [{\"optimizer\": \"sgd\", \"optimizer.momentum\": 0.9, "
        "\"batch_size\": 48}, {\"hidden.same.units\": 8}, {\"hidden.same.units\": 8}]";
    for (int m = 0; m < N_METHODS; m++) {
        CASE("%s", methods[m]);
        struct ms_sweep *s = sweep_by(FINITE, methods[m], 1000, more);
        const struct ms_space *space = ms_sweep_space(s);
        int64_t n;
        double *points = points_of(s, &n);
        CHECK_THAT(n == 96, "%s: %lld trials", methods[m], (long long)n);
        CHECK(all_different(space, points, n));
        CHECK(points[index_of(space, "optimizer")] == 0);
        CHECK(points[index_of(space, "optimizer.momentum")] == 2);
        CHECK(points[index_of(space, "batch_size")] == 2);
        CHECK(isnan(points[index_of(space, "optimizer.amsgrad")]));
        CHECK(!isnan(points[index_of(space, "optimizer.nesterov")]));
        for (int i = 1; i <= 2; i++)
            CHECK(points[i * space->n + index_of(space, "hidden.same.units")] == 2);
        for (int64_t i = 0; i < n; i++)
            for (int k = 0; k < space->n; k++)
                CHECK(isnan(points[i * space->n + k]) ==
                      !ms_space_active(space, points + i * space->n, k));
        free(points);
        ms_sweep_free(s);
    }
}

// A named trial keeps what the method proposed where it names nothing, and the trials after it too.
static void test_try_first_keeps_the_rest(void)
{
    struct ms_sweep *plain = sweep_by(CONTINUOUS, "sobol", 20, "");
    struct ms_sweep *named =
        sweep_by(CONTINUOUS, "sobol", 20, ", \"try_first\": [{\"hidden.1.units\": 33}]");
    const struct ms_space *space = ms_sweep_space(plain);
    int64_t n;
    double *x = points_of(plain, &n), *y = points_of(named, &n);
    int units = index_of(space, "hidden.1.units");
    CHECK(y[units] == 32 && x[units] != 32);
    x[units] = 32;
    for (int64_t i = 0; i < n; i++)
        CHECK(ms_space_point_equal(space, x + i * space->n, y + i * space->n));
    free(x);
    free(y);
    ms_sweep_free(plain);
    ms_sweep_free(named);
}

// What is named comes first also where hardly anything goes with it.
static void test_try_first_rare(void)
{
    static const char members[] =
        "\"hidden\": [{\"units\": {\"choice\": [4, 8]}}], \"learning_rate\": "
        "{\"float\": [0.1, 1]}, \"require\": [\"learning_rate < 0.1005 or "
        "hidden.1.units == 4\"]";
    for (int m = 1; m < N_METHODS; m++) { // a grid has no continuous parameters
        CASE("%s", methods[m]);
        struct ms_sweep *s =
            sweep_by(members, methods[m], 5, ", \"try_first\": [{\"hidden.1.units\": 8}]");
        const struct ms_space *space = ms_sweep_space(s);
        int64_t n;
        double *points = points_of(s, &n);
        CHECK_THAT(points[index_of(space, "hidden.1.units")] == 1 &&
                       points[index_of(space, "learning_rate")] < 0.1005,
                   "%s: other values than named", methods[m]);
        free(points);
        ms_sweep_free(s);
    }
}

static void test_adopt(void)
{
    const char *const members[] = {FINITE, CONTINUOUS};
    for (int m = 0; m < N_METHODS; m++)
        for (int k = m == 0 ? 1 : 0; k < 2; k++) {
            CASE("%s, members %d", methods[m], 1 - k);
            struct ms_sweep *s = sweep_by(members[1 - k], methods[m], 80, "");
            size_t width = (size_t)ms_sweep_space(s)->n;
            struct ms_error err;
            int64_t n;
            double *points = points_of(s, &n), point[16];
            struct ms_sampler *b = sampler_of(s);
            for (size_t i = 0; i < (size_t)n; i++) {
                if (i < 40)
                    CHECK(ms_sampler_adopt(b, points + i * width, &err) == 0);
                else
                    CHECK(ms_sampler_next(b, NULL, point, &err) == 1 &&
                          ms_space_point_equal(ms_sweep_space(s), point, points + i * width));
            }
            CHECK(ms_sampler_next(b, NULL, point, &err) == 0);
            CHECK(ms_sampler_adopt(b, points, &err) < 0);
            ms_sampler_free(b);
            free(points);
            ms_sweep_free(s);
        }
}

// Log integers: a grid takes each, the other methods draw them evenly by their logarithms.
static void test_log_integers(void)
{
    enum { N = 256 };
    const char *members = "\"hidden\": [{\"units\": {\"int\": [1, 60000], \"log\": true}}]";
    for (int m = 0; m < N_METHODS; m++) {
        CASE("%s", methods[m]);
        struct ms_sweep *few = sweep_by("\"hidden\": [], \"batch_size\": {\"int\": [3, 50], "
                                        "\"log\": true}",
                                        methods[m], 1000, ""),
                        *many = sweep_by(members, methods[m], N, "");
        int64_t n;
        double *points = points_of(few, &n);
        CHECK_INT(n, 48); // 3, 4, …, 50
        CHECK(all_different(ms_sweep_space(few), points, n));
        for (int64_t i = 0; i < n && m == 0; i++)
            CHECK(points[i] == (double)i); // in their order
        free(points);
        points = points_of(many, &n);
        // From 1 to 244 is half of the logarithms: (244.5 / 0.5)² = 60000.5 / 0.5, nearly.
        int low = 0;
        for (int64_t i = 0; i < n; i++)
            low += points[i] < 244;
        if (m == 0)
            CHECK_INT(low, 244);
        else // few integers are small, and none is taken twice
            CHECK_THAT(low > N / 4 && low < N * 5 / 8, "%d of %d are small", low, N);
        free(points);
        ms_sweep_free(few);
        ms_sweep_free(many);
    }
}

int main(void)
{
    test_grid_is_the_odometer();
    test_random_is_what_it_was();
    test_finite_spaces_are_used_up();
    test_more_trials_change_nothing();
    test_require();
    test_uncounted();
    test_rare();
    test_rare_but_infinite();
    test_try_first();
    test_try_first_keeps_the_rest();
    test_try_first_rare();
    test_adopt();
    test_log_integers();
    return check_done();
}
