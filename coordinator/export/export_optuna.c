// SPDX-License-Identifier: MIT
//
// The format optuna: an SQLite file as Optuna 3.2 to 5.0 write it (schema 12, revision v3.2.0.a),
// so that optuna.load_study and optuna-dashboard open it as a study of their own. It is a new file;
// the store, which Optuna would change, is not touched.
//
// What becomes what:
//   trial        a trial: COMPLETE with its mean as the value (of several objectives the means),
//   PRUNED
//                where the scheduler stopped it, FAIL where it has no result, RUNNING, WAITING
//   epochs       intermediate values: the objective's metric, mean of the executions that have it
//   parameter    its distribution; one that is not in force in a trial has no row there. Where
//   Optuna
//                knows no such distribution (log steps, "points"), it is the range without the step
//   the rest     user attributes: n, sd, executions' values, …
#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "export.h"
#include "mlpsweep/memory.h"

static const char schema[] =
    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; BEGIN;"
    "CREATE TABLE studies (study_id INTEGER NOT NULL, study_name VARCHAR(512) NOT NULL,"
    " PRIMARY KEY (study_id));"
    "CREATE UNIQUE INDEX ix_studies_study_name ON studies (study_name);"
    "CREATE TABLE version_info (version_info_id INTEGER NOT NULL, schema_version INTEGER,"
    " library_version VARCHAR(256), PRIMARY KEY (version_info_id), CHECK (version_info_id=1));"
    "CREATE TABLE study_directions (study_direction_id INTEGER NOT NULL,"
    " direction VARCHAR(8) NOT NULL, study_id INTEGER NOT NULL, objective INTEGER NOT NULL,"
    " PRIMARY KEY (study_direction_id), UNIQUE (study_id, objective),"
    " FOREIGN KEY(study_id) REFERENCES studies (study_id));"
    "CREATE TABLE study_user_attributes (study_user_attribute_id INTEGER NOT NULL,"
    " study_id INTEGER, \"key\" VARCHAR(512), value_json TEXT,"
    " PRIMARY KEY (study_user_attribute_id), UNIQUE (study_id, \"key\"),"
    " FOREIGN KEY(study_id) REFERENCES studies (study_id));"
    "CREATE TABLE study_system_attributes (study_system_attribute_id INTEGER NOT NULL,"
    " study_id INTEGER, \"key\" VARCHAR(512), value_json TEXT,"
    " PRIMARY KEY (study_system_attribute_id), UNIQUE (study_id, \"key\"),"
    " FOREIGN KEY(study_id) REFERENCES studies (study_id));"
    "CREATE TABLE trials (trial_id INTEGER NOT NULL, number INTEGER, study_id INTEGER,"
    " state VARCHAR(8) NOT NULL, datetime_start DATETIME, datetime_complete DATETIME,"
    " PRIMARY KEY (trial_id), FOREIGN KEY(study_id) REFERENCES studies (study_id));"
    "CREATE INDEX ix_trials_study_id ON trials (study_id);"
    "CREATE TABLE trial_user_attributes (trial_user_attribute_id INTEGER NOT NULL,"
    " trial_id INTEGER, \"key\" VARCHAR(512), value_json TEXT,"
    " PRIMARY KEY (trial_user_attribute_id), UNIQUE (trial_id, \"key\"),"
    " FOREIGN KEY(trial_id) REFERENCES trials (trial_id));"
    "CREATE TABLE trial_system_attributes (trial_system_attribute_id INTEGER NOT NULL,"
    " trial_id INTEGER, \"key\" VARCHAR(512), value_json TEXT,"
    " PRIMARY KEY (trial_system_attribute_id), UNIQUE (trial_id, \"key\"),"
    " FOREIGN KEY(trial_id) REFERENCES trials (trial_id));"
    "CREATE TABLE trial_params (param_id INTEGER NOT NULL, trial_id INTEGER,"
    " param_name VARCHAR(512), param_value FLOAT, distribution_json TEXT, PRIMARY KEY (param_id),"
    " UNIQUE (trial_id, param_name), FOREIGN KEY(trial_id) REFERENCES trials (trial_id));"
    "CREATE TABLE trial_values (trial_value_id INTEGER NOT NULL, trial_id INTEGER NOT NULL,"
    " objective INTEGER NOT NULL, value FLOAT, value_type VARCHAR(7) NOT NULL,"
    " PRIMARY KEY (trial_value_id), UNIQUE (trial_id, objective),"
    " FOREIGN KEY(trial_id) REFERENCES trials (trial_id));"
    "CREATE TABLE trial_intermediate_values (trial_intermediate_value_id INTEGER NOT NULL,"
    " trial_id INTEGER NOT NULL, step INTEGER NOT NULL, intermediate_value FLOAT,"
    " intermediate_value_type VARCHAR(7) NOT NULL, PRIMARY KEY (trial_intermediate_value_id),"
    " UNIQUE (trial_id, step), FOREIGN KEY(trial_id) REFERENCES trials (trial_id));"
    "CREATE TABLE trial_heartbeats (trial_heartbeat_id INTEGER NOT NULL,"
    " trial_id INTEGER NOT NULL, heartbeat DATETIME NOT NULL, PRIMARY KEY (trial_heartbeat_id),"
    " UNIQUE (trial_id), FOREIGN KEY(trial_id) REFERENCES trials (trial_id));"
    "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL,"
    " CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));"
    "INSERT INTO version_info VALUES (1, 12, '5.0.0');"
    "INSERT INTO alembic_version VALUES ('v3.2.0.a');";

