// SPDX-License-Identifier: MIT
//
// Counts worked out by hand, and one that everybody knows: Keras's summary() of 784-128-128-10 says
// 118,282 parameters.
#include "check.h"
#include "mlpsweep/cost.h"

#include "worker/kernels/optimizers.h"

static struct ms_config config(int n_hidden, const int *units, int batch, int epochs)
{
    struct ms_config c;
    memset(&c, 0, sizeof c);
    c.n_hidden = n_hidden;
    for (int i = 0; i < n_hidden; i++) {
        c.hidden[i].units = units[i];
        c.hidden[i].use_bias = true;
    }
    c.output.use_bias = true;
    c.optimizer = ms_table_default(&ms_optimizer_table, ms_table_find(&ms_optimizer_table, "sgd"));
    c.batch_size = batch;
    c.epochs = epochs;
    c.early_stopping.monitor = -1;
    return c;
}

static struct ms_dataset data(int inputs, int outputs, uint32_t n_train, uint32_t n_val)
{
    return (struct ms_dataset){.task = MS_MULTICLASS,
                               .n_inputs = inputs,
                               .n_outputs = outputs,
                               .n_train = n_train,
                               .n_val = n_val,
                               .x_divide = 1};
}

static void test_parameters(void)
{
    struct ms_config c = config(2, (int[]){128, 128}, 128, 1);
    struct ms_dataset d = data(784, 10, 48000, 12000);
    CHECK(ms_cost_of(&c, &d).parameters == 118282);
    c.hidden[0].use_bias = false;
    CHECK(ms_cost_of(&c, &d).parameters == 118282 - 128);
    c = config(0, NULL, 1, 1); // logistic regression
    CHECK(ms_cost_of(&c, &d).parameters == 7850);
}

// Keras's summary(): "Trainable params" of the same with BatchNormalization.
static void test_normalization(void)
{
    struct ms_config c = config(2, (int[]){128, 128}, 128, 1);
    struct ms_dataset d = data(784, 10, 48000, 12000);
    double plain = ms_cost_of(&c, &d).elements;
    c.hidden[0].normalization = ms_table_default(
        &ms_normalization_table, ms_table_find(&ms_normalization_table, "batch_normalization"));
    CHECK(ms_cost_of(&c, &d).parameters == 118282 + 2 * 128);
    c.hidden[0].normalization.arg[2] = 0; // scale
    CHECK(ms_cost_of(&c, &d).parameters == 118282 + 128);
    double with = ms_cost_of(&c, &d).elements;
    CHECK(with > plain);
    c.hidden[1].gaussian_noise = 0.1;
    CHECK(ms_cost_of(&c, &d).elements > with);
    c.output.gaussian_noise = 0.1; // there is none after the output
    double noisy = ms_cost_of(&c, &d).elements;
    c.input_gaussian_dropout = 0.1;
    CHECK(ms_cost_of(&c, &d).elements > noisy);
}

static void test_flops_and_steps(void)
{
    // 3-4-2 on 10 training and 5 validation rows, batches of 4, 7 epochs.
    // A row forward: 2·(3·4 + 4·2) = 40. Backward: weights 40, inputs of the second layer 2·4·2
    // = 16.
    struct ms_config c = config(1, (int[]){4}, 4, 7);
    struct ms_dataset d = data(3, 2, 10, 5);
    struct ms_cost cost = ms_cost_of(&c, &d);
    CHECK(cost.flops == 7 * (10 * (40 + 40 + 16) + 5 * 40));
    CHECK(cost.steps == 7 * 3); // 4 + 4 + 2 rows
    CHECK(cost.parameters == 3 * 4 + 4 + 4 * 2 + 2);
    // Elements: inputs 3, each as dear as two, units 4 + 2; training touches units twice.
    CHECK(cost.elements == 7 * (10 * (6 + 2 * 6) + 5 * (6 + 6)));
    c.hidden[0].dropout = 0.5;
    c.output.dropout = 0.5; // there is none after the output
    CHECK(ms_cost_of(&c, &d).elements == 7 * (10 * (6 + 2 * 14) + 5 * (6 + 14)));
    c.batch_size = 1000; // one batch, not 1,000 rows of it
    CHECK(ms_cost_of(&c, &d).steps == 7);
    c.batch_size = 5;
    CHECK(ms_cost_of(&c, &d).steps == 14);
    c = config(0, NULL, 4, 1); // the only layer is the first: no gradient of its input
    CHECK(ms_cost_of(&c, &d).flops == 10 * (12 + 12) + 5 * 12);
}

