// SPDX-License-Identifier: MIT
//
// Inside contract of common/sweep*.c and config.c: what a parsed sweep consists of.
#ifndef MLPSWEEP_SWEEP_INTERNAL_H
#define MLPSWEEP_SWEEP_INTERNAL_H

#include "common/space/expression.h"
#include "mlpsweep/stages.h"
#include "node.h"
#include "schema.h"
#include "walk.h"

// The stages of a file.
struct ms_stages {
    struct ms_json *doc; // the file's
    int n;
    const struct cJSON *stage[MS_MAX_STAGES];
    char name[256];                 // of the file's sweep
    char title[MS_MAX_STAGES][256]; // of each stage's: "<name>:<n>-<stage name>"
};

struct ms_sweep {
    char *file;
    char *text; // NUL-terminated
    size_t text_size;
    char *canonical;
    struct ms_json *doc;
    struct ms_space space;
    struct ms_place place[MS_MAX_PARAMS]; // sorted
    char name[256];
    uint64_t seed;
    int threads, keep_best;
    struct ms_search search;
    int n_require;
    struct ms_expression **require;
    int n_try_first;
    double *try_first; // (n_try_first, space.n)
    struct ms_objective objective;
    struct ms_goals goals;
    enum ms_kind kind;
    int function; // row of ms_function_table; -1

    // Data sets: the different sections, and for every combination of the parameters
    // data_first … data_first + n_data - 1 which section it makes.
    int data_first, n_data;
    int n_specs;
    struct ms_data_spec *spec;
    int n_combinations;
    double *combination; // (n_combinations, n_data)
    int combination_spec[MS_MAX_DATASETS];

    int edition; // 2 …: called by edition_name; 0: as the file says
    char edition_name[256];

    struct ms_stages *stages; // of the first stage of a file with stages; else NULL
};

// A walk that reads parts of the file at a point.
struct ms_walk ms_sweep_reader(const struct ms_sweep *s, const double *point, int parts);

// The file's name without folders and suffix: what a sweep is called where its file does not say.
void ms_sweep_default_name(const char *file, char *out, size_t size);

// Sets the edition of a sweep whose name begins with file_name bytes that are the file's.
int ms_sweep_call(struct ms_sweep *s, size_t file_name, int edition,
                  struct ms_error *err) MS_MUST_CHECK;

// Fills the data sets (sweep_data.c). Problems go to w.
int ms_sweep_find_data(struct ms_sweep *s, struct ms_walk *w) MS_MUST_CHECK;

// The argument "strata" of a search method that has it, or NULL.
double *ms_sweep_strata(struct ms_search *search);

// "require" and search.try_first, which need the whole space. Problems go to w.
void ms_sweep_find_require(struct ms_sweep *s, struct ms_walk *w);   // sweep_require.c
void ms_sweep_find_try_first(struct ms_sweep *s, struct ms_walk *w); // sweep_try_first.c

// The first expression of "require" that is false at a point, -1: none.
int ms_sweep_forbidden_by(const struct ms_sweep *s, const double *point);

// Looks for a point that "require" allows, among those with the named values (s->space.n; NAN: not
// named; NULL: all points): true, or false with what was looked at, in words, in looked.
bool ms_sweep_any_allowed(const struct ms_sweep *s, struct ms_walk *w, const double *named,
                          char looked[96]);

// The objective (sweep_objective.c): the kind of the sweep, from the objective's keys; the usual
// domain of a function whose params are not given; rules of functions and commands, and about
// validation rows; the objective and its defaults, once the data sets are known. Problems go to w.
enum ms_kind ms_sweep_objective_kind(const struct cJSON *root);
void ms_sweep_objective_usual_params(struct ms_sweep *s, const struct ms_values *v,
                                     struct ms_walk *w);
void ms_sweep_objective_rules(struct ms_sweep *s, const struct ms_values *v, struct ms_walk *w);
void ms_sweep_objective_take(struct ms_sweep *s, struct ms_values *v);
void ms_sweep_command_rules(const struct ms_sweep *s, const struct ms_values *v,
                            struct ms_walk *w); // sweep_command_rules.c
void ms_sweep_goals_data_rules(const struct ms_values *v, const struct cJSON *root,
                               struct ms_walk *w);

// Rules that no single field knows (sweep_rules.c): problems go to w.
void ms_sweep_rules(const struct ms_sweep *s, const struct ms_values *v, struct ms_walk *w);
void ms_sweep_data_rules(const struct ms_sweep *s, const struct ms_values *v, struct ms_walk *w);

// Refuses an objective whose unit differs between trials (sweep_comparable.c), once the objective
// is taken.
void ms_sweep_comparable_rules(const struct ms_sweep *s, struct ms_walk *w);

#endif
