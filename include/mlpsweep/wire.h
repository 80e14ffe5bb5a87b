// SPDX-License-Identifier: MIT
//
// The messages between the coordinator, the worker shells and the trainers. The codec is explicit:
// little-endian, with a version byte and a type byte first, and every length is checked while
// decoding. A message that does not decode is refused with MS_EFORMAT and never used in part.
//
//     coordinator → worker    SETUP, ASSIGN, RECALL, CANCEL, PING, FINISH
//     worker → coordinator    READY, METRICS, STATE, WEIGHTS, RESULT, RETURNED, PONG, FINISH
//     worker shell ↔ trainer  the same messages over a socketpair, each behind a 4-byte length
#ifndef MLPSWEEP_WIRE_H
#define MLPSWEEP_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "mlpsweep/limits.h"
#include "mlpsweep/outcome.h"
#include "mlpsweep/status.h"

#define MS_WIRE_VERSION 4

enum ms_wire_type {
    // shell → trainer: the sweep's text (the data comes as an inherited or passed descriptor);
    // coordinator → worker: the next stage's sweep, from now on, with the same data
    MS_WIRE_SETUP = 1,
    MS_WIRE_ASSIGN, // attempts to run in this order, after those assigned earlier
    MS_WIRE_RECALL, // attempts to hand back if they have not begun; RETURNED is the answer
    MS_WIRE_CANCEL, // an attempt to stop at the end of its epoch; RESULT "cancelled" follows
    MS_WIRE_PING,
    MS_WIRE_FINISH, // to a worker: leave; from a worker: it leaves, its attempts are free for
                    // others

    MS_WIRE_READY,    // the sender exists: host, pid
    MS_WIRE_METRICS,  // epochs of a running attempt, always before its RESULT
    MS_WIRE_RESULT,   // an attempt ended
    MS_WIRE_RETURNED, // recalled attempts that had not begun
    MS_WIRE_PONG,
    MS_WIRE_STATE,   // all that a paused training needs to continue, before its RESULT "paused"
    MS_WIRE_WEIGHTS, // of the epoch that counts, if they were asked for, before the RESULT
};

// How long each side tolerates the other's silence. Defaults in brackets.
struct ms_patience {
    double heartbeat_s; // longest time between two PINGs or PONGs [1]
    double lost_s;      // a worker that is silent this long is lost [20]
    double orphan_s;    // a worker that hears nothing from rank 0 this long leaves [60]
};

// What an attempt is to do with the weights of the epoch that counts, see train.h.
enum ms_keeping {
    MS_KEEP_NONE,
    MS_KEEP_GOOD, // send them unless the objective is worse than keep_bound
    MS_KEEP_ONLY, // with test_epoch: send them, and leave the test set alone
};

// A try at an execution. id is unique within a run of the coordinator.
struct ms_attempt {
    uint64_t id;
    uint32_t trial;
    uint32_t execution;
    uint32_t attempt;    // 0 first
    uint32_t test_epoch; // see train.h; 0: an ordinary execution
    uint32_t n_point;    // values of the point; 0 … MS_MAX_PARAMS
    double *point;       // borrowed when encoding; malloc'ed by decoding
    // A part of an execution: epochs from_epoch + 1 … to_epoch. Its results are bit for bit those
    // of a training without a pause.
    uint32_t from_epoch; // 0: from the start
    uint32_t to_epoch;   // pause after this epoch; 0: train to the end
    // Bytes of the state. 0 with from_epoch > 0: train from the start, but do not report epochs
    // 1 … from_epoch.
    uint32_t n_state;
    uint8_t *state; // borrowed / malloc'ed, as point
    // limits[e-1]: stop after epoch e if the best objective of epochs 1 … e is worse; NAN:
    // continue.
    uint32_t n_limits;
    double *limits;    // borrowed / malloc'ed, as point
    uint8_t keep;      // enum ms_keeping
    double keep_bound; // NAN: nothing is worse
};
void ms_wire_attempt_clear(struct ms_attempt *a); // frees what a decoded attempt holds
// Moves what an attempt holds into the returned one: clearing a afterwards frees nothing.
struct ms_attempt ms_wire_attempt_take(struct ms_attempt *a);

