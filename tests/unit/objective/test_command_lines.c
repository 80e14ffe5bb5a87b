// SPDX-License-Identifier: MIT
//
// From the bytes that a command prints to epochs: however the bytes are cut, in whatever way the
// program numbers its epochs.
#include "check.h"

#include "worker/objective/command_lines.h"

enum { MOST = 64 };

static struct {
    int n; // epochs that were sent
    uint32_t epoch[MOST], columns[MOST];
    double first[MOST]; // value of the first column
    char names[MOST][256];
    int messages;
} sent;

static void take_epochs(void *ctx, const struct ms_epochs *e)
{
    (void)ctx;
    sent.messages++;
    CHECK_INT(e->id, 7);
    CHECK(e->n_epochs > 0 && e->n_columns > 0);
    CHECK(e->n_epochs * e->n_columns <= MS_COMMAND_VALUES);
    for (uint32_t i = 0; i < e->n_epochs; i++) {
        REQUIRE(sent.n < MOST);
        sent.epoch[sent.n] = e->first_epoch + i;
        sent.columns[sent.n] = e->n_columns;
        sent.first[sent.n] = e->values[i * e->n_columns];
        snprintf(sent.names[sent.n++], sizeof sent.names[0], "%s", e->names);
    }
}

static const struct ms_outlet outlet = {.fd = -1, .epochs = take_epochs};
static struct ms_objective objective = {.name = "loss", .metric = -1};

static struct ms_command_lines *begin(const struct ms_attempt *a, uint32_t most)
{
    static struct ms_command_lines l;
    memset(&sent, 0, sizeof sent);
    memset(&l, 0, sizeof l);
    l.attempt = a;
    l.objective = &objective;
    l.to = &outlet;
    l.most = most;
    l.best = NAN;
    return &l;
}

static struct ms_command_lines *print_as(const struct ms_attempt *a, uint32_t most,
                                         const char *text)
{
    struct ms_command_lines *l = begin(a, most);
    ms_command_lines_take(l, text, strlen(text));
    ms_command_lines_finish(l);
    ms_command_lines_flush(l);
    return l;
}

static struct ms_command_lines *print(const char *text)
{
    static const struct ms_attempt a = {.id = 7};
    return print_as(&a, 0, text);
}

static void test_numbering(void)
{
    const struct ms_command_lines *l = print("starting\n{\"loss\": 3}\nmore words\n"
                                             "  {\"loss\": 2}\n\n\t{\"loss\": 4}");
    CHECK_INT(sent.n, 3); // without numbers every line is an epoch, the one without a line end, too
    for (int i = 0; i < 3; i++)
        CHECK_INT(sent.epoch[i], i + 1);
    CHECK(l->best == 2 && l->printed && l->epoch == 3 && l->bad == 0);

    print("{\"epoch\": 0, \"loss\": 5}\n{\"epoch\": 1, \"loss\": 4}\n"); // counts from 0
    CHECK(sent.n == 2 && sent.epoch[0] == 1 && sent.epoch[1] == 2);
    print("{\"epoch\": 10, \"loss\": 5}\n{\"epoch\": 20, \"loss\": 4}\n"); // with gaps
    CHECK(sent.n == 2 && sent.epoch[0] == 10 && sent.epoch[1] == 20);
    print("{\"params\": 12}\n{\"epoch\": 0, \"loss\": 5}\n"); // a head before the first number
    CHECK(sent.n == 2 && sent.epoch[0] == 1 && sent.epoch[1] == 1);
    print("{\"epoch\": 4, \"acc\": 1}\n{\"loss\": 8}\n"); // once numbered: adds to the last
    CHECK(sent.n == 2 && sent.epoch[1] == 4 && sent.first[1] == 8);

    l = print(
        "{\"epoch\": 2, \"loss\": 5}\n{\"epoch\": 1, \"loss\": 1}\n{\"epoch\": 2.5, \"loss\": 0}\n"
        "{\"epoch\": 3, \"loss\": 4}\n");
    CHECK(sent.n == 2 && l->bad == 2 && l->best == 4);
    CHECK_STR(l->first_bad, "epoch 1 after epoch 2");
    l = print("{\"epoch\": 1e9, \"loss\": 5}\n");
    CHECK_STR(l->first_bad, "epoch 1000000000; allowed: whole numbers up to 1000000");
    CHECK(!l->printed && sent.n == 0);
}

