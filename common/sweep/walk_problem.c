// SPDX-License-Identifier: MIT
//
// The problems of a file, one line each: what was found, what is allowed, the nearest spelling.
#include "walk_problem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mlpsweep/memory.h"
#include "mlpsweep/metric.h"
#include "mlpsweep/utf8.h"
#include "node.h"

void ms_sweep_problems_clear(struct ms_sweep_problems *p)
{
    for (int i = 0; i < p->n; i++)
        free(p->item[i].text);
    free(p->item);
    *p = (struct ms_sweep_problems){0};
}

int ms_sweep_problems_add(struct ms_sweep_problems *p, int line, const char *text)
{
    int status = ms_grow(&p->item, &p->room, (size_t)p->n + 1, sizeof *p->item, "problems", NULL);
    if (status < 0)
        return status;
    char *copy = strdup(text);
    if (!copy)
        return MS_ENOMEM;
    // A name of the file may hold any character; a problem is one line.
    p->item[p->n++] = (struct ms_sweep_problem){line, ms_printable(copy, '?', "")};
    return 0;
}

// Stable, because problems of one line are listed in the order in which they were found. Insertion
// sort, because they come nearly sorted.
void ms_sweep_problems_sort(struct ms_sweep_problems *p)
{
    for (int i = 1; i < p->n; i++) {
        struct ms_sweep_problem x = p->item[i];
        int j = i;
        for (; j > 0 && p->item[j - 1].line > x.line; j--)
            p->item[j] = p->item[j - 1];
        p->item[j] = x;
    }
}

// Notes that there is a problem. Returns false where its text is not wanted: making it would take
// seconds for a file of a million mistakes.
static bool note(struct ms_walk *w)
{
    if (w->point) {
        w->bad_point = true;
        return false;
    }
    w->found++;
    if (w->quiet)
        return false;
    if (w->problems->n < MS_MAX_PROBLEMS)
        return true;
    w->unlisted++;
    return false;
}

static void tell(struct ms_walk *w, const cJSON *at, const char *fmt, va_list ap)
{
    char text[2000];
    size_t used = 0;
    if (w->path[0])
        used = (size_t)snprintf(text, sizeof text, "%s: ", w->path);
    vsnprintf(text + used, sizeof text - used, fmt, ap);
    if (ms_sweep_problems_add(w->problems, ms_json_line(w->doc, at), text) < 0)
        w->no_memory = true;
}

static void tell_noted(struct ms_walk *w, const cJSON *at, const char *fmt, ...) MS_PRINTF(3, 4);

static void tell_noted(struct ms_walk *w, const cJSON *at, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    tell(w, at, fmt, ap);
    va_end(ap);
}

void ms_sweep_problem(struct ms_walk *w, const cJSON *at, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    if (note(w))
        tell(w, at, fmt, ap);
    va_end(ap);
}

// "; did you mean 'x'?" or "".
static void suggestion(const char *word, const char *const *names, int n, char *out, size_t size)
{
    const char *near = ms_nearest(word, names, n);
    out[0] = '\0';
    if (near && strcmp(near, word) != 0)
        snprintf(out, size, "; did you mean '%s'?", near);
}

// The row that people also call by this word, or NULL.
static const char *known_as(const struct ms_table *t, const char *word)
{
    size_t n = strlen(word);
    for (int i = 0; t && n && i < t->n; i++) {
        const struct ms_row *row = ms_table_row(t, i);
        for (const char *p = row->also; p && *p; p += strspn(p, " ")) {
            size_t length = strcspn(p, " ");
            if (length == n && strncasecmp(p, word, n) == 0)
                return row->name;
            p += length;
        }
    }
    return NULL;
}

static void suggest_row(const struct ms_field *f, const char *word, char *out, size_t size)
{
    const char *names[MS_FIELD_NAMES] = {NULL}, *row = known_as(f->table, word);
    if (row)
        snprintf(out, size, "; did you mean '%s'?", row);
    else
        suggestion(word, names, ms_field_names(f, names), out, size);
}

