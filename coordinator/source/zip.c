// SPDX-License-Identifier: MIT
//
// After PKWARE's APPNOTE 6.3.10. The end record is searched from the file's end; it says where the
// central directory is, which says where the entry's local header is, and how long its data are.
#include "zip.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "mlpsweep/memory.h"

enum {
    END = 22,     // bytes of the end record, without its comment
    END64 = 56,   // of Zip64's
    LOCATOR = 20, // says where Zip64's is
    CENTRAL = 46, // of an entry in the directory, without name, extra and comment
    LOCAL = 30,
    MAX_COMMENT = 65535,
    MAX_NAME = 300,
};

struct entry {
    uint64_t packed, length, at;
    uint32_t crc;
    int method, flags;
};

static uint32_t u16(const unsigned char *p)
{
    return (uint32_t)(p[0] | p[1] << 8);
}

static uint32_t u32(const unsigned char *p)
{
    return u16(p) | u16(p + 2) << 16;
}

static uint64_t u64(const unsigned char *p)
{
    return u32(p) | (uint64_t)u32(p + 4) << 32;
}

static int damaged(const struct ms_zip *z, const char *what, struct ms_error *err)
{
    return ms_fail(err, MS_EFORMAT, "%s: damaged archive: %s", z->path, what);
}

static int read_at(struct ms_zip *z, uint64_t at, void *to, size_t n, const char *what,
                   struct ms_error *err)
{
    if (at > z->size || n > z->size - at)
        return ms_fail(err, MS_EFORMAT,
                       "%s: damaged or truncated archive: %s lies beyond its %llu bytes", z->path,
                       what, (unsigned long long)z->size);
    if (fseeko(z->file, (off_t)at, SEEK_SET) != 0 || fread(to, 1, n, z->file) != n)
        return ms_fail(err, MS_EIO, "%s: %s", z->path,
                       errno ? strerror(errno) : "the file became shorter while it was read");
    return 0;
}

// Finds where the central directory begins and how many entries it has.
static int find_directory(struct ms_zip *z, uint64_t *at, uint64_t *n, struct ms_error *err)
{
    unsigned char *tail = z->in, end64[END64]; // z->in has room for a comment's end and the record
    size_t most = sizeof z->in < END + MAX_COMMENT ? sizeof z->in : END + MAX_COMMENT;
    size_t size = z->size < most ? (size_t)z->size : most;
    if (size < END || z->size > INT64_MAX)
        return ms_fail(err, MS_EFORMAT, "%s: not an NPZ (zip) archive: %llu bytes", z->path,
                       (unsigned long long)z->size);
    int status = read_at(z, z->size - size, tail, size, "the end", err);
    if (status)
        return status;
    size_t i = size - END + 1;
    while (i > 0 && memcmp(tail + i - 1, "PK\5\6", 4) != 0)
        i--;
    if (i == 0)
        return ms_fail(err, MS_EFORMAT,
                       "%s: not an NPZ (zip) archive, or truncated: its directory is missing",
                       z->path);
    const unsigned char *end = tail + i - 1;
    *n = u16(end + 10);
    *at = u32(end + 16);
    if (end - tail < LOCATOR || memcmp(end - LOCATOR, "PK\6\7", 4) != 0)
        return 0;
    status = read_at(z, u64(end - LOCATOR + 8), end64, sizeof end64, "its Zip64 record", err);
    if (status)
        return status;
    if (memcmp(end64, "PK\6\6", 4) != 0)
        return damaged(z, "its Zip64 record is none", err);
    *n = u64(end64 + 32);
    *at = u64(end64 + 48);
    return 0;
}

// Sizes that do not fit 32 bits stand in the extra field, in this order.
static bool take_zip64(struct entry *e, const unsigned char *extra, size_t n)
{
    uint64_t *wanted[3] = {&e->length, &e->packed, &e->at};
    bool need = false;
    for (int i = 0; i < 3; i++)
        need = need || *wanted[i] == 0xffffffffu;
    while (n >= 4) {
        size_t id = u16(extra), len = u16(extra + 2);
        if (len > n - 4)
            return false;
        const unsigned char *p = extra + 4;
        size_t left = id == 1 ? len : 0;
        for (int i = 0; i < 3 && id == 1; i++)
            if (*wanted[i] == 0xffffffffu && left >= 8) {
                *wanted[i] = u64(p);
                p += 8;
                left -= 8;
                need = false;
            }
        extra += 4 + len;
        n -= 4 + len;
    }
    return !need;
}

static int find_entry(struct ms_zip *z, const char *name, struct entry *e, struct ms_error *err)
{
    uint64_t at = 0, n = 0;
    char names[200] = ""; // as many as fit
    size_t used = 0;
    int status = find_directory(z, &at, &n, err);
    for (uint64_t i = 0; i < n && !status; i++) {
        unsigned char head[CENTRAL], text[MAX_NAME + 1] = "";
        status = read_at(z, at, head, sizeof head, "its directory", err);
        if (status)
            return status;
        if (memcmp(head, "PK\1\2", 4) != 0)
            return damaged(z, "an entry of its directory is none", err);
        size_t name_len = u16(head + 28), extra_len = u16(head + 30), comment = u16(head + 32);
        if (name_len <= MAX_NAME)
            status = read_at(z, at + CENTRAL, text, name_len, "a name", err);
        if (!status && strcmp((char *)text, name) == 0) {
            *e = (struct entry){.flags = (int)u16(head + 8),
                                .method = (int)u16(head + 10),
                                .crc = u32(head + 16),
                                .packed = u32(head + 20),
                                .length = u32(head + 24),
                                .at = u32(head + 42)};
            status = read_at(z, at + CENTRAL + name_len, z->in, extra_len, "an extra field", err);
            return status                            ? status
                   : take_zip64(e, z->in, extra_len) ? 0
                                                     : damaged(z, "an extra field", err);
        }
        if (used < sizeof names)
            used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", used ? ", " : "",
                                     (char *)text);
        at += CENTRAL + name_len + extra_len + comment;
    }
    for (char *p = names; *p; p++)
        *p = *p >= ' ' && *p < 0x7f ? *p : '?';
    return status ? status
                  : ms_fail(err, MS_EINVAL, "%s: there is no '%s'; it has %s", z->path, name,
                            names[0] ? names : "nothing");
}

