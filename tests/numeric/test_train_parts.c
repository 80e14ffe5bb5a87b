// SPDX-License-Identifier: MIT
//
// An execution trained in parts, each in an arena of its own, gives the bits of one trained without
// a pause: every epoch's metrics, how it ends, and the test set with the weights it ends with. For
// every optimizer and everything that a training remembers from one epoch to the next. Then limits,
// and states that must be refused.
#include "check.h"

#include <stdbool.h>

#include "mlpsweep/metric.h"
#include "mlpsweep/train.h"

#include "case.h"
#include "worker/kernels/optimizers.h"
#include "worker/kernels/schedules.h"
#include "worker/train/state.h"

enum { EPOCHS = 9, COLUMNS = 8 };

struct log {
    int first, epochs, silent; // reported: first … first + epochs - 1
    double values[EPOCHS + 1][COLUMNS];
};

static bool record(void *ctx, int epoch, const double *values, int n)
{
    struct log *log = ctx;
    REQUIRE(epoch >= 1 && epoch <= EPOCHS && n <= COLUMNS);
    if (n == 0) {
        log->silent++;
        CHECK_INT(log->epochs, 0); // before all that are reported
        return false;
    }
    if (log->epochs == 0)
        log->first = epoch;
    CHECK_INT(epoch, log->first + log->epochs);
    log->epochs++;
    memcpy(log->values[epoch], values, (size_t)n * sizeof *values);
    return false;
}

