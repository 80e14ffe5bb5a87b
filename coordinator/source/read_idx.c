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
#include <strings.h>
#include <sys/stat.h>

#include "mlpsweep/memory.h"

enum { PATH_SIZE = 4608 }; // ms_data_spec.path, a folder and a file's name
enum { IDX_UBYTE = 0x08 };

struct idx {
    uint32_t n; // images or labels
    int n_dims;
    uint32_t rows;  // of an image
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
        out->n_dims = dims;
        if (i == 1)
            out->rows = size;
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

// Images and labels at a folder's or file's path; the test files lie beside the training files.
// labels->path is "" where there are none, and need not be.
static int find_pair(const char *path, bool test, bool optional, struct idx *images,
                     struct idx *labels, bool *there, struct ms_error *err)
{
    char stem[PATH_SIZE];
    int status = find_training(path, stem, images->path, err);
    *there = true;
    if (!status && test)
        *there = find_test(stem, images->path, labels->path);
    else if (!status && !find_part(stem, label_names, labels->path)) {
        if (!optional)
            return ms_fail(err, MS_EIO, "%s: no such file (nor with .gz, nor with .idx1)",
                           labels->path);
        labels->path[0] = '\0';
    }
    return status;
}

// ---- frames ------------------------------------------------------------------------------------

// Turns images (n, rows, columns) that lie on their side.
static int transpose(struct idx *images, struct ms_error *err)
{
    size_t rows = images->rows, columns = images->n_each / rows;
    uint8_t *turned = malloc(images->n_each);
    if (!turned)
        return ms_no_memory(err, "the images of %s", images->path);
    for (size_t i = 0; i < images->n; i++) {
        uint8_t *one = images->bytes + i * images->n_each;
        for (size_t r = 0; r < rows; r++)
            for (size_t c = 0; c < columns; c++)
                turned[c * rows + r] = one[r * columns + c];
        memcpy(one, turned, images->n_each);
    }
    free(turned);
    return 0;
}

// EMNIST's images are stored column by column. A network does not mind; people who look do.
static int orient(const struct ms_frame_request *q, struct idx *images, struct ms_error *err)
{
    const char *base = strrchr(images->path, '/');
    base = base ? base + 1 : images->path;
    if (q->spec->transpose && images->n_dims != 3)
        return ms_fail(err, MS_EINVAL,
                       "%s: found %d dimensions; data.transpose takes images of 2, with their "
                       "number in front",
                       images->path, images->n_dims);
    if (q->spec->transpose)
        return transpose(images, err);
    if (strncasecmp(base, "emnist", 6) != 0)
        return 0;
    return ms_data_info_note(q->info, false, err,
                             "EMNIST stores its images on their side, which a network does not "
                             "mind; \"transpose\": true turns them");
}

static int add_column(struct ms_frame *f, struct idx *from, enum ms_data_role role,
                      struct ms_error *err)
{
    struct ms_frame_column *c = ms_frame_add(f, role == MS_ROLE_TARGET ? "label" : "pixels",
                                             MS_FRAME_U8, from->n_each, err);
    if (!c)
        return MS_ENOMEM;
    c->role = role;
    c->kind = role == MS_ROLE_TARGET ? "class" : "byte";
    if (!from->path[0]) { // no labels, and none are needed
        c->type = MS_FRAME_LEFT;
        c->width = 1;
        return 0;
    }
    c->value = from->bytes;
    from->bytes = NULL;
    c->file = strdup(from->path);
    return c->file ? 0 : ms_no_memory(err, "the columns of %s", from->path);
}

static int read_pair(const struct ms_frame_request *q, struct idx *images, struct idx *labels,
                     struct ms_frame *f, struct ms_error *err)
{
    // Labels first: they are short, and most mistakes show there.
    const bool labelled = labels->path[0];
    int status = labelled ? ms_file_record(q->info, labels->path, q->part, err) : 0;
    if (!status)
        status = ms_file_record(q->info, images->path, q->part, err);
    if (!status && labelled)
        status = read_idx(labels, false, err);
    if (!status)
        status = read_idx(images, true, err);
    if (!status && labelled && images->n != labels->n)
        status = ms_fail(err, MS_EFORMAT, "%s: %u labels for the %u images of %s", labels->path,
                         labels->n, images->n, images->path);
    if (!status)
        status = orient(q, images, err);
    if (status)
        return status;
    snprintf(f->path, sizeof f->path, "%s", images->path);
    f->rows = images->n;
    status = add_column(f, images, MS_ROLE_INPUT, err);
    return status ? status : add_column(f, labels, MS_ROLE_TARGET, err);
}

int ms_read_idx(const struct ms_frame_request *q, struct ms_frame *f, struct ms_error *err)
{
    const char *path = q->part == MS_PART_VALIDATION ? q->spec->val_path : q->spec->path;
    char found[PATH_SIZE];
    bool there = false;
    if (!path[0])
        return 0;
    struct idx *pair = calloc(2, sizeof *pair);
    if (!pair)
        return ms_no_memory(err, "the reader of %s", path);
    int status = ms_file_find(q->sweep_dir, path, found, sizeof found, err);
    if (!status)
        status = find_pair(found, q->part == MS_PART_TEST, q->targets_optional, &pair[0], &pair[1],
                           &there, err);
    if (!status && there)
        status = read_pair(q, &pair[0], &pair[1], f, err);
    free(pair[0].bytes);
    free(pair[1].bytes);
    free(pair);
    return status;
}
