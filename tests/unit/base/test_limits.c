// SPDX-License-Identifier: MIT
//
// Limits that lean on each other, on a type's width or on a library: whoever raises one learns here
// what else must grow.
#include "mlpsweep/limits.h"

#include <cJSON.h>
#include <stdint.h>

#include "check.h"
#include "mlpsweep/rng.h"

int main(void)
{
    CHECK(MS_MAX_NESTING <= CJSON_NESTING_LIMIT);
    CHECK(MS_MAX_TRIALS <= UINT32_MAX && MS_MAX_TRIALS <= INT32_MAX); // struct ms_rng
    CHECK(MS_MAX_BATCH <= 1 << 24);                                   // a float counts rows exactly
    CHECK(MS_FRAME_MAX <= 4096);                   // Open MPI's smallest eager limit, see comm.h
    CHECK(MS_MAX_METRICS % 2 == 0);                // training and validation
    CHECK(MS_MAX_LISTED >= 2 * (MS_MAX_LIST + 1)); // two lists of full length, with their counts
    // An execution shares a 32-bit word with the stream: the largest one keeps its own numbers.
    struct ms_rng last = ms_rng_at(1, 0, MS_MAX_EXECUTIONS, MS_STREAM_COMMAND);
    CHECK_INT(last.lane >> 16, MS_MAX_EXECUTIONS);
    CHECK_INT(last.lane & 0xffff, MS_STREAM_COMMAND);
    return check_done();
}
