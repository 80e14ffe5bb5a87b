// SPDX-License-Identifier: MIT
//
// Looks for a command's files where the command will run: in the folder of the sweep file, and the
// program without a slash in PATH. The command is taken at a first point; files whose names depend
// on parameters are those of that point.
#include "programs.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "coordinator/source/file.h"
#include "mlpsweep/memory.h"
#include "mlpsweep/stages.h"

static const off_t largest = 256 << 20;

// The path of a word in a folder; false: it is no readable file.
static bool find_in(const char *folder, size_t n, const char *word, int mode, char *out,
                    size_t size)
{
    struct stat st;
    int used = word[0] == '/' ? snprintf(out, size, "%s", word)
                              : snprintf(out, size, "%.*s/%s", (int)n, folder, word);
    return used > 0 && (size_t)used < size && stat(out, &st) == 0 && S_ISREG(st.st_mode) &&
           st.st_size <= largest && access(out, mode) == 0;
}

static bool find_program(const char *folder, const char *word, char *out, size_t size)
{
    if (strchr(word, '/'))
        return find_in(folder, strlen(folder), word, R_OK, out, size);
    const char *path = getenv("PATH");
    for (const char *p = path ? path : "/usr/local/bin:/bin:/usr/bin"; *p;) {
        const size_t n = strcspn(p, ":");
        if (n > 0 && find_in(p, n, word, R_OK | X_OK, out, size))
            return true;
        p += n + (p[n] == ':');
    }
    return false;
}

static int find_files(char *const *argv, const char *folder, struct ms_data_info *out,
                      struct ms_error *err)
{
    char path[PATH_MAX];
    int status = 0;
    for (int i = 0; !status && argv[i]; i++) {
        const bool found = i == 0 ? find_program(folder, argv[i], path, sizeof path)
                                  : argv[i][0] && find_in(folder, strlen(folder), argv[i], R_OK,
                                                          path, sizeof path);
        if (found)
            status = ms_file_record(out, path, MS_PART_TRAINING, err);
        if (i == 0 && !found) // the first file is the program, or there are none
            return status;
    }
    return status;
}

int ms_programs_find(const struct ms_sweep *sweep, struct ms_data_info *out, struct ms_error *err)
{
    if (ms_sweep_kind(sweep) != MS_KIND_COMMAND)
        return 0;
    char folder[PATH_MAX], **argv = NULL;
    const char *file = ms_sweep_file(sweep), *slash = strrchr(file, '/');
    snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - file) : 1, slash ? file : ".");
    double *point = calloc((size_t)ms_sweep_space(sweep)->n + 1, sizeof *point);
    if (!point)
        return ms_no_memory(err, "a trial");
    ms_sweep_stand_in(sweep, point);
    const struct ms_command_ids ids = {.epochs = 1};
    int status = ms_sweep_command(sweep, point, &ids, &argv, err);
    if (!status)
        status = find_files(argv, folder, out, err);
    free(argv);
    free(point);
    return status;
}