static void test_bytes(void)
{
    struct ms_config c = config(2, (int[]){1000, 1000}, 100, 1);
    struct ms_dataset d = data(1000, 10, 10000, 1000);
    struct ms_cost sgd = ms_cost_of(&c, &d);
    c.early_stopping.monitor = 1;
    c.early_stopping.restore_best = true; // the best epoch's weights
    double number = (ms_cost_of(&c, &d).bytes - sgd.bytes) / sgd.parameters;
    CHECK(number == sizeof(float)); // tests of units link the engine in single precision
    c.early_stopping.monitor = -1;
    CHECK(ms_cost_of(&c, &d).bytes == sgd.bytes);
    c.keeps = true; // the weights of the epoch that counts, and their message
    CHECK(ms_cost_of(&c, &d).bytes - sgd.bytes == 2 * number * sgd.parameters);
    c.keeps = false;
    // Weights and gradients; momentum and the average of the weights are one block more each, Adam
    // has two moments.
    CHECK(sgd.bytes > 2 * number * sgd.parameters &&
          sgd.bytes < 2 * number * sgd.parameters + 12e6);
    int momentum =
        ms_table_find_arg(ms_table_row(&ms_optimizer_table, c.optimizer.row), "momentum");
    c.optimizer.arg[momentum] = 0.9;
    CHECK(ms_cost_of(&c, &d).bytes - sgd.bytes == number * sgd.parameters);
    c.optimizer.arg[MS_USE_EMA] = 1;
    CHECK(ms_cost_of(&c, &d).bytes - sgd.bytes == 2 * number * sgd.parameters);
    c.optimizer = ms_table_default(&ms_optimizer_table, ms_table_find(&ms_optimizer_table, "adam"));
    CHECK(ms_cost_of(&c, &d).bytes - sgd.bytes == 2 * number * sgd.parameters);
    // What a metric adds up over an epoch: AUC keeps two counts for each of its 200 thresholds.
    sgd = ms_cost_of(&c, &d);
    c.metrics[c.n_metrics++] = ms_table_find(&ms_metric_table, "auc");
    double state = ms_cost_of(&c, &d).bytes - sgd.bytes;
    CHECK_THAT(state >= 2 * 199 * sizeof(double) && state < 1e5, "%g bytes", state);
    // A batch of 30,000 rows of 784 inputs alone is 94 MB; but no more rows than there are.
    c = config(1, (int[]){64}, 30000, 1);
    d = data(784, 10, 48000, 12000);
    double all = ms_cost_of(&c, &d).bytes;
    CHECK(all > 30000 * 784.0 * number && all < 1.5 * 30000 * 784.0 * number);
    d.n_train = 1000;
    d.n_val = 100;
    CHECK(ms_cost_of(&c, &d).bytes < all / 5);
}

