// SPDX-License-Identifier: MIT
//
// One function for each part of a document, so that a trial looks the same wherever it is printed.
#include "show_json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void ms_show_json_rank(struct ms_json_out *o, const struct ms_trial_rank *r)
{
    const struct {
        const char *key;
        double value;
    } numbers[] = {{"mean", r->mean}, {"sd", r->sd},   {"se", r->se},         {"low95", r->lo},
                   {"high95", r->hi}, {"min", r->min}, {"median", r->median}, {"max", r->max}};
    ms_json_out_int(o, "trial", r->trial);
    ms_json_out_int(o, "n", r->n);
    ms_json_out_int(o, "n_failed", r->n_failed);
    ms_json_out_int(o, "n_pruned", r->n_pruned);
    ms_json_out_int(o, "n_constant", r->n_constant);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        ms_json_out_number(o, numbers[i].key, numbers[i].value);
    ms_json_out_bool(o, "tied", r->tied);
}

// True if a text is a number as the store writes them; "1e999", "nan" and "0x1" are texts.
static bool is_number(const char *text, double *value)
{
    char *end;
    if (!*text || text[strspn(text, "+-.0123456789eE")])
        return false;
    *value = strtod(text, &end);
    return !*end && isfinite(*value);
}

int ms_show_json_params(struct ms_json_out *o, struct ms_show *s, uint32_t trial,
                        struct ms_error *err)
{
    struct ms_param_values values;
    const int status = ms_store_param_values(s->store, s->sweep.id, trial, &values, err);
    if (status)
        return status;
    ms_json_out_open(o, "parameters", '{');
    for (int i = 0; i < values.n; i++) {
        const char *name = values.item[i].name, *text = values.item[i].text;
        double number;
        if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
            ms_json_out_bool(o, name, *text == 't');
        else if (is_number(text, &number))
            ms_json_out_number(o, name, number);
        else
            ms_json_out_text(o, name, text);
    }
    ms_json_out_close(o);
    ms_store_param_values_clear(&values);
    return 0;
}

void ms_show_json_failures(struct ms_json_out *o, const struct ms_store_failures *f)
{
    ms_json_out_open(o, "failures", '[');
    for (int i = 0; i < f->n; i++) {
        ms_json_out_open(o, NULL, '{');
        ms_json_out_text(o, "outcome", f->item[i].word);
        ms_json_out_int(o, "count", f->item[i].count);
        ms_json_out_text(o, "message", f->item[i].message);
        ms_json_out_int(o, "with_message", f->item[i].with_message);
        ms_json_out_close(o);
    }
    ms_json_out_close(o);
}

void ms_show_json_sweep(struct ms_json_out *o, const struct ms_sweep_info *s)
{
    ms_json_out_open(o, "sweep", '{');
    ms_json_out_text(o, "name", s->name);
    ms_json_out_text(o, "state", *s->state ? s->state : "never run");
    ms_json_out_text(o, "metric", s->metric);
    ms_json_out_text(o, "goal", s->rule.maximize ? "maximize" : "minimize");
    ms_json_out_text(o, "rank_by", ms_sweep_by_names[s->rule.by]);
    if (s->trials_planned > 0)
        ms_json_out_int(o, "trials_planned", s->trials_planned);
    else
        ms_json_out_null(o, "trials_planned");
    ms_json_out_close(o);
}
