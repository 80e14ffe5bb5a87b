// SPDX-License-Identifier: MIT
//
// Balanced class weights: the bits of a training with the same weights given, made from the
// training rows of the execution's fold alone.
#include "case.h"

#include "mlpsweep/train.h"

enum { EPOCHS = 3, ROWS = 60 };

static bool record(void *ctx, int epoch, const double *values, int n)
{
    REQUIRE(epoch <= EPOCHS && n <= 2);
    memcpy((double *)ctx + 2 * (epoch - 1), values, (size_t)n * sizeof *values);
    return false;
}

static void train(const struct ms_config *c, const struct ms_dataset *d, struct ms_arena *arena,
                  double values[2 * EPOCHS])
{
    const struct ms_training training = {.config = c, .data = d, .seed = 3};
    struct ms_train_result result;
    struct ms_error err = {0};
    int status = ms_train(&training, arena, record, values, &result, &err);
    CHECK_THAT(status == 0, "ms_train: %s", err.text);
}

// scikit-learn: rows / (classes · rows of the class), of the rows before and after the fold's.
static void weigh(const struct ms_dataset *d, double weight[3])
{
    double count[3] = {0};
    for (uint32_t i = 0; i < d->n_train + d->n_val; i++)
        for (int j = 0; j < 3; j++)
            if (i < d->fold_first || i >= d->fold_first + d->n_val)
                count[j] += (double)d->y[3 * i + (uint32_t)j];
    for (int j = 0; j < 3; j++)
        weight[j] = d->n_train / (3 * count[j]);
}

int main(void)
{
    ms_train_prepare(1);
    struct ms_dataset all = case_data(MS_MULTICLASS, 2, 3, ROWS, 0, 0);
    struct ms_config c = case_config("softmax", "categorical_crossentropy", "adam");
    case_hidden(&c, 5, "tanh");
    c.epochs = EPOCHS;
    struct ms_arena *arena = ms_arena_new();
    REQUIRE(arena);
    all.n_folds = 4;
    double before[2 * EPOCHS] = {0};
    for (uint32_t fold = 0; fold < 4; fold++) {
        CASE("fold %u", fold);
        const struct ms_dataset d = ms_dataset_fold(&all, fold);
        double balanced[2 * EPOCHS], given[2 * EPOCHS], none[2 * EPOCHS];
        c.n_class_weight = MS_CLASS_WEIGHT_BALANCED;
        train(&c, &d, arena, balanced);
        c.n_class_weight = 3;
        weigh(&d, c.class_weight);
        train(&c, &d, arena, given);
        c.n_class_weight = 0;
        train(&c, &d, arena, none);
        CHECK(memcmp(balanced, given, sizeof given) == 0);
        CHECK(memcmp(balanced, none, sizeof none) != 0);
        CHECK(memcmp(balanced, before, sizeof before) != 0);
        memcpy(before, balanced, sizeof before);
    }
    ms_arena_free(arena);
    case_data_free(&all);
    return check_done();
}
