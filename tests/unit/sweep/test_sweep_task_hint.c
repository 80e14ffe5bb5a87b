// SPDX-License-Identifier: MIT
//
// What a sweep file says about its target: losses, outputs and metrics, fixed or swept.
#include "sweep_fixture.h"

static const struct {
    const char *sections, *numbers, *classes, *zero_one;
    bool one_output, output_per_class;
} cases[] = {
    {"", "", "", "", false, false},
    {", \"loss\": \"mse\"", "loss 'mse'", "", "", false, false},
    {", \"loss\": {\"name\": \"huber\", \"delta\": 2}", "loss 'huber'", "", "", false, false},
    {", \"loss\": \"kl_divergence\"", "", "", "", false, false},
    {", \"loss\": \"categorical_crossentropy\"", "", "loss 'categorical_crossentropy'", "", false,
     true},
    {", \"loss\": {\"choice\": [\"mse\", \"binary_crossentropy\"]}, \"objective\": {\"metric\": "
     "\"val_mse\"}",
     "loss 'mse'", "loss 'binary_crossentropy'", "", true, false},
    {", \"output\": {\"activation\": \"sigmoid\"}", "", "", "output.activation 'sigmoid'", true,
     false},
    {", \"output\": {\"activation\": {\"choice\": [\"softmax\", \"linear\"]}}",
     "output.activation 'linear'", "output.activation 'softmax'", "", false, true},
    // Hidden layers and other fields of the output say nothing.
    {", \"output\": {\"kernel_initializer\": \"zeros\"}, \"hidden\": [{\"units\": 3, "
     "\"activation\": \"linear\"}]",
     "", "", "", false, false},
    {", \"loss\": \"mse\", \"metrics\": [\"cosine_similarity\", \"accuracy\"]", "loss 'mse'",
     "metric 'accuracy'", "", false, false},
    {", \"metrics\": [{\"name\": \"top_k_categorical_accuracy\", \"k\": 2}]", "",
     "metric 'top_k_categorical_accuracy'", "", false, true},
    {", \"metrics\": [\"r2_score\"]", "metric 'r2_score'", "", "", false, false},
    {", \"objective\": {\"metric\": \"val_auc\"}", "", "objective 'auc'", "", false, false},
    {", \"objective\": {\"metric\": \"val_loss\"}", "", "", "", false, false},
    {", \"objective\": [{\"metric\": \"val_loss\"}, {\"metric\": \"val_mae\"}]", "objective 'mae'",
     "", "", false, false},
    {", \"early_stopping\": {\"monitor\": \"val_f1_score\"}", "",
     "early_stopping.monitor 'f1_score'", "", false, false},
    {", \"class_weight\": [1, 2]", "", "class_weight", "", false, false},
    // One data set serves all stages.
    {", \"stages\": [{\"loss\": \"mse\"}, {\"metrics\": [\"accuracy\"]}]", "loss 'mse'",
     "metric 'accuracy'", "", false, false},
    {", \"class_weight\": null", "", "", "", false, false},
};

// A loss or an output is named before any metric.
static bool trains(const char *what)
{
    return strncmp(what, "loss ", 5) == 0 || strncmp(what, "output.", 7) == 0 ||
           strcmp(what, "class_weight") == 0;
}

int main(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CASE("%s", cases[i].sections);
        char text[600];
        struct ms_task_hint h;
        bool hidden = strstr(cases[i].sections, "\"hidden\"");
        snprintf(text, sizeof text, "{\"data\": {\"synthetic\": \"xor\"}%s%s}",
                 hidden ? "" : ", \"hidden\": []", cases[i].sections);
        struct ms_sweep *s = parse_text(text);
        ms_sweep_task_hint(s, &h);
        CHECK_STR(h.numbers, cases[i].numbers);
        CHECK_STR(h.classes, cases[i].classes);
        CHECK_STR(h.zero_one, cases[i].zero_one);
        CHECK_INT(h.trains_numbers, trains(cases[i].numbers));
        CHECK_INT(h.trains_classes, trains(cases[i].classes));
        CHECK_INT(h.one_output, cases[i].one_output);
        CHECK_INT(h.output_per_class, cases[i].output_per_class);
        ms_sweep_free(s);
    }
    return check_done();
}
