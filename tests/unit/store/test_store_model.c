// SPDX-License-Identifier: MIT
//
// Weights in a store: put, replaced, forgotten, listed and read back; which executions lack theirs.
#include "coordinator/store/store_internal.h"
#include "store_fixture.h"

static const uint8_t bytes[] = {0, 0, 0x80, 0x3f, 0, 0, 0x60, 0x40}; // 1, 3.5

static void check_unkept(struct ms_store *s, uint32_t trial, int n, uint32_t execution)
{
    struct ms_untested out[5];
    int found;
    OK(ms_store_unkept(s, trial, out, 5, &found, &err));
    CHECK_INT(found, n);
    if (n)
        CHECK(out[0].execution == execution && out[0].epoch == 1);
    OK(ms_store_unkept(s, trial, out, 1, &found, &err));
    CHECK_INT(found, n > 0);
}

static void test_put(const char *path, struct ms_store *s)
{
    check_unkept(s, 0, 3, 0);
    check_unkept(s, 1, 1, 0);
    OK(ms_store_put_model(s, 0, 0, false, 1, bytes, 2, &err));
    OK(ms_store_put_model(s, 0, 2, false, 2, bytes, 2, &err)); // not the epoch that counts
    OK(ms_store_put_model(s, 0, 1, true, 7, bytes, 2, &err));
    OK(ms_store_put_model(s, 1, 0, false, 1, NULL, 20000000, &err));
    check_unkept(s, 0, 2, 1);
    check_unkept(s, 1, 0, 0); // known to have too many
    OK(ms_store_put_model(s, 0, 2, false, 1, bytes, 2, &err));
    check_unkept(s, 0, 1, 1);
    CHECK_INT(ms_store_put_model(s, 9, 0, false, 1, bytes, 2, &err), MS_ESTATE);
    OK(ms_store_commit(s, &err));
    CHECK_SQL(path,
              "SELECT group_concat(kind || execution || epoch || hex(weights)) FROM model"
              " WHERE weights IS NOT NULL",
              "kept010000803F00006040,refit170000803F00006040,kept210000803F00006040");
}

static void test_read(struct ms_store *s, int64_t sweep_id)
{
    struct ms_store_models m;
    float *weights;
    OK(ms_store_models(s, sweep_id, -1, &m, &err));
    REQUIRE(m.n == 4);
    CHECK(m.item[0].trial == 0 && m.item[0].execution == 0 && m.item[0].there);
    CHECK(m.item[0].objective == 0.8 && m.item[1].objective == 0.8 + 0.01 * 2);
    CHECK(m.item[2].refit && m.item[2].execution == 1 && isnan(m.item[2].objective));
    CHECK(m.item[3].trial == 1 && !m.item[3].there && m.item[3].n_weights == 20000000);
    OK(ms_store_model_weights(s, &m.item[1], &weights, &err));
    CHECK(weights[0] == 1 && weights[1] == 3.5f);
    free(weights);
    CHECK_INT(ms_store_model_weights(s, &m.item[3], &weights, &err), MS_ESTATE);
    ms_store_models_clear(&m);
    OK(ms_store_models(s, sweep_id, 1, &m, &err));
    CHECK_INT(m.n, 1);
    ms_store_models_clear(&m);
    OK(ms_store_models(s, sweep_id + 1, -1, &m, &err));
    CHECK_INT(m.n, 0);
}

int main(void)
{
    fixture_init();
    const char *path = in_folder("model.sqlite");
    const char *text = SWEEP("model", 2, "\"metric\": \"val_accuracy\", \"goal\": \"maximize\"");
    struct ms_sweep *sweep = parse(text);
    struct ms_store *s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, NULL, NULL);
    put_trial(s, 0, 0, 0.1, 0, 3);
    for (uint32_t i = 0; i < 3; i++)
        put_execution(s, 0, i, i == 1 ? 0.9 : 0.8 + 0.01 * i);
    put_trial(s, 1, 1, 0.001, 1, 1);
    put_execution(s, 1, 0, 0.85);
    test_put(path, s);
    test_read(s, s->sweep_id);
    OK(ms_store_drop_models(s, 0, &err));
    check_unkept(s, 0, 3, 0);
    OK(ms_store_commit(s, &err));
    CHECK_SQL(path, "SELECT group_concat(kind) FROM model", "refit,kept");
    OK(ms_store_end(s, "finished", &err));
    OK(ms_store_close(s, &err));
    ms_sweep_free(sweep);

    // More epochs: what the shorter training left is forgotten.
    char *longer = strdup(text), *epochs = longer ? strstr(longer, "\"epochs\": 2") : NULL;
    REQUIRE(epochs != NULL);
    epochs[strlen("\"epochs\": ")] = '4';
    sweep = parse(longer);
    s = open_and_begin(path, MS_JOURNAL_AUTO, sweep, NULL, NULL);
    OK(ms_store_close(s, &err));
    CHECK_SQL(path, "SELECT group_concat(kind) FROM model", "refit");
    ms_sweep_free(sweep);
    free(longer);
    fixture_clear();
    return check_done();
}
