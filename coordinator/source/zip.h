// SPDX-License-Identifier: MIT
//
// One entry of a ZIP archive, stored or deflated, read from its beginning to its end. Zip64 too:
// NumPy writes it. Sizes come from the archive's central directory, as local headers may lack them;
// the entry's check sum is compared at its end.
#ifndef MLPSWEEP_ZIP_H
#define MLPSWEEP_ZIP_H

#include <stdint.h>
#include <stdio.h>
#include <zlib.h>

#include "mlpsweep/status.h"

struct ms_zip { // large: allocate it
    FILE *file;
    const char *path; // borrowed: outlives the struct
    uint64_t size;    // of the archive
    uint64_t left;    // compressed bytes not yet read
    uint64_t length;  // of the entry's data
    uint64_t done;    // of these were given out
    uint32_t crc, crc_wanted;
    int deflated, open; // open: inflate has begun
    z_stream z;
    unsigned char in[1 << 16];
};

// Opens the entry called name. If there is none, the message lists the names of the entries.
int ms_zip_open(struct ms_zip *z, const char *path, const char *name,
                struct ms_error *err) MS_MUST_CHECK;

// Reads up to size bytes; *got < size only at the end of the entry.
int ms_zip_read(struct ms_zip *z, void *to, size_t size, size_t *got,
                struct ms_error *err) MS_MUST_CHECK;
void ms_zip_close(struct ms_zip *z); // also after a failed open

#endif
