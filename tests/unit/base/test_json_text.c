// SPDX-License-Identifier: MIT
//
// Values as text: every double reads back, equal values have equal texts, and a compact text is
// JSON again; keys that an object repeats.
#include "mlpsweep/json.h"

#include <cJSON.h>
#include <stdint.h>

#include "check.h"

static struct ms_json *parse(const char *text)
{
    struct ms_error err;
    struct ms_json *doc;
    int line, status = ms_json_parse(text, strlen(text), &doc, &line, &err);
    REQUIRE(status == 0);
    return doc;
}

static char twice[256];
static void note(void *ctx, const struct cJSON *member)
{
    char number[32];
    CHECK(ctx == twice);
    snprintf(twice + strlen(twice), sizeof twice - strlen(twice), "%s=%s ", member->string,
             ms_number_text(member->valuedouble, number, sizeof number));
}

static void test_duplicates(void)
{
    char text[400] = "{\"a\":1,\"b\":2,\"a\":3,\"A\":4,\"a\":5";
    for (int many = 0; many < 2; many++) { // few members and many take different ways
        CASE("%s members", many ? "many" : "few");
        char whole[420];
        snprintf(whole, sizeof whole, "%s}", text);
        struct ms_json *doc = parse(whole);
        twice[0] = '\0';
        CHECK_INT(ms_json_duplicates(ms_json_root(doc), note, twice), 0);
        CHECK_STR(twice, "a=3 a=5 ");
        ms_json_free(doc);
        for (int i = 0; i < 20; i++)
            snprintf(text + strlen(text), sizeof text - strlen(text), ",\"k%d\":0", i);
    }
}

static void test_compact(void)
{
    const char *text = "{\"b\": [1, {\"z\": 0.1, \"y\": \"\\\\\\\"\\u0007\"}], \"a\": 1e21}";
    struct ms_json *doc = parse(text);
    char *kept = ms_json_compact(ms_json_root(doc), false),
         *sorted = ms_json_compact(ms_json_root(doc), true);
    REQUIRE(kept && sorted);
    CHECK_STR(kept, "{\"b\":[1,{\"z\":0.1,\"y\":\"\\\\\\\"\\u0007\"}],\"a\":1e+21}");
    CHECK_STR(sorted, "{\"a\":1e+21,\"b\":[1,{\"y\":\"\\\\\\\"\\u0007\",\"z\":0.1}]}");
    free(kept);
    free(sorted);
    ms_json_free(doc);
}

// The compact text of an object with its members in any order, sorted, is the same text, and
// compacting it again changes nothing.
static void test_sorted_is_canonical(void)
{
    const char *texts[] = {
        "{\"b\":{\"d\":[],\"c\":null},\"a\":[true,false,\"\\t\"]}",
        " { \"a\" : [true, false, \"\\u0009\"],\n\"b\": {\"c\":null,\"d\":[]}} // end"};
    for (int i = 0; i < 2; i++) {
        CASE("text %d", i);
        struct ms_json *doc = parse(texts[i]);
        char *once = ms_json_compact(ms_json_root(doc), true);
        REQUIRE(once);
        CHECK_STR(once, "{\"a\":[true,false,\"\\t\"],\"b\":{\"c\":null,\"d\":[]}}");
        struct ms_json *again = parse(once);
        char *twice_over = ms_json_compact(ms_json_root(again), true);
        REQUIRE(twice_over);
        CHECK_STR(twice_over, once);
        free(once);
        free(twice_over);
        ms_json_free(doc);
        ms_json_free(again);
    }
}

static void test_numbers(void)
{
    char out[32];
    CHECK_STR(ms_number_text(0.1, out, sizeof out), "0.1");
    CHECK_STR(ms_number_text(0.1 + 0.2, out, sizeof out), "0.30000000000000004");
    CHECK_STR(ms_number_text(5e-324, out, sizeof out), "4.94065645841247e-324");
    CHECK_STR(ms_number_text(32, out, sizeof out), "32");
    CHECK_STR(ms_number_text(-65536, out, sizeof out), "-65536");
    CHECK_STR(ms_number_text(123456789012, out, sizeof out), "123456789012");
    CHECK_STR(ms_number_text(1e300, out, sizeof out), "1e+300");
    CHECK_STR(ms_number_text(1e-7, out, sizeof out), "1e-07");
    CHECK_STR(ms_number_text(0.0, out, sizeof out), "0");
    CHECK_STR(ms_number_text(NAN, out, sizeof out), "nan");
    CHECK_STR(ms_number_text(-INFINITY, out, sizeof out), "-inf");
    // Any bits: what is printed reads back, and no shorter text does.
    uint64_t bits = 88172645463325252u;
    for (int i = 0; i < 200000; i++) {
        bits ^= bits << 13;
        bits ^= bits >> 7;
        bits ^= bits << 17;
        double x;
        memcpy(&x, &bits, sizeof x);
        if (!isfinite(x))
            continue;
        ms_number_text(x, out, sizeof out);
        if (strtod(out, NULL) != x)
            CHECK_THAT(0, "%s is not %.17g", out, x);
    }
}

static int append_leaf(void *ctx, const char *path, const char *text)
{
    char *out = ctx;
    snprintf(out + strlen(out), 400 - strlen(out), "%s = %s\n", path, text);
    return strcmp(path, "last") == 0 ? 7 : 0;
}

static void test_leaves(void)
{
    static const char text[] = "{\"a\": 1, \"b\": {\"c\": [1, {\"d\": 2}], \"e\": {\"f\": \"x\"}},"
                               " \"g\": {}, \"last\": null, \"not\": 1}";
    struct ms_json *doc = NULL;
    struct ms_error err;
    int line;
    char out[400] = "";
    REQUIRE(ms_json_parse(text, strlen(text), &doc, &line, &err) == 0);
    CHECK(ms_json_leaves(ms_json_root(doc), append_leaf, out) == 7);
    CHECK_STR(out, "a = 1\nb.c = [1,{\"d\":2}]\nb.e.f = \"x\"\ng = {}\nlast = null\n");
    ms_json_free(doc);
}

int main(void)
{
    test_leaves();
    test_duplicates();
    test_compact();
    test_sorted_is_canonical();
    test_numbers();
    return check_done();
}
