// SPDX-License-Identifier: MIT
//
// The program's composition root. `run` is defined here, because it alone joins coordinator, worker
// and MPI; `plan`, `refit` and `predict` are lent what the worker does; the other commands live
// in their rooms (cli.c).
//
//     mlpsweep run …      no launcher: check the file, then supervise an mpirun of this program
//     under a launcher    every rank: fork the trainer, MPI_Init, agree on the sweep and the data,
//                         then rank 0 coordinates and the others train
//
// Before the ranks have agreed any of them may leave; from then on rank 0's exit status is the
// run's.
#include <assert.h>
#include <fenv.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "common/mpi/comm_mpi.h"
#include "coordinator/plan/plan.h"
#include "coordinator/predict/predict.h"
#include "mlpsweep/blas.h"
#include "mlpsweep/options.h"
#include "coordinator/run/cluster.h"
#include "coordinator/run/coordinator.h"
#include "mlpsweep/measure.h"
#include "mlpsweep/memory.h"
#include "mlpsweep/stages.h"
#include "mlpsweep/train.h"
#include "mlpsweep/worker.h"
#include "coordinator/run/launcher.h"
#include "coordinator/run/refit.h"
#include "coordinator/run/runfile.h"
#include "coordinator/run/supervisor.h"

struct run_options {
    const char *sweep_path;
    const char *store_path; // NULL: the sweep's name with ".db"
    int workers;            // 0: as many as there are processors
    int journal;            // enum ms_journal
    int order;              // enum ms_order
    int progress;           // 0 auto, 1 live, 2 plain, 3 none
    int resolve;            // -1: as the file says
    bool retry_failed, accept_changed_data;
    double heartbeat_s, lost_s, orphan_s;
};

static volatile int stop_asked;

static void on_stop(int signal_number)
{
    stop_asked = signal_number;
}

static const char run_examples[] = "mlpsweep run sweep.json --workers 8\n"
                                   "mpirun -n 65 mlpsweep run sweep.json --store results.db\n";

static const char run_usage[] =
    "usage: mlpsweep run SWEEP [--store FILE] [--workers N]\n\n"
    "Trains the sweep's trials, and continues where the store stands. Without a launcher it\n"
    "starts mpirun itself; under mpirun or srun --mpi=pmix it takes the ranks it is given:\n"
    "rank 0 coordinates, the others train.\n";

// Returns 0, or -1 - exit status.
static int parse_run(int argc, char **argv, struct run_options *o)
{
    *o = (struct run_options){.heartbeat_s = 1, .lost_s = 20, .orphan_s = 60, .resolve = -1};
    const struct ms_option options[] = {
        {"store", MS_OPT_TEXT, &o->store_path, "FILE", 0,
         "the SQLite file; default: the sweep's name with .db"},
        {"workers", MS_OPT_INT, &o->workers, NULL, 1,
         "workers to start; default: one per processor"},
        {"journal", MS_OPT_CHOICE, &o->journal, "auto|wal|delete", 0,
         "SQLite's journal; auto: wal on a local file system"},
        {"progress", MS_OPT_CHOICE, &o->progress, "auto|live|plain|none", 0,
         "what to show while it runs"},
        {"order", MS_OPT_CHOICE, &o->order, "longest|first|last", 0,
         "which waiting execution to start next"},
        {"resolve", MS_OPT_INT, &o->resolve, "N", 0,
         "after the search spend up to N more executions on trials that cannot be told from the "
         "best; default: search.resolve of the file"},
        {"retry-failed", MS_OPT_FLAG, &o->retry_failed, NULL, 0,
         "retry executions that failed for good in earlier runs, as if they were new"},
        {"accept-changed-data", MS_OPT_FLAG, &o->accept_changed_data, NULL, 0,
         "where the data have changed, begin a new sweep beside the old one: NAME-2, NAME-3, …"},
        {"lost-after", MS_OPT_SECONDS, &o->lost_s, NULL, 1,
         "give up on a worker after so many seconds of silence; default: 20"},
    };
    const struct ms_syntax syntax = {
        "run", run_usage, options,      sizeof options / sizeof *options,
        1,     1,         "sweep file", run_examples};
    const int n = ms_options_read(&syntax, argc, argv, &o->sweep_path);
    return n < 0 ? n : 0;
}

