// SPDX-License-Identifier: MIT
//
// Values of a sweep file: members, parameters by their keys, texts for messages. Nothing here knows
// a field.
#include "node.h"

#include <stdio.h>
#include <string.h>

#include "mlpsweep/json.h"
#include "mlpsweep/space.h"

const cJSON *ms_sweep_member(const cJSON *object, const char *key)
{
    for (const cJSON *m = cJSON_IsObject(object) ? object->child : NULL; m; m = m->next)
        if (strcmp(m->string, key) == 0)
            return m;
    return NULL;
}

const cJSON *ms_sweep_first_objective(const cJSON *root)
{
    const cJSON *o = ms_sweep_member(root, "objective");
    return cJSON_IsArray(o) ? o->child : o;
}

const char *const ms_sweep_param_words[] = {
    [MS_CHOICE] = "choice", [MS_INT] = "int", [MS_FLOAT] = "float", [MS_BOOL] = "bool"};

int ms_sweep_param_kind(const char *key)
{
    for (int i = 0; i < 4; i++)
        if (strcmp(ms_sweep_param_words[i], key) == 0)
            return i;
    return -1;
}

bool ms_sweep_is_param(const cJSON *v)
{
    for (const cJSON *m = cJSON_IsObject(v) ? v->child : NULL; m; m = m->next)
        if (ms_sweep_param_kind(m->string) >= 0)
            return true;
    return false;
}

const char *ms_sweep_clip(const char *s, char out[MS_CLIP])
{
    size_t n = 0;
    for (; s[n] && n < MS_CLIP - 8; n++)
        out[n] = (unsigned char)s[n] < 0x20 || s[n] == 0x7f ? '?' : s[n];
    if (s[n])
        while (n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80)
            n--;
    snprintf(out + n, 8, "%s", s[n] ? "…" : "");
    return out;
}

char *ms_sweep_value_text(const cJSON *v, char *out, size_t size)
{
    char text[MS_CLIP];
    if (cJSON_IsString(v)) {
        snprintf(out, size, "'%s'", ms_sweep_clip(v->valuestring, text));
    } else if (cJSON_IsNumber(v)) {
        if (v->valuestring) // the digits of a large integer
            snprintf(out, size, "%s", v->valuestring);
        else
            ms_number_text(v->valuedouble, out, size);
    } else {
        snprintf(out, size, "%s",
                 cJSON_IsObject(v)  ? "an object"
                 : cJSON_IsArray(v) ? "an array"
                 : cJSON_IsTrue(v)  ? "true"
                 : cJSON_IsFalse(v) ? "false"
                                    : "null");
    }
    return out;
}
