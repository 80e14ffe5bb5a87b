// SPDX-License-Identifier: MIT
//
// Rules between the arguments of a row, which must hold for every value that a parameter can take.
#include "common/sweep/walkers.h"

#include "problem_fixture.h"

static void test_gives(void)
{
    cJSON *v =
        cJSON_Parse("{\"a\": 1, \"b\": 0, \"c\": null, \"d\": false, \"e\": true, \"f\": {}}");
    REQUIRE(v);
    CHECK(ms_sweep_pick_gives(v, "a") && ms_sweep_pick_gives(v, "e") &&
          ms_sweep_pick_gives(v, "f"));
    CHECK(!ms_sweep_pick_gives(v, "b") && !ms_sweep_pick_gives(v, "c") &&
          !ms_sweep_pick_gives(v, "d"));
    CHECK(!ms_sweep_pick_gives(v, "g"));
    cJSON_Delete(v);
}

static void test_optimizer(void)
{
    static const struct wrong_case rows[] = {
        {"\"clipnorm\": 1", ""},
        {"\"clipnorm\": 1, \"clipvalue\": null", ""}, // off
        {"\"clipnorm\": 1, \"clipvalue\": 2",
         "optimizer: found clipvalue beside clipnorm; allowed: one of "
         "clipnorm, clipvalue, global_clipnorm"},
        {"\"use_ema\": true, \"ema_momentum\": 0.5", ""},
        {"\"ema_momentum\": 0.5",
         "optimizer: found ema_momentum without use_ema; allowed: beside it only"},
        {"\"use_ema\": false, \"ema_momentum\": 0.5",
         "optimizer: found ema_momentum without use_ema; allowed: beside it only"},
    };
    CHECK_PROBLEMS(
        "{\"data\": {\"synthetic\": \"xor\"}, \"hidden\": [], \"optimizer\": {\"name\": \"sgd\", "
        "%s}}",
        rows);
}

static void test_lists(void)
{
    static const struct wrong_case rows[] = {
        {"\"values\": [3, 2], \"boundaries\": [5]", ""},
        {"\"values\": [3, 2], \"boundaries\": [5, 6]",
         "learning_rate: found 2 values and 2 boundaries; allowed: one more of values than of "
         "boundaries"},
        {"\"values\": {\"choice\": [[3, 2], [3, 2, 1]]}, \"boundaries\": [5]",
         "learning_rate: found 3 values and 1 boundaries; allowed: one more of values than of "
         "boundaries"},
        {"\"values\": [3, 2, 1], \"boundaries\": [5, 5]",
         "learning_rate: found 5 in boundaries after 5; allowed: numbers that rise"},
        // The largest of the one meets the least of the other.
        {"\"values\": [3, 2, 1], \"boundaries\": [{\"int\": [1, 7]}, {\"int\": [6, 9]}]",
         "learning_rate: found 6 in boundaries after 7; allowed: numbers that rise"},
        {"\"values\": [3, 2, 1], \"boundaries\": [{\"int\": [1, 5]}, {\"int\": [6, 9]}]", ""},
    };
    CHECK_PROBLEMS(
        "{\"data\": {\"synthetic\": \"xor\"}, \"hidden\": [], \"learning_rate\": {\"schedule\": "
        "\"piecewise_constant\", %s}}",
        rows);
}

static void test_order(void)
{
    static const struct wrong_case rows[] = {
        {"\"minval\": -1, \"maxval\": 1", ""},
        {"\"minval\": 1, \"maxval\": 1", ""},
        {"\"minval\": 1, \"maxval\": -1",
         "output.kernel_initializer: found minval 1 and maxval -1; allowed: minval at most maxval"},
        {"\"minval\": 1", "output.kernel_initializer: found minval 1 and maxval 0.05; allowed: "
                          "minval at most maxval"}, // beside the default
        {"\"minval\": {\"choice\": [-1, 0.5]}, \"maxval\": {\"float\": [0.25, 1], \"points\": 2}",
         "output.kernel_initializer: found minval 0.5 and maxval 0.25; allowed: minval at most "
         "maxval"},
    };
    CHECK_PROBLEMS(
        "{\"data\": {\"synthetic\": \"xor\"}, \"hidden\": [], \"output\": {\"kernel_initializer\": "
        "{\"name\": \"random_uniform\", %s}}}",
        rows);
}

int main(void)
{
    test_gives();
    test_optimizer();
    test_lists();
    test_order();
    return check_done();
}
