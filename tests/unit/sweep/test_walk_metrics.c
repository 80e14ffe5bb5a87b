// SPDX-License-Identifier: MIT
//
// Metrics that are recorded, and the weights of classes, at a point and when they are wrong.
#include "config_fixture.h"
#include "problem_fixture.h"

static bool records(const struct ms_config *c, const char *name)
{
    for (int i = 0; i < c->n_metrics; i++)
        if (c->metrics[i] == ms_table_find(&ms_metric_table, name))
            return true;
    return false;
}

// The loss comes first whatever is asked for; a metric that is named twice is recorded once.
static void test_metrics(void)
{
    struct ms_sweep *s = parse(FILE_WITH(", \"metrics\": [\"mae\", \"mse\", \"mae\", \"loss\"]"));
    const struct ms_config *c = config_at(s, NULL);
    CHECK(!c->default_metrics);
    CHECK_INT(c->n_metrics, 3);
    CHECK_INT(c->metrics[0], 0);
    CHECK(records(c, "mae") && records(c, "mse") && !records(c, "accuracy"));
    ms_sweep_free(s);
    s = parse(FILE_WITH(", \"metrics\": []"));
    c = config_at(s, NULL);
    CHECK(!c->default_metrics && c->n_metrics == 1);
    ms_sweep_free(s);
}

// The array is a parameter, and so is one of its numbers.
static void test_class_weight(void)
{
    struct ms_sweep *s = parse(FILE_WITH(
        ", \"class_weight\": {\"choice\": [null, [1, {\"choice\": [2, 0]}], [0.5, 1, 3]]}"));
    REQUIRE(ms_sweep_space(s)->n == 2);
    CHECK_STR(ms_sweep_space(s)->param[1].name, "class_weight.1");
    CHECK_INT(config_at(s, (double[]){0, NAN})->n_class_weight, 0);
    const struct ms_config *c = config_at(s, (double[]){1, 1});
    CHECK(c->n_class_weight == 2 && c->class_weight[0] == 1 && c->class_weight[1] == 0);
    c = config_at(s, (double[]){2, NAN});
    CHECK(c->n_class_weight == 3 && c->class_weight[0] == 0.5 && c->class_weight[2] == 3);
    ms_sweep_free(s);

    s = parse(FILE_WITH(", \"class_weight\": \"balanced\""));
    CHECK_INT(config_at(s, NULL)->n_class_weight, MS_CLASS_WEIGHT_BALANCED);
    ms_sweep_free(s);
    s = parse(FILE_WITH(", \"class_weight\": {\"choice\": [null, \"balanced\", [1, 2]]}"));
    static const int lengths[] = {0, MS_CLASS_WEIGHT_BALANCED, 2};
    for (int i = 0; i < 3; i++)
        CHECK_INT(config_at(s, (double[]){i})->n_class_weight, lengths[i]);
    ms_sweep_free(s);
}

static void test_problems(void)
{
    static const struct wrong_case rows[] = {
        {"\"metrics\": [\"val_mse\"]",
         "metrics: found 'val_mse'; allowed: 'mse', which is recorded for "
         "training and for validation"},
        {"\"metrics\": \"mse\"", "metrics: found 'mse'; allowed: *"},
        {"\"metrics\": [{\"name\": \"top_k_categorical_accuracy\", \"k\": 2}, "
         "\"top_k_categorical_accuracy\"]",
         "metrics: found top_k_categorical_accuracy twice; allowed: once, as a metric is known by "
         "its "
         "name alone"},
        {"\"class_weight\": [1]", "class_weight: found an array; allowed: *"},
        {"\"class_weight\": \"balance\"",
         "class_weight: found 'balance'; allowed: \"balanced\", an array of 2 to 64 numbers >= 0, "
         "one for each class, or null; did you mean 'balanced'?"},
        {"\"class_weight\": [1, -1e-9]", "class_weight.1: found -1e-09; allowed: a number >= 0"},
        {"\"class_weight\": [{\"float\": [-1, 1], \"points\": 2}, 1]",
         "class_weight.0: found real numbers from -1 to 1; allowed: a number >= 0"},
    };
    CHECK_PROBLEMS(NETWORK_WITH, rows);
}

int main(void)
{
    test_metrics();
    test_class_weight();
    test_problems();
    return check_done();
}
