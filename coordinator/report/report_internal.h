// SPDX-License-Identifier: MIT
//
// The document inside the page, and what its writers share. It is one JSON object:
//
//     {"format": 1, "version": …, "created_at": UTC, "command": …, "shown": [0, …],
//      "sweeps": [{"store", "name", "state", "running", "metric", "maximize", …,
//                  "params": [{"name", "label", "kind", "log", "lo", "hi", "varies", "texts",
//                              "column"}, …],
//                  "trials": {"number": column, "mean": column, …}, "executions": …,
//                  "curves": …, "attempts": …}, …]}
//
// A column is one text: "u1:", "u2:", "u4:" (unsigned integers of so many bytes), "f4:" or "f8:"
// (IEEE floats) and the values in base64, little-endian; or "k:" and the number that all values are
// ("k:NaN"). So 10,000 trials of 20 parameters take a megabyte, and no number is parsed.
// coordinator/report/page/model.js reads it.
#ifndef MLPSWEEP_REPORT_INTERNAL_H
#define MLPSWEEP_REPORT_INTERNAL_H

#include "coordinator/insight/trial_table.h"
#include "coordinator/show/show.h"
#include "mlpsweep/json_out.h"

enum { MS_REPORT_FORMAT = 1 };

// How much of a sweep goes into the page.
struct ms_report_limits {
    int trials;   // most of them: the best half, and others evenly from the rest
    int curves;   // trials with curves, chosen alike
    int attempts; // spans of the timeline
};

// A sweep as its writers see it.
struct ms_report_sweep {
    const char *path; // of the store
    struct ms_show show;
    struct ms_show_goals goals;
    struct ms_show_params labels;
    struct ms_trial_table table;
    struct ms_report_limits limits;
    // The rows of the page: rows of the table, ascending; and back: -1 where a row is not shown.
    int64_t n, *row, *at;
    // By row of the table: the place in show.rank, -1 where no execution has ended.
    int64_t *place;
};

// Opens the store and reads its sweep; cleared also after a failure.
int ms_report_sweep_read(struct ms_report_sweep *s, const char *path, const char *name,
                         const struct ms_report_limits *limits, struct ms_error *err) MS_MUST_CHECK;
void ms_report_sweep_clear(struct ms_report_sweep *s);

// Chooses at most `most` of the places 0 … n-1: the first half of them are the first places, the
// others stand evenly over the rest. chosen (n): set. Returns how many.
int64_t ms_report_choose(int64_t n, int64_t most, bool *chosen);

// Writes one sweep as an object of the document (report_sweep.c), and its parts.
int ms_report_write_sweep(struct ms_json_out *o, struct ms_report_sweep *s,
                          struct ms_error *err) MS_MUST_CHECK;
int ms_report_write_trials(struct ms_json_out *o, struct ms_report_sweep *s,
                           struct ms_error *err) MS_MUST_CHECK;
int ms_report_write_curves(struct ms_json_out *o, struct ms_report_sweep *s,
                           struct ms_error *err) MS_MUST_CHECK;
int ms_report_write_attempts(struct ms_json_out *o, struct ms_report_sweep *s,
                             struct ms_error *err) MS_MUST_CHECK;
int ms_report_write_importance(struct ms_json_out *o, struct ms_report_sweep *s,
                               struct ms_error *err) MS_MUST_CHECK;

// Writes a column: n values as kind, which stands for NAN as the largest unsigned integer.
enum ms_report_kind { MS_REPORT_U1, MS_REPORT_U2, MS_REPORT_U4, MS_REPORT_F4, MS_REPORT_F8 };
int ms_report_column(struct ms_json_out *o, const char *key, enum ms_report_kind kind,
                     const double *value, size_t n, struct ms_error *err) MS_MUST_CHECK;

// The page around the document (report_page.c): what stands before and behind it.
struct ms_report_part {
    const char *text;
    size_t size;
};
struct ms_report_part ms_report_page_head(void);
struct ms_report_part ms_report_page_tail(void);

#endif
