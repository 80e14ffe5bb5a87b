// SPDX-License-Identifier: MIT
//
// From frames to raw rows: the parts are read, matched and cleaned, the target is decided, and the
// inputs are put beside each other in the order of the training file's columns. A frame's column is
// freed as soon as its values are copied; a single array is not copied but grown.
#include "frames.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "frames_known.h"
#include "later.h"
#include "mlpsweep/memory.h"
#include "mlpsweep/utf8.h"

static bool is_input(const struct ms_frame_column *c)
{
    return c->role == MS_ROLE_INPUT || c->role == MS_ROLE_CATEGORY;
}

// ---- parts -------------------------------------------------------------------------------------

static int match(struct ms_frames *f, int part, struct ms_error *err)
{
    const struct ms_frame *t = &f->part[0], *p = &f->part[part];
    f->place[part] = malloc((t->n_columns + 1) * sizeof *f->place[part]);
    if (!f->place[part])
        return ms_no_memory(err, "the columns of %s", p->path);
    int status = ms_frame_match(t, p, f->place[part], err);
    for (size_t i = 0; i < t->n_columns && !status; i++) {
        const struct ms_frame_column *a = &t->column[i];
        if (a->role == MS_ROLE_IGNORED || (f->was && a->role == MS_ROLE_TARGET))
            continue;
        const struct ms_frame_column *b = ms_frames_column(f, part, i);
        if (a->width != b->width)
            status = ms_fail(err, MS_EFORMAT, "%s: rows of %zu %s, those of %s have %zu",
                             b->file ? b->file : p->path, b->width,
                             b->role == MS_ROLE_TARGET ? "targets" : "numbers",
                             a->file ? a->file : t->path, a->width);
    }
    return status;
}

static int read_parts(struct ms_frames *f, ms_frame_reader *read, const char *sweep_dir,
                      struct ms_error *err)
{
    struct ms_frame_request q = {.spec = f->spec, .sweep_dir = sweep_dir, .info = f->info};
    int status = 0;
    size_t rows = 0;
    for (int p = 0; p < MS_PARTS && !status; p++) {
        q.part = (enum ms_part)p;
        q.training = p == MS_PART_TRAINING ? NULL : &f->part[0];
        status = read(&q, &f->part[p], err);
        if (!status && f->part[p].n_columns)
            status = match(f, p, err);
        rows += f->part[p].rows;
        if (!status && rows > MS_MAX_ROWS)
            status = ms_fail(err, MS_ELIMIT, "%s: more than %d rows", f->part[p].path, MS_MAX_ROWS);
    }
    return status;
}

// Words in a column that is not called categorical.
static int check_words(const struct ms_frames *f, struct ms_error *err)
{
    char where[6000];
    for (int p = 0; p < MS_PARTS; p++)
        for (size_t i = 0; i < f->part[p].n_columns; i++) {
            const struct ms_frame_column *c = &f->part[p].column[i];
            if (c->role != MS_ROLE_INPUT || c->type != MS_FRAME_TEXT || f->part[p].rows == 0)
                continue;
            const uint32_t *value = c->value;
            size_t row = c->text_row < f->part[p].rows ? c->text_row : 0;
            ms_frame_where(&f->part[p], row, i, 0, where, sizeof where);
            return ms_fail(err, MS_EFORMAT, "%s: expected a number, found '%.60s'", where,
                           value[row] != MS_FRAME_NONE ? c->label[value[row]] : "");
        }
    return 0;
}

// ---- inputs ------------------------------------------------------------------------------------

static size_t size_of(enum ms_raw_type type)
{
    return type == MS_RAW_U8 ? 1 : type == MS_RAW_F32 ? sizeof(float) : sizeof(double);
}

static enum ms_raw_type raw_type(const struct ms_frame_column *c)
{
    return c->type == MS_FRAME_U8 ? MS_RAW_U8 : c->type == MS_FRAME_F32 ? MS_RAW_F32 : MS_RAW_F64;
}

