// SPDX-License-Identifier: MIT
//
// Every set's formula written a second time, from the list of FCNNlib's sets, and facts that are
// known of the distributions.
#include "unit/source/source_helpers.h"

static double expected(const char *name, double a, double b)
{
    if (!strcmp(name, "and"))
        return a > 0 ? b > 0 : 0;
    if (!strcmp(name, "or"))
        return !(a <= 0 && b <= 0);
    if (!strcmp(name, "xor")) // as FCNNlib has it: same sign
        return (a > 0) == (b > 0);
    if (!strcmp(name, "stripe"))
        return a - b <= 1 && b - a <= 1;
    if (!strcmp(name, "square"))
        return a + b <= 1 && a - b <= 1 && b - a <= 1 && -a - b <= 1;
    if (!strcmp(name, "circle"))
        return hypot(a, b) <= 1;
    if (!strcmp(name, "prod"))
        return 0.25 * a * b;
    if (!strcmp(name, "sumSquares"))
        return 0.25 * a * a + 0.25 * b * b;
    if (!strcmp(name, "polynom"))
        return 0.25 * a * a - 0.75 * a * b - 0.25 * b * b;
    if (!strcmp(name, "squares"))
        return floor(fabs(a) + fabs(b));
    if (!strcmp(name, "circles"))
        return floor(0.5 * a * a + 0.5 * b * b);
    if (!strcmp(name,
                "quadrants")) // angles from -pi: lower left, lower right, upper right, upper left
        return b < 0 ? (a < 0 ? 0 : 1) : (a > 0 ? 2 : 3);
    if (!strcmp(name, "beale"))
        return 0.25 * log(1 + pow(1.5 - a + a * b, 2) + pow(2.25 - a + a * pow(b, 2), 2) +
                          pow(2.625 - a + a * pow(b, 3), 2));
    return NAN;
}

static double value_of(const struct ms_dataset *d, size_t row)
{
    if (d->task != MS_MULTICLASS)
        return y_at(d, row, 0);
    double found = -1, sum = 0;
    for (int j = 0; j < d->n_outputs; j++) {
        sum += y_at(d, row, (size_t)j);
        found = y_at(d, row, (size_t)j) == 1 ? j : found;
    }
    CHECK(sum == 1);
    return found;
}

static void test_formulas(void)
{
    for (int k = 0; k < ms_dataset_synthetic_table.n; k++) {
        const char *name = ms_table_row(&ms_dataset_synthetic_table, k)->name;
        CASE("%s", name);
        struct ms_data_spec s = spec_of(MS_SYNTHETIC, "");
        s.synthetic = k;
        struct loaded l = load_well(&s, 7);
        double radius = strcmp(name, "beale") ? 2 : 4.5, lo = 9, hi = -9;
        CHECK_INT(l.d.n_train, 2500);
        CHECK_INT(l.d.n_inputs, 2);
        for (size_t i = 0; i < l.d.n_train; i++) {
            double a = x_at(&l.d, i, 0), b = x_at(&l.d, i, 1);
            lo = fmin(lo, fmin(a, b));
            hi = fmax(hi, fmax(a, b));
            double wanted = expected(name, a, b), found = value_of(&l.d, i);
            if (fabs(found - wanted) > 1e-6) // l.d.y is float
                CHECK_THAT(0, "%s(%.9g, %.9g) is %g, not %g", name, a, b, found, wanted);
        }
        CHECK_THAT(lo >= -radius && hi <= radius && lo < -radius * 0.99 && hi > radius * 0.99,
                   "%s lies in %g … %g", name, lo, hi);
        free(l.block);
    }
}

static void test_classes_are_fixed(void)
{
    static const struct {
        const char *name;
        enum ms_data_task task;
        int outputs;
    } wanted[] = {{"and", MS_BINARY, 1},         {"or", MS_BINARY, 1},
                  {"xor", MS_BINARY, 1},         {"stripe", MS_BINARY, 1},
                  {"square", MS_BINARY, 1},      {"circle", MS_BINARY, 1},
                  {"prod", MS_REGRESSION, 1},    {"sumSquares", MS_REGRESSION, 1},
                  {"polynom", MS_REGRESSION, 1}, {"squares", MS_MULTICLASS, 4},
                  {"circles", MS_MULTICLASS, 4}, {"quadrants", MS_MULTICLASS, 4},
                  {"beale", MS_REGRESSION, 1}};
    CHECK_INT(ms_dataset_synthetic_table.n, sizeof wanted / sizeof wanted[0]);
    for (size_t k = 0; k < sizeof wanted / sizeof wanted[0]; k++) {
        CASE("%s", wanted[k].name);
        struct ms_data_spec s = spec_of(MS_SYNTHETIC, "");
        s.synthetic = ms_table_find(&ms_dataset_synthetic_table, wanted[k].name);
        CHECK_THAT(s.synthetic >= 0, "no set '%s'", wanted[k].name);
        if (s.synthetic < 0)
            continue;
        s.points = 1; // one row shows one class, the shape is the same
        struct loaded l = load_well(&s, 3);
        CHECK_INT(l.d.task, wanted[k].task);
        CHECK_INT(l.d.n_outputs, wanted[k].outputs);
        free(l.block);
    }
}

// Areas over the square of 16: and 1/4, stripe 7/16, circle pi/16, quadrants 1/4 each.
static void test_shares(void)
{
    static const struct {
        const char *name;
        double share;
    } wanted[] = {{"and", 0.25},      {"or", 0.75},      {"xor", 0.5},
                  {"stripe", 0.4375}, {"square", 0.125}, {"circle", 0.19635}};
    for (size_t k = 0; k < sizeof wanted / sizeof wanted[0]; k++) {
        CASE("%s", wanted[k].name);
        struct ms_data_spec s = spec_of(MS_SYNTHETIC, "");
        s.synthetic = ms_table_find(&ms_dataset_synthetic_table, wanted[k].name);
        s.points = 40000;
        struct loaded l = load_well(&s, 11);
        double sum = 0;
        for (size_t i = 0; i < l.d.n_train; i++)
            sum += y_at(&l.d, i, 0);
        // five standard errors of 40,000 draws
        double p = wanted[k].share, tolerance = 5 * sqrt(p * (1 - p) / 40000);
        CHECK_THAT(fabs(sum / 40000 - p) < tolerance, "%s: %g, not %g", wanted[k].name, sum / 40000,
                   p);
        free(l.block);
    }
}

static void test_seed_decides(void)
{
    struct ms_data_spec s = spec_of(MS_SYNTHETIC, "");
    struct loaded a = load_well(&s, 1), b = load_well(&s, 1), c = load_well(&s, 2);
    CHECK(a.size == b.size && memcmp(a.block, b.block, a.size) == 0);
    CHECK(a.size == c.size && memcmp(a.block, c.block, a.size) != 0);
    s.points = 5000; // more points begin with the same ones
    struct loaded more = load_well(&s, 1);
    CHECK(memcmp(more.d.x, a.d.x, 2500 * 2 * sizeof(float)) == 0);
    s.points = 0;
    refused(&s, MS_EINVAL, "0 points", "");
    free(a.block);
    free(b.block);
    free(c.block);
    free(more.block);
}

int main(void)
{
    test_formulas();
    test_classes_are_fixed();
    test_shares();
    test_seed_decides();
    return check_done();
}
