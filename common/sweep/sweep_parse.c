// SPDX-License-Identifier: MIT
//
// From text to sweep: the syntax first, then the sweep of the whole file or, where it has stages,
// of each.
#include "mlpsweep/memory.h"
#include "sweep_tree.h"

enum { CHUNK = 1 << 16 }; // bytes read at once

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int ms_sweep_parse(const char *file, const char *text, size_t len, struct ms_sweep **out,
                   struct ms_sweep_problems *problems)
{
    struct ms_json *doc;
    struct ms_error err;
    int line = 1;
    *out = NULL;
    *problems = (struct ms_sweep_problems){0};
    if (ms_json_parse(text, len, &doc, &line, &err) < 0)
        return ms_sweep_problems_add(problems, line, err.text) < 0 || err.code == MS_ENOMEM
                   ? MS_ENOMEM
                   : MS_EINVAL;
    if (ms_sweep_member(ms_json_root(doc), "stages"))
        return ms_sweep_stages_parse(file, doc, out, problems);
    return ms_sweep_of(file, text, len, doc, out, problems);
}

int ms_sweep_read(const char *path, char **text, size_t *len, struct ms_error *err)
{
    *text = NULL;
    *len = 0;
    FILE *f = fopen(path, "rb");
    if (!f)
        return ms_fail(err, MS_EIO, "%s: %s", path, strerror(errno));
    size_t room = 0;
    char *s = NULL;
    int status = 0;
    for (bool more = true; more && status == 0;) {
        status = ms_grow(&s, &room, *len + CHUNK + 1, 1, path, err);
        if (status < 0)
            break;
        size_t read = fread(s + *len, 1, CHUNK, f);
        *len += read;
        if (ferror(f))
            status = ms_fail(err, MS_EIO, "%s: %s", path, strerror(errno));
        else if (*len > MS_MAX_SWEEP_FILE)
            status = ms_fail(err, MS_ELIMIT, "%s: larger than %u bytes", path, MS_MAX_SWEEP_FILE);
        more = read == CHUNK;
    }
    fclose(f);
    if (status < 0) {
        free(s);
        *len = 0;
        return status;
    }
    s[*len] = '\0';
    *text = s;
    return 0;
}
