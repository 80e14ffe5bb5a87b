// SPDX-License-Identifier: MIT
//
// Values of parameters as JSON, in the type in which the sweep file writes them.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "export.h"
#include "mlpsweep/memory.h"

void ms_export_point(struct ms_json_out *o, const char *key, const struct ms_param *p, double v)
{
    char text[4096];
    switch (ms_space_param_type(p, v)) {
    case 'i':
        ms_json_out_int(o, key, (int64_t)ms_space_param_number(p, v));
        break;
    case 'r':
        ms_json_out_number(o, key, p->count ? ms_space_param_number(p, v) : v);
        break;
    case 'b':
        ms_space_param_text(p, v, text, sizeof text);
        ms_json_out_bool(o, key, strcmp(text, "true") == 0);
        break;
    default:
        ms_json_out_text(o, key, ms_space_param_text(p, v, text, sizeof text));
    }
}

// A value of which only the text is known.
static void put_level(struct ms_json_out *o, const char *key, const char *text)
{
    char *end;
    const double number = strtod(text, &end);
    if (*text && !*end && !isnan(number))
        ms_json_out_number(o, key, number);
    else
        ms_json_out_text(o, key, text);
}

void ms_export_value(struct ms_json_out *o, const char *key, const struct ms_trial_table *t,
                     int64_t row, int param)
{
    const struct ms_table_param *p = &t->param[param];
    const double v = t->value[row * t->n_params + param];
    if (isnan(v))
        ms_json_out_null(o, key);
    else if (p->param)
        ms_export_point(o, key, p->param, v);
    else
        put_level(o, key, p->level[(size_t)v]);
}

void ms_export_values(struct ms_json_out *o, const char *key, const struct ms_export *e,
                      int64_t row)
{
    ms_json_out_open(o, key, '{');
    for (int i = 0; i < e->trials.n_params; i++) {
        const int at = e->column[i].first ? ms_export_in_force(e, row, i) : -1;
        if (at >= 0)
            ms_export_value(o, e->trials.param[at].name, &e->trials, row, at);
    }
    ms_json_out_close(o);
}

int ms_export_begin_text(struct ms_export_text *t, struct ms_error *err)
{
    *t = (struct ms_export_text){0};
    t->json.file = open_memstream(&t->text, &t->n);
    return t->json.file ? 0 : ms_no_memory(err, "a JSON text");
}

// ms_json_out ends a document with a line end, which is not part of a value.
int ms_export_end_text(struct ms_export_text *t, struct ms_error *err)
{
    const bool bad = fclose(t->json.file) != 0 || !t->text;
    if (!bad && t->n > 0 && t->text[t->n - 1] == '\n')
        t->text[t->n - 1] = '\0';
    return bad ? ms_no_memory(err, "a JSON text") : 0;
}
