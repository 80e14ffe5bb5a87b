// SPDX-License-Identifier: MIT
//
// Rows of tables with their arguments: the four spellings, names and arguments that are parameters,
// and a learning rate inside the optimizer.
#include "config_fixture.h"
#include "problem_fixture.h"

static void test_optimizer_points(void)
{
    struct ms_sweep *s = everything();
    const struct ms_space *space = ms_sweep_space(s);
    double *p = everything_point(s);
    set(space, p, "optimizer.momentum", 1);
    set(space, p, "optimizer.nesterov", 1);
    const struct ms_config *c = config_at(s, p);
    CHECK_NEAR(arg(&ms_optimizer_table, &c->optimizer, "momentum"), 0.9, 0);
    CHECK_NEAR(arg(&ms_optimizer_table, &c->optimizer, "nesterov"), 1, 0);
    set(space, p, "optimizer", 1);
    set(space, p, "optimizer.name", 1);
    set(space, p, "learning_rate", 1);
    set(space, p, "learning_rate.initial", 0.01);
    set(space, p, "learning_rate.staircase", 1);
    c = config_at(s, p);
    CHECK_STR(row_name(&ms_optimizer_table, c->optimizer), "rmsprop");
    CHECK_NEAR(arg(&ms_optimizer_table, &c->optimizer, "epsilon"), 1e-8, 0);
    CHECK_NEAR(arg(&ms_optimizer_table, &c->optimizer, "rho"), 0.9, 0);
    CHECK_STR(row_name(&ms_schedule_table, c->learning_rate), "exponential");
    CHECK_NEAR(arg(&ms_schedule_table, &c->learning_rate, "initial"), 0.01, 0);
    CHECK_NEAR(arg(&ms_schedule_table, &c->learning_rate, "decay_steps"), 100, 0);
    CHECK_NEAR(arg(&ms_schedule_table, &c->learning_rate, "decay_rate"), 0.5, 0);
    CHECK_NEAR(arg(&ms_schedule_table, &c->learning_rate, "staircase"), 1, 0);
    CHECK_NEAR(c->optimizer.arg[0], 0.01, 0); // the base rate
    set(space, p, "early_stopping", 1);
    set(space, p, "early_stopping.monitor", 0);
    c = config_at(s, p);
    CHECK_INT(c->early_stopping.monitor, ms_metric_id("val_mae"));
    CHECK(!c->early_stopping.maximize && c->early_stopping.restore_best);
    CHECK_INT(c->early_stopping.patience, 3);
    CHECK_INT(c->early_stopping.start_from_epoch, 2);
    CHECK_NEAR(c->early_stopping.min_delta, 0.01, 0);
    CHECK_INT(c->n_metrics, 4); // and the monitored one
    CHECK_INT(c->metrics[3], ms_table_find(&ms_metric_table, "mae"));
    ms_sweep_free(s);
}

