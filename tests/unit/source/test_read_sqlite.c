// SPDX-License-Identifier: MIT
//
// The source "sqlite": values by their types, tables and queries, second queries, databases that
// others write to, and what is refused.
#include "source_helpers.h"

#include <sqlite3.h>

// A new database of a script.
static const char *database(const char *name, const char *script)
{
    sqlite3 *db;
    const char *path = tmp_path(name);
    char *why = NULL;
    unlink(path);
    REQUIRE(sqlite3_open(path, &db) == SQLITE_OK);
    const int rc = sqlite3_exec(db, script, NULL, NULL, &why);
    CHECK_THAT(rc == SQLITE_OK, "%s: %s", script, why ? why : "?");
    sqlite3_free(why);
    sqlite3_close(db);
    return path;
}

static struct ms_data_spec query_of(const char *path, const char *query)
{
    struct ms_data_spec s = spec_of(MS_SQLITE, path);
    snprintf(s.query, sizeof s.query, "%s", query);
    snprintf(s.target, sizeof s.target, "y");
    return s;
}

#define HOUSES                                                                                     \
    "CREATE TABLE houses (id INTEGER PRIMARY KEY, a REAL, b, word TEXT, y, picture BLOB);"         \
    "INSERT INTO houses VALUES (3, 0.5, 1, 'red', 7, x'00'), (1, 1.5, '2.5', 'blue', 8.5, NULL),"  \
    " (2, 2.5, 3, 'red', 9, x'01');"

// Columns with their names, rows in the query's order.
static void test_query(void)
{
    const char *path = database("q.db", HOUSES);
    struct ms_data_spec s = query_of(
        path, "SELECT a, b * 2 AS twice, y FROM houses ORDER BY id DESC; -- all\n /* x */");
    struct loaded l = load_well(&s, 1);
    CHECK(l.d.task == MS_REGRESSION && l.d.n_inputs == 2 && l.d.n_train == 3);
    CHECK(x_at(&l.d, 0, 0) == 0.5 && x_at(&l.d, 1, 0) == 2.5 && x_at(&l.d, 2, 1) == 5);
    CHECK(y_at(&l.d, 2, 0) == 8.5);
    free(l.block);
    // A text that is a number is one; words are categories.
    s = query_of(path, "SELECT b, word, y FROM houses ORDER BY id");
    snprintf(s.categorical, sizeof s.categorical, "word");
    l = load_well(&s, 1);
    CHECK(l.d.n_inputs == 3 && x_at(&l.d, 0, 0) == 2.5 && x_at(&l.d, 0, 1) == 1 &&
          x_at(&l.d, 1, 2) == 1);
    free(l.block);
    // A target with one word is a class.
    s = query_of(path,
                 "SELECT a, CASE WHEN id = 2 THEN 'two' ELSE id END AS y FROM houses ORDER BY id");
    l = load_well(&s, 1);
    CHECK(l.d.task == MS_MULTICLASS && l.d.n_outputs == 3); // '1', '3', 'two'
    CHECK(y_at(&l.d, 0, 0) == 1 && y_at(&l.d, 1, 2) == 1 && y_at(&l.d, 2, 1) == 1);
    free(l.block);
}

// A table is read in the order of its rowids, a view as it is.
static void test_table(void)
{
    const char *path = database("t.db", HOUSES "CREATE VIEW \"a \"\"view\" AS SELECT a, y FROM "
                                               "houses ORDER BY a DESC;");
    struct ms_data_spec s = query_of(path, "");
    snprintf(s.table, sizeof s.table, "Houses");
    snprintf(s.ignore, sizeof s.ignore, "word\npicture\nid");
    struct loaded l = load_well(&s, 1);
    CHECK(l.d.n_inputs == 2 && x_at(&l.d, 0, 0) == 1.5 && x_at(&l.d, 2, 0) == 0.5);
    free(l.block);
    snprintf(s.table, sizeof s.table, "a \"view");
    s.ignore[0] = '\0';
    l = load_well(&s, 1);
    CHECK(l.d.n_inputs == 1 && x_at(&l.d, 0, 0) == 2.5 && y_at(&l.d, 2, 0) == 7);
    free(l.block);
    snprintf(s.table, sizeof s.table, "house");
    refused(&s, MS_EINVAL, "t.db: there is no table 'house', did you mean 'houses'?", "");
}

