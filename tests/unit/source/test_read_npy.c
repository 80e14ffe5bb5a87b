// SPDX-License-Identifier: MIT
//
// NPY and NPZ. The archives beside this file are NumPy's own work, by make_npz.py; files are
// written here where they have to be wrong.
#include "source_helpers.h"

#define UNIT MS_SOURCE_DIR "/tests/unit/source/"

static struct ms_data_spec npz(const char *x, const char *y)
{
    struct ms_data_spec s = spec_of(MS_NPZ, UNIT "numpy.npz");
    snprintf(s.x_name, sizeof s.x_name, "%s", x);
    snprintf(s.y_name, sizeof s.y_name, "%s", y);
    return s;
}

// Element types, byte orders, C and Fortran order; a stored archive.
static void test_types(void)
{
    static const char *const kinds[] = {"b1", "i1", "i2", "i4", "i8", "u1",
                                        "u2", "u4", "u8", "f4", "f8"};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        for (int v = 0; v < 4; v++) {
            char name[8], kind = kinds[k][0];
            snprintf(name, sizeof name, "%s%c%c", kinds[k], "lb"[v / 2], "CF"[v % 2]);
            CASE("%s", name);
            struct ms_data_spec s = npz(name, "y");
            struct loaded l = load_well(&s, 1);
            CHECK(l.d.n_inputs == 6 && l.d.n_train == 4);
            CHECK_INT(l.d.x_type, kinds[k][1] == '1' && kind != 'i' ? MS_X_U8 : MS_X_F32);
            int wrong = 0;
            for (int i = 0; i < 24; i++) {
                int n = i * 7 % 23 - (kind == 'i' || kind == 'f' ? 9 : 0);
                double wanted = kind == 'f' ? n / 4.0 : kind == 'b' ? n % 2 : n;
                wrong += x_at(&l.d, (size_t)i / 6, (size_t)i % 6) != wanted;
            }
            CHECK_THAT(wrong == 0, "%s: %d wrong", name, wrong);
            free(l.block);
        }
    struct ms_data_spec s = npz("x", "y");
    snprintf(s.path, sizeof s.path, UNIT "numpy-stored.npz");
    struct loaded l = load_well(&s, 1);
    CHECK(x_at(&l.d, 0, 1) == (7 - 9) / 4.0 && x_at(&l.d, 3, 5) == (23 * 7 % 23 - 9) / 4.0);
    free(l.block);
}

static void test_targets(void)
{
    struct ms_data_spec s = npz("u1lC", "y"); // 3, 5, 3, 9
    struct loaded l = load_well(&s, 1);
    const float classes[] = {1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1};
    CHECK(l.d.task == MS_MULTICLASS && l.d.n_outputs == 3 &&
          memcmp(l.d.y, classes, sizeof classes) == 0);
    free(l.block);
    s.task = MS_REGRESSION;
    l = load_well(&s, 1);
    CHECK(l.d.n_outputs == 1 && y_at(&l.d, 3, 0) == 9);
    free(l.block);
    s.task = MS_BINARY;
    refused(&s, MS_EINVAL, "y: the target has 3 different values; binary needs 2", "");
    s = npz("u1lC", "real");
    l = load_well(&s, 1);
    CHECK(l.d.task == MS_REGRESSION && l.d.n_outputs == 1 && y_at(&l.d, 2, 0) == 2.5);
    free(l.block);
    s = npz("u1lC", "hot");
    l = load_well(&s, 1);
    const float hot[] = {0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1};
    CHECK(l.d.task == MS_MULTICLASS && memcmp(l.d.y, hot, sizeof hot) == 0);
    free(l.block);
    s.task = MS_REGRESSION;
    l = load_well(&s, 1);
    CHECK(l.d.task == MS_REGRESSION && l.d.n_outputs == 3 && memcmp(l.d.y, hot, sizeof hot) == 0);
    free(l.block);
    s = npz("two", "two");
    l = load_well(&s, 1);
    CHECK(l.d.task == MS_REGRESSION && l.d.n_outputs == 2 && y_at(&l.d, 1, 0) == 3 &&
          x_at(&l.d, 2, 1) == 6);
    free(l.block);
    s.task = MS_MULTICLASS;
    refused(&s, MS_EINVAL, "2 numbers a row are not the one-hot classes", "");
    s = npz("two", "u2lC");
    s.task = MS_BINARY;
    refused(&s, MS_EINVAL, "6 numbers a row", "binary");
}

