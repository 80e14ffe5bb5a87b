// SPDX-License-Identifier: MIT
//
// Writing and reading a training's state, and the fingerprint of what decides on its course.
// Nothing is read before the whole is known to be undamaged, and nothing is changed before all of
// it fits.
#include "state.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "mlpsweep/memory.h"

enum { VERSION = 1, WATCH = 8 + 3 * 4, CRC = 4 };
// Bytes before the sizes of the blocks.
enum { HEAD = 4 + 2 * 4 + 8 + 4 * 4 + 8 + 2 * 8 + 4 + 2 * WATCH + 4 };

static const char magic[] = {'M', 'S', 'T', 'S'};

// --- the fingerprint ---------------------------------------------------------

static void mix(uint32_t *crc, uint64_t v)
{
    uint8_t raw[8];
    for (int i = 0; i < 8; i++)
        raw[i] = (uint8_t)(v >> (8 * i));
    *crc = (uint32_t)crc32(*crc, raw, sizeof raw);
}

static void mix_double(uint32_t *crc, double v)
{
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    mix(crc, bits);
}

static void mix_doubles(uint32_t *crc, const double *v, int n)
{
    for (int i = 0; i < n; i++)
        mix_double(crc, v[i]);
}

static void mix_pick(uint32_t *crc, const struct ms_pick *p)
{
    mix(crc, (uint64_t)p->row);
    mix_doubles(crc, p->arg, MS_MAX_ARGS);
}

static void mix_layer(uint32_t *crc, const struct ms_layer_config *l)
{
    const struct ms_pick *const picks[] = {
        &l->activation,         &l->kernel_initializer, &l->bias_initializer,
        &l->kernel_regularizer, &l->bias_regularizer,   &l->activity_regularizer,
        &l->kernel_constraint,  &l->bias_constraint,    &l->normalization,
    };
    mix(crc, (uint64_t)l->units);
    mix(crc, l->use_bias);
    mix_doubles(crc, (const double[]){l->dropout, l->gaussian_noise, l->gaussian_dropout}, 3);
    for (size_t i = 0; i < sizeof picks / sizeof *picks; i++)
        mix_pick(crc, picks[i]);
}

static void mix_callbacks(uint32_t *crc, const struct ms_config *c)
{
    const struct ms_early_stopping *es = &c->early_stopping;
    const struct ms_reduce_on_plateau *r = &c->reduce_on_plateau;
    mix(crc, (uint64_t)es->monitor);
    if (es->monitor >= 0) {
        mix(crc, (uint64_t)es->maximize << 1 | es->restore_best);
        mix(crc, (uint64_t)es->patience << 32 | (uint32_t)es->start_from_epoch);
        mix_double(crc, es->min_delta);
    }
    mix(crc, r->on);
    if (r->on) {
        mix(crc, (uint64_t)r->monitor << 1 | r->maximize);
        mix(crc, (uint64_t)r->patience << 32 | (uint32_t)r->cooldown);
        mix_doubles(crc, (const double[]){r->factor, r->min_delta, r->min_lr}, 3);
    }
}

