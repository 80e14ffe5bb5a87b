// SPDX-License-Identifier: MIT
//
// Lines that programs print: the names kept are short, different and printable.
#include "fuzz.h"

#include "worker/objective/metric_line.h"
#include "mlpsweep/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ms_metric_line line;
    struct ms_error err;
    if (ms_metric_line((const char *)data, size, "val_loss", &line, &err)) {
        PROMISE(strncmp(err.text, "no JSON at byte ", 16) == 0);
        PROMISE(strtoul(err.text + 16, NULL, 10) <= size + 1);
        return 0;
    }
    PROMISE(line.n >= 0 && line.n <= MS_MAX_METRICS && line.dropped >= 0);
    for (int i = 0; i < line.n; i++) {
        PROMISE(line.name[i][0] && strlen(line.name[i]) < MS_METRIC_NAME);
        for (const char *c = line.name[i]; *c; c += ms_utf8_length(c, strlen(c)))
            PROMISE(ms_utf8_printable(c, strlen(c)) > 0);
        for (int k = 0; k < i; k++)
            PROMISE(strcmp(line.name[i], line.name[k]) != 0);
    }
    return 0;
}
