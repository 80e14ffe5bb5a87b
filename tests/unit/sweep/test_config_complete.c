// SPDX-License-Identifier: MIT
//
// What the data adds to a configuration: loss, output activation and metrics that the file leaves
// open.
#include "config_fixture.h"

static void complete(const char *sections, enum ms_data_task task, uint32_t n_val, const char *loss,
                     const char *activation, const char *metrics)
{
    char text[1000], found[200] = "";
    snprintf(text, sizeof text, "{\"data\": {\"synthetic\": \"xor\"}, \"hidden\": []%s}", sections);
    struct ms_sweep *s = parse(text);
    struct ms_config c = *config_at(s, NULL);
    struct ms_dataset d = {
        .task = task, .n_inputs = 2, .n_outputs = 3, .n_train = 10, .n_val = n_val};
    struct ms_error err = {0};
    int status = ms_config_complete(&c, &d, &err);
    CHECK_THAT(status == 0, "%s: %s", sections, err.text);
    for (int i = 0; i < c.n_metrics; i++)
        snprintf(found + strlen(found), sizeof found - strlen(found), "%s%s", i ? " " : "",
                 ms_table_row(&ms_metric_table, c.metrics[i])->name);
    CHECK_STR(found, metrics);
    CHECK_STR(row_name(&ms_loss_table, c.loss), loss);
    CHECK_STR(row_name(&ms_activation_table, c.output.activation), activation);
    struct ms_config again = c;
    CHECK_INT(ms_config_complete(&again, &d, &err), 0); // nothing is added twice
    CHECK_INT(again.n_metrics, c.n_metrics);
    ms_sweep_free(s);
}

static void refuses(const char *sections, enum ms_data_task task, uint32_t n_val,
                    const char *message)
{
    char text[1000];
    snprintf(text, sizeof text, "{\"data\": {\"synthetic\": \"xor\"}, \"hidden\": []%s}", sections);
    struct ms_sweep *s = parse(text);
    struct ms_config c = *config_at(s, NULL);
    struct ms_dataset d = {
        .task = task, .n_inputs = 2, .n_outputs = 3, .n_train = 10, .n_val = n_val};
    struct ms_error err = {0};
    CHECK_INT(ms_config_complete(&c, &d, &err), MS_EINVAL);
    CHECK_STR(err.text, message);
    ms_sweep_free(s);
}

// An array of numbers, a choice of arrays, or numbers that are parameters themselves.
static void test_class_weight(void)
{
    struct ms_sweep *s = parse(FILE_WITH(""));
    CHECK_INT(config_at(s, NULL)->n_class_weight, 0);
    ms_sweep_free(s);
    s = parse(FILE_WITH(", \"class_weight\": [1, 2.5]"));
    const struct ms_config *c = config_at(s, NULL);
    CHECK(c->n_class_weight == 2 && c->class_weight[0] == 1 && c->class_weight[1] == 2.5);
    ms_sweep_free(s);
    s = parse(FILE_WITH(", \"class_weight\": {\"choice\": [null, [1, 2], [1, 2, 3]]}"));
    static const int lengths[] = {0, 2, 3};
    for (int i = 0; i < 3; i++)
        CHECK_INT(config_at(s, (double[]){i})->n_class_weight, lengths[i]);
    CHECK_STR(ms_sweep_space(s)->param[0].name, "class_weight");
    ms_sweep_free(s);
    s = parse(FILE_WITH(", \"class_weight\": [1, {\"float\": [1, 9], \"points\": 5}]"));
    CHECK_STR(ms_sweep_space(s)->param[0].name, "class_weight.1");
    c = config_at(s, (double[]){3});
    CHECK(c->n_class_weight == 2 && c->class_weight[0] == 1 && c->class_weight[1] == 7);
    ms_sweep_free(s);

    complete(", \"class_weight\": [1, 2]", MS_BINARY, 5, "binary_crossentropy", "sigmoid",
             "loss accuracy");
    complete(", \"class_weight\": [1, 2, 3]", MS_MULTICLASS, 5, "categorical_crossentropy",
             "softmax", "loss accuracy");
    refuses(", \"class_weight\": [1, 2, 3]", MS_BINARY, 5,
            "class_weight: 3 weights, but the data has 2 classes");
    refuses(", \"class_weight\": [1, 2]", MS_MULTICLASS, 5,
            "class_weight: 2 weights, but the data has 3 classes");
    complete(", \"class_weight\": \"balanced\"", MS_MULTICLASS, 5, "categorical_crossentropy",
             "softmax", "loss accuracy");
    refuses(", \"class_weight\": \"balanced\"", MS_REGRESSION, 5,
            "class_weight: regression data has no classes; data.task says what the target is");
    refuses(", \"class_weight\": [1, 2]", MS_REGRESSION, 5,
            "class_weight: regression data has no classes; data.task says what the target is");
    refuses(
        ", \"loss\": \"kl_divergence\"", MS_BINARY, 5,
        "loss: 'kl_divergence' does not fit binary data: over one output it does not see the other "
        "class; data.task says what the target is");
}

