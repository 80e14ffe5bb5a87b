// SPDX-License-Identifier: MIT
//
// A shell and its trainer with what a search asks for beside plain attempts: parts of an execution
// and their states, limits, another sweep on the same data.
#include "rank_0.h"

static const char quick[] = TEXT(30, "");
static const char shorter[] = TEXT(12, "");
static const char limited[] = TEXT(1000000, ", \"max_seconds\": 0.3");
static const char endless[] = TEXT(1000000, "");
static const char broken[] = "{\"name\": \"t\"";
static const char other_data[] =
    "{\"name\": \"t\", \"seed\": 5, \"data\": {\"synthetic\": \"prod\","
    " \"points\": {\"choice\": [500, 600]}},"
    " \"hidden\": {\"layers\": 1, \"same\": {\"units\": 4}}, \"epochs\": 3,"
    " \"search\": {\"method\": \"grid\"}, \"objective\": {\"metric\": \"val_loss\"}}";

#define LARGE(units)                                                                               \
    "{\"name\": \"t\", \"seed\": 5, \"data\": {\"synthetic\": \"prod\", \"points\": 60},"          \
    " \"hidden\": {\"layers\": 2, \"same\": {\"units\": " #units ", \"activation\": \"relu\"}},"   \
    " \"optimizer\": \"sgd\", \"learning_rate\": {\"choice\": [0.001, 0.01]}, \"batch_size\": 60," \
    " \"epochs\": 2, \"search\": {\"method\": \"grid\"}, \"objective\": {\"metric\": "             \
    "\"val_loss\"}}"

enum { EPOCHS = 30, IDS = 16, COLUMNS = 8 };

static struct {
    double values[IDS][EPOCHS + 1][COLUMNS]; // by id and epoch
    int columns;
    uint8_t *state[IDS];
    uint32_t n_state[IDS], epoch[IDS];
} told;

static void hear_parts(struct rank_0 *r, struct ms_wire *w)
{
    if (w->type == MS_WIRE_METRICS) {
        const struct ms_epochs *e = &w->epochs;
        REQUIRE(e->id < IDS && e->n_columns <= COLUMNS && !told.state[e->id]);
        REQUIRE(e->first_epoch + e->n_epochs - 1 <= EPOCHS);
        told.columns = (int)e->n_columns;
        for (uint32_t i = 0; i < e->n_epochs; i++)
            memcpy(told.values[e->id][e->first_epoch + i], e->values + i * e->n_columns,
                   e->n_columns * sizeof *e->values);
    } else if (w->type == MS_WIRE_STATE) {
        uint64_t id = w->state.id;
        REQUIRE(id < IDS && !told.state[id]);
        for (int i = 0; i < r->n_results; i++)
            CHECK_THAT(r->results[i].id != id, "state %d comes after its result", (int)id);
        CHECK_INT(w->state.epoch, r->epochs[id]); // all epochs came before
        told.state[id] = w->state.bytes;
        told.n_state[id] = w->state.n;
        told.epoch[id] = w->state.epoch;
        w->state.bytes = NULL;
    }
}

static void forget_all(void)
{
    for (int i = 0; i < IDS; i++)
        free(told.state[i]);
    memset(&told, 0, sizeof told);
}

static void say_attempt(struct rank_0 *r, const struct ms_attempt *given)
{
    struct ms_buf b = {0};
    double point[1] = {1};
    struct ms_attempt attempt = *given;
    attempt.n_point = 1;
    attempt.point = point;
    r->epochs[attempt.id] = attempt.from_epoch; // what is reported begins behind it
    REQUIRE(ms_wire_put_assign(&b, &attempt, 1) == 0);
    say(r, &b);
}

static void say_setup(struct rank_0 *r, const char *text)
{
    struct ms_buf b = {0};
    REQUIRE(ms_wire_put_setup(&b, "stage.json", text) == 0);
    say(r, &b);
}

static struct ms_attempt part_with(uint64_t id, uint32_t from, uint32_t to, uint64_t state_of)
{
    return (struct ms_attempt){.id = id,
                               .trial = 3,
                               .from_epoch = from,
                               .to_epoch = to,
                               .n_state = told.n_state[state_of],
                               .state = told.state[state_of]};
}

static int killed; // a trainer