static void test_parts(void)
{
    struct ms_data_spec s = npz("u1lC", "y");
    snprintf(s.x_test_name, sizeof s.x_test_name, "f4lC"); // bytes and floats: all become floats
    snprintf(s.y_test_name, sizeof s.y_test_name, "y");
    snprintf(s.val_path, sizeof s.val_path, UNIT "numpy.npz");
    struct loaded l = load_well(&s, 1);
    CHECK(l.d.n_train == 4 && l.d.n_val == 4 && l.d.n_test == 4 && l.d.x_type == MS_X_F32);
    CHECK(x_at(&l.d, 1, 0) == x_at(&l.d, 5, 0) && x_at(&l.d, 8, 1) == -0.5 &&
          x_at(&l.d, 4, 1) == 7);
    free(l.block);
    s.test = 0.5;
    refused(&s, MS_EINVAL, "test rows of their own", "");
    s = npz("u1lC", "y");
    snprintf(s.x_test_name, sizeof s.x_test_name, "two");
    snprintf(s.y_test_name, sizeof s.y_test_name, "y");
    refused(&s, MS_EFORMAT, "two: rows of 2 numbers", "have 6");
    snprintf(s.x_test_name, sizeof s.x_test_name, "u1lC");
    snprintf(s.y_test_name, sizeof s.y_test_name, "two");
    refused(&s, MS_EFORMAT, "two: rows of 2 targets", "have 1");
    snprintf(s.y_test_name, sizeof s.y_test_name, "real");
    refused(&s, MS_EFORMAT, "real: row 0, column real: no row of", "the class 0.5");
}

static void test_missing(void)
{
    struct ms_data_spec s = npz("hole", "y");
    refused(&s, MS_EFORMAT, "hole: row 1, number 0: missing value", "");
    s.missing = MS_MISSING_DROP;
    s.task = MS_REGRESSION; // rows 0 and 2 have the same target
    struct loaded l = load_well(&s, 1);
    CHECK(l.d.n_train == 2 && l.d.n_dropped == 2 && x_at(&l.d, 1, 0) == 5 && y_at(&l.d, 1, 0) == 3);
    free(l.block);
    s.missing = MS_MISSING_MEAN;
    l = load_well(&s, 1);
    CHECK(l.d.n_train == 4 && x_at(&l.d, 1, 0) == 5 && x_at(&l.d, 3, 1) == 4);
    free(l.block);
    s = npz("u1lC", "hole");
    s.missing = MS_MISSING_MEAN;
    refused(&s, MS_EFORMAT, "hole: row 1", "only dropped");
    s.missing = MS_MISSING_DROP;
    l = load_well(&s, 1);
    CHECK(l.d.n_train == 2 && x_at(&l.d, 1, 0) == 12 * 7 % 23 && y_at(&l.d, 1, 1) == 6);
    free(l.block);
    s = npz("far", "y");
    s.missing = MS_MISSING_DROP;
    refused(&s, MS_EFORMAT,
            "far: row 2, number 1: expected a number within float's range, found -1e+39", "");
}

