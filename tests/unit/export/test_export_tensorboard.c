// SPDX-License-Identifier: MIT
//
// mlpsweep export as event files: records with their lengths and checksums, read back here field by
// field. tests/tools opens such files with TensorBoard itself.
#include "export_fixture.h"

#include "coordinator/export/crc32c.h"

static unsigned char file[20000];
static size_t size;

static void load(const char *name)
{
    FILE *f = fopen(in_folder(name), "r");
    size = 0;
    CHECK_THAT(f != NULL, "no file %s", name);
    if (!f)
        return;
    size = fread(file, 1, sizeof file, f);
    fclose(f);
}

// The message of record k; *n its length. Checks the checksums on the way.
static const unsigned char *record(int k, size_t *n)
{
    for (size_t at = 0; at + 16 <= size; k--) {
        uint64_t length;
        uint32_t head, tail;
        memcpy(&length, file + at, 8);
        memcpy(&head, file + at + 8, 4);
        REQUIRE(at + 16 + length <= size);
        memcpy(&tail, file + at + 12 + length, 4);
        CHECK_INT(head, ms_crc32c_masked(file + at, 8));
        CHECK_INT(tail, ms_crc32c_masked(file + at + 12, length));
        if (k == 0) {
            *n = length;
            return file + at + 12;
        }
        at += 16 + length;
    }
    return NULL;
}

static int records(void)
{
    int k = 0;
    for (size_t n; record(k, &n);)
        k++;
    return k;
}

static bool holds(int k, const void *bytes, size_t n_bytes)
{
    size_t n = 0;
    const unsigned char *message = record(k, &n);
    return message && memmem(message, n, bytes, n_bytes) != NULL;
}
#define HOLDS(k, text) CHECK_THAT(holds(k, text, strlen(text)), "record %d has no '%s'", k, text)

static void test_execution(void)
{
    load("events/trial-0/execution-1/file");
    CHECK_INT(records(), 1 + 1 + 2 * 3 + 1 + 1); // version, start, scalars, objective, end
    HOLDS(0, "\x1a\x0d"
             "brain.Event:2");
    HOLDS(1, "_hparams_/session_start_info");
    HOLDS(1, "\x22\x07trial 0");
    HOLDS(1, "\x0a\x09optimizer\x12\x06\x1a\x04"
             "adam");
    const double rate = 0.0625;
    unsigned char number[11] = {0x12, 0x09, 0x11};
    memcpy(number + 3, &rate, 8);
    CHECK(holds(1, number, sizeof number)); // learning_rate as a Value's number
    const struct {
        const char *tag;
        unsigned char step;
        float value;
    } scalars[] = {{"loss", 1, 0.7F},     {"val_loss", 1, 0.8F}, {"val_accuracy", 1, 0.5F},
                   {"loss", 2, 0.5F},     {"val_loss", 2, 0.6F}, {"val_accuracy", 2, 0.375F},
                   {"objective", 1, 0.5F}}; // its best epoch is the first
    for (int i = 0; i < 7; i++) {
        CASE("scalar %d", i);
        char value[40];
        const size_t n = strlen(scalars[i].tag);
        snprintf(value, sizeof value, "\x0a%c%s\x15", (int)n, scalars[i].tag);
        memcpy(value + 3 + n, &scalars[i].value, 4);
        CHECK(holds(2 + i, value, n + 7));
        const unsigned char step[] = {0x10, scalars[i].step, 0x2a};
        CHECK(holds(2 + i, step, sizeof step));
    }
    HOLDS(9, "_hparams_/session_end_info");
    const unsigned char success[] = {0x08, 0x01, 0x11};
    CHECK(holds(9, success, sizeof success));
}

static void test_others(void)
{
    load("events/trial-2/execution-0/file"); // it failed
    CHECK_INT(records(), 3);
    const unsigned char failure[] = {0x08, 0x02, 0x11};
    CHECK(holds(2, failure, sizeof failure));
    load("events/trial-3/execution-0/file"); // it runs: no end
    CHECK_INT(records(), 3);
    const unsigned char running[] = {0x22, 0x02, 0x08, 0x03};
    CHECK(holds(2, running, sizeof running));
    CHECK(access(in_folder("events/trial-4"), F_OK) != 0); // it waits
    load("events/events.out.tfevents.0.mlpsweep");
    CHECK_INT(records(), 2);
    HOLDS(1, "_hparams_/experiment");
    HOLDS(1, "learning_rate");
    HOLDS(1, "batch_size");
}

int main(void)
{
    fixture_init();
    path = strdup(in_folder("export.db"));
    struct ms_sweep *sweep = parse(SWEEP("export", 2, MAXIMIZE));
    struct ms_store *s = fill_store(sweep);
    char words[300];
    snprintf(words, sizeof words, "%s --format tensorboard -o events", path);
    CHECK_INT(run_export(words), 0);
    CHECK_STR(errors, "");
    char command[400]; // their names have a time in them
    snprintf(command, sizeof command,
             "cd %s/events && for f in trial-*/*/*; do mv $f $(dirname $f)/file; done", folder);
    CHECK_INT(system(command), 0);
    test_execution();
    test_others();
    OK(ms_store_close(s, &err));
    ms_sweep_free(sweep);
    snprintf(command, sizeof command, "rm -rf %s/events", folder);
    CHECK_INT(system(command), 0);
    fixture_clear();
    return check_done();
}
