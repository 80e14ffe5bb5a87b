// SPDX-License-Identifier: MIT
//
// Lines that programs print: what counts as a metric, and what is refused.
#include "check.h"

#include "worker/objective/metric_line.h"

static struct ms_metric_line line;
static struct ms_error err;

static int read_line(const char *text)
{
    return ms_metric_line(text, strlen(text), "val_loss", &line, &err);
}

static double value_of(const char *name)
{
    for (int i = 0; i < line.n; i++)
        if (strcmp(line.name[i], name) == 0)
            return line.value[i];
    CHECK_THAT(0, "no metric '%s'", name);
    return 0;
}

static void test_values(void)
{
    REQUIRE(read_line("{\"epoch\": 3, \"loss\": -0.25e1, \"acc\":1,\"ok\":true,\"no\":false}\r") ==
            0);
    CHECK_NEAR(line.epoch, 3, 0);
    CHECK_INT(line.n, 4);
    CHECK(value_of("loss") == -2.5 && value_of("acc") == 1 && value_of("ok") == 1 &&
          value_of("no") == 0);
    REQUIRE(read_line("{\"a\": nan, \"b\": inf, \"c\": -inf, \"d\": -nan}") == 0); // printf's
    CHECK(isnan(value_of("a")) && isnan(value_of("d")));
    CHECK(value_of("b") == INFINITY && value_of("c") == -INFINITY);
    REQUIRE(read_line("{\"a\": NaN, \"b\": Infinity, \"c\": -Infinity, \"d\": null}") == 0);
    CHECK(isnan(line.epoch) && line.n == 4);
    CHECK(isnan(value_of("a")) && isnan(value_of("d")));
    CHECK(value_of("b") == INFINITY && value_of("c") == -INFINITY);
    REQUIRE(read_line(" { } ") == 0);
    CHECK_INT(line.n, 0);
    REQUIRE(
        read_line(
            "{\"x\": \"text\", \"l\": [1, {\"y\": [2]}, \"]\"], \"o\": {\"z\": 1}, \"v\": 2}") ==
        0);
    CHECK_INT(line.n, 1);
    CHECK(value_of("v") == 2);
    REQUIRE(read_line("{\"v\": 1, \"v\": 2}") == 0);
    CHECK(line.n == 1 && value_of("v") == 2);
    REQUIRE(read_line("{\"v\": 0.1}") == 0);
    CHECK(value_of("v") == 0.1); // every bit
    REQUIRE(read_line("{\"v\": 1e999}") == 0);
    CHECK(value_of("v") == INFINITY);
}

static void test_names(void)
{
    REQUIRE(read_line("{\"a\\u00e4\\\"\\/\\ud83d\\ude00\": 1}") == 0);
    CHECK_INT(line.n, 1);
    CHECK_STR(line.name[0], "aä\"/😀");
    REQUIRE(read_line("{\"\": 1, \"a\\nb\": 2, \"c\": 3}") == 0);
    CHECK(line.n == 1 && line.dropped == 2 && value_of("c") == 3);
    REQUIRE(read_line("{\"\377a\": 1, \"\\ud800\": 2, \"\xc3\xa4\\u00e4\": 3}") == 0); // no UTF-8
    CHECK(line.n == 1 && line.dropped == 2 && value_of("\xc3\xa4\xc3\xa4") == 3);
    // A name is text: half a surrogate pair is none, nor is what is no UTF-8.
    REQUIRE(
        read_line(
            "{\"a\\ud83d\": 1, \"b\\ud83d\\u0041\": 2, \"c\\udc00\": 3, \"d\xff\": 4, \"e\": 5}") ==
        0);
    CHECK(line.n == 1 && line.dropped == 4 && value_of("e") == 5);
    // Names are shown on terminals, which DEL and U+0080 to U+009F steer as escape sequences do.
    REQUIRE(read_line("{\"a\x7f\": 1, \"b\\u009b2J\": 2, \"c\xc2\x80\": 3, \"d\\u001b\": 4, "
                      "\"\\u00a0\": 5}") == 0);
    CHECK(line.n == 1 && line.dropped == 4 && value_of("\xc2\xa0") == 5);
    char text[4000] = "{", name[80];
    memset(name, 'n', 64);
    name[64] = '\0';
    snprintf(text, sizeof text, "{\"%s\": 1, \"%s\": 2}", name, name + 1); // 64 bytes, 63 bytes
    REQUIRE(read_line(text) == 0);
    CHECK(line.n == 1 && line.dropped == 1);
    size_t used = 1;
    for (int i = 0; i < 50; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "\"m%d\": %d, ", i, i);
    snprintf(text + used, sizeof text - used, "\"val_loss\": 7}");
    REQUIRE(read_line(text) == 0); // what is looked for is never dropped
    CHECK_INT(line.n, MS_MAX_METRICS);
    CHECK(value_of("val_loss") == 7 && value_of("m0") == 0);
}

static void test_refused(void)
{
    static const char *const bad[] = {"",
                                      "{",
                                      "}",
                                      "{\"a\"}",
                                      "{\"a\":}",
                                      "{\"a\": 1",
                                      "{\"a\": 1,}",
                                      "{a: 1}",
                                      "{'a': 1}",
                                      "{\"a\": 01}",
                                      "{\"a\": +1}",
                                      "{\"a\": .5}",
                                      "{\"a\": 5.}",
                                      "{\"a\": 1e}",
                                      "{\"a\": 0x10}",
                                      "{\"a\": nane}",
                                      "{\"a\": infi}",
                                      "{\"a\": 1} x",
                                      "{\"a\": 1}{\"b\": 2}",
                                      "[1]",
                                      "{\"a\": [1, 2}",
                                      "{\"a\": \"x}",
                                      "{\"a\\x\": 1}",
                                      "{\"a\\u12\": 1}",
                                      "{\"a\": 1 \"b\": 2}",
                                      "{\"a\": {\"b\": }}",
                                      "{\"a\": tru}",
                                      "{\"a\": - 1}",
                                      "{\"a\tb\": 1}",
                                      "{\"a\\ud83d\\u12\": 1}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CASE("%s", bad[i]);
        CHECK_THAT(read_line(bad[i]) == MS_EFORMAT, "'%s' was taken", bad[i]);
    }
    char deep[200] = "{\"a\": ";
    memset(deep + 6, '[', 100);
    CHECK_INT(read_line(deep), MS_EFORMAT);
    static const char with_nul[] = "{\"a\": 1\0}";
    CHECK_INT(ms_metric_line(with_nul, sizeof with_nul - 1, "a", &line, &err), MS_EFORMAT);
    char digits[200] = "{\"a\": 0.";
    memset(digits + 8, '1', 100);
    memcpy(digits + 108, "}", 2);
    CHECK_INT(read_line(digits), MS_EFORMAT); // no number is that long
    CHECK(read_line("{\"a\": oops}") == MS_EFORMAT && strstr(err.text, "byte 7"));
}

int main(void)
{
    test_values();
    test_names();
    test_refused();
    return check_done();
}
