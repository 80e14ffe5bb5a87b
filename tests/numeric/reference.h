// SPDX-License-Identifier: MIT
//
// Reading tests/numeric/reference/*.json (README.md there) and comparing with it. Every case must
// run, and every row of the tables must have a case, see reference_covered.
#ifndef MLPSWEEP_TESTS_REFERENCE_H
#define MLPSWEEP_TESTS_REFERENCE_H

#include <cJSON.h>
#include <stdbool.h>

#include "check.h"
#include "mlpsweep/sweep.h"

#ifdef MS_REAL_DOUBLE
#define TOLERANCE 1e-9
#else
#define TOLERANCE 1e-5
#endif

enum { MAX_COVERED = 256, NAME = 96 };

// The test cannot go on without this: memory, its files.
#define NEED(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: needed: %s\n", __FILE__, __LINE__, #condition);                \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

struct reference_tally {
    int ran, n_covered;
    char covered[MAX_COVERED][NAME]; // "table:row" of every case that ran
};

static inline cJSON *reference_load(const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/tests/numeric/reference/%s.json", MS_SOURCE_DIR, name);
    FILE *f = fopen(path, "rb");
    NEED(f != NULL);
    fseek(f, 0, SEEK_END);
    long size = ftell(f);
    rewind(f);
    char *text = size > 0 ? malloc((size_t)size + 1) : NULL;
    NEED(text && fread(text, 1, (size_t)size, f) == (size_t)size);
    fclose(f);
    text[size] = '\0';
    cJSON *doc = cJSON_Parse(text);
    free(text);
    NEED(doc != NULL);
    return doc;
}

