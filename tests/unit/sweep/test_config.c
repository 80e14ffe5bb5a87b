// SPDX-License-Identifier: MIT
//
// Configurations: what a file says at a point.
#include "config_fixture.h"

#include <stdint.h>
#include <time.h>

#include "worker/kernels/optimizers.h"
#include "worker/kernels/schedules.h"
#include "mlpsweep/rng.h"

static double arg(const struct ms_table *t, const struct ms_pick *p, const char *name)
{
    const struct ms_row *r = ms_table_row(t, p->row);
    int i = ms_table_find_arg(r, name);
    if (i >= 0)
        return p->arg[i];
    CHECK_THAT(0, "%s has no argument %s", r->name, name);
    return NAN;
}

static void test_keras_defaults(void)
{
    struct ms_sweep *s = parse(FILE_WITH(""));
    const struct ms_config *c = config_at(s, NULL);
    CHECK_INT(c->n_hidden, 1);
    CHECK_INT(c->hidden[0].units, 3);
    CHECK(c->hidden[0].use_bias && c->output.use_bias);
    CHECK_STR(row_name(&ms_activation_table, c->hidden[0].activation), "linear");
    CHECK_STR(row_name(&ms_initializer_table, c->hidden[0].kernel_initializer), "glorot_uniform");
    CHECK_STR(row_name(&ms_initializer_table, c->hidden[0].bias_initializer), "zeros");
    CHECK_STR(row_name(&ms_initializer_table, c->output.kernel_initializer), "glorot_uniform");
    CHECK_STR(row_name(&ms_initializer_table, c->output.bias_initializer), "zeros");
    CHECK_INT(c->output.units, 0);
    CHECK_INT(c->output.activation.row, -1);
    CHECK_INT(c->loss.row, -1);
    CHECK_STR(row_name(&ms_optimizer_table, c->optimizer), "rmsprop");
    CHECK_STR(row_name(&ms_schedule_table, c->learning_rate), "constant");
    CHECK_NEAR(c->optimizer.arg[0], 0.001, 0);
    CHECK_INT(c->batch_size, 32);
    CHECK_INT(c->epochs, 1);
    CHECK(c->shuffle && c->terminate_on_nan && c->default_metrics);
    CHECK_NEAR(c->hidden[0].dropout, 0, 0);
    CHECK_NEAR(c->input_dropout, 0, 0);
    CHECK_INT(c->early_stopping.monitor, -1);
    ms_sweep_free(s);
}

// Sets parameter name to value index v, NAN to those that are then out of force.
static void set(const struct ms_space *space, double *point, const char *name, double v)
{
    bool found = false;
    for (int i = 0; i < space->n; i++) {
        if (strcmp(space->param[i].name, name) == 0 && ms_space_active(space, point, i)) {
            point[i] = v;
            found = true;
        } else if (!ms_space_active(space, point, i)) {
            point[i] = NAN;
        } else if (isnan(point[i])) {
            point[i] = space->param[i].count ? 0 : space->param[i].lo;
        }
    }
    CHECK_THAT(found, "no parameter %s in force", name);
}

static double *everything_point(const struct ms_sweep *s)
{
    static double point[256];
    const struct ms_space *space = ms_sweep_space(s);
    REQUIRE(space->n <= 256);
    double zero[256] = {0};
    ms_space_from_unit(space, zero, point);
    return point;
}

static struct ms_sweep *everything(void)
{
    struct ms_error err;
    char *text;
    size_t len;
    REQUIRE(ms_sweep_read(MS_SOURCE_DIR "/tests/unit/sweep/everything.json", &text, &len, &err) ==
            0);
    struct ms_sweep *s = parse(text);
    free(text);
    return s;
}

