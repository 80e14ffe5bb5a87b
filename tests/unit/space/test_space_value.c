// SPDX-License-Identifier: MIT
//
// The values of one parameter: grids without drift, ends exact, texts that read back.
#include "check.h"

#include <cJSON.h>
#include <stdint.h>

#include "mlpsweep/json.h"
#include "space_helpers.h"

// The values of p, as people read them.
static void values(struct ms_param p, const char *wanted)
{
    char found[400] = "", one[64];
    for (uint64_t i = 0; i < p.count; i++)
        snprintf(found + strlen(found), sizeof found - strlen(found), "%s%s", i ? " " : "",
                 ms_space_param_text(&p, (double)i, one, sizeof one));
    CHECK_STR(found, wanted);
    // The text reads back to the same bits, and the ends are exact.
    for (uint64_t i = 0; i < p.count; i++)
        CHECK(strtod(ms_space_param_text(&p, (double)i, one, sizeof one), NULL) ==
              ms_space_param_number(&p, (double)i));
}

static struct ms_param points(double lo, double hi, uint64_t n, bool log_scale)
{
    struct ms_param p = {.kind = MS_FLOAT, .lo = lo, .hi = hi, .log = log_scale, .count = n};
    return p;
}

static void test_grids(void)
{
    values(number(MS_INT, 32, 512, 128, false), "32 160 288 416");
    values(number(MS_INT, 2, 6, 1, false), "2 3 4 5 6");
    values(number(MS_INT, -3, 3, 3, false), "-3 0 3");
    values(number(MS_INT, 7, 7, 1, false), "7");
    values(number(MS_INT, 0, 5, 9, false), "0");
    values(number(MS_INT, 16, 256, 2, true), "16 32 64 128 256");
    values(number(MS_INT, 1, 1000, 10, true), "1 10 100 1000");
    values(number(MS_INT, 3, 80, 3, true), "3 9 27");
    // KerasTuner stops at 0.8 here, and adding steps gives 0.30000000000000004 there.
    values(number(MS_FLOAT, 0, 1, 0.2, false), "0 0.2 0.4 0.6 0.8 1");
    values(number(MS_FLOAT, 0, 0.3, 0.1, false), "0 0.1 0.2 0.3");
    values(number(MS_FLOAT, 0, 1, 0.1, false), "0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1");
    values(number(MS_FLOAT, 0, 1, 0.3, false), "0 0.3 0.6 0.9");
    values(number(MS_FLOAT, -0.5, 0.5, 0.25, false), "-0.5 -0.25 0 0.25 0.5");
    values(number(MS_FLOAT, 1e-7, 5e-7, 1e-7, false), "1e-07 2e-07 3e-07 4e-07 5e-07");
    values(number(MS_FLOAT, 0, 1, 0.3333333333, false),
           "0 0.3333333333 0.6666666666 1"); // hi exact
    values(number(MS_FLOAT, 0.25, 2, 0.7, false), "0.25 0.95 1.65");
    values(number(MS_FLOAT, 1e-4, 0.1, 10, true), "0.0001 0.001 0.01 0.1");
    values(number(MS_FLOAT, 1e-4, 0.05, 10, true), "0.0001 0.001 0.01");
    values(points(0, 0.3, 4, false), "0 0.1 0.2 0.3");
    values(points(1e-4, 1e-1, 4, true), "0.0001 0.001 0.01 0.1");
    values(points(1, 1000, 2, true), "1 1000");
    values(points(1, 100, 5, true), "1 3.16227766016838 10 31.6227766016838 100");
    struct ms_param p = number(MS_FLOAT, 0, 1, 1e-6, false); // many steps: still on the decimals
    CHECK_INT(p.count, 1000001);
    CHECK(ms_space_param_number(&p, 123457) == 0.123457);
    CHECK(ms_space_param_number(&p, 1000000) == 1);
    CHECK_INT(number(MS_FLOAT, 0, 1, 0, false).count, 0);
    CHECK_INT(number(MS_FLOAT, 1, 1, 0, false).count, 1);
    CHECK_INT(number(MS_BOOL, 0, 0, 0, false).count, 2);
}

