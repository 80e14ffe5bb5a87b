// SPDX-License-Identifier: MIT
//
// CSV files with a target "y", a category "c" where the file's size is odd, in dialects that follow
// from its size, too.
#include "fuzz_data.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char delimiters[] = "\0,\0;\0\t\0 ", decimals[] = "\0\0.,", thousands[] = "\0\0 .";
    struct ms_data_spec s = fuzz_spec(MS_CSV, fuzz_file(0, data, size), size);
    s.header = size % 17 == 0 ? MS_SWITCH_FALSE : size % 19 == 0 ? MS_SWITCH_TRUE : MS_SWITCH_FOUND;
    const char *y = s.header == MS_SWITCH_FALSE ? "2" : "y";
    snprintf(s.target, sizeof s.target, "%s%s", y, size % 11 ? "" : "\nz");
    if (size % 2)
        snprintf(s.categorical, sizeof s.categorical, "c");
    if (size % 3 == 0)
        snprintf(s.ignore, sizeof s.ignore, "i");
    if (size % 13 == 0)
        snprintf(s.test_path, sizeof s.test_path, "%s", s.path);
    s.encoding = size % 23 == 0 ? (int)(size / 23 % 3) : -1;
    s.dates = size % 5 == 0 ? MS_DATES_SECONDS : MS_DATES_REFUSE;
    s.delimiter = size % 7 == 0 ? delimiters[size / 7 % (sizeof delimiters - 1)] : 0;
    s.decimal = decimals[size / 3 % 4];
    s.thousands = thousands[size / 5 % 4];
    if (size % 29 == 0)
        snprintf(s.missing_values, sizeof s.missing_values, "-\n-9");
    fuzz_load(&s);
    return 0;
}