// --- under a launcher --------------------------------------------------------

struct shared_run {
    char *text; // the sweep's text, on every rank
    size_t text_size;
    struct ms_runfile file; // rank 0: the parsed sweep and its data
    struct ms_store *store; // rank 0
    struct ms_edition edition;
    struct ms_store_names program_changed;
    char store_path[4096];
    int data_fd;
    struct ms_rank_facts own;  // of this rank
    struct ms_cluster cluster; // rank 0: of all
};

// What this rank tells of itself. fast: it measures how fast its BLAS is.
static struct ms_rank_facts facts_of(const struct ms_blas *blas, bool fast)
{
    struct ms_rank_facts f = {.memory = ms_machine_memory("")};
    static_assert(sizeof f.core == sizeof blas->core && sizeof f.core_note == sizeof blas->note,
                  "facts have room for what BLAS says");
    gethostname(f.host, sizeof f.host - 1);
    ms_train_provenance(f.blas, sizeof f.blas);
    memcpy(f.core, blas->core, sizeof f.core);
    memcpy(f.core_note, blas->note, sizeof f.core_note);
    snprintf(f.cores, sizeof f.cores, "%s", blas->cores);
    f.by_user = blas->by_user;
    f.gflops = fast ? ms_blas_gflops() : 0;
    return f;
}

// Starts this rank's trainer with the core that all workers have in common.
static int take_common_core(struct ms_comm *comm, struct ms_child *child, const char *core,
                            const char *own, struct ms_error *err)
{
    if (comm->rank == 0 || !core[0] || strcmp(core, own) == 0)
        return 0;
    ms_child_end(child);
    return ms_child_fork(child, core, err);
}

// Rank 0 gets to know all ranks, and they learn the core that all of them are to take.
static int get_acquainted(struct ms_comm *comm, struct ms_child *child, struct shared_run *r,
                          struct ms_error *err)
{
    struct ms_rank_facts *all = NULL;
    if (comm->rank == 0 && !(all = calloc((size_t)comm->size, sizeof *all)))
        return ms_no_memory(err, "what %d ranks tell of their machines", comm->size);
    int status = ms_comm_mpi_gather(comm, &r->own, sizeof r->own, all, err);
    if (!status && comm->rank == 0)
        ms_cluster_of(all, comm->size, &r->cluster);
    free(all);
    void *core = r->cluster.common ? r->cluster.core : "";
    size_t size = strlen(core) + 1;
    status = ms_comm_mpi_bcast(comm, status, &core, &size, err);
    if (!status)
        status = take_common_core(comm, child, core, r->own.core, err);
    if (comm->rank != 0)
        free(core);
    return status;
}

// What is to be said of the machines, in one line; "": nothing.
static char *machine_note(const struct ms_cluster *c, char *out, size_t size)
{
    snprintf(out, size, "%s%s%s%s", c->core_note, c->core_note[0] && c->differs[0] ? "; " : "",
             c->differs[0] ? "the same training may give other bits on another worker: " : "",
             c->differs);
    return out;
}

// Opens the store. The ranks of a run that was killed live a moment longer than their mpirun, so a
// store that is in use is waited for.
static int open_store(const struct run_options *o, struct shared_run *r, struct ms_error *err)
{
    int status = 0;
    snprintf(r->store_path, sizeof r->store_path, "%s%s",
             o->store_path ? o->store_path : ms_sweep_file_name(r->file.sweep),
             o->store_path ? "" : ".db");
    for (int i = 0; i < 50; i++) {
        status = ms_store_open(r->store_path, (enum ms_journal)o->journal, &r->store, err);
        if (status != MS_EBUSY)
            break;
        nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    }
    return status;
}

// Finds out which sweep of the store goes on, and which files of a command are not what they were.
static int know_changes(const struct run_options *o, struct shared_run *r, struct ms_error *err)
{
    const struct ms_runfile *f = &r->file;
    int status = ms_store_edition(r->store, f->sweep, f->info, f->n_info, o->accept_changed_data,
                                  &r->edition, err);
    if (!status)
        status = ms_sweep_set_edition(f->sweep, r->edition.number, err);
    if (!status)
        status = ms_store_program_changed(r->store, f->sweep, f->program.file,
                                          (int)f->program.n_files, &r->program_changed, err);
    return status;
}

