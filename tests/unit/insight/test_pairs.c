// SPDX-License-Identifier: MIT
//
// Interactions of pairs against NumPy and SciPy (pairs.py); pairs that cannot be tested.
#include "insight_fixture.h"

#include "coordinator/insight/pairs.h"
#include "coordinator/rank/stats.h"

static void make(struct ms_space *space, struct ms_trial_table *t, int64_t n)
{
    double objective[200];
    ms_space_init(space);
    add(space, (struct ms_param){.name = "a", .kind = MS_CHOICE, .count = 3});
    add(space, (struct ms_param){.name = "b", .kind = MS_FLOAT, .lo = 0, .hi = 1});
    add(space, (struct ms_param){.name = "c", .kind = MS_BOOL, .count = 2});
    *t = table_of(space, n);
    // The choices have no JSON here: their numbers are not asked for.
    t->param[0].param = &space->param[2];
    draw_state = 11;
    for (int64_t i = 0; i < n; i++) {
        const double a = fmin(floor(draw() * 3), 2), b = draw(), c = fmin(floor(draw() * 2), 1);
        t->value[3 * i] = a;
        t->value[3 * i + 1] = b;
        t->value[3 * i + 2] = a == 2 ? NAN : c;
        objective[i] = b * (1 - a) + 0.25 * c + 0.5 * draw();
    }
    rank_table(t, objective, false);
}

static const struct ms_pair *find(const struct ms_pairs *p, int a, int b)
{
    for (int k = 0; k < p->n; k++)
        if (p->item[k].param_a == a && p->item[k].param_b == b)
            return &p->item[k];
    REQUIRE(false);
    return NULL;
}

static void test_known(void)
{
    static const struct {
        int a, b;
        int64_t n;
        double share, p;
    } known[] = {
        {0, 1, 120, 0.14571003732468474, 1.479423600568112e-10},
        {0, 2, 81, 0.015830557868337338, 0.0635903419503268},
        {1, 2, 81, 0, 0.41695389950049633},
    };
    struct ms_space space;
    struct ms_trial_table t;
    struct ms_judged j;
    struct ms_pairs pairs;
    double holm[3];
    make(&space, &t, 120);
    REQUIRE(ms_judged_of(&t, &j, &err) == 0);
    REQUIRE(ms_pairs_of(&j, (const int[]){2, 0, 1}, 3, &pairs, &err) == 0);
    CHECK_INT(pairs.n, 3);
    for (int k = 0; k < 3; k++)
        holm[k] = known[k].p;
    REQUIRE(ms_stats_holm(holm, 3) == 0);
    for (int k = 0; k < 3; k++) {
        CASE("%d and %d", known[k].a, known[k].b);
        const struct ms_pair *p = find(&pairs, known[k].a, known[k].b);
        CHECK_INT(p->n, known[k].n);
        CHECK_NEAR(p->share, known[k].share, 1e-12);
        CHECK_NEAR(p->p / holm[k], 1, 1e-9);
    }
    CHECK_STR(pairs.item[0].a, "a"); // the strongest first
    CHECK_STR(pairs.item[0].b, "b");
    ms_pairs_clear(&pairs);
    ms_judged_clear(&j);
    ms_trial_table_clear(&t);
    ms_space_clear(&space);
}

static void test_few(void)
{
    struct ms_space space;
    struct ms_trial_table t;
    struct ms_judged j;
    struct ms_pairs pairs;
    make(&space, &t, 11); // fewer than three for each of four cells
    REQUIRE(ms_judged_of(&t, &j, &err) == 0);
    REQUIRE(ms_pairs_of(&j, (const int[]){0, 1}, 2, &pairs, &err) == 0);
    CHECK(pairs.n == 1 && isnan(pairs.item[0].p) && pairs.item[0].share == 0);
    ms_pairs_clear(&pairs);
    for (int64_t i = 0; i < 11; i++) // never together
        t.value[3 * i + (i % 2)] = NAN;
    REQUIRE(ms_pairs_of(&j, (const int[]){0, 1}, 2, &pairs, &err) == 0);
    CHECK_INT(pairs.n, 0);
    ms_pairs_clear(&pairs);
    REQUIRE(ms_pairs_of(&j, NULL, 0, &pairs, &err) == 0);
    CHECK_INT(pairs.n, 0);
    ms_pairs_clear(&pairs);
    ms_judged_clear(&j);
    ms_trial_table_clear(&t);
    ms_space_clear(&space);
}

int main(void)
{
    test_known();
    test_few();
    return check_done();
}