static void test_refusals(void)
{
    static const struct {
        const char *x, *y, *a;
        int code;
    } cases[] = {
        {"z", "y", "there is no 'z.npy'; it has b1lC.npy, ", MS_EINVAL},
        {"two", "scalar", "scalar: a single number", MS_EFORMAT},
        {"empty", "y", "empty: dimension 1 is 0", MS_ELIMIT},
        {"complex", "y", "complex: elements of type '<c16'", MS_EFORMAT},
        {"record", "y", "record: a structured array", MS_EFORMAT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CASE("x %s, y %s", cases[i].x, cases[i].y);
        struct ms_data_spec s = npz(cases[i].x, cases[i].y);
        refused(&s, cases[i].code, cases[i].a, "");
    }
    struct ms_data_spec s = npz("x", "y");
    snprintf(s.path, sizeof s.path, "none.npz");
    refused(&s, MS_EIO, "none.npz", "");
    tmp_write("a.npz", "no archive, but longer than its end record", 42);
    snprintf(s.path, sizeof s.path, "a.npz");
    refused(&s, MS_EFORMAT, "a.npz: not an NPZ (zip) archive", "");
}

// A NPY file of a dictionary and n bytes.
static void put_npy(const char *name, const char *dictionary, const void *data, size_t n)
{
    static char text[4096];
    size_t len = strlen(dictionary);
    REQUIRE(10 + len + n <= sizeof text);
    memcpy(text, "\x93NUMPY\1\0", 8);
    text[8] = (char)(len & 255);
    text[9] = (char)(len >> 8);
    memcpy(text + 10, dictionary, len);
    memcpy(text + 10 + len, data, n);
    tmp_write(name, text, 10 + len + n);
}

#define FLOATS(shape) "{'descr': '<f4', 'fortran_order': False, 'shape': (" shape "), }\n"
static const char good[] = FLOATS("3, 2");

static void test_npy_files(void)
{
    static const float x[] = {1, 2, 3, 4, 5, 6};
    static const int64_t y[] = {1, 0, 1};
    put_npy("x.npy", good, x, sizeof x);
    put_npy("y.npy.gz", "{\"shape\":(3,),\"fortran_order\":False,\"descr\":\"<i8\"}", y, sizeof y);
    struct ms_data_spec s = spec_of(MS_NPY, "x.npy");
    snprintf(s.y_path, sizeof s.y_path, "y.npy.gz");
    struct loaded l = load_well(&s, 1);
    CHECK(l.d.task == MS_BINARY && x_at(&l.d, 2, 0) == 5 && y_at(&l.d, 0, 0) == 1);
    free(l.block);
    // The first two are the same float, and yet three classes.
    static const int64_t far[] = {16777216, 16777217, 3};
    put_npy("far.npy", "{'descr': '<i8', 'fortran_order': False, 'shape': (3,)}", far, sizeof far);
    snprintf(s.y_path, sizeof s.y_path, "far.npy");
    l = load_well(&s, 1);
    CHECK(l.d.n_outputs == 3 && y_at(&l.d, 0, 1) == 1 && y_at(&l.d, 1, 2) == 1);
    free(l.block);
    s.task = MS_REGRESSION;
    free(load_well(&s, 1).block);
    s = spec_of(MS_NPY, "x.npy");
    snprintf(s.y_path, sizeof s.y_path, "y.npy.gz");
    static const struct {
        const char *dictionary, *a;
        size_t n;
        int code;
    } cases[] = {
        {good, "24 bytes of data expected, 20 found", 20, MS_EFORMAT},
        {good, "24 bytes of data expected, 0 found", 0, MS_EFORMAT},
        {FLOATS("3, 1"), "12 bytes of data expected, 24", 24, MS_EFORMAT},
        {FLOATS("2, 3"), "3 rows of targets for the 2 rows", 24, MS_EFORMAT},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2)", "damaged header", 24,
         MS_EFORMAT},
        {"{'descr': '<f4', 'shape': (3, 2)}", "damaged header", 24, MS_EFORMAT},
        {FLOATS("-3, 2"), "damaged header", 24, MS_EFORMAT},
        {"{'descr': '<c8', 'fortran_order': False, 'shape': (3, 1)}", "type '<c8'", 24, MS_EFORMAT},
        {FLOATS("3, 4294967296"), "dimension 2 is 4294967296", 24, MS_ELIMIT},
        {FLOATS("3, 1048576, 1048576"), "dimension 3", 24, MS_ELIMIT},
        {FLOATS("99999999999, 2"), "99999999999 rows", 24, MS_ELIMIT},
        {FLOATS("999999999999999999999999, 2"), "damaged header", 24, MS_EFORMAT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CASE("%s, %zu bytes", cases[i].dictionary, cases[i].n);
        put_npy("x.npy", cases[i].dictionary, x, cases[i].n);
        refused(&s, cases[i].code, cases[i].a, "x.npy");
    }
    put_npy("x.npy.gz", good, x, 20);
    snprintf(s.path, sizeof s.path, "x.npy.gz");
    refused(&s, MS_EFORMAT, "truncated: 24 bytes of data expected, 20 found", "");
    tmp_write("x.npy.gz", "PK\3\4 something else", 18);
    refused(&s, MS_EFORMAT, "not an NPY file: wrong magic number", "");
    tmp_write("x.npy.gz", "", 0);
    refused(&s, MS_EFORMAT, "truncated: 10 bytes of header expected, 0 found", "");
    put_npy("x.npy", good, x, 24);
    snprintf(s.path, sizeof s.path, "x.npy");
    s.y_path[0] = '\0';
    refused(&s, MS_EINVAL, "x.npy: no file is given for its targets", "");
}

static char *read_all(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    char *bytes = malloc(1 << 16);
    REQUIRE(f && bytes);
    *n = fread(bytes, 1, 1 << 16, f);
    fclose(f);
    REQUIRE(*n > 100 && *n < 1 << 16);
    return bytes;
}

static int try_archive(const char *bytes, size_t n, const char *x, const char *y, double *sum)
{
    tmp_write("m.npz", bytes, n);
    struct ms_data_spec s = npz(x, y);
    snprintf(s.path, sizeof s.path, "m.npz");
    struct loaded l = load(&s, 1);
    *sum = 0;
    for (size_t i = 0; !l.status && i < l.d.n_train; i++)
        for (size_t j = 0; j < (size_t)l.d.n_inputs; j++)
            *sum += x_at(&l.d, i, j) * (double)(i + 3 * j + 1) + y_at(&l.d, i, 0);
    free(l.block);
    return l.status;
}

