// SPDX-License-Identifier: MIT
//
// Roles of a table's columns, by name. The training file's header must have every name of the
// sweep file, once; a later file's header must have every column that the training file uses, in
// any order.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/data/raw.h"
#include "file.h"
#include "frame.h"
#include "mlpsweep/memory.h"
#include "mlpsweep/table.h"

// "houses.csv:1", the place of the header.
static const char *header_of(const struct ms_frame *f, char out[5000])
{
    if (f->header)
        snprintf(out, 5000, "%s:%ld", f->path, f->header);
    else
        snprintf(out, 5000, "%s", f->path);
    return out;
}

// The first column of a name, from column `from` on; SIZE_MAX: none.
static size_t find(const struct ms_frame *f, const char *name, size_t from)
{
    for (size_t i = from; i < f->n_columns; i++)
        if (f->column[i].name && strcmp(f->column[i].name, name) == 0)
            return i;
    return SIZE_MAX;
}

static int no_column(const struct ms_frame *f, const char *name, const char *why, int code,
                     struct ms_error *err)
{
    char header[5000];
    const char **names = calloc(f->n_columns + 1, sizeof *names);
    if (!names)
        return ms_no_memory(err, "the header of %s", f->path);
    int n = 0;
    for (size_t i = 0; i < f->n_columns; i++)
        if (f->column[i].name)
            names[n++] = f->column[i].name;
    const char *near = ms_nearest(name, names, n);
    free(names);
    return ms_fail(err, code, "%s: there is no column '%.200s'%s%s%.200s%s", header_of(f, header),
                   name, why, near ? ", did you mean '" : "", near ? near : "", near ? "'?" : "");
}

// Gives the columns of a list ("a\nb") their role. Returns how many there are; < 0: failed.
static int take_role(struct ms_frame *f, const char *list, enum ms_data_role role,
                     struct ms_error *err)
{
    char names[MS_NAMES], *next = names, header[5000];
    int n = 0;
    snprintf(names, sizeof names, "%s", list);
    while (next && *next) {
        const char *name = strsep(&next, "\n");
        size_t at = find(f, name, 0);
        if (at == SIZE_MAX)
            return no_column(f, name, "", MS_EINVAL, err);
        if (find(f, name, at + 1) != SIZE_MAX)
            return ms_fail(err, MS_EFORMAT, "%s: two columns are called '%.200s'",
                           header_of(f, header), name);
        struct ms_frame_column *c = &f->column[at];
        if (c->role != MS_ROLE_INPUT)
            return ms_fail(err, MS_EINVAL,
                           "%s: column '%.200s' is named twice; a column is a target, "
                           "categorical or ignored",
                           header_of(f, header), name);
        c->role = role;
        c->target = n++;
        if (role == MS_ROLE_IGNORED)
            c->type = MS_FRAME_LEFT;
    }
    return n;
}

static int training_roles(const struct ms_data_spec *spec, struct ms_frame *f, struct ms_error *err)
{
    char header[5000];
    int targets = take_role(f, spec->target, MS_ROLE_TARGET, err);
    int ignored = targets < 0 ? targets : take_role(f, spec->ignore, MS_ROLE_IGNORED, err);
    int status = ignored < 0 ? ignored : take_role(f, spec->categorical, MS_ROLE_CATEGORY, err);
    if (status < 0)
        return status;
    if (targets < 1 || targets > MS_MAX_CLASSES)
        return ms_fail(err, MS_EINVAL, "%s: %d targets; 1 to %d are possible", header_of(f, header),
                       targets, MS_MAX_CLASSES);
    if (f->n_columns == (size_t)targets + (size_t)ignored)
        return ms_fail(err, MS_EFORMAT, "%s: no column besides the target '%.200s'%s",
                       header_of(f, header), spec->target, ignored ? " and the ignored ones" : "");
    return 0;
}

// ---- later parts -------------------------------------------------------------------------------

struct named {
    const char *name;
    size_t at;
};

static int by_name(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order ? order : (x->at > y->at) - (x->at < y->at);
}

