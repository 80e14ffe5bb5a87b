// SPDX-License-Identifier: MIT
//
// What the formats share: parameters as columns, one trial with its executions and epochs, and
// Ctrl-C, which ends the loop over trials.
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "export.h"
#include "mlpsweep/memory.h"

int ms_export_columns(const struct ms_trial_table *t, struct ms_export_column **out,
                      struct ms_error *err)
{
    struct ms_export_column *c = calloc((size_t)t->n_params + 1, sizeof *c);
    if (!c)
        return ms_no_memory(err, "%d parameters", t->n_params);
    for (int i = t->n_params - 1; i >= 0; i--) {
        c[i] = (struct ms_export_column){true, -1};
        for (int k = i + 1; k < t->n_params && c[i].next < 0; k++)
            if (c[k].first && strcmp(t->param[i].name, t->param[k].name) == 0)
                c[i].next = k;
        if (c[i].next >= 0)
            c[c[i].next].first = false;
    }
    *out = c;
    return 0;
}

int ms_export_in_force(const struct ms_export *e, int64_t row, int param)
{
    const double *value = e->trials.value + row * e->trials.n_params;
    while (param >= 0 && isnan(value[param]))
        param = e->column[param].next;
    return param;
}

double ms_export_goal(const struct ms_export *e, int64_t row, int k)
{
    const struct ms_goal_values *g = &e->goals;
    if (g->goals.n == 0)
        return e->trials.rank[row].mean;
    int64_t lo = 0, hi = g->n;
    const uint32_t trial = e->trials.row[row].trial;
    while (lo < hi) {
        const int64_t middle = (lo + hi) / 2;
        if (g->trial[middle] < trial)
            lo = middle + 1;
        else
            hi = middle;
    }
    return lo < g->n && g->trial[lo] == trial ? g->value[lo * g->goals.n + k] : NAN;
}

void ms_export_trial_clear(struct ms_export_trial *t)
{
    ms_store_execution_list_clear(&t->executions);
    ms_store_epoch_table_clear(&t->epochs);
    ms_store_test_list_clear(&t->tests);
}

int ms_export_trial(struct ms_export *e, int64_t row, struct ms_export_trial *out,
                    struct ms_error *err)
{
    const struct ms_trial_row *trial = &e->trials.row[row];
    *out = (struct ms_export_trial){0};
    int status = ms_export_stopped(err);
    if (!status)
        status = ms_store_executions(e->store, trial->id, &out->executions, err);
    if (!status && e->metrics.n > 0)
        status = ms_store_epoch_table(e->store, e->sweep.id, trial->trial, &e->metrics,
                                      &out->epochs, err);
    if (!status)
        status = ms_store_tests(e->store, trial->id, &out->tests, err);
    if (status)
        ms_export_trial_clear(out);
    return status;
}

bool ms_export_ranks(const struct ms_execution_info *x)
{
    return strcmp(x->purpose, "confirm") != 0;
}

double ms_export_seconds(const char *time)
{
    struct tm tm = {0};
    const char *rest = strptime(time, "%Y-%m-%d %H:%M:%S", &tm);
    return rest ? (double)timegm(&tm) + (*rest == '.' ? strtod(rest, NULL) : 0) : NAN;
}

size_t ms_export_epochs(const struct ms_export_trial *t, int64_t execution, size_t *first)
{
    size_t i = 0;
    while (i < t->epochs.n && t->epochs.execution[i] < execution)
        i++;
    *first = i;
    while (i < t->epochs.n && t->epochs.execution[i] == execution)
        i++;
    return i;
}

// --- files in folders --------------------------------------------------------

static int no_file(const char *name, struct ms_error *err)
{
    return ms_fail(err, MS_EIO, "%s: cannot be written: %s", name, strerror(errno));
}

// The path below the folder that is written, with the folders above it made; malloc'ed.
static char *make_way(const struct ms_outfile *to, const char *name)
{
    char *path = NULL;
    if (asprintf(&path, "%s/%s", to->temporary, name) < 0)
        return NULL;
    for (char *p = path + strlen(to->temporary) + 1; (p = strchr(p, '/')); *p++ = '/') {
        *p = '\0';
        (void)mkdir(path, 0777); // whoever uses it tells what is wrong
    }
    return path;
}

int ms_export_file(const struct ms_outfile *to, const char *name, FILE **out, struct ms_error *err)
{
    char *path = make_way(to, name);
    if (!path)
        return ms_no_memory(err, "the name of a file");
    *out = fopen(path, "w");
    free(path);
    return *out ? 0 : no_file(name, err);
}

int ms_export_folder(const struct ms_outfile *to, const char *name, struct ms_error *err)
{
    char *path = make_way(to, name);
    if (!path)
        return ms_no_memory(err, "the name of a folder");
    const int status = mkdir(path, 0777) == 0 || errno == EEXIST ? 0 : no_file(name, err);
    free(path);
    return status;
}

int ms_export_close(const char *name, FILE *file, int status, struct ms_error *err)
{
    const bool bad = ferror(file) != 0;
    if ((fclose(file) != 0 || bad) && !status)
        status = no_file(name, err);
    return status;
}

// --- Ctrl-C --------------------------------------------------------------------

static volatile sig_atomic_t stop;

static void on_signal(int number)
{
    (void)number;
    stop = 1;
}

void ms_export_catch_signals(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action = {.sa_handler = on_signal};
    stop = 0;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        sigaction(numbers[i], &action, NULL);
}

int ms_export_stopped(struct ms_error *err)
{
    return stop ? ms_fail(err, MS_ESTOPPED, "interrupted; nothing was written") : 0;
}