static void test_missing(void)
{
    const char *path =
        database("m.db", "CREATE TABLE t (a, y); INSERT INTO t VALUES (1, 1), (NULL, "
                         "2), ('', 3), ('NA', 4), ('-', 5), (6, 6);");
    struct ms_data_spec s = query_of(path, "SELECT * FROM t ORDER BY y");
    s.task = MS_REGRESSION;
    snprintf(s.missing_values, sizeof s.missing_values, "-");
    refused(&s, MS_EFORMAT, "m.db: row 1, column a: missing value", "");
    s.missing = MS_MISSING_DROP;
    struct loaded l = load_well(&s, 1);
    CHECK(l.d.n_train == 2 && x_at(&l.d, 1, 0) == 6);
    free(l.block);
}

// Rows of the same file by other queries, of other files by the same or another one.
static void test_parts(void)
{
    const char *path = database("p.db", "CREATE TABLE t (part, a, y); INSERT INTO t VALUES "
                                        "(0, 1, 'x'), (0, 2, 'z'), (1, 3, 'z'), (2, 4, 'x');");
    struct ms_data_spec s = query_of(path, "SELECT a, y FROM t WHERE part = 0 ORDER BY a");
    snprintf(s.val_query, sizeof s.val_query, "SELECT y, a FROM t WHERE part = 1 ORDER BY a");
    snprintf(s.test_query, sizeof s.test_query, "SELECT a, y FROM t WHERE part = 2 ORDER BY a");
    struct loaded l = load_well(&s, 1);
    CHECK(l.d.n_train == 2 && l.d.n_val == 1 && l.d.n_test == 1);
    CHECK(x_at(&l.d, 2, 0) == 3 && y_at(&l.d, 2, 0) == 1 && y_at(&l.d, 3, 0) == 0);
    free(l.block);
    database("p2.db",
             "CREATE TABLE t (part, a, y); INSERT INTO t VALUES (0, 9, 'x'), (1, 8, 'x');");
    s.val_query[0] = s.test_query[0] = '\0';
    snprintf(s.val_path, sizeof s.val_path, "p2.db");
    snprintf(s.test_path, sizeof s.test_path, "p2.db");
    snprintf(s.test_query, sizeof s.test_query, "SELECT a, y FROM t WHERE part = 1 ORDER BY a");
    l = load_well(&s, 1);
    CHECK(l.d.n_val == 1 && x_at(&l.d, 2, 0) == 9 && l.d.n_test == 1 && x_at(&l.d, 3, 0) == 8);
    free(l.block);
    // The target is a text in the training rows, so numbers are texts in the others.
    database("p3.db", "CREATE TABLE t (part, a, y); INSERT INTO t VALUES (0, 9, 5);");
    snprintf(s.val_path, sizeof s.val_path, "p3.db");
    refused(&s, MS_EFORMAT, "p3.db: row 0, column y: no row of ", "has the class '5'");
}

