// SPDX-License-Identifier: MIT
//
// What was understood of a data set: growing lists, and the line that people read.
#include "mlpsweep/data_info.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"
#include "mlpsweep/words.h"

enum { NOTE_SIZE = 501, FEW_CLASSES = 6 };

const char *const ms_data_role_names[MS_DATA_ROLES] = {[MS_ROLE_INPUT] = "input",
                                                       [MS_ROLE_CATEGORY] = "category",
                                                       [MS_ROLE_TARGET] = "target",
                                                       [MS_ROLE_IGNORED] = "ignored"};

const char *ms_data_kind(const char *name)
{
    static const char *const kinds[] = {"number",   "boolean", "date", "time",
                                        "category", "class",   "byte"};
    for (size_t i = 0; name && i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i], name) == 0)
            return kinds[i];
    return "";
}

static void column_clear(struct ms_data_column *c)
{
    for (size_t k = 0; k < c->n_levels; k++)
        free(c->level[k]);
    free(c->level);
    free(c->name);
}

static void scale_clear(struct ms_data_scaling *s)
{
    free(s->input);
    free(s->base);
    free(s->target);
}

void ms_data_info_clear(struct ms_data_info *i)
{
    for (size_t k = 0; k < i->n_columns; k++)
        column_clear(&i->column[k]);
    for (size_t k = 0; k < i->n_scales; k++)
        scale_clear(&i->scale[k]);
    free(i->scale);
    for (size_t k = 0; k < i->n_classes; k++)
        free(i->class[k].label);
    for (size_t k = 0; k < i->n_notes; k++)
        free(i->note[k].text);
    for (size_t k = 0; k < i->n_files; k++)
        free(i->file[k].path);
    free(i->column);
    free(i->class);
    free(i->note);
    free(i->file);
    *i = (struct ms_data_info){0};
}

int ms_data_info_note(struct ms_data_info *i, bool warning, struct ms_error *err,
                      const char *format, ...)
{
    char text[NOTE_SIZE];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    for (size_t k = 0; k < i->n_notes; k++)
        if (strcmp(i->note[k].text, text) == 0)
            return 0;
    int status =
        ms_grow(&i->note, &i->note_room, i->n_notes + 1, sizeof *i->note, "the data's notes", err);
    if (status)
        return status;
    char *copy = strdup(text);
    if (!copy)
        return ms_no_memory(err, "the data's notes");
    i->note[i->n_notes++] = (struct ms_data_note){warning, copy};
    return 0;
}

// A copy of a name; NULL stays NULL.
static int copy_name(char **to, const char *from, struct ms_error *err)
{
    *to = from ? strdup(from) : NULL;
    return from && !*to ? ms_no_memory(err, "the data's names") : 0;
}

int ms_data_info_column(struct ms_data_info *i, const struct ms_data_column *c,
                        struct ms_error *err)
{
    int status = ms_grow(&i->column, &i->column_room, i->n_columns + 1, sizeof *i->column,
                         "the data's columns", err);
    if (status)
        return status;
    struct ms_data_column *to = &i->column[i->n_columns];
    *to = *c;
    to->level = NULL;
    to->n_levels = to->level_room = 0;
    status = copy_name(&to->name, c->name, err);
    i->n_columns += status == 0;
    return status;
}

int ms_data_info_level(struct ms_data_info *i, size_t column, const char *text,
                       struct ms_error *err)
{
    struct ms_data_column *c = &i->column[column];
    int status =
        ms_grow(&c->level, &c->level_room, c->n_levels + 1, sizeof *c->level, "categories", err);
    if (status)
        return status;
    status = copy_name(&c->level[c->n_levels], text, err);
    c->n_levels += status == 0;
    return status;
}

