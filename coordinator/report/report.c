// SPDX-License-Identifier: MIT
//
// mlpsweep report: opens the stores, lists their sweeps, and writes the page with one document
// after the other. Nothing of it is written unless all of it can be; a page that an earlier call
// made is replaced, any other file is not.
#include "report.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mlpsweep/memory.h"
#include "mlpsweep/outfile.h"
#include "mlpsweep/words.h"
#include "report_internal.h"

#ifndef MS_VERSION
#define MS_VERSION "0"
#endif

enum { STORES_MOST = 64, SWEEPS_MOST = 200 };

static const char examples[] =
    "mlpsweep report results.db                     # writes results.html\n"
    "mlpsweep report monday.db tuesday.db -o week.html\n"
    "mlpsweep report results.db --sweep demo -o - > demo.html\n";

static const char usage[] =
    "usage: mlpsweep report STORE… [-o FILE] [--sweep NAME] [--trials N] [--curves N] [--force]\n"
    "\n"
    "Writes a page for the browser: the answer, the leaderboard, learning curves, parallel\n"
    "coordinates and more, with one selection that acts on all of them. The page is one file,\n"
    "needs no network, and may be made while the sweep runs. Several stores, or the sweeps of one\n"
    "store, are compared.\n";

// The sweeps of the page, by store and name.
struct list {
    int n, shown; // shown: the one that the page begins with
    struct {
        const char *path;
        char name[256];
    } item[SWEEPS_MOST];
};

// Adds the sweeps of a store, the oldest first; of the last store the latest begins.
static int add_store(struct list *l, const char *path, const char *only, struct ms_error *err)
{
    struct ms_show s;
    struct ms_store_names names = {0};
    int status = ms_show_open(&s, path, only, err);
    if (!status)
        status = ms_store_sweeps(s.store, &names, err);
    for (int i = 0; !status && i < names.n; i++) {
        if (only && strcmp(only, names.name[i]) != 0)
            continue;
        if (l->n == SWEEPS_MOST) {
            status =
                ms_fail(err, MS_EINVAL, "%s: more than %d sweeps for one page; choose with --sweep",
                        path, SWEEPS_MOST);
            break;
        }
        struct ms_sweep_info info;
        status = ms_store_find(s.store, names.name[i], &info, err);
        if (info.id == s.sweep.id)
            l->shown = l->n;
        l->item[l->n].path = path;
        snprintf(l->item[l->n++].name, sizeof l->item->name, "%s", names.name[i]);
    }
    ms_store_names_clear(&names);
    ms_show_close(&s);
    return status;
}

static const char *now(char out[32])
{
    const time_t t = time(NULL);
    struct tm tm;
    gmtime_r(&t, &tm);
    strftime(out, 32, "%Y-%m-%d %H:%M:%S", &tm);
    return out;
}

struct totals {
    int64_t trials;
    int sweeps;
};

static int write_document(FILE *f, const struct list *l, bool together,
                          const struct ms_report_limits *limits, struct totals *totals,
                          struct ms_error *err)
{
    struct ms_json_out o = {.file = f, .script = true};
    char text[32];
    int status = 0;
    ms_json_out_open(&o, NULL, '{');
    ms_json_out_int(&o, "format", MS_REPORT_FORMAT);
    ms_json_out_text(&o, "version", MS_VERSION);
    ms_json_out_text(&o, "created_at", now(text));
    ms_json_out_bool(&o, "together", together);
    ms_json_out_int(&o, "shown", l->shown);
    ms_json_out_open(&o, "sweeps", '[');
    for (int i = 0; !status && i < l->n; i++) {
        struct ms_report_sweep s;
        status = ms_report_sweep_read(&s, l->item[i].path, l->item[i].name, limits, err);
        if (!status)
            status = ms_report_write_sweep(&o, &s, err);
        totals->trials += s.n;
        totals->sweeps++;
        ms_report_sweep_clear(&s);
    }
    if (status)
        return status;
    ms_json_out_close(&o);
    ms_json_out_close(&o);
    return 0;
}

