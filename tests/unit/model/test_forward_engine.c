// SPDX-License-Identifier: MIT
//
// The forward pass in double against the worker's engine in float, which shares no formula with it:
// every activation in hidden layers and at the output, every normalization, scaled targets.
#include "check.h"

#include "coordinator/model/model.h"
#include "mlpsweep/rng.h"
#include "mlpsweep/train.h"
#include "mlpsweep/weights.h"

enum { ROWS = 40, INPUTS = 3, UNITS = 5, OUTPUTS = 2, MOST = 200 };

static float weights[MOST], x[ROWS * INPUTS], y[ROWS * OUTPUTS];

static void draw(float *to, size_t n, uint32_t stream)
{
    uint32_t word[MOST];
    const struct ms_rng rng = ms_rng_at(1, stream, 0, MS_STREAM_INIT);
    REQUIRE(n <= MOST);
    ms_rng_words(&rng, 0, word, n);
    for (size_t i = 0; i < n; i++)
        to[i] = (float)((double)word[i] / 0x1p31 - 1);
}

static struct ms_config config_of(int hidden, int normalization, int output)
{
    static const struct ms_config zero;
    struct ms_config c = zero;
    c.n_hidden = 2;
    for (int i = 0; i <= 2; i++) {
        struct ms_layer_config *l = i < 2 ? &c.hidden[i] : &c.output;
        l->units = i < 2 ? UNITS : 0;
        l->use_bias = i != 1;
        l->activation = ms_table_default(&ms_activation_table, i < 2 ? hidden : output);
        l->normalization = ms_table_default(&ms_normalization_table, i < 2 ? normalization : 0);
    }
    c.loss = ms_table_default(&ms_loss_table, ms_table_find(&ms_loss_table, "mse"));
    c.n_metrics = 1;
    c.batch_size = 16;
    c.epochs = 1;
    return c;
}

// A model of these weights, laid out by weights.h. Variances must be above 0.
static struct ms_model model_of(struct ms_config *c)
{
    static struct ms_weight w[MS_MAX_TENSORS];
    struct ms_model m = {.n_inputs = INPUTS, .n_outputs = OUTPUTS, .n_layers = 3};
    struct ms_error err;
    const int n = ms_weights_of(c, INPUTS, OUTPUTS, w, &m.n_weights);
    draw(weights, m.n_weights, 1);
    for (int i = 0; i < 3; i++)
        m.layer[i].config = i < 2 ? &c->hidden[i] : &c->output;
    for (int i = 0; i < n; i++) {
        struct ms_model_layer *l = &m.layer[w[i].layer];
        float *at = weights + w[i].offset;
        const float **const to[] = {[MS_KERNEL] = &l->kernel,
                                    [MS_BIAS] = &l->bias,
                                    [MS_GAMMA] = &l->gamma,
                                    [MS_BETA] = &l->beta,
                                    [MS_MOVING_MEAN] = &l->moving_mean,
                                    [MS_MOVING_VARIANCE] = &l->moving_variance};
        *to[w[i].role] = at;
        if (w[i].role == MS_KERNEL) {
            l->inputs = w[i].rows;
            l->units = w[i].cols;
        }
        for (int k = 0; w[i].role == MS_MOVING_VARIANCE && k < w[i].cols; k++)
            at[k] = 0.5F + at[k] * at[k];
    }
    m.input = calloc(INPUTS, sizeof *m.input);
    REQUIRE(m.input);
    for (int j = 0; j < INPUTS; j++)
        m.input[j].divide = 1;
    REQUIRE(ms_model_ready(&m, &err) == 0);
    return m;
}

static void compare(struct ms_arena *arena, int hidden, int normalization, int output, bool scaled)
{
    CASE("%s, %s, %s%s", ms_table_row(&ms_activation_table, hidden)->name,
         ms_table_row(&ms_normalization_table, normalization)->name,
         ms_table_row(&ms_activation_table, output)->name, scaled ? ", scaled" : "");
    static struct ms_config c;
    static const struct ms_target target[OUTPUTS] = {
        {.base = 0, .shift = 3, .divide = 2, .kind = MS_TARGET_LINEAR},
        {.base = 0, .shift = 0.5, .divide = 0.25, .kind = MS_TARGET_LOG1P}};
    double found[ROWS * OUTPUTS], wanted[OUTPUTS], row[INPUTS];
    struct ms_error err = {0};
    c = config_of(hidden, normalization, output);
    struct ms_model m = model_of(&c);
    const struct ms_dataset d = {.task = MS_REGRESSION,
                                 .n_inputs = INPUTS,
                                 .n_outputs = OUTPUTS,
                                 .n_train = ROWS,
                                 .x_divide = 1,
                                 .x = x,
                                 .y = y,
                                 .target = scaled ? target : NULL};
    if (scaled) {
        m.target = malloc(sizeof target);
        REQUIRE(m.target);
        memcpy(m.target, target, sizeof target);
    }
    CHECK_THAT(ms_evaluate(&c, &d, 0, ROWS, weights, arena, found, NULL, &err) == 0, "%s",
               err.text);
    for (int i = 0; i < ROWS; i++) {
        for (int j = 0; j < INPUTS; j++)
            row[j] = (double)x[i * INPUTS + j];
        ms_model_forward(&m, row, wanted);
        for (int k = 0; k < OUTPUTS; k++)
            CHECK_NEAR(found[i * OUTPUTS + k], wanted[k], 2e-5); // exponentials of exponentials
    }
    ms_model_clear(&m);
}

int main(void)
{
    struct ms_arena *arena = ms_arena_new();
    REQUIRE(arena);
    ms_train_prepare(1);
    draw(x, ROWS * INPUTS, 2);
    for (int norm = 0; norm < ms_normalization_table.n; norm++)
        for (int row = 0; row < ms_activation_table.n; row++) {
            compare(arena, row, norm, ms_table_find(&ms_activation_table, "linear"), true);
            compare(arena, ms_table_find(&ms_activation_table, "tanh"), norm, row, false);
        }
    ms_arena_free(arena);
    return check_done();
}