static void choice(const char *json, const char *texts, const char *types)
{
    struct ms_json *doc;
    struct ms_error err;
    int line;
    REQUIRE(ms_json_parse(json, strlen(json), &doc, &line, &err) == 0);
    const cJSON *array = ms_json_root(doc);
    struct ms_param p = {.kind = MS_CHOICE, .values = array, .parent = -1};
    p.count = ms_space_param_count(&p);
    char found[400] = "", one[100], kinds[20] = "";
    for (uint64_t i = 0; i < p.count; i++) {
        snprintf(found + strlen(found), sizeof found - strlen(found), "%s%s", i ? " | " : "",
                 ms_space_param_text(&p, (double)i, one, sizeof one));
        kinds[i] = ms_space_param_type(&p, (double)i);
    }
    CHECK_STR(found, texts);
    CHECK_STR(kinds, types);
    ms_json_free(doc);
}

static void test_choices(void)
{
    choice("[32, 128]", "32 | 128", "ii");
    choice("[0.5, 1]", "0.5 | 1", "rr");
    choice("[2000000000000000, 1]", "2000000000000000 | 1", "ii");
    choice("[9223372036854775807, -9007199254740993]", "9223372036854775807 | -9007199254740993",
           "ii"); // all that SQLite's integers hold
    choice("[9223372036854775808, 1]", "9223372036854775808 | 1", "rr");
    choice("[true, null, \"a\", 2]", "true | null | a | 2", "btti");
    choice("[{\"name\": \"sgd\", \"momentum\": 0.9}, {\"name\": \"adam\"}, \"rmsprop\"]",
           "sgd | adam | rmsprop", "ttt");
    choice("[\"sgd\", {\"name\": \"sgd\", \"momentum\": 0.9}]",
           "sgd | {\"name\":\"sgd\",\"momentum\":0.9}",
           "tt"); // the name alone does not tell them apart
    choice("[0.1, {\"schedule\": \"exponential\", \"initial\": 1}]", "0.1 | exponential", "rt");
    choice("[[{\"units\": 3}], []]", "[{\"units\":3}] | []", "tt");
    struct ms_param p = number(MS_BOOL, 0, 0, 0, false);
    char out[16];
    CHECK_STR(ms_space_param_text(&p, 0, out, sizeof out), "false");
    CHECK_STR(ms_space_param_text(&p, 1, out, sizeof out), "true");
    CHECK_INT(ms_space_param_type(&p, 1), 'b');
    p = number(MS_FLOAT, 0, 1, 0, false);
    CHECK_STR(ms_space_param_text(&p, 0.1, out, sizeof out), "0.1");
    CHECK_INT(ms_space_param_type(&p, 1), 'r');
}

// Each value takes an equal share of [0, 1); a continuous one is interpolated, in the logarithm
// with log; neither leaves its range.
static void test_from_unit(void)
{
    struct ms_param p = number(MS_INT, 3, 6, 1, false);
    for (int i = 0; i < 4; i++) {
        CHECK(ms_space_param_from_unit(&p, i / 4.0) == i);
        CHECK(ms_space_param_from_unit(&p, (i + 1) / 4.0 - 1e-12) == i);
    }
    CHECK(ms_space_param_from_unit(&p, 1) == 3);
    struct ms_param even = number(MS_FLOAT, -1, 3, 0, false),
                    log_scale = number(MS_FLOAT, 1e-4, 1, 0, true);
    CHECK(ms_space_param_from_unit(&even, 0) == -1 && ms_space_param_from_unit(&even, 1) == 3);
    CHECK_NEAR(ms_space_param_from_unit(&even, 0.25), 0, 1e-15);
    CHECK_NEAR(ms_space_param_from_unit(&log_scale, 0.5), 0.01, 1e-15);
    CHECK(ms_space_param_from_unit(&log_scale, 0) == 1e-4);
}

