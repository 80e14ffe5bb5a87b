// SPDX-License-Identifier: MIT
//
// The file against the format's own description: length, JSON, tensors without gap or overlap up to
// the file's end; and against the model: names, shapes, values.
#include "check.h"

#include <cjson/cJSON.h>
#include <stdint.h>

#include "coordinator/portable/models.h"
#include "made_model.h"

struct file {
    char *bytes;
    size_t n, data; // data: where the tensors begin
    cJSON *header;
};

static struct file write_file(const struct ms_model *m)
{
    struct ms_error err;
    struct file f;
    uint64_t length;
    FILE *stream = open_memstream(&f.bytes, &f.n);
    REQUIRE(stream && ms_portable_safetensors(m, stream, &err) == 0);
    REQUIRE(fclose(stream) == 0 && f.n > 8);
    memcpy(&length, f.bytes, 8);
    REQUIRE(length % 8 == 0 && 8 + length <= f.n);
    CHECK(f.bytes[8] == '{');
    f.data = 8 + length;
    f.header = cJSON_ParseWithLength(f.bytes + 8, length);
    REQUIRE(f.header);
    return f;
}

static void clear(struct file *f)
{
    cJSON_Delete(f->header);
    free(f->bytes);
}

static int offset(const cJSON *tensor, int which)
{
    return cJSON_GetArrayItem(cJSON_GetObjectItem(tensor, "data_offsets"), which)->valueint;
}

static int dimension(const cJSON *tensor, int axis)
{
    const cJSON *d = cJSON_GetArrayItem(cJSON_GetObjectItem(tensor, "shape"), axis);
    return d ? d->valueint : -1;
}

static void whole(const struct made *how)
{
    struct ms_model m;
    CASE("%s", how->name);
    made_model(how, &m);
    struct file f = write_file(&m);
    int end = 0;
    for (const cJSON *t = f.header->child; t; t = t->next) {
        if (strcmp(t->string, "__metadata__") == 0)
            continue;
        int size = strcmp(cJSON_GetObjectItem(t, "dtype")->valuestring, "F32") == 0 ? 4 : 8;
        for (int axis = 0; dimension(t, axis) >= 0; axis++)
            size *= dimension(t, axis);
        CHECK_INT(offset(t, 0), end);
        end = offset(t, 1);
        CHECK_INT(end - offset(t, 0), size);
    }
    CHECK_INT(f.data + (size_t)end, f.n);
    clear(&f);
    ms_model_clear(&m);
}

static float number(const struct file *f, const char *name, int i)
{
    const cJSON *t = cJSON_GetObjectItemCaseSensitive(f->header, name);
    float x;
    REQUIRE(t);
    memcpy(&x, f->bytes + f->data + offset(t, 0) + 4 * i, 4);
    return x;
}

static void as_pytorch_has_them(void)
{
    struct ms_model m;
    made_model(&(struct made){.name = "torch",
                              .activation = "relu",
                              .normalization = "batch_normalization",
                              .n_outputs = 2},
               &m);
    struct file f = write_file(&m);
    const cJSON *kernel = cJSON_GetObjectItemCaseSensitive(f.header, "hidden.1.weight");
    REQUIRE(kernel);
    CHECK_INT(dimension(kernel, 0), 7); // units
    CHECK_INT(dimension(kernel, 1), 4); // inputs
    CHECK(number(&f, "hidden.1.weight", 4 * 3 + 2) == m.layer[0].kernel[2 * 7 + 3]);
    CHECK(number(&f, "norm.2.running_var", 5) == m.layer[1].moving_variance[5]);
    CHECK(number(&f, "norm.2.weight", 7) == m.layer[1].gamma[7]);
    CHECK(number(&f, "output.bias", 1) == m.layer[2].bias[1]);
    CHECK(cJSON_GetObjectItem(f.header, "norm.1.num_batches_tracked") != NULL);
    CHECK(cJSON_GetObjectItem(f.header, "norm.3.weight") == NULL);
    const cJSON *meta = cJSON_GetObjectItem(f.header, "__metadata__");
    CHECK_STR(cJSON_GetObjectItem(meta, "format")->valuestring, "pt");
    for (const cJSON *entry = meta->child; entry; entry = entry->next)
        CHECK(cJSON_IsString(entry));
    clear(&f);
    ms_model_clear(&m);
}

static void what_is_not_learnt(void)
{
    struct ms_model m;
    made_model(&(struct made){.name = "bare",
                              .activation = "relu",
                              .normalization = "layer_normalization",
                              .bare = true},
               &m);
    struct file f = write_file(&m);
    CHECK(number(&f, "norm.1.weight", 6) == 1);
    CHECK(number(&f, "norm.1.bias", 6) == 0);
    CHECK(cJSON_GetObjectItem(f.header, "hidden.1.bias") == NULL);
    CHECK(cJSON_GetObjectItem(f.header, "norm.1.running_mean") == NULL);
    clear(&f);
    ms_model_clear(&m);
}

int main(void)
{
    for (int i = 0; i < made_n_cases; i++)
        whole(&made_cases[i]);
    as_pytorch_has_them();
    what_is_not_learnt();
    return check_done();
}
