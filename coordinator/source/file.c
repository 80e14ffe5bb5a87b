// SPDX-License-Identifier: MIT
//
// Files of data sets: where they are, and reading them, gzipped or not. Every message begins with
// the file's path.
#include "file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "mlpsweep/memory.h"

#define READ_CHUNK (1u << 24) // gzread counts in unsigned int

int ms_file_open(struct ms_file *f, const char *path, struct ms_error *err)
{
    struct stat st;
    f->gz = NULL;
    f->path = path;
    if (stat(path, &st) != 0)
        return ms_fail(err, MS_EIO, "%s: %s", path, strerror(errno));
    if (S_ISDIR(st.st_mode))
        return ms_fail(err, MS_EIO, "%s: is a folder, expected a file", path);
    errno = 0;
    f->gz = gzopen(path, "rbe");
    if (!f->gz)
        return ms_fail(err, MS_EIO, "%s: %s", path, errno ? strerror(errno) : "out of memory");
    (void)gzbuffer(f->gz, 1u << 17); // 128 KiB; only a speed-up, so a refusal does not matter
    return 0;
}

static int read_failed(const struct ms_file *f, int code, const char *text, struct ms_error *err)
{
    if (code == Z_ERRNO)
        return ms_fail(err, MS_EIO, "%s: %s", f->path, strerror(errno));
    if (code == Z_MEM_ERROR)
        return ms_no_memory(err, "decompressing %s", f->path);
    if (code == Z_BUF_ERROR)
        return ms_fail(err, MS_EFORMAT, "%s: truncated: the gzip stream ends too early", f->path);
    return ms_fail(err, MS_EFORMAT, "%s: damaged gzip file: %s", f->path, text);
}

int ms_file_read(struct ms_file *f, void *to, size_t size, size_t *got, struct ms_error *err)
{
    *got = 0;
    while (*got < size) {
        size_t want = size - *got < READ_CHUNK ? size - *got : READ_CHUNK;
        int n = gzread(f->gz, (char *)to + *got, (unsigned)want);
        if (n > 0)
            *got += (size_t)n;
        if (n < (int)want) {
            // A short count is an ordinary end of file, or an error that gzread delays until
            // all good bytes are delivered: a truncated stream shows here.
            int code;
            const char *text = gzerror(f->gz, &code);
            if (code != Z_OK && code != Z_STREAM_END)
                return read_failed(f, code, text, err);
            break;
        }
    }
    return 0;
}

uint64_t ms_file_left(const struct ms_file *f, uint64_t taken, uint64_t unknown)
{
    struct stat st;
    if (!gzdirect(f->gz) || stat(f->path, &st) != 0 || !S_ISREG(st.st_mode))
        return unknown;
    return (uint64_t)st.st_size < taken ? 0 : (uint64_t)st.st_size - taken;
}

void ms_file_close(struct ms_file *f)
{
    if (f->gz)
        gzclose_r(f->gz);
    f->gz = NULL;
}

int ms_file_find(const char *sweep_dir, const char *path, char *out, size_t size,
                 struct ms_error *err)
{
    struct stat st;
    bool relative = path[0] != '/';
    if (relative && sweep_dir && sweep_dir[0]) {
        int n = snprintf(out, size, "%s/%s", sweep_dir, path);
        if (n < 0 || (size_t)n >= size)
            return ms_fail(err, MS_ELIMIT, "%s: the path is longer than %zu bytes", path, size - 1);
        if (stat(out, &st) == 0)
            return 0;
    }
    int n = snprintf(out, size, "%s", path);
    if (n < 0 || (size_t)n >= size)
        return ms_fail(err, MS_ELIMIT, "%s: the path is longer than %zu bytes", path, size - 1);
    if (stat(out, &st) == 0)
        return 0;
    if (relative && errno == ENOENT && sweep_dir && sweep_dir[0])
        return ms_fail(err, MS_EIO,
                       "%s: No such file or directory, neither in %s nor in the current folder",
                       path, sweep_dir);
    return ms_fail(err, MS_EIO, "%s: %s", path, strerror(errno));
}

const char *ms_file_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash && slash[1] ? slash + 1 : path;
}

static int hash(FILE *f, const char *path, struct ms_data_file *out, struct ms_error *err)
{
    enum { CHUNK = 1 << 18 };
    struct ms_sha256 state;
    char *bytes = malloc(CHUNK);
    if (!bytes)
        return ms_no_memory(err, "the hash of %s", path);
    ms_sha256_start(&state);
    for (size_t n; (n = fread(bytes, 1, CHUNK, f)) > 0; out->bytes += n)
        ms_sha256_add(&state, bytes, n);
    free(bytes);
    if (ferror(f))
        return ms_fail(err, MS_EIO, "%s: %s", path, strerror(errno));
    ms_sha256_end(&state, out->sha256);
    return 0;
}

int ms_file_record(struct ms_data_info *info, const char *path, enum ms_part part,
                   struct ms_error *err)
{
    static const char *const parts[MS_PARTS] = {"training", "validation", "test"};
    char copy[4608];
    snprintf(copy, sizeof copy, "%s", path);
    struct ms_data_file file = {.path = copy};
    snprintf(file.part, sizeof file.part, "%s", parts[part]);
    for (size_t i = 0; i < info->n_files; i++)
        if (strcmp(info->file[i].path, path) == 0 && strcmp(info->file[i].part, file.part) == 0)
            return 0;
    FILE *f = fopen(path, "rbe");
    if (!f)
        return ms_fail(err, MS_EIO, "%s: %s", path, strerror(errno));
    int status = hash(f, path, &file, err);
    fclose(f);
    return status ? status : ms_data_info_file(info, &file, err);
}