static void test_one_epoch_in_pieces(void)
{
    const struct ms_command_lines *l =
        print("{\"epoch\": 1, \"acc\": 0.5}\n{\"epoch\": 1, \"loss\": 6}\n"
              "{\"epoch\": 1, \"loss\": 5, \"late\": 1}\n{\"epoch\": 2, \"loss\": 3}\n");
    CHECK_INT(sent.n, 4); // what a line repeats stays as it was first
    CHECK(sent.first[1] == 6 && sent.first[2] == 1 && sent.first[3] == 3);
    CHECK_STR(sent.names[2], "late");
    CHECK_STR(sent.names[3], "loss"); // a new epoch has it again
    CHECK_INT(l->n_seen, 3);
    CHECK_STR(l->seen[0], "acc");
    CHECK_STR(l->seen[2], "late");

    char text[8192] = "{\"epoch\": 1"; // the objective finds room beside all others
    for (int i = 0; i < MS_MAX_METRICS + 3; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), ", \"m%d\": %d", i, i);
    snprintf(text + strlen(text), sizeof text - strlen(text), "}\n{\"epoch\": 1, \"loss\": 9}\n");
    l = print(text);
    CHECK_INT(l->dropped, 4);
    CHECK(l->printed && l->best == 9);
    CHECK(sent.n == 2 && sent.columns[0] == MS_MAX_METRICS - 1 && sent.columns[1] == 1);
    CHECK_INT(l->n_seen, MS_COMMAND_SEEN);
}

// The bytes may come in any pieces.
static void test_cuts(void)
{
    static const char text[] = "{\"loss\": 3, \"acc\": 1}\nwords\n{\"loss\": 2, \"acc\": 2}\n"
                               "{\"oops\n{\"loss\": 1, \"acc\": 3}";
    const struct ms_attempt a = {.id = 7};
    for (size_t piece = 1; piece <= sizeof text; piece++) {
        CASE("pieces of %zu bytes", piece);
        struct ms_command_lines *l = begin(&a, 0);
        for (size_t at = 0; at < sizeof text - 1; at += piece)
            ms_command_lines_take(l, text + at,
                                  piece < sizeof text - 1 - at ? piece : sizeof text - 1 - at);
        ms_command_lines_finish(l);
        ms_command_lines_flush(l);
        CHECK_THAT(sent.n == 3 && sent.messages == 1 && sent.first[2] == 1 && l->bad == 1,
                   "pieces of %zu: %d epochs in %d messages", piece, sent.n, sent.messages);
    }
}

// Epochs wait for one another only while they have the same names and follow one another.
static void test_messages(void)
{
    print("{\"loss\": 1}\n{\"loss\": 2}\n{\"loss\": 3, \"acc\": 1}\n{\"loss\": 4, \"acc\": 2}\n");
    CHECK(sent.n == 4 && sent.messages == 2);
    print("{\"epoch\": 1, \"loss\": 1}\n{\"epoch\": 3, \"loss\": 1}\n");
    CHECK(sent.n == 2 && sent.messages == 2);
    struct ms_command_lines *l = print("");
    for (int i = 0; i < MS_COMMAND_VALUES; i++) {
        CHECK_INT(sent.n, 0);
        ms_command_lines_take(l, "{\"loss\": 1}\n", 12);
    }
    ms_command_lines_take(l, "{\"loss\": 1}\n", 12); // one more than fits
    CHECK_INT(sent.n, MS_COMMAND_VALUES);
}

