// SPDX-License-Identifier: MIT
//
// The memory that a process may use: that of its machine, or less where a control group limits it.
// Every rank asks for its own; coordinator/run/cluster.h adds them up.
#ifndef MLPSWEEP_MACHINE_H
#define MLPSWEEP_MACHINE_H

// No pointers: ranks send it as it is.
struct ms_memory {
    char kernel[40];    // equal on two ranks: they share one machine. "": not known
    double bytes;       // of the machine; 0: not known
    char group[256];    // equal on two ranks: they share the limit; "": there is none
    double group_bytes; // the smallest limit of the process's control group and of all above it
};

// Reads /proc and /sys/fs/cgroup (cgroups of version 1, 2 or both) below root, which is "" but for
// tests. What cannot be read is not known; a limit that is no less than the machine's memory is
// none.
struct ms_memory ms_machine_memory(const char *root);

#endif
