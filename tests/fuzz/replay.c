// SPDX-License-Identifier: MIT
//
// Gives a target the files of a corpus and mutations of them, always the same ones:
//
//     replay_WHAT PATH…      files, and folders whose files are taken
//
// Every file is named before it is tried: after a crash, the last one named is the culprit.
#include <dirent.h>
#include <sys/stat.h>

#include "fuzz.h"
#include "mlpsweep/rng.h"

enum {
    MUTATIONS = 3000, // of all files together
    AT_LEAST = 8,     // of each
    LONGEST = 1 << 20,
    MORE = 512, // a mutation may be longer by
};

struct input {
    char *name;
    uint8_t *data;
    size_t size;
};

static struct input *inputs;
static size_t n_inputs;
static struct ms_rng rng;
static uint64_t counter;

static void add_file(const char *path, size_t size)
{
    FILE *f = fopen(path, "rb");
    inputs = realloc(inputs, (n_inputs + 1) * sizeof *inputs);
    PROMISE(f && inputs);
    struct input *in = &inputs[n_inputs++];
    *in = (struct input){.name = strdup(path), .data = malloc(size + 1), .size = size};
    PROMISE(in->name && in->data && fread(in->data, 1, size, f) == size);
    fclose(f);
}

static void add_path(const char *path, bool folders)
{
    struct stat st;
    PROMISE(stat(path, &st) == 0);
    if (S_ISREG(st.st_mode) && st.st_size <= LONGEST)
        add_file(path, (size_t)st.st_size);
    if (!S_ISDIR(st.st_mode) || !folders)
        return;
    DIR *dir = opendir(path);
    PROMISE(dir);
    for (struct dirent *e; (e = readdir(dir)) != NULL;) {
        char inside[4096];
        snprintf(inside, sizeof inside, "%s/%s", path, e->d_name);
        if (e->d_name[0] != '.')
            add_path(inside, false);
    }
    closedir(dir);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct input *)a)->name, ((const struct input *)b)->name);
}

static size_t below(size_t n)
{
    return n ? (size_t)ms_rng_below(&rng, &counter, n) : 0;
}

// One change of a few bytes; returns the new size, at most room.
static size_t change(uint8_t *p, size_t size, size_t room)
{
    static const uint8_t edges[] = {0, 1, 0x7f, 0x80, 0xff, '"', '{', '[', ',', '\n', '-', '9'};
    const size_t at = below(size + 1), longest = room - size < size - at ? room - size : size - at;
    const size_t n = below((longest < 64 ? longest : 64) + 1);
    switch (below(6)) {
    case 0: // one bit
        if (at < size)
            p[at] = (uint8_t)(p[at] ^ 1 << below(8));
        return size;
    case 1:
        if (at < size)
            p[at] = edges[below(sizeof edges)];
        return size;
    case 2: // cut off
        return at;
    case 3: { // take out
        const size_t out = below((size - at < 64 ? size - at : 64) + 1);
        memmove(p + at, p + at + out, size - at - out);
        return size - out;
    }
    case 4: // twice
        memmove(p + at + n, p + at, size - at);
        return size + n;
    default: { // from another file
        const struct input *other = &inputs[below(n_inputs)];
        const size_t from = below(other->size + 1), most = other->size - from;
        const size_t some = below((most < size - at ? most : size - at) + 1);
        memcpy(p + at, other->data + from, some);
        return size;
    }
    }
}

// In memory of exactly its size, so that a sanitizer sees a byte read beyond it.
static void try(const uint8_t *data, size_t size)
{
    uint8_t *exact = malloc(size ? size : 1);
    PROMISE(exact);
    memcpy(exact, data, size);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        add_path(argv[i], true);
    PROMISE(n_inputs > 0);
    qsort(inputs, n_inputs, sizeof *inputs, by_name); // folders have no order of their own
    const size_t each = MUTATIONS / n_inputs > AT_LEAST ? MUTATIONS / n_inputs : AT_LEAST;
    for (size_t i = 0; i < n_inputs; i++) {
        const struct input *in = &inputs[i];
        uint8_t *copy = malloc(in->size + MORE);
        PROMISE(copy);
        printf("%s\n", in->name);
        fflush(stdout);
        try(in->data, in->size);
        rng = ms_rng_at(i, 0, 0, MS_STREAM_SAMPLER);
        counter = 0;
        for (size_t k = 0; k < each; k++) {
            size_t size = in->size;
            memcpy(copy, in->data, size);
            for (size_t changes = 1 + below(4); changes > 0; changes--)
                size = change(copy, size, in->size + MORE);
            try(copy, size);
        }
        free(copy);
    }
    for (size_t i = 0; i < n_inputs; i++) {
        free(inputs[i].name);
        free(inputs[i].data);
    }
    free(inputs);
    return 0;
}
