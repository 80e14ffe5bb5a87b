// SPDX-License-Identifier: MIT
//
// Frames: columns, their labels, and where a value stands. Labels are interned by a hash table with
// open addressing, at most half full.
#include "frame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"

struct ms_frame_column *ms_frame_add(struct ms_frame *f, const char *name, enum ms_frame_type type,
                                     size_t width, struct ms_error *err)
{
    if (ms_grow(&f->column, &f->column_room, f->n_columns + 1, sizeof *f->column, "the columns",
                err))
        return NULL;
    char *copy = name ? strdup(name) : NULL;
    if (name && !copy) {
        ms_no_memory(err, "the columns' names");
        return NULL;
    }
    struct ms_frame_column *c = &f->column[f->n_columns++];
    *c = (struct ms_frame_column){.name = copy, .type = type, .width = width};
    return c;
}

static void column_clear(struct ms_frame_column *c)
{
    for (size_t k = 0; k < c->n_labels; k++)
        free(c->label[k]);
    free(c->label);
    free(c->value);
    free(c->name);
    free(c->file);
}

void ms_frame_drop_last(struct ms_frame *f)
{
    column_clear(&f->column[--f->n_columns]);
}

void ms_frame_clear(struct ms_frame *f)
{
    for (size_t i = 0; i < f->n_columns; i++)
        column_clear(&f->column[i]);
    free(f->column);
    free(f->line);
    *f = (struct ms_frame){0};
}

// ---- labels ------------------------------------------------------------------------------------

// FNV-1a, 64 bits (Fowler, Noll, Vo).
static uint64_t hash_of(const char *text)
{
    uint64_t h = 14695981039346656037u;
    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * 1099511628211u;
    return h;
}

// The slot of a text: where its number is, or belongs.
static size_t slot_of(const struct ms_frame_labels *l, char *const *label, const char *text)
{
    size_t at = hash_of(text) % l->n_slots;
    while (l->slot[at] != MS_FRAME_NONE && strcmp(label[l->slot[at]], text) != 0)
        at = (at + 1) % l->n_slots;
    return at;
}

static int widen(struct ms_frame_labels *l, const struct ms_frame_column *c, struct ms_error *err)
{
    struct ms_frame_labels wide = {.n_slots = l->n_slots ? 2 * l->n_slots : 64};
    wide.slot = malloc(wide.n_slots * sizeof *wide.slot);
    if (!wide.slot)
        return ms_no_memory(err, "%zu different texts", c->n_labels);
    memset(wide.slot, 0xff, wide.n_slots * sizeof *wide.slot);
    for (size_t k = 0; k < c->n_labels; k++)
        wide.slot[slot_of(&wide, c->label, c->label[k])] = (uint32_t)k;
    free(l->slot);
    l->slot = wide.slot;
    l->n_slots = wide.n_slots;
    return 0;
}

int ms_frame_label(struct ms_frame_labels *l, struct ms_frame_column *c, const char *text,
                   uint32_t *number, struct ms_error *err)
{
    int status = 2 * (c->n_labels + 1) > l->n_slots ? widen(l, c, err) : 0;
    if (status)
        return status;
    size_t at = slot_of(l, c->label, text);
    if (l->slot[at] == MS_FRAME_NONE) {
        status = ms_grow(&c->label, &l->label_room, c->n_labels + 1, sizeof *c->label, "the labels",
                         err);
        if (status)
            return status;
        char *copy = strdup(text);
        if (!copy)
            return ms_no_memory(err, "%zu different texts", c->n_labels);
        c->label[c->n_labels] = copy;
        l->slot[at] = (uint32_t)c->n_labels++;
    }
    *number = l->slot[at];
    return 0;
}

void ms_frame_labels_clear(struct ms_frame_labels *l)
{
    free(l->slot);
    *l = (struct ms_frame_labels){0};
}

// ---- places ------------------------------------------------------------------------------------

const char *ms_frame_where(const struct ms_frame *f, size_t row, size_t column, size_t number,
                           char *out, size_t size)
{
    const struct ms_frame_column *c = &f->column[column];
    const char *file = c->file ? c->file : f->path;
    if (f->line && !c->name)
        snprintf(out, size, c->role == MS_ROLE_TARGET ? "%s:%ld: the label" : "%s:%ld: index %zu",
                 file, f->line[row], number + f->first_index);
    else if (f->line)
        snprintf(out, size, "%s:%ld: column %zu (%s)", file, f->line[row], column + 1,
                 c->name ? c->name : "");
    else if (c->width > 1)
        snprintf(out, size, "%s: row %zu, number %zu", file, row, number);
    else
        snprintf(out, size, "%s: row %zu%s%s", file, row, c->name ? ", column " : "",
                 c->name ? c->name : "");
    return out;
}