static struct named *sorted(const struct ms_frame *f)
{
    struct named *n = malloc((f->n_columns + 1) * sizeof *n);
    for (size_t i = 0; n && i < f->n_columns; i++)
        n[i] = (struct named){f->column[i].name ? f->column[i].name : "", i};
    if (n)
        qsort(n, f->n_columns, sizeof *n, by_name);
    return n;
}

int ms_frame_match(const struct ms_frame *training, const struct ms_frame *f, size_t *place,
                   struct ms_error *err)
{
    for (size_t i = 0; i < training->n_columns; i++)
        place[i] = i < f->n_columns && !training->named ? i : SIZE_MAX;
    if (!training->named)
        return 0;
    struct named *a = sorted(training), *b = sorted(f);
    int status = a && b ? 0 : ms_no_memory(err, "the header of %s", f->path);
    for (size_t i = 0, j = 0; !status && i < training->n_columns && j < f->n_columns;) {
        int order = strcmp(a[i].name, b[j].name);
        if (order == 0)
            place[a[i].at] = b[j].at;
        i += order <= 0;
        j += order >= 0;
    }
    free(a);
    free(b);
    return status;
}

// "'a', 'b', …" of the columns that the training file lacks; empty: none.
static void list_others(const struct ms_frame *f, char out[300])
{
    size_t used = 0, n = 0;
    out[0] = '\0';
    for (size_t i = 0; i < f->n_columns; i++) {
        const struct ms_frame_column *c = &f->column[i];
        if (c->target >= 0)
            continue;
        const char *name = c->name ? c->name : "";
        if (n++ > 0 && (used > 200 || strlen(name) > 60)) {
            snprintf(out + used, 300 - used, ", …");
            return;
        }
        used += (size_t)snprintf(out + used, 300 - used, "%s'%.60s'", used ? ", " : "", name);
    }
}

static int take_roles_of(const struct ms_frame_request *q, const size_t *place, struct ms_frame *f,
                         struct ms_error *err)
{
    const struct ms_frame *training = q->training;
    char why[300];
    for (size_t i = 0; i < f->n_columns; i++)
        f->column[i].target = -1; // not matched yet
    for (size_t i = 0; i < training->n_columns; i++) {
        const struct ms_frame_column *from = &training->column[i];
        if (place[i] != SIZE_MAX) {
            f->column[place[i]].role = from->role;
            f->column[place[i]].target = from->target;
        } else if (from->role != MS_ROLE_IGNORED &&
                   !(from->role == MS_ROLE_TARGET && q->targets_optional)) {
            snprintf(why, sizeof why, ", which %.200s has", ms_file_base(training->path));
            return no_column(f, from->name ? from->name : "", why, MS_EFORMAT, err);
        }
    }
    return 0;
}

static int later_roles(const struct ms_frame_request *q, struct ms_frame *f, struct ms_error *err)
{
    char others[300];
    size_t *place = malloc((q->training->n_columns + 1) * sizeof *place);
    int status = place ? ms_frame_match(q->training, f, place, err)
                       : ms_no_memory(err, "the header of %s", f->path);
    if (!status)
        status = take_roles_of(q, place, f, err);
    free(place);
    if (status)
        return status;
    list_others(f, others);
    for (size_t i = 0; i < f->n_columns; i++) {
        struct ms_frame_column *c = &f->column[i];
        if (c->target < 0) {
            c->role = MS_ROLE_IGNORED;
            c->target = 0;
        }
        if (c->role == MS_ROLE_IGNORED)
            c->type = MS_FRAME_LEFT;
    }
    if (!others[0])
        return 0;
    return ms_data_info_note(q->info, false, err,
                             "%.100s has columns that %.100s lacks, ignored: %s",
                             ms_file_base(f->path), ms_file_base(q->training->path), others);
}

int ms_frame_roles(const struct ms_frame_request *q, struct ms_frame *f, struct ms_error *err)
{
    for (size_t i = 0; i < f->n_columns; i++)
        f->column[i].role = MS_ROLE_INPUT;
    return q->training ? later_roles(q, f, err) : training_roles(q->spec, f, err);
}
