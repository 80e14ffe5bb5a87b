// SPDX-License-Identifier: MIT
//
// Inside contract of frames*.c: three frames, and the steps from them to raw rows. Each step
// leaves in info what it decided.
#ifndef MLPSWEEP_FRAMES_H
#define MLPSWEEP_FRAMES_H

#include "readers.h"

#define MS_MAX_LEVELS 10000 // different texts in one categorical column

struct ms_frames {
    const struct ms_data_spec *spec;
    const struct ms_task_hint *hint;
    struct ms_data_info *info;
    // Not NULL: rows that come after training. part[0] is the training frame without its rows,
    // the rows are those of part[MS_PART_TEST].
    const struct ms_data_info *was;
    bool as_trained;                // was: as struct ms_later_request has it
    struct ms_frame part[MS_PARTS]; // without columns: there is no such part
    size_t
        *place[MS_PARTS]; // (columns of the training frame): the part's column, see ms_frame_match
};

// Reads all parts, and makes raw rows of them. hint, info: not NULL.
int ms_frames_load(ms_frame_reader *read, const struct ms_data_spec *spec,
                   const struct ms_task_hint *hint, const char *sweep_dir, struct ms_raw *out,
                   struct ms_data_info *info, struct ms_error *err) MS_MUST_CHECK;

// The same for rows that come after training: f->spec, was and info are given; leaves *no_target as
// struct ms_later has it.
struct ms_later_request;
int ms_frames_later(ms_frame_reader *read, const struct ms_later_request *q, struct ms_frames *f,
                    struct ms_raw *out, char no_target[400], struct ms_error *err) MS_MUST_CHECK;

// The part's column that goes with a column of the training frame. Not for ignored columns.
static inline struct ms_frame_column *ms_frames_column(const struct ms_frames *f, int part,
                                                       size_t at)
{
    return &f->part[part].column[f->place[part][at]];
}

// How messages call the training file.
static inline const char *ms_frames_trained(const struct ms_frames *f)
{
    return f->was ? f->part[0].path : f->spec->path;
}

static inline size_t ms_frames_rows(const struct ms_frames *f)
{
    return f->part[0].rows + f->part[1].rows + f->part[2].rows;
}

// frames_look.c: warns of columns that look like mistakes. Rows must be whole.
int ms_frames_look(const struct ms_frames *f, struct ms_error *err) MS_MUST_CHECK;

// frames_missing.c: refuses, drops or keeps rows in which something is missing; refuses numbers
// beyond float's range.
int ms_frames_missing(struct ms_frames *f, struct ms_raw *out, struct ms_error *err) MS_MUST_CHECK;

// frames_target.c: task, classes and y.
int ms_frames_target(const struct ms_frames *f, struct ms_raw *out,
                     struct ms_error *err) MS_MUST_CHECK;

// frames_category.c: the different texts of a categorical column in the training rows, sorted;
// borrowed. *level[part][label]: the level of a label; MS_FRAME_NONE: the training rows lack it.
struct ms_levels {
    const char **text;
    size_t n;
    uint32_t *level[MS_PARTS];
};
int ms_frames_levels(const struct ms_frames *f, size_t at, struct ms_levels *out,
                     struct ms_error *err) MS_MUST_CHECK;
void ms_frames_levels_clear(struct ms_levels *l);

#endif
