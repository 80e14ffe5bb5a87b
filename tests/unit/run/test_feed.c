// SPDX-License-Identifier: MIT
//
// The feed with a real store and study, and one worker that is played here: a run that is cut off
// after any number of results and continued must leave what an undisturbed one leaves.
#include "tests/unit/store/store_fixture.h"

#include <math.h>

#include "coordinator/run/feed.h"

enum { NEVER = 1 << 20, QUEUE = 4096 };

struct play {
    struct ms_store *store;
    struct ms_sampler *sampler;
    struct ms_study *study;
    struct ms_known *known;
    struct ms_dispatch *dispatch;
    struct ms_feed *feed;
    struct ms_dataset data;
    struct ms_action queue[QUEUE]; // given to the worker
    int first, n;
    int results;
};

static void play_begin(struct play *p, const struct ms_sweep *sweep, const char *path,
                       double bytes_limit)
{
    *p = (struct play){
        .data = {.task = MS_BINARY, .n_train = 100, .n_val = 10, .n_inputs = 2, .n_outputs = 1}};
    int64_t n_known;
    OK(ms_sampler_new(sweep, &p->sampler, &err));
    OK(ms_study_new(sweep, p->sampler, &p->study, &err));
    p->store = open_and_begin(path, MS_JOURNAL_AUTO, sweep, &p->known, &n_known);
    const struct ms_dispatch_options o = {.n_workers = 1, .order = MS_ORDER_FIRST, .batch_s = 0.2};
    OK(ms_dispatch_new(&o, &p->dispatch, &err));
    ms_dispatch_event(p->dispatch, &(struct ms_event){.kind = MS_EV_READY, .rank = 1});
    const struct ms_feed_options options = {.sweep = sweep,
                                            .data = &p->data,
                                            .store = p->store,
                                            .study = p->study,
                                            .known = p->known,
                                            .n_known = n_known,
                                            .bytes_limit = bytes_limit,
                                            .bytes_of = "1 byte of a",
                                            .adopt = ms_sampler_learns(p->sampler)};
    OK(ms_feed_new(&options, &p->feed, &err));
}

static void play_end(struct play *p)
{
    OK(ms_store_commit(p->store, &err));
    OK(ms_store_close(p->store, &err));
    ms_feed_free(p->feed);
    ms_study_free(p->study);
    ms_sampler_free(p->sampler);
    ms_dispatch_free(p->dispatch);
    free(p->known);
}

// The result of a part: late crashes and divergence, early stopping.
static struct ms_result result_of(const struct play *p, const struct ms_action *a)
{
    const uint32_t trial = ms_tag_trial(a->tag), execution = ms_tag_execution(a->tag);
    const struct ms_open_trial *t = ms_feed_trial(p->feed, trial);
    REQUIRE(t != NULL);
    const struct ms_open_part *part = &t->part[execution];
    struct ms_result r = {.id = a->id, .end = MS_END_COMPLETED, .epochs = (uint32_t)t->epochs};
    if (part->to_epoch) {
        r.end = MS_END_PAUSED;
        r.epochs = part->to_epoch;
    }
    const struct {
        bool is;
        uint32_t epoch;
        enum ms_end end;
    } mishaps[] = {{trial % 3 == 0, 2, MS_END_CRASHED},
                   {trial % 7 == 5, 4, MS_END_ERROR},
                   {trial % 5 == 1 && execution == 0, 3, MS_END_DIVERGED},
                   {trial % 5 == 2, 5, MS_END_STOPPED},
                   {trial % 11 == 4, 0, MS_END_CRASHED}};
    for (size_t i = 0; i < sizeof mishaps / sizeof *mishaps; i++)
        if (mishaps[i].is && mishaps[i].epoch < r.epochs) {
            r.end = (uint8_t)mishaps[i].end;
            r.epochs = mishaps[i].epoch;
        }
    return r;
}

// The trials that crash in their second epoch are the best ones after the first.
static double value_of(uint32_t trial, uint32_t execution, uint32_t epoch)
{
    return (trial % 3 == 0 ? 0.1 : 0.2) + ((trial * 7919 + execution * 104729) % 1000) * 1e-4 +
           1.0 / epoch;
}

static void put_result(struct play *p, const struct ms_action *a, const struct ms_result *r)
{
    const struct ms_attempt attempt = {.trial = ms_tag_trial(a->tag),
                                       .execution = ms_tag_execution(a->tag)};
    const struct ms_open_trial *t = ms_feed_trial(p->feed, attempt.trial);
    const bool final = r->end != MS_END_PAUSED;
    int differs;
    double score;
    for (uint32_t e = 1; e <= r->epochs; e++) {
        const double value = value_of(attempt.trial, attempt.execution, e);
        const struct ms_epochs epochs = {
            .first_epoch = e, .n_epochs = 1, .n_columns = 1, .values = &value, .names = "val_loss"};
        OK(ms_store_epochs(p->store, &attempt, &epochs, NULL, &differs, &err));
        CHECK_INT(differs, 0);
    }
    OK(ms_store_attempt(p->store, &attempt, r, 1, "node1", final, t->epochs, &score, &err));
    OK(ms_feed_result(p->feed, a->tag, r, a->attempt, score, &err));
    p->results++;
}

static void act(struct play *p, const struct ms_result *r)
{
    struct ms_action a;
    while (ms_dispatch_next(p->dispatch, &a)) {
        if (a.kind == MS_ACT_ASSIGN) {
            REQUIRE(p->n < QUEUE);
            p->queue[p->n++] = a;
        } else {
            REQUIRE(r && (a.kind == MS_ACT_DONE || a.kind == MS_ACT_GIVE_UP));
            put_result(p, &a, r);
        }
    }
}

