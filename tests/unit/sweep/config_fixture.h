// SPDX-License-Identifier: MIT
//
// What tests of configurations share: a sweep of a text, its configuration at a point,
// and the points of everything.json, a file that has all there is.
#ifndef MLPSWEEP_TESTS_CONFIG_FIXTURE_H
#define MLPSWEEP_TESTS_CONFIG_FIXTURE_H

#include "check.h"
#include "mlpsweep/metric.h"
#include "mlpsweep/sweep.h"
#include "worker/kernels/optimizers.h"
#include "worker/kernels/schedules.h"

static inline struct ms_sweep *parse(const char *text)
{
    struct ms_sweep_problems p;
    struct ms_sweep *s;
    int status = ms_sweep_parse("a.json", text, strlen(text), &s, &p);
    for (int i = 0; i < p.n; i++)
        CHECK_THAT(0, "%s\n  line %d: %s", text, p.item[i].line, p.item[i].text);
    REQUIRE(status == 0);
    return s;
}

// The file's other sections, with what a test is about.
#define FILE_WITH(sections)                                                                        \
    "{\"data\": {\"synthetic\": \"xor\"}, \"hidden\": [{\"units\": 3}]" sections "}"

static inline const struct ms_config *config_at(const struct ms_sweep *s, const double *point)
{
    static struct ms_config c;
    struct ms_error err = {0};
    int status = ms_sweep_config(s, point, &c, &err);
    CHECK_THAT(status == 0, "%s", err.text);
    REQUIRE(status == 0);
    return &c;
}

static inline const char *row_name(const struct ms_table *t, struct ms_pick p)
{
    return p.row < 0 ? "none" : ms_table_row(t, p.row)->name;
}

static inline double arg(const struct ms_table *t, const struct ms_pick *p, const char *name)
{
    const struct ms_row *r = ms_table_row(t, p->row);
    int i = ms_table_find_arg(r, name);
    if (i >= 0)
        return p->arg[i];
    CHECK_THAT(0, "%s has no argument %s", r->name, name);
    return NAN;
}

// Sets parameter name to value index v, NAN to those that are then out of force.
static inline void set(const struct ms_space *space, double *point, const char *name, double v)
{
    bool found = false;
    for (int i = 0; i < space->n; i++) {
        if (strcmp(space->param[i].name, name) == 0 && ms_space_active(space, point, i)) {
            point[i] = v;
            found = true;
        } else if (!ms_space_active(space, point, i)) {
            point[i] = NAN;
        } else if (isnan(point[i])) {
            point[i] = space->param[i].count ? 0 : space->param[i].lo;
        }
    }
    CHECK_THAT(found, "no parameter %s in force", name);
}

static inline double *everything_point(const struct ms_sweep *s)
{
    static double point[256];
    const struct ms_space *space = ms_sweep_space(s);
    REQUIRE(space->n <= 256);
    double zero[256] = {0};
    ms_space_from_unit(space, zero, point);
    return point;
}

static inline struct ms_sweep *everything(void)
{
    struct ms_error err;
    char *text;
    size_t len;
    REQUIRE(ms_sweep_read(MS_SOURCE_DIR "/tests/unit/sweep/everything.json", &text, &len, &err) ==
            0);
    struct ms_sweep *s = parse(text);
    free(text);
    return s;
}

#endif
