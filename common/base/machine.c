// SPDX-License-Identifier: MIT
//
// The line of /proc/self/cgroup with the controller "memory" (version 1) or with none (version 2)
// names the process's group; each of its parents may have a limit, too, and the smallest counts.
// Inside a container the path may be the host's, of which only the root is mounted: levels without
// a file are passed over. Files: cgroups(7), and Documentation/admin-guide/cgroup-v2.rst and
// cgroup-v1/memory.rst of Linux.
#include "mlpsweep/machine.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// The first line of a file, without its end; "" if there is none.
static void first_line(const char *root, const char *path, char *out, size_t size)
{
    char name[4096];
    out[0] = 0;
    if ((size_t)snprintf(name, sizeof name, "%s%s", root, path) >= sizeof name)
        return;
    FILE *f = fopen(name, "re");
    if (!f)
        return;
    if (!fgets(out, (int)size, f))
        out[0] = 0;
    out[strcspn(out, "\n")] = 0;
    fclose(f);
}

// A limit in bytes; 0: none ("max", or no number).
static double limit_of(const char *text)
{
    char *end;
    const double bytes = strtod(text, &end);
    return end != text && !*end && bytes > 0 ? bytes : 0;
}

// Takes the smallest limit of a group and of all above it. mount: where the groups are.
static void walk_up(const char *root, const char *mount, const char *file, const char *group,
                    struct ms_memory *m)
{
    char path[2048], name[4096], text[64];
    snprintf(path, sizeof path, "%s", strcmp(group, "/") == 0 ? "" : group);
    for (;;) {
        snprintf(name, sizeof name, "%s%s/%s", mount, path, file);
        first_line(root, name, text, sizeof text);
        const double bytes = limit_of(text);
        if (bytes > 0 && (m->group_bytes == 0 || bytes < m->group_bytes)) {
            m->group_bytes = bytes;
            snprintf(m->group, sizeof m->group, "%.*s%s", 200, path, path[0] ? "" : "/");
        }
        char *slash = strrchr(path, '/');
        if (!slash)
            return;
        *slash = 0;
    }
}

static bool lists(const char *controllers, const char *end, const char *name)
{
    const size_t n = strlen(name);
    for (const char *p = controllers; p < end; p += strcspn(p, ",:") + 1)
        if (strncmp(p, name, n) == 0 && (p[n] == ',' || p + n == end))
            return true;
    return false;
}

// A line "number:controllers:group" of /proc/self/cgroup.
static void take_group(const char *root, char *line, struct ms_memory *m)
{
    line[strcspn(line, "\n")] = 0;
    const char *controllers = strchr(line, ':');
    const char *group = controllers ? strchr(controllers + 1, ':') : NULL;
    if (!group || group[1] != '/')
        return;
    if (group == controllers + 1)
        walk_up(root, "/sys/fs/cgroup", "memory.max", group + 1, m);
    else if (lists(controllers + 1, group, "memory"))
        walk_up(root, "/sys/fs/cgroup/memory", "memory.limit_in_bytes", group + 1, m);
}

// Two containers may both call their group "/": the namespace tells them apart.
static void add_namespace(const char *root, struct ms_memory *m)
{
    char path[4096], target[40], group[sizeof m->group];
    snprintf(path, sizeof path, "%s/proc/self/ns/cgroup", root);
    const ssize_t n = readlink(path, target, sizeof target - 1);
    if (n <= 0)
        return;
    target[n] = 0;
    snprintf(group, sizeof group, "%s %.*s", target, 200, m->group);
    memcpy(m->group, group, sizeof group);
}

struct ms_memory ms_machine_memory(const char *root)
{
    struct ms_memory m = {0};
    char text[4096];
    long long kib = 0;
    first_line(root, "/proc/sys/kernel/random/boot_id", m.kernel, sizeof m.kernel);
    first_line(root, "/proc/meminfo", text, sizeof text);
    if (sscanf(text, "MemTotal: %lld kB", &kib) == 1 && kib > 0)
        m.bytes = 1024.0 * (double)kib;
    snprintf(text, sizeof text, "%s/proc/self/cgroup", root);
    FILE *f = fopen(text, "re");
    while (f && fgets(text, sizeof text, f))
        take_group(root, text, &m);
    if (f)
        fclose(f);
    if (m.group_bytes > 0 && (m.bytes == 0 || m.group_bytes < m.bytes)) {
        add_namespace(root, &m);
        return m;
    }
    m.group_bytes = 0;
    m.group[0] = 0;
    return m;
}
