// SPDX-License-Identifier: MIT
//
// The live view of a sweep in another process than its run.
#ifndef MLPSWEEP_SHOW_FOLLOW_H
#define MLPSWEEP_SHOW_FOLLOW_H

#include "coordinator/store/store_read.h"

// Shows the sweep (NULL: the one that ran last) every so many seconds, and less often where a look
// is long, until its run has ended, or until q, Ctrl-C or a signal.
int ms_show_follow(struct ms_store *store, const char *sweep, double every_s,
                   struct ms_error *err) MS_MUST_CHECK;

#endif
