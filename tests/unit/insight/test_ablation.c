// SPDX-License-Identifier: MIT
//
// The path of an ablation that was run: its steps, gains and intervals; a round that has not ended.
#include "tests/unit/store/store_fixture.h"

#include "coordinator/insight/ablation.h"

#define HALF 0.864815353758883

static const char text[] =
    "{\"name\": \"path\", \"data\": {\"synthetic\": \"xor\"}, \"hidden\": [{\"units\": 4}],\n"
    " \"optimizer\": {\"choice\": [\"sgd\", \"adam\"]},\n"
    " \"learning_rate\": {\"float\": [1e-4, 1e-1], \"log\": true},\n"
    " \"batch_size\": {\"choice\": [32, 128]}, \"epochs\": 2,\n"
    " \"search\": {\"method\": \"ablation\", \"executions_per_trial\": 2, \"try_first\": [\n"
    "   {\"optimizer\": \"sgd\", \"learning_rate\": 0.001, \"batch_size\": 32},\n"
    "   {\"optimizer\": \"adam\", \"learning_rate\": 0.01, \"batch_size\": 128}]},\n"
    " \"objective\": {" MAXIMIZE "}}";

static void put(struct ms_store *s, uint32_t trial, double optimizer, double rate, double batch,
                double a, double b)
{
    put_trial(s, trial, optimizer, rate, batch, 2);
    put_execution(s, trial, 0, a);
    put_execution(s, trial, 1, b);
}

static void check_path(const char *path, int n, bool complete)
{
    struct ms_store *s = NULL;
    struct ms_sweep_info info;
    struct ms_trial_table t;
    struct ms_ablation a;
    char change[100];
    OK(ms_store_open_read(path, &s, &err));
    OK(ms_store_find(s, NULL, &info, &err));
    OK(ms_trial_table_read(s, &info, &t, &err));
    REQUIRE(t.sweep && ms_sweep_is_ablation(t.sweep));
    OK(ms_ablation_of(&t, &a, &err));
    CHECK_INT(a.n, n);
    CHECK_INT(a.complete, complete);
    CHECK_STR(ms_ablation_change(&t, &a, 0, change, sizeof change), "");
    if (n > 1) {
        CHECK(a.step[1].row == 3 && a.step[1].contested == 3 && a.step[1].gain == 0.25);
        CHECK_STR(ms_ablation_change(&t, &a, 1, change, sizeof change),
                  "learning_rate 0.001 → 0.01");
        // Spreads of 0.125 and 0.25 around 0.5 and 0.75: se² 1/256 and 1/64, ν = 25/17;
        // scipy.stats.t.ppf(0.975, 25/17) * sqrt(5/256)
        CHECK_NEAR(a.step[1].hi, 0.25 + HALF, 1e-9);
        CHECK_NEAR(a.step[1].lo, 0.25 - HALF, 1e-9);
    }
    if (complete) {
        CHECK(a.step[2].row == 5 && a.step[3].row == 1 && a.step[3].contested == 1);
        CHECK_NEAR(a.total, a.step[1].gain + a.step[2].gain + a.step[3].gain, 1e-12);
        CHECK_STR(ms_ablation_change(&t, &a, 3, change, sizeof change), "batch_size 32 → 128");
    }
    ms_ablation_clear(&a);
    ms_trial_table_clear(&t);
    OK(ms_store_close(s, &err));
}

int main(void)
{
    fixture_init();
    char path[300];
    snprintf(path, sizeof path, "%s", in_folder("path.sqlite"));
    struct ms_sweep *sweep = parse(text);
    struct ms_store *s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, NULL, NULL);
    put_trial(s, 0, 0, 0.001, 0, 2);
    OK(ms_store_commit(s, &err));
    check_path(path, 0, false);
    put_execution(s, 0, 0, 0.4375);
    put_execution(s, 0, 1, 0.5625);
    put(s, 1, 1, 0.01, 1, 0.75, 0.875);
    put(s, 2, 1, 0.001, 0, 0.5, 0.5);
    put(s, 3, 0, 0.01, 0, 0.625, 0.875); // the best of its round
    OK(ms_store_commit(s, &err));
    check_path(path, 1, false); // one is missing
    put_trial(s, 4, 0, 0.001, 1, 2);
    put_end(s, 4, 0, MS_END_CRASHED, true, 0, 2, "");
    OK(ms_store_commit(s, &err));
    check_path(path, 1, false); // one has not ended
    put_end(s, 4, 1, MS_END_CRASHED, true, 0, 2, "");
    OK(ms_store_commit(s, &err));
    check_path(path, 2, false);
    put(s, 5, 1, 0.01, 0, 0.875, 0.875);
    put(s, 6, 0, 0.01, 1, 0.5, 0.5);
    OK(ms_store_commit(s, &err));
    check_path(path, 4, true);
    OK(ms_store_close(s, &err));
    ms_sweep_free(sweep);
    fixture_clear();
    return check_done();
}
