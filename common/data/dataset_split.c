// SPDX-License-Identifier: MIT
//
// The order of the rows that are split. Every part cut from an order (validation and test rows from
// its end, folds anywhere) is a run of consecutive rows, so "stratified" only has to make an order
// in which every class is spread evenly.
#include "raw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

// Keras's rule: floor(n · (1 - fraction)) rows stay.
static uint32_t rows_left(uint32_t n, double fraction)
{
    return (uint32_t)floor(n * (1 - fraction));
}

int ms_dataset_split_counts(const struct ms_data_spec *spec, const struct ms_raw *raw,
                            struct ms_split_counts *out, struct ms_error *err)
{
    if (!(spec->validation >= 0 && spec->validation < 1) || !(spec->test >= 0 && spec->test < 1))
        return ms_fail(err, MS_EINVAL, "validation and test must be fractions from 0 to below 1");
    if (raw->has_test_file && spec->test > 0)
        return ms_fail(
            err, MS_EINVAL,
            "%s: a test fraction is given, but the data come with test rows of their own",
            spec->path);
    if ((spec->validation > 0) + (spec->val_path[0] || spec->val_query[0]) + (spec->folds > 0) > 1)
        return ms_fail(err, MS_EINVAL,
                       "a validation fraction, a validation file and folds exclude "
                       "each other");
    uint32_t n = raw->n_rows - raw->n_val - raw->n_test;
    uint32_t rest = raw->has_test_file ? n : rows_left(n, spec->test);
    out->test = raw->n_test + (n - rest);
    out->train = rows_left(rest, spec->validation);
    out->val = rest - out->train + raw->n_val;
    if (out->train == 0)
        return ms_fail(err, MS_EINVAL, "no training row is left of %u: %u validation, %u test", n,
                       out->val, out->test);
    if (spec->folds && (spec->folds < 2 || (uint32_t)spec->folds > out->train))
        return ms_fail(err, MS_EINVAL, "%d folds of %u rows; at least 2 folds of 1 row are needed",
                       spec->folds, out->train);
    return 0;
}

int ms_dataset_split_rows(const struct ms_data_spec *spec, const struct ms_raw *raw,
                          uint32_t n_test, uint64_t seed, uint32_t *order, struct ms_error *err)
{
    uint32_t own = raw->n_rows - raw->n_val - raw->n_test; // files keep their order
    uint32_t cut = n_test - raw->n_test;                   // rows taken for the test: the last ones
    for (uint32_t i = own; i < raw->n_rows; i++)
        order[i] = i;
    int status = ms_dataset_split_order(spec->split, raw, order, own, seed, err);
    if (status || raw->n_val == 0 || cut == 0)
        return status;
    // The validation file's rows go before the rows cut for the test.
    uint32_t *test = malloc(cut * sizeof *test);
    if (!test)
        return ms_no_memory(err, "the order of %u rows", cut);
    memcpy(test, order + own - cut, cut * sizeof *test);
    memmove(order + own - cut, order + own, raw->n_val * sizeof *order);
    memcpy(order + own - cut + raw->n_val, test, cut * sizeof *test);
    free(test);
    return 0;
}
