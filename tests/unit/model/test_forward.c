// SPDX-License-Identifier: MIT
//
// One row through a small network. Wanted values: NumPy in double from Keras's formulas; Keras 3.15
// gives the same to 1e-7, in which it computes.
#include "check.h"

#include "coordinator/model/model.h"

static const float kernel_1[] = {0.5F, -1, 2, 1.5F, 0.25F, -0.75F}, bias_1[] = {0.1F, -0.2F, 0.3F};
static const float gamma_1[] = {1.5F, 0.5F, -1}, beta_1[] = {0.2F, -0.1F, 0.05F};
static const float mean_1[] = {0.3F, -0.4F, 1}, variance_1[] = {2, 0.5F, 1.25F};
static const float kernel_2[] = {1, -0.5F, 0.25F, 2, -1.25F, 0.75F}, bias_2[] = {0.05F, -0.05F};

static struct ms_pick pick(const struct ms_table *t, const char *name)
{
    return ms_table_default(t, ms_table_find(t, name));
}

// 2 inputs, 3 tanh units with a normalization, 2 outputs.
static struct ms_model small(const char *normalization, const char *output)
{
    struct ms_error err;
    struct ms_model m = {.n_inputs = 2, .n_outputs = 2, .n_layers = 2};
    m.config = calloc(1, sizeof *m.config);
    m.input = calloc(2, sizeof *m.input);
    REQUIRE(m.config && m.input);
    m.input[0].divide = m.input[1].divide = 1;
    m.config->n_hidden = 1;
    m.config->hidden[0].activation = pick(&ms_activation_table, "tanh");
    m.config->hidden[0].normalization = pick(&ms_normalization_table, normalization);
    m.config->output.activation = pick(&ms_activation_table, output);
    m.layer[0] = (struct ms_model_layer){
        .inputs = 2, .units = 3, .kernel = kernel_1, .bias = bias_1, .config = m.config->hidden};
    m.layer[1] = (struct ms_model_layer){
        .inputs = 3, .units = 2, .kernel = kernel_2, .bias = bias_2, .config = &m.config->output};
    REQUIRE(ms_model_ready(&m, &err) == 0);
    return m;
}

static void with_batch_normalization(void)
{
    const double x[] = {0.5, -1};
    double y[2];
    struct ms_model m = small("batch_normalization", "softmax");
    m.layer[0].gamma = gamma_1;
    m.layer[0].beta = beta_1;
    m.layer[0].moving_mean = mean_1;
    m.layer[0].moving_variance = variance_1;
    ms_model_forward(&m, x, y);
    CHECK_NEAR(y[0], 0.73258245951442191, 1e-7); // weights are floats
    CHECK_NEAR(y[1], 0.26741754048557798, 1e-7);
    ms_model_clear(&m);
}

static void with_layer_normalization(void)
{
    const double x[] = {0.5, -1};
    double y[2];
    struct ms_model m = small("layer_normalization", "softmax");
    m.layer[0].gamma = gamma_1;
    m.layer[0].beta = beta_1;
    ms_model_forward(&m, x, y);
    CHECK_NEAR(y[0], 0.80676763338962154, 1e-7);
    CHECK_NEAR(y[1], 0.19323236661037843, 1e-7);
    ms_model_clear(&m);
}

// Inputs 7 and missing become 0.5 and -1; targets were ln(1 + y) and ln(y), scaled.
static void in_units_of_the_file(void)
{
    const double x[] = {7, NAN};
    double y[2];
    struct ms_model m = small("none", "linear");
    m.input[0] = (struct ms_column){.fill = 5, .shift = 5, .divide = 4};
    m.input[1] = (struct ms_column){.fill = 1, .shift = 3, .divide = 2};
    m.target = calloc(2, sizeof *m.target);
    REQUIRE(m.target);
    m.target[0] = (struct ms_target){.shift = 2, .divide = 0.5, .kind = MS_TARGET_LOG1P};
    m.target[1] = (struct ms_target){.shift = 2, .divide = 0.5, .kind = MS_TARGET_LOG};
    ms_model_forward(&m, x, y);
    CHECK_NEAR(y[0], 1.5068530556085238, 1e-7);
    CHECK_NEAR(y[1], 6.0643574551369497, 1e-7);
    m.target[0].kind = m.target[1].kind = MS_TARGET_LINEAR;
    ms_model_forward(&m, x, y);
    CHECK_NEAR(y[0], 0.91902820381990691, 1e-7);
    CHECK_NEAR(y[1], 1.8024285936899871, 1e-7);
    ms_model_clear(&m);
    CHECK(!m.config && !m.work);
}

int main(void)
{
    with_batch_normalization();
    with_layer_normalization();
    in_units_of_the_file();
    return check_done();
}
