// SPDX-License-Identifier: MIT
//
// The delimiter that is found from a file's first lines.
#include "source_helpers.h"

#include "coordinator/source/csv_dialect.h"

static struct ms_csv *reader;

static void found(const char *text, const struct ms_data_spec *spec, char wanted)
{
    CASE("%s", text);
    struct ms_error err = {0};
    tmp_write("t.csv", text, strlen(text));
    REQUIRE(ms_csv_open(reader, spec, tmp_dir, "t.csv", &err) == 0);
    ms_csv_dialect_find(reader, spec);
    CHECK_THAT(reader->delimiter == wanted, "found '%c', not '%c'", reader->delimiter, wanted);
    CHECK(ms_csv_row(reader, &err) == (text[0] != 0)); // it is at the beginning again
    CHECK(reader->row_line == (text[0] != 0));
    ms_csv_close(reader);
}

static void test_header_decides(void)
{
    const struct ms_data_spec spec = {.encoding = -1};
    found("a,b\n1,2\n", &spec, ',');
    found("a;b\n1;2\n", &spec, ';');
    found("a\tb\n1\t2\n", &spec, '\t');
    found("a|b\n1|2\n", &spec, '|');
    found("\"fixed acidity\";\"pH\";\"quality\"\n7.4;3.51;5\n7.8;3.2;6\n", &spec, ';');
    found("a;b\n1,5;2,5\n", &spec, ';');             // decimal commas
    found("a, in m;b, in s;c\n1;2;3\n", &spec, ';'); // commas in names
    found("\"a,b\";c\n\"1,2\";3\n", &spec, ';');     // and in quotes
    found("a;b,c;d,e;f\n1;2,3;4,5;6\n", &spec, ';'); // 4 and 3 columns
    found("a,b;c\n1,2;3\n", &spec, ',');             // no difference
    found("a;b;c\n1;2;3;\n", &spec, ';');            // a delimiter at the end of rows
    found("a;b;c;\n1;2;3\n", &spec, ';');            // of the header
    found("a,b;c\n1,2;3;4\n", &spec, ',');           // as its rows have as many as its header
    found("a;b;c\n", &spec, ';');                    // nothing but a header
    found("a\n1\n", &spec, ',');                     // nothing to find
    found("", &spec, ',');
    found("a;b\n1\n", &spec, ';'); // rows are wrong, so that they can be refused
}

static void test_given(void)
{
    struct ms_data_spec spec = {.encoding = -1, .delimiter = ':'};
    found("a,b:c\n1,2:3\n", &spec, ':');
    spec.delimiter = ' ';
    found("a,b c\n1,2 3\n", &spec, ' ');
    spec = (struct ms_data_spec){.encoding = -1, .decimal = ','};
    found("a,b;c\n1,2;3\n", &spec, ';'); // a decimal sign separates no fields
    found("a\n1\n", &spec, ';');
    spec = (struct ms_data_spec){.encoding = -1, .thousands = ','};
    found("a,b|c\n1,2|3\n", &spec, '|');
}

// A header that is longer than what is looked at.
static void test_long_header(void)
{
    const struct ms_data_spec spec = {.encoding = -1};
    enum { N = 20000 };
    char *text = malloc(2 * 6 * N + 1), *to = text;
    REQUIRE(text != NULL);
    for (int i = 0; i < N; i++)
        to += sprintf(to, "%05d%c", i, i + 1 < N ? ';' : '\n');
    found(text, &spec, ';');
    free(text);
}

static void test_names(void)
{
    char name[8];
    CHECK_STR(ms_csv_dialect_name(';', name), "';'");
    CHECK_STR(ms_csv_dialect_name('\t', name), "tab");
    CHECK_STR(ms_csv_dialect_name(' ', name), "blanks");
}

int main(void)
{
    tmp_make();
    reader = malloc(sizeof *reader);
    REQUIRE(reader != NULL);
    test_header_decides();
    test_given();
    test_long_header();
    test_names();
    free(reader);
    tmp_remove();
    return check_done();
}
