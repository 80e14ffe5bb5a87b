// SPDX-License-Identifier: MIT
//
// Messages over MPI.
//
// Each frame is sent by MPI_Isend from a slot that owns its bytes until MPI has taken them. Every
// peer has its own queue of messages and its own number of slots. So a peer that takes nothing (it
// may be dead, unnoticed) holds up nobody else and costs a bounded amount of memory beside its
// queue; the layer above notices the silence and calls forget. A peer that takes a long message
// gets one more slot for each one it has taken, from IN_FLIGHT_MIN up to IN_FLIGHT_MAX: a process
// that pushes its sends once a turn would otherwise send only a few megabytes a second.
//
// The slots of a forgotten peer are left to MPI for good: a send that never completes cannot be
// cancelled (Open MPI does not cancel sends), and its memory cannot be reused.
#include "comm_mpi.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "comm_mpi_internal.h"
#include "common/wire/frames.h"
#include "mlpsweep/clock.h"
#include "mlpsweep/compare.h"
#include "mlpsweep/limits.h"
#include "mlpsweep/memory.h"

enum tag { TAG_FRAME = 1, TAG_LEAVE }; // all tags of the program

enum {
    IN_FLIGHT_MIN = 8, // unfinished sends per peer
    IN_FLIGHT_MAX = 64,
    PROBES = 4,     // per poll: Open MPI often finds a message only at the second probe
    FAREWELL_S = 5, // how long to wait at the end for the other ranks
    MEET_S = 300,   // in MPI_Init, which waits for ever for a rank that has died
};

struct slot {
    int peer;
    uint8_t frame[MS_FRAME_MAX];
};

struct peer {
    struct ms_frames_out out;
    struct ms_frames_in in;
    int in_flight;
    int window; // bound of in_flight
    bool busy;  // in comm_mpi.busy
    bool forgotten;
};

struct comm_mpi {
    struct ms_comm base;
    struct peer *peers;
    int *busy; // peers whose queue is not empty
    int n_busy;
    // Unfinished sends: requests[i] is that of slots[i]. All four arrays have the same room.
    MPI_Request *requests;
    struct slot **slots;
    int *done; // indices that MPI_Testsome returned
    int n_slots;
    struct slot **spare;
    int n_spare;
    size_t room;
    uint8_t frame[MS_FRAME_MAX]; // the last one received
};

int ms_mpi_fail(struct ms_error *err, int rc, const char *what)
{
    char text[MPI_MAX_ERROR_STRING] = "";
    int n = 0;
    if (MPI_Error_string(rc, text, &n) != MPI_SUCCESS)
        snprintf(text, sizeof text, "error %d", rc);
    return ms_fail(err, MS_ECOMM, "%s: %s", what, text);
}

// --- sending -----------------------------------------------------------------

// Makes room for one more unfinished send.
static int reserve_slot(struct comm_mpi *m, struct ms_error *err)
{
    const struct ms_column_array columns[] = {{&m->requests, sizeof *m->requests},
                                              {&m->slots, sizeof *m->slots},
                                              {&m->spare, sizeof *m->spare},
                                              {&m->done, sizeof *m->done}};
    return ms_grow_columns(columns, 4, &m->room, (size_t)m->n_slots + 1, "messages to other ranks",
                           err);
}

// Releases the finished slot at index i: its frame becomes spare, and the last slot takes its
// place.
static void release_slot(struct comm_mpi *m, int i)
{
    struct slot *s = m->slots[i];
    struct peer *p = &m->peers[s->peer];
    p->in_flight--;
    p->window += p->out.first && p->window < IN_FLIGHT_MAX;
    m->n_slots--;
    m->slots[i] = m->slots[m->n_slots];
    m->requests[i] = m->requests[m->n_slots];
    if ((size_t)m->n_spare < m->room)
        m->spare[m->n_spare++] = s;
    else
        free(s);
}

