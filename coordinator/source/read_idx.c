// SPDX-License-Identifier: MIT
//
// Folders in MNIST's IDX format (http://yann.lecun.com/exdb/mnist/): a big-endian header
//     0x00 0x00 type dimensions   type 0x08: unsigned bytes, the only one read here
//     size of each dimension      32 bits each
// and the elements, nothing after them. Images have 2 to 4 dimensions, the first of which counts
// them; labels have 1. The names are those of MNIST's distributions, EMNIST's included:
//     <stem>images-idx3-ubyte[.gz], <stem>labels-idx1-ubyte[.gz]   "train-", "t10k-", "….test-"
// where '.' may stand for the '-' before "idx". Test images are used if they exist.
#include "file.h"
#include "readers.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "mlpsweep/memory.h"

enum { PATH_SIZE = 4608 }; // ms_data_spec.path, a folder and a file's name
enum { IDX_UBYTE = 0x08 };

struct idx {
    uint32_t n;     // images or labels
    size_t n_each;  // bytes of one
    uint8_t *bytes; // (n, n_each)
    char path[PATH_SIZE];
};

// The names after the stem, in the order in which they are tried.
static const char *const image_names[] = {"images-idx3-ubyte", "images-idx3-ubyte.gz",
                                          "images.idx3-ubyte", "images.idx3-ubyte.gz"};
static const char *const label_names[] = {"labels-idx1-ubyte", "labels-idx1-ubyte.gz",
                                          "labels.idx1-ubyte", "labels.idx1-ubyte.gz"};
enum { N_NAMES = 4 };
// The words that MNIST and EMNIST put in place of the last "train" of the training set's stem.
static const char *const test_words[] = {"t10k", "test"};

// Finds stem + one of names. Returns false if there is none; out is then the first name tried.
static bool find_part(const char *stem, const char *const names[N_NAMES], char out[PATH_SIZE])
{
    struct stat st;
    for (int i = 0; i < N_NAMES; i++) {
        int n = snprintf(out, PATH_SIZE, "%s%s", stem, names[i]);
        if (n > 0 && n < PATH_SIZE && stat(out, &st) == 0 && !S_ISDIR(st.st_mode))
            return true;
    }
    if (snprintf(out, PATH_SIZE, "%s%s", stem, names[0]) >= PATH_SIZE)
        out[0] = '\0';
    return false;
}

// *head_size: bytes of the header.
static int read_header(struct ms_file *f, struct idx *out, int min_dims, int max_dims,
                       size_t *head_size, struct ms_error *err)
{
    uint8_t head[4 + 4 * 4];
    size_t got;
    int status = ms_file_read(f, head, 4, &got, err);
    if (status)
        return status;
    if (got < 4)
        return ms_fail(err, MS_EFORMAT,
                       "%s: truncated: 4 bytes of magic number expected, %zu found", f->path, got);
    int dims = head[3];
    if (head[0] || head[1] || head[2] != IDX_UBYTE || dims < min_dims || dims > max_dims)
        return ms_fail(err, MS_EFORMAT,
                       "%s: wrong magic number 0x%02x%02x%02x%02x, expected 0x0000080%d (%s)",
                       f->path, head[0], head[1], head[2], head[3], min_dims == 1 ? 1 : 3,
                       min_dims == 1 ? "labels, unsigned bytes" : "images, unsigned bytes");
    status = ms_file_read(f, head + 4, 4 * (size_t)dims, &got, err);
    if (status)
        return status;
    *head_size = 4 + 4 * (size_t)dims;
    if (got < 4 * (size_t)dims)
        return ms_fail(err, MS_EFORMAT, "%s: truncated: %d bytes of header expected, %zu found",
                       f->path, 4 + 4 * dims, 4 + got);
    out->n_each = 1;
    for (int i = 0; i < dims; i++) {
        const uint8_t *b = head + 4 + 4 * i;
        uint32_t size = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
        if (i == 0)
            out->n = size;
        else if (size == 0 || size > MS_MAX_INPUTS || out->n_each * size > MS_MAX_INPUTS)
            return ms_fail(err, MS_ELIMIT, "%s: dimension %d is %u; an image has 1 to %d bytes",
                           f->path, i + 1, size, MS_MAX_INPUTS);
        else
            out->n_each *= size;
    }
    if (out->n == 0 || out->n > MS_MAX_ROWS)
        return ms_fail(err, MS_ELIMIT, "%s: %u rows; 1 to %d are possible", f->path, out->n,
                       MS_MAX_ROWS);
    return 0;
}

