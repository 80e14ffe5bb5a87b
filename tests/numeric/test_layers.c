// SPDX-License-Identifier: MIT
//
// Layers that behave differently in training and in inference, against scalar loops in double; the
// state that a training keeps of them; penalties in the losses that a training reports.
#include "case.h"
#include "mlpsweep/train.h"
#include "worker/train/gather.h"
#include "worker/train/net.h"

enum { UNITS = 6, INPUTS = 3, ROWS = 21 };

#ifdef MS_REAL_DOUBLE
#define TOLERANCE 1e-12
#else
#define TOLERANCE 3e-6
#endif

struct setup {
    struct ms_config config;
    struct ms_dataset data;
    struct ms_net net;
    struct ms_arena *arena;
    struct ms_rng dropout;
};

static void set_up(struct setup *s, int rows)
{
    struct ms_carve carve = {0};
    ms_net_lay_out(&s->net, &s->config, s->data.n_inputs, s->data.n_outputs, rows, &carve);
    void *block;
    struct ms_error err;
    s->arena = ms_arena_new();
    REQUIRE(s->arena && ms_arena_reserve(s->arena, carve.used, &block, &err) == 0);
    carve = (struct ms_carve){.base = block};
    ms_net_lay_out(&s->net, &s->config, s->data.n_inputs, s->data.n_outputs, rows, &carve);
    struct ms_rng init = ms_rng_at(5, 1, 0, MS_STREAM_INIT);
    s->dropout = ms_rng_at(5, 1, 0, MS_STREAM_DROPOUT);
    ms_net_start(&s->net, &init);
}

static float *inputs(const struct ms_dataset *d)
{
    return (float *)(uintptr_t)d->x;
}

static ms_real *segment(const struct ms_net *net, enum ms_role role, int layer)
{
    for (int i = 0; i < net->n_segments; i++)
        if (net->segments[i].role == role && net->segments[i].layer == layer)
            return net->weights + net->segments[i].offset;
    return NULL;
}

static void forward(struct setup *s, int first, int rows, bool training, uint64_t step)
{
    const struct ms_pass p = {rows, ms_net_ld(rows), training, step, &s->dropout};
    ms_gather(&s->data, NULL, (uint32_t)first, rows, p.ld, s->net.x, s->net.t);
    ms_net_forward(&s->net, &p);
}

// One hidden layer with a normalization and no activation: what leaves it, and what stands before.
static void sums(const struct setup *s, int row, double z[UNITS])
{
    const ms_real *kernel = segment(&s->net, MS_KERNEL, 0), *bias = segment(&s->net, MS_BIAS, 0);
    for (int j = 0; j < UNITS; j++) {
        z[j] = (double)bias[j];
        for (int k = 0; k < INPUTS; k++)
            z[j] += (double)inputs(&s->data)[row * INPUTS + k] * (double)kernel[k * UNITS + j];
    }
}

static const struct ms_layer *norm_layer(const struct ms_net *net)
{
    for (int i = 0; i < net->n_layers; i++)
        if (net->layers[i].ops == &ms_layer_norm)
            return &net->layers[i];
    return NULL;
}

static void make_norm(struct setup *s, const char *name, double epsilon)
{
    *s = (struct setup){.config = case_config("linear", "mse", "sgd")};
    case_hidden(&s->config, UNITS, "linear");
    s->config.hidden[0].bias_initializer = case_pick(&ms_initializer_table, "random_uniform");
    s->config.hidden[0].normalization = case_pick(&ms_normalization_table, name);
    s->config.hidden[0].normalization.arg[MS_NORM_EPSILON] = epsilon;
    s->data = case_data(MS_REGRESSION, INPUTS, 1, 2 * ROWS, 0, 0);
    set_up(s, ROWS);
    for (int j = 0; j < UNITS; j++) {
        segment(&s->net, MS_GAMMA, 0)[j] = (ms_real)(1.5 - 0.4 * j);
        segment(&s->net, MS_BETA, 0)[j] = (ms_real)(0.1 * j - 0.2);
    }
}

