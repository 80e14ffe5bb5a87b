// SPDX-License-Identifier: MIT
//
// States of paused trainings: every damaged, cut or foreign one is refused before anything is
// trained, and all that decides on a training's course is in the fingerprint.
#include "parts.h"

#include "worker/kernels/schedules.h"
#include "worker/train/state.h"

// Refused before anything is trained.
static void refuse(struct ms_training training, const uint8_t *state, size_t n, const char *why)
{
    uint8_t *copy = malloc(n ? n : 1); // of exact size, for the address sanitizer
    REQUIRE(copy);
    if (n)
        memcpy(copy, state, n);
    struct ms_arena *arena = ms_arena_new();
    struct ms_train_result r;
    struct ms_error err = {0};
    struct log log = {0};
    training.state = copy;
    training.n_state = n;
    CHECK_INT(ms_train(&training, arena, record, &log, &r, &err), MS_EFORMAT);
    CHECK_THAT(!why || strstr(err.text, why), "'%s' is not about '%s'", err.text, why);
    CHECK(err.text[0] && log.epochs == 0 && log.silent == 0 && !r.state);
    ms_arena_free(arena);
    free(copy);
}

// Whole states of another execution, sweep, epoch, configuration or data set.
static void refuse_others(const struct ms_dataset *d, const struct ms_config *c,
                          struct ms_training training, const struct ms_train_result *paused)
{
    struct ms_training other = training;
    other.trial++;
    refuse(other, paused->state, paused->n_state,
           "is of trial 7, execution 2, not of trial 8, execution 2");
    other = training;
    other.execution++;
    refuse(other, paused->state, paused->n_state, "not of trial 7, execution 3");
    other = training;
    other.seed++;
    refuse(other, paused->state, paused->n_state, "its sweep has another seed");
    other = training;
    other.from_epoch = 4;
    refuse(other, paused->state, paused->n_state, "is of epoch 3, not of epoch 4");
    struct ms_config changed = *c;
    changed.hidden[0].dropout = 0.31;
    other = training;
    other.config = &changed;
    refuse(other, paused->state, paused->n_state, "another configuration");
    changed = *c;
    changed.hidden[1].units++;
    refuse(other, paused->state, paused->n_state, "another configuration");
    struct ms_dataset more = *d;
    more.n_train--;
    other = training;
    other.data = &more;
    refuse(other, paused->state, paused->n_state, "another configuration");
}

static void test_refusals(const struct ms_dataset *d)
{
    struct ms_config c = base("adam");
    everything(&c);
    struct log log = {0};
    struct ms_training training = {.config = &c,
                                   .data = d,
                                   .seed = 4,
                                   .trial = 7,
                                   .execution = 2,
                                   .to_epoch = 3,
                                   .objective = 1};
    struct ms_train_result r = part(&training, &log);
    REQUIRE(r.state);
    training.to_epoch = 0;
    training.from_epoch = 3;
    for (size_t n = 0; n < r.n_state; n++)
        refuse(training, r.state, n, n < 112 ? "cut off" : "damaged or cut off");
    uint8_t *m = malloc(r.n_state + 1);
    REQUIRE(m);
    memcpy(m, r.state, r.n_state);
    m[r.n_state] = 0;
    refuse(training, m, r.n_state + 1, "damaged or cut off");
    for (int i = 0; i < 500; i++) {
        size_t at = next_random() % r.n_state;
        uint8_t bit = (uint8_t)(1u << next_random() % 8);
        m[at] ^= bit;
        refuse(training, m, r.n_state, NULL);
        m[at] ^= bit;
    }
    memcpy(m, "{\"a\"", 4);
    refuse(training, m, r.n_state, "are not a training's state");

    refuse_others(d, &c, training, &r);

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

// Values that decide on a training's course all change the fingerprint was.
static void fingerprint_numbers(struct ms_config *c, const struct ms_dataset *d, uint32_t was)
{
    double *const numbers[] = {
        &c->input_dropout,
        &c->input_gaussian_noise,
        &c->input_gaussian_dropout,
        &c->hidden[1].dropout,
        &c->hidden[0].gaussian_noise,
        &c->hidden[0].gaussian_dropout,
        &c->hidden[0].kernel_regularizer.arg[0],
        &c->loss.arg[0],
        &c->class_weight[2],
        &c->optimizer.arg[0],
        &c->optimizer.arg[MS_EMA_MOMENTUM],
        &c->learning_rate.arg[0],
        &c->early_stopping.min_delta,
        &c->reduce_on_plateau.factor,
        &c->reduce_on_plateau.min_lr,
        &c->list[3],
        &c->metric_arg[1][0],
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        double kept = *numbers[i];
        *numbers[i] = kept + 0.125;
        CHECK_THAT(ms_state_fingerprint(c, d) != was, "number %zu is not in it", i);
        *numbers[i] = kept;
    }
}

static void fingerprint_integers(struct ms_config *c, const struct ms_dataset *d, uint32_t was)
{
    int *const integers[] = {
        &c->dataset,
        &c->hidden[0].units,
        &c->hidden[1].activation.row,
        &c->batch_size,
        &c->epochs,
        &c->output.kernel_initializer.row,
        &c->early_stopping.patience,
        &c->early_stopping.monitor,
        &c->early_stopping.start_from_epoch,
        &c->reduce_on_plateau.patience,
        &c->reduce_on_plateau.cooldown,
        &c->reduce_on_plateau.monitor,
        &c->metrics[1],
    };
    for (size_t i = 0; i < sizeof integers / sizeof *integers; i++) {
        ++*integers[i];
        CHECK_THAT(ms_state_fingerprint(c, d) != was, "integer %zu is not in it", i);
        --*integers[i];
    }
}

static void fingerprint_flags(struct ms_config *c, const struct ms_dataset *d, uint32_t was)
{
    bool *const flags[] = {&c->shuffle,
                           &c->terminate_on_nan,
                           &c->hidden[0].use_bias,
                           &c->early_stopping.restore_best,
                           &c->early_stopping.maximize,
                           &c->reduce_on_plateau.maximize};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        *flags[i] = !*flags[i];
        CHECK_THAT(ms_state_fingerprint(c, d) != was, "flag %zu is not in it", i);
        *flags[i] = !*flags[i];
    }
}

static void test_fingerprint(const struct ms_dataset *d)
{
    struct ms_config c = base("adam");
    everything(&c);
    c.learning_rate = case_pick_row(&ms_schedule_table, 1);
    const uint32_t was = ms_state_fingerprint(&c, d);
    CHECK(ms_state_fingerprint(&c, d) == was);
    fingerprint_numbers(&c, d, was);
    fingerprint_integers(&c, d, was);
    fingerprint_flags(&c, d, was);
    CHECK(ms_state_fingerprint(&c, d) == was);
}

int main(void)
{
    struct ms_dataset d = case_data(MS_MULTICLASS, 3, 3, 100, 40, 30);
    test_refusals(&d);
    test_sizes();
    test_fingerprint(&d);
    case_data_free(&d);
    return check_done();
}
