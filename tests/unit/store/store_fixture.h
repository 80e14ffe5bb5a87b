// SPDX-License-Identifier: MIT
//
// What the tests of the store share: a folder of their own, a small sweep, results to put.
#ifndef STORE_FIXTURE_H
#define STORE_FIXTURE_H

#include <dirent.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "coordinator/store/store.h"
#include "coordinator/store/store_read.h"

// Parameters in file order: optimizer, learning_rate (continuous), batch_size.
#define SWEEP(name, epochs, objective)                                                             \
    "{\"name\": \"" name "\", \"seed\": 7, \"data\": {\"synthetic\": \"xor\"},\n"                  \
    " \"hidden\": [{\"units\": 4, \"activation\": \"relu\"}],\n"                                   \
    " \"optimizer\": {\"choice\": [\"sgd\", \"adam\"]},\n"                                         \
    " \"learning_rate\": {\"float\": [1e-4, 1e-1], \"log\": true},\n"                              \
    " \"batch_size\": {\"choice\": [32, 128]},\n"                                                  \
    " \"epochs\": " #epochs ",\n"                                                                  \
    " \"search\": {\"method\": \"random\", \"max_trials\": 20, \"executions_per_trial\": 3},\n"    \
    " \"objective\": {" objective "}}\n"

#define MAXIMIZE "\"metric\": \"val_accuracy\", \"goal\": \"maximize\""

static char folder[64];
static struct ms_error err; // of the last call that failed

static void fixture_init(void)
{
    snprintf(folder, sizeof folder, "/tmp/mlpsweep-store-XXXXXX");
    REQUIRE(mkdtemp(folder) != NULL);
    REQUIRE(chmod(folder, 0777) == 0);
}

static inline int files_in_folder(void)
{
    DIR *d = opendir(folder);
    REQUIRE(d != NULL);
    int n = 0;
    for (const struct dirent *e; (e = readdir(d));)
        n += e->d_name[0] != '.';
    closedir(d);
    return n;
}

static void fixture_clear(void)
{
    DIR *d = opendir(folder);
    REQUIRE(d != NULL);
    for (const struct dirent *e; (e = readdir(d));)
        if (e->d_name[0] != '.')
            (void)unlinkat(dirfd(d), e->d_name, 0);
    closedir(d);
    rmdir(folder);
}

// One of a few rotating buffers.
static inline const char *in_folder(const char *name)
{
    static char buffer[4][200];
    static int k;
    k = (k + 1) % 4;
    snprintf(buffer[k], sizeof buffer[k], "%s/%s", folder, name);
    return buffer[k];
}

static inline struct ms_sweep *parse(const char *text)
{
    struct ms_sweep *sweep = NULL;
    struct ms_sweep_problems problems = {0};
    const int rc = ms_sweep_parse("test.json", text, strlen(text), &sweep, &problems);
    for (int i = 0; i < problems.n; i++)
        fprintf(stderr, "%d: %s\n", problems.item[i].line, problems.item[i].text);
    ms_sweep_problems_clear(&problems);
    REQUIRE(rc == 0);
    return sweep;
}

static const struct ms_provenance provenance = {.version = "0.1.0",
                                                .host = "here",
                                                .user = "somebody",
                                                .command_line = "mlpsweep run test.json",
                                                .mpi = "Open MPI 4.1.4",
                                                .blas = "OpenBLAS 0.3.21",
                                                .workers = 2,
                                                .core = "Zen",
                                                .gflops = 104.5,
                                                .worker_bytes = 8e9};

