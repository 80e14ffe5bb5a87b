// SPDX-License-Identifier: MIT
#include "mlpsweep/status.h"

#include <stdio.h>
#include <string.h>

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
    if (n >= 0 && (size_t)n < sizeof err->text)
        snprintf(err->text + n, sizeof err->text - (size_t)n, ": %.*s",
                 (int)(sizeof was - 1), was);
    return err->code;
}