int ms_data_info_scale(struct ms_data_info *i, bool targets, struct ms_data_scaling **out,
                       struct ms_error *err)
{
    int status = ms_grow(&i->scale, &i->scale_room, i->n_scales + 1, sizeof *i->scale,
                         "the data's scaling", err);
    if (status)
        return status;
    struct ms_data_scaling *s = &i->scale[i->n_scales];
    *s = (struct ms_data_scaling){
        .input = calloc((size_t)i->n_inputs, sizeof *s->input),
        .base = calloc((size_t)i->n_inputs, sizeof *s->base),
        .target = targets ? calloc((size_t)i->n_outputs, sizeof *s->target) : NULL,
    };
    if (!s->input || !s->base || (targets && !s->target)) {
        scale_clear(s);
        return ms_no_memory(err, "the scaling of %d inputs", i->n_inputs);
    }
    i->n_scales++;
    *out = s;
    return 0;
}

const struct ms_data_scaling *ms_data_info_scaling(const struct ms_data_info *i, uint32_t execution)
{
    return i->n_scales == 0 ? NULL : &i->scale[execution % i->n_scales];
}

int ms_data_info_class(struct ms_data_info *i, const struct ms_data_class *c, struct ms_error *err)
{
    int status = ms_grow(&i->class, &i->class_room, i->n_classes + 1, sizeof *i->class,
                         "the data's classes", err);
    if (status)
        return status;
    struct ms_data_class *to = &i->class[i->n_classes];
    *to = *c;
    status = copy_name(&to->label, c->label, err);
    i->n_classes += status == 0;
    return status;
}

int ms_data_info_file(struct ms_data_info *i, const struct ms_data_file *f, struct ms_error *err)
{
    int status =
        ms_grow(&i->file, &i->file_room, i->n_files + 1, sizeof *i->file, "the data's files", err);
    if (status)
        return status;
    struct ms_data_file *to = &i->file[i->n_files];
    *to = *f;
    status = copy_name(&to->path, f->path, err);
    i->n_files += status == 0;
    return status;
}

// ---- the line ----------------------------------------------------------------------------------

static const char *count_of(uint64_t n, char out[32])
{
    return ms_words_count((int64_t)n, out, 32);
}

static void add_task(const struct ms_data_info *i, char *out, size_t size)
{
    char n[32];
    ms_words_append(out, size, ", %s%s%s", i->task, i->target[0] ? " on " : "", i->target);
    if (i->n_classes > FEW_CLASSES) {
        ms_words_append(out, size, ", %zu classes %s … %s", i->n_classes, i->class[0].label,
                        i->class[i->n_classes - 1].label);
        return;
    }
    for (size_t k = 0; k < i->n_classes; k++) {
        const struct ms_data_class *c = &i->class[k];
        bool positive = i->n_classes == 2 && k == 1;
        ms_words_append(out, size, "%s%s (%s%s)", k ? ", " : ": ", c->label,
                        positive ? "positive, " : "",
                        count_of(c->n_train + c->n_val + c->n_test, n));
    }
}

static void add_parts(const struct ms_data_info *i, char *out, size_t size)
{
    char n[32];
    ms_words_append(out, size, "; %s train", count_of(i->n_train, n));
    if (i->n_folds)
        ms_words_append(out, size, " in %d folds", i->n_folds);
    if (i->n_val)
        ms_words_append(out, size, ", %s validation", count_of(i->n_val, n));
    if (i->n_test)
        ms_words_append(out, size, ", %s test", count_of(i->n_test, n));
    if (i->split[0])
        ms_words_append(out, size, " (%s)", i->split);
    if (i->n_dropped)
        ms_words_append(out, size, "; %s row%s left out for missing values",
                        count_of(i->n_dropped, n), i->n_dropped == 1 ? "" : "s");
}

const char *ms_data_info_line(const struct ms_data_info *i, char *out, size_t size)
{
    char n[32];
    out[0] = '\0';
    ms_words_append(out, size, "%s, %s row%s x ", i->name, count_of(i->n_rows, n),
                    i->n_rows == 1 ? "" : "s");
    ms_words_append(out, size, "%s input%s", count_of((uint64_t)i->n_inputs, n),
                    i->n_inputs == 1 ? "" : "s");
    add_task(i, out, size);
    add_parts(i, out, size);
    ms_words_append(out, size, "; scaling %s", i->scaling);
    if (i->target_scaling[0] && strcmp(i->target_scaling, "none") != 0)
        ms_words_append(out, size, "; target scaling %s", i->target_scaling);
    return out;
}
