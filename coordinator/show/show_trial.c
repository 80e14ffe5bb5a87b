// SPDX-License-Identifier: MIT
//
// mlpsweep show: everything about one trial, a table for each kind of thing that the store has of
// it. A table without rows is left out with its heading.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/json.h"
#include "mlpsweep/memory.h"
#include "mlpsweep/utf8.h"
#include "mlpsweep/words.h"
#include "progress.h"
#include "show.h"
#include "show_data.h"
#include "show_json.h"

static const char examples[] = "mlpsweep show results.db       # the best trial\n"
                               "mlpsweep show results.db 12    # trial 12\n";

static const char usage[] =
    "usage: mlpsweep show STORE [TRIAL] [--sweep NAME] [--epochs N] [--json]\n"
    "\n"
    "Shows one trial: its parameters, its executions with their results, what failed and why, and\n"
    "the last epochs of its best execution. Without TRIAL it shows the best trial.\n";

struct trial {
    struct ms_show *s;
    struct ms_show_goals goals;
    uint32_t number;
    int64_t id;
    bool network; // not a function or a command
    struct ms_data_sets data;
    int n_shown; // of data: its own, or all where it is not known which that is
    const struct ms_data_info *shown;
};

// --- parameters --------------------------------------------------------------

static int print_params(struct trial *t, struct ms_error *err)
{
    struct ms_param_values values;
    int status = ms_store_param_values(t->s->store, t->s->sweep.id, t->number, &values, err);
    if (status)
        return status;
    struct ms_text *table = ms_text_new(2);
    if (!table)
        status = ms_no_memory(err, "the table of parameters");
    for (int i = 0; table && i < values.n; i++) {
        ms_text_cell(table, "%s", values.item[i].name);
        ms_text_cell(table, "%s", *values.item[i].text ? values.item[i].text : "\"\"");
    }
    if (!status && values.n > 0) {
        printf("\nparameters\n");
        status = ms_text_print(table, stdout, t->s->colour, "  ");
    }
    ms_text_free(table);
    ms_store_param_values_clear(&values);
    return status;
}

static int find_trial(struct trial *t, struct ms_error *err)
{
    char a[40], b[40], c[40];
    struct ms_trial_info info;
    const int status = ms_store_trial_info(t->s->store, t->s->sweep.id, t->number, &info, err);
    if (status)
        return status;
    t->id = info.id;
    t->network = info.weights > 0;
    if (info.weights > 0)
        printf("%s weights, %sFLOP per execution, %s of memory\n",
               ms_words_count(info.weights, a, sizeof a), ms_text_scaled(info.flops, b, sizeof b),
               ms_text_bytes(info.memory_bytes, c, sizeof c));
    const bool known = info.dataset >= 0 && info.dataset < t->data.n;
    t->shown = known ? &t->data.item[info.dataset] : t->data.item;
    t->n_shown = known ? 1 : t->data.n;
    ms_show_data(t->shown, t->n_shown, true, ms_show_data_print, stdout);
    return 0;
}

// --- results -----------------------------------------------------------------

static void print_summary(const struct trial *t)
{
    const struct ms_show *s = t->s;
    char a[160], b[64], c[64];
    int64_t place = 0;
    while (place < s->n_ranks && s->rank[place].trial != t->number)
        place++;
    printf("trial %u of %s", t->number, s->sweep.name);
    const struct ms_trial_rank *r = place < s->n_ranks ? &s->rank[place] : NULL;
    if (!r) {
        printf(": no result yet\n");
        return;
    }
    if (r->n == 0) {
        printf(": no result, %d execution%s failed\n", r->n_failed, r->n_failed == 1 ? "" : "s");
        return;
    }
    const struct ms_digits d = ms_show_rank_digits(r, 1);
    printf(": rank %lld of %lld", (long long)place + 1, (long long)ms_show_scored(s));
    if (t->goals.front && t->goals.front[place])
        printf(", front %d", t->goals.front[place]);
    else if (t->goals.front)
        printf(", in no front");
    printf("\n%s %s", s->sweep.metric, ms_show_mean_text(r, d, a, sizeof a));
    if (r->n > 1)
        printf(", 95 %% interval %s … %s, median %s", ms_text_number(d, r->lo, a, sizeof a),
               ms_text_number(d, r->hi, b, sizeof b), ms_text_number(d, r->median, c, sizeof c));
    if (r->n_failed)
        printf(" (%d of %d executions, %d failed)", r->n, r->n + r->n_failed, r->n_failed);
    else
        printf(" (%d execution%s)", r->n, r->n == 1 ? "" : "s");
    printf("%s%s\n", r->n_constant ? ", " : "", ms_show_constant(r, a, sizeof a));
}

