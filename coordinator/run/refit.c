// SPDX-License-Identifier: MIT
//
// mlpsweep refit: the trial's configuration and the data set come from the stored sweep file, and
// the data must be those of the sweep. Everything is found and refused before the store is opened
// for writing; the store's lock keeps runs away while the network trains.
#include "refit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coordinator/show/show.h"
#include "coordinator/store/store.h"
#include "mlpsweep/compare.h"
#include "mlpsweep/memory.h"
#include "mlpsweep/metric.h"
#include "mlpsweep/weights.h"
#include "mlpsweep/words.h"
#include "runfile.h"

static const char examples[] =
    "mlpsweep refit results.db                       # the best trial, once\n"
    "mlpsweep refit results.db --trial 37 --executions 5\n";

static const char usage[] =
    "usage: mlpsweep refit STORE [--trial best|NUMBER] [--executions N] [--epochs N]\n\n"
    "Trains a trial again on its training and validation rows together, and keeps the network\n"
    "in the store beside those of the search. It trains for the median of the best epochs of the\n"
    "trial's executions; inputs and targets are scaled as in the search.\n";

struct refit {
    const char *path, *sweep, *word;
    int executions, epochs;
    ms_refit_with *with;

    struct ms_show show; // until the store is opened for writing
    uint32_t trial;
    struct ms_runfile file;
    struct ms_store *store;
    double *point;
    struct ms_config *config;
    char epochs_by[120]; // why so many
};

static int take_options(int argc, char **argv, struct refit *r)
{
    const struct ms_option options[] = {
        ms_show_sweep_option(&r->sweep),
        {"trial", MS_OPT_TEXT, &r->word, "best|NUMBER", 0, "the trial; default: best"},
        {"executions", MS_OPT_INT, &r->executions, NULL, 1,
         "networks to train, each with the seed of the execution of its number; default: 1"},
        {"epochs", MS_OPT_INT, &r->epochs, NULL, 1,
         "epochs to train; default: the median of its executions' best epochs"},
    };
    const struct ms_syntax syntax = {"refit", usage, options, sizeof options / sizeof *options,
                                     1,       1,     "store", examples};
    return ms_options_read(&syntax, argc, argv, &r->path);
}

// --- what is to be trained -------------------------------------------------------------

// The lower of the middle two, so that it is an epoch that was the best of an execution.
static int choose_epochs(struct refit *r, int64_t trial_id, struct ms_error *err)
{
    struct ms_execution_list list = {0};
    double *best = NULL;
    int n = 0, status = r->epochs ? 0 : ms_store_executions(r->show.store, trial_id, &list, err);
    if (!status && list.n > 0 && !(best = malloc(list.n * sizeof *best)))
        status = ms_no_memory(err, "%zu executions", (size_t)list.n);
    for (size_t i = 0; !status && i < (size_t)list.n; i++)
        if (!isnan(list.item[i].objective) && strcmp(list.item[i].purpose, "confirm") != 0)
            best[n++] = (double)list.item[i].best_epoch;
    if (!status && !r->epochs && n == 0)
        status = ms_fail(err, MS_EINVAL,
                         "trial %u has no execution with a result; --epochs says for how long to "
                         "train",
                         r->trial);
    if (!status && !r->epochs) {
        qsort(best, (size_t)n, sizeof *best, ms_compare_double);
        r->epochs = (int)best[(n - 1) / 2];
        ms_words_append(r->epochs_by, sizeof r->epochs_by,
                        n == 1 ? " (the best epoch of its execution)"
                               : " (the median of the best epochs of its %d executions)",
                        n);
    }
    free(best);
    ms_store_execution_list_clear(&list);
    return status;
}

// Data sets must be those that the sweep had, or the trial would be another one.
static int check_data(struct refit *r, struct ms_error *err)
{
    struct ms_data_sets was;
    char why[1000];
    int status = ms_store_data_sets(r->show.store, r->show.sweep.id, &was, err);
    for (int i = 0; !status && i < was.n && i < r->file.n_info; i++)
        if (ms_data_info_changed(&was.item[i], &r->file.info[i], why, sizeof why))
            status = ms_fail(err, MS_EINVAL, "%s; refit needs the data of the sweep", why);
    ms_store_data_sets_clear(&was);
    return status;
}

static int load(struct refit *r, struct ms_error *err)
{
    char *file, *text;
    int status = ms_store_sweep_text(r->show.store, r->show.sweep.id, &file, &text, err);
    if (status)
        return status;
    status = ms_runfile_of(&r->file, file, text, strlen(text), err);
    free(file);
    free(text);
    if (!status && ms_sweep_kind(r->file.sweep) != MS_KIND_TRAIN)
        return ms_fail(err, MS_EINVAL, "sweep '%s' trains no networks", r->show.sweep.name);
    return status ? status : check_data(r, err);
}

