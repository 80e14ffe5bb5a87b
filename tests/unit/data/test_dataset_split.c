// SPDX-License-Identifier: MIT
//
// Stratified orders, folds, and files of validation rows. The oracle of a fold is a file in which
// its rows were put in order by hand: training on both must give the same bits.
#include "unit/source/source_helpers.h"
#include "mlpsweep/sweep.h"
#include "mlpsweep/train.h"

static void append(char *text, size_t size, const char *more)
{
    size_t used = strlen(text);
    REQUIRE(used + strlen(more) < size);
    memcpy(text + used, more, strlen(more) + 1);
}

static void put(const char *name, const char *text)
{
    tmp_write(name, text, strlen(text));
}

static struct ms_data_spec csv(const char *name, const char *text, const char *target)
{
    tmp_write(name, text, strlen(text));
    struct ms_data_spec s = spec_of(MS_CSV, name);
    snprintf(s.target, sizeof s.target, "%s", target);
    return s;
}

static void test_fold_views(void)
{
    static const struct {
        uint32_t rows, folds;
    } cases[] = {{10, 2}, {10, 3}, {11, 4}, {7, 7}, {1000, 999}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        CASE("%u rows in %u folds", cases[c].rows, cases[c].folds);
        struct ms_data_spec s = spec_of(MS_SYNTHETIC, "");
        s.synthetic = ms_table_find(&ms_dataset_synthetic_table, "prod");
        s.points = (int)cases[c].rows;
        s.folds = (int)cases[c].folds;
        struct loaded l = load_well(&s, 3);
        uint32_t next = 0, k = cases[c].folds;
        for (uint32_t f = 0; f < k; f++) {
            struct ms_dataset d = ms_dataset_fold(&l.d, f);
            CHECK_INT(d.n_train + d.n_val, cases[c].rows);
            CHECK_INT(ms_dataset_val_first(&d), next); // every row validates once
            CHECK_INT(d.n_val, cases[c].rows / k + (f < cases[c].rows % k));
            next += d.n_val;
            struct ms_dataset again = ms_dataset_fold(&d, f + 3 * k); // from any view
            CHECK(again.fold == f && again.fold_first == d.fold_first && again.n_val == d.n_val);
        }
        CHECK_INT(next, cases[c].rows);
        free(l.block);
    }
    struct ms_data_spec s = spec_of(MS_SYNTHETIC, "");
    s.synthetic = ms_table_find(&ms_dataset_synthetic_table, "prod");
    s.points = 5;
    s.folds = 6;
    refused(&s, MS_EINVAL, "6 folds of 5 rows", "");
    s.folds = 5;
    s.validation = 0.2;
    refused(&s, MS_EINVAL, "exclude", "folds");
}

static void test_stratified(void)
{
    struct ms_data_spec s = spec_of(MS_SYNTHETIC, "");
    s.synthetic =
        ms_table_find(&ms_dataset_synthetic_table, "squares"); // 4 classes of different sizes
    s.points = 2000;
    s.split = MS_SPLIT_STRATIFIED;
    s.validation = 0.25;
    s.test = 0.1;
    struct loaded l = load_well(&s, 9);
    uint32_t end[3] = {l.d.n_train, l.d.n_train + l.d.n_val, 2000};
    CHECK(l.d.n_test == 200 && l.d.n_val == 450);
    double total[4] = {0};
    for (uint32_t i = 0; i < 2000; i++)
        for (size_t c = 0; c < 4; c++)
            total[c] += y_at(&l.d, i, c);
    for (uint32_t p = 0, from = 0; p < 3; from = end[p++])
        for (size_t c = 0; c < 4; c++) {
            double n = 0, share = total[c] * (end[p] - from) / 2000;
            for (uint32_t i = from; i < end[p]; i++)
                n += y_at(&l.d, i, c);
            CHECK_THAT(fabs(n - share) <= 2, "part %u has %g rows of class %zu, not %g", p, n, c,
                       share);
        }
    struct loaded other = load_well(&s, 10); // drawn: another seed, another order
    CHECK(memcmp(l.d.x, other.d.x, 2000 * 2 * sizeof(float)) != 0);
    free(other.block);
    free(l.block);
    s.validation = s.test = 0;
    s.folds = 8;
    l = load_well(&s, 9);
    for (uint32_t f = 0; f < 8; f++)
        for (size_t c = 0; c < 4; c++) {
            struct ms_dataset d = ms_dataset_fold(&l.d, f);
            double n = 0;
            for (uint32_t i = 0; i < d.n_val; i++)
                n += y_at(&d, d.fold_first + i, c);
            CHECK_THAT(fabs(n - total[c] / 8) <= 2, "fold %u has %g rows of class %zu", f, n, c);
        }
    free(l.block);
    s.synthetic = ms_table_find(&ms_dataset_synthetic_table, "prod");
    refused(&s, MS_EINVAL, "stratified", "number");
}

