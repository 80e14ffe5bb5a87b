// SPDX-License-Identifier: MIT
//
// The configuration at a point: Keras's defaults, learning rates, what is monitored, the values
// that parameters take, and points that are refused.
#include "config_fixture.h"

#include <stdint.h>
#include <time.h>

#include "mlpsweep/rng.h"

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
    test_rates();
    test_plateau();
    test_grid_values();
    test_wrong_points();
    test_random_points();
    return check_done();
}
