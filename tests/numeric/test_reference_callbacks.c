// SPDX-License-Identifier: MIT
//
// Decisions of early stopping and reduce_on_plateau against those of Keras 3
// (reference/callbacks.json, explained in README.md).
#include "reference.h"

#include "worker/train/callbacks.h"

static struct reference_tally tally;

static void early_stopping(const cJSON *doc, const cJSON *c)
{
    (void)doc;
    struct ms_config config;
    if (!reference_config(c, reference_sweep(get(c, "config")), &config))
        return;
    ran(&tally, c);
    const struct ms_early_stopping *es = &config.early_stopping;
    struct ms_watch watch = {0};
    enum ms_callbacks_verdict verdict = MS_GO_ON;
    int epoch = 0, best = 0;
    const cJSON *v;
    cJSON_ArrayForEach(v, get(c, "values"))
    {
        verdict = ms_callbacks_early_stop(&watch, es, ++epoch, number(v));
        best = verdict == MS_IMPROVED ? epoch : best;
        if (verdict == MS_STOP)
            break;
    }
    CHECK_THAT(epoch == whole(c, "epochs"), "%s: %d epochs", reference_name(c), epoch);
    CHECK_THAT((verdict == MS_STOP) == cJSON_IsTrue(get(c, "stopped")), "%s: stopped",
               reference_name(c));
    int weights = es->restore_best && best ? best : epoch;
    CHECK_THAT(weights == whole(c, "weights_of_epoch"), "%s: weights of epoch %d",
               reference_name(c), weights);
}

static void reduce_on_plateau(const cJSON *doc, const cJSON *c)
{
    (void)doc;
    struct ms_config config;
    if (!reference_config(c, reference_sweep(get(c, "config")), &config))
        return;
    ran(&tally, c);
    struct ms_watch watch = {0};
    double rate = config.optimizer.arg[0];
    int i = 0;
    const cJSON *v;
    cJSON_ArrayForEach(v, get(c, "values"))
    {
        char what[NAME];
        double wanted = number(cJSON_GetArrayItem(get(c, "rate_after_epoch"), i++));
        snprintf(what, sizeof what, "rate after epoch %d", i);
        rate = ms_callbacks_reduce_on_plateau(&watch, &config.reduce_on_plateau, number(v), rate);
        compare_one(reference_name(c), what, rate, wanted, wanted);
    }
}

static const struct reference_kind kinds[] = {
    {"early_stopping", early_stopping},
    {"reduce_on_plateau", reduce_on_plateau},
};

int main(void)
{
    reference_run_file(&tally, "callbacks", kinds, sizeof kinds / sizeof *kinds);
    printf("%d cases ran\n", tally.ran);
    return check_done();
}
