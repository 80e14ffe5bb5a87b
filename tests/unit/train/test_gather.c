// SPDX-License-Identifier: MIT
//
// Batches of floats and bytes against plain loops, by order and in sequence, for every remainder of
// a tile.
#include "check.h"

#include "worker/train/gather.h"

enum { ROWS = 70, MAX_INPUTS = 37, OUTPUTS = 3, LD = 80 };

static float floats[ROWS * MAX_INPUTS], targets[ROWS * OUTPUTS];
static unsigned char bytes[ROWS * MAX_INPUTS];
static _Alignas(64) ms_real x[MAX_INPUTS * LD], t[OUTPUTS * LD];

static void check(int inputs, int u8, const uint32_t *order, uint32_t first, int rows, int ld)
{
    CASE("%d %s, %d rows from %u, ld %d", inputs, u8 ? "bytes" : "floats", rows, first, ld);
    const struct ms_dataset d = {
        .n_inputs = inputs,
        .n_outputs = OUTPUTS,
        .n_train = ROWS,
        .x_type = u8 ? MS_X_U8 : MS_X_F32,
        .x_divide = 255,
        .x = u8 ? (const void *)bytes : floats,
        .y = targets,
    };
    memset(x, 0xff, sizeof x);
    memset(t, 0xff, sizeof t);
    ms_gather(&d, order, first, rows, ld, x, t);
    int wrong = 0;
    for (int i = 0; i < ld; i++) {
        int r = i < rows ? i : rows - 1;
        int row = order ? (int)order[r] : (int)first + r;
        for (int k = 0; k < inputs; k++) {
            float wanted = u8 ? (float)bytes[row * inputs + k] / 255.0f : floats[row * inputs + k];
            wrong += x[k * ld + i] != wanted;
        }
        for (int j = 0; j < OUTPUTS; j++)
            wrong += t[j * ld + i] != targets[row * OUTPUTS + j];
    }
    CHECK_THAT(wrong == 0, "%d inputs, %d rows, bytes %d: %d wrong", inputs, rows, u8, wrong);
}

// scikit-learn 1.9.1: compute_class_weight("balanced", classes=[0, 1], y=[1, 0, 1, 1, 1, 1]) is
// [3, 0.6]; with classes 0 and 2 of y = [2, 0, 2, 2], [2, 0.667]. Rows that order leaves out are a
// fold's.
static void test_balance(void)
{
    static const float one[] = {1, 0, 1, 1, 0, 0, 1, 1},
                       three[] = {0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1};
    static const uint32_t order[] = {7, 1, 0, 6, 2, 3}, other[] = {3, 0, 1, 4};
    struct ms_dataset d = {.n_outputs = 1, .n_train = 6, .y = one};
    double weight[3];
    ms_gather_balance(&d, order, weight);
    CHECK_NEAR(weight[0], 3, 1e-15);
    CHECK_NEAR(weight[1], 0.6, 1e-15);
    d.n_outputs = 3;
    d.n_train = 4;
    d.y = three;
    ms_gather_balance(&d, other, weight);
    CHECK_NEAR(weight[0], 2, 1e-15);
    CHECK_NEAR(weight[1], 1, 0);
    CHECK_NEAR(weight[2], 4 / 6.0, 1e-15);
}

int main(void)
{
    test_balance();
    uint32_t order[ROWS];
    for (int i = 0; i < ROWS * MAX_INPUTS; i++) {
        floats[i] = (float)i + 0.25f;
        bytes[i] = (unsigned char)(i * 37 % 256);
    }
    for (int i = 0; i < ROWS * OUTPUTS; i++)
        targets[i] = (float)-i;
    for (uint32_t i = 0; i < ROWS; i++)
        order[i] = i * 31 % ROWS;
    static const int inputs[] = {1, 2, 15, 16, 17, 32, 37};
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++)
        for (int u8 = 0; u8 < 2; u8++) {
            check(inputs[i], u8, order, 0, 1, 16);
            check(inputs[i], u8, order, 0, 16, 16);
            check(inputs[i], u8, order, 0, 65, 80);
            check(inputs[i], u8, order, 0, 17, 48); // more than one block beyond the rows
            check(inputs[i], u8, NULL, 50, 20, 32);
        }
    return check_done();
}
