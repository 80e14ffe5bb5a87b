// SPDX-License-Identifier: MIT
//
// Values are trial + fold exactly, so that removing the fold leaves the trial.
#include "coordinator/rank/pairing.h"

#include "check.h"

enum { TRIALS = 5, FOLDS = 4 };
static const double fold[FOLDS] = {-3, 0, 1, 4};

static int64_t make(struct ms_paired *x, int repeats)
{
    int64_t n = 0;
    for (int i = 0; i < TRIALS; i++)
        for (int r = 0; r < repeats; r++)
            for (int f = 0; f < FOLDS; f++)
                x[n++] = (struct ms_paired){i, f, 10 * i + fold[f]};
    return n;
}

static void test_whole(void)
{
    struct ms_paired x[2 * TRIALS * FOLDS];
    for (int repeats = 1; repeats <= 2; repeats++) {
        CASE("%d times", repeats);
        const int64_t n = make(x, repeats);
        CHECK_NEAR(ms_pairing_remove(x, n, FOLDS), 0.8, 1e-15);
        for (int64_t i = 0; i < n; i++) // 0.5: the mean of the folds stays
            CHECK_NEAR(x[i].value, 10 * (double)x[i].trial + 0.5, 1e-12);
    }
}

// A trial without a fold is freed of the others' effects, and a noisy trial does not spoil them.
static void test_parts(void)
{
    struct ms_paired x[TRIALS * FOLDS];
    int64_t n = make(x, 1) - 2; // the last trial has folds 0 and 1
    x[3].value += 1000;
    CHECK_NEAR(ms_pairing_remove(x, n, FOLDS), 0.75, 1e-15);
    for (int64_t i = FOLDS; i < n; i++)
        CHECK_NEAR(x[i].value, 10 * (double)x[i].trial + 0.5, 1e-12);
}

static void test_too_few(void)
{
    struct ms_paired x[TRIALS * FOLDS];
    make(x, 1);
    CHECK(ms_pairing_remove(x, 2 * FOLDS, FOLDS) == 1);
    CHECK(x[0].value == -3);
    CHECK(ms_pairing_remove(x, TRIALS * FOLDS, 0) == 1);
    CHECK(ms_pairing_remove(x, 0, FOLDS) == 1);
}

int main(void)
{
    test_whole();
    test_parts();
    test_too_few();
    return check_done();
}