static void test_long_lines(void)
{
    static char text[2 * MS_COMMAND_LINE];
    memset(text, ' ', sizeof text);
    memcpy(text, "{\"loss\": 1,", 11);
    memcpy(text + MS_COMMAND_LINE - 12, "\"acc\": 2.50}", 12);
    const struct ms_attempt a = {.id = 7};
    struct ms_command_lines *l = begin(&a, 0);
    ms_command_lines_take(l, text, MS_COMMAND_LINE); // as long as a line can be
    ms_command_lines_take(l, "\n", 1);
    CHECK(l->epoch == 1 && l->bad == 0);
    ms_command_lines_take(l, text, MS_COMMAND_LINE);
    ms_command_lines_take(l, " \n{\"loss\": 0}\n", 15); // one byte too long; the next one is read
    CHECK(l->epoch == 2 && l->bad == 1 && l->best == 0);
    CHECK_STR(l->first_bad, "a line of more than 65536 bytes");
    text[0] = 'x'; // ordinary output may be as long as it likes
    ms_command_lines_take(l, text, sizeof text);
    ms_command_lines_take(l, "\n", 1);
    CHECK_INT(l->bad, 1);
}

static void test_limits(void)
{
    double limits[] = {NAN, 5, 3, 1};
    struct ms_attempt a = {.id = 7, .n_limits = 4, .limits = limits};
    static const char text[] = "{\"loss\": 9}\n{\"loss\": 5}\n{\"loss\": 4}\n{\"loss\": 0}\n";
    const struct ms_command_lines *l = print_as(&a, 0, text);
    CHECK(l->verdict == MS_COMMAND_PRUNED && l->deaf && l->epoch == 3);
    CHECK_INT(sent.n, 3); // as good as the limit goes on; nothing counts after the verdict
    CHECK(l->best == 4);
    a.from_epoch = 3; // an earlier part was judged by these
    l = print_as(&a, 0, text);
    CHECK(l->verdict == MS_COMMAND_GOES_ON && sent.n == 1 && sent.epoch[0] == 4 && l->best == 0);
    a.from_epoch = 0;
    l = print_as(&a, 0, "{\"loss\": 9}\n{\"loss\": NaN}\n{\"loss\": 1}\n");
    CHECK(l->verdict == MS_COMMAND_PRUNED && l->epoch == 2); // 9 is worse than 5
    l = print_as(&a, 0, "{\"loss\": NaN}\n{\"loss\": NaN}\n");
    CHECK(l->verdict == MS_COMMAND_PRUNED && l->printed && isnan(l->best)); // worse than any
    objective.maximize = true;
    l = print_as(&a, 0, text);
    CHECK(l->verdict == MS_COMMAND_GOES_ON && l->best == 9);
    objective.maximize = false;
}

static void test_enough(void)
{
    struct ms_attempt a = {.id = 7, .to_epoch = 2};
    const struct ms_command_lines *l = print_as(&a, 2, "{\"loss\": 3}\n{\"acc\": 2}\n");
    CHECK(!l->all && l->verdict == MS_COMMAND_GOES_ON); // the objective of epoch 2 is not there
    l = print_as(&a, 2, "{\"epoch\": 2, \"acc\": 2}\n{\"epoch\": 2, \"loss\": 3}\n");
    CHECK(l->all && l->verdict == MS_COMMAND_GOES_ON); // it may still end by itself
    l = print_as(&a, 2, "{\"loss\": 3}\n{\"loss\": 2}\n{\"loss\": 1}\n{\"loss\": 0}\n");
    CHECK(l->verdict == MS_COMMAND_ENOUGH && l->best == 2 && l->epoch == 2);
    CHECK_INT(sent.n, 2);
}

int main(void)
{
    test_numbering();
    test_one_epoch_in_pieces();
    test_cuts();
    test_messages();
    test_long_lines();
    test_limits();
    test_enough();
    return check_done();
}
