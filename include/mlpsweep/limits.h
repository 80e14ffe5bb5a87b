// SPDX-License-Identifier: MIT
//
// Every size is bounded. Past a limit comes a clear refusal, never a surprise.
#ifndef MLPSWEEP_LIMITS_H
#define MLPSWEEP_LIMITS_H

#define MS_MAX_SWEEP_FILE (16u << 20) // bytes of a sweep file
#define MS_MAX_NESTING 32             // of objects and arrays in a sweep file
#define MS_MAX_PARAMS 1024            // parameters of a space
#define MS_MAX_LAYERS 64              // hidden layers
#define MS_MAX_UNITS 65536            // units of one layer
#define MS_MAX_TRIALS 2147483647LL    // trials of a sweep
#define MS_MAX_EXECUTIONS 60000       // executions of a trial
#define MS_CONFIRM_FIRST 60000        // number of the first that confirms it: no other is so large
#define MS_MAX_CONFIRM 5000           // executions that confirm it; all numbers fit 16 bits
#define MS_MAX_KEPT_TRIALS 1000       // trials of a sweep whose weights are kept
#define MS_MAX_EPOCHS 1000000         // epochs of an execution
#define MS_MAX_WINDOW 100             // epochs that a mean of the objective is over
#define MS_WINDOW 5                   // the same where nothing else is said
#define MS_MAX_BATCH 16777216         // rows of a batch
#define MS_MAX_DATASETS 64            // different data sections of one sweep
#define MS_MAX_FOLDS 1000             // of a cross-validation
#define MS_MAX_OWN_ARGS 8             // arguments of one table row
#define MS_MAX_SHARED_ARGS 8          // arguments that many rows of a table share
#define MS_MAX_ARGS (MS_MAX_OWN_ARGS + MS_MAX_SHARED_ARGS)
#define MS_MAX_LIST 32             // numbers of an argument that is a list
#define MS_MAX_LISTED 66           // of all lists of a configuration, with their counts
#define MS_MAX_METRICS 32          // metrics recorded per epoch
#define MS_MAX_CLASS_WEIGHTS 64    // classes that can be weighted
#define MS_MAX_MESSAGE (64u << 20) // bytes of one message between ranks
#define MS_FRAME_MAX 3072          // bytes of one MPI message; comm.h gives the reason

// Bytes of a training's state: it must fit one message beside a point and limits.
#define MS_MAX_STATE (MS_MAX_MESSAGE - (16u << 20))

// Weights of a network that is kept: they must fit one message with its head.
#define MS_MAX_KEPT ((MS_MAX_MESSAGE - 64) / 4)

#endif
