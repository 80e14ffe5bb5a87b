// SPDX-License-Identifier: MIT
#include "show.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/utf8.h"

static const char sql_trial_range[] =
    "SELECT count(*), min(number), max(number), sum(number = ?2) FROM trial WHERE sweep_id = ?1";
static const char sql_params[] =
    "SELECT p.name, count(DISTINCT p.text) > 1 OR count(*) <"
    " (SELECT count(*) FROM trial WHERE sweep_id = ?1)"
    " FROM trial AS t JOIN param AS p USING (trial_id) WHERE t.sweep_id = ?1"
    " GROUP BY p.name ORDER BY min(p.position)";
static const char sql_values[] =
    "SELECT p.name, p.text FROM trial AS t JOIN param AS p USING (trial_id)"
    " WHERE t.sweep_id = ? AND t.number = ? ORDER BY p.position";

int ms_show_open(struct ms_show *s, const char *path, const char *sweep, struct ms_error *err)
{
    *s = (struct ms_show){.colour = ms_text_colour(stdout), .screen = ms_text_screen(stdout)};
    int rc = ms_store_open_read(path, &s->store, err);
    if (!rc)
        rc = ms_store_find(s->store, sweep, &s->sweep, err);
    ms_printable(s->sweep.name, '?', "");
    ms_printable(s->sweep.metric, '?', "");
    return rc;
}

int ms_show_rank(struct ms_show *s, int by, struct ms_error *err)
{
    struct ms_rank_scores scores;
    int rc = ms_store_scores(s->store, s->sweep.id, &scores, err);
    if (rc)
        return rc;
    if (by >= 0)
        s->sweep.by = (enum ms_by)by;
    rc = ms_rank(&scores, s->sweep.maximize, s->sweep.by, &s->rank, &s->n_ranks, err);
    ms_rank_scores_clear(&scores);
    return rc;
}

int64_t ms_show_scored(const struct ms_show *s)
{
    int64_t n = 0;
    for (int64_t i = 0; i < s->n_ranks; i++)
        n += s->rank[i].n > 0;
    return n;
}

void ms_show_close(struct ms_show *s)
{
    free(s->rank);
    (void)ms_store_close(s->store, NULL);
}

int ms_show_exit(const char *command, int rc, const struct ms_error *err)
{
    if (rc) {
        fflush(stdout);
        struct ms_error shown = *err; // what it names may be of the store
        ms_printable(shown.text, '?', "");
        fprintf(stderr, "mlpsweep %s: %s\n", command, rc == MS_ENOMEM ? "no memory" : shown.text);
        return MS_EXIT_REFUSED;
    }
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "mlpsweep %s: standard output: %s\n", command, strerror(errno));
        return MS_EXIT_REFUSED;
    }
    return MS_EXIT_OK;
}

int ms_show_trial(struct ms_show *s, const char *word, uint32_t *trial, struct ms_error *err)
{
    char *end;
    errno = 0;
    const long long number = strtoll(word, &end, 10);
    if (errno || end == word || *end || number < 0 || number > UINT32_MAX)
        return ms_fail(err, MS_EINVAL, "'%s' is not a trial's number", word);
    sqlite3_stmt *q;
    int rc =
        ms_store_sql_query(s->store, err, &q, sql_trial_range, "ii", s->sweep.id, (int64_t)number);
    if (rc || (rc = ms_store_sql_step(s->store, q, err)) < 0)
        return rc;
    const int64_t count = sqlite3_column_int64(q, 0), first = sqlite3_column_int64(q, 1);
    const int64_t last = sqlite3_column_int64(q, 2);
    const bool there = sqlite3_column_int64(q, 3) > 0;
    sqlite3_reset(q);
    *trial = (uint32_t)number;
    if (there)
        return 0;
    if (count == 0)
        return ms_fail(err, MS_EINVAL, "no trial %lld: sweep '%s' has none yet", number,
                       s->sweep.name);
    return ms_fail(err, MS_EINVAL, "no trial %lld: sweep '%s' has %lld to %lld so far", number,
                   s->sweep.name, (long long)first, (long long)last);
}

// --- what a ranking says -----------------------------------------------------

