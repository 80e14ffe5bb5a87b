// SPDX-License-Identifier: MIT
//
// The data sets that a file can ask for: their fields, their number, and which are the same.
#include "sweep_fixture.h"

#include "mlpsweep/metric.h"

// What tells sources, parts and folds.
static void test_data_fields(void)
{
    const struct ms_data_spec *d;
    struct ms_sweep *s = parse_text("{\"data\": {\"csv\": \"a.csv\", \"target\": [\"y\", \"z\"], "
                                    "\"ignore\": \"id\", \"categorical\": "
                                    "[\"c\"], \"missing\": {\"choice\": [\"drop\", \"mean\"]}, "
                                    "\"validation\": {\"choice\": [0.1, "
                                    "{\"file\": {\"choice\": [\"v.csv\", \"w.csv\"]}}]}, "
                                    "\"split\": \"stratified\"}, \"hidden\": []}");
    CHECK_INT(ms_sweep_data(s, &d), 2 * 3);
    CHECK_STR(d[0].target, "y\nz");
    CHECK_STR(d[0].ignore, "id");
    CHECK_STR(d[0].categorical, "c");
    CHECK(d[0].split == MS_SPLIT_STRATIFIED && d[0].folds == 0);
    CHECK(d[0].missing == MS_MISSING_DROP && d[5].missing == MS_MISSING_MEAN);
    CHECK(d[0].validation == 0.1 && d[0].val_path[0] == '\0');
    CHECK(d[2].validation == 0 && ms_data_validates(&d[2]));
    CHECK_STR(d[1].val_path, "v.csv");
    CHECK_STR(d[2].val_path, "w.csv");
    CHECK_INT(ms_sweep_objective(s)->metric, ms_metric_id("val_loss"));
    ms_sweep_free(s);
    s = parse_text(
        "{\"data\": {\"npz\": \"a.npz\", \"y\": \"labels\", \"folds\": 5}, \"hidden\": []}");
    CHECK_INT(ms_sweep_data(s, &d), 1);
    CHECK_INT(d[0].source, MS_NPZ);
    CHECK_STR(d[0].x_name, "x");
    CHECK_STR(d[0].y_name, "labels");
    CHECK(d[0].folds == 5 && d[0].validation == 0 && ms_data_validates(d));
    CHECK_INT(ms_sweep_search(s)->executions_per_trial, 5);
    CHECK_INT(ms_sweep_objective(s)->metric, ms_metric_id("val_loss"));
    ms_sweep_free(s);
    s = parse_text("{\"data\": {\"npy\": \"x.npy\", \"target_file\": \"y.npy\", \"folds\": 5, "
                   "\"validation\": 0}, "
                   "\"hidden\": [], \"search\": {\"executions_per_trial\": 2}}");
    CHECK_INT(ms_sweep_data(s, &d), 1);
    CHECK_STR(d[0].y_path, "y.npy");
    CHECK_INT(ms_sweep_search(s)->executions_per_trial, 2);
    ms_sweep_free(s);
}

static void test_data_sets(void)
{
    struct ms_sweep *s = parse_file(UNIT "everything.json");
    const struct ms_data_spec *data;
    static const char *const wanted[] = {
        "{\"points\":100,\"scaling\":\"standard\",\"split\":\"last\",\"synthetic\":\"xor\","
        "\"test\":0.1,"
        "\"validation\":0.25}",
        "{\"csv\":\"houses.csv\",\"scaling\":{\"divide_by\":10},\"target\":\"price\",\"task\":"
        "\"regression\",\"test_file\":\"more.csv\"}",
        "{\"idx\":\"fashion\"}"};
    CHECK_INT(ms_sweep_data(s, &data), 2 * 3 + 2 + 1);
    CHECK_STR(data[0].canonical, wanted[0]);
    CHECK_STR(data[6].canonical, wanted[1]);
    CHECK_STR(data[8].canonical, wanted[2]);
    CHECK_INT(data[1].points, 200);
    CHECK_STR(ms_table_row(&ms_dataset_synthetic_table, data[3].synthetic)->name, "circle");
    CHECK_INT(data[5].points, 300);
    CHECK_INT(data[5].split, MS_SPLIT_LAST);
    CHECK_NEAR(data[5].test, 0.1, 0);
    CHECK_STR(ms_table_row(&ms_dataset_scaling_table, data[5].scaling.row)->name, "standard");
    CHECK_INT(data[7].source, MS_CSV);
    CHECK_INT(data[7].task, MS_REGRESSION);
    CHECK_STR(data[7].path, "houses.csv");
    CHECK_STR(data[7].test_path, "more.csv");
    CHECK_STR(data[7].target, "price");
    CHECK_NEAR(data[7].scaling.arg[0], 100, 0);
    CHECK_INT(data[8].source, MS_IDX);
    CHECK_STR(data[8].path, "fashion");
    ms_sweep_free(s);
    // Two ways to say the same are one data set.
    s = parse_text(
        "{\"data\": {\"choice\": [{\"synthetic\": \"or\", \"points\": {\"choice\": [5, 6]}},"
        "{\"points\": 6, \"synthetic\": \"or\"}]}, \"hidden\": []}");
    CHECK_INT(ms_sweep_data(s, &data), 2);
    ms_sweep_free(s);
}

int main(void)
{
    test_data_sets();
    test_data_fields();
    return check_done();
}
