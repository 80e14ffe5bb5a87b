// SPDX-License-Identifier: MIT
#include "cli.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/table.h"
#include "coordinator/show/text.h"

#ifndef MS_VERSION
#define MS_VERSION "0"
#endif

static const struct ms_command commands[] = {
    {"run", "SWEEP", "train the sweep's trials; continues where its store stands", NULL},
    {"check", "SWEEP… | --fields", "validate sweep files, every error at once; list all fields",
     ms_cmd_check},
    {"plan", "SWEEP", "dry run: trials, parameters, memory, FLOPs, time", NULL},
    {"status", "STORE", "how far a sweep is, also while it runs", ms_cmd_status},
    {"rank", "STORE", "rank the trials and say which cannot be told apart", ms_cmd_rank},
    {"show", "STORE [TRIAL]", "everything about one trial", ms_cmd_show},
    {"curves", "STORE [TRIAL…]", "the metrics of every epoch", ms_cmd_curves},
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
        fprintf(out, "  %-6s %s%*s %s\n", c->name, c->synopsis, 18 - ms_text_width(c->synopsis), "",
                c->doc);
    }
    fprintf(out,
            "\nA sweep is a JSON file; its results go into a store, an SQLite file.\n"
            "mlpsweep COMMAND --help tells a command's options; mlpsweep --version the version.\n"
            "On a cluster: mpirun -n 65 mlpsweep run sweep.json (rank 0 coordinates, 64 train).\n"
            "Exit status: 0 finished, 1 finished with failed trials, 2 refused, 3 interrupted\n"
            "but resumable by the same command.\n");
}

static int run_command(const struct ms_command *c, int argc, char **argv,
                       const struct ms_linked *linked, int n_linked)
{
    if (c->run)
        return c->run(argc, argv);
    for (int i = 0; i < n_linked; i++)
        if (strcmp(linked[i].name, c->name) == 0)
            return linked[i].run(argc, argv);
    fprintf(stderr, "mlpsweep: this program was built without '%s'\n", c->name);
    return MS_EXIT_REFUSED;
}

