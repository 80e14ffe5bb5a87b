// SPDX-License-Identifier: MIT
//
// The value of an expression at a point: its program runs on a stack of values, which the parser
// has made deep enough. Nothing is allocated here at a point: what a name can be is tabulated
// before.
#include "expression_internal.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mlpsweep/memory.h"

enum { MOST_IN_TABLE = 4096, MAX_TEXT = 4096 };

// --- names -------------------------------------------------------------------

int ms_expression_add_case(struct ms_expr_name *name, const struct ms_expr_case *one,
                           struct ms_error *err)
{
    int status = ms_grow(&name->item, &name->room, (size_t)name->n + 1, sizeof *name->item,
                         "an expression", err);
    if (status < 0)
        return status;
    name->item[name->n++] = *one;
    return 0;
}

// Value v of a parameter; text of choices goes to out.
static struct ms_expr_value value_of(const struct ms_param *p, double v, char *out, size_t size)
{
    if (p->kind == MS_BOOL)
        return (struct ms_expr_value){MS_EXPR_BOOL, v, NULL};
    double number = ms_space_param_number(p, v);
    if (!isnan(number))
        return (struct ms_expr_value){MS_EXPR_NUMBER, number, NULL};
    char type = ms_space_param_type(p, v);
    ms_space_param_text(p, v, out, size);
    if (type == 'b')
        return (struct ms_expr_value){MS_EXPR_BOOL, strcmp(out, "true") == 0, NULL};
    if (strcmp(out, "null") == 0)
        return (struct ms_expr_value){MS_EXPR_UNKNOWN, 0, NULL};
    return (struct ms_expr_value){MS_EXPR_TEXT, 0, out};
}

static void free_table(struct ms_expr_value *table, uint64_t count)
{
    for (uint64_t i = 0; table && i < count; i++)
        free((char *)(uintptr_t)table[i].text); // made here
    free(table);
}

static struct ms_expr_value *tabulate(const struct ms_param *p)
{
    struct ms_expr_value *table = calloc(p->count, sizeof *table);
    char *text = malloc(MAX_TEXT);
    bool full = table && text;
    for (uint64_t i = 0; full && i < p->count; i++) {
        table[i] = value_of(p, (double)i, text, MAX_TEXT);
        if (table[i].text)
            full = (table[i].text = strdup(text)) != NULL;
    }
    free(text);
    if (full)
        return table;
    free_table(table, p->count);
    return NULL;
}

static int types_in(const struct ms_expr_value *table, const struct ms_param *p)
{
    int types = 0;
    for (uint64_t i = 0; table && i < p->count; i++)
        types |= table[i].type;
    return table ? types : MS_EXPR_NUMBER;
}

int ms_expression_tabulate(const struct ms_expression *e, struct ms_expr_name *name,
                           struct ms_error *err)
{
    int types = 0;
    name->table = calloc((size_t)name->n + 1, sizeof *name->table);
    if (!name->table)
        return ms_no_memory(err, "an expression");
    for (int i = 0; i < name->n; i++) {
        const struct ms_expr_case *c = &name->item[i];
        const struct ms_param *p = c->param < 0 ? NULL : &e->space->param[c->param];
        if (!p) {
            types |= c->constant.type;
            continue;
        }
        bool words = p->kind == MS_CHOICE || p->kind == MS_BOOL;
        if (words || (p->count > 0 && p->count <= MOST_IN_TABLE)) {
            name->table[i] = tabulate(p);
            if (!name->table[i])
                return ms_no_memory(err, "an expression");
        }
        types |= types_in(name->table[i], p);
    }
    return types;
}

void ms_expression_free(struct ms_expression *e)
{
    if (!e)
        return;
    for (int k = 0; k < e->n_names; k++) {
        struct ms_expr_name *name = &e->name[k];
        for (int i = 0; name->table && i < name->n; i++)
            if (name->item[i].param >= 0)
                free_table(name->table[i], e->space->param[name->item[i].param].count);
        free(name->table);
        free(name->item);
    }
    free(e->name);
    free(e->text);
    free(e);
}

static bool in_force(const struct ms_space *s, const struct ms_expr_case *c, const double *point)
{
    if (c->param >= 0)
        return !isnan(point[c->param]);
    if (c->condition == MS_ALWAYS)
        return true;
    double v = point[c->parent];
    if (isnan(v))
        return false;
    return c->condition == MS_IS
               ? v == c->parent_value
               : ms_space_param_number(&s->param[c->parent], v) >= c->parent_value;
}

static struct ms_expr_value name_value(const struct ms_expression *e,
                                       const struct ms_expr_name *name, const double *point)
{
    for (int i = 0; i < name->n; i++) {
        const struct ms_expr_case *c = &name->item[i];
        if (!in_force(e->space, c, point))
            continue;
        if (c->param < 0)
            return c->constant;
        double v = point[c->param];
        if (name->table[i])
            return name->table[i][(size_t)v];
        return (struct ms_expr_value){MS_EXPR_NUMBER,
                                      ms_space_param_number(&e->space->param[c->param], v), NULL};
    }
    return (struct ms_expr_value){MS_EXPR_UNKNOWN, 0, NULL};
}

