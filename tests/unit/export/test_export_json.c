// SPDX-License-Identifier: MIT
//
// mlpsweep export as JSON, read back by cJSON: the shape that sweeps/export.md documents, with the
// values that were put into the store.
#include "export_fixture.h"

#include <cJSON.h>

static cJSON *export_document(const char *store)
{
    char words[300];
    snprintf(words, sizeof words, "%s --format json", store);
    CHECK_INT(run_export(words), 0);
    CHECK_STR(errors, "");
    cJSON *doc = cJSON_Parse(out);
    REQUIRE(doc != NULL);
    return doc;
}

// A value by its path, "trials.0.params.optimizer", as compact JSON.
static const char *at(const cJSON *value, const char *way)
{
    static char buffer[4][2000];
    static int k;
    char name[200];
    k = (k + 1) % 4;
    snprintf(name, sizeof name, "%s", way);
    for (char *word, *rest = name; value && (word = strsep(&rest, "/"));)
        value = cJSON_IsArray(value) ? cJSON_GetArrayItem(value, (int)strtol(word, NULL, 10))
                                     : cJSON_GetObjectItemCaseSensitive(value, word);
    char *text = value ? cJSON_PrintUnformatted(value) : NULL;
    snprintf(buffer[k], sizeof buffer[k], "%s", text ? text : "absent");
    cJSON_free(text);
    return buffer[k];
}

static void test_document(const cJSON *doc)
{
    static const struct {
        const char *way, *wanted;
    } cases[] = {
        {"format", "\"mlpsweep export\""},
        {"version", "1"},
        {"sweep/name", "\"export\""},
        {"sweep/metric", "\"val_accuracy\""},
        {"sweep/goal", "\"maximize\""},
        {"sweep/at", "\"best\""},
        {"sweep/rank_by", "\"mean\""},
        {"sweep/state", "\"running\""},
        {"sweep/trials_planned", "null"},
        {"objectives", "[{\"metric\":\"val_accuracy\",\"goal\":\"maximize\"}]"},
        {"parameters/0", "{\"name\":\"optimizer\",\"varies\":true,\"kind\":\"choice\",\"values\":"
                         "[\"sgd\",\"adam\"]}"},
        {"parameters/1",
         "{\"name\":\"learning_rate\",\"varies\":true,\"kind\":\"float\",\"low\":0.0001,"
         "\"high\":0.1,\"step\":null,\"log\":true}"},
        {"parameters/2/values", "[32,128]"},
        {"metrics", "[\"loss\",\"val_loss\",\"val_accuracy\"]"},
        {"run/runs", "1"},
        {"run/host", "\"here\""},
        {"trials/0/trial", "0"},
        {"trials/0/rank", "1"},
        {"trials/0/state", "\"completed\""},
        {"trials/0/parameters",
         "{\"optimizer\":\"adam\",\"learning_rate\":0.0625,\"batch_size\":32}"},
        {"trials/0/n", "3"},
        {"trials/0/mean", "0.625"},
        {"trials/0/sd", "0.125"},
        {"trials/0/min", "0.5"},
        {"trials/0/objectives", "{\"val_accuracy\":0.625}"},
        {"trials/0/wall_s", "4.5"},
        {"trials/0/weights", "17"},
        {"trials/0/executions/1/objective", "0.5"},
        {"trials/0/executions/1/purpose", "\"search\""},
        {"trials/0/executions/1/best_epoch", "1"},
        {"trials/0/executions/1/curve",
         "{\"epoch\":[1,2],\"loss\":[0.7,0.5],\"val_loss\":[0.8,0.6],\"val_accuracy\":"
         "[0.5,0.375]}"},
        {"trials/0/executions/1/test", "{\"loss\":0.125}"},
        {"trials/0/executions/2/test", "{}"},
        {"trials/1/sd", "null"},
        {"trials/2/state", "\"crashed\""},
        {"trials/2/rank", "null"},
        {"trials/2/mean", "null"},
        {"trials/2/n_failed", "1"},
        {"trials/2/executions/0/outcome", "\"crashed\""},
        {"trials/2/executions/0/curve", "{\"epoch\":[]}"},
        {"trials/3/state", "\"running\""},
        {"trials/3/executions/0/ended_at", "null"},
        {"trials/4/state", "\"waiting\""},
        {"trials/5", "absent"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CASE("%s", cases[i].way);
        CHECK_STR(at(doc, cases[i].way), cases[i].wanted);
    }
}

int main(void)
{
    fixture_init();
    path = strdup(in_folder("export.db"));
    struct ms_sweep *sweep = parse(SWEEP("export", 2, MAXIMIZE));
    struct ms_store *s = fill_store(sweep);
    OK(ms_store_test(s, 0, 1, 1, (const int[]){0}, (const double[]){0.125}, 1, &err));
    OK(ms_store_commit(s, &err));
    cJSON *doc = export_document(path);
    test_document(doc);
    cJSON_Delete(doc);
    OK(ms_store_close(s, &err));
    ms_sweep_free(sweep);
    fixture_clear();
    return check_done();
}
