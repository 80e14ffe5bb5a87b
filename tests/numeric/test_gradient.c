// SPDX-License-Identifier: MIT
//
// Every gradient against central differences, in double. Walks over the tables, so that a new
// activation or loss is checked without a line here.
#include "check.h"

#include "case.h"
#include "worker/train/gather.h"
#include "worker/train/net.h"

struct setup {
    struct ms_config config;
    struct ms_dataset data;
    int rows;
};

// Largest relative error of the analytic gradient over all weights. Relative to the size of the
// gradient as a whole, below which differences lose digits.
static double worst_error(const struct setup *s, const char *what)
{
    struct ms_arena *arena = ms_arena_new();
    struct ms_net net;
    struct ms_carve carve = {0};
    ms_net_lay_out(&net, &s->config, s->data.n_inputs, s->data.n_outputs, s->rows, &carve);
    void *block;
    struct ms_error err;
    REQUIRE(arena && ms_arena_reserve(arena, carve.used, &block, &err) == 0);
    carve = (struct ms_carve){.base = block};
    ms_net_lay_out(&net, &s->config, s->data.n_inputs, s->data.n_outputs, s->rows, &carve);

    struct ms_rng init = ms_rng_at(5, 1, 0, MS_STREAM_INIT);
    struct ms_rng dropout = ms_rng_at(5, 1, 0, MS_STREAM_DROPOUT);
    ms_net_start(&net, &init);
    for (int g = 0; g < net.n_trained; g++) // otherwise a missing gamma looks like 1
        for (int j = 0; j < net.segments[g].cols && net.segments[g].role >= MS_GAMMA; j++)
            net.weights[net.segments[g].offset + (size_t)j] += 0.4 * sin(2 * g + j + 1);
    const struct ms_pass pass = {
        .rows = s->rows,
        .ld = ms_net_ld(s->rows),
        .training = true,
        .step = 3,
        .dropout = &dropout,
    };
    ms_gather(&s->data, NULL, 0, pass.rows, pass.ld, net.x, net.t);
    ms_net_forward(&net, &pass);
    double loss = ms_net_loss(&net, &pass, true);
    CHECK_THAT(isfinite(loss), "%s: loss %g", what, loss);
    ms_net_backward(&net, &pass);

    double norm = 0, worst = 0;
    int checked = 0;
    for (size_t i = 0; i < net.n_weights; i++)
        norm = fmax(norm, fabs(net.gradients[i]));
    for (int g = 0; g < net.n_trained; g++) {
        const struct ms_segment *seg = &net.segments[g];
        for (int i = 0; i < seg->rows * seg->cols; i++) {
            double *w = &net.weights[seg->offset + (size_t)i], kept = *w, side[2];
            const double h = 1e-5;
            for (int k = 0; k < 2; k++) {
                *w = kept + (k ? h : -h);
                ms_net_forward(&net, &pass);
                side[k] = ms_net_loss(&net, &pass, false);
            }
            *w = kept;
            double slope = (side[1] - side[0]) / (2 * h);
            double found = net.gradients[seg->offset + (size_t)i];
            double error = fabs(slope - found) / fmax(norm, 1e-4);
            worst = error > worst || isnan(error) ? error : worst;
            checked++;
        }
    }
    CHECK_THAT(norm > 1e-6, "%s: the gradient is %g, nothing was checked", what, norm);
    CHECK(checked > 0);
    ms_arena_free(arena);
    return worst;
}

// A scale at which every row is away from saturation, so that slopes are neither zero nor clipped;
// biases differ from zero, because otherwise a wrong sign of theirs would not show.
static void spread(struct ms_config *c)
{
    struct ms_pick wide = case_pick(&ms_initializer_table, "random_uniform");
    wide.arg[0] = -0.7;
    wide.arg[1] = 0.9;
    for (int i = 0; i < c->n_hidden; i++)
        c->hidden[i].kernel_initializer = c->hidden[i].bias_initializer = wide;
    wide.arg[0] = -0.1; // above a sigmoid layer: a relu output stays alive
    c->output.kernel_initializer = c->output.bias_initializer = wide;
}