static void test_first_point(void)
{
    struct ms_sweep *s = everything();
    const struct ms_config *c = config_at(s, everything_point(s));
    CHECK_INT(c->dataset, 0);
    CHECK_INT(c->n_hidden, 3); // the first choice of "layers", written after "each"
    for (int i = 0; i < 3; i++) {
        CHECK_INT(c->hidden[i].units, 4);
        CHECK(!c->hidden[i].use_bias); // "same", written last
        CHECK_STR(row_name(&ms_initializer_table, c->hidden[i].bias_initializer), "ones");
        CHECK_STR(row_name(&ms_activation_table, c->hidden[i].activation), "relu");
    }
    CHECK_INT(c->hidden[3].units, 0);
    CHECK_STR(row_name(&ms_optimizer_table, c->optimizer), "sgd");
    CHECK_NEAR(arg(&ms_optimizer_table, &c->optimizer, "momentum"), 0, 0);
    CHECK_NEAR(c->optimizer.arg[0], 0.5, 0);
    CHECK_STR(row_name(&ms_schedule_table, c->learning_rate), "constant");
    CHECK_STR(row_name(&ms_activation_table, c->output.activation), "sigmoid");
    CHECK_STR(row_name(&ms_initializer_table, c->output.kernel_initializer), "glorot_normal");
    CHECK_STR(row_name(&ms_loss_table, c->loss), "binary_crossentropy");
    CHECK_INT(c->epochs, 5);
    CHECK(!c->shuffle && !c->terminate_on_nan);
    CHECK_INT(c->early_stopping.monitor, -1);
    CHECK_INT(c->n_metrics, 3); // the loss, the file's, the objective's
    CHECK_INT(c->metrics[0], 0);
    CHECK_INT(c->metrics[1], ms_table_find(&ms_metric_table, "mse"));
    CHECK_INT(c->metrics[2], ms_table_find(&ms_metric_table, "accuracy"));
    CHECK(!c->default_metrics);
    ms_sweep_free(s);
}

static void test_other_points(void)
{
    struct ms_sweep *s = everything();
    const struct ms_space *space = ms_sweep_space(s);
    double *p = everything_point(s);
    set(space, p, "data", 1);
    set(space, p, "data.scaling.divide_by", 1);
    CHECK_INT(config_at(s, p)->dataset, 7);
    set(space, p, "data", 0);
    set(space, p, "data.synthetic", 1);
    set(space, p, "data.points", 2);
    CHECK_INT(config_at(s, p)->dataset, 5);
    set(space, p, "input.dropout", 1);
    CHECK_NEAR(config_at(s, p)->input_dropout, 0.25, 0);
    // Layers.
    set(space, p, "hidden.2.units", 1);
    set(space, p, "hidden.3.activation", 1);
    set(space, p, "hidden.same.use_bias", 1);
    const struct ms_config *c = config_at(s, p);
    CHECK_INT(c->hidden[0].units, 4);
    CHECK_INT(c->hidden[1].units, 16);
    CHECK_STR(row_name(&ms_activation_table, c->hidden[1].activation), "relu");
    CHECK_STR(row_name(&ms_activation_table, c->hidden[2].activation), "tanh");
    CHECK(c->hidden[0].use_bias && c->hidden[2].use_bias);
    set(space, p, "hidden.layers", 1);
    CHECK_INT(config_at(s, p)->n_hidden, 1);
    set(space, p, "hidden", 1);
    CHECK_INT(config_at(s, p)->n_hidden, 0);
    set(space, p, "hidden", 2);
    set(space, p, "hidden.2.units", 2);
    set(space, p, "hidden.2.dropout", 0.125);
    set(space, p, "hidden.2.kernel_initializer.maxval", 1);
    c = config_at(s, p);
    CHECK_INT(c->n_hidden, 2);
    CHECK_INT(c->hidden[0].units, 8);
    CHECK_INT(c->hidden[1].units, 3);
    CHECK_NEAR(c->hidden[1].dropout, 0.125, 0);
    CHECK_NEAR(arg(&ms_initializer_table, &c->hidden[1].kernel_initializer, "minval"), -0.1, 0);
    CHECK_NEAR(arg(&ms_initializer_table, &c->hidden[1].kernel_initializer, "maxval"), 0.2, 0);
    CHECK_STR(row_name(&ms_initializer_table, c->hidden[0].kernel_initializer), "glorot_uniform");
    ms_sweep_free(s);
}

