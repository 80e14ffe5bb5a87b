// SPDX-License-Identifier: MIT
//
// Attempts as spans of time on workers, for the timeline. Where there are too many for a page, one
// of every so many is shown, and the page says so; the busy seconds are those of all.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"
#include "report_internal.h"

enum { WORDS = 64, WORD = 32 };

struct attempts {
    const struct ms_report_sweep *s;
    int64_t all, every;
    double from, to, busy_s; // of all attempts
    int n_words;
    char word[WORDS][WORD];
    bool bad[WORDS];
    size_t n, room;
    double *row, *execution, *worker, *start, *end, *kind, *test;
};

static void clear(struct attempts *a)
{
    double *const columns[] = {a->row, a->execution, a->worker, a->start, a->end, a->kind, a->test};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        free(columns[i]);
}

static int word_of(struct attempts *a, const struct ms_attempt_span *span)
{
    for (int i = 0; i < a->n_words; i++)
        if (strcmp(a->word[i], span->word) == 0)
            return i;
    if (a->n_words == WORDS)
        return WORDS - 1;
    snprintf(a->word[a->n_words], WORD, "%s", span->word);
    a->bad[a->n_words] = span->failure;
    return a->n_words++;
}

static int take_count(void *to, const struct ms_attempt_span *span, struct ms_error *err)
{
    struct attempts *a = to;
    (void)err;
    a->all++;
    if (span->start < a->from)
        a->from = span->start;
    if (span->end > a->to)
        a->to = span->end;
    if (!isnan(span->end))
        a->busy_s += span->end - span->start;
    return 0;
}

static int take_span(void *to, const struct ms_attempt_span *span, struct ms_error *err)
{
    struct attempts *a = to;
    const int64_t row = ms_trial_table_row(&a->s->table, span->trial);
    if (a->all++ % a->every != 0 || row < 0)
        return 0;
    const struct ms_column_array arrays[] = {
        {&a->row, sizeof *a->row},       {&a->execution, sizeof *a->execution},
        {&a->worker, sizeof *a->worker}, {&a->start, sizeof *a->start},
        {&a->end, sizeof *a->end},       {&a->kind, sizeof *a->kind},
        {&a->test, sizeof *a->test}};
    const int status = ms_grow_columns(arrays, 7, &a->room, a->n + 1, "the attempts", err);
    if (status)
        return status;
    a->row[a->n] = a->s->at[row] >= 0 ? (double)a->s->at[row] : NAN;
    a->execution[a->n] = (double)span->execution;
    a->worker[a->n] = span->worker >= 0 ? (double)span->worker : NAN;
    a->start[a->n] = span->start - a->from;
    a->end[a->n] = span->end - a->from;
    a->kind[a->n] = word_of(a, span);
    a->test[a->n++] = span->test;
    return 0;
}

static int write(struct ms_json_out *o, const struct attempts *a, struct ms_error *err)
{
    const struct {
        const char *name;
        enum ms_report_kind kind;
        const double *value;
    } columns[] = {{"row", MS_REPORT_U4, a->row},       {"execution", MS_REPORT_U2, a->execution},
                   {"worker", MS_REPORT_U2, a->worker}, {"start", MS_REPORT_F4, a->start},
                   {"end", MS_REPORT_F4, a->end},       {"word", MS_REPORT_U1, a->kind},
                   {"test", MS_REPORT_U1, a->test}};
    int status = 0;
    ms_json_out_open(o, "attempts", '{');
    ms_json_out_int(o, "n", (int64_t)a->n);
    ms_json_out_int(o, "all", a->all);
    ms_json_out_number(o, "span_s", a->to - a->from);
    ms_json_out_number(o, "busy_s", a->busy_s);
    ms_json_out_open(o, "words", '[');
    for (int i = 0; i < a->n_words; i++)
        ms_json_out_text(o, NULL, a->word[i]);
    ms_json_out_close(o);
    ms_json_out_open(o, "bad", '[');
    for (int i = 0; i < a->n_words; i++)
        ms_json_out_bool(o, NULL, a->bad[i]);
    ms_json_out_close(o);
    for (size_t i = 0; !status && i < sizeof columns / sizeof *columns; i++)
        status = ms_report_column(o, columns[i].name, columns[i].kind, columns[i].value, a->n, err);
    ms_json_out_close(o);
    return status;
}

int ms_report_write_attempts(struct ms_json_out *o, struct ms_report_sweep *s, struct ms_error *err)
{
    struct attempts a = {.s = s, .from = INFINITY, .to = -INFINITY};
    const int64_t id = s->show.sweep.id;
    int status = ms_store_each_attempt(s->show.store, id, take_count, &a, err);
    a.every = a.all / s->limits.attempts + 1;
    const int64_t all = a.all;
    a.all = 0;
    if (!status && all > 0)
        status = ms_store_each_attempt(s->show.store, id, take_span, &a, err);
    a.all = all;
    if (!status && a.n > 0)
        status = write(o, &a, err);
    else if (!status)
        ms_json_out_null(o, "attempts");
    clear(&a);
    return status;
}
