// SPDX-License-Identifier: MIT
//
// The format mlflow: a folder as MLflow's file store keeps it (mlruns; mlflow/store/tracking/
// file_store.py), for `mlflow ui` with MLFLOW_ALLOW_FILE_STORE=true, or for `mlflow
// migrate-filestore`. The sweep is an experiment, a trial a run with its mean and spread, and its
// executions are runs below it, with their curves. Identifiers are hashes of names and numbers, so
// that the same store gives the same folder.
//
//     ID/meta.yaml                   the experiment
//     ID/RUN/meta.yaml               a run
//     ID/RUN/params/NAME             its value
//     ID/RUN/metrics/NAME            lines "milliseconds value step"
//     ID/RUN/tags/NAME               its value
//     ID/RUN/artifacts/              empty
#include <ctype.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "export.h"
#include "mlpsweep/json.h"
#include "mlpsweep/memory.h"
#include "mlpsweep/sha256.h"

enum { STATUS_RUNNING = 1, STATUS_SCHEDULED = 2, STATUS_FINISHED = 3, STATUS_FAILED = 4 };
enum { NAME = 300, FILE_NAME = NAME + 100, SOURCE_LOCAL = 4 };

struct writer {
    struct ms_export *e;
    const struct ms_outfile *to;
    struct ms_error *err;
    char experiment[20]; // its identifier
    char run[33];        // of the run that is being written
    char *where;         // the folder as it will be, as the begin of a URI
};

// What is written of a run in its meta.yaml.
struct run {
    char name[100];
    int status;
    double begin, end; // seconds; NAN: not known
};

// --- names -------------------------------------------------------------------

// The first digits of a hash that names a run.
static void identify(struct writer *w, uint32_t trial, int64_t execution)
{
    char text[400], hash[MS_SHA256_SIZE];
    const int n =
        snprintf(text, sizeof text, "%s\n%u\n%lld", w->e->sweep.name, trial, (long long)execution);
    ms_sha256(text, (size_t)n, hash);
    snprintf(w->run, sizeof w->run, "%.32s", hash);
}

// MLflow takes letters, digits, '_', '-', '.', ' ' and '/' in the names of parameters and metrics,
// as parts of a path. Another name has '_' for what is not allowed and its place behind it, so that
// no two become one.
static const char *safe_name(const char *name, int place, char *out)
{
    bool changed = false;
    size_t n = 0;
    for (; name[n] && n + 12 < NAME && n < 200; n++) {
        const bool good = isalnum((unsigned char)name[n]) || strchr("_-.", name[n]);
        out[n] = good ? name[n] : '_';
        changed |= !good;
    }
    out[n] = '\0';
    if (changed || name[n] || strcmp(out, ".") == 0 || strcmp(out, "..") == 0)
        snprintf(out + n, NAME - n, "_%d", place);
    return out;
}

// --- files -------------------------------------------------------------------

static int open_file(const struct writer *w, const char *kind, const char *name, FILE **file,
                     char *path)
{
    snprintf(path, FILE_NAME, "%s/%s/%s%s%s", w->experiment, w->run, kind, *kind ? "/" : "", name);
    return ms_export_file(w->to, path, file, w->err);
}

static int put_word(const struct writer *w, const char *kind, const char *name, const char *text)
{
    char path[FILE_NAME];
    FILE *file;
    const int status = open_file(w, kind, name, &file, path);
    if (status)
        return status;
    fputs(text, file);
    return ms_export_close(path, file, 0, w->err);
}

static void put_point(FILE *file, double time, double x, int64_t step)
{
    char text[40];
    fprintf(file, "%.0f %s %lld\n", isnan(time) ? 0 : time * 1000,
            ms_number_text(x, text, sizeof text), (long long)step);
}

static int put_metric(const struct writer *w, const char *name, int place, double time, double x,
                      int64_t step)
{
    char path[FILE_NAME], safe[NAME];
    FILE *file;
    if (isnan(x))
        return 0;
    const int status = open_file(w, "metrics", safe_name(name, place, safe), &file, path);
    if (status)
        return status;
    put_point(file, time, x, step);
    return ms_export_close(path, file, 0, w->err);
}

// YAML takes JSON's texts as they are.
static int put_meta(const struct writer *w, const struct run *r)
{
    char path[FILE_NAME];
    FILE *file;
    const int status = open_file(w, "", "meta.yaml", &file, path);
    if (status)
        return status;
    fprintf(file, "artifact_uri: \"%s/%s/%s/artifacts\"\n", w->where, w->experiment, w->run);
    if (isnan(r->end))
        fprintf(file, "end_time: null\n");
    else
        fprintf(file, "end_time: %.0f\n", r->end * 1000);
    fprintf(file, "entry_point_name: ''\nexperiment_id: '%s'\nlifecycle_stage: active\n",
            w->experiment);
    fprintf(file, "run_id: '%s'\nrun_uuid: '%s'\nrun_name: '%s'\n", w->run, w->run, r->name);
    fprintf(file, "source_name: ''\nsource_type: %d\nsource_version: ''\n", SOURCE_LOCAL);
    fprintf(file, "start_time: %.0f\nstatus: %d\ntags: []\nuser_id: mlpsweep\n",
            isnan(r->begin) ? 0 : r->begin * 1000, r->status);
    return ms_export_close(path, file, 0, w->err);
}

