// SPDX-License-Identifier: MIT
//
// A model comes out of a store with its configuration, scaling, weights and metrics, or one line
// says what is missing. The network is that of store_fixture.h: 2 inputs, 4 relus, 1 sigmoid.
#include "tests/unit/store/store_fixture.h"

#include "coordinator/model/model.h"
#include "coordinator/store/store.h"
#include "coordinator/store/store_read.h"
#include "mlpsweep/weights.h"

enum { WEIGHTS = 17 };

static struct ms_data_info points(void)
{
    struct ms_data_info d = {.source = "synthetic",
                             .name = "synthetic xor",
                             .task = "binary",
                             .n_inputs = 2,
                             .n_outputs = 1,
                             .n_rows = 10,
                             .n_train = 8,
                             .n_val = 2};
    return d;
}

static void put_weights(struct ms_store *s, uint32_t trial, uint32_t execution, bool refit,
                        int epoch, float first)
{
    float w[WEIGHTS];
    uint8_t bytes[4 * WEIGHTS];
    for (int i = 0; i < WEIGHTS; i++)
        w[i] = first + (float)i;
    ms_weights_to_bytes(w, WEIGHTS, bytes);
    OK(ms_store_put_model(s, trial, execution, refit, epoch, bytes, WEIGHTS, &err));
}

static const char *make_store(bool scaled)
{
    const char *path = in_folder(scaled ? "scaled.db" : "older.db");
    struct ms_sweep *sweep = parse(SWEEP("load", 2, MAXIMIZE));
    struct ms_data_info d = points();
    struct ms_data_scaling *c;
    struct ms_provenance p = provenance;
    struct ms_store *s;
    struct ms_known *known;
    int64_t n;
    if (scaled) {
        OK(ms_data_info_scale(&d, false, &c, &err));
        c->input[0] = (struct ms_column){.fill = 3, .shift = 1, .divide = 2};
        c->input[1] = (struct ms_column){.divide = 1};
    }
    p.data = &d;
    p.n_data = 1;
    OK(ms_store_open(path, MS_JOURNAL_AUTO, &s, &err));
    OK(ms_store_begin(s, sweep, &p, &known, &n, &err));
    free(known);
    put_trial(s, 0, 1, 0.01, 1, 2);
    put_execution(s, 0, 0, 0.75); // at epoch 1
    put_execution(s, 0, 1, 0.875);
    put_trial(s, 1, 0, 0.02, 0, 1);
    put_execution(s, 1, 0, 0.5);
    put_weights(s, 0, 0, false, 1, 100);
    put_weights(s, 0, 1, false, 1, 200);
    put_weights(s, 0, 0, true, 7, 300);
    OK(ms_store_end(s, "finished", &err));
    OK(ms_store_close(s, &err));
    ms_data_info_clear(&d);
    ms_sweep_free(sweep);
    return path;
}

static double metric(const struct ms_model *m, const char *name)
{
    for (int i = 0; i < m->n_metrics; i++)
        if (strcmp(m->metric[i].name, name) == 0)
            return m->metric[i].value;
    return NAN;
}

static void test_kept(struct ms_store *s, const struct ms_sweep_info *sweep)
{
    struct ms_model m;
    OK(ms_model_load(s, sweep, 0, -1, MS_MODEL_KEPT, &m, &err));
    CHECK_STR(m.sweep, "load");
    CHECK(m.trial == 0 && m.execution == 1 && m.epoch == 1); // the better one
    CHECK(m.task == MS_BINARY && m.n_inputs == 2 && m.n_outputs == 1 && m.n_layers == 2);
    CHECK(m.config->batch_size == 128 && m.config->hidden[0].units == 4);
    CHECK_STR(ms_table_row(&ms_loss_table, m.config->loss.row)->name, "binary_crossentropy");
    CHECK(m.layer[0].inputs == 2 && m.layer[0].units == 4);
    CHECK(m.layer[1].inputs == 4 && m.layer[1].units == 1);
    CHECK(m.layer[0].kernel[0] == 200 && m.layer[0].bias[0] == 208);
    CHECK(m.layer[1].kernel[3] == 215 && m.layer[1].bias[0] == 216);
    CHECK(!m.layer[0].gamma && !m.layer[0].moving_mean);
    CHECK_STR(ms_table_row(&ms_activation_table, m.layer[1].config->activation.row)->name,
              "sigmoid");
    CHECK(m.input[0].fill == 3 && m.input[0].shift == 1 && m.input[0].divide == 2 && !m.target);
    CHECK(metric(&m, "val_accuracy") == 0.875 && metric(&m, "val_loss") == 0.8);
    const double x[] = {-1e4, 0};
    double y = 0;
    ms_model_forward(&m, x, &y); // all relus are off: sigmoid(216)
    CHECK_NEAR(y, 1, 1e-15);
    ms_model_clear(&m);
    OK(ms_model_load(s, sweep, 0, 0, MS_MODEL_KEPT, &m, &err));
    CHECK(m.execution == 0 && m.layer[0].kernel[0] == 100);
    ms_model_clear(&m);
    OK(ms_model_load(s, sweep, 0, -1, MS_MODEL_REFIT, &m, &err));
    CHECK(m.epoch == 7 && m.layer[0].kernel[0] == 300 && m.n_metrics == 0);
    ms_model_clear(&m);
}

static void refused(struct ms_store *s, const struct ms_sweep_info *sweep, uint32_t trial,
                    int64_t execution, enum ms_model_kind kind, const char *word)
{
    struct ms_model m;
    CHECK_INT(ms_model_load(s, sweep, trial, execution, kind, &m, &err), MS_ESTATE);
    CHECK_THAT(strstr(err.text, word) != NULL, "'%s' lacks '%s'", err.text, word);
    CHECK(!m.config && !m.weights && !m.text);
}

int main(void)
{
    struct ms_store *s;
    struct ms_sweep_info sweep;
    fixture_init();
    OK(ms_store_open_read(make_store(true), &s, &err));
    OK(ms_store_find(s, NULL, &sweep, &err));
    test_kept(s, &sweep);
    refused(s, &sweep, 1, -1, MS_MODEL_KEPT, "keep_best");
    refused(s, &sweep, 0, 2, MS_MODEL_KEPT, "execution 2");
    refused(s, &sweep, 1, -1, MS_MODEL_REFIT, "mlpsweep refit");
    OK(ms_store_close(s, &err));
    OK(ms_store_open_read(make_store(false), &s, &err));
    OK(ms_store_find(s, NULL, &sweep, &err));
    refused(s, &sweep, 0, -1, MS_MODEL_KEPT, "older mlpsweep");
    OK(ms_store_close(s, &err));
    fixture_clear();
    return check_done();
}