// Hands the next frame of a peer's queue to MPI.
static int send_frame(struct comm_mpi *m, int dest, struct ms_error *err)
{
    struct peer *p = &m->peers[dest];
    int status = reserve_slot(m, err);
    if (status)
        return status;
    struct slot *s = m->n_spare ? m->spare[--m->n_spare] : malloc(sizeof *s);
    if (!s)
        return ms_no_memory(err, "a message to rank %d", dest);
    s->peer = dest;
    size_t n = ms_frames_next(&p->out, s->frame);
    MPI_Request request;
    int rc = MPI_Isend(s->frame, (int)n, MPI_BYTE, dest, TAG_FRAME, MPI_COMM_WORLD, &request);
    if (rc != MPI_SUCCESS) {
        free(s);
        return ms_mpi_fail(err, rc, "MPI_Isend");
    }
    p->in_flight++;
    m->slots[m->n_slots] = s;
    m->requests[m->n_slots++] = request;
    int flag = 0; // a small frame has usually left at once
    rc = MPI_Test(&m->requests[m->n_slots - 1], &flag, MPI_STATUS_IGNORE);
    if (rc != MPI_SUCCESS)
        return ms_mpi_fail(err, rc, "MPI_Test");
    if (flag)
        release_slot(m, m->n_slots - 1);
    return 0;
}

static int push_peer(struct comm_mpi *m, int dest, struct ms_error *err)
{
    struct peer *p = &m->peers[dest];
    if (p->window < IN_FLIGHT_MIN)
        p->window = IN_FLIGHT_MIN;
    while (p->out.first && p->in_flight < p->window) {
        int status = send_frame(m, dest, err);
        if (status)
            return status;
    }
    if (!p->out.first)
        p->window = IN_FLIGHT_MIN;
    return 0;
}

// Takes back the slots of finished sends and fills them from the queues.
static int push(struct comm_mpi *m, struct ms_error *err)
{
    if (m->n_slots) {
        int n = 0;
        int rc = MPI_Testsome(m->n_slots, m->requests, &n, m->done, MPI_STATUSES_IGNORE);
        if (rc != MPI_SUCCESS)
            return ms_mpi_fail(err, rc, "MPI_Testsome");
        if (n != MPI_UNDEFINED && n > 0) {
            // From the highest index down: release_slot then moves only slots already handled.
            qsort(m->done, (size_t)n, sizeof *m->done, ms_compare_int);
            for (int i = n - 1; i >= 0; i--)
                release_slot(m, m->done[i]);
        }
    }
    for (int i = 0; i < m->n_busy;) {
        int status = push_peer(m, m->busy[i], err);
        if (status)
            return status;
        if (m->peers[m->busy[i]].out.first) {
            i++;
        } else {
            m->peers[m->busy[i]].busy = false;
            m->busy[i] = m->busy[--m->n_busy];
        }
    }
    return 0;
}

static int mpi_send(struct ms_comm *c, int dest, const void *data, size_t size,
                    struct ms_error *err)
{
    struct comm_mpi *m = (struct comm_mpi *)c;
    if (dest < 0 || dest >= c->size)
        return ms_fail(err, MS_ECOMM, "there is no rank %d to send to", dest);
    struct peer *p = &m->peers[dest];
    if (p->forgotten)
        return 0;
    int status = ms_frames_put(&p->out, data, size, err);
    if (!status)
        status = push_peer(m, dest, err);
    if (p->out.first && !p->busy) {
        p->busy = true;
        m->busy[m->n_busy++] = dest;
    }
    return status;
}

static int mpi_flush(struct ms_comm *c, struct ms_error *err)
{
    struct comm_mpi *m = (struct comm_mpi *)c;
    int status = push(m, err);
    if (status)
        return status;
    size_t frames = (size_t)m->n_slots;
    for (int i = 0; i < m->n_busy; i++)
        frames += ms_frames_left(&m->peers[m->busy[i]].out);
    return frames > INT_MAX ? INT_MAX : (int)frames;
}

