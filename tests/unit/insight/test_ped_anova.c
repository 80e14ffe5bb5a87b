// SPDX-License-Identifier: MIT
//
// PED-ANOVA against Optuna 5.0.0's evaluator (ped_anova.py), on studies with numbers, logarithms,
// steps, names, conditions and ties; and against a divergence by hand.
#include "insight_fixture.h"

#include "coordinator/insight/importance.h"
#include "coordinator/insight/ped_anova.h"

struct known {
    int study;
    const char *name;
    double importance;
};
#include "ped_anova_known.h"

static double index_of(double u, int n)
{
    return fmin(floor(u * n), n - 1);
}

static double *value_of(struct ms_trial_table *t, int64_t row, const char *name)
{
    for (int i = 0; i < t->n_params; i++)
        if (strcmp(t->param[i].name, name) == 0)
            return &t->value[row * t->n_params + i];
    REQUIRE(false);
    return NULL;
}

// --- the studies of ped_anova.py ---------------------------------------------

static void space_plain(struct ms_space *s)
{
    add(s, (struct ms_param){.name = "x", .kind = MS_FLOAT, .lo = -10, .hi = 10});
    add(s, (struct ms_param){.name = "y", .kind = MS_FLOAT, .lo = -10, .hi = 10});
}

static double plain(struct ms_trial_table *t, int64_t i)
{
    const double x = *value_of(t, i, "x") = -10 + 20 * draw();
    return x + (*value_of(t, i, "y") = -10 + 20 * draw()) / 1000;
}

static void space_mixed(struct ms_space *s)
{
    add(s, (struct ms_param){.name = "rate", .kind = MS_FLOAT, .log = true, .lo = 1e-5, .hi = 1});
    add(s, (struct ms_param){.name = "momentum", .kind = MS_FLOAT, .lo = 0, .hi = 0.95});
    add(s, (struct ms_param){.name = "batch", .kind = MS_CHOICE, .count = 3});
    add(s, (struct ms_param){.name = "units", .kind = MS_INT, .lo = 8, .hi = 64, .step = 8});
    add(s, (struct ms_param){.name = "width", .kind = MS_INT, .log = true, .lo = 1, .hi = 1000});
    add(s, (struct ms_param){.name = "deep", .kind = MS_INT, .lo = 1, .hi = 3});
    add(s, (struct ms_param){.name = "part", .kind = MS_FLOAT, .lo = 0, .hi = 1, .step = 0.05});
    add(s, (struct ms_param){.name = "many", .kind = MS_INT, .lo = 0, .hi = 98});
    add(s, (struct ms_param){.name = "flag", .kind = MS_BOOL, .count = 2});
}

static double mixed(struct ms_trial_table *t, int64_t i)
{
    const double rate = draw(), momentum = draw(), batch = draw(), units = draw(), width = draw();
    *value_of(t, i, "rate") = 1e-5 * exp(rate * log(1e5));
    *value_of(t, i, "momentum") = 0.95 * momentum;
    *value_of(t, i, "batch") = index_of(batch, 3);
    *value_of(t, i, "units") = index_of(units, 8);
    *value_of(t, i, "width") = index_of(width * width * width, 1000);
    *value_of(t, i, "deep") = index_of(draw(), 3);
    *value_of(t, i, "part") = index_of(draw(), 21);
    *value_of(t, i, "many") = index_of(draw(), 99);
    *value_of(t, i, "flag") = index_of(draw(), 2);
    return (rate - 0.7) * (rate - 0.7) + 0.25 * momentum * units + 0.125 * index_of(batch, 3) +
           0.0625 * draw();
}

static void space_conditional(struct ms_space *s)
{
    add(s, (struct ms_param){.name = "optimizer", .kind = MS_CHOICE, .count = 2});
    add(s, (struct ms_param){.name = "layers", .kind = MS_INT, .lo = 1, .hi = 2});
    add(s, (struct ms_param){.name = "first", .kind = MS_INT, .lo = 4, .hi = 32});
    add(s, (struct ms_param){.name = "momentum",
                             .kind = MS_FLOAT,
                             .lo = 0,
                             .hi = 1,
                             .condition = MS_IS,
                             .parent = 0,
                             .parent_value = 0});
    add(s, (struct ms_param){.name = "beta",
                             .kind = MS_FLOAT,
                             .lo = 0.5,
                             .hi = 1,
                             .condition = MS_IS,
                             .parent = 0,
                             .parent_value = 1});
    add(s, (struct ms_param){.name = "second",
                             .kind = MS_INT,
                             .lo = 4,
                             .hi = 32,
                             .condition = MS_AT_LEAST,
                             .parent = 1,
                             .parent_value = 2});
}

static double conditional(struct ms_trial_table *t, int64_t i)
{
    const double name = draw(), momentum = draw(), beta = draw(), layers = draw();
    const double first = draw(), second = draw();
    double value = first * first / 4;
    *value_of(t, i, "optimizer") = index_of(name, 2);
    *value_of(t, i, "layers") = index_of(layers, 2);
    *value_of(t, i, "first") = index_of(first, 29);
    if (index_of(name, 2) == 0)
        value += ((*value_of(t, i, "momentum") = momentum) - 0.9) * (momentum - 0.9);
    else {
        *value_of(t, i, "beta") = 0.5 + beta / 2;
        value += 0.5 + beta / 8;
    }
    if (index_of(layers, 2) == 1) {
        *value_of(t, i, "second") = index_of(second, 29);
        value += second / 16;
    }
    return value;
}