// A table with these titles, NULL at their end; a blank before a title: a column of words.
static struct ms_text *new_table(const char *const *titles, struct ms_error *err)
{
    int n = 0;
    while (titles[n])
        n++;
    struct ms_text *table = ms_text_new(n);
    if (!table)
        (void)ms_no_memory(err, "a table of %d columns", n);
    for (int i = 0; table && i < n; i++)
        ms_text_column(table, i, titles[i][0] == ' ' ? MS_LEFT : MS_RIGHT,
                       titles[i] + (titles[i][0] == ' '));
    return table;
}

// Prints the table under a heading and frees it.
static int end_table(const struct trial *t, struct ms_text *table, const char *heading)
{
    printf("\n%s\n", heading);
    const int status = ms_text_print(table, stdout, t->s->colour, "  ");
    ms_text_free(table);
    return status;
}

static void whole_cell(struct ms_text *table, int64_t v) // -1: not known
{
    if (v < 0)
        ms_text_cell(table, "-");
    else
        ms_text_cell(table, "%lld", (long long)v);
}

static void execution_cells(struct ms_text *table, const struct ms_execution_info *x)
{
    char text[64];
    if (*x->outcome && isnan(x->objective))
        ms_text_style(table, MS_RED);
    whole_cell(table, x->number);
    ms_text_cell(table, "%s%s", *x->outcome ? x->outcome : x->state,
                 x->constant ? ", constant" : "");
    ms_text_cell(table, "%s",
                 isnan(x->objective) ? "-" : ms_number_text(x->objective, text, sizeof text));
    whole_cell(table, x->best_epoch);
    whole_cell(table, x->epochs);
    whole_cell(table, x->attempts);
    ms_text_cell(table, "%s",
                 isnan(x->wall_s) ? "-" : ms_progress_time_taken(x->wall_s, text, sizeof text));
    ms_text_cell(table, "%s",
                 x->max_rss_bytes > 0 ? ms_text_bytes(x->max_rss_bytes, text, sizeof text) : "");
}

static int print_executions(struct trial *t, struct ms_error *err)
{
    const char *const titles[] = {"execution", " state", t->s->sweep.metric, "at epoch", "epochs",
                                  "attempts",  "time",   "memory",           NULL};
    struct ms_execution_list list;
    int status = ms_store_executions(t->s->store, t->id, &list, err);
    if (status || list.n == 0)
        return status;
    struct ms_text *table = new_table(titles, err);
    bool constant = false;
    for (size_t i = 0; table && i < list.n; i++) {
        execution_cells(table, &list.item[i]);
        constant = constant || list.item[i].constant;
    }
    status = table ? end_table(t, table, "executions") : MS_ENOMEM;
    if (!status && constant)
        ms_show_constant_legend(t->s);
    ms_store_execution_list_clear(&list);
    return status;
}

