// SPDX-License-Identifier: MIT
//
// A transposition in tiles of 8 rows by 8 features, in vector registers, because the compiler turns
// plain loops into 64 single moves. 16 rows are done for one feature after the other, so that whole
// cache lines of the batch are written.
#include "gather.h"

#include <assert.h>
#include <math.h>

#include "worker/kernels/vector.h"

enum { TILE = MS_LANE_BLOCK };

#ifdef MS_REAL_DOUBLE

enum { STEP = 1 };

#define TRANSPOSE(type)                                                                            \
    MS_INLINE void transpose_##type(ms_real *restrict to, const type *const from[TILE], int k,     \
                                    size_t ld)                                                     \
    {                                                                                              \
        for (int r = 0; r < TILE; r++)                                                             \
            to[(size_t)k * ld + (size_t)r] = (ms_real)from[r][k];                                  \
    }

#else

enum { STEP = 8 };

typedef float float_lanes __attribute__((vector_size(32), may_alias, aligned(4)));
typedef int32_t int_lanes __attribute__((vector_size(32)));

MS_INLINE void load_float(ms_lanes *to, const float *from)
{
    *to = *(const float_lanes *)from;
}

// Eight bytes become eight floats by shifts: __builtin_convertvector goes byte by byte (gcc 12).
MS_INLINE void load_uint8_t(ms_lanes *to, const uint8_t *from)
{
    static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the lowest byte comes first");
    int32_t a, b;
    memcpy(&a, from, 4);
    memcpy(&b, from + 4, 4);
    int_lanes both = {a, a, a, a, b, b, b, b};
    both = both >> (int_lanes){0, 8, 16, 24, 0, 8, 16, 24} & 255;
    *to = __builtin_convertvector(both, ms_lanes);
}

// Exchanges pairs of rows, then pairs of pairs, then halves.
MS_INLINE void transpose_8(ms_real *restrict to, ms_lanes a[8], size_t ld)
{
    ms_lanes b[8];
#pragma GCC unroll 4
    for (int r = 0; r < 8; r += 2) {
        b[r] = __builtin_shufflevector(a[r], a[r + 1], 0, 8, 1, 9, 4, 12, 5, 13);
        b[r + 1] = __builtin_shufflevector(a[r], a[r + 1], 2, 10, 3, 11, 6, 14, 7, 15);
    }
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) {
        int r = i / 2 * 4 + i % 2;
        a[2 * i] = __builtin_shufflevector(b[r], b[r + 2], 0, 1, 8, 9, 4, 5, 12, 13);
        a[2 * i + 1] = __builtin_shufflevector(b[r], b[r + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    }
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) {
        *(ms_lanes *)(to + (size_t)i * ld) =
            __builtin_shufflevector(a[i], a[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        *(ms_lanes *)(to + (size_t)(i + 4) * ld) =
            __builtin_shufflevector(a[i], a[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
}

#define TRANSPOSE(type)                                                                            \
    MS_INLINE void transpose_##type(ms_real *restrict to, const type *const from[TILE], int k,     \
                                    size_t ld)                                                     \
    {                                                                                              \
        for (int half = 0; half < TILE; half += 8) {                                               \
            ms_lanes rows[8];                                                                      \
            for (int r = 0; r < 8; r++)                                                            \
                load_##type(&rows[r], from[half + r] + k);                                         \
            transpose_8(to + (size_t)k * ld + half, rows, ld);                                     \
        }                                                                                          \
    }

#endif

TRANSPOSE(float)
TRANSPOSE(uint8_t)

// features of the rows `from`, to (features, ld); the last ones one by one.
#define GATHER(name, type)                                                                         \
    MS_VECTOR                                                                                      \
    static void name(ms_real *restrict to, const type *const from[TILE], int features, size_t ld)  \
    {                                                                                              \
        int k = 0;                                                                                 \
        for (; k + STEP <= features; k += STEP)                                                    \
            transpose_##type(to, from, k, ld);                                                     \
        for (; k < features; k++)                                                                  \
            for (int r = 0; r < TILE; r++)                                                         \
                to[(size_t)k * ld + (size_t)r] = (ms_real)from[r][k];                              \
    }

GATHER(floats, float)
GATHER(bytes, uint8_t)

MS_VECTOR
static void divide(ms_real *restrict x, size_t n, ms_real by)
{
    for (size_t i = 0; i < n; i++)
        x[i] /= by;
}

// Missing values and scaling, if they differ from fold to fold. The result is rounded to float, as
// x is stored when it is ready.
static void make_inputs(ms_real *restrict x, const struct ms_column *column, int features,
                        size_t ld)
{
    for (int k = 0; k < features; k++) {
        const struct ms_column c = column[k];
        ms_real *row = x + (size_t)k * ld;
        for (size_t i = 0; i < ld; i++) {
            double raw = isnan(row[i]) ? c.fill : (double)row[i];
            row[i] = (ms_real)(float)((raw - c.shift) / c.divide);
        }
    }
}

void ms_gather(const struct ms_dataset *data, const uint32_t *order, uint32_t first, int rows,
               int ld, ms_real *x, ms_real *t)
{
    size_t inputs = (size_t)data->n_inputs, outputs = (size_t)data->n_outputs;
    for (int lane = 0; lane < ld; lane += TILE) {
        const float *x_float[TILE], *y[TILE];
        const uint8_t *x_byte[TILE];
        for (int r = 0; r < TILE; r++) {
            int i = lane + r < rows ? lane + r : rows - 1;
            size_t row = order ? order[i] : (size_t)first + (size_t)i;
            y[r] = data->y + row * outputs;
            if (data->x_type == MS_X_U8)
                x_byte[r] = (const uint8_t *)data->x + row * inputs;
            else
                x_float[r] = (const float *)data->x + row * inputs;
        }
        if (data->x_type == MS_X_U8)
            bytes(x + lane, x_byte, data->n_inputs, (size_t)ld);
        else
            floats(x + lane, x_float, data->n_inputs, (size_t)ld);
        floats(t + lane, y, data->n_outputs, (size_t)ld);
    }
    if (data->x_type == MS_X_U8)
        divide(x, inputs * (size_t)ld, (ms_real)data->x_divide);
    if (data->column)
        make_inputs(x, data->column, data->n_inputs, (size_t)ld);
}

void ms_gather_balance(const struct ms_dataset *data, const uint32_t *order, double *weight)
{
    const size_t outputs = (size_t)data->n_outputs, classes = outputs > 1 ? outputs : 2;
    size_t present = 0;
    for (size_t c = 0; c < classes; c++)
        weight[c] = 0;
    for (uint32_t i = 0; i < data->n_train; i++) {
        const float *y = data->y + order[i] * outputs;
        size_t class = 0;
        for (size_t j = 1; j < outputs; j++)
            class = y[j] > y[class] ? j : class;
        weight[outputs > 1 ? class : y[0] > 0.5f]++;
    }
    for (size_t c = 0; c < classes; c++)
        present += weight[c] > 0;
    for (size_t c = 0; c < classes; c++)
        weight[c] = weight[c] > 0 ? data->n_train / ((double)present * weight[c]) : 1;
}
