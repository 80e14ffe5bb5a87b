// SPDX-License-Identifier: MIT
//
// The format tensorboard: a folder of event files, one an execution
// (trial-7/execution-0/events.out. tfevents…), for the pages Time Series and HParams. A file is a
// sequence of records: the length (8 bytes), its masked CRC-32C, an Event message, its masked
// CRC-32C (TensorFlow, core/lib/io/record_writer.h). Messages are those of tensorboard/compat/proto
// and tensorboard/plugins/hparams.
//
// HParams groups sessions by trial and averages their last scalars. So every execution ends with a
// scalar "objective": its value at the epoch that counts, whose average is the trial's mean.
// TensorBoard keeps scalars in single precision.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "crc32c.h"
#include "export.h"
#include "mlpsweep/protobuf.h"

enum { EVENT_TIME = 1, EVENT_STEP = 2, EVENT_VERSION = 3, EVENT_SUMMARY = 5 };
enum { VALUE_TAG = 1, VALUE_SIMPLE = 2, VALUE_TENSOR = 8, VALUE_METADATA = 9 };
enum { DATA_EXPERIMENT = 2, DATA_START = 3, DATA_END = 4 }; // of HParamsPluginData
enum { STATUS_SUCCESS = 1, STATUS_FAILURE = 2, STATUS_RUNNING = 3 };
enum { TYPE_STRING = 1, TYPE_BOOL = 2, TYPE_FLOAT64 = 3 }; // DataType

// --- records -----------------------------------------------------------------

// Writes an event and clears it.
static int put_event(FILE *file, struct ms_protobuf *event)
{
    const int status = event->status;
    const uint64_t n = event->n;
    unsigned char head[8];
    for (int i = 0; i < 8; i++)
        head[i] = (unsigned char)(n >> 8 * i);
    const uint32_t crc[] = {ms_crc32c_masked(head, sizeof head),
                            ms_crc32c_masked(event->data, event->n)};
    if (!status) {
        fwrite(head, 1, sizeof head, file);
        fwrite(&crc[0], 1, sizeof crc[0], file);
        fwrite(event->data, 1, event->n, file);
        fwrite(&crc[1], 1, sizeof crc[1], file);
    }
    ms_protobuf_clear(event);
    return status;
}

static int put_summary(FILE *file, double time, int64_t step, struct ms_protobuf *value)
{
    struct ms_protobuf summary = {.err = value->err}, event = {.err = value->err};
    ms_protobuf_message(&summary, 1, value);
    ms_protobuf_double(&event, EVENT_TIME, isnan(time) ? 0 : time);
    ms_protobuf_int(&event, EVENT_STEP, step);
    ms_protobuf_message(&event, EVENT_SUMMARY, &summary);
    return put_event(file, &event);
}

static int put_scalar(FILE *file, double time, int64_t step, const char *tag, double x,
                      struct ms_error *err)
{
    struct ms_protobuf value = {.err = err};
    ms_protobuf_text(&value, VALUE_TAG, tag);
    ms_protobuf_float(&value, VALUE_SIMPLE, (float)x);
    return put_summary(file, time, step, &value);
}

// A summary of the HParams plugin: its message as the plugin's data, and an empty tensor.
static int put_hparams(FILE *file, double time, const char *tag, int field,
                       struct ms_protobuf *message)
{
    static const unsigned char no_tensor[] = {0x08, 0x01, 0x12, 0x02, 0x12, 0x00}; // float, (0)
    struct ms_error *err = message->err;
    struct ms_protobuf data = {.err = err}, plugin = {.err = err}, metadata = {.err = err},
                       value = {.err = err};
    ms_protobuf_message(&data, field, message);
    ms_protobuf_text(&plugin, 1, "hparams");
    ms_protobuf_message(&plugin, 2, &data);
    ms_protobuf_message(&metadata, 1, &plugin);
    ms_protobuf_text(&value, VALUE_TAG, tag);
    ms_protobuf_message(&value, VALUE_METADATA, &metadata);
    ms_protobuf_bytes(&value, VALUE_TENSOR, no_tensor, sizeof no_tensor);
    return put_summary(file, time, 0, &value);
}

