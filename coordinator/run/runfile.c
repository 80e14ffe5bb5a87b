// SPDX-License-Identifier: MIT
//
// Rank 0 loads the data once and packs it into one block without pointers. The block goes into a
// file of each node, and every process of the node maps that file: the data is in memory once a
// node.
#include "runfile.h"

#include "programs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "mlpsweep/sweep_cost.h"
#include "coordinator/search/sampler.h"
#include "coordinator/source/source.h"
#include "mlpsweep/memory.h"

static int parse_text(struct ms_runfile *f, const char *path, const char *text, size_t size,
                      struct ms_error *err)
{
    struct ms_sweep_problems problems = {0};
    const int status = ms_sweep_parse(path, text, size, &f->sweep, &problems);
    for (int i = 0; i < problems.n; i++)
        fprintf(stderr, "%s:%d: %s\n", path, problems.item[i].line, problems.item[i].text);
    f->n_problems = problems.n;
    if (status)
        ms_fail(err, status, "%s: refused: %d error%s; nothing was started", path, problems.n,
                problems.n == 1 ? "" : "s");
    ms_sweep_problems_clear(&problems);
    return status;
}

int ms_runfile_parse(struct ms_runfile *f, const char *path, struct ms_error *err)
{
    char *text = NULL;
    size_t size = 0;
    int status = ms_sweep_read(path, &text, &size, err);
    if (status)
        return status;
    status = parse_text(f, path, text, size, err);
    free(text);
    return status;
}

static int load_data(struct ms_runfile *f, const char *path, struct ms_error *err)
{
    char dir[4096];
    const char *slash = strrchr(path, '/');
    snprintf(dir, sizeof dir, "%.*s", slash ? (int)(slash - path) : 1, slash ? path : ".");
    const struct ms_data_spec *specs;
    int n = ms_sweep_data(f->sweep, &specs), status = 0;
    void *blocks[MS_MAX_DATASETS] = {0};
    size_t sizes[MS_MAX_DATASETS];
    struct ms_task_hint hint;
    ms_sweep_task_hint(f->sweep, &hint);
    f->info = calloc((size_t)n + 1, sizeof *f->info);
    f->n_info = f->info ? n : 0;
    if (!f->info)
        return ms_no_memory(err, "the data sets");
    for (int i = 0; i < n && !status; i++)
        status = ms_source_load(&specs[i], &hint, dir, ms_sweep_seed(f->sweep), &blocks[i],
                                &sizes[i], &f->info[i], err);
    if (!status)
        status = ms_dataset_pack(blocks, sizes, n, &f->pack, &f->pack_size, err);
    if (!status)
        status = ms_dataset_unpack(f->pack, f->pack_size, f->data, &f->n_data, err);
    for (int i = 0; i < n; i++)
        free(blocks[i]);
    return status;
}

// Refuses a sweep none of whose first trials fits the data, before anything starts. Single trials
// that do not fit are recorded as failed when their turn comes.
static int check_first_trials(struct ms_runfile *f, struct ms_error *err)
{
    enum { LOOK_AT = 32 };
    struct ms_sampler *sampler;
    int status = ms_sampler_new(f->sweep, &sampler, err);
    if (status)
        return status;
    double *point = calloc((size_t)ms_sweep_space(f->sweep)->n + 1, sizeof *point);
    struct ms_config *config = malloc(sizeof *config);
    struct ms_error why = {0};
    if (!point || !config)
        status = ms_no_memory(err, "a trial");
    bool one_fits = false;
    for (int i = 0; i < LOOK_AT && !status && !one_fits; i++) {
        int got = ms_sampler_next(sampler, NULL, point, err);
        if (got <= 0) {
            status = got;
            break;
        }
        struct ms_error *to = i == 0 ? &why : NULL;
        one_fits = ms_sweep_config(f->sweep, point, config, to) == 0 &&
                   ms_sweep_complete(f->sweep, f->data, config, to) == 0;
    }
    if (!status && !one_fits)
        status = ms_fail(err, MS_EINVAL, "%s: %s", ms_sweep_file(f->sweep), why.text);
    free(config);
    free(point);
    ms_sampler_free(sampler);
    return status;
}

int ms_runfile_load(struct ms_runfile *f, const char *path, struct ms_error *err)
{
    int status = ms_runfile_parse(f, path, err);
    if (!status)
        status = load_data(f, path, err);
    if (!status)
        status = check_first_trials(f, err);
    if (!status)
        status = ms_programs_find(f->sweep, &f->program, err);
    return status;
}

int ms_runfile_of(struct ms_runfile *f, const char *path, const char *text, size_t size,
                  struct ms_error *err)
{
    const int status = parse_text(f, path, text, size, err);
    return status ? status : load_data(f, path, err);
}

void ms_runfile_drop_pack(struct ms_runfile *f)
{
    free(f->pack);
    f->pack = NULL;
    f->n_data = 0;
}

int ms_runfile_map(struct ms_runfile *f, int fd, struct ms_error *err)
{
    struct stat st;
    if (fstat(fd, &st))
        return ms_fail(err, MS_EIO, "the data's file: %s", strerror(errno));
    void *map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED)
        return ms_fail(err, MS_EIO, "the data's file cannot be mapped: %s", strerror(errno));
    f->map = map;
    f->map_size = (size_t)st.st_size;
    return ms_dataset_unpack(map, f->map_size, f->data, &f->n_data, err);
}

void ms_runfile_clear(struct ms_runfile *f)
{
    if (f->map)
        munmap(f->map, f->map_size);
    free(f->pack);
    for (int i = 0; i < f->n_info; i++)
        ms_data_info_clear(&f->info[i]);
    free(f->info);
    ms_data_info_clear(&f->program);
    ms_sweep_free(f->sweep);
    memset(f, 0, sizeof *f);
}
