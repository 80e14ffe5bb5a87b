// SPDX-License-Identifier: MIT
//
// CSV files as data sets: header, rows, a test file, and every refusal with its line and column.
#include <locale.h>

#include "source_helpers.h"

static struct ms_data_spec csv(const char *text, const char *target)
{
    tmp_write("t.csv", text, strlen(text));
    struct ms_data_spec s = spec_of(MS_CSV, "t.csv");
    snprintf(s.target, sizeof s.target, "%s", target);
    return s;
}

static void test_syntax(void)
{
    static const char *const same[] = {
        "a,b,y\n1,2.5,0.5\n-3,4e1,1.5\n",
        "a,b,y\r\n1,2.5,0.5\r\n-3,4e1,1.5\r\n",
        "a,b,y\n1,2.5,0.5\n-3,4e1,1.5",              // no line end at the end
        "\na,b,y\n1,2.5,0.5\n \n-3,4e1,1.5\n\n\r\n", // blank lines
        "a,b,y\r1,2.5,0.5\r-3,4e1,1.5\r",
        "a; b; y\n1; 2.5; 0.5\n-3; 4e1; 1.5\n",
        "\xEF\xBB\xBF\"a\",\"b\",\"y\"\n\"1\",2.5,\"0.5\"\n-3,\"4e1\",1.5\n",
        "a,y,b\n 1 ,0.5,+2.50\n-3.,1.5,40\n", // the target's place does not matter
    };
    for (size_t k = 0; k < sizeof same / sizeof same[0]; k++) {
        CASE("text %zu", k);
        struct ms_data_spec s = csv(same[k], "y");
        struct loaded l = load_well(&s, 1);
        CHECK_INT(l.d.task, MS_REGRESSION);
        CHECK_INT(l.d.n_inputs, 2);
        CHECK_INT(l.d.n_train, 2);
        const float x[] = {1, 2.5f, -3, 40}, y[] = {0.5f, 1.5f};
        CHECK_THAT(memcmp(l.d.x, x, sizeof x) == 0 && memcmp(l.d.y, y, sizeof y) == 0, "text %zu",
                   k);
        free(l.block);
    }
    // Commas, quotes and line ends inside quotes; lines are counted through them.
    struct ms_data_spec s =
        csv("\"a,\"\"1\"\"\",y\n1,\"x,\ny\"\n2,\"say \"\"x\"\"\"\n3,oops,4\n", "y");
    refused(&s, MS_EFORMAT, "t.csv:5: 3 fields, the header has 2 columns", "");
    s = csv("\"a,\"\"1\"\"\",y\n1,\"x,\ny\"\n2,\"say \"\"x\"\"\"\n3,4\nz,\"x,\ny\"\n", "y");
    refused(&s, MS_EFORMAT, "t.csv:6: column 1 (a,\"1\"): expected a number, found 'z'", "");
    s = csv("\"a,\"\"1\"\"\",y\n1,\"x,\ny\"\n2,\"say \"\"x\"\"\"\n", "y");
    struct loaded l = load_well(&s, 1);
    CHECK_INT(l.d.task, MS_BINARY);
    CHECK(y_at(&l.d, 0, 0) == 1 && y_at(&l.d, 1, 0) == 0); // "say …" sorts before "x,…"
    free(l.block);
}

static void test_gzip(void)
{
    // Longer than the reader's buffer, so that rows lie across its end.
    size_t n = 20000, len = 0;
    char *text = malloc(n * 32);
    REQUIRE(text != NULL);
    len += (size_t)snprintf(text, 32, "a,y\n");
    for (size_t i = 0; i < n; i++)
        len += (size_t)snprintf(text + len, 32, "%zu.25,%zu.5\n", i, n - i);
    tmp_write("t.csv.gz", text, len);
    struct ms_data_spec s = spec_of(MS_CSV, tmp_path("t.csv.gz"));
    snprintf(s.target, sizeof s.target, "y");
    struct loaded l = load_well(&s, 1);
    CHECK_INT(l.d.n_train, n);
    size_t wrong = 0;
    for (size_t i = 0; i < l.d.n_train; i++)
        wrong += x_at(&l.d, i, 0) != (double)i + 0.25 || y_at(&l.d, i, 0) != (double)(n - i) + 0.5;
    CHECK_INT(wrong, 0);
    free(l.block);
    free(text);
    REQUIRE(truncate(tmp_path("t.csv.gz"), 1000) == 0);
    refused(&s, MS_EFORMAT, "t.csv.gz", "truncated");
}