// Leaves the file at the entry's data.
static int go_to_data(struct ms_zip *z, const struct entry *e, struct ms_error *err)
{
    unsigned char head[LOCAL];
    int status = read_at(z, e->at, head, sizeof head, "an entry", err);
    if (status)
        return status;
    if (memcmp(head, "PK\3\4", 4) != 0)
        return damaged(z, "an entry does not begin where its directory says", err);
    uint64_t at = e->at + LOCAL + u16(head + 26) + u16(head + 28);
    if (at > z->size || e->packed > z->size - at)
        return ms_fail(err, MS_EFORMAT,
                       "%s: damaged or truncated archive: an entry's %llu bytes go beyond "
                       "its end",
                       z->path, (unsigned long long)e->packed);
    if (fseeko(z->file, (off_t)at, SEEK_SET) != 0)
        return ms_fail(err, MS_EIO, "%s: %s", z->path, strerror(errno));
    return 0;
}

int ms_zip_open(struct ms_zip *z, const char *path, const char *name, struct ms_error *err)
{
    struct entry e = {0};
    memset(z, 0, sizeof *z);
    z->path = path;
    z->file = fopen(path, "rbe");
    if (!z->file || fseeko(z->file, 0, SEEK_END) != 0)
        return ms_fail(err, MS_EIO, "%s: %s", path, strerror(errno));
    off_t size = ftello(z->file);
    if (size < 0)
        return ms_fail(err, MS_EIO, "%s: %s", path, strerror(errno));
    z->size = (uint64_t)size;
    int status = find_entry(z, name, &e, err);
    if (!status)
        status = go_to_data(z, &e, err);
    if (status)
        return status;
    if (e.flags & 1)
        return ms_fail(err, MS_EFORMAT, "%s: '%s' is encrypted", path, name);
    if (e.method != 0 && e.method != Z_DEFLATED)
        return ms_fail(err, MS_EFORMAT,
                       "%s: '%s' is compressed by method %d; stored (0) and deflated (8) "
                       "can be read",
                       path, name, e.method);
    z->deflated = e.method == Z_DEFLATED;
    if (!z->deflated && e.packed != e.length)
        return damaged(z, "a stored entry has two sizes", err);
    z->left = e.packed;
    z->length = e.length;
    z->crc_wanted = e.crc;
    z->crc = (uint32_t)crc32(0, NULL, 0);
    if (z->deflated && inflateInit2(&z->z, -MAX_WBITS) != Z_OK)
        return ms_no_memory(err, "decompressing %s", path);
    z->open = z->deflated;
    return 0;
}

// More compressed bytes into z->in.
static int refill(struct ms_zip *z, struct ms_error *err)
{
    size_t n = z->left < sizeof z->in ? (size_t)z->left : sizeof z->in;
    if (n == 0)
        return damaged(z, "an entry's data end too early", err);
    if (fread(z->in, 1, n, z->file) != n)
        return ms_fail(err, MS_EIO, "%s: %s", z->path,
                       errno ? strerror(errno) : "the file became shorter while it was read");
    z->left -= n;
    z->z.next_in = z->in;
    z->z.avail_in = (unsigned)n;
    return 0;
}

static int inflate_some(struct ms_zip *z, unsigned char *to, size_t size, struct ms_error *err)
{
    z->z.next_out = to;
    z->z.avail_out = (unsigned)size;
    while (z->z.avail_out > 0) {
        int status = z->z.avail_in == 0 && z->left > 0 ? refill(z, err) : 0;
        if (status)
            return status;
        int state = inflate(&z->z, Z_NO_FLUSH);
        if (state == Z_MEM_ERROR)
            return ms_no_memory(err, "decompressing %s", z->path);
        if (z->z.avail_out > 0 && (state == Z_STREAM_END || state == Z_BUF_ERROR))
            return damaged(z, "an entry's data end too early", err);
        if (state != Z_OK && state != Z_STREAM_END)
            return damaged(z, z->z.msg ? z->z.msg : "its data", err);
    }
    return 0;
}

int ms_zip_read(struct ms_zip *z, void *to, size_t size, size_t *got, struct ms_error *err)
{
    enum { CHUNK = 1 << 24 };
    *got = 0;
    while (*got < size && z->done < z->length) {
        size_t n = size - *got < CHUNK ? size - *got : CHUNK;
        n = n < z->length - z->done ? n : (size_t)(z->length - z->done);
        unsigned char *p = (unsigned char *)to + *got;
        int status = 0;
        if (z->deflated)
            status = inflate_some(z, p, n, err);
        else if (fread(p, 1, n, z->file) != n)
            status = ms_fail(err, MS_EIO, "%s: the file became shorter while it was read", z->path);
        if (status)
            return status;
        z->crc = (uint32_t)crc32(z->crc, p, (unsigned)n);
        z->done += n;
        *got += n;
    }
    if (z->done == z->length && z->crc != z->crc_wanted)
        return damaged(z, "the check sum of an entry is wrong", err);
    return 0;
}

void ms_zip_close(struct ms_zip *z)
{
    if (z->open)
        inflateEnd(&z->z);
    if (z->file)
        fclose(z->file);
    z->open = 0;
    z->file = NULL;
}
