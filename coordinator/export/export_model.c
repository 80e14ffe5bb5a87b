// SPDX-License-Identifier: MIT
//
// A trained network as a file: which one is meant is decided here, coordinator/portable writes it.
// safetensors brings a Python module along, whose name is the file's with the ending .py and only
// characters that Python imports. The module gets its name last: it needs the file.
#include "export.h"

#include <stdlib.h>
#include <string.h>

#include "coordinator/model/model.h"
#include "coordinator/portable/models.h"
#include "coordinator/portable/portable.h"
#include "coordinator/show/show.h"
#include "mlpsweep/memory.h"
#include "mlpsweep/utf8.h"

static int load(const char *store, const struct ms_export_which *which, struct ms_model *m,
                struct ms_error *err)
{
    struct ms_show s;
    uint32_t trial = 0;
    int status = ms_show_open(&s, store, which->sweep, err);
    if (!status)
        status = ms_show_rank(&s, -1, -1, err);
    if (!status)
        status = ms_show_trial(&s, which->trial ? which->trial : "best", &trial, err);
    if (!status)
        status = ms_model_load(s.store, &s.sweep, trial, which->execution,
                               which->refit ? MS_MODEL_REFIT : MS_MODEL_KEPT, m, err);
    ms_show_close(&s);
    return status;
}

// "out/demo-1.safetensors": weights "demo-1.safetensors", module "demo_1", path "out/demo_1.py".
struct module {
    char name[MS_PORTABLE_NAME];
    const char *weights;
    char *path; // NULL: standard output, so that there is none
};

static int name_module(const char *output, struct module *of, struct ms_error *err)
{
    char stem[MS_PORTABLE_NAME];
    const char *slash = strrchr(output, '/');
    *of = (struct module){.weights = slash ? slash + 1 : output};
    if (strcmp(output, "-") == 0)
        return 0;
    const char *dot = strrchr(of->weights, '.');
    snprintf(stem, sizeof stem, "%.*s",
             dot && dot > of->weights ? (int)(dot - of->weights) : (int)strlen(of->weights),
             of->weights);
    ms_portable_identifier(stem, of->name, sizeof of->name);
    if (asprintf(&of->path, "%.*s%s.py", (int)(of->weights - output), output, of->name) < 0) {
        of->path = NULL;
        return ms_no_memory(err, "a name");
    }
    if (strcmp(of->path, output) == 0)
        return ms_fail(err, MS_EINVAL,
                       "%s: is the name of the module that belongs to it; end it "
                       "with .safetensors",
                       output);
    return 0;
}

int ms_export_safetensors(const struct ms_model *m, const char *output, bool force,
                          struct ms_error *err)
{
    struct ms_outfile weights, python;
    struct module module;
    int status = name_module(output, &module, err);
    if (!status)
        status = ms_outfile_open(&weights, output, force, err);
    if (status) {
        free(module.path);
        return status;
    }
    const bool with_module = module.path != NULL;
    bool open = false;
    if (with_module) {
        status = ms_outfile_open(&python, module.path, force, err);
        open = !status;
    }
    if (!status)
        status = ms_portable_safetensors(m, weights.file, err);
    if (!status && open)
        status = ms_portable_python(m, module.weights, module.name, python.file, err);
    status = ms_outfile_end(&weights, status, err);
    if (open)
        status = ms_outfile_end(&python, status, err);
    if (!status && with_module)
        printf("%s: reads %s in NumPy, PyTorch and Keras\n", module.path, module.weights);
    free(module.path);
    return status;
}

static int one_file(const struct ms_model *m, const char *output, bool force,
                    int (*write)(const struct ms_model *m, FILE *file, struct ms_error *err),
                    struct ms_error *err)
{
    struct ms_outfile to;
    int status = ms_outfile_open(&to, output, force, err);
    if (status)
        return status;
    status = write(m, to.file, err);
    return ms_outfile_end(&to, status, err);
}

int ms_export_onnx(const struct ms_model *m, const char *output, bool force, struct ms_error *err)
{
    return one_file(m, output, force, ms_portable_onnx, err);
}

int ms_export_c(const struct ms_model *m, const char *output, bool force, struct ms_error *err)
{
    return one_file(m, output, force, ms_portable_c_header, err);
}

int ms_export_model(const char *store, const struct ms_export_format *f,
                    const struct ms_export_which *which, const char *output, bool force,
                    struct ms_error *err)
{
    struct ms_model m = {0};
    int status = load(store, which, &m, err);
    if (!status)
        status = f->model(&m, output, force, err);
    if (!status && strcmp(output, "-") != 0)
        printf("%s: trial %u, execution %u of sweep '%s', %s %lld epoch%s, as %s\n", output,
               m.trial, m.execution, ms_printable(m.sweep, '?', ""),
               m.kind == MS_MODEL_REFIT ? "refit for" : "after", (long long)m.epoch,
               m.epoch == 1 ? "" : "s", f->name);
    ms_model_clear(&m);
    return status;
}