static int print_tests(struct trial *t, struct ms_error *err)
{
    static const char *const titles[] = {"execution", " metric", "value", "after epoch", NULL};
    struct ms_test_list list;
    uint64_t undefined = 0;
    int status = ms_store_tests(t->s->store, t->id, &list, err);
    if (status || list.n == 0)
        return status;
    struct ms_text *table = new_table(titles, err);
    for (size_t i = 0; table && i < list.n; i++) {
        char text[64];
        whole_cell(table, list.item[i].execution);
        ms_text_cell(table, "%s", list.item[i].metric);
        ms_text_cell(table, "%s", ms_number_text(list.item[i].value, text, sizeof text));
        whole_cell(table, list.item[i].epoch);
        undefined |=
            ms_show_undefined(&(char *){list.item[i].metric}, 1, &list.item[i].value, NULL, 1);
    }
    status = table ? end_table(t, table, "on the test set") : MS_ENOMEM;
    if (!status)
        ms_show_undefined_print(stdout, undefined); // only networks have a test set
    ms_store_test_list_clear(&list);
    return status;
}

static int print_failures(struct trial *t, struct ms_error *err)
{
    static const char *const titles[] = {"execution", "attempt", " outcome", "worker",
                                         " host",     " ended",  " message", NULL};
    struct ms_attempt_list list;
    int status = ms_store_failed_attempts(t->s->store, t->id, &list, err);
    if (status || list.n == 0)
        return status;
    struct ms_text *table = new_table(titles, err);
    for (size_t i = 0; table && i < list.n; i++) {
        const struct ms_attempt_info *a = &list.item[i];
        whole_cell(table, a->execution);
        whole_cell(table, a->number);
        ms_text_cell(table, "%s", a->outcome);
        ms_text_cell(table, "%s", a->worker);
        ms_text_cell(table, "%s", a->host);
        ms_text_cell(table, "%s", a->ended);
        ms_text_cell(table, "%s", a->message);
    }
    status = table ? end_table(t, table, "attempts that did not complete") : MS_ENOMEM;
    ms_store_attempt_list_clear(&list);
    return status;
}

// The last lines that a command wrote to stderr, of the attempt that failed last or else of the
// last one.
static int print_output(struct trial *t, struct ms_error *err)
{
    enum { LINES = 20 };
    struct ms_attempt_output o;
    const int status = ms_store_output(t->s->store, t->id, &o, err);
    if (status || !o.text)
        return status;
    char *from = o.text + strlen(o.text);
    while (from > o.text && from[-1] == '\n')
        from--;
    *from = '\0';
    for (int lines = 0; from > o.text && (lines += from[-1] == '\n') < LINES;)
        from--;
    printf("\nstderr of execution %lld, attempt %lld%s\n  ", (long long)o.execution,
           (long long)o.attempt, from > o.text ? ", the last lines" : "");
    for (const char *p = ms_printable(from, '?', "\n\t"); *p; p++)
        if (*p == '\n')
            printf("\n  ");
        else
            putchar(*p);
    putchar('\n');
    free(o.text);
    return 0;
}

static int print_epochs(struct trial *t, int most, struct ms_error *err)
{
    struct ms_last_epochs last;
    char heading[64];
    int status =
        ms_store_last_epochs(t->s->store, t->id, t->s->sweep.rule.maximize, most, &last, err);
    if (status || last.number < 0)
        return status;
    const int n = last.metrics.n;
    struct ms_text *table = ms_text_new(n + 1);
    if (!table) {
        ms_store_last_epochs_clear(&last);
        return ms_no_memory(err, "the table of epochs");
    }
    ms_text_column(table, 0, MS_RIGHT, "epoch");
    for (int c = 0; c < n; c++)
        ms_text_column(table, c + 1, MS_RIGHT, last.metrics.name[c]);
    for (size_t i = 0; i < last.table.n; i++) {
        ms_text_cell(table, "%lld", (long long)last.table.epoch[i]);
        for (int c = 0; c < n; c++)
            ms_text_cell(table, "%.6g", last.table.value[i * (size_t)n + (size_t)c]);
    }
    snprintf(heading, sizeof heading, "last epochs of execution %lld", (long long)last.number);
    status = end_table(t, table, heading);
    if (!status && t->network)
        ms_show_undefined_print(stdout, ms_show_undefined(last.metrics.name, n, last.table.value,
                                                          last.table.has, last.table.n));
    ms_store_last_epochs_clear(&last);
    return status;
}

