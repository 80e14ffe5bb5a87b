// SPDX-License-Identifier: MIT
//
// Headers, files without one, and delimiters at the end of lines, as frames show them.
#include "csv_fixture.h"

static void test_looks_like_data(void)
{
    static const struct {
        const char *text, *message;
    } data[] = {
        {"5.1,1.4,3\n4.9,1.5,2\n", "t.csv:1: the first line looks like data, not like a header: "
                                   "every field is a number; \"header\": false reads it as data, "
                                   "\"header\": true as the columns' names"},
        {"5.1,NA,3\n4.9,1.5,2\n", "every field is a number"},
        {"5.1,1.4,setosa\n4.9,1.5,setosa\n", "line 2 has 'setosa' in column 3, too"},
        {"5.1,1.4,setosa\n4.9,1.5,virginica\n\n7,1.4, \"setosa\"\n", "line 4 has 'setosa'"},
        {"\n5.1;1.4;3\n4.9;1.5;2\n", "t.csv:2: the first line looks like data"},
    };
    struct ms_data_spec spec = csv_spec("y");
    for (size_t i = 0; i < sizeof data / sizeof *data; i++) {
        CASE("%s", data[i].text);
        csv_refuses(&spec, data[i].text, data[i].message);
    }
    csv_reads(&spec, "y,2019\n1,2\n", "y: 1|2019: 2|");
    csv_reads(&spec, "NA,y\n1,2\nNA,3\n", "NA: 1 -|y: 2 3|");  // sodium
    csv_reads(&spec, "a,y\n1,a\n2,b\n", "a: 1 2|y:text a b|"); // of another column
}

static void test_given(void)
{
    struct ms_data_spec spec = csv_spec("3");
    spec.header = MS_SWITCH_FALSE;
    csv_reads(&spec, "5.5,1.25,setosa\n4.5,1.5,setosa\n",
              "1: 5.5 4.5|2: 1.25 1.5|3:text setosa setosa|");
    CHECK(csv_frame.header == 0 && csv_frame.line[0] == 1 && csv_frame.line[1] == 2);
    CHECK(!csv_frame.column[0].nameless);
    snprintf(spec.categorical, sizeof spec.categorical, "1");
    snprintf(spec.ignore, sizeof spec.ignore, "2");
    csv_reads(&spec, "5,1,8\n4,1,9\n", "1:text 5 4|2:left|3: 8 9|");
    csv_refuses(&spec, "5,1\n4,1\n", "t.csv: there is no column '3'");
    CHECK_INT(csv_read(&spec, "5,1,8\n4,1,9\n"), 0); // later files have none either
    CHECK_INT(csv_read_later(&spec, "6,x,7\n"), 0);
    CHECK_STR(csv_text(&csv_later), "1:text 6|2:left|3: 7|");
    spec = csv_spec("3");
    spec.header = MS_SWITCH_TRUE;
    csv_reads(&spec, "1,3\n5,6\n", "1: 5|3: 6|");
    snprintf(spec.categorical, sizeof spec.categorical, "a");
    csv_reads(&spec, "a,3\na,6\n", "a:text a|3: 6|");
}

static void test_nameless(void)
{
    struct ms_data_spec spec = csv_spec("y");
    csv_reads(&spec, ",a,y\n0,1,3\n1,4,7\n", "column 1: 0 1|a: 1 4|y: 3 7|");
    CHECK(csv_frame.column[0].nameless && !csv_frame.column[1].nameless);
    snprintf(spec.ignore, sizeof spec.ignore, "column 1");
    csv_reads(&spec, ",a,y\n0,1,3\n1,4,7\n", "column 1:left|a: 1 4|y: 3 7|");
}

static void test_open_lines(void)
{
    struct ms_data_spec spec = csv_spec("y");
    csv_reads(&spec, "a,b,y\n1,2,3,\n4,5,6,\n", "a: 1 4|b: 2 5|y: 3 6|");
    CHECK_STR(csv_notes(), "t.csv: the delimiter at the end of rows was left out|");
    csv_reads(&spec, "a;b;y;\n1;2;3;\n4;5;6;\n", "a: 1 4|b: 2 5|y: 3 6|");
    CHECK_STR(csv_notes(), "t.csv: delimiter ';'; \"delimiter\" changes it|"
                           "t.csv: the delimiter at the end of lines was left out|");
    csv_reads(&spec, "a,b,y,\n1,2,3\n4,5,6\n", "a: 1 4|b: 2 5|y: 3 6|");
    CHECK_STR(csv_notes(), "t.csv: the delimiter at the end of the header was left out|");
    // A column of its own:
    csv_reads(&spec, "a,b,y,\n1,2,3,\n4,5,6,7\n", "a: 1 4|b: 2 5|y: 3 6|column 4: - 7|");
    CHECK_STR(csv_notes(), "");
    csv_reads(&spec, "a,b,y\n1,2,\n4,5,\n", "a: 1 4|b: 2 5|y: - -|");
    snprintf(spec.ignore, sizeof spec.ignore, "column 4");
    csv_reads(&spec, "a,b,y,\n1,2,3,\n", "a: 1|b: 2|y: 3|column 4:left|");
    spec = csv_spec("2");
    spec.header = MS_SWITCH_FALSE;
    csv_reads(&spec, "1,2,\n4,5,\n", "1: 1 4|2: 2 5|");
    csv_reads(&spec, "1,2,\n", "1: 1|2: 2|");
    csv_reads(&spec, "1,2,\n3,4,5\n", "1: 1 3|2: 2 4|3: - 5|");
}

// One line in a hundred and more ends differently.
static void test_open_late(void)
{
    struct ms_data_spec spec = csv_spec("y");
    char text[4000] = "a,y,\n";
    for (int i = 0; i < 150; i++)
        strcat(text, "1,2,\n");
    strcat(text, "1,2,3\n");
    csv_refuses(&spec, text,
                "t.csv:152: column 3 has no name and was empty in the first rows, found '3'");
    strcpy(text + strlen(text) - 6, "1,2\n");
    csv_refuses(&spec, text, "t.csv:152: 2 fields, the first row has 3, the last of them empty");
}

// A first row that is longer than what is looked at.
static void test_long_row(void)
{
    enum { N = 20000 };
    struct ms_data_spec spec = csv_spec("1");
    char *text = malloc(2 * 6 * N + 1), *to = text;
    REQUIRE(text != NULL);
    for (int row = 0; row < 2; row++)
        for (int i = 0; i < N; i++)
            to += sprintf(to, "%05d%c", i + row, i + 1 < N ? ',' : '\n');
    spec.header = MS_SWITCH_FALSE;
    CHECK_THAT(csv_read(&spec, text) == 0, "%s", csv_err.text);
    CHECK(csv_frame.n_columns == N && csv_frame.rows == 2);
    CHECK(((double *)csv_frame.column[N - 1].value)[0] == N - 1);
    CHECK(((double *)csv_frame.column[N - 1].value)[1] == N);
    free(text);
}

int main(void)
{
    tmp_make();
    test_looks_like_data();
    test_given();
    test_nameless();
    test_open_lines();
    test_open_late();
    test_long_row();
    csv_end();
    return check_done();
}
