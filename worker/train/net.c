// SPDX-License-Identifier: MIT
//
// Building a network from a configuration, and its passes.
//
// Counters of random numbers. Initial weights: layer << 56 | role << 40 | position. Dropout:
// layer << 56 | step · (counters that one full batch needs), where layer 0 is the input's. Noise:
// the same in its own stream, Gaussian dropout from 1 << 55 on.
#include "net.h"

#include <string.h>

#include "worker/kernels/constraints.h"
#include "worker/kernels/initializers.h"
#include "worker/kernels/vector.h"

#define LAYER_BITS 56
#define ROLE_BITS 40

int ms_net_ld(int rows)
{
    int ld = (rows + MS_LANE_BLOCK - 1) / MS_LANE_BLOCK * MS_LANE_BLOCK;
    // Rows of a matrix that lie a multiple of a page apart share only a few sets of the cache.
    return ld % 1024 == 0 ? ld + MS_LANE_BLOCK : ld;
}

static ms_real *take(struct ms_carve *c, const struct ms_net *net, int units)
{
    return ms_arena_carve_take(c, (size_t)units, (size_t)net->max_ld * sizeof(ms_real));
}

static const ms_real *top(const struct ms_net *net)
{
    return net->n_layers ? net->layers[net->n_layers - 1].out : net->x;
}

static struct ms_layer *push(struct ms_net *net, const struct ms_layer_ops *ops, int inputs,
                             int units)
{
    const ms_real *below = top(net);
    struct ms_layer *l = &net->layers[net->n_layers++];
    *l = (struct ms_layer){.ops = ops, .inputs = inputs, .units = units, .in = below};
    return l;
}

static struct ms_segment *push_segment(struct ms_net *net, enum ms_role role, int layer, int rows,
                                       int cols)
{
    const size_t step = MS_ALIGN / sizeof(float); // the same gaps in float and double
    size_t n = (size_t)rows * (size_t)cols;
    struct ms_segment *s = &net->segments[net->n_segments++];
    *s = (struct ms_segment){
        .role = role,
        .layer = layer,
        .offset = net->n_weights,
        .rows = rows,
        .cols = cols,
    };
    net->n_weights += (n + step - 1) / step * step;
    return s;
}

static bool penalises(const struct ms_penalty *p)
{
    return p->l1 > 0 || p->l2 > 0;
}

static size_t push_kernel(struct ms_net *net, int layer, const struct ms_layer_config *lc,
                          int inputs, int units)
{
    struct ms_segment *s = push_segment(net, MS_KERNEL, layer, inputs, units);
    s->initializer = &lc->kernel_initializer;
    s->constraint = &lc->kernel_constraint;
    s->penalty = ms_regularizer_penalty_of(&lc->kernel_regularizer);
    net->constrained = net->constrained || s->constraint->row > 0;
    net->penalised = net->penalised || penalises(&s->penalty);
    return s->offset;
}

static size_t push_bias(struct ms_net *net, int layer, const struct ms_layer_config *lc, int units)
{
    struct ms_segment *s = push_segment(net, MS_BIAS, layer, 1, units);
    s->initializer = &lc->bias_initializer;
    s->constraint = &lc->bias_constraint;
    s->penalty = ms_regularizer_penalty_of(&lc->bias_regularizer);
    net->constrained = net->constrained || s->constraint->row > 0;
    net->penalised = net->penalised || penalises(&s->penalty);
    return s->offset;
}

static struct ms_layer *push_random(struct ms_net *net, const struct ms_layer_ops *ops, int layer,
                                    int units, struct ms_carve *c)
{
    struct ms_layer *l = push(net, ops, units, units);
    l->out = take(c, net, units);
    l->words = ms_arena_carve_take(c, (size_t)units, (size_t)net->max_ld * sizeof *l->words);
    l->counter = (uint64_t)layer << LAYER_BITS;
    l->per_step = ((uint64_t)units * (uint64_t)net->max_ld + 3) / 4;
    return l;
}

// layer: 0 after the input, 1 after the first hidden layer …
static void push_noises(struct ms_net *net, int layer, double noise, double gaussian_dropout,
                        double dropout, int units, struct ms_carve *c)
{
    if (noise > 0) {
        struct ms_layer *l = push_random(net, &ms_layer_noise, layer, units, c);
        l->z = take(c, net, units);
        l->scale = (ms_real)noise;
    }
    if (gaussian_dropout > 0) {
        struct ms_layer *l = push_random(net, &ms_layer_gaussian_dropout, layer, units, c);
        l->z = take(c, net, units);
        l->counter |= UINT64_C(1) << (LAYER_BITS - 1);
        l->scale = (ms_real)sqrt(gaussian_dropout / (1 - gaussian_dropout));
    }
    if (dropout > 0) {
        struct ms_layer *l = push_random(net, &ms_layer_dropout, layer, units, c);
        l->threshold = (uint32_t)(dropout * 0x1p32);
        l->scale = (ms_real)(1 / (1 - dropout));
    }
}

