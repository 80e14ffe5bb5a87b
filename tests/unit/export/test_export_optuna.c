// SPDX-License-Identifier: MIT
//
// mlpsweep export as a study of Optuna, asked by SQL: states, values, distributions, intermediate
// values, attributes. tests/tools opens such files with Optuna itself.
#include "export_fixture.h"

static const char *file;

#define CHECK_STUDY(sql, wanted) CHECK_SQL(file, sql, wanted)

static void test_study(void)
{
    CHECK_STUDY("SELECT schema_version FROM version_info", "12");
    CHECK_STUDY("SELECT version_num FROM alembic_version", "v3.2.0.a");
    CHECK_STUDY("SELECT study_name FROM studies", "export");
    CHECK_STUDY("SELECT direction FROM study_directions", "MAXIMIZE");
    CHECK_STUDY("SELECT key || value_json FROM study_system_attributes",
                "study:metric_names[\"val_accuracy\"]");
    CHECK_STUDY("SELECT group_concat(number || state, ' ') FROM trials",
                "0COMPLETE 1COMPLETE 2FAIL 3RUNNING 4WAITING");
    CHECK_STUDY(
        "SELECT count(*) FROM trials WHERE datetime_start LIKE '20__-__-__ __:__:__.___000'",
        "4"); // 4 waits
    CHECK_STUDY(
        "SELECT round(86400 * (julianday(datetime_complete) - julianday(datetime_start)), 3)"
        " FROM trials WHERE number = 2",
        "1.5"); // never said to run: its seconds before its end
    CHECK_STUDY("SELECT group_concat(number) FROM trials WHERE datetime_complete IS NOT NULL",
                "0,1,2");
    CHECK_STUDY("SELECT group_concat(trial_id || ':' || objective || ':' || value || value_type)"
                " FROM trial_values",
                "1:0:0.625FINITE,2:0:0.25FINITE");
    CHECK_STUDY("SELECT group_concat(step || ':' || intermediate_value) FROM "
                "trial_intermediate_values WHERE trial_id = 1",
                "1:0.625,2:0.5"); // means of .75 .5 .625 and of the same less .125
    CHECK_STUDY("SELECT group_concat(key || value_json, ' ') FROM (SELECT * FROM"
                " trial_user_attributes WHERE trial_id = 1 AND key NOT LIKE '%95' ORDER BY key)",
                "executions[0.75,0.5,0.625] n3 rank1 sd0.125 wall_s4.5 weights17");
    CHECK_STUDY("SELECT group_concat(key || value_json, ' ') FROM (SELECT * FROM"
                " trial_user_attributes WHERE trial_id = 3 ORDER BY key)",
                "executions[null] n0 n_failed1 outcome\"crashed\" wall_s1.5 weights17");
}

static void test_params(void)
{
    CHECK_STUDY("SELECT group_concat(param_name || '=' || param_value, ' ') FROM (SELECT * FROM"
                " trial_params WHERE trial_id = 2 ORDER BY param_id)",
                "optimizer=0.0 learning_rate=0.001 batch_size=1.0");
    CHECK_STUDY("SELECT distribution_json FROM trial_params WHERE param_name = 'learning_rate'",
                "{\"name\":\"FloatDistribution\",\"attributes\":{\"step\":null,\"low\":0.0001,"
                "\"high\":0.1,\"log\":true}}");
    CHECK_STUDY("SELECT distribution_json FROM trial_params WHERE param_name = 'batch_size'",
                "{\"name\":\"CategoricalDistribution\",\"attributes\":{\"choices\":[32,128]}}");
}

int main(void)
{
    fixture_init();
    path = strdup(in_folder("export.db"));
    file = strdup(in_folder("export.optuna.db"));
    struct ms_sweep *sweep = parse(SWEEP("export", 2, MAXIMIZE));
    struct ms_store *s = fill_store(sweep);
    char words[300];
    snprintf(words, sizeof words, "%s --format optuna", path);
    CHECK_INT(run_export(words), 0); // while the run has it open
    CHECK_STR(out, "export.optuna.db: 5 trials of sweep 'export' as optuna\n");
    CHECK_STR(errors, "");
    test_study();
    test_params();
    CHECK_INT(run_export(words), 2);
    CHECK_HAS(errors, "export.optuna.db: is there already; --force replaces it");
    snprintf(words, sizeof words, "%s --format optuna --table epochs", path);
    CHECK_INT(run_export(words), 2);
    CHECK_HAS(errors, "--table: belongs to --format csv");
    OK(ms_store_close(s, &err));
    ms_sweep_free(sweep);
    fixture_clear();
    return check_done();
}
