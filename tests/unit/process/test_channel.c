// SPDX-License-Identifier: MIT
//
// Messages over a socketpair: whole, in order, however little the socket takes at a time; the
// descriptor that travels with one; the end of the other side.
#include "check.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mlpsweep/limits.h"
#include "worker/process/channel.h"

static struct ms_error err;
static struct ms_channel a, b;

static void open_both(void)
{
    int fds[2];
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds) == 0);
    a = (struct ms_channel){.fd = fds[0]};
    b = (struct ms_channel){.fd = fds[1]};
}

static void close_both(void)
{
    close(a.fd);
    close(b.fd);
    ms_channel_clear(&a);
    ms_channel_clear(&b);
    CHECK(a.fd == -1 && b.fd == -1);
}

// The i-th message: its length and its bytes follow from i.
static size_t message(int i, uint8_t *out)
{
    size_t n = (size_t)i * 997 % 60000;
    for (size_t k = 0; k < n; k++)
        out[k] = (uint8_t)(i * 31 + (int)k);
    return n;
}

static void test_many(void)
{
    enum { N = 200 };
    static uint8_t wanted[1 << 16];
    int put = 0, got = 0;
    open_both();
    while (got < N) {
        for (int burst = 0; burst < 7 && put < N; burst++, put++)
            REQUIRE(ms_channel_put(&a, wanted, message(put, wanted), &err) == 0);
        REQUIRE(ms_channel_push(&a, false, &err) == 0); // as much as the socket takes
        int pulled = ms_channel_pull(&b, false, NULL, &err);
        REQUIRE(pulled >= 0);
        const uint8_t *data;
        size_t size;
        while (ms_channel_next(&b, &data, &size, &err) == 1) {
            size_t n = message(got, wanted);
            CHECK_THAT(size == n && memcmp(data, wanted, n) == 0, "message %d differs", got);
            got++;
        }
    }
    CHECK(!ms_channel_pending(&a));
    CHECK_INT(ms_channel_pull(&b, false, NULL, &err), 0);
    close_both();
}

static void test_pieces(void)
{
    static const uint8_t raw[] = {3, 0, 0, 0, 'a', 'b', 'c', 0, 0, 0, 0, 1, 0, 0, 0, 'd'};
    const uint8_t *data;
    size_t size, taken = 0;
    open_both();
    for (size_t i = 0; i < sizeof raw; i++) { // byte after byte
        REQUIRE(write(a.fd, raw + i, 1) == 1);
        REQUIRE(ms_channel_pull(&b, true, NULL, &err) == 1);
        int status = ms_channel_next(&b, &data, &size, &err);
        CHECK_INT(status, i == 6 || i == 10 || i == 15);
        taken += status == 1 ? size : 0;
    }
    CHECK_INT(taken, 4);
    close_both();
}

// Long messages, which are not copied, between short ones: all arrive, in order.
static void test_send(void)
{
    enum { LONG = 3 << 20 };
    uint8_t *bytes = malloc(LONG);
    REQUIRE(bytes);
    for (size_t i = 0; i < LONG; i++)
        bytes[i] = (uint8_t)(i * 7 >> 3);
    open_both();
    const pid_t pid = fork();
    REQUIRE(pid >= 0);
    if (pid == 0) {
        bool good = ms_channel_put(&a, "one", 3, &err) == 0;
        good = good && ms_channel_send(&a, bytes, LONG, &err) == 0;
        good = good && ms_channel_send(&a, "two", 3, &err) == 0 && !ms_channel_pending(&a);
        _exit(!good || ms_channel_send(&a, bytes, (size_t)MS_MAX_MESSAGE + 1, &err) != MS_ELIMIT);
    }
    static const size_t sizes[] = {3, LONG, 3};
    for (int i = 0; i < 3; i++) {
        const uint8_t *data;
        size_t size;
        while (ms_channel_next(&b, &data, &size, &err) == 0)
            REQUIRE(ms_channel_pull(&b, true, NULL, &err) == 1);
        CHECK_INT(size, sizes[i]);
        CHECK(memcmp(data,
                     i == 0   ? (const void *)"one"
                     : i == 1 ? bytes
                              : (const void *)"two",
                     sizes[i]) == 0);
    }
    int status = 0;
    CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    free(bytes);
    close_both();
}

