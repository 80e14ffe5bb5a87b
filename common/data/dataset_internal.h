// SPDX-License-Identifier: MIT
//
// The layout of a block, shared by dataset.c, which reads blocks, and dataset_build.c, which makes
// them. A block is
//     struct ms_block_head, to 64 bytes, x, to 64 bytes, y
//     [, to 64 bytes, columns of fold 0, 1, …][, to 64 bytes, targets of fold 0, 1, …]
// in the byte order of the machine: nodes that differ refuse it by the magic number. All offsets
// follow from the head's counts; none is stored, so none can be wrong.
#ifndef MLPSWEEP_DATASET_INTERNAL_H
#define MLPSWEEP_DATASET_INTERNAL_H

#include "raw.h"

#define MS_BLOCK_MAGIC 0x33617461446c704dull // "MplData3"
enum { MS_BLOCK_ALIGN = 64 };

struct ms_block_head {
    uint64_t magic;
    uint32_t task, n_inputs, n_outputs;
    uint32_t n_train, n_val, n_test;
    uint32_t x_type;
    float x_divide;
    uint32_t n_folds;     // then n_train counts all their rows, and n_val is 0
    uint32_t has_columns; // 1: a table of columns for every fold
    uint32_t has_targets; // 1: a table of targets, for every fold if there are folds
    uint32_t n_dropped;
};

static inline size_t ms_block_aligned(size_t n)
{
    return (n + MS_BLOCK_ALIGN - 1) / MS_BLOCK_ALIGN * MS_BLOCK_ALIGN;
}

static inline size_t ms_block_rows(const struct ms_block_head *h)
{
    return (size_t)h->n_train + h->n_val + h->n_test;
}

static inline size_t ms_block_x(const struct ms_block_head *h)
{
    return ms_block_aligned(sizeof *h);
}

static inline size_t ms_block_x_end(const struct ms_block_head *h)
{
    size_t each = h->x_type == MS_X_U8 ? 1 : sizeof(float);
    return ms_block_x(h) + ms_block_rows(h) * h->n_inputs * each;
}

static inline size_t ms_block_y(const struct ms_block_head *h)
{
    return ms_block_aligned(ms_block_x_end(h));
}

// No overflow: rows <= 2^31, inputs <= 2^20, outputs <= 2^16, both times 4; folds <= 2^10, columns
// of 24 and targets of 32 bytes.
static inline size_t ms_block_y_end(const struct ms_block_head *h)
{
    return ms_block_y(h) + ms_block_rows(h) * h->n_outputs * sizeof(float);
}

static inline size_t ms_block_columns(const struct ms_block_head *h)
{
    return ms_block_aligned(ms_block_y_end(h));
}

static inline size_t ms_block_columns_end(const struct ms_block_head *h)
{
    size_t n = h->has_columns ? (size_t)h->n_folds * h->n_inputs : 0;
    return n ? ms_block_columns(h) + n * sizeof(struct ms_column) : ms_block_y_end(h);
}

static inline size_t ms_block_targets(const struct ms_block_head *h)
{
    return ms_block_aligned(ms_block_columns_end(h));
}

static inline size_t ms_block_size(const struct ms_block_head *h)
{
    size_t n = (size_t)(h->n_folds ? h->n_folds : 1) * h->n_outputs;
    return h->has_targets ? ms_block_targets(h) + n * sizeof(struct ms_target)
                          : ms_block_columns_end(h);
}

#endif
