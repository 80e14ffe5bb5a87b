// SPDX-License-Identifier: MIT
#include "check.h"

#include "../../worker/metrics.h"

enum { LD = 32 };

// Adds a batch of the given (units, rows) matrices, written row by row; lanes beyond are poisoned.
static void add(const char *name, double *state, int units, int rows, const double *y,
                const double *t, double loss)
{
    _Alignas(64) ms_real ys[4 * LD], ts[4 * LD];
    for (int j = 0; j < units; j++)
        for (int i = 0; i < LD; i++) {
            ys[j * LD + i] = i < rows ? (ms_real)y[i * units + j] : 77;
            ts[j * LD + i] = i < rows ? (ms_real)t[i * units + j] : 77;
        }
    const struct ms_metric_batch b = {ys, ts, units, rows, LD, loss};
    ms_metric_row(ms_metric_id(name) / 2)->update(state, &b);
}

static double result(const char *name, const double *state)
{
    return ms_metric_row(ms_metric_id(name) / 2)->result(state);
}

static void test_values(void)
{
    double state[8] = {0};
    add("accuracy", state, 1, 4, (double[]){0.5, 0.51, 0.2, 0.9}, (double[]){0, 1, 1, 1}, 0);
    CHECK_NEAR(result("accuracy", state), 0.75, 0); // 0.5 itself is class 0, as in Keras
    add("accuracy", state, 1, 1, (double[]){0.1}, (double[]){1}, 0);
    CHECK_NEAR(result("accuracy", state), 0.6, 1e-15); // weighted by rows

    memset(state, 0, sizeof state);
    add("accuracy", state, 3, 3, (double[]){0.2, 0.5, 0.3, 0.4, 0.4, 0.2, 0, 0.1, 0.9},
        (double[]){0, 1, 0, 1, 0, 0, 0, 1, 0}, 0);
    CHECK_NEAR(result("accuracy", state), 2.0 / 3, 1e-15); // of equals the first is meant

    memset(state, 0, sizeof state);
    add("mse", state, 2, 2, (double[]){1, 2, 3, 4}, (double[]){0, 0, 3, 8}, 0);
    CHECK_NEAR(result("mse", state), (1 + 4 + 0 + 16) / 4.0, 1e-7);
    memset(state, 0, sizeof state);
    add("mae", state, 2, 2, (double[]){1, 2, 3, 4}, (double[]){0, 0, 3, 8}, 0);
    CHECK_NEAR(result("mae", state), (1 + 2 + 0 + 4) / 4.0, 1e-7);

    memset(state, 0, sizeof state);
    add("loss", state, 1, 3, (double[]){0, 0, 0}, (double[]){0, 0, 0}, 2);
    add("loss", state, 1, 1, (double[]){0}, (double[]){0}, 6);
    CHECK_NEAR(result("loss", state), 3, 1e-15);
}

// More rows than one block of lanes.
static void test_many_rows(void)
{
    double y[3 * 29], t[3 * 29] = {0}, state[8] = {0}, square = 0;
    int right = 0;
    for (int i = 0; i < 29; i++) {
        int wanted = i * 7 % 3;
        t[i * 3 + wanted] = 1;
        for (int j = 0; j < 3; j++)
            y[i * 3 + j] = (i * 5 + j * 11) % 13 / 13.0;
        int top = 0;
        for (int j = 1; j < 3; j++)
            top = y[i * 3 + j] > y[i * 3 + top] ? j : top;
        right += top == wanted;
        for (int j = 0; j < 3; j++)
            square += pow(y[i * 3 + j] - t[i * 3 + j], 2);
    }
    add("accuracy", state, 3, 29, y, t, 0);
    CHECK_NEAR(result("accuracy", state), right / 29.0, 1e-15);
    memset(state, 0, sizeof state);
    add("mse", state, 3, 29, y, t, 0);
    CHECK_NEAR(result("mse", state), square / (3 * 29), 1e-6);
}

static void test_names(void)
{
    char name[64];
    for (int id = 0; id < 2 * ms_metric_table.n; id++)
        CHECK_INT(ms_metric_id(ms_metric_name(id, name, sizeof name)), id);
    CHECK_INT(ms_metric_id("loss"), 0);
    CHECK_INT(ms_metric_id("val_loss"), 1);
    CHECK_STR(ms_metric_name(3, name, sizeof name), "val_accuracy");
    CHECK_INT(ms_metric_id("val_"), -1);
    CHECK_INT(ms_metric_id("los"), -1);
    CHECK_INT(ms_metric_id("val_val_loss"), -1);
    CHECK(!ms_metric_maximize(ms_metric_id("val_loss")));
    CHECK(ms_metric_maximize(ms_metric_id("accuracy")));
    CHECK(ms_metric_maximize(ms_metric_id("val_accuracy")));
    for (int i = 0; i < ms_metric_table.n; i++)
        CHECK(strncmp(ms_metric_row(i)->row.name, "val_", 4) != 0);

    struct ms_config c = {.n_metrics = 2, .metrics = {0, 3}};
    int ids[MS_MAX_METRICS];
    CHECK_INT(ms_metric_columns(&c, true, ids), 4);
    CHECK(ids[0] == 0 && ids[1] == 1 && ids[2] == 6 && ids[3] == 7);
    CHECK_INT(ms_metric_columns(&c, false, ids), 2);
    CHECK(ids[0] == 0 && ids[1] == 6);
}

int main(void)
{
    test_values();
    test_many_rows();
    test_names();
    return check_done();
}
