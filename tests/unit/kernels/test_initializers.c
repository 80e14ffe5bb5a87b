// SPDX-License-Identifier: MIT
//
// Moments, bounds and shapes of the distributions, and orthogonality; tests/numeric compares with
// Keras.
#include "check.h"

#include "worker/kernels/initializers.h"

enum { IN = 300, UNITS = 100, N = IN * UNITS };

static ms_real weights[N];

static void fill(const char *name, int rows, int cols, uint64_t counter)
{
    int row = ms_table_find(&ms_initializer_table, name);
    REQUIRE(row >= 0);
    struct ms_pick pick = ms_table_default(&ms_initializer_table, row);
    struct ms_rng rng = ms_rng_at(2020, 1, 2, MS_STREAM_INIT);
    const struct ms_init init = {weights, rows, cols, rows, cols, &rng, counter, pick.arg};
    memset(weights, 0xff, sizeof weights);
    ms_initializer_row(row)->fill(&init);
}

// Keras: he_* has variance 2 / fan_in, glorot_* 2 / (fan_in + fan_out), after the cut at two
// standard deviations of the normal before it.
static void test_moments(void)
{
    static const struct {
        const char *name;
        double variance, limit; // limit in standard deviations: √3, and 2 / 0.8796… when truncated
        double fourth;          // moment over variance²: 9/5, and of the cut normal
    } rows[] = {
        {"glorot_uniform", 2.0 / (IN + UNITS), 1.7320508, 1.8},
        {"glorot_normal", 2.0 / (IN + UNITS), 2.2736925, 2.3655},
        {"he_uniform", 2.0 / IN, 1.7320508, 1.8},
        {"he_normal", 2.0 / IN, 2.2736925, 2.3655},
        {"lecun_uniform", 1.0 / IN, 1.7320508, 1.8},
        {"lecun_normal", 1.0 / IN, 2.2736925, 2.3655},
        {"random_uniform", 0.1 * 0.1 / 12, 1.7320508, 1.8},
        // not rescaled: the cut normal's variance is 0.7737 of the whole one's
        {"truncated_normal", 0.0025 * 0.77374131, 2.2736925, 2.3655},
    };
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        CASE("%s", rows[r].name);
        fill(rows[r].name, IN, UNITS, 0);
        double mean = 0, variance = 0, fourth = 0, largest = 0;
        for (int i = 0; i < N; i++) {
            double w = (double)weights[i] / sqrt(rows[r].variance);
            mean += w / N;
            variance += w * w / N;
            fourth += w * w * w * w / N;
            largest = fmax(largest, fabs(w));
        }
        CHECK_THAT(fabs(mean) < 0.025, "%s: mean %g", rows[r].name, mean);
        CHECK_THAT(fabs(variance - 1) < 0.03, "%s: variance %g", rows[r].name, variance);
        CHECK_THAT(fabs(fourth - rows[r].fourth) < 0.08, "%s: fourth %g", rows[r].name, fourth);
        CHECK_THAT(largest <= rows[r].limit + 1e-6 && largest > rows[r].limit * 0.998,
                   "%s: largest %g", rows[r].name, largest);
    }
}

// Quantiles of the cut normal: each of 20 equally likely cells gets its share.
static void test_normal_shape(void)
{
    static int cell[20];
    fill("he_normal", IN, UNITS, 0);
    for (int i = 0; i < N; i++) {
        double z = (double)weights[i] / (sqrt(2.0 / IN) / 0.87962566103423978);
        double p =
            (0.5 * erfc(-z / sqrt(2)) - 0.022750131948179207) / (1 - 2 * 0.022750131948179207);
        int c = (int)(p * 20);
        cell[c < 0 ? 0 : c > 19 ? 19 : c]++;
    }
    double chi = 0; // 19 degrees of freedom: 0.1 % and 99.9 % points 5.4 and 43.8
    for (int c = 0; c < 20; c++)
        chi += (cell[c] - N / 20.0) * (cell[c] - N / 20.0) / (N / 20.0);
    CHECK_THAT(chi > 5.4 && chi < 43.8, "chi-square of the normal's quantiles is %g", chi);
}

