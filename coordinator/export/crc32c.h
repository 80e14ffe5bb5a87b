// SPDX-License-Identifier: MIT
//
// CRC-32C (Castagnoli, RFC 3720 appendix B.4), masked as TensorFlow's records store it
// (core/lib/hash/crc32c.h): zlib has the other CRC-32 only.
#ifndef MLPSWEEP_EXPORT_CRC32C_H
#define MLPSWEEP_EXPORT_CRC32C_H

#include <stddef.h>
#include <stdint.h>

uint32_t ms_crc32c(const void *data, size_t n);

// Rotated right by 15 and shifted by a constant, so that the CRC of data with CRCs in it is sound.
uint32_t ms_crc32c_masked(const void *data, size_t n);

#endif
