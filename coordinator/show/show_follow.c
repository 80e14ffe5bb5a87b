// SPDX-License-Identifier: MIT
//
// mlpsweep status --follow: looks at the store again and again until the run has ended, from any
// terminal. It only reads, at the lowest priority, and pauses fifty times as long as a look has
// taken: seldom in a store of a million trials. On a pipe it prints a line when something has
// changed.
#include "show_follow.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "coordinator/rank/worth.h"
#include "follow_view.h"
#include "mlpsweep/memory.h"
#include "progress.h"

enum { SHARE = 50 }; // a pause is so many times a look

static volatile sig_atomic_t stopped, resized;

static void on_signal(int number)
{
    if (number == SIGWINCH)
        resized = 1;
    else
        stopped = 1;
}

// What one look has found.
struct look {
    struct ms_show show;
    struct ms_show_facts facts;
    struct ms_running_list running;
    char best_params[4000];
    double *history;
    int64_t n_history;
    bool alive;
};

static void look_clear(struct look *l)
{
    free(l->show.rank);
    free(l->history);
    ms_store_running_list_clear(&l->running);
}

static int by_trial(const void *a, const void *b)
{
    const struct ms_trial_rank *x = a, *y = b;
    return (x->trial > y->trial) - (x->trial < y->trial);
}

// The key of the best trial among those up to each.
static int find_history(struct look *l, struct ms_error *err)
{
    const int64_t n = l->show.n_ranks;
    struct ms_trial_rank *r = malloc((size_t)(n > 0 ? n : 1) * sizeof *r);
    l->history = malloc((size_t)(n > 0 ? n : 1) * sizeof *l->history);
    if (!r || !l->history) {
        free(r);
        return ms_no_memory(err, "the history of %lld trials", (long long)n);
    }
    memcpy(r, l->show.rank, (size_t)n * sizeof *r);
    qsort(r, (size_t)n, sizeof *r, by_trial);
    struct ms_worth best = {.failed = 1, .key = NAN, .mean = NAN};
    for (int64_t i = 0; i < n; i++) {
        const struct ms_worth w = ms_rank_worth(&r[i]);
        if (r[i].n == 0)
            continue;
        if (l->n_history == 0 || ms_worth_compare(&w, &best, l->show.sweep.rule.maximize) < 0)
            best = w;
        l->history[l->n_history++] = best.mean;
    }
    free(r);
    return 0;
}

// The parameters of a sweep. Which of them vary takes a look at every trial, so it is asked again
// only while there are few.
struct known_params {
    int64_t sweep_id, n_ranks;
    struct ms_show_params params;
};

static int know_params(struct look *l, struct known_params *known, struct ms_error *err)
{
    enum { FEW = 1000 };
    if (known->sweep_id == l->show.sweep.id && known->n_ranks > FEW)
        return 0;
    ms_show_params_clear(&known->params);
    known->sweep_id = l->show.sweep.id;
    known->n_ranks = l->show.n_ranks;
    return ms_show_params(&l->show, &known->params, err);
}

static int find_best(struct look *l, struct known_params *known, struct ms_error *err)
{
    char **value;
    l->best_params[0] = '\0';
    if (l->show.n_ranks == 0 || l->show.rank[0].n == 0)
        return 0;
    int status = know_params(l, known, err);
    if (!status)
        status = ms_show_row(&l->show, &known->params, l->show.rank[0].trial, &value, err);
    if (status)
        return status;
    ms_show_line(&known->params, value, l->best_params, sizeof l->best_params);
    ms_show_row_free(&known->params, value);
    return 0;
}

// Looks at the sweep of that name, NULL: at the one that ran last.
static int look(struct ms_store *store, const char *sweep, struct known_params *known,
                struct look *l, struct ms_error *err)
{
    char holder[300];
    *l = (struct look){.show = {.store = store, .colour = ms_text_colour(stdout)}};
    int status = ms_store_find(store, sweep, &l->show.sweep, err);
    if (!status)
        status = ms_show_rank(&l->show, -1, -1, err);
    if (!status)
        status = ms_show_facts(&l->show, &l->facts, err);
    if (!status)
        status = ms_store_running_list(store, l->show.sweep.id, &l->running, err);
    if (!status)
        status = find_history(l, err);
    if (!status)
        status = find_best(l, known, err);
    l->alive = sweep ? l->facts.alive : ms_store_alive(store, holder, sizeof holder);
    if (status)
        look_clear(l);
    return status;
}

