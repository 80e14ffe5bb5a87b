// SPDX-License-Identifier: MIT
//
// Every schedule by its closed form, written out once more, at many steps.
#include "check.h"

#include "worker/kernels/schedules.h"

enum { EPOCH = 10, LAST = 400 };

static const double pi = 3.14159265358979323846;

// Boundaries and values as struct ms_config keeps them.
static const double list[] = {3, 3, 8, 15, 4, 0.1, 0.05, 0.02, 0.01};
enum { BOUNDARIES = 0, VALUES = 4 };

static int schedule_row(const char *name)
{
    int row = ms_table_find(&ms_schedule_table, name);
    REQUIRE(row >= 0);
    return row;
}

static double at(const struct ms_pick *pick, uint64_t step)
{
    const struct ms_schedule_at where = {
        .base = 0.3, .step = step, .steps_per_epoch = EPOCH, .epochs = 5, .list = list};
    return ms_schedule_rate(pick, &where);
}

// a: the row's arguments.
static double f_constant(double s, const double *a)
{
    (void)s, (void)a;
    return 0.3;
}

static double f_exponential(double s, const double *a)
{
    double p = s / a[1];
    return a[0] * exp(log(a[2]) * (a[3] != 0 ? (double)(int64_t)p : p));
}

static double f_inverse_time(double s, const double *a)
{
    double p = s / a[1];
    return a[0] / (1 + a[2] * (a[3] != 0 ? (double)(int64_t)p : p));
}

static double f_polynomial(double s, const double *a)
{
    double length = a[1];
    while (a[4] != 0 && s > length)
        length += a[1];
    double left = s < length ? (length - s) / length : 0;
    return a[2] + (a[0] - a[2]) * pow(left, a[3]);
}

static double f_piecewise(double s, const double *a)
{
    (void)a;
    return s <= 3 ? 0.1 : s <= 8 ? 0.05 : s <= 15 ? 0.02 : 0.01;
}

static double f_cosine(double s, const double *a)
{
    double p = s < a[1] ? s / a[1] : 1;
    return a[0] * (a[2] + (1 - a[2]) * (1 + cos(pi * p)) / 2);
}

static double f_restarts(double s, const double *a)
{
    double first = 0, length = a[1], height = 1;
    while (s >= first + length) {
        first += length;
        length *= a[2];
        height *= a[3];
    }
    return a[0] * (a[4] + (1 - a[4]) * height * (1 + cos(pi * (s - first) / length)) / 2);
}

static double f_epoch(double s, const double *a)
{
    return a[0] * exp(-a[1] * (double)((int64_t)s / EPOCH));
}

static const struct {
    const char *name;
    double (*f)(double s, const double *a);
    double arg[MS_MAX_OWN_ARGS];
} cases[] = {
    {"constant", f_constant, {0.3}},
    {"exponential", f_exponential, {0.1, 7, 0.9, 0}},
    {"exponential", f_exponential, {0.1, 7, 0.9, 1}},
    {"inverse_time", f_inverse_time, {0.1, 1, 0.1 / 60, 0}}, // SGD's old decay
    {"inverse_time", f_inverse_time, {0.1, 4, 0.5, 1}},
    {"polynomial", f_polynomial, {0.1, 50, 0.0001, 1, 0}},
    {"polynomial", f_polynomial, {0.1, 50, 0.01, 2.5, 0}},
    {"polynomial", f_polynomial, {0.1, 7, 0.01, 0.5, 1}},
    {"piecewise_constant", f_piecewise, {BOUNDARIES, VALUES}},
    {"cosine", f_cosine, {0.1, 90, 0}},
    {"cosine", f_cosine, {0.1, 90, 0.25}},
    {"cosine_restarts", f_restarts, {0.1, 5, 2, 1, 0}},
    {"cosine_restarts", f_restarts, {0.1, 5, 1, 0.8, 0.1}},
    {"cosine_restarts", f_restarts, {0.1, 8, 1.5, 0.9, 0.05}},
    {"cosine_restarts", f_restarts, {0.1, 3, 1.25, 0.9, 0}},
    {"exponential_epoch", f_epoch, {0.1, 0.1}},
};

enum { N_CASES = sizeof cases / sizeof *cases };

static void check_case(int k)
{
    struct ms_pick pick = ms_table_default(&ms_schedule_table, schedule_row(cases[k].name));
    memcpy(pick.arg, cases[k].arg, sizeof cases[k].arg);
    double first = cases[k].f(0, cases[k].arg);
    for (uint64_t s = 0; s <= LAST; s++) {
        double wanted = cases[k].f((double)s, cases[k].arg), found = at(&pick, s);
        CHECK_THAT(fabs(found - wanted) <= 1e-13, "%s (case %d), step %d: %.17g, not %.17g",
                   cases[k].name, k, (int)s, found, wanted);
    }
    enum { STEPS = 12 };
    pick.arg[MS_WARMUP_STEPS] = STEPS;
    for (int from = 0; from <= 1; from++) {
        double low = pick.arg[MS_WARMUP_FROM] = from * 0.02;
        for (uint64_t s = 0; s <= LAST; s++) {
            double wanted = s < STEPS ? low + (first - low) * (double)s / STEPS
                                      : cases[k].f((double)(s - STEPS), cases[k].arg);
            CHECK_THAT(fabs(at(&pick, s) - wanted) <= 1e-13,
                       "%s (case %d) after a warm-up, step %d: %.17g, not %.17g", cases[k].name, k,
                       (int)s, at(&pick, s), wanted);
        }
    }
}

int main(void)
{
    CHECK_STR(ms_table_row(&ms_schedule_table, 0)->name, "constant");
    for (int i = 0; i < ms_schedule_table.n; i++) {
        const char *name = ms_table_row(&ms_schedule_table, i)->name;
        CASE("%s", name);
        bool there = false;
        for (int k = 0; k < N_CASES; k++)
            there = there || strcmp(cases[k].name, name) == 0;
        CHECK_THAT(there, "%s has no case", name);
    }
    for (int k = 0; k < N_CASES; k++) {
        CASE("%s, row %d", cases[k].name, k);
        check_case(k);
    }

    // Figures of the source documents.
    struct ms_pick slides = {.row = schedule_row("exponential"), .arg = {0.1, 100000, 0.96, 0}};
    CHECK_NEAR(at(&slides, 0), 0.1, 0);
    CHECK_NEAR(at(&slides, 100000), 0.096, 1e-15);
    CHECK_NEAR(at(&slides, 50000), 0.1 * sqrt(0.96), 1e-15);
    slides.arg[3] = 1;
    CHECK_NEAR(at(&slides, 99999), 0.1, 0);
    CHECK_NEAR(at(&slides, 250000), 0.1 * 0.96 * 0.96, 1e-15);
    struct ms_pick decay = {.row = schedule_row("inverse_time"), .arg = {0.1, 1, 0.1 / 60, 0}};
    CHECK_NEAR(at(&decay, 600), 0.05, 1e-15);

    // Restarts far out: every period begins at its top and not a step before.
    struct ms_pick far = {.row = schedule_row("cosine_restarts"), .arg = {1, 3, 2, 1, 0}};
    for (uint64_t begin = 0, length = 3; begin < 1000000000; begin += length, length *= 2) {
        CHECK_NEAR(at(&far, begin), 1, 0);
        CHECK_THAT(begin == 0 || at(&far, begin - 1) < 0.5, "before step %d", (int)begin);
    }
    return check_done();
}
