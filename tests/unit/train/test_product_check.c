// SPDX-License-Identifier: MIT
//
// The self-test of a BLAS passes right products and finds wrong ones. Right are plain loops here,
// and OpenBLAS's; each wrong product makes one small mistake of a kind that a broken kernel makes.
#include "worker/train/product_check.h"

#include "check.h"

static double get(const struct ms_product *p, const void *m, int i)
{
    return p->in_double ? ((const double *)m)[i] : (double)((const float *)m)[i];
}

static double *at_double(void *m, int i)
{
    return (double *)m + i;
}

static float *at_float(void *m, int i)
{
    return (float *)m + i;
}

static void put(const struct ms_product *p, void *m, int i, double value)
{
    if (p->in_double)
        *at_double(m, i) = value;
    else
        *at_float(m, i) = (float)value;
}

static double sum_of(const struct ms_product *p, const void *a, const void *b, int i, int j,
                     int terms)
{
    double sum = 0;
    for (int l = 0; l < terms; l++)
        sum += get(p, a, p->trans_a ? l * p->lda + i : i * p->lda + l) *
               get(p, b, p->trans_b ? j * p->ldb + l : l * p->ldb + j);
    return sum;
}

static void plain(const struct ms_product *p, const void *a, const void *b, void *out)
{
    for (int i = 0; i < p->m; i++)
        for (int j = 0; j < p->n; j++) {
            const int o = i * p->ldc + j;
            const double old = p->beta == 0 ? 0 : p->beta * get(p, out, o);
            put(p, out, o, p->alpha * sum_of(p, a, b, i, j, p->k) + old);
        }
}

// --- wrong products ----------------------------------------------------------

static void loses_last_term(const struct ms_product *p, const void *a, const void *b, void *out)
{
    plain(p, a, b, out);
    if (p->k == 513 && p->beta == 0) // the remainder of a long sum, in the last element
        put(p, out, (p->m - 1) * p->ldc + p->n - 1,
            p->alpha * sum_of(p, a, b, p->m - 1, p->n - 1, p->k - 1));
}

static void loses_last_row(const struct ms_product *p, const void *a, const void *b, void *out)
{
    plain(p, a, b, out);
    if (p->m % 16 == 1 && p->m > 1)
        for (int j = 0; j < p->n; j++)
            put(p, out, (p->m - 1) * p->ldc + j, 0);
}

static void reads_out(const struct ms_product *p, const void *a, const void *b, void *out)
{
    struct ms_product q = *p;
    q.beta = p->beta == 0 ? 1e-30 : p->beta; // 0 · NaN
    plain(&q, a, b, out);
}

static void ignores_alpha(const struct ms_product *p, const void *a, const void *b, void *out)
{
    struct ms_product q = *p;
    q.alpha = 1;
    plain(&q, a, b, out);
}

static void ignores_beta(const struct ms_product *p, const void *a, const void *b, void *out)
{
    struct ms_product q = *p;
    q.beta = p->beta == 0.5 ? 1 : p->beta;
    plain(&q, a, b, out);
}

static void writes_beside(const struct ms_product *p, const void *a, const void *b, void *out)
{
    plain(p, a, b, out);
    if (p->ldc > p->n)
        put(p, out, p->n, 0);
}

static void drops_bits(const struct ms_product *p, const void *a, const void *b, void *out)
{
    plain(p, a, b, out);
    for (int i = 0; i < p->m; i++)
        for (int j = 0; j < p->n; j++) { // to bfloat16, as some processors' matrix units do
            const int o = i * p->ldc + j;
            const double v = get(p, out, o);
            int exponent;
            const double fraction = frexp(v, &exponent);
            put(p, out, o, ldexp(nearbyint(fraction * 256) / 256, exponent));
        }
}

static void double_is_single(const struct ms_product *p, const void *a, const void *b, void *out)
{
    plain(p, a, b, out);
    for (int i = 0; p->in_double && i < p->m; i++)
        for (int j = 0; j < p->n; j++)
            put(p, out, i * p->ldc + j, (float)get(p, out, i * p->ldc + j));
}

static void forgets_transposition(const struct ms_product *p, const void *a, const void *b,
                                  void *out)
{
    struct ms_product q = *p;
    if (p->trans_b && p->n == p->k) // square: the layout fits
        q.trans_b = false;
    plain(&q, a, b, out);
    if (p->trans_b && p->n != p->k && p->m == 1)
        put(p, out, 0, 0);
}

static void gives_nan(const struct ms_product *p, const void *a, const void *b, void *out)
{
    plain(p, a, b, out);
    if (p->m == 129 && p->trans_a)
        put(p, out, 0, NAN);
}

static void does_nothing(const struct ms_product *p, const void *a, const void *b, void *out)
{
    (void)p, (void)a, (void)b, (void)out;
}

int main(void)
{
    char why[120] = "";
    CHECK_THAT(ms_product_check(plain, why, sizeof why), "plain loops: %s", why);
    CHECK_THAT(ms_product_check(ms_product_blas, why, sizeof why), "OpenBLAS: %s", why);
    static const struct {
        const char *title;
        ms_product_with product;
    } wrong[] = {
        {"loses the last term", loses_last_term},
        {"loses the last row", loses_last_row},
        {"reads out at beta 0", reads_out},
        {"ignores alpha", ignores_alpha},
        {"ignores beta", ignores_beta},
        {"writes beside", writes_beside},
        {"drops bits", drops_bits},
        {"double is single", double_is_single},
        {"transposition", forgets_transposition},
        {"gives NaN", gives_nan},
        {"does nothing", does_nothing},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CASE("%s", wrong[i].title);
        why[0] = 0;
        CHECK(!ms_product_check(wrong[i].product, why, sizeof why));
        CHECK(strstr(why, "gemm ") != NULL && strstr(why, " is wrong at row ") != NULL);
    }
    return check_done();
}
