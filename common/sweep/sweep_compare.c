// SPDX-License-Identifier: MIT
//
// The test whether a store made by one sweep may be continued by another: the files' trees are
// compared path by path. Some paths may differ, some may grow.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sweep_internal.h"

// Paths that are not compared as text. grows: the new value must not be smaller.
static const struct exception {
    const char *path;
    bool grows;
} exceptions[] = {
    {"search.max_trials", true},
    {"search.executions_per_trial", true},
    {"epochs", true},
    {"keep_best", false},
    {"search.max_retries_per_trial", false},
    {"search.max_seconds", false},
    {"search.max_executions", false}, // budgets: how far a search goes, not where
    {"search.max_wall_seconds", false},
    {"search.target", false},
    {"search.patience", false},
    {"search.resolve", false},
    {"search.confirm", false},
    {"objective.by", false},
    {"objective.failed_executions", false},
    {"search.method", false}, // same_method(): "random" is {"name": "random"}
};

static const struct exception *find_exception(const char *path)
{
    for (size_t i = 0; i < sizeof exceptions / sizeof *exceptions; i++)
        if (strcmp(exceptions[i].path, path) == 0)
            return &exceptions[i];
    return NULL;
}

static int differs(const char *path, const cJSON *was, const cJSON *now, struct ms_error *err)
{
    char *a = was ? ms_json_compact(was, false) : NULL;
    char *b = now ? ms_json_compact(now, false) : NULL;
    int status = ms_fail(
        err, MS_EINVAL, "%s: was %.200s, now %.200s; a sweep that is continued must not change",
        path, was ? (a ? a : "?") : "not given", now ? (b ? b : "?") : "not given");
    free(a);
    free(b);
    return status;
}

static bool same_text(const cJSON *a, const cJSON *b)
{
    char *x = ms_json_compact(a, true), *y = ms_json_compact(b, true);
    bool same = x && y && strcmp(x, y) == 0;
    free(x);
    free(y);
    return same;
}

static int compare(const char *path, const cJSON *was, const cJSON *now, bool same_data,
                   struct ms_error *err);

