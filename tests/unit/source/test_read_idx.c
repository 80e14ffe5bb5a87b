// SPDX-License-Identifier: MIT
//
// IDX folders by all names of MNIST and EMNIST, plain and gzipped, and every fault that a file can
// have. Fashion-MNIST itself, if it is there.
#include "source_helpers.h"

enum { N = 6, N_TEST = 3, WIDTH = 4 };

// Image i is (10 i, 10 i + 1, …); label i is i % 3.
static size_t put_images(uint8_t *out, int n, int first)
{
    const uint8_t head[] = {0, 0, 8, 3, 0, 0, 0, (uint8_t)n, 0, 0, 0, 2, 0, 0, 0, 2};
    memcpy(out, head, sizeof head);
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < WIDTH; j++)
            out[16 + i * WIDTH + j] = (uint8_t)(10 * (first + i) + j);
    }
    return 16 + (size_t)n * WIDTH;
}

static size_t put_labels(uint8_t *out, int n)
{
    const uint8_t head[] = {0, 0, 8, 1, 0, 0, 0, (uint8_t)n};
    memcpy(out, head, sizeof head);
    for (int i = 0; i < n; i++)
        out[8 + i] = (uint8_t)(i % 3);
    return 8 + (size_t)n;
}

static void write_all(const char *stem, const char *test_stem, const char *dot, const char *suffix)
{
    uint8_t bytes[256];
    char name[256];
    snprintf(name, sizeof name, "%simages%sidx3-ubyte%s", stem, dot, suffix);
    tmp_write(name, bytes, put_images(bytes, N, 0));
    snprintf(name, sizeof name, "%slabels%sidx1-ubyte%s", stem, dot, suffix);
    tmp_write(name, bytes, put_labels(bytes, N));
    if (!test_stem)
        return;
    snprintf(name, sizeof name, "%simages%sidx3-ubyte%s", test_stem, dot, suffix);
    tmp_write(name, bytes, put_images(bytes, N_TEST, N));
    snprintf(name, sizeof name, "%slabels%sidx1-ubyte%s", test_stem, dot, suffix);
    tmp_write(name, bytes, put_labels(bytes, N_TEST));
}

static void check_contents(const struct ms_dataset *d, uint32_t n_test)
{
    CHECK_INT(d->task, MS_MULTICLASS);
    CHECK_INT(d->n_inputs, WIDTH);
    CHECK_INT(d->n_outputs, 3);
    CHECK_INT(d->n_train, N);
    CHECK_INT(d->n_val, 0);
    CHECK_INT(d->n_test, n_test);
    CHECK_INT(d->x_type, MS_X_U8);
    CHECK(d->x_divide == 255);
    const uint8_t *x = d->x;
    for (uint32_t i = 0; i < N + n_test; i++) {
        for (uint32_t j = 0; j < WIDTH; j++)
            CHECK_INT(x[i * WIDTH + j], 10 * i + j);
        for (uint32_t j = 0; j < 3; j++)
            CHECK(y_at(d, i, j) == ((i < N ? i : i - N) % 3 == j));
    }
}

static void test_names(void)
{
    static const char *const dots[] = {"-", "."}, *const suffixes[] = {"", ".gz"};
    for (int k = 0; k < 4; k++) {
        CASE("files named with '%s' and '%s'", dots[k / 2], suffixes[k % 2]);
        tmp_empty();
        write_all("train-", "t10k-", dots[k / 2], suffixes[k % 2]);
        struct ms_data_spec s = spec_of(MS_IDX, tmp_dir);
        struct loaded l = load_well(&s, 1);
        check_contents(&l.d, N_TEST);
        free(l.block);
    }
    tmp_empty();
    write_all("letters-train-", "letters-test-", "-", ".gz"); // EMNIST, by its file; relative
    struct ms_data_spec s = spec_of(MS_IDX, "letters-train-images-idx3-ubyte.gz");
    struct loaded l = load_well(&s, 1);
    check_contents(&l.d, N_TEST);
    free(l.block);
    tmp_empty();
    write_all("train-", NULL, "-", "");
    s = spec_of(MS_IDX, tmp_dir);
    l = load_well(&s, 1);
    check_contents(&l.d, 0);
    free(l.block);
    s.test = 0.4; // without test files a part of the rows can be set aside
    l = load_well(&s, 1);
    CHECK_INT(l.d.n_test, 3);
    CHECK_INT(l.d.n_train, 3);
    free(l.block);
}