// What surrounds a layer's sums, as parameters shared by the layers, of each layer and of the
// output.
static void test_layer_parts(void)
{
    struct ms_sweep *s = parse(
        "{\"data\": {\"synthetic\": \"xor\"},"
        " \"input\": {\"gaussian_noise\": {\"float\": [0, 1]},"
        "             \"gaussian_dropout\": {\"choice\": [0, 0.25]}},"
        " \"hidden\": {\"layers\": 2,"
        "   \"same\": {\"normalization\": {\"choice\": [\"none\", \"layer_normalization\","
        "       {\"name\": \"batch_normalization\", \"momentum\": {\"float\": [0.5, 0.9]}}]},"
        "     \"kernel_constraint\": {\"choice\": [\"none\", {\"max_norm\": {\"choice\": [1, "
        "3]}}]}},"
        "   \"each\": {\"units\": 4, \"gaussian_noise\": {\"choice\": [0, 0.5]},"
        "     \"activity_regularizer\": {\"choice\": [\"none\", {\"l2\": {\"float\": [0.001, "
        "0.1]}}]},"
        "     \"gaussian_dropout\": 0.125}},"
        " \"output\": {\"kernel_regularizer\": {\"name\": \"l1_l2\", \"l1\": {\"choice\": [0, 1]}},"
        "   \"bias_regularizer\": {\"l1\": 0.5}, \"bias_constraint\": {\"choice\": [\"none\", "
        "\"non_neg\"]},"
        "   \"kernel_initializer\": {\"orthogonal\": {\"choice\": [1, 2]}}},"
        " \"search\": {\"method\": \"random\", \"max_trials\": 3}}");
    const struct ms_space *space = ms_sweep_space(s);
    CHECK_INT(space->n, 15);
    double *p = calloc((size_t)space->n, sizeof *p);
    REQUIRE(p);
    set(space, p, "hidden.same.normalization", 2);
    set(space, p, "hidden.same.normalization.momentum", 0.75);
    set(space, p, "hidden.same.kernel_constraint", 1);
    set(space, p, "hidden.same.kernel_constraint.max_norm", 1);
    set(space, p, "hidden.1.activity_regularizer", 0);
    set(space, p, "hidden.2.activity_regularizer", 1);
    set(space, p, "hidden.2.activity_regularizer.l2", 0.0625);
    set(space, p, "hidden.2.gaussian_noise", 1);
    set(space, p, "input.gaussian_noise", 0.5);
    set(space, p, "input.gaussian_dropout", 1);
    set(space, p, "output.kernel_regularizer.l1", 1);
    set(space, p, "output.bias_constraint", 1);
    set(space, p, "output.kernel_initializer.orthogonal", 1);
    const struct ms_config *c = config_at(s, p);
    CHECK(c->input_gaussian_noise == 0.5 && c->input_gaussian_dropout == 0.25);
    for (int i = 0; i < 2; i++) {
        const struct ms_layer_config *l = &c->hidden[i];
        CHECK_STR(row_name(&ms_normalization_table, l->normalization), "batch_normalization");
        CHECK_NEAR(arg(&ms_normalization_table, &l->normalization, "momentum"), 0.75, 0);
        CHECK_NEAR(arg(&ms_normalization_table, &l->normalization, "epsilon"), 1e-3, 0);
        CHECK_NEAR(arg(&ms_normalization_table, &l->normalization, "center"), 1, 0);
        CHECK_NEAR(arg(&ms_normalization_table, &l->normalization, "scale"), 1, 0);
        CHECK_NEAR(arg(&ms_constraint_table, &l->kernel_constraint, "max_value"), 3, 0);
        CHECK_STR(row_name(&ms_constraint_table, l->bias_constraint), "none");
        CHECK_STR(row_name(&ms_regularizer_table, l->kernel_regularizer), "none");
        CHECK_STR(row_name(&ms_regularizer_table, l->activity_regularizer), i ? "l2" : "none");
        CHECK(l->gaussian_noise == (i ? 0.5 : 0) && l->gaussian_dropout == 0.125);
    }
    CHECK_NEAR(arg(&ms_regularizer_table, &c->hidden[1].activity_regularizer, "l2"), 0.0625, 0);
    CHECK_NEAR(arg(&ms_regularizer_table, &c->output.kernel_regularizer, "l1"), 1, 0);
    CHECK_NEAR(arg(&ms_regularizer_table, &c->output.kernel_regularizer, "l2"), 0.01, 0);
    CHECK_NEAR(arg(&ms_regularizer_table, &c->output.bias_regularizer, "l1"), 0.5, 0);
    CHECK_STR(row_name(&ms_constraint_table, c->output.bias_constraint), "non_neg");
    CHECK_NEAR(arg(&ms_initializer_table, &c->output.kernel_initializer, "gain"), 2, 0);
    free(p);
    ms_sweep_free(s);
}

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

