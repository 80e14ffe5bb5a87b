// SPDX-License-Identifier: MIT
//
// When training stops and when the rate falls. Keras's own decisions:
// tests/numeric/test_reference_callbacks.c.
#include "check.h"

#include "worker/train/callbacks.h"

// A letter an epoch: i(mproved), . (go on), S(top).
static const char *verdicts(const struct ms_early_stopping *es, const double *values, int n)
{
    static char out[32];
    struct ms_watch w = {0};
    for (int i = 0; i < n; i++)
        out[i] = ".iS"[ms_callbacks_early_stop(&w, es, i + 1, values[i])];
    out[n] = '\0';
    return out;
}

static void test_early_stop(void)
{
    static const double values[] = {5, 4, 4.5, 3.9, 4.1, 4, 3.9};
    struct ms_early_stopping es = {.patience = 2};
    CHECK_STR(verdicts(&es, values, 7), "ii.i.SS");
    es.patience = 0;
    CHECK_STR(verdicts(&es, values, 7), "iiSiSSS");
    es.patience = 1;
    CHECK_STR(verdicts(&es, values, 7), "iiSiSSS");
    es.patience = 3;
    es.min_delta = 0.2; // 3.9 is not enough below 4, even for the sign turned round
    CHECK_STR(verdicts(&es, values, 7), "ii..SSS");
    es.min_delta = -0.2;
    CHECK_STR(verdicts(&es, values, 7), "ii..SSS");
    es.min_delta = 0;
    es.start_from_epoch = 3; // the first that is watched is the best so far
    CHECK_STR(verdicts(&es, values, 7), "...i..S");
    es.start_from_epoch = 0;
    es.maximize = true;
    CHECK_STR(verdicts(&es, values, 7), "i..SSSS");
    static const double nan_first[] = {NAN, 1, 2, 0}, nan_later[] = {3, NAN, 2, NAN};
    es = (struct ms_early_stopping){.patience = 3};
    CHECK_STR(verdicts(&es, nan_first, 4), "i..S");
    CHECK_STR(verdicts(&es, nan_later, 4), "i.i.");
    // exactly min_delta better is not better
    static const double halves[] = {2, 1.5, 1.4375};
    es.min_delta = 0.5;
    CHECK_STR(verdicts(&es, halves, 3), "i.i");
}

static void test_plateau(void)
{
    struct ms_reduce_on_plateau r = {.on = true, .factor = 0.5, .patience = 2, .min_lr = 0.2};
    struct ms_watch w = {0};
    //                             best           reduced        best again     to min_lr
    static const double values[] = {3, 3, 3, 3, 3, 2, 2, 2, 2, 2};
    static const double rates[] = {1, 1, 0.5, 0.5, 0.25, 0.25, 0.25, 0.2, 0.2, 0.2};
    double rate = 1;
    for (int i = 0; i < 10; i++) {
        rate = ms_callbacks_reduce_on_plateau(&w, &r, values[i], rate);
        CHECK_THAT(rate == rates[i], "epoch %d: rate %g, not %g", i + 1, rate, rates[i]);
    }
    // two epochs after a reduction are not counted, the second is (the counter is at 0 then)
    r.cooldown = 2;
    r.min_lr = 0;
    w = (struct ms_watch){0};
    static const double cooled[] = {1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125};
    rate = 1;
    for (int i = 0; i < 9; i++) {
        rate = ms_callbacks_reduce_on_plateau(&w, &r, 3, rate);
        CHECK_THAT(rate == cooled[i], "cooling, epoch %d: rate %g, not %g", i + 1, rate, cooled[i]);
    }
}

int main(void)
{
    test_early_stop();
    test_plateau();
    return check_done();
}
