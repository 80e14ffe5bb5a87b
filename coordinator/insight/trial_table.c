// SPDX-License-Identifier: MIT
//
// The table of all trials. Reads the trials, the sweep's text, the values and the scores, each in
// one pass, and joins them by the trials' numbers, which come in order.
//
// A sweep file that this program refuses, or whose parameters are not those of the trials (a store
// of another program, an old default), costs the space and nothing else: the values are read again
// as texts.
#include "trial_table.h"

#include <math.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/json.h"
#include "mlpsweep/memory.h"

// --- values ------------------------------------------------------------------

// A text that occurs, by its parameter.
struct level {
    const char *text;
    int param;
    size_t index;
};

static int by_level(const void *x, const void *y)
{
    const struct level *a = x, *b = y;
    return a->param != b->param ? a->param - b->param : strcmp(a->text, b->text);
}

struct reading {
    struct ms_trial_table *t;
    int64_t row;
    void *levels; // of tsearch
    int last;     // the parameter of the last cell
    bool foreign; // a value that the space does not have
    size_t params_room, values_room;
};

static double *value_at(const struct ms_trial_table *t, int64_t row, int param)
{
    return &t->value[row * t->n_params + param];
}

static int64_t seek(struct reading *r, uint32_t trial)
{
    const struct ms_trial_table *t = r->t;
    while (r->row < t->n && t->row[r->row].trial < trial)
        r->row++;
    return r->row < t->n && t->row[r->row].trial == trial ? r->row : -1;
}

static int take_point(void *to, const struct ms_param_cell *c, struct ms_error *err)
{
    struct reading *r = to;
    struct ms_trial_table *t = r->t;
    const int64_t row = seek(r, c->trial);
    (void)err;
    if (row < 0 || r->foreign)
        return 0;
    const struct ms_param *p =
        c->position >= 0 && c->position < t->n_params ? t->param[c->position].param : NULL;
    if (!p || strcmp(p->name, c->name) != 0 ||
        (p->count && !(c->point >= 0 && c->point < (double)p->count)))
        r->foreign = true;
    else
        *value_at(t, row, c->position) = c->point;
    return 0;
}

static int find_level(struct reading *r, int param, const char *text, double *index,
                      struct ms_error *err)
{
    struct ms_table_param *p = &r->t->param[param];
    const struct level key = {.text = text, .param = param};
    struct level **found = tfind(&key, &r->levels, by_level);
    if (found) {
        *index = (double)(*found)->index;
        return 0;
    }
    const int status = ms_grow(&p->level, &p->levels_room, p->n_levels + 1, sizeof *p->level,
                               "the values of a parameter", err);
    if (status)
        return status;
    struct level *fresh = malloc(sizeof *fresh);
    char *copy = strdup(text);
    if (fresh && copy) {
        *fresh = (struct level){copy, param, p->n_levels};
        found = tsearch(fresh, &r->levels, by_level);
    }
    if (!found) {
        free(fresh);
        free(copy);
        return ms_no_memory(err, "the values of a parameter");
    }
    p->level[p->n_levels] = copy;
    *index = (double)p->n_levels++;
    return 0;
}

// The parameter of that name, mostly the one after the last.
static int find_param(struct reading *r, const char *name)
{
    const int n = r->t->n_params;
    for (int k = 1; k <= n; k++) {
        const int i = (r->last + k) % n;
        if (strcmp(r->t->param[i].name, name) == 0)
            return r->last = i;
    }
    return -1;
}

static int take_text(void *to, const struct ms_param_cell *c, struct ms_error *err)
{
    struct reading *r = to;
    const int64_t row = seek(r, c->trial);
    const int param = row < 0 ? -1 : find_param(r, c->name);
    return param < 0 ? 0 : find_level(r, param, c->text, value_at(r->t, row, param), err);
}

static int make_values(struct ms_trial_table *t, struct ms_error *err)
{
    const size_t n = (size_t)t->n * (size_t)t->n_params;
    free(t->value);
    t->value = malloc((n + 1) * sizeof *t->value);
    if (!t->value)
        return ms_no_memory(err, "the values of %lld trials", (long long)t->n);
    for (size_t i = 0; i < n; i++)
        t->value[i] = NAN;
    return 0;
}

