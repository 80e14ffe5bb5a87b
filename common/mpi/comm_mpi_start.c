// SPDX-License-Identifier: MIT
//
// The collective start-up: rank 0's sweep and data go to all ranks, or all ranks leave together.
//
// The collectives are non-blocking and waited for with sleeps. Blocking ones would burn a core in
// every rank while rank 0 reads its data set, and would never notice that a rank has died.
#include "comm_mpi.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "comm_mpi_internal.h"
#include "nodefile.h"

#include "mlpsweep/clock.h"
#include "mlpsweep/memory.h"

enum {
    STARTUP_S = 1800, // longest wait inside a collective
    CHUNK = 4 << 20,  // bytes of a broadcast at a time
};

// Waits for a non-blocking collective; rc is what starting it returned.
static int finish(int rc, MPI_Request *request, const char *what, struct ms_error *err)
{
    if (rc != MPI_SUCCESS)
        return ms_mpi_fail(err, rc, what);
    double deadline = ms_now_s() + STARTUP_S;
    long sleep_ns = 10000;
    for (int pass = 0;; pass++) {
        int flag = 0;
        rc = MPI_Test(request, &flag, MPI_STATUS_IGNORE);
        if (rc != MPI_SUCCESS)
            return ms_mpi_fail(err, rc, what);
        if (flag)
            return 0;
        if (pass < 200 || pass % 4)
            continue;
        if (ms_now_s() > deadline)
            return ms_fail(err, MS_ECOMM, "no answer from another rank for %d s while starting",
                           STARTUP_S);
        nanosleep(&(struct timespec){0, sleep_ns}, NULL);
        sleep_ns = sleep_ns < 2000000 ? sleep_ns * 2 : sleep_ns;
    }
}

// The worst status of all ranks of a communicator, on each of them. A rank that failed keeps its
// own message; on the others the message says that another rank failed.
static int agree(MPI_Comm comm, int own, const char *what, struct ms_error *err)
{
    int worst = 0;
    MPI_Request request;
    int status = finish(MPI_Iallreduce(&own, &worst, 1, MPI_INT, MPI_MIN, comm, &request), &request,
                        "MPI_Iallreduce", own ? NULL : err);
    if (own)
        return own;
    if (status)
        return status;
    return worst ? ms_fail(err, worst, "another rank failed to %s", what) : 0;
}

static int bcast_bytes(MPI_Comm comm, void *data, size_t size, struct ms_error *err)
{
    for (size_t at = 0; at < size; at += CHUNK) {
        size_t n = size - at < CHUNK ? size - at : CHUNK;
        MPI_Request request;
        int status = finish(MPI_Ibcast((uint8_t *)data + at, (int)n, MPI_BYTE, 0, comm, &request),
                            &request, "MPI_Ibcast", err);
        if (status)
            return status;
    }
    return 0;
}

int ms_comm_mpi_bcast(struct ms_comm *c, int status, void **data, size_t *size,
                      struct ms_error *err)
{
    if (c->rank)
        *data = NULL;
    long long head[2] = {status, status ? 0 : (long long)*size};
    int own = bcast_bytes(MPI_COMM_WORLD, head, sizeof head, err);
    if (own)
        return own;
    if (head[0])
        return c->rank ? ms_fail(err, (int)head[0], "rank 0 refused to start") : status;
    void *copy = NULL;
    if (c->rank) {
        copy = malloc(head[1] > 0 ? (size_t)head[1] : 1);
        if (!copy)
            own = ms_no_memory(err, "%lld bytes from rank 0", head[1]);
    }
    own = agree(MPI_COMM_WORLD, own, "make room for the bytes of rank 0", err);
    if (!own)
        own = bcast_bytes(MPI_COMM_WORLD, c->rank ? copy : *data, (size_t)head[1], err);
    if (own) {
        free(copy);
        return own;
    }
    if (c->rank) {
        *data = copy;
        *size = (size_t)head[1];
    }
    return 0;
}

