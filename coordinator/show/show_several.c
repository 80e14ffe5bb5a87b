// SPDX-License-Identifier: MIT
//
// Trials of all sweeps are numbered anew, in the order of the sweeps, and ranked as those of one.
// Values can be compared where they are of one metric and goal; where data differ, a warning says
// that they may not be.
#include "show_several.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/json.h"
#include "mlpsweep/memory.h"
#include "mlpsweep/words.h"

// --- what differs --------------------------------------------------------------

struct taking {
    struct ms_show_several *s;
    int sweep;
    struct ms_error *err;
};

static int take_leaf(void *ctx, const char *path, const char *text)
{
    const struct taking *t = ctx;
    struct ms_show_several *s = t->s;
    int i = 0;
    while (i < s->n_differences && strcmp(s->difference[i].path, path) != 0)
        i++;
    if (i == s->n_differences) {
        const int status = ms_grow(&s->difference, &s->room, (size_t)i + 1, sizeof *s->difference,
                                   "the fields of sweep files", t->err);
        if (status)
            return status;
        s->difference[i] = (struct ms_show_difference){.path = strdup(path)};
        if (!s->difference[i].path)
            return ms_no_memory(t->err, "the fields of sweep files");
        s->n_differences++;
    }
    free(s->difference[i].text[t->sweep]); // a repeated key
    s->difference[i].text[t->sweep] = strdup(text);
    return s->difference[i].text[t->sweep] ? 0 : ms_no_memory(t->err, "the fields of sweep files");
}

static bool same(const struct ms_show_difference *d, int n)
{
    for (int i = 1; i < n; i++)
        if (!d->text[0] != !d->text[i] || (d->text[0] && strcmp(d->text[0], d->text[i]) != 0))
            return false;
    return true;
}

static void clear_difference(struct ms_show_difference *d)
{
    free(d->path);
    for (int i = 0; i < MS_SHOW_SEVERAL; i++)
        free(d->text[i]);
}

// The hashes of the data of a sweep, as one text.
static int take_data(const struct taking *t)
{
    struct ms_data_sets sets;
    const struct ms_show *show = &t->s->show[t->sweep];
    char text[400] = "";
    int status = ms_store_data_sets(show->store, show->sweep.id, &sets, t->err);
    if (status)
        return status;
    for (int i = 0; i < sets.n && i < 4; i++)
        ms_words_append(text, sizeof text, "%s%.12s", i ? " " : "", sets.item[i].sha256);
    if (*text)
        status = take_leaf((void *)t, "content of the data", text);
    ms_store_data_sets_clear(&sets);
    return status;
}

static int take_file(const struct taking *t)
{
    const struct ms_show *show = &t->s->show[t->sweep];
    char *file = NULL, *text = NULL;
    struct ms_json *doc = NULL;
    struct ms_error ignored;
    int line, status = ms_store_sweep_text(show->store, show->sweep.id, &file, &text, t->err);
    if (!status && text && ms_json_parse(text, strlen(text), &doc, &line, &ignored) == 0)
        status = ms_json_leaves(ms_json_root(doc), take_leaf, (void *)t);
    ms_json_free(doc);
    free(file);
    free(text);
    return status;
}

static int find_differences(struct ms_show_several *s, struct ms_error *err)
{
    int status = 0, kept = 0;
    for (int i = 0; !status && i < s->n; i++) {
        const struct taking t = {s, i, err};
        status = take_file(&t);
        if (!status)
            status = take_data(&t);
    }
    for (int i = 0; i < s->n_differences; i++) {
        if (same(&s->difference[i], s->n) || strcmp(s->difference[i].path, "name") == 0)
            clear_difference(&s->difference[i]);
        else
            s->difference[kept++] = s->difference[i];
    }
    s->n_differences = kept;
    return status;
}

// --- opening -------------------------------------------------------------------

static int add(struct ms_show_several *s, const char *path, const char *name, struct ms_error *err)
{
    if (s->n == MS_SHOW_SEVERAL)
        return ms_fail(err, MS_EINVAL, "at most %d sweeps can be compared", MS_SHOW_SEVERAL);
    s->path[s->n] = path;
    return ms_show_open(&s->show[s->n++], path, name, err);
}

static bool has_sweep(const struct ms_store_names *names, const char *name)
{
    for (int i = 0; i < names->n; i++)
        if (strcmp(names->name[i], name) == 0)
            return true;
    return false;
}

// Adds the sweeps of a store that are named in list. found (names): those that any store has.
static int add_named(struct ms_show_several *s, const char *path, char *const *list, int n,
                     bool *found, struct ms_error *err)
{
    struct ms_store *store = NULL;
    struct ms_store_names names = {0};
    int status = ms_store_open_read(path, &store, err);
    if (!status)
        status = ms_store_sweeps(store, &names, err);
    (void)ms_store_close(store, NULL);
    for (int i = 0; !status && i < n; i++)
        if (has_sweep(&names, list[i])) {
            found[i] = true;
            status = add(s, path, list[i], err);
        }
    ms_store_names_clear(&names);
    return status;
}

