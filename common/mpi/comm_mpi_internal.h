// SPDX-License-Identifier: MIT
//
// The part that comm_mpi.c and comm_mpi_start.c share. Only they include the header of MPI.
#ifndef MLPSWEEP_COMM_MPI_INTERNAL_H
#define MLPSWEEP_COMM_MPI_INTERNAL_H

#include <mpi.h>

#include "mlpsweep/status.h"

// Fails with MS_ECOMM: the call's name, then MPI's own text for its error code rc.
int ms_mpi_fail(struct ms_error *err, int rc, const char *what);

#endif
