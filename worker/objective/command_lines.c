// SPDX-License-Identifier: MIT
//
// A line that begins with '{' is JSON (metric_line.h); any other is ordinary output and passed
// over. A line with the epoch of the one before adds to it. A line without "epoch" is the next
// epoch, until the program numbers one: from then on it adds to the last. A program whose first
// number is 0 counts from 0: all its epochs are one more.
#include "command_lines.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

// --- epochs ------------------------------------------------------------------

void ms_command_lines_flush(struct ms_command_lines *l)
{
    if (l->n_epochs) {
        const struct ms_epochs e = {.id = l->attempt->id,
                                    .first_epoch = l->first,
                                    .n_epochs = l->n_epochs,
                                    .n_columns = l->n_columns,
                                    .values = l->values,
                                    .names = l->names};
        l->to->epochs(l->to->ctx, &e);
    }
    l->n_epochs = 0;
}

// Queues the metrics of a line as those of this epoch.
static void queue(struct ms_command_lines *l, const struct ms_metric_line *line)
{
    char names[MS_COMMAND_NAMES];
    size_t size = 0;
    for (int i = 0; i < line->n; i++) {
        size_t n = strlen(line->name[i]) + 1;
        memcpy(names + size, line->name[i], n);
        size += n;
    }
    bool goes_on = l->n_epochs && l->first + l->n_epochs == l->epoch && size == l->names_size &&
                   memcmp(names, l->names, size) == 0 &&
                   (l->n_epochs + 1) * l->n_columns <= MS_COMMAND_VALUES;
    if (!goes_on) {
        ms_command_lines_flush(l);
        l->first = l->epoch;
        l->n_columns = (uint32_t)line->n;
        l->names_size = size;
        memcpy(l->names, names, size);
    }
    memcpy(l->values + l->n_epochs++ * l->n_columns, line->value,
           (size_t)line->n * sizeof *line->value);
}

static void note_names(struct ms_command_lines *l, const struct ms_metric_line *line)
{
    for (int i = 0; i < line->n && l->n_seen < MS_COMMAND_SEEN; i++) {
        int k = 0;
        while (k < l->n_seen && strcmp(l->seen[k], line->name[i]) != 0)
            k++;
        if (k == l->n_seen)
            memcpy(l->seen[l->n_seen++], line->name[i], MS_METRIC_NAME);
    }
}

static void decide(struct ms_command_lines *l, enum ms_command_verdict verdict)
{
    l->verdict = verdict;
    l->deaf = true;
}

// Compares the objective with the attempt's limit for this epoch.
static void judge(struct ms_command_lines *l, double value)
{
    bool maximize = l->objective->maximize;
    const struct ms_attempt *a = l->attempt;
    l->printed = true;
    if (isfinite(value) && (isnan(l->best) || (maximize ? value > l->best : value < l->best)))
        l->best = value;
    bool limited = l->epoch > a->from_epoch && l->epoch <= a->n_limits;
    double limit = limited ? a->limits[l->epoch - 1] : NAN;
    bool worse = !isnan(limit) && !(maximize ? l->best >= limit : l->best <= limit);
    if (worse)
        decide(l, MS_COMMAND_PRUNED);
    else if (l->most && l->epoch >= l->most)
        l->all = true;
}

// --- lines -------------------------------------------------------------------

static void bad_line(struct ms_command_lines *l, const char *what)
{
    if (l->bad++ == 0)
        snprintf(l->first_bad, sizeof l->first_bad, "%.*s", (int)sizeof l->first_bad - 1, what);
}

// The epoch that the line read belongs to; 0: none.
static uint32_t epoch_of(struct ms_command_lines *l)
{
    double e = l->read.epoch;
    char what[100];
    if (isnan(e))
        return l->numbered ? l->epoch : l->epoch + 1;
    if (!l->numbered && e == 0 && l->epoch <= 1)
        l->shift = 1;
    e += l->shift;
    if (e >= 1 && e <= MS_MAX_EPOCHS && e == floor(e) && e >= l->epoch) {
        l->numbered = true;
        return (uint32_t)e;
    }
    if (e >= 1 && e < l->epoch)
        snprintf(what, sizeof what, "epoch %g after epoch %u", e - l->shift,
                 l->epoch - (uint32_t)l->shift);
    else
        snprintf(what, sizeof what, "epoch %.10g; allowed: whole numbers up to %d", e - l->shift,
                 MS_MAX_EPOCHS);
    bad_line(l, what);
    return 0;
}

static bool has_metric(const struct ms_metric_line *line, const char *name)
{
    int k = 0;
    while (k < line->n && strcmp(line->name[k], name) != 0)
        k++;
    return k < line->n;
}

// Leaves in read only what is new to this epoch: what a line repeats stays as it was. The objective
// always finds room, however many metrics there are.
static void drop_repeated(struct ms_command_lines *l)
{
    struct ms_metric_line *r = &l->read, *known = &l->current;
    const char *objective = l->objective->name;
    int n = 0;
    l->dropped += r->dropped;
    for (int i = 0; i < r->n; i++) {
        if (has_metric(known, r->name[i]))
            continue;
        const bool reserved = !has_metric(known, objective) && strcmp(r->name[i], objective) != 0;
        if (known->n + reserved >= MS_MAX_METRICS) {
            l->dropped++;
            continue;
        }
        memcpy(known->name[known->n++], r->name[i], MS_METRIC_NAME);
        memmove(r->name[n], r->name[i], MS_METRIC_NAME);
        r->value[n++] = r->value[i];
    }
    r->n = n;
}

static void take_line(struct ms_command_lines *l, const char *text, size_t size)
{
    struct ms_error err;
    while (size && (*text == ' ' || *text == '\t'))
        text++, size--;
    if (size == 0 || *text != '{' || l->deaf)
        return;
    if (ms_metric_line(text, size, l->objective->name, &l->read, &err)) {
        bad_line(l, err.text);
        return;
    }
    uint32_t epoch = l->read.n ? epoch_of(l) : 0;
    if (epoch == 0)
        return;
    if (l->most && epoch > l->most) {
        decide(l, MS_COMMAND_ENOUGH);
        return;
    }
    if (epoch != l->epoch)
        l->current.n = 0;
    l->epoch = epoch;
    drop_repeated(l);
    note_names(l, &l->read);
    if (l->read.n && epoch > l->attempt->from_epoch)
        queue(l, &l->read);
    for (int i = 0; i < l->read.n; i++)
        if (strcmp(l->read.name[i], l->objective->name) == 0)
            judge(l, l->read.value[i]);
}

void ms_command_lines_take(struct ms_command_lines *l, const char *text, size_t size)
{
    while (size) {
        const char *end = memchr(text, '\n', size);
        size_t n = end ? (size_t)(end - text) : size;
        if (l->n_line + n > MS_COMMAND_LINE)
            l->too_long = true;
        if (!l->too_long)
            memcpy(l->line + l->n_line, text, n), l->n_line += n;
        if (end) {
            if (!l->too_long)
                take_line(l, l->line, l->n_line);
            else if (l->n_line && l->line[0] == '{')
                bad_line(l, "a line of more than 65536 bytes");
            l->n_line = 0;
            l->too_long = false;
            n++;
        }
        text += n;
        size -= n;
    }
}

void ms_command_lines_finish(struct ms_command_lines *l)
{
    if (l->n_line)
        ms_command_lines_take(l, "\n", 1);
}