enum insert { STUDY, DIRECTION, STUDY_USER, STUDY_SYSTEM, TRIAL, TRIAL_USER, PARAM, VALUE, STEP };
static const char *const inserts[] = {
    [STUDY] = "INSERT INTO studies VALUES (1, ?)",
    [DIRECTION] = "INSERT INTO study_directions (study_id, objective, direction) VALUES (1, ?, ?)",
    [STUDY_USER] = "INSERT INTO study_user_attributes (study_id, key, value_json) VALUES (1, ?, ?)",
    [STUDY_SYSTEM] =
        "INSERT INTO study_system_attributes (study_id, key, value_json) VALUES (1, ?, ?)",
    [TRIAL] = "INSERT INTO trials VALUES (?, ?, 1, ?, ?, ?)",
    [TRIAL_USER] = "INSERT INTO trial_user_attributes (trial_id, key, value_json) VALUES (?, ?, ?)",
    [PARAM] = "INSERT INTO trial_params (trial_id, param_name, param_value, distribution_json)"
              " VALUES (?, ?, ?, ?)",
    [VALUE] =
        "INSERT INTO trial_values (trial_id, objective, value, value_type) VALUES (?, ?, ?, ?)",
    [STEP] = "INSERT INTO trial_intermediate_values (trial_id, step, intermediate_value,"
             " intermediate_value_type) VALUES (?, ?, ?, ?)",
};
enum { N_INSERTS = sizeof inserts / sizeof *inserts };

struct study {
    struct ms_export *e;
    sqlite3 *db;
    sqlite3_stmt *stmt[N_INSERTS];
    char **distribution; // by parameter, as JSON
    int metric;          // the objective's column of the epochs; -1: the epochs do not have it
    const char *name;    // of the file, for messages
    struct ms_error *err;
};

static int failed(const struct study *s)
{
    return ms_fail(s->err, MS_EIO, "%s: cannot be written: %s", s->name, sqlite3_errmsg(s->db));
}

// types: i int64_t, d double (NAN and infinities become NULL), t text ("" becomes NULL).
static int put(const struct study *s, enum insert what, const char *types, ...)
{
    sqlite3_stmt *q = s->stmt[what];
    va_list ap;
    va_start(ap, types);
    int rc = SQLITE_OK;
    for (int i = 1; types[i - 1] && rc == SQLITE_OK; i++) {
        if (types[i - 1] == 'i') {
            rc = sqlite3_bind_int64(q, i, va_arg(ap, int64_t));
        } else if (types[i - 1] == 'd') {
            const double x = va_arg(ap, double);
            rc = isfinite(x) ? sqlite3_bind_double(q, i, x) : sqlite3_bind_null(q, i);
        } else {
            const char *text = va_arg(ap, const char *);
            rc = *text ? sqlite3_bind_text(q, i, text, -1, SQLITE_STATIC) : sqlite3_bind_null(q, i);
        }
    }
    va_end(ap);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(q);
    sqlite3_reset(q);
    return rc == SQLITE_DONE ? 0 : failed(s);
}

static const char *value_type(double x)
{
    return isnan(x) ? "NAN" : !isinf(x) ? "FINITE" : x > 0 ? "INF_POS" : "INF_NEG";
}

// --- attributes ------------------------------------------------------------------