static void test_test_file(void)
{
    const char *more = "a,y\n9,no\n8,yes\n";
    struct ms_data_spec s = csv("a,y\n1,yes\n2,no\n3,no\n", "y");
    tmp_write("test.csv", more, strlen(more));
    snprintf(s.test_path, sizeof s.test_path, "test.csv");
    struct loaded l = load_well(&s, 1);
    CHECK_INT(l.d.n_train, 3);
    CHECK_INT(l.d.n_test, 2);
    CHECK(x_at(&l.d, 3, 0) == 9 && y_at(&l.d, 3, 0) == 0 && y_at(&l.d, 4, 0) == 1);
    free(l.block);
    const char *other = "y;z;a\nno;1;9\nyes;2;8\n"; // any order, more columns, any delimiter
    tmp_write("test.csv", other, strlen(other));
    l = load_well(&s, 1);
    CHECK(l.d.n_inputs == 1 && l.d.n_test == 2);
    CHECK(x_at(&l.d, 3, 0) == 9 && y_at(&l.d, 3, 0) == 0 && y_at(&l.d, 4, 0) == 1);
    free(l.block);
    s.test = 0.5;
    refused(&s, MS_EINVAL, "test rows of their own", "");
    s.test = 0;
    static const char *const wrong[][2] = {
        {"a,y\n9,no\n8,maybe\n", "test.csv:3: column 2 (y): no row of t.csv has the class 'maybe'"},
        {"b,y\n9,no\n", "test.csv:1: there is no column 'a', which t.csv has"},
        {"a\n9\n", "test.csv:1: there is no column 'y', which t.csv has"},
        {"a,y\n", "test.csv: a header, but no rows"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        CASE("test file %zu", i);
        tmp_write("test.csv", wrong[i][0], strlen(wrong[i][0]));
        refused(&s, MS_EFORMAT, wrong[i][1], "");
    }
    s.task = MS_REGRESSION;
    s = csv("a,y\n1,1\n2,2\n", "y");
    s.task = MS_REGRESSION;
    snprintf(s.test_path, sizeof s.test_path, "test.csv");
    tmp_write("test.csv", more, strlen(more));
    refused(&s, MS_EFORMAT, "test.csv:2: column 2 (y): expected a number, found 'no'", "");
}

static void test_refused_texts(void)
{
    static const struct {
        const char *text;
        int code;
        const char *message;
    } wrong[] = {
        {"", MS_EFORMAT, "t.csv: empty file"},
        {"\n\n", MS_EFORMAT, "t.csv: empty file"},
        {"a,y\n", MS_EFORMAT, "a header, but no rows"},
        {"a,b\n1,2\n", MS_EINVAL, "t.csv:1: there is no column 'y'"},
        {"y\n1\n", MS_EFORMAT, "no column besides the target 'y'"},
        {"a,y,y\n1,2,3\n", MS_EFORMAT, "two columns are called 'y'"},
        {"a,y\n1\n", MS_EFORMAT, "t.csv:2: 1 field, the header has 2 columns"},
        {"a,y\n1,2\n1,2,3\n", MS_EFORMAT, "t.csv:3: 3 fields, the header has 2 columns"},
        {"a,y\n1,2\n,4\n", MS_EFORMAT, "t.csv:3: column 1 (a): missing value"},
        {"a,y\n1,2\n3,\n", MS_EFORMAT, "t.csv:3: column 2 (y): missing value"},
        {"a,y\n1,2\n3,\"\"\n", MS_EFORMAT, "t.csv:3: column 2 (y): missing value"},
        {"a,y\nNA,2\n", MS_EFORMAT, "t.csv:2: column 1 (a): missing value"},
        {"a,y\n nan ,2\n", MS_EFORMAT, "t.csv:2: column 1 (a): missing value"},
        {"a,y\n1,NaN\n", MS_EFORMAT, "t.csv:2: column 2 (y): missing value"},
        {"a,y\nred,2\n", MS_EFORMAT, "t.csv:2: column 1 (a): expected a number, found 'red'"},
        {"a,y\n1x,2\n", MS_EFORMAT, "expected a number, found '1x'"},
        {"a,y\n1 2,2\n", MS_EFORMAT, "expected a number, found '1 2'"},
        {"a,y\n0x10,2\n", MS_EFORMAT, "expected a number, found '0x10'"},
        {"a,y\ninf,2\n", MS_EFORMAT, "expected a number, found 'inf'"},
        {"a,y\n1e,2\n", MS_EFORMAT, "expected a number, found '1e'"},
        {"a,y\n--1,2\n", MS_EFORMAT, "expected a number, found '--1'"},
        {"a,y\n\"1,5\",2\n", MS_EFORMAT, "expected a number, found '1,5'"},
        {"a,y\n1e39,2\n", MS_EFORMAT, "a number within float's range, found 1e+39"},
        {"a,y\n1,2e39\n2,0.5\n", MS_EFORMAT,
         "t.csv:2: column 2 (y): expected a number within float's range"},
        {"a,y\n1,\"2\n3,4\n", MS_EFORMAT, "t.csv:2: column 2: the quote is never closed"},
        {"a,y\n1,\"2\"3\n", MS_EFORMAT, "t.csv:2: column 2: text after the closing quote"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        CASE("text %zu", i);
        struct ms_data_spec s = csv(wrong[i].text, "y");
        refused(&s, wrong[i].code, wrong[i].message, "t.csv");
    }
}

// A near miss of a name, a NUL byte, a field without end, files that cannot be read.
static void test_other_refusals(void)
{
    struct ms_data_spec s = csv("size,price\n1,2\n", "prise");
    refused(&s, MS_EINVAL, "there is no column 'prise', did you mean 'price'?", "");
    tmp_write("t.csv", "a,y\n1\0,2\n", 9);
    s = spec_of(MS_CSV, "t.csv");
    s.target[0] = 'y';
    refused(&s, MS_EFORMAT, "t.csv:2: column 1: NUL byte", "");
    char *text = malloc(100000);
    REQUIRE(text != NULL);
    memset(text, '1', 99999);
    text[99999] = '\0';
    memcpy(text, "a,y\n", 4);
    s = csv(text, "y");
    refused(&s, MS_ELIMIT, "t.csv:2: column 1: field longer than 65536 bytes", "");
    free(text);
    s = spec_of(MS_CSV, "missing.csv");
    refused(&s, MS_EIO, "missing.csv", "No such file");
    s = spec_of(MS_CSV, tmp_dir);
    refused(&s, MS_EIO, tmp_dir, "folder");
}

// A program whose locale writes "1,5" still reads "1.5".
static void test_locale(void)
{
    if (!setlocale(LC_ALL, "de_DE.UTF-8")) {
        puts("no locale de_DE.UTF-8 here: part skipped");
        return;
    }
    struct ms_data_spec s = csv("a,y\n1.5,2.5\n", "y");
    struct loaded l = load_well(&s, 1);
    CHECK(x_at(&l.d, 0, 0) == 1.5 && y_at(&l.d, 0, 0) == 2.5);
    free(l.block);
    setlocale(LC_ALL, "C");
}

// Whatever one byte becomes, the file is read or refused; the sanitizers watch.
static void test_mutations(void)
{
    const char *text = "a,b,y\n1,2,x\r\n\"3\",\"4\",\"z,\"\"\"\n";
    size_t n = strlen(text);
    static const char values[] = {'\0', '"', ',', '\n', '\r', '9', 'e', '\xff'};
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < sizeof values; k++) {
            char copy[64];
            memcpy(copy, text, n);
            copy[i] = values[k];
            tmp_write("t.csv", copy, n);
            struct ms_data_spec s = spec_of(MS_CSV, "t.csv");
            s.target[0] = 'y';
            struct loaded l = load(&s, 1);
            free(l.block);
        }
    }
}

int main(void)
{
    tmp_make();
    test_syntax();
    test_gzip();
    test_test_file();
    test_refused_texts();
    test_other_refusals();
    test_locale();
    test_mutations();
    tmp_remove();
    return check_done();
}
