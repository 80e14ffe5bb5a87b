// SPDX-License-Identifier: MIT
//
// Stores of earlier versions, as their programs left them: store_v1.sql, store_v4.sql,
// store_v5.sql and store_v6.sql are dumps; store_v3.sql and store_v2.sql turn version 4 into those
// before it, which differ in views.
//
// Versions 4 to 6 are a sweep "old" of six trials with one execution each, under hyperband: 0, 4
// and 5 were trained to their end, 1 and 2 were pruned after one of three epochs, 3 failed with
// output.
#ifndef STORE_OLD_H
#define STORE_OLD_H

#include "store_fixture.h"

// Runs the text of a file of SQL.
static inline void load(const char *path, const char *name)
{
    char file[500];
    snprintf(file, sizeof file, MS_SOURCE_DIR "/tests/unit/store/%s", name);
    FILE *f = fopen(file, "r");
    REQUIRE(f != NULL);
    static char text[1 << 16];
    const size_t n = fread(text, 1, sizeof text - 1, f);
    text[n] = '\0';
    fclose(f);
    sqlite3 *db;
    REQUIRE(sqlite3_open(path, &db) == SQLITE_OK);
    char *why = NULL;
    const int rc = sqlite3_exec(db, text, NULL, NULL, &why);
    CHECK_THAT(rc == SQLITE_OK, "%s: %s", file, why ? why : "?");
    sqlite3_free(why);
    sqlite3_close(db);
}

// The path of a store of that version.
static inline const char *old_store(int version)
{
    static char path[300];
    char name[40];
    snprintf(name, sizeof name, "version%d.sqlite", version);
    snprintf(path, sizeof path, "%s", in_folder(name));
    remove(path);
    static const char *const dumps[] = {
        [1] = "store_v1.sql", [5] = "store_v5.sql", [6] = "store_v6.sql"};
    const bool dumped = version < (int)(sizeof dumps / sizeof *dumps) && dumps[version];
    load(path, dumped ? dumps[version] : "store_v4.sql");
    if (version == 2 || version == 3)
        load(path, "store_v3.sql");
    if (version == 2)
        load(path, "store_v2.sql");
    snprintf(name, sizeof name, "%d", version);
    CHECK_SQL(path, "PRAGMA user_version", name);
    return path;
}

// Version 4, open for reading.
static inline struct ms_store *open_old(void)
{
    struct ms_store *s = NULL;
    OK(ms_store_open_read(old_store(4), &s, &err));
    return s;
}

#endif
