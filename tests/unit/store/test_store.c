// SPDX-License-Identifier: MIT
//
// The file of a store: one plain file after a run, whatever the journal was, with nothing beside
// it. What goes wrong with files is in test_store_fault.c and test_store_full.c.
#include "coordinator/store/store_internal.h"
#include "store_fixture.h"

static void test_form(void)
{
    const char *path = in_folder("form.sqlite");
    struct ms_sweep *sweep = parse(SWEEP("form", 2, MAXIMIZE));
    struct ms_store *s = open_and_begin(path, MS_JOURNAL_WAL, sweep, NULL, NULL);
    put_trial(s, 0, 0, 0.001, 1, 1);
    CHECK(access(in_folder("form.sqlite.lock"), F_OK) == 0);
    char holder[300];
    CHECK(ms_store_alive(s, holder, sizeof holder));
    OK(ms_store_end(s, "finished", &err));
    OK(ms_store_close(s, &err));
    ms_sweep_free(sweep);
    CHECK_SQL(path, "PRAGMA journal_mode", "delete");
    CHECK_SQL(path, "PRAGMA user_version", AS_TEXT(MS_STORE_VERSION));
    CHECK_SQL(path, "PRAGMA application_id", "1296846931");
    CHECK(access(in_folder("form.sqlite.lock"), F_OK) != 0);
    CHECK(access(in_folder("form.sqlite-wal"), F_OK) != 0);
}

// The stored hash is what sha256sum prints (of this very text).
static void test_sha256(void)
{
    const char *path = in_folder("form.sqlite"), *file = in_folder("sweep.json");
    FILE *f = fopen(file, "w");
    REQUIRE(f && fputs(SWEEP("form", 2, MAXIMIZE), f) >= 0 && fclose(f) == 0);
    char command[300], line[100] = "";
    snprintf(command, sizeof command, "sha256sum %s 2>/dev/null", file);
    FILE *p = popen(command, "r");
    if (p && fgets(line, sizeof line, p) && strlen(line) > 64) {
        line[64] = '\0';
        CHECK_SQL(path, "SELECT text_sha256 FROM sweep", line);
    }
    if (p)
        pclose(p);
}

int main(void)
{
    fixture_init();
    test_form();
    test_sha256();
    fixture_clear();
    return check_done();
}
