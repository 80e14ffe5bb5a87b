// SPDX-License-Identifier: MIT
//
// The metrics that an execution records, those asked for and those that its task has by itself.
#include "mlpsweep/config.h"

#include "check.h"
#include "mlpsweep/metric.h"

static int row_of(const char *name)
{
    int row = ms_table_find(&ms_metric_table, name);
    REQUIRE(row >= 0);
    return row;
}

// A row is added once, at the end; the arguments given first stay.
static void test_add(void)
{
    struct ms_config c = {0};
    const int top_k = row_of("top_k_categorical_accuracy"), mae = row_of("mae");
    const double three[MS_MAX_OWN_ARGS] = {3}, nine[MS_MAX_OWN_ARGS] = {9};
    ms_config_add_metric(&c, 0, NULL);
    ms_config_add_metric(&c, top_k, three);
    ms_config_add_metric(&c, mae, NULL);
    ms_config_add_metric(&c, top_k, nine);
    ms_config_add_metric(&c, 0, NULL);
    REQUIRE(c.n_metrics == 3);
    CHECK(c.metrics[0] == 0 && c.metrics[1] == top_k && c.metrics[2] == mae);
    CHECK(c.metric_arg[1][0] == 3 && c.metric_arg[2][0] == 0);

    struct ms_config d = {0};
    ms_config_add_metric(&d, top_k, NULL);
    CHECK(d.metric_arg[0][0] == ms_table_row(&ms_metric_table, top_k)->args[0].def);
    CHECK(d.metric_arg[0][1] == 0);
}

// There is room for every row of the table.
static void test_all(void)
{
    struct ms_config c = {0};
    int ids[MS_MAX_METRICS];
    for (int i = 0; i < ms_metric_table.n; i++)
        ms_config_add_metric(&c, i, NULL);
    CHECK_INT(c.n_metrics, ms_metric_table.n);
    CHECK_INT(ms_config_metric_columns(&c, true, ids), 2 * ms_metric_table.n);
    for (int i = 0; i < 2 * ms_metric_table.n; i++)
        CHECK_INT(ids[i], i);
}

static void test_columns(void)
{
    static const char *const wanted[] = {"loss", "val_loss", "accuracy", "val_accuracy"};
    struct ms_config c = {0};
    int ids[MS_MAX_METRICS];
    char name[64];
    CHECK_INT(ms_config_metric_columns(&c, true, ids), 0);
    ms_config_add_metric(&c, 0, NULL);
    ms_config_add_metric(&c, row_of("accuracy"), NULL);
    CHECK_INT(ms_config_metric_columns(&c, true, ids), 4);
    for (int i = 0; i < 4; i++)
        CHECK_STR(ms_metric_name(ids[i], name, sizeof name), wanted[i]);
    CHECK_INT(ms_config_metric_columns(&c, false, ids), 2);
    CHECK(ids[0] == 0 && ids[1] == 2 * row_of("accuracy"));
}

int main(void)
{
    test_add();
    test_all();
    test_columns();
    return check_done();
}
