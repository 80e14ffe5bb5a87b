// SPDX-License-Identifier: MIT
//
// The source "svmlight": the same numbers as scikit-learn's load_svmlight_file, second files of
// more and fewer features, and what is refused. svmlight-*.txt and their .expect are the work of
// make_svmlight.py.
#include "source_helpers.h"

#define UNIT MS_SOURCE_DIR "/tests/unit/source/"

static void write_text(const char *name, const char *text)
{
    tmp_write(name, text, strlen(text));
}

static struct ms_data_spec svm(const char *name)
{
    return spec_of(MS_SVMLIGHT, tmp_path(name));
}

// Compares a block with what scikit-learn read. n_features 0: as found.
static void check_expected(const char *name, int n_features)
{
    CASE("%s", name);
    char path[300];
    snprintf(path, sizeof path, UNIT "%s.txt", name);
    struct ms_data_spec s = spec_of(MS_SVMLIGHT, path);
    s.task = MS_REGRESSION;
    s.n_features = n_features;
    struct loaded l = load_well(&s, 1);
    snprintf(path, sizeof path, UNIT "%s.expect", name);
    FILE *f = fopen(path, "r");
    REQUIRE(f != NULL);
    int rows, width, wrong = 0;
    double v;
    REQUIRE(fscanf(f, "%d %d", &rows, &width) == 2);
    CHECK_INT(l.d.n_train, rows);
    CHECK_INT(l.d.n_inputs, width);
    REQUIRE(l.d.n_train == (uint32_t)rows && l.d.n_inputs == width);
    for (int i = 0; i < rows; i++)
        for (int j = -1; j < width; j++) {
            REQUIRE(fscanf(f, "%lf", &v) == 1);
            double found = j < 0 ? y_at(&l.d, (size_t)i, 0) : x_at(&l.d, (size_t)i, (size_t)j);
            wrong += found != (double)(float)v;
        }
    CHECK_INT(wrong, 0);
    fclose(f);
    free(l.block);
}

static void test_scikit_learn(void)
{
    check_expected("svmlight-one", 0);
    check_expected("svmlight-zero", 0);
    check_expected("svmlight-query", 0);
    check_expected("svmlight-by-hand", 6);
}

// Labels are classes or numbers by the rule of all sources; gzipped, with a BOM.
static void test_labels(void)
{
    write_text("a.svm.gz", "\xef\xbb\xbf-1 1:1\n+1 2:1\n-1 1:3");
    struct ms_data_spec s = svm("a.svm.gz");
    struct loaded l = load_well(&s, 1);
    CHECK(l.d.task == MS_BINARY && l.d.n_train == 3 && l.d.n_inputs == 2);
    CHECK(y_at(&l.d, 0, 0) == 0 && y_at(&l.d, 1, 0) == 1 && x_at(&l.d, 2, 0) == 3);
    free(l.block);
    write_text("b.svm", "0.5 1:1\n1.5 2:1\n");
    s = svm("b.svm");
    l = load_well(&s, 1);
    CHECK(l.d.task == MS_REGRESSION && y_at(&l.d, 1, 0) == 1.5);
    free(l.block);
}

// Where indices begin: the training file says it for all, or the sweep file.
static void test_base(void)
{
    write_text("one.svm", "1 1:5 2:6\n0 2:7\n");
    write_text("zero.svm", "1 0:5 1:6\n0 1:7\n");
    struct ms_data_spec s = svm("one.svm");
    s.zero_based = MS_SWITCH_TRUE; // a column of zeros comes first
    struct loaded l = load_well(&s, 1);
    CHECK(l.d.n_inputs == 3 && x_at(&l.d, 0, 0) == 0 && x_at(&l.d, 0, 1) == 5);
    free(l.block);
    s = svm("zero.svm");
    l = load_well(&s, 1);
    CHECK(l.d.n_inputs == 2 && x_at(&l.d, 0, 0) == 5);
    free(l.block);
    s.zero_based = MS_SWITCH_FALSE;
    refused(&s, MS_EFORMAT, "zero.svm:1: found index 0, but indices begin at 1",
            "\"zero_based\": false");
    s = svm("one.svm");
    snprintf(s.test_path, sizeof s.test_path, "zero.svm");
    refused(&s, MS_EFORMAT,
            "zero.svm:1: found index 0, but indices begin at 1 in the training file",
            "\"zero_based\": true lets them begin at 0");
    s = svm("zero.svm");
    snprintf(s.test_path, sizeof s.test_path, "one.svm"); // its indices count from 0 too
    s.n_features = 3;
    l = load_well(&s, 1);
    CHECK(l.d.n_test == 2 && x_at(&l.d, 2, 0) == 0 && x_at(&l.d, 2, 1) == 5 &&
          x_at(&l.d, 3, 2) == 7);
    free(l.block);
}

