// SPDX-License-Identifier: MIT
//
// Several objectives: the rows of a sweep's goals, and the value of every trial by each of them.
#include "store_old.h"

static void test_old(void)
{
    struct ms_store *s = open_old();
    struct ms_goal_values g;
    OK(ms_store_goal_values(s, 1, &g, &err));
    REQUIRE(g.goals.n == 2 && g.n == 5);
    CHECK_STR(g.goals.item[0].name, "val_loss");
    CHECK_STR(g.goals.item[1].name, "seconds");
    CHECK(!g.goals.item[0].maximize && !g.goals.item[1].maximize);
    static const uint32_t trial[] = {0, 1, 2, 4, 5}; // 3 failed
    static const double value[][2] = {{2.52281853403377e-05, 0.00573650000023918},
                                      {8.93111377093898e-05, 0.0023189880002974},
                                      {9.40038079892648e-05, 0.00339912399977038},
                                      {0.00378865303626672, 0.00235290800083021},
                                      {3.19086000050258e-05, 0.00893951100078993}};
    for (int i = 0; i < 5; i++) {
        CASE("row %d", i);
        CHECK_INT(g.trial[i], trial[i]);
        for (int k = 0; k < 2; k++)
            CHECK(fabs(g.value[2 * i + k] / value[i][k] - 1) < 1e-12);
    }
    ms_store_goal_values_clear(&g);
    CHECK(!g.trial && !g.value && g.n == 0);
    OK(ms_store_close(s, &err));
}

// Goals that a sweep names are stored in its order; one that no epoch reported is NAN.
static void test_put(void)
{
    struct ms_sweep *sweep = parse(
        "{\"name\": \"goals\", \"data\": {\"synthetic\": \"xor\"}, \"hidden\": [{\"units\": 4}],"
        " \"optimizer\": {\"choice\": [\"sgd\", \"adam\"]}, \"learning_rate\":"
        " {\"float\": [1e-4, 1e-1], \"log\": true}, \"batch_size\": {\"choice\": [32, 128]},"
        " \"epochs\": 2, \"metrics\": [\"accuracy\"], \"search\": {\"method\": \"random\","
        " \"max_trials\": 20}, \"objective\": [{\"metric\": \"val_accuracy\"},"
        " {\"metric\": \"weights\"}, {\"metric\": \"val_loss\"}]}");
    struct ms_store *s =
        open_and_begin(in_folder("goals.sqlite"), MS_JOURNAL_AUTO, sweep, NULL, NULL);
    put_trial(s, 0, 0, 0.001, 1, 2);
    put_trial(s, 1, 0, 0.01, 1, 1);
    put_execution(s, 0, 0, 0.5);
    put_execution(s, 0, 1, 0.75);
    struct ms_goal_values g;
    OK(ms_store_goal_values(s, 1, &g, &err));
    REQUIRE(g.goals.n == 3 && g.n == 1); // trial 1 has no result yet
    CHECK(g.goals.item[0].maximize && !g.goals.item[1].maximize && !g.goals.item[2].maximize);
    CHECK(g.value[0] == 0.625 && g.value[1] == 17 && g.value[2] == 0.8);
    ms_store_goal_values_clear(&g);
    OK(ms_store_end(s, "finished", &err));
    OK(ms_store_close(s, &err));
    CHECK_SQL(in_folder("goals.sqlite"),
              "SELECT group_concat(position || metric || goal, ' ') FROM objective",
              "0val_accuracymaximize 1weightsminimize 2val_lossminimize");
    ms_sweep_free(sweep);
}

int main(void)
{
    fixture_init();
    test_old();
    test_put();
    fixture_clear();
    return check_done();
}
