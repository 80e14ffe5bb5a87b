// SPDX-License-Identifier: MIT
//
// Reading a sweep file whole.
#include "check.h"
#include "mlpsweep/limits.h"
#include "mlpsweep/sweep.h"

#include <unistd.h>

#define UNIT MS_SOURCE_DIR "/tests/unit/sweep/"

static void test_read(void)
{
    struct ms_error err;
    char *text;
    size_t len;
    CHECK_INT(ms_sweep_read(UNIT "no such file", &text, &len, &err), MS_EIO);
    CHECK(strstr(err.text, "no such file: ") && text == NULL);
    CHECK_INT(ms_sweep_read(UNIT, &text, &len, &err), MS_EIO); // a folder
    CHECK(text == NULL);
}

// Sizes around those of one read; beyond the limit it is refused.
static void test_sizes(void)
{
    static const size_t sizes[] = {
        0, 1, 65535, 65536, 65537, 131072, MS_MAX_SWEEP_FILE, MS_MAX_SWEEP_FILE + 1};
    char path[] = "/tmp/mlpsweep-parse-XXXXXX";
    int fd = mkstemp(path);
    REQUIRE(fd >= 0);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct ms_error err = {0};
        char *text;
        size_t len;
        REQUIRE(ftruncate(fd, 0) == 0 && ftruncate(fd, (off_t)sizes[i]) == 0);
        if (sizes[i] > 0)
            REQUIRE(pwrite(fd, "z", 1, (off_t)sizes[i] - 1) == 1);
        int status = ms_sweep_read(path, &text, &len, &err);
        if (sizes[i] > MS_MAX_SWEEP_FILE) {
            CHECK_INT(status, MS_ELIMIT);
            CHECK(text == NULL && len == 0);
            continue;
        }
        REQUIRE(status == 0);
        CHECK_INT(len, sizes[i]);
        CHECK(text[len] == '\0' && (len == 0 || text[len - 1] == 'z'));
        free(text);
    }
    close(fd);
    unlink(path);
}

int main(void)
{
    test_read();
    test_sizes();
    return check_done();
}