// Only the order of magnitude: what machines have in common. Facts from shared benchmarks: one core
// takes 0.1 to 10 s for an epoch of 784-128-128-10 over 60,000 rows, and under a second for
// hundreds of epochs of 2-16-16-1 over 2,500.
static void test_seconds(void)
{
    struct ms_config c = config(2, (int[]){128, 128}, 128, 1);
    struct ms_dataset d = data(784, 10, 60000, 0);
    struct ms_cost cost = ms_cost_of(&c, &d);
    double s = ms_cost_seconds(&cost);
    CHECK_THAT(s > 0.1 && s < 10, "%g s", s);
    c.epochs = 10;
    struct ms_cost ten = ms_cost_of(&c, &d);
    CHECK_NEAR(ms_cost_seconds(&ten), 10 * s, 1e-12);
    c = config(2, (int[]){16, 16}, 100, 100);
    d = data(2, 1, 2500, 0);
    cost = ms_cost_of(&c, &d);
    s = ms_cost_seconds(&cost);
    CHECK_THAT(s > 0.001 && s < 1, "%g s", s);
    // Narrow layers reach a smaller share of the machine: measured, 51 against 88 GFLOP/s.
    double narrow = cost.flops / s;
    c = config(2, (int[]){1024, 1024}, 100, 1);
    cost = ms_cost_of(&c, &d);
    CHECK(cost.flops / ms_cost_seconds(&cost) > 1.4 * narrow);
    c.batch_size = 1; // the same flops, but 100 times the steps
    struct ms_cost small = ms_cost_of(&c, &d);
    CHECK(small.flops == cost.flops && ms_cost_seconds(&small) > 5 * ms_cost_seconds(&cost));
}

static double seconds(const struct ms_config *c, const struct ms_dataset *d)
{
    struct ms_cost cost = ms_cost_of(c, d);
    return ms_cost_seconds(&cost);
}

static struct ms_pick pick(const struct ms_table *table, const char *name)
{
    return ms_table_default(table, ms_table_find(table, name));
}

// What makes one trial of a sweep dearer than another must do so in the model too: dispatch starts
// the dearest first, plan measures trials of different costs.
static void test_what_is_dearer(void)
{
    struct ms_config c = config(1, (int[]){64}, 8, 1);
    struct ms_dataset d = data(64, 1, 1000, 0);
    double plain = seconds(&c, &d);
    c.optimizer = pick(&ms_optimizer_table, "adam");
    double adam = seconds(&c, &d);
    CHECK(adam > 1.02 * plain && adam < 2 * plain);
    c = config(1, (int[]){64}, 8, 1);
    c.hidden[0].kernel_regularizer = pick(&ms_regularizer_table, "l2");
    double penalty = seconds(&c, &d);
    CHECK(penalty > adam && penalty < 3 * plain);
    c = config(1, (int[]){64}, 8, 1);
    c.hidden[0].kernel_constraint = pick(&ms_constraint_table, "max_norm");
    CHECK(seconds(&c, &d) > plain);
    // Activations in the order of what they compute.
    const char *const dearer[] = {"relu", "sigmoid", "tanh", "gelu"};
    double last = 0;
    for (int i = 0; i < 4; i++) {
        c = config(1, (int[]){64}, 8, 1);
        c.hidden[0].activation = pick(&ms_activation_table, dearer[i]);
        double s = seconds(&c, &d);
        CHECK_THAT(s > last && s < 2 * plain, "%s: %g s after %g s", dearer[i], s, last);
        last = s;
    }
    // A metric costs, the loss among the metrics does not; AUC costs its thresholds.
    c = config(1, (int[]){64}, 8, 1);
    c.n_metrics = 1;
    CHECK(c.metrics[0] == 0 && seconds(&c, &d) == plain);
    c.n_metrics = 2;
    c.metrics[1] = ms_table_find(&ms_metric_table, "accuracy");
    double accuracy = seconds(&c, &d);
    CHECK(accuracy > plain);
    c.metrics[1] = ms_table_find(&ms_metric_table, "auc");
    CHECK(seconds(&c, &d) > accuracy);
    c.loss.row = -1; // not decided yet
    CHECK(seconds(&c, &d) > plain);
}

int main(void)
{
    test_what_is_dearer();
    test_parameters();
    test_normalization();
    test_flops_and_steps();
    test_bytes();
    test_seconds();
    return check_done();
}
