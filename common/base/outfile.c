// SPDX-License-Identifier: MIT
//
// Files and folders that appear whole or not at all: written under the name with ".part" and the
// process's number behind it, in the same folder, so that rename gives them their name in one step.
#include "mlpsweep/outfile.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mlpsweep/memory.h"

static const char mark[] = ".mlpsweep"; // in a folder that may be replaced

static void forget(struct ms_outfile *o)
{
    free(o->path);
    free(o->temporary);
    *o = (struct ms_outfile){0};
}

static int refused(struct ms_error *err, const char *path)
{
    return ms_fail(err, MS_EIO, "%s: cannot be written: %s", path, strerror(errno));
}

// Names both; "out/" is the same folder as "out".
static int name(struct ms_outfile *o, const char *path, struct ms_error *err)
{
    size_t n = strlen(path);
    while (o->folder && n > 1 && path[n - 1] == '/')
        n--;
    if (n == 0)
        return ms_fail(err, MS_EINVAL, "--output: found ''; a name is missing");
    if (asprintf(&o->path, "%.*s", (int)n, path) < 0)
        o->path = NULL;
    if (!o->path || asprintf(&o->temporary, "%s.part%ld", o->path, (long)getpid()) < 0) {
        o->temporary = NULL;
        forget(o);
        return ms_no_memory(err, "the name of the output");
    }
    return 0;
}

int ms_outfile_open(struct ms_outfile *o, const char *path, bool force, struct ms_error *err)
{
    struct stat st;
    *o = (struct ms_outfile){.file = stdout};
    if (!path || strcmp(path, "-") == 0)
        return 0;
    o->file = NULL;
    int status = name(o, path, err);
    if (status)
        return status;
    if (stat(o->path, &st) == 0) {
        if (S_ISDIR(st.st_mode))
            status = ms_fail(err, MS_EINVAL, "%s: is a folder; a file is written", path);
        else if (S_ISREG(st.st_mode) && !force)
            status = ms_fail(err, MS_EINVAL, "%s: is there already; --force replaces it", path);
        else if (!S_ISREG(st.st_mode)) { // /dev/null, a pipe: written as it is
            free(o->temporary);
            o->temporary = strdup(o->path);
            status = o->temporary ? 0 : ms_no_memory(err, "the name of the output");
        }
    }
    if (!status && !(o->file = fopen(o->temporary, "w")))
        status = refused(err, path);
    if (status)
        forget(o);
    return status;
}

// --- folders -----------------------------------------------------------------

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *at)
{
    (void)st;
    (void)flag;
    (void)at;
    return remove(path);
}

static void remove_all(const char *path)
{
    (void)nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

static bool is_empty(const char *folder)
{
    DIR *d = opendir(folder);
    int n = 0;
    while (d && readdir(d))
        n++;
    if (d)
        closedir(d);
    return n == 2; // . and ..
}

static bool ours(const char *folder)
{
    char *path = NULL;
    const bool is = asprintf(&path, "%s/%s", folder, mark) >= 0 && access(path, F_OK) == 0;
    free(path);
    return is;
}

static int put_mark(const struct ms_outfile *o, struct ms_error *err)
{
    char *path = NULL;
    if (asprintf(&path, "%s/%s", o->temporary, mark) < 0)
        return ms_no_memory(err, "the name of the output");
    FILE *f = fopen(path, "w");
    const bool good = f && fputs("written by mlpsweep; --force replaces this folder\n", f) >= 0;
    const int status = (f ? fclose(f) == 0 : false) && good ? 0 : refused(err, path);
    free(path);
    return status;
}

int ms_outfile_folder(struct ms_outfile *o, const char *path, bool force, struct ms_error *err)
{
    struct stat st;
    *o = (struct ms_outfile){.folder = true};
    int status = name(o, path, err);
    if (status)
        return status;
    if (lstat(o->path, &st) == 0) {
        if (!S_ISDIR(st.st_mode))
            status = ms_fail(err, MS_EINVAL, "%s: is no folder; a folder is written", path);
        else if (!is_empty(o->path) && !ours(o->path))
            status = ms_fail(err, MS_EINVAL,
                             "%s: is not empty, and no export made it; name a new folder", path);
        else if (!is_empty(o->path) && !force)
            status = ms_fail(err, MS_EINVAL, "%s: is there already; --force replaces it", path);
    }
    if (!status && mkdir(o->temporary, 0777) != 0)
        status = refused(err, path);
    if (!status && (status = put_mark(o, err)))
        remove_all(o->temporary);
    if (status)
        forget(o);
    return status;
}

// The old folder is moved away first, since rename replaces an empty one only.
static int place_folder(struct ms_outfile *o, struct ms_error *err)
{
    char *old = NULL;
    if (asprintf(&old, "%s.old%ld", o->path, (long)getpid()) < 0)
        return ms_no_memory(err, "the name of the output");
    const bool moved = rename(o->path, old) == 0;
    int status = 0;
    if (rename(o->temporary, o->path) != 0) {
        status = refused(err, o->path);
        if (moved && rename(old, o->path) != 0)
            status = ms_fail(err, MS_EIO, "%s: what was there is now %s", o->path, old);
    } else if (moved) {
        remove_all(old);
    }
    free(old);
    return status;
}

int ms_outfile_end(struct ms_outfile *o, int status, struct ms_error *err)
{
    const bool other = o->temporary && strcmp(o->temporary, o->path) == 0;
    if (o->file && !status && (fflush(o->file) != 0 || ferror(o->file)))
        status = refused(err, o->path ? o->path : "standard output");
    if (o->file && o->temporary && fclose(o->file) != 0 && !status)
        status = refused(err, o->path);
    if (!status && o->folder)
        status = place_folder(o, err);
    else if (!status && o->temporary && !other && rename(o->temporary, o->path) != 0)
        status = refused(err, o->path);
    if (status && o->temporary && o->folder)
        remove_all(o->temporary);
    else if (status && o->temporary && !other)
        (void)unlink(o->temporary);
    forget(o);
    return status;
}
