// SPDX-License-Identifier: MIT
//
// The data section as a whole: one source, the fields that it takes and those that it needs.
#include "problem_fixture.h"

static void test_sources(void)
{
    static const struct wrong_case rows[] = {
        {"{\"points\": 5}", "data: found no source; allowed: exactly one of synthetic, idx, *"},
        {"{\"synthetic\": \"xor\", \"idx\": \"a\"}",
         "data: found more than one source; allowed: exactly one of synthetic, idx, *"},
        {"{\"idx\": \"a\", \"points\": 5}",
         "data.points: found beside idx; allowed: only with synthetic"},
        {"{\"synthetic\": \"xor\", \"missing\": \"drop\"}",
         "data.missing: found beside synthetic; allowed: only with csv or npy or npz *"},
        {"{\"csv\": \"a\"}", "data.target: missing (*"},
        {"{\"npy\": \"a\"}", "data.target_file: missing (*"},
        {"{\"npy\": \"a\", \"target_file\": \"b\", \"test_file\": \"c\"}",
         "data.test_target_file: missing (*"},
        {"{\"npz\": \"a\", \"x_test\": \"b\"}", "data.y_test: missing (*"},
        {"{\"npz\": \"a\"}", ""},
        {"{\"idx\": \"a\"}", ""},
    };
    CHECK_PROBLEMS("{\"data\": %s, \"hidden\": []}", rows);
}

// Ways to say the same, of which one may be used.
static void test_exclusions(void)
{
    static const struct wrong_case rows[] = {
        {"{\"csv\": \"a\", \"target\": \"y\", \"test\": 0.1, \"test_file\": \"b\"}",
         "data: found test beside test_file; allowed: one of them"},
        {"{\"csv\": \"a\", \"target\": \"y\", \"test\": 0, \"test_file\": \"b\"}", ""}, // 0 is none
        {"{\"synthetic\": \"xor\", \"validation\": 0.1, \"folds\": 3}",
         "data: found validation beside folds; allowed: one of them"},
        {"{\"synthetic\": \"xor\", \"validation\": 0, \"folds\": 3}", ""},
        {"{\"synthetic\": \"xor\", \"validation\": {\"file\": \"b\"}}",
         "data: found a validation file beside synthetic; allowed: a fraction"},
        {"{\"csv\": \"a\", \"target\": \"y\", \"validation\": {\"file\": \"b\", \"target_file\": "
         "\"c\"}}",
         "data: found a validation file with target_file; allowed: with one for npy, without for "
         "the "
         "others"},
        {"{\"npy\": \"a\", \"target_file\": \"y\", \"validation\": {\"file\": \"b\"}}",
         "data: found a validation file without target_file; allowed: with one for npy, without "
         "for the "
         "others"},
        {"{\"npy\": \"a\", \"target_file\": \"y\", \"validation\": {\"file\": \"b\", "
         "\"target_file\": "
         "\"c\"}}",
         ""},
    };
    CHECK_PROBLEMS("{\"data\": %s, \"hidden\": []}", rows);
}

// Each alternative of a choice is a section of its own.
static void test_choice(void)
{
    static const struct wrong_case rows[] = {
        {"{\"choice\": [{\"synthetic\": \"xor\"}, {\"idx\": \"a\"}]}", ""},
        {"{\"choice\": [{\"synthetic\": \"xor\"}, {\"csv\": \"a\", \"points\": 3, \"target\": "
         "\"y\"}]}",
         "data.points: found beside csv; allowed: only with synthetic"},
        {"{\"synthetic\": \"xor\", \"test\": {\"float\": [0.1, 0.2]}}",
         "data.test: found a continuous parameter; allowed in data: step, points or choice"},
        {"{\"synthetic\": \"xor\", \"test\": {\"float\": [0.1, 0.2], \"points\": 2}}", ""},
    };
    CHECK_PROBLEMS(
        "{\"data\": %s, \"hidden\": [], \"search\": {\"method\": \"random\", \"max_trials\": 2}}",
        rows);
}

int main(void)
{
    test_sources();
    test_exclusions();
    test_choice();
    return check_done();
}
