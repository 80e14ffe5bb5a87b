// SPDX-License-Identifier: MIT
//
// Values as text: shortest numbers, compact JSON, and the order of keys. The text of a value never
// depends on a locale, on the order of memory or on the file's layout, because stores compare it.
#include "mlpsweep/json.h"

#include <cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"

const char *ms_number_text(double x, char *out, size_t size)
{
    if (isnan(x)) {
        snprintf(out, size, "nan");
        return out;
    }
    // Whole numbers are written in full, as people write them, as long as every digit is exact.
    if (x == floor(x) && fabs(x) <= 0x1p53) {
        snprintf(out, size, "%.0f", x == 0 ? 0.0 : x);
        return out;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(out, size, "%.*g", digits, x);
        if (digits == 17 || strtod(out, NULL) == x)
            break;
    }
    return out;
}

struct text {
    char *s;
    size_t n, room;
    bool failed;
};

static void put(struct text *t, const char *s, size_t n)
{
    if (t->failed)
        return;
    if (ms_grow(&t->s, &t->room, t->n + n + 1, 1, "the text of a value", NULL)) {
        t->failed = true;
        return;
    }
    memcpy(t->s + t->n, s, n);
    t->n += n;
    t->s[t->n] = '\0';
}

static void put_string(struct text *t, const char *s)
{
    static const char names[] = "\"\"\\\\\bb\ff\nn\rr\tt"; // character, letter after the backslash
    put(t, "\"", 1);
    for (; *s; s++) {
        const char *escape = NULL;
        for (const char *p = names; *p && !escape; p += 2)
            if (*p == *s)
                escape = p;
        char code[8];
        if (escape) {
            code[0] = '\\';
            code[1] = escape[1];
            put(t, code, 2);
        } else if ((unsigned char)*s < 0x20) {
            snprintf(code, sizeof code, "\\u%04x", (unsigned char)*s);
            put(t, code, 6);
        } else {
            put(t, s, 1);
        }
    }
    put(t, "\"", 1);
}

struct member {
    const cJSON *value;
    size_t index; // place in the file: among equal keys the earlier one comes first
};

static int by_key(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    int order = strcmp(x->value->string, y->value->string);
    return order ? order : (x->index > y->index) - (x->index < y->index);
}

// The *n members of an object sorted by key, malloc'ed; NULL: no memory.
static struct member *sorted_members(const cJSON *object, size_t *n)
{
    *n = 0;
    for (const cJSON *m = object->child; m; m = m->next)
        ++*n;
    struct member *members = malloc((*n + 1) * sizeof *members);
    if (!members)
        return NULL;
    size_t i = 0;
    for (const cJSON *m = object->child; m; m = m->next, i++)
        members[i] = (struct member){m, i};
    qsort(members, *n, sizeof *members, by_key);
    return members;
}

static void put_value(struct text *t, const cJSON *v, bool sorted);

static void put_member(struct text *t, const cJSON *m, bool sorted, bool first)
{
    if (!first)
        put(t, ",", 1);
    put_string(t, m->string);
    put(t, ":", 1);
    put_value(t, m, sorted);
}

static void put_object(struct text *t, const cJSON *v, bool sorted)
{
    put(t, "{", 1);
    if (sorted) {
        size_t n;
        struct member *members = sorted_members(v, &n);
        t->failed = t->failed || !members;
        for (size_t i = 0; members && i < n; i++)
            put_member(t, members[i].value, sorted, i == 0);
        free(members);
    } else {
        for (const cJSON *m = v->child; m; m = m->next)
            put_member(t, m, sorted, m == v->child);
    }
    put(t, "}", 1);
}

static void put_value(struct text *t, const cJSON *v, bool sorted)
{
    char number[32];
    if (cJSON_IsObject(v)) {
        put_object(t, v, sorted);
    } else if (cJSON_IsArray(v)) {
        put(t, "[", 1);
        for (const cJSON *m = v->child; m; m = m->next) {
            if (m != v->child)
                put(t, ",", 1);
            put_value(t, m, sorted);
        }
        put(t, "]", 1);
    } else if (cJSON_IsString(v)) {
        put_string(t, v->valuestring);
    } else {
        const char *word = cJSON_IsTrue(v) ? "true" : cJSON_IsFalse(v) ? "false" : "null";
        if (cJSON_IsNumber(v))
            word = v->valuestring ? v->valuestring
                                  : ms_number_text(v->valuedouble, number, sizeof number);
        put(t, word, strlen(word));
    }
}

char *ms_json_compact(const struct cJSON *value, bool sorted)
{
    struct text t = {0};
    put_value(&t, value, sorted);
    if (t.failed) {
        free(t.s);
        return NULL;
    }
    return t.s;
}

int ms_json_duplicates(const struct cJSON *object, ms_json_found found, void *ctx)
{
    // Few members, the usual case, need no memory and no sorting.
    size_t n = 0;
    for (const cJSON *m = object->child; m && n <= 16; m = m->next)
        n++;
    if (n <= 16) {
        for (const cJSON *m = object->child; m; m = m->next)
            for (const cJSON *k = object->child; k != m; k = k->next)
                if (strcmp(k->string, m->string) == 0) {
                    found(ctx, m);
                    break;
                }
        return 0;
    }
    struct member *members = sorted_members(object, &n);
    if (!members)
        return MS_ENOMEM;
    for (size_t i = 1; i < n; i++)
        if (strcmp(members[i - 1].value->string, members[i].value->string) == 0)
            found(ctx, members[i].value);
    free(members);
    return 0;
}

static int walk_leaves(const cJSON *value, char *path, size_t used, size_t size,
                       ms_json_take_leaf take, void *ctx)
{
    int status = 0;
    if (!cJSON_IsObject(value) || !value->child) {
        char *text = ms_json_compact(value, false);
        status = text ? take(ctx, path, text) : MS_ENOMEM;
        free(text);
        return status;
    }
    for (const cJSON *m = value->child; !status && m; m = m->next) {
        const int n = snprintf(path + used, size - used, "%s%s", used ? "." : "", m->string);
        if (n < 0 || (size_t)n >= size - used)
            continue; // no field of ours has so long a name
        status = walk_leaves(m, path, used + (size_t)n, size, take, ctx);
    }
    path[used] = '\0';
    return status;
}

int ms_json_leaves(const struct cJSON *root, ms_json_take_leaf take, void *ctx)
{
    char path[2000] = "";
    return walk_leaves(root, path, 0, sizeof path, take, ctx);
}
