// SPDX-License-Identifier: MIT
//
// The tables of samplers and schedulers: which methods end by themselves, which learn, and their
// arguments.
#include "common/sweep/schema.h"

#include "check.h"
#include "common/sweep/sweep_internal.h"

static void test_samplers(void)
{
    static const struct {
        const char *name;
        bool needs_max_trials, learns, needs_finite;
    } rows[] = {{"grid", false, false, true},
                {"random", true, false, false},
                {"latin_hypercube", true, false, false},
                {"sobol", true, false, false},
                {"tpe", true, true, false},
                {"gp", true, true, false},
                {"evolution", true, true, false},
                {"ablation", false, true, false}};
    CHECK_INT(ms_search_sampler_table.n, sizeof rows / sizeof *rows);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CASE("%s", rows[i].name);
        int k = ms_table_find(&ms_search_sampler_table, rows[i].name);
        REQUIRE(k >= 0);
        const struct ms_search_row *row = (const void *)ms_table_row(&ms_search_sampler_table, k);
        CHECK_INT(row->needs_max_trials, rows[i].needs_max_trials);
        CHECK_INT(row->learns, rows[i].learns);
        CHECK_INT(row->needs_finite, rows[i].needs_finite);
    }
    CHECK_STR(ms_table_row(&ms_search_scheduler_table, 0)->name, "none");
}

// Defaults lie within their bounds.
static void test_arguments(void)
{
    const struct ms_table *const tables[] = {&ms_search_sampler_table, &ms_search_scheduler_table};
    for (int t = 0; t < 2; t++)
        for (int i = 0; i < tables[t]->n; i++) {
            const struct ms_row *row = ms_table_row(tables[t], i);
            for (int k = 0; k < row->n_args; k++) {
                const struct ms_arg *a = &row->args[k];
                CASE("%s of %s", a->name, row->name);
                CHECK(a->lo_open ? a->def > a->lo : a->def >= a->lo);
                CHECK(a->hi_open ? a->def < a->hi : a->def <= a->hi);
                CHECK_INT(ms_table_find_arg(row, a->name), k);
            }
        }
}

static void test_strata(void)
{
    struct ms_search search = {
        .method = ms_table_default(&ms_search_sampler_table,
                                   ms_table_find(&ms_search_sampler_table, "latin_hypercube"))};
    REQUIRE(ms_sweep_strata(&search) != NULL);
    CHECK_NEAR(*ms_sweep_strata(&search), 0, 0);
    *ms_sweep_strata(&search) = 9;
    CHECK_NEAR(search.method.arg[0], 9, 0);
    search.method =
        ms_table_default(&ms_search_sampler_table, ms_table_find(&ms_search_sampler_table, "tpe"));
    CHECK(ms_sweep_strata(&search) == NULL);
}

int main(void)
{
    test_samplers();
    test_arguments();
    test_strata();
    return check_done();
}
