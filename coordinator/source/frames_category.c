// SPDX-License-Identifier: MIT
//
// Categorical columns. Levels are texts, compared byte by byte, sorted. They are those of the
// training file's rows, before it is split, because a network's inputs must be the same for every
// split and fold. A level that only a later file has is refused, as the network could know nothing
// about it, or has no column that is 1 (data.unseen).
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "frames.h"
#include "mlpsweep/compare.h"
#include "mlpsweep/memory.h"

static int check_count(const struct ms_frames *f, size_t at, const struct ms_frame_column *c,
                       struct ms_error *err)
{
    char where[6000];
    const uint32_t *value = c->value;
    for (size_t i = 0; i < f->part[0].rows; i++)
        if (value[i] != MS_FRAME_NONE && value[i] >= MS_MAX_LEVELS)
            return ms_fail(err, MS_ELIMIT, "%s: more than %d different categories",
                           ms_frame_where(&f->part[0], i, at, 0, where, sizeof where),
                           MS_MAX_LEVELS);
    return 0;
}

// The texts of the rows that are left, sorted.
static int training_texts(const struct ms_frames *f, size_t at, struct ms_levels *out,
                          struct ms_error *err)
{
    const struct ms_frame_column *c = &f->part[0].column[at];
    const uint32_t *value = c->value;
    char *used = calloc(c->n_labels + 1, 1);
    out->text = malloc((c->n_labels + 1) * sizeof *out->text);
    if (!used || !out->text) {
        free(used);
        return ms_no_memory(err, "the categories of %s", f->part[0].path);
    }
    for (size_t i = 0; i < f->part[0].rows; i++)
        if (value[i] != MS_FRAME_NONE)
            used[value[i]] = 1;
    if (f->was) // all are of training rows
        memset(used, 1, c->n_labels);
    for (size_t k = 0; k < c->n_labels; k++)
        if (used[k])
            out->text[out->n++] = c->label[k];
    free(used);
    qsort(out->text, out->n, sizeof *out->text, ms_compare_text);
    return 0;
}

static int match_labels(const struct ms_frame_column *c, struct ms_levels *out, uint32_t **level,
                        struct ms_error *err)
{
    *level = malloc((c->n_labels + 1) * sizeof **level);
    if (!*level)
        return ms_no_memory(err, "the categories of column '%s'", c->name);
    for (size_t k = 0; k < c->n_labels; k++) {
        const char *const *hit =
            bsearch(&c->label[k], out->text, out->n, sizeof *out->text, ms_compare_text);
        (*level)[k] = hit ? (uint32_t)(hit - out->text) : MS_FRAME_NONE;
    }
    return 0;
}

// Rows of a later part whose category is new: refused, or counted in a note.
static int unseen(const struct ms_frames *f, int part, size_t at, const uint32_t *level,
                  struct ms_error *err)
{
    char where[6000];
    const struct ms_frame *p = &f->part[part];
    const struct ms_frame_column *c = ms_frames_column(f, part, at);
    const uint32_t *value = c->value;
    size_t n = 0;
    for (size_t i = 0; i < p->rows; i++) {
        if (value[i] == MS_FRAME_NONE || level[value[i]] != MS_FRAME_NONE)
            continue;
        if (f->spec->unseen == MS_UNSEEN_REFUSE)
            return ms_fail(
                err, MS_EFORMAT,
                "%s: no row of %s has the category '%.60s'; %s takes it for none of them",
                ms_frame_where(p, i, f->place[part][at], 0, where, sizeof where),
                ms_frames_trained(f), c->label[value[i]],
                f->was ? "--unseen ignore" : "\"unseen\": \"ignore\"");
        n++;
    }
    return n == 0 ? 0
                  : ms_data_info_note(f->info, false, err,
                                      "%.150s: %zu row%s of column '%.60s' have a category that no "
                                      "training row has, and are 0 in all its columns",
                                      ms_file_base(p->path), n, n == 1 ? "" : "s", c->name);
}

int ms_frames_levels(const struct ms_frames *f, size_t at, struct ms_levels *out,
                     struct ms_error *err)
{
    *out = (struct ms_levels){0};
    int status = check_count(f, at, &f->part[0].column[at], err);
    if (!status)
        status = training_texts(f, at, out, err);
    for (int p = 0; p < MS_PARTS && !status; p++) {
        if (f->part[p].n_columns == 0)
            continue;
        status = match_labels(ms_frames_column(f, p, at), out, &out->level[p], err);
        if (!status && p != MS_PART_TRAINING)
            status = unseen(f, p, at, out->level[p], err);
    }
    return status;
}

void ms_frames_levels_clear(struct ms_levels *l)
{
    for (int p = 0; p < MS_PARTS; p++)
        free(l->level[p]);
    free(l->text);
    *l = (struct ms_levels){0};
}
