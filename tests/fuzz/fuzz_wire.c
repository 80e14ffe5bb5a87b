// SPDX-License-Identifier: MIT
//
// The wire decoder. A message that decodes must encode to the same bytes again: the codec has one
// spelling for each message.
#include "fuzz.h"

#include "mlpsweep/wire.h"

static int encode(struct ms_buf *b, const struct ms_wire *w)
{
    switch (w->type) {
    case MS_WIRE_SETUP:
        return ms_wire_put_setup(b, w->file, w->text);
    case MS_WIRE_ASSIGN:
        return ms_wire_put_assign(b, w->attempts, w->n);
    case MS_WIRE_RECALL:
    case MS_WIRE_CANCEL:
    case MS_WIRE_RETURNED:
        return ms_wire_put_ids(b, w->type, w->ids, w->n);
    case MS_WIRE_METRICS:
        return ms_wire_put_epochs(b, &w->epochs);
    case MS_WIRE_RESULT:
        return ms_wire_put_result(b, &w->result);
    case MS_WIRE_READY:
        return ms_wire_put_ready(b, &w->ready);
    case MS_WIRE_STATE:
        return ms_wire_put_state(b, &w->state);
    case MS_WIRE_WEIGHTS:
        return ms_wire_put_weights(b, &w->trained);
    case MS_WIRE_PING:
    case MS_WIRE_PONG:
    case MS_WIRE_FINISH:
        return ms_wire_put_plain(b, w->type);
    }
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ms_wire w;
    struct ms_error err;
    if (ms_wire_get(data, size, &w, &err) == 0) {
        struct ms_buf b = {0};
        PROMISE(encode(&b, &w) == 0 && b.size == size && memcmp(b.data, data, size) == 0);
        ms_wire_buf_clear(&b);
        ms_wire_clear(&w);
    }
    return 0;
}