static inline const cJSON *get(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

static inline const char *reference_name(const cJSON *c)
{
    return get(c, "name")->valuestring;
}

static inline int whole(const cJSON *object, const char *key)
{
    return (int)get(object, key)->valuedouble;
}

static inline double number(const cJSON *v)
{
    if (!cJSON_IsString(v))
        return cJSON_IsNumber(v) ? v->valuedouble : NAN;
    return strcmp(v->valuestring, "NaN") == 0 ? NAN
           : v->valuestring[0] == '-'         ? -INFINITY
                                              : INFINITY;
}

static inline void covers(struct reference_tally *t, const char *what)
{
    int i = 0;
    while (i < t->n_covered && strcmp(t->covered[i], what) != 0)
        i++;
    NEED(i < MAX_COVERED);
    if (i == t->n_covered)
        snprintf(t->covered[t->n_covered++], NAME, "%s", what);
}

static inline void ran(struct reference_tally *t, const cJSON *c)
{
    const cJSON *what;
    t->ran++;
    cJSON_ArrayForEach(what, get(c, "covers")) covers(t, what->valuestring);
}

// How the cases of a kind are run; NULL: not at all, they are data of other cases.
struct reference_kind {
    const char *kind;
    void (*run)(const cJSON *doc, const cJSON *c);
};

static inline void reference_run_case(const struct reference_tally *tally, const cJSON *doc,
                                      const cJSON *c, const struct reference_kind *kinds, size_t n)
{
    size_t i = 0;
    while (i < n && strcmp(kinds[i].kind, get(c, "kind")->valuestring) != 0)
        i++;
    CHECK_THAT(i < n, "%s: no such kind", reference_name(c));
    if (i == n || !kinds[i].run)
        return;
    int before = tally->ran;
    kinds[i].run(doc, c);
    CHECK_THAT(tally->ran == before + 1, "%s: did not run", reference_name(c));
}

static inline void reference_run_file(const struct reference_tally *tally, const char *name,
                                      const struct reference_kind *kinds, size_t n)
{
    cJSON *doc = reference_load(name);
    const cJSON *c;
    cJSON_ArrayForEach(c, get(doc, "cases")) reference_run_case(tally, doc, c, kinds, n);
    cJSON_Delete(doc);
}

// Every row of a table must be covered by a case that ran, and what is covered must be in the
// table.
static inline void reference_covered(const struct reference_tally *t, const struct ms_table *table,
                                     const char *except)
{
    for (int r = 0; r < table->n; r++) {
        char wanted[NAME];
        const char *name = ms_table_row(table, r)->name;
        snprintf(wanted, sizeof wanted, "%s:%s", table->what, name);
        bool found = except && strcmp(except, name) == 0;
        for (int i = 0; i < t->n_covered && !found; i++)
            found = strcmp(t->covered[i], wanted) == 0;
        CHECK_THAT(found, "no reference case of %s '%s' ran", table->what, name);
    }
    size_t n = strlen(table->what);
    for (int i = 0; i < t->n_covered; i++)
        CHECK_THAT(strncmp(t->covered[i], table->what, n) != 0 || t->covered[i][n] != ':' ||
                       ms_table_find(table, t->covered[i] + n + 1) >= 0,
                   "there is no %s", t->covered[i]);
}

// A sweep around a configuration: members that the case does not give have these values.
static inline cJSON *reference_sweep(const cJSON *config)
{
    static const struct {
        const char *key, *json;
    } rest[] = {
        {"data", "{\"synthetic\": \"prod\"}"},
        {"hidden", "[]"},
        {"output", "{\"activation\": \"linear\"}"},
        {"loss", "\"mse\""},
        {"optimizer", "\"sgd\""},
        {"batch_size", "8"},
    };
    cJSON *doc = cJSON_Duplicate(config, true);
    for (size_t i = 0; i < sizeof rest / sizeof *rest; i++)
        if (!get(doc, rest[i].key))
            cJSON_AddItemToObject(doc, rest[i].key, cJSON_Parse(rest[i].json));
    return doc;
}

// {"hidden": [{"units": 8, key: value}]}
static inline cJSON *reference_one_layer(const char *key, const cJSON *value)
{
    cJSON *config = cJSON_CreateObject(), *layer = cJSON_CreateObject();
    cJSON_AddNumberToObject(layer, "units", 8);
    cJSON_AddItemToObject(layer, key, cJSON_Duplicate(value, true));
    cJSON_AddItemToArray(cJSON_AddArrayToObject(config, "hidden"), layer);
    cJSON *doc = reference_sweep(config);
    cJSON_Delete(config);
    return doc;
}

// The configuration of a case, read by the program's own parser. false: it is wrong, and a check
// has failed. Takes doc.
static inline bool reference_config(const cJSON *c, cJSON *doc, struct ms_config *out)
{
    char *text = cJSON_PrintUnformatted(doc);
    NEED(text != NULL);
    cJSON_Delete(doc);
    struct ms_sweep *sweep = NULL;
    struct ms_sweep_problems problems = {0};
    int status = ms_sweep_parse("case", text, strlen(text), &sweep, &problems);
    free(text);
    for (int i = 0; i < problems.n; i++)
        CHECK_THAT(false, "%s: %s", reference_name(c), problems.item[i].text);
    CHECK_THAT(status == 0, "%s: not parsed", reference_name(c));
    ms_sweep_problems_clear(&problems);
    if (status < 0)
        return false;
    struct ms_error err;
    double point[1] = {0};
    status = ms_sweep_config(sweep, point, out, &err);
    CHECK_THAT(status == 0, "%s: no configuration", reference_name(c));
    ms_sweep_free(sweep);
    return status == 0;
}

// How much wider the tolerance of a case is, and why: README.md, "Wider tolerances".
static inline double reference_wider(const char *name)
{
#ifndef MS_REAL_DOUBLE
    static const struct {
        const char *name;
        double times;
    } wider[] = {{"normalization/batch_decay", 5}};
    for (size_t i = 0; i < sizeof wider / sizeof *wider; i++)
        if (strcmp(wider[i].name, name) == 0)
            return wider[i].times;
#else
    (void)name;
#endif
    return 1;
}

static inline void compare_one(const char *name, const char *what, double found, double wanted,
                               double scale)
{
    bool ok = found == wanted || (isnan(found) && isnan(wanted)) ||
              fabs(found - wanted) <= TOLERANCE * reference_wider(name) * scale;
    CHECK_THAT(ok, "%s: %s is %.12g, not %.12g (off by %.2g of %.3g)", name, what, found, wanted,
               fabs(found - wanted) / scale, scale);
}

// n numbers against an array. Relative to the largest of them: a weight near 0 among
// weights near 1 has no digits of its own.
static inline void compare_all(const char *name, const char *what, const double *found, int n,
                               const cJSON *wanted)
{
    CHECK_THAT(cJSON_GetArraySize(wanted) == n, "%s: %s: %d numbers, not %d", name, what, n,
               cJSON_GetArraySize(wanted));
    if (cJSON_GetArraySize(wanted) != n)
        return;
    const cJSON *v;
    double scale = 0;
    cJSON_ArrayForEach(v, wanted) scale = fmax(scale, fabs(number(v)));
    int i = 0, worst = 0;
    double off = -1, value = 0;
    cJSON_ArrayForEach(v, wanted)
    {
        double d = fabs(found[i] - number(v));
        if (!(d <= off)) { // NaN is the worst
            off = d, worst = i, value = number(v);
        }
        if (isnan(d))
            break;
        i++;
    }
    char at[2 * NAME];
    snprintf(at, sizeof at, "%s[%d]", what, worst);
    compare_one(name, at, found[worst], value, scale > 0 ? scale : 1);
}

#endif