#define OK(call)                                                                                   \
    do {                                                                                           \
        const int rc_ = (call);                                                                    \
        CHECK_THAT(rc_ == 0, "%s returned %d: %s", #call, rc_, err.text);                          \
        if (rc_)                                                                                   \
            exit(1);                                                                               \
    } while (0)

static inline struct ms_store *open_and_begin(const char *path, enum ms_journal journal,
                                              const struct ms_sweep *sweep, struct ms_known **known,
                                              int64_t *n)
{
    struct ms_store *s = NULL;
    struct ms_known *k = NULL;
    int64_t count = 0;
    OK(ms_store_open(path, journal, &s, &err));
    OK(ms_store_begin(s, sweep, &provenance, &k, &count, &err));
    if (known)
        *known = k;
    else
        free(k);
    if (n)
        *n = count;
    return s;
}

// Three columns: loss, val_loss, val_accuracy.
#define COLUMNS 3
static inline const int *column_ids(void)
{
    static int ids[COLUMNS];
    ids[0] = ms_metric_id("loss");
    ids[1] = ms_metric_id("val_loss");
    ids[2] = ms_metric_id("val_accuracy");
    return ids;
}

// A point as ms_space.h has it: index, number, index.
static inline void put_trial(struct ms_store *s, uint32_t trial, double optimizer, double rate,
                             double batch, int executions)
{
    const double point[3] = {optimizer, rate, batch};
    const struct ms_cost cost = {.parameters = 17, .flops = 1e6, .bytes = 4096};
    OK(ms_store_trial(s, trial, point, &cost, executions, &err));
}

static inline int put_epochs(struct ms_store *s, uint32_t trial, uint32_t execution, int first,
                             int n, const double *values)
{
    const struct ms_attempt job = {.trial = trial, .execution = execution};
    const struct ms_epochs e = {.first_epoch = (uint32_t)first,
                                .n_epochs = (uint32_t)n,
                                .n_columns = COLUMNS,
                                .values = values};
    int differs = -1;
    OK(ms_store_epochs(s, &job, &e, column_ids(), &differs, &err));
    return differs;
}

static inline void put_end(struct ms_store *s, uint32_t trial, uint32_t execution, enum ms_end end,
                           bool final, int epochs, int asked, const char *message)
{
    const struct ms_attempt job = {.trial = trial, .execution = execution};
    struct ms_result r = {.end = (uint8_t)end,
                          .epochs = (uint32_t)epochs,
                          .wall_s = 1.5,
                          .cpu_s = 1.25,
                          .max_rss_bytes = 1048576};
    snprintf(r.message, sizeof r.message, "%s", message);
    OK(ms_store_attempt(s, &job, &r, 1, "node1", final, asked, NULL, &err));
}

// A whole execution of two epochs whose best val_accuracy is `accuracy`.
static inline void put_execution(struct ms_store *s, uint32_t trial, uint32_t execution,
                                 double accuracy)
{
    const double values[2 * COLUMNS] = {0.7, 0.8, accuracy, 0.5, 0.6, accuracy - 0.125};
    OK(ms_store_running(s, trial, execution, 1, &err));
    CHECK_INT(put_epochs(s, trial, execution, 1, 2, values), 0);
    put_end(s, trial, execution, MS_END_COMPLETED, true, 2, 2, "");
}

// First column of the first row as text ("NULL" where it is), through a connection of its own.
static inline const char *ask(const char *path, const char *sql)
{
    static char out[8][20000];
    static int k;
    k = (k + 1) % 8;
    sqlite3 *db = NULL;
    sqlite3_stmt *q = NULL;
    snprintf(out[k], sizeof out[k], "no row");
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(db, sql, -1, &q, NULL) == SQLITE_OK) {
        if (sqlite3_step(q) == SQLITE_ROW) {
            const char *text = (const char *)sqlite3_column_text(q, 0);
            snprintf(out[k], sizeof out[k], "%s", text ? text : "NULL");
        }
    } else {
        snprintf(out[k], sizeof out[k], "error: %s", sqlite3_errmsg(db));
    }
    sqlite3_finalize(q);
    sqlite3_close(db);
    return out[k];
}

#define CHECK_SQL(path, sql, wanted) CHECK_STR(ask(path, sql), wanted)

// A number that is a macro, as text.
#define AS_TEXT_(x) #x
#define AS_TEXT(x) AS_TEXT_(x)

#endif
