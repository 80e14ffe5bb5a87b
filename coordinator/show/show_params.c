// SPDX-License-Identifier: MIT
//
// The parameters of a sweep as columns and as a line. Columns have the shortest name that still
// says which parameter it is; a value that is not in force is NULL.
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"
#include "show.h"

void ms_show_params_clear(struct ms_show_params *p)
{
    for (int i = 0; p->item && i < p->n; i++) {
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
        assert(name);
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
        assert(p->item && p->item[i].name);
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
    struct ms_param_names names;
    *out = (struct ms_show_params){0};
    int status = ms_store_param_names(s->store, s->sweep.id, &names, err);
    if (status)
        return status;
    out->item = calloc((size_t)names.n + 1, sizeof *out->item);
    if (!out->item)
        status = ms_no_memory(err, "%d parameters", names.n);
    for (; !status && out->n < names.n; out->n++) {
        out->item[out->n].name = names.item[out->n].name; // ours from here on
        names.item[out->n].name = NULL;
        out->item[out->n].varies = names.item[out->n].varies;
    }
    ms_store_param_names_clear(&names);
    if (!status && label(out))
        status = ms_no_memory(err, "the names of %d parameters", out->n);
    if (status)
        ms_show_params_clear(out);
    return status;
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
    struct ms_param_values values;
    *text = NULL;
    char **row = calloc((size_t)p->n + 1, sizeof *row);
    if (!row)
        return ms_no_memory(err, "the values of %d parameters", p->n);
    const int status = ms_store_param_values(s->store, s->sweep.id, trial, &values, err);
    if (status) {
        free(row);
        return status;
    }
    for (int v = 0, i = 0; v < values.n; v++)
        for (int k = 0; k < p->n; k++, i++) { // nearly always the next one
            if (i >= p->n)
                i = 0;
            if (strcmp(p->item[i].name, values.item[v].name) != 0)
                continue;
            free(row[i]);
            row[i] = values.item[v].text;
            values.item[v].text = NULL;
            break;
        }
    ms_store_param_values_clear(&values);
    *text = row;
    return 0;
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