// Rank 0's preparations, before any other rank depends on it: whatever can be refused is refused
// here.
static int prepare(const struct run_options *o, struct ms_comm *comm, struct shared_run *r,
                   struct ms_error *err)
{
    if (comm->size < 2)
        return ms_fail(err, MS_EINVAL,
                       "1 rank, but rank 0 coordinates and the others train: start at least 2 "
                       "(mpirun -n 2 …)");
    int status = ms_runfile_load(&r->file, o->sweep_path, err);
    if (status)
        return status;
    if (o->resolve > 0 && ms_sweep_objective(r->file.sweep)->by == MS_BY_WORST)
        return ms_fail(err, MS_EINVAL,
                       "--resolve: objective.by is 'worst', by which trials with more executions "
                       "lose; allowed: with mean, median, lower_bound");
    status = open_store(o, r, err);
    if (status)
        return status;
    status = know_changes(o, r, err);
    if (status)
        return status;
    r->text_size = ms_sweep_text_size(r->file.sweep);
    r->text = malloc(r->text_size + 1);
    if (!r->text)
        return ms_no_memory(err, "the sweep's text");
    memcpy(r->text, ms_sweep_text(r->file.sweep), r->text_size + 1);
    return 0;
}

static enum ms_progress_mode progress_mode(int asked)
{
    static const enum ms_progress_mode modes[] = {MS_PROGRESS_PLAIN, MS_PROGRESS_LIVE,
                                                  MS_PROGRESS_PLAIN, MS_PROGRESS_NONE};
    const char *from_supervisor = getenv("MLPSWEEP_PROGRESS");
    if (asked == 0 && from_supervisor)
        return strcmp(from_supervisor, "live") == 0 ? MS_PROGRESS_LIVE : MS_PROGRESS_PLAIN;
    return modes[asked];
}

static char *command_line(int argc, char **argv, char *out, size_t size)
{
    size_t n = (size_t)snprintf(out, size, "mlpsweep");
    for (int i = 0; i < argc && n < size; i++)
        n += (size_t)snprintf(out + n, size - n, " %s", argv[i]);
    return out;
}

// status: of the run; closed: of closing its store.
static int exit_status(const struct ms_run_end *end, int status, int closed)
{
    if (status == MS_EINVAL)
        return MS_EXIT_REFUSED;
    if (status || closed || end->interrupted)
        return MS_EXIT_INTERRUPTED;
    return end->failed || end->no_result ? MS_EXIT_FAILED_TRIALS : MS_EXIT_OK;
}

static int coordinate(const struct run_options *o, int argc, char **argv, struct ms_comm *comm,
                      struct shared_run *r, bool *clean, struct ms_error *err)
{
    char line[4096], mpi[128], host[256] = "?", note[MS_CLUSTER_TEXT + MS_BLAS_NOTE + 100];
    const struct ms_cluster *cluster = &r->cluster;
    const bool trains = ms_sweep_kind(r->file.sweep) == MS_KIND_TRAIN;
    const struct passwd *user = getpwuid(getuid());
    const char *columns = getenv("MLPSWEEP_COLUMNS");
    gethostname(host, sizeof host - 1);
    if (trains && *machine_note(cluster, note, sizeof note))
        fprintf(stderr, "mlpsweep: OpenBLAS runs its core %s: %s\n", cluster->core, note);
    struct ms_run run = {
        .comm = comm,
        .sweep = r->file.sweep,
        .data = r->file.data,
        .store = r->store,
        .store_path = r->store_path,
        .provenance = {.version = MS_VERSION,
                       .host = host,
                       .user = user ? user->pw_name : "?",
                       .command_line = command_line(argc, argv, line, sizeof line),
                       .mpi = ms_comm_mpi_version(mpi, sizeof mpi),
                       .blas = "",
                       .workers = comm->size - 1,
                       .core = trains ? cluster->core : NULL,
                       .core_note = trains && note[0] ? note : NULL,
                       .gflops = cluster->gflops,
                       .worker_bytes = cluster->worker_bytes,
                       .data = r->file.info,
                       .n_data = r->file.n_info,
                       .program = r->file.program.file,
                       .n_program = (int)r->file.program.n_files},
        .edition = r->edition,
        .program_changed = &r->program_changed,
        .patience = {.heartbeat_s = o->heartbeat_s, .lost_s = o->lost_s, .orphan_s = o->orphan_s},
        .order = (enum ms_order)o->order,
        .resolve = o->resolve,
        .retry_failed = o->retry_failed,
        .bytes_limit = cluster->worker_bytes,
        .bytes_of = cluster->memory,
        .progress = progress_mode(o->progress),
        .columns = columns && atol(columns) > 20 ? (int)atol(columns) : 80,
        .stop = &stop_asked,
    };
    struct ms_run_end end;
    int status = ms_coordinator_run(&run, &end, err);
    struct ms_error late;
    int closed = ms_store_close(r->store, &late);
    r->store = NULL;
    ms_sweep_free(end.sweep);
    *clean = end.clean && !status;
    if (status || closed)
        fprintf(stderr, "mlpsweep: %s\n", status ? err->text : late.text);
    return exit_status(&end, status, closed);
}

