// SPDX-License-Identifier: MIT
//
// Effects: values one by one, ranges, what is not in force, and which trials are judged at all.
#include "insight_fixture.h"

#include "coordinator/insight/effect.h"

static const struct ms_effect_bin *bin_of(const struct ms_effect *e, const char *text)
{
    for (int k = 0; k < e->n; k++)
        if (strcmp(e->bin[k].text, text) == 0)
            return &e->bin[k];
    for (int k = 0; k < e->n; k++)
        fprintf(stderr, "'%s'\n", e->bin[k].text);
    REQUIRE(false);
    return NULL;
}

// 20 trials: steps 0 … 3 in turn, a rate of 10^-1 … 10^-4 in equal logarithms, flag in half.
static void make(struct ms_space *space, struct ms_trial_table *t)
{
    double objective[20];
    ms_space_init(space);
    add(space, (struct ms_param){.name = "step", .kind = MS_INT, .lo = 0, .hi = 3});
    add(space,
        (struct ms_param){.name = "rate", .kind = MS_FLOAT, .log = true, .lo = 1e-4, .hi = 1e-1});
    add(space, (struct ms_param){.name = "flag", .kind = MS_BOOL, .count = 2});
    *t = table_of(space, 20);
    for (int i = 0; i < 20; i++) {
        t->value[3 * i] = i % 4;
        t->value[3 * i + 1] = pow(10, -1 - 3 * i / 19.0);
        t->value[3 * i + 2] = i % 2 ? NAN : i % 4 == 0 ? 1.0 : 0.0;
        objective[i] = i % 4 == 1 && i > 4 ? NAN : (double)i;
    }
    rank_table(t, objective, true);
}

static void test_effect(void)
{
    struct ms_space space;
    struct ms_trial_table t;
    struct ms_judged j;
    struct ms_effect e;
    make(&space, &t);
    t.rank[19].n_pruned = 1;
    REQUIRE(ms_judged_of(&t, &j, &err) == 0);
    CHECK(j.n == 15 && j.n_stopped == 1 && j.n_without == 4);
    CHECK(j.row[0] == 18 && j.value[0] == 18 && j.row[14] == 0);
    REQUIRE(ms_effect_of(&j, "step", &e, &err) == 0);
    CHECK_INT(e.n, 4);
    const struct ms_effect_bin *b = bin_of(&e, "0"); // 0, 4, 8, 12, 16
    CHECK(b->n == 5 && b->mean == 8 && b->best == 16 && b->from == 0 && b->to == 0 && !b->inactive);
    CHECK_NEAR(b->sd, sqrt(40), 1e-12);
    CHECK_NEAR(b->hi, 8 + 2.7764451051977987 * sqrt(8), 1e-9); // scipy.stats.t.ppf(0.975, 4)
    CHECK(bin_of(&e, "1")->n == 1 && isnan(e.bin[1].sd) && isnan(e.bin[1].lo));
    ms_effect_clear(&e);
    REQUIRE(ms_effect_of(&j, "flag", &e, &err) == 0);
    CHECK_INT(e.n, 3);
    CHECK(bin_of(&e, "false")->n == 5 && bin_of(&e, "true")->mean == 8);
    CHECK(bin_of(&e, "not in force")->n == 5 && e.bin[2].inactive && isnan(e.bin[2].from));
    ms_effect_clear(&e);
    // 15 values: ten ranges of the logarithm, called by what is in them; some are empty.
    REQUIRE(ms_effect_of(&j, "rate", &e, &err) == 0);
    int64_t n = 0;
    for (int k = 0; k < e.n; k++) {
        n += e.bin[k].n;
        CHECK(e.bin[k].n > 0 && e.bin[k].from <= e.bin[k].to);
        CHECK(k == 0 || e.bin[k - 1].to < e.bin[k].from);
        CHECK(log10(e.bin[k].to / e.bin[k].from) < 0.3);
    }
    CHECK(n == 15 && e.n > 5 && e.n <= MS_EFFECT_BINS);
    CHECK_STR(e.bin[e.n - 1].text, "0.0695 … 0.1");
    ms_effect_clear(&e);
    ms_judged_clear(&j);
    ms_trial_table_clear(&t);
    ms_space_clear(&space);
}

int main(void)
{
    test_effect();
    return check_done();
}