static int put_run(const struct writer *w, const struct run *r, const char *state)
{
    static const char *const folders[] = {"params", "metrics", "artifacts"}; // MLflow wants all
    int status = put_meta(w, r);
    for (int i = 0; !status && i < 3; i++) {
        char path[FILE_NAME];
        snprintf(path, sizeof path, "%s/%s/%s", w->experiment, w->run, folders[i]);
        status = ms_export_folder(w->to, path, w->err);
    }
    if (!status)
        status = put_word(w, "tags", "mlflow.runName", r->name);
    if (!status)
        status = put_word(w, "tags", "mlflow.user", "mlpsweep");
    if (!status)
        status = put_word(w, "tags", "mlflow.source.name", "mlpsweep " MS_VERSION);
    if (!status)
        status = put_word(w, "tags", "mlflow.source.type", "LOCAL");
    return status ? status : put_word(w, "tags", "state", state);
}

static int put_params(const struct writer *w, int64_t row)
{
    const struct ms_trial_table *t = &w->e->trials;
    int status = 0;
    for (int i = 0; !status && i < t->n_params; i++) {
        char text[4096], name[NAME];
        const int at = w->e->column[i].first ? ms_export_in_force(w->e, row, i) : -1;
        if (at >= 0)
            status = put_word(w, "params", safe_name(t->param[at].name, i, name),
                              ms_trial_table_text(t, row, at, text, sizeof text));
    }
    return status;
}

// --- runs --------------------------------------------------------------------

static int status_of(const char *state)
{
    static const struct {
        const char *word;
        int status;
    } words[] = {{"running", STATUS_RUNNING},
                 {"waiting", STATUS_SCHEDULED},
                 {"completed", STATUS_FINISHED},
                 {"pruned", STATUS_FINISHED},
                 {"done", STATUS_FINISHED}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(state, words[i].word) == 0)
            return words[i].status;
    return STATUS_FAILED;
}

static int put_trial(struct writer *w, int64_t row)
{
    const struct ms_trial_table *t = &w->e->trials;
    const struct ms_trial_row *trial = &t->row[row];
    const struct ms_trial_rank *r = &t->rank[row];
    const char *state = ms_trial_table_state(t, row);
    const double end = ms_export_seconds(trial->ended_at);
    const int status_now = status_of(state), goals = w->e->goals.goals.n;
    struct run run = {.status = status_now,
                      .begin = ms_export_seconds(trial->created_at),
                      .end = status_now >= STATUS_FINISHED ? end : NAN};
    const struct {
        const char *name;
        double x;
    } numbers[] = {{"n", r->n},      {"n_failed", r->n_failed}, {"sd", r->sd},
                   {"low95", r->lo}, {"high95", r->hi},         {"wall_s", trial->wall_s},
                   {"min", r->min},  {"max", r->max},           {"median", r->median}};
    snprintf(run.name, sizeof run.name, "trial %u", trial->trial);
    identify(w, trial->trial, -1);
    int status = put_run(w, &run, state);
    if (!status)
        status = put_params(w, row);
    for (int k = 0; !status && k < (goals ? goals : 1); k++)
        status = put_metric(w, goals ? w->e->goals.goals.item[k].name : w->e->sweep.metric, k, end,
                            ms_export_goal(w->e, row, k), 0);
    for (size_t i = 0; !status && i < sizeof numbers / sizeof *numbers; i++)
        status = put_metric(w, numbers[i].name, 0, end, numbers[i].x, 0);
    if (!status && t->place[row] > 0)
        status = put_metric(w, "rank", 0, end, (double)t->place[row], 0);
    return status;
}

// Epochs are spread evenly between start and end, as the store has no time of each.
static int put_curve(const struct writer *w, const struct ms_export_trial *t, int64_t execution,
                     int metric, double begin, double end)
{
    const struct ms_epoch_table *epochs = &t->epochs;
    char path[FILE_NAME], safe[NAME];
    FILE *file = NULL;
    size_t first;
    const size_t behind = ms_export_epochs(t, execution, &first);
    for (size_t i = first; i < behind; i++) {
        const size_t at = i * (size_t)epochs->n_metrics + (size_t)metric;
        const double part = (double)(i - first + 1) / (double)(behind - first);
        if (!epochs->has[at])
            continue;
        if (!file) {
            const int status = open_file(
                w, "metrics", safe_name(w->e->metrics.name[metric], metric, safe), &file, path);
            if (status)
                return status;
        }
        put_point(file, begin + part * (end - begin), epochs->value[at], epochs->epoch[i]);
    }
    return file ? ms_export_close(path, file, 0, w->err) : 0;
}

