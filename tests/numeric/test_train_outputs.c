// SPDX-License-Identifier: MIT
//
// What a training says of its outputs: metrics that the rows leave without a value, networks that
// answer all rows alike, and metrics in the target's own unit.
#include "case.h"

#include "mlpsweep/metric.h"
#include "mlpsweep/train.h"

enum { EPOCHS = 9, COLUMNS = 10 };

struct log {
    double values[EPOCHS][COLUMNS];
};

static bool record(void *ctx, int epoch, const double *values, int n)
{
    struct log *log = ctx;
    REQUIRE(epoch >= 1 && epoch <= EPOCHS && n <= COLUMNS);
    memcpy(log->values[epoch - 1], values, (size_t)n * sizeof *values);
    return false;
}

static struct ms_train_result train(const struct ms_config *c, const struct ms_dataset *d,
                                    struct ms_arena *arena, struct log *log)
{
    const struct ms_training training = {.config = c, .data = d, .seed = 2020, .execution = 1};
    struct ms_train_result result;
    struct ms_error err = {0};
    int status = ms_train(&training, arena, record, log, &result, &err);
    CHECK_THAT(status == 0, "ms_train: %s", err.text);
    return result;
}

// Targets of class 0 alone have no recall and no auc. Early stopping takes that for the worst: the
// weights of an epoch with a value are better. Outputs that are no numbers have no metric at all.
static void test_without_a_value(void)
{
    static struct log log;
    struct ms_dataset d = case_data(MS_BINARY, 2, 1, 60, 20, 0);
    float *y = (float *)(uintptr_t)d.y;
    struct ms_config c = case_config("sigmoid", "binary_crossentropy", "sgd");
    static const char *const names[] = {"accuracy", "recall", "auc"};
    for (int i = 0; i < 3; i++)
        ms_config_add_metric(&c, case_row(&ms_metric_table, names[i]), NULL);
    c.epochs = 9;
    c.early_stopping = (struct ms_early_stopping){
        .monitor = ms_metric_id("val_auc"), .maximize = true, .patience = 2};
    for (int i = 60; i < 80; i++)
        y[i] = 0;
    struct ms_arena *arena = ms_arena_new();
    REQUIRE(arena);
    struct ms_train_result r = train(&c, &d, arena, &log);
    CHECK_INT(r.epochs, 3); // nothing is better than the first, and nothing is as bad as a value
    CHECK(!isnan(log.values[0][3]) && !isnan(log.values[0][4]) && !isnan(log.values[0][6]));
    CHECK(isnan(log.values[0][5]) && isnan(log.values[0][7]));
    CHECK(!r.not_numbers);

    c.early_stopping.monitor = -1;
    c.terminate_on_nan = false;
    c.epochs = 3;
    case_hidden(&c, 3, "relu");
    c.optimizer.arg[0] = 1e300;
    r = train(&c, &d, arena, &log);
    CHECK(r.not_numbers && isnan(r.objective));
    for (int i = 0; i < 8; i++)
        CHECK(isnan(log.values[2][i]));
    ms_arena_free(arena);
    case_data_free(&d);
}

// A network that answers all rows alike, with validation rows and without; one row of another
// answer is enough for it not to be.
static void test_constant(void)
{
    static struct log log;
    struct ms_dataset d = case_data(MS_REGRESSION, 2, 2, 60, 20, 0);
    float *x = (float *)(uintptr_t)d.x;
    struct ms_config c = case_config("linear", "mse", "sgd");
    case_hidden(&c, 4, "relu");
    c.optimizer.arg[0] = 0;
    c.hidden[0].kernel_initializer = case_pick(&ms_initializer_table, "ones");
    for (int i = 0; i < 2 * 80; i++)
        x[i] = -1 - (float)fabs((double)x[i]); // all of its units are dead
    struct ms_arena *arena = ms_arena_new();
    REQUIRE(arena);
    for (int validated = 1; validated >= 0; validated--) {
        d.n_val = validated ? 20 : 0;
        CASE("%u validation rows", d.n_val);
        CHECK(train(&c, &d, arena, &log).constant);
        x[2 * 59] = 1e4f; // wakes a unit up, if only in this row
        CHECK(!train(&c, &d, arena, &log).constant);
        x[2 * 59] = -1;
        if (validated) {
            x[2 * 79] = 1e4f;
            CHECK(!train(&c, &d, arena, &log).constant);
            x[2 * 79] = -1;
        }
    }
    c.n_hidden = 0;
    CHECK(!train(&c, &d, arena, &log).constant);
    d.n_train = 1; // a single row says nothing
    CHECK(!train(&c, &d, arena, &log).constant);
    ms_arena_free(arena);
    case_data_free(&d);
}