// Losses that take a logarithm of outputs that are no probabilities: keep the outputs inside (0,
// 1), where they have a slope, by small positive weights on the positive inputs of a sigmoid layer
// (negative ones below what is at least 1/2 for a positive z).
static void make_positive(struct ms_config *c, int inputs)
{
    const char *name = ms_table_row(&ms_activation_table, c->output.activation.row)->name;
    double sign = !strcmp(name, "exponential") || !strcmp(name, "softplus") ? -1 : 1;
    struct ms_pick small = case_pick(&ms_initializer_table, "random_uniform");
    small.arg[0] = fmin(sign * 0.1, sign * 0.9) / inputs;
    small.arg[1] = fmax(sign * 0.1, sign * 0.9) / inputs;
    c->output.kernel_initializer = small;
    small.arg[0] = fmin(sign * 0.01, sign * 0.05);
    small.arg[1] = fmax(sign * 0.01, sign * 0.05);
    c->output.bias_initializer = small;
}

static void check_pair(int hidden, int output, int loss, int outputs)
{
    const char *name_h = ms_table_row(&ms_activation_table, hidden)->name;
    const char *name_o = ms_table_row(&ms_activation_table, output)->name;
    const char *name_l = ms_table_row(&ms_loss_table, loss)->name;
    struct setup s = {.rows = 21};
    s.config = case_config("linear", "mse", "sgd");
    s.config.output.activation = case_pick_row(&ms_activation_table, output);
    s.config.loss = case_pick_row(&ms_loss_table, loss);
    case_hidden(&s.config, 6, "linear");
    case_hidden(&s.config, 5, "sigmoid");
    s.config.hidden[0].activation = case_pick_row(&ms_activation_table, hidden);
    spread(&s.config);
    if (strstr(name_l, "crossentropy") || !strcmp(name_l, "kl_divergence") ||
        !strcmp(name_l, "poisson"))
        make_positive(&s.config, 5);
    s.data = case_data(outputs > 1 ? MS_MULTICLASS : MS_BINARY, 3, outputs, s.rows, 0, 0);

    char what[200];
    snprintf(what, sizeof what, "hidden %s, output %d %s, loss %s", name_h, outputs, name_o,
             name_l);
    // One softmax output is 1 whatever happens, and so is one output over its own sum.
    bool constant = outputs == 1 && (!strcmp(name_o, "softmax") || strstr(name_l, "categorical"));
    if (!constant) {
        double error = worst_error(&s, what);
        CHECK_THAT(error < 1e-6, "%s: the gradient is off by %.3g", what, error);
    }
    case_data_free(&s.data);
}

// A value of an argument that is neither its default nor one that switches something off.
static double other_value(const struct ms_arg *a)
{
    if (a->type != MS_ARG_REAL)
        return a->def + 1 <= a->hi ? a->def + 1 : a->def - 1;
    return isfinite(a->hi) ? a->lo + 0.3 * (a->hi - a->lo) : 0.6 * a->def + 0.05;
}

static void check_setup(struct setup *s, enum ms_data_task task, int outputs, const char *what)
{
    s->data = case_data(task, 3, outputs, s->rows, 0, 0);
    double error = worst_error(s, what);
    CHECK_THAT(error < 1e-6, "%s: the gradient is off by %.3g", what, error);
    case_data_free(&s->data);
}

// Every argument away from its default; losses on the output that suits them, fused or not.
static void check_arguments(void)
{
    for (int row = 0; row < ms_activation_table.n; row++)
        for (int i = 0; i < ms_table_row(&ms_activation_table, row)->n_args; i++) {
            const struct ms_row *r = ms_table_row(&ms_activation_table, row);
            struct setup s = {.rows = 21, .config = case_config("linear", "mse", "sgd")};
            case_hidden(&s.config, 6, "linear");
            s.config.hidden[0].activation = case_pick_row(&ms_activation_table, row);
            s.config.hidden[0].activation.arg[i] = other_value(&r->args[i]);
            spread(&s.config);
            check_setup(&s, MS_REGRESSION, 2, r->args[i].name);
        }
    static const char *const outputs[] = {"sigmoid", "softmax"};
    for (int row = 0; row < ms_loss_table.n; row++)
        for (int i = 0; i < ms_table_row(&ms_loss_table, row)->n_args; i++)
            for (int o = 0; o < 2; o++) {
                const struct ms_row *r = ms_table_row(&ms_loss_table, row);
                struct setup s = {.rows = 21, .config = case_config(outputs[o], "mse", "sgd")};
                s.config.loss = case_pick_row(&ms_loss_table, row);
                s.config.loss.arg[i] = other_value(&r->args[i]);
                case_hidden(&s.config, 6, "tanh");
                spread(&s.config);
                check_setup(&s, MS_MULTICLASS, 3, r->args[i].name);
            }
}