static int open_named(struct ms_show_several *s, const char *const *path, int n_paths,
                      const char *names, struct ms_error *err)
{
    char *text = strdup(names), *list[MS_SHOW_SEVERAL];
    bool found[MS_SHOW_SEVERAL] = {false};
    int n = 0, status = text ? 0 : ms_no_memory(err, "the names of sweeps");
    for (char *rest = text, *word; !status && (word = strsep(&rest, ","));) {
        if (n == MS_SHOW_SEVERAL)
            status = ms_fail(err, MS_EINVAL, "at most %d sweeps can be compared", MS_SHOW_SEVERAL);
        else
            list[n++] = word;
    }
    for (int i = 0; !status && i < n_paths; i++)
        status = add_named(s, path[i], list, n, found, err);
    for (int i = 0; !status && i < n; i++)
        if (!found[i]) // says which there are
            status = add(s, path[0], list[i], err);
    free(text);
    return status;
}

static int check_metrics(const struct ms_show_several *s, struct ms_error *err)
{
    const struct ms_sweep_info *a = &s->show[0].sweep;
    for (int i = 1; i < s->n; i++) {
        const struct ms_sweep_info *b = &s->show[i].sweep;
        if (strcmp(a->metric, b->metric) != 0)
            return ms_fail(err, MS_EINVAL,
                           "values of '%s' (%s) and '%s' (%s) cannot be compared: these sweeps "
                           "have different objectives",
                           a->metric, a->name, b->metric, b->name);
        if (a->rule.maximize != b->rule.maximize)
            return ms_fail(err, MS_EINVAL,
                           "'%s' is maximized by %s and minimized by %s: they cannot be ranked "
                           "together",
                           a->metric, a->rule.maximize ? a->name : b->name,
                           a->rule.maximize ? b->name : a->name);
    }
    return 0;
}

// Appends the scores of sweep i, trials numbered anew.
static int append_scores(struct ms_show_several *s, int i, struct ms_rank_scores *all, size_t *room,
                         int64_t *trials, struct ms_error *err)
{
    struct ms_rank_scores x;
    int status = ms_store_scores(s->show[i].store, s->show[i].sweep.id, &x, err);
    if (status)
        return status;
    const struct ms_column_array columns[] = {
        {&all->trial, sizeof *all->trial},       {&all->execution, sizeof *all->execution},
        {&all->value, sizeof *all->value},       {&all->pruned, sizeof *all->pruned},
        {&all->constant, sizeof *all->constant}, {&s->of, sizeof *s->of},
        {&s->number, sizeof *s->number}};
    status = ms_grow_columns(columns, 7, room, (size_t)(all->n + x.n) + 1, "the scores", err);
    for (int64_t k = 0; !status && k < x.n; k++) { // by trial
        if (k == 0 || x.trial[k] != x.trial[k - 1]) {
            s->of[*trials] = i;
            s->number[(*trials)++] = x.trial[k];
        }
        all->trial[all->n] = (uint32_t)(*trials - 1);
        all->execution[all->n] = x.execution[k];
        all->pruned[all->n] = x.pruned && x.pruned[k];
        all->constant[all->n] = x.constant && x.constant[k];
        all->value[all->n++] = x.value[k];
    }
    ms_rank_scores_clear(&x);
    return status;
}

static int rank_all(struct ms_show_several *s, int by, int failures, struct ms_error *err)
{
    struct ms_rank_scores all = {0};
    size_t room = 0;
    int64_t trials = 0;
    int status = 0;
    struct ms_rank_rule *rule = &s->show[0].sweep.rule;
    if (by >= 0)
        rule->by = (enum ms_by)by;
    if (failures >= 0)
        rule->failures = (enum ms_failures)failures;
    for (int i = 0; !status && i < s->n; i++) {
        status = append_scores(s, i, &all, &room, &trials, err);
        const struct ms_rank_rule *other = &s->show[i].sweep.rule;
        if (other->folds != rule->folds)
            rule->folds = 0; // nothing pairs them
        if (other->bounds.rows < rule->bounds.rows)
            rule->bounds.rows = other->bounds.rows;
    }
    if (!status)
        status = ms_rank(&all, rule, &s->rank, &s->n_ranks, err);
    ms_rank_scores_clear(&all);
    return status;
}

int ms_show_several_open(struct ms_show_several *s, const char *const *path, int n_paths,
                         const char *names, int by, int failures, struct ms_error *err)
{
    int status = 0;
    *s = (struct ms_show_several){0};
    if (names)
        status = open_named(s, path, n_paths, names, err);
    for (int i = 0; !status && !names && i < n_paths; i++)
        status = add(s, path[i], NULL, err);
    if (!status)
        status = check_metrics(s, err);
    if (!status)
        status = find_differences(s, err);
    return status ? status : rank_all(s, by, failures, err);
}

void ms_show_several_close(struct ms_show_several *s)
{
    for (int i = 0; i < s->n; i++)
        ms_show_close(&s->show[i]);
    for (int i = 0; i < s->n_differences; i++)
        clear_difference(&s->difference[i]);
    free(s->difference);
    free(s->rank);
    free(s->of);
    free(s->number);
}
