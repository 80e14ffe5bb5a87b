// SPDX-License-Identifier: MIT
//
// The table of commands, and the program's own help. Names are compared here and nowhere else: the
// help, the dispatch and the nearest spelling of an unknown command all come from the table.
#include "cli.h"

#include <stdio.h>
#include <string.h>

#include "coordinator/export/export.h"
#include "coordinator/plot/plot.h"
#include "coordinator/report/report.h"
#include "coordinator/show/commands.h"
#include "coordinator/show/text.h"
#include "mlpsweep/options.h"
#include "mlpsweep/status.h"
#include "mlpsweep/table.h"

#ifndef MS_VERSION
#define MS_VERSION "0"
#endif

static const struct ms_command commands[] = {
    {"run", "SWEEP", "train the sweep's trials; continue where its store stands", NULL},
    {"check", "SWEEP… | --fields", "report all errors of sweep files at once; list all fields",
     ms_show_check_command},
    {"plan", "SWEEP", "dry run: trials, parameters, memory, FLOPs, time", NULL},
    {"status", "STORE", "show how far a sweep has come, also while it runs",
     ms_show_status_command},
    {"rank", "STORE", "rank the trials and say which cannot be told apart", ms_show_rank_command},
    {"show", "STORE [TRIAL]", "show everything about one trial", ms_show_trial_command},
    {"curves", "STORE [TRIAL…]", "show the metrics of every epoch", ms_show_curves_command},
    {"importance", "STORE", "say which parameters mattered, how, and which act together",
     ms_show_importance_command},
    {"refit", "STORE", "train a trial on training and validation rows, and keep it", NULL},
    {"report", "STORE…", "write a page for the browser that shows everything", ms_report_command},
    {"plot", "STORE KIND", "draw a picture: curves, history, parallel, …", ms_plot_command},
    {"predict", "STORE", "answer new rows with the best network", NULL},
    {"export", "STORE", "write the results for other programs: csv, json, …", ms_export_command},
    {"manual", "", "print the manual page: mlpsweep manual | man -l -", ms_manual_command},
    {"completion", "bash|zsh|fish", "print the completion of a shell", ms_completion_command},
};
enum { N_COMMANDS = sizeof commands / sizeof *commands };

static void usage(FILE *out)
{
    fprintf(out,
            "mlpsweep %s: hyperparameter sweeps of multi-layer perceptrons\n\n"
            "usage: mlpsweep COMMAND …\n\n",
            MS_VERSION);
    for (int i = 0; i < N_COMMANDS; i++) {
        const struct ms_command *c = &commands[i];
        fprintf(out, "  %-10s %s%*s %s\n", c->name, c->synopsis, 18 - ms_text_width(c->synopsis),
                "", c->doc);
    }
    fprintf(out,
            "\nA sweep is a JSON file; its results go into a store, an SQLite file.\n"
            "mlpsweep COMMAND --help lists a command's options; mlpsweep --version prints the "
            "version.\n"
            "On a cluster: mpirun -n 65 mlpsweep run sweep.json (rank 0 coordinates, 64 train).\n"
            "Exit status: 0 finished, 1 finished with failures, 2 refused, 3 interrupted\n"
            "but resumable by the same command.\n");
}

// Of main.c; kept for ms_cli_each.
static const struct ms_linked *linked;
static int n_linked;

static int run_command(const struct ms_command *c, int argc, char **argv)
{
    if (c->run)
        return c->run(argc, argv);
    for (int i = 0; i < n_linked; i++)
        if (strcmp(linked[i].name, c->name) == 0)
            return linked[i].run(argc, argv);
    fprintf(stderr, "mlpsweep: this program was built without '%s'\n", c->name);
    return MS_EXIT_REFUSED;
}

struct visit {
    ms_cli_visit each;
    void *ctx;
    const struct ms_command *command;
};

static void hear(void *ctx, const struct ms_syntax *s)
{
    const struct visit *v = ctx;
    v->each(v->ctx, v->command, s);
}

void ms_cli_each(ms_cli_visit each, void *ctx)
{
    for (int i = 0; i < N_COMMANDS; i++) {
        struct visit v = {each, ctx, &commands[i]};
        char name[32], *argv[] = {name, NULL};
        snprintf(name, sizeof name, "%s", commands[i].name);
        ms_options_listen(hear, &v);
        run_command(&commands[i], 1, argv);
        ms_options_listen(NULL, NULL);
    }
}

int ms_cli(int argc, char **argv, const struct ms_linked *of_main, int n_of_main)
{
    linked = of_main;
    n_linked = n_of_main;
    const char *word = argc > 1 ? argv[1] : "--help";
    char help[] = "--help", *of[] = {argv[0], argc > 2 ? argv[2] : NULL, help, NULL};
    if (argc > 2 && strcmp(word, "help") == 0) // help rank: rank --help
        return ms_cli(3, of, linked, n_linked);
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0) {
        usage(argc > 1 ? stdout : stderr);
        return argc > 1 ? MS_EXIT_OK : MS_EXIT_REFUSED;
    }
    if (strcmp(word, "--version") == 0) {
        printf("mlpsweep %s\n", MS_VERSION);
        return MS_EXIT_OK;
    }
    const char *names[N_COMMANDS];
    for (int i = 0; i < N_COMMANDS; i++) {
        names[i] = commands[i].name;
        if (strcmp(word, commands[i].name) == 0)
            return run_command(&commands[i], argc - 1, argv + 1);
    }
    const char *near = ms_nearest(word, names, N_COMMANDS);
    fprintf(stderr, "mlpsweep: unknown command '%s'; allowed:", word);
    for (int i = 0; i < N_COMMANDS; i++)
        fprintf(stderr, "%s %s", i ? "," : "", names[i]);
    if (near)
        fprintf(stderr, "; did you mean '%s'?", near);
    fputc('\n', stderr);
    return MS_EXIT_REFUSED;
}
