// SPDX-License-Identifier: MIT
//
// Shared by the tests of common/data: a temporary folder, files in it, loading.
#ifndef MLPSWEEP_TESTS_DATASET_HELPERS_H
#define MLPSWEEP_TESTS_DATASET_HELPERS_H

#include <dirent.h>
#include <stdbool.h>
#include <unistd.h>
#include <zlib.h>

#include "check.h"
#include "coordinator/source/source.h"
#include "mlpsweep/dataset.h"

static char tmp_dir[64] = "/tmp/mlpsweep-test-XXXXXX";

static inline void tmp_make(void)
{
    REQUIRE(mkdtemp(tmp_dir) != NULL);
}

static inline const char *tmp_path(const char *name)
{
    static char path[2][512];
    static int turn;
    turn = !turn;
    snprintf(path[turn], sizeof path[turn], "%s/%s", tmp_dir, name);
    return path[turn];
}

static inline void tmp_empty(void)
{
    DIR *d = opendir(tmp_dir);
    REQUIRE(d != NULL);
    for (struct dirent *e; (e = readdir(d));) {
        if (e->d_name[0] != '.')
            unlink(tmp_path(e->d_name));
    }
    closedir(d);
}

static inline void tmp_remove(void)
{
    tmp_empty();
    rmdir(tmp_dir);
}

// Writes a file, gzipped if its name ends in .gz.
static inline void tmp_write(const char *name, const void *bytes, size_t n)
{
    size_t len = strlen(name);
    unlink(tmp_path(name)); // some file systems flush a file to the disk when it is overwritten
    const char *mode = len > 3 && strcmp(name + len - 3, ".gz") == 0 ? "wb" : "wbT"; // T: plain
    gzFile f = gzopen(tmp_path(name), mode);
    REQUIRE(f != NULL);
    if (n)
        CHECK_INT(gzwrite(f, bytes, (unsigned)n), n);
    CHECK_INT(gzclose(f), Z_OK);
}

// A specification with the parser's defaults, except that all rows train, in their order.
static inline struct ms_data_spec spec_of(enum ms_source source, const char *path)
{
    struct ms_data_spec s = {.source = source,
                             .points = 2500,
                             .task = -1,
                             .encoding = -1,
                             .split = MS_SPLIT_LAST,
                             .scaling.row = -1};
    snprintf(s.path, sizeof s.path, "%s", path);
    return s;
}

struct loaded {
    void *block;
    size_t size;
    struct ms_dataset d;
    int status;
    struct ms_error err;
};

static inline struct loaded load(const struct ms_data_spec *spec, uint64_t seed)
{
    struct loaded l = {0};
    l.status = ms_source_load(spec, NULL, tmp_dir, seed, &l.block, &l.size, NULL, &l.err);
    if (l.status) {
        CHECK(l.block == NULL);
        CHECK_INT(l.status, l.err.code);
        CHECK_THAT(!strchr(l.err.text, '\n') && l.err.text[0], "message '%s'", l.err.text);
    } else {
        struct ms_error err = {0};
        CHECK_THAT(ms_dataset_view(l.block, l.size, &l.d, &err) == 0, "%s", err.text);
    }
    return l;
}

static inline struct loaded load_well(const struct ms_data_spec *spec, uint64_t seed)
{
    struct loaded l = load(spec, seed);
    CHECK_THAT(l.status == 0, "refused: %s", l.err.text);
    REQUIRE(l.status == 0);
    return l;
}

// Loading must fail with a message that holds every one of the words.
static inline void refused(const struct ms_data_spec *spec, int code, const char *a, const char *b)
{
    struct loaded l = load(spec, 1);
    CHECK_THAT(l.status == code, "status %d, not %d: %s", l.status, code, l.err.text);
    CHECK_THAT(strstr(l.err.text, a) && strstr(l.err.text, b), "'%s' lacks '%s' or '%s'",
               l.err.text, a, b);
    free(l.block);
}

static inline double x_at(const struct ms_dataset *d, size_t row, size_t column)
{
    size_t i = row * (size_t)d->n_inputs + column;
    return d->x_type == MS_X_U8 ? (double)(((const uint8_t *)d->x)[i] / d->x_divide)
                                : (double)((const float *)d->x)[i];
}

static inline double y_at(const struct ms_dataset *d, size_t row, size_t column)
{
    return (double)d->y[row * (size_t)d->n_outputs + column];
}

#endif
