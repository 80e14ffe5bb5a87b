// SPDX-License-Identifier: MIT
//
// Inside contract of walk*.c: where a walk over a sweep file is, and what it has found. The same
// code per field type does two things:
//
//   checking (point == NULL)   every value that the file can give to a field is compared with the
//                              field's type and bounds, parameters are added to the space, problems
//                              are collected;
//   reading (point given)      values go where the fields say, parameters take their point's value.
//                              Nothing can be wrong then except the point itself (bad_point).
#ifndef MLPSWEEP_SWEEP_WALK_STATE_H
#define MLPSWEEP_SWEEP_WALK_STATE_H

#include <cJSON.h>

#include "field.h"
#include "mlpsweep/json.h"
#include "mlpsweep/sweep.h"

// The parameter that stands at a place of the file. Under "each" one place makes one per layer.
struct ms_place {
    const cJSON *node;
    int layer; // 0: not under "each"
    int param;
};

// The condition under which a place is in force.
struct ms_scope {
    enum ms_condition condition;
    int parent;
    double parent_value;
};

struct ms_walk {
    ms_walk_value *const *walkers; // (MS_FIELD_TYPES), see walkers.h; NULL: nothing is walked
    const struct ms_json *doc;
    struct ms_space *space;
    struct ms_place *place; // MS_MAX_PARAMS of them; sorted when reading
    const double *point;    // NULL: checking
    int parts;              // enum ms_part bits
    enum ms_kind kind;
    struct ms_config *config;
    int n_list; // numbers in config->list

    // The position of the walk. path is for messages (hidden.each.units), name for parameters
    // (hidden.2.units).
    char path[256], name[256];
    int layer;
    struct ms_scope scope;
    bool fixed;   // inside something that cannot be swept
    bool in_data; // parameters must be finite
    bool quiet;   // problems here have been reported for another layer
    bool dry;     // find problems, add no parameters

    // Its findings.
    struct ms_sweep_problems *problems;
    bool no_memory, bad_point, full;
    int found;                // problems, also those not listed
    int unlisted;             // problems beyond MS_MAX_PROBLEMS
    const cJSON *rate_in;     // a learning rate inside the optimizer
    const cJSON *schedule_in; // a learning rate that is not constant
    int data_first, n_data;   // the parameters inside "data"
};

// Goes into a member and back: pushes onto path and name. The mark undoes it. Does nothing when
// reading, which needs neither.
struct ms_mark {
    size_t path, name;
};
struct ms_mark ms_sweep_walk_enter(struct ms_walk *w, const char *path, const char *name);
void ms_sweep_walk_leave(struct ms_walk *w, struct ms_mark mark);

#endif
