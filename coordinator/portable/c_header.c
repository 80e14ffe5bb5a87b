// SPDX-License-Identifier: MIT
//
// The model as one header: constants, and static inline functions that compute in double from
// weights in float. It is C99 and C++11, writes to nothing but its arguments, and needs math.h.
#include "c_header.h"

#include <ctype.h>
#include <stdlib.h>

#ifndef MS_VERSION
#define MS_VERSION "0"
#endif

static void put_head(const struct ms_portable_c *h)
{
    FILE *f = h->file;
    const bool classes = h->m->data.n_classes > 0;
    fprintf(f, "/* Trial %u of the sweep ", h->m->trial);
    ms_portable_c_remark(f, h->m->sweep);
    fprintf(f,
            ", execution %u, epoch %lld; made by mlpsweep %s.\n *\n"
            " *     double values[%s_N_VALUES] = {…}, outputs[%s_N_OUTPUTS];\n"
            " *     %s_predict(values, outputs);\n",
            h->m->execution, (long long)h->m->epoch, MS_VERSION, h->upper, h->upper, h->name);
    if (classes)
        fprintf(f, " *     puts(%s_classes[%s_class(outputs)]);\n", h->name, h->name);
    fputs(" *\n * Values are in the unit of the data; a missing one is NAN.", f);
    if (h->categories)
        fprintf(f, " A category is its place in\n * its list, which %s_category finds.", h->name);
    fprintf(f, "\n * The outputs are %s. C99 and C++11; link with -lm.\n */\n",
            classes ? ms_portable_output_name(h->m) : "in the unit of the target");
    fprintf(f,
            "#ifndef %s_H\n#define %s_H\n\n#include <math.h>\n#include <stddef.h>\n\n"
            "enum { %s_N_VALUES = %d, %s_N_OUTPUTS = %d, %s_N_CLASSES = %zu };\n",
            h->upper, h->upper, h->upper, h->c.n_values, h->upper, h->m->n_outputs, h->upper,
            h->m->data.n_classes);
}

static void put_class(const struct ms_portable_c *h)
{
    if (h->m->data.n_classes == 0)
        return;
    fprintf(
        h->file,
        "\n/* The most likely class. */\nstatic inline int %s_class(const double *outputs)\n{\n",
        h->name);
    if (h->m->n_outputs == 1)
        fputs("    return outputs[0] > 0.5 ? 1 : 0;\n}\n", h->file);
    else
        fprintf(h->file,
                "    int best = 0;\n"
                "    for (int j = 1; j < %s_N_OUTPUTS; j++)\n"
                "        best = outputs[j] > outputs[best] ? j : best;\n"
                "    return best;\n}\n",
                h->upper);
}

int ms_portable_c_header(const struct ms_model *m, FILE *file, struct ms_error *err)
{
    struct ms_portable_c h = {.m = m, .file = file};
    int status = ms_portable_columns(m, &h.c, err);
    if (status)
        return status;
    for (int i = 0; i < h.c.n; i++)
        h.categories = h.categories || h.c.item[i].category;
    ms_portable_identifier(m->sweep, h.name, sizeof h.name);
    ms_portable_identifier(m->sweep, h.upper, sizeof h.upper);
    for (char *p = h.upper; *p; p++)
        *p = (char)toupper((unsigned char)*p);
    put_head(&h);
    ms_portable_c_places(&h);
    ms_portable_c_columns(&h);
    status = ms_portable_c_classes(&h, err);
    if (!status) {
        ms_portable_c_scaling(&h);
        ms_portable_c_weights(&h);
        ms_portable_c_helpers(&h);
        status = ms_portable_c_predict(&h, err);
        put_class(&h);
        fprintf(file, "\n#endif\n");
    }
    free(h.c.item);
    return status;
}
