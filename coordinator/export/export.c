// SPDX-License-Identifier: MIT
//
// mlpsweep export: the table of formats, and the command. What is written appears whole or not at
// all (mlpsweep/outfile.h), and the store is only read.
#include "export.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "coordinator/show/show.h"
#include "mlpsweep/memory.h"
#include "mlpsweep/options.h"
#include "mlpsweep/utf8.h"
#include "mlpsweep/words.h"

static const struct ms_export_format formats[] = {
    {"csv", "a table: one row a trial, an execution or an epoch", NULL, false, ms_export_csv, NULL},
    {"json", "one document: sweep, data, run, trials, executions, curves", NULL, false,
     ms_export_json, NULL},
    {"optuna", "a study of Optuna 3.2 to 5.0, for optuna.load_study and optuna-dashboard",
     ".optuna.db", false, ms_export_optuna, NULL},
    {"tensorboard", "event files with scalars and hyperparameters, for tensorboard --logdir",
     "-tensorboard", true, ms_export_tensorboard, NULL},
    {"mlflow", "runs as MLflow's file store keeps them, for mlflow ui", "-mlruns", true,
     ms_export_mlflow, NULL},
    {"safetensors", "a trained network, and a Python module for NumPy, PyTorch and Keras",
     ".safetensors", false, NULL, ms_export_safetensors},
    {"onnx", "a trained network with its preprocessing, for onnxruntime and others", ".onnx", false,
     NULL, ms_export_onnx},
    {"c", "a trained network with its preprocessing as one C header", ".h", false, NULL,
     ms_export_c},
};
enum { N_FORMATS = sizeof formats / sizeof *formats };

static const char usage[] =
    "usage: mlpsweep export STORE [--format FORMAT] [-o PATH] [--sweep NAME] [--force]\n"
    "       mlpsweep export STORE --format safetensors|onnx|c [--trial best|N] [--execution N] "
    "[--refit] …\n"
    "\n"
    "Writes the results of a sweep, or a trained network, for other programs. Formats:\n";

static const char examples[] =
    "mlpsweep export results.db > trials.csv                # one row a trial\n"
    "mlpsweep export results.db --table epochs -o epochs.csv\n"
    "mlpsweep export results.db --table all -o tables       # three tables in a folder\n"
    "mlpsweep export results.db --format onnx -o best.onnx  # the best trial's network\n"
    "mlpsweep export results.db --format safetensors --trial 12 -o model.safetensors\n";

struct arguments {
    int format, table; // table -1: not given
    const char *output;
    struct ms_export_which which;
    bool force;
};

static int open_sweep(struct ms_export *e, const char *path, const struct arguments *a,
                      struct ms_error *err)
{
    *e = (struct ms_export){.table = a->table < 0 ? MS_TABLE_TRIALS : a->table};
    int status = ms_store_open_read(path, &e->store, err);
    if (!status)
        status = ms_store_find(e->store, a->which.sweep, &e->sweep, err);
    if (!status)
        status = ms_trial_table_read(e->store, &e->sweep, &e->trials, err);
    if (!status)
        status = ms_export_columns(&e->trials, &e->column, err);
    if (!status)
        status = ms_store_metrics(e->store, e->sweep.id, &e->metrics, err);
    if (!status && e->trials.sweep && ms_sweep_goals(e->trials.sweep)->n > 1)
        status = ms_store_goal_values(e->store, e->sweep.id, &e->goals, err);
    return status;
}

static void close_sweep(struct ms_export *e)
{
    free(e->column);
    ms_store_goal_values_clear(&e->goals);
    ms_store_names_clear(&e->metrics);
    ms_trial_table_clear(&e->trials);
    (void)ms_store_close(e->store, NULL);
}

// The store's name with the format's suffix in place of ".db", in the folder where one is.
static char *default_output(const char *store, const char *suffix)
{
    const char *name = strrchr(store, '/') ? strrchr(store, '/') + 1 : store;
    const char *dot = strrchr(name, '.');
    const size_t n = dot && dot > name ? (size_t)(dot - name) : strlen(name);
    char *out = NULL;
    return asprintf(&out, "%.*s%s", (int)n, name, suffix) < 0 ? NULL : out;
}

static int not_the_store(const char *output, const char *store, struct ms_error *err)
{
    struct stat a, b;
    if (stat(output, &a) == 0 && stat(store, &b) == 0 && a.st_dev == b.st_dev &&
        a.st_ino == b.st_ino)
        return ms_fail(err, MS_EINVAL, "%s: is the store itself", output);
    return 0;
}