// A metric's argument, the objective's and the monitor's metrics, and what they fit.
static void test_metrics(void)
{
    static const char section[] =
        ", \"metrics\": [\"auc\", {\"name\": \"top_k_categorical_accuracy\", \"k\": 3}],"
        "\"objective\": {\"metric\": \"val_f1_score\"},"
        "\"early_stopping\": {\"monitor\": \"val_rmse\"}";
    char text[1000];
    snprintf(text, sizeof text, "{\"data\": {\"synthetic\": \"xor\"}, \"hidden\": []%s}", section);
    struct ms_sweep *s = parse(text);
    struct ms_config c = *config_at(s, NULL);
    CHECK(ms_sweep_objective(s)->maximize); // the row's own
    CHECK(!c.early_stopping.maximize);
    struct ms_dataset d = {
        .task = MS_MULTICLASS, .n_inputs = 2, .n_outputs = 9, .n_train = 9, .n_val = 2};
    struct ms_error err = {0};
    for (int again = 0; again < 2; again++) {
        CHECK_INT(ms_config_complete(&c, &d, &err), 0);
        CHECK_INT(c.n_metrics, 5);
        CHECK_STR(ms_table_row(&ms_metric_table, c.metrics[2])->name, "top_k_categorical_accuracy");
        CHECK_NEAR(c.metric_arg[2][0], 3, 0);
    }
    ms_sweep_free(s);
    complete(section, MS_MULTICLASS, 5, "categorical_crossentropy", "softmax",
             "loss auc top_k_categorical_accuracy f1_score rmse");
    refuses(section, MS_BINARY, 5,
            "metrics: 'top_k_categorical_accuracy' does not fit binary data: its "
            "targets are one-hot classes; data.task says what the target is");
    refuses(", \"metrics\": [\"precision\"]", MS_REGRESSION, 5,
            "metrics: 'precision' does not fit regression data: its targets are classes; data.task "
            "says what the target is");
    complete(", \"metrics\": [\"r2_score\", \"cosine_similarity\"]", MS_REGRESSION, 5, "mse",
             "linear", "loss r2_score cosine_similarity");
    s = parse(FILE_WITH(", \"objective\": {\"metric\": \"val_top_k_categorical_accuracy\"}"));
    c = *config_at(s, NULL);
    CHECK_NEAR(c.metric_arg[c.n_metrics - 1][0], 5, 0); // Keras's default
    ms_sweep_free(s);
}