// Whole sections as alternatives, and a learning rate that is swept inside the optimizer.
static void test_sections(void)
{
    struct ms_sweep *s =
        parse("{\"data\": {\"synthetic\": \"xor\"},"
              " \"hidden\": {\"layers\": 2, \"each\": {\"choice\": [{\"units\": 5, \"activation\": "
              "\"relu\"},"
              "   {\"dropout\": 0.5, \"units\": {\"int\": [6, 7]}}]}, \"same\": {\"choice\": [{}, "
              "{\"use_bias\": false}]}},"
              " \"output\": {\"choice\": [{\"activation\": \"tanh\"}, {\"use_bias\": false}]},"
              " \"optimizer\": {\"choice\": [{\"name\": \"sgd\", \"learning_rate\": {\"choice\": "
              "[0.5, 0.25]}},"
              "   {\"name\": \"adam\", \"learning_rate\": {\"schedule\": \"inverse_time\", "
              "\"decay_steps\": 1,"
              "    \"decay_rate\": 1, \"initial\": {\"float\": [0.1, 0.2], \"points\": 2}}}]}}");
    static const char *const names[] = {"hidden.1",
                                        "hidden.1.units",
                                        "hidden.2",
                                        "hidden.2.units",
                                        "hidden.same",
                                        "output",
                                        "optimizer",
                                        "optimizer.learning_rate",
                                        "optimizer.learning_rate.initial"};
    const struct ms_space *space = ms_sweep_space(s);
    REQUIRE(space->n == 9);
    for (int i = 0; i < 9; i++)
        CHECK_STR(space->param[i].name, names[i]);
    CHECK_INT(ms_space_size(space), 3 * 3 * 2 * 2 * (2 + 2));
    //                1     1.u  2  2.u same out opt rate initial
    double point[] = {0, NAN, 1, 1, 1, 1, 1, NAN, 1};
    const struct ms_config *c = config_at(s, point);
    CHECK_INT(c->hidden[0].units, 5);
    CHECK_NEAR(c->hidden[0].dropout, 0, 0);
    CHECK_STR(row_name(&ms_activation_table, c->hidden[0].activation), "relu");
    CHECK_INT(c->hidden[1].units, 7);
    CHECK_NEAR(c->hidden[1].dropout, 0.5, 0);
    CHECK_STR(row_name(&ms_activation_table, c->hidden[1].activation), "linear");
    CHECK(!c->hidden[0].use_bias && !c->hidden[1].use_bias && !c->output.use_bias);
    CHECK_INT(c->output.activation.row, -1);
    CHECK_STR(row_name(&ms_schedule_table, c->learning_rate), "inverse_time");
    CHECK_NEAR(c->optimizer.arg[0], 0.2, 0);
    point[4] = point[5] = point[6] = 0;
    point[7] = 1;
    point[8] = NAN;
    c = config_at(s, point);
    CHECK_STR(row_name(&ms_schedule_table, c->learning_rate), "constant");
    CHECK_NEAR(c->optimizer.arg[0], 0.25, 0);
    CHECK(c->hidden[0].use_bias && c->output.use_bias);
    CHECK_STR(row_name(&ms_activation_table, c->output.activation), "tanh");
    ms_sweep_free(s);
}

