// SPDX-License-Identifier: MIT
//
// Sweep files. A file that is accepted can be continued by its own canonical form, and has a
// configuration at each of its points and in each of its stages; a file that is refused says why.
#include "fuzz.h"

#include "mlpsweep/function.h"
#include "mlpsweep/rng.h"
#include "mlpsweep/stages.h"

enum { POINTS = 4 };

static struct ms_config config;

static bool one_line(const char *text)
{
    while ((unsigned char)*text >= 0x20 && *text != 0x7f)
        text++;
    return !*text;
}

static void look_at(const struct ms_sweep *s, const double *point)
{
    const struct ms_space *space = ms_sweep_space(s);
    struct ms_error err;
    char text[600], **argv;
    double x[MS_MAX_FUNCTION_DIMS];
    const struct ms_function *function;
    for (int i = 0; i < space->n; i++)
        if (space->param[i].count && ms_space_active(space, point, i))
            PROMISE(strlen(ms_space_param_text(&space->param[i], point[i], text, sizeof text)) <
                    sizeof text);
    (void)ms_sweep_feasible(s, point);
    if (ms_sweep_config(s, point, &config, &err))
        PROMISE(err.text[0]);
    const struct ms_command_ids ids = {.trial = 1, .execution = 2, .seed = 3, .epochs = 4};
    if (ms_sweep_kind(s) == MS_KIND_FUNCTION)
        PROMISE(ms_sweep_function(s, &function, point, x, &err) >= 1);
    if (ms_sweep_kind(s) == MS_KIND_COMMAND && ms_sweep_command(s, point, &ids, &argv, &err) == 0) {
        PROMISE(argv[0]);
        free(argv);
    }
    free(ms_sweep_resolved(s, "optimizer", point));
    free(ms_sweep_resolved(s, "hidden", point));
}

static void look_at_points(const struct ms_sweep *s)
{
    const struct ms_space *space = ms_sweep_space(s);
    const struct ms_rng rng = ms_rng_at(1, 0, 0, MS_STREAM_SAMPLER);
    double *point = calloc((size_t)space->n + 1, sizeof *point);
    PROMISE(point);
    for (int k = 0; k < POINTS; k++) {
        for (int i = 0; i < space->n; i++)
            point[i] = ms_rng_uniform(&rng, (uint64_t)k * MS_MAX_PARAMS + (uint64_t)i);
        ms_space_from_unit(space, point, point);
        look_at(s, point);
    }
    free(point);
}

static void look_at_stages(const struct ms_sweep *first)
{
    struct ms_sweep *made = NULL, *next;
    const struct ms_sweep *before = first;
    struct ms_error err;
    double *point = calloc(MS_MAX_PARAMS, sizeof *point);
    PROMISE(point);
    for (int i = 1; i < ms_sweep_stages(first); i++) {
        ms_sweep_stand_in(before, point);
        if (ms_sweep_stage(first, i, before, point, &next, &err))
            break;
        look_at_points(next);
        ms_sweep_free(made);
        before = made = next;
    }
    ms_sweep_free(made);
    free(point);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ms_sweep *s, *same;
    struct ms_sweep_problems problems = {0};
    struct ms_error err;
    if (ms_sweep_parse("fuzz.json", (const char *)data, size, &s, &problems)) {
        PROMISE(problems.n > 0);
        for (int i = 0; i < problems.n; i++)
            PROMISE(problems.item[i].line >= 1 && one_line(problems.item[i].text));
        ms_sweep_problems_clear(&problems);
        return 0;
    }
    PROMISE(problems.n == 0 && (ms_sweep_stages(s) > 1 || ms_sweep_text_size(s) == size));
    look_at_points(s);
    look_at_stages(s);
    const char *text = ms_sweep_canonical(s);
    PROMISE(ms_sweep_parse("fuzz.json", text, strlen(text), &same, &problems) == 0);
    PROMISE(ms_sweep_continues(s, same, false, &err) == 0);
    ms_sweep_free(same);
    ms_sweep_free(s);
    return 0;
}