// Between a dense layer, which is the last one pushed, and its activation.
static void push_norm(struct ms_net *net, int layer, const struct ms_pick *pick, int units,
                      struct ms_carve *c)
{
    if (pick->row == 0)
        return;
    ms_real *in = net->layers[net->n_layers - 1].out;
    struct ms_layer *l = push(net, &ms_layer_norm, units, units);
    l->normalization = ms_normalization_row(pick->row);
    l->arg = pick->arg;
    l->z = in;
    l->out = take(c, net, units);
    l->work = ms_arena_carve_take(c, ms_norm_work(units, net->max_ld), sizeof *l->work);
    l->has_gamma = pick->arg[MS_NORM_SCALE] != 0;
    l->has_beta = pick->arg[MS_NORM_CENTER] != 0;
    if (l->has_gamma)
        l->gamma = push_segment(net, MS_GAMMA, layer, 1, units)->offset;
    if (l->has_beta)
        l->beta = push_segment(net, MS_BETA, layer, 1, units)->offset;
}

static void push_dense(struct ms_net *net, int layer, const struct ms_layer_config *lc, int inputs,
                       int units, struct ms_carve *c)
{
    struct ms_layer *l = push(net, &ms_layer_dense, inputs, units);
    l->out = take(c, net, units);
    l->lowest = layer == 0;
    l->use_bias = lc->use_bias;
    l->kernel = push_kernel(net, layer, lc, inputs, units);
    if (lc->use_bias)
        l->bias = push_bias(net, layer, lc, units);

    bool output = layer == net->config->n_hidden;
    const struct ms_activation *activation = ms_activation_row(lc->activation.row);
    net->fused = output && net->loss->evaluate_fused && net->loss->fuses == lc->activation.row;
    if (!output)
        push_norm(net, layer, &lc->normalization, units, c);
    if (lc->activation.row != MS_ACT_LINEAR) {
        struct ms_layer *a = push(net, &ms_layer_activation, units, units);
        a->out = net->layers[net->n_layers - 2].out;
        a->activation = activation;
        a->arg = lc->activation.arg;
        if (activation->keeps_input || net->fused)
            a->z = take(c, net, units);
    }
    struct ms_layer *last = &net->layers[net->n_layers - 1];
    last->activity = ms_regularizer_penalty_of(&lc->activity_regularizer);
    last->penalised = penalises(&last->activity);
    net->penalised = net->penalised || last->penalised;
    if (!output)
        push_noises(net, layer + 1, lc->gaussian_noise, lc->gaussian_dropout, lc->dropout, units,
                    c);
}

// Moving statistics and the memory of all weights.
static void lay_out_weights(struct ms_net *net, struct ms_carve *carve)
{
    const size_t trained = net->n_weights;
    net->n_trained = net->n_segments;
    size_t mean[MS_MAX_LAYERS + 1], variance[MS_MAX_LAYERS + 1];
    int dense = -1;
    for (int i = 0; i < net->n_layers; i++) {
        const struct ms_layer *l = &net->layers[i];
        dense += l->ops == &ms_layer_dense;
        if (!l->normalization || !l->normalization->statistics)
            continue;
        mean[dense] = push_segment(net, MS_MOVING_MEAN, dense, 1, l->units)->offset;
        variance[dense] = push_segment(net, MS_MOVING_VARIANCE, dense, 1, l->units)->offset;
    }
    net->n_state = net->n_weights;
    net->n_weights = trained;
    net->weights = ms_arena_carve_take(carve, net->n_state, sizeof *net->weights);
    net->gradients = ms_arena_carve_take(carve, net->n_state, sizeof *net->gradients);
    dense = -1;
    for (int i = 0; net->weights && i < net->n_layers; i++) {
        struct ms_layer *l = &net->layers[i];
        dense += l->ops == &ms_layer_dense;
        if (!l->normalization || !l->normalization->statistics)
            continue;
        l->moving_mean = net->weights + mean[dense];
        l->moving_variance = net->weights + variance[dense];
    }
}