// --- operations --------------------------------------------------------------

static struct ms_expr_value truth(bool x)
{
    return (struct ms_expr_value){MS_EXPR_BOOL, x, NULL};
}

static struct ms_expr_value logic(enum ms_expr_op op, struct ms_expr_value a,
                                  struct ms_expr_value b)
{
    bool decides = op == MS_OP_OR; // true decides an "or", false an "and"
    bool a_known = a.type == MS_EXPR_BOOL, b_known = b.type == MS_EXPR_BOOL;
    if ((a_known && (a.number != 0) == decides) || (b_known && (b.number != 0) == decides))
        return truth(decides);
    return a_known && b_known ? truth(!decides) : (struct ms_expr_value){MS_EXPR_UNKNOWN, 0, NULL};
}

static struct ms_expr_value compare(enum ms_expr_op op, struct ms_expr_value a,
                                    struct ms_expr_value b)
{
    // A choice may hold texts beside numbers: those differ.
    if (a.type != b.type)
        return op == MS_OP_EQ   ? truth(false)
               : op == MS_OP_NE ? truth(true)
                                : (struct ms_expr_value){MS_EXPR_UNKNOWN, 0, NULL};
    if (a.type == MS_EXPR_TEXT) {
        assert(a.text && b.text);
        int order = strcmp(a.text, b.text);
        return op == MS_OP_EQ   ? truth(order == 0)
               : op == MS_OP_NE ? truth(order != 0)
                                : (struct ms_expr_value){MS_EXPR_UNKNOWN, 0, NULL};
    }
    double x = a.number, y = b.number;
    switch (op) {
    case MS_OP_EQ:
        return truth(x == y);
    case MS_OP_NE:
        return truth(x != y);
    case MS_OP_LT:
        return truth(x < y);
    case MS_OP_LE:
        return truth(x <= y);
    case MS_OP_GT:
        return truth(x > y);
    default:
        return truth(x >= y);
    }
}

static struct ms_expr_value arithmetic(enum ms_expr_op op, struct ms_expr_value a,
                                       struct ms_expr_value b)
{
    double x = a.number, y = b.number, z;
    if (a.type != MS_EXPR_NUMBER || b.type != MS_EXPR_NUMBER)
        return (struct ms_expr_value){MS_EXPR_UNKNOWN, 0, NULL};
    switch (op) {
    case MS_OP_ADD:
        z = x + y;
        break;
    case MS_OP_SUB:
        z = x - y;
        break;
    case MS_OP_MUL:
        z = x * y;
        break;
    case MS_OP_DIV:
        z = y == 0 ? NAN : x / y;
        break;
    default:
        z = y == 0 ? NAN : fmod(x, y);
        z = z != 0 && (z < 0) != (y < 0) ? z + y : z;
        break;
    }
    return (struct ms_expr_value){isnan(z) ? MS_EXPR_UNKNOWN : MS_EXPR_NUMBER, z, NULL};
}

static struct ms_expr_value one_sided(enum ms_expr_op op, struct ms_expr_value a)
{
    if (op == MS_OP_NOT)
        return a.type == MS_EXPR_BOOL ? truth(a.number == 0)
                                      : (struct ms_expr_value){MS_EXPR_UNKNOWN, 0, NULL};
    return a.type == MS_EXPR_NUMBER ? (struct ms_expr_value){MS_EXPR_NUMBER, -a.number, NULL}
                                    : (struct ms_expr_value){MS_EXPR_UNKNOWN, 0, NULL};
}

static struct ms_expr_value two_sided(enum ms_expr_op op, struct ms_expr_value a,
                                      struct ms_expr_value b)
{
    if (op == MS_OP_OR || op == MS_OP_AND)
        return logic(op, a, b);
    if (a.type == MS_EXPR_UNKNOWN || b.type == MS_EXPR_UNKNOWN)
        return (struct ms_expr_value){MS_EXPR_UNKNOWN, 0, NULL};
    return op >= MS_OP_ADD ? arithmetic(op, a, b) : compare(op, a, b);
}

// The parser has made sure that the stack holds what every step takes, and does not overflow.
int ms_expression_holds(const struct ms_expression *e, const double *point)
{
    struct ms_expr_value stack[MS_EXPR_DEPTH];
    int n = 0;
    stack[0] = (struct ms_expr_value){MS_EXPR_UNKNOWN, 0, NULL};
    for (int i = 0; i < e->n_steps; i++) {
        const struct ms_expr_step *s = &e->step[i];
        if (s->op == MS_OP_CONSTANT) {
            stack[n++] = s->constant;
        } else if (s->op == MS_OP_NAME) {
            stack[n++] = name_value(e, &e->name[s->name], point);
        } else if (s->op < MS_OP_OR) {
            stack[n - 1] = one_sided(s->op, stack[n - 1]);
        } else {
            n--;
            stack[n - 1] = two_sided(s->op, stack[n - 1], stack[n]);
        }
    }
    return stack[0].type == MS_EXPR_BOOL ? stack[0].number != 0 : -1;
}
