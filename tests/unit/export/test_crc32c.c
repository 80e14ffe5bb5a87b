// SPDX-License-Identifier: MIT
//
// CRC-32C of the test vectors of RFC 3720, appendix B.4, and of the catalogue of parametrised CRC
// algorithms; the mask is worked out by hand.
#include "coordinator/export/crc32c.h"

#include "check.h"

int main(void)
{
    unsigned char bytes[32] = {0};
    CHECK_INT(ms_crc32c("123456789", 9), 0xe3069283);
    CHECK_INT(ms_crc32c(bytes, 32), 0x8a9136aa);
    for (int i = 0; i < 32; i++)
        bytes[i] = 0xff;
    CHECK_INT(ms_crc32c(bytes, 32), 0x62a8ab43);
    for (int i = 0; i < 32; i++)
        bytes[i] = (unsigned char)i;
    CHECK_INT(ms_crc32c(bytes, 32), 0x46dd794e);
    CHECK_INT(ms_crc32c("", 0), 0);
    CHECK_INT(ms_crc32c_masked("", 0), 0xa282ead8);
    // 0xe3069283 rotated right by 15 is 0x2507c60d
    CHECK_INT(ms_crc32c_masked("123456789", 9), (uint32_t)(0x2507c60dU + 0xa282ead8U));
    return check_done();
}