static int train(const struct run_options *o, struct ms_comm *comm, struct ms_child *child,
                 struct shared_run *r, struct ms_error *err)
{
    struct ms_patience patience = {
        .heartbeat_s = o->heartbeat_s, .lost_s = o->lost_s, .orphan_s = o->orphan_s};
    int status =
        ms_shell_run(comm, child, o->sweep_path, r->text, r->data_fd, &patience, &stop_asked, err);
    if (status)
        fprintf(stderr, "mlpsweep: worker %d: %s\n", comm->rank, err->text);
    return status ? MS_EXIT_INTERRUPTED : MS_EXIT_OK;
}

// The collective start: afterwards every rank has the sweep and the data, or all of them leave.
static int start_together(const struct run_options *o, struct ms_comm *comm, struct ms_child *child,
                          struct shared_run *r, struct ms_error *err)
{
    void *text = NULL;
    int status = 0;
    if (comm->rank == 0) {
        status = prepare(o, comm, r, err);
        if (status)
            fprintf(stderr, "%s%s\n",
                    status == MS_EINVAL && r->file.n_problems ? "" : "mlpsweep: ", err->text);
        text = r->text;
    }
    struct ms_error ignored;
    size_t size = r->text_size + 1; // the text with its NUL
    status = ms_comm_mpi_bcast(comm, status, &text, &size, comm->rank == 0 ? &ignored : err);
    r->text = text;
    r->text_size = size - 1;
    if (status)
        return status;
    status = ms_comm_mpi_share(comm, r->file.pack, r->file.pack_size, &r->data_fd, err);
    if (status) {
        if (comm->rank == 0)
            fprintf(stderr, "mlpsweep: %s\n", err->text);
        return status;
    }
    ms_runfile_drop_pack(&r->file);
    if (comm->rank == 0)
        status = ms_runfile_map(&r->file, r->data_fd, err);
    const int signals[] = {SIGINT, SIGTERM, SIGUSR1, SIGUSR2, SIGXCPU};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        sigaction(signals[i], &(struct sigaction){.sa_handler = on_stop}, NULL);
    const int known = get_acquainted(comm, child, r, err);
    status = status ? status : known;
    int met = ms_comm_mpi_barrier(comm, err);
    if (comm->rank == 0)
        ms_supervisor_mark("ready", (int)getpid());
    return status ? status : met;
}

