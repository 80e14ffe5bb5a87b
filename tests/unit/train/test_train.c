// SPDX-License-Identifier: MIT
//
// The promises of ms_train besides right numbers (see tests/numeric for these): the same bits
// whatever ran before, reasons to stop, the test set, and that it learns.
#include "check.h"

#include "mlpsweep/metric.h"
#include "mlpsweep/train.h"

#include "worker/kernels/optimizers.h"
#include "tests/numeric/case.h"

enum { MAX_LOG = 400 };

struct log {
    int epochs, n, cancel_at;
    double values[MAX_LOG][8];
};

static bool record(void *ctx, int epoch, const double *values, int n)
{
    struct log *log = ctx;
    CHECK_INT(epoch, log->epochs + 1);
    REQUIRE(log->epochs < MAX_LOG && n <= 8);
    memcpy(log->values[log->epochs++], values, (size_t)n * sizeof *values);
    log->n = n;
    return epoch == log->cancel_at;
}

static struct ms_train_result train(const struct ms_config *c, const struct ms_dataset *d,
                                    struct ms_arena *arena, uint32_t execution, int test_epoch,
                                    struct log *log)
{
    const struct ms_training training = {.config = c,
                                         .data = d,
                                         .seed = 2020,
                                         .trial = 3,
                                         .execution = execution,
                                         .test_epoch = test_epoch};
    struct ms_train_result result;
    struct ms_error err = {0};
    log->epochs = 0;
    memset(log->values, 0, sizeof log->values);
    int status = ms_train(&training, arena, record, log, &result, &err);
    CHECK_THAT(status == 0, "ms_train: %s", err.text);
    CHECK_INT(log->epochs, result.epochs);
    return result;
}

static bool same(const struct log *a, const struct log *b)
{
    return a->epochs == b->epochs && a->n == b->n &&
           memcmp(a->values, b->values, (size_t)a->epochs * sizeof a->values[0]) == 0;
}

static void test_same_bits(void)
{
    static struct log first, again, other;
    struct ms_dataset small = case_data(MS_BINARY, 2, 1, 210, 50, 0);
    struct ms_dataset large = case_data(MS_MULTICLASS, 90, 5, 500, 300, 0);
    struct ms_config c = case_config("sigmoid", "binary_crossentropy", "rmsprop");
    c.n_metrics = 2;
    c.metrics[1] = case_row(&ms_metric_table, "accuracy");
    c.epochs = 6;
    case_hidden(&c, 7, "relu");
    case_hidden(&c, 5, "tanh");
    c.hidden[0].dropout = 0.25;
    c.input_dropout = 0.1;
    struct ms_config big = case_config("softmax", "categorical_crossentropy", "adam");
    case_hidden(&big, 80, "relu");
    big.batch_size = 100;
    big.hidden[0].dropout = 0.5;

    struct ms_arena *arena = ms_arena_new(), *fresh = ms_arena_new();
    REQUIRE(arena && fresh);
    train(&c, &small, arena, 1, 0, &first);
    CHECK_INT(first.n, 4);
    train(&c, &small, arena, 1, 0, &again);
    CHECK(same(&first, &again));

    train(&big, &large, arena, 1, 0, &other); // leaves the arena full of other things
    struct ms_config nan = c;
    nan.optimizer.arg[0] = 1e30;
    nan.terminate_on_nan = false;
    train(&nan, &small, arena, 1, 0, &other); // and of NaN
    train(&c, &small, arena, 1, 0, &again);
    CHECK(same(&first, &again));
    train(&c, &small, fresh, 1, 0, &again);
    CHECK(same(&first, &again));
    train(&big, &large, fresh, 4, 0, &other);
    train(&big, &large, arena, 4, 0, &again);
    CHECK(same(&other, &again));

    train(&c, &small, arena, 2, 0, &again); // another execution is another training
    CHECK(first.values[5][0] != again.values[5][0]);
    // more epochs go on where fewer ended
    c.epochs = 9;
    train(&c, &small, arena, 1, 0, &again);
    again.epochs = 6;
    CHECK(same(&first, &again));
    ms_arena_free(arena);
    ms_arena_free(fresh);
    case_data_free(&small);
    case_data_free(&large);
}

