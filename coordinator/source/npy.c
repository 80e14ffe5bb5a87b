// SPDX-License-Identifier: MIT
//
// After numpy/lib/format.py: headers and the order of elements. npy_values.c turns elements into
// the values of a frame's column.
#include "npy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"
#include "zip.h"

enum { MAX_HEADER = 1 << 16, CHUNK_BYTES = 1 << 18 };

// ---- header ------------------------------------------------------------------------------------

struct text { // the rest of the dictionary
    const char *at, *end;
};

static bool accept(struct text *t, char c)
{
    while (t->at < t->end && (*t->at == ' ' || *t->at == '\n' || *t->at == '\t'))
        t->at++;
    if (t->at == t->end || *t->at != c)
        return false;
    t->at++;
    return true;
}

// A quoted text without escapes, into out.
static bool quoted(struct text *t, char *out, size_t size)
{
    char quote = accept(t, '\'') ? '\'' : accept(t, '"') ? '"' : '\0';
    const char *end = quote ? memchr(t->at, quote, (size_t)(t->end - t->at)) : NULL;
    if (!end || (size_t)(end - t->at) >= size)
        return false;
    memcpy(out, t->at, (size_t)(end - t->at));
    out[end - t->at] = '\0';
    t->at = end + 1;
    return true;
}

static bool word(struct text *t, const char *w)
{
    size_t n = strlen(w);
    if ((size_t)(t->end - t->at) < n || memcmp(t->at, w, n) != 0)
        return false;
    t->at += n;
    return true;
}

static bool shape(struct text *t, struct ms_npy *out)
{
    out->n_dims = 0;
    if (!accept(t, '('))
        return false;
    while (!accept(t, ')')) {
        uint64_t v = 0;
        int digits = 0;
        for (; t->at < t->end && *t->at >= '0' && *t->at <= '9' && digits < 19; t->at++, digits++)
            v = 10 * v + (uint64_t)(*t->at - '0');
        (void)(digits && accept(t, 'L')); // Python 2
        if (!digits || out->n_dims == MS_NPY_DIMS)
            return false;
        out->dim[out->n_dims++] = v;
        if (!accept(t, ','))
            return accept(t, ')');
        accept(t, ' ');
    }
    return true;
}

// "S12" and "U3": texts of a fixed width, of bytes and of characters of 4 bytes.
static bool take_text(const char *type, struct ms_npy *out)
{
    char *end;
    if ((type[0] != 'S' && type[0] != 'U') || type[1] < '1' || type[1] > '9')
        return false;
    unsigned long n = strtoul(type + 1, &end, 10);
    out->kind = type[0];
    out->size = type[0] == 'U' ? 4 * n : n;
    return *end == '\0' && n <= MS_NPY_TEXT;
}

static int take_type(const char *descr, const char *what, struct ms_npy *out, struct ms_error *err)
{
    static const char *const known[] = {"b1", "i1", "i2", "i4", "i8", "u1",
                                        "u2", "u4", "u8", "f2", "f4", "f8"};
    const char *type = strchr("<>=|", descr[0]) && descr[0] ? descr + 1 : descr;
    bool big = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__,
         other = big ? descr[0] == '<' : descr[0] == '>';
    if (take_text(type, out)) {
        out->swapped = other && out->kind == 'U';
        return 0;
    }
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i], type) == 0) {
            out->kind = type[0];
            out->size = (size_t)(type[1] - '0');
            out->swapped = out->size > 1 && other;
            return 0;
        }
    return ms_fail(err, MS_EFORMAT,
                   "%s: elements of type '%.20s'; allowed: b1, i1 to i8, u1 to u8, f2, f4, f8, and "
                   "texts S1 to S%d, U1 to U%d%s",
                   what, descr, MS_NPY_TEXT, MS_NPY_TEXT,
                   *type == 'O' ? ": save objects with .astype(str) or .astype(float)" : "");
}

