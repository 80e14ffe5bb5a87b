// SPDX-License-Identifier: MIT
//
// The source "svmlight": sparse rows of text become an array of inputs and a column of labels, as
// scikit-learn's load_svmlight_file makes them. Indices begin at 1 unless the training file has an
// index 0 (scikit-learn's "auto"), or data.zero_based says so. The training file's largest index,
// or data.n_features, is the number of inputs.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "mlpsweep/memory.h"
#include "readers.h"
#include "svmlight.h"

enum { CHUNK = 65536, MAX_LINE = 1 << 30 };

struct work {
    const struct ms_frame_request *q;
    struct ms_frame *f;
    struct ms_file file;
    char *text; // the line at hand, with a NUL
    size_t text_room;
    char chunk[CHUNK];
    size_t at, have;
    locale_t c;
    struct ms_svmlight_line line;
    long number;   // of the line, from 1
    size_t n_qid;  // lines with a query
    double *label; // (rows)
    size_t *end;   // (rows) where a row's features end
    size_t row_room;
    uint32_t *index; // of all rows, one after the other
    double *value;
    size_t n, room;
    bool has_zero; // an index is 0
};

// ---- lines -------------------------------------------------------------------------------------

// Reads a line into text: 1; 0: the file has ended.
static int read_line(struct work *w, struct ms_error *err)
{
    size_t n = 0;
    for (bool whole = false; !whole;) {
        if (w->at == w->have) {
            int status = ms_file_read(&w->file, w->chunk, CHUNK, &w->have, err);
            w->at = 0;
            if (status)
                return status;
        }
        const char *from = w->chunk + w->at, *end = memchr(from, '\n', w->have - w->at);
        size_t take = end ? (size_t)(end - from) : w->have - w->at;
        if (n + take > MAX_LINE)
            return ms_fail(err, MS_ELIMIT, "%s:%ld: longer than %d bytes", w->f->path,
                           w->number + 1, MAX_LINE);
        int status = ms_grow(&w->text, &w->text_room, n + take + 1, 1, "a line", err);
        if (status)
            return status;
        memcpy(w->text + n, from, take);
        n += take;
        whole = end || w->have < CHUNK || w->have == 0;
        if (!end && whole && n == 0 && w->at == w->have)
            return 0;
        w->at += take + (end != NULL);
    }
    w->text[n] = '\0';
    w->number++;
    if (strlen(w->text) != n)
        return ms_fail(err, MS_EFORMAT, "%s:%ld: a NUL byte: this is no text file", w->f->path,
                       w->number);
    return 1;
}

static int add_row(struct work *w, struct ms_error *err)
{
    const struct ms_svmlight_line *l = &w->line;
    const struct ms_column_array rows[] = {{&w->label, sizeof *w->label},
                                           {&w->end, sizeof *w->end},
                                           {&w->f->line, sizeof *w->f->line}},
                                 features[] = {{&w->index, sizeof *w->index},
                                               {&w->value, sizeof *w->value}};
    if (w->f->rows == MS_MAX_ROWS)
        return ms_fail(err, MS_ELIMIT, "%s:%ld: more than %d rows", w->f->path, w->number,
                       MS_MAX_ROWS);
    int status = ms_grow_columns(rows, 3, &w->row_room, w->f->rows + 1, "the rows", err);
    if (!status)
        status = ms_grow_columns(features, 2, &w->room, w->n + l->n, "the features", err);
    if (status)
        return status;
    for (size_t i = 0; i < l->n; i++) {
        w->index[w->n + i] = l->index[i];
        w->value[w->n + i] = l->value[i];
    }
    w->n += l->n;
    w->has_zero = w->has_zero || (l->n > 0 && l->index[0] == 0);
    w->n_qid += l->qid;
    w->label[w->f->rows] = l->label;
    w->end[w->f->rows] = w->n;
    w->f->line[w->f->rows++] = w->number;
    return 0;
}

static int read_lines(struct work *w, struct ms_error *err)
{
    static const char mark[] = "\xef\xbb\xbf";
    int more;
    while ((more = read_line(w, err)) > 0) {
        char *text = w->text + (w->number == 1 && strncmp(w->text, mark, 3) == 0 ? 3 : 0);
        int status = ms_svmlight_parse(&w->line, text, w->c, err);
        if (status) {
            ms_fail_in(err, "%s:%ld", w->f->path, w->number);
            return status;
        }
        if (!w->line.empty && (status = add_row(w, err)))
            return status;
    }
    return more < 0 || w->f->rows > 0 ? more : ms_fail(err, MS_EFORMAT, "%s: no rows", w->f->path);
}

// ---- columns -----------------------------------------------------------------------------------

// The first row with an index, for messages.
static long line_of(const struct work *w, uint32_t index)
{
    size_t at = 0, row = 0;
    while (at < w->n && w->index[at] != index)
        at++;
    while (row + 1 < w->f->rows && w->end[row] <= at)
        row++;
    return w->f->line[row];
}