// head: bytes of the header.
static int read_body(struct ms_file *f, struct idx *out, size_t head, struct ms_error *err)
{
    size_t size = out->n * out->n_each, got, more;
    uint8_t extra;
    // A damaged header must not ask for memory that the data cannot fill.
    uint64_t there = ms_file_left(f, head, size);
    if (there < size)
        return ms_fail(err, MS_EFORMAT, "%s: truncated: %zu bytes of data expected, %llu found",
                       f->path, size, (unsigned long long)there);
    out->bytes = malloc(size);
    if (!out->bytes)
        return ms_no_memory(err, "%s: the %zu bytes its header announces", f->path, size);
    int status = ms_file_read(f, out->bytes, size, &got, err);
    if (status)
        return status;
    if (got < size)
        return ms_fail(err, MS_EFORMAT, "%s: truncated: %zu bytes of data expected, %zu found",
                       f->path, size, got);
    status = ms_file_read(f, &extra, 1, &more, err);
    if (status)
        return status;
    if (more)
        return ms_fail(err, MS_EFORMAT, "%s: more data than the %zu bytes its header announces",
                       f->path, size);
    return 0;
}

// Reads out->path. images: 2 to 4 dimensions; else 1.
static int read_idx(struct idx *out, bool images, struct ms_error *err)
{
    struct ms_file f;
    size_t head = 0;
    int status = ms_file_open(&f, out->path, err);
    if (!status)
        status = read_header(&f, out, images ? 2 : 1, images ? 4 : 1, &head, err);
    if (!status)
        status = read_body(&f, out, head, err);
    ms_file_close(&f);
    return status;
}

// Images and their labels; both paths are set.
static int read_pair(struct idx *images, struct idx *labels, struct ms_error *err)
{
    // Labels first: they are short, and most mistakes show there.
    int status = read_idx(labels, false, err);
    if (!status)
        status = read_idx(images, true, err);
    if (!status && images->n != labels->n)
        status = ms_fail(err, MS_EFORMAT, "%s: %u labels for the %u images of %s", labels->path,
                         labels->n, images->n, images->path);
    return status;
}

// The path up to "images" into stem, and the path of the images themselves.
static int find_training(const char *path, char stem[PATH_SIZE], char images[PATH_SIZE],
                         struct ms_error *err)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return ms_fail(err, MS_EIO, "%s: %s", path, strerror(errno));
    if (S_ISDIR(st.st_mode)) {
        int n = snprintf(stem, PATH_SIZE, "%s/train-", path);
        if (n < 0 || n >= PATH_SIZE)
            return ms_fail(err, MS_ELIMIT, "%s: the path is too long", path);
        if (!find_part(stem, image_names, images))
            return ms_fail(err, MS_EIO, "%s: no such file (nor with .gz, nor with .idx3)", images);
        return 0;
    }
    const char *base = strrchr(path, '/');
    base = base ? base + 1 : path;
    for (int i = 0; i < N_NAMES; i++) {
        size_t n = strlen(base), m = strlen(image_names[i]);
        if (n >= m && strcmp(base + n - m, image_names[i]) == 0) {
            snprintf(stem, PATH_SIZE, "%.*s", (int)(strlen(path) - m), path);
            snprintf(images, PATH_SIZE, "%s", path);
            return 0;
        }
    }
    return ms_fail(err, MS_EINVAL, "%s: expected a folder or a file called …%s", path,
                   image_names[0]);
}

// Paths of the test files next to the training stem; false if there are none.
static bool find_test(const char *stem, char images[PATH_SIZE], char labels[PATH_SIZE])
{
    const char *base = strrchr(stem, '/');
    const char *word = NULL;
    for (const char *p = base ? base : stem; (p = strstr(p, "train")); p++)
        word = p;
    if (!word)
        return false;
    for (size_t i = 0; i < sizeof test_words / sizeof test_words[0]; i++) {
        char test_stem[PATH_SIZE];
        int n = snprintf(test_stem, sizeof test_stem, "%.*s%s%s", (int)(word - stem), stem,
                         test_words[i], word + strlen("train"));
        if (n < 0 || n >= PATH_SIZE)
            continue;
        bool have_images = find_part(test_stem, image_names, images);
        bool have_labels = find_part(test_stem, label_names, labels);
        if (have_images || have_labels) // one without the other: reading names the missing one
            return true;
    }
    return false;
}

enum { TRAINING, VALIDATION, TEST, PARTS };

struct parts {
    struct idx images[PARTS], labels[PARTS]; // n == 0: there is none
};

