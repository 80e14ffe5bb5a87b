// SPDX-License-Identifier: MIT
//
// The costs of a trial by what the sweep runs: a network by the cost model, on the data set of its
// configuration; a command by its epochs; a function next to nothing.
#include "mlpsweep/sweep_cost.h"

#include "config_fixture.h"

static void test_command(void)
{
    struct ms_sweep *s =
        parse("{\"objective\": {\"command\": [\"p\", \"{epochs}\"], \"metric\": \"loss\"}, "
              "\"epochs\": {\"choice\": [3, 12]}}");
    struct ms_error err;
    double seconds[2];
    for (int i = 0; i < 2; i++) {
        struct ms_config c = *config_at(s, (double[]){i});
        CHECK_INT(ms_sweep_complete(s, NULL, &c, &err), 0); // without data
        struct ms_cost cost = ms_sweep_cost(s, NULL, &c);
        CHECK(isnan(cost.parameters) && cost.flops == 0 && cost.bytes == 0);
        seconds[i] = ms_sweep_seconds(s, &c, &cost);
    }
    CHECK(seconds[0] > 0);
    CHECK_NEAR(seconds[1], 4 * seconds[0], 1e-12);
    ms_sweep_free(s);
}

static void test_function(void)
{
    struct ms_sweep *s = parse("{\"objective\": {\"function\": \"beale\"}, \"params\": {\"x\": 1, "
                               "\"y\": {\"int\": [0, 1]}}}");
    struct ms_config c = *config_at(s, (double[]){1});
    struct ms_cost cost = ms_sweep_cost(s, NULL, &c);
    CHECK(isnan(cost.parameters) && cost.flops == 0);
    double seconds = ms_sweep_seconds(s, &c, &cost);
    CHECK(seconds > 0 && seconds < 1e-3);
    ms_sweep_free(s);
}

// The data set is the one that the configuration names, not the first.
static void test_network(void)
{
    struct ms_sweep *s =
        parse("{\"data\": {\"synthetic\": \"xor\", \"points\": {\"choice\": [100, 400]}}, "
              "\"hidden\": [{\"units\": 3}], \"epochs\": 2}");
    const struct ms_data_spec *spec;
    struct ms_dataset data[2];
    struct ms_error err;
    REQUIRE(ms_sweep_data(s, &spec) == 2);
    for (int i = 0; i < 2; i++)
        data[i] = (struct ms_dataset){.task = MS_BINARY,
                                      .n_inputs = 2,
                                      .n_outputs = 1,
                                      .n_train = i ? 320 : 80,
                                      .n_val = i ? 80 : 20,
                                      .x_divide = 1};
    double flops[2];
    for (int i = 0; i < 2; i++) {
        struct ms_config c = *config_at(s, (double[]){i});
        REQUIRE(c.dataset == i && ms_sweep_complete(s, data, &c, &err) == 0);
        struct ms_cost cost = ms_sweep_cost(s, data, &c), wanted = ms_cost_of(&c, &data[i]);
        CHECK(memcmp(&cost, &wanted, sizeof cost) == 0);
        CHECK_NEAR(cost.parameters, 2 * 3 + 3 + 3 + 1, 0);
        CHECK(ms_sweep_seconds(s, &c, &cost) == ms_cost_seconds(&cost));
        flops[i] = cost.flops;
    }
    CHECK_NEAR(flops[1], 4 * flops[0], 1e-12);
    ms_sweep_free(s);
}

int main(void)
{
    test_command();
    test_function();
    test_network();
    return check_done();
}