// All of the normal distribution: moments, tails, mean and stddev.
static void test_random_normal(void)
{
    int row = ms_table_find(&ms_initializer_table, "random_normal");
    REQUIRE(row >= 0);
    struct ms_rng rng = ms_rng_at(2020, 1, 2, MS_STREAM_INIT);
    const struct ms_init init = {weights, IN, UNITS, IN, UNITS, &rng, 0, (double[]){0.5, 0.25}};
    ms_initializer_row(row)->fill(&init);
    double mean = 0, variance = 0, fourth = 0;
    int below[4] = {0};
    static const double at[4] = {-3, -1, 0.5, 2}; // and the shares below
    static const double share[4] = {0.0013498980, 0.1586552539, 0.6914624613, 0.9772498681};
    for (int i = 0; i < N; i++) {
        double z = ((double)weights[i] - 0.5) / 0.25;
        mean += z / N;
        variance += z * z / N;
        fourth += z * z * z * z / N;
        for (int k = 0; k < 4; k++)
            below[k] += z < at[k];
    }
    CHECK_NEAR(mean, 0, 0.025);
    CHECK_NEAR(variance, 1, 0.03);
    CHECK_NEAR(fourth, 3, 0.25);
    for (int k = 0; k < 4; k++)
        CHECK_NEAR((double)below[k] / N, share[k], 5 * sqrt(share[k] * (1 - share[k]) / N));
}

// The vectors of the shorter side: length gain, at right angles; more of them than fit one block.
static void test_orthogonal(void)
{
    static const int shapes[][2] = {{1, 1},   {7, 3},   {3, 7},    {40, 40},
                                    {1, 200}, {200, 1}, {50, 600}, {100, 260}};
    int row = ms_table_find(&ms_initializer_table, "orthogonal");
    REQUIRE(row >= 0);
    struct ms_rng rng = ms_rng_at(2020, 1, 2, MS_STREAM_INIT);
    for (size_t s = 0; s < 2 * sizeof shapes / sizeof *shapes; s++) {
        int rows = shapes[s / 2][s % 2], cols = shapes[s / 2][1 - s % 2];
        CASE("%d x %d", rows, cols);
        const struct ms_init init = {weights, rows, cols, rows, cols, &rng, 0, (double[]){1.5}};
        ms_initializer_row(row)->fill(&init);
        int n = rows < cols ? rows : cols, length = rows < cols ? cols : rows;
        double worst = 0;
        for (int a = 0; a < n; a++)
            for (int b = 0; b <= a; b++) {
                double dot = 0;
                for (int k = 0; k < length; k++)
                    dot += rows < cols
                               ? (double)weights[a * cols + k] * (double)weights[b * cols + k]
                               : (double)weights[k * cols + a] * (double)weights[k * cols + b];
                worst = fmax(worst, fabs(dot - (a == b ? 2.25 : 0)));
            }
        CHECK_THAT(worst < 3e-6, "%d x %d: off by %g", rows, cols, worst);
    }
    // Uniform over directions: no entry is special. The mean of the squares of one place over many
    // draws is 1/length.
    double square = 0, sum = 0;
    enum { DRAWS = 2000 };
    for (uint64_t i = 0; i < DRAWS; i++) {
        const struct ms_init init = {weights, 4, 4, 4, 4, &rng, i << 40, (double[]){1}};
        ms_initializer_row(row)->fill(&init);
        square += (double)weights[15] * (double)weights[15] / DRAWS;
        sum += (double)weights[15] / DRAWS;
    }
    CHECK_NEAR(square, 0.25, 5 * sqrt(0.125 / 2 / DRAWS));
    CHECK_NEAR(sum, 0, 5 * sqrt(0.25 / DRAWS));
}

static void test_rest(void)
{
    fill("zeros", 3, 5, 0);
    for (int i = 0; i < 15; i++)
        CHECK(weights[i] == 0);
    fill("ones", 1, 5, 0);
    for (int i = 0; i < 5; i++)
        CHECK(weights[i] == 1);
    CHECK(isnan(weights[5])); // nothing beyond

    // a number depends on its position alone, not on the size of the fill
    fill("glorot_uniform", 600, 1, 0);
    ms_real at_500 = weights[500];
    fill("random_uniform", 501, 1, 0);
    CHECK_NEAR((double)weights[500] / 0.05, (double)at_500 / sqrt(6.0 / 601), 1e-6);
    fill("glorot_uniform", 600, 1, (uint64_t)1 << 56); // another layer
    CHECK(weights[500] != at_500);
}

int main(void)
{
    test_moments();
    test_normal_shape();
    test_random_normal();
    test_orthogonal();
    test_rest();
    return check_done();
}