static void test_complete(void)
{
    complete("", MS_REGRESSION, 5, "mse", "linear", "loss mae");
    complete("", MS_BINARY, 5, "binary_crossentropy", "sigmoid", "loss accuracy");
    complete("", MS_MULTICLASS, 5, "categorical_crossentropy", "softmax", "loss accuracy");
    complete(", \"output\": {\"activation\": \"tanh\"}, \"loss\": \"mse\"", MS_BINARY, 5, "mse",
             "tanh", "loss accuracy");
    complete(", \"loss\": \"binary_crossentropy\", \"output\": {\"activation\": \"sigmoid\"}",
             MS_MULTICLASS, 5, "binary_crossentropy", "sigmoid",
             "loss accuracy"); // the KerasTuner slides do this
    complete(", \"metrics\": []", MS_BINARY, 5, "binary_crossentropy", "sigmoid", "loss");
    complete(", \"metrics\": [\"mse\", \"loss\", \"mse\"]", MS_BINARY, 5, "binary_crossentropy",
             "sigmoid", "loss mse");
    complete(
        ", \"objective\": {\"metric\": \"val_mse\"}, \"early_stopping\": {\"monitor\": \"mae\"}",
        MS_BINARY, 0, "binary_crossentropy", "sigmoid", "loss accuracy mse mae");
    refuses(", \"loss\": \"categorical_crossentropy\"", MS_REGRESSION, 5,
            "loss: 'categorical_crossentropy' does not fit regression data: its targets are "
            "one-hot classes; data.task says what the target is");
    refuses(", \"loss\": \"binary_crossentropy\"", MS_REGRESSION, 5,
            "loss: 'binary_crossentropy' does not fit regression data: its targets are 0 or 1; "
            "data.task says what the target is");
    refuses(", \"output\": {\"activation\": \"softmax\"}", MS_BINARY, 5,
            "output.activation: 'softmax' does not fit binary data: over one output it is always "
            "1; data.task says what the target is");
    refuses(", \"objective\": {\"metric\": \"val_accuracy\"}", MS_REGRESSION, 5,
            "metrics: 'accuracy' does not fit regression data: its targets are classes; data.task "
            "says what the target is");
    refuses(", \"early_stopping\": {}", MS_REGRESSION, 0,
            "early_stopping.monitor: 'val_loss' needs validation rows");
}

// Several targets: shares of a whole, or labels that do not exclude each other.
static void test_several_targets(void)
{
    static const char text[] =
        "{\"data\": {\"synthetic\": \"xor\"}, \"hidden\": [], \"loss\": \"binary_crossentropy\","
        "\"output\": {\"activation\": \"sigmoid\"}, \"metrics\": [\"binary_accuracy\", \"auc\"]}";
    struct ms_sweep *s = parse(text);
    struct ms_config c = *config_at(s, NULL);
    float y[] = {0, 1, 1, 1, 0, 0, 0, 1};
    struct ms_dataset d = {.task = MS_REGRESSION,
                           .n_inputs = 2,
                           .n_outputs = 2,
                           .n_train = 2,
                           .n_val = 1,
                           .n_test = 1,
                           .y = y};
    struct ms_error err = {0};
    CHECK_INT(ms_config_complete(&c, &d, &err), 0);
    y[6] = 0.5f; // of a test row
    CHECK_INT(ms_config_complete(&c, &d, &err), MS_EINVAL);
    CHECK_STR(err.text, "loss: 'binary_crossentropy' does not fit regression data: its targets are "
                        "0 or 1; data.task says what the target is");
    y[6] = 1;
    d.n_outputs = 1; // one target of 0 and 1 is a class, unless the file says otherwise
    CHECK_INT(ms_config_complete(&c, &d, &err), MS_EINVAL);
    ms_sweep_free(s);
    complete(", \"loss\": \"kl_divergence\", \"output\": {\"activation\": \"softmax\"}",
             MS_REGRESSION, 5, "kl_divergence", "softmax", "loss mae");
}

int main(void)
{
    test_class_weight();
    test_metrics();
    test_complete();
    test_several_targets();
    return check_done();
}
