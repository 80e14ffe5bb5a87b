// SPDX-License-Identifier: MIT
//
// Inside contract of later.c and frames_known.c: the training frame as the store knows it.
#ifndef MLPSWEEP_FRAMES_KNOWN_H
#define MLPSWEEP_FRAMES_KNOWN_H

#include "frames.h"

// A frame without rows: the columns that training had, with roles, kinds and labels, in the order
// in which the source's reader gives them.
int ms_frames_known(enum ms_source source, const struct ms_data_info *was, struct ms_frame *out,
                    struct ms_error *err) MS_MUST_CHECK;

// Task and targets of the part that was read. out->y stays NULL where some row has no target, or
// one that training did not have: why says where.
int ms_frames_known_target(const struct ms_frames *f, struct ms_raw *out, char *why, size_t size,
                           struct ms_error *err) MS_MUST_CHECK;

#endif