// With a learning rate of 0 the validation loss never changes: every epoch after the first watched
// one is without an improvement.
static void test_early_stopping(void)
{
    static struct log log;
    struct ms_dataset d = case_data(MS_REGRESSION, 2, 1, 60, 20, 20);
    struct ms_config c = case_config("linear", "mse", "sgd");
    case_hidden(&c, 4, "tanh");
    c.epochs = 30;
    c.optimizer.arg[0] = 0;
    c.early_stopping = (struct ms_early_stopping){.monitor = 1, .patience = 3};
    struct ms_arena *arena = ms_arena_new();
    REQUIRE(arena);
    struct ms_train_result r = train(&c, &d, arena, 0, 0, &log);
    CHECK_INT(r.outcome, MS_OUTCOME_STOPPED);
    CHECK_INT(r.epochs, 4);
    c.early_stopping.start_from_epoch = 5;
    CHECK_INT(train(&c, &d, arena, 0, 0, &log).epochs, 9);
    c.early_stopping.patience = 0;
    CHECK_INT(train(&c, &d, arena, 0, 0, &log).epochs, 7);
    c.early_stopping.start_from_epoch = 0;
    CHECK_INT(train(&c, &d, arena, 0, 0, &log).epochs, 2);
    c.early_stopping.monitor = -1;
    CHECK_INT(train(&c, &d, arena, 0, 0, &log).outcome, MS_OUTCOME_COMPLETED);

    // Improvements that count (a gradient step on all rows lowers their loss), and such as are
    // smaller than min_delta.
    c.optimizer.arg[0] = 0.01;
    c.batch_size = 60;
    c.early_stopping = (struct ms_early_stopping){.monitor = 0, .patience = 2};
    r = train(&c, &d, arena, 0, 0, &log);
    CHECK_INT(r.outcome, MS_OUTCOME_COMPLETED);
    c.early_stopping.min_delta = 10;
    CHECK_INT(train(&c, &d, arena, 0, 0, &log).epochs, 3);
    c.early_stopping.min_delta = 0;
    c.early_stopping.maximize = true; // the loss only falls: no improvement
    CHECK_INT(train(&c, &d, arena, 0, 0, &log).epochs, 3);
    // stopping with the last epoch is no stop
    c.epochs = 3;
    CHECK_INT(train(&c, &d, arena, 0, 0, &log).outcome, MS_OUTCOME_COMPLETED);

    struct ms_error err;
    const struct ms_training training = {
        .config = &c, .data = &d, .seed = 1, .trial = 1, .execution = 1};
    c.early_stopping.monitor = 2; // accuracy is not recorded
    CHECK_INT(ms_train(&training, arena, record, &log, &r, &err), MS_EINVAL);
    CHECK_STR(err.text, "early stopping watches accuracy, which is not recorded");
    ms_arena_free(arena);
    case_data_free(&d);
}

