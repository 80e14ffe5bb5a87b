// SPDX-License-Identifier: MIT
//
// The command: loads the networks, reads the rows once, lets the engine answer, and writes. What
// was assumed and the metrics go to stderr, so that the answers alone are on stdout. Nothing is
// written unless all of it can be.
#include "predict.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coordinator/show/show.h"
#include "mlpsweep/json.h"
#include "mlpsweep/memory.h"
#include "mlpsweep/metric.h"
#include "mlpsweep/outfile.h"
#include "mlpsweep/sweep.h"
#include "mlpsweep/utf8.h"
#include "mlpsweep/words.h"

static const char usage[] =
    "usage: mlpsweep predict STORE --data FILE [-o FILE] [--trial best|N] [--ensemble]\n"
    "\n"
    "Answers new rows with a network that the sweep kept (\"keep_best\" in the sweep file, or\n"
    "mlpsweep refit), after the preprocessing of training. FILE is of the kind that was trained\n"
    "on: CSV (columns are found by name), .npy, .npz, IDX images, SQLite, svmlight. Writes CSV: a\n"
    "line a row with its number from 0, the class and the probability of each, or the value.\n"
    "Where FILE has the target, too, the metrics of training are printed.\n";

static const char examples[] =
    "mlpsweep predict results.db --data new.csv -o predictions.csv\n"
    "mlpsweep predict results.db --trial 12 --ensemble --data new.csv  # the mean of its networks\n"
    "mlpsweep predict results.db --data x.npy --targets y.npy          # and the metrics\n"
    "mlpsweep predict results.db --data new.db --query 'SELECT * FROM t ORDER BY id'\n"
    "mlpsweep predict results.db --part validation                     # the sweep's own rows\n";

struct arguments {
    const char *sweep, *trial, *output;
    struct ms_predict_request rows;
    int part, execution;
    bool refit, ensemble, force;
};

struct work {
    const struct arguments *a;
    const struct ms_predict_engine *engine;
    struct ms_show show;
    uint32_t trial;
    struct ms_model *model; // (n)
    int n;
    struct ms_predict_rows rows;
    double *mean, *sd; // (rows, outputs); sd while it grows: sums of squares; NULL: one network
    double *outputs;   // of one network
};

// ---- networks ------------------------------------------------------------------------------------

static int choose_trial(struct work *w, struct ms_error *err)
{
    const char *word = w->a->trial ? w->a->trial : "best";
    if (strcmp(word, "best") != 0)
        return ms_show_trial(&w->show, word, &w->trial, err);
    int status = ms_show_rank(&w->show, -1, -1, err);
    if (!status && ms_show_scored(&w->show) == 0)
        status =
            ms_fail(err, MS_ESTATE, "no trial of sweep '%s' has a result yet", w->show.sweep.name);
    if (!status)
        w->trial = w->show.rank[0].trial;
    return status;
}

// The executions to load: one, or all whose weights are there. *n: how many.
static int list_executions(struct work *w, int64_t **out, int *n, struct ms_error *err)
{
    struct ms_store_models models;
    int status = ms_store_models(w->show.store, w->show.sweep.id, w->trial, &models, err);
    if (status)
        return status;
    *n = 0;
    *out = malloc(((size_t)models.n + 1) * sizeof **out);
    if (!*out)
        status = ms_no_memory(err, "%d networks", models.n);
    for (int i = 0; !status && w->a->ensemble && i < models.n; i++)
        if (models.item[i].there && models.item[i].refit == w->a->refit)
            (*out)[(*n)++] = models.item[i].execution;
    if (!status && *n == 0) // loading says what is missing
        (*out)[(*n)++] = w->a->execution;
    ms_store_models_clear(&models);
    return status;
}

static int load(struct work *w, struct ms_error *err)
{
    int64_t *execution = NULL;
    int n = 0;
    const enum ms_model_kind kind = w->a->refit ? MS_MODEL_REFIT : MS_MODEL_KEPT;
    if (w->a->ensemble && w->a->execution >= 0)
        return ms_fail(err, MS_EINVAL, "--ensemble: takes all executions; --execution takes one");
    int status = choose_trial(w, err);
    if (!status)
        status = list_executions(w, &execution, &n, err);
    if (!status)
        w->model = calloc((size_t)n, sizeof *w->model);
    if (!status && !w->model)
        status = ms_no_memory(err, "%d networks", n);
    for (int i = 0; !status && i < n; i++) {
        status = ms_model_load(w->show.store, &w->show.sweep, w->trial, execution[i], kind,
                               &w->model[w->n], err);
        w->n += !status;
    }
    free(execution);
    if (!status && w->n > 1 && w->a->rows.part != MS_PREDICT_NEW && w->model[0].data.n_folds > 0)
        status = ms_fail(err, MS_EINVAL,
                         "--ensemble: every execution has another fold; --part takes one of them");
    return status;
}

// ---- what is said --------------------------------------------------------------------------------

