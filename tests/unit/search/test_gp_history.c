// SPDX-License-Identifier: MIT
//
// Which observations a Gaussian process learns from, and their values as targets: order and shape
// are kept, failures are worst, warps differ by a likelihood that can be compared.
#include "coordinator/search/gp_history.h"

#include "check.h"

static struct ms_error err;

static void test_targets(void)
{
    enum { N = 9 };
    double value[N] = {0.1, 1e9, 0.2, NAN, 0.3, 5, 0.4, INFINITY, 0.5}, target[N];
    int work[N];
    ms_gp_targets(N, value, MS_GP_WARP_STRONG, target, work);
    double mean = 0, square = 0;
    for (int i = 0; i < N; i++) {
        mean += target[i] / N;
        square += target[i] * target[i] / N;
    }
    CHECK_NEAR(mean, 0, 1e-12);
    CHECK_NEAR(square, 1, 1e-12);
    // the better half keeps its shape, the rest its order; failures are the worst
    CHECK_NEAR(target[4] - target[2], target[2] - target[0], 1e-12);
    CHECK(target[0] < target[2] && target[8] < target[5] && target[5] < target[1]);
    CHECK(target[1] < target[3] && target[3] == target[7]);
    CHECK(target[1] - target[5] < 60 * (target[2] - target[0])); // of values 10^10 times as far
    double low[3] = {-INFINITY, 1, 2}, t[3];
    for (enum ms_gp_warp w = 0; w < MS_GP_WARPS; w++) {
        CASE("warp %d", (int)w);
        ms_gp_targets(3, low, w, t, work);
        CHECK(isfinite(t[0]) && t[0] <= t[1] && t[1] < t[2]);
    }
    // without a warp all differences keep their ratios; values of any size are taken
    double huge[3] = {-1e308, 0, 1.5e308};
    ms_gp_targets(3, huge, MS_GP_WARP_NONE, t, work);
    CHECK_NEAR((t[2] - t[1]) / (t[1] - t[0]), 1.5, 1e-12);
    // what is returned is - Σ log d target / d value but for one constant: slopes by differences
    double v[8] = {0, 0.5, 1, 1.5, 3, 3 + 1e-6, 40, 40 + 1e-5}, a[8], constant[MS_GP_WARPS];
    for (enum ms_gp_warp w = 0; w < MS_GP_WARPS; w++) {
        CASE("warp %d", (int)w);
        constant[w] = ms_gp_targets(8, v, w, a, work) + 4 * log((a[1] - a[0]) / 0.5) +
                      2 * log((a[5] - a[4]) / 1e-6) + 2 * log((a[7] - a[6]) / 1e-5);
        CHECK_NEAR(constant[w], constant[0], 1e-4);
    }
}

static void test_pick(void)
{
    double point = 0;
    int pick[64];
    struct ms_observation o[40];
    // trained in parts: 30 trials to 1 epoch, of them 8 to 3, 2 to 9
    int n = 0;
    for (int t = 0; t < 30; t++)
        o[n++] = (struct ms_observation){(uint32_t)t, 1, t, &point, false};
    for (int t = 0; t < 8; t++)
        o[n++] = (struct ms_observation){(uint32_t)t, 3, t, &point, false};
    for (int t = 0; t < 2; t++)
        o[n++] = (struct ms_observation){(uint32_t)t, 9, t, &point, false};
    struct ms_history h = {.n = n, .item = o};
    CHECK_INT(ms_gp_pick(&h, false, 2, 64, pick, &err), 2);
    CHECK_INT(pick[0], 38);
    CHECK_INT(ms_gp_pick(&h, false, 4, 64, pick, &err), 8);
    CHECK_INT(pick[7], 37);
    CHECK_INT(ms_gp_pick(&h, false, 50, 64, pick, &err), 30);
    CHECK_INT(pick[29], 29);
    // each trial once, in brackets that begin with different numbers of epochs: not comparable
    h.n = 30;
    for (int t = 20; t < 30; t++)
        o[t].epochs = 3;
    h.parts = true;
    CHECK_INT(ms_gp_pick(&h, false, 2, 64, pick, &err), 10);
    CHECK_INT(pick[0], 20);
    // unless they are a parameter, or it was no scheduler that paused them
    CHECK_INT(ms_gp_pick(&h, true, 2, 64, pick, &err), 30);
    h.parts = false;
    CHECK_INT(ms_gp_pick(&h, false, 2, 64, pick, &err), 30);
    for (int t = 0; t < 20; t++)
        o[t].stopped = true;
    CHECK_INT(ms_gp_pick(&h, false, 2, 64, pick, &err), 30);
    for (int t = 0; t < 20; t++)
        o[t].stopped = false;
    h.parts = true;
    // one that fails at a higher rung has failed, of however many epochs its crash tells
    h.n = 31;
    o[30] = (struct ms_observation){25, 0, NAN, &point, false};
    CHECK_INT(ms_gp_pick(&h, false, 2, 64, pick, &err), 10);
    CHECK_INT(pick[9], 30);
    h.n = 30;
    for (int t = 20; t < 30; t++)
        o[t].epochs = 1;
    // too many: the best half and the newest
    o[25].value = -1;
    CHECK_INT(ms_gp_pick(&h, false, 2, 6, pick, &err), 6);
    static const int wanted[6] = {0, 1, 25, 27, 28, 29};
    for (int i = 0; i < 6; i++)
        CHECK_INT(pick[i], wanted[i]);
}

int main(void)
{
    test_targets();
    test_pick();
    return check_done();
}
