// SPDX-License-Identifier: MIT
//
// Files of data sets: where they are found, plain and gzipped, cut off and damaged.
#include "source_helpers.h"

#include <sys/stat.h>

#include "coordinator/source/file.h"

static struct ms_error err;

static void test_find(void)
{
    char out[512];
    tmp_write("t.bin", "x", 1);
    REQUIRE(ms_file_find(tmp_dir, "t.bin", out, sizeof out, &err) == 0);
    CHECK_STR(out, tmp_path("t.bin")); // beside the sweep file
    REQUIRE(ms_file_find("/nowhere", tmp_path("t.bin"), out, sizeof out, &err) == 0);
    CHECK_STR(out, tmp_path("t.bin")); // an absolute path
    char here[512];
    REQUIRE(getcwd(here, sizeof here) && chdir(tmp_dir) == 0);
    REQUIRE(ms_file_find("/nowhere", "t.bin", out, sizeof out, &err) == 0);
    CHECK_STR(out, "t.bin"); // in the current folder, if not beside the sweep file
    REQUIRE(mkdir("sub", 0700) == 0);
    tmp_write("sub/t.bin", "y", 1);
    REQUIRE(ms_file_find("sub", "t.bin", out, sizeof out, &err) == 0);
    CHECK_STR(out, "sub/t.bin"); // which comes first
    REQUIRE(ms_file_find("", "t.bin", out, sizeof out, &err) == 0);
    CHECK_STR(out, "t.bin");
    unlink("sub/t.bin");
    rmdir("sub");
    REQUIRE(chdir(here) == 0);
    CHECK_INT(ms_file_find(tmp_dir, "none", out, sizeof out, &err), MS_EIO);
    CHECK(strstr(err.text, "neither in") && strstr(err.text, tmp_dir));
    CHECK_INT(ms_file_find(tmp_dir, "t.bin", out, 8, &err), MS_ELIMIT);
}

static void test_read(void)
{
    static const char *const names[] = {"t.bin", "t.bin.gz"};
    static char bytes[300000], back[sizeof bytes + 1];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * i >> 7);
    for (int k = 0; k < 2; k++) {
        CASE("%s", names[k]);
        struct ms_file f;
        size_t got;
        tmp_write(names[k], bytes, sizeof bytes);
        REQUIRE(ms_file_open(&f, tmp_path(names[k]), &err) == 0);
        REQUIRE(ms_file_read(&f, back, 1000, &got, &err) == 0 && got == 1000);
        // The size of a gzipped file is not known before it is read.
        CHECK_INT(ms_file_left(&f, 1000, 77), k ? 77 : (long long)sizeof bytes - 1000);
        REQUIRE(ms_file_read(&f, back + 1000, sizeof back - 1000, &got, &err) == 0);
        CHECK_INT(got, sizeof bytes - 1000); // less than asked for: the end
        CHECK(memcmp(bytes, back, sizeof bytes) == 0);
        REQUIRE(ms_file_read(&f, back, 1, &got, &err) == 0 && got == 0);
        CHECK_INT(ms_file_left(&f, sizeof bytes, 77), k ? 77 : 0);
        ms_file_close(&f);
        ms_file_close(&f); // harmless
    }
}

static void test_damage(void)
{
    static char bytes[5000], back[6000];
    size_t got;
    struct ms_file f;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 7919 >> 3);
    tmp_write("t.gz", bytes, sizeof bytes);
    REQUIRE(truncate(tmp_path("t.gz"), 200) == 0);
    REQUIRE(ms_file_open(&f, tmp_path("t.gz"), &err) == 0);
    CHECK_INT(ms_file_read(&f, back, sizeof back, &got, &err), MS_EFORMAT);
    CHECK(strstr(err.text, "t.gz: truncated") != NULL);
    ms_file_close(&f);

    tmp_write("t.gz", bytes, sizeof bytes);
    FILE *raw = fopen(tmp_path("t.gz"), "r+b");
    REQUIRE(raw && fseek(raw, 60, SEEK_SET) == 0);
    fputs("spoilt spoilt spoilt", raw);
    fclose(raw);
    REQUIRE(ms_file_open(&f, tmp_path("t.gz"), &err) == 0);
    CHECK_INT(ms_file_read(&f, back, sizeof back, &got, &err), MS_EFORMAT);
    CHECK(strstr(err.text, "t.gz: ") != NULL);
    ms_file_close(&f);

    CHECK_INT(ms_file_open(&f, tmp_dir, &err), MS_EIO);
    CHECK(strstr(err.text, "is a folder, expected a file") != NULL);
    CHECK_INT(ms_file_open(&f, tmp_path("none"), &err), MS_EIO);
    ms_file_close(&f); // also after a failed open
}

static void test_base(void)
{
    CHECK_STR(ms_file_base("a/b/c.csv"), "c.csv");
    CHECK_STR(ms_file_base("c.csv"), "c.csv");
    CHECK_STR(ms_file_base("mnist/"), "mnist/");
}

// The hash of "abc" is FIPS 180-4's example.
static void test_record(void)
{
    struct ms_data_info info = {0};
    tmp_write("abc", "abc", 3);
    for (int turn = 0; turn < 2; turn++) // the second time changes nothing
        for (int part = 0; part < MS_PARTS; part += MS_PART_TEST)
            REQUIRE(ms_file_record(&info, tmp_path("abc"), (enum ms_part)part, &err) == 0);
    REQUIRE(info.n_files == 2);
    CHECK_STR(info.file[0].path, tmp_path("abc"));
    CHECK_STR(info.file[0].part, "training");
    CHECK_STR(info.file[1].part, "test");
    CHECK_INT(info.file[1].bytes, 3);
    CHECK_STR(info.file[0].sha256,
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK_INT(ms_file_record(&info, tmp_path("none"), MS_PART_TEST, &err), MS_EIO);
    CHECK_INT(info.n_files, 2);
    ms_data_info_clear(&info);
}

int main(void)
{
    tmp_make();
    test_base();
    test_record();
    test_find();
    test_read();
    test_damage();
    tmp_remove();
    return check_done();
}
