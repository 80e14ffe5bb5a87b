// SPDX-License-Identifier: MIT
//
// The node's data file: where it is made, what opening it refuses, what a full disk leaves behind.
#include "common/mpi/nodefile.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

static void test_nodefile(void)
{
    char path[MS_NODEFILE_PATH_MAX];
    struct ms_error err;
    int writing = -1, reading = -1;
    setenv("TMPDIR", "/nonexistent/folder", 1); // falls through to /tmp
    REQUIRE(ms_nodefile_create(10, path, &writing, &err) == 0);
    CHECK(strncmp(path, "/tmp/mlpsweep-data-", 19) == 0 || strncmp(path, "/dev/shm/", 9) == 0);
    struct stat st;
    CHECK(fstat(writing, &st) == 0 && st.st_size == 10 && (st.st_mode & 0777) == 0600);
    CHECK_INT(ms_nodefile_write(writing, "01234", 5, 0, path, &err), 0);
    CHECK_INT(ms_nodefile_write(writing, "56789", 5, 5, path, &err), 0);
    CHECK(ms_nodefile_open(path, 11, &reading, &err) == MS_EIO && reading == -1);
    REQUIRE(ms_nodefile_open(path, 10, &reading, &err) == 0);
    unlink(path);
    char back[11] = "";
    CHECK(read(reading, back, 10) == 10);
    CHECK_STR(back, "0123456789");
    CHECK(write(reading, "x", 1) < 0);
    close(reading);
    close(writing);
    CHECK_INT(ms_nodefile_open(path, 10, &reading, &err), MS_EIO);
    // More than any disk has: refused in words, nothing left behind.
    CHECK_INT(ms_nodefile_create((size_t)1 << 60, path, &writing, &err), MS_EIO);
    CHECK(strstr(err.text, "TMPDIR") && strstr(err.text, "/tmp: "));
}

// A name that leads elsewhere, or to something other than a file of that size, is refused.
static void test_foreign(void)
{
    char folder[] = "/tmp/mlpsweep-test-XXXXXX", path[MS_NODEFILE_PATH_MAX], link[100];
    struct ms_error err;
    int writing = -1, reading = -1;
    REQUIRE(mkdtemp(folder));
    setenv("TMPDIR", folder, 1);
    REQUIRE(ms_nodefile_create(0, path, &writing, &err) == 0); // no data at all is a file, too
    CHECK(strncmp(path, folder, strlen(folder)) == 0);
    CHECK_INT(ms_nodefile_open(path, 0, &reading, &err), 0);
    close(reading);
    snprintf(link, sizeof link, "%s/link", folder);
    REQUIRE(symlink(path, link) == 0);
    CHECK(ms_nodefile_open(link, 0, &reading, &err) == MS_EIO && reading == -1);
    CHECK(ms_nodefile_open(folder, 0, &reading, &err) == MS_EIO && reading == -1);
    close(writing);
    unlink(link);
    unlink(path);
    // Nothing is left behind where there is no room.
    CHECK_INT(ms_nodefile_create((size_t)1 << 60, path, &writing, &err), MS_EIO);
    CHECK_INT(rmdir(folder), 0);
}

int main(void)
{
    test_nodefile();
    test_foreign();
    return check_done();
}