static void rate(const char *sections, double base, const char *schedule)
{
    char text[1000];
    snprintf(text, sizeof text, "{\"data\": {\"synthetic\": \"xor\"}, \"hidden\": [], %s}",
             sections);
    struct ms_sweep *s = parse(text);
    const struct ms_config *c = config_at(s, NULL);
    CHECK_THAT(c->optimizer.arg[0] == base, "%s: rate %g", sections, c->optimizer.arg[0]);
    CHECK_STR(row_name(&ms_schedule_table, c->learning_rate), schedule);
    ms_sweep_free(s);
}

static void test_rates(void)
{
    rate("\"optimizer\": \"sgd\"", 0.01, "constant");
    rate("\"optimizer\": \"sgd\", \"learning_rate\": 0.25", 0.25, "constant");
    rate("\"learning_rate\": 0.25, \"optimizer\": \"sgd\"", 0.25, "constant");
    rate("\"optimizer\": {\"name\": \"sgd\", \"learning_rate\": 0.25}", 0.25, "constant");
    rate("\"optimizer\": {\"learning_rate\": {\"schedule\": \"exponential\", \"initial\": 0.5, "
         "\"decay_steps\": 10, \"decay_rate\": 0.5}, \"name\": \"sgd\"}",
         0.5, "exponential");
    rate("\"learning_rate\": {\"schedule\": \"constant\"}, \"optimizer\": \"adam\"", 0.001,
         "constant");
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

static void test_plateau(void)
{
    struct ms_sweep *s = parse(FILE_WITH(
        ", \"learning_rate\": 0.5, \"reduce_on_plateau\": {\"choice\": [null, {\"monitor\": "
        "\"val_accuracy\", \"factor\": {\"float\": [0.25, 0.5], \"points\": 2}, \"min_lr\": 0.01},"
        " {}]}"));
    const struct ms_config *c = config_at(s, (double[]){0, NAN});
    CHECK(!c->reduce_on_plateau.on);
    c = config_at(s, (double[]){1, 1});
    const struct ms_reduce_on_plateau *r = &c->reduce_on_plateau;
    CHECK(r->on && r->maximize);
    CHECK_INT(r->monitor, ms_metric_id("val_accuracy"));
    CHECK_NEAR(r->factor, 0.5, 0);
    CHECK_NEAR(r->min_lr, 0.01, 0);
    bool recorded = false;
    for (int i = 0; i < c->n_metrics; i++)
        recorded = recorded || c->metrics[i] == r->monitor / 2;
    CHECK(recorded);
    c = config_at(s, (double[]){2, NAN}); // Keras's defaults
    CHECK(r->on && !r->maximize);
    CHECK_INT(r->monitor, ms_metric_id("val_loss"));
    CHECK_NEAR(r->factor, 0.1, 0);
    CHECK_INT(r->patience, 10);
    CHECK_NEAR(r->min_delta, 1e-4, 0);
    CHECK_INT(r->cooldown, 0);
    CHECK_NEAR(r->min_lr, 0, 0);
    ms_sweep_free(s);
}

// Values that a parameter takes through the whole way, against numbers computed here.
static void test_grid_values(void)
{
    struct ms_sweep *s = parse(FILE_WITH(", \"batch_size\": {\"int\": [32, 512], \"step\": 128}, "
                                         "\"learning_rate\": {\"float\": [0, 0.3], "
                                         "\"step\": 0.1}, \"shuffle\": {\"bool\": null}"));
    static const double rates[] = {0, 0.1, 0.2, 0.3};
    const struct ms_space *space = ms_sweep_space(s);
    double point[3];
    int n = 0;
    for (bool more = ms_space_first(space, point); more; more = ms_space_next(space, point), n++) {
        const struct ms_config *c = config_at(s, point);
        CHECK_INT(c->batch_size, 32 + 128 * (n / 8)); // the last-written varies fastest
        CHECK(c->optimizer.arg[0] == rates[n / 2 % 4]);
        CHECK_INT(c->shuffle, n % 2);
    }
    CHECK_INT(n, 4 * 4 * 2);
    ms_sweep_free(s);
}

// Points that the space does not have are refused, not read as something else.
static void test_wrong_points(void)
{
    struct ms_sweep *s =
        parse(FILE_WITH(", \"batch_size\": {\"choice\": [1, 2]}, \"learning_rate\": "
                        "{\"float\": [0.1, 0.2]}, \"search\": {\"method\": \"random\", "
                        "\"max_trials\": 1}"));
    static const double wrong[][2] = {{2, 0.1},  {-1, 0.1}, {0.5, 0.1},      {NAN, 0.1},   {0, NAN},
                                      {0, 0.05}, {0, 0.3},  {INFINITY, 0.1}, {0, INFINITY}};
    struct ms_config c;
    struct ms_error err;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CASE("point %g, %g", wrong[i][0], wrong[i][1]);
        CHECK_INT(ms_sweep_config(s, wrong[i], &c, &err), MS_EINVAL);
    }
    CHECK_INT(ms_sweep_config(s, (double[]){1, 0.15}, &c, &err), 0);
    CHECK_INT(c.batch_size, 2);
    ms_sweep_free(s);
}

