// SPDX-License-Identifier: MIT
//
// Metrics over several batches against Keras's definitions, with lanes beyond the rows that must
// not count.
#include "check.h"

#include "worker/kernels/metrics.h"

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
    const struct ms_pick pick = ms_table_default(&ms_metric_table, ms_metric_id(name) / 2);
    const struct ms_metric_batch b = {
        .y = ys, .t = ts, .units = units, .rows = rows, .ld = LD, .loss = loss, .arg = pick.arg};
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

// Values of Keras's documentation and definitions, by hand; each over two batches, because none of
// them is the mean of its batches' values.
static void test_over_batches(void)
{
    static double state[1024];
#define TWO(name, units, rows1, y1, t1, rows2, y2, t2)                                             \
    (memset(state, 0, sizeof state), add(name, state, units, rows1, y1, t1, 0),                    \
     add(name, state, units, rows2, y2, t2, 0), result(name, state))
#define D (double[])
    // tp 2 (0.9, 0.8), fp 1 (0.7), fn 1 (0.5 is not above 1/2)
    CHECK_NEAR(TWO("precision", 1, 3, (D{0.9, 0.7, 0.5}), (D{1, 0, 1}), 1, D{0.8}, D{1}), 2.0 / 3,
               1e-15);
    CHECK_NEAR(TWO("recall", 1, 2, (D{0.9, 0.5}), (D{1, 1}), 2, (D{0.7, 0.1}), (D{0, 0})), 0.5,
               1e-15);
    CHECK_NEAR(TWO("f1_score", 1, 3, (D{0.9, 0.7, 0.5}), (D{1, 0, 1}), 1, D{0.8}, D{1}), 4.0 / 6,
               1e-15);

    // classes 0, 1, 1, 2 predicted as 0, 1, 0, 0: F1 2/(3+1), 2/(1+2), 0
    CHECK_NEAR(TWO("f1_score", 3, 2, (D{0.6, 0.3, 0.1, 0.1, 0.8, 0.1}), (D{1, 0, 0, 0, 1, 0}), 2,
                   (D{0.5, 0.4, 0.1, 0.4, 0.3, 0.3}), (D{0, 1, 0, 0, 0, 1})),
               (0.5 + 2.0 / 3 + 0) / 3, 1e-15);

    // keras.metrics.AUC's documentation: 0.75
    CHECK_NEAR(TWO("auc", 1, 2, (D{0, 0.5}), (D{0, 0}), 2, (D{0.3, 0.9}), (D{1, 1})), 0.75, 1e-15);
    CHECK_NEAR(TWO("auc", 1, 2, (D{0.1, 0.2}), (D{0, 0}), 2, (D{0.8, 0.9}), (D{1, 1})), 1, 1e-15);
    CHECK_NEAR(TWO("auc", 1, 2, (D{0.8, 0.9}), (D{0, 0}), 2, (D{0.1, 0.2}), (D{1, 1})), 0, 1e-15);
    CHECK_NEAR(TWO("auc", 1, 2, (D{0.5, 0.5}), (D{0, 1}), 2, (D{0.5, 0.5}), (D{1, 0})), 0.5, 1e-15);
    CHECK(isnan(TWO("auc", 1, 2, (D{NAN, 0.5}), (D{0, 1}), 2, (D{0.5, 0.5}), (D{1, 0}))));
    // 0.5001 and 0.5019 lie between the same two of the 200 thresholds: a tie, where exactly it is
    // 1
    CHECK_NEAR(TWO("auc", 1, 1, D{0.5001}, D{0}, 1, D{0.5019}, D{1}), 0.5, 1e-15);
    CHECK_NEAR(TWO("auc", 1, 1, D{-3}, D{0}, 1, D{7}, D{1}), 1, 1e-15); // as if 0 and 1

    // residuals 0.25 + 0.25 + 0 + 1, about the mean 2.5: 2.25 + 0.25 + 0.25 + 2.25
    CHECK_NEAR(TWO("r2_score", 1, 3, (D{1.5, 2.5, 3}), (D{1, 2, 3}), 1, D{5}, D{4}), 1 - 1.5 / 5,
               1e-7);
    // the same far from zero; two outputs, of which the second is exact
    CHECK_NEAR(TWO("r2_score", 2, 3, (D{65537.5, 1, 65538.5, 2, 65539, 3}),
                   (D{65537, 1, 65538, 2, 65539, 3}), 1, (D{65541, 4}), (D{65540, 4})),
               (2 - 1.5 / 5) / 2, 1e-12);
    CHECK_NEAR(TWO("rmse", 1, 1, D{3}, D{0}, 3, (D{0, 0, 1}), (D{0, 0, 0})), sqrt(10.0 / 4), 1e-7);

    // keras.metrics.CosineSimilarity's documentation: rows [0, 1]·[1, 0] and [1, 1]·[1, 1]: 0.5
    CHECK_NEAR(TWO("cosine_similarity", 2, 1, (D{1, 0}), (D{0, 1}), 1, (D{1, 1}), (D{1, 1})), 0.5,
               1e-6);
    CHECK_NEAR(TWO("cosine_similarity", 2, 1, (D{-2, 0}), (D{3, 0}), 1, (D{0, 0}), (D{1, 1})), -0.5,
               1e-6);

    CHECK_NEAR(TWO("binary_accuracy", 2, 1, (D{0.6, 0.4}), (D{1, 1}), 1, (D{0.1, 0.9}), (D{0, 1})),
               0.75, 1e-15);
    CHECK_NEAR(
        TWO("categorical_accuracy", 2, 1, (D{0.6, 0.4}), (D{1, 0}), 1, (D{0.1, 0.9}), (D{1, 0})),
        0.5, 1e-15);
}