static void check_class_weights(void)
{
    static const struct {
        const char *output, *loss;
        enum ms_data_task task;
        int outputs;
    } nets[] = {{"softmax", "categorical_crossentropy", MS_MULTICLASS, 3},
                {"sigmoid", "binary_crossentropy", MS_BINARY, 1},
                {"tanh", "mse", MS_MULTICLASS, 3}};
    for (size_t i = 0; i < sizeof nets / sizeof *nets; i++) {
        struct setup s = {.rows = 21, .config = case_config(nets[i].output, nets[i].loss, "sgd")};
        case_hidden(&s.config, 6, "tanh");
        s.config.n_class_weight = nets[i].outputs > 1 ? nets[i].outputs : 2;
        for (int c = 0; c < s.config.n_class_weight; c++)
            s.config.class_weight[c] = 0.25 + 1.5 * c;
        check_setup(&s, nets[i].task, nets[i].outputs, "class weights");
    }
}

// Depths 0 to 3, with and without bias, dropout everywhere, narrow and wide layers (which take
// different paths), batches of 1 row, of whole vectors and with a tail.
static void check_shapes(void)
{
    static const struct {
        int hidden, units, rows, inputs;
        bool bias;
    } shapes[] = {
        {0, 0, 9, 3, true},    {1, 3, 1, 4, true},    {2, 16, 16, 2, true},   {3, 7, 33, 5, false},
        {1, 80, 10, 70, true}, {2, 66, 19, 67, true}, {1, 70, 32, 65, false},
    };
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        for (int drop = 0; drop < 2; drop++) {
            struct setup s = {.rows = shapes[i].rows};
            s.config = case_config("softmax", "categorical_crossentropy", "sgd");
            for (int h = 0; h < shapes[i].hidden; h++) {
                case_hidden(&s.config, shapes[i].units, h % 2 ? "tanh" : "sigmoid");
                s.config.hidden[h].use_bias = shapes[i].bias;
                s.config.hidden[h].dropout = drop ? 0.3 : 0;
            }
            s.config.input_dropout = drop ? 0.2 : 0;
            s.config.output.use_bias = shapes[i].bias;
            s.data = case_data(MS_MULTICLASS, shapes[i].inputs, 3, s.rows, 0, 0);
            char what[200];
            snprintf(what, sizeof what, "%d hidden layers of %d on %d inputs, %d rows, dropout %d",
                     shapes[i].hidden, shapes[i].units, shapes[i].inputs, shapes[i].rows, drop);
            double error = worst_error(&s, what);
            CHECK_THAT(error < 1e-6, "%s: the gradient is off by %.3g", what, error);
            case_data_free(&s.data);
        }
    }
}

// Every regularizer on every part of a hidden layer and of the output, below a fused loss and below
// one that is not.
static void check_penalties(void)
{
    static const char *const parts[] = {"kernel", "bias", "activity"};
    for (int row = 1; row < ms_regularizer_table.n; row++)
        for (int part = 0; part < 3; part++)
            for (int at = 0; at < 4; at++) {
                struct setup s = {.rows = 19};
                bool fused = at % 2 == 0;
                s.config = fused ? case_config("softmax", "categorical_crossentropy", "sgd")
                                 : case_config("linear", "mse", "sgd");
                case_hidden(&s.config, 6, "tanh");
                case_hidden(&s.config, 5, "linear");
                spread(&s.config);
                s.config.hidden[0].dropout = 0.2;
                struct ms_layer_config *l = at < 2 ? &s.config.hidden[row % 2] : &s.config.output;
                struct ms_pick *const picks[] = {&l->kernel_regularizer, &l->bias_regularizer,
                                                 &l->activity_regularizer};
                *picks[part] = case_pick_row(&ms_regularizer_table, row);
                s.data = case_data(MS_MULTICLASS, 3, 4, s.rows, 0, 0);
                char what[200];
                snprintf(what, sizeof what, "%s of the %s's %s, %sfused",
                         ms_table_row(&ms_regularizer_table, row)->name,
                         at < 2 ? "hidden layer" : "output", parts[part], fused ? "" : "not ");
                double error = worst_error(&s, what);
                CHECK_THAT(error < 1e-6, "%s: the gradient is off by %.3g", what, error);
                case_data_free(&s.data);
            }
}

