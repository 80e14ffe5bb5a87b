// SPDX-License-Identifier: MIT
//
// Cuts the beginning of a file with each candidate, by the reader itself, so that quotes count as
// they will. A failure there only means that the candidate is none.
#include "csv_dialect.h"

#include <stdio.h>
#include <string.h>

// Fields of the next row; 0: there is none, or it is malformed. last_empty: its last field is.
static size_t cut(struct ms_csv *r, bool *last_empty)
{
    int more = ms_csv_row(r, NULL);
    while (more == 1)
        more = ms_csv_field(r, NULL);
    *last_empty = r->field_len == 0;
    return more < 0 ? 0 : r->column;
}

// How well a delimiter fits: the header's fields, and whether the first row has as many.
static size_t fit(struct ms_csv *r, char delimiter, bool *same)
{
    bool header_open, row_open;
    ms_csv_restart(r, delimiter, true);
    size_t header = cut(r, &header_open);
    bool cut_off = ms_csv_cut(r);
    size_t row = cut_off ? 0 : cut(r, &row_open);
    if (cut_off || ms_csv_cut(r) || r->len == 0 || row == 0)
        *same = false; // nothing to compare with
    else
        *same =
            row == header || (row == header + 1 && row_open) || (row + 1 == header && header_open);
    return header;
}

static bool is_candidate(const struct ms_data_spec *spec, char delimiter)
{
    return delimiter != ms_data_decimal(spec) && delimiter != spec->thousands;
}

void ms_csv_dialect_find(struct ms_csv *r, const struct ms_data_spec *spec)
{
    static const char candidates[] = ",;\t|";
    char best = spec->delimiter;
    size_t most = 1;
    bool fits = false;
    for (const char *c = candidates; !spec->delimiter && *c; c++) {
        bool same;
        if (!is_candidate(spec, *c))
            continue;
        size_t n = fit(r, *c, &same);
        if (n > 1 && (same > fits || (same == fits && n > most))) {
            best = *c;
            most = n;
            fits = same;
        }
    }
    if (!best)
        best = is_candidate(spec, ',') ? ',' : ';';
    ms_csv_restart(r, best, false);
}

const char *ms_csv_dialect_name(char delimiter, char out[8])
{
    if (delimiter == ' ' || delimiter == '\t')
        snprintf(out, 8, "%s", delimiter == ' ' ? "blanks" : "tab");
    else
        snprintf(out, 8, "'%c'", delimiter);
    return out;
}