// One training on scaled targets, one on targets that were scaled before: the same bits of the
// loss. The metrics of the first are those of its predictions in the target's own unit, computed
// here in double from the second's.
static void test_target(void)
{
    static struct log scaled, before;
    static const struct ms_target kinds[] = {
        {.shift = 180000.5, .divide = 51234.25, .kind = MS_TARGET_LINEAR},
        {.base = 190000, .shift = 180000.5, .divide = 51234.25, .kind = MS_TARGET_LINEAR},
        {.shift = 12, .divide = 0.25, .kind = MS_TARGET_LOG},
        {.shift = 12, .divide = 0.25, .kind = MS_TARGET_LOG1P},
    };
    enum { TRAIN = 60, VAL = 20, N = TRAIN + VAL };
    struct ms_arena *arena = ms_arena_new();
    REQUIRE(arena);
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        CASE("kind %d, base %g", kinds[k].kind, kinds[k].base);
        struct ms_dataset own = case_data(MS_REGRESSION, 2, 1, TRAIN, VAL, 0), other = own;
        float y[N], u[N];
        for (int i = 0; i < N; i++) {
            const double t = floor(180000 + 50000 * (double)own.y[i]), at = t - kinds[k].base;
            const double seen = kinds[k].kind == MS_TARGET_LOG     ? log(t)
                                : kinds[k].kind == MS_TARGET_LOG1P ? log(1 + t)
                                                                   : t;
            y[i] = (float)at;
            u[i] = (float)((seen - kinds[k].shift) / kinds[k].divide);
        }
        own.y = y;
        own.target = &kinds[k];
        float *const made = (float *)(uintptr_t)other.y;
        struct ms_config c = case_config("linear", "mse", "adam");
        case_hidden(&c, 5, "tanh");
        c.epochs = 4;
        static const char *const names[] = {"mse", "mae", "r2_score", "cosine_similarity"};
        for (int i = 0; i < 4; i++)
            ms_config_add_metric(&c, case_row(&ms_metric_table, names[i]), NULL);
        train(&c, &own, arena, &scaled);
        other.y = u;
        train(&c, &other, arena, &before);
        for (int e = 0; e < 4; e++)
            CHECK(scaled.values[e][0] == before.values[e][0] &&
                  scaled.values[e][1] == before.values[e][1]);
        // Each prediction p of the last epoch: with one validation row at a time and target 0, the
        // mse is p², and the mae |p|; with target 100, |p - 100|.
        double square = 0, error = 0, mean = 0, total = 0;
        for (int i = TRAIN; i < N; i++)
            mean += ((double)y[i] + kinds[k].base) / VAL;
        struct ms_dataset one = other;
        float row[TRAIN + 1], inputs[2 * (TRAIN + 1)];
        one.n_val = 1;
        one.y = row;
        one.x = inputs;
        memcpy(row, u, TRAIN * sizeof *row);
        memcpy(inputs, other.x, 2 * TRAIN * sizeof *inputs);
        row[TRAIN] = 100;
        for (int i = TRAIN; i < N; i++) {
            memcpy(inputs + 2 * TRAIN, (const float *)other.x + 2 * i, 2 * sizeof *inputs);
            train(&c, &one, arena, &before);
            const double v = (100 - before.values[3][5]) * kinds[k].divide + kinds[k].shift;
            const double p = kinds[k].kind == MS_TARGET_LOG     ? exp(v)
                             : kinds[k].kind == MS_TARGET_LOG1P ? exp(v) - 1
                                                                : v;
            const double t = (double)y[i] + kinds[k].base;
            square += (p - t) * (p - t) / VAL;
            error += fabs(p - t) / VAL;
            total += (t - mean) * (t - mean) / VAL;
        }
        CHECK_NEAR(scaled.values[3][3] / square, 1, 1e-4);
        CHECK_NEAR(scaled.values[3][5] / error, 1, 1e-4);
        CHECK_NEAR(scaled.values[3][7], 1 - square / total, 1e-4);
        CHECK_NEAR(scaled.values[3][9], 1, 1e-6); // all are positive
        other.y = made;
        case_data_free(&other);
    }
    ms_arena_free(arena);
}

int main(void)
{
    ms_train_prepare(1);
    test_without_a_value();
    test_constant();
    test_target();
    return check_done();
}