static void say_model(const struct ms_model *m)
{
    char sweep[sizeof m->sweep];
    snprintf(sweep, sizeof sweep, "%s", m->sweep);
    fprintf(stderr, "trial %u, execution %u of sweep '%s', %s %lld epochs\n", m->trial,
            m->execution, ms_printable(sweep, '?', ""),
            m->kind == MS_MODEL_REFIT ? "refitted for" : "as it was after", (long long)m->epoch);
}

// The sweep's own rows, but other bytes than it was trained on: metrics may differ.
static void say_changes(const struct work *w)
{
    const struct ms_data_info *now = &w->rows.info, *was = &w->model[0].data;
    for (size_t i = 0; i < now->n_files; i++) {
        bool same = false;
        for (size_t k = 0; k < was->n_files; k++)
            same = same || strcmp(now->file[i].sha256, was->file[k].sha256) == 0;
        if (!same)
            fprintf(stderr, "note: %s is not the file that was trained on: its bytes differ\n",
                    ms_printable(now->file[i].path, '?', ""));
    }
}

static void say_rows(const struct work *w)
{
    char count[32];
    size_t holes = 0;
    const struct ms_predict_rows *r = &w->rows;
    if (w->a->rows.part != MS_PREDICT_NEW)
        say_changes(w);
    for (size_t i = 0; i < r->info.n_notes; i++) {
        char *text = r->info.note[i].text;
        fprintf(stderr, "note: %s\n", ms_printable(text, '?', ""));
    }
    for (uint32_t i = 0; r->later.hole && i < r->n; i++)
        holes += r->later.hole[r->row[i]];
    if (holes)
        fprintf(stderr,
                "note: %s row%s no answer: an input is missing, and training left such rows out\n",
                ms_words_count((int64_t)holes, count, sizeof count),
                holes == 1 ? " has" : "s have");
}

// "loss 0.25, accuracy 0.9"
static void say_metrics(const struct ms_model *m, const double *value)
{
    char name[64], number[40];
    for (int i = 0; i < m->config->n_metrics; i++)
        fprintf(stderr, "%s%s %s", i ? ", " : "",
                ms_metric_name(2 * m->config->metrics[i], name, sizeof name),
                ms_number_text(value[i], number, sizeof number));
}

// Validation rows again: are the metrics those of the training?
static void say_stored(const struct ms_model *m, const double *value)
{
    char name[64], number[40];
    int other = 0, same = 0;
    for (int i = 0; i < m->config->n_metrics; i++) {
        ms_metric_name(2 * m->config->metrics[i] + 1, name, sizeof name);
        for (int k = 0; k < m->n_metrics; k++) {
            const double was = m->metric[k].value;
            if (strcmp(m->metric[k].name, name) != 0)
                continue;
            const bool equal = was == value[i] || (isnan(was) && isnan(value[i]));
            same += equal;
            if (!equal)
                fprintf(stderr, "%s%s %s", other++ ? ", " : "; in the store ", name,
                        ms_number_text(was, number, sizeof number));
        }
    }
    if (same && !other)
        fprintf(stderr, "; the same as in the store");
}

static void say_result(const struct work *w, const struct ms_model *m, const double *value)
{
    char count[32];
    if (w->rows.later.no_target[0] || w->rows.later.hole)
        return;
    say_metrics(m, value);
    fprintf(stderr, " on %s%s%s row%s", ms_words_count(w->rows.n, count, sizeof count),
            w->a->rows.part == MS_PREDICT_NEW ? "" : " ",
            w->a->rows.part == MS_PREDICT_NEW ? "" : ms_predict_part_names[w->a->rows.part],
            w->rows.n == 1 ? "" : "s");
    if (w->a->rows.part == MS_PREDICT_VALIDATION && m->kind == MS_MODEL_KEPT)
        say_stored(m, value);
    if (w->a->rows.part == MS_PREDICT_VALIDATION && m->kind == MS_MODEL_REFIT)
        fprintf(stderr, "; the refit has trained on them");
    fputc('\n', stderr);
}

// ---- answers -------------------------------------------------------------------------------------

static int make_room(struct work *w, struct ms_error *err)
{
    const size_t n = (size_t)w->rows.n * (size_t)w->model[0].n_outputs + 1;
    w->mean = calloc(n, sizeof *w->mean);
    w->outputs = malloc(n * sizeof *w->outputs);
    w->sd = w->n > 1 ? calloc(n, sizeof *w->sd) : NULL;
    return w->mean && w->outputs && (w->sd || w->n == 1)
               ? 0
               : ms_no_memory(err, "the answers to %u rows", w->rows.n);
}

// Welford's update of mean and squares by the k-th network (from 1).
static void add(struct work *w, int k)
{
    const size_t n = (size_t)w->rows.n * (size_t)w->model[0].n_outputs;
    for (size_t i = 0; i < n; i++) {
        const double off = w->outputs[i] - w->mean[i];
        w->mean[i] += off / k;
        if (w->sd)
            w->sd[i] += off * (w->outputs[i] - w->mean[i]);
    }
    for (size_t i = 0; w->sd && k == w->n && i < n; i++)
        w->sd[i] = sqrt(w->sd[i] / (k - 1));
}