// The test rows are a copy of the validation rows: the test must give the validation's values of
// the epoch whose weights it is made with.
static void test_test_set(void)
{
    static struct log log;
    enum { TRAIN = 64, VAL = 40, IN = 2 };
    struct ms_dataset d = case_data(MS_REGRESSION, IN, 1, TRAIN, VAL, VAL);
    float *x = (float *)(uintptr_t)d.x, *y = (float *)(uintptr_t)d.y;
    memcpy(x + (TRAIN + VAL) * IN, x + TRAIN * IN, VAL * IN * sizeof *x);
    memcpy(y + TRAIN + VAL, y + TRAIN, VAL * sizeof *y);
    struct ms_config c = case_config("linear", "mse", "sgd");
    case_hidden(&c, 8, "tanh");
    c.n_metrics = 2;
    c.metrics[1] = case_row(&ms_metric_table, "mae");
    c.epochs = 12;
    c.batch_size = 8;
    struct ms_arena *arena = ms_arena_new();
    REQUIRE(arena);
    struct ms_train_result r = train(&c, &d, arena, 0, 0, &log);
    CHECK_INT(r.n_test, 0); // not asked for

    r = train(&c, &d, arena, 0, 5, &log);
    CHECK_INT(r.epochs, 5);
    CHECK_INT(r.outcome, MS_OUTCOME_COMPLETED);
    CHECK_INT(r.n_test, 2);
    CHECK(r.test[0] == log.values[4][1]);
    CHECK(r.test[1] == log.values[4][3]);

    // Steps so large that the loss goes up and down: the best epoch is not the last.
    c.optimizer = case_pick(&ms_optimizer_table, "adam");
    c.optimizer.arg[0] = 0.3;
    c.early_stopping =
        (struct ms_early_stopping){.monitor = 1, .patience = 4, .restore_best = true};
    r = train(&c, &d, arena, 0, c.epochs, &log);
    int best = 0;
    for (int e = 0; e < r.epochs; e++)
        best = log.values[e][1] < log.values[best][1] ? e : best;
    CHECK_THAT(best + 1 < r.epochs, "epoch %d of %d is best: nothing to restore", best + 1,
               r.epochs);
    CHECK(r.test[0] == log.values[best][1]);
    c.early_stopping.restore_best = false;
    r = train(&c, &d, arena, 0, c.epochs, &log);
    CHECK(r.test[0] == log.values[r.epochs - 1][1]);
    ms_arena_free(arena);
    case_data_free(&d);
}

// The average of the weights is what the training ends with: the test sees it, the epochs do not.
static void test_average(void)
{
    static struct log plain, averaged;
    enum { TRAIN = 64, VAL = 40, IN = 2 };
    struct ms_dataset d = case_data(MS_REGRESSION, IN, 1, TRAIN, VAL, VAL);
    float *x = (float *)(uintptr_t)d.x, *y = (float *)(uintptr_t)d.y;
    memcpy(x + (TRAIN + VAL) * IN, x + TRAIN * IN, VAL * IN * sizeof *x);
    memcpy(y + TRAIN + VAL, y + TRAIN, VAL * sizeof *y);
    struct ms_config c = case_config("linear", "mse", "adam");
    case_hidden(&c, 8, "tanh");
    c.optimizer.arg[0] = 0.1;
    c.epochs = 8;
    c.batch_size = TRAIN; // one step an epoch
    struct ms_arena *arena = ms_arena_new();
    REQUIRE(arena);
    struct ms_train_result r = train(&c, &d, arena, 0, c.epochs, &plain);
    double last = r.test[0];
    CHECK(last == plain.values[7][1]);
    c.optimizer.arg[MS_USE_EMA] = 1;
    c.optimizer.arg[MS_EMA_MOMENTUM] = 0.8;
    r = train(&c, &d, arena, 0, c.epochs, &averaged);
    CHECK(same(&plain, &averaged));
    CHECK(r.test[0] != last);
    // With momentum 1 the average stays what the weights were after the first step.
    c.optimizer.arg[MS_EMA_MOMENTUM] = 1;
    r = train(&c, &d, arena, 0, c.epochs, &averaged);
    CHECK(r.test[0] == plain.values[0][1]);
    // Keras restores the best weights over the average.
    c.early_stopping =
        (struct ms_early_stopping){.monitor = 1, .patience = 8, .restore_best = true};
    r = train(&c, &d, arena, 0, c.epochs, &averaged);
    int best = 0;
    for (int e = 0; e < r.epochs; e++)
        best = averaged.values[e][1] < averaged.values[best][1] ? e : best;
    CHECK(r.test[0] == averaged.values[best][1]);
    // Overwritten in every step: the weights never leave those of the first.
    c.early_stopping.monitor = -1;
    c.optimizer.arg[MS_EMA_OVERWRITE_FREQUENCY] = 1;
    train(&c, &d, arena, 0, 0, &averaged);
    for (int e = 0; e < 8; e++)
        CHECK(averaged.values[e][1] == plain.values[0][1]);
    ms_arena_free(arena);
    case_data_free(&d);
}