void ms_net_lay_out(struct ms_net *net, const struct ms_config *config, int n_inputs, int n_outputs,
                    int max_rows, struct ms_carve *carve)
{
    *net = (struct ms_net){
        .config = config,
        .n_inputs = n_inputs,
        .n_outputs = n_outputs,
        .max_rows = max_rows,
        .max_ld = ms_net_ld(max_rows),
        .loss = ms_loss_row(config->loss.row),
        .class_weight = config->class_weight,
        .n_class_weight = config->n_class_weight,
    };
    net->x = take(carve, net, n_inputs);
    net->t = take(carve, net, n_outputs);
    net->row_loss = take(carve, net, 1);
    net->row_weight = take(carve, net, 1);
    if (config->n_class_weight == MS_CLASS_WEIGHT_BALANCED) {
        net->n_class_weight = n_outputs > 1 ? n_outputs : 2;
        net->balanced = ms_arena_carve_take(carve, (size_t)net->n_class_weight, sizeof(double));
        net->class_weight = net->balanced;
    }

    push_noises(net, 0, config->input_gaussian_noise, config->input_gaussian_dropout,
                config->input_dropout, n_inputs, carve);
    int inputs = n_inputs, widest = n_outputs;
    for (int i = 0; i < config->n_hidden; i++) {
        const struct ms_layer_config *lc = &config->hidden[i];
        push_dense(net, i, lc, inputs, lc->units, carve);
        inputs = lc->units;
        widest = inputs > widest ? inputs : widest;
    }
    push_dense(net, config->n_hidden, &config->output, inputs, n_outputs, carve);
    net->y = top(net);
    for (int i = 0; i < 2; i++)
        net->d[i] = take(carve, net, widest);
    lay_out_weights(net, carve);
}

void ms_net_start(struct ms_net *net, const struct ms_rng *init)
{
    memset(net->weights, 0, net->n_state * sizeof *net->weights);
    for (int i = 0; i < net->n_segments; i++) {
        const struct ms_segment *s = &net->segments[i];
        bool one = s->role == MS_GAMMA || s->role == MS_MOVING_VARIANCE;
        for (int j = 0; one && j < s->cols; j++)
            net->weights[s->offset + (size_t)j] = 1;
        if (!s->initializer)
            continue;
        bool kernel = s->role == MS_KERNEL;
        struct ms_init fill = {
            .weights = net->weights + s->offset,
            .rows = s->rows,
            .cols = s->cols,
            .fan_in = kernel ? s->rows : s->cols,
            .fan_out = s->cols,
            .rng = init,
            .counter = (uint64_t)s->layer << LAYER_BITS | (uint64_t)s->role << ROLE_BITS,
            .arg = s->initializer->arg,
        };
        ms_initializer_row(s->initializer->row)->fill(&fill);
    }
}

void ms_net_forward(struct ms_net *net, const struct ms_pass *p)
{
    for (int i = 0; i < net->n_layers; i++)
        net->layers[i].ops->forward(&net->layers[i], p, net->weights);
}

// Σ of all penalties; activity's divided by the rows.
static double penalties(const struct ms_net *net, const struct ms_pass *p)
{
    double weights = 0, activity = 0;
    for (int i = 0; i < net->n_segments; i++) {
        const struct ms_segment *s = &net->segments[i];
        if (penalises(&s->penalty))
            weights += ms_regularizer_penalty_sum(&s->penalty, net->weights + s->offset,
                                                  (size_t)s->rows * (size_t)s->cols);
    }
    for (int i = 0; i < net->n_layers; i++) {
        const struct ms_layer *l = &net->layers[i];
        for (int j = 0; l->penalised && j < l->units; j++)
            activity += ms_regularizer_penalty_sum(&l->activity, l->out + (size_t)j * (size_t)p->ld,
                                                   (size_t)p->rows);
    }
    return weights + activity / p->rows;
}

double ms_net_loss(struct ms_net *net, const struct ms_pass *p, bool gradient)
{
    for (int i = 0; i < p->ld; i++)
        net->row_weight[i] = 1 / (ms_real)p->rows;
    bool weighted = p->training && net->n_class_weight > 0;
    if (weighted)
        ms_loss_class_weights(net->class_weight, net->n_class_weight, net->t, net->n_outputs, p->ld,
                              net->row_weight);
    const struct ms_loss_batch batch = {
        .y = net->y,
        .z = net->fused ? net->layers[net->n_layers - 1].z : NULL,
        .t = net->t,
        .weight = net->row_weight,
        .loss = net->row_loss,
        .d = gradient ? net->d[0] : NULL,
        .units = net->n_outputs,
        .ld = p->ld,
        .arg = net->config->loss.arg,
    };
    if (net->fused)
        net->loss->evaluate_fused(&batch);
    else
        net->loss->evaluate(&batch);
    double sum = 0;
    for (int i = 0; i < p->rows; i++)
        sum += (double)net->row_loss[i] * (weighted ? (double)net->row_weight[i] : 1);
    double loss = weighted ? sum : sum / p->rows; // a row's weight has the division in it
    return net->penalised ? loss + penalties(net, p) : loss;
}

