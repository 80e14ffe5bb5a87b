// SPDX-License-Identifier: MIT
//
// Brackets: which trials go on, and which do not.
#include "tests/unit/study/study_fixture.h"

#include "mlpsweep/compare.h"

// The best third goes on, the others do not: a loss whose order is that of |x - 0.3|.
static void test_promotion(void)
{
    struct world w = {.search =
                          "\"method\": \"random\", \"max_trials\": 27, \"executions_per_trial\": 2,"
                          "\"scheduler\": \"successive_halving\"",
                      .epochs = "10",
                      .workers = 3,
                      .loss = plain};
    struct outcome *o = run(&w);
    double d[27];
    for (int t = 0; t < 27; t++)
        d[t] = fabs(o->x[t] - 0.3);
    double sorted[27];
    memcpy(sorted, d, sizeof d);
    qsort(sorted, 27, sizeof *sorted, ms_compare_double);
    for (uint32_t t = 0; t < 27; t++)
        for (int e = 0; e < 2; e++) {
            const struct course *c = &o->course[t][e];
            int wanted = d[t] <= sorted[0] ? 0 : d[t] <= sorted[2] ? 9 : d[t] <= sorted[8] ? 3 : 1;
            CHECK_INT(trained_to(o, t), wanted);
            CHECK_INT(c->part[c->n_parts - 1].to, wanted);
            CHECK_INT(c->pruned_at, wanted ? wanted : -1);
        }
    free(o);
    check_orders(w);
    // A cut bracket still trains one to the end; the same trials with more of them are the same.
    w.search = "\"method\": \"random\", \"max_trials\": 2, \"scheduler\": \"successive_halving\"";
    o = run(&w);
    CHECK_INT((trained_to(o, 0) == 0) + (trained_to(o, 1) == 0), 1);
    free(o);
}

static double all_equal(double x, uint32_t trial, uint32_t execution, int epoch)
{
    (void)x;
    (void)trial;
    (void)execution;
    return 1.0 / epoch;
}

static enum ms_end all_crash(uint32_t trial, uint32_t execution, int *epochs)
{
    (void)trial;
    (void)execution;
    *epochs = 0;
    return MS_END_CRASHED;
}

// Equal trials go on by their numbers; failed ones never do.
static void test_ties_and_failures(void)
{
    struct world w = {.search = "\"method\": \"random\", \"max_trials\": 9, \"scheduler\":"
                                "{\"name\": \"successive_halving\", \"min_epochs\": 2}",
                      .epochs = "6",
                      .workers = 4,
                      .loss = all_equal};
    struct outcome *o = run(&w);
    for (uint32_t t = 0; t < 9; t++)
        CHECK_INT(o->course[t][0].n_parts, t < 3 ? 2 : 1); // ties by number
    free(o);
    w.end = all_crash;
    o = run(&w);
    for (uint32_t t = 0; t < 9; t++)
        CHECK_INT(o->course[t][0].n_parts, 1);
    free(o);
    w.end = NULL;
    w.loss = not_numbers;
    o = run(&w);
    int went_on = 0;
    for (uint32_t t = 0; t < 9; t++) {
        CHECK(o->course[t][0].n_parts == 1 || t % 2 == 0);
        went_on += o->course[t][0].n_parts == 2;
    }
    CHECK_INT(went_on, 3);
    free(o);
}

static double by_number(double x, uint32_t trial, uint32_t execution, int epoch)
{
    (void)x;
    (void)execution;
    return trial + 1.0 / epoch;
}

static enum ms_end first_three_half(uint32_t trial, uint32_t execution, int *epochs)
{
    if (trial >= 3 || execution == 0)
        return MS_END_COMPLETED;
    *epochs = 0;
    return MS_END_CRASHED;
}

static enum ms_end all_half(uint32_t trial, uint32_t execution, int *epochs)
{
    return first_three_half(trial % 3, execution, epochs);
}

// A trial with failures is promoted behind those without, and where all have some by its value.
static void test_some_failures(void)
{
    struct world w = {.search =
                          "\"method\": \"random\", \"max_trials\": 9, \"executions_per_trial\": 2, "
                          "\"scheduler\": {\"name\": \"successive_halving\", \"min_epochs\": 2}",
                      .epochs = "6",
                      .workers = 4,
                      .loss = by_number,
                      .end = first_three_half};
    struct outcome *o = run(&w);
    for (uint32_t t = 0; t < 9; t++)
        CHECK_INT(o->course[t][0].n_parts, t >= 3 && t < 6 ? 2 : 1);
    free(o);
    check_orders(w);
    w.end = all_half;
    o = run(&w);
    for (uint32_t t = 0; t < 9; t++)
        CHECK_INT(o->course[t][0].n_parts, t < 3 ? 2 : 1);
    free(o);
}

// Better with every epoch, and equal otherwise.
static double by_epoch(double x, uint32_t trial, uint32_t execution, int epoch)
{
    (void)x;
    (void)execution;
    return 50 - epoch + 1e-6 * trial;
}

// Target and patience where trials get better rung by rung.
static void test_budgets_of_rungs(void)
{
    struct world w = {.search = "\"method\": \"random\", \"max_trials\": 27, \"target\": 47.5,"
                                "\"scheduler\": \"successive_halving\"",
                      .epochs = "27",
                      .workers = 4,
                      .loss = by_epoch};
    struct outcome *o = run(&w);
    int parts[4] = {
        0}; // to 1, 3, 9 and 27 epochs: of the nine that are good enough after 3 one goes on
    for (uint32_t i = 0; i < o->trials; i++)
        for (int k = 0; k < o->course[i][0].n_parts; k++)
            parts[k]++;
    CHECK(o->trials == 27 && parts[0] == 27 && parts[1] == 9 && parts[2] == 1 && parts[3] == 1);
    free(o);
    w.search =
        "\"method\": \"random\", \"max_trials\": 500, \"target\": 40, \"scheduler\": \"asha\"";
    o = run(&w);
    CHECK_STR(o->why, "the target is reached");
    CHECK_THAT(o->trials > 9 && o->trials < 100, "%u trials", o->trials);
    free(o);
    // The last rung is reached after some 27 trials at the earliest, and is better than what was
    // before.
    w.search =
        "\"method\": \"random\", \"max_trials\": 500, \"patience\": 30, \"scheduler\": \"asha\"";
    o = run(&w);
    CHECK_THAT(o->trials > 50 && o->trials < 120, "%u trials", o->trials);
    free(o);
}

int main(void)
{
    test_promotion();
    test_ties_and_failures();
    test_some_failures();
    test_budgets_of_rungs();
    return check_done();
}
