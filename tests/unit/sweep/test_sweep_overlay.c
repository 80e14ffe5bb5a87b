// SPDX-License-Identifier: MIT
//
// A stage laid over what the stage before has found: which values it joins, and which it replaces.
#include "stages_fixture.h"

static void test_hidden(void)
{
    // Over an array: what is the same for all layers is one parameter.
    check_second(
        "{" HEAD
        "\"stages\": [{\"hidden\": [{\"units\": 8, \"dropout\": 0.5}, {\"units\": {\"choice\": "
        "[2, 4]}}]}, {\"hidden\": {\"same\": {\"dropout\": {\"choice\": [0.1, 0.2]}}}}]}",
        (const double[]){1},
        SAME
        "\"hidden\":{\"layers\":[{\"units\":8},{\"units\":4}],\"same\":{\"dropout\":{\"choice\":"
        "[0.1,0.2]}}}}");
    // And each layer its own.
    check_second(
        "{" HEAD "\"hidden\": {\"layers\": 2, \"same\": {\"units\": 3, \"activation\": \"relu\"}},"
        "\"stages\": [{}, {\"hidden\": {\"each\": {\"units\": {\"choice\": [1, 2]}}}}]}",
        NULL,
        SAME
        "\"hidden\":{\"layers\":[{\"activation\":\"relu\"},{\"activation\":\"relu\"}],\"each\":"
        "{\"units\":{\"choice\":[1,2]}}}}");
    // A new count or array replaces layers that were found.
    check_second("{" HEAD "\"hidden\": {\"layers\": 2, \"same\": {\"units\": 3}}, \"stages\": [{},"
                 "{\"hidden\": {\"layers\": 1, \"same\": {\"units\": {\"choice\": [5, 6]}}}}]}",
                 NULL, SAME "\"hidden\":{\"layers\":1,\"same\":{\"units\":{\"choice\":[5,6]}}}}");
    struct ms_sweep *s =
        parse("{" HEAD "\"stages\": [{\"hidden\": [{\"units\": 8}, {\"units\": 4}]},"
              "{\"hidden\": {\"same\": {\"dropout\": {\"choice\": [0.1, 0.2]}}}},"
              "{\"hidden\": {\"each\": {\"dropout\": {\"choice\": [0.3, 0.4]}}}}]}");
    struct ms_sweep *two = next(s, 1, s, NULL);
    struct ms_sweep *three = next(s, 2, two, (const double[]){1});
    CHECK_INT(ms_sweep_space(two)->n, 1);
    CHECK_STR(ms_sweep_space(two)->param[0].name, "hidden.same.dropout");
    CHECK_INT(ms_sweep_space(three)->n, 2);
    CHECK_STR(ms_sweep_space(three)->param[1].name, "hidden.2.dropout");
    struct ms_config *c = malloc(sizeof *c);
    struct ms_error err;
    REQUIRE(c && ms_sweep_config(two, (const double[]){1}, c, &err) == 0);
    CHECK_INT(c->n_hidden, 2);
    CHECK_INT(c->hidden[0].units, 8);
    CHECK_INT(c->hidden[1].units, 4);
    CHECK_NEAR(c->hidden[0].dropout, 0.2, 0);
    CHECK_NEAR(c->hidden[1].dropout, 0.2, 0);
    REQUIRE(ms_sweep_config(three, (const double[]){1, 0}, c, &err) == 0);
    CHECK_INT(c->hidden[1].units, 4);
    CHECK_NEAR(c->hidden[0].dropout, 0.4, 0);
    CHECK_NEAR(c->hidden[1].dropout, 0.3, 0);
    free(c);
    ms_sweep_free(three);
    ms_sweep_free(two);
    ms_sweep_free(s);
}

static void test_optimizer(void)
{
#define TWO(one, two) "{" HEAD "\"hidden\": [{\"units\": 4}], \"stages\": [" one ", " two "]}"
#define SECOND(rest) SAME "\"hidden\":[{\"units\":4}]," rest "}"
    // Arguments join the winner; a name replaces it.
    check_second(TWO("{\"optimizer\": {\"choice\": [\"adam\", \"nadam\"]}}",
                     "{\"optimizer\": {\"beta_1\": {\"choice\": [0.5, 0.9]}}}"),
                 (const double[]){1},
                 SECOND("\"optimizer\":{\"name\":\"nadam\",\"beta_1\":{\"choice\":[0.5,0.9]}}"));
    check_second(TWO("{\"optimizer\": {\"name\": \"adam\", \"beta_1\": 0.8}}",
                     "{\"optimizer\": {\"name\": \"sgd\"}}"),
                 NULL, SECOND("\"optimizer\":{\"name\":\"sgd\"}"));
    // A learning rate stands in one place, the one that was named last.
    check_second(
        TWO("{\"optimizer\": {\"name\": \"adam\", \"learning_rate\": 0.2, \"beta_1\": 0.8}}",
            "{\"learning_rate\": {\"choice\": [0.1, 0.3]}}"),
        NULL,
        SECOND("\"optimizer\":{\"name\":\"adam\",\"beta_1\":0.8},\"learning_rate\":{\"choice\":[0."
               "1,0.3]}"));
    check_second(
        TWO("{\"optimizer\": \"adam\", \"learning_rate\": 0.2}",
            "{\"optimizer\": {\"learning_rate\": {\"choice\": [0.1, 0.3]}}}"),
        NULL, SECOND("\"optimizer\":{\"name\":\"adam\",\"learning_rate\":{\"choice\":[0.1,0.3]}}"));
    check_second(
        TWO("{\"optimizer\": \"adam\", \"learning_rate\": 0.2}", "{\"optimizer\": \"sgd\"}"), NULL,
        SECOND("\"learning_rate\":0.2,\"optimizer\":\"sgd\""));
    // A schedule's arguments join it; a number replaces it.
    check_second(
        TWO("{\"learning_rate\": {\"schedule\": \"inverse_time\", \"initial\": 0.1, "
            "\"decay_steps\": 5,"
            " \"decay_rate\": 0.5}}",
            "{\"learning_rate\": {\"decay_rate\": {\"choice\": [0.1, 0.9]}}}"),
        NULL,
        SECOND("\"learning_rate\":{\"schedule\":\"inverse_time\",\"initial\":0.1,\"decay_steps\":5,"
               "\"decay_rate\":{\"choice\":[0.1,0.9]}}"));
    // Another row in its short form replaces.
    check_second(
        "{" HEAD
        "\"stages\": [{\"hidden\": [{\"units\": 2, \"kernel_regularizer\": {\"l2\": 0.1}}]},"
        "{\"hidden\": {\"same\": {\"kernel_regularizer\": {\"l1\": 0.2}}}}]}",
        NULL,
        SAME
        "\"hidden\":{\"layers\":[{\"units\":2}],\"same\":{\"kernel_regularizer\":{\"l1\":0.2}}}}");
}

int main(void)
{
    test_hidden();
    test_optimizer();
    return check_done();
}
