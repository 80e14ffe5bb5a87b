// SPDX-License-Identifier: MIT
//
// Files of svmlight text, which are their own test files where their size says so.
#include "fuzz_data.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ms_data_spec s = fuzz_spec(MS_SVMLIGHT, fuzz_file(0, data, size), size);
    s.zero_based = (enum ms_switch)(size % 3);
    // A wide block of zeros would only cost time.
    s.n_features = size % 11 ? 200 : 0;
    if (size % 13 == 0)
        snprintf(s.test_path, sizeof s.test_path, "%s", s.path);
    fuzz_load(&s);
    return 0;
}
