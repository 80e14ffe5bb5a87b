// SPDX-License-Identifier: MIT
//
// The tensors of a network with everything, written down by hand.
#include "mlpsweep/weights.h"

#include "check.h"

static struct ms_pick norm(const char *name)
{
    const int row = ms_table_find(&ms_normalization_table, name);
    REQUIRE(row > 0);
    return ms_table_default(&ms_normalization_table, row);
}

int main(void)
{
    struct ms_config c = {.n_hidden = 3};
    c.hidden[0] = (struct ms_layer_config){
        .units = 4, .use_bias = true, .normalization = norm("batch_normalization")};
    c.hidden[1] =
        (struct ms_layer_config){.units = 2, .normalization = norm("layer_normalization")};
    c.hidden[1].normalization.arg[1] = 0; // center
    c.hidden[2] = (struct ms_layer_config){.units = 5, .use_bias = true};
    c.output.use_bias = true;
    static const struct ms_weight wanted[] = {
        {"hidden.1.kernel", MS_KERNEL, 0, 3, 4, 0},
        {"hidden.1.bias", MS_BIAS, 0, 1, 4, 12},
        {"hidden.1.gamma", MS_GAMMA, 0, 1, 4, 16},
        {"hidden.1.beta", MS_BETA, 0, 1, 4, 20},
        {"hidden.1.moving_mean", MS_MOVING_MEAN, 0, 1, 4, 24},
        {"hidden.1.moving_variance", MS_MOVING_VARIANCE, 0, 1, 4, 28},
        {"hidden.2.kernel", MS_KERNEL, 1, 4, 2, 32},
        {"hidden.2.gamma", MS_GAMMA, 1, 1, 2, 40},
        {"hidden.3.kernel", MS_KERNEL, 2, 2, 5, 42},
        {"hidden.3.bias", MS_BIAS, 2, 1, 5, 52},
        {"output.kernel", MS_KERNEL, 3, 5, 6, 57},
        {"output.bias", MS_BIAS, 3, 1, 6, 87},
    };
    struct ms_weight list[MS_MAX_TENSORS];
    size_t total = 0;
    const int n = ms_weights_of(&c, 3, 6, list, &total);
    REQUIRE(n == (int)(sizeof wanted / sizeof *wanted));
    for (int i = 0; i < n; i++) {
        CASE("%s", wanted[i].name);
        CHECK_STR(list[i].name, wanted[i].name);
        CHECK(list[i].role == wanted[i].role && list[i].layer == wanted[i].layer);
        CHECK(list[i].rows == wanted[i].rows && list[i].cols == wanted[i].cols);
        CHECK_INT(list[i].offset, wanted[i].offset);
    }
    CHECK_INT(total, 93);
    CHECK_STR(ms_weights_role_name(MS_MOVING_VARIANCE), "moving_variance");
    const float numbers[] = {1, -0.0f, 3.5f};
    static const uint8_t bytes[] = {0, 0, 0x80, 0x3f, 0, 0, 0, 0x80, 0, 0, 0x60, 0x40}; // IEEE 754
    uint8_t made[12];
    float back[3];
    ms_weights_to_bytes(numbers, 3, made);
    CHECK(memcmp(made, bytes, sizeof bytes) == 0);
    ms_weights_from_bytes(bytes, 3, back);
    CHECK(memcmp(back, numbers, sizeof numbers) == 0);
    c.n_hidden = MS_MAX_LAYERS; // the largest list has room
    for (int i = 0; i < MS_MAX_LAYERS; i++)
        c.hidden[i] = c.hidden[0];
    CHECK_INT(ms_weights_of(&c, 3, 6, list, NULL), 6 * MS_MAX_LAYERS + 2);
    return check_done();
}