// An attribute of trial id (0: of the study) whose JSON text was begun with `text`.
static int put_attribute(const struct study *s, int64_t id, const char *key,
                         struct ms_export_text *text)
{
    int status = ms_export_end_text(text, s->err);
    if (!status)
        status = id ? put(s, TRIAL_USER, "itt", id, key, text->text)
                    : put(s, STUDY_USER, "tt", key, text->text);
    free(text->text);
    return status;
}

static int put_number(const struct study *s, int64_t id, const char *key, double x)
{
    struct ms_export_text text;
    if (isnan(x))
        return 0;
    const int status = ms_export_begin_text(&text, s->err);
    if (status)
        return status;
    ms_json_out_number(&text.json, NULL, x);
    return put_attribute(s, id, key, &text);
}

static int put_word(const struct study *s, int64_t id, const char *key, const char *word)
{
    struct ms_export_text text;
    const int status = ms_export_begin_text(&text, s->err);
    if (status)
        return status;
    ms_json_out_text(&text.json, NULL, word);
    return put_attribute(s, id, key, &text);
}

// The objective of every execution that ranks the trial; null: it has none.
static int put_executions(const struct study *s, int64_t id, const struct ms_export_trial *x)
{
    struct ms_export_text text;
    const int status = ms_export_begin_text(&text, s->err);
    if (status)
        return status;
    ms_json_out_open(&text.json, NULL, '[');
    for (size_t i = 0; i < x->executions.n; i++)
        if (ms_export_ranks(&x->executions.item[i]))
            ms_json_out_number(&text.json, NULL, x->executions.item[i].objective);
    ms_json_out_close(&text.json);
    return put_attribute(s, id, "executions", &text);
}

static int put_attributes(const struct study *s, int64_t id, int64_t row,
                          const struct ms_export_trial *x)
{
    const struct ms_trial_table *t = &s->e->trials;
    const struct ms_trial_row *trial = &t->row[row];
    const struct ms_trial_rank *r = &t->rank[row];
    const double nan = NAN; // no attribute
    const struct {
        const char *key;
        double x;
    } numbers[] = {{"trial", trial->trial == row ? nan : (double)trial->trial},
                   {"rank", t->place[row] > 0 ? (double)t->place[row] : nan},
                   {"n", r->n},
                   {"n_failed", r->n_failed > 0 ? (double)r->n_failed : nan},
                   {"n_constant", r->n_constant > 0 ? (double)r->n_constant : nan},
                   {"sd", r->sd},
                   {"low95", r->lo},
                   {"high95", r->hi},
                   {"wall_s", trial->wall_s},
                   {"weights", trial->weights > 0 ? (double)trial->weights : nan}};
    int status = put_executions(s, id, x);
    for (size_t i = 0; !status && i < sizeof numbers / sizeof *numbers; i++)
        status = put_number(s, id, numbers[i].key, numbers[i].x);
    if (!status && r->n == 0 && *trial->outcome)
        status = put_word(s, id, "outcome", trial->outcome);
    return status;
}

// --- distributions ---------------------------------------------------------------

static void put_range(struct ms_json_out *o, bool is_float, double low, double high, double step,
                      bool log)
{
    ms_json_out_text(o, "name", is_float ? "FloatDistribution" : "IntDistribution");
    ms_json_out_open(o, "attributes", '{');
    ms_json_out_number(o, "step", step);
    ms_json_out_number(o, "low", low);
    ms_json_out_number(o, "high", high);
    ms_json_out_bool(o, "log", log);
    ms_json_out_close(o);
}

static void put_space_range(struct ms_json_out *o, const struct ms_param *p)
{
    const bool is_float = p->kind == MS_FLOAT;
    // Optuna wants high on the grid.
    const double high = p->count ? ms_space_param_number(p, (double)p->count - 1) : p->hi;
    const double step = is_float ? (p->step > 0 && !p->log ? p->step : NAN) : p->log ? 1 : p->step;
    put_range(o, is_float, p->lo, high, step, p->log);
}

static void put_choices(struct ms_json_out *o, const struct ms_table_param *p)
{
    ms_json_out_text(o, "name", "CategoricalDistribution");
    ms_json_out_open(o, "attributes", '{');
    ms_json_out_open(o, "choices", '[');
    for (uint64_t v = 0; p->param && v < p->param->count; v++)
        ms_export_point(o, NULL, p->param, (double)v);
    for (size_t v = 0; !p->param && v < p->n_levels; v++)
        ms_json_out_text(o, NULL, p->level[v]);
    ms_json_out_close(o);
    ms_json_out_close(o);
}

