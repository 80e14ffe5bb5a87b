// SPDX-License-Identifier: MIT
//
// From text to program: recursive descent by a table of operators and their levels. Every part
// knows which types it can have, so that a comparison that can never hold, or a text that a choice
// never takes, is an error here and not a sweep that is silently empty.
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "expression_internal.h"
#include "mlpsweep/memory.h"
#include "mlpsweep/table.h"

enum { LEVEL_NOT = 3, LEVEL_COMPARE = 3, LEVEL_UNARY = 6, MAX_NAME = 256, MAX_VALUES = 64 };

static const struct binary_op {
    const char *text;
    int level;
    enum ms_expr_op op;
} operators[] = {
    {"or", 1, MS_OP_OR}, {"and", 2, MS_OP_AND}, {"==", 3, MS_OP_EQ}, {"!=", 3, MS_OP_NE},
    {"<=", 3, MS_OP_LE}, {">=", 3, MS_OP_GE},   {"<", 3, MS_OP_LT},  {">", 3, MS_OP_GT},
    {"+", 4, MS_OP_ADD}, {"-", 4, MS_OP_SUB},   {"*", 5, MS_OP_MUL}, {"/", 5, MS_OP_DIV},
    {"%", 5, MS_OP_MOD},
};

// Operators of other languages, and ours.
static const char *const foreign[][2] = {{"&&", "and"}, {"||", "or"}, {"&", "and"}, {"|", "or"},
                                         {"!", "not"},  {"=", "=="},  {"<>", "!="}};

struct parser {
    struct ms_expression *e;
    const struct ms_expr_names *names;
    const char *text, *at;
    size_t pool; // used of e->text
    int stack, nested;
    struct ms_error *err;
    int status;
};

// A part of the program, and what it was written as.
struct part {
    int types;
    int step; // of a name or constant alone; -1: something larger
    const char *from;
};

static int fail(struct parser *p, const char *at, const char *fmt, ...) MS_PRINTF(3, 4);

static int fail(struct parser *p, const char *at, const char *fmt, ...)
{
    char text[512];
    va_list args;
    if (p->status)
        return p->status;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    p->status = ms_fail(p->err, MS_EINVAL, "at character %d: %s", (int)(at - p->text) + 1, text);
    return p->status;
}

static const char *type_name(int types)
{
    return types == MS_EXPR_NUMBER ? "a number"
           : types == MS_EXPR_BOOL ? "true or false"
           : types == MS_EXPR_TEXT ? "a text"
                                   : "a value of several types";
}

// --- words -------------------------------------------------------------------

static bool in_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '.';
}

static void skip_space(struct parser *p)
{
    while (*p->at == ' ' || *p->at == '\t' || *p->at == '\n' || *p->at == '\r')
        p->at++;
}

static bool next_is(const struct parser *p, const char *word)
{
    size_t n = strlen(word);
    return strncmp(p->at, word, n) == 0 && !(isalpha((unsigned char)word[0]) && in_word(p->at[n]));
}

static bool accept(struct parser *p, const char *word)
{
    skip_space(p);
    if (!next_is(p, word))
        return false;
    p->at += strlen(word);
    return true;
}

// The text that stands there, for a message.
static const char *found(const struct parser *p, char out[32])
{
    size_t n = 0;
    if (!*p->at)
        return "the end";
    while (in_word(p->at[n]) && n < 24)
        n++;
    for (size_t i = 0; n == 0 && i < sizeof foreign / sizeof *foreign; i++)
        if (strncmp(p->at, foreign[i][0], strlen(foreign[i][0])) == 0)
            n = strlen(foreign[i][0]);
    while (n == 0 || (p->at[n] & 0xc0) == 0x80) // whole characters of UTF-8
        n++;
    snprintf(out, 32, "'%.*s'", (int)(n < 28 ? n : 28), p->at);
    return out;
}

static const char *hint(const struct parser *p, char out[48])
{
    out[0] = '\0';
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign && !out[0]; i++)
        if (strncmp(p->at, foreign[i][0], strlen(foreign[i][0])) == 0)
            snprintf(out, 48, "; did you mean '%s'?", foreign[i][1]);
    return out;
}

// --- program -----------------------------------------------------------------