static void play_parts(struct rank_0 *r)
{
    struct ms_attempt attempt;
    if (r->step == 0 && r->n_ready) {
        say_attempt(r, &(struct ms_attempt){.id = 1, .trial = 3}); // the whole
        say_attempt(r, &(struct ms_attempt){.id = 2, .trial = 3, .to_epoch = 7});
        r->step = 1;
    } else if (r->step == 1 && r->n_results == 2) {
        killed = trainer_pid();
        kill(killed, SIGKILL);
        r->step = 2;
    } else if (r->step == 2 && trainer_pid() != killed) { // another process goes on
        attempt = part_with(3, 7, 19, 2);
        say_attempt(r, &attempt);
        r->step = 3;
    } else if (r->step == 3 && r->n_results == 3) {
        attempt = part_with(4, 19, 0, 3);
        say_attempt(r, &attempt);
        attempt.id = 5; // the same, the state lost
        attempt.n_state = 0;
        say_attempt(r, &attempt);
        attempt = part_with(6, 19, 0, 2); // a state of another epoch
        say_attempt(r, &attempt);
        REQUIRE(told.state[3]);
        told.state[3][told.n_state[3] / 2] ^= 1;
        attempt = part_with(7, 19, 0, 3); // one that is damaged
        say_attempt(r, &attempt);
        told.state[3][told.n_state[3] / 2] ^= 1;
        attempt = part_with(8, 19, 30, 3); // no pause after the last epoch
        say_attempt(r, &attempt);
        r->step = 4;
    } else if (r->step == 4 && r->n_results == 8) {
        say_plain(r, MS_WIRE_FINISH);
        r->step = 5;
    }
}

static void check_part(const struct rank_0 *r, uint64_t id, int from, int to, enum ms_end end)
{
    CHECK_INT(result(r, id)->end, end);
    CHECK_INT(result(r, id)->epochs, to);
    CHECK_INT(r->epochs[id], to);
    size_t size = (size_t)told.columns * sizeof(double);
    for (int e = 1; e <= EPOCHS; e++) {
        static const double none[COLUMNS];
        bool there = e > from && e <= to;
        CHECK_THAT(memcmp(told.values[id][e], there ? told.values[1][e] : none, size) == 0,
                   "attempt %d, epoch %d: %.17g, not %.17g", (int)id, e, told.values[id][e][0],
                   told.values[1][e][0]);
    }
}

static void test_parts(struct rank_0 *r)
{
    struct ms_error err = {0};
    CHECK_THAT(run_hearing(r, quick, play_parts, hear_parts, 600, &err) == 0, "%s", err.text);
    check_part(r, 1, 0, EPOCHS, MS_END_COMPLETED);
    CHECK(told.values[1][1][0] != told.values[1][EPOCHS][0]);
    check_part(r, 2, 0, 7, MS_END_PAUSED);
    check_part(r, 3, 7, 19, MS_END_PAUSED);
    for (uint64_t id = 4; id <= 8; id++)
        check_part(r, id, 19, EPOCHS, MS_END_COMPLETED);
    CHECK(told.epoch[2] == 7 && told.epoch[3] == 19);
    for (int id = 1; id < IDS; id++)
        CHECK((told.state[id] != NULL) == (id == 2 || id == 3));
    CHECK_STR(result(r, 4)->message, "");
    CHECK_STR(result(r, 5)->message, "");
    CHECK_STR(result(r, 6)->message,
              "trained from the start: a training's state is of epoch 7, not of epoch 19");
    CHECK_STR(result(r, 7)->message,
              "trained from the start: a training's state is damaged or cut off");
    forget_all();
}

static void play_limits(struct rank_0 *r)
{
    double limits[EPOCHS];
    if (r->step == 0 && r->n_ready) {
        struct ms_attempt attempt = {.id = 1, .trial = 3, .n_limits = EPOCHS, .limits = limits};
        for (int e = 0; e < EPOCHS; e++)
            limits[e] = e == 4 ? -1 : NAN; // below any loss
        say_attempt(r, &attempt);
        limits[4] = 1e9;
        attempt.id = 2;
        attempt.n_limits = 5;
        attempt.to_epoch = 5;
        say_attempt(r, &attempt);
        limits[4] = -1; // prunes where it would pause
        attempt.id = 3;
        say_attempt(r, &attempt);
        r->step = 1;
    } else if (r->step == 1 && r->n_results == 3) {
        say_plain(r, MS_WIRE_FINISH);
        r->step = 2;
    }
}

static void test_limits(struct rank_0 *r)
{
    struct ms_error err = {0};
    CHECK_THAT(run_hearing(r, quick, play_limits, hear_parts, 600, &err) == 0, "%s", err.text);
    CHECK(result(r, 1)->end == MS_END_PRUNED && result(r, 1)->epochs == 5);
    CHECK(result(r, 2)->end == MS_END_PAUSED && told.state[2]);
    CHECK(result(r, 3)->end == MS_END_PRUNED && !told.state[3]);
    forget_all();
}

static void play_large(struct rank_0 *r)
{
    if (r->step == 0 && r->n_ready) {
        say_attempt(r, &(struct ms_attempt){.id = 1, .trial = 3});
        say_attempt(r, &(struct ms_attempt){.id = 2, .trial = 3, .to_epoch = 1});
        r->step = 1;
    } else if (r->step == 1 && r->n_results == 2) {
        say_plain(r, MS_WIRE_PING);
        struct ms_attempt attempt = part_with(3, 1, 0, 2);
        say_attempt(r, &attempt);
        r->step = 2;
    } else if (r->step == 2 && r->n_results == 3) {
        say_plain(r, MS_WIRE_FINISH);
        r->step = 3;
    }
}