static void clear_params(struct ms_trial_table *t)
{
    for (int i = 0; i < t->n_params; i++) {
        for (size_t k = 0; k < t->param[i].n_levels; k++)
            free(t->param[i].level[k]);
        free(t->param[i].level);
        free(t->param[i].name);
    }
    free(t->param);
    t->param = NULL;
    t->n_params = 0;
}

static int add_param(struct ms_trial_table *t, const char *name, const struct ms_param *p,
                     struct ms_error *err)
{
    struct ms_table_param *q = &t->param[t->n_params];
    *q = (struct ms_table_param){.name = strdup(name), .param = p};
    if (!q->name)
        return ms_no_memory(err, "the names of the parameters");
    t->n_params++;
    return 0;
}

// Values by the space; *foreign: the store has others.
static int read_points(struct ms_store *s, struct ms_trial_table *t, bool *foreign,
                       struct ms_error *err)
{
    int status = 0;
    t->param = calloc((size_t)t->space->n + 1, sizeof *t->param);
    if (!t->param)
        return ms_no_memory(err, "%d parameters", t->space->n);
    for (int i = 0; !status && i < t->space->n; i++)
        status = add_param(t, t->space->param[i].name, &t->space->param[i], err);
    if (!status)
        status = make_values(t, err);
    struct reading r = {.t = t};
    if (!status)
        status = ms_store_each_param(s, t->info.id, take_point, &r, err);
    *foreign = r.foreign;
    return status;
}

// Values by their texts.
static int read_texts(struct ms_store *s, struct ms_trial_table *t, struct ms_error *err)
{
    struct ms_param_names names;
    int status = ms_store_param_names(s, t->info.id, &names, err);
    if (status)
        return status;
    t->param = calloc((size_t)names.n + 1, sizeof *t->param);
    if (!t->param)
        status = ms_no_memory(err, "%d parameters", names.n);
    for (int i = 0; !status && i < names.n; i++)
        status = add_param(t, names.item[i].name, NULL, err);
    ms_store_param_names_clear(&names);
    if (!status)
        status = make_values(t, err);
    struct reading r = {.t = t, .last = t->n_params - 1};
    if (!status && t->n_params > 0)
        status = ms_store_each_param(s, t->info.id, take_text, &r, err);
    tdestroy(r.levels, free);
    return status;
}

// Values equal or both not in force.
static bool same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static void describe_params(struct ms_trial_table *t)
{
    for (int64_t row = 0; row < t->n; row++)
        for (int i = 0; i < t->n_params; i++) {
            const double v = *value_at(t, row, i);
            t->param[i].n_active += !isnan(v);
            t->param[i].varies = t->param[i].varies || !same(v, *value_at(t, 0, i));
        }
}

// --- the sweep -----------------------------------------------------------------

static void drop_sweep(struct ms_trial_table *t, const char *why)
{
    clear_params(t);
    ms_sweep_free(t->sweep);
    t->sweep = NULL;
    t->space = NULL;
    snprintf(t->why, sizeof t->why, "%s", why);
}

static int read_sweep(struct ms_store *s, struct ms_trial_table *t, struct ms_error *err)
{
    struct ms_sweep_problems problems = {0};
    int status = ms_store_sweep_text(s, t->info.id, &t->file, &t->text, err);
    if (status)
        return status;
    status = ms_sweep_parse(t->file, t->text, strlen(t->text), &t->sweep, &problems);
    if (status) // whatever it is, the trials can be read without
        drop_sweep(t, problems.n > 0 ? problems.item[0].text : "the sweep file cannot be parsed");
    else
        t->space = ms_sweep_space(t->sweep);
    ms_sweep_problems_clear(&problems);
    return 0;
}

static int read_values(struct ms_store *s, struct ms_trial_table *t, struct ms_error *err)
{
    bool foreign = false;
    int status = t->space ? read_points(s, t, &foreign, err) : 0;
    if (!status && foreign)
        drop_sweep(t, "trials have parameters or values that the stored sweep file does not have");
    if (!status && !t->space)
        status = read_texts(s, t, err);
    if (!status)
        describe_params(t);
    return status;
}

// --- the ranking ---------------------------------------------------------------

