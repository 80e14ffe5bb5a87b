// SPDX-License-Identifier: MIT
//
// Inside contract of the sweep file's parser: what a field is. A section is a table of fields; a
// field says its name, type, bounds, default and where its value goes. The tables are in schema*.c,
// the walk that checks and reads a file by them is in walk*.c.
#ifndef MLPSWEEP_SWEEP_FIELD_H
#define MLPSWEEP_SWEEP_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include "mlpsweep/table.h"

struct cJSON;
struct ms_walk;
struct ms_field;
struct ms_section;

enum ms_field_type { // and how the value is stored
    MS_F_REAL,       // double
    MS_F_INT,        // int
    MS_F_LONG,       // int64_t
    MS_F_BOOL,       // bool
    MS_F_TEXT,       // char[size]
    MS_F_NAME,       // int: index into names
    MS_F_ROW,        // int: row of table, a name alone
    MS_F_PICK,       // struct ms_pick: a row of table with its arguments
    MS_F_METRIC,     // int: metric id
    MS_F_LIST,       // double: index into config.list, where their number and the values stand
    MS_F_SECTION,    // fields of section, offset added to their own
    MS_F_NAMES,      // char[size]: a text, or an array of them, with line ends between
    MS_F_CUSTOM,     // the field's own walk() decides
    MS_F_ANY,        // not stored: any value, with parameters anywhere in its objects (params)
    MS_FIELD_TYPES
};

// Checks or reads one value of a field; base: what the field's offset counts from. See walk.h.
typedef void ms_walk_value(struct ms_walk *w, const struct cJSON *value, const struct ms_field *f,
                           void *base);

// The part of the file that a field belongs to: only the parts asked for are read.
enum ms_part {
    MS_PART_SWEEP = 1,  // the same for all trials
    MS_PART_CONFIG = 2, // struct ms_config
    MS_PART_DATA = 4,   // struct ms_data_spec
};

struct ms_section {
    const char *what; // "a layer"
    int n;
    const struct ms_field *field;
    // Called for every object that spells the section out; base as for its fields. May be NULL.
    void (*after)(struct ms_walk *w, const struct cJSON *object, const struct ms_section *s,
                  void *base);
    bool top; // the file itself: its fields have parts
};

struct ms_field {
    const char *name;
    enum ms_field_type type;
    const char *doc; // one line
    size_t offset;
    size_t size; // of text
    bool required;
    bool fixed;    // cannot be swept
    bool optional; // of a section: null stands for "left out", and nothing is set then
    bool keep;     // of a section: members not given keep their values instead of defaults
    double def;    // of numbers and bools
    double lo, hi; // of numbers
    bool lo_open, hi_open;
    bool null_off;                // of numbers: null stands for 0
    bool as_double;               // an int or bool that is stored as a double (arguments of rows)
    const char *const *names;     // of MS_F_NAME; of MS_F_CUSTOM: words it takes. NULL at the end
    const struct ms_table *table; // of MS_F_ROW, MS_F_PICK
    const char *def_text;         // name of the default row, metric, text; NULL: -1 or ""
    int def_name;                 // default of MS_F_NAME
    const char *key;              // of MS_F_PICK: the key that names the row
    // MS_F_PICK only: a number may stand for row 0; it becomes arg[0] and is bounded as the first
    // argument of this table's first row.
    const struct ms_table *number;
    // MS_F_PICK only: the first argument is a learning rate, which may be a schedule and is stored
    // by this field in struct ms_config.
    const struct ms_field *rate;
    int sources; // of data: bits 1 << enum ms_source that take the field; 0: all
    int kinds;   // of the top level and the objective: bits 1 << enum ms_kind that take it; 0: all
    int parts;   // of the top level: enum ms_part bits
    // MS_F_REAL: an object that may replace the number. MS_F_CUSTOM: the form of an object.
    const struct ms_section *section;
    const struct ms_field *item; // MS_F_CUSTOM: the form of an array's items
    ms_walk_value *walk;         // of MS_F_CUSTOM
};

// The index of a field by name, or -1.
int ms_field_find(const struct ms_section *s, const char *name);

// The place in which the field's value is stored.
static inline void *ms_field_at(const struct ms_field *f, void *base)
{
    return (char *)base + f->offset;
}

// Sets a field to its default; of a section all its fields.
void ms_field_default(const struct ms_field *f, void *base);

// Puts a number into a field of numbers or bools.
void ms_field_put(const struct ms_field *f, void *base, double x);

// The field that an argument of a row of f's table is: offset 0, stored as a double.
struct ms_field ms_field_of_arg(const struct ms_arg *a, const struct ms_field *f);

// The field that bounds a number in the place of a row (see number above).
struct ms_field ms_field_of_number(const struct ms_field *f);

// The values that a field takes, in words. Returns out.
char *ms_field_allowed(const struct ms_field *f, char *out, size_t size);

// The names that a field chooses from, of its list or its table. Returns how many.
enum { MS_FIELD_NAMES = 256 };
int ms_field_names(const struct ms_field *f, const char *names[MS_FIELD_NAMES]);

// "a, b, c" into out, truncated where it is too long. Returns out.
char *ms_field_join(const char *const *names, int n, char *out, size_t size);

#endif
