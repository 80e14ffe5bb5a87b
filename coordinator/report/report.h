// SPDX-License-Identifier: MIT
//
// mlpsweep report: a page that shows sweeps and needs nothing else, no network and no server.
#ifndef MLPSWEEP_REPORT_H
#define MLPSWEEP_REPORT_H

// A row of the table in coordinator/cli.c. Returns the exit status.
int ms_report_command(int argc, char **argv);

#endif
