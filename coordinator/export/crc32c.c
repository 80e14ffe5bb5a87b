// SPDX-License-Identifier: MIT
//
// Byte by byte with a table of 256 remainders, which is made at the first call.
#include "crc32c.h"

uint32_t ms_crc32c(const void *data, size_t n)
{
    static uint32_t table[256];
    const unsigned char *byte = data;
    uint32_t crc = 0xffffffff;
    if (!table[1])
        for (uint32_t i = 0; i < 256; i++) {
            uint32_t r = i;
            for (int k = 0; k < 8; k++)
                r = r >> 1 ^ (r & 1 ? 0x82f63b78 : 0); // the polynomial, its bits reversed
            table[i] = r;
        }
    for (size_t i = 0; i < n; i++)
        crc = table[(crc ^ byte[i]) & 255] ^ crc >> 8;
    return ~crc;
}

uint32_t ms_crc32c_masked(const void *data, size_t n)
{
    const uint32_t crc = ms_crc32c(data, n);
    return (crc >> 15 | crc << 17) + 0xa282ead8;
}
