// SPDX-License-Identifier: MIT
//
// Steps, results and budgets. What is decided must not depend on the order of results, and nobody
// may wait without need.
#include "tests/unit/study/study_fixture.h"

// The order of results and the number of workers decide nothing, whatever goes wrong on the way.
static void test_orders(void)
{
    static const char *const searches[] = {
        "\"method\": \"random\", \"max_trials\": 60, \"executions_per_trial\": 2, \"scheduler\": "
        "\"hyperband\"",
        "\"method\": \"random\", \"max_trials\": 40, \"executions_per_trial\": 3, \"scheduler\":"
        "{\"name\": \"successive_halving\", \"eta\": 2.5, \"trials\": 12}",
        "\"method\": \"random\", \"max_trials\": 40, \"executions_per_trial\": 2, \"scheduler\":"
        "{\"name\": \"median_stop\", \"min_trials\": 3}",
        "\"method\": {\"name\": \"evolution\", \"population_size\": 8, \"sample_size\": 3},"
        " \"max_trials\": 60, \"executions_per_trial\": 2",
        "\"method\": {\"name\": \"evolution\", \"population_size\": 8, \"sample_size\": 3}, "
        "\"lag\": 3,"
        " \"max_trials\": 90, \"scheduler\": \"hyperband\"",
        "\"method\": {\"name\": \"evolution\", \"population_size\": 8, \"sample_size\": 3}, "
        "\"lag\": 0,"
        " \"max_trials\": 60, \"scheduler\": \"median_stop\", \"patience\": 20",
        "\"method\": \"tpe\", \"max_trials\": 60, \"executions_per_trial\": 2, \"scheduler\": "
        "\"median_stop\"",
        "\"method\": \"random\", \"max_trials\": 90, \"scheduler\": \"hyperband\", \"patience\": "
        "10",
        "\"method\": \"random\", \"max_trials\": 90, \"executions_per_trial\": 2, \"target\": "
        "0.051, \"lag\": 4",
        "\"method\": \"random\", \"max_trials\": 90, \"scheduler\": \"hyperband\", \"target\": "
        "0.12",
        "\"method\": \"random\", \"max_trials\": 40, \"target\": 0.2, \"scheduler\":"
        "{\"name\": \"successive_halving\", \"trials\": 12}, \"lag\": 2",
    };
    for (size_t i = 0; i < sizeof searches / sizeof *searches; i++)
        for (int k = 0; k < 6; k++) {
            CASE("search %zu, world %d", i, k);
            check_orders((struct world){.search = searches[i],
                                        .epochs = k % 2 ? "{\"choice\": [5, 20, 12]}" : "20",
                                        .workers = 1 + k,
                                        .loss = k % 3 == 2 ? not_numbers : plain,
                                        .end = k > 2 ? mishaps : NULL,
                                        .impossible = k == 5 ? 4 : 0});
        }
}

static void test_budgets(void)
{
    struct world w = {.search =
                          "\"method\": \"random\", \"max_trials\": 50, \"executions_per_trial\": 3,"
                          "\"max_executions\": 11",
                      .epochs = "2",
                      .workers = 4,
                      .loss = plain};
    struct outcome *o = run(&w);
    CHECK_INT(o->executions, 11);
    CHECK_INT(o->trials, 4);
    CHECK_STR(o->why, "max_executions is reached");
    free(o);
    // Trial 5 is good enough: trials 0 … 5 must have been looked at, so trial 6 + lag is not begun.
    w.loss = falling;
    w.search = "\"method\": \"random\", \"max_trials\": 50, \"target\": 95, \"lag\": 3";
    o = run(&w);
    CHECK_INT(o->trials, 9);
    CHECK_STR(o->why, "the target is reached");
    free(o);
    // Trial 10 is the best; 11 … 14 are not better: four in vain.
    w.search = "\"method\": \"random\", \"max_trials\": 50, \"patience\": 4, \"lag\": 0";
    o = run(&w);
    CHECK_INT(o->trials, 15);
    free(o);
    w.search = "\"method\": \"random\", \"max_trials\": 50, \"patience\": 40, \"lag\": 0";
    o = run(&w);
    CHECK_INT(o->trials, 50);
    CHECK_STR(o->why, "");
    free(o);
}

// Nobody waits without need: all trials at once, without lag.
static void test_no_waiting(void)
{
    struct world w = {
        .search = "\"method\": \"random\", \"max_trials\": 500, \"executions_per_trial\": 2",
        .epochs = "2",
        .workers = 1000,
        .loss = plain};
    struct outcome *o = run(&w);
    CHECK_INT(o->executions, 1000);
    free(o);
}

int main(void)
{
    test_orders();
    test_budgets();
    test_no_waiting();
    return check_done();
}