// The smallest type that holds all inputs exactly.
static enum ms_raw_type type_of(const struct ms_frames *f)
{
    enum ms_raw_type type = MS_RAW_U8;
    for (int p = 0; p < MS_PARTS; p++)
        for (size_t i = 0; i < f->part[p].n_columns; i++) {
            const struct ms_frame_column *c = &f->part[p].column[i];
            type = is_input(c) && raw_type(c) > type ? raw_type(c) : type;
        }
    return type;
}

static void put(void *x, enum ms_raw_type type, size_t at, double v)
{
    if (type == MS_RAW_U8)
        ((uint8_t *)x)[at] = (uint8_t)v;
    else if (type == MS_RAW_F32)
        ((float *)x)[at] = (float)v;
    else
        ((double *)x)[at] = v;
}

// Copies a column's numbers to the rows of x, from input `at` on.
static void put_numbers(const struct ms_frame_column *c, size_t rows, struct ms_raw *out,
                        size_t row, size_t at)
{
    const size_t width = (size_t)out->n_inputs;
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < c->width; j++) {
            size_t from = i * c->width + j, to = (row + i) * width + at + j;
            if (c->type == MS_FRAME_F64)
                put(out->x, out->x_type, to, ((const double *)c->value)[from]);
            else if (c->type == MS_FRAME_F32)
                put(out->x, out->x_type, to, (double)((const float *)c->value)[from]);
            else
                put(out->x, out->x_type, to, ((const uint8_t *)c->value)[from]);
        }
}

// One column for each level.
static void put_levels(const struct ms_frame_column *c, const struct ms_levels *l, int part,
                       size_t rows, struct ms_raw *out, size_t row, size_t at)
{
    const uint32_t *value = c->value;
    for (size_t i = 0; i < rows; i++) {
        uint32_t level = value[i] == MS_FRAME_NONE ? MS_FRAME_NONE : l->level[part][value[i]];
        for (size_t k = 0; k < l->n; k++)
            put(out->x, out->x_type, (row + i) * (size_t)out->n_inputs + at + k,
                value[i] == MS_FRAME_NONE ? NAN : (double)(level == k));
    }
}

// The only input, if it is an array whose values can become x as they are.
static struct ms_frame_column *only_input(struct ms_frames *f, enum ms_raw_type type)
{
    struct ms_frame_column *only = NULL;
    for (size_t i = 0; i < f->part[0].n_columns; i++) {
        struct ms_frame_column *c = &f->part[0].column[i];
        if (is_input(c) && only)
            return NULL;
        only = is_input(c) ? c : only;
    }
    return only && only->role == MS_ROLE_INPUT && raw_type(only) == type ? only : NULL;
}

static int make_room(struct ms_frames *f, const struct ms_levels *levels, struct ms_raw *out,
                     struct ms_error *err)
{
    size_t width = 0, rows = ms_frames_rows(f);
    bool categories = false;
    for (size_t i = 0; i < f->part[0].n_columns; i++) {
        const struct ms_frame_column *c = &f->part[0].column[i];
        width += c->role == MS_ROLE_CATEGORY ? levels[i].n : is_input(c) ? c->width : 0;
        categories = categories || c->role == MS_ROLE_CATEGORY;
    }
    if (width < 1 || width > MS_MAX_INPUTS)
        return ms_fail(err, MS_ELIMIT, "%s: %zu inputs; 1 to %d are possible", f->spec->path, width,
                       MS_MAX_INPUTS);
    out->n_inputs = (int)width;
    out->x_type = type_of(f);
    out->indicator = categories ? calloc(width, 1) : NULL;
    // realloc moves pages of so large a block instead of copying them.
    struct ms_frame_column *only = only_input(f, out->x_type);
    out->x = realloc(only ? only->value : NULL, rows * width * size_of(out->x_type));
    if (!out->x || (categories && !out->indicator))
        return ms_no_memory(err, "%s: %zu rows of %zu inputs", f->spec->path, rows, width);
    if (only)
        only->value = NULL;
    return 0;
}

