// SPDX-License-Identifier: MIT
//
// Only one run at a time may write, by a POSIX record lock on "<store>.lock". Such a lock belongs
// to a process, not to a descriptor: it ends with the process, however that dies, is not inherited
// by children, and works between the nodes of an NFS mount. Closing any descriptor of the file
// would drop it, so nobody else may open the file in this process.
//
// The file is removed at the end while the lock is still held. Whoever opened it before and gets
// the lock after that has a file without a name; it notices and opens again.
#include "store_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

static struct flock whole_file(void)
{
    return (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET};
}

// "host pid" as the holder wrote it, for messages.
static void read_holder(int fd, char *out, size_t size)
{
    const ssize_t n = pread(fd, out, size - 1, 0);
    out[n > 0 ? n : 0] = '\0';
    out[strcspn(out, "\n")] = '\0';
}

static int write_holder(struct ms_store *s, struct ms_error *err)
{
    char host[256] = "", text[300];
    (void)gethostname(host, sizeof host - 1);
    const int n = snprintf(text, sizeof text, "host %s, pid %ld\n", host, (long)getpid());
    if (ftruncate(s->lock_fd, 0) || pwrite(s->lock_fd, text, (size_t)n, 0) != n)
        return ms_fail(err, MS_EIO, "%s: cannot be written: %s", s->lock_path, strerror(errno));
    return 0;
}

// 0: locked; 1: the file was removed meanwhile, try again.
static int try_lock(struct ms_store *s, struct ms_error *err)
{
    s->lock_fd = open(s->lock_path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (s->lock_fd < 0)
        return ms_fail(err, MS_EIO, "%s: cannot be created: %s", s->lock_path, strerror(errno));
    struct flock lock = whole_file();
    if (fcntl(s->lock_fd, F_SETLK, &lock)) {
        const int why = errno;
        char holder[300];
        read_holder(s->lock_fd, holder, sizeof holder);
        close(s->lock_fd);
        s->lock_fd = -1;
        if (why == EAGAIN || why == EACCES)
            return ms_fail(err, MS_EBUSY, "%s: another run is using it (%s)", s->path,
                           holder[0] ? holder : "unknown which");
        return ms_fail(err, MS_EIO, "%s: cannot be locked: %s", s->lock_path, strerror(why));
    }
    struct stat here, named;
    if (fstat(s->lock_fd, &here) == 0 && stat(s->lock_path, &named) == 0 &&
        here.st_ino == named.st_ino && here.st_dev == named.st_dev)
        return 0;
    close(s->lock_fd);
    s->lock_fd = -1;
    return 1;
}

int ms_store_lock(struct ms_store *s, struct ms_error *err)
{
    for (int i = 0; i < 100; i++) {
        int status = try_lock(s, err);
        if (status > 0)
            continue;
        if (!status)
            status = write_holder(s, err);
        if (status && s->lock_fd >= 0)
            ms_store_unlock(s);
        return status;
    }
    return ms_fail(err, MS_EBUSY, "%s: other runs keep starting and ending on it", s->path);
}

void ms_store_unlock(struct ms_store *s)
{
    if (s->lock_fd < 0)
        return;
    (void)unlink(s->lock_path);
    close(s->lock_fd);
    s->lock_fd = -1;
}

bool ms_store_alive(const struct ms_store *s, char *holder, size_t size)
{
    holder[0] = '\0';
    if (s->writer)
        return true; // opening the file here would drop the lock
    const int fd = open(s->lock_path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    struct flock lock = whole_file();
    const bool held = fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    if (held)
        read_holder(fd, holder, size);
    close(fd);
    return held;
}

// File systems of this machine, by the magic number of statfs(2). All others (NFS, Lustre, GPFS,
// CIFS, FUSE, 9p, Ceph, BeeGFS, and whatever is not known here) are taken for shared ones.
static const unsigned long local_magic[] = {
    0x0000EF53, // ext2, ext3, ext4
    0x58465342, // XFS
    0x9123683E, // btrfs
    0x01021994, // tmpfs
    0x858458F6, // ramfs
    0x794C7630, // overlayfs: containers
    0x2FC12FC1, // ZFS
    0xF2F52010, // F2FS
    0xCA451A4E, // bcachefs
    0x3153464A, // JFS
};

bool ms_store_is_local(const char *path)
{
    struct statfs fs;
    if (statfs(path, &fs))
        return false;
    for (size_t i = 0; i < sizeof local_magic / sizeof *local_magic; i++)
        if (((unsigned long)fs.f_type & 0xffffffff) == local_magic[i])
            return true;
    return false;
}