// ---- the oracle --------------------------------------------------------------------------------

enum { ROWS = 23, FOLDS = 4, MAX_VALUES = 200 };

struct curve {
    int n;
    double v[MAX_VALUES];
};

static bool keep(void *ctx, int epoch, const double *values, int n)
{
    struct curve *c = ctx;
    (void)epoch;
    for (int i = 0; i < n && c->n < MAX_VALUES; i++)
        c->v[c->n++] = values[i];
    return false;
}

static struct curve train(const struct ms_dataset *d, bool shuffle)
{
    static const char text[] =
        "{\"data\": {\"synthetic\": \"prod\"}, \"hidden\": [{\"units\": 5, "
        "\"activation\": \"tanh\"}], \"optimizer\": \"adam\", \"batch_size\": 5, "
        "\"epochs\": 4}";
    struct ms_sweep *s;
    struct ms_sweep_problems p;
    struct ms_config *c = malloc(sizeof *c);
    struct curve curve = {0};
    struct ms_error err = {0};
    struct ms_arena *arena = ms_arena_new();
    struct ms_train_result result;
    REQUIRE(c && arena && ms_sweep_parse("t", text, strlen(text), &s, &p) == 0);
    REQUIRE(ms_sweep_config(s, NULL, c, &err) == 0 && ms_config_complete(c, d, &err) == 0);
    c->shuffle = shuffle;
    const struct ms_training training = {.config = c, .data = d, .seed = 5, .test_epoch = 4};
    CHECK_THAT(ms_train(&training, arena, keep, &curve, &result, &err) == 0, "%s", err.text);
    CHECK(result.n_test > 0);
    for (int i = 0; i < result.n_test; i++)
        curve.v[curve.n++] = result.test[i];
    ms_sweep_free(s);
    ms_sweep_problems_clear(&p);
    ms_arena_free(arena);
    free(c);
    return curve;
}

static void row_text(int i, char *out, size_t size)
{
    char a[32] = "";
    if (i % 7 != 3) // some are missing
        snprintf(a, sizeof a, "%d.5", i * i % 11);
    snprintf(out, size, "%s,%g,%s,%g,%g\n", a, 100 + 3.25 * i, i % 3 ? "red" : "blue", sin(i),
             i * 0.5);
}

static void test_fold_is_a_split(void)
{
    static const char *const scalings[] = {"none", "standard", "minmax", "divide_by"};
    char text[8192], row[200], test[1000] = "a,b,c,y,z\n";
    for (int i = 0; i < 5; i++) {
        row_text(100 + i, row, sizeof row);
        append(test, sizeof test, row);
    }
    tmp_write("test.csv", test, strlen(test));
    for (int k = 0; k < 4; k++)
        for (uint32_t f = 0; f < FOLDS; f++) {
            snprintf(text, sizeof text, "a,b,c,y,z\n");
            for (int i = 0; i < ROWS; i++) {
                row_text(i, row, sizeof row);
                append(text, sizeof text, row);
            }
            struct ms_data_spec s = csv("all.csv", text, "y\nz");
            snprintf(s.test_path, sizeof s.test_path, "test.csv");
            snprintf(s.categorical, sizeof s.categorical, "c");
            s.missing = MS_MISSING_MEAN;
            s.scaling = ms_table_default(&ms_dataset_scaling_table,
                                         ms_table_find(&ms_dataset_scaling_table, scalings[k]));
            s.folds = FOLDS;
            struct loaded all = load_well(&s, 1);
            struct ms_dataset fold = ms_dataset_fold(&all.d, f);
            // The same rows in files: training rows before those of validation.
            char val[4096] = "a,b,c,y,z\n";
            snprintf(text, sizeof text, "a,b,c,y,z\n");
            for (uint32_t i = 0; i < ROWS; i++) {
                bool inside = i >= fold.fold_first && i < fold.fold_first + fold.n_val;
                row_text((int)i, row, sizeof row);
                append(inside ? val : text, inside ? sizeof val : sizeof text, row);
            }
            tmp_write("val.csv", val, strlen(val));
            tmp_write("train.csv", text, strlen(text));
            s.folds = 0;
            snprintf(s.path, sizeof s.path, "train.csv");
            snprintf(s.val_path, sizeof s.val_path, "val.csv");
            struct loaded hand = load_well(&s, 1);
            CHECK(hand.d.n_train == fold.n_train && hand.d.n_val == fold.n_val &&
                  hand.d.n_test == 5);
            CHECK(hand.d.n_inputs == 4 && hand.d.n_outputs == 2 && hand.d.task == MS_REGRESSION);
            for (int shuffle = 0; shuffle < 2; shuffle++) {
                struct curve a = train(&fold, shuffle), b = train(&hand.d, shuffle);
                CHECK_INT(a.n, b.n);
                CHECK_THAT(a.n > 8 && isfinite(a.v[0]) &&
                               memcmp(a.v, b.v, (size_t)a.n * sizeof *a.v) == 0,
                           "%s, fold %u, shuffle %d: %.17g, not %.17g", scalings[k], f, shuffle,
                           a.v[1], b.v[1]);
            }
            free(hand.block);
            free(all.block);
        }
}