// A rate that falls to 0 at the first plateau: from then on nothing changes.
static void test_plateau(void)
{
    static struct log log;
    struct ms_dataset d = case_data(MS_REGRESSION, 2, 1, 60, 20, 0);
    struct ms_config c = case_config("linear", "mse", "sgd");
    case_hidden(&c, 4, "tanh");
    c.epochs = 12;
    c.batch_size = 60;
    c.optimizer.arg[0] = 0.01;
    // the loss only falls, by less than min_delta: no improvement after the first epoch
    c.reduce_on_plateau = (struct ms_reduce_on_plateau){
        .on = true, .monitor = 0, .factor = 0, .patience = 3, .min_delta = 10};
    struct ms_arena *arena = ms_arena_new();
    REQUIRE(arena);
    train(&c, &d, arena, 0, 0, &log);
    for (int e = 1; e < 12; e++) // epoch e + 1; the rate is 0 from epoch 5 on
        CHECK_THAT((log.values[e][1] != log.values[e - 1][1]) == (e < 4), "epoch %d", e + 1);
    // beside early stopping, which counts for itself
    c.early_stopping = (struct ms_early_stopping){.monitor = 1, .patience = 4};
    CHECK_INT(train(&c, &d, arena, 0, 0, &log).epochs, 8);

    struct ms_train_result r;
    struct ms_error err;
    const struct ms_training training = {
        .config = &c, .data = &d, .seed = 1, .trial = 1, .execution = 1};
    c.reduce_on_plateau.monitor = 2; // accuracy is not recorded
    CHECK_INT(ms_train(&training, arena, record, &log, &r, &err), MS_EINVAL);
    CHECK_STR(err.text, "reduce_on_plateau watches accuracy, which is not recorded");
    ms_arena_free(arena);
    case_data_free(&d);
}

static void test_outcomes(void)
{
    static struct log log;
    struct ms_dataset d = case_data(MS_REGRESSION, 2, 1, 60, 0, 20);
    struct ms_config c = case_config("linear", "mse", "sgd");
    case_hidden(&c, 4, "relu");
    c.epochs = 10;
    struct ms_arena *arena = ms_arena_new();
    REQUIRE(arena);
    log.cancel_at = 4;
    struct ms_train_result r = train(&c, &d, arena, 0, 10, &log);
    CHECK_INT(r.outcome, MS_OUTCOME_CANCELLED);
    CHECK_INT(r.epochs, 4);
    CHECK_INT(r.n_test, 0);
    CHECK_INT(log.n, 1); // no validation rows, no columns
    log.cancel_at = 0;

    c.optimizer.arg[0] = 1e20;
    r = train(&c, &d, arena, 0, 10, &log);
    CHECK_INT(r.outcome, MS_OUTCOME_DIVERGED);
    CHECK(r.epochs < 10);
    CHECK_INT(r.n_test, 0);
    CHECK(!isfinite(log.values[r.epochs - 1][0]));
    c.terminate_on_nan = false;
    r = train(&c, &d, arena, 0, 0, &log);
    CHECK_INT(r.outcome, MS_OUTCOME_COMPLETED);
    CHECK(!isfinite(log.values[9][0]));

    struct ms_error err;
    const struct ms_training training = {
        .config = &c, .data = &d, .seed = 1, .trial = 1, .execution = 1};
    c.output.units = 3;
    CHECK_INT(ms_train(&training, arena, record, &log, &r, &err), MS_EINVAL);
    CHECK_STR(err.text, "3 output units, but the data set has 1 outputs");
    c.output.units = 1;
    c.loss.row = -1;
    CHECK_INT(ms_train(&training, arena, record, &log, &r, &err), MS_EINVAL);
    c.loss.row = 0;
    d.n_train = 0;
    CHECK_INT(ms_train(&training, arena, record, &log, &r, &err), MS_EINVAL);
    ms_arena_free(arena);
    case_data_free(&d);
}

