// SPDX-License-Identifier: MIT
//
// Which rows are answered: all of a new file, or those of the sweep's own data that trained,
// validated or tested. The latter take the same way through the readers as new ones, so that
// stored metrics prove the preprocessing.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"
#include "mlpsweep/sweep.h"
#include "predict.h"

const char *const ms_predict_part_names[MS_PREDICT_TEST + 1] = {"new", "training", "validation",
                                                                "test"};

void ms_predict_rows_clear(struct ms_predict_rows *r)
{
    ms_later_clear(&r->later);
    ms_data_info_clear(&r->info);
    free(r->row);
    *r = (struct ms_predict_rows){0};
}

// ---- the specification ---------------------------------------------------------------------------

static int put(char *to, size_t size, const char *text, const char *option, struct ms_error *err)
{
    if (strlen(text) >= size)
        return ms_fail(err, MS_EINVAL, "--%s: longer than %zu bytes", option, size - 1);
    memcpy(to, text, strlen(text) + 1);
    return 0;
}

static int no_such(const char *option, const char *source, struct ms_error *err)
{
    return ms_fail(err, MS_EINVAL, "--%s: belongs to %s", option, source);
}

static int change_query(const struct ms_predict_request *q, struct ms_data_spec *s,
                        struct ms_error *err)
{
    if (s->source != MS_SQLITE && (q->table || q->query))
        return no_such(q->table ? "table" : "query", "data of the source \"sqlite\"", err);
    if (q->table && q->query)
        return ms_fail(err, MS_EINVAL, "--table and --query exclude each other");
    if (q->table || q->query)
        s->table[0] = s->query[0] = '\0';
    if (q->table)
        return put(s->table, sizeof s->table, q->table, "table", err);
    return q->query ? put(s->query, sizeof s->query, q->query, "query", err) : 0;
}

// New rows: the file in place of the training file, no other part.
static int for_new_rows(const struct ms_predict_request *q, struct ms_data_spec *s,
                        struct ms_error *err)
{
    if (!q->data)
        return ms_fail(err, MS_EINVAL,
                       "which rows? --data FILE: new ones; --part validation: those of the sweep");
    s->val_path[0] = s->val_y_path[0] = s->val_query[0] = '\0';
    s->test_path[0] = s->test_y_path[0] = s->test_query[0] = '\0';
    s->x_test_name[0] = s->y_test_name[0] = s->y_path[0] = '\0';
    s->validation = s->test = 0;
    s->folds = 0;
    if (s->source == MS_SYNTHETIC) { // points are no file; a table of them is
        s->source = MS_CSV;
        s->encoding = -1;
    }
    if (q->targets && s->source != MS_NPY)
        return no_such("targets", "data of the source \"npy\"", err);
    if (q->targets)
        return put(s->y_path, sizeof s->y_path, q->targets, "targets", err);
    return 0;
}

static bool has_file(const struct ms_data_spec *s, enum ms_predict_part part)
{
    if (part == MS_PREDICT_VALIDATION)
        return s->val_path[0] || s->val_query[0];
    return part == MS_PREDICT_TEST && s->test == 0 && s->source != MS_SYNTHETIC;
}

static int check_part(const struct ms_predict_request *q, const struct ms_model *m,
                      struct ms_error *err)
{
    const struct ms_data_info *d = &m->data;
    const bool none = (q->part == MS_PREDICT_VALIDATION && d->n_val == 0 && d->n_folds == 0) ||
                      (q->part == MS_PREDICT_TEST && d->n_test == 0);
    return none ? ms_fail(err, MS_EINVAL, "--part %s: the sweep has no %s rows",
                          ms_predict_part_names[q->part], ms_predict_part_names[q->part])
                : 0;
}

// ---- which rows of the file ----------------------------------------------------------------------

static int take_all(struct ms_predict_rows *r, struct ms_error *err)
{
    r->n = r->later.raw.n_rows;
    r->row = malloc(((size_t)r->n + 1) * sizeof *r->row);
    if (!r->row)
        return ms_no_memory(err, "%u rows", r->n);
    for (uint32_t i = 0; i < r->n; i++)
        r->row[i] = i;
    return 0;
}

// Keeps order[first … first + n - 1], or with `others` those before and behind them, up to end.
static void keep(struct ms_predict_rows *r, uint32_t first, uint32_t n, bool others, uint32_t end)
{
    r->n = others ? end - n : n;
    if (others)
        memmove(r->row + first, r->row + first + n, (end - first - n) * sizeof *r->row);
    else
        memmove(r->row, r->row + first, n * sizeof *r->row);
}

// The rows of a part that was cut from the training file.
static int take_cut(const struct ms_data_spec *s, enum ms_predict_part part,
                    const struct ms_model *m, struct ms_predict_rows *r, struct ms_error *err)
{
    struct ms_split_counts n;
    const struct ms_raw *raw = &r->later.raw;
    int status = ms_dataset_split_counts(s, raw, &n, err);
    if (!status)
        status = take_all(r, err);
    if (!status)
        status = ms_dataset_split_rows(s, raw, n.test, ms_sweep_seed(m->text), r->row, err);
    if (status)
        return status;
    if (part == MS_PREDICT_TEST) {
        keep(r, n.train + n.val, n.test, false, 0);
    } else if (s->folds) {
        uint32_t first, count;
        ms_dataset_fold_rows(n.train, (uint32_t)s->folds, m->execution % (uint32_t)s->folds, &first,
                             &count);
        keep(r, first, count, part == MS_PREDICT_TRAINING, n.train);
    } else if (part == MS_PREDICT_VALIDATION) {
        keep(r, n.train, n.val, false, 0);
    } else {
        keep(r, 0, n.train, false, 0);
    }
    return 0;
}

static const char *folder_of(const char *path, char out[4096])
{
    const char *slash = strrchr(path, '/');
    snprintf(out, 4096, "%.*s", slash ? (int)(slash - path) : 1, slash ? path : ".");
    return slash == path ? "/" : out;
}

int ms_predict_rows_read(const struct ms_predict_request *q, const struct ms_model *m,
                         struct ms_predict_rows *out, struct ms_error *err)
{
    char dir[4096];
    const struct ms_data_spec *specs;
    struct ms_data_spec *s = malloc(sizeof *s);
    *out = (struct ms_predict_rows){0};
    if (!s)
        return ms_no_memory(err, "a specification");
    (void)ms_sweep_data(m->text, &specs);
    *s = specs[m->config->dataset];
    if (q->unseen >= 0)
        s->unseen = (enum ms_unseen)q->unseen;
    int status = q->part == MS_PREDICT_NEW ? for_new_rows(q, s, err) : check_part(q, m, err);
    if (!status)
        status = change_query(q, s, err);
    if (!status && q->data)
        status = put(s->path, sizeof s->path, q->data, "data", err);
    const bool file = has_file(s, q->part);
    const struct ms_later_request later = {
        .spec = s,
        .was = &m->data,
        .part = !file                              ? 0
                : q->part == MS_PREDICT_VALIDATION ? 1
                                                   : 2,
        .as_trained = q->part != MS_PREDICT_NEW,
        .dir = q->part == MS_PREDICT_NEW ? "" : folder_of(ms_sweep_file(m->text), dir),
        .seed = ms_sweep_seed(m->text),
    };
    if (!status)
        status = ms_later_read(&later, &out->later, &out->info, err);
    if (!status)
        status = q->part == MS_PREDICT_NEW || file ? take_all(out, err)
                                                   : take_cut(s, q->part, m, out, err);
    free(s);
    if (status)
        ms_predict_rows_clear(out);
    return status;
}
