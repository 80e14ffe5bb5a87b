// SPDX-License-Identifier: MIT
//
// What was understood of data sets, as `run`, `plan`, `status` and `show` all print it.
#ifndef MLPSWEEP_SHOW_DATA_H
#define MLPSWEEP_SHOW_DATA_H

#include <stdbool.h>

#include "mlpsweep/data_info.h"

// "data: houses.csv, 20,640 rows x 8 inputs, …" for each of n data sets, then every "warning: …"
// and, where wanted, every "note: …", each of them once. say gets one line at a time, safe for a
// terminal, without its end.
void ms_show_data(const struct ms_data_info *info, int n, bool notes,
                  void (*say)(void *to, const char *line), void *to);

// Only the warnings.
void ms_show_data_warnings(const struct ms_data_info *info, int n,
                           void (*say)(void *to, const char *line), void *to);

// Prints tables of the columns and of the classes, each under a heading; long ones are cut.
int ms_show_data_tables(const struct ms_data_info *info, bool colour,
                        struct ms_error *err) MS_MUST_CHECK;

// Says a line to a FILE.
void ms_show_data_print(void *file, const char *line);

#endif
