// SPDX-License-Identifier: MIT
//
// Names, columns and the description that all formats share.
#include "check.h"

#include <cjson/cJSON.h>

#include "coordinator/portable/portable.h"
#include "made_model.h"

static const char *identifier(const char *text)
{
    static char out[MS_PORTABLE_NAME];
    return ms_portable_identifier(text, out, sizeof out);
}

static void identifiers(void)
{
    char small[8];
    CHECK_STR(identifier("demo"), "demo");
    CHECK_STR(identifier("km/h 2"), "km_h_2");
    CHECK_STR(identifier("7up"), "m_7up");
    CHECK_STR(identifier("größer"), "gr__er"); // one for a character
    CHECK_STR(identifier(""), "m_");
    CHECK_STR(ms_portable_identifier("a-long-name", small, sizeof small), "a_long_");
}

static struct ms_model mixed(void)
{
    struct ms_model m;
    made_model(&(struct made){.name = "mixed \"1\"",
                              .activation = "leaky_relu",
                              .normalization = "batch_normalization",
                              .output = "softmax",
                              .task = MS_MULTICLASS,
                              .n_outputs = 3,
                              .columns = MADE_MIXED,
                              .scaling = MADE_STANDARD},
               &m);
    return m;
}

static void columns(void)
{
    struct ms_error err;
    struct ms_portable_columns c;
    struct ms_model m = mixed();
    REQUIRE(ms_portable_columns(&m, &c, &err) == 0);
    CHECK_INT(c.n, 5);
    CHECK_INT(c.n_values, 5);
    CHECK_STR(c.item[1].name, "colour");
    CHECK(c.item[1].category && c.item[3].category && !c.item[2].category);
    CHECK_INT(c.item[2].first, 4); // behind a number and three colours
    CHECK_INT(c.item[4].first, 9);
    CHECK_STR(c.item[3].level[3], "größer");
    free(c.item);
    m.n_inputs = 11;
    CHECK_INT(ms_portable_columns(&m, &c, &err), MS_ESTATE);
    CHECK_STR(err.text, "the model has 11 inputs, its columns have 10");
    ms_model_clear(&m);
    made_model(&(struct made){.name = "old", .columns = MADE_UNKNOWN}, &m);
    REQUIRE(ms_portable_columns(&m, &c, &err) == 0);
    CHECK_INT(c.n, 1);
    CHECK_STR(c.item[0].name, "x");
    CHECK_INT(c.n_values, 4);
    free(c.item);
    ms_model_clear(&m);
}

static const cJSON *at(const cJSON *of, const char *name)
{
    const cJSON *found = cJSON_GetObjectItemCaseSensitive(of, name);
    CHECK_THAT(found != NULL, "no member %s", name);
    return found;
}

static void description(void)
{
    struct ms_error err;
    struct ms_portable_columns c;
    struct ms_portable_text text;
    struct ms_model m = mixed();
    REQUIRE(ms_portable_columns(&m, &c, &err) == 0);
    REQUIRE(ms_portable_description(&m, &c, &text, &err) == 0);
    CHECK(strchr(text.text, '\n') == NULL);
    cJSON *d = cJSON_Parse(text.text);
    REQUIRE(d);
    CHECK_STR(at(d, "sweep")->valuestring, "mixed \"1\"");
    CHECK_INT(at(d, "trial")->valueint, 37);
    CHECK_STR(at(d, "kind")->valuestring, "kept");
    CHECK_STR(at(d, "task")->valuestring, "multiclass");
    CHECK_STR(at(d, "output")->valuestring, "probabilities");
    CHECK(cJSON_IsNull(at(at(d, "metrics"), "val_accuracy")));
    CHECK_NEAR(at(at(d, "metrics"), "val_loss")->valuedouble, 0.125, 0);
    CHECK_INT(cJSON_GetArraySize(at(d, "classes")), 3);
    CHECK_INT(cJSON_GetArraySize(at(d, "layers")), 3);
    const cJSON *layer = cJSON_GetArrayItem(at(d, "layers"), 1);
    CHECK_STR(at(layer, "name")->valuestring, "hidden.2");
    CHECK_INT(at(layer, "inputs")->valueint, 7);
    CHECK_NEAR(at(at(layer, "activation"), "negative_slope")->valuedouble, 0.2, 0);
    CHECK_NEAR(at(at(layer, "normalization"), "epsilon")->valuedouble, 0.003, 0);
    const cJSON *colour = cJSON_GetArrayItem(at(d, "columns"), 1);
    CHECK_INT(cJSON_GetArraySize(at(colour, "levels")), 3);
    CHECK_INT(cJSON_GetArraySize(at(at(d, "inputs"), "divide")), 10);
    cJSON_Delete(d);
    free(text.text);
    free(c.item);
    ms_model_clear(&m);
}

static void outputs(void)
{
    struct ms_model m;
    made_model(&(struct made){.name = "t"}, &m);
    CHECK_STR(ms_portable_output_name(&m), "prediction");
    CHECK(!ms_portable_scales_target(&m));
    ms_model_clear(&m);
    made_model(&(struct made){.name = "t", .target = "log"}, &m);
    CHECK(ms_portable_scales_target(&m));
    m.target[0].kind = MS_TARGET_LINEAR; // shift 0, divide 1
    CHECK(!ms_portable_scales_target(&m));
    ms_model_clear(&m);
    made_model(&(struct made){.name = "t", .task = MS_BINARY}, &m);
    CHECK_STR(ms_portable_output_name(&m), "scores");
    ms_model_clear(&m);
}

int main(void)
{
    identifiers();
    columns();
    description();
    outputs();
    return check_done();
}
