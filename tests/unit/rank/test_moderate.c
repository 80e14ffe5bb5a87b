// SPDX-License-Identifier: MIT
//
// Reference values from SciPy and from limma's formulas: reference.py.
#include "coordinator/rank/moderate.h"

#include "check.h"

#define CHECK_RELATIVE(found, wanted)                                                              \
    CHECK_THAT(fabs((found) - (wanted)) <= 1e-10 * fabs(wanted), "%s is %.17g, not %.17g", #found, \
               (double)(found), (double)(wanted))

enum { K = 12 };
static const double variance[K] = {4e-4, 1e-5,   2.5e-4, 9e-4, 1.6e-3, 3e-5,
                                   6e-4, 2.2e-3, 1.1e-3, 5e-3, 7e-4,   1e-2};
static const double df[K] = {2, 2, 2, 2, 4, 2, 1, 2, 2, 2, 4, 2};

static void test_polygamma(void)
{
    static const double x[] = {0.25, 0.5, 1, 2.5, 19.5, 400};
    static const double wanted[4][6] = {
        {-4.22745353337627, -1.96351002602142, -0.577215664901533, 0.703156640645243,
         2.9445543434256, 5.99021402627497},
        {17.1973291545071, 4.93480220054468, 1.64493406684823, 0.490357756100235,
         0.0526194412136559, 0.00250312760416341},
        {-129.327739937537, -16.8287966442343, -2.40411380631919, -0.236204051641727,
         -0.0027681678527467, -6.26564453120931e-06},
        {1538.78214400919, 97.4090910340024, 6.49393940226683, 0.223905848817252,
         0.000291184808835988, 3.13673828118897e-08}};
    for (int order = 0; order < 4; order++)
        for (int i = 0; i < 6; i++) {
            CASE("order %d, x %g", order, x[i]);
            CHECK_RELATIVE(ms_moderate_polygamma(order, x[i]), wanted[order][i]);
        }
}

static void test_inverse(void)
{
    static const double known[][2] = {{1e8, 0.000100000000822347}, {30, 0.186622530083935},
                                      {4, 0.566385988999013},      {1, 1.42625512021508},
                                      {0.02, 50.4983334555155},    {1e-7, 10000000.5}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        CASE("of %g", known[i][0]);
        CHECK_THAT(fabs(ms_moderate_trigamma_inverse(known[i][0]) / known[i][1] - 1) < 1e-7,
                   "%.17g", ms_moderate_trigamma_inverse(known[i][0]));
    }
    for (double y = 2e-6; y < 1e7; y *= 1.7)
        CHECK_RELATIVE(ms_moderate_polygamma(1, ms_moderate_trigamma_inverse(y)), y);
}

// V, the moderated variances, their degrees of freedom.
static void check_fit(int terms, bool careful, const double *d, const double *wanted)
{
    double place[K], out[K], out_df[K], scratch[6 * K];
    CASE("%d terms, careful %d", terms, careful);
    for (int i = 0; i < K; i++)
        place[i] = 2 * (i + 0.5) / K - 1;
    const struct ms_moderate m = {.k = K,
                                  .variance = variance,
                                  .df = d,
                                  .place = place,
                                  .terms = terms,
                                  .careful = careful,
                                  .moderated = out,
                                  .moderated_df = out_df};
    CHECK_RELATIVE(ms_moderate(&m, scratch), wanted[0]);
    for (int i = 0; i < K; i++) {
        CHECK_RELATIVE(out[i], wanted[1 + i]);
        CHECK_RELATIVE(out_df[i], wanted[1 + K + i]);
    }
}

static void test_fit(void)
{
    static const double constant[] = {
        1.85696339799552,     0.00048863815914197,  0.00028563379253804,  0.000410559556601997,
        0.000748900167608547, 0.00127989126438136,  0.000296044272876703, 0.000590189719124259,
        0.00142558138962165,  0.000853004970995178, 0.00288304863703448,  0.000663693677203843,
        0.00548566872170025,  3.84228188313708,     3.84228188313708,     3.84228188313708,
        3.84228188313708,     5.84228188313708,     3.84228188313708,     2.84228188313708,
        3.84228188313708,     3.84228188313708,     3.84228188313708,     5.84228188313708,
        3.84228188313708};
    static const double cubic[] = {
        1.77367260943227,     0.000247861190653474, 7.90144902546061e-05, 0.000242971849858681,
        0.000624780866031066, 0.00122799430565852,  0.000289087469140001, 0.000657536407424244,
        0.00153356079560302,  0.00105796303337638,  0.00318159894795487,  0.00100855475962838,
        0.00625468796127675,  3.90009906712305,     3.90009906712305,     3.90009906712305,
        3.90009906712305,     5.90009906712305,     3.90009906712305,     2.90009906712305,
        3.90009906712305,     3.90009906712305,     3.90009906712305,     5.90009906712305,
        3.90009906712305};
    static const double careful[] = {
        4.08496512413368,     0.000299106917009809, 2.8849863872891e-05,  0.000206087631515648,
        0.000660779624209793, 0.00134705140205807,  0.000114339453945344, 0.00048439315053354,
        0.00162274667397985,  0.000899209482275078, 0.00358134167132374,  0.00069479655899344,
        0.00742525967028513,  2.74092505710576,     2.92506908463041,     2.95988359228518,
        2.96244925301827,     4.87022938894686,     2.98729485144604,     2.03207547119004,
        2.93572944212749,     2.92464238945749,     2.95567881219734,     4.85806383660628,
        2.77384584698022};
    check_fit(1, false, df, constant);
    check_fit(4, false, df, cubic);
    check_fit(4, true, df, careful);
}

// limma's fitFDist() and squeezeVar() without a trend, equal degrees of freedom.
static void test_limma(void)
{
    static const double moderated[] = {
        0.000454928448171991, 0.000241061443694527, 0.000372671907988351, 0.00072911691545079,
        0.00111298076964111,  0.000252028982385679, 0.00056460383508351,  0.00144200693037567,
        0.000838792302362309, 0.00297746234713694,  0.00061944152853927,  0.00571934701992493};
    double wanted[1 + 2 * K], two[K];
    wanted[0] = ms_moderate_polygamma(1, 1.64712640879671 / 2);
    for (int i = 0; i < K; i++) {
        two[i] = 2;
        wanted[1 + i] = moderated[i];
        wanted[1 + K + i] = 1.64712640879671 + 2;
    }
    check_fit(1, false, two, wanted);
}

// Variances that differ no more than chance makes them: all have the trend's, with all degrees of
// freedom. Equal places leave one term.
static void test_alike(void)
{
    double equal[K], two[K], place[K] = {0}, out[K], out_df[K], scratch[6 * K];
    for (int i = 0; i < K; i++) {
        equal[i] = 0.25;
        two[i] = 2;
    }
    struct ms_moderate m = {.k = K,
                            .variance = equal,
                            .df = two,
                            .place = place,
                            .terms = 4,
                            .moderated = out,
                            .moderated_df = out_df};
    CHECK(ms_moderate(&m, scratch) == 0);
    // E ln(χ²/2) is ψ(1), so that equal variances are larger than the variance that they estimate
    CHECK_RELATIVE(out[3], 0.25 * exp(0.577215664901532861));
    CHECK(out_df[3] == 2 * K);
    m.careful = true;
    CHECK(ms_moderate(&m, scratch) == 0);
    CHECK(out_df[3] > 2 && out_df[3] < 2 * K && out[3] > 0);
}

int main(void)
{
    test_polygamma();
    test_inverse();
    test_fit();
    test_limma();
    test_alike();
    return check_done();
}
