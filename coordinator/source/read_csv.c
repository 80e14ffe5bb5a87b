// SPDX-License-Identifier: MIT
//
// The source "csv": a table of text becomes a frame in one pass. csv.c cuts it into fields,
// csv_dialect.c and csv_header.c say how it is written, csv_column.c makes values of the fields.
// All that was assumed about the file is noted.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv_column.h"
#include "csv_dialect.h"
#include "csv_header.h"
#include "file.h"
#include "mlpsweep/memory.h"
#include "readers.h"

struct work {
    const struct ms_frame_request *q;
    struct ms_csv *r;
    struct ms_frame *f;
    struct ms_csv_value v;
    struct ms_csv_header header;
    struct ms_csv_column *column;   // (f->n_columns)
    struct ms_column_array *arrays; // all that has a place for every row
    int n_arrays;
    size_t room; // rows
};

// ---- notes -------------------------------------------------------------------------------------

static int note_dialect(const struct work *w, struct ms_error *err)
{
    static const char *const encodings[] = {[MS_CSV_UTF8] = "utf-8",
                                            [MS_CSV_UTF16LE] = "utf-16",
                                            [MS_CSV_UTF16BE] = "utf-16",
                                            [MS_CSV_LATIN1] = "latin-1"};
    const char *name = ms_file_base(w->f->path);
    const struct ms_csv_encoding *e = &w->r->text;
    char delimiter[8], why[64] = "";
    int status = 0;
    if (!w->q->spec->delimiter && w->r->delimiter != ',')
        status = ms_data_info_note(w->q->info, false, err,
                                   "%.200s: delimiter %s; \"delimiter\" changes it", name,
                                   ms_csv_dialect_name(w->r->delimiter, delimiter));
    if (e->not_utf8)
        snprintf(why, sizeof why, ", as line %ld is not UTF-8", e->not_utf8);
    if (!status && w->q->spec->encoding < 0 && e->form != MS_CSV_UTF8)
        status = ms_data_info_note(w->q->info, false, err,
                                   "%.200s: encoding %s%s; \"encoding\" changes it", name,
                                   encodings[e->form], why);
    if (!status && (w->header.open_header || w->header.open_rows))
        status = ms_data_info_note(w->q->info, false, err,
                                   "%.200s: the delimiter at the end of %s was left out", name,
                                   !w->header.open_rows     ? "the header"
                                   : !w->header.open_header ? "rows"
                                                            : "lines");
    return status;
}

static int note_rows(const struct work *w, struct ms_error *err)
{
    char names[300] = "";
    size_t used = 0;
    int status = 0;
    if (w->r->n_blank)
        status = ms_data_info_note(w->q->info, false, err,
                                   "%.200s: %ld blank line%s skipped, the first is line %ld",
                                   ms_file_base(w->f->path), w->r->n_blank,
                                   w->r->n_blank == 1 ? " was" : "s were", w->r->first_blank);
    for (size_t i = 0; i < w->f->n_columns && used < sizeof names; i++) {
        const struct ms_frame_column *c = &w->f->column[i];
        if (c->role == MS_ROLE_INPUT && c->kind && strcmp(c->kind, "boolean") == 0)
            used += (size_t)snprintf(names + used, sizeof names - used, "%s%.40s", used ? ", " : "",
                                     c->name);
    }
    if (!status && used && !w->q->training)
        status = ms_data_info_note(w->q->info, false, err,
                                   "true, yes are read as 1 and false, no as 0 in %s%s; "
                                   "\"categorical\" changes it",
                                   names, used < sizeof names ? "" : " …");
    return status;
}

// ---- columns -----------------------------------------------------------------------------------

static int add_column(struct work *w, const char *name, struct ms_error *err)
{
    char made[32];
    struct ms_frame *f = w->f;
    if (f->n_columns > MS_MAX_INPUTS)
        return ms_fail(err, MS_ELIMIT, "%s:%ld: more than %d columns", f->path, w->r->row_line,
                       MS_MAX_INPUTS);
    bool nameless = !name || !*name;
    if (nameless)
        name = ms_csv_header_name(w->header.present, f->n_columns + 1, made);
    struct ms_frame_column *c = ms_frame_add(f, name, MS_FRAME_F64, 1, err);
    if (!c)
        return MS_ENOMEM;
    c->nameless = nameless && w->header.present;
    c->text_row = SIZE_MAX;
    return 0;
}

