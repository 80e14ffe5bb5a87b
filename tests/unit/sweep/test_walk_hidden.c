// SPDX-License-Identifier: MIT
//
// Layers: what is given for each and for all of them, the parameters of each, and where a count is
// one.
#include "config_fixture.h"
#include "problem_fixture.h"

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
static struct ms_sweep *parse_layer_parts(void)
{
    return parse(
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
}

static void test_layer_parts(void)
{
    struct ms_sweep *s = parse_layer_parts();
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

// The parameters come layer by layer, under the condition that there are so many layers.
static void test_parameters(void)
{
    struct ms_sweep *s = parse(
        "{\"data\": {\"synthetic\": \"xor\"}, \"hidden\": {\"each\": {\"units\": {\"int\": [1, 2]},"
        " \"dropout\": {\"choice\": [0, 0.5]}}, \"layers\": {\"choice\": [0, 2]}}}");
    static const struct {
        const char *name;
        int layer;
    } wanted[] = {{"hidden.layers", 0},
                  {"hidden.1.units", 1},
                  {"hidden.1.dropout", 1},
                  {"hidden.2.units", 2},
                  {"hidden.2.dropout", 2}};
    const struct ms_space *space = ms_sweep_space(s);
    REQUIRE(space->n == 5);
    for (int i = 0; i < 5; i++) {
        CASE("parameter %d", i);
        const struct ms_param *p = &space->param[i];
        CHECK_STR(p->name, wanted[i].name);
        CHECK_INT(p->condition, wanted[i].layer ? MS_AT_LEAST : MS_ALWAYS);
        CHECK_INT(p->parent, wanted[i].layer ? 0 : -1);
        if (wanted[i].layer)
            CHECK_NEAR(p->parent_value, wanted[i].layer, 0);
    }
    CHECK_INT(ms_space_size(space), 1 + 4 * 4);
    ms_sweep_free(s);
}

// What a layer has to itself lies between "same" and "each".
static void test_own_fields(void)
{
    struct ms_sweep *s =
        parse("{\"data\": {\"synthetic\": \"xor\"}, \"hidden\": {\"layers\": [{\"units\": 5}, "
              "{\"units\": 6,"
              " \"use_bias\": false}], \"same\": {\"dropout\": 0.25}, \"each\": {\"activation\": "
              "{\"choice\": [\"relu\", \"tanh\"]}}}}");
    const struct ms_config *c = config_at(s, (double[]){0, 1});
    REQUIRE(c->n_hidden == 2);
    CHECK(c->hidden[0].units == 5 && c->hidden[1].units == 6);
    CHECK(c->hidden[0].use_bias && !c->hidden[1].use_bias);
    CHECK(c->hidden[0].dropout == 0.25 && c->hidden[1].dropout == 0.25);
    CHECK_STR(row_name(&ms_activation_table, c->hidden[0].activation), "relu");
    CHECK_STR(row_name(&ms_activation_table, c->hidden[1].activation), "tanh");
    ms_sweep_free(s);
}

static void test_problems(void)
{
    static const struct wrong_case rows[] = {
        {"[]", ""},
        {"{\"layers\": 0, \"same\": {\"units\": 1}}", ""},
        {"3", "hidden: found 3; allowed: *"},
        {"{\"layers\": 1, \"each\": {}}", "hidden.units: missing (*"},
        {"{\"layers\": 1, \"same\": {\"choice\": [{\"units\": 1}, {}]}}",
         "hidden.units: missing (*"},
        {"{\"layers\": 1, \"same\": {\"units\": 1}, \"each\": {\"units\": 2}}",
         "hidden.units: given in same and in each; allowed: one of them"},
        {"{\"layers\": [{\"units\": 1}], \"each\": {\"units\": 2}}",
         "hidden.layers.1.units: given in the layer and in each; allowed: one of them"},
        // One problem, however many layers there can be, even none.
        {"{\"layers\": {\"int\": [1, 9]}, \"each\": {\"units\": 0}}",
         "hidden.each.units: found 0; allowed: an integer from 1 to 65536"},
        {"{\"layers\": 0, \"each\": {\"units\": 0}}",
         "hidden.each.units: found 0; allowed: an integer from 1 to 65536"},
        {"{\"layers\": 65, \"same\": {\"units\": 1}}",
         "hidden.layers: found 65; allowed: an integer from 0 to 64"},
    };
    CHECK_PROBLEMS("{\"data\": {\"synthetic\": \"xor\"}, \"hidden\": %s}", rows);
}

int main(void)
{
    test_other_points();
    test_layer_parts();
    test_parameters();
    test_own_fields();
    test_problems();
    return check_done();
}