// Finds the distribution of every parameter; without a space, choices among the texts that occur.
static int find_distributions(struct study *s)
{
    const struct ms_trial_table *t = &s->e->trials;
    int status = 0;
    s->distribution = calloc((size_t)t->n_params + 1, sizeof *s->distribution);
    if (!s->distribution)
        return ms_no_memory(s->err, "%d parameters", t->n_params);
    for (int i = 0; !status && i < t->n_params; i++) {
        const struct ms_param *p = t->param[i].param;
        struct ms_export_text text;
        status = ms_export_begin_text(&text, s->err);
        if (status)
            break;
        ms_json_out_open(&text.json, NULL, '{');
        if (p && (p->kind == MS_INT || p->kind == MS_FLOAT))
            put_space_range(&text.json, p);
        else
            put_choices(&text.json, &t->param[i]);
        ms_json_out_close(&text.json);
        status = ms_export_end_text(&text, s->err);
        s->distribution[i] = text.text;
    }
    return status;
}

// --- trials ------------------------------------------------------------------------

static int put_params(const struct study *s, int64_t id, int64_t row)
{
    const struct ms_trial_table *t = &s->e->trials;
    int status = 0;
    for (int i = 0; !status && i < t->n_params; i++) {
        const int at = s->e->column[i].first ? ms_export_in_force(s->e, row, i) : -1;
        if (at < 0)
            continue;
        const struct ms_param *p = t->param[at].param;
        double value = t->value[row * t->n_params + at];
        if (p && (p->kind == MS_INT || (p->kind == MS_FLOAT && p->count)))
            value = ms_space_param_number(p, value);
        status = put(s, PARAM, "itdt", id, t->param[at].name, value, s->distribution[at]);
    }
    return status;
}

static bool ranks(const struct ms_export_trial *x, int64_t execution)
{
    for (size_t i = 0; i < x->executions.n; i++)
        if (x->executions.item[i].number == execution)
            return ms_export_ranks(&x->executions.item[i]);
    return false;
}

// Rows of the epochs come by execution: their sums by epoch.
static int put_steps(const struct study *s, int64_t id, const struct ms_export_trial *x)
{
    const struct ms_epoch_table *t = &x->epochs;
    int64_t last = 0;
    int status = 0;
    for (size_t i = 0; i < t->n; i++)
        last = t->epoch[i] > last ? t->epoch[i] : last;
    if (s->metric < 0 || last == 0)
        return 0;
    struct step {
        double sum;
        int64_t n, seen;
    } *step = calloc((size_t)last + 1, sizeof *step);
    if (!step)
        return ms_no_memory(s->err, "%lld epochs", (long long)last);
    bool taken = false;
    for (size_t i = 0; i < t->n; i++) {
        const size_t at = i * (size_t)t->n_metrics + (size_t)s->metric;
        if (i == 0 || t->execution[i] != t->execution[i - 1])
            taken = ranks(x, t->execution[i]);
        if (!taken || !t->has[at])
            continue;
        step[t->epoch[i]].seen++;
        if (!isnan(t->value[at])) {
            step[t->epoch[i]].sum += t->value[at];
            step[t->epoch[i]].n++;
        }
    }
    for (int64_t k = 1; !status && k <= last; k++) {
        const double mean = step[k].n ? step[k].sum / (double)step[k].n : NAN;
        if (step[k].seen)
            status = put(s, STEP, "iidt", id, k, mean, value_type(mean));
    }
    free(step);
    return status;
}

static const char *state_of(const struct study *s, int64_t row)
{
    static const char *const words[][2] = {{"completed", "COMPLETE"},
                                           {"pruned", "PRUNED"},
                                           {"running", "RUNNING"},
                                           {"waiting", "WAITING"}};
    const char *word = ms_trial_table_state(&s->e->trials, row);
    const int goals = s->e->goals.goals.n;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(word, words[i][0]) != 0)
            continue;
        for (int k = 0; i < 2 && k < (goals ? goals : 1); k++)
            if (isnan(ms_export_goal(s->e, row, k)))
                return "FAIL";
        return words[i][1];
    }
    return "FAIL";
}

// Our times have milliseconds, Optuna's microseconds.
static const char *optuna_time(const char *time, char *out, size_t size)
{
    snprintf(out, size, *time ? "%s000" : "", time);
    return out;
}

