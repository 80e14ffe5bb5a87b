// SPDX-License-Identifier: MIT
//
// The layout that wire.c (reading) and wire_put.c (writing) share. Every message is u8 version, u8
// type, then the fields of its type in the order of its put function, all little-endian. A string
// is u32 length and its bytes without a NUL. A double is the u64 of its bits, so that NaN and
// infinity survive.
#ifndef MLPSWEEP_WIRE_INTERNAL_H
#define MLPSWEEP_WIRE_INTERNAL_H

#include "mlpsweep/wire.h"

// Fields that most attempts lack take no room: one byte lists the fields that follow.
enum { MS_ATTEMPT_PART = 1, MS_ATTEMPT_LIMITS = 2, MS_ATTEMPT_KEEP = 4 };

#endif
