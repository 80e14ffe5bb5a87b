// SPDX-License-Identifier: MIT
//
// The element functions against libm in double, over the bit patterns of float in steps.
#include "check.h"

#include "../../worker/vector.h"

// Distance in units of the last place of the float nearest to wanted; below the smallest normal
// number, of that one's.
static double ulps(float found, double wanted)
{
    if ((isnan(found) && isnan(wanted)) || (double)found == wanted)
        return 0;
    float near = fmaxf((float)fabs(wanted), 0x1p-126f);
    return fabs((double)found - wanted) / ((double)nextafterf(near, INFINITY) - (double)near);
}

enum { EXP, SIGMOID, TANH, LOG, LOG1P, N };

int main(void)
{
    static const double allowed[N] = {1.1, 2.6, 1.4, 0.9, 1.3};
    double worst[N] = {0};
    float at[N] = {0};
    for (uint64_t bits = 0; bits < 0x100000000u; bits += 997) {
        float x = ms_bits_float((uint32_t)bits);
        if (!isfinite(x))
            continue;
        double wide = (double)x, error[N] = {0};
        if (x > -87.3f && x < 88.7f) // where the result is a normal number
            error[EXP] = ulps(ms_exp(x), exp(wide));
        if (x > -87.3f)
            error[SIGMOID] = ulps(ms_sigmoid(x), 1 / (1 + exp(-wide)));
        error[TANH] = ulps(ms_tanh(x), tanh(wide));
        if (x >= 0x1p-126f)
            error[LOG] = ulps(ms_log(x), log(wide));
        if (x >= 0)
            error[LOG1P] = ulps(ms_log1p(x), log1p(wide));
        for (int f = 0; f < N; f++)
            if (!(error[f] <= worst[f])) {
                worst[f] = error[f];
                at[f] = x;
            }
    }
    for (int f = 0; f < N; f++)
        CHECK_THAT(worst[f] <= allowed[f], "function %d is off by %g ulp at %g", f, worst[f],
                   (double)at[f]);

    CHECK(ms_exp(0) == 1 && ms_exp(INFINITY) == INFINITY && ms_exp(-INFINITY) == 0);
    CHECK(ms_exp(89) == INFINITY && isfinite(ms_exp(88.72f)) && ms_exp(-200) == 0);
    CHECK(isnan(ms_exp(NAN)) && isnan(ms_tanh(NAN)) && isnan(ms_sigmoid(NAN)) &&
          isnan(ms_log(NAN)));
    CHECK(ms_tanh(INFINITY) == 1 && ms_tanh(-INFINITY) == -1 && ms_tanh(0) == 0);
    CHECK(ms_sigmoid(INFINITY) == 1 && ms_sigmoid(-INFINITY) == 0 && ms_sigmoid(-1000) == 0);
    CHECK(ms_log(1) == 0 && ms_log(0) == -INFINITY && ms_log(INFINITY) == INFINITY);
    return check_done();
}
