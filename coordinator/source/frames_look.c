// SPDX-License-Identifier: MIT
//
// Columns that look like mistakes: one without a name, which pandas writes for its index; one that
// counts the rows; one that is the target; one that is always the same. A network would learn from
// the first three what it cannot know later, and from the last nothing. Columns of arrays are not
// looked at: pixels may well be constant.
#include <stdio.h>
#include <string.h>

#include "frames.h"

enum { FEW_ROWS = 3, SHOWN = 8 };

static bool counts_rows(const struct ms_frame *f, const struct ms_frame_column *c)
{
    const double *v = c->value;
    if (c->type != MS_FRAME_F64 || f->rows < FEW_ROWS || (v[0] != 0 && v[0] != 1))
        return false;
    for (size_t i = 1; i < f->rows; i++)
        if (v[i] != v[0] + (double)i)
            return false;
    return true;
}

static bool is_constant(const struct ms_frame *f, const struct ms_frame_column *c)
{
    if (f->rows < 2)
        return false;
    size_t each = c->type == MS_FRAME_F64 ? sizeof(double) : c->type == MS_FRAME_U8 ? 1 : 4;
    const char *v = c->value;
    for (size_t i = 1; i < f->rows; i++)
        if (memcmp(v, v + i * each, each) != 0)
            return false;
    return true;
}

static bool same_row(const struct ms_frame_column *a, const struct ms_frame_column *b, size_t i)
{
    if (a->type == MS_FRAME_F64)
        return ((const double *)a->value)[i] == ((const double *)b->value)[i];
    if (a->type == MS_FRAME_U8)
        return ((const uint8_t *)a->value)[i] == ((const uint8_t *)b->value)[i];
    uint32_t x = ((const uint32_t *)a->value)[i], y = ((const uint32_t *)b->value)[i];
    return x != MS_FRAME_NONE && y != MS_FRAME_NONE && strcmp(a->label[x], b->label[y]) == 0;
}

static bool is_target(const struct ms_frame *f, const struct ms_frame_column *c)
{
    for (size_t k = 0; k < f->n_columns; k++) {
        const struct ms_frame_column *t = &f->column[k];
        if (t->role != MS_ROLE_TARGET || t->type != c->type || is_constant(f, t))
            continue;
        size_t i = 0;
        while (i < f->rows && same_row(c, t, i))
            i++;
        if (i == f->rows && f->rows >= FEW_ROWS)
            return true;
    }
    return false;
}

static bool is_nameless(const struct ms_frame *f, const struct ms_frame_column *c)
{
    (void)f;
    return c->nameless;
}

static const struct look {
    bool (*is)(const struct ms_frame *f, const struct ms_frame_column *c);
    const char *one, *many; // what is said of one column, and of several
} looks[] = {
    {is_nameless, "has no name in the header and is an input (pandas writes its index so)",
     "have no names in the header and are inputs"},
    {counts_rows, "is an input and counts the rows", "are inputs and count the rows"},
    {is_target, "is an input and equals the target", "are inputs and equal the target"},
    {is_constant, "has the same value in every row", "have the same value in every row"},
};

// "'a', 'b'", or with double quotes.
static void append(char *list, size_t size, const char *quote, const char *name, size_t n)
{
    size_t used = strlen(list);
    if (n <= SHOWN && used < size)
        snprintf(list + used, size - used, "%s%s%.40s%s", n > 1 ? ", " : "", quote, name, quote);
    else if (n == SHOWN + 1 && used < size)
        snprintf(list + used, size - used, ", …");
}

static int look(const struct ms_frames *f, const struct look *l, struct ms_error *err)
{
    const struct ms_frame *t = &f->part[MS_PART_TRAINING];
    char names[400] = "", field[400] = "";
    size_t n = 0;
    for (size_t k = 0; k < t->n_columns; k++) {
        const struct ms_frame_column *c = &t->column[k];
        bool input = c->role == MS_ROLE_INPUT || c->role == MS_ROLE_CATEGORY;
        if (!input || c->width != 1 || !c->name || !l->is(t, c))
            continue;
        n++;
        append(names, sizeof names, "'", c->name, n);
        append(field, sizeof field, "\"", c->name, n);
    }
    if (n == 0)
        return 0;
    return ms_data_info_note(f->info, true, err, "column%s %s %s; \"ignore\": %s%s%s leaves %s out",
                             n > 1 ? "s" : "", names, n > 1 ? l->many : l->one, n > 1 ? "[" : "",
                             field, n > 1 ? "]" : "", n > 1 ? "them" : "it");
}

int ms_frames_look(const struct ms_frames *f, struct ms_error *err)
{
    int status = 0;
    for (size_t i = 0; f->part[0].named && i < sizeof looks / sizeof *looks && !status; i++)
        status = look(f, &looks[i], err);
    return status;
}