static void space_ties(struct ms_space *s)
{
    add(s, (struct ms_param){.name = "a", .kind = MS_INT, .lo = 0, .hi = 4});
    add(s, (struct ms_param){.name = "b", .kind = MS_FLOAT, .lo = 0, .hi = 1});
    add(s, (struct ms_param){.name = "fixed", .kind = MS_INT, .lo = 3, .hi = 3});
}

static double ties(struct ms_trial_table *t, int64_t i)
{
    const double a = draw(), b = draw();
    *value_of(t, i, "a") = index_of(a, 5);
    *value_of(t, i, "b") = b;
    *value_of(t, i, "fixed") = 0;
    return index_of(a, 5) + index_of(b, 2);
}

static const struct {
    void (*space)(struct ms_space *s);
    double (*make)(struct ms_trial_table *t, int64_t i);
    int n;
    bool maximize;
} studies[] = {{space_plain, plain, 100, false},
               {space_mixed, mixed, 400, false},
               {space_conditional, conditional, 250, false},
               {space_ties, ties, 60, true},
               {space_mixed, mixed, 50, true}};
enum { N_STUDIES = sizeof studies / sizeof *studies };

static void make_study(int k, struct ms_space *space, struct ms_trial_table *t)
{
    static double objective[1000];
    ms_space_init(space);
    studies[k].space(space);
    *t = table_of(space, studies[k].n);
    draw_state = (uint32_t)k + 1;
    for (int64_t i = 0; i < t->n; i++)
        objective[i] = studies[k].make(t, i);
    rank_table(t, objective, studies[k].maximize);
}

// --- tests -------------------------------------------------------------------

static double raw_of(const struct ms_importance *m, const char *name)
{
    const struct ms_trial_table *t = m->judged.table;
    double sum = 0;
    for (int c = 0; c < t->n_params; c++) {
        struct ms_ped_column column;
        if (strcmp(t->param[c].name, name) != 0)
            continue;
        REQUIRE(ms_ped_column_of(&m->judged, c, &column, &err) == 0);
        const double share = (double)m->n_top / (double)m->judged.n;
        sum += share * share * ms_ped_importance(&column, m->judged.n, m->n_top, NULL);
        free(column.cell);
    }
    return sum;
}

static void test_optuna(void)
{
    for (int k = 0; k < N_STUDIES; k++) {
        struct ms_space space;
        struct ms_trial_table t;
        struct ms_importance m;
        double sum = 0, ours = 0;
        make_study(k, &space, &t);
        REQUIRE(ms_importance_of(&t, 7, &m, &err) == 0);
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            sum += known[i].study == k ? known[i].importance : 0;
        for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
            CASE("study %d, %s", k, known[i].name);
            if (known[i].study != k)
                continue;
            CHECK_NEAR(raw_of(&m, known[i].name), known[i].importance, 1e-12);
            double share = 0;
            for (int p = 0; p < m.n; p++)
                if (strcmp(m.item[p].name, known[i].name) == 0) {
                    share = m.item[p].share;
                    CHECK(0 <= m.item[p].lo && m.item[p].lo <= share && share <= m.item[p].hi);
                    CHECK(m.item[p].hi <= 1);
                }
            CHECK_NEAR(share, known[i].importance / sum, 1e-6);
        }
        for (int p = 0; p < m.n; p++) {
            ours += m.item[p].share;
            CHECK(p == 0 || m.item[p - 1].share >= m.item[p].share);
        }
        CHECK_NEAR(ours, 1, 1e-12);
        ms_importance_clear(&m);
        ms_trial_table_clear(&t);
        ms_space_clear(&space);
    }
}

// Two names: 3 of 4 and 4 of 8 trials, worked out with pencil and paper.
static void test_by_hand(void)
{
    const struct ms_ped_column names = {.cells = 2};
    const int64_t top[2] = {3, 1}, all[2] = {4, 4};
    // Rows (1/3, 1/3) + own, over 5/3: 4/5 and 1/5. p: (3·4/5 + 1·1/5 + 1/2) / 5 = 0.62.
    // q: (4·4/5 + 4·1/5 + 1/2) / 9 = 0.5. D = 0.5 (0.24² + 0.24²) = 0.0576.
    CHECK_NEAR(ms_ped_divergence(&names, top, all), 0.0576, 1e-9);
    CHECK_NEAR(ms_ped_divergence(&names, all, all), 0, 1e-15);
    const struct ms_ped_column one = {.cells = 1};
    CHECK_NEAR(ms_ped_divergence(&one, top, all), 0, 1e-15);
}

static void test_times(void)
{
    // A trial that counts twice is as good as two trials.
    int16_t cells[] = {0, 1, 1, 2, -1, 0}, twice[] = {0, 1, 1, 1, 2, -1};
    const struct ms_ped_column a = {.cells = 3, .ordered = true, .cell = cells};
    const struct ms_ped_column b = {.cells = 3, .ordered = true, .cell = twice};
    const uint32_t times[] = {1, 1, 2, 1, 1, 0};
    CHECK_NEAR(ms_ped_importance(&a, 6, 2, times), ms_ped_importance(&b, 6, 2, NULL), 1e-15);
    const uint32_t none[] = {0, 0, 0, 0, 9, 0}; // in force in no trial that counts
    CHECK(ms_ped_importance(&a, 6, 2, none) == 0);
}

int main(void)
{
    test_optuna();
    test_by_hand();
    test_times();
    return check_done();
}
