// SPDX-License-Identifier: MIT
//
// Weights that a training returns: those of the epoch that counts, and ms_evaluate finds with them
// what the training reported for that epoch, bit for bit; with folds, 8-bit inputs, inputs that are
// scaled when they are gathered, scaled targets, normalization, regularizers, class weights,
// averages and weights to restore. In double the packed weights are rounded, so there the numbers
// are only close.
#include "parts.h"

#include "mlpsweep/weights.h"

#ifdef MS_REAL_DOUBLE
#define SAME(a, b) (fabs((a) - (b)) <= 1e-5 * (1 + fabs(b)))
#else
#define SAME(a, b) (memcmp(&(a), &(b), sizeof(a)) == 0)
#endif

static double bound = NAN;

// What a training with validation rows reports and returns; objective: val_loss.
static struct ms_train_result keep(const struct ms_config *c, const struct ms_dataset *d,
                                   enum ms_at at, int test_epoch, struct log *log)
{
    struct ms_training training = {.config = c,
                                   .data = d,
                                   .seed = 4,
                                   .trial = 7,
                                   .execution = 2,
                                   .objective = 1,
                                   .keep = true,
                                   .keep_bound = bound,
                                   .at = at,
                                   .test_epoch = test_epoch};
    *log = (struct log){0};
    return part(&training, log);
}

static int best_of(const struct log *log, int epochs)
{
    int best = 1;
    for (int e = 2; e <= epochs; e++)
        best = log->values[e][1] < log->values[best][1] ? e : best;
    return best;
}

// The weights give the metrics of the epoch, whatever the arena was used for before.
static void check_metrics(const struct ms_config *c, const struct ms_dataset *d,
                          const struct ms_train_result *r, const struct log *log)
{
    struct ms_arena *arena = ms_arena_new();
    struct ms_error err = {0};
    double metrics[MS_MAX_METRICS / 2];
    REQUIRE(arena && r->weights);
    for (int twice = 0; twice < 2; twice++) {
        int status = ms_evaluate(c, d, ms_dataset_val_first(d), d->n_val, r->weights, arena, NULL,
                                 metrics, &err);
        CHECK_THAT(status == 0, "ms_evaluate: %s", err.text);
        for (int i = 0; i < c->n_metrics; i++)
            CHECK_THAT(SAME(metrics[i], log->values[r->weights_epoch][2 * i + 1]),
                       "metric %d: %.17g, not %.17g", i, metrics[i],
                       log->values[r->weights_epoch][2 * i + 1]);
        status = ms_evaluate(c, d, 0, 5, r->weights, arena, NULL, metrics, &err);
        CHECK_INT(status, 0);
    }
    ms_arena_free(arena);
}

static void check(const struct ms_config *c, const struct ms_dataset *d, const char *what)
{
    CASE("%s", what);
    static struct log log, again;
    struct ms_train_result r = keep(c, d, MS_AT_BEST, 0, &log);
    const int best = best_of(&log, r.epochs);
    CHECK_INT(r.weights_epoch, best);
    CHECK(r.weights_objective == log.values[best][1]);
    check_metrics(c, d, &r, &log);
    // The execution is trained again up to that epoch: the same weights.
    struct ms_train_result test = keep(c, d, MS_AT_LAST, best, &again);
    CHECK_INT(test.weights_epoch, best);
    CHECK(test.n_weights == r.n_weights && test.weights &&
          memcmp(test.weights, r.weights, r.n_weights * sizeof *r.weights) == 0);
    free(test.weights);
    free(r.weights);
    r = keep(c, d, MS_AT_LAST, 0, &log);
    CHECK_INT(r.weights_epoch, r.epochs);
    check_metrics(c, d, &r, &log);
    free(r.weights);
}

