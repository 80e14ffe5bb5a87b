// SPDX-License-Identifier: MIT
//
// The element functions against libm in double, over the bit patterns of float in steps.
#include "check.h"

#include "worker/kernels/vector.h"

// Distance in units of the last place of the float nearest to wanted; below the smallest normal
// number, of that one's.
static double ulps(float found, double wanted)
{
    if ((isnan(found) && isnan(wanted)) || (double)found == wanted)
        return 0;
    float near = fmaxf((float)fabs(wanted), 0x1p-126f);
    return fabs((double)found - wanted) / ((double)nextafterf(near, INFINITY) - (double)near);
}

enum { EXP, SIGMOID, TANH, LOG, LOG1P, EXPM1, CDF, N };

int main(void)
{
    static const double allowed[N] = {1.1, 2.6, 1.4, 0.9, 1.3, 1.5, 6.5};
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
        if (x <= 0)
            error[EXPM1] = ulps(ms_expm1(x), expm1(wide));
        if (x > -13) // half a place of x²/2 is x²/4 places of the result
            error[CDF] = ulps(ms_normal_cdf(x), 0.5 * erfc(-wide * sqrt(0.5))) /
                         (1 + (x < 0 ? x * x / 8 : 0));
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
    CHECK(ms_expm1(0) == 0 && ms_expm1(-INFINITY) == -1 && ms_expm1(-1e30f) == -1);
    CHECK(ms_normal_cdf(-1e30f) == 0 && ms_normal_cdf(1e30f) == 1);
    CHECK(isnan(ms_expm1(NAN)) && isnan(ms_normal_cdf(NAN)));
    return check_done();
}
