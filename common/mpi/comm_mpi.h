// SPDX-License-Identifier: MIT
//
// What comm_mpi.c and comm_mpi_start.c share. They alone include <mpi.h>.
#ifndef MLPSWEEP_COMM_MPI_H
#define MLPSWEEP_COMM_MPI_H

#include <mpi.h>

#include "mlpsweep/clock.h"
#include "mlpsweep/comm.h"
#include "mlpsweep/limits.h"

// What MPI says of its error rc, behind the call's name; returns MS_ECOMM.
int ms_mpi_fail(struct ms_error *err, int rc, const char *what);

#endif
