// SPDX-License-Identifier: MIT
//
// Frames of CSV texts in a test.
#ifndef MLPSWEEP_TESTS_CSV_FIXTURE_H
#define MLPSWEEP_TESTS_CSV_FIXTURE_H

#include "source_helpers.h"

#include "coordinator/source/readers.h"

static struct ms_frame csv_frame, csv_later; // of the training file, of a validation file
static struct ms_data_info csv_info;
static struct ms_error csv_err;

static inline struct ms_data_spec csv_spec(const char *target)
{
    struct ms_data_spec s = spec_of(MS_CSV, "t.csv");
    snprintf(s.target, sizeof s.target, "%s", target);
    snprintf(s.val_path, sizeof s.val_path, "v.csv");
    return s;
}

// Reads the text as a training file. Returns the status.
static inline int csv_read(const struct ms_data_spec *spec, const char *text)
{
    ms_frame_clear(&csv_frame);
    ms_frame_clear(&csv_later);
    ms_data_info_clear(&csv_info);
    tmp_write("t.csv", text, strlen(text));
    struct ms_frame_request q = {.spec = spec, .sweep_dir = tmp_dir, .info = &csv_info};
    return ms_read_csv(&q, &csv_frame, &csv_err);
}

// Reads the text as a validation file beside it.
static inline int csv_read_later(const struct ms_data_spec *spec, const char *text)
{
    ms_frame_clear(&csv_later);
    tmp_write("v.csv", text, strlen(text));
    struct ms_frame_request q = {.spec = spec,
                                 .sweep_dir = tmp_dir,
                                 .part = MS_PART_VALIDATION,
                                 .training = &csv_frame,
                                 .info = &csv_info};
    return ms_read_csv(&q, &csv_later, &csv_err);
}

// A frame as "name:kind 1 2.5 -|": a column's values, '-' where they are missing, and '|'. The kind
// of texts is "text", of numbers without a kind "".
static inline const char *csv_text(const struct ms_frame *f)
{
    static char out[4096];
    size_t n = 0;
    out[0] = '\0';
    for (size_t k = 0; k < f->n_columns; k++) {
        const struct ms_frame_column *c = &f->column[k];
        bool text = c->type == MS_FRAME_TEXT;
        n += (size_t)snprintf(out + n, sizeof out - n, "%s:%s", c->name,
                              c->type == MS_FRAME_LEFT ? "left"
                              : text                   ? "text"
                              : c->kind                ? c->kind
                                                       : "");
        for (size_t i = 0; c->value && i < f->rows; i++) {
            uint32_t label = text ? ((uint32_t *)c->value)[i] : 0;
            double v = text ? 0 : ((double *)c->value)[i];
            if (text ? label == MS_FRAME_NONE : isnan(v))
                n += (size_t)snprintf(out + n, sizeof out - n, " -");
            else if (text)
                n += (size_t)snprintf(out + n, sizeof out - n, " %s", c->label[label]);
            else
                n += (size_t)snprintf(out + n, sizeof out - n, " %.17g", v);
        }
        n += (size_t)snprintf(out + n, sizeof out - n, "|");
    }
    return out;
}

static inline void csv_reads(const struct ms_data_spec *spec, const char *text, const char *wanted)
{
    int status = csv_read(spec, text);
    CHECK_THAT(status == 0, "refused: %s", csv_err.text);
    if (status == 0)
        CHECK_STR(csv_text(&csv_frame), wanted);
}

static inline void csv_refuses(const struct ms_data_spec *spec, const char *text,
                               const char *message)
{
    int status = csv_read(spec, text);
    CHECK_THAT(status < 0, "read: %s", csv_text(&csv_frame));
    CHECK_THAT(status == 0 || strstr(csv_err.text, message), "'%s' lacks '%s'", csv_err.text,
               message);
}

// The notes, each with a '|' after it.
static inline const char *csv_notes(void)
{
    static char out[4096];
    size_t n = 0;
    out[0] = '\0';
    for (size_t i = 0; i < csv_info.n_notes; i++)
        n += (size_t)snprintf(out + n, sizeof out - n, "%s%s|",
                              csv_info.note[i].warning ? "! " : "", csv_info.note[i].text);
    return out;
}

static inline void csv_end(void)
{
    ms_frame_clear(&csv_frame);
    ms_frame_clear(&csv_later);
    ms_data_info_clear(&csv_info);
    tmp_remove();
}

#endif