static void test_configurations(void)
{
    struct ms_dataset d = case_data(MS_MULTICLASS, 3, 3, 150, 140, 20);
    struct ms_config c = base("adam");
    check(&c, &d, "plain");
    // the best epoch is not the last
    c.optimizer.arg[0] = 0.5;
    check(&c, &d, "overshooting");
    c.optimizer.arg[0] = 0.05;
    everything(&c);
    check(&c, &d, "everything");
    d.n_folds = 3;
    d.fold_first = 40;
    check(&c, &d, "folds");
    const struct ms_column columns[3] = {{0, 0.5, 2}, {1, -1, 0.25}, {0, 0, 1}};
    d.column = columns;
    check(&c, &d, "columns");
    case_data_free(&d);
}

static void test_data(void)
{
    struct ms_dataset d = case_data(MS_REGRESSION, 3, 2, 90, 133, 0);
    struct ms_config c = case_config("linear", "mse", "rmsprop");
    case_hidden(&c, 6, "silu");
    c.hidden[0].use_bias = false;
    c.hidden[0].normalization = case_pick(&ms_normalization_table, "batch_normalization");
    c.epochs = 6;
    c.batch_size = 30;
    ms_config_add_metric(&c, case_row(&ms_metric_table, "mae"), NULL);
    ms_config_add_metric(&c, case_row(&ms_metric_table, "r2_score"), NULL);
    const struct ms_target target[2] = {
        {.base = 3, .shift = 3, .divide = 0.5, .kind = MS_TARGET_LINEAR},
        {.base = 2, .shift = 0.1, .divide = 2, .kind = MS_TARGET_LOG1P}};
    d.target = target;
    check(&c, &d, "target scaling");
    uint8_t bytes[223 * 3];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(next_random() >> 20);
    struct ms_dataset u8 = d;
    u8.x = bytes;
    u8.x_type = MS_X_U8;
    u8.x_divide = 255;
    check(&c, &u8, "bytes");
    case_data_free(&d);
}

// The answers of a network whose weights are set by hand, worked out here: 2 inputs, 2 hidden
// units, 1 output, a target whose unit is another one. The order of the list is the order of the
// numbers.
static void test_outputs(void)
{
    static const float weights[] = {1,
                                    2,
                                    -3,
                                    0.5f,
                                    /* kernel (2, 2) */ 0.25f,
                                    -1, /* bias */
                                    2,
                                    4,
                                    /* kernel (2, 1) */ 0.5f};
    struct ms_dataset d = case_data(MS_REGRESSION, 2, 1, 3, 200, 0);
    const struct ms_target target = {.base = 1000, .shift = 5, .divide = 3};
    struct ms_config c = case_config("linear", "mse", "sgd");
    case_hidden(&c, 2, "relu");
    struct ms_weight list[MS_MAX_TENSORS];
    size_t total;
    CHECK_INT(ms_weights_of(&c, 2, 1, list, &total), 4);
    CHECK_INT(total, sizeof weights / sizeof *weights);
    double outputs[201];
    struct ms_arena *arena = ms_arena_new();
    struct ms_error err = {0};
    REQUIRE(arena);
    for (int scaled = 0; scaled < 2; scaled++) {
        d.target = scaled ? &target : NULL;
        REQUIRE(ms_evaluate(&c, &d, 2, 201, weights, arena, outputs, NULL, &err) == 0);
        for (int i = 0; i < 201; i++) {
            const float *x = (const float *)d.x + 2 * (2 + i);
            const double h0 = fmax(0, 1 * (double)x[0] - 3 * (double)x[1] + 0.25);
            const double h1 = fmax(0, 2 * (double)x[0] + 0.5 * (double)x[1] - 1);
            const double y = 2 * h0 + 4 * h1 + 0.5;
            CHECK_NEAR(outputs[i], scaled ? y * 3 + 5 : y, scaled ? 1e-4 : 1e-6);
        }
    }
    CHECK_INT(ms_evaluate(&c, &d, 3, 201, weights, arena, outputs, NULL, &err), MS_EINVAL);
    CHECK_STR(err.text, "rows 3 to 204 of 203");
    CHECK_INT(ms_evaluate(&c, &d, 0, 0, weights, arena, outputs, NULL, &err), MS_EINVAL);
    ms_arena_free(arena);
    case_data_free(&d);
}

