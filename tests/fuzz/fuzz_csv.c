// SPDX-License-Identifier: MIT
//
// CSV files with a target "y", a category "c" where the file's size is odd.
#include "fuzz_data.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ms_data_spec s = fuzz_spec(MS_CSV, fuzz_file(0, data, size), size);
    snprintf(s.target, sizeof s.target, size % 11 ? "y" : "y\nz");
    if (size % 2)
        snprintf(s.categorical, sizeof s.categorical, "c");
    if (size % 3 == 0)
        snprintf(s.ignore, sizeof s.ignore, "i");
    if (size % 13 == 0)
        snprintf(s.test_path, sizeof s.test_path, "%s", s.path);
    fuzz_load(&s);
    return 0;
}
