// SPDX-License-Identifier: MIT
//
// mlpsweep curves: every epoch as a line of tab-separated values, ready for gnuplot, R or pandas.
// Numbers have all their digits; NaN is "nan", infinity is "inf", and a metric that was not
// reported is an empty field. Why a metric is NaN stands on standard error.
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/json.h"
#include "mlpsweep/utf8.h"
#include "show_json.h"

enum { TRIALS_MOST = 4096 };

static const char examples[] =
    "mlpsweep curves results.db 12 37                        # two trials\n"
    "mlpsweep curves results.db --metric val_loss > curves.tsv\n";

static const char usage[] =
    "usage: mlpsweep curves STORE [TRIAL…] [--sweep NAME] [--metric NAME] [--json]\n"
    "\n"
    "Prints the metrics of every epoch as tab-separated values, a line per "
    "epoch, with the names in\n"
    "the first line. Without TRIAL it prints all trials.\n";

struct curves {
    struct ms_show *s;
    struct ms_json_out *json; // NULL: a table
    struct ms_store_names metrics;
    uint64_t undefined; // metrics that were NaN, see ms_show_undefined
};

// Keeps the one metric that was asked for.
static int choose_metric(struct ms_store_names *metrics, const char *only, struct ms_error *err)
{
    char list[1000] = "";
    size_t used = 0;
    for (int i = 0; i < metrics->n; i++) {
        if (strcmp(metrics->name[i], only) == 0) {
            char *first = metrics->name[0];
            metrics->name[0] = metrics->name[i];
            metrics->name[i] = first;
            while (metrics->n > 1)
                free(metrics->name[--metrics->n]);
            return 0;
        }
        if (used < sizeof list)
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "",
                                     metrics->name[i]);
    }
    const char *near = ms_nearest(only, (const char *const *)metrics->name, metrics->n);
    return ms_fail(err, MS_EINVAL, "--metric: found '%s'; allowed: %s%s%s%s", only, list,
                   near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static void put_epoch(struct ms_json_out *o, uint32_t trial, const struct ms_epoch_table *t,
                      const struct ms_store_names *metrics, size_t i)
{
    ms_json_out_open(o, NULL, '{');
    ms_json_out_int(o, "trial", trial);
    ms_json_out_int(o, "execution", t->execution[i]);
    ms_json_out_int(o, "epoch", t->epoch[i]);
    for (int k = 0; k < t->n_metrics; k++) {
        const size_t at = i * (size_t)t->n_metrics + (size_t)k;
        if (t->has[at])
            ms_json_out_number(o, metrics->name[k], t->value[at]);
    }
    ms_json_out_close(o);
}

static int print_trial(struct curves *c, uint32_t trial, struct ms_error *err)
{
    struct ms_epoch_table t;
    const int status =
        ms_store_epoch_table(c->s->store, c->s->sweep.id, trial, &c->metrics, &t, err);
    if (status)
        return status;
    for (size_t i = 0; c->json && i < t.n; i++)
        put_epoch(c->json, trial, &t, &c->metrics, i);
    for (size_t i = 0; !c->json && i < t.n; i++) {
        printf("%u\t%lld\t%lld", trial, (long long)t.execution[i], (long long)t.epoch[i]);
        for (int k = 0; k < t.n_metrics; k++) {
            const size_t at = i * (size_t)t.n_metrics + (size_t)k;
            char text[40];
            printf("\t%s", t.has[at] ? ms_number_text(t.value[at], text, sizeof text) : "");
        }
        printf("\n");
    }
    const uint64_t undefined = ms_show_undefined(c->metrics.name, t.n_metrics, t.value, t.has, t.n);
    ms_store_epoch_table_clear(&t);
    if (!undefined)
        return 0;
    struct ms_trial_info info; // a command's metrics may have the same names
    const int found = ms_store_trial_info(c->s->store, c->s->sweep.id, trial, &info, err);
    c->undefined |= !found && info.weights > 0 ? undefined : 0;
    return found;
}

static int print_all(struct curves *c, struct ms_error *err)
{
    struct ms_trial_numbers trials;
    int status = ms_store_trial_numbers(c->s->store, c->s->sweep.id, &trials, err);
    for (size_t i = 0; !status && i < trials.n; i++)
        status = print_trial(c, trials.trial[i], err);
    ms_store_trial_numbers_clear(&trials);
    return status;
}

static void print_head(const struct curves *c)
{
    printf("trial\texecution\tepoch");
    for (int i = 0; i < c->metrics.n; i++) {
        char name[256]; // a copy: the store's own name finds the values
        snprintf(name, sizeof name, "%s", c->metrics.name[i]);
        printf("\t%s", ms_printable(name, '?', ""));
    }
    printf("\n");
}

static int print_curves(struct curves *c, const char *const *words, int n_words,
                        struct ms_error *err)
{
    uint32_t trial;
    int status = 0;
    if (!c->json)
        print_head(c);
    if (n_words == 0)
        return print_all(c, err);
    for (int i = 0; !status && i < n_words; i++) {
        status = ms_show_trial(c->s, words[i], &trial, err);
        if (!status)
            status = print_trial(c, trial, err);
    }
    return status;
}

// {"sweep": …, "epochs": [a row for each]}
static int print_json(struct curves *c, const char *const *words, int n_words, struct ms_error *err)
{
    struct ms_json_out o = {.file = stdout, .lines = 2};
    c->json = &o;
    ms_json_out_open(&o, NULL, '{');
    ms_show_json_sweep(&o, &c->s->sweep);
    ms_json_out_open(&o, "epochs", '[');
    const int status = print_curves(c, words, n_words, err);
    ms_json_out_close(&o);
    ms_json_out_close(&o);
    c->json = NULL;
    return status;
}

static int curves(struct ms_show *s, const char *const *words, int n_words, const char *only,
                  bool json, struct ms_error *err)
{
    struct curves c = {.s = s};
    int status = ms_store_metrics(s->store, s->sweep.id, &c.metrics, err);
    if (!status && only)
        status = choose_metric(&c.metrics, only, err);
    uint32_t trial;
    for (int i = 0; !status && i < n_words; i++) // all of them before anything is printed
        status = ms_show_trial(s, words[i], &trial, err);
    if (!status)
        status = json ? print_json(&c, words, n_words, err) : print_curves(&c, words, n_words, err);
    ms_store_names_clear(&c.metrics);
    fflush(stdout);
    ms_show_undefined_print(stderr, c.undefined);
    return status;
}

int ms_show_curves_command(int argc, char **argv)
{
    const char *sweep = NULL, *only = NULL, *words[TRIALS_MOST];
    bool json = false;
    const struct ms_option options[] = {
        ms_show_sweep_option(&sweep),
        {.name = "metric",
         .kind = MS_OPT_TEXT,
         .to = &only,
         .choices = "NAME",
         .doc = "this metric only (default: all)"},
        {.name = "json", .kind = MS_OPT_FLAG, .to = &json, .doc = "print one JSON object"},
    };
    const struct ms_syntax syntax = {"curves", usage,       options, 3,
                                     1,        TRIALS_MOST, "store", examples};
    const int n = ms_options_read(&syntax, argc, argv, words);
    if (n < 0)
        return -1 - n;
    struct ms_error err = {0};
    struct ms_show s;
    int status = ms_show_open(&s, words[0], sweep, &err);
    if (!status)
        status = curves(&s, words + 1, n - 1, only, json, &err);
    ms_show_close(&s);
    return ms_show_exit("curves", status, &err);
}
