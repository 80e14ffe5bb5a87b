// SPDX-License-Identifier: MIT
//
// An execution trained in parts, each in an arena of its own, gives the bits of one trained without
// a pause: every epoch's metrics, how it ends, and the test set with the weights it ends with. For
// every optimizer and everything that a training remembers from one epoch to the next.
#include "parts.h"

#include "worker/kernels/schedules.h"

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
        struct ms_training training = {.config = c,
                                       .data = d,
                                       .seed = 4,
                                       .trial = 7,
                                       .execution = 2,
                                       .from_epoch = from,
                                       .state = with_states ? state : NULL,
                                       .n_state = n_state,
                                       .objective = 1,
                                       .test_epoch = EPOCHS};
        training.to_epoch = i < n_cuts ? cuts[i] : 0;
        log.epochs = log.silent = 0;
        r = part(&training, &log);
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

int main(void)
{
    struct ms_dataset d = case_data(MS_MULTICLASS, 3, 3, 100, 40, 30);
    test_optimizers(&d);
    test_schedules(&d);
    test_features(&d);
    case_data_free(&d);
    return check_done();
}
