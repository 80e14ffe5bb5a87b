// SPDX-License-Identifier: MIT
//
// The walker of every field type: the only file that knows them all.
#include "walkers.h"

ms_walk_value *const ms_sweep_walkers[MS_FIELD_TYPES] = {
    [MS_F_REAL] = ms_sweep_walk_number,     [MS_F_INT] = ms_sweep_walk_number,
    [MS_F_LONG] = ms_sweep_walk_number,     [MS_F_BOOL] = ms_sweep_walk_bool,
    [MS_F_TEXT] = ms_sweep_walk_text,       [MS_F_NAME] = ms_sweep_walk_name,
    [MS_F_NAMES] = ms_sweep_walk_names,     [MS_F_ROW] = ms_sweep_walk_row,
    [MS_F_PICK] = ms_sweep_walk_pick,       [MS_F_METRIC] = ms_sweep_walk_metric,
    [MS_F_SECTION] = ms_sweep_walk_section, [MS_F_CUSTOM] = ms_sweep_walk_custom,
    [MS_F_LIST] = ms_sweep_walk_list,       [MS_F_ANY] = ms_sweep_walk_any,
};
