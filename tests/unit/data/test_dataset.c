// SPDX-License-Identifier: MIT
//
// Splitting, blocks and packs.
#include "unit/source/source_helpers.h"

static struct ms_data_spec synthetic(int points, double validation, double test)
{
    struct ms_data_spec s = spec_of(MS_SYNTHETIC, "");
    s.synthetic = ms_table_find(&ms_dataset_synthetic_table, "prod");
    s.points = points;
    s.validation = validation;
    s.test = test;
    return s;
}

// Keras: train_size = floor(n · (1 - validation_split)). Numbers from Python.
static void test_counts(void)
{
    static const struct {
        int points;
        double validation, test;
        uint32_t n_train, n_val, n_test;
    } wanted[] = {
        {2500, 0.2, 0, 2000, 500, 0}, {2500, 0, 0, 2500, 0, 0}, {60000, 0.1667, 0, 49998, 10002, 0},
        {10, 0.1, 0, 9, 1, 0},        {3, 0.2, 0, 2, 1, 0},     {1000, 0.25, 0.2, 600, 200, 200},
        {7, 0.5, 0.5, 1, 2, 4},       {10, 0.3, 0, 7, 3, 0},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        CASE("%d points, %g validate, %g test", wanted[i].points, wanted[i].validation,
             wanted[i].test);
        struct ms_data_spec s = synthetic(wanted[i].points, wanted[i].validation, wanted[i].test);
        s.split = i % 2 ? MS_SPLIT_RANDOM : MS_SPLIT_LAST;
        struct loaded l = load_well(&s, 1);
        CHECK_INT(l.d.n_train, wanted[i].n_train);
        CHECK_INT(l.d.n_val, wanted[i].n_val);
        CHECK_INT(l.d.n_test, wanted[i].n_test);
        free(l.block);
    }
    struct ms_data_spec s = synthetic(1, 0.2, 0);
    refused(&s, MS_EINVAL, "no training row is left of 1", "1 validation");
    static const double bad[] = {1, -0.1, NAN, INFINITY};
    for (size_t i = 0; i < 4; i++) {
        CASE("fraction %g", bad[i]);
        s = synthetic(100, bad[i], 0);
        refused(&s, MS_EINVAL, "fractions", "");
        s = synthetic(100, 0, bad[i]);
        refused(&s, MS_EINVAL, "fractions", "");
    }
}

// Finds each row of b in a, which has the same rows in another order: where[i] is the row of a.
static void match(const struct ms_dataset *a, const struct ms_dataset *b, uint32_t n,
                  uint32_t *where)
{
    for (uint32_t i = 0; i < n; i++) {
        where[i] = n;
        for (uint32_t k = 0; k < n && where[i] == n; k++) {
            if (x_at(a, k, 0) == x_at(b, i, 0) && x_at(a, k, 1) == x_at(b, i, 1) &&
                y_at(a, k, 0) == y_at(b, i, 0))
                where[i] = k;
        }
        CHECK_THAT(where[i] < n, "row %u is not in the source", i);
    }
}

static void test_split(void)
{
    enum { ROWS = 500 };
    struct ms_data_spec s = synthetic(ROWS, 0, 0);
    struct loaded all = load_well(&s, 5);
    s = synthetic(ROWS, 0.2, 0.1);
    struct loaded last = load_well(&s, 5); // the same rows in the same order, cut
    CHECK(memcmp(all.d.x, last.d.x, ROWS * 2 * sizeof(float)) == 0);
    CHECK(memcmp(all.d.y, last.d.y, ROWS * sizeof(float)) == 0);
    s.split = MS_SPLIT_RANDOM;
    struct loaded drawn = load_well(&s, 5);
    uint32_t where[ROWS];
    bool seen[ROWS] = {false};
    match(&all.d, &drawn.d, ROWS, where);
    uint32_t late_in_train = 0;
    for (uint32_t i = 0; i < ROWS; i++) {
        CHECK_THAT(where[i] < ROWS && !seen[where[i]], "a row appears twice");
        seen[where[i] % ROWS] = true;
        late_in_train += i < drawn.d.n_train && where[i] >= drawn.d.n_train;
    }
    CHECK_THAT(late_in_train > 50, "only %u late rows among the training rows", late_in_train);
    // The test rows do not depend on the validation fraction.
    s.validation = 0.5;
    struct loaded other = load_well(&s, 5);
    CHECK_INT(other.d.n_test, drawn.d.n_test);
    size_t from = (size_t)(ROWS - drawn.d.n_test) * 2;
    CHECK(memcmp((const float *)other.d.x + from, (const float *)drawn.d.x + from,
                 drawn.d.n_test * 2 * sizeof(float)) == 0);
    free(all.block);
    free(last.block);
    free(drawn.block);
    free(other.block);
}

