// SPDX-License-Identifier: MIT
//
// What is written reads back: by the strict reader of json.h, and letter by letter where a reader
// would not see a difference.
#include "mlpsweep/json_out.h"

#include <math.h>
#include <string.h>

#include "check.h"
#include "mlpsweep/json.h"

static char text[4096];

static struct ms_json_out begin(int lines, bool script)
{
    return (struct ms_json_out){.file = tmpfile(), .lines = lines, .script = script};
}

static const char *end(struct ms_json_out *o)
{
    rewind(o->file);
    text[fread(text, 1, sizeof text - 1, o->file)] = 0;
    fclose(o->file);
    return text;
}

static void check_line(void)
{
    CASE("one line");
    struct ms_json_out o = begin(0, false);
    ms_json_out_open(&o, NULL, '{');
    ms_json_out_text(&o, "name", "demo");
    ms_json_out_open(&o, "values", '[');
    ms_json_out_number(&o, NULL, 0.1);
    ms_json_out_int(&o, NULL, -9007199254740993);
    ms_json_out_bool(&o, NULL, true);
    ms_json_out_null(&o, NULL);
    ms_json_out_close(&o);
    ms_json_out_open(&o, "none", '[');
    ms_json_out_close(&o);
    ms_json_out_close(&o);
    CHECK_STR(end(&o), "{\"name\":\"demo\",\"values\":[0.1,-9007199254740993,true,null],"
                       "\"none\":[]}\n");
}

static void check_rows(void)
{
    CASE("a row on each line");
    struct ms_json_out o = begin(2, false);
    ms_json_out_open(&o, NULL, '{');
    ms_json_out_open(&o, "trials", '[');
    for (int i = 0; i < 2; i++) {
        ms_json_out_open(&o, NULL, '{');
        ms_json_out_int(&o, "trial", i);
        ms_json_out_close(&o);
    }
    ms_json_out_close(&o);
    ms_json_out_close(&o);
    CHECK_STR(end(&o), "{\n  \"trials\": [\n    {\"trial\": 0},\n    {\"trial\": 1}\n  ]\n}\n");
}

static void check_texts(void)
{
    CASE("texts");
    struct ms_json_out o = begin(0, true);
    ms_json_out_open(&o, NULL, '[');
    ms_json_out_text(&o, NULL, "a\"\\\n\x01 é </script>");
    ms_json_out_text(&o, NULL, "\xff\xc3");
    ms_json_out_text(&o, NULL, NULL);
    ms_json_out_close(&o);
    CHECK_STR(end(&o), "[\"a\\\"\\\\\\u000a\\u0001 é \\u003c/script>\",\"\\ufffd\\ufffd\",null]\n");
    struct ms_json *doc = NULL;
    struct ms_error err;
    int line;
    CHECK(ms_json_parse(text, strlen(text), &doc, &line, &err) == 0);
    ms_json_free(doc);
}

static void check_numbers(void)
{
    CASE("numbers");
    struct ms_json_out o = begin(0, false);
    ms_json_out_open(&o, NULL, '[');
    const double x[] = {NAN, INFINITY, -INFINITY, 1e-7, -0.0, 1e22, 32};
    for (size_t i = 0; i < sizeof x / sizeof *x; i++)
        ms_json_out_number(&o, NULL, x[i]);
    ms_json_out_close(&o);
    CHECK_STR(end(&o), "[null,1e999,-1e999,1e-07,-0.0,1e+22,32]\n");
}

static void check_known(void)
{
    CASE("known or null");
    struct ms_json_out o = begin(0, false);
    ms_json_out_open(&o, NULL, '[');
    ms_json_out_known_text(&o, NULL, "a");
    ms_json_out_known_text(&o, NULL, "");
    ms_json_out_known_text(&o, NULL, NULL);
    ms_json_out_known_int(&o, NULL, 0);
    ms_json_out_known_int(&o, NULL, -1);
    ms_json_out_known_positive(&o, NULL, 0.5);
    ms_json_out_known_positive(&o, NULL, 0);
    ms_json_out_known_positive(&o, NULL, NAN);
    ms_json_out_close(&o);
    CHECK_STR(end(&o), "[\"a\",null,null,0,null,0.5,null,null]\n");
}

int main(void)
{
    check_line();
    check_rows();
    check_texts();
    check_numbers();
    check_known();
    return check_done();
}
