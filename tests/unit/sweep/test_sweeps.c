// SPDX-License-Identifier: MIT
//
// Every file in sweeps/ is a sweep that could be run: it is accepted, and its first trials have
// configurations that fit the data they ask for.
#include "check.h"

#include <dirent.h>

#include "mlpsweep/rng.h"
#include "mlpsweep/stages.h"

#define SWEEPS MS_SOURCE_DIR "/sweeps/"

// Classes of images, where the file's own data are not on this machine.
static struct ms_dataset stand_in(const struct ms_data_spec *spec)
{
    bool synthetic = spec->source == MS_SYNTHETIC;
    const char *name =
        synthetic ? ms_table_row(&ms_dataset_synthetic_table, spec->synthetic)->name : "";
    bool number = strcmp(name, "prod") == 0;
    return (struct ms_dataset){.task = number ? MS_REGRESSION : MS_MULTICLASS,
                               .n_inputs = synthetic ? 2 : 784,
                               .n_outputs = number ? 1 : 4,
                               .n_train = 80,
                               .n_val = 20};
}

static void check_sweep(const char *name)
{
    char path[1024], *text;
    size_t len;
    struct ms_error err = {0};
    struct ms_sweep *s;
    struct ms_sweep_problems p;
    snprintf(path, sizeof path, SWEEPS "%s", name);
    REQUIRE(ms_sweep_read(path, &text, &len, &err) == 0);
    CHECK_THAT(text[0] == '/' && text[1] == '/', "%s begins with no comment", name);
    int status = ms_sweep_parse(name, text, len, &s, &p);
    CHECK_THAT(status == 0, "%s:%d: %s", name, p.n ? p.item[0].line : 0, p.n ? p.item[0].text : "");
    if (status)
        return;
    char own[256];
    snprintf(own, sizeof own, "%s.json", ms_sweep_file_name(s));
    CHECK_STR(own, name); // the store calls it as the folder does
    const struct ms_space *space = ms_sweep_space(s);
    const struct ms_data_spec *specs;
    ms_sweep_data(s, &specs);
    double *point = calloc((size_t)space->n + 1, sizeof *point);
    struct ms_config *config = malloc(sizeof *config);
    REQUIRE(point && config);
    bool finite = ms_space_size(space) > 0;
    struct ms_rng rng = ms_rng_at(1, 0, 0, MS_STREAM_SAMPLER);
    if (finite)
        CHECK(ms_space_first(space, point));
    for (int n = 0, more = 1; more && n < 100; n++) {
        for (int i = 0; !finite && i < space->n; i++)
            point[i] = ms_rng_uniform(&rng, (uint64_t)(n * space->n + i));
        if (!finite)
            ms_space_from_unit(space, point, point);
        status = ms_sweep_config(s, point, config, &err);
        if (status == 0 && config->dataset >= 0) {
            struct ms_dataset d = stand_in(&specs[config->dataset]);
            status = ms_config_complete(config, &d, &err);
        }
        CHECK_THAT(status == 0, "%s, trial %d: %s", name, n, err.text);
        more = !finite || ms_space_next(space, point);
    }
    free(point);
    free(config);
    free(text);
    ms_sweep_free(s);
    ms_sweep_problems_clear(&p);
}

int main(void)
{
    int n = 0;
    DIR *dir = opendir(SWEEPS);
    REQUIRE(dir);
    for (struct dirent *e; (e = readdir(dir)) != NULL;) {
        const char *dot = strrchr(e->d_name, '.');
        if (!dot || strcmp(dot, ".json") != 0)
            continue;
        check_sweep(e->d_name);
        n++;
    }
    closedir(dir);
    CHECK_THAT(n >= 19, "only %d sweeps", n);
    return check_done();
}
