// SPDX-License-Identifier: MIT
//
// A transposition in tiles of 16 rows by 16 features: each row is read, and each line of the result
// written, one cache line at a time.
#include "gather.h"

#include "vector.h"

enum { TILE = MS_LANE_BLOCK };

#define GATHER(name, type, convert)                                                                \
    MS_VECTOR                                                                                      \
    static void name(const type *restrict const from[TILE], int features, size_t ld,               \
                     ms_real *restrict to, ms_real divide)                                         \
    {                                                                                              \
        (void)divide;                                                                              \
        ms_real tile[TILE][TILE];                                                                  \
        int k = 0;                                                                                 \
        for (; k + TILE <= features; k += TILE) {                                                  \
            for (int r = 0; r < TILE; r++)                                                         \
                for (int i = 0; i < TILE; i++) {                                                   \
                    const ms_real value = (ms_real)from[r][k + i];                                 \
                    tile[r][i] = (convert);                                                        \
                }                                                                                  \
            for (int i = 0; i < TILE; i++)                                                         \
                for (int r = 0; r < TILE; r++)                                                     \
                    to[(size_t)(k + i) * ld + (size_t)r] = tile[r][i];                             \
        }                                                                                          \
        for (; k < features; k++)                                                                  \
            for (int r = 0; r < TILE; r++) {                                                       \
                const ms_real value = (ms_real)from[r][k];                                         \
                to[(size_t)k * ld + (size_t)r] = (convert);                                        \
            }                                                                                      \
    }

GATHER(floats, float, value)
GATHER(bytes, uint8_t, value / divide)

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
            bytes(x_byte, data->n_inputs, (size_t)ld, x + lane, (ms_real)data->x_divide);
        else
            floats(x_float, data->n_inputs, (size_t)ld, x + lane, 1);
        floats(y, data->n_outputs, (size_t)ld, t + lane, 1);
    }
}
