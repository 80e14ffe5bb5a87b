// SPDX-License-Identifier: MIT
//
// Messages are formatted into the caller's struct ms_error and cut to its size: a failure never
// needs memory, so that "out of memory" can be reported like everything else.
#include "mlpsweep/status.h"

#include <stdio.h>
#include <string.h>

#undef ms_fail // the analyzer's

int ms_fail(struct ms_error *err, int code, const char *fmt, ...)
{
    if (err) {
        va_list ap;
        va_start(ap, fmt);
        vsnprintf(err->text, sizeof err->text, fmt, ap);
        va_end(ap);
        err->code = code;
    }
    return code;
}

int ms_fail_in(struct ms_error *err, const char *fmt, ...)
{
    if (!err)
        return MS_EINVAL;
    char was[sizeof err->text];
    memcpy(was, err->text, sizeof was);
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(err->text, sizeof err->text, fmt, ap);
    va_end(ap);
    size_t used = n < 0 ? 0 : (size_t)n;
    if (used + 3 < sizeof err->text) {
        size_t room = sizeof err->text - used - 3, len = strlen(was);
        memcpy(err->text + used, ": ", 2);
        memcpy(err->text + used + 2, was, len < room ? len : room);
        err->text[used + 2 + (len < room ? len : room)] = 0;
    }
    return err->code;
}