// Appends a part's labels; classes are those of the training labels.
static int join_labels(const struct parts *p, int part, double *y, int *top, struct ms_error *err)
{
    const struct idx *labels = &p->labels[part];
    for (size_t i = 0; i < labels->n; i++) {
        int label = labels->bytes[i];
        if (part == TRAINING)
            *top = label > *top ? label : *top;
        else if (label > *top)
            return ms_fail(err, MS_EFORMAT, "%s: label %zu is %d; the largest in %s is %d",
                           labels->path, i + 1, label, p->labels[TRAINING].path, *top);
        y[i] = label;
    }
    if (*top == 0)
        return ms_fail(err, MS_EFORMAT, "%s: all labels are 0; there is nothing to distinguish",
                       labels->path);
    return 0;
}

// Moves the bytes into out: training, validation, test rows.
static int join(struct parts *p, struct ms_raw *out, struct ms_error *err)
{
    struct idx *images = p->images;
    size_t width = images->n_each, n = images->n, at = n;
    size_t rows = n + p->images[VALIDATION].n + p->images[TEST].n;
    if (rows > MS_MAX_ROWS)
        return ms_fail(err, MS_ELIMIT, "%s: more than %d rows with the test set", images->path,
                       MS_MAX_ROWS);
    *out = (struct ms_raw){
        .task = MS_MULTICLASS,
        .n_inputs = (int)width,
        .n_rows = (uint32_t)rows,
        .n_val = p->images[VALIDATION].n,
        .n_test = p->images[TEST].n,
        .has_test_file = p->images[TEST].n > 0,
        .x_type = MS_RAW_U8,
    };
    // realloc moves pages of so large a block instead of copying them.
    uint8_t *x = realloc(images->bytes, rows * width);
    if (!x)
        return ms_no_memory(err, "%s: %zu rows with the test set", images->path, rows);
    images->bytes = NULL;
    out->x = x;
    out->y = malloc(rows * sizeof *out->y);
    if (!out->y)
        return ms_no_memory(err, "%s: %zu labels", p->labels->path, rows);
    int top = 0, status = join_labels(p, TRAINING, out->y, &top, err);
    for (int part = VALIDATION; part < PARTS && !status; part++) {
        if (p->images[part].n == 0)
            continue;
        memcpy(x + at * width, p->images[part].bytes, p->images[part].n * width);
        status = join_labels(p, part, out->y + at, &top, err);
        at += p->images[part].n;
    }
    out->n_classes = top + 1;
    return status;
}

// One part, whose paths are set, with images of the training images' size.
static int read_part(struct parts *p, int part, struct ms_error *err)
{
    struct idx *images = &p->images[part];
    int status = read_pair(images, &p->labels[part], err);
    if (!status && images->n_each != p->images->n_each)
        status = ms_fail(err, MS_EFORMAT, "%s: images of %zu bytes, those of %s have %zu",
                         images->path, images->n_each, p->images->path, p->images->n_each);
    return status;
}

// Images and labels at a folder's or file's path.
static int find_pair(const char *path, struct parts *p, int part, char stem[PATH_SIZE],
                     struct ms_error *err)
{
    int status = find_training(path, stem, p->images[part].path, err);
    if (!status && !find_part(stem, label_names, p->labels[part].path))
        status = ms_fail(err, MS_EIO, "%s: no such file (nor with .gz, nor with .idx1)",
                         p->labels[part].path);
    return status;
}

static int read_all(const char *path, const char *val_path, struct parts *p, struct ms_raw *out,
                    struct ms_error *err)
{
    char stem[PATH_SIZE], val_stem[PATH_SIZE];
    int status = find_pair(path, p, TRAINING, stem, err);
    if (!status)
        status = read_part(p, TRAINING, err);
    if (!status && val_path[0]) {
        status = find_pair(val_path, p, VALIDATION, val_stem, err);
        if (!status)
            status = read_part(p, VALIDATION, err);
    }
    if (!status && find_test(stem, p->images[TEST].path, p->labels[TEST].path))
        status = read_part(p, TEST, err);
    return status ? status : join(p, out, err);
}

int ms_read_idx_raw(const struct ms_data_spec *spec, const char *sweep_dir, struct ms_raw *out,
                    struct ms_error *err)
{
    *out = (struct ms_raw){0};
    char path[PATH_SIZE], val_path[PATH_SIZE] = "";
    int status = ms_file_find(sweep_dir, spec->path, path, sizeof path, err);
    if (!status && spec->val_path[0])
        status = ms_file_find(sweep_dir, spec->val_path, val_path, sizeof val_path, err);
    if (status)
        return status;
    struct parts *parts = calloc(1, sizeof *parts);
    if (!parts)
        return ms_no_memory(err, "the reader of %s", path);
    status = read_all(path, val_path, parts, out, err);
    for (int i = 0; i < PARTS; i++) {
        free(parts->images[i].bytes);
        free(parts->labels[i].bytes);
    }
    free(parts);
    return status;
}
