// SPDX-License-Identifier: MIT
//
// NumPy's arrays: an NPY file is its own target, an archive has the arrays "x" and "y".
#include "fuzz_data.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const bool archive = size > 1 && data[0] == 'P' && data[1] == 'K';
    struct ms_data_spec s = fuzz_spec(archive ? MS_NPZ : MS_NPY, fuzz_file(0, data, size), size);
    snprintf(s.x_name, sizeof s.x_name, "x");
    snprintf(s.y_name, sizeof s.y_name, "y");
    if (!archive)
        snprintf(s.y_path, sizeof s.y_path, "%s", s.path);
    fuzz_load(&s);
    return 0;
}
