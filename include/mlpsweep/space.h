// SPDX-License-Identifier: MIT
//
// The search space: the parameters of a sweep file, in the order in which the file writes them.
//
// A parameter's name is its path: "optimizer.learning_rate", "hidden.2.units" (layers count from
// 1). Two parameters have the same name only where no point has both: in two objects of one choice.
//
// A parameter inside a choice's object exists only while that choice is taken, one inside "each"
// only while there are so many layers. So every parameter has at most one parent and one condition
// on the parent's value; parents come before their children. It is active when its parent is active
// and the condition holds.
//
// A point gives a value to every parameter, as one double per parameter:
//     finite parameter (count > 0)      the index 0 … count-1 of its value
//     continuous float (count == 0)     the number itself
//     inactive                          NAN
// Indices, not numbers, so that no float drifts, and equality of points is equality of bits.
#ifndef MLPSWEEP_SPACE_H
#define MLPSWEEP_SPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mlpsweep/limits.h"
#include "mlpsweep/status.h"

enum ms_param_kind {
    MS_CHOICE, // count values, each any JSON value (an object makes a conditional space)
    MS_INT, // lo … hi inclusive, step anchored at lo; log: every integer, by its logarithm, or a
            // step above 1 that multiplies (2, 4, 8, …)
    MS_FLOAT, // as int; or "points" values spread evenly (geometrically with log); or continuous
    MS_BOOL,  // false, true
};

enum ms_condition {
    MS_ALWAYS,   // no parent
    MS_IS,       // the parent (a choice) takes value index parent_value
    MS_AT_LEAST, // the parent (an int or a choice of numbers) takes a number >= parent_value
};

struct cJSON;

struct ms_param {
    char *name; // owned
    enum ms_param_kind kind;
    bool log;
    double lo, hi;  // of int and float
    double step;    // 0: none; of int 1 unless the file gives another
    uint64_t count; // of values; 0: continuous
    enum ms_condition condition;
    int parent; // index, or -1
    double parent_value;
    const struct cJSON *values; // choice: the array, borrowed from the sweep's document
    int line;                   // of the sweep file
};

struct ms_space {
    int n;
    size_t room; // parameters that param can hold now
    struct ms_param *param;
};

void ms_space_init(struct ms_space *s);
void ms_space_clear(struct ms_space *s);

// Appends a parameter (name is copied); returns its index or a negative code. The parent must
// already be there.
int ms_space_add(struct ms_space *s, const struct ms_param *p, struct ms_error *err) MS_MUST_CHECK;

// The number of values that kind, lo, hi, step, log and values make: what belongs into count.
uint64_t ms_space_param_count(const struct ms_param *p);

bool ms_space_active(const struct ms_space *s, const double *point, int i);

// The number that value v of an int, float or bool parameter, or of a number in a choice, stands
// for (exact at lo and hi); NAN for other values of a choice.
double ms_space_param_number(const struct ms_param *p, double v);

// The largest of those numbers; NAN: no value is a number, or the parameter is continuous.
double ms_space_param_most(const struct ms_param *p);

// The value that takes x in [0, 1): each value of a finite parameter equally likely, continuous
// ones uniform (in the logarithm with log). Log integers without a step are continuous from
// lo - 0.5 to hi + 0.5 and then rounded (as Optuna's suggest_int with log).
double ms_space_param_from_unit(const struct ms_param *p, double x);

// The place of value v in [0, 1], from which from_unit makes v again: the middle of a finite
// value's share, the number's place in the range (in the logarithm with log; so too for log
// integers).
double ms_space_param_to_unit(const struct ms_param *p, double v);

// The width of the part of [0, 1) that takes value v; 0: continuous.
double ms_space_param_share(const struct ms_param *p, double v);

// Value v as text for people and for the store: numbers shortest round-trip ("0.001", "32"), true
// and false, strings without quotes; an object of a choice by its "name" (or "schedule") where that
// tells the choices apart, else as compact JSON. Returns out.
const char *ms_space_param_text(const struct ms_param *p, double v, char *out, size_t size);

// The type in which SQLite and JSON should hold value v: one of 'i' (integer), 'r' (real), 't'
// (text), 'b' (bool).
char ms_space_param_type(const struct ms_param *p, double v);

// The number of different points; 0 when infinite or not below 2^62.
uint64_t ms_space_size(const struct ms_space *s);

// Grid order: the last-written parameter varies fastest. first fills the first point, next goes on
// and returns false after the last. A continuous parameter makes first return false.
bool ms_space_first(const struct ms_space *s, double *point);
bool ms_space_next(const struct ms_space *s, double *point);

// Maps n uniforms in [0, 1) to a point: parameter i takes uniform u[i], as above. u may equal
// point.
void ms_space_from_unit(const struct ms_space *s, const double *u, double *point);

// Lays named values (NAN: not named) over a point: what they make inactive goes, what they make
// active takes its uniform of u (s->n), as above.
void ms_space_overlay(const struct ms_space *s, const double *named, const double *u,
                      double *point);

// True when a point has all the named values.
bool ms_space_agrees(const struct ms_space *s, const double *named, const double *point);

// A step from one point towards another: parameter i, which both have, takes the value it has at
// `to`, and so does what becomes active by that; what becomes inactive goes. out may equal from.
void ms_space_toward(const struct ms_space *s, const double *from, const double *to, int i,
                     double *out);
// True when i is such a step: active at both points, with different values. A step towards a point
// leaves all other steps as they are, so n of them lead from one to the other.
bool ms_space_differs(const struct ms_space *s, const double *from, const double *to, int i);

// Equality and a 64-bit hash of points (inactive equals inactive).
bool ms_space_point_equal(const struct ms_space *s, const double *a, const double *b);
uint64_t ms_space_point_hash(const struct ms_space *s, const double *point);

#endif
