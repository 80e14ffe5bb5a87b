// SPDX-License-Identifier: MIT
//
// NumPy's arrays: {"npy": x, "target_file": y}, or {"npz": archive} with two arrays in it, by
// default "x" and "y". The first index counts the rows; the other dimensions of x are flattened,
// the last index fastest. If y has one number a row, it is a class or a target, decided as for CSV;
// if it has several, they are one-hot classes if every row is one-hot, else targets. NAN is a
// missing value.
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"
#include "npy.h"
#include "readers.h"

enum { TRAINING, VALIDATION, TEST, PARTS };
enum { PATH_SIZE = 4608, WHAT_SIZE = 5000 };
enum { ROUNDED = 1 << 24 }; // from here on a float does not hold every whole number

struct part {
    size_t rows; // 0: there is none
    struct ms_npy x_head, y_head;
    uint8_t *bytes; // x, when it is bytes
    float *x, *y;
    char x_what[WHAT_SIZE], y_what[WHAT_SIZE]; // for messages
};

// ---- reading -----------------------------------------------------------------------------------

struct names { // "" as y_path: the archive
    const char *x_path, *y_path, *x_name, *y_name;
};

static int find(const char *dir, const struct names *n, char x[PATH_SIZE], char y[PATH_SIZE],
                struct ms_error *err)
{
    int status = ms_file_find(dir, n->x_path, x, PATH_SIZE, err);
    if (!status)
        status = ms_file_find(dir, n->y_path[0] ? n->y_path : n->x_path, y, PATH_SIZE, err);
    return status;
}

static int read_part(struct part *p, const char *dir, const struct names *n, struct ms_error *err)
{
    char x_path[PATH_SIZE], y_path[PATH_SIZE];
    bool archive = n->x_name != NULL;
    int status = find(dir, n, x_path, y_path, err);
    if (status)
        return status;
    snprintf(p->x_what, sizeof p->x_what, "%s%s%s", x_path, archive ? ": " : "",
             archive ? n->x_name : "");
    snprintf(p->y_what, sizeof p->y_what, "%s%s%s", y_path, archive ? ": " : "",
             archive ? n->y_name : "");
    // Targets first: they are short, and most mistakes show there.
    status = ms_npy_read(y_path, n->y_name, &p->y_head, NULL, &p->y, err);
    if (!status)
        status = ms_npy_read(x_path, n->x_name, &p->x_head, &p->bytes, &p->x, err);
    if (!status && p->x_head.rows != p->y_head.rows)
        status = ms_fail(err, MS_EFORMAT, "%s: %llu rows of targets for the %llu rows of %s",
                         p->y_what, (unsigned long long)p->y_head.rows,
                         (unsigned long long)p->x_head.rows, p->x_what);
    p->rows = (size_t)p->x_head.rows;
    return status;
}

static int fits(const struct part *p, const struct part *training, struct ms_error *err)
{
    if (p->x_head.width != training->x_head.width)
        return ms_fail(err, MS_EFORMAT, "%s: rows of %llu numbers, those of %s have %llu",
                       p->x_what, (unsigned long long)p->x_head.width, training->x_what,
                       (unsigned long long)training->x_head.width);
    if (p->y_head.width != training->y_head.width)
        return ms_fail(err, MS_EFORMAT, "%s: rows of %llu targets, those of %s have %llu",
                       p->y_what, (unsigned long long)p->y_head.width, training->y_what,
                       (unsigned long long)training->y_head.width);
    return 0;
}

static int read_parts(const struct ms_data_spec *s, const char *dir, struct part p[PARTS],
                      struct ms_error *err)
{
    bool archive = s->source == MS_NPZ;
    const char *x = archive ? s->x_name : NULL, *y = archive ? s->y_name : NULL;
    bool inside = archive && s->x_test_name[0];
    const struct names names[PARTS] = {
        [TRAINING] = {s->path, s->y_path, x, y},
        [VALIDATION] = {s->val_path, s->val_y_path, x, y},
        [TEST] = {inside ? s->path : s->test_path, inside ? "" : s->test_y_path,
                  inside ? s->x_test_name : x, inside ? s->y_test_name : y},
    };
    int status = 0;
    for (int i = 0; i < PARTS && !status; i++) {
        if (i != TRAINING && !names[i].x_path[0])
            continue;
        if (!archive && !names[i].y_path[0])
            return ms_fail(err, MS_EINVAL, "%s: no file is given for its targets", names[i].x_path);
        status = read_part(&p[i], dir, &names[i], err);
        if (!status)
            status = fits(&p[i], &p[TRAINING], err);
    }
    return status;
}

// ---- missing values ----------------------------------------------------------------------------

enum { WHOLE, HOLE, BAD };

// Looks for a NAN (HOLE) or an infinity (BAD) in a row; *at: where it is.
static int look(const float *v, size_t n, size_t *at)
{
    int found = WHOLE;
    for (size_t j = 0; v && j < n; j++)
        if (!isfinite(v[j])) {
            *at = j;
            found = HOLE;
            if (!isnan(v[j]))
                return BAD;
        }
    return found;
}