int ms_npy_parse(const char *text, size_t n, const char *what, struct ms_npy *out,
                 struct ms_error *err)
{
    struct text t = {text, text + n};
    char key[32], descr[64] = "";
    bool has_order = false, has_shape = false, good = accept(&t, '{');
    *out = (struct ms_npy){0};
    while (good && !accept(&t, '}')) {
        good = quoted(&t, key, sizeof key) && accept(&t, ':');
        while (good && t.at < t.end && *t.at == ' ')
            t.at++;
        if (good && strcmp(key, "descr") == 0) {
            if (t.at < t.end && *t.at == '[')
                return ms_fail(err, MS_EFORMAT,
                               "%s: a structured array; allowed: an array of numbers", what);
            good = quoted(&t, descr, sizeof descr);
        } else if (good && strcmp(key, "fortran_order") == 0) {
            out->fortran = word(&t, "True");
            has_order = good = out->fortran || word(&t, "False");
        } else if (good && strcmp(key, "shape") == 0) {
            has_shape = good = shape(&t, out);
        } else {
            good = false;
        }
        good = good && (accept(&t, ',') || (t.at < t.end && *t.at == '}'));
    }
    if (!good || !descr[0] || !has_order || !has_shape)
        return ms_fail(err, MS_EFORMAT, "%s: damaged header, or not an NPY file", what);
    for (char *p = descr; *p; p++)
        *p = *p >= ' ' && *p < 0x7f ? *p : '?';
    if (out->n_dims == 0)
        return ms_fail(err, MS_EFORMAT, "%s: a single number, not an array", what);
    out->rows = out->dim[0];
    out->width = 1;
    for (int i = 0; i < out->n_dims; i++) {
        if (i > 0 && out->dim[i] > 0 && out->dim[i] <= MS_MAX_INPUTS)
            out->width *= out->dim[i];
        if (out->dim[i] < 1 || out->width > MS_MAX_INPUTS || (i > 0 && out->dim[i] > MS_MAX_INPUTS))
            return ms_fail(err, MS_ELIMIT, "%s: dimension %d is %llu; a row has 1 to %d numbers",
                           what, i + 1, (unsigned long long)out->dim[i], MS_MAX_INPUTS);
    }
    if (out->rows > MS_MAX_ROWS)
        return ms_fail(err, MS_ELIMIT, "%s: %llu rows; 1 to %d are possible", what,
                       (unsigned long long)out->rows, MS_MAX_ROWS);
    return take_type(descr, what, out, err);
}

// ---- elements ----------------------------------------------------------------------------------

struct source { // a file or an entry of an archive
    struct ms_file file;
    struct ms_zip *zip;
    uint64_t taken; // bytes
    char what[5000];
};

static int take(struct source *s, void *to, size_t size, const char *part, struct ms_error *err)
{
    size_t got;
    int status = s->zip ? ms_zip_read(s->zip, to, size, &got, err)
                        : ms_file_read(&s->file, to, size, &got, err);
    s->taken += size;
    if (!status && got < size)
        status = ms_fail(err, MS_EFORMAT, "%s: truncated: %zu bytes of %s expected, %zu found",
                         s->what, size, part, got);
    return status;
}

static int at_end(struct source *s, struct ms_error *err)
{
    unsigned char more;
    size_t got;
    int status = s->zip ? ms_zip_read(s->zip, &more, 1, &got, err)
                        : ms_file_read(&s->file, &more, 1, &got, err);
    if (!status && got)
        status = ms_fail(err, MS_EFORMAT, "%s: more data than its header announces", s->what);
    return status;
}

static int read_header(struct source *s, struct ms_npy *out, struct ms_error *err)
{
    unsigned char head[12];
    int status = take(s, head, 10, "header", err);
    if (status)
        return status;
    if (memcmp(head, "\x93NUMPY", 6) != 0)
        return ms_fail(err, MS_EFORMAT, "%s: not an NPY file: wrong magic number", s->what);
    if (head[6] < 1 || head[6] > 3)
        return ms_fail(err, MS_EFORMAT, "%s: NPY version %d; 1 to 3 can be read", s->what, head[6]);
    size_t n = (size_t)(head[8] | head[9] << 8);
    if (head[6] > 1) {
        status = take(s, head + 10, 2, "header", err);
        n |= (size_t)head[10] << 16 | (size_t)head[11] << 24;
    }
    if (!status && n > MAX_HEADER)
        status = ms_fail(err, MS_ELIMIT, "%s: a header of %zu bytes; at most %d", s->what, n,
                         MAX_HEADER);
    char *text = status ? NULL : malloc(n + 1);
    if (!status && !text)
        status = ms_no_memory(err, "the header of %s", s->what);
    if (!status)
        status = take(s, text, n, "header", err);
    if (!status)
        status = ms_npy_parse(text, n, s->what, out, err);
    free(text);
    return status;
}