// Every normalization before every activation, with and without gamma and beta; batches of whole
// vectors, with a tail and (over the units) of one row; all kinds of noise on top.
static void check_norms(void)
{
    static const int rows[] = {16, 21, 1};
    for (int norm = 1; norm < ms_normalization_table.n; norm++)
        for (int activation = 0; activation < ms_activation_table.n; activation++)
            for (int variant = 0; variant < 12; variant++) {
                struct setup s = {.rows = rows[variant % 3]};
                bool statistics = ms_normalization_row(norm)->statistics;
                if (s.rows == 1 && statistics)
                    continue; // all outputs are beta
                s.config = case_config("softmax", "categorical_crossentropy", "sgd");
                case_hidden(&s.config, 6, "linear");
                case_hidden(&s.config, 5, "tanh");
                spread(&s.config);
                struct ms_layer_config *l = &s.config.hidden[0];
                l->activation = case_pick_row(&ms_activation_table, activation);
                for (int h = 0; h < 2; h++) {
                    l[h].normalization = case_pick_row(&ms_normalization_table, norm);
                    l[h].normalization.arg[MS_NORM_CENTER] = variant & 1;
                    l[h].normalization.arg[MS_NORM_SCALE] = variant >> 1 & 1;
                }
                l->use_bias = variant < 6;
                l->activity_regularizer = case_pick(&ms_regularizer_table, "l2");
                l->gaussian_noise = variant % 4 == 0 ? 0.3 : 0;
                l->gaussian_dropout = variant % 4 == 1 ? 0.3 : 0;
                s.config.input_gaussian_dropout = variant % 4 == 3 ? 0.1 : 0;
                s.data = case_data(MS_MULTICLASS, 3, 4, s.rows, 0, 0);
                char what[200];
                snprintf(what, sizeof what, "%s, %s, variant %d",
                         ms_normalization_row(norm)->row.name,
                         ms_table_row(&ms_activation_table, activation)->name, variant);
                double error = worst_error(&s, what);
                CHECK_THAT(error < 1e-6, "%s: the gradient is off by %.3g", what, error);
                case_data_free(&s.data);
            }
}

// Every kind of noise in every place, one at a time and all together.
static void check_noises(void)
{
    for (int kinds = 1; kinds < 64; kinds = kinds < 32 ? 2 * kinds : kinds + 31) {
        struct setup s = {.rows = 21};
        s.config = case_config("softmax", "categorical_crossentropy", "sgd");
        case_hidden(&s.config, 6, "tanh");
        case_hidden(&s.config, 5, "sigmoid");
        spread(&s.config);
        struct ms_layer_config *l = s.config.hidden;
        l[0].gaussian_noise = l[1].gaussian_noise = kinds & 1 ? 0.2 : 0;
        l[0].gaussian_dropout = l[1].gaussian_dropout = kinds & 2 ? 0.2 : 0;
        l[0].dropout = l[1].dropout = kinds & 4 ? 0.2 : 0;
        s.config.input_gaussian_noise = kinds & 8 ? 0.2 : 0;
        s.config.input_gaussian_dropout = kinds & 16 ? 0.2 : 0;
        s.config.input_dropout = kinds & 32 ? 0.2 : 0;
        s.data = case_data(MS_MULTICLASS, 3, 4, s.rows, 0, 0);
        char what[200];
        snprintf(what, sizeof what, "noises %x", (unsigned)kinds);
        double error = worst_error(&s, what);
        CHECK_THAT(error < 1e-6, "%s: the gradient is off by %.3g", what, error);
        case_data_free(&s.data);
    }
}

int main(void)
{
    for (int loss = 0; loss < ms_loss_table.n; loss++)
        for (int output = 0; output < ms_activation_table.n; output++)
            for (int hidden = 0; hidden < ms_activation_table.n; hidden++)
                for (int outputs = 1; outputs <= 4; outputs += 3)
                    check_pair(hidden, output, loss, outputs);
    check_arguments();
    check_class_weights();
    check_shapes();
    check_penalties();
    check_norms();
    check_noises();
    return check_done();
}