static int refuse(const char *what, size_t row, size_t column, int found, bool target,
                  enum ms_missing policy, struct ms_error *err)
{
    return ms_fail(err, MS_EFORMAT, "%s: row %zu, number %zu: %s%s", what, row, column,
                   found == BAD ? "not a number within float's range" : "missing value (NaN)",
                   found == HOLE && target && policy == MS_MISSING_MEAN
                       ? "; a target cannot be filled, only dropped"
                       : "");
}

// Refuses, drops or keeps the rows in which something is missing.
static int clean(struct part *p, enum ms_missing policy, struct ms_raw *out, struct ms_error *err)
{
    size_t width = (size_t)p->x_head.width, targets = (size_t)p->y_head.width, kept = 0, at = 0;
    for (size_t i = 0; i < p->rows; i++) {
        const float *x = p->x ? p->x + i * width : NULL, *y = p->y + i * targets;
        int x_found = look(x, width, &at);
        if (x_found == BAD || (x_found == HOLE && policy == MS_MISSING_REFUSE))
            return refuse(p->x_what, i, at, x_found, false, policy, err);
        int y_found = look(y, targets, &at);
        if (y_found == BAD || (y_found == HOLE && policy != MS_MISSING_DROP))
            return refuse(p->y_what, i, at, y_found, true, policy, err);
        if ((x_found || y_found) && policy == MS_MISSING_DROP)
            continue;
        out->has_missing = out->has_missing || x_found;
        if (kept < i) {
            if (p->x)
                memmove(p->x + kept * width, x, width * sizeof *x);
            else
                memmove(p->bytes + kept * width, p->bytes + i * width, width);
            memmove(p->y + kept * targets, y, targets * sizeof *y);
        }
        kept++;
    }
    out->n_dropped += (uint32_t)(p->rows - kept);
    p->rows = kept;
    return kept ? 0 : ms_fail(err, MS_EFORMAT, "%s: no rows without missing values", p->x_what);
}

// ---- targets -----------------------------------------------------------------------------------

