// SPDX-License-Identifier: MIT
//
// The cutting of a CSV file into fields, with the place of each: RFC 4180 and its dialects.
#include "source_helpers.h"

#include "coordinator/source/csv.h"

static struct ms_csv *reader;
static struct ms_error err;
static char delimiter = ',';

static int open_file(const char *name)
{
    const struct ms_data_spec spec = {.encoding = -1};
    int status = ms_csv_open(reader, &spec, tmp_dir, name, &err);
    if (!status)
        ms_csv_restart(reader, delimiter, false);
    return status;
}

static int open_text(const char *text, size_t n)
{
    tmp_write("t.csv", text, n);
    return open_file("t.csv");
}

// All fields as "line.column=field", a '/' after each row; a failure as its message.
static const char *fields_of(const char *text)
{
    static char out[4096];
    size_t n = 0;
    out[0] = '\0';
    REQUIRE(open_text(text, strlen(text)) == 0);
    int row;
    while ((row = ms_csv_row(reader, &err)) == 1) {
        int more;
        do {
            more = ms_csv_field(reader, &err);
            if (more >= 0)
                n += (size_t)snprintf(out + n, sizeof out - n, "%ld.%zu=%s ", reader->field_line,
                                      reader->column, reader->field);
            CHECK(more < 0 || strlen(reader->field) == reader->field_len);
        } while (more == 1);
        if (more < 0)
            row = more;
        n += (size_t)snprintf(out + n, sizeof out - n, "/");
        if (more < 0)
            break;
    }
    if (row < 0)
        snprintf(out + n, sizeof out - n, "%s", strrchr(err.text, '/') + 1);
    ms_csv_close(reader);
    return out;
}

static void test_fields(void)
{
    CHECK_STR(fields_of(""), "");
    CHECK_STR(fields_of("a"), "1.1=a /");
    CHECK_STR(fields_of("a\n"), "1.1=a /");
    CHECK_STR(fields_of("a,b\nc,d\n"), "1.1=a 1.2=b /2.1=c 2.2=d /");
    CHECK_STR(fields_of("a,b\r\nc,d"), "1.1=a 1.2=b /2.1=c 2.2=d /");
    CHECK_STR(fields_of(",\n,"), "1.1= 1.2= /2.1= 2.2= /"); // empty fields are fields
    CHECK_STR(fields_of(" a b ,\t\"c\" \n , "),
              "1.1=a b 1.2=c /2.1= 2.2= /");                      // blanks around fields
    CHECK_STR(fields_of("\xEF\xBB\xBF\"a\""), "1.1=a /");         // a byte order mark is none of it
    CHECK_STR(fields_of("a\xEF\xBB\xBF"), "1.1=a\xEF\xBB\xBF /"); // except at the beginning
}

static void test_quotes(void)
{
    CHECK_STR(fields_of("\"a\",\"\"\n"), "1.1=a 1.2= /");
    CHECK_STR(fields_of("\"a,b\"\"c\"\"\"\n"), "1.1=a,b\"c\" /");
    CHECK_STR(fields_of("\"x\ny\",b\nc\n"), "1.1=x\ny 2.2=b /3.1=c /"); // lines count through
    CHECK_STR(fields_of("\"x\r\ny\"\n"), "1.1=x\r\ny /");
    CHECK_STR(fields_of("a,\"b"), "1.1=a /t.csv:1: column 2: the quote is never closed");
    CHECK_STR(fields_of("a\n\"b\nc"),
              "1.1=a //t.csv:2: column 1: the quote is never closed"); // where the field began
    CHECK_STR(fields_of("\"a\"b"), "/t.csv:1: column 1: text after the closing quote");
    CHECK_STR(fields_of("\"a\" b"), "/t.csv:1: column 1: text after the closing quote");
    CHECK_STR(fields_of("\" a \" ,b"), "1.1= a  1.2=b /");        // blanks inside quotes are kept
    CHECK_STR(fields_of("12\",5\"\"\n"), "1.1=12\" 1.2=5\"\" /"); // a quote inside is a character
    CHECK_STR(fields_of("\"x\ry\rz\",b\nc\n"), "1.1=x\ry\rz 3.2=b /4.1=c /");
}

