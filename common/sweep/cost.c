// SPDX-License-Identifier: MIT
//
// Counts follow the engine (worker/train/net.c, train.c): what lies in its arena and what it
// touches in a step. An execution that stops early costs less; this cannot be known in advance.
#include "mlpsweep/cost.h"

#include "worker/kernels/activations.h"
#include "worker/kernels/losses.h"
#include "worker/kernels/metrics.h"
#include "worker/kernels/normalizations.h"
#include "worker/kernels/optimizers.h"

// Memory of a trainer before it has a network: program, libraries, OpenBLAS's buffers.
#define TRAINER_BYTES (6.0 * 1024 * 1024)
// The engine evaluates in batches of at least so many rows and pads batches to full vectors.
enum { EVALUATE_ROWS = 128, LANES = 16 };

// Element-wise work, in what a relu takes for one element one way; all measured.
static const double gathering = 2;   // of an input
static const double noise_work = 2;  // of an element that noise or a normalization writes once more
static const double metric_work = 8; // of a row, and as much of each of its outputs
// Work on a weight, in what plain SGD takes.
static const double slot_work = 0.4;      // of each number that the optimizer keeps of it
static const double regularizer_work = 2; // its share of the penalty, and that one's gradient
static const double constraint_work = 0.5;

static double larger(double a, double b)
{
    return a > b ? a : b;
}

static double smaller(double a, double b)
{
    return a < b ? a : b;
}

struct sums {                      // over the layers
    double products;               // inputs · units
    double lowest;                 // of the first layer
    double units, dropped, widest; // dropped: units written once more by noise or normalization
    double work;                   // of activations, beyond a relu's both ways
    double weights_work;           // of regularizers and constraints
};

// Passes over the units; normal numbers take as long as two.
static double noises(double noise, double gaussian_dropout, double dropout)
{
    return 2 * (noise > 0) + 2 * (gaussian_dropout > 0) + (dropout > 0);
}

static void add_layer(struct sums *s, struct ms_cost *cost, const struct ms_layer_config *l,
                      double inputs, double units, bool lowest, bool output)
{
    cost->parameters += inputs * units + (l->use_bias ? units : 0);
    s->products += inputs * units;
    if (lowest)
        s->lowest = inputs * units;
    s->units += units;
    s->widest = larger(s->widest, units);
    s->work += units * ms_activation_row(l->activation.row)->work;
    s->weights_work += inputs * units *
                       (regularizer_work * (l->kernel_regularizer.row > 0) +
                        constraint_work * (l->kernel_constraint.row > 0));
    if (output)
        return;
    s->dropped += units * noises(l->gaussian_noise, l->gaussian_dropout, l->dropout);
    if (l->normalization.row > 0) {
        s->dropped += units;
        cost->parameters += l->normalization.arg[MS_NORM_SCALE] != 0 ? units : 0;
        cost->parameters += l->normalization.arg[MS_NORM_CENTER] != 0 ? units : 0;
    }
}

// Loss and metrics of a row. The loss is a metric that costs nothing more (row 0).
static double judging(const struct ms_config *c, double outputs)
{
    double work = c->loss.row < 0 ? 0 : outputs * ms_loss_row(c->loss.row)->work;
    for (int i = 0; i < c->n_metrics; i++)
        if (c->metrics[i] > 0)
            work += metric_work * (1 + outputs) + outputs * ms_metric_row(c->metrics[i])->work;
    return work;
}

struct ms_cost ms_cost_of(const struct ms_config *c, const struct ms_dataset *d)
{
    struct ms_cost cost = {0};
    struct sums s = {0};
    double inputs = d->n_inputs;
    s.dropped =
        inputs * noises(c->input_gaussian_noise, c->input_gaussian_dropout, c->input_dropout);
    for (int i = 0; i < c->n_hidden; i++) {
        add_layer(&s, &cost, &c->hidden[i], inputs, c->hidden[i].units, i == 0, false);
        inputs = c->hidden[i].units;
    }
    add_layer(&s, &cost, &c->output, inputs, d->n_outputs, c->n_hidden == 0, true);

    double train = d->n_train, val = d->n_val, epochs = c->epochs;
    double batch = smaller(c->batch_size, train);
    cost.steps = epochs * (double)((d->n_train + (uint64_t)batch - 1) / (uint64_t)batch);
    cost.flops = epochs * (train * (6 * s.products - 2 * s.lowest) + val * 2 * s.products);
    // Inputs are gathered once; units and dropped ones are written forward and backward.
    double once = gathering * d->n_inputs + judging(c, d->n_outputs);
    double twice = s.units + noise_work * s.dropped + s.work / 2;
    cost.elements = epochs * (train * (once + 2 * twice) + val * (once + twice));
    cost.updates =
        cost.steps *
        (cost.parameters * (1 + slot_work * ms_optimizer_blocks(&c->optimizer)) + s.weights_work);

    double evaluated = smaller(larger(c->batch_size, EVALUATE_ROWS), larger(d->n_val, d->n_test));
    double rows = larger(batch, evaluated) + LANES;
    double copies = 2 + ms_optimizer_blocks(&c->optimizer); // weights, gradients
    if (c->early_stopping.monitor >= 0 && c->early_stopping.restore_best)
        copies++;
    if (c->keeps && cost.parameters <= MS_MAX_KEPT)
        copies += 2; // those of the epoch that counts, and their message
    // Activations, what noise keeps (output and mask), two gradients on their way down, targets,
    // the loss's copy of the outputs.
    double per_row = d->n_inputs + s.units + 2 * s.dropped + 2 * s.widest + 2 * d->n_outputs + 2;
    if (d->target) // targets and outputs in their own unit
        per_row += 2 * d->n_outputs;
    cost.bytes = TRAINER_BYTES + sizeof(ms_real) * (copies * cost.parameters + rows * per_row) +
                 sizeof(uint32_t) * train;
    for (int i = 0; i < c->n_metrics; i++)
        cost.bytes += sizeof(double) * (double)ms_metric_state(c->metrics[i], d->n_outputs);
    return cost;
}

// Measured with this engine on one core of an AMD EPYC with AVX-512, 1 MB of second-level cache:
// 150 shapes from 2-2-1 to 784-2048-2048-10, batches of 1 to 30,000 rows, all optimizers,
// activations, regularizers, constraints, kinds of noise and normalizations; then fitted. Most are
// within 1.3. No term for a layer's width is needed: narrow layers have many elements for their
// flops.
#define FLOPS_A_SECOND 8e10
#define ELEMENTS_A_SECOND 5e9
#define UPDATES_A_SECOND 2.8e9
#define SECONDS_A_STEP 9e-7
// Weights and gradients that leave the second-level cache between two steps take up to three times
// as long.
#define CACHE_BYTES 2.8e6
#define SLOWER_MOST 3

double ms_cost_seconds(const struct ms_cost *cost)
{
    double bytes = 2 * sizeof(ms_real) * cost->parameters;
    double slower = smaller(1 + bytes / CACHE_BYTES, SLOWER_MOST);
    return cost->flops / FLOPS_A_SECOND + cost->elements / ELEMENTS_A_SECOND +
           cost->updates * slower / UPDATES_A_SECOND + cost->steps * SECONDS_A_STEP;
}
