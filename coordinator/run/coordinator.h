// SPDX-License-Identifier: MIT
//
// Rank 0's part of a run: hands out executions, stores what comes back, watches over the workers.
// Pure parts make every decision (sampler, study, dispatch, rank); the coordinator is the thin
// shell around them that has the clock, the messages and the store.
#ifndef MLPSWEEP_COORDINATOR_H
#define MLPSWEEP_COORDINATOR_H

#include "dispatch.h"
#include "mlpsweep/comm.h"
#include "coordinator/show/progress.h"
#include "coordinator/store/store.h"
#include "coordinator/store/store_read.h"

struct ms_run {
    struct ms_comm *comm;
    const struct ms_sweep *sweep;  // of the first stage, where there are several: all are run
    const struct ms_dataset *data; // by config.dataset
    struct ms_store *store;
    const char *store_path; // for messages
    struct ms_provenance provenance;
    struct ms_patience patience;
    struct ms_edition edition;                    // of the sweep's file in the store
    const struct ms_store_names *program_changed; // files of the command, since the last run
    enum ms_order order;
    int64_t resolve;      // in place of search.resolve; -1: as the file says
    bool retry_failed;    // executions that failed for good in earlier runs are tried again
    double bytes_limit;   // memory of a worker; 0: unknown
    const char *bytes_of; // what it is a share of, in words; NULL: nothing to say
    enum ms_progress_mode progress;
    int columns;              // of the terminal
    const volatile int *stop; // set by a signal handler
};

// How a run ended.
struct ms_run_end {
    int64_t failed;   // executions that failed for good, in the whole store's sweep; those that
                      // diverged or are undefined have come to their end, and do not count
    bool no_result;   // the search is complete, and no trial has a result
    bool interrupted; // stopped by a signal or by max_wall_seconds, or no worker was left
    bool clean;       // no worker was lost: MPI may be finalized
    struct ms_sweep *sweep; // of the last stage that was begun, if it is not the first. The store
                            // borrows it: free it once that is closed.
    bool reproducible;      // false: an execution repeated with other bits (reported on the way)
};

// Runs the sweep to its end, stage by stage where it has stages: each begins when the one before it
// is complete, from its winner, on the same workers and into the same store. Executions that an
// earlier run finished are found there and not run again. Validation chooses every winner; the test
// set is evaluated once, for the last stage's. MS_EINVAL: the store cannot be continued by this
// sweep, or by this stage. Sends FINISH to every worker before it returns, also on error.
int ms_coordinator_run(const struct ms_run *run, struct ms_run_end *end,
                       struct ms_error *err) MS_MUST_CHECK;

#endif
