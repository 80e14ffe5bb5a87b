// SPDX-License-Identifier: MIT
//
// Every metric against the numbers that Keras 3 and scikit-learn gave (reference/metrics.json,
// explained in README.md). The loss needs no case: every trajectory compares it.
#include "reference.h"

#include "mlpsweep/train.h"
#include "worker/kernels/metrics.h"

static struct reference_tally tally;

static const cJSON *find_case(const cJSON *doc, const char *name)
{
    const cJSON *c;
    cJSON_ArrayForEach(c, get(doc, "cases")) if (strcmp(reference_name(c), name) == 0) return c;
    return NULL;
}

static void metric(const cJSON *doc, const cJSON *c)
{
    enum { LD = 16, UNITS = 8, STATE = 4096 };
    const cJSON *spec = get(c, "config"), *set = find_case(doc, get(c, "data")->valuestring), *rows;
    cJSON *sweep = cJSON_CreateObject();
    cJSON_AddItemToArray(cJSON_AddArrayToObject(sweep, "metrics"), cJSON_Duplicate(spec, true));
    struct ms_config config;
    bool ok = reference_config(c, reference_sweep(sweep), &config);
    cJSON_Delete(sweep);
    if (!ok)
        return;
    const char *name = (cJSON_IsString(spec) ? spec : get(spec, "name"))->valuestring;
    int row = ms_table_find(&ms_metric_table, name), at = 0;
    while (at < config.n_metrics && config.metrics[at] != row)
        at++;
    CHECK_THAT(at < config.n_metrics, "%s: not read", reference_name(c));
    if (at == config.n_metrics)
        return;
    ran(&tally, c);
    const struct ms_metric *m = ms_metric_row(row);
    int units = whole(set, "outputs"), done = 0;
    static _Alignas(64) ms_real y[UNITS * LD], t[UNITS * LD];
    static double state[STATE];
    NEED(units <= UNITS && ms_metric_state(row, units) <= STATE);
    memset(state, 0, sizeof state);
    cJSON_ArrayForEach(rows, get(set, "batches"))
    {
        int n = (int)rows->valuedouble;
        for (int i = 0; i < LD; i++)
            for (int j = 0; j < units; j++) {
                int from = (done + (i < n ? i : n - 1)) * units + j;
                y[j * LD + i] =
                    (ms_real)cJSON_GetArrayItem(get(set, "prediction"), from)->valuedouble;
                t[j * LD + i] = (ms_real)cJSON_GetArrayItem(get(set, "y"), from)->valuedouble;
            }
        m->update(
            state,
            &(struct ms_metric_batch){
                .y = y, .t = t, .units = units, .rows = n, .ld = LD, .arg = config.metric_arg[at]});
        done += n;
    }
    double wanted = number(get(c, "value"));
    compare_one(reference_name(c), "value", m->result(state), wanted, fmax(fabs(wanted), 1e-3));
}

static const struct reference_kind kinds[] = {
    {"metric", metric}, {"metric_data", NULL}, // of other cases
};

int main(void)
{
    ms_train_prepare(1);
    reference_run_file(&tally, "metrics", kinds, sizeof kinds / sizeof *kinds);
    reference_covered(&tally, &ms_metric_table, "loss");
    printf("%d cases ran\n", tally.ran);
    return check_done();
}
