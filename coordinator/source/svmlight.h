// SPDX-License-Identifier: MIT
//
// Inside contract: a line of svmlight text, which LIBSVM's tools write too:
//
//     label [qid:number] index:value index:value …   # comment
//
// Indices rise. What scikit-learn's load_svmlight_file refuses is refused here, too.
#ifndef MLPSWEEP_SVMLIGHT_H
#define MLPSWEEP_SVMLIGHT_H

#include <locale.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mlpsweep/status.h"

#define MS_SVMLIGHT_INDEX 2147483647 // the largest index

struct ms_svmlight_line {
    bool empty; // blank, or only a comment
    bool qid;   // it names a query
    double label;
    size_t n, room;
    uint32_t *index; // (n)
    double *value;   // (n) NAN: missing
};
void ms_svmlight_clear(struct ms_svmlight_line *l);

// Takes a line apart, whose blanks it overwrites; c: the locale "C". What is read stays valid until
// the next call. A refusal (MS_EFORMAT) says what was found, without file and line.
int ms_svmlight_parse(struct ms_svmlight_line *l, char *text, locale_t c,
                      struct ms_error *err) MS_MUST_CHECK;

#endif
