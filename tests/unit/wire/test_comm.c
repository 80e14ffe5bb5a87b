// SPDX-License-Identifier: MIT
//
// Frames and the in-memory world: whole messages of any length, in order, from several sources at
// once; what arrives from a peer that died half way; what is refused.
#include "comm_mem.h"

#include "common/wire/frames.h"
#include "common/mpi/nodefile.h"
#include "check.h"
#include "mlpsweep/limits.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BODY = MS_FRAME_MAX - 4 };

static uint8_t *pattern(size_t size, unsigned seed)
{
    uint8_t *p = malloc(size + 1);
    REQUIRE(p);
    for (size_t i = 0; i < size; i++)
        p[i] = (uint8_t)(seed + i * 131 + (i >> 8) * 17);
    return p;
}

static void check_message(const struct ms_message *m, int source, size_t size, unsigned seed)
{
    uint8_t *wanted = pattern(size, seed);
    CHECK_INT(m->source, source);
    CHECK_INT(m->size, size);
    CHECK(m->size == size && memcmp(m->data, wanted, size) == 0);
    free(wanted);
}

static void test_lengths(void)
{
    static const size_t sizes[] = {0, 1, BODY - 1, BODY, BODY + 1, 2 * BODY, 2 * BODY + 1, 1000000};
    struct ms_frames_out q = {0};
    struct ms_frames_in in = {0};
    struct ms_error err;
    for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        uint8_t *data = pattern(sizes[i], i);
        REQUIRE(ms_frames_put(&q, data, sizes[i], &err) == 0);
        free(data);
    }
    size_t frames = ms_frames_left(&q), seen = 0;
    unsigned whole = 0;
    uint8_t frame[MS_FRAME_MAX];
    for (size_t n; (n = ms_frames_next(&q, frame)) > 0; seen++) {
        struct ms_message m;
        CHECK(n <= MS_FRAME_MAX);
        int status = ms_frames_take(&in, 3, frame, n, &m, &err);
        REQUIRE(status >= 0);
        if (status == 1) {
            check_message(&m, 3, sizes[whole], whole);
            whole++;
        }
    }
    CHECK_INT(whole, sizeof sizes / sizeof *sizes);
    CHECK_INT(seen, frames);
    ms_frames_clear(&in);
}

static void test_cut(void)
{
    // A sender that forgot us in the middle and starts again: the new message is whole, the old
    // gone.
    struct ms_frames_out q = {0};
    struct ms_frames_in in = {0};
    struct ms_error err;
    struct ms_message m;
    uint8_t frame[MS_FRAME_MAX];
    uint8_t *data = pattern(3 * BODY, 1);
    REQUIRE(ms_frames_put(&q, data, 3 * BODY, &err) == 0);
    size_t n = ms_frames_next(&q, frame);
    CHECK_INT(ms_frames_take(&in, 1, frame, n, &m, &err), 0);
    ms_frames_drop(&q);
    CHECK_INT(ms_frames_next(&q, frame), 0);
    free(data);
    data = pattern(2 * BODY, 2);
    REQUIRE(ms_frames_put(&q, data, 2 * BODY, &err) == 0);
    free(data);
    n = ms_frames_next(&q, frame);
    CHECK_INT(ms_frames_take(&in, 1, frame, n, &m, &err), 0);
    n = ms_frames_next(&q, frame);
    CHECK_INT(ms_frames_take(&in, 1, frame, n, &m, &err), 1);
    check_message(&m, 1, 2 * BODY, 2);
    // A middle without a beginning, rubbish, too short, another version, another flag.
    uint8_t middle[10] = {1, 0};
    CHECK_INT(ms_frames_take(&in, 1, middle, sizeof middle, &m, &err), MS_EFORMAT);
    middle[1] = 2;
    CHECK_INT(ms_frames_take(&in, 1, middle, sizeof middle, &m, &err), MS_EFORMAT);
    middle[1] = 3;
    CHECK_INT(ms_frames_take(&in, 1, middle, 3, &m, &err), MS_EFORMAT);
    CHECK_INT(ms_frames_take(&in, 1, middle, 4, &m, &err), 1);
    CHECK_INT(m.size, 0);
    middle[0] = 2;
    CHECK_INT(ms_frames_take(&in, 1, middle, sizeof middle, &m, &err), MS_EFORMAT);
    middle[0] = 1;
    middle[1] = 7;
    CHECK_INT(ms_frames_take(&in, 1, middle, sizeof middle, &m, &err), MS_EFORMAT);
    ms_frames_clear(&in);
}

static void test_limit(void)
{
    struct ms_frames_out q = {0};
    struct ms_error err;
    uint8_t one = 0;
    CHECK_INT(ms_frames_put(&q, &one, (size_t)MS_MAX_MESSAGE + 1, &err), MS_ELIMIT);
    // A peer that never ends its message is refused at the limit, not at the end of memory.
    struct ms_frames_in in = {0};
    struct ms_message m;
    uint8_t frame[MS_FRAME_MAX] = {1, 1};
    int status = ms_frames_take(&in, 1, frame, sizeof frame, &m, &err);
    frame[1] = 0;
    size_t taken = 1;
    for (; status == 0 && taken < 30000; taken++)
        status = ms_frames_take(&in, 1, frame, sizeof frame, &m, &err);
    CHECK_INT(status, MS_ELIMIT);
    CHECK(taken * BODY <= (size_t)MS_MAX_MESSAGE + 2 * BODY);
    ms_frames_clear(&in);
}

