// SPDX-License-Identifier: MIT
//
// The position of a walk: two paths. The one for messages has parts, such as "each", that the one
// for names leaves out.
#include "walk_state.h"

#include <stdio.h>
#include <string.h>

static size_t push(char *path, size_t size, const char *component)
{
    size_t used = strlen(path);
    snprintf(path + used, size - used, "%s%s", used && component[0] ? "." : "", component);
    return used;
}

struct ms_mark ms_sweep_walk_enter(struct ms_walk *w, const char *path, const char *name)
{
    if (w->point) // no messages and no names are made when reading
        return (struct ms_mark){0};
    return (struct ms_mark){push(w->path, sizeof w->path, path),
                            push(w->name, sizeof w->name, name)};
}

void ms_sweep_walk_leave(struct ms_walk *w, struct ms_mark mark)
{
    w->path[mark.path] = '\0';
    w->name[mark.name] = '\0';
}
