// SPDX-License-Identifier: MIT
//
// Importance of a whole table: the top, ties, the bootstrap, tables too small or without
// differences. The numbers themselves are those of test_ped_anova.c.
#include "insight_fixture.h"

#include "coordinator/insight/importance.h"
#include "mlpsweep/rng.h"

static void make(struct ms_space *space, struct ms_trial_table *t, int64_t n, double noise)
{
    double *objective = malloc((size_t)n * sizeof *objective);
    REQUIRE(objective != NULL);
    ms_space_init(space);
    add(space, (struct ms_param){.name = "weak", .kind = MS_FLOAT, .lo = 0, .hi = 1});
    add(space, (struct ms_param){.name = "strong", .kind = MS_FLOAT, .lo = 0, .hi = 1});
    add(space, (struct ms_param){.name = "fixed", .kind = MS_INT, .lo = 3, .hi = 3});
    *t = table_of(space, n);
    draw_state = 17;
    for (int64_t i = 0; i < n; i++) {
        t->value[3 * i] = draw();
        t->value[3 * i + 1] = draw();
        t->value[3 * i + 2] = 0;
        objective[i] = t->value[3 * i + 1] + noise * draw();
    }
    rank_table(t, objective, false);
    free(objective);
}

static void test_top(void)
{
    static const int64_t known[][2] = {{1, 1},  {2, 1},  {9, 4},  {10, 5},   {50, 5},
                                       {51, 6}, {60, 6}, {61, 7}, {100, 10}, {101, 11}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        CHECK_INT(ms_importance_top(known[i][0]), known[i][1]);
}

static void test_bootstrap(void)
{
    struct ms_space space;
    struct ms_trial_table t;
    struct ms_importance m, again, other;
    make(&space, &t, 200, 0.3);
    REQUIRE(ms_importance_of(&t, 7, &m, &err) == 0);
    REQUIRE(ms_importance_of(&t, 7, &again, &err) == 0);
    REQUIRE(ms_importance_of(&t, 8, &other, &err) == 0);
    CHECK(m.n == 2 && m.n_top == 20 && m.judged.n == 200 && m.replicates == 1000);
    CHECK_STR(m.item[0].name, "strong");
    CHECK(m.item[0].share > 0.9 && m.item[0].lo > 0.5 && m.item[0].n == 200);
    CHECK(m.item[1].lo == 0 && m.item[1].hi > m.item[1].share);
    for (int k = 0; k < 2; k++) {
        CHECK(m.item[k].lo == again.item[k].lo && m.item[k].hi == again.item[k].hi);
        CHECK(m.item[k].share == other.item[k].share && m.item[k].effect.n == MS_EFFECT_BINS);
    }
    CHECK(m.item[0].lo != other.item[0].lo); // another seed, other draws
    CHECK_NEAR(m.item[0].lo, other.item[0].lo, 0.02);
    CHECK_INT(m.pairs.n, 1);
    ms_importance_clear(&m);
    ms_importance_clear(&again);
    ms_importance_clear(&other);
    // With three times the trials the interval is narrower.
    struct ms_space more_space;
    struct ms_trial_table more;
    make(&more_space, &more, 1800, 0.3);
    REQUIRE(ms_importance_of(&more, 7, &other, &err) == 0);
    REQUIRE(ms_importance_of(&t, 7, &m, &err) == 0);
    CHECK(other.item[1].hi < m.item[1].hi);
    ms_importance_clear(&m);
    ms_importance_clear(&other);
    ms_trial_table_clear(&more);
    ms_space_clear(&more_space);
    ms_trial_table_clear(&t);
    ms_space_clear(&space);
}

// Random searches over a function of which 200,000 trials say that a has 0.681 of the importance, b
// 0.318, c nothing: the intervals hold these values in at least 90 of 100 searches of 60 trials.
static void test_coverage(void)
{
    static const double known[] = {0.681, 0.318, 0};
    int held[3] = {0};
    for (uint32_t search = 1; search <= 100; search++) {
        struct ms_space space;
        struct ms_trial_table t;
        struct ms_importance m;
        double objective[60];
        const struct ms_rng rng = ms_rng_at(search, 0, 0, MS_STREAM_SAMPLER);
        ms_space_init(&space);
        for (int k = 0; k < 3; k++) {
            char name[] = {(char)('a' + k), '\0'};
            add(&space, (struct ms_param){.name = name, .kind = MS_FLOAT, .lo = 0, .hi = 1});
        }
        t = table_of(&space, 60);
        for (int64_t i = 0; i < 60; i++) {
            double *x = &t.value[3 * i];
            for (int k = 0; k < 3; k++)
                x[k] = ms_rng_uniform(&rng, (uint64_t)(4 * i + k));
            objective[i] = (x[0] - 0.7) * (x[0] - 0.7) + 0.4 * (x[1] - 0.3) * (x[1] - 0.3) +
                           0.05 * ms_rng_uniform(&rng, (uint64_t)(4 * i + 3));
        }
        rank_table(&t, objective, false);
        REQUIRE(ms_importance_of(&t, search, &m, &err) == 0 && m.n == 3);
        for (int k = 0; k < 3; k++) {
            const double is = known[m.item[k].param];
            held[m.item[k].param] += m.item[k].lo <= is && is <= m.item[k].hi;
        }
        ms_importance_clear(&m);
        ms_trial_table_clear(&t);
        ms_space_clear(&space);
    }
    for (int k = 0; k < 3; k++)
        CHECK_THAT(held[k] >= 90, "%c: %d of 100", 'a' + k, held[k]);
}

static void test_small(void)
{
    struct ms_space space;
    struct ms_trial_table t;
    struct ms_importance m;
    make(&space, &t, MS_IMPORTANCE_LEAST - 1, 0);
    REQUIRE(ms_importance_of(&t, 7, &m, &err) == 0);
    CHECK(m.n == 2 && m.n_top == 0 && isnan(m.item[0].share));
    CHECK_STR(m.item[0].name, "weak"); // in the order of the file
    ms_importance_clear(&m);
    // All alike: the top is everything, and nothing mattered.
    const double same[9] = {0};
    free(t.rank);
    free(t.place);
    free(t.ranked);
    t.n_ranked = 0;
    rank_table(&t, same, false);
    REQUIRE(ms_importance_of(&t, 7, &m, &err) == 0);
    ms_importance_clear(&m);
    ms_trial_table_clear(&t);
    ms_space_clear(&space);
    make(&space, &t, 40, 0);
    double flat[40] = {0};
    free(t.rank);
    free(t.place);
    free(t.ranked);
    t.n_ranked = 0;
    rank_table(&t, flat, false);
    REQUIRE(ms_importance_of(&t, 7, &m, &err) == 0);
    CHECK(m.n_top == 40 && m.item[0].share == 0 && m.item[0].lo == 0 && m.item[0].hi == 0);
    ms_importance_clear(&m);
    ms_trial_table_clear(&t);
    ms_space_clear(&space);
}

int main(void)
{
    test_top();
    test_bootstrap();
    test_coverage();
    test_small();
    return check_done();
}