static int put_trial(const struct study *s, int64_t row, const struct ms_export_trial *x)
{
    const struct ms_trial_table *t = &s->e->trials;
    const int64_t id = row + 1;
    const int goals = s->e->goals.goals.n;
    const char *state = state_of(s, row), *started = "";
    const bool ended = *state != 'R' && *state != 'W';
    char begin[32], end[32];
    for (size_t i = 0; i < x->executions.n; i++) {
        const char *time = x->executions.item[i].started_at;
        if (*time && (!*started || strcmp(time, started) < 0))
            started = time;
    }
    int status = put(s, TRIAL, "iittt", id, row, state, optuna_time(started, begin, sizeof begin),
                     optuna_time(ended ? t->row[row].ended_at : "", end, sizeof end));
    if (!status)
        status = put_params(s, id, row);
    for (int k = 0; !status && k < (goals ? goals : 1) && (*state == 'C' || *state == 'P'); k++) {
        const double value = ms_export_goal(s->e, row, k);
        status = put(s, VALUE, "iidt", id, (int64_t)k, value, value_type(value));
    }
    if (!status)
        status = put_steps(s, id, x);
    return status ? status : put_attributes(s, id, row, x);
}

// --- the study -----------------------------------------------------------------------

static int put_study(const struct study *s)
{
    const struct ms_export *e = s->e;
    const int goals = e->goals.goals.n ? e->goals.goals.n : 1;
    struct ms_export_text names;
    int status = put(s, STUDY, "t", e->sweep.name);
    for (int k = 0; !status && k < goals; k++) {
        const bool maximize =
            e->goals.goals.n ? e->goals.goals.item[k].maximize : e->sweep.rule.maximize;
        status = put(s, DIRECTION, "it", (int64_t)k, maximize ? "MAXIMIZE" : "MINIMIZE");
    }
    if (!status)
        status = ms_export_begin_text(&names, s->err);
    if (status)
        return status;
    ms_json_out_open(&names.json, NULL, '[');
    for (int k = 0; k < goals; k++)
        ms_json_out_text(&names.json, NULL,
                         e->goals.goals.n ? e->goals.goals.item[k].name : e->sweep.metric);
    ms_json_out_close(&names.json);
    status = ms_export_end_text(&names, s->err);
    if (!status)
        status = put(s, STUDY_SYSTEM, "tt", "study:metric_names", names.text);
    free(names.text);
    if (!status)
        status = put_word(s, 0, "program", "mlpsweep " MS_VERSION);
    if (!status)
        status = put_word(s, 0, "rank_by", ms_sweep_by_names[e->sweep.rule.by]);
    return status ? status : put_word(s, 0, "state", e->sweep.state);
}

static int begin(struct study *s, const char *path)
{
    int rc = sqlite3_open_v2(path, &s->db, SQLITE_OPEN_READWRITE, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(s->db, schema, NULL, NULL, NULL);
    for (int i = 0; rc == SQLITE_OK && i < N_INSERTS; i++)
        rc = sqlite3_prepare_v2(s->db, inserts[i], -1, &s->stmt[i], NULL);
    return rc == SQLITE_OK ? 0 : failed(s);
}

static int end(struct study *s, int status)
{
    for (int i = 0; i < N_INSERTS; i++)
        sqlite3_finalize(s->stmt[i]);
    if (!status && sqlite3_exec(s->db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
        status = failed(s);
    sqlite3_close(s->db);
    for (int i = 0; s->distribution && i < s->e->trials.n_params; i++)
        free(s->distribution[i]);
    free(s->distribution);
    return status;
}

int ms_export_optuna(struct ms_export *e, const struct ms_outfile *to, struct ms_error *err)
{
    struct study s = {.e = e, .metric = -1, .name = to->path, .err = err};
    for (int i = 0; i < e->metrics.n; i++)
        if (strcmp(e->metrics.name[i], e->sweep.metric) == 0)
            s.metric = i;
    int status = begin(&s, to->temporary);
    if (!status)
        status = find_distributions(&s);
    if (!status)
        status = put_study(&s);
    for (int64_t i = 0; !status && i < e->trials.n; i++) {
        struct ms_export_trial x;
        status = ms_export_trial(e, i, &x, err);
        if (status)
            break;
        status = put_trial(&s, i, &x);
        ms_export_trial_clear(&x);
    }
    return end(&s, status);
}