static int find(struct refit *r, struct ms_error *err)
{
    struct ms_trial_info info;
    int status = ms_show_open(&r->show, r->path, r->sweep, err);
    if (!status)
        status = ms_show_trial(&r->show, r->word ? r->word : "best", &r->trial, err);
    if (!status)
        status = ms_store_trial_info(r->show.store, r->show.sweep.id, r->trial, &info, err);
    if (!status)
        status = load(r, err);
    return status ? status : choose_epochs(r, info.id, err);
}

// Opens the store as its only writer, and makes the configuration.
static int take_store(struct refit *r, struct ms_error *err)
{
    const struct ms_sweep *sweep = r->file.sweep;
    const int64_t id = r->show.sweep.id;
    ms_show_close(&r->show);
    r->show = (struct ms_show){0};
    r->point = calloc((size_t)ms_sweep_space(sweep)->n + 1, sizeof *r->point);
    r->config = malloc(sizeof *r->config);
    if (!r->point || !r->config)
        return ms_no_memory(err, "a configuration");
    int status = ms_store_open(r->path, MS_JOURNAL_AUTO, &r->store, err);
    if (status)
        return status;
    ms_store_resume(r->store, sweep, id);
    const int got = ms_store_point(r->store, r->trial, r->point, err);
    if (got <= 0)
        return got < 0 ? got : ms_fail(err, MS_ESTATE, "trial %u is not in the store", r->trial);
    status = ms_sweep_config(sweep, r->point, r->config, err);
    return status ? status : ms_config_complete(r->config, &r->file.data[r->config->dataset], err);
}

// --- training --------------------------------------------------------------------------

static void say_metrics(const struct refit *r, const double *values, const char *prefix)
{
    for (int i = 0; i < r->config->n_metrics; i++) {
        char name[64];
        printf("%s%s%s %.5g", i ? ", " : "", prefix,
               ms_metric_name(2 * r->config->metrics[i], name, sizeof name), values[i]);
    }
}

static int train_one(struct refit *r, uint32_t execution, struct ms_error *err)
{
    const struct ms_dataset data = ms_dataset_fold(&r->file.data[r->config->dataset], execution);
    const struct ms_refit one = {.config = r->config,
                                 .data = &data,
                                 .seed = ms_sweep_seed(r->file.sweep),
                                 .trial = r->trial,
                                 .execution = execution,
                                 .epochs = r->epochs,
                                 .threads = ms_sweep_threads(r->file.sweep)};
    struct ms_refitted out;
    int status = r->with(&one, &out, err);
    if (status)
        return status;
    printf("execution %u: ", execution);
    say_metrics(r, out.train, "");
    if (out.tested)
        printf("; ");
    if (out.tested)
        say_metrics(r, out.test, "test ");
    printf("\n");
    fflush(stdout);
    ms_weights_to_bytes(out.weights, out.n_weights, (uint8_t *)out.weights);
    status = ms_store_put_model(r->store, r->trial, execution, true, r->epochs,
                                (const uint8_t *)out.weights, (int64_t)out.n_weights, err);
    if (!status)
        status = ms_store_commit(r->store, err);
    free(out.weights);
    return status;
}

static void say_begin(const struct refit *r)
{
    const struct ms_dataset *d = &r->file.data[r->config->dataset];
    const struct ms_config *c = r->config;
    char rows[32], train[32], val[32];
    printf("trial %u: %s rows", r->trial, ms_words_count(d->n_train + d->n_val, rows, sizeof rows));
    if (d->n_val > 0)
        printf(" (%s training, %s validation)", ms_words_count(d->n_train, train, sizeof train),
               ms_words_count(d->n_val, val, sizeof val));
    printf(", %d epoch%s%s\n", r->epochs, r->epochs == 1 ? "" : "s", r->epochs_by);
    if (c->early_stopping.monitor >= 0)
        printf("early_stopping is left out: the number of epochs is given\n");
    if (c->reduce_on_plateau.on && c->reduce_on_plateau.monitor % 2 == 1)
        printf("reduce_on_plateau is left out: it watches validation rows, and none are left\n");
}

static int run(struct refit *r, int (*settle)(struct ms_error *err), struct ms_error *err)
{
    int status = settle(err);
    if (!status)
        status = find(r, err);
    if (!status)
        status = take_store(r, err);
    if (!status)
        say_begin(r);
    for (int i = 0; !status && i < r->executions; i++)
        status = train_one(r, (uint32_t)i, err);
    if (!status)
        printf("kept in %s as refit%s of trial %u\n", r->path, r->executions == 1 ? "" : "s",
               r->trial);
    return status;
}

int ms_refit_command(int argc, char **argv, ms_refit_with *refit,
                     int (*settle)(struct ms_error *err))
{
    struct refit r = {.with = refit, .executions = 1};
    struct ms_error err = {0}, ignored;
    const int n = take_options(argc, argv, &r);
    if (n < 0)
        return -1 - n;
    int status = run(&r, settle, &err);
    ms_show_close(&r.show);
    const int closed = r.store ? ms_store_close(r.store, status ? &ignored : &err) : 0;
    ms_runfile_clear(&r.file);
    free(r.point);
    free(r.config);
    return ms_show_exit("refit", status ? status : closed, &err);
}
