// SPDX-License-Identifier: MIT
//
// From frames to raw rows: parts are matched by name, arrays by width, inputs keep their order and
// their type, and every column is described.
#include "frames_fixture.h"

static void test_table(void)
{
    struct ms_data_spec s = frames_spec("y", "c", "id");
    frames_load_well(&s, "id,c,a,y\n7,red,1.5,0\n8,blue,2,1\n", "y,a,c\n1,3,red\n",
                     "new,c,y,a\n9,blue,0,4\n");
    CHECK_STR(frames_rows(), "0 1 1.5 > 0; 1 0 2 > 1; 0 1 3 > 1; 1 0 4 > 0");
    CHECK(frames_raw.n_rows == 4 && frames_raw.n_val == 1 && frames_raw.n_test == 1 &&
          frames_raw.has_test_file && frames_raw.x_type == MS_RAW_F64);
    CHECK(memcmp(frames_raw.indicator, "\1\1\0", 3) == 0);
    CHECK(frames_noted(false, "test.csv has columns that t.csv lacks, ignored: 'new'"));
    static const struct {
        const char *name, *kind;
        enum ms_data_role role;
        uint32_t width;
    } wanted[] = {{"c", "category", MS_ROLE_CATEGORY, 2},
                  {"a", "number", MS_ROLE_INPUT, 1},
                  {"y", "class", MS_ROLE_TARGET, 1},
                  {"id", "ignored", MS_ROLE_IGNORED, 0}};
    REQUIRE(frames_info.n_columns == 4);
    for (size_t i = 0; i < 4; i++) {
        CHECK_STR(frames_info.column[i].name, wanted[i].name);
        CHECK_STR(frames_info.column[i].kind, wanted[i].kind);
        CHECK_INT(frames_info.column[i].role, wanted[i].role);
        CHECK_INT(frames_info.column[i].width, wanted[i].width);
    }
    CHECK_STR(frames_info.target, "y");
    frames_refused(&s, "id,c,a,y\n7,red,1.5,0\n8,blue,2,1\n", "y,c\n1,red\n",
                   "v.csv:1: there is no column 'a', which t.csv has");
    frames_refused(&s, "id,c,a,y\n7,red,x,0\n", NULL,
                   "t.csv:2: column 3 (a): expected a number, found 'x'");
    frames_refused(&s, "id,c,a,y\n", NULL, "t.csv: a header, but no rows");
}

// Arrays: x (rows, 3) and y, of the types given, one row in each part that is not empty.
static enum ms_frame_type x_type[MS_PARTS];
static size_t x_width[MS_PARTS], y_width[MS_PARTS];

static int read_arrays(const struct ms_frame_request *q, struct ms_frame *f, struct ms_error *err)
{
    static const float floats[] = {0.5f, 1, NAN};
    static const uint8_t bytes[] = {7, 8, 255};
    static const double doubles[] = {1600000000, 1600000001, 3}, y[] = {3, 4, 5};
    size_t w = x_width[q->part], n = y_width[q->part];
    if (w == 0)
        return 0;
    snprintf(f->path, sizeof f->path, "x%d.npy", q->part);
    f->rows = 1;
    struct ms_frame_column *c = ms_frame_add(f, NULL, MS_FRAME_F64, n, err);
    REQUIRE(c && (c->file = strdup("y.npy")) && (c->value = malloc(sizeof y)));
    c->role = MS_ROLE_TARGET;
    memcpy(c->value, y, n * sizeof *y);
    c = ms_frame_add(f, NULL, x_type[q->part], w, err);
    REQUIRE(c && (c->value = malloc(sizeof doubles)));
    const void *from = c->type == MS_FRAME_F64   ? (const void *)doubles
                       : c->type == MS_FRAME_F32 ? (const void *)floats
                                                 : bytes;
    memcpy(c->value, from, w * (c->type == MS_FRAME_F64 ? 8 : c->type == MS_FRAME_F32 ? 4 : 1));
    return 0;
}

static void test_arrays(void)
{
    static const struct {
        enum ms_frame_type type[MS_PARTS];
        size_t x[MS_PARTS], y[MS_PARTS];
        enum ms_raw_type raw;
        const char *rows; // or the refusal
    } cases[] = {
        {{MS_FRAME_U8}, {3}, {1}, MS_RAW_U8, "7 8 255 > 3"},
        {{MS_FRAME_F64}, {2}, {3}, MS_RAW_F64, "1.6e+09 1.6e+09 > 3 4 5"},
        {{MS_FRAME_U8, 0, MS_FRAME_U8},
         {3, 0, 3},
         {1, 0, 1},
         MS_RAW_U8,
         "7 8 255 > 3; 7 8 255 > 3"},
        {{MS_FRAME_U8, MS_FRAME_F32}, {2, 2}, {1, 1}, MS_RAW_F32, "7 8 > 3; 0.5 1 > 3"},
        {{MS_FRAME_F32, MS_FRAME_U8, MS_FRAME_F64},
         {2, 2, 2},
         {1, 1, 1},
         MS_RAW_F64,
         "0.5 1 > 3; 7 8 > 3; 1.6e+09 1.6e+09 > 3"},
        {{MS_FRAME_F32}, {3}, {1}, 0, "x0.npy: row 0, number 2: missing value"},
        {{MS_FRAME_F64, MS_FRAME_F64},
         {3, 2},
         {1, 1},
         0,
         "x1.npy: rows of 2 numbers, those of x0.npy have 3"},
        {{MS_FRAME_F64, MS_FRAME_F64},
         {2, 2},
         {1, 2},
         0,
         "y.npy: rows of 2 targets, those of y.npy have 1"},
    };
    struct ms_data_spec s = {.source = MS_NPY, .path = "x.npy", .task = MS_REGRESSION};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CASE("arrays %zu", i);
        memcpy(x_type, cases[i].type, sizeof x_type);
        memcpy(x_width, cases[i].x, sizeof x_width);
        memcpy(y_width, cases[i].y, sizeof y_width);
        ms_raw_clear(&frames_raw);
        ms_data_info_clear(&frames_info);
        int status = ms_frames_load(read_arrays, &s, &frames_hint, ".", &frames_raw, &frames_info,
                                    &frames_err);
        CHECK_STR(status ? frames_err.text : frames_rows(), cases[i].rows);
        if (!status)
            CHECK_INT(frames_raw.x_type, cases[i].raw);
    }
}

int main(void)
{
    test_table();
    test_arrays();
    return frames_done();
}