static void test_second_files(void)
{
    write_text("train.svm", "1 1:5 3:6\n0 2:7\n");
    write_text("fewer.svm", "0 1:1\n");
    write_text("more.svm", "1\n# a comment\n0 1:1 4:1 5:2\n");
    struct ms_data_spec s = svm("train.svm");
    snprintf(s.val_path, sizeof s.val_path, "fewer.svm");
    struct loaded l = load_well(&s, 1);
    CHECK(l.d.n_inputs == 3 && l.d.n_val == 1 && x_at(&l.d, 2, 0) == 1 && x_at(&l.d, 2, 2) == 0);
    free(l.block);
    snprintf(s.test_path, sizeof s.test_path, "more.svm");
    refused(&s, MS_EFORMAT,
            "more.svm:3: found index 5, but the training file has 3 features; \"n_features\": 5 or "
            "more takes it",
            "");
    s.n_features = 4;
    refused(&s, MS_EFORMAT, "more.svm:3: found index 5, but \"n_features\" allows 4 features", "");
    s.n_features = 5;
    l = load_well(&s, 1);
    CHECK(l.d.n_inputs == 5 && l.d.n_test == 2 && x_at(&l.d, 4, 4) == 2);
    free(l.block);
}

static void test_missing(void)
{
    write_text("hole.svm", "1 1:1\n2 1:nan 2:1\n3 1:5\n");
    struct ms_data_spec s = svm("hole.svm");
    refused(&s, MS_EFORMAT, "hole.svm:2: index 1: missing value", "");
    s.missing = MS_MISSING_MEAN;
    struct loaded l = load_well(&s, 1);
    CHECK(x_at(&l.d, 1, 0) == 3);
    free(l.block);
    s.missing = MS_MISSING_DROP;
    l = load_well(&s, 1);
    CHECK(l.d.n_train == 2 && x_at(&l.d, 1, 0) == 5);
    free(l.block);
    write_text("label.svm", "1 1:1\nnan 1:2\n");
    s = svm("label.svm");
    refused(&s, MS_EFORMAT, "label.svm:2: the label: missing value", "");
    write_text("far.svm", "1 1:1\n1 1:1e39\n");
    s = svm("far.svm");
    refused(&s, MS_EFORMAT, "far.svm:2: index 1: ", "float's range");
}

static void test_refused(void)
{
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"", "no rows"},
        {"# only a comment\n\n", "no rows"},
        {"1\n2\n", "0 features; 1 to 1048576 are possible"},
        {"1 1:1\n1,2 1:1\n", "x.svm:2: found the labels '1,2'"},
        {"1 2000000:1\n", "2000000 features; 1 to 1048576 are possible"},
        {"1 1:1\n\n2 b:1\n", "x.svm:3: expected index:value, found 'b:1'"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CASE("%s", rows[i].text);
        write_text("x.svm", rows[i].text);
        struct ms_data_spec s = svm("x.svm");
        struct loaded l = load(&s, 1);
        CHECK_THAT(l.status < 0 && strstr(l.err.text, rows[i].message), "'%s'", l.err.text);
    }
    tmp_write("nul.svm", "1 1:1\n1 1\0:1\n", 13);
    struct ms_data_spec s = svm("nul.svm");
    refused(&s, MS_EFORMAT, "nul.svm:2: a NUL byte: this is no text file", "");
    s = svm("nothere.svm");
    refused(&s, MS_EIO, "nothere.svm", "No such file");
}

// Lines longer than a chunk of the reader, which ends anywhere in them.
static void test_long_lines(void)
{
    enum { N = 40000, ROWS = 3 };
    char *text = malloc(N * ROWS * 12);
    REQUIRE(text);
    size_t n = 0;
    for (int row = 0; row < ROWS; row++) {
        n += (size_t)sprintf(text + n, "%d", row);
        for (int i = 1; i <= N; i++)
            n += (size_t)sprintf(text + n, " %d:%d", i, (i + row) % 100);
        n += (size_t)sprintf(text + n, "\n");
    }
    tmp_write("long.svm", text, n);
    struct ms_data_spec s = svm("long.svm");
    struct loaded l = load_well(&s, 1);
    int wrong = 0;
    CHECK(l.d.n_inputs == N && l.d.n_train == ROWS);
    for (int row = 0; row < ROWS; row++)
        for (int i = 1; i <= N; i++)
            wrong += x_at(&l.d, (size_t)row, (size_t)i - 1) != (i + row) % 100;
    CHECK_INT(wrong, 0);
    free(l.block);
    free(text);
}

static void test_note(void)
{
    write_text("q.svm", "1 qid:1 1:1\n0 qid:2 1:2\n");
    const struct ms_data_spec s = svm("q.svm");
    struct ms_data_info info = {0};
    struct ms_error err = {0};
    void *block;
    size_t size;
    CHECK_INT(ms_source_load(&s, NULL, tmp_dir, 1, &block, &size, &info, &err), 0);
    bool noted = false;
    for (size_t i = 0; i < info.n_notes; i++)
        noted = noted || strstr(info.note[i].text, "the queries (qid:) of ");
    CHECK(noted);
    CHECK(strcmp(info.source, "svmlight") == 0 && info.n_files == 1);
    ms_data_info_clear(&info);
    free(block);
}

int main(void)
{
    tmp_make();
    test_scikit_learn();
    test_labels();
    test_base();
    test_second_files();
    test_missing();
    test_refused();
    test_long_lines();
    test_note();
    tmp_remove();
    return check_done();
}