// Where the files of data lie.
static bool is_place(const char *path)
{
    static const char *const places[] = {"data.csv",
                                         "data.idx",
                                         "data.npy",
                                         "data.npz",
                                         "data.target_file",
                                         "data.test_file",
                                         "data.test_target_file",
                                         "data.validation.file",
                                         "data.validation.target_file"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (strcmp(places[i], path) == 0)
            return true;
    return false;
}

static int compare_member(const char *path, const char *key, const cJSON *was, const cJSON *now,
                          bool same_data, struct ms_error *err)
{
    char inner[256];
    snprintf(inner, sizeof inner, "%s%s%s", path, path[0] ? "." : "", key);
    const struct exception *e = find_exception(inner);
    if (e && !(e->grows && (ms_sweep_is_param(was) || ms_sweep_is_param(now))))
        return 0; // what grows: numbers, compared by grown()
    if (same_data && cJSON_IsString(was) && cJSON_IsString(now) && is_place(inner))
        return 0;
    return compare(inner, was, now, same_data, err);
}

static int compare(const char *path, const cJSON *was, const cJSON *now, bool same_data,
                   struct ms_error *err)
{
    // A section that is left out is an empty one: only then can max_trials be added to no search.
    bool section = strcmp(path, "search") == 0 || strcmp(path, "objective") == 0;
    bool objects =
        (cJSON_IsObject(was) || (section && !was)) && (cJSON_IsObject(now) || (section && !now));
    if (!objects || (was && ms_sweep_is_param(was)) || (now && ms_sweep_is_param(now)))
        return was && now && same_text(was, now) ? 0 : differs(path, was, now, err);
    for (const cJSON *m = was ? was->child : NULL; m; m = m->next) {
        int status =
            compare_member(path, m->string, m, ms_sweep_member(now, m->string), same_data, err);
        if (status < 0)
            return status;
    }
    for (const cJSON *m = now ? now->child : NULL; m; m = m->next) {
        int status = ms_sweep_member(was, m->string)
                         ? 0
                         : compare_member(path, m->string, NULL, m, same_data, err);
        if (status < 0)
            return status;
    }
    return 0;
}

// --- doubled integers --------------------------------------------------------

// Gives "step": 2 to integers that have "log" and no step: programs before this rule doubled them.
// Returns their number; < 0: no memory.
static int add_doubling(cJSON *v)
{
    int n = 0;
    if (ms_sweep_is_param(v) && ms_sweep_member(v, "int") &&
        cJSON_IsTrue(ms_sweep_member(v, "log")) && !ms_sweep_member(v, "step"))
        n = cJSON_AddNumberToObject(v, "step", 2) ? 1 : MS_ENOMEM;
    for (cJSON *m = v->child; m && n >= 0; m = m->next) {
        int more = add_doubling(m);
        n = more < 0 ? more : n + more;
    }
    return n;
}

// True if now says with a step of 2 what was meant without one. Whether the store's values are
// doubled, the store checks.
static bool spells_doubling(const cJSON *was, const cJSON *now, bool same_data)
{
    struct ms_error ignored;
    cJSON *doubling = cJSON_Duplicate(was, true);
    bool same = doubling && add_doubling(doubling) > 0 &&
                compare("", doubling, now, same_data, &ignored) == 0;
    cJSON_Delete(doubling);
    return same;
}

static int grown(const char *path, double was, double now, struct ms_error *err)
{
    char a[32], b[32];
    if (now >= was)
        return 0;
    return ms_fail(err, MS_EINVAL, "%s: was %s, now %s; a sweep that is continued may only grow",
                   path, isinf(was) ? "all" : ms_number_text(was, a, sizeof a),
                   ms_number_text(now, b, sizeof b));
}

// max_trials left out means all there are.
static double trials(const struct ms_search *search, const struct ms_space *space)
{
    uint64_t size = ms_space_size(space);
    double all = size ? (double)size : INFINITY;
    return search->max_trials ? fmin(all, (double)search->max_trials) : all;
}

static double epochs(const struct ms_sweep *s)
{
    const cJSON *v = ms_sweep_member(ms_json_root(s->doc), "epochs");
    return cJSON_IsNumber(v) ? v->valuedouble : v ? NAN : 1;
}

// Grid order is the order in which the file writes its parameters.
static int same_order(const struct ms_sweep *a, const struct ms_sweep *b, struct ms_error *err)
{
    for (int i = 0; i < a->space.n && i < b->space.n; i++)
        if (strcmp(a->space.param[i].name, b->space.param[i].name) != 0)
            return ms_fail(err, MS_EINVAL,
                           "%s: now comes after %s in the file; the order of the "
                           "parameters is the order of the trials",
                           a->space.param[i].name, b->space.param[i].name);
    return 0;
}

// A function takes its numbers, also those that are given, in the order of the file.
static int same_places(const struct ms_sweep *a, const struct ms_sweep *b, struct ms_error *err)
{
    const cJSON *x = ms_sweep_member(ms_json_root(a->doc), "params"),
                *y = ms_sweep_member(ms_json_root(b->doc), "params");
    x = x && a->kind == MS_KIND_FUNCTION ? x->child : NULL;
    y = y ? y->child : NULL;
    for (; x && y; x = x->next, y = y->next)
        if (strcmp(x->string, y->string) != 0)
            return ms_fail(err, MS_EINVAL,
                           "params.%s: now comes after %s in the file; a function takes its "
                           "numbers in this order",
                           x->string, y->string);
    return 0;
}

static int same_method(const struct ms_sweep *a, const struct ms_sweep *b, struct ms_error *err)
{
    struct ms_search was = a->search, now = b->search;
    const cJSON *from = ms_sweep_member(ms_sweep_member(ms_json_root(a->doc), "search"), "method");
    const cJSON *to = ms_sweep_member(ms_sweep_member(ms_json_root(b->doc), "search"), "method");
    if (was.method.row != now.method.row)
        return differs("search.method", from, to, err);
    double *strata = ms_sweep_strata(&now);
    if (strata && *strata != *ms_sweep_strata(&was) && now.max_trials != was.max_trials)
        return ms_fail(
            err, MS_EINVAL,
            "search.max_trials: was %lld, now %lld; a latin_hypercube has as many strata as "
            "trials unless they are given, and is continued only with search.method {\"name\": "
            "\"latin_hypercube\", \"strata\": %.0f}",
            (long long)was.max_trials, (long long)now.max_trials, *ms_sweep_strata(&was));
    for (int i = 0; i < MS_MAX_ARGS; i++)
        if (was.method.arg[i] != now.method.arg[i] &&
            !(isnan(was.method.arg[i]) && isnan(now.method.arg[i])))
            return differs("search.method", from, to, err);
    return 0;
}

// The worth of a trial of several executions must stay the same where it decides which trials come
// and how far they go.
static int same_worth(const struct ms_sweep *a, const struct ms_sweep *b, struct ms_error *err)
{
    const struct ms_search_row *method =
        (const struct ms_search_row *)ms_table_row(&ms_search_sampler_table, a->search.method.row);
    const struct ms_objective *was = &a->objective, *now = &b->objective;
    const struct {
        const char *field, *option, *was, *now;
    } rules[] = {{"by", "by", ms_sweep_by_names[was->by], ms_sweep_by_names[now->by]},
                 {"failed_executions", "failed-executions", ms_sweep_failures_names[was->failures],
                  ms_sweep_failures_names[now->failures]}};
    if (a->search.executions_per_trial < 2 || !(method->learns || a->search.scheduler.row > 0))
        return 0;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (strcmp(rules[i].was, rules[i].now) != 0)
            return ms_fail(err, MS_EINVAL,
                           "objective.%s: was %s, now %s, but the trials so far were chosen by the "
                           "former; rank --%s %s ranks them by the latter",
                           rules[i].field, rules[i].was, rules[i].now, rules[i].option,
                           rules[i].now);
    return 0;
}

int ms_sweep_continues(const struct ms_sweep *old_one, const struct ms_sweep *new_one,
                       bool same_data, struct ms_error *err)
{
    const cJSON *was_root = ms_json_root(old_one->doc), *now_root = ms_json_root(new_one->doc);
    int status = compare("", was_root, now_root, same_data, err);
    const bool doubling = status == MS_EINVAL && spells_doubling(was_root, now_root, same_data);
    const struct ms_space *was_space = doubling ? &new_one->space : &old_one->space;
    if (doubling)
        status = 0;
    if (status == 0 && strcmp(old_one->name, new_one->name) != 0)
        status =
            ms_fail(err, MS_EINVAL, "name: was \"%s\", now \"%s\"", old_one->name, new_one->name);
    if (status == 0)
        status = same_order(old_one, new_one, err);
    if (status == 0)
        status = same_places(old_one, new_one, err);
    if (status == 0)
        status = same_method(old_one, new_one, err);
    if (status == 0)
        status = same_worth(old_one, new_one, err);
    if (status == 0)
        status = grown("search.max_trials", trials(&old_one->search, was_space),
                       trials(&new_one->search, &new_one->space), err);
    if (status == 0)
        status = grown("search.executions_per_trial", old_one->search.executions_per_trial,
                       new_one->search.executions_per_trial, err);
    double was = epochs(old_one), now = epochs(new_one);
    if (status == 0 && !isnan(was) && !isnan(now))
        status = grown("epochs", was, now, err);
    return status;
}
