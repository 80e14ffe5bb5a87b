// SPDX-License-Identifier: MIT
//
// The constants of a data set's scaling, as blobs of float64: exact, and one row a fold, however
// wide the data are. Machines that keep numbers the other way round are not supported
// (worker/train/gather.c).
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"
#include "store_internal.h"

enum { PER_INPUT = 4, PER_TARGET = 4 };

static const char sql_put_scaling[] =
    "INSERT INTO dataset_scaling (dataset_id, fold, inputs, targets) VALUES (?, ?, ?, ?)";
static const char sql_scaling[] =
    "SELECT inputs, targets FROM dataset_scaling WHERE dataset_id = ? ORDER BY fold";

static int put_one(struct ms_store *s, int64_t id, size_t fold, const double *inputs, size_t n_in,
                   const double *targets, size_t n_out, struct ms_error *err)
{
    sqlite3_stmt *q;
    const int status = ms_store_sql_query(s, err, &q, sql_put_scaling, "ii", id, (int64_t)fold);
    if (status)
        return status;
    int rc = sqlite3_bind_blob64(q, 3, inputs, n_in * sizeof *inputs, SQLITE_STATIC);
    if (rc == SQLITE_OK)
        rc = targets ? sqlite3_bind_blob64(q, 4, targets, n_out * sizeof *targets, SQLITE_STATIC)
                     : sqlite3_bind_null(q, 4);
    if (rc != SQLITE_OK)
        return ms_store_sql_failed(s, rc, err);
    const int done = ms_store_sql_step(s, q, err);
    sqlite3_clear_bindings(q); // the blobs are gone before the statement is
    return done;
}

int ms_store_put_scaling(struct ms_store *s, int64_t id, const struct ms_data_info *d,
                         struct ms_error *err)
{
    const size_t n = (size_t)d->n_inputs, m = (size_t)d->n_outputs;
    double *in = malloc((n + 1) * PER_INPUT * sizeof *in);
    double *out = malloc((m + 1) * PER_TARGET * sizeof *out);
    int status = in && out ? 0 : ms_no_memory(err, "the scaling of %zu inputs", n);
    for (size_t f = 0; !status && f < d->n_scales; f++) {
        const struct ms_data_scaling *c = &d->scale[f];
        for (size_t j = 0; j < n; j++) {
            const double x[PER_INPUT] = {c->input[j].fill, c->input[j].shift, c->input[j].divide,
                                         c->base[j]};
            memcpy(in + PER_INPUT * j, x, sizeof x);
        }
        for (size_t j = 0; c->target && j < m; j++) {
            const struct ms_target *t = &c->target[j];
            const double y[PER_TARGET] = {t->base, t->shift, t->divide, t->kind};
            memcpy(out + PER_TARGET * j, y, sizeof y);
        }
        status = put_one(s, id, f, in, PER_INPUT * n, c->target ? out : NULL, PER_TARGET * m, err);
    }
    free(in);
    free(out);
    return status;
}

static int damaged(struct ms_error *err)
{
    return ms_fail(err, MS_EFORMAT, "damaged store: the scaling of a data set is not of its size");
}

static int take_scaling(void *to, sqlite3_stmt *q, struct ms_error *err)
{
    struct ms_data_info *d = to;
    struct ms_data_scaling *c;
    const size_t n = (size_t)d->n_inputs, m = (size_t)d->n_outputs;
    const bool targets = sqlite3_column_type(q, 1) == SQLITE_BLOB;
    const char *in = sqlite3_column_blob(q, 0), *out = sqlite3_column_blob(q, 1);
    if ((size_t)sqlite3_column_bytes(q, 0) != n * PER_INPUT * sizeof(double) ||
        (targets && (size_t)sqlite3_column_bytes(q, 1) != m * PER_TARGET * sizeof(double)))
        return damaged(err);
    int status = ms_data_info_scale(d, targets, &c, err);
    for (size_t j = 0; !status && j < n; j++) {
        double x[PER_INPUT];
        memcpy(x, in + j * sizeof x, sizeof x);
        c->input[j] = (struct ms_column){x[0], x[1], x[2]};
        c->base[j] = x[3];
        if (!(x[2] != 0)) // NaN too
            status = damaged(err);
    }
    for (size_t j = 0; !status && targets && j < m; j++) {
        double y[PER_TARGET];
        memcpy(y, out + j * sizeof y, sizeof y);
        if (!(y[2] > 0) || !(y[3] >= MS_TARGET_LINEAR && y[3] <= MS_TARGET_LOG1P))
            return damaged(err);
        c->target[j] = (struct ms_target){y[0], y[1], y[2], (int)y[3]};
    }
    return status;
}

int ms_store_scaling(struct ms_store *s, int64_t id, struct ms_data_info *d, struct ms_error *err)
{
    return ms_store_sql_each(s, err, take_scaling, d, sql_scaling, "i", id);
}
