// SPDX-License-Identifier: MIT
//
// From exit status, stderr and epochs to a result: which reason wins, and what people read.
#include "check.h"

#include <errno.h>
#include <signal.h>

#include "worker/objective/command_end.h"

static struct ms_command_errors errors;
static struct ms_command_lines lines;
static const struct ms_objective objective = {.name = "loss", .metric = -1};
static struct ms_attempt attempt;

static char *errors_of(const char *text, size_t size)
{
    memset(&errors, 0, sizeof errors);
    ms_command_errors_take(&errors, text, size);
    return ms_command_errors_text(&errors);
}

static void test_errors(void)
{
    CHECK(errors_of("", 0) == NULL);
    char *text = errors_of("a\0b\xff\xc3\xa4\xc3", 7);
    CHECK_STR(text, "a?b?ä?"); // no NUL, valid UTF-8
    free(text);
    static char many[MS_COMMAND_TAIL + 20];
    for (size_t i = 0; i < sizeof many; i++)
        many[i] = i % 10 == 9 ? '\n' : (char)('0' + i % 10);
    text = errors_of(many, MS_COMMAND_TAIL);
    CHECK(strlen(text) == MS_COMMAND_TAIL && memcmp(text, many, MS_COMMAND_TAIL) == 0);
    free(text);
    text = errors_of(many, sizeof many); // cut: from the first whole line on
    CHECK_INT(strlen(text), MS_COMMAND_TAIL - 10);
    CHECK(memcmp(text, "012345678\n", 10) == 0);
    free(text);
    memset(many, 'x', sizeof many); // no line end at all: what there is
    text = errors_of(many, sizeof many);
    CHECK_INT(strlen(text), MS_COMMAND_TAIL);
    free(text);
}

static void reset(void)
{
    memset(&lines, 0, sizeof lines);
    attempt = (struct ms_attempt){.id = 1};
    lines.attempt = &attempt;
    lines.objective = &objective;
    lines.best = NAN;
}

static struct ms_result ends(enum ms_command_why why, int ended, int wait_status, int exec_error,
                             const char *output)
{
    char copy[600];
    snprintf(copy, sizeof copy, "%s", output ? output : "");
    struct ms_result r = {.output = output ? copy : NULL};
    const struct ms_command_ended e = {
        .why = why,
        .ended = ended,
        .end = {.wait_status = wait_status,
                .exec_error = exec_error,
                .cpu_s = 2,
                .max_rss_bytes = 3},
        .program = "./train.py",
        .dir = "here",
        .max_s = 1.5,
    };
    ms_command_end_conclude(&lines, &e, &r);
    CHECK(r.cpu_s == 2 && r.max_rss_bytes == 3);
    r.output = NULL;
    return r;
}

enum { EXIT_3 = 3 << 8 };

static void check_end(struct ms_result r, enum ms_end end, const char *message)
{
    CHECK_INT(r.end, end);
    CHECK_STR(r.message, message);
}

static void test_failures(void)
{
    reset();
    lines.printed = true; // whatever it printed, it failed
    lines.best = 1;
    check_end(ends(MS_COMMAND_BY_ITSELF, 1, EXIT_3, 0, NULL), MS_END_ERROR, "exit status 3");
    check_end(ends(MS_COMMAND_BY_ITSELF, 1, EXIT_3, 0, "first\nlast one \r\n\n"), MS_END_ERROR,
              "exit status 3: last one");
    check_end(ends(MS_COMMAND_BY_ITSELF, 1, SIGSEGV, 0, "x"), MS_END_CRASHED,
              "killed by signal 11 (Segmentation fault): x");
    check_end(ends(MS_COMMAND_BY_ITSELF, MS_ESTATE, 0, 0, NULL), MS_END_CRASHED,
              "killed by signal 9 (Killed)"); // nothing is known once the guard was killed
    check_end(ends(MS_COMMAND_BY_ITSELF, 1, 0, ENOENT, NULL), MS_END_ERROR,
              "cannot run './train.py' in 'here': No such file or directory");
    CHECK_INT(ends(MS_COMMAND_BY_ITSELF, 1, 0, EAGAIN, NULL).end, MS_END_CRASHED); // worth a retry
    CHECK_INT(ends(MS_COMMAND_BY_ITSELF, 1, 0, EACCES, NULL).end, MS_END_ERROR);

    char output[590];
    memset(output, 'y', sizeof output);
    output[sizeof output - 1] = '\0';
    struct ms_result r = ends(MS_COMMAND_BY_ITSELF, 1, EXIT_3, 0, output);
    CHECK_INT(strlen(r.message), sizeof r.message - 1); // cut to its room
    memcpy(output, "\xc3\xa4\xc3\xa4\xc3\xa4", 6);
    for (int shift = 0; shift < 2; shift++) { // never within a character
        for (size_t i = (size_t)shift; i + 1 < sizeof output - 1; i += 2)
            memcpy(output + i, "\xc3\xa4", 2);
        r = ends(MS_COMMAND_BY_ITSELF, 1, EXIT_3, 0, output);
        CHECK((unsigned char)r.message[strlen(r.message) - 1] == 0xa4);
        memset(output, 'y', 2);
    }
}