static int by_value(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static bool one_hot(const struct part p[PARTS], size_t width)
{
    for (int k = 0; k < PARTS; k++)
        for (size_t i = 0; i < p[k].rows; i++) {
            size_t ones = 0, zeros = 0;
            for (size_t j = 0; j < width; j++) {
                ones += p[k].y[i * width + j] == 1;
                zeros += p[k].y[i * width + j] == 0;
            }
            if (ones != 1 || ones + zeros != width)
                return false;
        }
    return true;
}

// Several numbers a row.
static int several(const struct ms_data_spec *spec, struct part p[PARTS], struct ms_raw *out,
                   struct ms_error *err)
{
    size_t width = (size_t)p->y_head.width;
    bool hot = spec->task != MS_REGRESSION && one_hot(p, width);
    if (spec->task == MS_BINARY || (spec->task == MS_MULTICLASS && !hot))
        return ms_fail(err, MS_EINVAL,
                       "%s: %zu numbers a row are not the one-hot classes of a %s task", p->y_what,
                       width, spec->task == MS_BINARY ? "binary" : "multiclass");
    out->task = hot ? MS_MULTICLASS : MS_REGRESSION;
    out->n_classes = hot ? (int)width : 1;
    out->n_targets = hot ? 1 : (int)width;
    for (int k = 0; hot && k < PARTS; k++)
        for (size_t i = 0; i < p[k].rows; i++) {
            size_t class = 0;
            while (p[k].y[i * width + class] != 1)
                class ++;
            p[k].y[i] = (float)class; // i <= i * width: the overwritten number has been read
        }
    return 0;
}

// The training rows' different values, sorted, into a new array; *whole: all are whole numbers.
static float *values_of(const struct part *p, size_t *n, bool *whole)
{
    float *v = malloc(p->rows * sizeof *v);
    *n = 0;
    *whole = true;
    if (!v)
        return NULL;
    assert(p->y);
    memcpy(v, p->y, p->rows * sizeof *v);
    qsort(v, p->rows, sizeof *v, by_value);
    for (size_t i = 0; i < p->rows; i++) {
        *whole = *whole && v[i] == truncf(v[i]);
        if (i == 0 || v[i] != v[*n - 1])
            v[(*n)++] = v[i];
    }
    return v;
}

static int to_classes(struct part p[PARTS], const float *v, size_t n, struct ms_error *err)
{
    for (int k = 0; k < PARTS; k++)
        for (size_t i = 0; i < p[k].rows; i++) {
            const float *hit = bsearch(&p[k].y[i], v, n, sizeof *v, by_value);
            if (!hit)
                return ms_fail(err, MS_EFORMAT, "%s: row %zu: no row of %s has the class %g",
                               p[k].y_what, i, p->y_what, (double)p[k].y[i]);
            p[k].y[i] = (float)(hit - v);
        }
    return 0;
}

static int single(const struct ms_data_spec *spec, struct part p[PARTS], struct ms_raw *out,
                  struct ms_error *err)
{
    size_t n;
    bool whole;
    float *v = values_of(p, &n, &whole);
    if (!v)
        return ms_no_memory(err, "%s: %zu targets", p->y_what, p->rows);
    out->task = spec->task >= 0                 ? (enum ms_data_task)spec->task
                : n > MS_AUTO_CLASSES || !whole ? MS_REGRESSION
                : n == 2                        ? MS_BINARY
                                                : MS_MULTICLASS;
    out->n_classes = out->task == MS_MULTICLASS ? (int)n : 1;
    int status = 0;
    if (out->task != MS_REGRESSION && !(v[0] > -(float)ROUNDED && v[n - 1] < (float)ROUNDED))
        status = ms_fail(err, MS_ELIMIT,
                         "%s: found class %.9g; allowed: numbers below 2^24, beyond which two "
                         "could become one, or \"task\": \"regression\"",
                         p->y_what, (double)(v[0] > -(float)ROUNDED ? v[n - 1] : v[0]));
    else if (out->task != MS_REGRESSION && n < 2)
        status = ms_fail(err, MS_EINVAL, "%s: only one value; there is nothing to distinguish",
                         p->y_what);
    else if (out->task == MS_BINARY && n != 2)
        status = ms_fail(err, MS_EINVAL, "%s: %zu different values; binary needs 2", p->y_what, n);
    else if (out->task == MS_MULTICLASS && n > MS_MAX_CLASSES)
        status = ms_fail(err, MS_ELIMIT, "%s: %zu different values; at most %d classes", p->y_what,
                         n, MS_MAX_CLASSES);
    else if (out->task != MS_REGRESSION)
        status = to_classes(p, v, n, err);
    free(v);
    return status;
}

// ---- joining -----------------------------------------------------------------------------------

// Appends all parts. Bytes stay bytes if all parts are bytes.
static int join(struct part p[PARTS], struct ms_raw *out, struct ms_error *err)
{
    size_t width = (size_t)p->x_head.width,
           targets = out->n_targets > 1 ? (size_t)out->n_targets : 1;
    size_t rows = p[TRAINING].rows + p[VALIDATION].rows + p[TEST].rows, at = 0;
    bool small = true;
    for (int k = 0; k < PARTS; k++)
        small = small && (p[k].rows == 0 || p[k].bytes);
    if (rows > MS_MAX_ROWS)
        return ms_fail(err, MS_ELIMIT, "%s: more than %d rows", p->x_what, MS_MAX_ROWS);
    out->n_inputs = (int)width;
    out->n_rows = (uint32_t)rows;
    out->n_val = (uint32_t)p[VALIDATION].rows;
    out->n_test = (uint32_t)p[TEST].rows;
    out->has_test_file = p[TEST].rows > 0;
    out->x_type = small ? MS_RAW_U8 : MS_RAW_F32;
    out->x = malloc(rows * width * (small ? 1 : sizeof(float)));
    out->y = malloc(rows * targets * sizeof *out->y);
    if (!out->x || !out->y)
        return ms_no_memory(err, "%s: %zu rows of %zu numbers", p->x_what, rows, width);
    for (int k = 0; k < PARTS; k++) {
        size_t n = p[k].rows * width;
        float *to = (float *)out->x + (small ? 0 : at * width);
        if (small && n)
            memcpy((uint8_t *)out->x + at * width, p[k].bytes, n);
        else if (p[k].x && n)
            memcpy(to, p[k].x, n * sizeof *to);
        for (size_t i = 0; !small && p[k].bytes && i < n; i++)
            to[i] = p[k].bytes[i];
        for (size_t i = 0; i < p[k].rows * targets; i++)
            out->y[at * targets + i] = (double)p[k].y[i];
        at += p[k].rows;
    }
    return 0;
}

int ms_read_npy_raw(const struct ms_data_spec *spec, const char *sweep_dir, struct ms_raw *out,
                    struct ms_error *err)
{
    *out = (struct ms_raw){0};
    struct part *p = calloc(PARTS, sizeof *p);
    if (!p)
        return ms_no_memory(err, "the reader of %s", spec->path);
    int status = read_parts(spec, sweep_dir, p, err);
    for (int k = 0; k < PARTS && !status; k++)
        status = p[k].rows ? clean(&p[k], spec->missing, out, err) : 0;
    if (!status && p->y_head.width > MS_MAX_CLASSES)
        status = ms_fail(err, MS_ELIMIT, "%s: %llu targets; at most %d", p->y_what,
                         (unsigned long long)p->y_head.width, MS_MAX_CLASSES);
    if (!status)
        status = p->y_head.width > 1 ? several(spec, p, out, err) : single(spec, p, out, err);
    if (!status)
        status = join(p, out, err);
    for (int k = 0; k < PARTS; k++) {
        free(p[k].bytes);
        free(p[k].x);
        free(p[k].y);
    }
    free(p);
    return status;
}