static void test_random_points(void)
{
    enum { POINTS = 2000 };
    struct ms_sweep *s = everything();
    const struct ms_space *space = ms_sweep_space(s);
    double *point = everything_point(s);
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (uint32_t t = 0; t < POINTS; t++) {
        struct ms_rng rng = ms_rng_at(5, t, 0, MS_STREAM_SAMPLER);
        for (int i = 0; i < space->n; i++)
            point[i] = ms_rng_uniform(&rng, (uint64_t)i);
        ms_space_from_unit(space, point, point);
        const struct ms_config *c = config_at(s, point);
        // Bounds that the file promises.
        CHECK(c->epochs >= 5 && c->epochs <= 10 && (c->batch_size == 32 || c->batch_size == 128));
        CHECK(c->optimizer.arg[0] == 0.5 ||
              (c->optimizer.arg[0] >= 1e-4 && c->optimizer.arg[0] <= 0.1));
        CHECK(c->n_hidden >= 0 && c->n_hidden <= 3);
        for (int i = 0; i < c->n_hidden; i++)
            CHECK(c->hidden[i].units >= 1 && c->hidden[i].units <= 64);
        CHECK(c->dataset >= 0 && c->dataset < 9);
        struct ms_config first = *c;
        const struct ms_config *again = config_at(s, point);
        CHECK(again->optimizer.arg[0] == first.optimizer.arg[0] &&
              again->n_hidden == first.n_hidden);
    }
    clock_gettime(CLOCK_MONOTONIC, &to);
    double us =
        ((double)(to.tv_sec - from.tv_sec) * 1e6 + (double)(to.tv_nsec - from.tv_nsec) / 1e3) /
        (2.0 * POINTS);
    printf("%.1f us per configuration\n", us);
    ms_sweep_free(s);
}

int main(void)
{
    test_keras_defaults();
    test_first_point();
    test_other_points();
    test_layer_parts();
    test_optimizer_points();
    test_rates();
    test_sections();
    test_shared_and_lists();
    test_plateau();
    test_grid_values();
    test_wrong_points();
    test_random_points();
    return check_done();
}
