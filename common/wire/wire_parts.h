// SPDX-License-Identifier: MIT
//
// Inside contract of wire.c (reading) and wire_put.c (writing). Layout of every message: u8
// version, u8 type, then the fields of its type in the order of its put function, all
// little-endian; a string is u32 length and its bytes without a NUL; a double is the u64 of its
// bits, so NaN and infinity keep theirs.
#ifndef MLPSWEEP_WIRE_PARTS_H
#define MLPSWEEP_WIRE_PARTS_H

#include "mlpsweep/wire.h"

// What most attempts do not have takes no room: a byte says what follows.
enum { MS_ATTEMPT_PART = 1, MS_ATTEMPT_LIMITS = 2 };

#endif
