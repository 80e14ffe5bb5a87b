// SPDX-License-Identifier: MIT
#include "coordinator/show/text.h"

#include "check.h"

// What a table prints, as one string.
static char *printed(const struct ms_text *t, bool colour, const char *indent)
{
    char *out = NULL;
    size_t size;
    FILE *f = open_memstream(&out, &size);
    REQUIRE(f != NULL && ms_text_print(t, f, colour, indent) == 0 && fclose(f) == 0);
    return out;
}

static void test_table(void)
{
    struct ms_text *t = ms_text_new(4);
    REQUIRE(t != NULL);
    ms_text_column(t, 0, MS_LEFT, "name");
    ms_text_column(t, 1, MS_RIGHT, "n");
    ms_text_column(t, 2, MS_LEFT, "never used");
    ms_text_column(t, 3, MS_LEFT, "mean ± sd");
    ms_text_cell(t, "a");
    ms_text_cell(t, "%d", 1000);
    ms_text_cell(t, "%s", "");
    ms_text_cell(t, "1 ± 2");
    ms_text_style(t, MS_BOLD);
    ms_text_cell(t, "b\033[2J\xc2\x9b"
                    "c");
    ms_text_cell(t, "1");
    ms_text_cell(t, "%s", "");
    ms_text_cell(t, "%s", "");
    char *out = printed(t, false, "> ");
    CHECK_STR(out, "> name        n  mean ± sd\n"
                   "> a        1000  1 ± 2\n"
                   "> b [2J c     1\n");
    free(out);
    out = printed(t, true, "");
    CHECK(strstr(out, "\033[1mb [2J c     1\033[0m\n") != NULL);
    CHECK(strstr(out, "\na        1000") != NULL); // a plain row has no codes
    free(out);
    ms_text_free(t);

    t = ms_text_new(2); // no titles, no head; the row that is not full is not printed
    for (int i = 0; i < 201; i++)
        ms_text_cell(t, "%d", i);
    out = printed(t, false, "");
    CHECK(strncmp(out, "0    1\n2    3\n", 14) == 0);
    CHECK(strstr(out, "198  199\n") && !strstr(out, "200"));
    free(out);
    ms_text_free(t);
    ms_text_free(NULL);
}

static void check_number(double resolution, double largest, double v, const char *wanted)
{
    char out[64];
    CHECK_STR(ms_text_number(ms_text_digits(resolution, largest), v, out, sizeof out), wanted);
}

static void test_numbers(void)
{
    check_number(0.0031, 0.95, 0.891234, "0.8912"); // two digits of the spread
    check_number(0.31, 95, 89.1234, "89.12");
    check_number(31, 950, 891.234, "891.2");
    check_number(0, 0.95, 0.8912345, "0.891235");
    check_number(0, 12, 8.912345, "8.9123");
    check_number(0, 1, NAN, "-");
    check_number(0, 3e9, 2.5e9, "2.50000e+09");
    check_number(1e-12, 3e-9, 2.5e-9, "2.5000e-09");
    check_number(NAN, NAN, 0.5, "0.50000");
    char out[64];
    CHECK_STR(ms_text_bytes(1000, out, sizeof out), "1000 B");
    CHECK_STR(ms_text_bytes(1536, out, sizeof out), "1.5 KiB");
    CHECK_STR(ms_text_bytes(3e9, out, sizeof out), "2.8 GiB");
    CHECK_STR(ms_text_bytes(5e8, out, sizeof out), "477 MiB");
    CHECK_STR(ms_text_scaled(3, out, sizeof out), "3");
    CHECK_STR(ms_text_scaled(56234567, out, sizeof out), "56.2 M");
}

// What ms_text_wrap writes.
static char *wrapped(const char *s, int at, int screen)
{
    char *out = NULL;
    size_t size;
    FILE *f = open_memstream(&out, &size);
    REQUIRE(f != NULL);
    ms_text_wrap(f, s, at, screen);
    REQUIRE(fclose(f) == 0);
    return out;
}

