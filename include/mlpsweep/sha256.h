// SPDX-License-Identifier: MIT
//
// SHA-256 (FIPS 180-4), as sha256sum prints it: of a text at once, or of bytes as they come.
#ifndef MLPSWEEP_SHA256_H
#define MLPSWEEP_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define MS_SHA256_SIZE 65 // hexadecimal digits in lower case, and a NUL

struct ms_sha256 {
    uint32_t h[8];
    uint8_t tail[64]; // bytes that do not fill a block yet
    uint64_t size;    // bytes so far
};

void ms_sha256_start(struct ms_sha256 *s);
void ms_sha256_add(struct ms_sha256 *s, const void *data, size_t size);
void ms_sha256_end(struct ms_sha256 *s, char out[MS_SHA256_SIZE]);

void ms_sha256(const void *data, size_t size, char out[MS_SHA256_SIZE]);

#endif