// Rows that leave a metric without a value, beside rows that just define it. Values of scikit-learn
// 1.9.1: precision_score, recall_score, f1_score with zero_division=numpy.nan, f1_score with
// average="macro", roc_auc_score, r2_score with force_finite=False.
static void test_without_a_value(void)
{
    static double state[1024];
    CHECK(isnan(TWO("precision", 1, 1, D{0.1}, D{1}, 1, D{0.2}, D{0})));
    CHECK(TWO("precision", 1, 1, D{0.6}, D{0}, 1, D{0.2}, D{1}) == 0);
    CHECK(isnan(TWO("recall", 1, 1, D{0.9}, D{0}, 1, D{0.2}, D{0})));
    CHECK(TWO("recall", 1, 1, D{0.4}, D{1}, 1, D{0.9}, D{0}) == 0);
    CHECK(isnan(TWO("f1_score", 1, 1, D{0.1}, D{0}, 1, D{0.2}, D{0})));
    CHECK(TWO("f1_score", 1, 1, D{0.1}, D{1}, 1, D{0.2}, D{0}) == 0); // 0 of one target
    CHECK(TWO("f1_score", 1, 1, D{0.9}, D{0}, 1, D{0.2}, D{0}) == 0); // 0 of one prediction

    // Classes 0 and 1 of three, all right: 1, where Keras's mean over three classes is 2/3.
    CHECK(TWO("f1_score", 3, 1, (D{0.9, 0.1, 0}), (D{1, 0, 0}), 1, (D{0.2, 0.7, 0.1}),
              (D{0, 1, 0})) == 1);
    // The same, but class 2 predicted in place of 1: F1 of 0, 1, 2 are 1, 0, 0.
    CHECK_NEAR(TWO("f1_score", 4, 1, (D{0.9, 0.1, 0, 0}), (D{1, 0, 0, 0}), 1, (D{0.2, 0.1, 0.7, 0}),
                   (D{0, 1, 0, 0})),
               1.0 / 3, 1e-15);

    CHECK(isnan(TWO("auc", 1, 1, D{0.3}, D{0}, 1, D{0.9}, D{0})));
    CHECK(isnan(TWO("auc", 1, 1, D{0.3}, D{1}, 1, D{0.9}, D{1})));
    CHECK(TWO("auc", 1, 1, D{0.3}, D{1}, 1, D{0.9}, D{0}) == 0);

    CHECK(isnan(TWO("r2_score", 1, 1, D{3}, D{2.5}, 1, D{1}, D{2.5})));
    CHECK(isnan(TWO("r2_score", 1, 1, D{2.5}, D{2.5}, 1, D{2.5}, D{2.5}))); // and not 1
    memset(state, 0, sizeof state);
    add("r2_score", state, 1, 1, D{3}, D{2.5}, 0); // one row
    CHECK(isnan(result("r2_score", state)));
    // one of two outputs has constant targets, 0.1 far from a binary fraction
    CHECK(isnan(TWO("r2_score", 2, 1, (D{1, 3}), (D{1, 0.1}), 1, (D{2, 3}), (D{2, 0.1}))));

    static const char *const without[] = {"precision", "recall", "f1_score", "auc", "r2_score"};
    for (int i = 0, k = 0; i < ms_metric_table.n; i++) {
        const char *name = ms_metric_row(i)->row.name;
        CASE("%s", name);
        const bool listed = k < 5 && strcmp(name, without[k]) == 0;
        k += listed;
        CHECK((ms_metric_undefined(2 * i) != NULL) == listed);
        CHECK(ms_metric_undefined(2 * i + 1) == ms_metric_undefined(2 * i));
    }
    CHECK_STR(ms_metric_undefined(ms_metric_id("val_auc")), "targets of one class only");

    static const struct {
        const char *name;
        struct ms_metric_range is;
    } ranges[] = {{"val_accuracy", {0, 1, true}},   {"val_auc", {0, 1, false}},
                  {"mse", {0, INFINITY, false}},    {"r2_score", {-INFINITY, 1, false}},
                  {"val_loss", {0, 0, false}},      {"cosine_similarity", {-1, 1, false}},
                  {"val_precision", {0, 1, false}}, {"top_k_categorical_accuracy", {0, 1, true}}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        CASE("%s", ranges[i].name);
        const struct ms_metric_range r = ms_metric_range(ms_metric_id(ranges[i].name));
        CHECK(r.least == ranges[i].is.least && r.most == ranges[i].is.most &&
              r.share == ranges[i].is.share);
    }
}