// The columns of the first row: a header, which is taken, or a row, which is not.
static int find_columns(struct work *w, struct ms_error *err)
{
    struct ms_csv *r = w->r;
    int more = ms_csv_row(r, err), status = 0;
    if (more <= 0)
        return more ? more : ms_fail(err, MS_EFORMAT, "%s: empty file", r->path);
    w->f->header = w->header.present ? r->row_line : 0;
    for (more = 1; more == 1 && !status;) {
        more = ms_csv_field(r, err);
        status = more < 0 ? more : add_column(w, w->header.present ? r->field : NULL, err);
    }
    size_t open = w->header.present ? w->header.open_header : w->header.open_rows;
    if (!status && open)
        ms_frame_drop_last(w->f);
    return status;
}

// Where a later part's column says what its values are: the training frame.
static int start_columns(struct work *w, struct ms_error *err)
{
    const struct ms_frame *training = w->q->training;
    size_t n = w->f->n_columns;
    w->column = calloc(n + 1, sizeof *w->column);
    size_t *place = training ? malloc((training->n_columns + 1) * sizeof *place) : NULL;
    if (!w->column || (training && !place)) {
        free(place);
        return ms_no_memory(err, "the header of %s", w->f->path);
    }
    int status = training ? ms_frame_match(training, w->f, place, err) : 0;
    for (size_t i = 0; i < n && !training; i++)
        ms_csv_column_start(&w->column[i], NULL);
    for (size_t i = 0; training && !status && i < training->n_columns; i++)
        if (place[i] != SIZE_MAX)
            ms_csv_column_start(&w->column[place[i]], &training->column[i]);
    free(place);
    return status;
}

// Lists the arrays that grow with the rows.
static int list_arrays(struct work *w, struct ms_error *err)
{
    w->arrays = calloc(2 * w->f->n_columns + 1, sizeof *w->arrays);
    if (!w->arrays)
        return ms_no_memory(err, "the columns of %s", w->f->path);
    w->arrays[w->n_arrays++] = (struct ms_column_array){&w->f->line, sizeof *w->f->line};
    for (size_t i = 0; i < w->f->n_columns; i++) {
        struct ms_csv_column *c = &w->column[i];
        enum ms_data_role role = w->f->column[i].role;
        if (role == MS_ROLE_INPUT || role == MS_ROLE_TARGET)
            w->arrays[w->n_arrays++] = (struct ms_column_array){&c->number, sizeof *c->number};
        if (role == MS_ROLE_CATEGORY || role == MS_ROLE_TARGET)
            w->arrays[w->n_arrays++] = (struct ms_column_array){&c->label, sizeof *c->label};
    }
    return 0;
}

// ---- rows --------------------------------------------------------------------------------------

static int wrong_count(const struct work *w, struct ms_error *err)
{
    size_t columns = w->f->n_columns;
    if (w->header.open_rows)
        return ms_fail(err, MS_EFORMAT,
                       "%s:%ld: %zu fields, the first row has %zu, the last of them empty",
                       w->r->path, w->r->row_line, w->r->column, columns + 1);
    return ms_fail(err, MS_EFORMAT, "%s:%ld: %zu field%s, the %s has %zu columns", w->r->path,
                   w->r->row_line, w->r->column, w->r->column == 1 ? "" : "s",
                   w->header.present ? "header" : "first line", columns);
}

static int put_field(struct work *w, struct ms_error *err)
{
    size_t i = w->r->column - 1;
    if (i < w->f->n_columns)
        return ms_csv_column_put(&w->column[i], &w->f->column[i], w->r, &w->v, w->f->rows, err);
    if (i < w->f->n_columns + w->header.open_rows && w->r->field_len > 0)
        return ms_fail(err, MS_EFORMAT,
                       "%s:%ld: column %zu has no name and was empty in the first rows, found "
                       "'%.60s'",
                       w->r->path, w->r->field_line, i + 1, w->r->field);
    return 0;
}