static uint64_t random_state = 1;
static uint64_t next_random(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

// In memory of its own, as in another process.
static struct ms_train_result part(const struct ms_training *job, struct log *log)
{
    struct ms_arena *arena = ms_arena_new();
    struct ms_train_result r;
    struct ms_error err = {0};
    REQUIRE(arena);
    int status = ms_train(job, arena, record, log, &r, &err);
    CHECK_THAT(status == 0, "ms_train: %s", err.text);
    CHECK((r.state != NULL) == (r.outcome == MS_OUTCOME_PAUSED));
    ms_arena_free(arena);
    return r;
}

struct whole {
    struct log log;
    struct ms_train_result result;
};

static void train_whole(struct whole *w, const struct ms_config *c, const struct ms_dataset *d)
{
    const struct ms_training job = {.config = c,
                                    .data = d,
                                    .seed = 4,
                                    .trial = 7,
                                    .execution = 2,
                                    .test_epoch = EPOCHS,
                                    .objective = 1};
    memset(w, 0, sizeof *w);
    w->result = part(&job, &w->log);
}

// Trains to each of the cuts in turn, then to the end. with_states false: states get lost.
static void check_parts(const struct whole *w, const struct ms_config *c,
                        const struct ms_dataset *d, const int *cuts, int n_cuts, bool with_states,
                        const char *what)
{
    struct log log = {0};
    struct ms_train_result r = {0};
    uint8_t *state = NULL;
    size_t n_state = 0;
    int from = 0;
    for (int i = 0; i <= n_cuts; i++) {
        struct ms_training job = {.config = c,
                                  .data = d,
                                  .seed = 4,
                                  .trial = 7,
                                  .execution = 2,
                                  .from_epoch = from,
                                  .state = with_states ? state : NULL,
                                  .n_state = n_state,
                                  .objective = 1,
                                  .test_epoch = EPOCHS};
        job.to_epoch = i < n_cuts ? cuts[i] : 0;
        log.epochs = log.silent = 0;
        r = part(&job, &log);
        free(state);
        state = r.state;
        n_state = r.n_state;
        CHECK_THAT(log.silent == (with_states ? 0 : from), "%s: %d silent epochs before %d", what,
                   log.silent, from + 1);
        if (r.outcome != MS_OUTCOME_PAUSED)
            break;
        CHECK_INT(r.epochs, cuts[i]);
        CHECK_INT(log.first, from + 1);
        from = cuts[i];
    }
    free(state);
    CHECK_THAT(r.outcome == w->result.outcome && r.epochs == w->result.epochs,
               "%s: ends %d after %d epochs, not %d after %d", what, r.outcome, r.epochs,
               w->result.outcome, w->result.epochs);
    for (int e = 1; e <= w->result.epochs; e++)
        CHECK_THAT(memcmp(log.values[e], w->log.values[e], sizeof log.values[e]) == 0,
                   "%s: epoch %d differs: loss %.17g, not %.17g", what, e, log.values[e][0],
                   w->log.values[e][0]);
    CHECK_THAT(r.n_test == w->result.n_test && memcmp(r.test, w->result.test, sizeof r.test) == 0,
               "%s: the test set differs: %.17g, not %.17g", what, r.test[0], w->result.test[0]);
}

// Random cuts, now and then at every epoch.
static void check_all(const struct ms_config *c, const struct ms_dataset *d, const char *what)
{
    struct whole w;
    train_whole(&w, c, d);
    for (int round = 0; round < 4; round++) {
        int cuts[EPOCHS], n = 0;
        uint64_t r = next_random();
        for (int e = 1; e < EPOCHS; e++)
            if (round == 0 || (r >> e & 3) == 0)
                cuts[n++] = e;
        check_parts(&w, c, d, cuts, n, round != 3, what);
    }
}

static struct ms_config base(const char *optimizer)
{
    struct ms_config c = case_config("softmax", "categorical_crossentropy", optimizer);
    c.optimizer = case_pick_row(&ms_optimizer_table, c.optimizer.row);
    c.optimizer.arg[0] = 0.01;
    c.epochs = EPOCHS;
    c.batch_size = 24; // the last batch of an epoch is smaller
    c.n_metrics = 2;
    c.metrics[1] = case_row(&ms_metric_table, "accuracy");
    case_hidden(&c, 7, "relu");
    case_hidden(&c, 5, "tanh");
    return c;
}

static void everything(struct ms_config *c)
{
    c->input_dropout = 0.1;
    c->input_gaussian_noise = 0.1;
    c->hidden[0].dropout = 0.3;
    c->hidden[1].gaussian_dropout = 0.2;
    c->hidden[0].normalization = case_pick(&ms_normalization_table, "batch_normalization");
    c->hidden[1].normalization = case_pick(&ms_normalization_table, "layer_normalization");
    c->hidden[1].kernel_constraint = case_pick_row(&ms_constraint_table, 1);
    c->hidden[0].kernel_regularizer = case_pick_row(&ms_regularizer_table, 1);
    c->hidden[0].kernel_regularizer.arg[0] = 1e-4;
    c->n_class_weight = 3;
    c->class_weight[0] = 2;
    c->class_weight[1] = 0.5;
    c->class_weight[2] = 1;
    c->optimizer.arg[MS_USE_EMA] = 1;
    c->optimizer.arg[MS_EMA_MOMENTUM] = 0.9;
    c->optimizer.arg[MS_EMA_OVERWRITE_FREQUENCY] = 17;
    c->optimizer.arg[MS_WEIGHT_DECAY] = 0.004;
    c->early_stopping =
        (struct ms_early_stopping){.monitor = 1, .patience = 5, .restore_best = true};
    c->reduce_on_plateau = (struct ms_reduce_on_plateau){
        .on = true, .monitor = 1, .factor = 0.5, .patience = 1, .min_delta = 0.02, .cooldown = 1};
}

static void test_optimizers(const struct ms_dataset *d)
{
    for (int row = 0; row < ms_optimizer_table.n; row++) {
        const char *name = ms_table_row(&ms_optimizer_table, row)->name;
        struct ms_config c = base(name);
        check_all(&c, d, name);
        everything(&c);
        char what[80];
        snprintf(what, sizeof what, "%s with everything", name);
        check_all(&c, d, what);
        c = base(name); // arguments that bring slots of their own: momentum, centered, amsgrad, …
        const struct ms_row *r = ms_table_row(&ms_optimizer_table, row);
        for (int i = 1; i < MS_MAX_OWN_ARGS; i++) {
            const struct ms_arg *arg = ms_table_row_arg(r, i);
            if (arg && c.optimizer.arg[i] == 0)
                c.optimizer.arg[i] = arg->type == MS_ARG_BOOL ? 1 : 0.5;
        }
        snprintf(what, sizeof what, "%s with all its arguments", name);
        check_all(&c, d, what);
    }
}

static void test_schedules(const struct ms_dataset *d)
{
    for (int row = 0; row < ms_schedule_table.n; row++) {
        struct ms_config c = base("adam");
        c.learning_rate = case_pick_row(&ms_schedule_table, row);
        int listed = 0; // a list is its length and its numbers: boundaries, then values
        static const double list[] = {2, 7, 20, 3, 0.05, 0.02, 0.001};
        memcpy(c.list, list, sizeof list);
        for (int i = 0; i < MS_MAX_OWN_ARGS; i++) {
            const struct ms_arg *arg = ms_table_row_arg(ms_table_row(&ms_schedule_table, row), i);
            if (arg && arg->type == MS_ARG_LIST)
                c.learning_rate.arg[i] = listed++ ? 3 : 0;
        }
        c.learning_rate.arg[MS_WARMUP_STEPS] = 6;
        check_all(&c, d, ms_table_row(&ms_schedule_table, row)->name);
    }
}

// Each stateful part alone: a mistake in one is not hidden by another.
static void test_features(const struct ms_dataset *d)
{
    struct ms_config c = base("sgd");
    c.hidden[0].normalization = case_pick(&ms_normalization_table, "batch_normalization");
    check_all(&c, d, "batch normalization");
    c.early_stopping =
        (struct ms_early_stopping){.monitor = 1, .patience = 2, .restore_best = true};
    c.optimizer.arg[0] = 0.5; // overshoots: the best epoch is not the last
    check_all(&c, d, "best weights with moving statistics");
    c = base("adam");
    c.shuffle = false;
    c.batch_size = 60;
    check_all(&c, d, "without shuffling");
    c = base("adam");
    c.hidden[0].dropout = 0.5;
    check_all(&c, d, "dropout");
    c = base("sgd");
    c.optimizer.arg[MS_USE_EMA] = 1;
    c.optimizer.arg[MS_EMA_MOMENTUM] = 0.95;
    check_all(&c, d, "moving average");
    c = base("sgd");
    c.optimizer.arg[0] = 0;
    c.early_stopping = (struct ms_early_stopping){.monitor = 1, .patience = 3};
    check_all(&c, d, "early stopping");
    c = base("sgd");
    c.reduce_on_plateau = (struct ms_reduce_on_plateau){
        .on = true, .monitor = 0, .factor = 0.7, .patience = 2, .min_delta = 1, .cooldown = 2};
    check_all(&c, d, "reduce_on_plateau");
    c = base("sgd"); // goes to infinity, which is legal data
    c.optimizer.arg[0] = 1e25;
    c.terminate_on_nan = false;
    c.optimizer.arg[MS_GLOBAL_CLIPNORM] = 1e9;
    check_all(&c, d, "not finite");
    c.terminate_on_nan = true;
    check_all(&c, d, "diverged");
}

static struct ms_train_result limited(const struct ms_config *c, const struct ms_dataset *d,
                                      const double *limits, int n, int objective, bool maximize)
{
    struct log log = {0};
    const struct ms_training job = {.config = c,
                                    .data = d,
                                    .seed = 4,
                                    .trial = 7,
                                    .execution = 2,
                                    .limits = limits,
                                    .n_limits = n,
                                    .objective = objective,
                                    .maximize = maximize};
    struct ms_train_result r = part(&job, &log);
    CHECK_INT(log.epochs, r.epochs);
    return r;
}

static void test_limits(const struct ms_dataset *d)
{
    struct whole w;
    struct ms_config c = base("adam");
    train_whole(&w, &c, d);
    double best[EPOCHS], limits[EPOCHS + 3];
    for (int e = 0; e < EPOCHS; e++) {
        best[e] = w.log.values[e + 1][1];
        if (e > 0 && best[e - 1] < best[e])
            best[e] = best[e - 1];
        limits[e] = best[e]; // as good as it gets: goes on
    }
    for (int e = EPOCHS; e < EPOCHS + 3; e++)
        limits[e] = -INFINITY; // after the end
    CHECK_INT(limited(&c, d, limits, EPOCHS + 3, 1, false).outcome, MS_OUTCOME_COMPLETED);
    for (int e = 0; e < EPOCHS; e++) {
        limits[e] = nextafter(best[e], -INFINITY);
        struct ms_train_result r = limited(&c, d, limits, EPOCHS, 1, false);
        // Pruning after the last epoch is none.
        CHECK_INT(r.outcome, e == EPOCHS - 1 ? MS_OUTCOME_COMPLETED : MS_OUTCOME_PRUNED);
        CHECK_INT(r.epochs, e + 1);
        CHECK_INT(limited(&c, d, limits, e, 1, false).epochs, EPOCHS); // fewer limits than epochs
        limits[e] = NAN;
        CHECK_INT(limited(&c, d, limits, EPOCHS, 1, false).epochs, EPOCHS);
    }
    limits[3] = INFINITY; // accuracy never reaches it; nor -1 from above
    CHECK_INT(limited(&c, d, limits, EPOCHS, 3, true).epochs, 4);
    limits[3] = -1;
    CHECK_INT(limited(&c, d, limits, EPOCHS, 3, true).epochs, EPOCHS);
    CHECK_INT(limited(&c, d, limits, EPOCHS, 3, false).epochs, 4);

    // NaN is worse than any limit, as long as nothing came before it.
    c.optimizer.arg[0] = INFINITY;
    c.terminate_on_nan = false;
    limits[3] = INFINITY;
    CHECK_INT(limited(&c, d, limits, EPOCHS, 1, false).outcome, MS_OUTCOME_PRUNED);

    struct ms_error err = {0};
    struct ms_train_result r;
    struct ms_arena *arena = ms_arena_new();
    const struct ms_training job = {.config = &c,
                                    .data = d,
                                    .limits = limits,
                                    .n_limits = 1,
                                    .objective = 2 * case_row(&ms_metric_table, "auc")};
    CHECK_INT(ms_train(&job, arena, NULL, NULL, &r, &err), MS_EINVAL);
    CHECK_STR(err.text, "pruning watches auc, which is not recorded");
    const struct ms_training late = {.config = &c, .data = d, .from_epoch = EPOCHS};
    CHECK_INT(ms_train(&late, arena, NULL, NULL, &r, &err), MS_EINVAL);
    CHECK_STR(err.text, "a part of a training goes on after epoch 9 of 9");
    ms_arena_free(arena);
}

// The best so far is of all parts, limits are of the part's own epochs.
static void test_limits_in_parts(const struct ms_dataset *d)
{
    struct whole w;
    struct ms_config c = base("sgd");
    c.terminate_on_nan = false;
    int best = EPOCHS;
    for (double rate = 0.5; best >= EPOCHS - 2 && rate < 100; rate *= 1.5) {
        c.optimizer.arg[0] = rate; // so large that the loss rises again
        train_whole(&w, &c, d);
        best = 1;
        for (int e = 2; e <= EPOCHS; e++)
            if (w.log.values[e][1] < w.log.values[best][1])
                best = e;
    }
    double limits[EPOCHS];
    for (int e = 0; e < EPOCHS; e++)
        limits[e] = NAN;
    REQUIRE(best < EPOCHS - 2 && w.log.values[EPOCHS - 1][1] > w.log.values[best][1]);
    struct log log = {0};
    struct ms_training job = {.config = &c,
                              .data = d,
                              .seed = 4,
                              .trial = 7,
                              .execution = 2,
                              .to_epoch = best,
                              .objective = 1};
    struct ms_train_result first = part(&job, &log);
    REQUIRE(first.outcome == MS_OUTCOME_PAUSED);
    job.from_epoch = best;
    job.to_epoch = 0;
    job.limits = limits;
    job.n_limits = EPOCHS;
    for (int with = 0; with < 2; with++) {
        job.state = with ? first.state : NULL;
        job.n_state = first.n_state;
        limits[EPOCHS - 2] = w.log.values[best][1];
        limits[0] = -INFINITY; // of the part before
        log.epochs = 0;
        CHECK_INT(part(&job, &log).outcome, MS_OUTCOME_COMPLETED);
        limits[EPOCHS - 2] = nextafter(w.log.values[best][1], -INFINITY);
        log.epochs = 0;
        struct ms_train_result r = part(&job, &log);
        CHECK_INT(r.outcome, MS_OUTCOME_PRUNED);
        CHECK_INT(r.epochs, EPOCHS - 1);
    }
    free(first.state);
}

// Refused before anything is trained.
static void refuse(struct ms_training job, const uint8_t *state, size_t n, const char *why)
{
    uint8_t *copy = malloc(n ? n : 1); // of exact size, for the address sanitizer
    REQUIRE(copy);
    if (n)
        memcpy(copy, state, n);
    struct ms_arena *arena = ms_arena_new();
    struct ms_train_result r;
    struct ms_error err = {0};
    struct log log = {0};
    job.state = copy;
    job.n_state = n;
    CHECK_INT(ms_train(&job, arena, record, &log, &r, &err), MS_EFORMAT);
    CHECK_THAT(!why || strstr(err.text, why), "'%s' is not about '%s'", err.text, why);
    CHECK(err.text[0] && log.epochs == 0 && log.silent == 0 && !r.state);
    ms_arena_free(arena);
    free(copy);
}

static void test_refusals(const struct ms_dataset *d)
{
    struct ms_config c = base("adam");
    everything(&c);
    struct log log = {0};
    struct ms_training job = {.config = &c,
                              .data = d,
                              .seed = 4,
                              .trial = 7,
                              .execution = 2,
                              .to_epoch = 3,
                              .objective = 1};
    struct ms_train_result r = part(&job, &log);
    REQUIRE(r.state);
    job.to_epoch = 0;
    job.from_epoch = 3;
    for (size_t n = 0; n < r.n_state; n++)
        refuse(job, r.state, n, n < 112 ? "cut off" : "damaged or cut off");
    uint8_t *m = malloc(r.n_state + 1);
    REQUIRE(m);
    memcpy(m, r.state, r.n_state);
    m[r.n_state] = 0;
    refuse(job, m, r.n_state + 1, "damaged or cut off");
    for (int i = 0; i < 500; i++) {
        size_t at = next_random() % r.n_state;
        uint8_t bit = (uint8_t)(1u << next_random() % 8);
        m[at] ^= bit;
        refuse(job, m, r.n_state, NULL);
        m[at] ^= bit;
    }
    memcpy(m, "{\"a\"", 4);
    refuse(job, m, r.n_state, "are no training's state");

    struct ms_training other = job;
    other.trial++;
    refuse(other, r.state, r.n_state, "is of trial 7, execution 2, not of trial 8, execution 2");
    other = job;
    other.execution++;
    refuse(other, r.state, r.n_state, "not of trial 7, execution 3");
    other = job;
    other.seed++;
    refuse(other, r.state, r.n_state, "its sweep has another seed");
    other = job;
    other.from_epoch = 4;
    refuse(other, r.state, r.n_state, "is of epoch 3, not of epoch 4");
    struct ms_config changed = c;
    changed.hidden[0].dropout = 0.31;
    other = job;
    other.config = &changed;
    refuse(other, r.state, r.n_state, "another configuration");
    changed = c;
    changed.hidden[1].units++;
    refuse(other, r.state, r.n_state, "another configuration");
    struct ms_dataset more = *d;
    more.n_train--;
    other = job;
    other.data = &more;
    refuse(other, r.state, r.n_state, "another configuration");

    free(m);
    free(r.state);
}

// A checksum that is right over sizes that are not: written by hand.
static void test_sizes(void)
{
    ms_real a[5] = {1, 2, 3, 4, 5}, b[3] = {6, 7, 8};
    struct ms_state_of s = {.seed = 1,
                            .epoch = 2,
                            .n_blocks = 2,
                            .rate = 0.5,
                            .step = UINT64_MAX,
                            .best = -0.0,
                            .any_best = true,
                            .early = {NAN, true, 3, 4},
                            .plateau = {1.5, false, 5, 6},
                            .block = {{a, 5}, {b, 3}}};
    uint8_t *bytes;
    size_t size;
    struct ms_error err = {0};
    CHECK_INT(ms_state_write(&s, 100, &bytes, &size, &err), MS_ELIMIT);
    CHECK(!bytes);
    REQUIRE(ms_state_write(&s, 1000, &bytes, &size, &err) == 0);

    ms_real x[5] = {0}, y[3] = {0};
    struct ms_state_of read = {.seed = 1, .epoch = 2, .n_blocks = 2, .block = {{x, 5}, {y, 3}}};
    CHECK_INT(ms_state_read(&read, bytes, size, &err), 0);
    CHECK(memcmp(x, a, sizeof a) == 0 && memcmp(y, b, sizeof b) == 0);
    CHECK(read.step == UINT64_MAX && read.rate == 0.5 && signbit(read.best) && read.any_best);
    CHECK(isnan(read.early.best) && read.early.any && read.early.wait == 3);
    CHECK(read.early.cooldown == 4 && read.plateau.best == 1.5 && !read.plateau.any);
    CHECK(read.plateau.wait == 5 && read.plateau.cooldown == 6);

    // The same number of numbers, otherwise divided; another number of blocks.
    struct ms_state_of wrong = {.seed = 1, .epoch = 2, .n_blocks = 2, .block = {{x, 4}, {y, 4}}};
    memset(x, 0, sizeof x);
    CHECK_INT(ms_state_read(&wrong, bytes, size, &err), MS_EFORMAT);
    CHECK_STR(err.text, "a training's state does not fit the network");
    wrong.n_blocks = 1;
    wrong.block[0].n = 8;
    CHECK_INT(ms_state_read(&wrong, bytes, size, &err), MS_EFORMAT);
    CHECK(x[0] == 0); // untouched
    free(bytes);
}

// Values that decide on a training's course all change the fingerprint.
static void test_fingerprint(const struct ms_dataset *d)
{
    struct ms_config c = base("adam");
    everything(&c);
    c.learning_rate = case_pick_row(&ms_schedule_table, 1);
    const uint32_t was = ms_state_fingerprint(&c, d);
    CHECK(ms_state_fingerprint(&c, d) == was);
    double *const numbers[] = {
        &c.input_dropout,
        &c.input_gaussian_noise,
        &c.input_gaussian_dropout,
        &c.hidden[1].dropout,
        &c.hidden[0].gaussian_noise,
        &c.hidden[0].gaussian_dropout,
        &c.hidden[0].kernel_regularizer.arg[0],
        &c.loss.arg[0],
        &c.class_weight[2],
        &c.optimizer.arg[0],
        &c.optimizer.arg[MS_EMA_MOMENTUM],
        &c.learning_rate.arg[0],
        &c.early_stopping.min_delta,
        &c.reduce_on_plateau.factor,
        &c.reduce_on_plateau.min_lr,
        &c.list[3],
        &c.metric_arg[1][0],
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        double kept = *numbers[i];
        *numbers[i] = kept + 0.125;
        CHECK_THAT(ms_state_fingerprint(&c, d) != was, "number %zu is not in it", i);
        *numbers[i] = kept;
    }
    int *const integers[] = {
        &c.dataset,
        &c.hidden[0].units,
        &c.hidden[1].activation.row,
        &c.batch_size,
        &c.epochs,
        &c.output.kernel_initializer.row,
        &c.early_stopping.patience,
        &c.early_stopping.monitor,
        &c.early_stopping.start_from_epoch,
        &c.reduce_on_plateau.patience,
        &c.reduce_on_plateau.cooldown,
        &c.reduce_on_plateau.monitor,
        &c.metrics[1],
    };
    for (size_t i = 0; i < sizeof integers / sizeof *integers; i++) {
        ++*integers[i];
        CHECK_THAT(ms_state_fingerprint(&c, d) != was, "integer %zu is not in it", i);
        --*integers[i];
    }
    bool *const flags[] = {&c.shuffle,
                           &c.terminate_on_nan,
                           &c.hidden[0].use_bias,
                           &c.early_stopping.restore_best,
                           &c.early_stopping.maximize,
                           &c.reduce_on_plateau.maximize};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        *flags[i] = !*flags[i];
        CHECK_THAT(ms_state_fingerprint(&c, d) != was, "flag %zu is not in it", i);
        *flags[i] = !*flags[i];
    }
    CHECK(ms_state_fingerprint(&c, d) == was);
}

int main(void)
{
    struct ms_dataset d = case_data(MS_MULTICLASS, 3, 3, 100, 40, 30);
    test_optimizers(&d);
    test_schedules(&d);
    test_features(&d);
    test_limits(&d);
    test_limits_in_parts(&d);
    test_refusals(&d);
    test_sizes();
    test_fingerprint(&d);
    case_data_free(&d);
    return check_done();
}