static void test_large(struct rank_0 *r)
{
    struct ms_error err = {0};
    CHECK_THAT(run_hearing(r, LARGE(2000), play_large, hear_parts, 600, &err) == 0, "%s", err.text);
    CHECK_THAT(told.n_state[2] > 16000000, "%u bytes", told.n_state[2]);
    check_part(r, 3, 1, 2, MS_END_COMPLETED);
    forget_all();
    // Too large for a message: paused without it.
    CHECK_THAT(run_hearing(r, LARGE(3600), play_large, hear_parts, 600, &err) == 0, "%s", err.text);
    CHECK(!told.state[2] && result(r, 2)->end == MS_END_PAUSED);
    check_part(r, 3, 1, 2, MS_END_COMPLETED);
    forget_all();
}

static void play_sweeps(struct rank_0 *r)
{
    if (r->step == 0 && r->n_ready) {
        say_attempts(r, 1, 2);
        r->step = 1;
    } else if (r->step == 1 && r->n_results == 2) {
        say_setup(r, shorter); // and at once:
        say_attempts(r, 3, 2);
        r->step = 2;
    } else if (r->step == 2 && r->n_results == 4) {
        kill(trainer_pid(), SIGKILL); // the next one gets the newest sweep
        say_setup(r, quick);
        say_setup(r, endless);
        say_attempts(r, 5, 1);
        r->step = 3;
    } else if (r->step == 3 && r->epochs[5] > 30) {
        kill(trainer_pid(), SIGKILL);
        say_attempts(r, 6, 1);
        r->step = 4;
    } else if (r->step == 4 && r->epochs[6] > 30) {
        say_ids(r, MS_WIRE_CANCEL, 6, 1);
        r->step = 5;
    } else if (r->step == 5 && r->n_results == 6) {
        say_setup(r, limited); // its time limit, too
        say_attempts(r, 7, 1);
        r->step = 6;
    } else if (r->step == 6 && r->n_results == 7) {
        say_setup(r, shorter);
        say_attempts(r, 8, 1);
        r->step = 7;
    } else if (r->step == 7 && r->n_results == 8) {
        say_plain(r, MS_WIRE_FINISH);
        r->step = 8;
    }
}

static void test_sweeps(struct rank_0 *r)
{
    static const struct {
        uint8_t end;
        uint32_t epochs;
    } wanted[] = {{MS_END_COMPLETED, 30}, {MS_END_COMPLETED, 30}, {MS_END_COMPLETED, 12},
                  {MS_END_COMPLETED, 12}, {MS_END_CRASHED, 0},    {MS_END_CANCELLED, 0},
                  {MS_END_TIMEOUT, 0},    {MS_END_COMPLETED, 12}};
    struct ms_error err = {0};
    CHECK_THAT(run(r, quick, play_sweeps, 600, &err) == 0, "%s", err.text);
    CHECK_INT(r->n_ready, 1);
    for (int i = 0; i < 8; i++) {
        CASE("attempt %d", i + 1);
        CHECK_INT(r->results[i].id, i + 1);
        CHECK_INT(r->results[i].end, wanted[i].end);
        CHECK(!wanted[i].epochs || r->results[i].epochs == wanted[i].epochs);
    }
}

static void play_busy(struct rank_0 *r)
{
    if (r->step == 0 && r->n_ready) {
        say_attempts(r, 1, 3);
        r->step = 1;
    } else if (r->step == 1 && r->epochs[1]) {
        say_setup(r, shorter);
        r->step = 2;
    }
}

static void play_broken(struct rank_0 *r)
{
    if (r->step == 0 && r->n_ready) {
        say_setup(r, broken);
        r->step = 1;
    }
}

static void play_other_data(struct rank_0 *r)
{
    if (r->step == 0 && r->n_ready) {
        say_setup(r, other_data);
        r->step = 1;
    }
}

static void test_refused_sweeps(struct rank_0 *r)
{
    struct ms_error err = {0};
    CHECK_INT(run(r, endless, play_busy, 600, &err), MS_EFORMAT);
    CHECK_STR(err.text, "rank 0 sent another sweep before 3 attempts had ended");
    CHECK_INT(r->n_finish, 1);
    CHECK(run(r, endless, play_broken, 600, &err) != 0);
    CHECK_THAT(strstr(err.text, "stage.json"), "%s", err.text);
    CHECK_INT(run(r, endless, play_other_data, 600, &err), MS_ESTATE);
    CHECK_STR(err.text, "the trainer gave up: stage.json asks for 2 data sets, but 1 are there");
}

int main(void)
{
    struct rank_0 *r = malloc(sizeof *r);
    REQUIRE(r);
    test_parts(r);
    test_limits(r);
    test_large(r);
    test_sweeps(r);
    test_refused_sweeps(r);
    free(r);
    return check_done();
}