// "execution 0", "refits 0 (12 epochs), 1 (12 epochs)": the networks of a kind that the store has.
static void models_text(const struct ms_store_models *m, bool refit, char *out, size_t size)
{
    int n = 0, shown = 0;
    for (int i = 0; i < m->n; i++)
        n += m->item[i].there && m->item[i].refit == refit;
    for (int i = 0; i < m->n; i++) {
        const struct ms_store_model *one = &m->item[i];
        if (!one->there || one->refit != refit)
            continue;
        if (shown++ == 0)
            ms_words_append(out, size, "%s%s%s ", *out ? "; " : "", refit ? "refit" : "execution",
                            n > 1 ? "s" : "");
        ms_words_append(out, size, "%s%u", shown > 1 ? ", " : "", one->execution);
        if (refit)
            ms_words_append(out, size, " (%d epoch%s)", one->epoch, one->epoch == 1 ? "" : "s");
    }
}

static int print_models(struct trial *t, struct ms_error *err)
{
    struct ms_store_models m;
    char text[400] = "";
    const int status = ms_store_models(t->s->store, t->s->sweep.id, t->number, &m, err);
    models_text(&m, false, text, sizeof text);
    models_text(&m, true, text, sizeof text);
    if (*text)
        printf("networks kept: %s\n", text);
    else if (!status && m.n > 0)
        printf("networks kept: none, as they have too many weights (%lld)\n",
               (long long)m.item[0].n_weights);
    ms_store_models_clear(&m);
    return status;
}

static int show(struct trial *t, int epochs, struct ms_error *err)
{
    print_summary(t);
    int status = find_trial(t, err);
    if (!status)
        status = print_models(t, err);
    if (!status)
        status = print_params(t, err);
    if (!status)
        status = print_executions(t, err);
    if (!status)
        status = print_tests(t, err);
    if (!status)
        status = print_failures(t, err);
    if (!status)
        status = print_output(t, err);
    if (!status && epochs > 0)
        status = print_epochs(t, epochs, err);
    for (int i = 0; !status && i < t->n_shown; i++)
        status = ms_show_data_tables(&t->shown[i], t->s->colour, err);
    return status;
}

int ms_show_trial_command(int argc, char **argv)
{
    const char *sweep = NULL, *words[2];
    bool json = false;
    int epochs = 5;
    const struct ms_option options[] = {
        ms_show_sweep_option(&sweep),
        {.name = "epochs",
         .kind = MS_OPT_INT,
         .to = &epochs,
         .lo = 0,
         .doc = "how many of the last epochs to show (default 5)"},
        {.name = "json", .kind = MS_OPT_FLAG, .to = &json, .doc = "print one JSON object"},
    };
    const struct ms_syntax syntax = {"show", usage, options, 3, 1, 2, "store", examples};
    const int n = ms_options_read(&syntax, argc, argv, words);
    if (n < 0)
        return -1 - n;
    struct ms_error err = {0};
    struct ms_show s;
    struct trial t = {.s = &s};
    int status = ms_show_open(&s, words[0], sweep, &err);
    if (!status)
        status = ms_show_rank(&s, -1, -1, &err);
    if (!status) // sorts by fronts, as rank does
        status = ms_show_goals(&s, &t.goals, &err);
    if (!status && n == 2)
        status = ms_show_trial(&s, words[1], &t.number, &err);
    else if (!status && s.n_ranks == 0)
        status = ms_fail(&err, MS_EINVAL, "no trial of sweep '%s' has ended yet; name one",
                         s.sweep.name);
    else if (!status)
        t.number = s.rank[0].trial;
    if (!status)
        status = ms_store_data_sets(s.store, s.sweep.id, &t.data, &err);
    if (!status)
        status = json ? ms_show_json_trial(&s, t.number, &err) : show(&t, epochs, &err);
    ms_store_data_sets_clear(&t.data);
    ms_show_goals_clear(&t.goals);
    ms_show_close(&s);
    return ms_show_exit("show", status, &err);
}