// What people see of a column. missing: values of kept rows that will be filled in.
static int describe(const struct ms_frames *f, size_t at, size_t width, uint64_t missing,
                    const char *kind, struct ms_error *err)
{
    const struct ms_frame_column *c = &f->part[0].column[at];
    struct ms_data_column info = {
        .name = c->name,
        .role = c->role,
        .kind = kind,
        .width = (uint32_t)width,
        .n_missing = missing,
        .lo = NAN,
        .hi = NAN,
        .mean = NAN,
        .fill = NAN,
        .shift = NAN,
        .divide = NAN,
    };
    return ms_data_info_column(f->info, &info, err);
}

static uint64_t count_missing(const struct ms_frame_column *c, size_t rows)
{
    uint64_t n = 0;
    for (size_t i = 0; i < rows * c->width; i++)
        if ((c->type == MS_FRAME_F64 && isnan(((const double *)c->value)[i])) ||
            (c->type == MS_FRAME_F32 && isnan(((const float *)c->value)[i])) ||
            (c->type == MS_FRAME_TEXT && ((const uint32_t *)c->value)[i] == MS_FRAME_NONE))
            n++;
    return n;
}

// One input column of all parts. *at: its first input; moves on.
static int fill_column(struct ms_frames *f, size_t i, const struct ms_levels *levels, size_t *at,
                       struct ms_raw *out, struct ms_error *err)
{
    const struct ms_frame_column *first = &f->part[0].column[i];
    bool category = first->role == MS_ROLE_CATEGORY;
    size_t width = category ? levels->n : first->width, row = 0;
    uint64_t missing = 0;
    for (int p = 0; p < MS_PARTS; p++) {
        size_t rows = f->part[p].rows;
        if (f->part[p].n_columns == 0)
            continue;
        struct ms_frame_column *c = ms_frames_column(f, p, i);
        if (out->has_missing && c->value)
            missing += count_missing(c, rows);
        if (category)
            put_levels(c, levels, p, rows, out, row, *at);
        else if (c->value) // else x itself
            put_numbers(c, rows, out, row, *at);
        free(c->value);
        c->value = NULL;
        row += rows;
    }
    if (category)
        memset(out->indicator + *at, 1, width);
    *at += width;
    const char *kind = category                   ? "category"
                       : first->kind              ? first->kind
                       : out->x_type == MS_RAW_U8 ? "byte"
                                                  : "number";
    int status = describe(f, i, width, missing, kind, err);
    for (size_t k = 0; category && k < levels->n && !status; k++)
        status = ms_data_info_level(f->info, f->info->n_columns - 1, levels->text[k], err);
    return status;
}

static int fill_inputs(struct ms_frames *f, struct ms_raw *out, struct ms_error *err)
{
    size_t n = f->part[0].n_columns, at = 0;
    struct ms_levels *levels = calloc(n + 1, sizeof *levels);
    if (!levels)
        return ms_no_memory(err, "the columns of %s", f->spec->path);
    int status = 0;
    for (size_t i = 0; i < n && !status; i++)
        if (f->part[0].column[i].role == MS_ROLE_CATEGORY)
            status = ms_frames_levels(f, i, &levels[i], err);
    if (!status)
        status = make_room(f, levels, out, err);
    for (size_t i = 0; i < n && !status; i++)
        if (is_input(&f->part[0].column[i]))
            status = fill_column(f, i, &levels[i], &at, out, err);
    for (size_t i = 0; i < n; i++)
        ms_frames_levels_clear(&levels[i]);
    free(levels);
    return status;
}