static void mpi_forget(struct ms_comm *c, int peer)
{
    struct comm_mpi *m = (struct comm_mpi *)c;
    if (peer < 0 || peer >= c->size || m->peers[peer].forgotten)
        return;
    struct peer *p = &m->peers[peer];
    p->forgotten = true;
    ms_frames_drop(&p->out); // push() removes it from busy
    for (int i = m->n_slots - 1; i >= 0; i--) {
        if (m->slots[i]->peer != peer)
            continue;
        // The slot does not become spare: MPI may read its frame as long as the program lives.
        m->n_slots--;
        m->slots[i] = m->slots[m->n_slots];
        m->requests[i] = m->requests[m->n_slots];
        p->in_flight--;
    }
}

// --- receiving ---------------------------------------------------------------

static int mpi_poll(struct ms_comm *c, struct ms_message *out, struct ms_error *err)
{
    struct comm_mpi *m = (struct comm_mpi *)c;
    int status = push(m, err);
    if (status)
        return status;
    for (int probe = 0; probe < PROBES; probe++) {
        int flag = 0, n = 0;
        MPI_Status st;
        int rc = MPI_Iprobe(MPI_ANY_SOURCE, TAG_FRAME, MPI_COMM_WORLD, &flag, &st);
        if (rc != MPI_SUCCESS)
            return ms_mpi_fail(err, rc, "MPI_Iprobe");
        if (!flag)
            continue;
        rc = MPI_Get_count(&st, MPI_BYTE, &n);
        if (rc != MPI_SUCCESS || n < 0 || n > MS_FRAME_MAX)
            return ms_fail(err, MS_EFORMAT, "rank %d sent a frame of %d bytes", st.MPI_SOURCE, n);
        int source = st.MPI_SOURCE;
        rc = MPI_Recv(m->frame, n, MPI_BYTE, source, TAG_FRAME, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        if (rc != MPI_SUCCESS)
            return ms_mpi_fail(err, rc, "MPI_Recv");
        m->peers[source].forgotten = false; // it is alive
        status = ms_frames_take(&m->peers[source].in, source, m->frame, (size_t)n, out, err);
        if (status)
            return status;
        probe = -1; // part of a long message: the rest is usually there
    }
    return 0;
}

// --- life cycle --------------------------------------------------------------

// Slots that MPI may still read are not freed: with a lost peer the caller leaves by _exit.
static void mpi_free(struct ms_comm *c)
{
    struct comm_mpi *m = (struct comm_mpi *)c;
    for (int i = 0; m->peers && i < c->size; i++) {
        ms_frames_drop(&m->peers[i].out);
        ms_frames_clear(&m->peers[i].in);
    }
    for (int i = 0; i < m->n_spare; i++)
        free(m->spare[i]);
    free(m->peers);
    free(m->busy);
    free(m->requests);
    free(m->slots);
    free(m->spare);
    free(m->done);
    free(m);
}

static const struct ms_comm_ops mpi_ops = {mpi_send, mpi_poll, mpi_flush, mpi_forget, mpi_free};

int ms_comm_mpi_new(int *argc, char ***argv, struct ms_comm **out, struct ms_error *err)
{
    *out = NULL;
    alarm(MEET_S); // mpirun lets the others live on: they end themselves, by SIGALRM
    int rc = MPI_Init(argc, argv);
    alarm(0);
    if (rc != MPI_SUCCESS)
        return ms_mpi_fail(err, rc, "MPI_Init");
    rc = MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    if (rc != MPI_SUCCESS)
        return ms_mpi_fail(err, rc, "MPI_Comm_set_errhandler");
    struct comm_mpi *m = calloc(1, sizeof *m);
    if (!m)
        return ms_no_memory(err, "the communicator");
    m->base.ops = &mpi_ops;
    if ((rc = MPI_Comm_rank(MPI_COMM_WORLD, &m->base.rank)) != MPI_SUCCESS ||
        (rc = MPI_Comm_size(MPI_COMM_WORLD, &m->base.size)) != MPI_SUCCESS) {
        mpi_free(&m->base);
        return ms_mpi_fail(err, rc, "MPI_Comm_rank");
    }
    m->peers = calloc((size_t)m->base.size, sizeof *m->peers);
    m->busy = calloc((size_t)m->base.size, sizeof *m->busy);
    if (!m->peers || !m->busy) {
        const int size = m->base.size;
        mpi_free(&m->base);
        return ms_no_memory(err, "messages to %d ranks", size);
    }
    *out = &m->base;
    return 0;
}

const char *ms_comm_mpi_version(char *out, size_t size)
{
    char text[MPI_MAX_LIBRARY_VERSION_STRING] = "";
    int n = 0;
    if (MPI_Get_library_version(text, &n) != MPI_SUCCESS || !text[0])
        snprintf(text, sizeof text, "MPI");
    // "Open MPI v4.1.4, package: …" becomes "Open MPI 4.1.4"
    text[strcspn(text, ",\n")] = 0;
    char *v = strstr(text, " v");
    if (v && v[2] >= '0' && v[2] <= '9')
        memmove(v + 1, v + 2, strlen(v + 2) + 1);
    snprintf(out, size, "%s", text);
    return out;
}

// --- the end -----------------------------------------------------------------

// MPI_Finalize may hang when a rank is dead, so that no rank enters it alone: all meet first.
// Returns false if a rank does not come, or if rank 0 announces that one cannot (TAG_LEAVE).
static bool meet(struct ms_comm *c)
{
    MPI_Request request;
    if (MPI_Ibarrier(MPI_COMM_WORLD, &request) != MPI_SUCCESS)
        return false;
    for (double deadline = ms_now_s() + FAREWELL_S; ms_now_s() < deadline;) {
        int met = 0, told = 0;
        if (MPI_Test(&request, &met, MPI_STATUS_IGNORE) != MPI_SUCCESS ||
            (c->rank &&
             MPI_Iprobe(0, TAG_LEAVE, MPI_COMM_WORLD, &told, MPI_STATUS_IGNORE) != MPI_SUCCESS))
            return false;
        if (met || told)
            return met;
        nanosleep(&(struct timespec){.tv_nsec = 500000}, NULL);
    }
    return false;
}

static void tell_to_leave(struct ms_comm *c)
{
    MPI_Request request;
    for (int r = 1; r < c->size; r++)
        if (MPI_Isend(NULL, 0, MPI_BYTE, r, TAG_LEAVE, MPI_COMM_WORLD, &request) == MPI_SUCCESS &&
            MPI_Request_free(&request) != MPI_SUCCESS)
            return;
    for (int i = 0; i < 20; i++) { // Open MPI makes progress only inside its calls
        int flag;
        if (MPI_Iprobe(MPI_ANY_SOURCE, TAG_LEAVE, MPI_COMM_WORLD, &flag, MPI_STATUS_IGNORE) !=
            MPI_SUCCESS)
            return;
        nanosleep(&(struct timespec){.tv_nsec = 500000}, NULL);
    }
}

// Without MPI_Finalize, Open MPI's shared memory files stay in /dev/shm and occupy memory for ever.
// The files that this process has mapped, its own and its peers', belong to this run: remove them.
static void unlink_segments(void)
{
    FILE *f = fopen("/proc/self/maps", "re");
    char line[4200];
    while (f && fgets(line, sizeof line, f)) {
        char *path = strstr(line, "/dev/shm/");
        line[strcspn(line, "\n")] = 0;
        if (path && (strncmp(path + 9, "vader_segment.", 14) == 0 ||
                     strncmp(path + 9, "sm_segment.", 11) == 0))
            unlink(path);
    }
    if (f)
        fclose(f);
}

void ms_comm_mpi_end(struct ms_comm *c, bool clean)
{
    if (!c)
        return;
    if (!clean && c->rank == 0)
        tell_to_leave(c);
    if (clean && meet(c)) {
        struct comm_mpi *m = (struct comm_mpi *)c;
        // No rank reads any more: unfinished sends complete in MPI_Finalize.
        for (int i = 0; i < m->n_slots; i++)
            if (MPI_Request_free(&m->requests[i]) != MPI_SUCCESS)
                break;
        if (MPI_Finalize() != MPI_SUCCESS)
            return;
    } else {
        unlink_segments();
    }
    c->ops->free(c);
}
