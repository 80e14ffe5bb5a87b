// SPDX-License-Identifier: MIT
//
// The scanner: which texts it accepts, the line and words with which it refuses all others, and the
// lines of values.
#include "check.h"

#include <cJSON.h>
#include <stdint.h>

#include "mlpsweep/json.h"
#include "mlpsweep/limits.h"

static struct ms_json *parse(const char *text, size_t len, int *line, struct ms_error *err)
{
    struct ms_json *doc;
    // A copy of exactly len bytes, so that a sanitizer sees every byte too far.
    char *copy = malloc(len ? len : 1);
    memcpy(copy, text, len);
    int status = ms_json_parse(copy, len, &doc, line, err);
    free(copy);
    CHECK((status == 0) == (doc != NULL));
    return doc;
}

static void accepts(const char *text, const char *compact)
{
    struct ms_error err;
    int line;
    struct ms_json *doc = parse(text, strlen(text), &line, &err);
    CHECK_THAT(doc, "'%s' is refused: %s", text, doc ? "" : err.text);
    char *out = doc ? ms_json_compact(ms_json_root(doc), false) : NULL;
    if (out)
        CHECK_STR(out, compact);
    free(out);
    ms_json_free(doc);
}

static void refuses(const char *text, size_t len, int wanted_line, const char *message)
{
    struct ms_error err = {0};
    int line;
    struct ms_json *doc = parse(text, len, &line, &err);
    CHECK_THAT(!doc, "'%s' is accepted", text);
    if (!doc) {
        CHECK_STR(err.text, message);
        CHECK_INT(line, wanted_line);
    }
    ms_json_free(doc);
}

#define REFUSES(text, line, message) refuses(text, sizeof text - 1, line, message)

static void test_language(void)
{
    accepts("1", "1");
    accepts("  null \r\n\t", "null");
    accepts("[1,2.50,-0,1e3,1E-3,true,false,null,\"a\"]",
            "[1,2.5,0,1000,0.001,true,false,null,\"a\"]");
    // Integers keep their digits, which no double holds; other numbers are the nearest double.
    accepts("[9007199254740993, -18446744073709551617, 9007199254740993.0, 9007199254740993e0]",
            "[9007199254740993,-18446744073709551617,9007199254740992,9007199254740992]");
    accepts("9007199254740993", "9007199254740993");
    accepts("{\"b\":{},\"a\":[],\"b\":1}",
            "{\"b\":{},\"a\":[],\"b\":1}"); // twice: the caller's affair
    accepts("\xef\xbb\xbf{}", "{}");
    accepts("// first\n{ // second\n\"a\": 1 // third \" [\n}// last", "{\"a\":1}");
    accepts("\"http://x // no comment\"", "\"http://x // no comment\"");
    accepts("\"\\\" // still inside\"", "\"\\\" // still inside\"");
    accepts("\"\\u00e9\\ud83d\\ude00\\n\\u0001\"", "\"é😀\\n\\u0001\"");
    accepts("\"größe\"", "\"größe\"");
    REFUSES("", 1, "column 1: found the end of the file; expected a value");
    REFUSES("{\"a\" 1}", 1, "column 6: found '1'; expected ':' after a key");
    REFUSES("[1\n 2]", 2, "column 2: found '2'; expected ',' or ']'");
    REFUSES("[1,]", 1, "column 4: found ']'; expected a value");
    REFUSES("{,}", 1, "column 2: found ','; expected a key in quotes or '}'");
    REFUSES("1 2", 1, "column 3: found '2'; expected nothing after the end of the document");
    REFUSES("-", 1, "column 2: found the end of the file; expected a digit");
    REFUSES("1.", 1, "column 3: found the end of the file; expected a digit");
    REFUSES("1e+", 1, "column 4: found the end of the file; expected a digit");
    REFUSES("+1", 1, "column 1: found '+'; expected a value");
    REFUSES("\"a", 1,
            "column 3: found the end of the file; expected '\"' at the end of the string");
    REFUSES("\"\x01\"", 1,
            "column 2: found control character 1; expected '\"' at the end of the string");
    REFUSES("\"\\ude00\"", 1,
            "column 2: found '\\'; expected \\u with the four hexadecimal digits of a character");
    REFUSES("[truex]", 1, "column 6: found 'x'; expected ',' or ']'");
    REFUSES("[\n\n/1]", 3, "column 1: found '/'; expected a value (comments begin with //)");
    REFUSES("\n\0", 2, "byte 0 is not allowed in a text file");
    REFUSES("\"\xc0\x80\"", 1, "byte 192 is not valid UTF-8");     // overlong
    REFUSES("\"\xe0\x9f\xbf\"", 1, "byte 224 is not valid UTF-8"); // overlong
    REFUSES("\"\xf0\x8f\xbf\xbf\"", 1, "byte 240 is not valid UTF-8");
    REFUSES("\"\xed\xa0\x80\"", 1, "byte 237 is not valid UTF-8"); // a surrogate
    REFUSES("\"\xf4\x90\x80\x80\"", 1, "byte 244 is not valid UTF-8");
    REFUSES("\"\xe2\x82", 1, "byte 226 is not valid UTF-8");
}

static void test_limits(void)
{
    char nested[2 * (MS_MAX_NESTING + 1) + 1];
    for (int depth = MS_MAX_NESTING; depth <= MS_MAX_NESTING + 1; depth++) {
        CASE("depth %d", depth);
        memset(nested, '[', (size_t)depth);
        memset(nested + depth, ']', (size_t)depth);
        nested[2 * depth] = '\0';
        if (depth <= MS_MAX_NESTING)
            accepts(nested, nested);
        else
            refuses(nested, strlen(nested), 1,
                    "column 33: found deeper nesting; allowed: objects and arrays up to 32 deep");
    }
    struct ms_error err;
    struct ms_json *doc;
    int line;
    size_t size = (size_t)MS_MAX_SWEEP_FILE + 1;
    char *blank = malloc(size);
    REQUIRE(blank);
    memset(blank, ' ', size);
    blank[0] = '1';
    CHECK_INT(ms_json_parse(blank, size, &doc, &line, &err), MS_ELIMIT);
    CHECK_INT(ms_json_parse(blank, size - 1, &doc, &line, &err), 0);
    ms_json_free(doc);
    for (size_t i = 0; i < 2 * 1000001; i += 2)
        memcpy(blank + i, i == 0 ? "[1" : ",1", 2);
    CHECK_INT(ms_json_parse(blank, size - 1, &doc, &line, &err), MS_ELIMIT);
    free(blank);
}

static void test_lines(void)
{
    const char *text = "// one\n{\n  \"a\": 1, \"b\":\n  [2,\n   {\"c\":\n3}],\n  \"d\": 4\n}\n";
    struct ms_error err;
    int line;
    struct ms_json *doc = parse(text, strlen(text), &line, &err);
    REQUIRE(doc);
    const cJSON *root = ms_json_root(doc), *a = root->child, *b = a->next;
    CHECK_INT(ms_json_line(doc, root), 2);
    CHECK_INT(ms_json_line(doc, a), 3);
    CHECK_INT(ms_json_line(doc, b), 3); // where its key stands
    CHECK_INT(ms_json_line(doc, b->child), 4);
    CHECK_INT(ms_json_line(doc, b->child->next), 5);
    CHECK_INT(ms_json_line(doc, b->child->next->child), 5);
    CHECK_INT(ms_json_line(doc, b->next), 7);
    ms_json_free(doc);
}

int main(void)
{
    test_language();
    test_limits();
    test_lines();
    return check_done();
}
