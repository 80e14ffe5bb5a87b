// SPDX-License-Identifier: MIT
//
// The space: its order, its size, and points made of uniforms.
#include "check.h"

#include <cJSON.h>
#include <stdint.h>

#include "mlpsweep/rng.h"
#include "mlpsweep/space.h"
#include "space_helpers.h"

static int add(struct ms_space *s, const char *name, struct ms_param p, enum ms_condition condition,
               int parent, double value)
{
    struct ms_error err;
    char copy[32];
    snprintf(copy, sizeof copy, "%s", name);
    p.name = copy;
    p.condition = condition;
    p.parent = parent;
    p.parent_value = value;
    int i = ms_space_add(s, &p, &err);
    memset(copy, '?', sizeof copy); // the space has its own
    REQUIRE(i == s->n - 1);
    return i;
}

// layers 0 … 3, two parameters per layer of which one has a child; a switch with a child.
static void make_tree(struct ms_space *s)
{
    char name[32];
    ms_space_init(s);
    int layers = add(s, "layers", number(MS_INT, 0, 3, 1, false), MS_ALWAYS, -1, 0);
    for (int i = 1; i <= 3; i++) {
        snprintf(name, sizeof name, "%d.units", i);
        add(s, name, number(MS_INT, 1, 2, 1, false), MS_AT_LEAST, layers, i);
        snprintf(name, sizeof name, "%d.bool", i);
        int b = add(s, name, number(MS_BOOL, 0, 0, 0, false), MS_AT_LEAST, layers, i);
        snprintf(name, sizeof name, "%d.child", i);
        add(s, name, number(MS_FLOAT, 0, 1, 0.5, false), MS_IS, b, 1);
    }
    int sw = add(s, "switch", number(MS_BOOL, 0, 0, 0, false), MS_ALWAYS, -1, 0);
    add(s, "on", number(MS_INT, 1, 5, 1, false), MS_IS, sw, 1);
}

// Per layer 2·(1 + 3) = 8; layers: 1 + 8 + 64 + 512 = 585; switch: 1 + 5 = 6.
enum { TREE_SIZE = 585 * 6 };