// The state of a paused training after an epoch.
struct ms_state {
    uint64_t id;
    uint32_t epoch;
    uint32_t n;
    uint8_t *bytes; // borrowed when encoding; malloc'ed by decoding
};

// The weights after the epoch that counts.
struct ms_trained {
    uint64_t id;
    uint32_t epoch;
    double objective; // there
    uint32_t n;       // weights
    uint8_t *bytes;   // (4 n), see weights.h; borrowed when encoding; malloc'ed by decoding
};

struct ms_result {
    uint64_t id;
    uint8_t end;   // enum ms_end
    bool constant; // the network answers all rows alike, see train.h
    uint32_t epochs;
    double wall_s; // from start to end in the trainer
    double cpu_s;  // processor time of the trainer
    double wait_s; // how long the trainer was idle before it began this attempt
    double max_rss_bytes;
    uint32_t n_test;
    double test[MS_MAX_METRICS / 2];
    char message[512]; // the reason, if it did not complete or its objective has no value
    char *output;      // a command's stderr (its end, if long); NULL: empty. Borrowed when
                       // encoding; malloc'ed by decoding
};

struct ms_epochs {
    uint64_t id;
    uint32_t first_epoch; // 1 …
    uint32_t n_epochs;
    uint32_t n_columns;
    const double *values; // (n_epochs, n_columns); borrowed when encoding, malloc'ed by decoding
    // The names of a command's columns, n_columns of them with a NUL after each. NULL: the columns
    // are those of ms_config_metric_columns. Borrowed when encoding; malloc'ed by decoding.
    char *names;
};

struct ms_ready {
    char host[256];
    uint32_t pid;
    uint32_t trainer_pid;
    char provenance[512]; // ms_train_provenance of the trainer
};

// A decoded message. Free with ms_wire_clear.
struct ms_wire {
    enum ms_wire_type type;
    uint32_t n;                  // attempts or ids
    struct ms_attempt *attempts; // ASSIGN
    uint64_t *ids;               // RECALL, RETURNED; CANCEL: one
    struct ms_epochs epochs;
    struct ms_result result;
    struct ms_ready ready;
    struct ms_state state;
    struct ms_trained trained; // WEIGHTS
    char *text;                // SETUP: the sweep's text, NUL-terminated
    char *file;                // SETUP: the sweep file's name, for messages
};

// A growing byte buffer; zero-initialise, free with ms_wire_buf_clear.
struct ms_buf {
    uint8_t *data;
    size_t size, room;
    int status; // 0, or the code of the first append that failed: check it once, at the end
};
void ms_wire_buf_clear(struct ms_buf *b);

// Each replaces the contents of b by one message.
int ms_wire_put_setup(struct ms_buf *b, const char *file, const char *text) MS_MUST_CHECK;
int ms_wire_put_assign(struct ms_buf *b, const struct ms_attempt *attempts,
                       uint32_t n) MS_MUST_CHECK;
int ms_wire_put_ids(struct ms_buf *b, enum ms_wire_type type, const uint64_t *ids,
                    uint32_t n) MS_MUST_CHECK;
int ms_wire_put_epochs(struct ms_buf *b, const struct ms_epochs *e) MS_MUST_CHECK;
int ms_wire_put_state(struct ms_buf *b, const struct ms_state *s) MS_MUST_CHECK;
int ms_wire_put_weights(struct ms_buf *b, const struct ms_trained *t) MS_MUST_CHECK;
int ms_wire_put_result(struct ms_buf *b, const struct ms_result *r) MS_MUST_CHECK;
int ms_wire_put_ready(struct ms_buf *b, const struct ms_ready *r) MS_MUST_CHECK;
int ms_wire_put_plain(struct ms_buf *b, enum ms_wire_type type) MS_MUST_CHECK; // PING PONG FINISH

int ms_wire_get(const void *data, size_t size, struct ms_wire *out,
                struct ms_error *err) MS_MUST_CHECK;
void ms_wire_clear(struct ms_wire *w);

#endif
