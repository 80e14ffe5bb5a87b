// SPDX-License-Identifier: MIT
//
// Numbers, missing words, true and false. Numbers are Python's float(), bit for bit; the words are
// those of pandas._libs.parsers.STR_NA_VALUES (pandas 2).
#include "source_helpers.h"

#include "coordinator/source/csv_value.h"
#include "mlpsweep/rng.h"

static struct ms_csv_value v;

static void start(char decimal, char thousands, const char *missing)
{
    struct ms_error err = {0};
    struct ms_data_spec spec = {.decimal = decimal, .thousands = thousands};
    snprintf(spec.missing_values, sizeof spec.missing_values, "%s", missing);
    ms_csv_value_clear(&v);
    REQUIRE(ms_csv_value_init(&v, &spec, &err) == 0);
}

// The number as hexadecimal digits of its bits; "-": none.
static const char *number_of(const char *text)
{
    static char out[32];
    double x;
    uint64_t bits;
    if (!ms_csv_value_number(&v, text, &x))
        return "-";
    memcpy(&bits, &x, sizeof bits);
    snprintf(out, sizeof out, "%016llx", (unsigned long long)bits);
    return out;
}

// python3 -c 'import struct; print(struct.pack(">d", float("…")).hex())'
static void test_numbers(void)
{
    static const struct {
        const char *text, *bits;
    } numbers[] = {
        {"0", "0000000000000000"},
        {"-0", "8000000000000000"},
        {"-0.0e5", "8000000000000000"},
        {"1", "3ff0000000000000"},
        {" +1. ", "3ff0000000000000"},
        {".5", "3fe0000000000000"},
        {"0.1", "3fb999999999999a"},
        {"0.3", "3fd3333333333333"},
        {"1e22", "4480f0cf064dd592"},
        {"1e23", "44b52d02c7e14af6"},
        {"1E-22", "3b5e392010175ee6"},
        {"9007199254740993", "4340000000000000"},
        {"9007199254740993.5", "4340000000000001"},
        {"123456789012345678901234567890", "45f8ee90ff6c373e"},
        {"0.000000000000000000000000000001", "39b4484bfeebc2a0"},
        {"5e-324", "0000000000000001"},
        {"2.4703282292062328e-324", "0000000000000001"},
        {"2.4703282292062327e-324", "0000000000000000"},
        {"1.7976931348623157e308", "7fefffffffffffff"},
        {"1e400", "7ff0000000000000"},
        {"1e-400", "0000000000000000"},
        {"0e99999999999", "0000000000000000"},
        {"1600000000", "41d7d78400000000"},
        {"", "-"},
        {" ", "-"},
        {".", "-"},
        {"-", "-"},
        {"e5", "-"},
        {"1e", "-"},
        {"1e+", "-"},
        {"1 2", "-"},
        {"1,5", "-"},
        {"1_000", "-"},
        {"0x10", "-"},
        {"inf", "-"},
        {"Infinity", "-"},
        {"nan", "-"},
        {"--1", "-"},
        {"1.2.3", "-"},
    };
    start(0, 0, "");
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        CASE("'%s'", numbers[i].text);
        CHECK_STR(number_of(numbers[i].text), numbers[i].bits);
    }
}

// The quick way and strtod agree on numbers of all lengths.
static void test_random_numbers(void)
{
    int wrong = 0;
    start(0, 0, "");
    const struct ms_rng rng = ms_rng_at(7, 0, 0, MS_STREAM_DATA);
    uint64_t at = 1u << 30;
    for (uint64_t i = 0; i < 200000; i++) {
        char text[64];
        double x = ms_rng_normal(&rng, i), found;
        int power = (int)ms_rng_below(&rng, &at, 61) - 30;
        int digits = (int)ms_rng_below(&rng, &at, 18);
        snprintf(text, sizeof text, i % 2 ? "%.*g" : "%.*f", digits, x);
        if (!strchr(text, 'e'))
            snprintf(text + strlen(text), sizeof text - strlen(text), "e%d", power);
        wrong += !ms_csv_value_number(&v, text, &found) || found != strtod(text, NULL);
    }
    CHECK_INT(wrong, 0);
}

static void is(const char *text, double wanted)
{
    CASE("'%s'", text);
    double found = NAN;
    bool number = ms_csv_value_number(&v, text, &found);
    CHECK_THAT(number == !isnan(wanted) && (!number || found == wanted), "found %g", found);
}

static void test_signs(void)
{
    start(',', '.', "");
    is("7,4", 7.4);
    is("1.234.567,89", 1234567.89);
    is("1234567,89", 1234567.89);
    is("-1.234", -1234);
    is("12.34", NAN); // groups are of three digits
    is("1.2345", NAN);
    is("1234.567", NAN);
    is(".123", NAN);
    is("1.234.", NAN);
    is("1..234", NAN);
    is("1,234.567", NAN); // none behind the decimal sign
    is("123.456.789.012.345.678,5", 123456789012345678.5);
    start(0, ' ', "");
    is("1 234.5", 1234.5);
    is("1\xC2\xA0"
       "234.5",
       1234.5);
    is("1\xE2\x80\xAF"
       "234",
       1234);
    is("1  234", NAN);
    start(0, '\'', "");
    is("1'234'567.25", 1234567.25);
    is("1,234", NAN);
    start(0, ',', "");
    is("1,234,567", 1234567);
    is("12,34", NAN);
}

static void test_missing(void)
{
    static const char *const missing[] = {
        "",     " ",      "#N/A",    "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN",
        "-nan", "1.#IND", "1.#QNAN", "<NA>",     "N/A", "NA",      "NULL",     "NaN",
        "None", "n/a",    "nan",     "null",     "?",   "Na",      "NAN",      "Null"};
    static const char *const none[] = {"none", "NONE", "-",    "--",      ".",  "<na>",    "0",
                                       "1",    "n",    "-Nan", "missing", "-1", "N/A N/A", "inf"};
    start(0, 0, "");
    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++)
        CHECK_THAT(ms_csv_value_missing(&v, missing[i]), "'%s'", missing[i]);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        CHECK_THAT(!ms_csv_value_missing(&v, none[i]), "'%s'", none[i]);
    start(0, 0, "-\n.\nkeine");
    CHECK(ms_csv_value_missing(&v, "-") && ms_csv_value_missing(&v, ".") &&
          ms_csv_value_missing(&v, "keine") && ms_csv_value_missing(&v, "NA"));
    CHECK(!ms_csv_value_missing(&v, "--") && !ms_csv_value_missing(&v, "Keine"));
    start(0, 0, "-999");
    CHECK(ms_csv_value_missing(&v, "-999") && ms_csv_value_missing(&v, "-999.0") &&
          ms_csv_value_missing(&v, "-9.99e2") && !ms_csv_value_missing(&v, "999"));
}

static void test_booleans(void)
{
    static const struct {
        const char *text;
        int pair;
        double value;
    } words[] = {{"true", 0, 1}, {"False", 0, 0}, {"TRUE", 0, 1}, {"yes", 1, 1}, {"No", 1, 0}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        int pair = -1;
        double value = NAN;
        CHECK(ms_csv_value_boolean(words[i].text, &pair, &value) && pair == words[i].pair &&
              value == words[i].value);
    }
    static const char *const none[] = {"t", "f", "y", "n", "1", "on", "truee", ""};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        int pair;
        double value;
        CHECK(!ms_csv_value_boolean(none[i], &pair, &value));
    }
}

int main(void)
{
    test_numbers();
    test_random_numbers();
    test_signs();
    test_missing();
    test_booleans();
    ms_csv_value_clear(&v);
    return check_done();
}
