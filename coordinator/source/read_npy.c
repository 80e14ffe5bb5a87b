// SPDX-License-Identifier: MIT
//
// NumPy's arrays: {"npy": x, "target_file": y}, or {"npz": archive} with two arrays in it, by
// default "x" and "y". The first index counts the rows; the other dimensions are flattened, the
// last index fastest.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"
#include "npy.h"
#include "readers.h"

enum { PATH_SIZE = 4608, WHAT_SIZE = 5000 };

struct names { // x_path "": there is no such part; y_path "": the archive
    const char *x_path, *y_path, *x_name, *y_name;
};

static struct names names_of(const struct ms_data_spec *s, enum ms_part part)
{
    bool archive = s->source == MS_NPZ, inside = archive && s->x_test_name[0];
    const char *x = archive ? s->x_name : NULL, *y = archive ? s->y_name : NULL;
    if (part == MS_PART_TRAINING)
        return (struct names){s->path, s->y_path, x, y};
    if (part == MS_PART_VALIDATION)
        return (struct names){s->val_path, s->val_y_path, x, y};
    if (inside)
        return (struct names){s->path, "", s->x_test_name, s->y_test_name};
    return (struct names){s->test_path, s->test_y_path, x, y};
}

// One array as a column. file: how messages call it.
static int read_column(const struct ms_frame_request *q, const char *path, const char *name,
                       enum ms_data_role role, struct ms_frame *f, size_t *rows,
                       struct ms_error *err)
{
    char file[WHAT_SIZE];
    struct ms_npy a;
    struct ms_frame_column *c = ms_frame_add(f, name, MS_FRAME_F64, 1, err);
    if (!c)
        return MS_ENOMEM;
    snprintf(file, sizeof file, "%s%s%s", path, name ? ": " : "", name ? name : "");
    c->role = role;
    c->file = strdup(file);
    if (!c->file)
        return ms_no_memory(err, "the reader of %s", path);
    int status = ms_file_record(q->info, path, q->part, err);
    if (!status)
        status = ms_npy_read(path, name, &a, c, err);
    if (!status && role == MS_ROLE_TARGET && c->width > MS_MAX_CLASSES)
        status =
            ms_fail(err, MS_ELIMIT, "%s: %zu targets; at most %d", file, c->width, MS_MAX_CLASSES);
    *rows = status ? 0 : (size_t)a.rows;
    return status;
}

// A target that is not there, and need not be.
static int leave_target(const struct ms_frame_request *q, const char *name, struct ms_frame *f,
                        size_t *rows, struct ms_error *err)
{
    struct ms_frame_column *c =
        ms_frame_add(f, name, MS_FRAME_LEFT, q->training->column[0].width, err);
    if (!c)
        return MS_ENOMEM;
    c->role = MS_ROLE_TARGET;
    *rows = SIZE_MAX;
    return 0;
}

// Targets of rows that need none: an array that the archive lacks is no fault.
static int read_targets(const struct ms_frame_request *q, const char *path, const char *name,
                        struct ms_frame *f, size_t *rows, struct ms_error *err)
{
    if (q->targets_optional && !path)
        return leave_target(q, name, f, rows, err);
    const int status = read_column(q, path, name, MS_ROLE_TARGET, f, rows, err);
    if (status != MS_EINVAL || !q->targets_optional || !name)
        return status;
    ms_frame_drop_last(f);
    return leave_target(q, name, f, rows, err);
}

// The first text of a target that is not a number decides nothing for arrays: all are texts.
int ms_read_npy(const struct ms_frame_request *q, struct ms_frame *f, struct ms_error *err)
{
    const struct names n = names_of(q->spec, q->part);
    char y_path[PATH_SIZE];
    size_t x_rows, y_rows;
    if (!n.x_path[0])
        return 0;
    const bool alone = !n.x_name && !n.y_path[0];
    if (alone && !q->targets_optional)
        return ms_fail(err, MS_EINVAL, "%s: no file is given for its targets", n.x_path);
    int status = ms_file_find(q->sweep_dir, n.x_path, f->path, sizeof f->path, err);
    if (!status)
        status = ms_file_find(q->sweep_dir, n.y_path[0] ? n.y_path : n.x_path, y_path,
                              sizeof y_path, err);
    // Targets first: they are short, and most mistakes show there.
    if (!status)
        status = read_targets(q, alone ? NULL : y_path, n.y_name, f, &y_rows, err);
    if (!status)
        status = read_column(q, f->path, n.x_name, MS_ROLE_INPUT, f, &x_rows, err);
    if (!status && y_rows != SIZE_MAX && x_rows != y_rows)
        status = ms_fail(err, MS_EFORMAT, "%s: %zu rows of targets for the %zu rows of %s",
                         f->column[0].file, y_rows, x_rows, f->column[1].file);
    f->rows = status ? 0 : x_rows;
    return status;
}