// Reads all of a view, so that a wrong bound shows under the address sanitizer.
static double touch(const struct ms_dataset *d)
{
    double sum = 0;
    size_t rows = (size_t)d->n_train + d->n_val + d->n_test;
    for (size_t i = 0; i < rows; i++) {
        for (int j = 0; j < d->n_inputs; j++)
            sum += x_at(d, i, (size_t)j);
        for (int j = 0; j < d->n_outputs; j++)
            sum += y_at(d, i, (size_t)j);
    }
    return sum;
}

// Every byte of the head takes many values; every length is tried. Nothing may be read outside.
static void test_damaged_blocks(void)
{
    struct ms_data_spec s = synthetic(20, 0.2, 0.1);
    struct loaded l = load_well(&s, 1);
    double sum = touch(&l.d);
    int accepted = 0, refusals = 0;
    for (size_t at = 0; at < 64; at++) {
        for (int bit = 0; bit < 16; bit++) { // flip a bit, then set small numbers and extremes
            static const uint8_t values[8] = {0, 1, 2, 3, 0x7f, 0x80, 0xfe, 0xff};
            uint8_t *copy = malloc(l.size);
            REQUIRE(copy != NULL);
            memcpy(copy, l.block, l.size);
            int value = bit < 8 ? copy[at] ^ (1 << bit) : values[bit - 8];
            copy[at] = (uint8_t)value;
            struct ms_dataset d;
            struct ms_error err;
            if (ms_dataset_view(copy, l.size, &d, &err) == 0) {
                sum += touch(&d);
                accepted++;
            } else {
                CHECK(err.code == MS_EFORMAT && strstr(err.text, "damaged"));
                refusals++;
            }
            free(copy);
        }
    }
    CHECK(accepted > 0 && refusals > 400 && sum != 0);
    for (size_t n = 0; n < l.size + 64; n++) {
        if (n == l.size)
            continue;
        uint8_t *copy = calloc(1, n ? n : 1);
        REQUIRE(copy != NULL);
        memcpy(copy, l.block, n < l.size ? n : l.size);
        struct ms_dataset d;
        CHECK(ms_dataset_view(copy, n, &d, NULL) == MS_EFORMAT);
        free(copy);
    }
    free(l.block);
}

// Each data set of a pack is the one of its block, at an address for vectors.
static void check_unpacked(void *const *blocks, const size_t *sizes, const void *pack, size_t size)
{
    struct ms_error err = {0};
    struct ms_dataset out[MS_MAX_DATASETS];
    int n = 0;
    CHECK_THAT(ms_dataset_unpack(pack, size, out, &n, &err) == 0, "%s", err.text);
    CHECK_INT(n, 3);
    for (int i = 0; i < 3; i++) {
        CASE("data set %d", i);
        struct ms_dataset d;
        REQUIRE(ms_dataset_view(blocks[i], sizes[i], &d, &err) == 0);
        size_t rows = 17 + (size_t)i;
        CHECK(out[i].task == d.task && out[i].n_outputs == d.n_outputs &&
              out[i].n_train == d.n_train);
        CHECK((uintptr_t)out[i].x % 64 == 0 && (uintptr_t)out[i].y % 64 == 0);
        CHECK(memcmp(out[i].x, d.x, rows * 2 * sizeof(float)) == 0);
        CHECK(memcmp(out[i].y, d.y, rows * (size_t)d.n_outputs * sizeof(float)) == 0);
    }
}

