// SPDX-License-Identifier: MIT
//
// A shell and its trainer send the weights that an attempt asks for, before its result, and only if
// the objective is good enough.
#include "rank_0.h"

static const char text[] = TEXT(12, "");

enum { IDS = 8 };

static struct {
    struct ms_trained trained[IDS]; // by id
    double best[IDS];               // objective
    uint32_t at[IDS];               // epoch
} told;

static void hear_weights(struct rank_0 *r, struct ms_wire *w)
{
    const struct ms_epochs *e = &w->epochs;
    if (w->type == MS_WIRE_METRICS) {
        for (uint32_t i = 0; i < e->n_epochs; i++) {
            const double loss = e->values[i * e->n_columns + 1]; // val_loss
            if (told.at[e->id] == 0 || loss < told.best[e->id]) {
                told.best[e->id] = loss;
                told.at[e->id] = e->first_epoch + i;
            }
        }
    } else if (w->type == MS_WIRE_WEIGHTS) {
        REQUIRE(w->trained.id < IDS && !told.trained[w->trained.id].bytes);
        for (int i = 0; i < r->n_results; i++)
            CHECK(r->results[i].id != w->trained.id); // they come before it
        CHECK_INT(r->epochs[w->trained.id], w->trained.id == 6 ? told.at[1] : 12);
        told.trained[w->trained.id] = w->trained;
        w->trained.bytes = NULL;
    }
}

static void ask(struct rank_0 *r, uint64_t id, enum ms_keeping keep, double bound, uint32_t test)
{
    struct ms_buf b = {0};
    double point[1] = {1};
    const struct ms_attempt attempt = {.id = id,
                                       .trial = 3,
                                       .n_point = 1,
                                       .point = point,
                                       .test_epoch = test,
                                       .keep = (uint8_t)keep,
                                       .keep_bound = bound};
    REQUIRE(ms_wire_put_assign(&b, &attempt, 1) == 0);
    say(r, &b);
}

static void play(struct rank_0 *r)
{
    if (r->step == 0 && r->n_ready) {
        ask(r, 1, MS_KEEP_NONE, NAN, 0);
        r->step = 1;
    } else if (r->step == 1 && r->n_results == 1) {
        ask(r, 2, MS_KEEP_GOOD, NAN, 0);
        ask(r, 3, MS_KEEP_GOOD, told.best[1], 0);
        ask(r, 4, MS_KEEP_GOOD, nextafter(told.best[1], 0), 0); // better than it is
        ask(r, 5, MS_KEEP_GOOD, INFINITY, 0);
        ask(r, 6, MS_KEEP_ONLY, 0, told.at[1]); // whatever the bound
        r->step = 2;
    } else if (r->step == 2 && r->n_results == 6) {
        say_plain(r, MS_WIRE_FINISH);
        r->step = 3;
    }
}

int main(void)
{
    struct rank_0 *r = malloc(sizeof *r);
    struct ms_error err = {0};
    REQUIRE(r);
    CHECK_THAT(run_hearing(r, text, play, hear_weights, 600, &err) == 0, "%s", err.text);
    static const bool sent[IDS] = {[2] = true, [3] = true, [5] = true, [6] = true};
    for (int id = 1; id < 7; id++) {
        CASE("attempt %d", id);
        const struct ms_trained *t = &told.trained[id];
        CHECK((t->bytes != NULL) == sent[id]);
        if (!t->bytes || !told.trained[2].bytes)
            continue;
        CHECK_INT(t->n, 2 * 4 + 4 + 4 + 1);
        CHECK(t->epoch == told.at[1] && t->objective == told.best[1]);
        CHECK(memcmp(t->bytes, told.trained[2].bytes, 4 * (size_t)t->n) == 0);
    }
    for (int id = 1; id < IDS; id++)
        free(told.trained[id].bytes);
    free(r);
    return check_done();
}
