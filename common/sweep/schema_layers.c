// SPDX-License-Identifier: MIT
//
// The fields of layers: hidden ones, the output, and the noise on the inputs. Defaults are Keras's.
//
// The tables are packed, several members of a field to a line, so that a field can be read at a
// glance: clang-format would give every member a line of its own.
#include "schema_internal.h"

// clang-format off
#define LAYER(member) offsetof(struct ms_layer_config, member)
#define ACTIVATION \
     .name = "activation", .type = MS_F_PICK, .offset = LAYER(activation), \
     .table = &ms_activation_table, .key = "name"
#define USE_BIAS \
    {.name = "use_bias", .type = MS_F_BOOL, .offset = LAYER(use_bias), .def = 1, \
     .doc = "whether the layer adds a bias"}
#define INITIALIZER(kernel_or_bias, default_row) \
    {.name = #kernel_or_bias "_initializer", .type = MS_F_PICK, \
     .offset = LAYER(kernel_or_bias##_initializer), .table = &ms_initializer_table, \
     .key = "name", .def_text = default_row, \
     .doc = "initial values of the layer's " #kernel_or_bias}
#define FROM_TABLE(member, rows, text) \
    {.name = #member, .type = MS_F_PICK, .offset = LAYER(member), .table = &rows, \
     .key = "name", .def_text = "none", .doc = text}
#define PENALTIES \
    FROM_TABLE(kernel_regularizer, ms_regularizer_table, "penalty on the kernel in the loss"), \
    FROM_TABLE(bias_regularizer, ms_regularizer_table, "penalty on the bias in the loss"), \
    FROM_TABLE(activity_regularizer, ms_regularizer_table, \
               "penalty on the activation's outputs in the loss, the mean over the batch"), \
    FROM_TABLE(kernel_constraint, ms_constraint_table, \
               "constraint on the kernel after every step"), \
    FROM_TABLE(bias_constraint, ms_constraint_table, "constraint on the bias after every step")
#define NOISES(offset_of, of_what) \
    {.name = "gaussian_noise", .type = MS_F_REAL, .offset = offset_of(gaussian_noise), \
     .lo = 0, .hi = 1, \
     .doc = "standard deviation of the noise added to " of_what " while training"}, \
    {.name = "gaussian_dropout", .type = MS_F_REAL, .offset = offset_of(gaussian_dropout), \
     .lo = 0, .hi = 1, .hi_open = true, \
     .doc = "rate r of the noise that multiplies " of_what \
            " while training: mean 1, variance r/(1-r)"}
#define LAYER_FIELDS(must) \
    {.name = "units", .type = MS_F_INT, .offset = LAYER(units), .required = must, .lo = 1, \
     .hi = MS_MAX_UNITS, .doc = "neurons of the layer"}, \
    {ACTIVATION, .def_text = "linear", .doc = "activation of a hidden layer"}, \
    USE_BIAS, \
    INITIALIZER(kernel, "glorot_uniform"), \
    INITIALIZER(bias, "zeros"), \
    PENALTIES, \
    FROM_TABLE(normalization, ms_normalization_table, \
               "normalization between the sums and the activation"), \
    NOISES(LAYER, "the layer's outputs"), \
    {.name = "dropout", .type = MS_F_REAL, .offset = LAYER(dropout), .lo = 0, .hi = 1, \
     .hi_open = true, .doc = "fraction of the layer's outputs dropped while training"}

static const struct ms_field layer_fields[] = {LAYER_FIELDS(true)};
static const struct ms_field same_fields[] = {LAYER_FIELDS(false)};
static const struct ms_section layer_section = SECTION("a layer", layer_fields);
static const struct ms_section same_section = SECTION("a layer", same_fields);

const struct ms_field ms_schema_layer_field = {
    .name = "layer", .type = MS_F_SECTION, .section = &layer_section, .doc = "a hidden layer"};
const struct ms_field ms_schema_same_field = {.name = "layer",
                                              .type = MS_F_SECTION,
                                              .section = &same_section,
                                              .keep = true,
                                              .doc = "fields of every hidden layer"};

static const struct ms_field output_fields[] = {
    {ACTIVATION, .doc = "activation of the output; chosen by the data's task if not given"},
    USE_BIAS,
    INITIALIZER(kernel, "glorot_uniform"),
    INITIALIZER(bias, "zeros"),
    PENALTIES,
};
const struct ms_section ms_schema_output_section = SECTION("the output layer", output_fields);

static const struct ms_field hidden_fields[] = {
    {.name = "layers", .type = MS_F_INT, .lo = 0, .hi = MS_MAX_LAYERS, .required = true,
     .item = &ms_schema_same_field,
     .doc = "number of hidden layers, or an array with the fields that each layer has to itself"},
    {.name = "same", .type = MS_F_CUSTOM, .item = &ms_schema_same_field,
     .doc = "fields that all layers share, drawn once"},
    {.name = "each", .type = MS_F_CUSTOM, .item = &ms_schema_same_field,
     .doc = "fields drawn separately for every layer"},
};
const struct ms_section ms_schema_hidden_section = SECTION("the hidden layers", hidden_fields);

#define INPUT(member) offsetof(struct ms_values, config.input_##member)
static const struct ms_field input_fields[] = {
    NOISES(INPUT, "the inputs"),
    {.name = "dropout", .type = MS_F_REAL,
     .offset = offsetof(struct ms_values, config.input_dropout), .lo = 0, .hi = 1,
     .hi_open = true, .doc = "fraction of the inputs dropped while training"},
};
const struct ms_section ms_schema_input_section = SECTION("the input", input_fields);
// clang-format on
