// SPDX-License-Identifier: MIT
//
// Chooses the reader of a source, hands what it read to common/data, and says where it came from.
#include "source.h"

#include <stdio.h>

#include "file.h"
#include "frames.h"

static const struct source {
    const char *name; // the field of the sweep file
    ms_frame_reader *read;
} sources[MS_SOURCES] = {
    [MS_SYNTHETIC] = {"synthetic", NULL},
    [MS_IDX] = {"idx", ms_read_idx},
    [MS_CSV] = {"csv", ms_read_csv},
    [MS_NPY] = {"npy", ms_read_npy},
    [MS_NPZ] = {"npz", ms_read_npy},
    [MS_SQLITE] = {"sqlite", ms_read_sqlite},
    [MS_SVMLIGHT] = {"svmlight", ms_read_svmlight},
};

int (*ms_source_reader(enum ms_source source))(const struct ms_frame_request *, struct ms_frame *,
                                               struct ms_error *)
{
    return sources[source].read;
}

static void name_source(const struct ms_data_spec *spec, struct ms_data_info *info)
{
    snprintf(info->source, sizeof info->source, "%s", sources[spec->source].name);
    if (spec->source == MS_SYNTHETIC)
        snprintf(info->name, sizeof info->name, "synthetic %s",
                 ms_table_row(&ms_dataset_synthetic_table, spec->synthetic)->name);
    else
        snprintf(info->name, sizeof info->name, "%.255s", ms_file_base(spec->path));
}

// What no reader has said: a synthetic set has columns x1 and x2, and classes 0, 1, …
static int describe_synthetic(const struct ms_raw *raw, struct ms_data_info *info,
                              struct ms_error *err)
{
    static const char *const tasks[] = {
        [MS_REGRESSION] = "regression", [MS_BINARY] = "binary", [MS_MULTICLASS] = "multiclass"};
    int classes = raw->task == MS_BINARY ? 2 : raw->task == MS_MULTICLASS ? raw->n_classes : 0;
    int status = 0;
    snprintf(info->task, sizeof info->task, "%s", tasks[raw->task]);
    snprintf(info->task_by, sizeof info->task_by, "the source");
    for (int i = 0; i < raw->n_inputs + 1 && !status; i++) {
        char name[16] = "y";
        bool target = i == raw->n_inputs;
        if (!target)
            snprintf(name, sizeof name, "x%d", i + 1);
        struct ms_data_column c = {.name = name, .kind = "number", .width = 1};
        if (target && classes) {
            c.kind = "class";
            c.width = raw->task == MS_MULTICLASS ? (uint32_t)classes : 1;
        }
        c.role = target ? MS_ROLE_TARGET : MS_ROLE_INPUT;
        status = ms_data_info_column(info, &c, err);
    }
    for (int i = 0; i < classes && !status; i++) {
        char label[16];
        snprintf(label, sizeof label, "%d", i);
        status = ms_data_info_class(info, &(struct ms_data_class){.label = label}, err);
    }
    return status;
}

static int read_rows(const struct ms_data_spec *spec, const struct ms_task_hint *hint,
                     const char *sweep_dir, uint64_t seed, struct ms_raw *raw,
                     struct ms_data_info *info, struct ms_error *err)
{
    const struct source *s = &sources[spec->source];
    if (s->read)
        return ms_frames_load(s->read, spec, hint, sweep_dir, raw, info, err);
    int status = ms_dataset_synthetic(spec, seed, raw, err);
    return status ? status : describe_synthetic(raw, info, err);
}

int ms_source_load(const struct ms_data_spec *spec, const struct ms_task_hint *hint,
                   const char *sweep_dir, uint64_t seed, void **block, size_t *size,
                   struct ms_data_info *info, struct ms_error *err)
{
    static const struct ms_task_hint nothing;
    struct ms_raw raw = {0};
    struct ms_data_info own = {0}, *i = info ? info : &own;
    *block = NULL;
    *size = 0;
    name_source(spec, i);
    int status = read_rows(spec, hint ? hint : &nothing, sweep_dir, seed, &raw, i, err);
    if (!status)
        status = ms_dataset_build(spec, seed, &raw, block, size, info, err);
    ms_raw_clear(&raw);
    ms_data_info_clear(&own);
    if (status)
        *size = 0;
    return status;
}