static void test_refused(void)
{
    const char *path = database("r.db", HOUSES);
    static const struct {
        const char *query, *message;
    } rows[] = {
        {"SELECT prise, y FROM houses", "no such column: prise"},
        {"SELECT \"prise\", y FROM houses", "no such column: prise"}, // not the text 'prise'
        {"SELECT a, y FROM house", "no such table: house"},
        {"SELEC a", "near \"SELEC\": syntax error"},
        {"", "there is no table ''"},
        {" ; ", "allowed: one SELECT"},
        {"SELECT a, y FROM houses; SELECT 1", "found a second statement in the query, ' SELECT 1'"},
        {"SELECT a, y FROM houses; DROP TABLE houses", "found a second statement"},
        {"DELETE FROM houses RETURNING a, y", "allowed: one SELECT"},
        {"DROP TABLE houses", "allowed: one SELECT"},
        {"ATTACH 'other.db' AS o", "allowed: one SELECT"},
        {"PRAGMA journal_mode = wal", "allowed: one SELECT"},
        {"SELECT a, y FROM houses WHERE id = :least", "found the parameter :least in the query"},
        {"SELECT a, y FROM houses WHERE id = ?", "found the parameter ? in the query"},
        {"SELECT a, y FROM houses WHERE id > 9", "the query returns no rows"},
        {"SELECT picture, y FROM houses ORDER BY id DESC",
         "r.db: row 0, column picture: expected a number, found a BLOB; \"ignore\" leaves"},
        {"SELECT word, y FROM houses ORDER BY id",
         "r.db: row 0, column word: expected a number, found 'blue'; columns of words"},
        {"SELECT a, id FROM houses", "there is no column 'y'"},
        {"SELECT y, a, y FROM houses", "two columns are called 'y'"},
        {"SELECT abs(-9223372036854775807 - 1) AS a, y FROM houses", "integer overflow"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CASE("%s", rows[i].query);
        struct ms_data_spec s = query_of(path, rows[i].query);
        struct loaded l = load(&s, 1);
        CHECK_THAT(l.status < 0 && strstr(l.err.text, rows[i].message), "'%s'", l.err.text);
    }
    tmp_write("no.db", "this is no database, whatever its name says\n", 44);
    struct ms_data_spec s = query_of(tmp_path("no.db"), "SELECT a, y FROM t");
    refused(&s, MS_EFORMAT, "no.db: file is not a database", "");
    s = query_of(tmp_path("nothere.db"), "SELECT a, y FROM t");
    refused(&s, MS_EIO, "nothere.db", "No such file");
}

// A database in WAL mode whose writer is in the middle of a transaction: what is committed is read,
// also what is still in the log.
static void test_wal(void)
{
    const char *path = tmp_path("w.db");
    sqlite3 *db;
    unlink(path);
    REQUIRE(sqlite3_open(path, &db) == SQLITE_OK);
    REQUIRE(sqlite3_exec(db,
                         "PRAGMA journal_mode = wal; CREATE TABLE t (a, y); INSERT INTO t VALUES "
                         "(1, 0.5), (2, 1.5); BEGIN IMMEDIATE; INSERT INTO t VALUES (3, 2.5)",
                         NULL, NULL, NULL) == SQLITE_OK);
    struct ms_data_spec s = query_of(path, "SELECT * FROM t ORDER BY a");
    struct loaded l = load_well(&s, 1);
    CHECK_INT(l.d.n_train, 2);
    free(l.block);
    CHECK_INT(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    l = load_well(&s, 1);
    CHECK_INT(l.d.n_train, 3);
    free(l.block);
    sqlite3_close(db);
}

// Reading leaves a database as it is, and a query without an order is noted.
static void test_notes(void)
{
    const char *path = database("n.db", HOUSES);
    struct ms_data_info info = {0};
    struct ms_error err = {0};
    void *block;
    size_t size;
    struct ms_data_spec s = query_of(path, "SELECT a, y FROM houses");
    for (int ordered = 0; ordered < 2; ordered++) {
        CHECK_INT(ms_source_load(&s, NULL, tmp_dir, 1, &block, &size, &info, &err), 0);
        bool noted = false;
        for (size_t i = 0; i < info.n_notes; i++)
            noted = noted || strstr(info.note[i].text, "without ORDER BY");
        CHECK(noted == !ordered);
        CHECK(strcmp(info.source, "sqlite") == 0 && info.n_files == 0);
        ms_data_info_clear(&info);
        free(block);
        snprintf(s.query, sizeof s.query, "SELECT a, y FROM houses order\n by a");
    }
}

int main(void)
{
    tmp_make();
    test_query();
    test_table();
    test_missing();
    test_parts();
    test_refused();
    test_wal();
    test_notes();
    tmp_remove();
    return check_done();
}