int ms_cli(int argc, char **argv, const struct ms_linked *linked, int n_linked)
{
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
            return run_command(&commands[i], argc - 1, argv + 1, linked, n_linked);
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

// The index of word in "a|b|c", or -1.
static int choice_index(const char *choices, const char *word)
{
    int i = 0;
    size_t n = strlen(word);
    for (const char *c = choices; c; i++) {
        const char *end = strchr(c, '|');
        size_t len = end ? (size_t)(end - c) : strlen(c);
        if (len == n && memcmp(c, word, n) == 0)
            return i;
        c = end ? end + 1 : NULL;
    }
    return -1;
}

static int take(const struct ms_option *o, const char *value, struct ms_error *err)
{
    char *end = NULL;
    errno = 0;
    switch (o->kind) {
    case MS_OPT_TEXT:
        *(const char **)o->to = value;
        return 0;
    case MS_OPT_INT: {
        long v = strtol(value, &end, 10);
        if (errno || end == value || *end || (double)v < o->lo || v > 1000000000L)
            return ms_fail(err, MS_EINVAL, "--%s: found '%s'; allowed: a whole number from %g",
                           o->name, value, o->lo);
        *(int *)o->to = (int)v;
        return 0;
    }
    case MS_OPT_SECONDS: {
        double v = strtod(value, &end);
        if (errno || end == value || *end || !isfinite(v) || v < o->lo)
            return ms_fail(err, MS_EINVAL, "--%s: found '%s'; allowed: seconds from %g", o->name,
                           value, o->lo);
        *(double *)o->to = v;
        return 0;
    }
    case MS_OPT_CHOICE: {
        int v = choice_index(o->choices, value);
        if (v < 0)
            return ms_fail(err, MS_EINVAL, "--%s: found '%s'; allowed: %s", o->name, value,
                           o->choices);
        *(int *)o->to = v;
        return 0;
    }
    case MS_OPT_FLAG:
        break;
    }
    *(bool *)o->to = true;
    return 0;
}

static const struct ms_option *find_option(const struct ms_option *options, int n, const char *name,
                                           size_t len)
{
    for (int i = 0; i < n; i++)
        if (strlen(options[i].name) == len && memcmp(options[i].name, name, len) == 0)
            return &options[i];
    return NULL;
}

static int unknown_option(const struct ms_syntax *s, const char *arg, struct ms_error *err)
{
    const char *names[32];
    char all[512] = "--help";
    const int n = s->n_options < 32 ? s->n_options : 32;
    for (int i = 0; i < n; i++) {
        names[i] = s->options[i].name;
        const size_t used = strlen(all);
        snprintf(all + used, sizeof all - used, ", --%s", names[i]);
    }
    const char *near = ms_nearest(arg + strspn(arg, "-"), names, n);
    return ms_fail(err, MS_EINVAL, "unknown option '%s'; allowed: %s%s%s%s", arg, all,
                   near ? "; did you mean '--" : "", near ? near : "", near ? "'?" : "");
}

// The option at argv[*at], and its value, which may be the next word.
static int take_option(const struct ms_syntax *s, int argc, char **argv, int *at,
                       struct ms_error *err)
{
    const char *arg = argv[*at], *equals = strchr(arg, '=');
    if (arg[1] != '-')
        return unknown_option(s, arg, err);
    const size_t len = equals ? (size_t)(equals - arg - 2) : strlen(arg + 2);
    const struct ms_option *o = find_option(s->options, s->n_options, arg + 2, len);
    if (!o)
        return unknown_option(s, arg, err);
    const char *value = equals ? equals + 1 : NULL;
    if (o->kind == MS_OPT_FLAG && value)
        return ms_fail(err, MS_EINVAL, "--%s takes no value", o->name);
    if (o->kind != MS_OPT_FLAG && !value) {
        if (++*at == argc)
            return ms_fail(err, MS_EINVAL, "--%s: its value is missing", o->name);
        value = argv[*at];
    }
    return take(o, value, err);
}

static int read_arguments(const struct ms_syntax *s, int argc, char **argv, const char **words,
                          struct ms_error *err)
{
    int n = 0;
    bool options = true;
    for (int i = 1; i < argc; i++) {
        if (options && strcmp(argv[i], "--") == 0) {
            options = false;
        } else if (options && argv[i][0] == '-' && argv[i][1]) {
            const int status = take_option(s, argc, argv, &i, err);
            if (status)
                return status;
        } else if (n == s->most) {
            return ms_fail(err, MS_EINVAL, "one argument too many: '%s'", argv[i]);
        } else {
            words[n++] = argv[i];
        }
    }
    return n;
}

static void print_help(const struct ms_syntax *s)
{
    static const char *const values[] = {[MS_OPT_INT] = "N", [MS_OPT_SECONDS] = "SECONDS"};
    printf("%s\n", s->usage);
    for (int i = 0; i < s->n_options; i++) {
        const struct ms_option *o = &s->options[i];
        const char *value = o->kind == MS_OPT_FLAG ? "" : o->choices ? o->choices : values[o->kind];
        printf("  --%s%s%s\n      %s\n", o->name, *value ? " " : "", value, o->doc);
    }
    printf("  --help\n      this text\n");
}

int ms_arguments(const struct ms_syntax *s, int argc, char **argv, const char **words)
{
    struct ms_error err;
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            print_help(s);
            return -1 - MS_EXIT_OK;
        }
    const int n = read_arguments(s, argc, argv, words, &err);
    if (n >= s->least)
        return n;
    if (n < 0)
        fprintf(stderr, "mlpsweep %s: %s\n", s->command, err.text);
    else
        fprintf(stderr, "mlpsweep %s: no %s given; %.*s\n", s->command, s->what,
                (int)strcspn(s->usage, "\n"), s->usage);
    return -1 - MS_EXIT_REFUSED;
}