static void test_screen(void)
{
    CHECK_INT(ms_text_width("a±b…"), 4);
    CHECK_INT(ms_text_width("日本語"), 6);
    CHECK_INT(ms_text_width("u\u0308"), 1);  // u and its two dots
    CHECK_INT(ms_text_width("\xff\xc3"), 2); // no UTF-8
    CHECK_INT(ms_text_cut("日本語", 5), 6);
    CHECK_INT(ms_text_cut("abc", 3), 3);
    CHECK_INT(ms_text_cut("abc", 0), 0);

    static const char text[] = "lr=0.1 units=64,4,32 optimizer=sgd optimizer.momentum=0.9";
    char *out = wrapped(text, 4, 30);
    CHECK_STR(out, "lr=0.1 units=64,4,32\n    optimizer=sgd\n    optimizer.momentum=0.9");
    free(out);
    out = wrapped(text, 4, 0);
    CHECK_STR(out, text);
    free(out);
    out = wrapped(text, 4, 20); // too narrow to be worth it
    CHECK_STR(out, text);
    free(out);
    char letters[201] = "";
    memset(letters, 'x', 200);
    out = wrapped(letters, 0, 20);
    CHECK_INT(strlen(out), 8 * 20 + 7 + 2); // eight lines, seven line ends, "…" has three bytes
    CHECK(strcmp(out + strlen(out) - 6, "xx …") == 0);
    free(out);

    struct ms_text *t = ms_text_new(2);
    REQUIRE(t != NULL);
    ms_text_cell(t, "12");
    ms_text_cell(t, "%s", text);
    CHECK_INT(ms_text_total(t), 4 + (int)strlen(text));
    ms_text_fit(t, 32);
    out = printed(t, false, "  ");
    CHECK_STR(out,
              "  12  lr=0.1 units=64,4,32\n      optimizer=sgd\n      optimizer.momentum=0.9\n");
    free(out);
    ms_text_free(t);
}

static void test_list(void)
{
    const uint32_t n[] = {3, 5, 9, 11, 12, 20, 21, 22};
    char out[100], small[8];
    CHECK_STR(ms_text_list(n, 0, out, sizeof out), "");
    CHECK_STR(ms_text_list(n, 1, out, sizeof out), "3");
    CHECK_STR(ms_text_list(n, 2, out, sizeof out), "3 and 5");
    CHECK_STR(ms_text_list(n, 3, out, sizeof out), "3, 5 and 9");
    CHECK_STR(ms_text_list(n, 7, out, sizeof out),
              "3, 5, 9, 11, 12, 20 and 21"); // not "and 1 more"
    CHECK_STR(ms_text_list(n, 8, out, sizeof out), "3, 5, 9, 11, 12, 20 and 2 more");
    CHECK_STR(ms_text_list(n, 8, small, sizeof small), "3, 5, 9");
}

static void test_csv(void)
{
    char *out = NULL;
    size_t size;
    FILE *f = open_memstream(&out, &size);
    REQUIRE(f != NULL);
    ms_text_csv(f, "plain text", true);
    ms_text_csv(f, "a,b", false);
    ms_text_csv(f, "say \"x\"\n", false);
    ms_text_csv(f, "", false);
    REQUIRE(fclose(f) == 0);
    CHECK_STR(out, "plain text,\"a,b\",\"say \"\"x\"\"\n\",");
    free(out);
}

// Values of parameters, and what layers have one by one.
static void test_values(void)
{
    char text[200];
    CHECK_STR(ms_text_short("0x1.8", text, sizeof text), "0x1.8");
    CHECK_STR(ms_text_short("123456789012", text, sizeof text), "123456789012");
    CHECK_STR(ms_text_short("relu-0.123456789", text, sizeof text), "relu-0.123456789");
    CHECK_STR(ms_text_short("", text, sizeof text), "\"\"");
    CHECK_STR(ms_text_short("0.00012345678912345", text, sizeof text), "0.000123457");
    CHECK_STR(ms_text_layer_leaf("hidden.12.units"), "units");
    CHECK(!ms_text_layer_leaf("hidden.layers") && !ms_text_layer_leaf("optimizer.momentum"));
    const struct ms_text_param p[] = {{"a", "a", "one two", true},
                                      {"hidden.1.units", "1.units", "4", false},
                                      {"b", "b", "1", false},
                                      {"hidden.2.units", "2.units", "8", true},
                                      {"c", "c", NULL, true}};
    CHECK_STR(ms_text_params(p, 5, text, sizeof text), "a='one two' units=4,8");
    CHECK_STR(ms_text_params(p, 0, text, sizeof text), "");
}

int main(void)
{
    test_values();
    test_table();
    test_numbers();
    test_screen();
    test_list();
    test_csv();
    return check_done();
}