static int read_ranking(struct ms_store *s, struct ms_trial_table *t, struct ms_error *err)
{
    struct ms_rank_scores scores;
    struct ms_trial_rank *ranking = NULL;
    int64_t n = 0;
    int status = ms_store_scores(s, t->info.id, &scores, err);
    if (status)
        return status;
    status = ms_rank(&scores, &t->info.rule, &ranking, &n, err);
    ms_rank_scores_clear(&scores);
    if (status)
        return status;
    t->rank = malloc((size_t)(t->n + 1) * sizeof *t->rank);
    t->place = calloc((size_t)t->n + 1, sizeof *t->place);
    t->ranked = malloc((size_t)(n + 1) * sizeof *t->ranked);
    if (!t->rank || !t->place || !t->ranked) {
        free(ranking);
        return ms_no_memory(err, "the ranking of %lld trials", (long long)t->n);
    }
    for (int64_t i = 0; i < t->n; i++)
        t->rank[i] = (struct ms_trial_rank){t->row[i].trial, .mean = NAN, .sd = NAN,  .se = NAN,
                                            .lo = NAN,       .hi = NAN,   .min = NAN, .max = NAN,
                                            .median = NAN,   .key = NAN,  .p = NAN};
    for (int64_t k = 0; k < n; k++) {
        const int64_t row = ms_trial_table_row(t, ranking[k].trial);
        if (row < 0) // begun by a run since the trials were read
            continue;
        t->rank[row] = ranking[k];
        t->ranked[t->n_ranked++] = row;
        if (ranking[k].n > 0)
            t->place[row] = ++t->n_scored;
    }
    free(ranking);
    return 0;
}

int ms_trial_table_read(struct ms_store *s, const struct ms_sweep_info *info,
                        struct ms_trial_table *out, struct ms_error *err)
{
    *out = (struct ms_trial_table){.info = *info};
    int status = ms_store_trial_rows(s, info->id, &out->rows, err);
    out->n = (int64_t)out->rows.n;
    out->row = out->rows.item;
    if (!status)
        status = read_sweep(s, out, err);
    if (!status)
        status = read_values(s, out, err);
    if (!status)
        status = read_ranking(s, out, err);
    if (status)
        ms_trial_table_clear(out);
    return status;
}

void ms_trial_table_clear(struct ms_trial_table *t)
{
    clear_params(t);
    ms_sweep_free(t->sweep);
    ms_store_trial_rows_clear(&t->rows);
    free(t->file);
    free(t->text);
    free(t->value);
    free(t->rank);
    free(t->place);
    free(t->ranked);
    *t = (struct ms_trial_table){0};
}

// --- questions -------------------------------------------------------------------

int64_t ms_trial_table_row(const struct ms_trial_table *t, uint32_t trial)
{
    if (trial < t->n && t->row[trial].trial == trial) // nearly always
        return trial;
    int64_t lo = 0, hi = t->n;
    while (lo < hi) {
        const int64_t middle = (lo + hi) / 2;
        if (t->row[middle].trial < trial)
            lo = middle + 1;
        else
            hi = middle;
    }
    return lo < t->n && t->row[lo].trial == trial ? lo : -1;
}

const char *ms_trial_table_text(const struct ms_trial_table *t, int64_t row, int param, char *out,
                                size_t size)
{
    const struct ms_table_param *p = &t->param[param];
    const double v = *value_at(t, row, param);
    if (isnan(v))
        return NULL;
    if (p->param)
        return ms_space_param_text(p->param, v, out, size);
    snprintf(out, size, "%s", p->level[(size_t)v]);
    return out;
}

double ms_trial_table_number(const struct ms_trial_table *t, int64_t row, int param)
{
    const struct ms_table_param *p = &t->param[param];
    const double v = *value_at(t, row, param);
    if (isnan(v) || (p->param && p->param->kind == MS_BOOL))
        return NAN;
    if (p->param)
        return p->param->count ? ms_space_param_number(p->param, v) : v;
    char *end;
    const char *text = p->level[(size_t)v];
    const double number = strtod(text, &end);
    return *text && !*end ? number : NAN;
}

const char *ms_trial_table_state(const struct ms_trial_table *t, int64_t row)
{
    const struct ms_trial_row *x = &t->row[row];
    const struct ms_trial_rank *r = &t->rank[row];
    if (x->n_running > 0)
        return "running";
    if (x->n_waiting > 0)
        return "waiting";
    if (r->n > 0)
        return r->n_pruned > 0 ? "pruned" : "completed";
    return *x->outcome ? x->outcome : "waiting";
}