static void tear_down(struct setup *s)
{
    ms_arena_free(s->arena);
    case_data_free(&s->data);
}

static void compare(const struct setup *s, const char *what, int rows, int row, int j,
                    double wanted)
{
    const struct ms_layer *l = norm_layer(&s->net);
    double found = (double)l->out[j * ms_net_ld(rows) + row];
    CHECK_THAT(fabs(found - wanted) <= 10 * TOLERANCE, "%s: row %d, unit %d: %.9g, not %.9g", what,
               row, j, found, wanted);
}

// Two batches in training, of different sizes, then one in inference: outputs and moving
// statistics.
static void test_batch(void)
{
    static const int first[] = {0, ROWS}, rows[] = {ROWS, 7};
    const double epsilon = 0.01, momentum = 0.9;
    struct setup s;
    make_norm(&s, "batch_normalization", epsilon);
    s.config.hidden[0].normalization.arg[MS_NORM_SCALE + 1] = momentum;
    const ms_real *gamma = segment(&s.net, MS_GAMMA, 0), *beta = segment(&s.net, MS_BETA, 0);
    double z[ROWS][UNITS], moving_mean[UNITS] = {0}, moving_variance[UNITS];
    for (int j = 0; j < UNITS; j++) {
        moving_variance[j] = 1;
        CHECK(segment(&s.net, MS_MOVING_MEAN, 0)[j] == 0);
        CHECK(segment(&s.net, MS_MOVING_VARIANCE, 0)[j] == 1);
    }
    for (int batch = 0; batch < 2; batch++) {
        int n = rows[batch];
        forward(&s, first[batch], n, true, 0);
        for (int i = 0; i < n; i++)
            sums(&s, first[batch] + i, z[i]);
        for (int j = 0; j < UNITS; j++) {
            double mean = 0, variance = 0;
            for (int i = 0; i < n; i++)
                mean += z[i][j] / n;
            for (int i = 0; i < n; i++)
                variance += (z[i][j] - mean) * (z[i][j] - mean) / n;
            for (int i = 0; i < n; i++)
                compare(&s, "batch, training", n, i, j,
                        (double)gamma[j] * (z[i][j] - mean) / sqrt(variance + epsilon) +
                            (double)beta[j]);
            moving_mean[j] = momentum * moving_mean[j] + (1 - momentum) * mean;
            moving_variance[j] = momentum * moving_variance[j] + (1 - momentum) * variance;
            CHECK_NEAR((double)segment(&s.net, MS_MOVING_MEAN, 0)[j], moving_mean[j], TOLERANCE);
            CHECK_NEAR((double)segment(&s.net, MS_MOVING_VARIANCE, 0)[j], moving_variance[j],
                       TOLERANCE);
        }
    }
    forward(&s, 3, 5, false, 0); // moves nothing and takes the moving ones
    for (int i = 0; i < 5; i++) {
        sums(&s, 3 + i, z[i]);
        for (int j = 0; j < UNITS; j++)
            compare(&s, "batch, inference", 5, i, j,
                    (double)gamma[j] * (z[i][j] - moving_mean[j]) /
                            sqrt(moving_variance[j] + epsilon) +
                        (double)beta[j]);
    }
    for (int j = 0; j < UNITS; j++)
        CHECK_NEAR((double)segment(&s.net, MS_MOVING_MEAN, 0)[j], moving_mean[j], TOLERANCE);
    tear_down(&s);
}

// The same in training and in inference.
static void test_layer(void)
{
    const double epsilon = 0.02;
    struct setup s;
    make_norm(&s, "layer_normalization", epsilon);
    CHECK(!segment(&s.net, MS_MOVING_MEAN, 0) && s.net.n_state == s.net.n_weights);
    const ms_real *gamma = segment(&s.net, MS_GAMMA, 0), *beta = segment(&s.net, MS_BETA, 0);
    for (int training = 0; training < 2; training++) {
        forward(&s, 2, 9, training, 0);
        for (int i = 0; i < 9; i++) {
            double z[UNITS], mean = 0, variance = 0;
            sums(&s, 2 + i, z);
            for (int j = 0; j < UNITS; j++)
                mean += z[j] / UNITS;
            for (int j = 0; j < UNITS; j++)
                variance += (z[j] - mean) * (z[j] - mean) / UNITS;
            for (int j = 0; j < UNITS; j++)
                compare(&s, "layer", 9, i, j,
                        (double)gamma[j] * (z[j] - mean) / sqrt(variance + epsilon) +
                            (double)beta[j]);
        }
    }
    tear_down(&s);
}