static void test_lines(void)
{
    CHECK_STR(fields_of("a\n\n\r\n\n"), "1.1=a /");
    CHECK_INT(reader->n_blank, 0); // none is between rows
    CHECK_STR(fields_of("a\n\n \t\nb\n\nc"), "1.1=a /4.1=b /6.1=c /");
    CHECK(reader->n_blank == 3 && reader->first_blank == 2);
    CHECK_STR(fields_of("\na"), "2.1=a /");
    CHECK(reader->n_blank == 1 && reader->first_blank == 1);
    CHECK_STR(fields_of("a,b\rc,d\r"), "1.1=a 1.2=b /2.1=c 2.2=d /"); // old Macintosh
    CHECK_STR(fields_of("a\r\r\nb"), "1.1=a /3.1=b /");
    REQUIRE(open_text("a\0b\n", 4) == 0);
    CHECK(ms_csv_row(reader, &err) == 1 && ms_csv_field(reader, &err) == MS_EFORMAT);
    ms_csv_close(reader);
}

static void test_delimiters(void)
{
    delimiter = ';';
    CHECK_STR(fields_of("a,b;\"c\";d\n"), "1.1=a,b 1.2=c 1.3=d /");
    delimiter = '\t';
    CHECK_STR(fields_of("a \t\t\"b\"\t\n \n\t\n"), "1.1=a 1.2= 1.3=b 1.4= /3.1= 3.2= /");
    delimiter = ' '; // runs of blanks and tabs, none at the ends of a line
    CHECK_STR(fields_of("  a \t b\n\"c d\" e  \n"), "1.1=a 1.2=b /2.1=c d 2.2=e /");
    CHECK_STR(fields_of("\"c\"d"), "/t.csv:1: column 1: text after the closing quote");
    delimiter = ',';
}

// Fields as long as they can be, and across the end of the reader's buffer.
static void test_lengths(void)
{
    size_t n = MS_CSV_FIELD + 3;
    char *text = malloc(n + 1);
    REQUIRE(text != NULL);
    memset(text, 'x', n);
    text[0] = 'a', text[1] = '\n';
    REQUIRE(open_text(text, n - 1) == 0);
    CHECK(ms_csv_row(reader, &err) == 1 && ms_csv_field(reader, &err) == 0);
    CHECK(ms_csv_row(reader, &err) == 1 && ms_csv_field(reader, &err) == 0);
    CHECK_INT(reader->field_len, MS_CSV_FIELD);
    CHECK_INT(ms_csv_row(reader, &err), 0);
    ms_csv_close(reader);
    REQUIRE(open_text(text, n) == 0);
    CHECK(ms_csv_row(reader, &err) == 1 && ms_csv_field(reader, &err) == 0);
    CHECK(ms_csv_row(reader, &err) == 1 && ms_csv_field(reader, &err) == MS_ELIMIT);
    CHECK(strstr(err.text, ":2: column 1: field longer than 65536 bytes") != NULL);
    ms_csv_close(reader);
    for (size_t shift = 0; shift < 8; shift++) { // quotes and line ends meet the buffer's end
        CASE("shifted by %zu", shift);
        memset(text, 'x', n);
        memcpy(text + (1 << 16) - 8 + shift, "\n\"\"\"\"\r\nb", 8);
        REQUIRE(open_text(text, (1 << 16) + shift) == 0);
        CHECK(ms_csv_row(reader, &err) == 1 && ms_csv_field(reader, &err) == 0);
        CHECK_INT(reader->field_len, (1 << 16) - 8 + shift);
        CHECK(ms_csv_row(reader, &err) == 1 && ms_csv_field(reader, &err) == 0);
        CHECK_STR(reader->field, "\"");
        CHECK(ms_csv_row(reader, &err) == 1 && ms_csv_field(reader, &err) == 0);
        CHECK_STR(reader->field, "b");
        CHECK_INT(reader->field_line, 3);
        ms_csv_close(reader);
    }
    free(text);
}

static void test_files(void)
{
    CHECK_INT(open_file("missing.csv"), MS_EIO);
    ms_csv_close(reader); // also after a failed open
    tmp_write("t.csv.gz", "a,b\n", 4);
    REQUIRE(open_file("t.csv.gz") == 0);
    CHECK(ms_csv_row(reader, &err) == 1 && ms_csv_field(reader, &err) == 1);
    CHECK_STR(reader->field, "a");
    ms_csv_close(reader);
}

int main(void)
{
    tmp_make();
    reader = malloc(sizeof *reader);
    REQUIRE(reader != NULL);
    test_fields();
    test_quotes();
    test_lines();
    test_delimiters();
    test_lengths();
    test_files();
    free(reader);
    tmp_remove();
    return check_done();
}
