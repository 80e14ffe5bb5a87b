// SPDX-License-Identifier: MIT
//
// The cutting of a CSV file into fields, with the place of each: RFC 4180 and what it leaves out.
#include "source_helpers.h"

#include "coordinator/source/csv.h"

static struct ms_csv *reader;
static struct ms_error err;

static int open_text(const char *text, size_t n)
{
    tmp_write("t.csv", text, n);
    return ms_csv_open(reader, tmp_dir, "t.csv", &err);
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
                n += (size_t)snprintf(out + n, sizeof out - n, "%ld.%d=%s ", reader->field_line,
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
    CHECK_STR(fields_of(",\n,"), "1.1= 1.2= /2.1= 2.2= /");       // empty fields are fields
    CHECK_STR(fields_of(" a ,b "), "1.1= a  1.2=b  /");           // blanks belong to the field
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
    CHECK_STR(fields_of("a\"b"), "/t.csv:1: column 1: quote inside an unquoted field; quote the "
                                 "field, double the quote");
}

static void test_lines(void)
{
    CHECK_STR(fields_of("a\n\n\r\n\n"), "1.1=a /"); // empty lines may end the file
    CHECK_STR(fields_of("a\n\n\nb"), "1.1=a /t.csv:2: empty line");
    CHECK_STR(fields_of("\na"), "t.csv:1: empty line");
    CHECK_STR(fields_of("a\rb"), "/t.csv:1: column 1: carriage return without line feed");
    REQUIRE(open_text("a\0b\n", 4) == 0);
    CHECK(ms_csv_row(reader, &err) == 1 && ms_csv_field(reader, &err) == MS_EFORMAT);
    ms_csv_close(reader);
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
    CHECK_INT(ms_csv_open(reader, tmp_dir, "missing.csv", &err), MS_EIO);
    ms_csv_close(reader); // also after a failed open
    tmp_write("t.csv.gz", "a,b\n", 4);
    REQUIRE(ms_csv_open(reader, tmp_dir, "t.csv.gz", &err) == 0);
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
    test_lengths();
    test_files();
    free(reader);
    tmp_remove();
    return check_done();
}