static int put_version(FILE *file, double time, struct ms_error *err)
{
    struct ms_protobuf event = {.err = err};
    ms_protobuf_double(&event, EVENT_TIME, isnan(time) ? 0 : time);
    ms_protobuf_text(&event, EVENT_VERSION, "brain.Event:2");
    return put_event(file, &event);
}

// --- values of parameters ------------------------------------------------------

static int type_of(const struct ms_table_param *p, double v)
{
    const char type = p->param ? ms_space_param_type(p->param, v) : 't';
    return type == 't' ? TYPE_STRING : type == 'b' ? TYPE_BOOL : TYPE_FLOAT64;
}

// A google.protobuf.Value.
static void put_value(struct ms_protobuf *to, int field, const struct ms_table_param *p, double v)
{
    struct ms_protobuf value = {.err = to->err};
    char text[4096];
    const char *word =
        p->param ? ms_space_param_text(p->param, v, text, sizeof text) : p->level[(size_t)v];
    switch (type_of(p, v)) {
    case TYPE_FLOAT64:
        ms_protobuf_double(&value, 2, p->param->count ? ms_space_param_number(p->param, v) : v);
        break;
    case TYPE_STRING:
        ms_protobuf_text(&value, 3, word);
        break;
    default:
        ms_protobuf_int(&value, 4, strcmp(word, "true") == 0);
    }
    ms_protobuf_message(to, field, &value);
}

static void put_param_info(struct ms_protobuf *experiment, const struct ms_table_param *p)
{
    struct ms_protobuf info = {.err = experiment->err}, domain = {.err = experiment->err};
    const uint64_t n = p->param ? p->param->count : p->n_levels;
    ms_protobuf_text(&info, 1, p->name);
    ms_protobuf_int(&info, 4, type_of(p, 0));
    if (p->param && (p->param->kind == MS_INT || p->param->kind == MS_FLOAT)) {
        ms_protobuf_double(&domain, 1, p->param->lo);
        ms_protobuf_double(&domain, 2, p->param->hi);
        ms_protobuf_message(&info, 6, &domain);
    } else {
        for (uint64_t v = 0; v < n; v++)
            put_value(&domain, 1, p, (double)v);
        ms_protobuf_message(&info, 5, &domain);
    }
    ms_protobuf_message(experiment, 4, &info);
}

static void put_metric_info(struct ms_protobuf *experiment, const char *tag, const char *shown)
{
    struct ms_protobuf info = {.err = experiment->err}, name = {.err = experiment->err};
    ms_protobuf_text(&name, 2, tag);
    ms_protobuf_message(&info, 1, &name);
    ms_protobuf_text(&info, 3, shown);
    ms_protobuf_message(experiment, 5, &info);
}

// --- files -------------------------------------------------------------------

// What the page knows before any session: parameters with their domains, and metrics.
static int put_experiment(struct ms_export *e, const struct ms_outfile *to, struct ms_error *err)
{
    struct ms_protobuf experiment = {.err = err};
    FILE *file;
    const char *name = "events.out.tfevents.0.mlpsweep";
    int status = ms_export_file(to, name, &file, err);
    if (status)
        return status;
    ms_protobuf_text(&experiment, 6, e->sweep.name);
    for (int i = 0; i < e->trials.n_params; i++)
        if (e->column[i].first)
            put_param_info(&experiment, &e->trials.param[i]);
    put_metric_info(&experiment, "objective", e->sweep.metric);
    for (int i = 0; i < e->metrics.n; i++)
        put_metric_info(&experiment, e->metrics.name[i], e->metrics.name[i]);
    status = put_version(file, 0, err);
    if (!status)
        status = put_hparams(file, 0, "_hparams_/experiment", DATA_EXPERIMENT, &experiment);
    ms_protobuf_clear(&experiment);
    return ms_export_close(name, file, status, err);
}

