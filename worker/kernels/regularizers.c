// SPDX-License-Identifier: MIT
//
// Sums of |w| and w² in vector registers, moved to double after every block, so that the sum of a
// large kernel does not lose digits.
#include "regularizers.h"

#include "vector.h"

enum {
    WIDE = 16,   // sums side by side: as many as fill vectors
    BLOCK = 4096 // numbers that are added up before the sums go into doubles
};

struct ms_penalty ms_regularizer_penalty_of(const struct ms_pick *pick)
{
    const struct ms_regularizer *r =
        (const struct ms_regularizer *)ms_table_row(&ms_regularizer_table, pick->row);
    return (struct ms_penalty){
        .l1 = r->l1 < 0 ? 0 : pick->arg[r->l1],
        .l2 = r->l2 < 0 ? 0 : pick->arg[r->l2],
    };
}

MS_VECTOR
static void add_block(const ms_real *restrict w, size_t n, double *restrict absolute,
                      double *restrict square)
{
    ms_real a[WIDE] = {0}, s[WIDE] = {0};
    size_t i = 0;
    for (; i + WIDE <= n; i += WIDE)
        for (int k = 0; k < WIDE; k++) {
            ms_real x = w[i + (size_t)k];
            a[k] += x < 0 ? -x : x;
            s[k] += x * x;
        }
    for (; i < n; i++) {
        a[0] += w[i] < 0 ? -w[i] : w[i];
        s[0] += w[i] * w[i];
    }
    for (int k = 0; k < WIDE; k++) {
        *absolute += (double)a[k];
        *square += (double)s[k];
    }
}

double ms_regularizer_penalty_sum(const struct ms_penalty *p, const ms_real *w, size_t n)
{
    double absolute = 0, square = 0;
    for (size_t i = 0; i < n; i += BLOCK)
        add_block(w + i, n - i < BLOCK ? n - i : BLOCK, &absolute, &square);
    // A factor of 0 leaves its sum out; otherwise infinite weights would turn it into NaN.
    return (p->l1 > 0 ? p->l1 * absolute : 0) + (p->l2 > 0 ? p->l2 * square : 0);
}

MS_VECTOR
static void add_gradient(ms_real *restrict g, const ms_real *restrict w, size_t n, ms_real l1,
                         ms_real l2)
{
    for (size_t i = 0; i < n; i++)
        g[i] += (w[i] > 0 ? l1 : w[i] < 0 ? -l1 : 0) + l2 * w[i];
}

void ms_regularizer_penalty_gradient(const struct ms_penalty *p, double scale, ms_real *g,
                                     const ms_real *w, size_t n)
{
    add_gradient(g, w, n, (ms_real)(scale * p->l1), (ms_real)(scale * 2 * p->l2));
}

static const struct ms_regularizer rows[] = {
    {{.name = "none", .doc = "no penalty"}, -1, -1},
    {{.name = "l1",
      .doc = "l1 times the sum of the absolute values",
      .n_args = 1,
      .args = {{"l1", MS_ARG_REAL, 0.01, 0, INFINITY, false, true, "factor of the sum"}}},
     0,
     -1},
    {{.name = "l2",
      .doc = "l2 times the sum of the squares",
      .n_args = 1,
      .args = {{"l2", MS_ARG_REAL, 0.01, 0, INFINITY, false, true, "factor of the sum"}}},
     -1,
     0},
    {{.name = "l1_l2",
      .also = "l1l2",
      .doc = "both sums",
      .n_args = 2,
      .args = {{"l1", MS_ARG_REAL, 0.01, 0, INFINITY, false, true, "factor of absolute values"},
               {"l2", MS_ARG_REAL, 0.01, 0, INFINITY, false, true, "factor of squares"}}},
     0,
     1},
};

const struct ms_table ms_regularizer_table = {"regularizer", sizeof rows / sizeof *rows, rows,
                                              sizeof *rows};