static int put_execution(struct writer *w, int64_t row, const struct ms_export_trial *t,
                         const struct ms_execution_info *x)
{
    const uint32_t trial = w->e->trials.row[row].trial;
    const double begin = ms_export_seconds(x->started_at), ended = ms_export_seconds(x->ended_at);
    const double end = isnan(ended) ? begin : ended;
    struct run run = {.status = status_of(x->state), .begin = begin, .end = ended};
    char parent[sizeof w->run];
    snprintf(run.name, sizeof run.name, "trial %u execution %lld", trial, (long long)x->number);
    identify(w, trial, -1);
    memcpy(parent, w->run, sizeof parent);
    identify(w, trial, x->number);
    int status = put_run(w, &run, *x->outcome ? x->outcome : x->state);
    if (!status)
        status = put_word(w, "tags", "mlflow.parentRunId", parent);
    if (!status)
        status = put_word(w, "tags", "purpose", x->purpose);
    if (!status)
        status = put_params(w, row);
    for (int k = 0; !status && k < t->epochs.n_metrics; k++)
        status = put_curve(w, t, x->number, k, begin, end);
    for (size_t i = 0; !status && i < t->tests.n; i++) {
        char name[100];
        snprintf(name, sizeof name, "test_%s", t->tests.item[i].metric);
        if (t->tests.item[i].execution == x->number)
            status =
                put_metric(w, name, (int)i, end, t->tests.item[i].value, t->tests.item[i].epoch);
    }
    return status ? status
                  : put_metric(w, "objective", 0, end, x->objective,
                               x->best_epoch > 0 ? x->best_epoch : 0);
}

// --- the experiment ----------------------------------------------------------

// The folder's path from the root, its bytes that a URI may not have as %XX.
static int find_where(struct writer *w)
{
    char folder[PATH_MAX] = "";
    const char *path = w->to->path;
    if (*path != '/' && !getcwd(folder, sizeof folder))
        return ms_fail(w->err, MS_EIO, "%s: its folder has no path", path);
    w->where = malloc(3 * (strlen(folder) + strlen(path)) + 16);
    if (!w->where)
        return ms_no_memory(w->err, "a path");
    char *out = w->where + sprintf(w->where, "file://");
    const char *parts[] = {folder, *path == '/' ? "" : "/", path};
    for (int i = 0; i < 3; i++)
        for (const char *p = parts[i]; *p; p++)
            out += isalnum((unsigned char)*p) || strchr("/_-.~", *p)
                       ? sprintf(out, "%c", *p)
                       : sprintf(out, "%%%02X", (unsigned char)*p);
    return 0;
}

static int put_experiment(struct writer *w)
{
    struct ms_export_text name;
    FILE *file;
    char path[FILE_NAME], hash[MS_SHA256_SIZE];
    double begin = w->e->trials.n ? ms_export_seconds(w->e->trials.row[0].created_at) : 0;
    begin = isnan(begin) ? 0 : begin * 1000;
    ms_sha256(w->e->sweep.name, strlen(w->e->sweep.name), hash);
    hash[12] = '\0'; // MLflow's own have 18 digits
    snprintf(w->experiment, sizeof w->experiment, "%llu", strtoull(hash, NULL, 16));
    snprintf(path, sizeof path, "%s/meta.yaml", w->experiment);
    int status = ms_export_begin_text(&name, w->err);
    if (status)
        return status;
    ms_json_out_text(&name.json, NULL, w->e->sweep.name);
    status = ms_export_end_text(&name, w->err);
    if (!status)
        status = ms_export_file(w->to, path, &file, w->err);
    if (!status) {
        fprintf(file, "artifact_location: \"%s/%s\"\ncreation_time: %.0f\n", w->where,
                w->experiment, begin);
        fprintf(file, "experiment_id: '%s'\nlast_update_time: %.0f\nlifecycle_stage: active\n",
                w->experiment, begin);
        fprintf(file, "name: %s\n", name.text);
        status = ms_export_close(path, file, 0, w->err);
    }
    free(name.text);
    return status;
}

int ms_export_mlflow(struct ms_export *e, const struct ms_outfile *to, struct ms_error *err)
{
    struct writer w = {.e = e, .to = to, .err = err};
    int status = find_where(&w);
    if (!status)
        status = put_experiment(&w);
    for (int64_t i = 0; !status && i < e->trials.n; i++) {
        struct ms_export_trial t;
        status = ms_export_trial(e, i, &t, err);
        if (status)
            break;
        status = put_trial(&w, i);
        for (size_t k = 0; !status && k < t.executions.n; k++)
            status = put_execution(&w, i, &t, &t.executions.item[k]);
        ms_export_trial_clear(&t);
    }
    free(w.where);
    return status;
}
