// SPDX-License-Identifier: MIT
//
// Expressions over the parameters of a space, as a sweep file's "require" writes them:
//
//     hidden.layers <= 3 or batch_size >= 128
//     not (optimizer == 'sgd' and optimizer.momentum > 0.9)
//     `lr-decay` * 10 <= lr
//
//     or, and, not                     of conditions; binding in this order, weakest first
//     ==  !=  <  <=  >  >=             of numbers; == and != of texts and of true and false too
//     +  -  *  /  %                    of numbers; % has the sign of its right side, as in Python
//     ( )  1e-3  'text'  "text"  true  false  names, in backquotes where they hold other characters
//
// Three-valued logic as SQL's: a name that is not there at a point (a parameter of an alternative
// that is not taken, null) is unknown, and so is what is made of it, but "false and unknown" is
// false and "true or unknown" is true. Division by 0 is unknown too.
#ifndef MLPSWEEP_EXPRESSION_H
#define MLPSWEEP_EXPRESSION_H

#include "mlpsweep/space.h"

#define MS_MAX_EXPRESSION 4096 // characters of one expression

struct ms_expression;

enum ms_expr_type { // bits: where the type depends on the point there are several
    MS_EXPR_UNKNOWN = 0,
    MS_EXPR_NUMBER = 1,
    MS_EXPR_BOOL = 2,
    MS_EXPR_TEXT = 4,
    MS_EXPR_ANY = 7,
};

struct ms_expr_value {
    int type;         // one enum ms_expr_type
    double number;    // of numbers and bools
    const char *text; // of texts
};

// One of the things that a name can stand for: the first of its cases that is in force at a point.
struct ms_expr_case {
    int param;                     // a parameter, which has its own condition; -1: a constant
    struct ms_expr_value constant; // text is borrowed
    enum ms_condition condition;   // under which the constant is in force
    int parent;
    double parent_value;
};

struct ms_expr_name;
int ms_expression_add_case(struct ms_expr_name *name, const struct ms_expr_case *one,
                           struct ms_error *err) MS_MUST_CHECK;

// The source of the names' meaning. find NULL: every name may be anything (to check the syntax
// alone).
struct ms_expr_names {
    // Adds the cases of a name; none: there is no such name. < 0: no memory.
    int (*find)(void *ctx, const char *text, struct ms_expr_name *name, struct ms_error *err);
    const char *(*nearest)(void *ctx, const char *text); // spelling, or NULL
    void *ctx;
};

// Compiles a text. space must outlive the expression. On a wrong text returns MS_EINVAL and err
// says where (characters count from 1), what was found, what is allowed.
int ms_expression_new(const char *text, const struct ms_space *space,
                      const struct ms_expr_names *names, struct ms_expression **out,
                      struct ms_error *err) MS_MUST_CHECK;
void ms_expression_free(struct ms_expression *e);

// 1: it holds at the point, 0: it does not, -1: unknown. Pure; well below a microsecond.
int ms_expression_holds(const struct ms_expression *e, const double *point);

#endif
