// SPDX-License-Identifier: MIT
//
// Output appears whole or not at all, and replaces nothing unasked: files, folders, failures.
#include "mlpsweep/outfile.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

static char folder[64];
static struct ms_error err;

static const char *in(const char *name)
{
    static char buffer[4][200];
    static int k;
    k = (k + 1) % 4;
    snprintf(buffer[k], sizeof buffer[k], "%s/%s", folder, name);
    return buffer[k];
}

static int entries(const char *path)
{
    DIR *d = opendir(path);
    REQUIRE(d != NULL);
    int n = 0;
    while (readdir(d))
        n++;
    closedir(d);
    return n - 2;
}

static const char *content(const char *path)
{
    static char text[100];
    FILE *f = fopen(path, "r");
    if (!f)
        return "none";
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    fclose(f);
    return text;
}

static int put(const char *path, bool force, const char *text, int status)
{
    struct ms_outfile o;
    const int opened = ms_outfile_open(&o, path, force, &err);
    if (opened)
        return opened;
    CHECK(strcmp(path, "/dev/null") == 0 || strcmp(content(path), text) != 0);
    fputs(text, o.file);
    return ms_outfile_end(&o, status, &err);
}

static void test_files(void)
{
    char wanted[300];
    CHECK_INT(put(in("a"), false, "one", 0), 0);
    CHECK_STR(content(in("a")), "one");
    CHECK_INT(put(in("a"), false, "two", 0), MS_EINVAL);
    snprintf(wanted, sizeof wanted, "%s: is there already; --force replaces it", in("a"));
    CHECK_STR(err.text, wanted);
    CHECK_INT(put(in("a"), true, "three", MS_ESTATE), MS_ESTATE); // its writer failed
    CHECK_STR(content(in("a")), "one");
    CHECK_INT(put(in("a"), true, "four", 0), 0);
    CHECK_STR(content(in("a")), "four");
    CHECK_INT(entries(folder), 1); // and nothing temporary
    CHECK_INT(put(in("none/a"), false, "x", 0), MS_EIO);
    snprintf(wanted, sizeof wanted, "%s: cannot be written: No such file or directory",
             in("none/a"));
    CHECK_STR(err.text, wanted);
    CHECK_INT(put("", false, "x", 0), MS_EINVAL);
    CHECK_INT(put(folder, true, "x", 0), MS_EINVAL);
    CHECK_INT(put("/dev/null", false, "x", 0), 0);
    struct stat st;
    CHECK(stat("/dev/null", &st) == 0 && S_ISCHR(st.st_mode));
    struct ms_outfile o;
    CHECK_INT(ms_outfile_open(&o, NULL, false, &err), 0);
    CHECK(o.file == stdout && !o.temporary);
    CHECK_INT(ms_outfile_end(&o, 0, &err), 0);
    if (access("/dev/full", W_OK) == 0) {
        CHECK_INT(put("/dev/full", false, "x", 0), MS_EIO);
        CHECK_STR(err.text, "/dev/full: cannot be written: No space left on device");
    }
}

// Makes a folder with one file of that text in it.
static int put_folder(const char *path, bool force, const char *text, int status)
{
    struct ms_outfile o;
    const int opened = ms_outfile_folder(&o, path, force, &err);
    if (opened)
        return opened;
    char name[300];
    CHECK_THAT(snprintf(name, sizeof name, "%s/sub", o.temporary) > 0 && mkdir(name, 0777) == 0,
               "no folder %s", name);
    strcat(name, "/x");
    FILE *f = fopen(name, "w");
    REQUIRE(f != NULL);
    fputs(text, f);
    fclose(f);
    return ms_outfile_end(&o, status, &err);
}

static void test_folders(void)
{
    const int before = entries(folder);
    CHECK_INT(put_folder(in("d/"), false, "one", 0), 0);
    CHECK_STR(content(in("d/sub/x")), "one");
    CHECK_INT(put_folder(in("d"), false, "two", 0), MS_EINVAL);
    CHECK(strstr(err.text, "is there already; --force replaces it"));
    CHECK_INT(put_folder(in("d"), true, "three", MS_EIO), MS_EIO);
    CHECK_STR(content(in("d/sub/x")), "one");
    CHECK_INT(put_folder(in("d"), true, "four", 0), 0);
    CHECK_STR(content(in("d/sub/x")), "four");
    CHECK_INT(entries(folder), before + 1);

    REQUIRE(mkdir(in("mine"), 0777) == 0);
    CHECK_INT(put_folder(in("mine"), false, "into an empty one", 0), 0);
    CHECK_STR(content(in("mine/sub/x")), "into an empty one");
    REQUIRE(unlink(in("mine/.mlpsweep")) == 0); // as if somebody else had made it
    CHECK_INT(put_folder(in("mine"), true, "x", 0), MS_EINVAL);
    CHECK(strstr(err.text, "is not empty, and no export made it; name a new folder"));
    CHECK_STR(content(in("mine/sub/x")), "into an empty one");
    CHECK_INT(put_folder(in("a"), true, "x", 0), MS_EINVAL); // a file
    CHECK(strstr(err.text, "is no folder; a folder is written"));
}

int main(void)
{
    snprintf(folder, sizeof folder, "/tmp/mlpsweep-outfile-XXXXXX");
    REQUIRE(mkdtemp(folder) != NULL);
    test_files();
    test_folders();
    char command[100];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    CHECK_INT(system(command), 0);
    return check_done();
}
