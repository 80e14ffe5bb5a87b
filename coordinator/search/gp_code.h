// SPDX-License-Identifier: MIT
//
// The space as the sampler "gp" sees it. A code is a point (see mlpsweep/space.h) in which a
// continuous parameter has its place in [0, 1], by the space's own measure, instead of its number.
// The Gaussian process measures distances between features:
//
//     continuous                          its place
//     int, float with step or points,
//     choice of rising or falling numbers (index + 0.5) / count: distances are between values that
//                                         can be taken (Garrido-Merchán and Hernández-Lobato,
//                                         "Dealing with categorical and integer-valued variables in
//                                         Bayesian optimization with Gaussian processes",
//                                         Neurocomputing 380, 2020)
//     log integers without a step         the logarithm's place in the range (as in Optuna)
//     bool, other choice                  the index, compared by equality
//     a single value                      no feature
//
// An inactive parameter stands in the middle of its range (a category: apart from all others). Two
// points that both lack it are therefore equal in it, and mainly the parent's own feature
// distinguishes them from points that have it. This is the embedding of Swersky, Duvenaud, Snoek,
// Hutter, Osborne, "Raiders of the lost architecture: kernels for Bayesian optimization in
// conditional parameter spaces", NIPS workshop 2013, with its radius left to the parent.
#ifndef MLPSWEEP_GP_CODE_H
#define MLPSWEEP_GP_CODE_H

#include "mlpsweep/rng.h"
#include "mlpsweep/space.h"

enum ms_gp_kind { MS_GP_FIXED, MS_GP_NUMBER, MS_GP_ORDERED, MS_GP_CATEGORY };

struct ms_gp_code {
    const struct ms_space *space; // borrowed
    enum ms_gp_kind *kind;        // (space->n)
    int *feature;                 // (space->n) -1: fixed
    int n_features;
    bool *category; // (n_features)
};

int ms_gp_code_init(struct ms_gp_code *c, const struct ms_space *space,
                    struct ms_error *err) MS_MUST_CHECK;
void ms_gp_code_clear(struct ms_gp_code *c);

// Translate a point into its code and back (space->n each); scratch (space->n).
void ms_gp_encode(const struct ms_gp_code *c, const double *point, double *code);
void ms_gp_decode(const struct ms_gp_code *c, const double *code, double *scratch, double *point);

// Makes a code from uniforms u (space->n) in [0, 1), as ms_space_from_unit makes a point. u and
// code may be the same array.
void ms_gp_from_unit(const struct ms_gp_code *c, const double *u, double *code);

// The inverse: the places of the active parameters, and spare[i] for an inactive one.
void ms_gp_to_unit(const struct ms_gp_code *c, const double *code, const double *spare, double *u);

// Fills feature (n_features) from a code.
void ms_gp_features(const struct ms_gp_code *c, const double *code, double *feature);

#endif
