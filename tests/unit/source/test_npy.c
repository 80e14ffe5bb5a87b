// SPDX-License-Identifier: MIT
//
// NPY headers as text, and arrays as bytes: types, byte orders, element orders, versions, limits.
// Archives of NumPy's own making are read in test_read_npy.c.
#include "source_helpers.h"

#include "coordinator/source/npy.h"

static struct ms_error err;

static int parse(const char *text, struct ms_npy *a)
{
    return ms_npy_parse(text, strlen(text), "x.npy", a, &err);
}

static void test_headers(void)
{
    struct ms_npy a;
    REQUIRE(parse("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2, 5), }  \n", &a) == 0);
    CHECK(a.kind == 'f' && a.size == 4 && !a.swapped && !a.fortran);
    CHECK(a.n_dims == 3 && a.rows == 3 && a.width == 10);
    REQUIRE(parse("{\"shape\":(7,),\"fortran_order\":True,\"descr\":\">u8\"}", &a) == 0);
    CHECK(a.kind == 'u' && a.size == 8 && a.swapped && a.fortran);
    CHECK(a.rows == 7 && a.width == 1);
    REQUIRE(parse("{'shape': (4L, 2L), 'fortran_order': False, 'descr': '>b1'}", &a) == 0);
    CHECK(a.rows == 4 && a.width == 2 && !a.swapped); // one byte has no order; Python 2 wrote L

    static const struct {
        const char *text;
        int code;
        const char *why;
    } wrong[] = {
        {"", MS_EFORMAT, "damaged header"},
        {"{}", MS_EFORMAT, "damaged header"},
        {"{'descr': '<f4', 'fortran_order': False}", MS_EFORMAT, "damaged header"},
        {"{'descr': '<f4', 'fortran_order': 0, 'shape': (3,)}", MS_EFORMAT, "damaged header"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': 3}", MS_EFORMAT, "damaged header"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (3,", MS_EFORMAT, "damaged header"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (,)}", MS_EFORMAT, "damaged header"},
        {"{'descr': '<f4', 'more': 1, 'fortran_order': False, 'shape': (3,)}", MS_EFORMAT,
         "damaged header"},
        {"{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (3,)}", MS_EFORMAT,
         "a structured array"},
        {"{'descr': '<c8', 'fortran_order': False, 'shape': (3,)}", MS_EFORMAT, "type '<c8'"},
        {"{'descr': '<f4\x1b', 'fortran_order': False, 'shape': (3,)}", MS_EFORMAT, "'<f4?'"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': ()}", MS_EFORMAT, "a single number"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (0, 2)}", MS_ELIMIT,
         "dimension 1 is 0"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 0)}", MS_ELIMIT,
         "dimension 2 is 0"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1048577)}", MS_ELIMIT,
         "dimension 2 is 1048577"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2147483648, 2)}", MS_ELIMIT,
         "2147483648 rows"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CASE("%s", wrong[i].text);
        int status = parse(wrong[i].text, &a);
        CHECK_THAT(status == wrong[i].code && strstr(err.text, wrong[i].why) &&
                       strstr(err.text, "x.npy: "),
                   "%s: %d, '%s'", wrong[i].text, status, status ? err.text : "");
    }
    char many[400] = "{'descr': '<f4', 'fortran_order': False, 'shape': (";
    for (int i = 0; i < MS_NPY_DIMS; i++)
        strcat(many, "1,");
    size_t n = strlen(many);
    strcpy(many + n, ")}");
    CHECK(parse(many, &a) == 0 && a.n_dims == MS_NPY_DIMS);
    strcpy(many + n, "1,)}");
    CHECK_INT(parse(many, &a), MS_EFORMAT);
}

// A file of a version with so many bytes of data; returns its path.
static const char *write_npy(int version, const char *dictionary, const void *data, size_t n)
{
    static char text[4096];
    size_t len = strlen(dictionary), at = 8;
    memcpy(text, "\x93NUMPY", 6);
    text[6] = (char)version;
    text[7] = 0;
    for (int i = 0; i < (version == 1 ? 2 : 4); i++)
        text[at++] = (char)(len >> (8 * i));
    memcpy(text + at, dictionary, len);
    memcpy(text + at + len, data, n);
    tmp_write("x.npy", text, at + len + n);
    return tmp_path("x.npy");
}