// A row with a wrong number of fields is refused for that, whatever is in them: they stand in the
// wrong columns.
static int read_row(struct work *w, struct ms_error *err)
{
    struct ms_frame *f = w->f;
    struct ms_csv *r = w->r;
    int more = 1, status = 0;
    if (f->rows == MS_MAX_ROWS)
        return ms_fail(err, MS_ELIMIT, "%s:%ld: more than %d rows", f->path, r->row_line,
                       MS_MAX_ROWS);
    // The caller frees w->arrays, which the analyzer does not see.
    if (f->rows == w->room) // NOLINTNEXTLINE(clang-analyzer-unix.Malloc)
        status = ms_grow_columns(w->arrays, w->n_arrays, &w->room, f->rows + 1, "the rows", err);
    if (status)
        return status;
    f->line[f->rows] = r->row_line;
    while (more == 1) {
        more = ms_csv_field(r, status ? NULL : err);
        if (more >= 0 && !status)
            status = put_field(w, err);
    }
    if (more < 0)
        return status ? status : more;
    if (r->column != f->n_columns + w->header.open_rows)
        return wrong_count(w, err);
    f->rows += !status;
    return status;
}

static int read_rows(struct work *w, struct ms_error *err)
{
    int more = 1, status = 0;
    if (!w->header.present)
        status = ms_csv_rewind(w->r, w->q->spec, err);
    while (more == 1 && !status) {
        more = ms_csv_row(w->r, err);
        status = more < 0 ? more : more ? read_row(w, err) : 0;
    }
    if (!status && w->f->rows == 0)
        return ms_fail(err, MS_EFORMAT, "%s: a header, but no rows", w->f->path);
    for (size_t i = 0; i < w->f->n_columns && !status; i++)
        ms_csv_column_end(&w->column[i], &w->f->column[i]);
    return status;
}

static int read_file(struct work *w, const char *path, struct ms_error *err)
{
    const struct ms_frame_request *q = w->q;
    int status = ms_csv_value_init(&w->v, q->spec, err);
    if (!status)
        status = ms_csv_open(w->r, q->spec, q->sweep_dir, path, err);
    if (status)
        return status;
    w->f->named = true;
    snprintf(w->f->path, sizeof w->f->path, "%s", w->r->path);
    ms_csv_dialect_find(w->r, q->spec);
    status = ms_csv_header_look(w->r, q->spec, &w->v, &w->header, err);
    if (status == MS_EFORMAT && q->targets_optional) // the hints are for the sweep file
        return ms_fail(err, MS_EFORMAT,
                       "%s:1: the first line looks like data; columns are found by the names in "
                       "the header, as %s has one",
                       w->f->path, q->training->path);
    if (!status)
        status = find_columns(w, err);
    if (!status)
        status = note_dialect(w, err);
    if (!status)
        status = ms_frame_roles(q, w->f, err);
    if (!status)
        status = start_columns(w, err);
    if (!status)
        status = list_arrays(w, err);
    if (!status)
        status = read_rows(w, err);
    if (!status)
        status = note_rows(w, err);
    return status ? status : ms_file_record(q->info, w->f->path, q->part, err);
}

int ms_read_csv(const struct ms_frame_request *q, struct ms_frame *f, struct ms_error *err)
{
    const char *const paths[MS_PARTS] = {q->spec->path, q->spec->val_path, q->spec->test_path};
    struct work w = {.q = q, .f = f};
    if (!paths[q->part][0])
        return 0;
    w.r = calloc(1, sizeof *w.r);
    if (!w.r)
        return ms_no_memory(err, "the reader of %s", paths[q->part]);
    int status = read_file(&w, paths[q->part], err);
    for (size_t i = 0; w.column && i < f->n_columns; i++)
        ms_csv_column_clear(&w.column[i]);
    free(w.column);
    free(w.arrays);
    ms_csv_value_clear(&w.v);
    ms_csv_close(w.r);
    free(w.r);
    return status;
}