// Shuffling only reorders: one full batch sums the same rows. Without it nothing depends on the
// seed but the initial weights.
static void test_shuffle_and_bytes(void)
{
    static struct log floats, bytes;
    enum { ROWS = 96, IN = 20 };
    static unsigned char raw[ROWS * IN];
    struct ms_dataset d = case_data(MS_MULTICLASS, IN, 3, 80, 16, 0);
    float *x = (float *)(uintptr_t)d.x;
    for (int i = 0; i < ROWS * IN; i++) {
        raw[i] = (unsigned char)(i * 131 % 256);
        x[i] = (float)raw[i] / 255.0f;
    }
    struct ms_config c = case_config("softmax", "categorical_crossentropy", "adam");
    case_hidden(&c, 6, "relu");
    c.epochs = 3;
    struct ms_arena *arena = ms_arena_new();
    REQUIRE(arena);
    train(&c, &d, arena, 0, 0, &floats);
    struct ms_dataset b = d;
    b.x = raw;
    b.x_type = MS_X_U8;
    b.x_divide = 255;
    train(&c, &b, arena, 0, 0, &bytes);
    CHECK(same(&floats, &bytes));

    c.batch_size = 80;
    train(&c, &d, arena, 0, 0, &floats);
    c.shuffle = false;
    train(&c, &d, arena, 0, 0, &bytes);
    for (int e = 0; e < 3; e++)
        CHECK_NEAR(floats.values[e][0], bytes.values[e][0], 1e-5);
    c.batch_size = 16;
    train(&c, &d, arena, 0, 0, &bytes);
    c.shuffle = true;
    train(&c, &d, arena, 0, 0, &floats);
    CHECK(floats.values[0][0] != bytes.values[0][0]);
    ms_arena_free(arena);
    case_data_free(&d);
}

// Dropout scales what it keeps, so that the mean of a linear layer's output stays.
static void test_dropout(void)
{
    static struct log with, without;
    struct ms_dataset d = case_data(MS_REGRESSION, 40, 1, 4000, 200, 0);
    float *y = (float *)(uintptr_t)d.y;
    for (int i = 0; i < 4200; i++)
        y[i] = 0;
    struct ms_config c = case_config("linear", "mse", "sgd");
    c.output.kernel_initializer = case_pick(&ms_initializer_table, "ones");
    c.optimizer.arg[0] = 0;
    struct ms_arena *arena = ms_arena_new();
    REQUIRE(arena);
    train(&c, &d, arena, 0, 0, &without);
    c.input_dropout = 0.3;
    train(&c, &d, arena, 0, 0, &with);
    // y = Σ x·m/(1-p) has variance Σ x²/(1-p) over masks and x (mean 0): the loss grows by 1/(1-p).
    CHECK_NEAR(with.values[0][0] / without.values[0][0], 1 / 0.7, 0.1);
    CHECK(with.values[0][1] == without.values[0][1]); // validation drops nothing
    ms_arena_free(arena);
    case_data_free(&d);
}