// Targets in the order of the outputs, then ignored columns.
static int describe_others(const struct ms_frames *f, const struct ms_raw *out,
                           struct ms_error *err)
{
    const struct ms_frame *t = &f->part[0];
    const char *kind = out->task == MS_REGRESSION ? "number" : "class";
    size_t targets = 0, outputs = out->task == MS_MULTICLASS ? (size_t)out->n_classes : 1;
    int status = 0;
    for (size_t i = 0; i < t->n_columns; i++)
        targets += t->column[i].role == MS_ROLE_TARGET;
    for (size_t k = 0; k < targets && !status; k++)
        for (size_t i = 0; i < t->n_columns && !status; i++) {
            const struct ms_frame_column *c = &t->column[i];
            bool alone = targets == 1 && out->task != MS_REGRESSION;
            if (c->role == MS_ROLE_TARGET && (size_t)c->target == k)
                status = describe(f, i, alone ? outputs : c->width, 0, kind, err);
        }
    for (size_t i = 0; i < t->n_columns && !status; i++)
        if (t->column[i].role == MS_ROLE_IGNORED)
            status = describe(f, i, 0, 0, "ignored", err);
    return status;
}

// ---- rows after training ------------------------------------------------------------------------

int ms_frames_later(ms_frame_reader *read, const struct ms_later_request *q, struct ms_frames *f,
                    struct ms_raw *out, char no_target[400], struct ms_error *err)
{
    struct ms_frame *rows = &f->part[MS_PART_TEST];
    const struct ms_frame_request request = {.spec = f->spec,
                                             .sweep_dir = q->dir,
                                             .part = (enum ms_part)q->part,
                                             .training = &f->part[0],
                                             .info = f->info,
                                             .targets_optional = !q->as_trained};
    int status = ms_frames_known(f->spec->source, f->was, &f->part[0], err);
    if (!status)
        status = read(&request, rows, err);
    if (!status && rows->n_columns == 0)
        status = ms_fail(err, MS_EINVAL, "%s: there are no such rows", f->spec->path);
    if (!status)
        status = match(f, 0, err);
    if (!status)
        status = match(f, MS_PART_TEST, err);
    if (!status)
        status = check_words(f, err);
    if (!status)
        status = ms_frames_missing(f, out, err);
    if (!status)
        status = ms_frames_known_target(f, out, no_target, 400, err);
    if (!status)
        status = fill_inputs(f, out, err);
    out->n_rows = (uint32_t)rows->rows;
    return status;
}

// ---- all ---------------------------------------------------------------------------------------

static int make_raw(struct ms_frames *f, struct ms_raw *out, struct ms_error *err)
{
    int status = check_words(f, err);
    if (!status)
        status = ms_frames_look(f, err);
    if (!status)
        status = ms_frames_missing(f, out, err);
    if (!status)
        status = ms_frames_target(f, out, err);
    if (!status)
        status = fill_inputs(f, out, err);
    if (!status)
        status = describe_others(f, out, err);
    out->n_rows = (uint32_t)ms_frames_rows(f);
    out->n_val = (uint32_t)f->part[MS_PART_VALIDATION].rows;
    out->n_test = (uint32_t)f->part[MS_PART_TEST].rows;
    out->has_test_file = f->part[MS_PART_TEST].n_columns > 0;
    return status;
}

int ms_frames_load(ms_frame_reader *read, const struct ms_data_spec *spec,
                   const struct ms_task_hint *hint, const char *sweep_dir, struct ms_raw *out,
                   struct ms_data_info *info, struct ms_error *err)
{
    struct ms_frames *f = calloc(1, sizeof *f); // frames hold paths
    *out = (struct ms_raw){0};
    if (!f)
        return ms_no_memory(err, "the reader of %s", spec->path);
    f->spec = spec;
    f->hint = hint;
    f->info = info;
    int status = read_parts(f, read, sweep_dir, err);
    if (!status)
        status = make_raw(f, out, err);
    for (int p = 0; p < MS_PARTS; p++) {
        ms_frame_clear(&f->part[p]);
        free(f->place[p]);
    }
    free(f);
    if (status && err) // fields of files may hold anything; a message is one line
        ms_printable(err->text, ' ', "");
    return status;
}
