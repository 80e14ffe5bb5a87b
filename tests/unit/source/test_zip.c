// SPDX-License-Identifier: MIT
//
// Entries of ZIP archives, made here byte by byte: stored and deflated, with Zip64's records, and
// spoilt in every place.
#include "source_helpers.h"

#include "coordinator/source/zip.h"

static struct ms_zip *z;
static struct ms_error err;
static unsigned char archive[8192];
static size_t size;

static void put(uint64_t v, int bytes)
{
    for (int i = 0; i < bytes; i++)
        archive[size++] = (unsigned char)(v >> (8 * i));
}

static void put_text(const char *text)
{
    memcpy(archive + size, text, strlen(text));
    size += strlen(text);
}

struct made {
    const char *name, *text;
    bool deflated, zip64;
    size_t packed, at; // filled by local()
};

static void local(struct made *m)
{
    unsigned char packed[4096];
    z_stream s = {.next_in = (unsigned char *)(uintptr_t)m->text,
                  .avail_in = (unsigned)strlen(m->text),
                  .next_out = packed,
                  .avail_out = sizeof packed};
    REQUIRE(deflateInit2(&s, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    REQUIRE(deflate(&s, Z_FINISH) == Z_STREAM_END);
    m->packed = m->deflated ? s.total_out : strlen(m->text);
    m->at = size;
    deflateEnd(&s);
    put_text("PK\3\4");
    put(0, 22); // sizes may be missing here: they are read in the directory
    put(strlen(m->name), 2);
    put(5, 2); // an extra field that is skipped
    put_text(m->name);
    put_text("extra");
    memcpy(archive + size, m->deflated ? (char *)packed : m->text, m->packed);
    size += m->packed;
}

static void central(const struct made *m)
{
    put_text("PK\1\2");
    put(0, 4);
    put(0, 2); // flags
    put(m->deflated ? 8 : 0, 2);
    put(0, 4);
    put(crc32(0, (const unsigned char *)m->text, (unsigned)strlen(m->text)), 4);
    put(m->zip64 ? 0xffffffffu : m->packed, 4);
    put(m->zip64 ? 0xffffffffu : strlen(m->text), 4);
    put(strlen(m->name), 2);
    put(m->zip64 ? 28 : 0, 2);
    put(3, 2); // a comment
    put(0, 8);
    put(m->zip64 ? 0xffffffffu : m->at, 4);
    put_text(m->name);
    if (m->zip64) {
        put(1, 2);
        put(24, 2);
        put(strlen(m->text), 8);
        put(m->packed, 8);
        put(m->at, 8);
    }
    put_text("yes");
}

// An archive of n entries; zip64: with an end record of its own kind. Returns where it was written.
static const char *make(struct made *m, int n, bool zip64)
{
    size = 0;
    put_text("#!/bin/sh\n"); // an archive may have something before it, if offsets count it
    for (int i = 0; i < n; i++)
        local(&m[i]);
    size_t directory = size;
    for (int i = 0; i < n; i++)
        central(&m[i]);
    size_t end64 = size;
    if (zip64) {
        put_text("PK\6\6");
        put(44, 8);
        put(0, 12);
        put((uint64_t)n, 8);
        put((uint64_t)n, 8);
        put(end64 - directory, 8);
        put(directory, 8);
        put_text("PK\6\7");
        put(0, 4);
        put(end64, 8);
        put(1, 4);
    }
    put_text("PK\5\6");
    put(0, 4);
    put(zip64 ? 0xffff : (uint64_t)n, 2);
    put(zip64 ? 0xffff : (uint64_t)n, 2);
    put(end64 - directory, 4);
    put(zip64 ? 0xffffffffu : directory, 4);
    put(7, 2);
    put_text("comment");
    tmp_write("a.zip", archive, size);
    return tmp_path("a.zip");
}

static void check_entry(const char *path, const char *name, const char *text, size_t piece)
{
    char got_all[4096] = "";
    size_t n = 0, got = piece;
    int status = ms_zip_open(z, path, name, &err);
    while (!status && got == piece) {
        REQUIRE(n + piece < sizeof got_all);
        status = ms_zip_read(z, got_all + n, piece, &got, &err);
        n += got;
    }
    CHECK_THAT(status == 0, "%s: %s", name, err.text);
    got_all[n] = '\0';
    CHECK_STR(got_all, text);
    ms_zip_close(z);
}

#define LONG "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz"

static void test_entries(void)
{
    for (int zip64 = 0; zip64 < 2; zip64++) {
        CASE("%s", zip64 ? "zip64" : "zip");
        struct made m[] = {{.name = "a.npy", .text = "stored", .zip64 = zip64},
                           {.name = "b.npy", .text = LONG LONG LONG, .deflated = true},
                           {.name = "c.npy", .text = "", .zip64 = zip64},
                           {.name = "d.npy", .text = "", .deflated = true}};
        const char *path = make(m, 4, zip64);
        for (size_t piece = 1; piece < 300; piece = 3 * piece + 1)
            for (int i = 0; i < 4; i++)
                check_entry(path, m[i].name, m[i].text, piece);
        CHECK_INT(ms_zip_open(z, path, "e.npy", &err), MS_EINVAL);
        CHECK(strstr(err.text, "there is no 'e.npy'; it has a.npy, b.npy, c.npy, d.npy") != NULL);
        ms_zip_close(z);
    }
}

static void refuse(const char *path, const char *why)
{
    char text[64];
    size_t got;
    int status = ms_zip_open(z, path, "a", &err);
    if (!status)
        status = ms_zip_read(z, text, sizeof text, &got, &err);
    CHECK_THAT(status == MS_EFORMAT && strstr(err.text, why), "%d, '%s', not '%s'", status,
               err.text, why);
    ms_zip_close(z);
}

static void test_refusals(void)
{
    struct made m = {.name = "a", .text = "some text"};
    const char *path = make(&m, 1, false);
    unsigned char *head = archive + m.at + 36; // of the data: after the name and the extra field
    REQUIRE(memcmp(head, "some text", 9) == 0);
    head[2] ^= 1;
    tmp_write("a.zip", archive, size);
    refuse(path, "check sum");
    head[2] ^= 1;
    unsigned char *directory = head + 9;
    REQUIRE(memcmp(directory, "PK\1\2", 4) == 0);
    directory[8] = 1;
    tmp_write("a.zip", archive, size);
    refuse(path, "encrypted");
    directory[8] = 0;
    directory[10] = 12;
    tmp_write("a.zip", archive, size);
    refuse(path, "method 12; stored (0) and deflated (8) can be read");
    directory[10] = 0;
    directory[24]++;
    tmp_write("a.zip", archive, size);
    refuse(path, "two sizes");
    directory[24]--;
    tmp_write("a.zip", "PK", 2);
    refuse(path, "not an NPZ (zip) archive");
    CHECK_INT(ms_zip_open(z, tmp_path("missing"), "a", &err), MS_EIO);
    ms_zip_close(z);
}

// Whatever one byte becomes, and wherever the file is cut, reading ends, and a text that is read is
// the text that was written; the sanitizers watch.
static void test_mutations(void)
{
    struct made m[] = {{.name = "a", .text = LONG, .deflated = true, .zip64 = true}};
    make(m, 1, true);
    unsigned char good[sizeof archive];
    memcpy(good, archive, size);
    for (size_t i = 0; i < size; i++)
        for (int k = 0; k < 3; k++) {
            memcpy(archive, good, size);
            archive[i] = (unsigned char)(k == 0 ? good[i] ^ 1 : k == 1 ? 0 : 0xff);
            tmp_write("a.zip", archive, k == 2 && i % 2 ? i : size);
            char text[256] = "";
            size_t got = 0;
            if (ms_zip_open(z, tmp_path("a.zip"), "a", &err) == 0 &&
                ms_zip_read(z, text, sizeof text - 1, &got, &err) == 0 && got)
                CHECK_STR(text, LONG);
            ms_zip_close(z);
        }
}

int main(void)
{
    tmp_make();
    z = malloc(sizeof *z);
    REQUIRE(z != NULL);
    test_entries();
    test_refusals();
    test_mutations();
    free(z);
    tmp_remove();
    return check_done();
}
