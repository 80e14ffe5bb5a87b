// SPDX-License-Identifier: MIT
//
// "stages": [ {…}, {…} ]: a sweep that tunes one group of hyperparameters after the other (greedy,
// or coordinate-wise, search). Each stage is a sweep of its own – its own row in the store, called
// "<sweep>:<n>-<stage name>" – whose file is made here, as text that any rank parses like any
// other:
//
//     stage 1    the file without "stages", with the stage's object laid over it. Parameters
//                outside "stages" belong to it.
//     stage i    what stage i-1 was, with every parameter replaced by the value its winner has
//                (hidden layers are then an array), with the stage's object laid over it.
//
// So everything that a stage says holds in those after it, except how it searches: "search",
// "objective" and "require" of a stage lie over those of the file. (require and search.try_first
// name parameters: the file's own hold in stage 1 alone.) data, seed and threads_per_worker are the
// same for all stages. How objects are laid over one another is in common/sweep/sweep_overlay.c.
//
// ms_sweep_parse of a file with stages checks them all and returns the sweep of the first. A later
// stage is checked with stand-ins for the winners that will come before it: the first point of
// their grids, and then every value of every choice in turn, so that no stage is refused after
// hours of work.
#ifndef MLPSWEEP_STAGES_H
#define MLPSWEEP_STAGES_H

#include "mlpsweep/sweep.h"

#define MS_MAX_STAGES 64

// How many stages the file has; 1 where it has none. s: from ms_sweep_parse of the file.
int ms_sweep_stages(const struct ms_sweep *s);

// The name of the file's sweep: that of s without its stage. The store's default name.
const char *ms_sweep_file_name(const struct ms_sweep *s);

// The sweep of stage i (1 … ms_sweep_stages - 1; stage 0 is first itself) after before, the sweep
// of stage i - 1 (first itself for i = 1), whose winner has this point. Pure: the same text each
// time. Free *out with ms_sweep_free. MS_EINVAL: it does not go with this winner; err says the
// stage and why.
int ms_sweep_stage(const struct ms_sweep *first, int i, const struct ms_sweep *before,
                   const double *winner, struct ms_sweep **out, struct ms_error *err) MS_MUST_CHECK;

// A point that stands for a winner that is not known yet: the first value of every parameter.
void ms_sweep_stand_in(const struct ms_sweep *s, double *point);

#endif