// Statistics are behind the trained weights, and both kinds of segments lie apart.
static void test_layout(void)
{
    struct setup s = {.config = case_config("linear", "mse", "sgd")};
    for (int i = 0; i < 3; i++)
        case_hidden(&s.config, UNITS, "relu");
    s.config.hidden[0].normalization = case_pick(&ms_normalization_table, "batch_normalization");
    s.config.hidden[2].normalization = s.config.hidden[0].normalization;
    s.config.hidden[1].normalization = case_pick(&ms_normalization_table, "layer_normalization");
    s.data = case_data(MS_REGRESSION, INPUTS, 1, ROWS, 0, 0);
    set_up(&s, ROWS);
    CHECK_INT(s.net.n_trained, 4 * 2 + 3 * 2);
    CHECK_INT(s.net.n_segments, s.net.n_trained + 4);
    size_t end = 0;
    for (int i = 0; i < s.net.n_segments; i++) {
        const struct ms_segment *g = &s.net.segments[i];
        CHECK(g->offset >= end);
        end = g->offset + (size_t)(g->rows * g->cols);
        CHECK((g->role > MS_BETA) == (i >= s.net.n_trained));
        CHECK((g->offset >= s.net.n_weights) == (i >= s.net.n_trained));
    }
    CHECK(end <= s.net.n_state);
    CHECK(segment(&s.net, MS_MOVING_MEAN, 2) && !segment(&s.net, MS_MOVING_MEAN, 1));
    tear_down(&s);
}

// Moments and distribution of noise; every step, layer and kind draws its own.
static void test_noise(void)
{
    enum { BIG = 512, WIDE = 32, N = BIG * WIDE };
    static double z[4][N];
    int n = 0;
    struct setup s = {.config = case_config("linear", "mse", "sgd")};
    s.config.input_gaussian_noise = 0.5;
    s.config.input_gaussian_dropout = 0.2; // stddev ½
    s.data = case_data(MS_REGRESSION, WIDE, 1, BIG, 0, 0);
    set_up(&s, BIG);
    const struct ms_layer *noise = &s.net.layers[0], *factor = &s.net.layers[1];
    REQUIRE(noise->ops == &ms_layer_noise && factor->ops == &ms_layer_gaussian_dropout);
    for (uint64_t step = 0; step < 2; step++, n += 2) {
        forward(&s, 0, BIG, true, step);
        for (int j = 0; j < WIDE; j++)
            for (int i = 0; i < BIG; i++) {
                int at = j * ms_net_ld(BIG) + i;
                double x = (double)noise->in[at], y = (double)noise->out[at];
                z[n][j * BIG + i] = (y - x) / 0.5;
                z[n + 1][j * BIG + i] = ((double)factor->out[at] / y - 1) / 0.5;
            }
    }
    for (int a = 0; a < n; a++) {
        static const double cuts[] = {-2, -0.5, 0, 1, 3};
        static const double shares[] = {0.0227501319, 0.3085375387, 0.5, 0.8413447461,
                                        0.9986501020};
        double mean = 0, square = 0, beside = 0;
        int below[5] = {0};
        for (int i = 0; i < N; i++) {
            mean += z[a][i] / N;
            square += z[a][i] * z[a][i] / N;
            beside += z[a][i] * z[a][(i + 1) % N] / N;
            for (int c = 0; c < 5; c++)
                below[c] += z[a][i] < cuts[c];
        }
        CHECK_NEAR(mean, 0, 5 / sqrt(N));
        CHECK_NEAR(square, 1, 5 * sqrt(2.0 / N));
        CHECK_NEAR(beside, 0, 5 / sqrt(N));
        for (int c = 0; c < 5; c++)
            CHECK_NEAR((double)below[c] / N, shares[c], 5 * sqrt(0.25 / N));
        for (int b = 0; b < a; b++) {
            double product = 0;
            for (int i = 0; i < N; i++)
                product += z[a][i] * z[b][i] / N;
            CHECK_NEAR(product, 0, 5 / sqrt(N));
        }
    }
    forward(&s, 0, BIG, false, 0);
    for (int at = 0; at < N; at++)
        CHECK(factor->out[at] == noise->in[at]); // in inference as they are
    tear_down(&s);
}

