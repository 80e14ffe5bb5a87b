// SPDX-License-Identifier: MIT
//
// Every shape has one pair of factors, whose product is summed up in double once and then compared
// with every kind of product; alpha and beta take turns. Elements have the 24 bits of a float, so
// double's products are exact.
//
// The bound (Higham, Accuracy and Stability of Numerical Algorithms, 3.1): a sum of k products in
// any order, with or without fused operations, is off by at most γ(k) Σ|a||b|; scaling by alpha and
// adding beta · out round three times more.
#include "product_check.h"

#include <cblas.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "mlpsweep/rng.h"

// Odd sizes leave a remainder in every block of every kernel; the long ones are longer than a
// block.
static const int shapes[][3] = {{1, 1, 1},    {3, 17, 33},   {17, 33, 65},  {33, 65, 129},
                                {65, 129, 1}, {129, 1, 3},   {1, 3, 17},    {129, 65, 33},
                                {64, 32, 48}, {17, 33, 513}, {513, 17, 33}, {33, 513, 17}};
static const double scales[][2] = {{1, 0}, {1, 1}, {-0.75, 0.5}}; // alpha, beta
static const bool kinds[][2] = {{true, false}, {false, true}, {false, false}};
enum {
    MOST = 513 * 129, // elements of a matrix, with its padding
    PADDING = 5,      // columns beyond the matrix's
    SENTINEL = 12345, // what stands in them
};

struct bench {
    double a[MOST], b[MOST], c[MOST]; // (m, k), (k, n), (m, n)
    double sum[MOST], size[MOST];     // of the products and of their magnitudes, (m, n)
    // As the product gets them, float or double:
    double x[MOST], y[MOST], out[MOST];
};

static void fill(double *to, int n, const struct ms_rng *rng, uint64_t first)
{
    enum { AT_ONCE = 1024 };
    uint32_t word[AT_ONCE];
    for (int at = 0; at < n; at += AT_ONCE) {
        const int count = n - at < AT_ONCE ? n - at : AT_ONCE;
        ms_rng_words(rng, first + (uint64_t)at, word, (size_t)count);
        for (int i = 0; i < count; i++)
            to[at + i] = (word[i] >> 8) * 0x1p-23 - 1; // [-1, 1)
    }
}

static void prepare(struct bench *t, int m, int n, int k)
{
    const struct ms_rng rng = ms_rng_at(1, (uint32_t)(m * n + k), 0, MS_STREAM_DATA);
    fill(t->a, m * k, &rng, 0);
    fill(t->b, k * n, &rng, 1u << 20);
    fill(t->c, m * n, &rng, 1u << 21);
    for (int i = 0; i < m; i++) {
        double *sum = t->sum + i * n, *size = t->size + i * n;
        for (int j = 0; j < n; j++)
            sum[j] = size[j] = 0;
        for (int l = 0; l < k; l++)
            for (int j = 0; j < n; j++) {
                const double product = t->a[i * k + l] * t->b[l * n + j];
                sum[j] += product;
                size[j] += fabs(product);
            }
    }
}

static void put(void *to, bool in_double, int i, double value)
{
    if (in_double)
        ((double *)to)[i] = value;
    else
        ((float *)to)[i] = (float)value;
}

static double get(const void *from, bool in_double, int i)
{
    return in_double ? ((const double *)from)[i] : (double)((const float *)from)[i];
}

// Lays out a matrix (rows, columns) as the product gets it.
static void lay_out(void *to, bool in_double, bool transposed, const double *from, int rows,
                    int columns, int ld)
{
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++)
            put(to, in_double, transposed ? j * ld + i : i * ld + j, from[i * columns + j]);
}

