// SPDX-License-Identifier: MIT
//
// NPY headers as text, and arrays as bytes: types, byte orders, element orders, versions, limits.
// Archives of NumPy's own making are read in test_read_npy.c.
#include "source_helpers.h"

#include <math.h>

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

static struct ms_frame_column c;

static void clear(void)
{
    for (size_t k = 0; k < c.n_labels; k++)
        free(c.label[k]);
    free(c.label);
    free(c.value);
    c = (struct ms_frame_column){0};
}

static void read_well(const char *path)
{
    struct ms_npy a;
    clear();
    CHECK_THAT(ms_npy_read(path, NULL, &a, &c, &err) == 0, "%s", err.text);
}

static void test_order(void)
{
    static const uint8_t pairs[] = {0, 1, 0xff, 0xfe, 0x80, 0, 1, 2, 3, 4, 5, 6};
    // Big-endian signed pairs, the first index fastest: rows 0, 1, 2 of column 0, then of column 1.
    read_well(write_npy(2, "{'descr': '>i2', 'fortran_order': True, 'shape': (3, 2)}", pairs,
                        sizeof pairs));
    const float wanted[] = {1, 258, -2, 772, -32768, 1286};
    CHECK(c.type == MS_FRAME_F32 && c.width == 2 && memcmp(c.value, wanted, sizeof wanted) == 0);

    // Three indices in Fortran order: element (r, i, j) of shape (1, 2, 3) is at i + 2j.
    read_well(write_npy(3, "{'descr': '|u1', 'fortran_order': True, 'shape': (1, 2, 3)}",
                        "\0\1\2\3\4\5", 6));
    const uint8_t turned[] = {0, 2, 4, 1, 3, 5};
    CHECK(c.type == MS_FRAME_U8 && c.width == 6 && memcmp(c.value, turned, sizeof turned) == 0);

    read_well(write_npy(1, "{'descr': '|b1', 'fortran_order': False, 'shape': (3,)}", "\0\1\7", 3));
    CHECK(c.type == MS_FRAME_U8 && memcmp(c.value, "\0\1\1", 3) == 0); // a bool is 0 or 1
    CHECK_STR(c.kind, "boolean");
}

// Bits of NumPy's own: np.array([...], dtype).tobytes() of NumPy 1.24.
static void test_types(void)
{
    static const struct {
        const char *type;
        const char bytes[17];
        double a, b;
    } known[] = {
        {"<f2", "\x66\x2e\xff\xfb", 0.0999755859375, -65504},
        {">f2", "\x00\x01\x80\x00", 0x1p-24, -0.0},
        {"<f2", "\x00\x7c\x00\xfc", INFINITY, -INFINITY},
        {"|i1", "\x80\x7f", -128, 127},
        {"<u2", "\xff\xff\x00\x00", 65535, 0},
        {"<i4", "\x01\x00\x00\x01\xff\xff\xff\xff", 16777217, -1},
        {">u4", "\xff\xff\xff\xff\x00\x00\x00\x02", 4294967295., 2},
        {"<i8", "\x00\x00\x00\x00\x00\x00\x20\x00\x01\x00\x00\x00\x00\x00\xe0\xff",
         9007199254740992., -9007199254740991.},
        {">u8", "\x00\x00\x00\x00\x5f\x5e\x10\x00\x80\x00\x00\x00\x00\x00\x00\x00", 1600000000,
         9223372036854775808.},
        {"<f8", "\x9a\x99\x99\x99\x99\x99\xb9\x3f\x37\xa2\x91\xec\xc2\x94\x3f\xc8", 0.1,
         -1e39}, // beyond float, which the rules about missing values refuse
        {">f4", "\x3d\xcc\xcc\xcd\x7f\xc0\x00\x00", 0.100000001490116119, NAN},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        CASE("%s, case %zu", known[i].type, i);
        char head[100];
        size_t each = (size_t)(known[i].type[2] - '0');
        snprintf(head, sizeof head, "{'descr': '%s', 'fortran_order': False, 'shape': (2,)}",
                 known[i].type);
        read_well(write_npy(1, head, known[i].bytes, 2 * each));
        bool narrow = c.type == MS_FRAME_F32;
        CHECK_INT(narrow, each <= 2 || strcmp(known[i].type + 1, "f4") == 0);
        for (int k = 0; k < 2; k++) {
            double v = narrow ? (double)((float *)c.value)[k] : ((double *)c.value)[k];
            double wanted = k ? known[i].b : known[i].a;
            if (isnan(wanted))
                CHECK(isnan(v));
            else if (fabs(wanted) != 1e39)
                CHECK_THAT(v == wanted && signbit(v) == signbit(wanted), "%.17g", v);
        }
    }
}

