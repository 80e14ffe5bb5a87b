// SPDX-License-Identifier: MIT
//
// The room is reserved when the file is made, so that a full disk shows before anything is sent. A
// path that other users could have prepared is never followed: the name is random, and the file
// that is opened must be a plain one of this user with the size that was announced.
#include "nodefile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int create_in(const char *dir, size_t size, char path[MS_NODEFILE_PATH_MAX], int *fd)
{
    int n = snprintf(path, MS_NODEFILE_PATH_MAX, "%s/mlpsweep-data-XXXXXX", dir);
    if (n < 0 || n >= MS_NODEFILE_PATH_MAX)
        return ENAMETOOLONG;
    *fd = mkostemp(path, O_CLOEXEC); // O_EXCL and mode 0600
    if (*fd < 0)
        return errno;
    int status = size ? posix_fallocate(*fd, 0, (off_t)size) : 0;
    if (status) {
        unlink(path);
        close(*fd);
        *fd = -1;
    }
    return status;
}

int ms_nodefile_create(size_t size, char path[MS_NODEFILE_PATH_MAX], int *fd, struct ms_error *err)
{
    const char *dirs[] = {getenv("TMPDIR"), "/tmp", "/dev/shm"};
    char tried[600] = "";
    for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++) {
        if (!dirs[i] || !dirs[i][0])
            continue;
        int status = create_in(dirs[i], size, path, fd);
        if (!status)
            return 0;
        size_t at = strlen(tried);
        snprintf(tried + at, sizeof tried - at, "%s%.150s: %s", at ? "; " : "", dirs[i],
                 strerror(status));
    }
    path[0] = 0;
    return ms_fail(err, MS_EIO, "no room for %zu bytes of data in temporary space (%s); set TMPDIR",
                   size, tried);
}

int ms_nodefile_write(int fd, const void *data, size_t size, size_t offset, const char *path,
                      struct ms_error *err)
{
    const char *p = data;
    while (size) {
        ssize_t n = pwrite(fd, p, size, (off_t)offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return ms_fail(err, MS_EIO, "%s: cannot write: %s", path, strerror(n ? errno : EIO));
        p += n;
        size -= (size_t)n;
        offset += (size_t)n;
    }
    return 0;
}

int ms_nodefile_open(const char *path, size_t size, int *fd, struct ms_error *err)
{
    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (*fd < 0)
        return ms_fail(err, MS_EIO, "%s: %s", path, strerror(errno));
    struct stat st;
    if (fstat(*fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
        st.st_size == (off_t)size)
        return 0;
    close(*fd);
    *fd = -1;
    return ms_fail(err, MS_EIO, "%s: not the file that this node's first rank wrote", path);
}
