// SPDX-License-Identifier: MIT
//
// The order of the rows that are split. Every part cut from an order (validation and test rows from
// its end, folds anywhere) is a run of consecutive rows, so "stratified" only has to make an order
// in which every class is spread evenly.
#include "raw.h"

#include <stdlib.h>

#include "mlpsweep/memory.h"
#include "mlpsweep/rng.h"

struct spread {
    double at; // the ideal place of the row, 0 … 1
    uint32_t class, row;
};

static int by_place(const void *a, const void *b)
{
    const struct spread *x = a, *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return (x->class > y->class) - (x->class < y->class);
}

// Row j of the n of a class goes to (j + 1/2) / n: a run of a fraction f of all rows then holds f·n
// of them, to a row or two.
static int spread_classes(const struct ms_raw *raw, uint32_t *order, uint32_t n,
                          struct ms_error *err)
{
    if (raw->task == MS_REGRESSION)
        return ms_fail(err, MS_EINVAL,
                       "a stratified split needs classes, but the target is a number");
    size_t classes = raw->task == MS_BINARY ? 2 : (size_t)raw->n_classes;
    struct spread *s = malloc(n * sizeof *s);
    uint32_t *total = calloc(2 * classes, sizeof *total);
    if (!s || !total) {
        free(s);
        free(total);
        return ms_no_memory(err, "the split of %u rows", n);
    }
    uint32_t *seen = total + classes;
    for (uint32_t i = 0; i < n; i++)
        total[(size_t)raw->y[i]]++;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t class = (uint32_t)raw->y[order[i]];
        s[i] = (struct spread){(seen[class]++ + 0.5) / total[class], class, order[i]};
    }
    qsort(s, n, sizeof *s, by_place);
    for (uint32_t i = 0; i < n; i++)
        order[i] = s[i].row;
    free(s);
    free(total);
    return 0;
}

int ms_dataset_split_order(enum ms_split split, const struct ms_raw *raw, uint32_t *order,
                           uint32_t n, uint64_t seed, struct ms_error *err)
{
    for (uint32_t i = 0; i < n; i++)
        order[i] = i;
    if (split != MS_SPLIT_LAST) {
        struct ms_rng rng = ms_rng_at(seed, 0, 0, MS_STREAM_SPLIT);
        ms_rng_permutation(&rng, 0, order, n);
    }
    return split == MS_SPLIT_STRATIFIED ? spread_classes(raw, order, n, err) : 0;
}

// As scikit-learn's KFold: the first n % n_folds folds have one row more.
void ms_dataset_fold_rows(uint32_t n, uint32_t n_folds, uint32_t fold, uint32_t *first,
                          uint32_t *count)
{
    uint32_t each = n / n_folds, more = n % n_folds;
    *first = fold * each + (fold < more ? fold : more);
    *count = each + (fold < more);
}
