// SPDX-License-Identifier: MIT
//
// A parsed sweep: what it holds, and how it is read at a point. It never changes after it was
// parsed.
#include "sweep_internal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "walkers.h"

struct ms_walk ms_sweep_reader(const struct ms_sweep *s, const double *point, int parts)
{
    // The walk adds to a space only while checking: what is const here stays so.
    return (struct ms_walk){.walkers = ms_sweep_walkers,
                            .doc = s->doc,
                            .space = (struct ms_space *)(uintptr_t)&s->space,
                            .place = (struct ms_place *)(uintptr_t)s->place,
                            .point = point,
                            .parts = parts,
                            .kind = s->kind,
                            .scope = {MS_ALWAYS, -1, 0}};
}

void ms_sweep_default_name(const char *file, char *out, size_t size)
{
    const char *slash = strrchr(file, '/');
    snprintf(out, size, "%s", slash ? slash + 1 : file);
    char *dot = strrchr(out, '.');
    if (dot && dot != out)
        *dot = '\0';
    if (!out[0])
        snprintf(out, size, "sweep");
}

void ms_sweep_free(struct ms_sweep *s)
{
    if (!s)
        return;
    if (s->stages)
        ms_json_free(s->stages->doc);
    free(s->stages);
    for (int i = 0; i < s->n_require; i++)
        ms_expression_free(s->require[i]);
    free(s->require);
    free(s->try_first);
    ms_space_clear(&s->space);
    ms_json_free(s->doc);
    free(s->file);
    free(s->text);
    free(s->canonical);
    free(s->spec);
    free(s->combination);
    free(s);
}

const char *ms_sweep_name(const struct ms_sweep *s)
{
    return s->edition ? s->edition_name : s->name;
}

const char *ms_sweep_name_in_file(const struct ms_sweep *s)
{
    return s->name;
}

int ms_sweep_call(struct ms_sweep *s, size_t file_name, int edition, struct ms_error *err)
{
    s->edition = edition > 1 ? edition : 0;
    const int n = snprintf(s->edition_name, sizeof s->edition_name, "%.*s-%d%s", (int)file_name,
                           s->name, edition, s->name + file_name);
    if (s->edition && n >= (int)sizeof s->edition_name)
        return ms_fail(err, MS_EINVAL,
                       "name: found %zu bytes; allowed with \"-%d\" behind them: %zu",
                       strlen(s->name), edition, sizeof s->edition_name - 1);
    return 0;
}

int ms_sweep_set_edition(struct ms_sweep *s, int edition, struct ms_error *err)
{
    return ms_sweep_call(s, strlen(ms_sweep_file_name(s)), edition, err);
}

const char *ms_sweep_file(const struct ms_sweep *s)
{
    return s->file;
}

const char *ms_sweep_text(const struct ms_sweep *s)
{
    return s->text;
}

size_t ms_sweep_text_size(const struct ms_sweep *s)
{
    return s->text_size;
}

uint64_t ms_sweep_seed(const struct ms_sweep *s)
{
    return s->seed;
}

int ms_sweep_threads(const struct ms_sweep *s)
{
    return s->threads;
}

int ms_sweep_keep_best(const struct ms_sweep *s)
{
    return s->keep_best;
}

enum ms_kind ms_sweep_kind(const struct ms_sweep *s)
{
    return s->kind;
}

const struct ms_space *ms_sweep_space(const struct ms_sweep *s)
{
    return &s->space;
}

double ms_sweep_most_epochs(const struct ms_sweep *s)
{
    const cJSON *epochs = ms_sweep_member(ms_json_root(s->doc), "epochs");
    if (cJSON_IsNumber(epochs))
        return epochs->valuedouble;
    for (int i = 0; i < s->space.n; i++)
        if (s->place[i].node == epochs)
            return fmax(1, ms_space_param_most(&s->space.param[s->place[i].param]));
    return epochs || s->kind == MS_KIND_TRAIN ? 1 : 0;
}

const struct ms_search *ms_sweep_search(const struct ms_sweep *s)
{
    return &s->search;
}

const struct ms_objective *ms_sweep_objective(const struct ms_sweep *s)
{
    return &s->objective;
}

const char *ms_sweep_canonical(const struct ms_sweep *s)
{
    return s->canonical;
}

const struct ms_goals *ms_sweep_goals(const struct ms_sweep *s)
{
    return &s->goals;
}