static int answer(struct work *w, const struct ms_model *m, int k, struct ms_error *err)
{
    double value[MS_MAX_METRICS];
    void *block;
    size_t size;
    struct ms_dataset d;
    int status = ms_dataset_apply(&m->data, m->execution, &w->rows.later.raw, w->rows.row,
                                  w->rows.n, &block, &size, err);
    if (status)
        return status;
    status = ms_dataset_view(block, size, &d, err);
    if (!status)
        status = w->engine->evaluate(m, ms_sweep_threads(m->text), &d, w->rows.n, w->outputs, value,
                                     err);
    free(block);
    if (status)
        return status;
    add(w, k);
    say_model(m);
    say_result(w, m, value);
    return 0;
}

static int answer_all(struct work *w, FILE *out, struct ms_error *err)
{
    int status = load(w, err);
    if (!status)
        status = ms_predict_rows_read(&w->a->rows, &w->model[0], &w->rows, err);
    if (!status)
        status = make_room(w, err);
    if (status)
        return status;
    say_rows(w);
    for (int i = 0; i < w->n && !status; i++)
        status = answer(w, &w->model[i], i + 1, err);
    if (!status && w->rows.later.no_target[0])
        fprintf(stderr, "no metrics: %s\n", w->rows.later.no_target);
    const struct ms_predict_answers answers = {
        .model = &w->model[0], .rows = &w->rows, .mean = w->mean, .sd = w->sd};
    if (!status)
        ms_predict_write(out, &answers);
    return status;
}

static int predict(struct work *w, const char *store, struct ms_error *err)
{
    struct ms_outfile to;
    int status = w->engine->settle(err);
    if (!status)
        status = ms_show_open(&w->show, store, w->a->sweep, err);
    if (!status)
        status = ms_outfile_open(&to, w->a->output, w->a->force, err);
    return status ? status : ms_outfile_end(&to, answer_all(w, to.file, err), err);
}

static void clear(struct work *w)
{
    for (int i = 0; i < w->n; i++)
        ms_model_clear(&w->model[i]);
    free(w->model);
    ms_predict_rows_clear(&w->rows);
    free(w->mean);
    free(w->sd);
    free(w->outputs);
    ms_show_close(&w->show);
}

// ---- the command ---------------------------------------------------------------------------------

// Reads the options into *a, whose texts are the caller's. As ms_options_read.
static int read_arguments(struct arguments *a, int argc, char **argv, const char **words)
{
    const struct ms_option options[] = {
        {"data", MS_OPT_TEXT, &a->rows.data, "FILE", 0,
         "the rows, of the kind that was trained on"},
        {"output", MS_OPT_TEXT, &a->output, "FILE", 0,
         "where to write; - is standard output (default)"},
        {"force", MS_OPT_FLAG, &a->force, NULL, 0, "replace what is there"},
        {"trial", MS_OPT_TEXT, &a->trial, "best|N", 0, "whose network (default best)"},
        {"execution", MS_OPT_INT, &a->execution, NULL, 0,
         "of the trial (default: its best that was kept)"},
        {"refit", MS_OPT_FLAG, &a->refit, NULL, 0, "the network of mlpsweep refit"},
        {"ensemble", MS_OPT_FLAG, &a->ensemble, NULL, 0,
         "the mean of all networks kept of the trial, with their standard deviation"},
        {"part", MS_OPT_CHOICE, &a->part, "new|training|validation|test", 0,
         "rows of the sweep's own data instead, as they were split; --data is then the training "
         "file, if it has moved"},
        {"targets", MS_OPT_TEXT, &a->rows.targets, "FILE", 0, "of npy: the rows' targets"},
        {"table", MS_OPT_TEXT, &a->rows.table, "NAME", 0, "of sqlite: the table of the rows"},
        {"query", MS_OPT_TEXT, &a->rows.query, "SQL", 0, "of sqlite: the query of the rows"},
        {"unseen", MS_OPT_CHOICE, &a->rows.unseen, "refuse|ignore", 0,
         "categories that training did not have (default: data.unseen)"},
        ms_show_sweep_option(&a->sweep),
    };
    const struct ms_syntax syntax = {"predict", usage, options, sizeof options / sizeof *options,
                                     1,         1,     "store", examples};
    return ms_options_read(&syntax, argc, argv, words);
}

int ms_predict_command(int argc, char **argv, const struct ms_predict_engine *engine)
{
    struct arguments a = {.execution = -1, .rows.unseen = -1};
    struct work w = {.a = &a, .engine = engine};
    struct ms_error err = {0};
    const char *words[1];
    const int n = read_arguments(&a, argc, argv, words);
    if (n < 0)
        return -1 - n;
    a.rows.part = (enum ms_predict_part)a.part;
    const int status = predict(&w, words[0], &err);
    clear(&w);
    return ms_show_exit("predict", status, &err);
}
