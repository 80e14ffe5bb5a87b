// SPDX-License-Identifier: MIT
//
// What tests of whole sweep files share: a file's text, the sweep of a text or a file that is
// right.
#ifndef MLPSWEEP_TESTS_SWEEP_FIXTURE_H
#define MLPSWEEP_TESTS_SWEEP_FIXTURE_H

#include "check.h"
#include "mlpsweep/sweep.h"

#define UNIT MS_SOURCE_DIR "/tests/unit/sweep/"

static inline char *read_file(const char *path, size_t *len)
{
    struct ms_error err = {0};
    char *text;
    int status = ms_sweep_read(path, &text, len, &err);
    CHECK_THAT(status == 0, "%s", err.text);
    REQUIRE(status == 0);
    return text;
}

static inline struct ms_sweep *parse_text(const char *text)
{
    struct ms_sweep_problems p;
    struct ms_sweep *s;
    int status = ms_sweep_parse("dir/a.sweep.json", text, strlen(text), &s, &p);
    for (int i = 0; i < p.n; i++)
        CHECK_THAT(0, "%s\n  line %d: %s", text, p.item[i].line, p.item[i].text);
    CHECK(status == 0);
    ms_sweep_problems_clear(&p);
    REQUIRE(s);
    return s;
}

static inline struct ms_sweep *parse_file(const char *path)
{
    size_t len;
    char *text = read_file(path, &len);
    struct ms_sweep *s = parse_text(text);
    free(text);
    return s;
}

#endif