static void test_stops(void)
{
    reset();
    check_end(ends(MS_COMMAND_WHY_CANCELLED, 1, SIGTERM, 0, "x"), MS_END_CANCELLED, "");
    check_end(ends(MS_COMMAND_WHY_PRUNED, 1, SIGKILL, 0, NULL), MS_END_PRUNED, "");
    check_end(ends(MS_COMMAND_WHY_TIMEOUT, 1, SIGKILL, 0, "at 1\nat 2"), MS_END_TIMEOUT,
              "longer than max_seconds (1.5 s): at 2");
}

static void test_values(void)
{
    reset();
    check_end(ends(MS_COMMAND_BY_ITSELF, 1, 0, 0, NULL), MS_END_ERROR,
              "printed no loss; metrics are lines such as {\"loss\": 0.5}");
    lines.n_seen = 2;
    snprintf(lines.seen[0], sizeof lines.seen[0], "acc");
    snprintf(lines.seen[1], sizeof lines.seen[1], "val_acc");
    lines.bad = 2;
    snprintf(lines.first_bad, sizeof lines.first_bad, "no JSON at byte 3");
    check_end(ends(MS_COMMAND_BY_ITSELF, 1, 0, 0, NULL), MS_END_ERROR,
              "printed no loss; it printed: acc, val_acc; 2 of its lines could not be read, the "
              "first: no JSON at byte 3");
    lines.most = 4;
    lines.bad = 0;
    check_end(ends(MS_COMMAND_WHY_ENOUGH, 1, SIGTERM, 0, NULL), MS_END_ERROR,
              "printed no loss up to epoch 4; it printed: acc, val_acc");

    lines.printed = true;
    check_end(ends(MS_COMMAND_BY_ITSELF, 1, 0, 0, NULL), MS_END_DIVERGED, "printed no finite loss");
    lines.best = 0.25;
    lines.epoch = 9;
    struct ms_result r = ends(MS_COMMAND_BY_ITSELF, 1, 0, 0, "a warning");
    check_end(r, MS_END_COMPLETED, ""); // stderr alone is no failure
    CHECK_INT(r.epochs, 9);
    // The stop itself caused the signal or the status.
    check_end(ends(MS_COMMAND_WHY_ENOUGH, 1, SIGTERM, 0, NULL), MS_END_COMPLETED, "");
    check_end(ends(MS_COMMAND_WHY_ENOUGH, 1, EXIT_3, 0, NULL), MS_END_COMPLETED, "");
    lines.dropped = 3;
    check_end(ends(MS_COMMAND_BY_ITSELF, 1, 0, 0, NULL), MS_END_COMPLETED,
              "3 values were not kept; allowed: 32 metrics an epoch, names of up to 63 bytes");
}

static void test_parts(void)
{
    reset();
    lines.printed = true;
    lines.best = 0.25;
    attempt.to_epoch = 6;
    lines.epoch = 5; // it ended by itself before the part did
    struct ms_result r = ends(MS_COMMAND_BY_ITSELF, 1, 0, 0, NULL);
    CHECK(r.end == MS_END_COMPLETED && r.epochs == 5);
    r = ends(MS_COMMAND_WHY_ENOUGH, 1, SIGTERM, 0, NULL); // it printed epoch 7 next, say
    CHECK(r.end == MS_END_PAUSED && r.epochs == 6);
    lines.epoch = 6;
    r = ends(MS_COMMAND_BY_ITSELF, 1, 0, 0, NULL);
    CHECK(r.end == MS_END_PAUSED && r.epochs == 6);
    lines.best = NAN; // the scheduler judges a part without a finite value
    CHECK_INT(ends(MS_COMMAND_BY_ITSELF, 1, 0, 0, NULL).end, MS_END_PAUSED);
}

int main(void)
{
    test_errors();
    test_failures();
    test_stops();
    test_values();
    test_parts();
    return check_done();
}
