// SPDX-License-Identifier: MIT
//
// The JSON of the reading commands (--json): parts that several of them print. Keys are those of
// the store's columns and views; sweeps/json.md describes the documents, sweeps/json/ has their
// schemas. A NaN is null.
#ifndef MLPSWEEP_SHOW_JSON_H
#define MLPSWEEP_SHOW_JSON_H

#include "mlpsweep/json_out.h"
#include "show_facts.h"

// The members of a trial's ranking: trial, n, n_failed, n_pruned, n_constant, mean, sd, se, low95,
// high95, min, median, max, tied.
void ms_show_json_rank(struct ms_json_out *o, const struct ms_trial_rank *r);

// The member "parameters": an object of those in force, with numbers as numbers.
int ms_show_json_params(struct ms_json_out *o, struct ms_show *s, uint32_t trial,
                        struct ms_error *err) MS_MUST_CHECK;

// The member "failures": why executions failed.
void ms_show_json_failures(struct ms_json_out *o, const struct ms_store_failures *f);

// The member "sweep": name, state, metric, goal, at, by, trials_planned.
void ms_show_json_sweep(struct ms_json_out *o, const struct ms_sweep_info *s);

// The whole document of `rank` (rank_json.c): the first trials, and what is said below them.
int ms_show_json_ranking(struct ms_show *s, const struct ms_show_goals *g, int64_t shown,
                         struct ms_error *err) MS_MUST_CHECK;

// The whole document of `status` (status_json.c).
int ms_show_json_status(struct ms_show *s, const struct ms_show_facts *f,
                        struct ms_error *err) MS_MUST_CHECK;

// The whole document of `show` (trial_json.c).
int ms_show_json_trial(struct ms_show *s, uint32_t trial, struct ms_error *err) MS_MUST_CHECK;

#endif