// Truncated anywhere: refused, as the directory is at the end. Any byte changed: refused, or a byte
// that means nothing (a date, say), and then the data are what they were.
static void test_mutations(void)
{
    size_t n;
    double right, sum;
    char *bytes = read_all(UNIT "numpy-stored.npz", &n);
    int accepted = 0, refusals = 0;
    CHECK_INT(try_archive(bytes, n, "x", "y", &right), 0);
    for (size_t cut = 0; cut < n; cut++)
        CHECK_THAT(try_archive(bytes, cut, "x", "y", &sum) != 0, "cut to %zu bytes it is accepted",
                   cut);
    for (size_t at = 0; at < n; at++)
        for (int k = 0; k < 3; k++) {
            char was = bytes[at];
            int now = k == 0 ? was ^ (1 << at % 8) : k == 1 ? 255 : was + 1;
            bytes[at] = (char)now;
            if (try_archive(bytes, n, "x", "y", &sum) == 0) {
                accepted++;
                CHECK_THAT(sum == right, "byte %zu changes the data unnoticed", at);
            } else {
                refusals++;
            }
            bytes[at] = was;
        }
    CHECK_THAT(accepted > 0 && refusals > 1000, "%d accepted, %d refused", accepted, refusals);
    free(bytes);
    bytes = read_all(UNIT "numpy.npz", &n);
    uint32_t r = 1;
    for (int k = 0; k < 3000; k++) {
        char *copy = malloc(n);
        REQUIRE(copy);
        memcpy(copy, bytes, n);
        for (int j = 0; j <= k % 4; j++) {
            r = r * 1664525u + 1013904223u;
            copy[(r >> 4) % n] = (char)(r >> 24);
        }
        CHECK(try_archive(copy, n, "i2bF", "hot", &sum) != 0 || sum != 0.123);
        free(copy);
    }
    free(bytes);
}

// Every byte of an NPY header.
static void test_header_mutations(void)
{
    static const float x[] = {1, 2, 3, 4, 5, 6};
    static const int64_t y[] = {1, 0, 1};
    put_npy("y.npy", "{'descr': '<i8', 'fortran_order': False, 'shape': (3,), }", y, sizeof y);
    for (size_t at = 0; at < sizeof good - 1; at++)
        for (int v = 1; v < 256; v += 3) {
            char dictionary[sizeof good];
            memcpy(dictionary, good, sizeof good);
            dictionary[at] = (char)v;
            put_npy("x.npy", dictionary, x, sizeof x);
            struct ms_data_spec s = spec_of(MS_NPY, "x.npy");
            snprintf(s.y_path, sizeof s.y_path, "y.npy");
            struct loaded l = load(&s, 1);
            for (uint32_t i = 0; !l.status && i < l.d.n_train; i++)
                CHECK(x_at(&l.d, i, (size_t)l.d.n_inputs - 1) != 0.123);
            free(l.block);
        }
}

// Texts are classes, in the order of their bytes, whatever the inputs' dimensions.
static void test_text_labels(void)
{
    static const float x[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    put_npy("x.npy", FLOATS("3, 2, 2"), x, sizeof x);
    put_npy("y.npy", "{'descr': '|S4', 'fortran_order': False, 'shape': (3, 1)}",
            "pear\0\0\0\0figs", 12);
    struct ms_data_spec s = spec_of(MS_NPY, "x.npy");
    snprintf(s.y_path, sizeof s.y_path, "y.npy");
    refused(&s, MS_EFORMAT, "y.npy: row 1: missing value", "");
    put_npy("y.npy", "{'descr': '|S4', 'fortran_order': False, 'shape': (3, 1)}", "pearkakifigs",
            12);
    struct loaded l = load_well(&s, 1);
    CHECK(l.d.n_inputs == 4 && l.d.n_outputs == 3 && x_at(&l.d, 1, 3) == 8);
    CHECK(y_at(&l.d, 0, 2) == 1 && y_at(&l.d, 1, 1) == 1 && y_at(&l.d, 2, 0) == 1);
    free(l.block);
}

int main(void)
{
    tmp_make();
    test_text_labels();
    tmp_empty();
    test_types();
    test_targets();
    test_parts();
    test_missing();
    test_refusals();
    test_npy_files();
    test_mutations();
    test_header_mutations();
    tmp_remove();
    return check_done();
}