// Validation rows of a file stand between the training rows and the rows cut for the test.
static void test_validation_file(void)
{
    put("val.csv", "a,y\n100,1.5\n101,1.5\n");
    struct ms_data_spec s = csv("t.csv", "a,y\n1,.5\n2,.5\n3,.5\n4,.5\n", "y");
    snprintf(s.val_path, sizeof s.val_path, "val.csv");
    s.test = 0.5;
    s.task = MS_REGRESSION;
    struct loaded l = load_well(&s, 1);
    static const double wanted[] = {1, 2, 100, 101, 3, 4};
    CHECK(l.d.n_train == 2 && l.d.n_val == 2 && l.d.n_test == 2);
    for (size_t i = 0; i < 6; i++)
        CHECK_NEAR(x_at(&l.d, i, 0), wanted[i], 0);
    CHECK(y_at(&l.d, 2, 0) == 1.5 && y_at(&l.d, 5, 0) == 0.5);
    free(l.block);
    s.validation = 0.5;
    refused(&s, MS_EINVAL, "exclude", "file");
    s.validation = 0;
    put("val.csv", "a,z\n100,1.5\n");
    refused(&s, MS_EFORMAT, "val.csv:1: there is no column 'y', which t.csv has", "");
    put("val.csv", "a,y\n100,x\n");
    refused(&s, MS_EFORMAT, "val.csv:2: column 2 (y)", "'x'");
}

// Damaged heads of blocks with folds and tables: refused, or harmless to read to their ends.
static void test_damaged(void)
{
    struct ms_data_spec s = csv("t.csv", "a,b,y\n1,2,.5\n2,,.5\n3,4,.5\n4,9,.25\n", "y");
    s.folds = 2;
    s.missing = MS_MISSING_MEAN;
    struct loaded l = load_well(&s, 1);
    CHECK(l.d.column != NULL);
    double sum = 0;
    int accepted = 0;
    for (size_t at = 0; at < 64; at++)
        for (int value = 0; value < 256; value++) {
            uint8_t *copy = aligned_alloc(64, (l.size + 63) / 64 * 64);
            REQUIRE(copy);
            memcpy(copy, l.block, l.size);
            copy[at] = (uint8_t)value;
            struct ms_dataset d;
            if (ms_dataset_view(copy, l.size, &d, NULL) == 0) {
                accepted++;
                for (uint32_t f = 0; f < 4; f++) {
                    struct ms_dataset v = ms_dataset_fold(&d, f);
                    for (int j = 0; v.column && j < v.n_inputs; j++)
                        sum += v.column[j].divide;
                    for (uint32_t i = 0; i < v.n_train + v.n_val + v.n_test; i++)
                        sum += y_at(&v, i, 0);
                }
            }
            free(copy);
        }
    CHECK(accepted > 64 && sum != 0.123);
    for (size_t n = 0; n < l.size; n++) {
        uint8_t *copy = malloc(n ? n : 1);
        struct ms_dataset d;
        REQUIRE(copy);
        memcpy(copy, l.block, n);
        CHECK(ms_dataset_view(copy, n, &d, NULL) == MS_EFORMAT);
        free(copy);
    }
    free(l.block);
}

static void test_text(void)
{
    char text[200];
    struct ms_data_spec s = csv("t.csv", "a,b,y\n1,2,.5\n2,,.5\n3,4,.5\n4,9,.25\n", "y");
    s.folds = 3;
    s.missing = MS_MISSING_DROP;
    struct loaded l = load_well(&s, 1);
    CHECK_STR(
        ms_dataset_text(&l.d, text, sizeof text),
        "3 rows: 3 folds of 1; 2 inputs, 1 output; regression; 1 left out for missing values");
    free(l.block);
}

int main(void)
{
    tmp_make();
    test_fold_views();
    test_stratified();
    test_fold_is_a_split();
    test_validation_file();
    test_damaged();
    test_text();
    tmp_remove();
    return check_done();
}
