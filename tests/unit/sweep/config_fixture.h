// SPDX-License-Identifier: MIT
//
// What tests of configurations share: a sweep of a text, its configuration at a point.
#ifndef MLPSWEEP_TESTS_CONFIG_FIXTURE_H
#define MLPSWEEP_TESTS_CONFIG_FIXTURE_H

#include "check.h"
#include "mlpsweep/metric.h"
#include "mlpsweep/sweep.h"

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

#endif