static int put_start(struct ms_export *e, int64_t row, double time, FILE *file,
                     struct ms_error *err)
{
    const struct ms_trial_table *t = &e->trials;
    struct ms_protobuf start = {.err = err};
    char group[40];
    for (int i = 0; i < t->n_params; i++) {
        const int at = e->column[i].first ? ms_export_in_force(e, row, i) : -1;
        if (at < 0)
            continue;
        struct ms_protobuf entry = {.err = err};
        ms_protobuf_text(&entry, 1, t->param[at].name);
        put_value(&entry, 2, &t->param[at], t->value[row * t->n_params + at]);
        ms_protobuf_message(&start, 1, &entry);
    }
    snprintf(group, sizeof group, "trial %u", t->row[row].trial);
    ms_protobuf_text(&start, 4, group);
    if (!isnan(time))
        ms_protobuf_double(&start, 5, time);
    return put_hparams(file, time, "_hparams_/session_start_info", DATA_START, &start);
}

static int put_end(const struct ms_execution_info *x, double time, FILE *file, struct ms_error *err)
{
    struct ms_protobuf end = {.err = err};
    ms_protobuf_int(&end, 1,
                    strcmp(x->state, "done") == 0     ? STATUS_SUCCESS
                    : strcmp(x->state, "failed") == 0 ? STATUS_FAILURE
                                                      : STATUS_RUNNING);
    if (!isnan(time))
        ms_protobuf_double(&end, 2, time);
    return put_hparams(file, time, "_hparams_/session_end_info", DATA_END, &end);
}

// Epochs are spread evenly between start and end, as the store has no time of each.
static int put_scalars(const struct ms_export *e, const struct ms_export_trial *t,
                       const struct ms_execution_info *x, double begin, double end, FILE *file,
                       struct ms_error *err)
{
    const struct ms_epoch_table *epochs = &t->epochs;
    size_t first;
    const size_t behind = ms_export_epochs(t, x->number, &first);
    int status = 0;
    for (size_t i = first; !status && i < behind; i++) {
        const double part = (double)(i - first + 1) / (double)(behind - first);
        for (int k = 0; !status && k < epochs->n_metrics; k++) {
            const size_t at = i * (size_t)epochs->n_metrics + (size_t)k;
            if (epochs->has[at])
                status = put_scalar(file, begin + part * (end - begin), epochs->epoch[i],
                                    e->metrics.name[k], epochs->value[at], err);
        }
    }
    if (!status && !isnan(x->objective))
        status = put_scalar(file, end, x->best_epoch > 0 ? x->best_epoch : 0, "objective",
                            x->objective, err);
    return status;
}

static int put_execution(struct ms_export *e, int64_t row, const struct ms_export_trial *t,
                         const struct ms_execution_info *x, const struct ms_outfile *to,
                         struct ms_error *err)
{
    const double begin = ms_export_seconds(x->started_at), ended = ms_export_seconds(x->ended_at);
    const double end = isnan(ended) ? begin : ended;
    char name[200];
    FILE *file;
    snprintf(name, sizeof name, "trial-%u/execution-%lld/events.out.tfevents.%.0f.mlpsweep",
             e->trials.row[row].trial, (long long)x->number, isnan(begin) ? 0 : begin);
    int status = ms_export_file(to, name, &file, err);
    if (status)
        return status;
    status = put_version(file, begin, err);
    if (!status)
        status = put_start(e, row, begin, file, err);
    if (!status)
        status = put_scalars(e, t, x, begin, end, file, err);
    if (!status)
        status = put_end(x, ended, file, err);
    return ms_export_close(name, file, status, err);
}

int ms_export_tensorboard(struct ms_export *e, const struct ms_outfile *to, struct ms_error *err)
{
    int status = put_experiment(e, to, err);
    for (int64_t i = 0; !status && i < e->trials.n; i++) {
        struct ms_export_trial t;
        status = ms_export_trial(e, i, &t, err);
        if (status)
            break;
        for (size_t k = 0; !status && k < t.executions.n; k++)
            if (ms_export_ranks(&t.executions.item[k]) &&
                strcmp(t.executions.item[k].state, "waiting") != 0)
                status = put_execution(e, i, &t, &t.executions.item[k], to, err);
        ms_export_trial_clear(&t);
    }
    return status;
}