static void test_descriptor(void)
{
    int fds[2], received = -1;
    char c = 0;
    const uint8_t *data;
    size_t size;
    open_both();
    REQUIRE(pipe(fds) == 0);
    a.pass_fd = fds[1];
    a.pass = true;
    for (int i = 0; i < 2; i++)
        REQUIRE(ms_channel_put(&a, "hello", 5, &err) == 0);
    REQUIRE(ms_channel_push(&a, true, &err) == 0);
    CHECK(!a.pass);
    REQUIRE(ms_channel_pull(&b, true, &received, &err) == 1);
    CHECK(ms_channel_next(&b, &data, &size, &err) == 1 && size == 5);
    CHECK(ms_channel_next(&b, &data, &size, &err) == 1 && memcmp(data, "hello", 5) == 0);
    REQUIRE(received >= 0 && received != fds[1]);
    CHECK(fcntl(received, F_GETFD) & FD_CLOEXEC); // not for programs that a command starts
    close(fds[1]);
    CHECK(write(received, "x", 1) == 1 && read(fds[0], &c, 1) == 1 && c == 'x');
    close(received);
    CHECK_INT(read(fds[0], &c, 1), 0); // no copy of it is open any more

    REQUIRE(pipe(fds) == 0); // one that is not wanted is closed
    a.pass_fd = fds[1];
    a.pass = true;
    REQUIRE(ms_channel_put(&a, "", 0, &err) == 0 && ms_channel_push(&a, true, &err) == 0);
    close(fds[1]);
    REQUIRE(ms_channel_pull(&b, true, NULL, &err) == 1);
    CHECK_INT(read(fds[0], &c, 1), 0);
    close(fds[0]);
    close_both();
}

static void test_ends(void)
{
    const uint8_t *data;
    size_t size;
    open_both();
    REQUIRE(ms_channel_put(&a, "last", 4, &err) == 0 && ms_channel_push(&a, true, &err) == 0);
    shutdown(a.fd, SHUT_WR);
    REQUIRE(ms_channel_pull(&b, true, NULL, &err) == 1);
    CHECK_INT(ms_channel_pull(&b, true, NULL, &err), MS_ECOMM);
    CHECK(ms_channel_next(&b, &data, &size, &err) == 1 && size == 4); // it came before the end
    close_both();

    open_both();
    close(b.fd);
    b.fd = -1;
    REQUIRE(ms_channel_put(&a, "lost", 4, &err) == 0);
    CHECK_INT(ms_channel_push(&a, true, &err), MS_ECOMM); // no signal
    CHECK(ms_channel_pending(&a));
    ms_channel_drop(&a);
    CHECK(!ms_channel_pending(&a));
    close_both();
}

static void test_lengths(void)
{
    const uint8_t *data;
    size_t size;
    const uint32_t most = MS_MAX_MESSAGE;
    uint8_t head[4];
    open_both();
    CHECK_INT(ms_channel_put(&a, NULL, (size_t)most + 1, &err), MS_ELIMIT);
    CHECK(!ms_channel_pending(&a));
    for (int over = 0; over < 2; over++) {
        for (int i = 0; i < 4; i++)
            head[i] = (uint8_t)((most + (uint32_t)over) >> (8 * i));
        REQUIRE(write(a.fd, head, 4) == 4 && ms_channel_pull(&b, true, NULL, &err) == 1);
        CHECK_INT(ms_channel_next(&b, &data, &size, &err), over ? MS_EFORMAT : 0);
        b.in.first = b.in.last; // forget it
    }
    close_both();
}

int main(void)
{
    test_many();
    test_pieces();
    test_send();
    test_descriptor();
    test_ends();
    test_lengths();
    return check_done();
}
