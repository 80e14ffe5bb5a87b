// SPDX-License-Identifier: MIT
//
// Fields as values of a frame: numbers, true and false, dates, words, targets that are either, and
// what is said where they are mixed. Dates' seconds are Python's (see test_csv_date.c).
#include "csv_fixture.h"

static void test_inputs(void)
{
    struct ms_data_spec spec = csv_spec("y");
    csv_reads(&spec, "a,y\n1,1\nNA,2\n 2.5 ,3\n", "a: 1 - 2.5|y: 1 2 3|");
    csv_reads(&spec, "a,b,y\ntrue,No,1\n,yes,2\nFALSE,YES,3\n",
              "a:boolean 1 - 0|b:boolean 0 1 1|y: 1 2 3|");
    CHECK_STR(csv_notes(), "true, yes are read as 1 and false, no as 0 in a, b; \"categorical\" "
                           "changes it|");
    csv_reads(&spec, "a,y\n,1\n?,2\n", "a: - -|y: 1 2|"); // nothing but missing values
    spec.dates = MS_DATES_SECONDS;
    csv_reads(&spec, "a,b,y\n2024-01-31,09:30,1\n2024-01-31T12:34:56Z,NA,2\n",
              "a:date 1706659200 1706704496|b:time 34200 -|y: 1 2|");
    spec = csv_spec("y");
    snprintf(spec.categorical, sizeof spec.categorical, "a");
    csv_reads(&spec, "a,y\ntrue,1\n\" x \",2\nNone,3\nnone,4\n",
              "a:text true  x  - none|y: 1 2 3 4|");
    CHECK_STR(csv_notes(), "");
    snprintf(spec.missing_values, sizeof spec.missing_values, "-\n-9");
    csv_reads(&spec, "a,b,y\n-,-9.0,1\nx,-,2\n", "a:text - x|b: - -|y: 1 2|");
    spec = csv_spec("y");
    spec.decimal = ',';
    spec.thousands = '.';
    csv_reads(&spec, "a;y\n1.234,5;2,5\n", "a: 1234.5|y: 2.5|");
}

static void test_refused(void)
{
    static const struct {
        const char *rows, *message;
    } wrong[] = {
        {"x,1\n", "t.csv:2: column 1 (a): expected a number, found 'x'; columns of words belong "
                  "in \"categorical\" or \"ignore\""},
        {"1,1\n0x10,1\n", "t.csv:3: column 1 (a): expected a number, found '0x10'; columns"},
        {"inf,1\n", "expected a number, found 'inf'"},
        {"\"7,4\",1\n",
         "found '7,4'; \"decimal\": \",\" reads decimal commas, \"thousands\": \",\""},
        {"-,1\n", "found '-'; \"missing_values\": [\"-\"] makes it a missing value"},
        {"2024-01-31,1\n", "found '2024-01-31'; \"dates\": \"seconds\" reads dates"},
        {"12:30,1\n", "found '12:30'; \"dates\": \"seconds\" reads dates"},
        {"31.01.2024,1\n", "found '31.01.2024'; dates are read as 2024-01-31"},
        {"1,1\ntrue,1\n", "t.csv:3: column 1 (a): expected a number, found 'true', as in the rows"},
        {"true,1\n1,1\n", "t.csv:3: column 1 (a): expected true or false, found '1', as in"},
        {"yes,1\nfalse,1\n", "expected yes or no, found 'false', as in the rows before"},
        {"yes,1\nx,1\n", "expected yes or no, found 'x', as in the rows before"},
    };
    struct ms_data_spec spec = csv_spec("y");
    char text[200];
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CASE("%s", wrong[i].rows);
        snprintf(text, sizeof text, "a,y\n%s", wrong[i].rows);
        csv_refuses(&spec, text, wrong[i].message);
    }
    spec.dates = MS_DATES_SECONDS;
    csv_refuses(&spec, "a,y\n2024-01-31,1\n12:30,1\n", "expected a date, found '12:30', as in");
    csv_refuses(&spec, "a,y\n2024-01-31,1\n7,1\n", "expected a date, found '7', as in");
    csv_refuses(&spec, "a,y\n12:30,1\n2024-01-31,1\n", "expected a time, found '2024-01-31', as");
    csv_refuses(&spec, "a,y\n31.01.2024,1\n", "dates are read as 2024-01-31");
    spec = csv_spec("y");
    spec.thousands = ',';
    csv_refuses(&spec, "a;y\n12,34;1\n",
                "with \"thousands\", ',' must stand between groups of three");
}