static void test_learns(void)
{
    static struct log log;
    struct ms_dataset d = case_data(MS_BINARY, 2, 1, 1000, 300, 0); // xor: sign of x1·x2
    struct ms_config c = case_config("sigmoid", "binary_crossentropy", "adam");
    case_hidden(&c, 16, "relu");
    c.optimizer.arg[0] = 0.01;
    c.epochs = 60;
    c.n_metrics = 2;
    c.metrics[1] = case_row(&ms_metric_table, "accuracy");
    struct ms_arena *arena = ms_arena_new();
    REQUIRE(arena);
    static const char *const optimizers[] = {"adam", "rmsprop", "sgd", "adagrad"};
    for (size_t i = 0; i < sizeof optimizers / sizeof *optimizers; i++) {
        CASE("%s", optimizers[i]);
        c.optimizer = case_pick(&ms_optimizer_table, optimizers[i]);
        c.optimizer.arg[0] = i < 2 ? 0.01 : 0.3;
        train(&c, &d, arena, 0, 0, &log);
        CHECK_THAT(log.values[59][3] > 0.95, "%s: validation accuracy %g after %d epochs",
                   optimizers[i], log.values[59][3], log.epochs);
    }
    case_data_free(&d);

    d = case_data(MS_MULTICLASS, 3, 4, 1000, 300, 0);
    struct ms_config m = case_config("softmax", "categorical_crossentropy", "adam");
    case_hidden(&m, 16, "tanh");
    case_hidden(&m, 16, "relu");
    m.optimizer.arg[0] = 0.01;
    m.epochs = 80;
    m.n_metrics = 2;
    m.metrics[1] = case_row(&ms_metric_table, "accuracy");
    train(&m, &d, arena, 0, 0, &log);
    CHECK_THAT(log.values[79][3] > 0.95, "classes: validation accuracy %g", log.values[79][3]);
    ms_arena_free(arena);
    case_data_free(&d);
}

// At a rate of 0 nothing is learnt: two epochs are the same numbers, class weights change the
// training loss alone, and what is counted over an epoch does not depend on its batches.
static void test_metrics_of_an_epoch(void)
{
    static struct log one, other;
    struct ms_dataset d = case_data(MS_BINARY, 2, 1, 210, 50, 0);
    struct ms_config c = case_config("sigmoid", "binary_crossentropy", "sgd");
    static const char *const names[] = {"precision", "auc", "r2_score"};
    c.optimizer.arg[0] = 0;
    c.epochs = 2;
    for (int i = 0; i < 3; i++)
        ms_config_add_metric(&c, case_row(&ms_metric_table, names[i]), NULL);
    case_hidden(&c, 7, "tanh");
    struct ms_arena *arena = ms_arena_new();
    REQUIRE(arena);
    train(&c, &d, arena, 1, 0, &one);
    CHECK_INT(one.n, 8);
    for (int i = 0; i < 8; i++)
        CHECK_NEAR(one.values[1][i], one.values[0][i], 1e-6);
    CHECK(one.values[0][2] > 0 && one.values[0][4] > 0 && one.values[0][6] != 0);

    c.batch_size = 7;
    train(&c, &d, arena, 1, 0, &other);
    for (int i = 0; i < 8; i++)
        CHECK_NEAR(other.values[0][i], one.values[0][i], 1e-6);

    c.n_class_weight = 2;
    c.class_weight[0] = c.class_weight[1] = 3;
    train(&c, &d, arena, 1, 0, &other);
    CHECK_NEAR(other.values[0][0], 3 * one.values[0][0], 1e-6);
    for (int i = 1; i < 8; i++)
        CHECK_NEAR(other.values[0][i], one.values[0][i], 1e-6);
    ms_arena_free(arena);
    case_data_free(&d);
}

int main(void)
{
    ms_train_prepare(1);
    char text[200];
    CHECK(strstr(ms_train_provenance(text, sizeof text), "1 thread; vectors: ") != NULL);
    CHECK(strlen(ms_train_provenance(text, 10)) == 9);
    volatile float tiny = 1e-38f;
    CHECK(tiny * 0.1f == 0); // denormals are flushed
    test_same_bits();
    test_metrics_of_an_epoch();
    test_early_stopping();
    test_test_set();
    test_average();
    test_plateau();
    test_outcomes();
    test_shuffle_and_bytes();
    test_dropout();
    test_learns();
    return check_done();
}
