// SPDX-License-Identifier: MIT
//
// What tests of wrong files share: tables of what a file has and all the problems that it must
// have.
#ifndef MLPSWEEP_TESTS_PROBLEM_FIXTURE_H
#define MLPSWEEP_TESTS_PROBLEM_FIXTURE_H

#include "check.h"
#include "mlpsweep/sweep.h"

struct wrong_case {
    const char *given;    // what takes the place of %s in the file
    const char *problems; // one a line, without line numbers; "": the file is right; a
                          // '*' at the end stands for any rest: lists and docs that may grow
};

#define NETWORK_WITH "{\"data\": {\"synthetic\": \"xor\"}, \"hidden\": [{\"units\": 3}], %s}"

// The problems of a text, one a line.
static inline const char *problems_of(const char *text)
{
    static char found[20000];
    struct ms_sweep_problems p;
    struct ms_sweep *s;
    int status = ms_sweep_parse("a.json", text, strlen(text), &s, &p);
    CHECK((status == 0) == (s != NULL) && (status == 0) == (p.n == 0));
    CHECK(status == 0 || status == MS_EINVAL);
    found[0] = '\0';
    for (int i = 0; i < p.n; i++)
        snprintf(found + strlen(found), sizeof found - strlen(found), "%s%s", i ? "\n" : "",
                 p.item[i].text);
    ms_sweep_problems_clear(&p);
    ms_sweep_free(s);
    return found;
}

__attribute__((format(printf, 1, 0))) static inline void
check_problems(const char *file, const struct wrong_case *row, size_t n)
{
    static char text[20000];
    for (size_t i = 0; i < n; i++) {
        CASE("%s", row[i].given);
        snprintf(text, sizeof text, file, row[i].given);
        const char *found = problems_of(text), *wanted = row[i].problems;
        size_t most = strlen(wanted);
        if (most > 0 && wanted[most - 1] == '*')
            CHECK_THAT(strncmp(found, wanted, most - 1) == 0 && !strchr(found, '\n'),
                       "found\n  '%s', not\n  '%s'", found, wanted);
        else
            CHECK_STR(found, wanted);
    }
}

#define CHECK_PROBLEMS(file, rows) check_problems(file, rows, sizeof(rows) / sizeof *(rows))

#endif