uint32_t ms_state_fingerprint(const struct ms_config *c, const struct ms_dataset *d)
{
    uint32_t crc = (uint32_t)crc32(0, NULL, 0);
    mix(&crc, (uint64_t)d->task << 32 | d->n_train);
    mix(&crc, (uint64_t)d->n_val << 32 | d->n_test);
    mix(&crc, (uint64_t)d->n_inputs << 32 | (uint32_t)d->n_outputs);
    mix(&crc, (uint64_t)d->n_folds << 32 | d->fold_first);
    mix(&crc, (uint64_t)c->dataset);
    mix_doubles(
        &crc,
        (const double[]){c->input_dropout, c->input_gaussian_noise, c->input_gaussian_dropout}, 3);
    mix(&crc, (uint64_t)c->n_hidden);
    for (int i = 0; i < c->n_hidden; i++)
        mix_layer(&crc, &c->hidden[i]);
    mix_layer(&crc, &c->output);
    mix_pick(&crc, &c->loss);
    mix(&crc, (uint64_t)c->n_class_weight);
    mix_doubles(&crc, c->class_weight, c->n_class_weight);
    mix_pick(&crc, &c->optimizer);
    mix_pick(&crc, &c->learning_rate);
    mix(&crc, (uint64_t)c->batch_size << 32 | (uint32_t)c->epochs);
    mix(&crc, (uint64_t)c->shuffle << 1 | c->terminate_on_nan);
    mix_callbacks(&crc, c);
    mix_doubles(&crc, c->list, MS_MAX_LISTED);
    mix(&crc, (uint64_t)c->n_metrics);
    for (int i = 0; i < c->n_metrics; i++) {
        mix(&crc, (uint64_t)c->metrics[i]);
        mix_doubles(&crc, c->metric_arg[i], MS_MAX_OWN_ARGS);
    }
    return crc;
}

// --- writing -----------------------------------------------------------------

static uint8_t *put(uint8_t *p, uint64_t v, int bytes)
{
    for (int i = 0; i < bytes; i++)
        *p++ = (uint8_t)(v >> (8 * i));
    return p;
}

static uint8_t *put_double(uint8_t *p, double v)
{
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    return put(p, bits, 8);
}

static uint8_t *put_watch(uint8_t *p, const struct ms_watch *w)
{
    p = put_double(p, w->best);
    p = put(p, w->any, 4);
    p = put(p, (uint32_t)w->wait, 4);
    return put(p, (uint32_t)w->cooldown, 4);
}

static uint8_t *put_reals(uint8_t *p, const ms_real *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
#ifdef MS_REAL_DOUBLE
        p = put_double(p, v[i]);
#else
        uint32_t bits;
        memcpy(&bits, &v[i], sizeof bits);
        for (int k = 0; k < 4; k++)
            *p++ = (uint8_t)(bits >> (8 * k));
#endif
    }
    return p;
}

static size_t size_of(const struct ms_state_of *s)
{
    size_t n = HEAD + 8 * (size_t)s->n_blocks + CRC;
    for (int i = 0; i < s->n_blocks; i++)
        n += s->block[i].n * sizeof(ms_real);
    return n;
}

int ms_state_write(const struct ms_state_of *s, size_t most, uint8_t **out, size_t *size,
                   struct ms_error *err)
{
    *out = NULL;
    *size = size_of(s);
    if (*size > most)
        return ms_fail(err, MS_ELIMIT, "a state of %zu bytes is longer than %zu", *size, most);
    uint8_t *p = *out = malloc(*size);
    if (!p)
        return ms_no_memory(err, "a state of %zu bytes", *size);
    memcpy(p, magic, sizeof magic);
    p = put(p + sizeof magic, VERSION, 4);
    p = put(p, sizeof(ms_real), 4);
    p = put(p, s->seed, 8);
    p = put(p, s->trial, 4);
    p = put(p, s->execution, 4);
    p = put(p, s->fingerprint, 4);
    p = put(p, (uint32_t)s->epoch, 4);
    p = put(p, s->step, 8);
    p = put_double(p, s->rate);
    p = put_double(p, s->best);
    p = put(p, s->any_best, 4);
    p = put_watch(p, &s->early);
    p = put_watch(p, &s->plateau);
    p = put(p, (uint32_t)s->n_blocks, 4);
    for (int i = 0; i < s->n_blocks; i++)
        p = put(p, s->block[i].n, 8);
    for (int i = 0; i < s->n_blocks; i++)
        p = put_reals(p, s->block[i].data, s->block[i].n);
    put(p, crc32_z(0, *out, *size - CRC), CRC);
    return MS_OK;
}

// --- reading -----------------------------------------------------------------

static uint64_t get(const uint8_t **p, int bytes)
{
    uint64_t v = 0;
    for (int i = 0; i < bytes; i++)
        v |= (uint64_t) * (*p)++ << (8 * i);
    return v;
}