// What all optimizers share, lists, and a learning rate that a plateau reduces.
static void test_shared_and_lists(void)
{
    struct ms_sweep *s = parse(FILE_WITH(
        ", \"optimizer\": {\"choice\": [\"adamw\", {\"name\": {\"choice\": [\"sgd\", \"adamw\"]},"
        "  \"weight_decay\": null, \"clipnorm\": {\"choice\": [null, 0.5]}, \"clipvalue\": null,"
        "  \"use_ema\": true, \"ema_momentum\": {\"float\": [0.9, 0.99], \"points\": 2}}]},"
        " \"learning_rate\": {\"choice\": ["
        "  {\"schedule\": \"piecewise_constant\", \"warmup_steps\": {\"int\": [5, 6]},"
        "   \"values\": [0.5, {\"choice\": [0.25, 0.125]}, 0.1], \"boundaries\": [10, 20]},"
        "  {\"schedule\": \"piecewise_constant\", \"boundaries\": {\"choice\": [[7], [9]]},"
        "   \"values\": [0.3, 0.2]},"
        "  {\"schedule\": \"cosine\", \"decay_steps\": 50}]}"));
    static const char *const names[] = {"optimizer",
                                        "optimizer.name",
                                        "optimizer.clipnorm",
                                        "optimizer.ema_momentum",
                                        "learning_rate",
                                        "learning_rate.warmup_steps",
                                        "learning_rate.values.2",
                                        "learning_rate.boundaries"};
    const struct ms_space *space = ms_sweep_space(s);
    REQUIRE(space->n == 8);
    for (int i = 0; i < 8; i++)
        CHECK_STR(space->param[i].name, names[i]);
    double point[] = {0, NAN, NAN, NAN, 0, 1, 1, NAN};
    const struct ms_config *c = config_at(s, point);
    CHECK_NEAR(c->optimizer.arg[MS_WEIGHT_DECAY], 0.004, 0);
    CHECK_NEAR(c->optimizer.arg[MS_USE_EMA], 0, 0);
    CHECK_NEAR(c->learning_rate.arg[MS_WARMUP_STEPS], 6, 0);
    CHECK_NEAR(c->optimizer.arg[0], 0.001, 0); // not a piece
    const struct ms_schedule_at at = {.step = 6 + 11, .steps_per_epoch = 1, .list = c->list};
    CHECK_NEAR(ms_schedule_rate(&c->learning_rate, &at), 0.125, 0);
    static const double listed[] = {3, 0.5, 0.125, 0.1, 2, 10, 20}; // in the file's order
    CHECK(memcmp(c->list, listed, sizeof listed) == 0);

    point[0] = 1, point[1] = 1, point[2] = 1, point[3] = 0;
    point[4] = 1, point[5] = point[6] = NAN, point[7] = 1;
    c = config_at(s, point);
    CHECK_STR(row_name(&ms_optimizer_table, c->optimizer), "adamw");
    CHECK_NEAR(c->optimizer.arg[MS_WEIGHT_DECAY], 0, 0);
    CHECK_NEAR(c->optimizer.arg[MS_CLIPNORM], 0.5, 0);
    CHECK_NEAR(c->optimizer.arg[MS_CLIPVALUE], 0, 0);
    CHECK_NEAR(c->optimizer.arg[MS_EMA_MOMENTUM], 0.9, 0);
    const struct ms_schedule_at later = {.step = 9, .steps_per_epoch = 1, .list = c->list};
    CHECK_NEAR(ms_schedule_rate(&c->learning_rate, &later), 0.3, 0);

    point[1] = 0, point[2] = 0, point[4] = 2, point[7] = NAN;
    c = config_at(s, point);
    CHECK_NEAR(c->optimizer.arg[MS_CLIPNORM], 0, 0);
    CHECK_NEAR(arg(&ms_schedule_table, &c->learning_rate, "initial"), 0.01, 0); // sgd's
    CHECK(!c->reduce_on_plateau.on);
    ms_sweep_free(s);
}

static void test_problems(void)
{
    static const struct wrong_case rows[] = {
        {"\"optimizer\": \"sgd\"", ""},
        {"\"optimizer\": {\"momentum\": 0.5}", "optimizer.name: missing; allowed: sgd, *"},
        {"\"optimizer\": {\"name\": {\"choice\": [\"sgd\", \"rmsprop\"]}, \"momentum\": 0.5}", ""},
        // An argument must be one of every row that the name can take.
        {"\"output\": {\"kernel_regularizer\": {\"name\": {\"choice\": [\"l1\", \"l2\"]}, \"l1\": "
         "1}}",
         "output.kernel_regularizer: found 'l1', which l1 has and l2 has not; allowed beside a "
         "choice of names: name; or 'l1' in an object of the choice: {\"choice\": [{\"name\": "
         "\"l1\", \"l1\": …}, …]}"},
        {"\"learning_rate\": {\"schedule\": \"exponential\", \"decay_steps\": 5}",
         "learning_rate.decay_rate: missing (of exponential: *"},
        // The short form is for rows of one argument, and for one key.
        {"\"output\": {\"kernel_regularizer\": {\"l2\": 0.1}}", ""},
        {"\"output\": {\"kernel_regularizer\": {\"l1_l2\": 0.1}}",
         "output.kernel_regularizer.name: missing; allowed: none, l1, *"},
        {"\"output\": {\"kernel_regularizer\": {\"l1\": 0.1, \"l2\": 0.1}}",
         "output.kernel_regularizer.name: missing; allowed: none, l1, *"},
        {"\"learning_rate\": \"0.1\"", "learning_rate: found '0.1'; allowed: a number, or an "
                                       "object with 'schedule': constant, *"},
    };
    CHECK_PROBLEMS(NETWORK_WITH, rows);
}

int main(void)
{
    test_optimizer_points();
    test_sections();
    test_shared_and_lists();
    test_problems();
    return check_done();
}