// Until the search has ended, or so many results are there. Whether it has ended.
static bool play(const struct ms_sweep *sweep, const char *path, double bytes_limit, int results,
                 int *had)
{
    static struct play p;
    play_begin(&p, sweep, path, bytes_limit);
    bool ended = false;
    while (p.results < results && !ended) {
        struct ms_feed_offered offered;
        OK(ms_feed_offer(p.feed, p.dispatch, 3, &offered, &err));
        act(&p, NULL);
        ended = ms_feed_ended(p.feed) && p.first == p.n;
        if (ended)
            break;
        REQUIRE(p.first < p.n);
        const struct ms_action a = p.queue[p.first++];
        const struct ms_result r = result_of(&p, &a);
        ms_dispatch_event(p.dispatch, &(struct ms_event){.kind = MS_EV_RESULT,
                                                         .rank = 1,
                                                         .id = a.id,
                                                         .end = (enum ms_end)r.end});
        act(&p, &r);
    }
    if (had)
        *had = p.results;
    play_end(&p);
    return ended;
}

static const char decisions[] =
    "SELECT group_concat(d, char(10)) FROM (SELECT t.number || '|' || x.number || '|' || x.state "
    "|| '|' ||"
    " coalesce(x.outcome, '') || '|' || coalesce(x.epochs, '') || '|' || coalesce(x.objective, '') "
    "|| '|' ||"
    " (SELECT coalesce(max(epoch), 0) FROM epoch_metric AS m WHERE m.execution_id = "
    "x.execution_id) AS d"
    " FROM trial AS t JOIN execution AS x USING (trial_id) ORDER BY t.number, x.number)";

#define RUNGS(search)                                                                              \
    "{\"name\": \"t\", \"seed\": 7, \"data\": {\"synthetic\": \"xor\"}, \"hidden\": [{\"units\": " \
    "4}],"                                                                                         \
    " \"learning_rate\": {\"float\": [1e-4, 1e-1], \"log\": true}, \"epochs\": 9,"                 \
    " \"objective\": {\"metric\": \"val_loss\"}, \"search\": {\"max_retries_per_trial\": "         \
    "0, " search "}}"

// Cut off after every number of results, and twice as often.
static void test_continuing(void)
{
    static const char *const texts[] = {
        RUNGS("\"method\": \"random\", \"max_trials\": 22, \"scheduler\": \"hyperband\""),
        RUNGS("\"method\": \"random\", \"max_trials\": 13, \"executions_per_trial\": 2,"
              " \"scheduler\": {\"name\": \"successive_halving\", \"trials\": 9}"),
        RUNGS("\"method\": {\"name\": \"tpe\", \"n_startup_trials\": 3}, \"max_trials\": 24, "
              "\"lag\": 2,"
              " \"scheduler\": \"hyperband\""),
        RUNGS("\"method\": {\"name\": \"evolution\", \"population_size\": 4}, \"max_trials\": 14, "
              "\"lag\": 1,"
              " \"executions_per_trial\": 2, \"scheduler\": {\"name\": \"median_stop\", "
              "\"min_trials\": 2}"),
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        CASE("sweep %zu", i);
        struct ms_sweep *sweep = parse(texts[i]);
        char wanted[4000], calm[40];
        int all, parts;
        snprintf(calm, sizeof calm, "calm%zu.db", i);
        CHECK(play(sweep, in_folder(calm), 0, NEVER, &all));
        snprintf(wanted, sizeof wanted, "%s", ask(in_folder(calm), decisions));
        CHECK(play(sweep, in_folder(calm), 0, NEVER, &parts));
        CHECK_THAT(parts == 0, "sweep %zu: once more: %d results", i, parts);
        CHECK_SQL(in_folder(calm), decisions, wanted);
        for (int cut = 1; cut < all; cut++) {
            char name[40];
            snprintf(name, sizeof name, "cut%zu-%d.db", i, cut);
            CHECK(!play(sweep, in_folder(name), 0, cut, NULL));
            while (cut < 4 && !play(sweep, in_folder(name), 0, 3, NULL))
                ;
            CHECK(play(sweep, in_folder(name), 0, NEVER, &parts));
            CHECK_THAT(strcmp(ask(in_folder(name), decisions), wanted) == 0,
                       "sweep %zu, cut after %d results:\n%s\nnot\n%s", i, cut,
                       ask(in_folder(name), decisions), wanted);
            CHECK(cut < 4 || parts == all - cut);
        }
        ms_sweep_free(sweep);
    }
}

// A machine with less memory refuses what is left to be trained, and keeps what others have
// trained.
static void test_less_memory(void)
{
    struct ms_sweep *few = parse(RUNGS("\"method\": \"random\", \"max_trials\": 5"));
    struct ms_sweep *many = parse(RUNGS("\"method\": \"random\", \"max_trials\": 7"));
    const char *path = in_folder("memory.db");
    CHECK(play(few, path, 0, NEVER, NULL));
    const char *done =
        "SELECT count(*) FROM execution WHERE state = 'done' AND objective IS NOT NULL";
    char before[16];
    snprintf(before, sizeof before, "%s", ask(path, done));
    CHECK(strcmp(before, "2") >= 0);
    CHECK(play(many, path, 1, NEVER, NULL));
    CHECK_SQL(path, done, before);
    CHECK_SQL(
        path,
        "SELECT group_concat(t.number) FROM trial AS t JOIN execution USING (trial_id)"
        " JOIN attempt AS a USING (execution_id) WHERE a.message LIKE 'infeasible: needs % GB of "
        "memory, a worker has 0.0 GB (1 byte of a)'",
        "5,6");
    ms_sweep_free(few);
    ms_sweep_free(many);
}

int main(void)
{
    fixture_init();
    test_continuing();
    test_less_memory();
    fixture_clear();
    return check_done();
}
