// SPDX-License-Identifier: MIT
//
// What the ranks of a run have told of their machines, and what follows for all of them: the memory
// of each worker, and whether they compute alike. Rank 0; pure.
#ifndef MLPSWEEP_CLUSTER_H
#define MLPSWEEP_CLUSTER_H

#include <stdbool.h>

#include "mlpsweep/machine.h"

// No pointers: ranks send it as it is.
struct ms_rank_facts {
    char host[64];
    struct ms_memory memory;
    char blas[128];      // library, version, core, threads, vectors
    char core[24];       // of OpenBLAS
    char cores[128];     // that could run instead, the best first, blanks between them
    bool by_user;        // the user chose the core
    char core_note[320]; // why it is not OpenBLAS's own choice, and the like; "": it is
    double gflops;       // measured; 0: not on this rank
};

enum { MS_CLUSTER_TEXT = 400 };

struct ms_cluster {
    double worker_bytes;           // that every worker may use; 0: not known
    char memory[MS_CLUSTER_TEXT];  // whence: "16.0 GB of node7 for 8 workers"
    char core[24], core_note[320]; // of the workers; of the first, where they differ
    bool common; // workers with another core are to take this one: then all give the same bits
    double gflops;
    char differs[MS_CLUSTER_TEXT]; // how the workers compute differently; "": they do not
};

// rank[0] is rank 0, which trains nothing; n >= 1 ranks.
void ms_cluster_of(const struct ms_rank_facts *rank, int n, struct ms_cluster *out);

#endif
