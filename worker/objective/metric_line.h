// SPDX-License-Identifier: MIT
//
// A line of JSON that a command prints: {"epoch": 3, "val_loss": 0.25, "note": "warm"}. Its numbers
// are metrics; NaN, Infinity and -Infinity are read as Python's json module and JavaScript write
// them, null as NaN, true and false as 1 and 0. Strings, arrays and objects are passed over.
#ifndef MLPSWEEP_WORKER_METRIC_LINE_H
#define MLPSWEEP_WORKER_METRIC_LINE_H

#include <stddef.h>

#include "mlpsweep/limits.h"
#include "mlpsweep/status.h"

#define MS_METRIC_NAME 64 // bytes with the NUL

struct ms_metric_line {
    double epoch; // as printed; NAN: not given
    int n;
    int dropped; // metrics that were not kept: beyond MS_MAX_METRICS, or with a name too long
    char name[MS_MAX_METRICS][MS_METRIC_NAME];
    double value[MS_MAX_METRICS];
};

// Reads one line, a JSON object and nothing more. If a key is given twice, the last one counts, as
// in Python. The metric called wanted is never dropped. MS_EFORMAT: it is not JSON; err says where.
int ms_metric_line(const char *text, size_t size, const char *wanted, struct ms_metric_line *out,
                   struct ms_error *err) MS_MUST_CHECK;

#endif