// Errors and variances do not depend on where zero is, a cosine does: rows (3, 4)·(4, 3).
static void test_base(void)
{
    _Alignas(64) ms_real y[2 * LD] = {1}, t[2 * LD] = {2};
    const double base[] = {2, 4};
    y[LD] = 0, t[LD] = -1;
    const int row = ms_metric_id("cosine_similarity") / 2;
    double state[2] = {0};
    const struct ms_metric_batch b = {
        .y = y, .t = t, .units = 2, .rows = 1, .ld = LD, .base = base};
    ms_metric_row(row)->update(state, &b);
    CHECK_NEAR(ms_metric_row(row)->result(state), 24.0 / 25, 1e-6);
}

// keras.metrics.TopKCategoricalAccuracy(k=1)'s documentation, with other k.
static void test_top_k(void)
{
    int row = ms_metric_id("top_k_categorical_accuracy") / 2;
    CHECK(ms_table_default(&ms_metric_table, row).arg[0] == 5);
    static const double share[] = {0.25, 0.75, 0.75}; // of k = 1, 2, 3
    for (int k = 1; k <= 3; k++) {
        _Alignas(64) ms_real y[3 * LD] = {0}, t[3 * LD] = {0};
        const double ys[4][3] = {
            {0.1, 0.9, 0.8}, {0.05, 0.95, 0}, {0.5, 0.4, 0.4}, {NAN, 0.3, 0.2}};
        const int class[4] = {2, 1, 2, 0};
        for (int i = 0; i < 4; i++) {
            t[class[i] * LD + i] = 1;
            for (int j = 0; j < 3; j++)
                y[j * LD + i] = (ms_real)ys[i][j];
        }
        double state[2] = {0}, arg[] = {k};
        const struct ms_metric_batch b = {
            .y = y, .t = t, .units = 3, .rows = 4, .ld = LD, .arg = arg};
        ms_metric_row(row)->update(state, &b);
        CHECK_NEAR(ms_metric_row(row)->result(state), share[k - 1], 1e-15);
    }
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
    CHECK(ms_metric_maximize(ms_metric_id("val_r2_score")));
    CHECK(!ms_metric_maximize(ms_metric_id("val_rmse")));
    for (int i = 0; i < ms_metric_table.n; i++) {
        CASE("%s", ms_metric_row(i)->row.name);
        CHECK(strncmp(ms_metric_row(i)->row.name, "val_", 4) != 0);
    }
}

int main(void)
{
    test_values();
    test_over_batches();
    test_without_a_value();
    test_base();
    test_top_k();
    test_many_rows();
    test_names();
    return check_done();
}
