// SPDX-License-Identifier: MIT
//
// Rows that come after training: which reader has them, and which of them cannot be answered.
#include "later.h"

#include <math.h>
#include <stdlib.h>

#include "frames.h"
#include "mlpsweep/memory.h"
#include "mlpsweep/utf8.h"
#include "source.h"

void ms_later_clear(struct ms_later *l)
{
    ms_raw_clear(&l->raw);
    free(l->hole);
    *l = (struct ms_later){0};
}

static bool has_hole(const struct ms_raw *raw, size_t i, double *row)
{
    ms_raw_inputs(raw, i, row);
    for (int j = 0; j < raw->n_inputs; j++)
        if (isnan(row[j]))
            return true;
    return false;
}

// Only where training left such rows out; else means are there to fill them.
static int find_holes(const struct ms_later_request *q, struct ms_later *out, struct ms_error *err)
{
    const struct ms_raw *raw = &out->raw;
    if (q->as_trained || q->spec->missing == MS_MISSING_MEAN || raw->x_type == MS_RAW_U8)
        return 0;
    double *row = malloc((size_t)raw->n_inputs * sizeof *row);
    out->hole = calloc((size_t)raw->n_rows + 1, 1);
    if (!row || !out->hole) {
        free(row);
        return ms_no_memory(err, "%u rows", raw->n_rows);
    }
    bool any = false;
    for (size_t i = 0; i < raw->n_rows; i++)
        any = (out->hole[i] = has_hole(raw, i, row)) || any;
    free(row);
    if (!any) {
        free(out->hole);
        out->hole = NULL;
    }
    return 0;
}

static int read_frames(const struct ms_later_request *q, struct ms_later *out,
                       struct ms_data_info *info, struct ms_error *err)
{
    struct ms_frames *f = calloc(1, sizeof *f); // frames hold paths
    if (!f)
        return ms_no_memory(err, "the reader of %s", q->spec->path);
    f->spec = q->spec;
    f->info = info;
    f->was = q->was;
    f->as_trained = q->as_trained;
    int status =
        ms_frames_later(ms_source_reader(q->spec->source), q, f, &out->raw, out->no_target, err);
    for (int p = 0; p < MS_PARTS; p++) {
        ms_frame_clear(&f->part[p]);
        free(f->place[p]);
    }
    free(f);
    return status;
}

int ms_later_read(const struct ms_later_request *q, struct ms_later *out, struct ms_data_info *info,
                  struct ms_error *err)
{
    *out = (struct ms_later){0};
    int status = q->spec->source == MS_SYNTHETIC
                     ? ms_dataset_synthetic(q->spec, q->seed, &out->raw, err)
                     : read_frames(q, out, info, err);
    if (!status && q->as_trained && out->no_target[0])
        status = ms_fail(err, MS_EFORMAT, "%s", out->no_target);
    if (!status)
        status = find_holes(q, out, err);
    if (status && err) // fields of files may hold anything; a message is one line
        ms_printable(err->text, ' ', "");
    if (status)
        ms_later_clear(out);
    else
        ms_printable(out->no_target, ' ', "");
    return status;
}