// --- training ----------------------------------------------------------------

struct curve {
    int n;
    double value[64][4];
};

static bool keep(void *ctx, int epoch, const double *values, int n)
{
    struct curve *c = ctx;
    REQUIRE(epoch <= 64 && n <= 4);
    memcpy(c->value[epoch - 1], values, (size_t)n * sizeof *values);
    c->n = epoch;
    return false;
}

static struct ms_train_result train(const struct ms_config *config, const struct ms_dataset *data,
                                    int test_epoch, struct curve *curve)
{
    const struct ms_training training = {
        .config = config, .data = data, .seed = 3, .test_epoch = test_epoch};
    struct ms_arena *arena = ms_arena_new();
    struct ms_train_result result;
    struct ms_error err;
    REQUIRE(arena && ms_train(&training, arena, keep, curve, &result, &err) == 0);
    ms_arena_free(arena);
    return result;
}

// A rate of 0 leaves the weights alone: loss and val_loss exceed those without penalties by what
// the initial weights are worth, whatever the batches. All ones: Σ|w| and Σw² are their number.
static void test_reported_losses(void)
{
    struct ms_dataset data = case_data(MS_REGRESSION, INPUTS, 1, 50, 13, 0);
    struct ms_config c = case_config("linear", "mse", "sgd");
    struct curve plain, penalised;
    c.optimizer.arg[0] = c.learning_rate.arg[0] = 0;
    c.batch_size = 16;
    case_hidden(&c, UNITS, "linear");
    c.hidden[0].kernel_initializer = c.hidden[0].bias_initializer = c.output.kernel_initializer =
        case_pick(&ms_initializer_table, "ones");
    train(&c, &data, 0, &plain);
    c.hidden[0].kernel_regularizer = case_pick(&ms_regularizer_table, "l1");
    c.hidden[0].bias_regularizer = case_pick(&ms_regularizer_table, "l1_l2");
    c.output.kernel_regularizer = case_pick(&ms_regularizer_table, "l2");
    c.output.kernel_regularizer.arg[0] = 0.5;
    train(&c, &data, 0, &penalised);
    double more = 0.01 * INPUTS * UNITS + 0.02 * UNITS + 0.5 * UNITS;
    for (int k = 0; k < 2; k++)
        CHECK_NEAR(penalised.value[0][k], plain.value[0][k] + more, 1e-5);

    // Activity: the mean over the rows, training and validation each over its own.
    c.hidden[0].activity_regularizer = case_pick(&ms_regularizer_table, "l2");
    train(&c, &data, 0, &plain);
    for (int k = 0; k < 2; k++) {
        double activity = 0;
        for (int i = k ? 50 : 0; i < (k ? 63 : 50); i++) {
            double z = 1;
            for (int m = 0; m < INPUTS; m++)
                z += (double)inputs(&data)[i * INPUTS + m];
            activity += 0.01 * UNITS * z * z / (k ? 13 : 50);
        }
        CHECK_NEAR(plain.value[0][k], penalised.value[0][k] + activity, 1e-5);
    }
    case_data_free(&data);
}