// A pack cut anywhere is refused.
static void check_cut_packs(const void *pack, size_t size)
{
    struct ms_dataset out[MS_MAX_DATASETS];
    struct ms_error err = {0};
    int n = 0;
    for (size_t cut = 0; cut < size; cut++) {
        CASE("cut to %zu bytes", cut);
        uint8_t *copy = malloc(cut ? cut : 1);
        REQUIRE(copy != NULL);
        memcpy(copy, pack, cut);
        CHECK(ms_dataset_unpack(copy, cut, out, &n, &err) == MS_EFORMAT);
        free(copy);
    }
}

// A pack with damaged heads is refused, or its views stay inside of it.
static void check_damaged_packs(const void *pack, size_t size)
{
    struct ms_dataset out[MS_MAX_DATASETS];
    struct ms_error err = {0};
    int n = 0;
    uint32_t r = 1;
    for (int k = 0; k < 20000; k++) { // one to four random bytes of the heads
        uint8_t *copy = malloc(size);
        REQUIRE(copy != NULL);
        memcpy(copy, pack, size);
        for (int j = 0; j <= k % 4; j++) {
            r = r * 1664525u + 1013904223u;
            // the pack's head, or the first block's (which begins at 576)
            size_t at = r >> 31 ? (r >> 16) % 40 : 576 + (r >> 16) % 48;
            copy[at] = (uint8_t)(r >> 8);
        }
        if (ms_dataset_unpack(copy, size, out, &n, &err) == 0) {
            for (int i = 0; i < n; i++)
                CHECK(touch(&out[i]) != 0.123);
        }
        free(copy);
    }
}

static void test_packs(void)
{
    static const char *const names[] = {"prod", "squares", "and"};
    void *blocks[3];
    size_t sizes[3];
    for (int i = 0; i < 3; i++) {
        struct ms_data_spec s = synthetic(17 + i, 0.2, 0);
        s.synthetic = ms_table_find(&ms_dataset_synthetic_table, names[i]);
        struct loaded l = load_well(&s, 1);
        blocks[i] = l.block;
        sizes[i] = l.size;
    }
    void *pack;
    size_t size;
    struct ms_error err = {0};
    REQUIRE(ms_dataset_pack(blocks, sizes, 3, &pack, &size, &err) == 0);
    check_unpacked(blocks, sizes, pack, size);
    check_cut_packs(pack, size);
    check_damaged_packs(pack, size);
    free(pack);
    struct ms_dataset out[MS_MAX_DATASETS];
    int n = 0;
    CHECK(ms_dataset_pack(blocks, sizes, 0, &pack, &size, &err) == 0); // of a sweep that needs none
    CHECK(ms_dataset_unpack(pack, size, out, &n, &err) == 0 && n == 0);
    free(pack);
    CHECK(ms_dataset_pack(blocks, sizes, MS_MAX_DATASETS + 1, &pack, &size, &err) == MS_ELIMIT);
    for (int i = 0; i < 3; i++)
        free(blocks[i]);
}

static void test_text(void)
{
    char text[200], small[8];
    struct ms_data_spec s = synthetic(2500, 0.2, 0);
    struct loaded l = load_well(&s, 1);
    CHECK_STR(ms_dataset_text(&l.d, text, sizeof text),
              "2500 rows: 2000 train, 500 validation; 2 inputs, 1 output; regression");
    CHECK_STR(ms_dataset_text(&l.d, small, sizeof small), "2500 ro");
    free(l.block);
    s = synthetic(1, 0, 0);
    s.synthetic = ms_table_find(&ms_dataset_synthetic_table, "circles");
    l = load_well(&s, 1);
    CHECK_STR(ms_dataset_text(&l.d, text, sizeof text),
              "1 row: 1 train; 2 inputs, 4 outputs; multiclass");
    free(l.block);
}

int main(void)
{
    test_counts();
    test_split();
    test_damaged_blocks();
    test_packs();
    test_text();
    return check_done();
}