static void test_targets(void)
{
    struct ms_data_spec spec = csv_spec("y");
    csv_reads(&spec, "a,y\n1,1.50\n2,NA\n3,2\n", "a: 1 2 3|y: 1.5 - 2|");
    CHECK(csv_frame.column[1].n_labels == 0);
    csv_reads(&spec, "a,y\n1,01\n2,1.0\n3,x\n4,\n5,01\n", "a: 1 2 3 4 5|y:text 01 1.0 x - 01|");
    CHECK_INT(csv_frame.column[1].text_row, 2);
    csv_reads(&spec, "a,y\n1,true\n2,false\n", "a: 1 2|y:text true false|");
    CHECK_INT(csv_frame.column[1].text_row, 0);
    spec.dates = MS_DATES_SECONDS; // dates and times are numbers, unless they are mixed
    csv_reads(&spec, "a,y\n1,1970-01-02\n2,1970-01-03\n", "a: 1 2|y:date 86400 172800|");
    csv_reads(&spec, "a,y\n1,00:01\n2,01:00\n", "a: 1 2|y:time 60 3600|");
    csv_reads(&spec, "a,y\n1,00:01\n2,7\n", "a: 1 2|y:text 00:01 7|");
    spec = csv_spec("z\ny");
    csv_reads(&spec, "a,y,z\n1,2,x\n", "a: 1|y: 2|z:text x|");
    CHECK(csv_frame.column[1].target == 1 && csv_frame.column[2].target == 0);
}

// A target with more texts than there can be classes holds numbers.
static void test_many_targets(void)
{
    enum { N = 65537 };
    struct ms_data_spec spec = csv_spec("y");
    char *text = malloc(16 * N), *to = text;
    REQUIRE(text != NULL);
    to += sprintf(to, "a,y\n");
    for (int i = 0; i < N; i++)
        to += sprintf(to, "1,%d\n", i);
    CHECK_INT(csv_read(&spec, text), 0);
    CHECK(csv_frame.rows == N && csv_frame.column[1].type == MS_FRAME_F64);
    strcpy(to, "1,x\n");
    csv_refuses(&spec, text, "t.csv:65539: column 2 (y): expected a number, found 'x'");
    free(text);
}

// A later file's columns hold what the training file's do.
static void test_later(void)
{
    struct ms_data_spec spec = csv_spec("y");
    spec.dates = MS_DATES_SECONDS;
    REQUIRE(csv_read(&spec, "n,b,d,t,y\n1,yes,2024-01-31,12:30,u\n2,no,,,v\n") == 0);
    CHECK_INT(csv_read_later(&spec, "y,t,d,b,n\n1,00:01,1970-01-02,True,3\n"), 0);
    CHECK_STR(csv_text(&csv_later), "y:text 1|t:time 60|d:date 86400|b:boolean 1|n: 3|");
    static const struct {
        const char *row, *message;
    } wrong[] = {
        {"u,00:01,1970-01-02,yes,yes", "v.csv:2: column 5 (n): expected a number, found 'yes'"},
        {"u,00:01,1970-01-02,1,3", "v.csv:2: column 4 (b): expected true or false, found '1'"},
        {"u,00:01,00:01,yes,3", "v.csv:2: column 3 (d): expected a date, found '00:01'"},
        {"u,1970-01-02,1970-01-02,yes,3", "v.csv:2: column 2 (t): expected a time"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CASE("%s", wrong[i].row);
        char text[200];
        snprintf(text, sizeof text, "y,t,d,b,n\n%s\n", wrong[i].row);
        CHECK(csv_read_later(&spec, text) < 0);
        CHECK_THAT(strstr(csv_err.text, wrong[i].message) != NULL, "%s", csv_err.text);
    }
    REQUIRE(csv_read(&spec, "n,y\n1,2\n2,3\n") == 0); // numbers, and a text only later
    CHECK_INT(csv_read_later(&spec, "y,n\n1,1\nx,2\n"), 0);
    CHECK_STR(csv_text(&csv_later), "y:text 1 x|n: 1 2|");
    CHECK_INT(csv_later.column[0].text_row, 1);
}

int main(void)
{
    tmp_make();
    test_inputs();
    test_refused();
    test_targets();
    test_many_targets();
    test_later();
    csv_end();
    return check_done();
}
