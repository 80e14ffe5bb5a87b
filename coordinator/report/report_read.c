// SPDX-License-Identifier: MIT
//
// Reads a sweep for the page, and chooses what of it is shown where all would be too much: a page
// is opened by a browser as a whole.
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"
#include "report_internal.h"

int64_t ms_report_choose(int64_t n, int64_t most, bool *chosen)
{
    if (n <= most) {
        for (int64_t i = 0; i < n; i++)
            chosen[i] = true;
        return n;
    }
    const int64_t first = most - most / 2, rest = n - first, others = most - first;
    for (int64_t i = 0; i < n; i++)
        chosen[i] = i < first;
    for (int64_t k = 0; k < others; k++) // the last of each of `others` equal shares of the rest
        chosen[first + (k + 1) * rest / others - 1] = true;
    return most;
}

// Places by row of the table.
static void place_rows(struct ms_report_sweep *s)
{
    for (int64_t i = 0; i < s->table.n; i++)
        s->place[i] = -1;
    for (int64_t k = 0; k < s->show.n_ranks; k++) {
        const int64_t row = ms_trial_table_row(&s->table, s->show.rank[k].trial);
        if (row >= 0) // else it has come since the table was read
            s->place[row] = k;
    }
}

// Trials that have ended by their places, then those that have not.
static int choose_rows(struct ms_report_sweep *s, struct ms_error *err)
{
    const size_t n = (size_t)s->table.n;
    int64_t *order = malloc((n + 1) * sizeof *order), at = 0;
    bool *chosen = calloc(n + 1, sizeof *chosen), *shown = calloc(n + 1, sizeof *shown);
    s->row = malloc((n + 1) * sizeof *s->row);
    s->at = malloc((n + 1) * sizeof *s->at);
    s->place = malloc((n + 1) * sizeof *s->place);
    int status = 0;
    if (order && chosen && shown && s->row && s->at && s->place) {
        place_rows(s);
        for (int64_t k = 0; k < s->show.n_ranks; k++) {
            const int64_t row = ms_trial_table_row(&s->table, s->show.rank[k].trial);
            if (row >= 0)
                order[at++] = row;
        }
        for (int64_t row = 0; row < s->table.n; row++)
            if (s->place[row] < 0)
                order[at++] = row;
        ms_report_choose(at, s->limits.trials, chosen);
        for (int64_t k = 0; k < at; k++)
            shown[order[k]] = chosen[k];
        for (int64_t row = 0; row < s->table.n; row++) {
            s->at[row] = shown[row] ? s->n : -1;
            if (shown[row])
                s->row[s->n++] = row;
        }
    } else {
        status = ms_no_memory(err, "the order of %zu trials", n);
    }
    free(order);
    free(chosen);
    free(shown);
    return status;
}

int ms_report_sweep_read(struct ms_report_sweep *s, const char *path, const char *name,
                         const struct ms_report_limits *limits, struct ms_error *err)
{
    *s = (struct ms_report_sweep){.path = path, .limits = *limits};
    int status = ms_show_open(&s->show, path, name, err);
    if (!status)
        status = ms_show_rank(&s->show, -1, -1, err);
    if (!status)
        status = ms_show_goals(&s->show, &s->goals, err);
    if (!status)
        status = ms_show_params(&s->show, &s->labels, err);
    if (!status)
        status = ms_trial_table_read(s->show.store, &s->show.sweep, &s->table, err);
    if (!status)
        status = choose_rows(s, err);
    return status;
}

void ms_report_sweep_clear(struct ms_report_sweep *s)
{
    free(s->row);
    free(s->at);
    free(s->place);
    ms_trial_table_clear(&s->table);
    ms_show_params_clear(&s->labels);
    ms_show_goals_clear(&s->goals);
    ms_show_close(&s->show);
    *s = (struct ms_report_sweep){0};
}