const char *ms_show_verdict(const struct ms_trial_rank *r, int64_t n, char *out, size_t size)
{
    int64_t scored = 0, n_tied = 0, n_single = 0, n_pruned = 0;
    uint32_t *tied = malloc((size_t)(n > 0 ? n : 1) * sizeof *tied);
    uint32_t *single = malloc((size_t)(n > 0 ? n : 1) * sizeof *single);
    char list[200];
    out[0] = '\0';
    for (int64_t i = 0; tied && single && i < n && r[i].n > 0; i++) {
        if (r[i].n_pruned && !r[0].n_pruned) { // stands behind, and is not compared
            n_pruned++;
            continue;
        }
        scored++;
        if (r[i].n < 2)
            single[n_single++] = r[i].trial;
        else if (i > 0 && r[i].tied && !isnan(r[i].p))
            tied[n_tied++] = r[i].trial;
    }
    static const char test[] = "Welch t test, Holm-corrected, 5 %";
    if (scored == 0)
        snprintf(out, size, "no execution has a result yet");
    else if (scored == 1)
        snprintf(out, size, "only trial %u %s", r[0].trial,
                 n_pruned ? "was trained to its end" : "has a result");
    else if (n_single == scored)
        snprintf(out, size,
                 "every trial has one execution, so luck cannot be told from merit; "
                 "more executions_per_trial would tell");
    else if (r[0].n < 2)
        snprintf(out, size,
                 "trial %u has one execution, so nothing can be told apart from it; "
                 "more executions_per_trial would tell",
                 r[0].trial);
    else if (n_tied > 0)
        snprintf(out, size,
                 "trial%s %s cannot be told apart from trial %u (%s); more "
                 "executions_per_trial would tell",
                 n_tied > 1 ? "s" : "", ms_text_list(tied, n_tied, list, sizeof list), r[0].trial,
                 test);
    else
        snprintf(out, size, "trial %u differs from every other trial that ran more than once (%s)",
                 r[0].trial, test);
    size_t used = strlen(out);
    if (n_pruned > 0 && used < size)
        snprintf(out + used, size - used, "; %lld trial%s ended by the scheduler %s behind",
                 (long long)n_pruned, n_pruned > 1 ? "s" : "", n_pruned > 1 ? "stand" : "stands");
    used = strlen(out);
    if (scored > 1 && r[0].n > 1 && n_single > 0 && used < size)
        snprintf(out + used, size - used, "; trial%s %s ran once and cannot be compared",
                 n_single > 1 ? "s" : "", ms_text_list(single, n_single, list, sizeof list));
    free(tied);
    free(single);
    return out;
}

static int by_size(const void *x, const void *y)
{
    const double *a = x, *b = y;
    return (*a > *b) - (*a < *b);
}

struct ms_digits ms_show_rank_digits(const struct ms_trial_rank *r, int64_t n)
{
    double largest = 0, *sd = malloc((size_t)(n > 0 ? n : 1) * sizeof *sd);
    int64_t n_sd = 0;
    for (int64_t i = 0; i < n && r[i].n > 0; i++) {
        largest = fmax(largest, fmax(fabs(r[i].min), fabs(r[i].max)));
        if (sd && r[i].sd > 0)
            sd[n_sd++] = r[i].sd;
    }
    if (sd)
        qsort(sd, (size_t)n_sd, sizeof *sd, by_size);
    const double resolution = n_sd > 0 ? fmax(sd[n_sd / 2], largest * 1e-6) : 0;
    free(sd);
    return ms_text_digits(resolution, largest);
}

const char *ms_show_mean_text(const struct ms_trial_rank *r, struct ms_digits d, char *out,
                              size_t size)
{
    char mean[64], sd[64];
    ms_text_number(d, r->mean, mean, sizeof mean);
    if (isnan(r->sd))
        snprintf(out, size, "%s", mean);
    else
        snprintf(out, size, "%s ± %s", mean, ms_text_number(d, r->sd, sd, sizeof sd));
    return out;
}

// --- parameters --------------------------------------------------------------

void ms_show_params_clear(struct ms_show_params *p)
{
    for (int i = 0; i < p->n; i++) {
        free(p->item[i].name);
        free(p->item[i].label);
    }
    free(p->item);
    *p = (struct ms_show_params){0};
}

// Whether another name ends in ".tail" or is it.
static bool ambiguous(const struct ms_show_params *p, int i, const char *tail)
{
    const size_t len = strlen(tail);
    for (int k = 0; k < p->n; k++) {
        const char *name = p->item[k].name;
        const size_t n = strlen(name);
        if (k != i && n >= len && strcmp(name + n - len, tail) == 0 &&
            (n == len || name[n - len - 1] == '.'))
            return true;
    }
    return false;
}

