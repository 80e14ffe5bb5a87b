// SPDX-License-Identifier: MIT
//
// Frames from texts in a test: "a,b,y\n1,2,no\n", an empty field being a missing value. A column is
// a number unless one of its fields is none.
#ifndef MLPSWEEP_TESTS_FRAMES_FIXTURE_H
#define MLPSWEEP_TESTS_FRAMES_FIXTURE_H

#include <math.h>
#include <string.h>

#include "check.h"
#include "coordinator/source/frames.h"

static const char *frames_text[MS_PARTS]; // NULL: no such part
static struct ms_data_info frames_info;
static struct ms_raw frames_raw;
static struct ms_task_hint frames_hint;
static struct ms_error frames_err;

// Field k of line i of a text into out; false: there is none.
static inline bool frames_field(const char *text, size_t i, size_t k, char out[64])
{
    for (; i > 0; i--) {
        text = strchr(text, '\n');
        if (!text || !*++text)
            return false;
    }
    for (; k > 0; k--) {
        text += strcspn(text, ",\n");
        if (*text++ != ',')
            return false;
    }
    snprintf(out, 64, "%.*s", (int)strcspn(text, ",\n"), text);
    return true;
}

static inline bool frames_number(const char *text, double *v)
{
    char *end;
    *v = text[0] ? strtod(text, &end) : NAN;
    return !text[0] || *end == '\0';
}

static inline bool frames_is_text(const struct ms_frame_request *q, const struct ms_frame *f,
                                  const char *text, size_t k, size_t *row)
{
    char field[64];
    double v;
    const struct ms_frame_column *c = &f->column[k];
    for (*row = 0; *row < f->rows; ++*row)
        if (frames_field(text, *row + 1, k, field) && !frames_number(field, &v))
            return true;
    *row = 0;
    for (size_t i = 0; q->training && i < q->training->n_columns; i++)
        if (strcmp(q->training->column[i].name, c->name) == 0 &&
            q->training->column[i].type == MS_FRAME_TEXT)
            return true;
    return c->role == MS_ROLE_CATEGORY;
}

static inline int frames_read(const struct ms_frame_request *q, struct ms_frame *f,
                              struct ms_error *err)
{
    static const char *const names[] = {"t.csv", "v.csv", "test.csv"};
    const char *text = frames_text[q->part];
    char field[64];
    if (!text)
        return 0;
    f->named = true;
    f->header = 1;
    snprintf(f->path, sizeof f->path, "%s", names[q->part]);
    for (size_t k = 0; frames_field(text, 0, k, field); k++) {
        char name[64];
        snprintf(name, sizeof name, "column %zu", k + 1);
        struct ms_frame_column *c = ms_frame_add(f, field[0] ? field : name, MS_FRAME_F64, 1, err);
        REQUIRE(c != NULL);
        c->nameless = !field[0];
    }
    while (frames_field(text, f->rows + 1, 0, field))
        f->rows++;
    f->line = malloc((f->rows + 1) * sizeof *f->line);
    REQUIRE(f->line != NULL);
    for (size_t i = 0; i < f->rows; i++)
        f->line[i] = (long)i + 2;
    int status = ms_frame_roles(q, f, err);
    for (size_t k = 0; k < f->n_columns && !status; k++) {
        struct ms_frame_column *c = &f->column[k];
        struct ms_frame_labels l = {0};
        if (c->type == MS_FRAME_LEFT)
            continue;
        c->type = frames_is_text(q, f, text, k, &c->text_row) ? MS_FRAME_TEXT : MS_FRAME_F64;
        c->value = malloc((f->rows + 1) * sizeof(double));
        REQUIRE(c->value != NULL);
        for (size_t i = 0; i < f->rows; i++) {
            uint32_t *label = (uint32_t *)c->value + i;
            REQUIRE(frames_field(text, i + 1, k, field));
            if (c->type == MS_FRAME_F64)
                frames_number(field, (double *)c->value + i);
            else if (!field[0])
                *label = MS_FRAME_NONE;
            else
                REQUIRE(ms_frame_label(&l, c, field, label, err) == 0);
        }
        ms_frame_labels_clear(&l);
    }
    return status;
}

