// SPDX-License-Identifier: MIT
//
// Rows of a data set, packed again with its stored constants, are the bits that its block or a
// gathered batch has: for every scaling, with and without folds, missing values and scaled targets.
#include "raw_helpers.h"
#include "worker/train/gather.h"

enum { ROWS = 23, INPUTS = 3, LD = 32 };

static double numbers[ROWS * INPUTS], targets[ROWS];

// Column 1 is far from 0, so that folds give it a base; column 2 has holes.
static void make_numbers(void)
{
    for (int i = 0; i < ROWS; i++) {
        numbers[i * INPUTS] = i * 0.37 - 2;
        numbers[i * INPUTS + 1] = 1.7e9 + (i * 7 % ROWS) * 1.25;
        numbers[i * INPUTS + 2] = i % 5 == 3 ? NAN : exp(i / 9.0);
        targets[i] = 200000 + 1234.5 * (i * 11 % ROWS);
    }
}

// The inputs of one row of a view as the network sees them (INPUTS), and its targets.
static void see(const struct ms_dataset *d, uint32_t row, float *x, float *y)
{
    _Alignas(64) float batch[INPUTS * LD], t[LD];
    ms_gather(d, NULL, row, 1, 16, batch, t);
    for (int j = 0; j < INPUTS; j++)
        x[j] = batch[j * 16];
    *y = t[0];
}

static void same_bits(const char *scaling, const char *target_scaling, int folds)
{
    CASE("%s, targets %s, %d folds", scaling, target_scaling, folds);
    struct ms_data_spec s = spec_with(scaling, target_scaling);
    struct ms_data_info info = {0};
    struct ms_error err;
    uint32_t order[ROWS];
    s.split = MS_SPLIT_RANDOM;
    s.folds = folds;
    s.validation = folds ? 0 : 0.25;
    s.missing = MS_MISSING_MEAN;
    struct ms_raw raw = raw_of(INPUTS, ROWS, numbers, targets),
                  again = raw_of(INPUTS, ROWS, numbers, targets);
    raw.has_missing = again.has_missing = true;
    struct ms_split_counts n;
    REQUIRE(ms_dataset_split_counts(&s, &again, &n, &err) == 0);
    REQUIRE(ms_dataset_split_rows(&s, &again, n.test, 1, order, &err) == 0);
    struct built b = build(&s, &raw, &info);
    REQUIRE(b.status == 0);
    for (uint32_t fold = 0; fold < 1 || fold < (uint32_t)folds; fold++) {
        void *block;
        size_t size;
        struct ms_dataset was = ms_dataset_fold(&b.d, fold), now;
        REQUIRE(ms_dataset_apply(&info, fold, &again, order, ROWS, &block, &size, &err) == 0);
        REQUIRE(ms_dataset_view(block, size, &now, &err) == 0);
        CHECK(now.n_train == ROWS && now.n_val == 0 && !now.column);
        CHECK((now.target != NULL) == (was.target != NULL));
        CHECK(!was.target || memcmp(now.target, was.target, sizeof *was.target) == 0);
        for (uint32_t i = 0; i < ROWS; i++) {
            float x[2][INPUTS], y[2];
            see(&was, i, x[0], &y[0]);
            see(&now, i, x[1], &y[1]);
            CHECK(memcmp(x[0], x[1], sizeof x[0]) == 0 && y[0] == y[1]);
        }
        free(block);
    }
    ms_raw_clear(&again);
    ms_data_info_clear(&info);
    free(b.block);
}

// Bytes stay bytes, and their divisor is the scaling of every input.
static void bytes(void)
{
    uint8_t pixels[] = {0, 255, 17, 128};
    double y[] = {1, 0};
    struct ms_data_spec s = spec_with("divide_by", "none");
    s.scaling.arg[0] = 255;
    struct ms_data_info info = {0};
    struct ms_error err;
    struct ms_raw raw = {
        .task = MS_BINARY, .n_inputs = 2, .n_classes = 1, .n_rows = 2, .x_type = MS_RAW_U8};
    raw.x = malloc(sizeof pixels);
    raw.y = malloc(sizeof y);
    REQUIRE(raw.x && raw.y);
    memcpy(raw.x, pixels, sizeof pixels);
    memcpy(raw.y, y, sizeof y);
    struct ms_raw again = raw;
    struct built b = {0};
    again.x = malloc(sizeof pixels);
    REQUIRE(again.x);
    memcpy(again.x, pixels, sizeof pixels);
    REQUIRE(ms_dataset_build(&s, 1, &raw, &b.block, &b.size, &info, &err) == 0);
    REQUIRE(info.n_scales == 1);
    CHECK(info.scale[0].input[1].fill == 0 && info.scale[0].input[1].shift == 0);
    CHECK(info.scale[0].input[1].divide == 255);
    CHECK(info.scale[0].target == NULL);
    void *block;
    size_t size;
    struct ms_dataset d;
    again.y = NULL; // no targets
    REQUIRE(ms_dataset_apply(&info, 0, &again, NULL, 2, &block, &size, &err) == 0);
    REQUIRE(ms_dataset_view(block, size, &d, &err) == 0);
    CHECK(d.x_type == MS_X_U8 && d.x_divide == 255);
    CHECK(memcmp(d.x, pixels, sizeof pixels) == 0);
    free(block);
    ms_data_info_clear(&info);
    CHECK(ms_dataset_apply(&info, 0, &again, NULL, 2, &block, &size, &err) == MS_ESTATE);
    ms_raw_clear(&raw);
    ms_raw_clear(&again);
    free(b.block);
}

int main(void)
{
    static const char *const scalings[] = {"none", "standard", "minmax", "divide_by"};
    static const char *const own[] = {"none", "standard", "minmax", "log", "log1p"};
    make_numbers();
    for (size_t i = 0; i < sizeof scalings / sizeof *scalings; i++)
        for (size_t k = 0; k < sizeof own / sizeof *own; k++)
            for (int folds = 0; folds < 6; folds += 3)
                same_bits(scalings[i], own[k], folds);
    bytes();
    return check_done();
}
