// SPDX-License-Identifier: MIT
//
// Prints the table of a sweep file's first data set as its reader sees it, before anything is
// decided about its columns: a line of JSON with the names, then one for each row, where
// "#0x1.8p+0" is a number, "=text" a text and null a missing value. For agreement.py.
#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coordinator/source/readers.h"
#include "mlpsweep/sweep.h"

static void print(cJSON *array)
{
    char *text = cJSON_PrintUnformatted(array);
    puts(text);
    free(text);
    cJSON_Delete(array);
}

static cJSON *cell(const struct ms_frame_column *c, size_t row)
{
    char text[64] = "";
    if (c->type == MS_FRAME_TEXT) {
        const uint32_t label = ((const uint32_t *)c->value)[row];
        if (label == MS_FRAME_NONE)
            return cJSON_CreateNull();
        char *marked = malloc(strlen(c->label[label]) + 2);
        if (!marked)
            abort();
        sprintf(marked, "=%s", c->label[label]);
        cJSON *item = cJSON_CreateString(marked);
        free(marked);
        return item;
    }
    if (c->type != MS_FRAME_F64)
        abort(); // a table of text has nothing else
    const double x = ((const double *)c->value)[row];
    if (isnan(x))
        return cJSON_CreateNull();
    snprintf(text, sizeof text, "#%a", x);
    return cJSON_CreateString(text);
}

static void print_frame(const struct ms_frame *f)
{
    cJSON *names = cJSON_CreateArray();
    for (size_t i = 0; i < f->n_columns; i++)
        cJSON_AddItemToArray(names, cJSON_CreateString(f->column[i].name));
    print(names);
    for (size_t row = 0; row < f->rows; row++) {
        cJSON *cells = cJSON_CreateArray();
        for (size_t i = 0; i < f->n_columns; i++)
            cJSON_AddItemToArray(cells, cell(&f->column[i], row));
        print(cells);
    }
}

static int print_sweep(const char *path, struct ms_error *err)
{
    char *text = NULL, folder[4096];
    size_t len = 0;
    int status = ms_sweep_read(path, &text, &len, err);
    if (status)
        return status;
    struct ms_sweep *sweep = NULL;
    struct ms_sweep_problems problems = {0};
    status = ms_sweep_parse(path, text, len, &sweep, &problems);
    for (int i = 0; i < problems.n; i++)
        puts(problems.item[i].text);
    ms_sweep_problems_clear(&problems);
    free(text);
    if (status)
        return ms_fail(err, status, "%s is wrong", path);
    snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash)
        *slash = '\0';
    const struct ms_data_spec *spec = NULL;
    ms_sweep_data(sweep, &spec);
    struct ms_data_info info = {0};
    struct ms_frame frame = {0};
    const struct ms_frame_request request = {
        .spec = spec, .sweep_dir = slash ? folder : ".", .info = &info};
    status = ms_read_csv(&request, &frame, err);
    if (!status)
        print_frame(&frame);
    ms_frame_clear(&frame);
    ms_data_info_clear(&info);
    ms_sweep_free(sweep);
    return status;
}

int main(int argc, char **argv)
{
    struct ms_error err = {0};
    if (argc != 2 || print_sweep(argv[1], &err)) {
        puts(err.text);
        return 1;
    }
    return 0;
}