// restore_best takes the statistics back as well: the test set, which is the validation rows once
// more, is evaluated exactly as the best epoch's validation was.
static void test_restore_best(void)
{
    struct ms_dataset data = case_data(MS_REGRESSION, INPUTS, 1, 40, 20, 20);
    memcpy(inputs(&data) + 60 * INPUTS, inputs(&data) + 40 * INPUTS, 20 * INPUTS * sizeof(float));
    memcpy((float *)(uintptr_t)data.y + 60, data.y + 40, 20 * sizeof *data.y);
    struct ms_config c = case_config("linear", "mse", "adam");
    case_hidden(&c, UNITS, "relu");
    c.hidden[0].normalization = case_pick(&ms_normalization_table, "batch_normalization");
    c.optimizer.arg[0] = c.learning_rate.arg[0] = 0.2;
    c.batch_size = 8;
    c.epochs = 30;
    c.early_stopping =
        (struct ms_early_stopping){.monitor = 1, .patience = 30, .restore_best = true};
    struct curve curve;
    struct ms_train_result r = train(&c, &data, 30, &curve);
    double best = INFINITY;
    for (int i = 0; i < curve.n; i++)
        best = fmin(best, curve.value[i][1]);
    CHECK(curve.n == 30 && best < curve.value[29][1]);
    CHECK_THAT(r.test[0] == best, "test loss %.9g, best validation loss %.9g", r.test[0], best);
    case_data_free(&data);
}

// Each constraint where it belongs and nowhere else; and a training applies them after its steps.
static void test_constrained_training(void)
{
    struct setup s = {.config = case_config("linear", "mse", "sgd")};
    case_hidden(&s.config, UNITS, "tanh");
    struct ms_layer_config *l = &s.config.hidden[0];
    l->kernel_constraint = case_pick(&ms_constraint_table, "unit_norm");
    l->bias_constraint = s.config.output.kernel_constraint =
        case_pick(&ms_constraint_table, "non_neg");
    l->bias_initializer = case_pick(&ms_initializer_table, "random_uniform");
    s.data = case_data(MS_REGRESSION, INPUTS, 1, ROWS, 0, 0);
    set_up(&s, ROWS);
    const ms_real *kernel = segment(&s.net, MS_KERNEL, 0), *top = segment(&s.net, MS_KERNEL, 1);
    const ms_real first = top[0], bias = segment(&s.net, MS_BIAS, 1)[0];
    CHECK(s.net.constrained);
    ms_net_constrain(&s.net);
    for (int j = 0; j < UNITS; j++) {
        double square = 0;
        for (int k = 0; k < INPUTS; k++)
            square += (double)kernel[k * UNITS + j] * (double)kernel[k * UNITS + j];
        CHECK_NEAR(square, 1, 1e-6);
        CHECK(segment(&s.net, MS_BIAS, 0)[j] >= 0 && top[j] >= 0);
    }
    CHECK(top[0] == (first > 0 ? first : 0) && segment(&s.net, MS_BIAS, 1)[0] == bias);
    tear_down(&s);

    // Positive inputs, negative targets: a kernel that cannot be negative ends at 0, where the loss
    // is 1; and the constraint is the only reason.
    struct ms_dataset data = case_data(MS_REGRESSION, INPUTS, 1, 40, 0, 0);
    float *y = (float *)(uintptr_t)data.y, *x = inputs(&data);
    for (int i = 0; i < 40; i++) {
        y[i] = -1;
        x[i * INPUTS] = x[i * INPUTS + 1] = x[i * INPUTS + 2] = 1;
    }
    for (int constrained = 0; constrained < 2; constrained++) {
        struct ms_config c = case_config("linear", "mse", "sgd");
        c.output.use_bias = false;
        c.epochs = 30;
        if (constrained)
            c.output.kernel_constraint = case_pick(&ms_constraint_table, "non_neg");
        struct curve curve;
        train(&c, &data, 0, &curve);
        double loss = curve.value[29][0];
        CHECK_THAT(constrained ? loss == 1 : loss < 0.1, "constrained %d: loss %g", constrained,
                   loss);
    }
    case_data_free(&data);
}

int main(void)
{
    test_batch();
    test_layer();
    test_layout();
    test_noise();
    test_reported_losses();
    test_restore_best();
    test_constrained_training();
    return check_done();
}