static double get_double(const uint8_t **p)
{
    uint64_t bits = get(p, 8);
    double v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

static struct ms_watch get_watch(const uint8_t **p)
{
    struct ms_watch w = {.best = get_double(p)};
    w.any = get(p, 4) != 0;
    w.wait = (int)get(p, 4);
    w.cooldown = (int)get(p, 4);
    return w;
}

static const uint8_t *get_reals(const uint8_t *p, ms_real *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
#ifdef MS_REAL_DOUBLE
        v[i] = get_double(&p);
#else
        uint32_t bits = 0;
        for (int k = 0; k < 4; k++)
            bits |= (uint32_t)*p++ << (8 * k);
        memcpy(&v[i], &bits, sizeof bits);
#endif
    }
    return p;
}

// Whole, undamaged and of this version: after this, everything before its sizes can be read.
static int check_whole(const uint8_t *bytes, size_t size, struct ms_error *err)
{
    const uint8_t *p = bytes + sizeof magic;
    if (size < HEAD + CRC)
        return ms_fail(err, MS_EFORMAT, "a training's state of %zu bytes is cut off", size);
    if (memcmp(bytes, magic, sizeof magic) != 0)
        return ms_fail(err, MS_EFORMAT, "these %zu bytes are not a training's state", size);
    unsigned version = (unsigned)get(&p, 4), real = (unsigned)get(&p, 4);
    if (version != VERSION || real != sizeof(ms_real))
        return ms_fail(
            err, MS_EFORMAT,
            "a training's state has version %u and numbers of %u bytes, expected %d and %zu",
            version, real, VERSION, sizeof(ms_real));
    p = bytes + size - CRC;
    if (get(&p, CRC) != crc32_z(0, bytes, size - CRC))
        return ms_fail(err, MS_EFORMAT, "a training's state is damaged or cut off");
    return MS_OK;
}

static int check_owner(const struct ms_state_of *s, const uint8_t **p, struct ms_error *err)
{
    uint64_t seed = get(p, 8);
    uint32_t trial = (uint32_t)get(p, 4), execution = (uint32_t)get(p, 4);
    uint32_t fingerprint = (uint32_t)get(p, 4), epoch = (uint32_t)get(p, 4);
    if (seed != s->seed || trial != s->trial || execution != s->execution)
        return ms_fail(
            err, MS_EFORMAT,
            "a training's state is of trial %u, execution %u, not of trial %u, execution %u%s",
            trial, execution, s->trial, s->execution,
            seed == s->seed ? "" : "; its sweep has another seed");
    if (fingerprint != s->fingerprint)
        return ms_fail(err, MS_EFORMAT, "a training's state is of another configuration");
    if (epoch != (uint32_t)s->epoch)
        return ms_fail(err, MS_EFORMAT, "a training's state is of epoch %u, not of epoch %d", epoch,
                       s->epoch);
    return MS_OK;
}

int ms_state_read(struct ms_state_of *s, const uint8_t *bytes, size_t size, struct ms_error *err)
{
    int status = check_whole(bytes, size, err);
    if (status)
        return status;
    const uint8_t *p = bytes + sizeof magic + 2 * 4;
    status = check_owner(s, &p, err);
    if (status)
        return status;
    struct ms_state_of read = *s;
    read.step = get(&p, 8);
    read.rate = get_double(&p);
    read.best = get_double(&p);
    read.any_best = get(&p, 4) != 0;
    read.early = get_watch(&p);
    read.plateau = get_watch(&p);
    bool fits = get(&p, 4) == (uint64_t)s->n_blocks && size == size_of(s);
    for (int i = 0; fits && i < s->n_blocks; i++)
        fits = get(&p, 8) == s->block[i].n;
    if (!fits)
        return ms_fail(err, MS_EFORMAT, "a training's state does not fit the network");
    for (int i = 0; i < s->n_blocks; i++)
        p = get_reals(p, s->block[i].data, s->block[i].n);
    *s = read;
    return MS_OK;
}