static int by_hash(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void check_active(const struct ms_space *s, const double *point)
{
    for (int i = 0; i < s->n; i++)
        CHECK_THAT(isnan(point[i]) == !ms_space_active(s, point, i), "%s is set wrongly",
                   s->param[i].name);
}

static void test_enumeration(void)
{
    static uint64_t hash[TREE_SIZE + 1];
    struct ms_space s;
    double point[16], before[16];
    make_tree(&s);
    CHECK_INT(ms_space_size(&s), TREE_SIZE);
    int n = 0;
    for (bool more = ms_space_first(&s, point); more && n <= TREE_SIZE;
         more = ms_space_next(&s, point)) {
        check_active(&s, point);
        CHECK(n == 0 || !ms_space_point_equal(&s, before, point));
        // Lexicographic: at the first difference the value grew.
        for (int i = 0; n > 0 && i < s.n; i++)
            if (point[i] != before[i] && !(isnan(point[i]) && isnan(before[i]))) {
                CHECK(point[i] == before[i] + 1);
                break;
            }
        memcpy(before, point, sizeof point);
        hash[n++] = ms_space_point_hash(&s, point);
    }
    CHECK_INT(n, TREE_SIZE);
    qsort(hash, (size_t)n, sizeof *hash, by_hash);
    for (int i = 1; i < n; i++)
        if (hash[i] == hash[i - 1])
            CHECK_THAT(0, "two points have one hash");
    ms_space_clear(&s);
    // The empty space has one point; a continuous parameter has no first.
    ms_space_init(&s);
    CHECK_INT(ms_space_size(&s), 1);
    CHECK(ms_space_first(&s, point));
    CHECK(!ms_space_next(&s, point));
    add(&s, "c", number(MS_FLOAT, 0, 1, 0, false), MS_ALWAYS, -1, 0);
    CHECK_INT(ms_space_size(&s), 0);
    CHECK(!ms_space_first(&s, point));
    ms_space_clear(&s);
}

static void test_size_saturates(void)
{
    struct ms_space s;
    ms_space_init(&s);
    for (int i = 0; i < 61; i++)
        add(&s, "b", number(MS_BOOL, 0, 0, 0, false), MS_ALWAYS, -1, 0);
    CHECK(ms_space_size(&s) == 1ull << 61);
    add(&s, "b", number(MS_BOOL, 0, 0, 0, false), MS_ALWAYS, -1, 0);
    CHECK_INT(ms_space_size(&s), 0);
    while (s.n < MS_MAX_PARAMS)
        add(&s, "b", number(MS_INT, 0, 9007199254740992.0, 1, false), MS_ALWAYS, -1, 0);
    CHECK_INT(ms_space_size(&s), 0);
    struct ms_error err;
    struct ms_param p = number(MS_BOOL, 0, 0, 0, false);
    p.name = (char[]){"one too many"};
    CHECK_INT(ms_space_add(&s, &p, &err), MS_ELIMIT);
    p.condition = MS_IS;
    p.parent = MS_MAX_PARAMS;
    ms_space_clear(&s);
    CHECK_INT(ms_space_add(&s, &p, &err), MS_EINVAL);
    CHECK_INT(s.n, 0);
    ms_space_clear(&s);
}

// A choice of numbers as the parent of layers, in any order.
static void test_at_least_of_choice(void)
{
    cJSON *array = cJSON_Parse("[4, 1, 2]");
    struct ms_param layers = {.kind = MS_CHOICE, .values = array, .count = 3};
    struct ms_space s;
    ms_space_init(&s);
    int l = add(&s, "layers", layers, MS_ALWAYS, -1, 0);
    for (int i = 1; i <= 4; i++)
        add(&s, "units", number(MS_INT, 1, 3, 1, false), MS_AT_LEAST, l, i);
    CHECK_INT(ms_space_size(&s), 81 + 3 + 9);
    double point[5];
    int n = 0;
    for (bool more = ms_space_first(&s, point); more; more = ms_space_next(&s, point))
        n++;
    CHECK_INT(n, 93);
    ms_space_clear(&s);
    cJSON_Delete(array);
}

static void test_from_unit(void)
{
    enum { DRAWS = 60000 };
    struct ms_space s;
    double point[16];
    int layers[4] = {0}, units[2] = {0}, on[5] = {0}, n_on = 0, n_units = 0;
    make_tree(&s);
    for (uint32_t t = 0; t < DRAWS; t++) {
        struct ms_rng rng = ms_rng_at(7, t, 0, MS_STREAM_SAMPLER);
        for (int i = 0; i < s.n; i++)
            point[i] = ms_rng_uniform(&rng, (uint64_t)i);
        ms_space_from_unit(&s, point, point); // in place
        check_active(&s, point);
        layers[(int)point[0]]++;
        if (!isnan(point[1]))
            units[(int)point[1]]++, n_units++;
        if (!isnan(point[s.n - 1]))
            on[(int)point[s.n - 1]]++, n_on++;
    }
    // Five standard deviations of a binomial.
    for (int i = 0; i < 4; i++)
        CHECK_THAT(fabs(layers[i] - DRAWS / 4.0) < 5 * sqrt(DRAWS * 0.25 * 0.75), "%d", layers[i]);
    for (int i = 0; i < 2; i++)
        CHECK_THAT(fabs(units[i] - n_units / 2.0) < 5 * sqrt(n_units * 0.25), "%d", units[i]);
    for (int i = 0; i < 5; i++)
        CHECK_THAT(fabs(on[i] - n_on / 5.0) < 5 * sqrt(n_on * 0.2 * 0.8), "%d", on[i]);
    CHECK_THAT(fabs(n_on - DRAWS / 2.0) < 5 * sqrt(DRAWS * 0.25), "%d", n_on);
    ms_space_clear(&s);
}

static void test_from_unit_ends(void)
{
    static const double ends[] = {0, 0x1.fffffffffffffp-1, 1}; // the largest below 1; 1 is forgiven
    struct ms_space s;
    double point[3];
    ms_space_init(&s);
    add(&s, "i", number(MS_INT, 0, 9007199254740990.0, 1, false), MS_ALWAYS, -1, 0);
    add(&s, "f", number(MS_FLOAT, -1, 3, 0, false), MS_ALWAYS, -1, 0);
    add(&s, "l", number(MS_FLOAT, 1e-4, 0.1, 0, true), MS_ALWAYS, -1, 0);
    for (int k = 0; k < 3; k++) {
        double u[3] = {ends[k], ends[k], ends[k]};
        ms_space_from_unit(&s, u, point);
        for (int i = 0; i < 3; i++) {
            double x = ms_space_param_number(&s.param[i], point[i]);
            CHECK_THAT(x >= s.param[i].lo && x <= s.param[i].hi, "%d: %.17g", i, x);
        }
        CHECK(point[0] < (double)s.param[0].count);
    }
    ms_space_from_unit(&s, (double[]){0.5, 0.5, 0.5}, point);
    CHECK_NEAR(point[1], 1, 1e-15);
    CHECK_NEAR(point[2], 0.00316227766016838, 1e-15); // the middle of the logarithm
    ms_space_clear(&s);
}

static void test_points(void)
{
    struct ms_space s;
    ms_space_init(&s);
    for (int i = 0; i < 3; i++)
        add(&s, "f", number(MS_FLOAT, -1, 1, 0, false), MS_ALWAYS, -1, 0);
    double a[] = {0.0, NAN, 0.25}, b[] = {-0.0, -NAN, 0.25}, c[] = {0.25, NAN, 0};
    CHECK(ms_space_point_equal(&s, a, b));
    CHECK(ms_space_point_hash(&s, a) == ms_space_point_hash(&s, b));
    CHECK(!ms_space_point_equal(&s, a, c));
    CHECK(ms_space_point_hash(&s, a) !=
          ms_space_point_hash(&s, c)); // the same values in another order
    double d[] = {0.0, 0.0, 0.25};
    CHECK(!ms_space_point_equal(&s, a, d));
    CHECK(!ms_space_point_equal(&s, d, a));
    ms_space_clear(&s);
}

// One step towards a point takes what depends on it along, and leaves the other steps.
static void test_toward(void)
{
    struct ms_space s;
    ms_space_init(&s);
    add(&s, "layers", (struct ms_param){.kind = MS_INT, .lo = 1, .hi = 3, .step = 1, .count = 3},
        MS_ALWAYS, -1, 0);
    add(&s, "units", (struct ms_param){.kind = MS_INT, .lo = 1, .hi = 9, .step = 1, .count = 9},
        MS_ALWAYS, -1, 0);
    add(&s, "second", (struct ms_param){.kind = MS_INT, .lo = 1, .hi = 9, .step = 1, .count = 9},
        MS_AT_LEAST, 0, 2);
    const double from[] = {0, 4, NAN}, to[] = {1, 5, 7};
    double out[3];
    CHECK(ms_space_differs(&s, from, to, 0) && ms_space_differs(&s, from, to, 1));
    CHECK(!ms_space_differs(&s, from, to, 2)); // it comes with layers
    ms_space_toward(&s, from, to, 0, out);
    CHECK(out[0] == 1 && out[1] == 4 && out[2] == 7);
    ms_space_toward(&s, from, to, 1, out);
    CHECK(out[0] == 0 && out[1] == 5 && isnan(out[2]));
    ms_space_toward(&s, to, from, 0, out);
    CHECK(out[0] == 0 && out[1] == 5 && isnan(out[2]));
    ms_space_clear(&s);
}

int main(void)
{
    test_toward();
    test_enumeration();
    test_size_saturates();
    test_at_least_of_choice();
    test_from_unit();
    test_from_unit_ends();
    test_points();
    return check_done();
}