// Makes a rank's parts in order (trainer, MPI, sweep and data, store), lets it play its role, and
// undoes the parts. Only the trainer goes before its turn: it must not compute while MPI ends.
static int run_rank(const struct run_options *o, int argc, char **argv, int rank_hint)
{
    struct ms_error err = {0};
    struct ms_blas blas;
    if (ms_blas_settle(&blas, &err)) {
        fprintf(stderr, "mlpsweep: %s\n", err.text);
        return MS_EXIT_REFUSED;
    }
    struct ms_child child = {0};
    struct ms_comm *comm = NULL;
    struct shared_run r = {.data_fd = -1, .own = facts_of(&blas, rank_hint == 1)};
    if (rank_hint != 0 && ms_child_fork(&child, NULL, &err)) {
        fprintf(stderr, "mlpsweep: the trainer cannot be started: %s\n", err.text);
        return MS_EXIT_INTERRUPTED;
    }
    if (ms_comm_mpi_new(&argc, &argv, &comm, &err)) {
        fprintf(stderr, "mlpsweep: MPI cannot be started: %s\n", err.text);
        ms_child_end(&child);
        return MS_EXIT_INTERRUPTED;
    }
    bool clean = true;
    int status = start_together(o, comm, &child, &r, &err), result;
    if (status)
        result = status == MS_ENOMEM || status == MS_ECOMM ? MS_EXIT_INTERRUPTED : MS_EXIT_REFUSED;
    else if (comm->rank == 0)
        result = coordinate(o, argc, argv, comm, &r, &clean, &err);
    else
        result = train(o, comm, &child, &r, &err);
    if (r.store && ms_store_close(r.store, &err))
        fprintf(stderr, "mlpsweep: %s\n", err.text);
    ms_child_end(&child);
    if (comm->rank == 0)
        ms_supervisor_mark("status", result);
    bool first = comm->rank == 0;
    ms_runfile_clear(&r.file);
    ms_store_names_clear(&r.program_changed);
    free(r.text);
    fflush(stdout);
    ms_comm_mpi_end(comm, clean);
    // Without --enable-recovery mpirun takes any rank's status for the run's: only rank 0 reports
    // one.
    _exit(first ? result : 0);
}

static int run(int argc, char **argv)
{
    struct run_options o;
    struct ms_error err;
    const int parsed = parse_run(argc, argv, &o);
    if (parsed < 0)
        return -1 - parsed;
    int rank = -1, size = 0;
    if (ms_launcher_found(&rank, &size))
        return run_rank(&o, argc, argv, rank);

    // A wrong file is refused at once, before mpirun takes its half second.
    struct ms_runfile file = {0};
    int status = ms_runfile_parse(&file, o.sweep_path, &err);
    if (status)
        fprintf(stderr, "%s%s\n", file.n_problems ? "" : "mlpsweep: ", err.text);
    ms_runfile_clear(&file);
    if (status)
        return MS_EXIT_REFUSED;
    struct ms_supervise_options s = {.workers = o.workers, .argc = argc, .argv = argv};
    return ms_supervisor_run(&s);
}

static int settle(struct ms_plan_machine *out, struct ms_error *err)
{
    struct ms_blas blas;
    const int status = ms_blas_settle(&blas, err);
    if (status)
        return status;
    *out = (struct ms_plan_machine){.gflops = ms_blas_gflops, .peak_gflops = ms_blas_peak_gflops()};
    static_assert(sizeof out->core == sizeof blas.core && sizeof out->core_note == sizeof blas.note,
                  "the plan has room for what BLAS says");
    memcpy(out->core, blas.core, sizeof out->core);
    memcpy(out->core_note, blas.note, sizeof out->core_note);
    return 0;
}

static int plan(int argc, char **argv)
{
    return ms_plan_command(argc, argv, ms_measure, settle);
}

// As in training: the same state of the processor while it computes, and only then.
static int evaluate(const struct ms_model *m, int threads, const struct ms_dataset *data,
                    uint32_t n, double *outputs, double *metrics, struct ms_error *err)
{
    fenv_t before;
    struct ms_arena *arena = ms_arena_new();
    if (!arena)
        return ms_no_memory(err, "a network");
    fegetenv(&before);
    ms_train_prepare(threads);
    const int status = ms_evaluate(m->config, data, 0, n, m->weights, arena, outputs, metrics, err);
    fesetenv(&before);
    ms_arena_free(arena);
    return status;
}

static int settle_blas(struct ms_error *err)
{
    struct ms_blas blas;
    return ms_blas_settle(&blas, err);
}

static int refit(int argc, char **argv)
{
    return ms_refit_command(argc, argv, ms_refit, settle_blas);
}

static int predict(int argc, char **argv)
{
    static const struct ms_predict_engine engine = {settle_blas, evaluate};
    return ms_predict_command(argc, argv, &engine);
}

int main(int argc, char **argv)
{
    static const struct ms_linked linked[] = {
        {"run", run}, {"plan", plan}, {"refit", refit}, {"predict", predict}};
    int status;
    if (ms_child_resumed(&status))
        return status;
    return ms_cli(argc, argv, linked, sizeof linked / sizeof *linked);
}