static void test_world(void)
{
    struct ms_comm_world *w = ms_comm_world_new(3);
    REQUIRE(w);
    struct ms_comm *c[3];
    for (int i = 0; i < 3; i++) {
        c[i] = ms_comm_world_rank(w, i);
        CHECK(c[i]->rank == i && c[i]->size == 3);
    }
    struct ms_error err;
    struct ms_message m;
    CHECK_INT(ms_comm_poll(c[0], &m, &err), 0);
    size_t sent[3] = {0};
    for (unsigned k = 0; k < 50; k++) // two sources at once, their own order each
        for (int from = 1; from <= 2; from++) {
            uint8_t *data = pattern(k * 997, k);
            CHECK_INT(ms_comm_send(c[from], 0, data, k * 997, &err), 0);
            free(data);
        }
    for (int i = 0; i < 100; i++) {
        REQUIRE(ms_comm_poll(c[0], &m, &err) == 1);
        unsigned k = (unsigned)sent[m.source]++;
        check_message(&m, m.source, k * 997, k);
    }
    CHECK_INT(ms_comm_poll(c[0], &m, &err), 0);
    CHECK_INT(ms_comm_send(c[0], 3, "x", 1, &err), MS_ECOMM);
    CHECK_INT(ms_comm_send(c[0], -1, "x", 1, &err), MS_ECOMM);

    // Death: what was sent before arrives, nothing after, sends to it vanish.
    CHECK_INT(ms_comm_send(c[1], 0, "before", 6, &err), 0);
    ms_comm_world_kill(w, 1);
    CHECK_INT(ms_comm_send(c[1], 0, "after", 5, &err), 0);
    CHECK_INT(ms_comm_send(c[0], 1, "late", 4, &err), 0);
    CHECK_INT(ms_comm_poll(c[0], &m, &err), 1);
    CHECK(m.size == 6 && memcmp(m.data, "before", 6) == 0);
    CHECK_INT(ms_comm_poll(c[0], &m, &err), 0);
    CHECK_INT(ms_comm_poll(c[1], &m, &err), 0);

    // Forgotten until it speaks again.
    ms_comm_forget(c[0], 2);
    CHECK_INT(ms_comm_send(c[0], 2, "no", 2, &err), 0);
    CHECK_INT(ms_comm_poll(c[2], &m, &err), 0);
    CHECK_INT(ms_comm_send(c[2], 0, "here", 4, &err), 0);
    CHECK_INT(ms_comm_poll(c[0], &m, &err), 1);
    CHECK_INT(ms_comm_send(c[0], 2, "yes", 3, &err), 0);
    CHECK_INT(ms_comm_poll(c[2], &m, &err), 1);
    CHECK(m.size == 3 && memcmp(m.data, "yes", 3) == 0);
    CHECK_INT(ms_comm_flush(c[0], &err), 0);
    ms_comm_world_free(w);
}

static void test_nodefile(void)
{
    char path[MS_NODEFILE_PATH_MAX];
    struct ms_error err;
    int writing = -1, reading = -1;
    setenv("TMPDIR", "/nonexistent/folder", 1); // falls through to /tmp
    REQUIRE(ms_nodefile_create(10, path, &writing, &err) == 0);
    CHECK(strncmp(path, "/tmp/mlpsweep-data-", 19) == 0 || strncmp(path, "/dev/shm/", 9) == 0);
    struct stat st;
    CHECK(fstat(writing, &st) == 0 && st.st_size == 10 && (st.st_mode & 0777) == 0600);
    CHECK_INT(ms_nodefile_write(writing, "01234", 5, 0, path, &err), 0);
    CHECK_INT(ms_nodefile_write(writing, "56789", 5, 5, path, &err), 0);
    CHECK(ms_nodefile_open(path, 11, &reading, &err) == MS_EIO && reading == -1);
    REQUIRE(ms_nodefile_open(path, 10, &reading, &err) == 0);
    unlink(path);
    char back[11] = "";
    CHECK(read(reading, back, 10) == 10);
    CHECK_STR(back, "0123456789");
    CHECK(write(reading, "x", 1) < 0);
    close(reading);
    close(writing);
    CHECK_INT(ms_nodefile_open(path, 10, &reading, &err), MS_EIO);
    // More than any disk has: refused in words, nothing left behind.
    CHECK_INT(ms_nodefile_create((size_t)1 << 60, path, &writing, &err), MS_EIO);
    CHECK(strstr(err.text, "TMPDIR") && strstr(err.text, "/tmp: "));
}

int main(void)
{
    test_lengths();
    test_cut();
    test_limit();
    test_world();
    test_nodefile();
    return check_done();
}