static int write_output(struct ms_export *e, const struct ms_export_format *f,
                        const struct arguments *a, const char *output, struct ms_error *err)
{
    struct ms_outfile to;
    const bool folder = f->folder || e->table == MS_TABLE_ALL;
    int status = folder ? ms_outfile_folder(&to, output, a->force, err)
                        : ms_outfile_open(&to, output, a->force, err);
    if (status)
        return status;
    ms_export_catch_signals();
    status = f->write(e, &to, err);
    return ms_outfile_end(&to, status, err);
}

static int tables(const char *store, const struct ms_export_format *f, const struct arguments *a,
                  const char *output, struct ms_error *err)
{
    struct ms_export e = {0};
    int status = open_sweep(&e, store, a, err);
    if (!status)
        status = write_output(&e, f, a, output, err);
    if (!status && strcmp(output, "-") != 0) {
        char name[sizeof e.sweep.name];
        snprintf(name, sizeof name, "%s", e.sweep.name);
        printf("%s: %lld trial%s of sweep '%s' as %s\n", output, (long long)e.trials.n,
               e.trials.n == 1 ? "" : "s", ms_printable(name, '?', ""), f->name);
    }
    close_sweep(&e);
    return status;
}

// Options that the format has no use for.
static int check_options(const struct ms_export_format *f, const struct arguments *a,
                         struct ms_error *err)
{
    const struct ms_export_which *w = &a->which;
    if (a->table >= 0 && f->write != ms_export_csv)
        return ms_fail(err, MS_EINVAL, "--table: belongs to --format csv");
    if (a->table == MS_TABLE_ALL && !a->output)
        return ms_fail(err, MS_EINVAL, "--table all: writes a folder; name it with -o");
    if (!f->model && (w->trial || w->execution >= 0 || w->refit))
        return ms_fail(err, MS_EINVAL,
                       "--%s: belongs to a trained network: --format safetensors, onnx or c",
                       w->trial            ? "trial"
                       : w->execution >= 0 ? "execution"
                                           : "refit");
    return 0;
}

static int export(const char *store, const struct arguments *a, struct ms_error *err)
{
    const struct ms_export_format *f = &formats[a->format];
    int status = check_options(f, a, err);
    if (status)
        return status;
    char *chosen = a->output   ? strdup(a->output)
                   : f->suffix ? default_output(store, f->suffix)
                               : strdup("-");
    status = chosen ? not_the_store(chosen, store, err) : ms_no_memory(err, "a name");
    if (!status)
        status = f->model ? ms_export_model(store, f, &a->which, chosen, a->force, err)
                          : tables(store, f, a, chosen, err);
    free(chosen);
    return status;
}

int ms_export_command(int argc, char **argv)
{
    static char choices[200], help[2000];
    struct arguments a = {.table = -1, .which.execution = -1};
    const char *words[1];
    choices[0] = '\0';
    snprintf(help, sizeof help, "%s", usage);
    for (int i = 0; i < N_FORMATS; i++) {
        ms_words_append(choices, sizeof choices, "%s%s", i ? "|" : "", formats[i].name);
        ms_words_append(help, sizeof help, "  %-12s %s\n", formats[i].name, formats[i].doc);
    }
    const struct ms_option options[] = {
        {.name = "format",
         .kind = MS_OPT_CHOICE,
         .to = &a.format,
         .choices = choices,
         .doc = "what to write (default csv)"},
        {.name = "output",
         .kind = MS_OPT_TEXT,
         .to = &a.output,
         .choices = "PATH",
         .doc = "the file or folder to write; - is standard output (default: of csv and json "
                "standard output, else\n"
                "      the store's name with the format's ending)"},
        {.name = "table",
         .kind = MS_OPT_CHOICE,
         .to = &a.table,
         .choices = "trials|executions|epochs|all",
         .doc = "of csv: one row a trial, an execution or an epoch (default trials); all: a folder "
                "with the three"},
        {.name = "trial",
         .kind = MS_OPT_TEXT,
         .to = &a.which.trial,
         .choices = "best|N",
         .doc = "whose network (default best)"},
        {.name = "execution",
         .kind = MS_OPT_INT,
         .to = &a.which.execution,
         .doc = "of the trial (default: the best that was kept)"},
        {.name = "refit",
         .kind = MS_OPT_FLAG,
         .to = &a.which.refit,
         .doc = "the network that mlpsweep refit has trained"},
        ms_show_sweep_option(&a.which.sweep),
        {.name = "force", .kind = MS_OPT_FLAG, .to = &a.force, .doc = "replace what is there"},
    };
    const struct ms_syntax syntax = {"export", help, options, sizeof options / sizeof *options,
                                     1,        1,    "store", examples};
    const int n = ms_options_read(&syntax, argc, argv, words);
    if (n < 0)
        return -1 - n;
    struct ms_error err = {0};
    const int status = export(words[0], &a, &err);
    const int code = ms_show_exit("export", status, &err);
    return status == MS_ESTOPPED ? MS_EXIT_INTERRUPTED : code;
}