// A metric may carry "val_", which the suggestion keeps.
static void suggest_metric(const char *word, char *out, size_t size)
{
    const char *names[MS_FIELD_NAMES] = {NULL};
    struct ms_field metric = {.type = MS_F_METRIC};
    bool validation = strncmp(word, "val_", 4) == 0;
    const char *own = word + (validation ? 4 : 0), *near = known_as(&ms_metric_table, own);
    near = near ? near : ms_nearest(own, names, ms_field_names(&metric, names));
    out[0] = '\0';
    if (near)
        snprintf(out, size, "; did you mean '%s%s'?", validation ? "val_" : "", near);
}

void ms_sweep_problem_mismatch(struct ms_walk *w, const cJSON *v, const struct ms_field *f)
{
    char found[128], allowed[1200], near[128] = "";
    if (!note(w))
        return;
    if (cJSON_IsString(v) && f->type == MS_F_METRIC)
        suggest_metric(v->valuestring, near, sizeof near);
    else if (cJSON_IsString(v))
        suggest_row(f, v->valuestring, near, sizeof near);
    else if (cJSON_IsObject(v) && v->child)
        suggestion(v->child->string, ms_sweep_param_words, 4, near, sizeof near);
    tell_noted(w, v, "found %s; allowed: %s%s", ms_sweep_value_text(v, found, sizeof found),
               ms_field_allowed(f, allowed, sizeof allowed), near);
}

void ms_sweep_problem_unknown(struct ms_walk *w, const cJSON *member, const char *of,
                              const char *const *allowed, int n)
{
    char key[MS_CLIP], list[1200], near[128];
    if (!note(w))
        return;
    suggestion(member->string, allowed, n, near, sizeof near);
    tell_noted(w, member, "found unknown key '%s'%s%s; allowed: %s%s",
               ms_sweep_clip(member->string, key), of ? " of " : "", of ? of : "",
               ms_field_join(allowed, n, list, sizeof list), near);
}

void ms_sweep_problem_missing(struct ms_walk *w, const cJSON *object, const struct ms_field *f)
{
    char allowed[1200];
    struct ms_mark mark = ms_sweep_walk_enter(w, f->name, "");
    ms_field_allowed(f, allowed, sizeof allowed);
    if (f->type == MS_F_CUSTOM)
        ms_sweep_problem(w, object, "missing; allowed: %s", allowed);
    else
        ms_sweep_problem(w, object, "missing (%s); allowed: %s", f->doc, allowed);
    ms_sweep_walk_leave(w, mark);
}

void ms_sweep_problem_section_key(struct ms_walk *w, const cJSON *member,
                                  const struct ms_section *s)
{
    const char *names[MS_FIELD_NAMES] = {NULL};
    int n = 0;
    for (int i = 0; i < s->n && n < MS_FIELD_NAMES; i++)
        if (!s->top || !s->field[i].kinds || (s->field[i].kinds & 1 << w->kind))
            names[n++] = s->field[i].name;
    ms_sweep_problem_unknown(w, member, NULL, names, n);
}

void ms_sweep_problem_kind(struct ms_walk *w, const cJSON *member, const struct ms_section *s)
{
    static const char *const founds[] = {
        [MS_KIND_TRAIN] = ("beside a network to train; allowed with objective.function or "
                           "objective.command"),
        [MS_KIND_FUNCTION] = "beside objective.function",
        [MS_KIND_COMMAND] = "beside objective.command",
    };
    const char *names[MS_FIELD_NAMES] = {NULL};
    char list[1000];
    int n = 0;
    for (int i = 0; i < s->n && n < MS_FIELD_NAMES; i++)
        if (!s->field[i].kinds || (s->field[i].kinds & 1 << w->kind))
            names[n++] = s->field[i].name;
    bool train = w->kind == MS_KIND_TRAIN;
    struct ms_mark mark = ms_sweep_walk_enter(w, member->string, "");
    ms_sweep_problem(w, member, "found %s%s%s", founds[w->kind],
                     train ? "" : "; allowed beside it: ",
                     train ? "" : ms_field_join(names, n, list, sizeof list));
    ms_sweep_walk_leave(w, mark);
}

static void given_twice(void *ctx, const cJSON *member)
{
    char key[MS_CLIP];
    ms_sweep_problem(ctx, member, "found '%s' twice; allowed: every key once",
                     ms_sweep_clip(member->string, key));
}

void ms_sweep_problem_duplicates(struct ms_walk *w, const cJSON *object)
{
    if (ms_json_duplicates(object, given_twice, w) < 0)
        w->no_memory = true;
}
