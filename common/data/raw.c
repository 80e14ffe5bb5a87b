// SPDX-License-Identifier: MIT
//
// Raw rows: their numbers as doubles, and the statistics that scalings are fitted to. Sums run over
// the rows in the order of the block, so that equal data give equal bits.
#include "raw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"

void ms_raw_clear(struct ms_raw *r)
{
    free(r->x);
    free(r->y);
    free(r->indicator);
    *r = (struct ms_raw){0};
}

void ms_raw_inputs(const struct ms_raw *raw, size_t i, double *to)
{
    size_t width = (size_t)raw->n_inputs, at = i * width;
    if (raw->x_type == MS_RAW_F64)
        memcpy(to, (const double *)raw->x + at, width * sizeof *to);
    else if (raw->x_type == MS_RAW_F32)
        for (size_t j = 0; j < width; j++)
            to[j] = (double)((const float *)raw->x)[at + j];
    else
        for (size_t j = 0; j < width; j++)
            to[j] = ((const uint8_t *)raw->x)[at + j];
}

typedef void (*add_row)(struct ms_column_stats *s, size_t *seen, const double *row, size_t width);

static void add_values(struct ms_column_stats *s, size_t *seen, const double *row, size_t width)
{
    for (size_t j = 0; j < width; j++) {
        double v = row[j];
        if (isnan(v))
            continue;
        seen[j]++;
        s[j].mean += v;
        s[j].lo = v < s[j].lo ? v : s[j].lo;
        s[j].hi = v > s[j].hi ? v : s[j].hi;
    }
}

// Sums of squares around the mean do not cancel; hence a second pass.
static void add_squares(struct ms_column_stats *s, size_t *seen, const double *row, size_t width)
{
    (void)seen;
    for (size_t j = 0; j < width; j++) {
        double d = row[j] - s[j].mean;
        s[j].sd += isnan(d) ? 0 : d * d;
    }
}

static void each_row(const struct ms_raw_rows *r, add_row add, struct ms_column_stats *s,
                     size_t *seen, double *row)
{
    for (size_t i = 0; i < r->n; i++) {
        if (i == r->skip)
            i = r->resume;
        if (i >= r->n)
            break;
        ms_raw_inputs(r->raw, r->order[i], row);
        add(s, seen, row, (size_t)r->raw->n_inputs);
    }
}

int ms_raw_stats(const struct ms_raw_rows *rows, struct ms_column_stats *out, struct ms_error *err)
{
    size_t width = (size_t)rows->raw->n_inputs, n = rows->skip + (rows->n - rows->resume);
    double *row = calloc(width, sizeof *row);
    size_t *seen = calloc(width, sizeof *seen);
    if (!row || !seen) {
        free(row);
        free(seen);
        return ms_no_memory(err, "the statistics of %zu columns", width);
    }
    for (size_t j = 0; j < width; j++)
        out[j] = (struct ms_column_stats){.lo = INFINITY, .hi = -INFINITY};
    each_row(rows, add_values, out, seen, row);
    for (size_t j = 0; j < width; j++)
        out[j].mean /= (double)seen[j];
    each_row(rows, add_squares, out, seen, row);
    for (size_t j = 0; j < width; j++)
        out[j].sd = sqrt(out[j].sd / (double)n);
    free(row);
    free(seen);
    return 0;
}