// In parts: only the last part's own epochs can be returned.
static void test_parts(void)
{
    struct ms_dataset d = case_data(MS_MULTICLASS, 3, 3, 150, 40, 0);
    struct ms_config c = base("adam");
    c.optimizer.arg[0] = 0.5; // overshoots
    for (int early = 0; early < 2; early++) {
        CASE("the best epoch is in the %s part", early ? "first" : "second");
        static struct log log;
        struct ms_train_result whole = keep(&c, &d, MS_AT_BEST, 0, &log);
        REQUIRE(whole.weights_epoch > 1 && whole.weights_epoch < EPOCHS);
        const int cut = early ? whole.weights_epoch : whole.weights_epoch - 1;
        struct ms_training training = {.config = &c,
                                       .data = &d,
                                       .seed = 4,
                                       .trial = 7,
                                       .execution = 2,
                                       .objective = 1,
                                       .keep = true,
                                       .keep_bound = NAN,
                                       .to_epoch = cut};
        log = (struct log){0};
        struct ms_train_result first = part(&training, &log);
        CHECK(!first.weights);
        training.to_epoch = 0;
        training.from_epoch = cut;
        training.state = first.state;
        training.n_state = first.n_state;
        log = (struct log){0};
        struct ms_train_result second = part(&training, &log);
        CHECK((second.weights == NULL) == early);
        if (second.weights)
            CHECK(memcmp(second.weights, whole.weights, whole.n_weights * sizeof *whole.weights) ==
                  0);
        free(first.state);
        free(second.weights);
        free(whole.weights);
    }
    case_data_free(&d);
}

// An objective that equals the bound is good enough.
static void test_bound(void)
{
    struct ms_dataset d = case_data(MS_MULTICLASS, 3, 3, 150, 40, 0);
    const struct ms_config c = base("adam");
    static struct log log;
    struct ms_train_result r = keep(&c, &d, MS_AT_BEST, 0, &log);
    const double value = r.weights_objective;
    free(r.weights);
    for (int at = 0; at < 2; at++)
        for (int worse = 0; worse < 2; worse++) {
            const double limit = at ? log.values[EPOCHS][1] : value;
            bound = worse ? nextafter(limit, 0) : limit;
            r = keep(&c, &d, at ? MS_AT_LAST : MS_AT_BEST, 0, &log);
            CHECK((r.weights == NULL) == worse);
            free(r.weights);
        }
    bound = NAN;
    case_data_free(&d);
}

// No epoch counts, or nothing is asked for: nothing is returned.
static void test_nothing(void)
{
    struct ms_dataset d = case_data(MS_MULTICLASS, 3, 3, 150, 40, 0);
    struct ms_config c = base("sgd");
    static struct log log;
    ((float *)(uintptr_t)d.y)[3 * 150] = NAN; // of a validation row
    c.epochs = 2;
    for (int at = 0; at < 2; at++) {
        struct ms_train_result r = keep(&c, &d, at ? MS_AT_LAST : MS_AT_BEST, 0, &log);
        CHECK(!isfinite(log.values[2][1]) && !r.weights && r.n_weights == 0);
        free(r.weights);
    }
    c = base("adam");
    const struct ms_training training = {.config = &c, .data = &d, .objective = 1};
    log = (struct log){0};
    struct ms_train_result r = part(&training, &log);
    CHECK(!r.weights);
    case_data_free(&d);
}

int main(void)
{
    ms_train_prepare(1);
    test_configurations();
    test_data();
    test_outputs();
    test_parts();
    test_bound();
    test_nothing();
    return check_done();
}