static void activity_gradient(const struct ms_layer *l, const struct ms_pass *p, ms_real *d)
{
    ms_regularizer_penalty_gradient(&l->activity, 1.0 / p->rows, d, l->out,
                                    (size_t)l->units * (size_t)p->ld);
}

// A fused loss's gradient skips the last activation; that of the activation's penalty does not.
static void fused_activity_gradient(struct ms_net *net, const struct ms_pass *p)
{
    const struct ms_layer *l = &net->layers[net->n_layers - 1];
    size_t n = (size_t)l->units * (size_t)p->ld;
    ms_real *d = net->d[0], *own = net->d[1];
    memset(own, 0, n * sizeof *own);
    activity_gradient(l, p, own);
    l->activation->backward(own, l->out, l->z, l->units, p->ld, l->arg);
    for (size_t i = 0; i < n; i++)
        d[i] += own[i];
}

static void weight_penalty_gradients(struct ms_net *net)
{
    for (int i = 0; i < net->n_segments; i++) {
        const struct ms_segment *s = &net->segments[i];
        if (penalises(&s->penalty))
            ms_regularizer_penalty_gradient(&s->penalty, 1, net->gradients + s->offset,
                                            net->weights + s->offset,
                                            (size_t)s->rows * (size_t)s->cols);
    }
}

void ms_net_backward(struct ms_net *net, const struct ms_pass *p)
{
    ms_real *d = net->d[0];
    int top = net->n_layers - 1;
    if (net->fused) {
        if (net->layers[top].penalised)
            fused_activity_gradient(net, p);
        top--;
    }
    for (int i = top; i >= 0 && d; i--) {
        ms_real *other = d == net->d[0] ? net->d[1] : net->d[0];
        const struct ms_layer *l = &net->layers[i];
        if (l->penalised)
            activity_gradient(l, p, d);
        d = l->ops->backward(l, p, net->weights, net->gradients, d, other);
    }
    if (net->penalised)
        weight_penalty_gradients(net);
}

void ms_net_constrain(struct ms_net *net)
{
    for (int i = 0; net->constrained && i < net->n_segments; i++) {
        const struct ms_segment *s = &net->segments[i];
        if (!s->constraint || s->constraint->row == 0)
            continue;
        bool kernel = s->role == MS_KERNEL;
        ms_constraint_row(s->constraint->row)
            ->apply(net->weights + s->offset, kernel ? s->rows : s->cols, kernel ? s->cols : 1,
                    s->constraint->arg);
    }
}

// --- packed weights ------------------------------------------------------------------

// Where the network has a tensor.
static const struct ms_segment *find(const struct ms_net *net, const struct ms_weight *w)
{
    const struct ms_segment *s = net->segments;
    while (s->role != w->role || s->layer != w->layer)
        s++;
    return s;
}

static int list_of(const struct ms_net *net, struct ms_weight list[MS_MAX_TENSORS])
{
    return ms_weights_of(net->config, net->n_inputs, net->n_outputs, list, NULL);
}

void ms_net_pack(const struct ms_net *net, const ms_real *block, float *out)
{
    struct ms_weight list[MS_MAX_TENSORS];
    const int n = list_of(net, list);
    for (int k = 0; k < n; k++) {
        const ms_real *from = block + find(net, &list[k])->offset;
        for (size_t i = 0; i < (size_t)list[k].rows * (size_t)list[k].cols; i++)
            out[list[k].offset + i] = (float)from[i];
    }
}

void ms_net_unpack(struct ms_net *net, const float *in)
{
    struct ms_weight list[MS_MAX_TENSORS];
    const int n = list_of(net, list);
    for (int k = 0; k < n; k++) {
        ms_real *to = net->weights + find(net, &list[k])->offset;
        for (size_t i = 0; i < (size_t)list[k].rows * (size_t)list[k].cols; i++)
            to[i] = (ms_real)in[list[k].offset + i];
    }
}