static void draw(const struct look *l)
{
    struct winsize size = {.ws_col = 80, .ws_row = 24};
    ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
    char now[16] = "", *text = NULL;
    size_t length;
    const time_t t = time(NULL);
    struct tm utc;
    strftime(now, sizeof now, "%H:%M:%S", gmtime_r(&t, &utc));
    FILE *f = open_memstream(&text, &length);
    if (!f)
        return;
    const struct ms_follow_view v = {.show = &l->show,
                                     .facts = &l->facts,
                                     .running = &l->running,
                                     .best_params = l->best_params,
                                     .history = l->history,
                                     .n_history = l->n_history,
                                     .time = now,
                                     .columns = size.ws_col > 20 ? size.ws_col : 80,
                                     .rows = size.ws_row > 3 ? size.ws_row : 24,
                                     .colour = l->show.colour};
    const int lines = ms_follow_view_print(&v, f);
    if (fclose(f) == 0) {
        // Each line erases what it replaces; the last one has no line end, which would scroll.
        fputs("\033[H", stdout);
        int at = 0;
        for (const char *c = text; *c; c++) {
            if (*c == '\n')
                fputs(++at < lines ? "\033[K\r\n" : "\033[K", stdout);
            else
                putchar(*c);
        }
        fputs("\033[J", stdout);
    }
    free(text);
    fflush(stdout);
}

// The line that a log shows.
static void say(const struct look *l)
{
    char line[512];
    const struct ms_store_counts *c = &l->facts.counts;
    const struct ms_trial_rank *best =
        l->show.n_ranks > 0 && l->show.rank[0].n > 0 ? &l->show.rank[0] : NULL;
    struct ms_progress_state s = {.sweep = l->show.sweep.name,
                                  .executions = c->done + c->failed + c->running + c->waiting,
                                  .done = c->done,
                                  .failed = c->failed,
                                  .running = c->running,
                                  .elapsed_s = l->facts.run.elapsed_s,
                                  .left_s = l->facts.left_s,
                                  .has_best = best,
                                  .best_trial = best ? best->trial : 0,
                                  .best = best ? best->mean : NAN};
    snprintf(s.metric, sizeof s.metric, "%s", l->show.sweep.metric);
    printf("%s\n", ms_progress_line(&s, line, sizeof line));
    fflush(stdout);
}

// Waits, but not beyond a key, a signal or a new size of the screen. True: leave.
static bool wait_for(double seconds, bool keys)
{
    struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
    const double ms = fmin(seconds, 3600) * 1000;
    const int n = poll(&in, keys ? 1 : 0, (int)ms);
    char key = 0;
    if (n > 0 && read(STDIN_FILENO, &key, 1) != 1)
        return true; // the terminal is gone
    return stopped || key == 'q' || key == 'Q' || key == 3;
}

static double processor_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int follow(struct ms_store *store, const char *sweep, double every_s, bool screen, bool keys,
                  struct ms_error *err)
{
    struct known_params known = {0};
    int64_t told = -1;
    int status = 0;
    for (bool leave = false; !leave;) {
        const double before = processor_s();
        struct look l;
        status = look(store, sweep, &known, &l, err);
        if (status && status != MS_EBUSY) // a rollback journal keeps readers out for a moment
            break;
        if (!status) {
            const int64_t ended = l.facts.counts.done + l.facts.counts.failed;
            if (screen)
                draw(&l);
            else if (ended != told)
                say(&l);
            told = ended;
            leave = !l.alive;
            look_clear(&l);
        }
        const double took = processor_s() - before;
        resized = 0;
        leave = leave || wait_for(fmax(every_s, SHARE * took), keys);
    }
    ms_show_params_clear(&known.params);
    return status == MS_EBUSY ? 0 : status;
}

int ms_show_follow(struct ms_store *store, const char *sweep, double every_s, struct ms_error *err)
{
    const bool screen = ms_text_terminal(stdout), keys = screen && isatty(STDIN_FILENO);
    (void)setpriority(PRIO_PROCESS, 0, 19); // where processors are short, the run goes first
    const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGWINCH};
    struct termios old, raw;
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        sigaction(signals[i], &(struct sigaction){.sa_handler = on_signal}, NULL);
    if (keys && tcgetattr(STDIN_FILENO, &old) == 0) {
        raw = old;
        raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
        tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    }
    if (screen)
        fputs("\033[?1049h\033[?25l", stdout); // a screen of its own, without the cursor
    const int status = follow(store, sweep, every_s, screen, keys, err);
    if (screen)
        fputs("\033[?25h\033[?1049l", stdout);
    fflush(stdout);
    if (keys)
        tcsetattr(STDIN_FILENO, TCSANOW, &old);
    return status;
}