int ms_comm_mpi_gather(struct ms_comm *c, const void *own, size_t size, void *all,
                       struct ms_error *err)
{
    (void)c;
    MPI_Request request;
    return finish(MPI_Igather(own, (int)size, MPI_BYTE, all, (int)size, MPI_BYTE, 0, MPI_COMM_WORLD,
                              &request),
                  &request, "MPI_Igather", err);
}

int ms_comm_mpi_barrier(struct ms_comm *c, struct ms_error *err)
{
    (void)c;
    MPI_Request request;
    return finish(MPI_Ibarrier(MPI_COMM_WORLD, &request), &request, "MPI_Ibarrier", err);
}

// A node's data file. The leader makes path and sends it to every rank of the node.
struct share {
    size_t size;
    int writing; // leader: open for writing, -1 elsewhere
    char path[MS_NODEFILE_PATH_MAX];
};

// The leaders' part of sharing: a file of the data's size, then the data. Every leader takes part
// in all steps, whether it has failed or not, so that none waits for another for ever.
static int share_among_leaders(MPI_Comm leaders, struct share *s, const void *data /* rank 0 */,
                               struct ms_error *err)
{
    int status = ms_nodefile_create(s->size, s->path, &s->writing, err);
    status = agree(leaders, status, "make room for the data", err);
    uint8_t *chunk = status ? NULL : malloc(CHUNK);
    if (!status && !chunk)
        status = ms_no_memory(err, "the data");
    status = agree(leaders, status, "make room for the data", err);
    for (size_t at = 0; chunk && !status && at < s->size; at += CHUNK) {
        size_t n = s->size - at < CHUNK ? s->size - at : CHUNK;
        if (data)
            memcpy(chunk, (const uint8_t *)data + at, n);
        status = bcast_bytes(leaders, chunk, n, err);
        if (!status)
            status = ms_nodefile_write(s->writing, chunk, n, at, s->path, err);
        status = agree(leaders, status, "write the data to temporary space", err);
    }
    free(chunk);
    return status;
}

static int share_on(MPI_Comm node, MPI_Comm leaders, struct share *s, const void *data, int *fd,
                    struct ms_error *err)
{
    long long size = (long long)s->size;
    int status = bcast_bytes(MPI_COMM_WORLD, &size, sizeof size, err);
    if (status)
        return status;
    s->size = (size_t)size;
    if (leaders != MPI_COMM_NULL)
        status = share_among_leaders(leaders, s, data, err);
    status = agree(MPI_COMM_WORLD, status, "keep the data in its node's temporary space", err);
    if (!status)
        status = bcast_bytes(node, s->path, sizeof s->path, err);
    if (!status)
        status = ms_nodefile_open(s->path, s->size, fd, err);
    status = agree(MPI_COMM_WORLD, status, "open the data of its node", err);
    if (status && *fd >= 0) {
        close(*fd);
        *fd = -1;
    }
    return status;
}

int ms_comm_mpi_share(struct ms_comm *c, const void *data, size_t size, int *fd,
                      struct ms_error *err)
{
    *fd = -1;
    MPI_Comm node = MPI_COMM_NULL, leaders = MPI_COMM_NULL;
    int rank = 0;
    int rc =
        MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, c->rank, MPI_INFO_NULL, &node);
    if (rc == MPI_SUCCESS)
        rc = MPI_Comm_rank(node, &rank);
    if (rc == MPI_SUCCESS)
        rc = MPI_Comm_split(MPI_COMM_WORLD, rank == 0 ? 0 : MPI_UNDEFINED, c->rank, &leaders);
    if (rc != MPI_SUCCESS)
        return ms_mpi_fail(err, rc, "MPI_Comm_split");
    struct share s = {.size = c->rank ? 0 : size, .writing = -1};
    int status = share_on(node, leaders, &s, c->rank ? NULL : data, fd, err);
    // Every rank has it open, or none ever will.
    if (s.writing >= 0) {
        unlink(s.path);
        close(s.writing);
    }
    if (MPI_Comm_free(&node) != MPI_SUCCESS ||
        (leaders != MPI_COMM_NULL && MPI_Comm_free(&leaders) != MPI_SUCCESS))
        return status ? status : ms_fail(err, MS_ECOMM, "MPI_Comm_free failed");
    return status;
}