// The row and column of the first wrong element in *row and *column; false: there is none.
static bool find_wrong(const struct bench *t, const struct ms_product *p, int *row, int *column)
{
    const double unit = p->in_double ? DBL_EPSILON : FLT_EPSILON / 2; // double's sums round, too
    const double gamma = (p->k + 3) * unit / (1 - (p->k + 3) * unit);
    for (*row = 0; *row < p->m; ++*row)
        for (*column = 0; *column < p->ldc; ++*column) {
            const double found = get(t->out, p->in_double, *row * p->ldc + *column);
            if (*column >= p->n) {
                if (found != SENTINEL)
                    return true;
                continue;
            }
            const int i = *row * p->n + *column;
            const double right = p->alpha * t->sum[i] + p->beta * t->c[i];
            const double bound =
                gamma * (fabs(p->alpha) * t->size[i] + fabs(p->beta * t->c[i])) + FLT_MIN;
            if (!(fabs(found - right) <= bound))
                return true;
        }
    return false;
}

static bool check_one(struct bench *t, const struct ms_product *p, ms_product_with product,
                      char *why, size_t size)
{
    lay_out(t->x, p->in_double, p->trans_a, t->a, p->m, p->k, p->lda);
    lay_out(t->y, p->in_double, p->trans_b, t->b, p->k, p->n, p->ldb);
    for (int i = 0; i < p->m; i++)
        for (int j = 0; j < p->ldc; j++)
            put(t->out, p->in_double, i * p->ldc + j,
                j >= p->n      ? SENTINEL
                : p->beta == 0 ? NAN
                               : t->c[i * p->n + j]);
    product(p, t->x, t->y, t->out);
    int row, column;
    if (!find_wrong(t, p, &row, &column))
        return true;
    snprintf(why, size, "%cgemm %c%c of %d x %d x %d is wrong at row %d, column %d",
             p->in_double ? 'd' : 's', p->trans_a ? 'T' : 'N', p->trans_b ? 'T' : 'N', p->m, p->n,
             p->k, row, column);
    return false;
}

bool ms_product_check(ms_product_with product, char *why, size_t size)
{
    enum { SHAPES = sizeof shapes / sizeof *shapes, KINDS = 3, SCALES = 3 };
    struct bench *t = malloc(sizeof *t);
    bool right = true;
    if (!t) {
        snprintf(why, size, "no memory for it");
        return false;
    }
    for (int i = 0; right && i < SHAPES; i++) {
        const int m = shapes[i][0], n = shapes[i][1], k = shapes[i][2];
        prepare(t, m, n, k);
        for (int c = 0; right && c < KINDS * 2; c++) {
            struct ms_product p = {.in_double = c >= KINDS,
                                   .trans_a = kinds[c % KINDS][0],
                                   .trans_b = kinds[c % KINDS][1],
                                   .m = m,
                                   .n = n,
                                   .k = k,
                                   .alpha = scales[(i + c) % SCALES][0],
                                   .beta = scales[(i + c) % SCALES][1]};
            p.lda = (p.trans_a ? m : k) + (i % 2 ? PADDING : 0);
            p.ldb = (p.trans_b ? k : n) + (i % 2 ? PADDING : 0);
            p.ldc = n + (i % 2 ? PADDING : 0);
            right = check_one(t, &p, product, why, size);
        }
    }
    free(t);
    return right;
}

void ms_product_blas(const struct ms_product *p, const void *a, const void *b, void *out)
{
    const CBLAS_TRANSPOSE ta = p->trans_a ? CblasTrans : CblasNoTrans;
    const CBLAS_TRANSPOSE tb = p->trans_b ? CblasTrans : CblasNoTrans;
    if (p->in_double)
        cblas_dgemm(CblasRowMajor, ta, tb, p->m, p->n, p->k, p->alpha, a, p->lda, b, p->ldb,
                    p->beta, out, p->ldc);
    else
        cblas_sgemm(CblasRowMajor, ta, tb, p->m, p->n, p->k, (float)p->alpha, a, p->lda, b, p->ldb,
                    (float)p->beta, out, p->ldc);
}
