// SPDX-License-Identifier: MIT
//
// A sweep file with its data: what is refused before anything starts, and what the mapped data has.
#include "coordinator/run/runfile.h"

#include <fcntl.h>
#include <unistd.h>

#include "check.h"

static char folder[] = "/tmp/mlpsweep-runfile-XXXXXX";
static char path[200];

static const char *file(const char *text)
{
    snprintf(path, sizeof path, "%s/s.json", folder);
    FILE *f = fopen(path, "w");
    REQUIRE(f && fputs(text, f) >= 0 && fclose(f) == 0);
    return path;
}

#define GOOD                                                                                       \
    "{\"data\": {\"synthetic\": \"xor\", \"points\": 100, \"test\": 0.1},\n \"hidden\": "          \
    "[{\"units\": 4}], \"epochs\": 1,\n \"search\": {\"method\": \"random\", \"max_trials\": 3}"

// Standard error goes to a file while a wrong sweep is parsed; its lines are counted.
static int parse_quietly(struct ms_runfile *f, const char *of, struct ms_error *err, int *lines)
{
    FILE *caught = tmpfile();
    fflush(NULL);
    const int old = dup(STDERR_FILENO);
    REQUIRE(caught && old >= 0 && dup2(fileno(caught), STDERR_FILENO) >= 0);
    const int status = ms_runfile_parse(f, of, err);
    fflush(NULL);
    REQUIRE(dup2(old, STDERR_FILENO) >= 0);
    close(old);
    rewind(caught);
    *lines = 0;
    for (int c; (c = fgetc(caught)) != EOF;)
        *lines += c == '\n';
    fclose(caught);
    return status;
}

static void test_refusals(void)
{
    struct ms_runfile f = {0};
    struct ms_error err = {0};
    int lines;
    CHECK(ms_runfile_load(&f, "/nonexistent/s.json", &err) != 0);
    CHECK(strstr(err.text, "/nonexistent/s.json") && f.n_problems == 0 && !f.sweep);
    ms_runfile_clear(&f);

    CHECK_INT(parse_quietly(&f, file(GOOD ", \"epohcs\": 1, \"seeds\": 1}"), &err, &lines),
              MS_EINVAL);
    CHECK(f.n_problems == 2 && lines == 2); // every problem, a line each
    CHECK(strstr(err.text, "refused: 2 errors; nothing was started"));
    ms_runfile_clear(&f);

    // Parsed well, but the data is not there.
    file("{\"data\": {\"csv\": \"nothere.csv\", \"target\": \"y\"}, \"hidden\": [{\"units\": 4}]}");
    CHECK_INT(ms_runfile_parse(&f, path, &err), 0);
    ms_runfile_clear(&f);
    CHECK(ms_runfile_load(&f, path, &err) != 0);
    CHECK_THAT(strstr(err.text, "nothere.csv") && strstr(err.text, folder), "%s", err.text);
    ms_runfile_clear(&f);

    // No trial fits the data: refused at once, and not when the first worker has tried.
    CHECK_INT(ms_runfile_load(&f, file(GOOD ", \"loss\": \"categorical_crossentropy\"}"), &err),
              MS_EINVAL);
    CHECK_THAT(strncmp(err.text, path, strlen(path)) == 0, "%s", err.text);
    ms_runfile_clear(&f);
    // One of them does: the others are recorded as failed when their turn comes.
    CHECK_INT(ms_runfile_load(&f,
                              file(GOOD ", \"loss\": {\"choice\": [\"categorical_crossentropy\","
                                        " \"mse\"]}, \"objective\": {\"metric\": "
                                        "\"val_mse\"}}"),
                              &err),
              0);
    ms_runfile_clear(&f);
}

// The data is the same whether it lies in the pack or in a file that holds the pack.
static void test_map(void)
{
    struct ms_runfile f = {0};
    struct ms_error err = {0};
    char data_path[200];
    REQUIRE(ms_runfile_load(&f, file(GOOD "}"), &err) == 0);
    CHECK(f.n_data == 1 && f.pack && f.pack_size > 0 && !f.map);
    const uint32_t rows = f.data[0].n_train;
    CHECK(rows > 0 && f.data[0].n_test == 10);
    void *copy = malloc(f.pack_size);
    REQUIRE(copy);
    memcpy(copy, f.pack, f.pack_size);
    const size_t size = f.pack_size;
    snprintf(data_path, sizeof data_path, "%s/data", folder);
    int fd = open(data_path, O_RDWR | O_CREAT, 0600);
    REQUIRE(fd >= 0 && write(fd, copy, size) == (ssize_t)size);
    ms_runfile_drop_pack(&f);
    CHECK(!f.pack && f.n_data == 0);
    REQUIRE(ms_runfile_map(&f, fd, &err) == 0);
    CHECK(f.map_size == size && memcmp(f.map, copy, size) == 0);
    CHECK(f.n_data == 1 && f.data[0].n_train == rows && f.data[0].n_test == 10);
    ms_runfile_clear(&f);
    CHECK(!f.map && !f.sweep);
    REQUIRE(ftruncate(fd, (off_t)(size / 2)) == 0); // cut off
    CHECK(ms_runfile_map(&f, fd, &err) != 0);
    ms_runfile_clear(&f);
    close(fd);
    CHECK(ms_runfile_map(&f, -1, &err) != 0);
    unlink(data_path);
    free(copy);
}

int main(void)
{
    REQUIRE(mkdtemp(folder));
    test_refusals();
    test_map();
    unlink(path);
    rmdir(folder);
    return check_done();
}