static void test_scalings(void)
{
    tmp_empty();
    write_all("train-", "t10k-", "-", "");
    struct ms_data_spec s = spec_of(MS_IDX, tmp_dir);
    s.scaling = ms_table_default(&ms_dataset_scaling_table,
                                 ms_table_find(&ms_dataset_scaling_table, "minmax"));
    struct loaded l = load_well(&s, 1);
    CHECK_INT(l.d.x_type, MS_X_F32);
    for (uint32_t i = 0; i < N + N_TEST; i++) // training rows 0, 10 … 50; test rows go beyond 1
        CHECK_NEAR(x_at(&l.d, i, 2), i / 5.0, 1e-6);
    free(l.block);
    s.scaling = ms_table_default(&ms_dataset_scaling_table,
                                 ms_table_find(&ms_dataset_scaling_table, "none"));
    l = load_well(&s, 1);
    CHECK_INT(l.d.x_type, MS_X_U8);
    CHECK(l.d.x_divide == 1);
    free(l.block);
}

// Writes one file with n bytes, mutated at one place, among otherwise good ones.
static void spoil(const char *name, const uint8_t *bytes, size_t n, int at, uint8_t value, int code,
                  const char *message)
{
    uint8_t copy[256];
    memcpy(copy, bytes, n);
    if (at >= 0)
        copy[at] = value;
    tmp_empty();
    write_all("train-", "t10k-", "-", "");
    tmp_write(name, copy, n);
    struct ms_data_spec s = spec_of(MS_IDX, tmp_dir);
    refused(&s, code, name, message);
}

static void test_refusals(void)
{
    uint8_t images[256] = {0}, labels[256] = {0};
    size_t ni = put_images(images, N, 0), nl = put_labels(labels, N);
    const char *im = "train-images-idx3-ubyte", *la = "train-labels-idx1-ubyte";
    spoil(im, images, ni - 1, -1, 0, MS_EFORMAT, "24 bytes of data expected, 23 found");
    spoil(im, images, ni + 1, -1, 0, MS_EFORMAT, "more data than the 24 bytes");
    spoil(im, images, 3, -1, 0, MS_EFORMAT, "4 bytes of magic number expected, 3 found");
    spoil(im, images, 15, -1, 0, MS_EFORMAT, "16 bytes of header expected, 15 found");
    spoil(im, images, 0, -1, 0, MS_EFORMAT, "0 found");
    spoil(im, images, ni, 3, 1, MS_EFORMAT, "wrong magic number 0x00000801, expected 0x00000803");
    spoil(im, images, ni, 2, 0x0d, MS_EFORMAT, "wrong magic number 0x00000d03");
    spoil(la, labels, nl, 3, 3, MS_EFORMAT, "wrong magic number 0x00000803, expected 0x00000801");
    spoil(im, images, ni, 11, 0, MS_ELIMIT, "dimension 2 is 0");
    spoil(im, images, ni, 8, 0xff, MS_ELIMIT, "dimension 2 is 4278190082");
    spoil(im, images, ni, 7, 0, MS_ELIMIT, "0 rows");
    spoil(im, images, ni, 4, 0xff, MS_ELIMIT, "rows");
    spoil(im, images, ni, 7, N + 1, MS_EFORMAT, "28 bytes of data expected, 24 found");
    spoil(im, images, ni, 4, 0x7f, MS_EFORMAT,
          "8522825752 bytes of data expected, 24 found"); // no such memory
    spoil(la, labels, nl - 1, 7, N - 1, MS_EFORMAT, "5 labels for the 6 images");
    memset(labels + 8, 0, N);
    spoil(la, labels, nl, -1, 0, MS_EINVAL, "only one value");
    nl = put_labels(labels, N_TEST);
    spoil("t10k-labels-idx1-ubyte", labels, nl, 10, 3, MS_EFORMAT,
          "row 2, column label: no row of");
    ni = put_images(images, N_TEST, 0);
    images[15] = 1;
    spoil("t10k-images-idx3-ubyte", images, ni - 6, -1, 0, MS_EFORMAT,
          "rows of 2 numbers, those of");
}

static void test_files(void)
{
    tmp_empty();
    struct ms_data_spec s = spec_of(MS_IDX, tmp_dir);
    refused(&s, MS_EIO, "train-images-idx3-ubyte", "no such file");
    write_all("train-", "t10k-", "-", "");
    s.test = 0.1;
    refused(&s, MS_EINVAL, tmp_dir, "test rows of their own");
    s.test = 0;
    unlink(tmp_path("t10k-labels-idx1-ubyte"));
    refused(&s, MS_EIO, "t10k-labels-idx1-ubyte", "No such file");
    unlink(tmp_path("train-labels-idx1-ubyte"));
    refused(&s, MS_EIO, "train-labels-idx1-ubyte", "no such file");
    s = spec_of(MS_IDX, "nowhere");
    refused(&s, MS_EIO, "nowhere", tmp_dir);
    tmp_write("digits.bin", "x", 1);
    s = spec_of(MS_IDX, "digits.bin");
    refused(&s, MS_EINVAL, "digits.bin", "images-idx3-ubyte");
}