// Log integers. Values: Optuna 5.0.0, _SearchSpaceTransform of IntDistribution(lo, hi, log=True),
// untransform at lo + u·(hi - lo) of its bounds and the place of transform between them.
static void test_log_integers(void)
{
    static const double u[7] = {0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.999999};
    static const struct {
        double lo, hi, values[7], places[3]; // places: of lo, lo + 2 and hi
    } rows[] = {
        {1,
         1000,
         {1, 1, 3, 22, 150, 468, 1000},
         {0.09118675081917017, 0.23571433143015905, 0.999934239102254}},
        {3,
         7,
         {3, 3, 3, 4, 6, 7, 7},
         {0.16595623285353034, 0.6309297535714574, 0.9371999820149526}},
        {16,
         65536,
         {16, 36, 125, 1008, 8127, 28436, 65536},
         {0.0038024567675428735, 0.017909016242697202, 0.9999990862512877}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CASE("from %g to %g", rows[i].lo, rows[i].hi);
        const struct ms_param p = number(MS_INT, rows[i].lo, rows[i].hi, 1, true);
        CHECK_INT(p.count, rows[i].hi - rows[i].lo + 1);
        for (int k = 0; k < 7; k++)
            CHECK_NEAR(ms_space_param_number(&p, ms_space_param_from_unit(&p, u[k])),
                       rows[i].values[k], 0);
        const double at[3] = {0, 2, rows[i].hi - rows[i].lo};
        double sum = 0;
        for (int k = 0; k < 3; k++)
            CHECK_NEAR(ms_space_param_to_unit(&p, at[k]), rows[i].places[k], 1e-14);
        for (double v = 0; v < (double)p.count; v++) {
            CHECK(ms_space_param_from_unit(&p, ms_space_param_to_unit(&p, v)) == v);
            CHECK(ms_space_param_from_unit(&p, sum + 1e-9) == v); // where its share begins
            sum += ms_space_param_share(&p, v);
            CHECK(ms_space_param_from_unit(&p, sum - 1e-9) == v);
        }
        CHECK_NEAR(sum, 1, 1e-11);
        CHECK(ms_space_param_from_unit(&p, 1) == (double)p.count - 1);
    }
    const struct ms_param one = number(MS_INT, 5, 5, 1, true),
                          wide = number(MS_INT, 1, 0x1p53, 1, true);
    CHECK(one.count == 1 && ms_space_param_from_unit(&one, 0.999) == 0);
    CHECK_NEAR(ms_space_param_from_unit(&wide, 1), 0x1p53, 100); // 15 digits
    char text[32];
    CHECK_STR(ms_space_param_text(&wide, 0x1p53 - 1, text, sizeof text), "9007199254740992");
}

static void test_to_unit(void)
{
    struct ms_param p = {.kind = MS_FLOAT, .lo = 1e-4, .hi = 1, .log = true};
    CHECK_NEAR(ms_space_param_to_unit(&p, 1e-2), 0.5, 1e-15);
    CHECK(ms_space_param_to_unit(&p, 1) == 1 && ms_space_param_to_unit(&p, 1e-4) == 0);
    CHECK(ms_space_param_share(&p, 1) == 0);
    p.log = false;
    CHECK_NEAR(ms_space_param_to_unit(&p, 0.50005), 0.5, 1e-15);
    p.count = 4;
    CHECK(ms_space_param_to_unit(&p, 0) == 0.125 && ms_space_param_to_unit(&p, 3) == 0.875);
    CHECK(ms_space_param_share(&p, 3) == 0.25);
}

static void test_most(void)
{
    struct ms_param p = number(MS_INT, 1, 100, 7, false);
    CHECK(ms_space_param_most(&p) == 99); // the last on the grid
    p = number(MS_FLOAT, 0, 1, 0, false);
    CHECK(isnan(ms_space_param_most(&p)));
    cJSON *words = cJSON_Parse("[\"a\", 5, 2, null]"), *none = cJSON_Parse("[\"a\", {}]");
    p = (struct ms_param){.kind = MS_CHOICE, .values = words, .count = 4, .parent = -1};
    CHECK(ms_space_param_most(&p) == 5);
    p = (struct ms_param){.kind = MS_CHOICE, .values = none, .count = 2, .parent = -1};
    CHECK(isnan(ms_space_param_most(&p)));
    cJSON_Delete(words);
    cJSON_Delete(none);
}

int main(void)
{
    test_grids();
    test_choices();
    test_from_unit();
    test_log_integers();
    test_to_unit();
    test_most();
    return check_done();
}
