// SPDX-License-Identifier: MIT
//
// The parts of `mlpsweep importance`: its tables (show_importance.c) and its documents
// (importance_json.c).
#ifndef MLPSWEEP_SHOW_IMPORTANCE_H
#define MLPSWEEP_SHOW_IMPORTANCE_H

#include "coordinator/insight/importance.h"
#include "show.h"

// Everything as JSON, in the shape of sweeps/json/importance.json.
void ms_show_json_importance(struct ms_show *s, const struct ms_importance *m);

// Everything as one table, told apart by its first column: "importance", "effect", "pair".
void ms_show_csv_importance(const struct ms_importance *m);

#endif