static void test_texts(void)
{
    read_well(write_npy(1, "{'descr': '|S3', 'fortran_order': False, 'shape': (4, 1)}",
                        "no\0yes\0\0\0no\0", 12));
    const uint32_t *value = c.value;
    CHECK(c.type == MS_FRAME_TEXT && c.n_labels == 2);
    CHECK(value[0] == 0 && value[1] == 1 && value[2] == MS_FRAME_NONE && value[3] == 0);
    CHECK_STR(c.label[1], "yes");
    read_well(write_npy(1, "{'descr': '<U2', 'fortran_order': False, 'shape': (2,)}",
                        "\xe4\0\0\0x\0\0\0\x00\xf6\x01\0\0\0\0\0", 16));
    CHECK_STR(c.label[0], "äx");
    CHECK_STR(c.label[1], "😀");
    read_well(
        write_npy(1, "{'descr': '>U1', 'fortran_order': False, 'shape': (1,)}", "\0\0\0a", 4));
    CHECK_STR(c.label[0], "a");
}

static void test_refusals(void)
{
    static const struct {
        int version;
        const char *dictionary;
        const char *bytes;
        size_t n;
        const char *why;
    } wrong[] = {
        {0, "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", "12345678", 8,
         "NPY version 0; 1 to 3 can be read"},
        {4, "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", "12345678", 8,
         "NPY version 4; 1 to 3 can be read"},
        {1, "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", "1234567", 7,
         "8 bytes of data expected, 7 found"},
        {1, "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", "123456789", 9,
         "8 bytes of data expected, 9 found"},
        {1, "{'descr': '|S1', 'fortran_order': False, 'shape': (1, 2)}", "ab", 2, "2 texts"},
        {1, "{'descr': '|S2', 'fortran_order': False, 'shape': (1,)}", "\xff\xfe", 2, "UTF-8"},
        {1, "{'descr': '|S3', 'fortran_order': False, 'shape': (1,)}", "a\0b", 3, "UTF-8"},
        {1, "{'descr': '<U1', 'fortran_order': False, 'shape': (1,)}", "\0\xd8\0\0", 4, "UTF-8"},
        {1, "{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", "12345678", 8, ".astype"},
        {1, "{'descr': '<M8[ns]', 'fortran_order': False, 'shape': (1,)}", "12345678", 8, "M8"},
        {1, "{'descr': '|S0', 'fortran_order': False, 'shape': (1,)}", "", 0, "type '|S0'"},
    };
    struct ms_npy a;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CASE("version %d, %s", wrong[i].version, wrong[i].dictionary);
        const char *path =
            write_npy(wrong[i].version, wrong[i].dictionary, wrong[i].bytes, wrong[i].n);
        clear();
        int status = ms_npy_read(path, NULL, &a, &c, &err);
        CHECK_THAT(status == MS_EFORMAT && strstr(err.text, wrong[i].why), "%d, '%s'", status,
                   err.text);
    }
    const char *path = write_npy(1, "{'descr': '<i8', 'fortran_order': False, 'shape': (1,)}",
                                 "\x01\0\0\0\0\0\x20\0", 8);
    clear();
    CHECK_INT(ms_npy_read(path, NULL, &a, &c, &err), MS_ELIMIT);
    CHECK_THAT(strstr(err.text, "2^53"), "%s", err.text);
    tmp_write("x.npy", "\x93NUMPY\2\0\xff\xff\xff\xff", 12); // a header of 4 GB
    CHECK_INT(ms_npy_read(tmp_path("x.npy"), NULL, &a, &c, &err), MS_ELIMIT);
    tmp_write("x.npy", "\x93NUMPY\1\0\xff\xff{", 11);
    CHECK_INT(ms_npy_read(tmp_path("x.npy"), NULL, &a, &c, &err), MS_EFORMAT);
    CHECK_INT(ms_npy_read(tmp_path("none"), NULL, &a, &c, &err), MS_EIO);
    CHECK_INT(ms_npy_read(tmp_path("none"), "x", &a, &c, &err), MS_EIO);
    clear();
}

int main(void)
{
    tmp_make();
    test_headers();
    test_order();
    test_types();
    test_texts();
    test_refusals();
    tmp_remove();
    return check_done();
}
