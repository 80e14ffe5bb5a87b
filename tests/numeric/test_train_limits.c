// SPDX-License-Identifier: MIT
//
// Limits that prune a training: the best value so far against the limit of each epoch, in a
// training of one part and in one of two.
#include "parts.h"

static struct ms_train_result limited(const struct ms_config *c, const struct ms_dataset *d,
                                      const double *limits, int n, int objective, bool maximize)
{
    struct log log = {0};
    const struct ms_training training = {.config = c,
                                         .data = d,
                                         .seed = 4,
                                         .trial = 7,
                                         .execution = 2,
                                         .limits = limits,
                                         .n_limits = n,
                                         .objective = objective,
                                         .maximize = maximize};
    struct ms_train_result r = part(&training, &log);
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
    const struct ms_training training = {.config = &c,
                                         .data = d,
                                         .limits = limits,
                                         .n_limits = 1,
                                         .objective = 2 * case_row(&ms_metric_table, "auc")};
    CHECK_INT(ms_train(&training, arena, NULL, NULL, &r, &err), MS_EINVAL);
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
    struct ms_training training = {.config = &c,
                                   .data = d,
                                   .seed = 4,
                                   .trial = 7,
                                   .execution = 2,
                                   .to_epoch = best,
                                   .objective = 1};
    struct ms_train_result first = part(&training, &log);
    REQUIRE(first.outcome == MS_OUTCOME_PAUSED);
    training.from_epoch = best;
    training.to_epoch = 0;
    training.limits = limits;
    training.n_limits = EPOCHS;
    for (int with = 0; with < 2; with++) {
        training.state = with ? first.state : NULL;
        training.n_state = first.n_state;
        limits[EPOCHS - 2] = w.log.values[best][1];
        limits[0] = -INFINITY; // of the part before
        log.epochs = 0;
        CHECK_INT(part(&training, &log).outcome, MS_OUTCOME_COMPLETED);
        limits[EPOCHS - 2] = nextafter(w.log.values[best][1], -INFINITY);
        log.epochs = 0;
        struct ms_train_result r = part(&training, &log);
        CHECK_INT(r.outcome, MS_OUTCOME_PRUNED);
        CHECK_INT(r.epochs, EPOCHS - 1);
    }
    free(first.state);
}

int main(void)
{
    struct ms_dataset d = case_data(MS_MULTICLASS, 3, 3, 100, 40, 30);
    test_limits(&d);
    test_limits_in_parts(&d);
    case_data_free(&d);
    return check_done();
}
