// SPDX-License-Identifier: MIT
//
// Tables keep their cells row by row; a column is as wide as its widest cell, so that a table is
// printed once all of it is there. Nothing that could steer a terminal is ever kept. Widths are
// counted in columns of the screen, never in bytes.
#include "text.h"

#include "mlpsweep/memory.h"
#include "mlpsweep/utf8.h"
#include "mlpsweep/words.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct column {
    enum ms_align align;
    char *title;
    int width; // of its widest cell or title
    bool used; // a cell has something
};

struct ms_text {
    int n_columns;
    struct column *column;
    char **cell; // (rows, n_columns)
    enum ms_style *style;
    size_t n, room; // cells
    size_t rows;    // room of style
    int screen;     // columns of the terminal; 0: none
    int status;
};

enum {
    WRAP_LEAST = 20, // columns that a text needs to be broken into lines
    WRAP_MOST = 8,   // lines of it
};

struct ms_text *ms_text_new(int columns)
{
    struct ms_text *t = calloc(1, sizeof *t);
    if (t)
        t->column = calloc((size_t)columns, sizeof *t->column);
    if (!t || !t->column) {
        free(t);
        return NULL;
    }
    t->n_columns = columns;
    return t;
}

void ms_text_free(struct ms_text *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->n; i++)
        free(t->cell[i]);
    for (int i = 0; i < t->n_columns; i++)
        free(t->column[i].title);
    free(t->cell);
    free(t->style);
    free(t->column);
    free(t);
}

void ms_text_column(struct ms_text *t, int column, enum ms_align align, const char *title)
{
    struct column *c = &t->column[column];
    c->align = align;
    free(c->title);
    c->title = strdup(title);
    if (!c->title)
        t->status = MS_ENOMEM;
    else
        c->width = ms_text_width(ms_printable(c->title, ' ', ""));
}

// Room for one more row.
static bool grow(struct ms_text *t)
{
    if (t->status)
        return false;
    // The rooms are those of cells and of rows, whose styles begin plain.
    const size_t rows = t->n / (size_t)t->n_columns + 1, had = t->rows;
    t->status = ms_grow(&t->cell, &t->room, t->n + 1, sizeof *t->cell, "a table", NULL);
    if (!t->status)
        t->status = ms_grow(&t->style, &t->rows, rows, sizeof *t->style, "a table", NULL);
    for (size_t i = had; i < t->rows; i++)
        t->style[i] = MS_PLAIN;
    return !t->status;
}

void ms_text_cell(struct ms_text *t, const char *fmt, ...)
{
    if (!grow(t))
        return;
    char *text = NULL;
    va_list ap;
    va_start(ap, fmt);
    const int n = vasprintf(&text, fmt, ap);
    va_end(ap);
    if (n < 0) {
        t->status = MS_ENOMEM;
        return;
    }
    ms_printable(text, ' ', "");
    struct column *c = &t->column[t->n % (size_t)t->n_columns];
    const int width = ms_text_width(text);
    if (width > c->width)
        c->width = width;
    c->used = c->used || *text;
    t->cell[t->n++] = text;
}

void ms_text_style(struct ms_text *t, enum ms_style style)
{
    if (grow(t))
        t->style[t->n / (size_t)t->n_columns] = style;
}

void ms_text_fit(struct ms_text *t, int screen)
{
    t->screen = screen;
}

// The last column that is printed; -1: none is.
static int last_column(const struct ms_text *t)
{
    int last = t->n_columns - 1;
    while (last >= 0 && !t->column[last].used)
        last--;
    return last;
}

int ms_text_total(const struct ms_text *t)
{
    int width = 0;
    for (int i = 0; i < t->n_columns; i++)
        width += t->column[i].used ? t->column[i].width + 2 : 0;
    return width > 0 ? width - 2 : 0;
}

static void print_row(const struct ms_text *t, char *const *cells, FILE *out, int indent)
{
    const int last = last_column(t);
    int at = indent, pending = 0; // blanks not written yet, so that none ends a line
    for (int i = 0; i <= last; i++) {
        const struct column *c = &t->column[i];
        if (!c->used)
            continue;
        const char *text = cells ? cells[i] : c->title ? c->title : "";
        const int width = ms_text_width(text), fill = c->width - width;
        pending += c->align == MS_RIGHT ? fill : 0;
        if (*text) {
            fprintf(out, "%*s", pending, "");
            at += pending;
            if (i == last && c->align == MS_LEFT)
                ms_text_wrap(out, text, at, t->screen);
            else
                fputs(text, out);
            at += width;
            pending = 0;
        }
        pending += c->align == MS_LEFT ? fill : 0;
        pending += 2;
    }
}

