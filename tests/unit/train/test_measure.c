// SPDX-License-Identifier: MIT
//
// Nothing here asserts how long anything takes: machines are shared. That epochs over parts stand
// for whole ones, that processes do not disturb one another's answers, and that a failure is
// reported.
#include "check.h"
#include "coordinator/source/source.h"
#include "mlpsweep/measure.h"
#include "mlpsweep/sweep.h"

static struct ms_config config;
static struct ms_dataset data;
static void *block;

static void set_up(int units, int batch)
{
    char text[1024];
    struct ms_sweep_problems problems;
    struct ms_error err;
    struct ms_sweep *sweep;
    const struct ms_data_spec *spec;
    size_t size;
    snprintf(text, sizeof text,
             "{\"name\": \"m\", \"data\": {\"synthetic\": \"prod\", \"points\": 2500},"
             " \"hidden\": [{\"units\": %d}], \"loss\": \"mse\", \"optimizer\": \"adam\","
             " \"early_stopping\": {\"monitor\": \"val_loss\", \"patience\": 0, "
             "\"start_from_epoch\": 0},"
             " \"batch_size\": %d, \"epochs\": 1, \"search\": {\"method\": \"grid\"},"
             " \"objective\": {\"metric\": \"val_loss\"}}",
             units, batch);
    REQUIRE(ms_sweep_parse("m.json", text, strlen(text), &sweep, &problems) == 0);
    ms_sweep_problems_clear(&problems);
    REQUIRE(ms_sweep_data(sweep, &spec) == 1);
    free(block);
    REQUIRE(ms_source_load(spec, NULL, ".", 1, &block, &size, NULL, &err) == 0);
    REQUIRE(ms_dataset_view(block, size, &data, &err) == 0);
    const double none = 0;
    REQUIRE(ms_sweep_config(sweep, &none, &config, &err) == 0);
    REQUIRE(ms_config_complete(&config, &data, &err) == 0);
    ms_sweep_free(sweep);
}

static int measure(double limit_s, int at_once, struct ms_measured *out, struct ms_error *err)
{
    const struct ms_measurement measurement = {.config = &config,
                                               .data = &data,
                                               .seed = 1,
                                               .threads = 1,
                                               .limit_s = limit_s,
                                               .at_once = at_once};
    return ms_measure(&measurement, out, err);
}

int main(void)
{
    struct ms_error err;
    struct ms_measured m;
    set_up(8, 100);
    CHECK_INT(measure(60, 1, &m, &err), 0); // there is time for whole epochs, and one does
    CHECK(m.share == 1 && m.epoch_s > 0 && m.epoch_s < 60 && m.start_s >= 0);
    CHECK_INT(measure(60, 3, &m, &err), 0);
    CHECK(m.share == 1 && m.epoch_s > 0);
    set_up(2000, 1);
    CHECK_INT(measure(1e-6, 1, &m, &err), 0); // no time at all: a few steps
    CHECK(m.share > 0 && m.share <= 8.0 / 2000 && m.epoch_s > 0);
    set_up(8, 2000); // the only batch is the epoch
    CHECK_INT(measure(1e-6, 2, &m, &err), 0);
    CHECK(m.share == 256.0 / 2000);
    config.loss.row = -1; // what training refuses
    CHECK(measure(1, 2, &m, &err) < 0);
    free(block);
    return check_done();
}
