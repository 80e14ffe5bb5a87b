// SPDX-License-Identifier: MIT
//
// Inside contract of expression.c (what an expression is, and its value at a point) and
// expression_parse.c (how a text becomes one): a program in postfix order for a stack of values.
#ifndef MLPSWEEP_EXPRESSION_INTERNAL_H
#define MLPSWEEP_EXPRESSION_INTERNAL_H

#include "expression.h"

enum {
    MS_EXPR_STEPS = 512, // of one program
    MS_EXPR_DEPTH = 64,  // of the stack, and of nested parentheses
};

enum ms_expr_op {
    MS_OP_CONSTANT,
    MS_OP_NAME,
    MS_OP_NOT,
    MS_OP_MINUS,
    MS_OP_OR, // from here on: two values
    MS_OP_AND,
    MS_OP_EQ,
    MS_OP_NE,
    MS_OP_LT,
    MS_OP_LE,
    MS_OP_GT,
    MS_OP_GE,
    MS_OP_ADD,
    MS_OP_SUB,
    MS_OP_MUL,
    MS_OP_DIV,
    MS_OP_MOD,
};

struct ms_expr_step {
    enum ms_expr_op op;
    int name; // of MS_OP_NAME
    struct ms_expr_value constant;
};

// Values of a case's parameter by index where that is cheaper than making them again and again.
struct ms_expr_name {
    int n;
    size_t room; // of item
    struct ms_expr_case *item;
    struct ms_expr_value **table; // (n) each by index, or NULL
};

struct ms_expression {
    const struct ms_space *space;
    char *text; // a copy; texts in quotes end in it
    int n_steps;
    struct ms_expr_step step[MS_EXPR_STEPS];
    int n_names;
    size_t room; // of name
    struct ms_expr_name *name;
};

// Fills the name's tables. Returns the enum ms_expr_type bits that it can have, or < 0.
int ms_expression_tabulate(const struct ms_expression *e, struct ms_expr_name *name,
                           struct ms_error *err) MS_MUST_CHECK;

#endif
