// SPDX-License-Identifier: MIT
//
// Inside contract: the walk over a sweep file, driven by the field tables of schema.h. The same
// code per field type does two things:
//
//   checking (point == NULL)   every value that the file can give to a field is compared with the
//                              field's type and bounds, parameters are added to the space, problems
//                              are collected;
//   reading (point given)      values go where the fields say, parameters take their point's value.
//                              Nothing can be wrong then but the point itself (bad_point).
#ifndef MLPSWEEP_SWEEP_WALK_H
#define MLPSWEEP_SWEEP_WALK_H

#include <cJSON.h>

#include "mlpsweep/json.h"
#include "mlpsweep/sweep.h"
#include "schema.h"

#define MS_MAX_PROBLEMS 1000 // of one file; those after them are counted, not listed

// Which parameter stands at a place of the file. Under "each" one place makes one per layer.
struct ms_place {
    const cJSON *node;
    int layer; // 0: not under "each"
    int param;
};

// What must hold for a place to be in force.
struct ms_scope {
    enum ms_condition condition;
    int parent;
    double parent_value;
};

struct ms_walk {
    const struct ms_json *doc;
    struct ms_space *space;
    struct ms_place *place; // MS_MAX_PARAMS of them; sorted when reading
    const double *point;    // NULL: checking
    int parts;              // enum ms_part bits
    enum ms_kind kind;
    struct ms_config *config;
    int n_list; // numbers in config->list

    // Where the walk is. path is for messages (hidden.each.units), name for parameters
    // (hidden.2.units).
    char path[256], name[256];
    int layer;
    struct ms_scope scope;
    bool fixed;   // inside something that cannot be swept
    bool in_data; // parameters must be finite
    bool quiet;   // said already for another layer
    bool dry;     // find problems, add no parameters

    // What it found.
    struct ms_sweep_problems *problems;
    bool no_memory, bad_point, full;
    int found;                // problems, also those not listed
    int unlisted;             // problems beyond MS_MAX_PROBLEMS
    const cJSON *rate_in;     // a learning rate inside the optimizer
    const cJSON *schedule_in; // a learning rate that is not constant
    int data_first, n_data;   // the parameters inside "data"
};

// One value, which may be a parameter. base: what the field's offset counts from.
void ms_sweep_walk_value(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base);

// One value that is no parameter: an alternative of a choice, say.
void ms_sweep_walk_literal(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base);

// The members of an object by a section's fields. base as for the fields.
void ms_sweep_walk_section(struct ms_walk *w, const cJSON *object, const struct ms_field *f,
                           void *base);

void ms_sweep_walk_pick(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base);
struct ms_field ms_sweep_number_field(const struct ms_field *f); // what bounds a pick's number
void ms_sweep_walk_hidden(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base);
void ms_sweep_walk_metrics(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base);
void ms_sweep_walk_params(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base);
void ms_sweep_walk_any(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base);
void ms_sweep_walk_command(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base);
void ms_sweep_walk_objective_metric(struct ms_walk *w, const cJSON *v, const struct ms_field *f,
                                    void *base);
void ms_sweep_walk_class_weight(struct ms_walk *w, const cJSON *v, const struct ms_field *f,
                                void *base);
void ms_sweep_walk_objective(struct ms_walk *w, const cJSON *v, const struct ms_field *f,
                             void *base);
void ms_sweep_walk_goal_metric(struct ms_walk *w, const cJSON *v, const struct ms_field *f,
                               void *base);
void ms_sweep_walk_stages(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base);
void ms_sweep_walk_require(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base);
void ms_sweep_walk_try_first(struct ms_walk *w, const cJSON *v, const struct ms_field *f,
                             void *base);
void ms_sweep_walk_data_after(struct ms_walk *w, const cJSON *object, void *base);

// Parameters (walk_param.c). ms_sweep_is_param: the value is meant as one, well or badly written.
bool ms_sweep_is_param(const cJSON *v);
void ms_sweep_walk_param(struct ms_walk *w, const cJSON *v, const struct ms_field *f, void *base);
int ms_sweep_param_at(const struct ms_walk *w, const cJSON *v); // index; -1: none there
void ms_sweep_places_sort(struct ms_place *place, int n);

// Sets a field to its default; of a section all its fields.
void ms_sweep_field_default(const struct ms_field *f, void *base);

// Puts a number into a field of numbers or bools.
void ms_sweep_field_put(const struct ms_field *f, void *base, double x);

// Goes into a member and back: pushes onto path and name. The mark undoes it.
struct ms_mark {
    size_t path, name;
};
struct ms_mark ms_sweep_walk_enter(struct ms_walk *w, const char *path, const char *name);
void ms_sweep_walk_leave(struct ms_walk *w, struct ms_mark mark);

// Problems (walk_problem.c). The path is put before the text.
void ms_sweep_problem(struct ms_walk *w, const cJSON *at, const char *fmt, ...) MS_PRINTF(3, 4);
void ms_sweep_problem_mismatch(struct ms_walk *w, const cJSON *v, const struct ms_field *f);
// of: what the key does not belong to ("adam"), NULL: the path says it.
void ms_sweep_problem_unknown(struct ms_walk *w, const cJSON *member, const char *of,
                              const char *const *allowed, int n);
void ms_sweep_problem_missing(struct ms_walk *w, const cJSON *object, const struct ms_field *f);
void ms_sweep_problem_section_key(struct ms_walk *w, const cJSON *member,
                                  const struct ms_section *s);
// A key of the top level or the objective that this kind of sweep does not take.
void ms_sweep_problem_kind(struct ms_walk *w, const cJSON *member, const struct ms_section *s);
int ms_sweep_problems_add(struct ms_sweep_problems *p, int line, const char *text) MS_MUST_CHECK;
void ms_sweep_problems_sort(struct ms_sweep_problems *p);

void ms_sweep_problem_duplicates(struct ms_walk *w, const cJSON *object); // keys given twice

// Text from the file, fit for a message: one line, not too long, cut between characters. Returns
// out.
#define MS_CLIP 68
const char *ms_sweep_clip(const char *s, char out[MS_CLIP]);

// What a field takes, in words. Returns out.
char *ms_sweep_field_allowed(const struct ms_field *f, char *out, size_t size);

// A value in words ("'adamm'", "an object"). Returns out.
char *ms_sweep_value_text(const cJSON *v, char *out, size_t size);

// The member of an object with exactly this key, or NULL.
const cJSON *ms_sweep_member(const cJSON *object, const char *key);

#endif
