// SPDX-License-Identifier: MIT
//
// The parts of `mlpsweep importance`: its tables (show_importance.c) and its documents
// (importance_json.c).
#ifndef MLPSWEEP_SHOW_IMPORTANCE_H
#define MLPSWEEP_SHOW_IMPORTANCE_H

#include "coordinator/insight/ablation.h"
#include "coordinator/insight/importance.h"
#include "mlpsweep/json_out.h"
#include "show.h"

// Everything as JSON, in the shape of sweeps/json/importance.json. path NULL: no ablation.
void ms_show_json_importance(struct ms_show *s, const struct ms_importance *m,
                             const struct ms_ablation *path);

// Everything as one table, told apart by its first column: "importance", "effect", "pair".
void ms_show_csv_importance(const struct ms_importance *m);

// Ablation (show_ablation.c). The table of a path that was run, or as far as it was.
int ms_show_ablation(struct ms_show *s, const struct ms_trial_table *t,
                     const struct ms_ablation *path, struct ms_error *err) MS_MUST_CHECK;
// Writes the sweep file that runs the path from a configuration to the best trial. from: a trial's
// number, "first" or "try_first". output NULL: standard output.
int ms_show_ablation_file(struct ms_show *s, const struct ms_trial_table *t, const char *from,
                          const char *output, bool force, struct ms_error *err) MS_MUST_CHECK;

#endif
