// SPDX-License-Identifier: MIT
//
// The layout of a network and its randomness; its numbers are checked in tests/numeric.
#include "check.h"

#include "worker/train/net.h"
#include "worker/kernels/vector.h"
#include "tests/numeric/case.h"

enum { UNITS = 32, ROWS = 64 };

static void test_ld(void)
{
    CHECK_INT(ms_net_ld(1), 16);
    CHECK_INT(ms_net_ld(16), 16);
    CHECK_INT(ms_net_ld(17), 32);
    CHECK_INT(ms_net_ld(100), 112);
    CHECK_INT(ms_net_ld(1024), 1040);
    for (int rows = 1; rows < 5000; rows++) {
        CHECK(ms_net_ld(rows) >= rows && ms_net_ld(rows) % MS_LANE_BLOCK == 0);
        CHECK(ms_net_ld(rows) >= ms_net_ld(rows - 1)); // a smaller batch fits
    }
}

static struct ms_net net;
static struct ms_config config;
static void *block;

static void build(struct ms_arena *arena)
{
    config = case_config("softmax", "categorical_crossentropy", "sgd");
    for (int i = 0; i < 3; i++) {
        case_hidden(&config, UNITS, "relu");
        config.hidden[i].dropout = 0.25;
        config.hidden[i].bias_initializer = case_pick(&ms_initializer_table, "random_uniform");
        config.hidden[i].kernel_initializer = config.hidden[i].bias_initializer;
    }
    config.hidden[1].use_bias = false;
    config.input_dropout = 0.25;
    struct ms_carve carve = {0};
    struct ms_error err;
    ms_net_lay_out(&net, &config, UNITS, 10, ROWS, &carve);
    size_t wanted = carve.used;
    REQUIRE(ms_arena_reserve(arena, wanted, &block, &err) == 0);
    carve = (struct ms_carve){.base = block};
    ms_net_lay_out(&net, &config, UNITS, 10, ROWS, &carve);
    CHECK_INT(carve.used, wanted);
}

static void test_segments(void)
{
    static const int layers[] = {0, 0, 1, 2, 2, 3, 3};
    CHECK_INT(net.n_segments, 7); // the second hidden layer has no bias
    size_t end = 0;
    for (int i = 0; i < net.n_segments; i++) {
        const struct ms_segment *s = &net.segments[i];
        CHECK_INT(s->layer, layers[i]);
        CHECK_INT(s->cols, s->layer == 3 ? 10 : UNITS);
        CHECK_INT(s->rows, s->role == MS_BIAS ? 1 : UNITS);
        CHECK(s->offset >= end);
        CHECK_INT(s->offset * sizeof(ms_real) % MS_ALIGN, 0);
        end = s->offset + (size_t)(s->rows * s->cols);
    }
    CHECK(net.n_weights >= end);
    CHECK(net.fused);
}

// No two segments start from the same numbers, nor parts of them.
static void test_initial_weights(void)
{
    struct ms_rng init = ms_rng_at(1, 2, 3, MS_STREAM_INIT);
    ms_net_start(&net, &init);
    for (int a = 0; a < 5; a++)
        for (int b = 0; b < 5; b++)
            for (int at = 0; at + 4 <= net.segments[b].rows * net.segments[b].cols; at++)
                CHECK(a == b || memcmp(net.weights + net.segments[a].offset,
                                       net.weights + net.segments[b].offset + at,
                                       4 * sizeof *net.weights) != 0);
    struct ms_rng other = ms_rng_at(1, 2, 4, MS_STREAM_INIT);
    ms_real first = net.weights[0];
    ms_net_start(&net, &other);
    CHECK(net.weights[0] != first);
}

// Masks of different layers and steps have nothing in common, and each is a quarter.
static void test_masks(void)
{
    enum { STEPS = 6, LAYERS = 4, N = UNITS * ROWS };
    static uint32_t words[STEPS * LAYERS][N];
    struct ms_rng dropout = ms_rng_at(1, 2, 3, MS_STREAM_DROPOUT);
    int n = 0;
    for (uint64_t step = 0; step < STEPS; step++) {
        int rows = step == 3 ? ROWS / 2 : ROWS; // a short batch in between
        const struct ms_pass p = {rows, ms_net_ld(rows), true, step, &dropout};
        ms_net_forward(&net, &p);
        for (int i = 0; i < net.n_layers; i++) {
            const struct ms_layer *l = &net.layers[i];
            if (l->ops != &ms_layer_dropout)
                continue;
            int dropped = 0;
            for (int k = 0; k < UNITS * p.ld; k++)
                dropped += l->words[k] < l->threshold;
            CHECK_NEAR(dropped / (double)(UNITS * p.ld), 0.25, 0.06);
            CHECK_NEAR(l->scale, 1 / 0.75, 1e-6);
            memcpy(words[n++], l->words, sizeof(uint32_t) * (size_t)(UNITS * p.ld));
        }
    }
    CHECK_INT(n, STEPS * LAYERS);
    for (int a = 0; a < n; a++)
        for (int b = 0; b < n; b++)
            for (int at = 0; at + 4 <= N && a != b; at += 4)
                CHECK(memcmp(words[a], words[b] + at, 4 * sizeof(uint32_t)) != 0);
}

int main(void)
{
    struct ms_arena *arena = ms_arena_new();
    REQUIRE(arena);
    test_ld();
    build(arena);
    test_segments();
    test_initial_weights();
    test_masks();
    ms_arena_free(arena);
    return check_done();
}
