// SPDX-License-Identifier: MIT
//
// Rules between the arguments of an object that picks a row of a table, as the row states them (see
// enum ms_rule_kind). A rule must hold for every value that parameters among the arguments can
// take.
#include "walkers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

// Given, and not as what means off.
bool ms_sweep_pick_gives(const cJSON *v, const char *name)
{
    const cJSON *m = ms_sweep_member(v, name);
    return m && !cJSON_IsNull(m) && !cJSON_IsFalse(m) &&
           !(cJSON_IsNumber(m) && m->valuedouble == 0);
}

static void check_one_of(struct ms_walk *w, const cJSON *v, const char *const *names)
{
    char all[128] = "";
    const char *first = NULL;
    for (int i = 0; i < 4 && names[i]; i++)
        snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s", i ? ", " : "", names[i]);
    for (int i = 0; i < 4 && names[i]; i++) {
        if (!ms_sweep_pick_gives(v, names[i]))
            continue;
        if (first)
            ms_sweep_problem(w, ms_sweep_member(v, names[i]),
                             "found %s beside %s; allowed: one of %s", names[i], first, all);
        else
            first = names[i];
    }
}

static void check_beside(struct ms_walk *w, const cJSON *v, const char *const *names)
{
    const cJSON *first = ms_sweep_member(v, names[0]);
    if (first && !ms_sweep_pick_gives(v, names[1]))
        ms_sweep_problem(w, first, "found %s without %s; allowed: beside it only", names[0],
                         names[1]);
}

// Alternative k of a list that may be a choice of lists, or NULL.
static const cJSON *alternative(const cJSON *list, int k)
{
    const cJSON *choice = ms_sweep_member(list, "choice");
    const cJSON *one = choice ? cJSON_GetArrayItem(choice, k) : k == 0 ? list : NULL;
    return cJSON_IsArray(one) ? one : NULL;
}

static void check_one_more(struct ms_walk *w, const cJSON *v, const char *const *names)
{
    const cJSON *more = ms_sweep_member(v, names[0]), *less = ms_sweep_member(v, names[1]), *a, *b;
    for (int i = 0; (a = alternative(more, i)); i++)
        for (int k = 0; (b = alternative(less, k)); k++) {
            if (cJSON_GetArraySize(a) == cJSON_GetArraySize(b) + 1)
                continue;
            ms_sweep_problem(w, more, "found %d %s and %d %s; allowed: one more of %s than of %s",
                             cJSON_GetArraySize(a), names[0], cJSON_GetArraySize(b), names[1],
                             names[0], names[1]);
            return;
        }
}

// The least and the largest number that a value can be; false: it is not a number (which is
// reported elsewhere).
static bool span_of(const cJSON *v, double span[2])
{
    const cJSON *range =
        ms_sweep_member(v, "int") ? ms_sweep_member(v, "int") : ms_sweep_member(v, "float");
    const cJSON *choice = ms_sweep_member(v, "choice"), *list = choice ? choice : range;
    span[0] = INFINITY;
    span[1] = -INFINITY;
    for (const cJSON *m = list ? list->child : v; m; m = list ? m->next : NULL)
        if (cJSON_IsNumber(m)) {
            span[0] = fmin(span[0], m->valuedouble);
            span[1] = fmax(span[1], m->valuedouble);
        }
    return span[0] <= span[1];
}

// All pairs of parameters' values must be in order, because each can meet each.
static void check_order(struct ms_walk *w, const cJSON *v, const struct ms_row *row,
                        const char *const *names)
{
    const cJSON *given_of[2] = {ms_sweep_member(v, names[0]), ms_sweep_member(v, names[1])};
    double span[2][2];
    for (int i = 0; i < 2; i++) {
        const struct ms_arg *a = ms_table_row_arg(row, ms_table_find_arg(row, names[i]));
        span[i][0] = span[i][1] = a->def;
        if (given_of[i] && !span_of(given_of[i], span[i]))
            return;
    }
    char low[32], high[32];
    if (span[0][1] > span[1][0])
        ms_sweep_problem(w, given_of[0] ? given_of[0] : given_of[1],
                         "found %s %s and %s %s; allowed: %s at most %s", names[0],
                         ms_number_text(span[0][1], low, sizeof low), names[1],
                         ms_number_text(span[1][0], high, sizeof high), names[0], names[1]);
}

static void check_rising(struct ms_walk *w, const cJSON *v, const char *name)
{
    const cJSON *list = ms_sweep_member(v, name), *one;
    for (int i = 0; (one = alternative(list, i)); i++)
        for (const cJSON *m = one->child; m && m->next; m = m->next) {
            double before[2], after[2];
            char low[32], high[32];
            if (!span_of(m, before) || !span_of(m->next, after) || before[1] < after[0])
                continue;
            ms_sweep_problem(w, m->next, "found %s in %s after %s; allowed: numbers that rise",
                             ms_number_text(after[0], low, sizeof low), name,
                             ms_number_text(before[1], high, sizeof high));
            return;
        }
}

void ms_sweep_pick_rules(struct ms_walk *w, const cJSON *v, const struct ms_row *row,
                         const struct ms_rule *rule)
{
    for (; rule && rule->kind != MS_RULE_END; rule++)
        switch (rule->kind) {
        case MS_RULE_ONE_OF:
            check_one_of(w, v, rule->names);
            break;
        case MS_RULE_BESIDE:
            check_beside(w, v, rule->names);
            break;
        case MS_RULE_ONE_MORE:
            check_one_more(w, v, rule->names);
            break;
        case MS_RULE_ORDER:
            check_order(w, v, row, rule->names);
            break;
        case MS_RULE_RISING:
            check_rising(w, v, rule->names[0]);
            break;
        case MS_RULE_END:
            break;
        }
}
