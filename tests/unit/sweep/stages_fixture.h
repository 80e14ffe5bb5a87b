// SPDX-License-Identifier: MIT
//
// What tests of stages share: a file with stages, the sweep of a further one, and its text.
#ifndef MLPSWEEP_TESTS_STAGES_FIXTURE_H
#define MLPSWEEP_TESTS_STAGES_FIXTURE_H

#include "check.h"
#include "mlpsweep/stages.h"

#define HEAD "\"name\": \"s\", \"seed\": 7, \"data\": {\"synthetic\": \"xor\"}, "
#define SAME "{\"name\":\"s:2-stage\",\"seed\":7,\"data\":{\"synthetic\":\"xor\"},"

static inline struct ms_sweep *parse(const char *text)
{
    struct ms_sweep_problems p;
    struct ms_sweep *s;
    int status = ms_sweep_parse("dir/s.json", text, strlen(text), &s, &p);
    for (int i = 0; i < p.n; i++)
        CHECK_THAT(0, "%s\n  line %d: %s", text, p.item[i].line, p.item[i].text);
    CHECK_INT(status, 0);
    ms_sweep_problems_clear(&p);
    REQUIRE(s);
    return s;
}

// The stage after s when its winner has the values given by index (-1: not in force).
static inline struct ms_sweep *next(const struct ms_sweep *first, int i, const struct ms_sweep *s,
                                    const double *winner)
{
    struct ms_error err = {0};
    struct ms_sweep *out;
    int status = ms_sweep_stage(first, i, s, winner, &out, &err);
    CHECK_THAT(status == 0, "%s", err.text);
    REQUIRE(status == 0);
    return out;
}

// What stage 2 is after a stage 1 whose winner has this point.
static inline void check_second(const char *text, const double *winner, const char *wanted)
{
    struct ms_sweep *first = parse(text), *second = next(first, 1, first, winner);
    CHECK_STR(ms_sweep_text(second), wanted);
    // The text is a file like any other: the ranks that get it parse it alone.
    struct ms_sweep *again = parse(ms_sweep_text(second));
    CHECK_STR(ms_sweep_name(again), ms_sweep_name(second));
    CHECK_STR(ms_sweep_text(again), wanted);
    CHECK_INT(ms_sweep_stages(again), 1);
    ms_sweep_free(again);
    ms_sweep_free(second);
    ms_sweep_free(first);
}

#endif