static void test_damaged_gzip(void)
{
    // Large enough that the cut falls into the data: random bytes do not compress.
    static uint8_t bytes[16 + 255 * 1024];
    const uint8_t head[] = {0, 0, 8, 3, 0, 0, 0, 255, 0, 0, 0, 32, 0, 0, 0, 32};
    memcpy(bytes, head, sizeof head);
    uint32_t r = 1;
    for (size_t i = sizeof head; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)((r = r * 1664525u + 1013904223u) >> 24);
    uint8_t labels[8 + 255] = {0, 0, 8, 1, 0, 0, 0, 255, 1};
    const char *name = "train-images-idx3-ubyte.gz";
    tmp_empty();
    tmp_write("train-labels-idx1-ubyte", labels, sizeof labels);
    tmp_write(name, bytes, sizeof bytes);
    struct ms_data_spec s = spec_of(MS_IDX, tmp_dir);
    struct loaded l = load_well(&s, 1);
    CHECK(memcmp(l.d.x, bytes + 16, sizeof bytes - 16) == 0);
    free(l.block);

    FILE *f = fopen(tmp_path(name), "r+b"); // one byte changed: the checksum shows it
    REQUIRE(f != NULL);
    fseek(f, 100000, SEEK_SET);
    int ch = fgetc(f);
    fseek(f, 100000, SEEK_SET);
    fputc(ch ^ 1, f);
    fclose(f);
    refused(&s, MS_EFORMAT, name, "damaged gzip");
    REQUIRE(truncate(tmp_path(name), 90000) == 0);
    refused(&s, MS_EFORMAT, name, "truncated: the gzip stream ends too early");
}

// Labels 1 to 3 are three classes, without a class 0 that no row has; an image of (1, 2) turned is
// the same bytes, one of (2, 2) is not.
static void test_classes(void)
{
    static const uint8_t images[] = {0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 2,  0,  0,
                                     0, 2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    static const uint8_t labels[] = {0, 0, 8, 1, 0, 0, 0, 3, 1, 3, 2};
    tmp_empty();
    tmp_write("train-images-idx3-ubyte", images, sizeof images);
    tmp_write("train-labels-idx1-ubyte", labels, sizeof labels);
    struct ms_data_spec s = spec_of(MS_IDX, tmp_dir);
    s.scaling = ms_table_default(&ms_dataset_scaling_table,
                                 ms_table_find(&ms_dataset_scaling_table, "none"));
    struct loaded l = load_well(&s, 1);
    CHECK(l.d.n_outputs == 3 && y_at(&l.d, 0, 0) == 1 && y_at(&l.d, 1, 2) == 1);
    CHECK(x_at(&l.d, 0, 1) == 2 && x_at(&l.d, 2, 3) == 12);
    free(l.block);
    s.transpose = true;
    l = load_well(&s, 1);
    CHECK(x_at(&l.d, 0, 1) == 3 && x_at(&l.d, 0, 2) == 2 && x_at(&l.d, 2, 3) == 12);
    free(l.block);
}

// Debian's dataset-fashion-mnist, where it is installed.
static void test_fashion(void)
{
    const char *dir = "/usr/share/datasets/fashion-mnist";
    if (access(dir, R_OK) != 0) {
        puts("no Fashion-MNIST here: part skipped");
        return;
    }
    struct ms_data_spec s = spec_of(MS_IDX, dir);
    s.validation = 0.2;
    s.split = MS_SPLIT_RANDOM;
    struct loaded l = load_well(&s, 123);
    char text[200];
    CHECK_STR(ms_dataset_text(&l.d, text, sizeof text),
              "70000 rows: 48000 train, 12000 validation, 10000 test; 784 inputs, 10 outputs; "
              "multiclass");
    CHECK(l.size < 59000000);
    int count[10] = {0};
    for (size_t i = 60000; i < 70000; i++) {
        for (int j = 0; j < 10; j++)
            count[j] += l.d.y[i * 10 + (size_t)j] == 1;
    }
    for (int j = 0; j < 10; j++) // the test set has 1,000 of each class
        CHECK_INT(count[j], 1000);
    CHECK(y_at(&l.d, 60000, 9) == 1 && y_at(&l.d, 60001, 2) == 1); // and keeps its order
    free(l.block);
}

int main(void)
{
    tmp_make();
    test_names();
    test_scalings();
    test_refusals();
    test_files();
    test_damaged_gzip();
    test_classes();
    test_fashion();
    tmp_remove();
    return check_done();
}
