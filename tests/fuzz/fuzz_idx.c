// SPDX-License-Identifier: MIT
//
// Images and labels in IDX files, plain or gzipped. The input: how many bytes of labels (u16,
// little-endian), the labels' file, the images' file.
#include "fuzz_data.h"

#include <sys/stat.h>

static char folder[64] = "/tmp/mlpsweep-fuzz-XXXXXX", labels_name[128], images_name[128];

static void remove_folder(void)
{
    unlink(labels_name);
    unlink(images_name);
    rmdir(folder);
}

static void make_folder(const char *labels, const char *images)
{
    PROMISE(mkdtemp(folder));
    atexit(remove_folder);
    snprintf(labels_name, sizeof labels_name, "%s/train-labels-idx1-ubyte", folder);
    snprintf(images_name, sizeof images_name, "%s/train-images-idx3-ubyte", folder);
    PROMISE(symlink(labels, labels_name) == 0 && symlink(images, images_name) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    size_t n = (size_t)(data[0] | data[1] << 8), rest = size - 2;
    n = n < rest ? n : rest;
    const char *labels = fuzz_file(0, data + 2, n), *images = fuzz_file(1, data + 2 + n, rest - n);
    if (!labels_name[0])
        make_folder(labels, images);
    struct ms_data_spec s = fuzz_spec(MS_IDX, folder, size);
    s.task = MS_MULTICLASS;
    fuzz_load(&s);
    return 0;
}