int ms_text_print(const struct ms_text *t, FILE *out, bool colour, const char *indent)
{
    static const char *const codes[] = {
        [MS_PLAIN] = "", [MS_BOLD] = "\033[1m", [MS_DIM] = "\033[2m", [MS_RED] = "\033[31m"};
    if (t->status)
        return t->status;
    bool head = false;
    for (int i = 0; i < t->n_columns; i++)
        head = head || (t->column[i].title && *t->column[i].title);
    if (head) {
        fprintf(out, "%s%s", indent, colour ? codes[MS_DIM] : "");
        print_row(t, NULL, out, ms_text_width(indent));
        fprintf(out, "%s\n", colour ? "\033[0m" : "");
    }
    const size_t columns = (size_t)t->n_columns;
    for (size_t i = 0; i + columns <= t->n; i += columns) {
        const enum ms_style style = colour ? t->style[i / columns] : MS_PLAIN;
        fprintf(out, "%s%s", indent, codes[style]);
        print_row(t, t->cell + i, out, ms_text_width(indent));
        fprintf(out, "%s\n", style ? "\033[0m" : "");
    }
    return 0;
}

struct ms_digits ms_text_digits(double resolution, double largest)
{
    const double size = largest > 0 && isfinite(largest) ? floor(log10(largest)) : 0;
    const double fine =
        resolution > 0 && isfinite(resolution) ? 1 - floor(log10(resolution)) : 5 - size;
    const double after = fmin(fmax(fine, 0), 16);
    if (size >= 7 || after > 9)
        return (struct ms_digits){true, (int)fmin(fmax(size + fine, 3), 12)};
    return (struct ms_digits){false, (int)fmax(after, resolution > 0 ? 1 : 0)};
}

const char *ms_text_number(struct ms_digits d, double v, char *out, size_t size)
{
    if (isnan(v))
        snprintf(out, size, "-");
    else
        snprintf(out, size, d.scientific ? "%.*e" : "%.*f", d.after, v);
    return out;
}

const char *ms_text_bytes(double bytes, char *out, size_t size)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    int i = 0;
    for (; bytes >= 1024 && i < 4; i++)
        bytes /= 1024;
    snprintf(out, size, i == 0 || bytes >= 100 ? "%.0f %s" : "%.1f %s", bytes, units[i]);
    return out;
}

const char *ms_text_scaled(double v, char *out, size_t size)
{
    static const char *const prefix[] = {"", " k", " M", " G", " T", " P", " E"};
    int i = 0;
    for (; fabs(v) >= 1000 && i < 6; i++)
        v /= 1000;
    snprintf(out, size, "%.3g%s", v, prefix[i]);
    return out;
}

const char *ms_text_list(const uint32_t *numbers, int64_t n, char *out, size_t size)
{
    const int64_t most = 6, shown = n <= most + 1 ? n : most;
    size_t used = 0;
    out[0] = '\0';
    for (int64_t i = 0; i < shown && used < size; i++) {
        const char *before = i == 0 ? "" : i + 1 == n ? " and " : ", ";
        used += (size_t)snprintf(out + used, size - used, "%s%" PRIu32, before, numbers[i]);
    }
    if (shown < n && used < size)
        snprintf(out + used, size - used, " and %" PRId64 " more", n - shown);
    return out;
}

const char *ms_text_short(const char *text, char *out, size_t size)
{
    char *end;
    const double v = strtod(text, &end);
    const bool number = *text && !*end && strlen(text) > 9 && strpbrk(text, ".eE");
    if (number)
        snprintf(out, size, "%.6g", v);
    else
        snprintf(out, size, "%s", *text ? text : "\"\"");
    return out;
}

const char *ms_text_layer_leaf(const char *name)
{
    static const char hidden[] = "hidden.";
    if (strncmp(name, hidden, sizeof hidden - 1) != 0)
        return NULL;
    name += sizeof hidden - 1;
    const size_t digits = strspn(name, "0123456789");
    return digits > 0 && name[digits] == '.' ? name + digits + 1 : NULL;
}

// The first parameter of the same meaning: "hidden.1.units" for "hidden.3.units".
static int first_of_layers(const struct ms_text_param *p, int i)
{
    const char *leaf = ms_text_layer_leaf(p[i].name);
    for (int k = 0; leaf && k < i; k++) {
        const char *other = ms_text_layer_leaf(p[k].name);
        if (other && strcmp(other, leaf) == 0)
            return k;
    }
    return i;
}

static bool any_shown(const struct ms_text_param *p, int n, int first)
{
    for (int k = first; k < n; k++)
        if (p[k].shown && first_of_layers(p, k) == first)
            return true;
    return false;
}