static int emit(struct parser *p, const char *at, struct ms_expr_step step, int push)
{
    struct ms_expression *e = p->e;
    if (e->n_steps == MS_EXPR_STEPS)
        return fail(p, at, "the expression is too long; allowed: %d names, numbers and operators",
                    MS_EXPR_STEPS);
    p->stack += push;
    if (p->stack > MS_EXPR_DEPTH)
        return fail(p, at, "the expression is too deep; allowed: %d pending values", MS_EXPR_DEPTH);
    e->step[e->n_steps++] = step;
    return 0;
}

static struct part constant(struct parser *p, const char *from, struct ms_expr_value v)
{
    struct part part = {v.type, p->e->n_steps, from};
    emit(p, from, (struct ms_expr_step){.op = MS_OP_CONSTANT, .constant = v}, 1);
    return part;
}

static int resolve(struct parser *p, const char *from, const char *text, struct ms_expr_name *name)
{
    if (!p->names->find)
        return MS_EXPR_ANY;
    int status = p->names->find(p->names->ctx, text, name, p->err);
    if (!status && name->n == 0) {
        const char *near = p->names->nearest ? p->names->nearest(p->names->ctx, text) : NULL;
        return fail(p, from,
                    "found '%s'; allowed: the name of a parameter or of a value in the file%s%s%s",
                    text, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    }
    status = status ? status : ms_expression_tabulate(p->e, name, p->err);
    if (status < 0)
        p->status = status;
    return status;
}

static struct part name(struct parser *p, const char *from, const char *text)
{
    struct ms_expression *e = p->e;
    struct part part = {MS_EXPR_ANY, e->n_steps, from};
    int status = ms_grow(&e->name, &e->room, (size_t)e->n_names + 1, sizeof *e->name,
                         "an expression", p->err);
    if (status < 0) {
        p->status = status;
        return part;
    }
    e->name[e->n_names] = (struct ms_expr_name){0};
    int types = resolve(p, from, text, &e->name[e->n_names++]);
    if (types >= 0)
        part.types = types;
    emit(p, from, (struct ms_expr_step){.op = MS_OP_NAME, .name = e->n_names - 1}, 1);
    return part;
}

// --- parts -------------------------------------------------------------------

static struct part binary(struct parser *p, int level);

static struct part number(struct parser *p)
{
    const char *from = p->at;
    char text[64];
    size_t n = 0;
    while (isdigit((unsigned char)from[n]) || from[n] == '.')
        n++;
    if (from[n] == 'e' || from[n] == 'E') {
        n++;
        n += from[n] == '+' || from[n] == '-';
        while (isdigit((unsigned char)from[n]))
            n++;
    }
    char *end = text;
    double v = NAN;
    if (n < sizeof text) {
        memcpy(text, from, n);
        text[n] = '\0';
        v = strtod(text, &end);
    }
    char what[32];
    if (end == text || *end || in_word(from[n]) || !isfinite(v))
        fail(p, from, "found %s; allowed: a number, such as 3, 0.5 or 1e-3", found(p, what));
    p->at += n;
    return constant(p, from, (struct ms_expr_value){MS_EXPR_NUMBER, v, NULL});
}

// A text in quotes or a name in backquotes; *n its length without them, p->at behind. NULL: no end.
static const char *quoted(struct parser *p, size_t *n)
{
    const char *from = p->at, *end = strchr(from + 1, *from);
    if (!end) {
        fail(p, from, "found %c without its partner", *from);
        return NULL;
    }
    *n = (size_t)(end - from) - 1;
    p->at = end + 1;
    return from + 1;
}

static struct part text_literal(struct parser *p)
{
    const char *from = p->at;
    size_t n = 0;
    const char *inside = quoted(p, &n);
    if (!inside)
        return (struct part){MS_EXPR_TEXT, -1, from};
    char *to = p->e->text + p->pool;
    memcpy(to, inside, n);
    to[n] = '\0';
    p->pool += n + 1;
    return constant(p, from, (struct ms_expr_value){MS_EXPR_TEXT, 0, to});
}

static struct part word(struct parser *p)
{
    static const char *const reserved[] = {"or", "and", "not"};
    const char *from = p->at, *inside = from;
    char text[MAX_NAME], what[32];
    size_t n = 0;
    if (*from == '`') {
        inside = quoted(p, &n);
    } else {
        while (in_word(from[n]))
            n++;
        for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
            if (next_is(p, reserved[i]))
                fail(p, from, "found %s; allowed: a value", found(p, what));
        p->at += n;
    }
    if (inside && n >= sizeof text)
        fail(p, from, "found a name of %zu characters; allowed: up to %zu", n, sizeof text - 1);
    if (p->status)
        return (struct part){MS_EXPR_ANY, -1, from};
    memcpy(text, inside, n);
    text[n] = '\0';
    if (*from != '`' && (strcmp(text, "true") == 0 || strcmp(text, "false") == 0))
        return constant(p, from, (struct ms_expr_value){MS_EXPR_BOOL, text[0] == 't', NULL});
    return name(p, from, text);
}

static struct part parenthesis(struct parser *p)
{
    const char *from = p->at++;
    char what[32], add[48];
    struct part part = {MS_EXPR_ANY, -1, from};
    if (++p->nested > MS_EXPR_DEPTH) {
        fail(p, from, "the expression is too deep; allowed: %d parentheses", MS_EXPR_DEPTH);
        return part;
    }
    part = binary(p, 1);
    part.from = from;
    p->nested--;
    if (!p->status && !accept(p, ")"))
        fail(p, p->at, "found %s; allowed: ) or an operator%s", found(p, what), hint(p, add));
    return part;
}

// Checks that a part can have a type.
static void expect(struct parser *p, const struct part *part, int type, const char *of)
{
    if (part->types != 0 && !(part->types & type))
        fail(p, part->from, "found %s; allowed: %s, for %s", type_name(part->types),
             type_name(type), of);
}

// A prefix: "not" or "-".
static struct part prefixed(struct parser *p, const char *from, bool negation)
{
    struct part part = {MS_EXPR_ANY, -1, from};
    if (++p->nested > MS_EXPR_DEPTH) {
        fail(p, from, "the expression is too deep; allowed: %d prefixes and parentheses",
             MS_EXPR_DEPTH);
        return part;
    }
    part = binary(p, negation ? LEVEL_NOT : LEVEL_UNARY);
    p->nested--;
    expect(p, &part, negation ? MS_EXPR_BOOL : MS_EXPR_NUMBER, negation ? "not" : "-");
    emit(p, from, (struct ms_expr_step){.op = negation ? MS_OP_NOT : MS_OP_MINUS}, 0);
    return (struct part){negation ? MS_EXPR_BOOL : MS_EXPR_NUMBER, -1, from};
}

static struct part primary(struct parser *p)
{
    char what[32], add[48];
    skip_space(p);
    const char *from = p->at, c = *from;
    if (p->status)
        return (struct part){MS_EXPR_ANY, -1, from};
    if (accept(p, "-"))
        return prefixed(p, from, false);
    if (c == '(')
        return parenthesis(p);
    if (isdigit((unsigned char)c) || c == '.')
        return number(p);
    if (c == '\'' || c == '"')
        return text_literal(p);
    if (isalpha((unsigned char)c) || c == '_' || c == '`')
        return word(p);
    fail(p, from, "found %s; allowed: a name, a number, a text in quotes or (%s", found(p, what),
         hint(p, add));
    return (struct part){MS_EXPR_ANY, -1, from};
}

// --- operators ---------------------------------------------------------------

// All texts that a name can be; -1: more than fit.
static int texts_of(const struct ms_expression *e, const struct ms_expr_name *n,
                    const char *out[MAX_VALUES])
{
    int count = 0;
    for (int i = 0; i < n->n; i++) {
        const struct ms_expr_case *c = &n->item[i];
        uint64_t values = c->param < 0 ? 1 : n->table[i] ? e->space->param[c->param].count : 0;
        for (uint64_t k = 0; k < values; k++) {
            const struct ms_expr_value *v = c->param < 0 ? &c->constant : &n->table[i][k];
            bool there = v->type != MS_EXPR_TEXT;
            for (int j = 0; j < count && !there; j++)
                there = strcmp(out[j], v->text) == 0;
            if (!there && count == MAX_VALUES)
                return -1;
            if (!there)
                out[count++] = v->text;
        }
    }
    return count;
}

// Refuses a text that the name next to it never takes: most often a misspelling.
static void check_text(struct parser *p, const struct part *a, const struct part *b)
{
    const struct ms_expr_step *step = p->e->step;
    const char *texts[MAX_VALUES], *list_end;
    if (p->status || !p->names->find || a->step < 0 || b->step < 0 ||
        step[a->step].op != MS_OP_NAME || step[b->step].op != MS_OP_CONSTANT ||
        b->types != MS_EXPR_TEXT)
        return;
    const char *wanted = step[b->step].constant.text;
    int n = texts_of(p->e, &p->e->name[step[a->step].name], texts);
    for (int i = 0; i < n; i++)
        if (strcmp(texts[i], wanted) == 0)
            return;
    if (n < 0)
        return;
    char list[256] = "";
    for (int i = 0; i < n; i++) {
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s%s", used ? ", " : "", texts[i]);
    }
    list_end = strlen(list) == sizeof list - 1 ? "…" : "";
    const char *near = ms_nearest(wanted, texts, n);
    fail(p, b->from, "found '%s'; allowed: %s%s%s%s%s", wanted, list, list_end,
         near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static void check_types(struct parser *p, const struct binary_op *o, const struct part *a,
                        const struct part *b)
{
    if (o->level < LEVEL_COMPARE) {
        expect(p, a, MS_EXPR_BOOL, o->text);
        expect(p, b, MS_EXPR_BOOL, o->text);
    } else if (o->op == MS_OP_EQ || o->op == MS_OP_NE) {
        if (a->types && b->types && !(a->types & b->types))
            fail(p, b->from, "found %s; allowed: %s, as on the other side of %s",
                 type_name(b->types), type_name(a->types), o->text);
        check_text(p, a, b);
        check_text(p, b, a);
    } else {
        expect(p, a, MS_EXPR_NUMBER, o->text);
        expect(p, b, MS_EXPR_NUMBER, o->text);
    }
}

static const struct binary_op *operator_at(struct parser *p, int level)
{
    skip_space(p);
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (next_is(p, operators[i].text)) // the longer ones come first
            return operators[i].level == level ? &operators[i] : NULL;
    return NULL;
}

static struct part binary(struct parser *p, int level)
{
    skip_space(p);
    const char *from = p->at;
    if (level == LEVEL_NOT && accept(p, "not"))
        return prefixed(p, from, true);
    if (level >= LEVEL_UNARY)
        return primary(p);
    struct part left = binary(p, level + 1);
    const struct binary_op *o;
    for (int n = 0; !p->status && (o = operator_at(p, level)); n++) {
        if (n > 0 && level == LEVEL_COMPARE)
            fail(p, p->at, "found a second comparison; allowed: a < b and b < c");
        p->at += strlen(o->text);
        struct part right = binary(p, level + 1);
        check_types(p, o, &left, &right);
        emit(p, from, (struct ms_expr_step){.op = o->op}, -1);
        left = (struct part){level <= LEVEL_COMPARE ? MS_EXPR_BOOL : MS_EXPR_NUMBER, -1, from};
    }
    return left;
}

int ms_expression_new(const char *text, const struct ms_space *space,
                      const struct ms_expr_names *names, struct ms_expression **out,
                      struct ms_error *err)
{
    char what[32], add[48];
    size_t size = strlen(text) + 1;
    *out = NULL;
    if (size > MS_MAX_EXPRESSION)
        return ms_fail(err, MS_EINVAL, "found %zu characters; allowed: up to %d", size - 1,
                       MS_MAX_EXPRESSION - 1);
    struct ms_expression *e = calloc(1, sizeof *e);
    if (!e || !(e->text = malloc(size))) {
        free(e);
        return ms_no_memory(err, "an expression");
    }
    e->space = space;
    struct parser p = {.e = e, .names = names, .text = text, .at = text, .err = err};
    struct part all = binary(&p, 1);
    skip_space(&p);
    if (!p.status && *p.at)
        fail(&p, p.at, "found %s; allowed: an operator or the end%s", found(&p, what),
             hint(&p, add));
    if (!p.status)
        expect(&p, &all, MS_EXPR_BOOL, "a condition");
    if (p.status) {
        ms_expression_free(e);
        return p.status;
    }
    *out = e;
    return 0;
}
