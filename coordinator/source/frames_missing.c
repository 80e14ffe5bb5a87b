// SPDX-License-Identifier: MIT
//
// Rows in which something is missing, by data.missing: the first one is refused, or all are left
// out as if they were not there, or inputs stay missing and common/data fills them. A missing
// target is never filled. Numbers beyond float's range are refused under every policy.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "frames.h"
#include "mlpsweep/memory.h"

enum found { WHOLE, HOLE, BAD };

static enum found number(double v)
{
    return isnan(v) ? HOLE : isfinite((float)v) ? WHOLE : BAD;
}

static enum found found_at(const struct ms_frame_column *c, size_t i)
{
    switch (c->type) {
    case MS_FRAME_F64:
        return number(((const double *)c->value)[i]);
    case MS_FRAME_F32:
        return number((double)((const float *)c->value)[i]);
    case MS_FRAME_TEXT:
        return ((const uint32_t *)c->value)[i] == MS_FRAME_NONE ? HOLE : WHOLE;
    default:
        return WHOLE;
    }
}

// What is wrong with the first row that a policy refuses.
struct fault {
    size_t row, column, number; // row SIZE_MAX: there is none
    enum found found;
};

// new: rows for which an answer is wanted. What their targets are is another question, and no row
// is dropped.
static void look_at_column(const struct ms_frame *f, size_t at, enum ms_missing policy, bool new,
                           char *hole, bool *any, struct fault *fault)
{
    const struct ms_frame_column *c = &f->column[at];
    if (c->role == MS_ROLE_IGNORED || c->type == MS_FRAME_U8 || (new && c->role == MS_ROLE_TARGET))
        return;
    bool keep = policy == MS_MISSING_MEAN && c->role != MS_ROLE_TARGET;
    for (size_t i = 0; i < f->rows * c->width; i++) {
        enum found found = found_at(c, i);
        size_t row = i / c->width;
        if (found == WHOLE)
            continue;
        *any = true;
        hole[row] = 1;
        if (found == HOLE && (keep || policy == MS_MISSING_DROP))
            continue;
        if (row < fault->row)
            *fault = (struct fault){row, at, i % c->width, found};
        return;
    }
}

static int refuse(const struct ms_frame *f, const struct fault *at, enum ms_missing policy,
                  struct ms_error *err)
{
    char where[6000];
    const struct ms_frame_column *c = &f->column[at->column];
    size_t i = at->row * c->width + at->number;
    ms_frame_where(f, at->row, at->column, at->number, where, sizeof where);
    if (at->found == BAD)
        return ms_fail(err, MS_EFORMAT, "%s: expected a number within float's range, found %g",
                       where,
                       c->type == MS_FRAME_F64 ? ((const double *)c->value)[i]
                                               : (double)((const float *)c->value)[i]);
    return ms_fail(err, MS_EFORMAT, "%s: missing value%s", where,
                   policy == MS_MISSING_REFUSE ? "" : "; a target cannot be filled, only dropped");
}

static size_t size_of(enum ms_frame_type type)
{
    return type == MS_FRAME_F64   ? sizeof(double)
           : type == MS_FRAME_F32 ? sizeof(float)
           : type == MS_FRAME_U8  ? 1
                                  : sizeof(uint32_t);
}

// Closes the gaps that rows with a hole leave.
static size_t drop_rows(struct ms_frame *f, const char *hole)
{
    size_t kept = 0;
    for (size_t k = 0; k < f->n_columns; k++) {
        struct ms_frame_column *c = &f->column[k];
        size_t each = c->width * size_of(c->type), before = 0;
        kept = 0;
        for (size_t i = 0; i < f->rows; i++) {
            before += !hole[i] && i < c->text_row;
            if (hole[i])
                continue;
            if (c->value && kept < i)
                memcpy((char *)c->value + kept * each, (char *)c->value + i * each, each);
            kept++;
        }
        c->text_row = before;
    }
    size_t at = 0;
    for (size_t i = 0; f->line && i < f->rows; i++)
        if (!hole[i])
            f->line[at++] = f->line[i];
    size_t dropped = f->rows - kept;
    f->rows = kept;
    return dropped;
}

// A target of which the only texts were in rows that are gone is a number after all.
static int texts_to_numbers(struct ms_frame *f, struct ms_frame_column *c, struct ms_error *err)
{
    const uint32_t *label = c->value;
    double *value = malloc((f->rows + 1) * sizeof *value);
    if (!value)
        return ms_no_memory(err, "the targets of %s", f->path);
    for (c->text_row = 0; c->text_row < f->rows; c->text_row++) {
        const char *text = c->label[label[c->text_row]];
        char *end;
        value[c->text_row] = strtod(text, &end);
        if (end == text || *end) {
            free(value);
            return 0; // still a text, the first of which is this
        }
    }
    free(c->value);
    c->value = value;
    c->type = MS_FRAME_F64;
    return 0;
}

static int drop(struct ms_frame *f, const char *hole, struct ms_raw *out, struct ms_error *err)
{
    int status = 0;
    bool *again = calloc(f->n_columns + 1, sizeof *again);
    if (!again)
        return ms_no_memory(err, "the columns of %s", f->path);
    for (size_t k = 0; k < f->n_columns; k++) {
        const struct ms_frame_column *c = &f->column[k];
        again[k] = c->role == MS_ROLE_TARGET && c->type == MS_FRAME_TEXT && c->text_row < f->rows &&
                   hole[c->text_row];
    }
    out->n_dropped += (uint32_t)drop_rows(f, hole);
    for (size_t k = 0; k < f->n_columns && !status; k++)
        if (again[k])
            status = texts_to_numbers(f, &f->column[k], err);
    free(again);
    return status;
}

static int clean(struct ms_frame *f, enum ms_missing policy, bool new, struct ms_raw *out,
                 struct ms_error *err)
{
    bool any = false;
    struct fault fault = {.row = SIZE_MAX};
    char *hole = calloc(f->rows + 1, 1);
    if (!hole)
        return ms_no_memory(err, "the rows of %s", f->path);
    for (size_t k = 0; k < f->n_columns; k++)
        look_at_column(f, k, policy, new, hole, &any, &fault);
    int status = fault.row == SIZE_MAX ? 0 : refuse(f, &fault, policy, err);
    if (!status && any && policy == MS_MISSING_DROP && !new)
        status = drop(f, hole, out, err);
    out->has_missing = out->has_missing || (any && policy == MS_MISSING_MEAN);
    free(hole);
    if (!status && f->rows == 0)
        status = ms_fail(err, MS_EFORMAT, "%s: %sno rows%s", f->path,
                         f->header ? "a header, but " : "", any ? " without missing values" : "");
    return status;
}

int ms_frames_missing(struct ms_frames *f, struct ms_raw *out, struct ms_error *err)
{
    const bool new = f->was && !f->as_trained;
    int status = 0;
    for (int p = f->was ? MS_PART_VALIDATION : 0; p < MS_PARTS && !status; p++)
        if (f->part[p].n_columns)
            status = clean(&f->part[p], f->spec->missing, new, out, err);
    return status;
}
