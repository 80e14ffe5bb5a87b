// SPDX-License-Identifier: MIT
//
// A failure has its code and its message in one step; messages that are too long are cut, never
// overrun, and a caller may want no message at all.
#include "mlpsweep/status.h"

#include "check.h"

static void test_fail(void)
{
    struct ms_error err = {0};
    CHECK_INT(ms_fail(&err, MS_EIO, "%s: %d", "file", 7), MS_EIO);
    CHECK_INT(err.code, MS_EIO);
    CHECK_STR(err.text, "file: 7");
    CHECK_INT(ms_fail(NULL, MS_ENOMEM, "nobody reads this"), MS_ENOMEM);
}

static void test_prefix(void)
{
    struct ms_error err = {0};
    CHECK_INT(ms_fail(&err, MS_EFORMAT, "found %%"), MS_EFORMAT);
    CHECK_INT(ms_fail_in(&err, "%s", "a.csv"), MS_EFORMAT);
    CHECK_STR(err.text, "a.csv: found %");
    CHECK_INT(ms_fail_in(&err, "stage %d", 2), MS_EFORMAT);
    CHECK_STR(err.text, "stage 2: a.csv: found %");
    CHECK(ms_fail_in(NULL, "nobody") < 0);
}

// Every length around the end of the buffer, of the message and of the prefix.
static void test_too_long(void)
{
    struct {
        struct ms_error err;
        char guard[8];
    } s;
    char text[1100], prefix[1100];
    const int size = (int)sizeof s.err.text;
    memset(text, 'm', sizeof text);
    memset(prefix, 'p', sizeof prefix);
    for (int n = size - 5; n < size + 5; n++)
        for (int p = 0; p < size + 5; p += p < 6 || p >= size - 6 ? 1 : 97) {
            memset(s.guard, 'g', sizeof s.guard);
            const int wanted = p + 2 + n < size ? p + 2 + n : size - 1;
            CHECK_INT(ms_fail(&s.err, MS_EIO, "%.*s", n, text), MS_EIO);
            CHECK_INT(strlen(s.err.text), n < size ? n : size - 1);
            CHECK_INT(ms_fail_in(&s.err, "%.*s", p, prefix), MS_EIO);
            const int length = (int)strlen(s.err.text);
            CHECK(length <= wanted && length >= wanted - 3); // ": " goes whole or not at all
            CHECK(memcmp(s.guard, "gggggggg", 8) == 0);
        }
}

int main(void)
{
    test_fail();
    test_prefix();
    test_too_long();
    return check_done();
}