static inline int frames_load(const struct ms_data_spec *spec, const char *training,
                              const char *validation, const char *test)
{
    ms_raw_clear(&frames_raw);
    ms_data_info_clear(&frames_info);
    frames_text[MS_PART_TRAINING] = training;
    frames_text[MS_PART_VALIDATION] = validation;
    frames_text[MS_PART_TEST] = test;
    return ms_frames_load(frames_read, spec, &frames_hint, ".", &frames_raw, &frames_info,
                          &frames_err);
}

static inline void frames_load_well(const struct ms_data_spec *spec, const char *training,
                                    const char *validation, const char *test)
{
    int status = frames_load(spec, training, validation, test);
    CHECK_THAT(status == 0, "refused: %s", frames_err.text);
    REQUIRE(status == 0);
}

// Loading must fail with a message that holds the words.
static inline void frames_refused(const struct ms_data_spec *spec, const char *training,
                                  const char *later, const char *words)
{
    int status = frames_load(spec, training, later, NULL);
    CHECK_THAT(status != 0, "not refused: %s", training);
    CHECK_THAT(status == 0 || strstr(frames_err.text, words), "'%s' lacks '%s'", frames_err.text,
               words);
}

static inline struct ms_data_spec frames_spec(const char *target, const char *categorical,
                                              const char *ignore)
{
    struct ms_data_spec s = {.source = MS_CSV, .path = "t.csv", .task = -1, .scaling.row = -1};
    snprintf(s.target, sizeof s.target, "%s", target);
    snprintf(s.categorical, sizeof s.categorical, "%s", categorical);
    snprintf(s.ignore, sizeof s.ignore, "%s", ignore);
    return s;
}

// The raw inputs and targets as one text: "1 2 > 0; 3 4 > 1".
static inline const char *frames_rows(void)
{
    static char out[4000];
    const struct ms_raw *r = &frames_raw;
    size_t at = 0, each = r->n_targets > 1 ? (size_t)r->n_targets : 1;
    out[0] = '\0';
    for (size_t i = 0; i < r->n_rows && at < sizeof out - 200; i++) {
        for (size_t j = 0; j < (size_t)r->n_inputs; j++) {
            size_t k = i * (size_t)r->n_inputs + j;
            double v = r->x_type == MS_RAW_F64   ? ((double *)r->x)[k]
                       : r->x_type == MS_RAW_F32 ? (double)((float *)r->x)[k]
                                                 : ((uint8_t *)r->x)[k];
            at += (size_t)snprintf(out + at, sizeof out - at, "%s%g", j ? " " : i ? "; " : "", v);
        }
        at += (size_t)snprintf(out + at, sizeof out - at, " >");
        for (size_t k = 0; k < each; k++)
            at += (size_t)snprintf(out + at, sizeof out - at, " %g", r->y[i * each + k]);
    }
    return out;
}

// "no yes": the classes in their order.
static inline const char *frames_classes(void)
{
    static char out[400];
    out[0] = '\0';
    for (size_t i = 0; i < frames_info.n_classes; i++)
        snprintf(out + strlen(out), sizeof out - strlen(out), "%s%s", i ? " " : "",
                 frames_info.class[i].label);
    return out;
}

static inline bool frames_noted(bool warning, const char *words)
{
    for (size_t i = 0; i < frames_info.n_notes; i++)
        if (frames_info.note[i].warning == warning && strstr(frames_info.note[i].text, words))
            return true;
    return false;
}

static inline int frames_done(void)
{
    ms_raw_clear(&frames_raw);
    ms_data_info_clear(&frames_info);
    return check_done();
}

#endif
