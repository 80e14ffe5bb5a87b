// SPDX-License-Identifier: MIT
//
// JSON: a text that is accepted can be written compactly, and reads back as the same value.
#include "fuzz.h"

#include "mlpsweep/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ms_json *doc, *again;
    struct ms_error err;
    int line;
    if (ms_json_parse((const char *)data, size, &doc, &line, &err))
        return 0;
    for (int sorted = 0; sorted < 2; sorted++) {
        char *text = ms_json_compact(ms_json_root(doc), sorted);
        PROMISE(text);
        PROMISE(ms_json_parse(text, strlen(text), &again, &line, &err) == 0 && line == 1);
        char *same = ms_json_compact(ms_json_root(again), sorted);
        PROMISE(same && strcmp(text, same) == 0);
        free(same);
        free(text);
        ms_json_free(again);
    }
    ms_json_free(doc);
    return 0;
}