// Whether a file is a page that this command made: then it may be replaced.
static bool is_page(const char *path)
{
    char begin[4000];
    FILE *f = fopen(path, "rb");
    if (!f)
        return false;
    const size_t n = fread(begin, 1, sizeof begin - 1, f);
    fclose(f);
    begin[n] = '\0';
    return strstr(begin, "<meta name=\"generator\" content=\"mlpsweep\">") != NULL;
}

// "results.html" for "results.db", beside it; several stores: "report.html".
static void default_path(const char *store, int n_stores, char *out, size_t size)
{
    if (n_stores > 1) {
        snprintf(out, size, "report.html");
        return;
    }
    const char *base = strrchr(store, '/'), *dot = strrchr(base ? base : store, '.');
    const size_t length =
        dot && dot > (base ? base + 1 : store) ? (size_t)(dot - store) : strlen(store);
    snprintf(out, size, "%.*s.html", (int)length, store);
}

static int write_page(const char *path, bool force, const struct list *l, bool together,
                      const struct ms_report_limits *limits, struct totals *totals,
                      struct ms_error *err)
{
    struct ms_outfile out;
    int status = ms_outfile_open(&out, path, force || is_page(path), err);
    if (status)
        return status;
    const struct ms_report_part head = ms_report_page_head(), tail = ms_report_page_tail();
    fwrite(head.text, 1, head.size, out.file);
    status = write_document(out.file, l, together, limits, totals, err);
    fwrite(tail.text, 1, tail.size, out.file);
    return ms_outfile_end(&out, status, err);
}

static void say(const char *path, const struct totals *t)
{
    char count[32];
    printf("%s: %s trial%s", path, ms_words_count(t->trials, count, sizeof count),
           t->trials == 1 ? "" : "s");
    if (t->sweeps > 1)
        printf(" of %d sweeps", t->sweeps);
    printf("\n");
}

int ms_report_command(int argc, char **argv)
{
    const char *store[STORES_MOST], *output = NULL, *sweep = NULL;
    struct ms_report_limits limits = {.trials = 20000, .curves = 100, .attempts = 20000};
    bool force = false;
    const struct ms_option options[] = {
        {.name = "output",
         .kind = MS_OPT_TEXT,
         .to = &output,
         .choices = "FILE",
         .doc = "where the page goes (default: the store's name with .html; of several stores "
                "report.html; -: standard output)"},
        {.name = "sweep",
         .kind = MS_OPT_TEXT,
         .to = &sweep,
         .choices = "NAME",
         .doc = "only this sweep of each store (default: all of them)"},
        {.name = "trials",
         .kind = MS_OPT_INT,
         .to = &limits.trials,
         .lo = 2,
         .doc = "trials of a sweep at most (default 20000): the best, and others evenly from the "
                "rest"},
        {.name = "curves",
         .kind = MS_OPT_INT,
         .to = &limits.curves,
         .lo = 2,
         .doc = "trials of a sweep with learning curves at most (default 100)"},
        {.name = "force",
         .kind = MS_OPT_FLAG,
         .to = &force,
         .doc = "replace a file that is no such page"},
    };
    const struct ms_syntax syntax = {"report", usage,       options, 5,
                                     1,        STORES_MOST, "store", examples};
    const int n = ms_options_read(&syntax, argc, argv, store);
    if (n < 0)
        return -1 - n;
    struct ms_error err = {0};
    struct totals totals = {0};
    struct list *l = calloc(1, sizeof *l);
    char path[4096];
    int status = l ? 0 : ms_no_memory(&err, "the sweeps of the page");
    for (int i = 0; !status && i < n; i++)
        status = add_store(l, store[i], sweep, &err);
    default_path(store[0], n, path, sizeof path);
    if (!output)
        output = path;
    if (!status)
        status = write_page(output, force, l, n > 1, &limits, &totals, &err);
    free(l);
    if (!status && strcmp(output, "-") != 0)
        say(output, &totals);
    return ms_show_exit("report", status, &err);
}