// The index of the first feature: 0 or 1.
static int find_base(const struct work *w, uint32_t *base, struct ms_error *err)
{
    const struct ms_frame *t = w->q->training;
    const enum ms_switch zero_based = w->q->spec->zero_based;
    const bool given = zero_based != MS_SWITCH_FOUND;
    w->f->first_index = given ? zero_based == MS_SWITCH_FALSE : t ? t->first_index : !w->has_zero;
    *base = w->q->info->first_index = w->f->first_index;
    if (*base == 0 || !w->has_zero)
        return 0;
    return ms_fail(err, MS_EFORMAT, "%s:%ld: found index 0, but indices begin at 1%s", w->f->path,
                   line_of(w, 0),
                   given ? " by \"zero_based\": false"
                         : " in the training file; \"zero_based\": true lets them begin at 0");
}

// The number of inputs.
static int find_width(const struct work *w, uint32_t base, size_t *width, struct ms_error *err)
{
    const struct ms_frame *t = w->q->training;
    const size_t given = (size_t)w->q->spec->n_features;
    size_t most = 0;
    for (size_t i = 0; i < w->n; i++)
        if (w->index[i] - base + 1 > most)
            most = w->index[i] - base + 1;
    *width = given ? given : t ? t->column[1].width : most;
    if (most > *width)
        return ms_fail(err, MS_EFORMAT,
                       "%s:%ld: found index %zu, but %s %zu features; \"n_features\": %zu or more "
                       "takes it",
                       w->f->path, line_of(w, (uint32_t)most - 1 + base), most - 1 + base,
                       given ? "\"n_features\" allows" : "the training file has", *width, most);
    if (*width < 1 || *width > MS_MAX_INPUTS)
        return ms_fail(err, MS_ELIMIT, "%s: %zu features; 1 to %d are possible", w->f->path, *width,
                       MS_MAX_INPUTS);
    return 0;
}

// Rows of zeros with the features in their places.
static int fill(struct work *w, struct ms_error *err)
{
    uint32_t base;
    size_t width = 0, row = 0;
    int status = find_base(w, &base, err);
    if (!status)
        status = find_width(w, base, &width, err);
    if (status)
        return status;
    struct ms_frame_column *y = ms_frame_add(w->f, NULL, MS_FRAME_F64, 1, err);
    if (y)
        y->role = MS_ROLE_TARGET;
    struct ms_frame_column *x = y ? ms_frame_add(w->f, NULL, MS_FRAME_F64, width, err) : NULL;
    if (!x)
        return MS_ENOMEM;
    double *to = w->f->rows <= SIZE_MAX / width ? calloc(w->f->rows * width, sizeof *to) : NULL;
    if (!to)
        return ms_no_memory(err, "%s: %zu rows of %zu features, which are not kept sparse",
                            w->f->path, w->f->rows, width);
    for (size_t i = 0; i < w->n; i++) {
        while (w->end[row] <= i)
            row++;
        to[row * width + w->index[i] - base] = w->value[i];
    }
    x->value = to;
    w->f->column[0].value = w->label;
    w->label = NULL;
    return 0;
}

static int note_qid(const struct work *w, struct ms_error *err)
{
    if (w->n_qid == 0)
        return 0;
    return ms_data_info_note(w->q->info, false, err, "the queries (qid:) of %.200s are ignored",
                             w->f->path);
}

static int read_file(struct work *w, const char *path, struct ms_error *err)
{
    int status = ms_file_find(w->q->sweep_dir, path, w->f->path, sizeof w->f->path, err);
    if (!status)
        status = ms_file_open(&w->file, w->f->path, err);
    if (status)
        return status;
    w->c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    status = w->c ? read_lines(w, err) : ms_no_memory(err, "the reader of %s", path);
    ms_file_close(&w->file);
    if (!status)
        status = fill(w, err);
    if (!status)
        status = note_qid(w, err);
    return status ? status : ms_file_record(w->q->info, w->f->path, w->q->part, err);
}

int ms_read_svmlight(const struct ms_frame_request *q, struct ms_frame *f, struct ms_error *err)
{
    const char *const paths[MS_PARTS] = {q->spec->path, q->spec->val_path, q->spec->test_path};
    if (!paths[q->part][0])
        return 0;
    struct work *w = calloc(1, sizeof *w);
    if (!w)
        return ms_no_memory(err, "the reader of %s", paths[q->part]);
    w->q = q;
    w->f = f;
    int status = read_file(w, paths[q->part], err);
    if (w->c)
        freelocale(w->c);
    ms_svmlight_clear(&w->line);
    free(w->text);
    free(w->label);
    free(w->end);
    free(w->index);
    free(w->value);
    free(w);
    return status;
}