const char *ms_text_params(const struct ms_text_param *p, int n, char *out, size_t size)
{
    size_t used = 0;
    char value[512];
    out[0] = '\0';
    for (int i = 0; i < n; i++) {
        if (first_of_layers(p, i) != i || !any_shown(p, n, i))
            continue;
        const char *leaf = ms_text_layer_leaf(p[i].name);
        int in_group = 0;
        for (int k = i; k < n && used < size; k++) {
            if (!p[k].value || first_of_layers(p, k) != i)
                continue;
            const char *before = in_group++ ? "," : used ? " " : "";
            const char *name = in_group > 1 ? "" : leaf ? leaf : p[i].label;
            ms_text_short(p[k].value, value, sizeof value);
            // Quotes show where the next parameter begins.
            const char *quote = strchr(value, ' ') ? "'" : "";
            used += (size_t)snprintf(out + used, size - used, "%s%s%s%s%s%s", before, name,
                                     in_group > 1 ? "" : "=", quote, value, quote);
        }
    }
    return out;
}

// --- the screen --------------------------------------------------------------

// After Unicode's EastAsianWidth.txt and the combining marks of its first planes, in broad strokes:
// wcwidth() would need the locale of the terminal, which ranks do not have.
static int character_width(uint32_t c)
{
    static const struct {
        uint32_t lo, hi;
        int width;
    } ranges[] = {
        {0x0300, 0x036f, 0},   {0x1100, 0x115f, 2},   {0x200b, 0x200f, 0}, {0x20d0, 0x20ff, 0},
        {0x2e80, 0xa4cf, 2},   {0xac00, 0xd7a3, 2},   {0xf900, 0xfaff, 2}, {0xfe00, 0xfe0f, 0},
        {0xfe30, 0xfe6f, 2},   {0xff00, 0xff60, 2},   {0xffe0, 0xffe6, 2}, {0x1f300, 0x1f64f, 2},
        {0x1f900, 0x1f9ff, 2}, {0x20000, 0x3fffd, 2},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (c >= ranges[i].lo && c <= ranges[i].hi)
            return ranges[i].width;
    return 1;
}

int ms_text_width(const char *s)
{
    int n = 0;
    for (uint32_t c; *s; n += character_width(c))
        s += ms_utf8_decode(s, &c);
    return n;
}

size_t ms_text_cut(const char *s, int columns)
{
    size_t at = 0;
    for (uint32_t c; s[at];) {
        const size_t n = ms_utf8_decode(s + at, &c);
        columns -= character_width(c);
        if (columns < 0)
            break;
        at += n;
    }
    return at;
}

int ms_text_screen(FILE *out)
{
    struct winsize w;
    const bool known = isatty(fileno(out)) && ioctl(fileno(out), TIOCGWINSZ, &w) == 0;
    return known ? w.ws_col : 0;
}

static void wrap(FILE *out, const char *s, int at, int screen)
{
    const int room = screen - at;
    for (int line = 1; room >= WRAP_LEAST && ms_text_width(s) > room; line++) {
        const bool last = line == WRAP_MOST;
        size_t n = ms_text_cut(s, last ? room - 1 : room + 1); // with the blank that may follow
        while (n > 0 && s[n - 1] != ' ')
            n--;
        if (n == 0) // a word that is longer than the line
            n = ms_text_cut(s, last ? room - 2 : room);
        size_t end = n;
        while (end > 0 && s[end - 1] == ' ')
            end--;
        fprintf(out, "%.*s%s", (int)end, s, last ? " …" : "");
        if (last)
            return;
        fprintf(out, "\n%*s", at, "");
        s += n;
    }
    fputs(s, out);
}

void ms_text_wrap(FILE *out, const char *s, int at, int screen)
{
    char *shown = strdup(s);
    if (shown)
        wrap(out, ms_printable(shown, ' ', ""), at, screen);
    free(shown);
}

bool ms_text_terminal(FILE *out)
{
    const char *term = getenv("TERM");
    return isatty(fileno(out)) && term && strcmp(term, "dumb") != 0;
}

bool ms_text_colour(FILE *out)
{
    const char *no = getenv("NO_COLOR");
    return ms_text_terminal(out) && !(no && *no);
}

void ms_text_csv(FILE *out, const char *field, bool first)
{
    if (!first)
        fputc(',', out);
    if (!strpbrk(field, ",\"\r\n")) {
        fputs(field, out);
        return;
    }
    fputc('"', out);
    for (; *field; field++) {
        if (*field == '"')
            fputc('"', out);
        fputc(*field, out);
    }
    fputc('"', out);
}

const char *ms_text_bar(double share, int columns, char *out, size_t size)
{
    static const char *const eighth[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    const double within = share > 0 ? fmin(share, 1) : 0; // NAN is no bar
    const int eighths = (int)(within * columns * 8 + 0.5);
    out[0] = '\0';
    for (int k = 0; k < eighths / 8; k++)
        ms_words_append(out, size, "█");
    ms_words_append(out, size, "%s", eighth[eighths % 8]);
    return out;
}
