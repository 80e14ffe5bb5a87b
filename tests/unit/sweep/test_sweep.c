// SPDX-License-Identifier: MIT
//
// What a parsed sweep reports about itself: names, limits, the objective, defaults, its texts, and
// the most epochs of a trial.
#include "sweep_fixture.h"

#include "mlpsweep/metric.h"

static void test_design_example(void)
{
    static const char *const names[] = {
        "hidden.layers",    "hidden.1.units", "hidden.1.dropout",      "hidden.2.units",
        "hidden.2.dropout", "hidden.3.units", "hidden.3.dropout",      "hidden.4.units",
        "hidden.4.dropout", "hidden.5.units", "hidden.5.dropout",      "hidden.6.units",
        "hidden.6.dropout", "optimizer",      "learning_rate.initial", "batch_size"};
    struct ms_sweep *s = parse_file(UNIT "kerastuner-slides.json");
    const struct ms_space *space = ms_sweep_space(s);
    CHECK_INT(space->n, 16);
    for (int i = 0; i < 16; i++)
        CHECK_STR(space->param[i].name, names[i]);
    CHECK_INT(space->param[0].count, 5);
    for (int i = 1; i <= 12; i++) {
        CHECK_INT(space->param[i].count, 4);
        CHECK_INT(space->param[i].condition, MS_AT_LEAST);
        CHECK_INT(space->param[i].parent, 0);
        CHECK_INT(space->param[i].parent_value, (i + 1) / 2);
    }
    CHECK_INT(space->param[13].count, 2);
    CHECK_INT(space->param[14].count, 0);
    CHECK(space->param[14].log);
    CHECK_INT(space->param[14].line, 16);
    CHECK_INT(space->param[15].count, 3);
    CHECK_STR(ms_sweep_name(s), "kerastuner-slides");
    CHECK_INT(ms_sweep_seed(s), 2020);
    CHECK_INT(ms_sweep_search(s)->max_trials, 60);
    CHECK_INT(ms_sweep_search(s)->executions_per_trial, 3);
    CHECK_INT(ms_sweep_search(s)->max_retries_per_trial, 2);
    CHECK(ms_table_find(&ms_search_sampler_table, "random") == ms_sweep_search(s)->method.row);
    CHECK_INT(ms_sweep_objective(s)->metric, ms_metric_id("val_accuracy"));
    CHECK(ms_sweep_objective(s)->maximize);
    CHECK_INT(ms_sweep_objective(s)->at, MS_AT_BEST);
    CHECK_INT(ms_sweep_objective(s)->by, MS_BY_MEAN);
    const struct ms_data_spec *data;
    CHECK_INT(ms_sweep_data(s, &data), 1);
    CHECK_INT(data[0].source, MS_IDX);
    CHECK_STR(data[0].path, "data/fashion");
    CHECK_NEAR(data[0].validation, 0.1667, 0);
    CHECK_STR(data[0].canonical, "{\"idx\":\"data/fashion\",\"validation\":0.1667}");
    ms_sweep_free(s);
}

static void test_defaults(void)
{
    struct ms_sweep *s = parse_text("{\"data\": {\"synthetic\": \"xor\"}, \"hidden\": []}");
    CHECK_STR(ms_sweep_name(s), "a.sweep");
    CHECK_STR(ms_sweep_file(s), "dir/a.sweep.json");
    CHECK_INT(ms_sweep_seed(s), 0);
    CHECK_INT(ms_sweep_threads(s), 1);
    CHECK_INT(ms_sweep_space(s)->n, 0);
    CHECK_INT(ms_sweep_search(s)->max_trials, 0);
    CHECK_INT(ms_sweep_search(s)->executions_per_trial, 1);
    CHECK_INT(ms_sweep_objective(s)->metric, ms_metric_id("val_loss"));
    CHECK(!ms_sweep_objective(s)->maximize);
    const struct ms_data_spec *data;
    CHECK_INT(ms_sweep_data(s, &data), 1);
    CHECK_INT(data[0].source, MS_SYNTHETIC);
    CHECK_STR(ms_table_row(&ms_dataset_synthetic_table, data[0].synthetic)->name, "xor");
    CHECK_INT(data[0].points, 2500);
    CHECK_INT(data[0].task, -1);
    CHECK_NEAR(data[0].validation, 0.2, 0);
    CHECK_NEAR(data[0].test, 0, 0);
    CHECK_INT(data[0].split, MS_SPLIT_RANDOM);
    CHECK_INT(data[0].scaling.row, -1);
    ms_sweep_free(s);
    s = parse_text("{\"data\": {\"synthetic\": \"xor\", \"validation\": 0}, \"hidden\": []}");
    CHECK_INT(ms_sweep_objective(s)->metric, ms_metric_id("loss")); // there is no val_loss
    ms_sweep_free(s);
}

static void test_texts(void)
{
    static const char text[] = "{ // a comment\n \"data\": {\"synthetic\": \"xor\"},\n"
                               " \"hidden\": [], \"seed\": 1e2}";
    struct ms_sweep *s = parse_text(text);
    CHECK_STR(ms_sweep_text(s), text);
    CHECK_INT(ms_sweep_text_size(s), sizeof text - 1);
    CHECK_STR(ms_sweep_canonical(s),
              "{\"data\":{\"synthetic\":\"xor\"},\"hidden\":[],\"seed\":100}");
    ms_sweep_free(s);
}

static void most_epochs(const char *text, double wanted)
{
    struct ms_sweep *s = parse_text(text);
    CHECK_THAT(ms_sweep_most_epochs(s) == wanted, "%s: %g", text, ms_sweep_most_epochs(s));
    ms_sweep_free(s);
}

static void test_most_epochs(void)
{
#define NETWORK(rest) "{\"data\": {\"synthetic\": \"xor\"}, \"hidden\": []" rest "}"
#define COMMAND(rest) "{\"objective\": {\"command\": [\"./a\"], \"metric\": \"loss\"}" rest "}"
    most_epochs(NETWORK(""), 1);
    most_epochs(NETWORK(", \"epochs\": 7"), 7);
    // The largest value, wherever it stands in the order of the parameters.
    most_epochs(NETWORK(", \"shuffle\": {\"bool\": null}, \"epochs\": {\"choice\": [3, 9, 4]}, "
                        "\"batch_size\": {\"int\": [1, 64]}"),
                9);
    most_epochs(NETWORK(", \"epochs\": {\"int\": [2, 11], \"step\": 4}"), 10);
    most_epochs(COMMAND(""), 0); // the command decides
    most_epochs(COMMAND(", \"epochs\": 5"), 5);
    most_epochs("{\"objective\": {\"function\": \"beale\"}, \"search\": {\"method\": \"random\", "
                "\"max_trials\": 2}}",
                0);
}

int main(void)
{
    test_design_example();
    test_defaults();
    test_texts();
    test_most_epochs();
    return check_done();
}
