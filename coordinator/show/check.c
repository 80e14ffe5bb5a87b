// SPDX-License-Identifier: MIT
//
// mlpsweep check SWEEP…: validates sweep files and does nothing else. Data files are not read.
// mlpsweep check --fields: lists everything that a sweep file may contain.
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"
#include "commands.h"
#include "mlpsweep/options.h"
#include "mlpsweep/stages.h"
#include "mlpsweep/sweep.h"

// min(max_trials, all there are); 0: no limit, in a continuous space.
static uint64_t planned_trials(const struct ms_sweep *s)
{
    uint64_t size = ms_sweep_is_ablation(s) ? (uint64_t)ms_sweep_ablation_trials(s)
                                            : ms_space_size(ms_sweep_space(s));
    uint64_t most = (uint64_t)ms_sweep_search(s)->max_trials;
    return most == 0 || (size > 0 && size < most) ? size : most;
}

static void print_counts(const char *what, const struct ms_sweep *s)
{
    const struct ms_search *search = ms_sweep_search(s);
    int n = ms_sweep_space(s)->n, executions = search->executions_per_trial;
    uint64_t trials = planned_trials(s);
    printf("%s: %d parameter%s, %" PRIu64 " trial%s (%s), %d execution%s each\n", what, n,
           n == 1 ? "" : "s", trials, trials == 1 ? "" : "s",
           ms_table_row(&ms_search_sampler_table, search->method.row)->name, executions,
           executions == 1 ? "" : "s");
}

// The later stages, as they would be if the first trial of each stage won.
static int print_stages(const struct ms_sweep *first)
{
    const struct ms_sweep *before = first;
    struct ms_sweep *made = NULL;
    double *point = calloc(MS_MAX_PARAMS, sizeof *point);
    struct ms_error err;
    int n = ms_sweep_stages(first), status = point ? 0 : ms_no_memory(&err, "a point");
    for (int i = 0; i < n && !status; i++) {
        struct ms_sweep *next = NULL;
        if (i > 0) {
            ms_sweep_stand_in(before, point);
            status = ms_sweep_stage(first, i, before, point, &next, &err);
            ms_sweep_free(made);
            made = next;
            before = next;
        }
        char what[300];
        snprintf(what, sizeof what, "  %s", status ? "" : ms_sweep_name(before));
        if (!status)
            print_counts(what, before);
    }
    if (status)
        fprintf(stderr, "%s\n", err.text);
    ms_sweep_free(made);
    free(point);
    return status;
}

static int print_sweep(const char *path, const struct ms_sweep *s)
{
    char what[4200];
    snprintf(what, sizeof what, "%s: ok", path);
    if (ms_sweep_stages(s) == 1) {
        print_counts(what, s);
        return 0;
    }
    printf("%s: %d stages; if the first trial of each wins:\n", what, ms_sweep_stages(s));
    return print_stages(s);
}

static int check_file(const char *path)
{
    struct ms_error err;
    struct ms_sweep_problems problems;
    struct ms_sweep *sweep;
    char *text;
    size_t len;
    if (ms_sweep_read(path, &text, &len, &err) < 0) {
        fprintf(stderr, "%s\n", err.text);
        return MS_EXIT_REFUSED;
    }
    int status = ms_sweep_parse(path, text, len, &sweep, &problems);
    for (int i = 0; i < problems.n; i++)
        fprintf(stderr, "%s:%d: %s\n", path, problems.item[i].line, problems.item[i].text);
    if (status == 0)
        status = print_sweep(path, sweep);
    ms_sweep_free(sweep);
    ms_sweep_problems_clear(&problems);
    free(text);
    return status == 0 ? MS_EXIT_OK : MS_EXIT_REFUSED;
}

static const char examples[] = "mlpsweep check sweep.json         # all of its errors at once\n"
                               "mlpsweep check --fields | less    # every field, default and row\n";

static const char usage[] =
    "usage: mlpsweep check SWEEP… | --fields\n\n"
    "Validates sweep files, every error at once, and does nothing else; data files are not read.\n";

int ms_show_check_command(int argc, char **argv)
{
    bool fields = false;
    const struct ms_option options[] = {
        {"fields", MS_OPT_FLAG, &fields, NULL, 0, "list everything that a sweep file may contain"},
    };
    const struct ms_syntax syntax = {"check", usage, options, 1, 0, argc, "sweep file", examples};
    const char **path = calloc((size_t)argc + 1, sizeof *path);
    if (!path) {
        fprintf(stderr, "mlpsweep check: out of memory\n");
        return MS_EXIT_REFUSED;
    }
    int n = ms_options_read(&syntax, argc, argv, path), status = n < 0 ? -1 - n : MS_EXIT_OK;
    if (n == 0 && !fields) {
        fprintf(stderr, "mlpsweep check: no sweep file given; %.*s\n", (int)strcspn(usage, "\n"),
                usage);
        status = MS_EXIT_REFUSED;
    }
    if (n >= 0 && fields && ms_sweep_print_fields(stdout) != 0)
        status = MS_EXIT_REFUSED;
    for (int i = 0; i < n; i++)
        if (check_file(path[i]) != MS_EXIT_OK)
            status = MS_EXIT_REFUSED;
    free(path);
    if (fflush(stdout) != 0) {
        fprintf(stderr, "mlpsweep check: standard output: %s\n", strerror(errno));
        return MS_EXIT_REFUSED;
    }
    return status;
}