static void test_elements(void)
{
    struct ms_npy a;
    uint8_t *bytes;
    float *values;
    static const uint8_t pairs[] = {0, 1, 0xff, 0xfe, 0x80, 0, 1, 2, 3, 4, 5, 6};
    // Big-endian signed pairs, the first index fastest: rows 0, 1, 2 of column 0, then of column 1.
    const char *path = write_npy(2, "{'descr': '>i2', 'fortran_order': True, 'shape': (3, 2)}",
                                 pairs, sizeof pairs);
    REQUIRE(ms_npy_read(path, NULL, &a, &bytes, &values, &err) == 0);
    const float wanted[] = {1, 258, -2, 772, -32768, 1286};
    CHECK(!bytes && memcmp(values, wanted, sizeof wanted) == 0);
    free(values);

    // Three indices in Fortran order: element (r, i, j) of shape (1, 2, 3) is at i + 2j.
    path = write_npy(3, "{'descr': '|u1', 'fortran_order': True, 'shape': (1, 2, 3)}",
                     "\0\1\2\3\4\5", 6);
    REQUIRE(ms_npy_read(path, NULL, &a, &bytes, &values, &err) == 0);
    const uint8_t turned[] = {0, 2, 4, 1, 3, 5};
    CHECK(!values && memcmp(bytes, turned, sizeof turned) == 0);
    free(bytes);
    REQUIRE(ms_npy_read(path, NULL, &a, NULL, &values, &err) == 0); // bytes are not wanted
    CHECK(values[1] == 2);
    free(values);

    path = write_npy(1, "{'descr': '|b1', 'fortran_order': False, 'shape': (3,)}", "\0\1\7", 3);
    REQUIRE(ms_npy_read(path, NULL, &a, &bytes, &values, &err) == 0);
    CHECK(bytes[0] == 0 && bytes[1] == 1 && bytes[2] == 1); // a bool is 0 or 1
    free(bytes);

    const double doubles[] = {0.1, -1e39, 1e39, NAN, 3.4e38, 1e-50};
    path = write_npy(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (6,)}", doubles,
                     sizeof doubles);
    REQUIRE(ms_npy_read(path, NULL, &a, &bytes, &values, &err) == 0);
    CHECK(values[0] == 0.1f && values[1] == -INFINITY && values[2] == INFINITY);
    CHECK(isnan(values[3]) && values[4] == 3.4e38f && values[5] == 0);
    free(values);
}

static void test_refusals(void)
{
    static const char dictionary[] = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}";
    static const struct {
        int version;
        size_t n;
        const char *why;
    } wrong[] = {{0, 8, "NPY version 0; 1 to 3 can be read"},
                 {4, 8, "NPY version 4; 1 to 3 can be read"},
                 {1, 7, "8 bytes of data expected, 7 found"},
                 {1, 9, "8 bytes of data expected, 9 found"}};
    struct ms_npy a;
    uint8_t *bytes;
    float *values;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CASE("version %d, %zu bytes", wrong[i].version, wrong[i].n);
        const char *path = write_npy(wrong[i].version, dictionary, "123456789", wrong[i].n);
        int status = ms_npy_read(path, NULL, &a, &bytes, &values, &err);
        CHECK_THAT(status == MS_EFORMAT && strstr(err.text, wrong[i].why), "%d, '%s'", status,
                   err.text);
        CHECK(!bytes && !values);
    }
    tmp_write("x.npy", "\x93NUMPY\2\0\xff\xff\xff\xff", 12); // a header of 4 GB
    CHECK_INT(ms_npy_read(tmp_path("x.npy"), NULL, &a, &bytes, &values, &err), MS_ELIMIT);
    tmp_write("x.npy", "\x93NUMPY\1\0\xff\xff{", 11);
    CHECK_INT(ms_npy_read(tmp_path("x.npy"), NULL, &a, &bytes, &values, &err), MS_EFORMAT);
    CHECK_INT(ms_npy_read(tmp_path("none"), NULL, &a, &bytes, &values, &err), MS_EIO);
    CHECK_INT(ms_npy_read(tmp_path("none"), "x", &a, &bytes, &values, &err), MS_EIO);
}

int main(void)
{
    tmp_make();
    test_headers();
    test_elements();
    test_refusals();
    tmp_remove();
    return check_done();
}