// n units of some bytes each.
static void swap(unsigned char *p, size_t n, size_t size)
{
    for (size_t i = 0; i < n; i++, p += size)
        for (size_t k = 0; k < size / 2; k++) {
            unsigned char c = p[k];
            p[k] = p[size - 1 - k];
            p[size - 1 - k] = c;
        }
}

// column[k]: the place in a C-ordered row of the element that is k-th in Fortran order.
static uint32_t *fortran_columns(const struct ms_npy *a)
{
    uint32_t *column = malloc((size_t)a->width * sizeof *column);
    for (size_t k = 0; column && k < a->width; k++) {
        uint64_t rest = k, at = 0;
        uint64_t stride = a->width;
        for (int d = 1; d < a->n_dims; d++) {
            stride /= a->dim[d];
            at += rest % a->dim[d] * stride;
            rest /= a->dim[d];
        }
        column[k] = (uint32_t)at;
    }
    return column;
}

static int read_elements(struct source *s, const struct ms_npy *a, struct ms_npy_values *v,
                         struct ms_error *err)
{
    size_t n = (size_t)a->rows * (size_t)a->width, rows = (size_t)a->rows;
    size_t unit = a->kind == 'U' ? 4 : a->size, chunk_elements = CHUNK_BYTES / a->size;
    bool turned = a->fortran && a->width > 1;
    unsigned char *chunk = malloc(CHUNK_BYTES);
    uint32_t *column = turned ? fortran_columns(a) : NULL;
    int status =
        chunk && (column || !turned) ? 0 : ms_no_memory(err, "the elements of %s", s->what);
    for (size_t done = 0; done < n && !status;) {
        size_t some = n - done < chunk_elements ? n - done : chunk_elements;
        status = take(s, chunk, some * a->size, "data", err);
        if (!status && a->swapped)
            swap(chunk, some * (a->size / unit), unit);
        for (size_t i = 0; i < some && !status; i++) {
            size_t at = done + i;
            if (turned)
                at = at % rows * (size_t)a->width + column[at / rows];
            status = ms_npy_put(v, a, at, chunk + i * a->size, s->what, err);
        }
        done += some;
    }
    free(column);
    free(chunk);
    return status ? status : at_end(s, err);
}

static int read_array(struct source *s, struct ms_npy *a, struct ms_frame_column *c,
                      struct ms_error *err)
{
    int status = read_header(s, a, err);
    if (status)
        return status;
    size_t n = (size_t)a->rows * (size_t)a->width;
    // A damaged header must not ask for memory that the data cannot fill. (The size of a gzipped
    // file is not known.)
    uint64_t there =
        s->zip ? s->zip->length - s->zip->done : ms_file_left(&s->file, s->taken, n * a->size);
    if (there != n * a->size)
        return ms_fail(err, MS_EFORMAT,
                       "%s: truncated or damaged: %zu bytes of data expected, %llu found", s->what,
                       n * a->size, (unsigned long long)there);
    struct ms_npy_values v = {.column = c};
    status = ms_npy_room(&v, a, s->what, err);
    if (!status)
        status = read_elements(s, a, &v, err);
    ms_frame_labels_clear(&v.labels);
    return status;
}

int ms_npy_read(const char *path, const char *name, struct ms_npy *out, struct ms_frame_column *c,
                struct ms_error *err)
{
    struct source *s = calloc(1, sizeof *s);
    char entry[300];
    if (!s)
        return ms_no_memory(err, "the reader of %s", path);
    int status;
    if (name) {
        snprintf(entry, sizeof entry, "%s.npy", name);
        snprintf(s->what, sizeof s->what, "%s: %s", path, name);
        s->zip = malloc(sizeof *s->zip);
        status = s->zip ? ms_zip_open(s->zip, path, entry, err)
                        : ms_no_memory(err, "the reader of %s", path);
    } else {
        snprintf(s->what, sizeof s->what, "%s", path);
        status = ms_file_open(&s->file, path, err);
    }
    if (!status)
        status = read_array(s, out, c, err);
    if (s->zip)
        ms_zip_close(s->zip);
    else
        ms_file_close(&s->file);
    free(s->zip);
    free(s);
    return status;
}
