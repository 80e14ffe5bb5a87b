// SPDX-License-Identifier: MIT
//
// Counts with commas; texts that are cut off where their buffer ends.
#include "mlpsweep/words.h"

#include "check.h"

static void test_count(void)
{
    char out[64];
    CHECK_STR(ms_words_count(0, out, sizeof out), "0");
    CHECK_STR(ms_words_count(999, out, sizeof out), "999");
    CHECK_STR(ms_words_count(1000, out, sizeof out), "1,000");
    CHECK_STR(ms_words_count(-1234567, out, sizeof out), "-1,234,567");
    CHECK_STR(ms_words_count(INT64_MIN, out, sizeof out), "-9,223,372,036,854,775,808");
    char few[5];
    CHECK_STR(ms_words_count(123456, few, sizeof few), "123,");
}

static void test_append(void)
{
    char out[8] = "a";
    ms_words_append(out, sizeof out, "%d%s", 1, "b");
    CHECK_STR(out, "a1b");
    ms_words_append(out, sizeof out, "%s", "cdefgh");
    CHECK_STR(out, "a1bcdef");
    ms_words_append(out, sizeof out, "%s", "more");
    CHECK_STR(out, "a1bcdef");
}

int main(void)
{
    test_count();
    test_append();
    return check_done();
}