// "units" for "hidden.1.units" where there is one layer, "1.units" where there are more; the name
// of anything that is not about layers already says what it is.
static int label(struct ms_show_params *p)
{
    for (int i = 0; i < p->n; i++) {
        const char *name = p->item[i].name, *leaf = ms_text_layer_leaf(name);
        const char *const shorter[] = {leaf, strncmp(name, "hidden.", 7) == 0 ? name + 7 : NULL};
        const char *tail = name;
        for (int k = 0; k < 2 && tail == name; k++)
            if (shorter[k] && !ambiguous(p, i, shorter[k]))
                tail = shorter[k];
        p->item[i].label = strdup(tail);
        if (!p->item[i].label)
            return MS_ENOMEM;
    }
    return 0;
}

int ms_show_params(struct ms_show *s, struct ms_show_params *out, struct ms_error *err)
{
    *out = (struct ms_show_params){0};
    sqlite3_stmt *q;
    int rc = ms_store_sql_query(s->store, err, &q, sql_params, "i", s->sweep.id), room = 0;
    if (rc)
        return rc;
    while ((rc = ms_store_sql_step(s->store, q, err)) > 0) {
        if (out->n == room) {
            room = room ? 2 * room : 16;
            struct ms_show_param *item = realloc(out->item, (size_t)room * sizeof *item);
            if (!item)
                break;
            out->item = item;
        }
        struct ms_show_param *p = &out->item[out->n];
        *p = (struct ms_show_param){.name = strdup((const char *)sqlite3_column_text(q, 0)),
                                    .varies = sqlite3_column_int(q, 1)};
        if (!p->name)
            break;
        out->n++;
    }
    if (rc >= 0)
        sqlite3_reset(q);
    if (rc > 0 || (rc == 0 && label(out)))
        rc = ms_fail(err, MS_ENOMEM, "no memory");
    if (rc)
        ms_show_params_clear(out);
    return rc;
}

int ms_show_values(struct ms_show *s, const struct ms_show_params *p, uint32_t trial,
                   ms_take_param take, void *context, struct ms_error *err)
{
    sqlite3_stmt *q;
    int rc = ms_store_sql_query(s->store, err, &q, sql_values, "ii", s->sweep.id, (int64_t)trial),
        i = 0;
    if (rc)
        return rc;
    while ((rc = ms_store_sql_step(s->store, q, err)) > 0) {
        const char *name = (const char *)sqlite3_column_text(q, 0);
        for (int k = 0; k < p->n; k++, i++) { // nearly always the next one
            if (i >= p->n)
                i = 0;
            if (strcmp(p->item[i].name, name) == 0) {
                take(context, i, (const char *)sqlite3_column_text(q, 1));
                break;
            }
        }
    }
    return rc;
}

struct row {
    char **text;
    int status;
};

static void take_text(void *context, int i, const char *text)
{
    struct row *row = context;
    free(row->text[i]);
    row->text[i] = strdup(text);
    if (!row->text[i])
        row->status = MS_ENOMEM;
}

void ms_show_row_free(const struct ms_show_params *p, char **text)
{
    for (int i = 0; text && i < p->n; i++)
        free(text[i]);
    free(text);
}

int ms_show_row(struct ms_show *s, const struct ms_show_params *p, uint32_t trial, char ***text,
                struct ms_error *err)
{
    struct row row = {.text = calloc((size_t)p->n + 1, sizeof *row.text)};
    *text = NULL;
    if (!row.text)
        return MS_ENOMEM;
    int rc = ms_show_values(s, p, trial, take_text, &row, err);
    if (!rc)
        rc = row.status;
    if (rc)
        ms_show_row_free(p, row.text);
    else
        *text = row.text;
    return rc;
}

const char *ms_show_line(const struct ms_show_params *p, char *const *text, char *out, size_t size)
{
    struct ms_text_param *line = malloc(((size_t)p->n + 1) * sizeof *line);
    out[0] = '\0';
    for (int i = 0; line && i < p->n; i++)
        line[i] =
            (struct ms_text_param){p->item[i].name, p->item[i].label, text[i], p->item[i].varies};
    if (line)
        ms_text_params(line, p->n, out, size);
    free(line);
    return out;
}
