// SPDX-License-Identifier: MIT
//
// Initializers and noise: the moments, bounds and quantiles of many draws against what
// reference/initializers.json and noise.json give (README.md, "Statistics").
#include "reference.h"
#include "reference_statistics.h"

#include "mlpsweep/train.h"
#include "worker/train/arena.h"
#include "worker/kernels/initializers.h"
#include "worker/train/net.h"

static struct reference_tally tally;

static void initializer(const cJSON *doc, const cJSON *c)
{
    (void)doc;
    struct ms_config config;
    if (!reference_config(c, reference_one_layer("kernel_initializer", get(c, "config")), &config))
        return;
    ran(&tally, c);
    const struct ms_pick *pick = &config.hidden[0].kernel_initializer;
    int rows = whole(c, "inputs"), cols = whole(c, "units"), n = rows * cols;
    ms_real *w = calloc((size_t)n, sizeof *w);
    double *v = calloc((size_t)n, sizeof *v);
    NEED(w && v);
    struct ms_rng rng = ms_rng_at(4, 0, 0, MS_STREAM_INIT);
    const struct ms_init init = {.weights = w,
                                 .rows = rows,
                                 .cols = cols,
                                 .fan_in = rows,
                                 .fan_out = cols,
                                 .rng = &rng,
                                 .arg = pick->arg};
    ms_initializer_row(pick->row)->fill(&init);
    for (int i = 0; i < n; i++)
        v[i] = (double)w[i];
    if (strcmp(get(c, "distribution")->valuestring, "orthogonal") == 0)
        compare_orthogonal(c, v, rows, cols);
    else
        compare_moments(c, v, n);
    compare_bounds(c, v, n);
    free(w);
    free(v);
}

// Identity layers around the noise; n draws over several steps.
static void noise(const cJSON *doc, const cJSON *c)
{
    (void)doc;
    enum { UNITS = 8, ROWS = 512, STEPS = 10 };
    const cJSON *what = get(c, "config")->child;
    const char *name = reference_name(c);
    struct ms_config config;
    struct ms_net net = {0};
    if (!reference_config(c, reference_one_layer(what->string, what), &config))
        return;
    ran(&tally, c);
    struct ms_carve carve = {0};
    ms_net_lay_out(&net, &config, UNITS, UNITS, ROWS, &carve);
    void *block;
    struct ms_error err;
    struct ms_arena *arena = ms_arena_new();
    NEED(arena && ms_arena_reserve(arena, carve.used, &block, &err) == 0);
    carve = (struct ms_carve){.base = block};
    ms_net_lay_out(&net, &config, UNITS, UNITS, ROWS, &carve);
    for (int i = 0; i < net.n_segments; i++)
        for (int j = 0; net.segments[i].role == MS_KERNEL && j < UNITS; j++)
            net.weights[net.segments[i].offset + (size_t)(j * UNITS + j)] = 1;
    struct ms_rng rng = ms_rng_at(9, 0, 0, MS_STREAM_DROPOUT);
    struct ms_pass p = {.rows = ROWS, .ld = ms_net_ld(ROWS), .dropout = &rng};
    for (int i = 0; i < UNITS * p.ld; i++)
        net.x[i] = 2;
    bool ratio = strcmp(get(c, "of")->valuestring, "ratio") == 0;
    double *v = calloc((size_t)UNITS * ROWS * STEPS, sizeof *v);
    NEED(v != NULL);
    int n = 0, strangers = 0, changed = 0;
    for (int pass = 0; pass <= STEPS; pass++) { // the last one in inference mode
        p.training = pass < STEPS;
        p.step = (uint64_t)pass;
        ms_net_forward(&net, &p);
        for (int i = 0; i < ROWS; i++)
            for (int j = 0; j < UNITS; j++) {
                double y = (double)net.y[j * p.ld + i], drawn = ratio ? y / 2 : y - 2;
                bool known = !cJSON_IsArray(get(c, "values"));
                const cJSON *may;
                cJSON_ArrayForEach(may, get(c, "values")) known |= fabs(drawn - number(may)) < 1e-6;
                strangers += p.training && !known;
                changed += !p.training && y != 2;
                if (p.training)
                    v[n++] = drawn;
            }
    }
    CHECK_THAT(strangers == 0, "%s: %d outputs that cannot be", name, strangers);
    CHECK_THAT(changed == 0, "%s: %d outputs changed in inference mode", name, changed);
    compare_moments(c, v, n);
    free(v);
    ms_arena_free(arena);
}

static const struct reference_kind kinds[] = {
    {"initializer", initializer},
    {"noise", noise},
};

int main(void)
{
    static const char *const files[] = {"initializers", "noise"};
    ms_train_prepare(1);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        reference_run_file(&tally, files[i], kinds, sizeof kinds / sizeof *kinds);
    reference_covered(&tally, &ms_initializer_table, NULL);
    printf("%d cases ran\n", tally.ran);
    return check_done();
}
